package pkcs12

import (
	"bytes"
	"context"
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"encoding/asn1"
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/internal/pkcs12kdf"
	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// TakesSeveral reports whether the target is known to import every identity of a file, so
// that a pair for signing and for encryption may stay together. False says that it takes
// one of them, that which is chance, or that nothing is known.
func (t Importer) TakesSeveral() bool {
	return slices.ContainsFunc(rows, func(r row) bool { return r.target == t && r.several })
}

// RewriteAll is like [Options.Rewrite] for all identities of a file, which stay in one file:
// each key is linked with its leaf by localKeyID, and a certificate that several share is
// written once. Identity and Chain of w are not looked at; chains holds Chain for each
// identity, and may be nil. An identity that cannot be written is an error, and so are two
// with one leaf.
func (o *Options) RewriteAll(ctx context.Context, data []byte, w Rewriting, chains [][]*chain.Certificate) ([]byte, error) {
	r, err := o.Inspect(ctx, data)
	if err != nil {
		return nil, err
	}
	fail := func(format say.Text, args ...any) ([]byte, error) {
		return nil, &RewriteError{Inspection: r, Err: say.Errorf(format, args...)}
	}
	if chains != nil && len(chains) != len(r.Identities) {
		return fail("there are chains for %s: the file has %d", say.Count(len(chains), "1 identity", "%d identities"), len(r.Identities))
	}
	written := map[string]bool{}
	for _, id := range r.Identities {
		leaf := r.Bag(id.Leaf)
		switch {
		case leaf == nil:
			return fail("no certificate belongs to the private key")
		case written[string(leaf.Certificate.Raw)]:
			return fail("two private keys have one certificate")
		}
		written[string(leaf.Certificate.Raw)] = true
	}
	var safes []byte
	for i := range max(len(r.Identities), 1) { // of none Rewrite says why
		one := w
		one.Identity, one.Importer, one.With = i, "", nil
		if i < len(r.Identities) {
			whole := w
			if chains != nil {
				whole.Chain = chains[i]
			}
			one.Chain = []*chain.Certificate{}
			for _, c := range whole.certificates(r, &r.Identities[i]) {
				if !written[string(c.Raw)] {
					written[string(c.Raw)] = true
					one.Chain = append(one.Chain, chain.ParseCertificate(c.Raw))
				}
			}
		}
		part, err := o.Rewrite(ctx, data, one)
		if err != nil {
			return nil, err
		}
		inside, ok := authenticatedSafe(part)
		if !ok {
			return fail("the new file does not open")
		}
		safes = append(safes, inside...)
	}
	out, err := w.protect(ctx, safes)
	if err != nil {
		return nil, err
	}
	if report, err := w.verifyAll(ctx, o.Cache, out, r, len(written)); err != nil {
		return nil, &RewriteError{Inspection: report, Err: err}
	}
	return out, nil
}

// authenticatedSafe returns the safes of a file that go-pkcs12 wrote.
func authenticatedSafe(pfx []byte) ([]byte, bool) {
	input := cryptobyte.String(pfx)
	var file, info, content, octets, safes cryptobyte.String
	context0 := casn1.Tag(0).ContextSpecific().Constructed()
	ok := input.ReadASN1(&file, casn1.SEQUENCE) && file.SkipASN1(casn1.INTEGER) && file.ReadASN1(&info, casn1.SEQUENCE) &&
		info.SkipASN1(casn1.OBJECT_IDENTIFIER) && info.ReadASN1(&content, context0) && content.ReadASN1(&octets, casn1.OCTET_STRING) &&
		octets.ReadASN1(&safes, casn1.SEQUENCE) && octets.Empty()
	return safes, ok
}

// protect puts safes into one file with the MAC of the profile (RFC 7292, Section 4 and
// Appendix A):
//
//	PFX ::= SEQUENCE { version INTEGER (3), authSafe ContentInfo, macData MacData }
//	MacData ::= SEQUENCE { mac DigestInfo, macSalt OCTET STRING, iterations INTEGER }
func (w *Rewriting) protect(ctx context.Context, safes []byte) ([]byte, error) {
	digest, hash := asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}, crypto.SHA1
	if w.Profile == Modern {
		digest, hash = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}, crypto.SHA256
	}
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return nil, err
	}
	var inner cryptobyte.Builder
	inner.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddBytes(safes) })
	authSafe, err := inner.Bytes()
	if err != nil {
		return nil, err
	}
	key, err := pkcs12kdf.Key(ctx, hash.New, bmpString(w.Password), salt, rewriteIterations, pkcs12kdf.ForMAC, hash.Size())
	if err != nil {
		return nil, err
	}
	mac := hmac.New(hash.New, key)
	mac.Write(authSafe)
	var b cryptobyte.Builder
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(3)
		b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1})
			b.AddASN1(casn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) { b.AddASN1OctetString(authSafe) })
		})
		b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier(digest)
					b.AddASN1NULL()
				})
				b.AddASN1OctetString(mac.Sum(nil))
			})
			b.AddASN1OctetString(salt)
			b.AddASN1Int64(rewriteIterations)
		})
	})
	return b.Bytes()
}

// verifyAll reads a new file with several identities back.
func (w *Rewriting) verifyAll(ctx context.Context, cache *chain.Cache, out []byte, in *Inspection, certificates int) (*Inspection, error) {
	limits := Limits{Size: len(out), Bags: certificates + len(in.Identities) + 1} // one more than belongs there
	r, err := (&Options{Password: &w.Password, Limits: limits, Cache: cache}).Inspect(ctx, out)
	if err != nil {
		return nil, err
	}
	if r.Password.Status != PasswordRight || len(r.Identities) != len(in.Identities) {
		return r, say.Errorf("the new file does not open")
	}
	// Keys may come back in another order: that of the certificates' safes is ours.
	for _, want := range in.Identities {
		same := func(id Identity) bool {
			return id.Matches == Yes && bytes.Equal(r.Bag(id.Leaf).Certificate.Raw, in.Bag(want.Leaf).Certificate.Raw) &&
				slices.EqualFunc(id.ByLocalKeyID, []BagRef{id.Leaf}, slices.Equal)
		}
		if !slices.ContainsFunc(r.Identities, same) {
			return r, say.Errorf("the new file does not hold the same identity")
		}
	}
	if len(r.Certificates()) != certificates {
		return r, say.Errorf("the new file does not hold the same certificates")
	}
	if v := r.Compatible(w.Importer); v.Answer == No { // not known where there is none
		return r, say.Errorf("%s cannot open the new file: %s", w.Importer, v.Reasons[0].Message)
	}
	return r, nil
}
