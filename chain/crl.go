package chain

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"math/big"
	"slices"
	"sync"
	"time"

	"github.com/smimechain/smimechain/lint/say"
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
// takes none away. Of one issuer name, 1000 lists are taken, in the order
// given; the rest is left out, with an error in [CRLs.Errors]. It is safe for
// concurrent use. The zero value, and a nil pointer, know no list: every answer is
// RevocationUnknown.
type CRLs struct {
	byIssuer map[nameKey]*issuerLists
	signers  map[nameKey][]*Certificate
	errs     []error
	refused  map[nameKey]error // why lists of issuers cannot be read
}

// Limits on the lists of one issuer name.
const (
	maxLists      = 1000 // taken of one name; each is looked at for each certificate of it
	maxPointNames = 256  // of the distribution point in a list: one has a few
)

// issuerLists are the lists of one issuer name, newest first.
type issuerLists struct {
	all     []*crl
	unnamed []int            // places in all of those of no distribution point
	named   map[string][]int // and of the others, by a name of their distribution point
}

// sort puts the lists into order and notes where each is.
func (l *issuerLists) sort() {
	slices.SortStableFunc(l.all, func(a, b *crl) int {
		if c := b.list.ThisUpdate.Compare(a.list.ThisUpdate); c != 0 {
			return c
		}
		return bytes.Compare(a.list.Raw, b.list.Raw)
	})
	l.named = make(map[string][]int)
	for i, c := range l.all {
		if !c.scope.hasNames {
			l.unnamed = append(l.unnamed, i)
		}
		for _, n := range c.scope.names {
			l.named[string(n)] = append(l.named[string(n)], i)
		}
	}
}

// covering returns the lists that are about a certificate, in order.
func (l *issuerLists) covering(c *parsed) []*crl {
	places := slices.Clone(l.unnamed)
	if len(l.named) > 0 {
		for _, p := range points(c) {
			places = append(places, l.named[string(p)]...)
		}
	}
	slices.Sort(places)
	var out []*crl
	for _, i := range slices.Compact(places) {
		if l.all[i].scope.covers(c) {
			out = append(out, l.all[i])
		}
	}
	return out
}

// crl is one revocation list.
type crl struct {
	list     *x509.RevocationList // without its entries
	entries  map[string]crlEntry  // by the octets of the serial number; the last of several
	unusable say.Message          // why not
	delta    bool
	scope    crlScope

	mu       sync.Mutex
	verified []sigRecord
}

// crlEntry is one entry of a list.
type crlEntry struct {
	seconds int64 // of Unix time: when the certificate was revoked
	reason  int
}

// crlScope is what an issuingDistributionPoint leaves of a list.
type crlScope struct {
	id         [sha256.Size]byte // of the extension; zero if there is none
	names      [][]byte          // each once
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
)

// NewCRLs returns a checker over DER revocation lists. What cannot be read is
// left out, with its error in [CRLs.Errors].
func NewCRLs(der ...[]byte) *CRLs {
	s := &CRLs{byIssuer: make(map[nameKey]*issuerLists), refused: make(map[nameKey]error)}
	left := 0
	for i, d := range der {
		list, err := x509.ParseRevocationList(d)
		if err != nil {
			if name, ok := issuerOfList(d); ok {
				s.refused[name] = err
			}
			s.errs = append(s.errs, say.Errorf("chain: revocation list %d: %w", i, err))
			continue
		}
		name, ok := parseNameKey(list.RawIssuer)
		if !ok {
			s.errs = append(s.errs, say.Errorf("chain: revocation list %d: malformed issuer", i))
			continue
		}
		lists := s.byIssuer[name]
		if lists == nil {
			lists = new(issuerLists)
			s.byIssuer[name] = lists
		}
		if len(lists.all) == maxLists {
			left++
			continue
		}
		lists.all = append(lists.all, newCRL(list))
	}
	for _, lists := range s.byIssuer {
		lists.sort()
	}
	if left > 0 {
		s.errs = append(s.errs, say.Errorf("chain: %s left out: more than %d of one issuer", say.Count(left, "1 revocation list", "%d revocation lists"), maxLists))
	}
	return s
}

// WithSigners returns a checker that knows certificates whose keys sign
// revocation lists in the place of a CA of the same name (Section 6.3.3 (f)).
func (s *CRLs) WithSigners(certs ...*Certificate) *CRLs {
	if s == nil {
		s = new(CRLs)
	}
	t := &CRLs{byIssuer: s.byIssuer, refused: s.refused, errs: s.errs, signers: make(map[nameKey][]*Certificate)}
	for name, known := range s.signers {
		t.signers[name] = slices.Clone(known)
	}
	for _, c := range certs {
		if c != nil && c.Err() == nil {
			name := c.info().subjectKey
			t.signers[name] = append(t.signers[name], c)
		}
	}
	return t
}

// Len returns the number of lists that were given, without those beyond the limit; one
// that cannot be read counts where its issuer is known.
func (s *CRLs) Len() int {
	if s == nil {
		return 0
	}
	n := len(s.refused)
	for _, lists := range s.byIssuer {
		n += len(lists.all)
	}
	return n
}

// Errors returns what is wrong with the lists that were left out.
func (s *CRLs) Errors() []error {
	if s == nil {
		return nil
	}
	return slices.Clone(s.errs)
}

func newCRL(list *x509.RevocationList) *crl {
	c := &crl{list: list, scope: crlScope{reasons: allReasons}}
	for _, e := range list.Extensions {
		switch id := e.Id.String(); id {
		case oidDeltaCRL:
			c.delta = true
		case oidIDP:
			if why := c.scope.parse(e.Value); !why.IsZero() {
				c.unusable = why
			}
		case oidCRLNumber:
		default:
			if e.Critical {
				c.unusable = say.New("critical extension %s", id)
			}
		}
	}
	if list.NextUpdate.IsZero() {
		c.unusable = say.New("no nextUpdate")
	}
	switch list.SignatureAlgorithm {
	case x509.SHA1WithRSA, x509.ECDSAWithSHA1, x509.DSAWithSHA1, x509.MD5WithRSA:
		c.unusable = say.New("insecure signature algorithm")
	}
	c.entries = make(map[string]crlEntry, len(list.RevokedCertificateEntries))
	for _, entry := range list.RevokedCertificateEntries {
		c.entries[serialKey(entry.SerialNumber)] = crlEntry{entry.RevocationTime.Unix(), entry.ReasonCode}
		for _, e := range entry.Extensions {
			switch id := e.Id.String(); id {
			case oidReason, oidInvalidity:
			case oidIssuerEntry:
				c.unusable = say.New("an indirect list")
			default:
				if e.Critical {
					c.unusable = say.New("critical extension %s of an entry", id)
				}
			}
		}
	}
	// A list may have a million entries, and crypto/x509 takes ten times their
	// size for them.
	list.RevokedCertificateEntries = nil
	list.RevokedCertificates = nil //lint:ignore SA1019 it is filled all the same
	return c
}

// serialKey tells serial numbers apart.
func serialKey(n *big.Int) string {
	if n.Sign() < 0 {
		return "-" + string(n.Bytes())
	}
	return "+" + string(n.Bytes())
}

// parse reads an issuingDistributionPoint (Section 5.2.5), and returns why the
// list cannot be used, if it cannot.
func (s *crlScope) parse(der []byte) (unusable say.Message) {
	s.id = sha256.Sum256(der)
	bad := say.New("malformed issuingDistributionPoint")
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
			return say.New("a distribution point name relative to the issuer")
		}
		known := make(map[string]bool)
		for n := 0; !full.Empty(); n++ {
			var element cryptobyte.String
			var tag casn1.Tag
			if !full.ReadAnyASN1Element(&element, &tag) {
				return bad
			}
			if n == maxPointNames {
				return say.New("a distribution point of more than %d names", maxPointNames)
			}
			if !known[string(element)] {
				known[string(element)] = true
				s.names = append(s.names, element)
			}
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
		return say.New("an indirect list")
	}
	return say.Message{}
}

// covers reports whether the list is about certificates such as c, apart from
// their distribution points.
func (s *crlScope) covers(c *parsed) bool {
	return !(s.attributes || s.userOnly && c.ext.isCA || s.caOnly && !c.ext.isCA)
}

// points returns the names of the distribution points of a certificate.
func points(c *parsed) [][]byte {
	if c.ext.hasPoints {
		return c.ext.points
	}
	// The default distribution point is the issuer's name.
	var b cryptobyte.Builder
	b.AddASN1(casn1.Tag(nameDirectory).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) { b.AddBytes(c.issuer) })
	return [][]byte{b.BytesOrPanic()}
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
	err := signer.verify(c.list.SignatureAlgorithm, c.list.RawTBSRevocationList, c.list.Signature)
	c.verified = append(c.verified, sigRecord{spki: spki, err: err})
	return err == nil
}

// maxSigners bounds the signers that are tried for one list.
const maxSigners = 32

// removeFromCRL is the reason by which a delta list takes an entry back.
const removeFromCRL = 8

// reasonNames are the names of CRLReason (Section 5.3.1).
var reasonNames = map[int]string{
	0: "unspecified", 1: "keyCompromise", 2: "cACompromise", 3: "affiliationChanged", 4: "superseded",
	5: "cessationOfOperation", 6: "certificateHold", 8: "removeFromCRL", 9: "privilegeWithdrawn", 10: "aACompromise",
}

// Revocation implements [RevocationChecker]. The certificate after index i in
// the path is its issuer.
func (s *CRLs) Revocation(ctx context.Context, path []*Certificate, i int, at time.Time) (RevocationStatus, say.Message) {
	return s.revocation(path, i, at, true)
}

func (s *CRLs) revocation(path []*Certificate, i int, at time.Time, signers bool) (RevocationStatus, say.Message) {
	if i < 0 || i+1 >= len(path) || path[i].Err() != nil {
		return RevocationUnknown, say.New("no issuer")
	}
	if s == nil {
		s = new(CRLs) // knows no list
	}
	c := path[i].info()
	serial := serialKey(c.serialNumber())
	lists := s.byIssuer[c.issuerKey]
	if lists == nil {
		if err := s.refused[c.issuerKey]; err != nil {
			return RevocationUnusable, say.New("the revocation list of the issuer cannot be read: %v", err)
		}
		return RevocationUnknown, say.New("no revocation list of the issuer")
	}
	status := RevocationUnknown
	why := say.New("no revocation list is about this certificate")
	covered := 0
	scopes := make(map[[sha256.Size]byte]bool)
	for _, l := range lists.covering(c) {
		switch {
		case !l.unusable.IsZero():
			status, why = RevocationUnusable, l.unusable
			continue
		case at.Before(l.list.ThisUpdate):
			status, why = RevocationOutOfDate, say.New("the revocation list is of later")
			continue
		case at.After(l.list.NextUpdate):
			status, why = RevocationOutOfDate, say.New("the revocation list is out of date since %s", l.list.NextUpdate.UTC().Format(time.RFC3339))
			continue
		case !l.delta && scopes[l.scope.id]:
			continue // an older list of the same scope
		case !s.signed(l, path, i, at, signers):
			status, why = RevocationUnverified, say.New("the signature of the revocation list does not verify")
			continue
		}
		if entry, ok := l.entries[serial]; ok && entry.reason != removeFromCRL {
			reason := say.New("%s", reasonNames[entry.reason])
			if reasonNames[entry.reason] == "" {
				reason = say.New("reason %d", entry.reason)
			}
			return Revoked, say.New("%s, %s", reason, time.Unix(entry.seconds, 0).UTC().Format(time.RFC3339))
		}
		if !l.delta {
			scopes[l.scope.id] = true
			covered |= l.scope.reasons
		}
	}
	if covered&allReasons == allReasons {
		return RevocationGood, say.Message{}
	}
	if covered != 0 {
		return RevocationUnknown, say.New("the revocation lists do not cover every reason")
	}
	return status, why
}

// issuerOfList returns the issuer of a list that crypto/x509 refuses, as far as it can
// be read (RFC 5280, Section 5.1; lists of version 1 have no number for it).
func issuerOfList(der []byte) (nameKey, bool) {
	input := cryptobyte.String(der)
	var list, tbs, issuer cryptobyte.String
	if !input.ReadASN1(&list, casn1.SEQUENCE) || !list.ReadASN1(&tbs, casn1.SEQUENCE) || !tbs.SkipOptionalASN1(casn1.INTEGER) ||
		!tbs.SkipASN1(casn1.SEQUENCE) || !tbs.ReadASN1Element(&issuer, casn1.SEQUENCE) {
		return "", false
	}
	return parseNameKey(issuer)
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
