package pkcs12

import (
	"bytes"
	"crypto/sha1"
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
)

// An Identity is a private key and the certificates that belong to it.
type Identity struct {
	Key  BagRef `json:"key"`
	Leaf BagRef `json:"leaf,omitempty"` // the certificate for the key; nil if there is none

	// LinkedBy says what connects Leaf with the key, Matches whether the
	// public keys are equal. A key that was not decrypted can be linked by
	// its attributes; Matches is then Unknown.
	LinkedBy Link   `json:"linked_by"`
	Matches  Answer `json:"matches"`

	// What each kind of link alone leads to, in file order.
	ByLocalKeyID   []BagRef `json:"by_local_key_id,omitempty"`
	ByFriendlyName []BagRef `json:"by_friendly_name,omitempty"`
	ByPublicKey    []BagRef `json:"by_public_key,omitempty"`

	// Chain are the certificates above Leaf that the file holds, issuer first:
	// of several chains the shortest that ends in a self-signed certificate or,
	// where none does, the longest. A certificate is linked to its issuer by
	// name, and by key identifiers where these agree for one key; else the
	// signature decides. Where it cannot be verified, as with MD5, a curve that
	// crypto/x509 does not know or an RSA key of more than 16384 bits,
	// identifiers may not disagree. A false signature is thus not always
	// noticed, and whether a certificate is valid at any time or belongs to a CA
	// is not looked at: package chain judges paths.
	Chain []BagRef `json:"chain,omitempty"`

	// Complete reports whether Chain, or Leaf itself, ends in a self-signed
	// certificate. Otherwise Missing describes the next one; it is nil without
	// a Leaf.
	Complete bool           `json:"complete"`
	Missing  *MissingIssuer `json:"missing,omitempty"`
}

// MissingIssuer describes the issuer certificate that a chain lacks, in the words of
// the last certificate that is there.
type MissingIssuer struct {
	Issuer    string   `json:"issuer"`           // distinguished name as in RFC 2253; empty if it cannot be read
	RawIssuer []byte   `json:"raw_issuer"`       // the same in DER
	KeyID     []byte   `json:"key_id,omitempty"` // authority key identifier; nil if it does not say
	URLs      []string `json:"urls,omitempty"`   // where the issuer says it can be fetched (AIA)
}

// Link is a set of ways in which a key and a certificate are connected: equal
// attributes localKeyID (1), equal attributes friendlyName (2), equal public keys (4),
// which is proof.
type Link int

const (
	linkLocalKeyID   Link = 1 << iota // equal attributes localKeyID
	linkFriendlyName                  // equal attributes friendlyName
	linkPublicKey                     // equal public keys, which is proof
)

// String returns the words for it that reports and JSON use.
func (l Link) String() string { return l.Sentence().String() }

// Sentence returns what String says, to be said in another language.
func (l Link) Sentence() say.Message {
	var names []say.Text
	for i, n := range []say.Text{"localKeyID", "friendlyName", "public key"} {
		if l&(1<<i) != 0 {
			names = append(names, n)
			l &^= 1 << i
		}
	}
	switch {
	case l != 0:
		return say.New("%s", enumName(int(l), "Link"))
	case names == nil:
		return say.New("none")
	default:
		return say.List(names...)
	}
}

// MarshalText returns what String returns.
func (l Link) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Answer is yes, no or unknown. The zero value is unknown.
type Answer int

// The answers.
const (
	Unknown Answer = iota
	Yes
	No
)

// String returns "unknown", "yes" or "no".
func (a Answer) String() string { return enumName(int(a), "Answer", "unknown", "yes", "no") }

// MarshalText returns what String returns.
func (a Answer) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// A holder is a bag with a certificate and what links it to others.
type holder struct {
	ref  BagRef
	bag  *Bag
	cert *chain.Certificate

	spki        []byte
	fingerprint string // of the public key

	issuers    []*holder // once asked: self-issued ones first
	asked      bool
	selfSigned Answer // Unknown until it is asked for
}

// identify fills in the identities.
func (in *inspector) identify() {
	var keys []BagRef
	var certs []*holder
	for ref, b := range in.report.Bags() {
		switch {
		case b.Kind == BagKey || b.Kind == BagShroudedKey:
			keys = append(keys, ref)
			if b.Kind == BagKey && in.plainSafe(ref) {
				in.find(codePlainKey, severityWarning, ref, "the private key is not protected by a password")
			}
		case b.Certificate != nil:
			h := newHolder(ref, b)
			certs = append(certs, h)
		}
	}
	in.readKeyIDs(certs)
	in.findCollisions(certs)
	issuers := newIssuers(in, certs)
	for _, ref := range keys {
		id := in.identity(ref, certs)
		if leaf := find(certs, id.Leaf); leaf != nil {
			issuers.buildChain(&id, leaf)
			if id.Missing != nil {
				in.find(codeChainIncomplete, severityInfo, id.Leaf, "the file does not hold the certificate of %s", id.Missing.Issuer)
			}
		}
		in.report.Identities = append(in.report.Identities, id)
	}
	if in.report.Integrity == integrityNone && len(in.report.Safes) > 0 && !in.report.brokenMAC {
		in.find(codeNoMAC, severityInfo, nil, "the file has no MAC: nobody can tell whether it was altered, and many programs refuse it")
	}
}

// plainSafe reports whether the safe of a bag is not encrypted.
func (in *inspector) plainSafe(ref BagRef) bool {
	return in.report.Safes[ref[0]].Privacy == PrivacyNone
}

func find(certs []*holder, ref BagRef) *holder {
	for _, h := range certs {
		if slices.Equal(h.ref, ref) {
			return h
		}
	}
	return nil
}

func newHolder(ref BagRef, b *Bag) *holder {
	c := b.Certificate
	return &holder{ref: ref, bag: b, cert: c, spki: c.RawSubjectPublicKeyInfo()}
}

// keyFingerprint computes the fingerprint when it is first needed.
func (h *holder) keyFingerprint() string {
	if h.fingerprint == "" {
		h.fingerprint = spkiFingerprint(h.spki)
	}
	return h.fingerprint
}

// readKeyIDs recognizes localKeyIDs that were made from certificates.
func (in *inspector) readKeyIDs(certs []*holder) {
	hashed := false
	for _, b := range in.report.Bags() {
		hashed = hashed || len(b.LocalKeyID) == sha1.Size
	}
	hashed = hashed && sha1Allowed()
	ids := make(map[string]KeyIDKind)
	for _, h := range certs {
		ids[string(h.cert.SubjectKeyID())] = keyIDPublicKeyID
		if hashed {
			key, cert := sha1.Sum(h.spki), sha1.Sum(h.bag.Certificate.Raw)
			ids[string(key[:])], ids[string(cert[:])] = keyIDPublicKeyID, keyIDCertificateSHA1
		}
	}
	for _, b := range in.report.Bags() {
		if kind, ok := ids[string(b.LocalKeyID)]; ok && len(b.LocalKeyID) > 0 {
			b.KeyID = KeyID{Kind: kind}
		}
	}
}

// findCollisions looks for certificates that readers which go by attributes
// cannot keep apart.
func (in *inspector) findCollisions(certs []*holder) {
	names, ids, raws := make(map[string]*holder), make(map[string]*holder), make(map[string]*holder)
	for _, h := range certs {
		b := h.bag
		if other, ok := raws[string(b.Certificate.Raw)]; ok {
			in.find(codeDuplicate, severityWarning, h.ref, "the same certificate as bag %v", other.ref)
			continue
		}
		raws[string(b.Certificate.Raw)] = h
		if id := string(b.LocalKeyID); id != "" {
			if other, ok := ids[id]; ok {
				in.find(codeKeyIDCollision, severityWarning, h.ref, "another certificate with the localKeyID of bag %v", other.ref)
			} else {
				ids[id] = h
			}
		} else if b.FriendlyName != "" {
			if other, ok := names[b.FriendlyName]; ok {
				in.find(codeNameCollision, severityWarning, h.ref, "another certificate with the friendly name of bag %v and no localKeyID: Apple systems keep only one of them", other.ref)
			} else {
				names[b.FriendlyName] = h
			}
		}
	}
}

// identity finds the certificate for a key.
func (in *inspector) identity(ref BagRef, certs []*holder) Identity {
	id := Identity{Key: ref}
	b := in.report.Bag(ref)
	fingerprint := ""
	if b.Key != nil {
		fingerprint = b.Key.Fingerprint
	}
	var leaf *holder
	best := 0
	for _, h := range certs {
		var link Link
		if len(b.LocalKeyID) > 0 && bytes.Equal(h.bag.LocalKeyID, b.LocalKeyID) {
			link |= linkLocalKeyID
			id.ByLocalKeyID = append(id.ByLocalKeyID, h.ref)
		}
		if b.FriendlyName != "" && h.bag.FriendlyName == b.FriendlyName {
			link |= linkFriendlyName
			id.ByFriendlyName = append(id.ByFriendlyName, h.ref)
		}
		if fingerprint != "" && h.keyFingerprint() == fingerprint {
			link |= linkPublicKey
			id.ByPublicKey = append(id.ByPublicKey, h.ref)
		}
		// The public key is proof, localKeyID a statement, the friendly
		// name a hint. Of equals the first in the file.
		weight := 0
		if link&linkPublicKey != 0 {
			weight += 8
		}
		if link&linkLocalKeyID != 0 {
			weight += 4
		}
		if link&linkFriendlyName != 0 {
			weight += 2
		}
		if weight > 0 && !h.cert.IsCA() {
			weight++
		}
		if weight > best {
			best, leaf, id.LinkedBy = weight, h, link
		}
	}
	if leaf == nil {
		if len(certs) > 0 || in.everythingOpen() {
			in.find(codeNoCertificate, severityWarning, ref, "no certificate belongs to this private key")
		}
		return id
	}
	id.Leaf = leaf.ref
	switch {
	case id.LinkedBy&linkPublicKey != 0:
		id.Matches = Yes
	case fingerprint != "" && leaf.keyFingerprint() != "":
		id.Matches = No
	}
	in.findLinks(&id)
	return id
}

// everythingOpen reports whether no safe is closed.
func (in *inspector) everythingOpen() bool {
	for i := range in.report.Safes {
		if s := in.report.Safes[i].Status; s != StatusPlain && s != StatusOK {
			return false
		}
	}
	return true
}

// findLinks makes findings of links that are wrong or missing.
func (in *inspector) findLinks(id *Identity) {
	switch {
	case id.Matches == No:
		in.find(codeKeyMismatch, severityError, id.Key, "%v connects this private key with a certificate for another key", id.LinkedBy)
		return
	case id.Matches == Unknown:
		return
	case len(id.ByLocalKeyID) == 0 && len(id.ByFriendlyName) == 0:
		in.find(codeNoLink, severityWarning, id.Key, "neither localKeyID nor friendly name says which certificate belongs to this private key; Apple systems then import no identity")
		return
	}
	disagree := func(by []BagRef) bool {
		return len(by) > 0 && !slices.ContainsFunc(by, func(r BagRef) bool {
			return slices.ContainsFunc(id.ByPublicKey, func(k BagRef) bool { return slices.Equal(r, k) })
		})
	}
	if disagree(id.ByLocalKeyID) {
		in.find(codeKeyMismatch, severityError, id.Key, "localKeyID connects this private key with a certificate for another key")
	}
	if disagree(id.ByLocalKeyID) || disagree(id.ByFriendlyName) {
		in.find(codeLinkDisagrees, severityWarning, id.Key, "localKeyID, friendly name and public key lead to different certificates")
	}
}

func missing(h *holder) *MissingIssuer {
	return &MissingIssuer{RawIssuer: h.cert.RawIssuer(), Issuer: h.cert.Issuer(), KeyID: h.cert.AuthorityKeyID(), URLs: h.cert.AIA()}
}
