package pkcs7

import (
	"crypto"
	_ "crypto/md5" // linked in for crypto.Hash, as the others are
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha3"
	_ "crypto/sha512"
	"encoding/hex"

	"github.com/smimechain/smimechain/pkcs12/internal/ber"
)

// An Algorithm is an AlgorithmIdentifier.
type Algorithm struct {
	OID  string // in dotted form
	Name string // as RFCs and programs write it, such as "aes256-cbc"; the OID where it is not known here

	raw    []byte // the element; DER if the message is
	params *ber.Element
}

// String returns the name.
func (a Algorithm) String() string { return a.Name }

// readAlgorithm reads an AlgorithmIdentifier from the elements of one.
func readAlgorithm(e ber.Element) (Algorithm, error) {
	a := Algorithm{raw: e.Raw}
	r, err := e.Inside()
	if err != nil {
		return a, err
	}
	if a.OID, err = r.OID(); err != nil {
		return a, err
	}
	if a.Name = names[a.OID]; a.Name == "" {
		a.Name = a.OID
	}
	if !r.Empty() {
		p, err := r.Next()
		if err != nil {
			return a, err
		}
		if err := p.WellFormed(); err != nil { // as OpenSSL asks
			return a, err
		}
		a.params = &p
	}
	return a, r.End()
}

func algorithm(r *ber.Reader) (Algorithm, error) {
	e, err := r.Expect(ber.Universal, ber.Sequence)
	if err != nil {
		return Algorithm{}, err
	}
	return readAlgorithm(e)
}

// digest is a hash function, with the signature algorithms that have it within them, by
// the algorithm that names the key alone (RFC 3370, RFC 5754, RFC 8702).
type digest struct {
	hash  crypto.Hash
	rsa   string // the contents of the identifier with rsaEncryption; empty: none
	ecdsa string // with id-ecPublicKey
}

const (
	oidRSA     = "1.2.840.113549.1.1.1"
	oidEC      = "1.2.840.10045.2.1"
	oidPSS     = "1.2.840.113549.1.1.10"
	oidOAEP    = "1.2.840.113549.1.1.7"
	oidEd25519 = "1.3.101.112"
)

// digests are the hash functions by their identifiers.
var digests = map[string]digest{
	"1.2.840.113549.2.5":      {crypto.MD5, "2a864886f70d010104", ""},
	"1.3.14.3.2.26":           {crypto.SHA1, "2a864886f70d010105", "2a8648ce3d0401"},
	"2.16.840.1.101.3.4.2.4":  {crypto.SHA224, "2a864886f70d01010e", "2a8648ce3d040301"},
	"2.16.840.1.101.3.4.2.1":  {crypto.SHA256, "2a864886f70d01010b", "2a8648ce3d040302"},
	"2.16.840.1.101.3.4.2.2":  {crypto.SHA384, "2a864886f70d01010c", "2a8648ce3d040303"},
	"2.16.840.1.101.3.4.2.3":  {crypto.SHA512, "2a864886f70d01010d", "2a8648ce3d040304"},
	"2.16.840.1.101.3.4.2.8":  {crypto.SHA3_256, "60864801650304030e", "60864801650304030a"},
	"2.16.840.1.101.3.4.2.9":  {crypto.SHA3_384, "60864801650304030f", "60864801650304030b"},
	"2.16.840.1.101.3.4.2.10": {crypto.SHA3_512, "608648016503040310", "60864801650304030c"},
}

// combined returns the AlgorithmIdentifier, in DER, of a signature whose own names the
// key alone. Others name their hash, and are returned as they are.
func combined(signature Algorithm, d digest) []byte {
	var id string
	switch signature.OID {
	case oidRSA:
		id = d.rsa
	case oidEC:
		id = d.ecdsa
	default:
		return signature.raw
	}
	oid, err := hex.DecodeString(id)
	if err != nil || len(oid) == 0 {
		return signature.raw
	}
	body := append([]byte{ber.ObjectIdentifier, byte(len(oid))}, oid...)
	return append([]byte{0x30, byte(len(body))}, body...)
}

// names are those of algorithms in messages.
var names = map[string]string{
	"1.2.840.113549.2.5":      "md5",
	"1.3.14.3.2.26":           "sha1",
	"2.16.840.1.101.3.4.2.4":  "sha224",
	"2.16.840.1.101.3.4.2.1":  "sha256",
	"2.16.840.1.101.3.4.2.2":  "sha384",
	"2.16.840.1.101.3.4.2.3":  "sha512",
	"2.16.840.1.101.3.4.2.8":  "sha3-256",
	"2.16.840.1.101.3.4.2.9":  "sha3-384",
	"2.16.840.1.101.3.4.2.10": "sha3-512",

	oidRSA:                    "rsaEncryption",
	"1.2.840.113549.1.1.5":    "sha1WithRSA",
	"1.2.840.113549.1.1.11":   "sha256WithRSA",
	"1.2.840.113549.1.1.12":   "sha384WithRSA",
	"1.2.840.113549.1.1.13":   "sha512WithRSA",
	"1.2.840.113549.1.1.14":   "sha224WithRSA",
	oidPSS:                    "RSASSA-PSS",
	oidEC:                     "ECDSA",
	"1.2.840.10045.4.1":       "ecdsa-with-sha1",
	"1.2.840.10045.4.3.1":     "ecdsa-with-sha224",
	"1.2.840.10045.4.3.2":     "ecdsa-with-sha256",
	"1.2.840.10045.4.3.3":     "ecdsa-with-sha384",
	"1.2.840.10045.4.3.4":     "ecdsa-with-sha512",
	"2.16.840.1.101.3.4.3.14": "sha3-256WithRSA",
	"2.16.840.1.101.3.4.3.15": "sha3-384WithRSA",
	"2.16.840.1.101.3.4.3.16": "sha3-512WithRSA",
	"2.16.840.1.101.3.4.3.10": "ecdsa-with-sha3-256",
	"2.16.840.1.101.3.4.3.11": "ecdsa-with-sha3-384",
	"2.16.840.1.101.3.4.3.12": "ecdsa-with-sha3-512",
	oidEd25519:                "Ed25519",
	"1.3.101.113":             "Ed448",

	oidOAEP:                      "RSA-OAEP",
	"1.3.133.16.840.63.0.2":      "dhSinglePass-stdDH-sha1kdf",
	"1.3.132.1.11.0":             "dhSinglePass-stdDH-sha224kdf",
	"1.3.132.1.11.1":             "dhSinglePass-stdDH-sha256kdf",
	"1.3.132.1.11.2":             "dhSinglePass-stdDH-sha384kdf",
	"1.3.132.1.11.3":             "dhSinglePass-stdDH-sha512kdf",
	"1.3.133.16.840.63.0.3":      "dhSinglePass-cofactorDH-sha1kdf",
	"1.3.132.1.14.1":             "dhSinglePass-cofactorDH-sha256kdf",
	"1.2.840.113549.1.9.16.3.5":  "ESDH",
	"1.2.840.113549.1.9.16.3.6":  "3des-wrap",
	"2.16.840.1.101.3.4.1.5":     "aes128-wrap",
	"2.16.840.1.101.3.4.1.25":    "aes192-wrap",
	"2.16.840.1.101.3.4.1.45":    "aes256-wrap",
	"1.2.840.113549.1.5.12":      "PBKDF2",
	"1.3.14.3.2.7":               "des-cbc",
	"1.2.840.113549.3.7":         "des-ede3-cbc",
	"1.2.840.113549.3.2":         "rc2-cbc",
	"1.2.840.113549.3.4":         "rc4",
	"2.16.840.1.101.3.4.1.2":     "aes128-cbc",
	"2.16.840.1.101.3.4.1.22":    "aes192-cbc",
	"2.16.840.1.101.3.4.1.42":    "aes256-cbc",
	"2.16.840.1.101.3.4.1.6":     "aes128-gcm",
	"2.16.840.1.101.3.4.1.26":    "aes192-gcm",
	"2.16.840.1.101.3.4.1.46":    "aes256-gcm",
	"2.16.840.1.101.3.4.1.7":     "aes128-ccm",
	"2.16.840.1.101.3.4.1.47":    "aes256-ccm",
	"1.2.840.113549.1.9.16.3.18": "chacha20-poly1305",
	"1.2.392.200011.61.1.1.1.2":  "camellia128-cbc",
	"1.2.392.200011.61.1.1.1.4":  "camellia256-cbc",
	"1.2.840.113533.7.66.10":     "cast5-cbc",
	"1.2.410.200004.1.4":         "seed-cbc",
	"1.2.840.113549.1.9.16.3.8":  "zlib",
}
