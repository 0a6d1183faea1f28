package lint_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/asn1"
	"slices"
	"strings"
	"time"

	stdcrypto "crypto"
)

// A second opinion on paths, written from RFC 5280 alone and as plainly as can be: it
// tries every path and knows no limits. It shares no code with package chain, and none of
// crypto/x509 but the reading of public keys.

// readCert is a certificate as encoding/asn1 reads it.
type readCert struct {
	Raw asn1.RawContent
	TBS struct {
		Raw       asn1.RawContent
		Version   int `asn1:"optional,explicit,default:0,tag:0"`
		Serial    asn1.RawValue
		Algorithm asn1.RawValue
		Issuer    asn1.RawValue
		Validity  struct{ NotBefore, NotAfter time.Time }
		Subject   asn1.RawValue
		Key       asn1.RawValue
		IssuerID  asn1.BitString  `asn1:"optional,tag:1"`
		SubjectID asn1.BitString  `asn1:"optional,tag:2"`
		Extension []readExtension `asn1:"omitempty,optional,explicit,tag:3"`
	}
	Algorithm struct {
		ID         asn1.ObjectIdentifier
		Parameters asn1.RawValue `asn1:"optional"`
	}
	Signature asn1.BitString
}

type readExtension struct {
	ID       asn1.ObjectIdentifier
	Critical bool `asn1:"optional"`
	Value    []byte
}

// opinion reads certificates and judges paths; its zero value is ready.
type opinion struct {
	read map[*signer]*readCert
}

func (o *opinion) of(s *signer) *readCert {
	if o.read == nil {
		o.read = map[*signer]*readCert{}
	}
	if o.read[s] == nil {
		o.read[s] = readDER[readCert](s.Raw)
	}
	return o.read[s]
}

// readDER reads what the generator made, all of which can be read.
func readDER[T any](der []byte) *T {
	v := new(T)
	if rest, err := asn1.Unmarshal(der, v); err != nil || len(rest) > 0 {
		panic(err)
	}
	return v
}

// extension returns the value of an extension by the last part of its identifier under
// 2.5.29.
func (c *readCert) extension(last int) ([]byte, bool) {
	for _, e := range c.TBS.Extension {
		if e.ID.Equal(asn1.ObjectIdentifier{2, 5, 29, last}) {
			return e.Value, true
		}
	}
	return nil, false
}

// sameName compares names as RFC 5280, Section 7.1, says, as far as the generator
// writes them: case and white space do not count, nor does the kind of string.
func sameName(a, b asn1.RawValue) bool { return plainName(a.FullBytes) == plainName(b.FullBytes) }

type rdnSET []struct {
	Type  asn1.ObjectIdentifier
	Value asn1.RawValue
}

func plainName(der []byte) string {
	var text strings.Builder
	for _, rdn := range *readDER[[]rdnSET](der) {
		for _, a := range rdn {
			text.WriteString(a.Type.String() + "=" + strings.Join(strings.Fields(strings.ToLower(string(a.Value.Bytes))), " ") + "\n")
		}
	}
	return text.String()
}

// signedBy verifies a signature: RFC 5280, Section 6.1.3 (a) (1).
func (c *readCert) signedBy(issuer *readCert) bool {
	key, err := x509.ParsePKIXPublicKey(issuer.TBS.Key.FullBytes)
	if err != nil {
		return false
	}
	sum256, sum384 := sha256.Sum256(c.TBS.Raw), sha512.Sum384(c.TBS.Raw)
	switch id := c.Algorithm.ID.String(); k := key.(type) {
	case *ecdsa.PublicKey:
		return id == "1.2.840.10045.4.3.2" && ecdsa.VerifyASN1(k, sum256[:], c.Signature.Bytes) ||
			id == "1.2.840.10045.4.3.3" && ecdsa.VerifyASN1(k, sum384[:], c.Signature.Bytes)
	case *rsa.PublicKey:
		return id == "1.2.840.113549.1.1.11" && rsa.VerifyPKCS1v15(k, stdcrypto.SHA256, sum256[:], c.Signature.Bytes) == nil
	}
	return false
}

func (c *readCert) selfIssued() bool { return sameName(c.TBS.Subject, c.TBS.Issuer) }
func (c *readCert) selfSigned() bool { return c.selfIssued() && c.signedBy(c) }

// paths returns every path, by names, from a certificate to one with its own signature,
// both included. No certificate is twice on one.
func (o *opinion) paths(from *signer, pool []*signer) [][]*signer {
	var all [][]*signer
	var walk func([]*signer)
	walk = func(path []*signer) {
		last := path[len(path)-1]
		if o.of(last).selfSigned() {
			all = append(all, path)
			return
		}
		for _, c := range pool {
			twice := slices.ContainsFunc(path, func(p *signer) bool { return bytes.Equal(p.Raw, c.Raw) })
			if !twice && sameName(o.of(c).TBS.Subject, o.of(last).TBS.Issuer) {
				walk(append(slices.Clone(path), c))
			}
		}
	}
	walk([]*signer{from})
	return all
}

// accepts reports whether a path is good for mail: RFC 5280, Section 6.1, without
// policies, which the generator does not make. As all programs do, it holds the anchor to
// what it says of itself (RFC 5937), and extended key usages to every certificate that
// has some.
func (o *opinion) accepts(path []*signer, at time.Time) bool { return o.judges(path, at, false) }

// acceptsBelow reports whether a path is good for what its first certificate, a CA, issues.
func (o *opinion) acceptsBelow(path []*signer, at time.Time) bool { return o.judges(path, at, true) }

func (o *opinion) judges(path []*signer, at time.Time, issues bool) bool {
	below := 0 // certificates under a CA that count for its path length
	for i, s := range path {
		c := o.of(s)
		anchor := i == len(path)-1
		switch {
		case at.Before(c.TBS.Validity.NotBefore), at.After(c.TBS.Validity.NotAfter):
			return false
		case !anchor && !c.signedBy(o.of(path[i+1])):
			return false
		case !c.understood(), !c.forMail():
			return false
		case (i > 0 || issues) && !c.mayIssue(below):
			return false
		}
		for j, lower := range path[:i] {
			// (b): a self-issued one counts only at the end.
			if l := o.of(lower); (j == 0 || !l.selfIssued()) && !c.allowsNames(l) {
				return false
			}
		}
		if (i > 0 || issues) && !c.selfIssued() {
			below++
		}
	}
	return true
}

// understood reports whether no critical extension is unknown.
func (c *readCert) understood() bool {
	known := []string{"2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.30", "2.5.29.37"}
	return !slices.ContainsFunc(c.TBS.Extension, func(e readExtension) bool { return e.Critical && !slices.Contains(known, e.ID.String()) })
}

// forMail reports whether extended key usages, if there are any, allow mail.
func (c *readCert) forMail() bool {
	value, ok := c.extension(37)
	if !ok {
		return true
	}
	return slices.ContainsFunc(*readDER[[]asn1.ObjectIdentifier](value), func(id asn1.ObjectIdentifier) bool {
		return id.String() == "1.3.6.1.5.5.7.3.4" || id.String() == "2.5.29.37.0"
	})
}

// forAnything reports whether extended key usages allow mail without naming it.
func (c *readCert) forAnything() bool {
	value, ok := c.extension(37)
	return ok && c.forMail() && !slices.ContainsFunc(*readDER[[]asn1.ObjectIdentifier](value), func(id asn1.ObjectIdentifier) bool {
		return id.String() == "1.3.6.1.5.5.7.3.4"
	})
}

// mayIssue reports whether a CA may issue with some CAs below.
func (c *readCert) mayIssue(below int) bool {
	value, ok := c.extension(19)
	if !ok {
		return false
	}
	basic := readDER[struct {
		CA      bool `asn1:"optional"`
		PathLen int  `asn1:"optional,default:-1"`
	}](value)
	if !basic.CA || basic.PathLen >= 0 && below > basic.PathLen {
		return false
	}
	return c.uses(5)
}

// uses reports whether the key usage has one of some bits, or there is none.
func (c *readCert) uses(bits ...int) bool {
	value, ok := c.extension(15)
	if !ok {
		return true
	}
	usage := readDER[asn1.BitString](value)
	return slices.ContainsFunc(bits, func(bit int) bool { return usage.At(bit) == 1 })
}

// emails returns the addresses in the subject alternative name and those in the subject.
func (c *readCert) emails() (san, subject []string) {
	if value, ok := c.extension(17); ok {
		for _, name := range *readDER[[]asn1.RawValue](value) {
			if name.Class == asn1.ClassContextSpecific && name.Tag == 1 {
				san = append(san, string(name.Bytes))
			}
		}
	}
	for _, rdn := range *readDER[[]rdnSET](c.TBS.Subject.FullBytes) {
		for _, a := range rdn {
			if a.Type.String() == "1.2.840.113549.1.9.1" {
				subject = append(subject, string(a.Value.Bytes))
			}
		}
	}
	return san, subject
}

// allowsNames reports whether the name constraints of a CA allow the names of a
// certificate: RFC 5280, Section 4.2.1.10.
func (c *readCert) allowsNames(of *readCert) bool {
	value, ok := c.extension(30)
	if !ok {
		return true
	}
	trees := readDER[struct {
		Permitted []struct{ Base asn1.RawValue } `asn1:"optional,tag:0"`
		Excluded  []struct{ Base asn1.RawValue } `asn1:"optional,tag:1"`
	}](value)
	san, subject := of.emails()
	within := func(base asn1.RawValue, address string) bool { return underConstraint(string(base.Bytes), address) }
	for _, address := range slices.Concat(san, subject) {
		some, fits := false, false
		for _, t := range trees.Permitted {
			if t.Base.Tag == 1 {
				some, fits = true, fits || within(t.Base, address)
			}
		}
		if some && !fits || slices.ContainsFunc(trees.Excluded, func(t struct{ Base asn1.RawValue }) bool { return t.Base.Tag == 1 && within(t.Base, address) }) {
			return false
		}
	}
	if plainName(of.TBS.Subject.FullBytes) == "" {
		return true
	}
	some, fits := false, false
	for _, t := range trees.Permitted {
		if t.Base.Tag == 4 {
			some = true
			fits = fits || strings.HasPrefix(plainName(of.TBS.Subject.FullBytes), plainName(t.Base.Bytes))
		}
	}
	return !some || fits
}

// underConstraint reports whether an address is within a constraint, which is a mailbox, a
// host, or with a full stop in front everything below it.
func underConstraint(base, address string) bool {
	_, host, _ := strings.Cut(address, "@")
	switch {
	case strings.Contains(base, "@"):
		local, domain, _ := strings.Cut(base, "@")
		return strings.HasPrefix(address, local+"@") && strings.EqualFold(domain, host)
	case strings.HasPrefix(base, "."):
		return len(host) > len(base) && strings.EqualFold(host[len(host)-len(base):], base)
	default:
		return strings.EqualFold(base, host)
	}
}

// keyID returns the identifier of the key, nil where there is none.
func (c *readCert) keyID() []byte {
	value, ok := c.extension(14)
	if !ok {
		return nil
	}
	return *readDER[[]byte](value)
}

// keyIDOfIssuer returns that which the issuer is to have.
func (c *readCert) keyIDOfIssuer() []byte {
	value, ok := c.extension(35)
	if !ok {
		return nil
	}
	return readDER[struct {
		ID []byte `asn1:"optional,tag:0"`
	}](value).ID
}
