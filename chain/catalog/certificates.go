package catalog

import (
	"bytes"
	"crypto"
	"crypto/sha1"
	"slices"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog/internal/table"
)

// WithCertificates returns a catalogue that knows certificates of CAs too. What an entry
// of them says is what the certificate shows: no programme, owner or advice. Those of
// users, those that cannot be read, those whose extended key usage leaves out e-mail and
// those that are known already are left out. Which key made a signature is verified among
// what is known. Source says where they come from.
func (c *Catalog) WithCertificates(certs []*chain.Certificate, source string) *Catalog {
	var list []*chain.Certificate
	seen := map[[32]byte]bool{}
	for _, cert := range certs {
		if cert == nil || cert.Err() != nil || !cert.IsCA() || !cert.AllowsExtended(chain.EmailProtection) || seen[cert.SHA256()] {
			continue
		}
		seen[cert.SHA256()] = true
		if _, ok := c.ByFingerprint(cert.SHA256()); !ok {
			list = append(list, cert)
		}
	}
	if len(list) == 0 {
		return c
	}
	entries := make([]Entry, len(list))
	named := map[string][]Entry{} // what is new, by name
	for i, cert := range list {
		entries[i] = entryOf(cert, source)
		name := table.Fold(entries[i].Subject)
		named[name] = append(named[name], entries[i])
	}
	for i, cert := range list {
		e := &entries[i]
		if e.Kind == Root {
			e.IssuerKey, e.IssuerKeyID = e.Key, e.KeyID
			continue
		}
		with := func(name string) []Entry { return slices.Concat(named[table.Fold(name)], c.named(table.Fold(name))) }
		if slices.ContainsFunc(with(e.Subject), func(f Entry) bool { return f.Kind == Root && bytes.Equal(f.Key, e.Key) }) {
			e.Kind = Cross
		}
		if signed, _ := signers(cert, with(e.Issuer)); len(signed) > 0 {
			e.IssuerKey = signed[0].Key
			if e.IssuerKeyID == nil {
				e.IssuerKeyID = signed[0].KeyID
			}
		}
	}
	return c.With(newCatalog(nil, entries, source, time.Time{}))
}

// entryOf returns what a certificate shows.
func entryOf(cert *chain.Certificate, source string) Entry {
	sum, key := sha1.Sum(cert.Raw), cert.SPKISHA256()
	e := Entry{
		Kind: Intermediate, Subject: cert.Subject(), Issuer: cert.Issuer(),
		SHA256: cert.SHA256(), SHA1: sum[:], KeyID: cert.SubjectKeyID(), IssuerKeyID: cert.AuthorityKeyID(),
		SPKISHA256: key[:], Key: cert.RawSubjectPublicKeyInfo(),
		WeakSignature: cert.SignatureHash() == crypto.SHA1 || cert.SignatureHash() == crypto.MD5,
		NotBefore:     cert.NotBefore(), NotAfter: cert.NotAfter(),
		ExtKeyUsages: cert.ExtKeyUsages(), PathLength: -1,
		AIA: cert.AIA(), CRLs: cert.CRLDistributionPoints(),
		Advice: Neutral, Source: source,
	}
	if cert.SelfSigned() {
		e.Kind = Root
	}
	return e
}
