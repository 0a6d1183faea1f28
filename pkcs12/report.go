package pkcs12

import (
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// An Inspection says what is in a PFX, as far as the limits and the password let it
// be seen. It shares memory with the data that was inspected. It holds neither
// passwords nor private keys: where octets of a key of the file that can be read
// stand in a certificate, a revocation list or an attribute, that is withheld. A
// Inspection is not changed after it was made and may be read concurrently.
type Inspection struct {
	Size     int            `json:"size"`     // octets of the input, with the text around it
	Armor    pkcs7.Armor    `json:"armor"`    // text that the PFX is wrapped in
	Encoding pkcs7.Encoding `json:"encoding"` // of what is not encrypted
	Version  int64          `json:"version"`  // 3 in every file in use
	Trailing int            `json:"trailing"` // octets after the PFX
	Missing  int            `json:"missing"`  // octets that the file lacks at its end; -1 if some, but nothing says how many

	Integrity    Integrity     `json:"integrity"`
	MAC          *MAC          `json:"mac,omitempty"` // nil without MacData
	Password     Password      `json:"password"`
	Safes        []Safe        `json:"safes"`
	Iterations   int64         `json:"iterations"` // of all key derivations that were run, as [Limits] count them
	Identities   []Identity    `json:"identities"` // one for each private key, in file order
	Observations []Observation `json:"findings"`   // in the order in which they were noticed

	damaged   bool // outside the safes
	surplus   bool // something is behind the last element that belongs to a structure
	brokenMAC bool // there is MacData, which cannot be read
	withheld  bool // something holds octets of a private key, and is not here
}

// Integrity says what protects a PFX against changes, in the words of String: "none",
// "MAC" (HMAC with the key derivation of PKCS #12), "PBMAC1" (RFC 9579), "signature"
// (public-key integrity), "unknown". RFC 7292, Section 3.1.
type Integrity int

const (
	integrityNone      Integrity = iota // nothing
	integrityMAC                        // HMAC with the key derivation of PKCS #12
	integrityPBMAC1                     // RFC 9579
	integritySignature                  // public-key integrity: a SignedData message
	integrityUnknown                    // a content type that RFC 7292 does not know
)

// String returns the word for it that reports and JSON use.
func (i Integrity) String() string {
	return enumName(int(i), "Integrity", "none", "MAC", "PBMAC1", "signature", "unknown")
}

// MarshalText returns what String returns.
func (i Integrity) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// ProtectionStatus says how far the protection of one part of a PFX was checked.
type ProtectionStatus int

const (
	StatusPlain       ProtectionStatus = iota // not protected
	statusNotTried                            // no password was given
	StatusOK                                  // decrypted, or the MAC is right
	StatusDamaged                             // decrypted: the password is right, the content is not intact
	statusFailed                              // not decrypted, or the MAC is wrong
	statusUnsupported                         // the algorithm is named but not implemented
	statusOverLimit                           // the parameters are beyond Limits, so nothing was tried
	statusMalformed                           // the parameters make no sense, so nothing was tried
)

// String returns the word for it that reports and JSON use.
func (s ProtectionStatus) String() string {
	return enumName(int(s), "Status", "plain", "not tried", "ok", "damaged", "failed", "unsupported", "over limit", "malformed")
}

// MarshalText returns what String returns.
func (s ProtectionStatus) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// A MAC is the password-based integrity check of a PFX. RFC 7292, Section 4.
// It covers the octets of the authenticated safe as they are in the file.
type MAC struct {
	OID        string           `json:"oid"`         // of the digest, or of PBMAC1
	Digest     string           `json:"digest"`      // of the HMAC, as crypto.Hash names it: "SHA-256"
	KDF        string           `json:"kdf"`         // "PKCS12", "PBKDF2"
	PRF        string           `json:"prf"`         // digest of the HMAC in PBKDF2, else empty
	Iterations int64            `json:"iterations"`  // math.MaxInt64 stands for 2^48 and more
	SaltLength int              `json:"salt_length"` // octets
	KeyLength  int              `json:"key_length"`  // octets; 0 if PBMAC1 does not say
	Status     ProtectionStatus `json:"status"`
	Err        error            `json:"-"` // why Status is neither ok nor not tried
}

// Privacy says how a safe is encrypted. RFC 7292, Section 3.1.
type Privacy int

const (
	PrivacyNone      Privacy = iota // content type data
	privacyPassword                 // encryptedData
	PrivacyPublicKey                // envelopedData
	privacyUnknown                  // another content type
)

// String returns the word for it that reports and JSON use.
func (p Privacy) String() string {
	return enumName(int(p), "Privacy", "none", "password", "public key", "unknown")
}

// MarshalText returns what String returns.
func (p Privacy) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// A Safe is one ContentInfo of the authenticated safe.
type Safe struct {
	ContentType string           `json:"content_type"` // object identifier
	Privacy     Privacy          `json:"privacy"`
	Encryption  *Encryption      `json:"encryption,omitempty"` // where a password encrypts the safe
	Status      ProtectionStatus `json:"status"`
	Bags        []Bag            `json:"bags"`
	Err         error            `json:"-"` // why bags are missing

	box *lockbox
}

// Encryption names the algorithms that protect a safe or a key. Everything in
// it is readable without the password.
type Encryption struct {
	OID        string `json:"oid"`                   // of the scheme
	Scheme     string `json:"scheme"`                // "PBES2", or the name of a PBES1 scheme as in RFC 7292, Appendix C
	KDF        string `json:"kdf"`                   // "PKCS12", "PBKDF1", "PBKDF2", "scrypt"
	PRF        string `json:"prf"`                   // digest of the key derivation, as crypto.Hash names it: "SHA-256"
	PRFImplied bool   `json:"prf_implied,omitempty"` // PBKDF2 does not name PRF, which is then HMAC-SHA-1
	Cipher     string `json:"cipher"`                // "AES-256-CBC", "3DES-CBC", "RC2-40-CBC"
	CipherOID  string `json:"cipher_oid,omitempty"`  // of PBES2
	KeyBits    int    `json:"key_bits"`              // effective key length; 0 if unknown
	Iterations int64  `json:"iterations"`            // math.MaxInt64 stands for 2^48 and more; for scrypt the cost N
	BlockSize  int64  `json:"scrypt_r,omitempty"`    // scrypt only
	Parallel   int64  `json:"scrypt_p,omitempty"`    // scrypt only
	SaltLength int    `json:"salt_length"`           // octets
	Supported  bool   `json:"supported"`             // this package can decrypt it
	Err        error  `json:"-"`                     // what is wrong with the parameters
}

// BagKind is the type of a bag. RFC 7292, Section 4.2.
type BagKind int

// The kinds of bags.
const (
	bagUnknown     BagKind = iota // an object identifier that RFC 7292 does not have
	BagKey                        // a private key that is not encrypted by itself
	BagShroudedKey                // a private key encrypted under a password
	bagCertificate
	bagCRL
	bagSecret
	BagSafeContents // bags inside a bag
)

// String returns the word for it that reports and JSON use.
func (k BagKind) String() string {
	return enumName(int(k), "BagKind", "unknown", "key", "shrouded key", "certificate", "CRL", "secret", "safe contents")
}

// MarshalText returns what String returns.
func (k BagKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// A Bag is one item in a safe. RFC 7292, Section 4.2. Of several attributes of one
// kind the last counts, as with Apple's importer; Attributes has them all.
type Bag struct {
	Kind BagKind `json:"kind"`
	OID  string  `json:"oid"`  // of the kind
	Type string  `json:"type"` // object identifier of what a certificate, CRL or secret bag holds

	FriendlyName string      `json:"friendly_name"`
	LocalKeyID   []byte      `json:"local_key_id,omitempty"`
	KeyID        KeyID       `json:"key_id"` // how LocalKeyID is to be read
	CSPName      string      `json:"csp_name,omitempty"`
	Attributes   []Attribute `json:"attributes,omitempty"` // all, with those above

	Certificate *chain.Certificate `json:"certificate,omitempty"`
	Key         *Key               `json:"key,omitempty"` // nil if encrypted and not decrypted
	CRL         *pkcs7.CRL         `json:"crl,omitempty"`
	SecretSize  int                `json:"secret_size,omitempty"` // octets; the secret itself is not kept
	Bags        []Bag              `json:"bags,omitempty"`

	Encryption *Encryption      `json:"encryption,omitempty"` // of a shrouded key
	Status     ProtectionStatus `json:"status"`
	Err        error            `json:"-"` // why the content is missing

	box   *lockbox
	pkcs8 []byte // only while Rewrite runs
}

// An Attribute is a PKCS #9 attribute of a bag.
type Attribute struct {
	OID    string   `json:"oid"`
	Name   string   `json:"name,omitempty"` // empty if unknown
	Values [][]byte `json:"values"`         // each in its encoding, with header
	Err    error    `json:"-"`              // why the value is not what the attribute is to have
}

// A BagRef is the place of a bag: the index of the safe, the index of the bag in
// it, and one more index for each level of nesting. A nil BagRef is no bag. One
// index alone is a safe.
type BagRef []int

// String returns the indices with dots between them, counted from 0.
func (r BagRef) String() string {
	var b strings.Builder
	for i, n := range r {
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(strconv.Itoa(n))
	}
	return b.String()
}

// Bag returns the bag at ref, nil if there is none.
func (r *Inspection) Bag(ref BagRef) *Bag {
	if len(ref) < 2 || ref[0] < 0 || ref[0] >= len(r.Safes) {
		return nil
	}
	bags := r.Safes[ref[0]].Bags
	for i, n := range ref[1:] {
		if n < 0 || n >= len(bags) {
			return nil
		}
		if i == len(ref)-2 {
			return &bags[n]
		}
		bags = bags[n].Bags
	}
	return nil
}

// Bags iterates over all bags in file order, a nesting bag before its contents.
func (r *Inspection) Bags() iter.Seq2[BagRef, *Bag] {
	return func(yield func(BagRef, *Bag) bool) {
		for i := range r.Safes {
			if !walk(BagRef{i}, r.Safes[i].Bags, yield) {
				return
			}
		}
	}
}

func walk(at BagRef, bags []Bag, yield func(BagRef, *Bag) bool) bool {
	for i := range bags {
		ref := append(at[:len(at):len(at)], i)
		if !yield(ref, &bags[i]) || !walk(ref, bags[i].Bags, yield) {
			return false
		}
	}
	return true
}

// Certificates returns the X.509 certificates of all bags, in file order.
func (r *Inspection) Certificates() []*chain.Certificate {
	var list []*chain.Certificate
	for _, b := range r.Bags() {
		if b.Certificate != nil {
			list = append(list, b.Certificate)
		}
	}
	return list
}

// enumName returns names[i], or a text that says what the number was.
func enumName(i int, typeName string, names ...say.Text) string {
	if i < 0 || i >= len(names) {
		return fmt.Sprintf("%s(%d)", typeName, i)
	}
	return string(names[i])
}
