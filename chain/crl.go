package chain

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// CRLs is a [RevocationChecker] over given certificate revocation lists. It
// checks, as RFC 5280, Section 6.3, asks, that a list is by the issuer of the
// certificate, signed by it or by a signer it has certified for that, within
// its thisUpdate and nextUpdate, and about this certificate.
//
// Indirect lists (Section 5.2.5) are not used, nor is a list with a critical
// extension that is not known, one without nextUpdate, or one with a SHA-1
// signature: the answer is then RevocationUnknown, and says why. A delta list
// (Section 5.2.4) can add a revocation to what the complete list says; it
// takes none away. It is safe for concurrent use.
type CRLs struct {
	byIssuer map[nameKey][]*crl
	signers  map[nameKey][]*Certificate
	errs     []error
}

// crl is one revocation list.
type crl struct {
	list     *x509.RevocationList
	unusable string // why not
	delta    bool
	scope    crlScope

	once    sync.Once
	serials map[string]int

	mu       sync.Mutex
	verified []sigRecord
}

// crlScope is what an issuingDistributionPoint leaves of a list.
type crlScope struct {
	raw        []byte // of the extension
	names      [][]byte
	hasNames   bool
	userOnly   bool
	caOnly     bool
	attributes bool
	reasons    int // bits, allReasons if not limited
}

// allReasons are the bits of ReasonFlags but "unused" (Section 4.2.1.13).
const allReasons = 1<<9 - 2

const (
	oidCRLNumber   = "2.5.29.20"
	oidReason      = "2.5.29.21"
	oidInvalidity  = "2.5.29.24"
	oidDeltaCRL    = "2.5.29.27"
	oidIDP         = "2.5.29.28"
	oidIssuerEntry = "2.5.29.29"
	oidAKIDotted   = "2.5.29.35"
)

// NewCRLs returns a checker over DER revocation lists. What cannot be read is
// left out, with its error in [CRLs.Errors].
func NewCRLs(der ...[]byte) *CRLs {
	s := &CRLs{byIssuer: make(map[nameKey][]*crl)}
	for i, d := range der {
		list, err := x509.ParseRevocationList(d)
		if err != nil {
			s.errs = append(s.errs, fmt.Errorf("chain: revocation list %d: %w", i, err))
			continue
		}
		name, ok := parseNameKey(list.RawIssuer)
		if !ok {
			s.errs = append(s.errs, fmt.Errorf("chain: revocation list %d: malformed issuer", i))
			continue
		}
		s.byIssuer[name] = append(s.byIssuer[name], newCRL(list))
	}
	for _, lists := range s.byIssuer {
		slices.SortStableFunc(lists, func(a, b *crl) int {
			if c := b.list.ThisUpdate.Compare(a.list.ThisUpdate); c != 0 {
				return c
			}
			return bytes.Compare(a.list.Raw, b.list.Raw)
		})
	}
	return s
}

// WithSigners returns a checker that knows certificates whose keys sign
// revocation lists in the place of a CA of the same name (Section 6.3.3 (f)).
func (s *CRLs) WithSigners(certs ...*Certificate) *CRLs {
	t := &CRLs{byIssuer: s.byIssuer, errs: s.errs, signers: make(map[nameKey][]*Certificate)}
	for name, known := range s.signers {
		t.signers[name] = slices.Clone(known)
	}
	for _, c := range certs {
		if c != nil && c.Cert != nil && c.info().err == nil {
			name := c.info().subjectKey
			t.signers[name] = append(t.signers[name], c)
		}
	}
	return t
}

// Errors returns what is wrong with the lists that were left out.
func (s *CRLs) Errors() []error { return slices.Clone(s.errs) }

func newCRL(list *x509.RevocationList) *crl {
	c := &crl{list: list, scope: crlScope{reasons: allReasons}}
	for _, e := range list.Extensions {
		switch id := e.Id.String(); id {
		case oidDeltaCRL:
			c.delta = true
		case oidIDP:
			if why := c.scope.parse(e.Value); why != "" {
				c.unusable = why
			}
		case oidCRLNumber, oidAKIDotted:
		default:
			if e.Critical {
				c.unusable = "critical extension " + id
			}
		}
	}
	if list.NextUpdate.IsZero() {
		c.unusable = "no nextUpdate"
	}
	switch list.SignatureAlgorithm {
	case x509.SHA1WithRSA, x509.ECDSAWithSHA1, x509.DSAWithSHA1, x509.MD5WithRSA:
		c.unusable = "insecure signature algorithm"
	}
	for _, entry := range list.RevokedCertificateEntries {
		for _, e := range entry.Extensions {
			switch id := e.Id.String(); id {
			case oidReason, oidInvalidity:
			case oidIssuerEntry:
				c.unusable = "an indirect list"
			default:
				if e.Critical {
					c.unusable = "critical extension " + id + " of an entry"
				}
			}
		}
	}
	return c
}

// parse reads an issuingDistributionPoint (Section 5.2.5), and returns why the
// list cannot be used, if it cannot.
func (s *crlScope) parse(der []byte) string {
	s.raw = der
	const bad = "malformed issuingDistributionPoint"
	input := cryptobyte.String(der)
	var seq, name, full, reasons cryptobyte.String
	var has bool
	if !input.ReadASN1(&seq, casn1.SEQUENCE) || !input.Empty() ||
		!seq.ReadOptionalASN1(&name, &has, casn1.Tag(0).ContextSpecific().Constructed()) {
		return bad
	}
	if has {
		s.hasNames = true
		if !name.ReadOptionalASN1(&full, &has, casn1.Tag(0).ContextSpecific().Constructed()) || !has {
			return "a distribution point name relative to the issuer"
		}
		for !full.Empty() {
			var element cryptobyte.String
			var tag casn1.Tag
			if !full.ReadAnyASN1Element(&element, &tag) {
				return bad
			}
			s.names = append(s.names, element)
		}
	}
	flag := func(tag uint8, to *bool) bool {
		var v cryptobyte.String
		if !seq.ReadOptionalASN1(&v, &has, casn1.Tag(tag).ContextSpecific()) || has && len(v) != 1 {
			return false
		}
		*to = has && v[0] != 0
		return true
	}
	var indirect bool
	if !flag(1, &s.userOnly) || !flag(2, &s.caOnly) ||
		!seq.ReadOptionalASN1(&reasons, &has, casn1.Tag(3).ContextSpecific()) {
		return bad
	}
	if has {
		s.reasons = 0
		for i := 0; len(reasons) > 1 && i < min(9, (len(reasons)-1)*8); i++ {
			if reasons[1+i/8]>>(7-i%8)&1 != 0 {
				s.reasons |= 1 << i
			}
		}
	}
	if !flag(4, &indirect) || !flag(5, &s.attributes) || !seq.Empty() {
		return bad
	}
	if indirect {
		return "an indirect list"
	}
	return ""
}

// covers reports whether the list is about certificate c.
func (s *crlScope) covers(c *parsed) bool {
	switch {
	case s.attributes, s.userOnly && c.ext.isCA, s.caOnly && !c.ext.isCA:
		return false
	case !s.hasNames:
		return true
	}
	points := distributionNames(c.ext.cdpRaw)
	if c.ext.cdpRaw == nil {
		// The default distribution point is the issuer's name.
		var b cryptobyte.Builder
		b.AddASN1(casn1.Tag(nameDirectory).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) { b.AddBytes(c.issuer) })
		points = [][]byte{b.BytesOrPanic()}
	}
	for _, n := range s.names {
		for _, p := range points {
			if bytes.Equal(n, p) {
				return true
			}
		}
	}
	return false
}

// distributionNames returns the GeneralNames of the full names, and of the
// CRL issuers, in a cRLDistributionPoints extension.
func distributionNames(value cryptobyte.String) [][]byte {
	var out [][]byte
	var seq cryptobyte.String
	if !value.ReadASN1(&seq, casn1.SEQUENCE) {
		return nil
	}
	for !seq.Empty() && len(out) < maxNames {
		var point, name, full cryptobyte.String
		var has bool
		if !seq.ReadASN1(&point, casn1.SEQUENCE) ||
			!point.ReadOptionalASN1(&name, &has, casn1.Tag(0).ContextSpecific().Constructed()) {
			return out
		}
		if !has || !name.ReadOptionalASN1(&full, &has, casn1.Tag(0).ContextSpecific().Constructed()) || !has {
			continue
		}
		for !full.Empty() {
			var element cryptobyte.String
			var tag casn1.Tag
			if !full.ReadAnyASN1Element(&element, &tag) {
				return out
			}
			out = append(out, element)
		}
	}
	return out
}

// find returns the index of the entry of a serial number, -1 if there is none.
func (c *crl) find(serial string) int {
	c.once.Do(func() {
		c.serials = make(map[string]int, len(c.list.RevokedCertificateEntries))
		for i, e := range c.list.RevokedCertificateEntries {
			c.serials[e.SerialNumber.Text(16)] = i
		}
	})
	if i, ok := c.serials[serial]; ok {
		return i
	}
	return -1
}

// signedBy checks the signature of the list under the key of a certificate,
// once for each key.
func (c *crl) signedBy(signer *Certificate) bool {
	spki := signer.info().spki
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range c.verified {
		if bytes.Equal(r.spki, spki) {
			return r.err == nil
		}
	}
	err := errUnsupported
	if signer.Cert != nil && signer.Cert.PublicKey != nil && !tooLarge(signer.Cert) {
		err = signer.Cert.CheckSignature(c.list.SignatureAlgorithm, c.list.RawTBSRevocationList, c.list.Signature)
	}
	c.verified = append(c.verified, sigRecord{spki: spki, err: err})
	return err == nil
}

// maxSigners bounds the signers that are tried for one list.
const maxSigners = 32

// reasonNames are the names of CRLReason (Section 5.3.1).
var reasonNames = map[int]string{
	0: "unspecified", 1: "keyCompromise", 2: "cACompromise", 3: "affiliationChanged", 4: "superseded",
	5: "cessationOfOperation", 6: "certificateHold", 8: "removeFromCRL", 9: "privilegeWithdrawn", 10: "aACompromise",
}

// Revocation implements [RevocationChecker]. The certificate after index i in
// the path is its issuer.
func (s *CRLs) Revocation(ctx context.Context, path []*Certificate, i int, at time.Time) (RevocationStatus, string) {
	return s.revocation(path, i, at, true)
}

func (s *CRLs) revocation(path []*Certificate, i int, at time.Time, signers bool) (RevocationStatus, string) {
	if i < 0 || i+1 >= len(path) || path[i].Cert == nil {
		return RevocationUnknown, "no issuer"
	}
	c := path[i].info()
	serial := path[i].Cert.SerialNumber.Text(16)
	lists := s.byIssuer[c.issuerKey]
	if len(lists) == 0 {
		return RevocationUnknown, "no revocation list of the issuer"
	}
	why := errors.New("no revocation list is about this certificate")
	covered := 0
	var scopes [][]byte
	for _, l := range lists { // newest first
		if !l.scope.covers(c) {
			continue
		}
		switch {
		case l.unusable != "":
			why = errors.New(l.unusable)
			continue
		case at.Before(l.list.ThisUpdate):
			why = errors.New("the revocation list is of later")
			continue
		case at.After(l.list.NextUpdate):
			why = fmt.Errorf("the revocation list is out of date since %s", l.list.NextUpdate.UTC().Format(time.RFC3339))
			continue
		case !l.delta && slices.ContainsFunc(scopes, func(raw []byte) bool { return bytes.Equal(raw, l.scope.raw) }):
			continue // an older list of the same scope
		case !s.signed(l, path, i, at, signers):
			why = errors.New("the signature of the revocation list does not verify")
			continue
		}
		if k := l.find(serial); k >= 0 {
			entry := &l.list.RevokedCertificateEntries[k]
			reason := reasonNames[entry.ReasonCode]
			if reason == "" {
				reason = fmt.Sprintf("reason %d", entry.ReasonCode)
			}
			if entry.ReasonCode != 8 {
				return Revoked, fmt.Sprintf("%s, %s", reason, entry.RevocationTime.UTC().Format(time.RFC3339))
			}
		}
		if !l.delta {
			scopes = append(scopes, l.scope.raw)
			covered |= l.scope.reasons
		}
	}
	if covered&allReasons == allReasons {
		return RevocationGood, ""
	}
	if covered != 0 {
		return RevocationUnknown, "the revocation lists do not cover every reason"
	}
	return RevocationUnknown, why.Error()
}

// signed reports whether a list is signed by the issuer of the certificate at
// index i, or by a certified signer of the same name.
func (s *CRLs) signed(l *crl, path []*Certificate, i int, at time.Time, signers bool) bool {
	mayIssue := func(c *Certificate) bool {
		e := &c.info().ext
		return !e.hasUsage || e.usage&usageCRLSign != 0
	}
	// The issuer, under this key or, above self-issued certificates, another.
	for _, issuer := range path[i+1:] {
		if issuer.info().subjectKey != path[i].info().issuerKey {
			break
		}
		if mayIssue(issuer) && l.signedBy(issuer) {
			return true
		}
	}
	if !signers {
		return false
	}
	for n, signer := range s.signers[path[i].info().issuerKey] {
		if n == maxSigners {
			break
		}
		if e := &signer.info().ext; !e.hasUsage || e.usage&usageCRLSign == 0 || !signer.validAt(at) || len(e.unknownCritical)+len(e.malformed) > 0 || !l.signedBy(signer) {
			continue
		}
		// The signer is certified by the issuer's old key, or beside the
		// issuer by the CA above; and it is not revoked itself.
		for k := i + 1; k < min(i+3, len(path)); k++ {
			if signer.SignedBy(path[k]) != nil {
				continue
			}
			if status, _ := s.revocation(append([]*Certificate{signer}, path[k:]...), 0, at, false); status == RevocationGood {
				return true
			}
		}
	}
	return false
}
