package lint

import (
	"slices"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// systemRoots are the roots that a target has in the system's own store and that no file
// holds: the catalogue knows their names and keys, and a certificate at hand was signed
// with such a key.
type systemRoots struct {
	anchors []*chain.Certificate
	entries map[[32]byte]catalog.Entry // by the digest of what stands in for them
}

// system returns the roots of the target's programme that the chains of the collection
// end in, where no file holds them; of a target whose list is not known, any root that the
// catalogue knows may be one. They are looked up once for each target.
func (p *Pass) system() *systemRoots {
	c := p.Collection
	if s := c.system[p.Target]; s != nil {
		return s
	}
	if c.system == nil {
		c.system = map[Target]*systemRoots{}
	}
	s := &systemRoots{entries: map[[32]byte]catalog.Entry{}}
	c.system[p.Target] = s
	row := p.Target.row()
	if row.programme == nil {
		return s
	}
	candidates := p.candidates()
	roots := map[string][]catalog.Entry{} // of the programme, by the name as it is encoded
	for _, cert := range candidates {
		name := string(cert.RawIssuer())
		list, ok := roots[name]
		if !ok && name != "" {
			list = slices.DeleteFunc(slices.Clone(p.byName(cert.RawIssuer())), func(e catalog.Entry) bool {
				return e.Kind != catalog.Root || e.Key == nil || !row.unpublished && row.programme(e).Trust != catalog.Yes || p.Time.Before(e.NotBefore) || p.Time.After(e.NotAfter) ||
					slices.ContainsFunc(candidates, func(c *chain.Certificate) bool { return c.SHA256() == e.SHA256 })
			})
			roots[name] = list
		}
		for _, e := range list {
			if cert.SelfIssued() || cert.SignedByKey(e.Key) != nil {
				continue
			}
			stand := standIn(cert.RawIssuer(), e)
			sum := stand.SHA256()
			if _, ok := s.entries[sum]; !ok {
				s.entries[sum] = e
				s.anchors = append(s.anchors, stand)
			}
		}
	}
	return s
}

// byName returns what the catalogue knows by a name as it is encoded. It is looked up once
// in a call of Run: hundreds of identities may lie beside one store.
func (p *Pass) byName(name []byte) []catalog.Entry {
	known := p.Collection.known
	list, ok := known[string(name)]
	if !ok {
		list = p.Catalog.ByName(name)
		known[string(name)] = list
	}
	return list
}

// ofSystem reports whether a certificate stands in for a root of the system.
func (p *Pass) ofSystem(c *chain.Certificate) bool {
	_, ok := p.system().entries[c.SHA256()]
	return ok
}

// inSystem says how it is known that chains end in roots which no file holds.
func (p *Pass) inSystem(names []string) say.Message {
	if p.Target.row().unpublished {
		return say.New("not in the files, and known by the key that made the signature: %s", listed(names))
	}
	return say.New("not in the files, but in the system, and known by the key that made the signature: %s", listed(names))
}

// claimsSystemRoot returns a root of the target's programme that an end names as its
// issuer, and that the catalogue knows without a key, so that nothing can show it. Where
// the list of the target is not known, any root may be in it.
func (p *Pass) claimsSystemRoot(end *chain.DeadEnd) (catalog.Entry, bool) {
	row := p.Target.row()
	if row.programme == nil || end.Kind != chain.IssuerMissing {
		return catalog.Entry{}, false
	}
	forms, proof := p.Catalog.Signer(*end)
	i := slices.IndexFunc(forms, func(e catalog.Entry) bool {
		return e.Kind == catalog.Root && e.Key == nil && (row.unpublished || row.programme(e).Trust == catalog.Yes)
	})
	if proof != catalog.Unproved || i < 0 {
		return catalog.Entry{}, false
	}
	return forms[i], true
}

// entryOf returns what the catalogue knows of a certificate, or of the root that it
// stands in for.
func (p *Pass) entryOf(c *chain.Certificate) (catalog.Entry, bool) {
	if e, ok := p.system().entries[c.SHA256()]; ok {
		return e, true
	}
	return p.Catalog.ByFingerprint(c.SHA256())
}

// standIn returns a certificate with the facts of a root that decide paths: the name, as
// a certificate below it writes it, the key, the validity and the key identifier. Its
// signature is none: package chain does not look at that of an anchor.
func standIn(name []byte, e catalog.Entry) *chain.Certificate {
	algorithm := func(b *cryptobyte.Builder) {
		b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes([]byte{6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11, 5, 0}) // sha256WithRSAEncryption
		})
	}
	extension := func(b *cryptobyte.Builder, id byte, value func(*cryptobyte.Builder)) {
		b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes([]byte{6, 3, 0x55, 0x1d, id})
			b.AddASN1(casn1.OCTET_STRING, value)
		})
	}
	var b cryptobyte.Builder
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(casn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) { b.AddASN1Int64(2) })
			b.AddASN1Int64(1)
			algorithm(b)
			b.AddBytes(name)
			b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
				for _, t := range []time.Time{e.NotBefore, e.NotAfter} {
					b.AddASN1GeneralizedTime(t)
				}
			})
			b.AddBytes(name)
			b.AddBytes(e.Key)
			b.AddASN1(casn1.Tag(3).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
				b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
					extension(b, 0x13, func(b *cryptobyte.Builder) {
						b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1Boolean(true) })
					})
					if e.KeyID != nil {
						extension(b, 0x0e, func(b *cryptobyte.Builder) { b.AddASN1OctetString(e.KeyID) })
					}
				})
			})
		})
		algorithm(b)
		b.AddASN1BitString([]byte{0})
	})
	der, err := b.Bytes()
	if err != nil {
		return chain.ParseCertificate(nil)
	}
	return chain.ParseCertificate(der)
}
