package catalog

import (
	"bytes"
	"errors"
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog/internal/table"
	"github.com/smimechain/smimechain/lint/say"
)

// Proof says what shows that a known CA has issued a certificate.
type Proof int

// The proofs.
const (
	Unproved Proof = iota // no CA is known, or only the name and the key identifier fit: nothing was verified
	Verified              // the signature verifies under the key of the CA
	Refuted               // it verifies under the key of no CA of that name that is known

	proofEnd
)

// String returns the proof in words.
func (p Proof) String() string { return string(p.text()) }

func (p Proof) text() say.Text {
	switch p {
	case Unproved:
		return "unproved"
	case Verified:
		return "signature"
	case Refuted:
		return "refuted"
	default:
		return "unknown"
	}
}

// MarshalText returns what String returns.
func (p Proof) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// maxKeys bounds the keys of one name that a signature is checked with.
const maxKeys = 64

// Signer returns the known forms of the issuer that is missing at a dead end, best
// advice first, and what shows that it is the issuer. Where the dead end has a
// certificate, its signature is verified under the keys of the CAs with the name of
// its issuer, so that a look-alike with the same name and key identifier and another key
// is told: it is Refuted, and the entries are those of the CA that it looks like.
// Without a certificate, or where a signature cannot be checked or no CA has that name,
// name and key identifier decide as for [Catalog.Known], and nothing is proved: a key
// identifier alone, which anybody can write, stands for no CA whose key has not signed.
func (c *Catalog) Signer(d chain.DeadEnd) ([]Entry, Proof) {
	if d.Certificate == nil || d.Certificate.Err() != nil {
		return c.claimed(d), Unproved
	}
	named := c.named(table.Fold(chain.NameString(d.RawIssuer)))
	named = slices.DeleteFunc(named, func(e Entry) bool { return e.SHA256 == d.Certificate.SHA256() })
	signed, unchecked := signers(d.Certificate, named)
	switch {
	case len(signed) > 0:
		return sorted(signed), Verified
	case len(named) == 0, unchecked:
		return c.Known(d), Unproved
	}
	return sorted(named), Refuted
}

// signers returns the entries whose key has made the signature of a certificate, and
// whether some key could not be checked.
func signers(cert *chain.Certificate, list []Entry) (signed []Entry, unchecked bool) {
	var keys [][]byte
	var outcome []error
	for _, e := range list {
		i := slices.IndexFunc(keys, func(k []byte) bool { return bytes.Equal(k, e.Key) })
		if i < 0 {
			if len(keys) == maxKeys {
				unchecked = true
				continue
			}
			i = len(keys)
			keys = append(keys, e.Key)
			outcome = append(outcome, cert.SignedByKey(e.Key))
		}
		if outcome[i] == nil {
			signed = append(signed, e)
		}
		unchecked = unchecked || errors.Is(outcome[i], chain.ErrUnsupportedAlgorithm)
	}
	return signed, unchecked
}
