package chain

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
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
// A list with a critical extension that is not known, one of version 1, without
// nextUpdate, or with a SHA-1 signature proves nothing: the answer is then
// unusable, and says why. An indirect list (Section 5.2.5) counts for the
// certificates whose distribution point names its issuer, if that is among the signers
// and leads to the same anchor. A delta list (Section 5.2.4) can add a revocation to
// what a complete list of its scope and no later says, and take a hold back; alone it proves
// that something is revoked, and nothing else. Of complete lists of one scope the newest
// counts; of two of one moment, the one that revokes.
// Reasons that a distribution point of a certificate is limited to are not looked at.
//
// The octets of the lists are kept, and four to eight octets for each entry. Of one
// issuer name, 1000 lists are taken, in the order given; the rest is left out, with an
// error in [CRLs.Errors]. It is safe for concurrent use. The zero value, and a nil
// pointer, know no list: every answer is RevocationUnknown.
type CRLs struct {
	byIssuer map[nameKey]*issuerLists
	signers  map[nameKey][]*Certificate
	errs     []error
	refused  map[nameKey]error // why lists of issuers cannot be read

	mu       sync.Mutex
	indirect map[authority]bool // what is known of those of indirect lists

	name  sync.Once // the issuers, which are named again and again where many are not covered
	names string
}

// authority is what the authority of an indirect list was looked up for.
type authority struct {
	list   *crl
	anchor [sha256.Size]byte
	at     int64 // in seconds
}

// Limits on the lists of one issuer name.
const (
	maxLists      = 1000 // taken of one name; each is looked at for each certificate of it
	maxPointNames = 256  // of the distribution point in a list: one has a few
)

// issuerLists are the lists of one issuer name, newest first.
type issuerLists struct {
	all     []*crl
	unnamed []int               // places in all of those of no distribution point
	named   map[pointName][]int // and of the others, by a name of their distribution point
}

// sort puts the lists into order and notes where each is.
func (l *issuerLists) sort() {
	slices.SortStableFunc(l.all, func(a, b *crl) int {
		if c := b.thisUpdate.Compare(a.thisUpdate); c != 0 {
			return c
		}
		// What a delta takes back is known before the complete list of that moment is asked.
		switch {
		case a.delta && !b.delta:
			return -1
		case b.delta && !a.delta:
			return 1
		}
		return bytes.Compare(a.raw, b.raw)
	})
	l.named = make(map[pointName][]int)
	for i, c := range l.all {
		if !c.scope.hasNames {
			l.unnamed = append(l.unnamed, i)
		}
		for _, n := range c.scope.names {
			l.named[n] = append(l.named[n], i)
		}
	}
}

// covering returns the lists that are about a certificate which has a distribution
// point of these names, in order: all, or the indirect ones alone.
func (l *issuerLists) covering(c *parsed, points []pointName, indirect bool) []*crl {
	if l == nil {
		return nil
	}
	places := slices.Clone(l.unnamed)
	for _, p := range points {
		places = append(places, l.named[p]...)
	}
	slices.Sort(places)
	var out []*crl
	for _, i := range slices.Compact(places) {
		if scope := &l.all[i].scope; scope.covers(c) && (scope.indirect || !indirect) {
			out = append(out, l.all[i])
		}
	}
	return out
}

// covering returns the lists that are about a certificate: those of its issuer, and the
// indirect ones of whom its distribution points name (Section 6.3.3 (b)).
func (s *CRLs) covering(c *parsed) []*crl {
	names := pointsOf(c, c.issuerKey)
	list := s.byIssuer[c.issuerKey].covering(c, names, false)
	for _, issuer := range pointIssuers(c) {
		names := pointsOf(c, issuer)
		list = append(list, s.byIssuer[issuer].covering(c, names, true)...)
	}
	return list
}

// NewCRLs returns a checker over DER revocation lists. What cannot be read is
// left out, with its error in [CRLs.Errors].
func NewCRLs(der ...[]byte) *CRLs {
	s := &CRLs{byIssuer: make(map[nameKey]*issuerLists), refused: make(map[nameKey]error)}
	left := 0
	for i, d := range der {
		list, err := readCRL(d)
		if err != nil {
			if name, ok := issuerOfList(d); ok {
				s.refused[name] = err
			}
			s.errs = append(s.errs, say.Errorf("chain: revocation list %d: %w", i, err))
			continue
		}
		lists := s.byIssuer[list.issuerKey]
		if lists == nil {
			lists = new(issuerLists)
			s.byIssuer[list.issuerKey] = lists
		}
		if len(lists.all) == maxLists {
			left++
			continue
		}
		lists.all = append(lists.all, list)
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

// covers reports whether the list is about certificates such as c, apart from
// their distribution points.
func (s *crlScope) covers(c *parsed) bool {
	return !(s.attributes || s.userOnly && c.ext.isCA || s.caOnly && !c.ext.isCA)
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
	_, err := signer.publicKey().verify(c.signed, c.tbs, c.signature)
	c.verified = append(c.verified, sigRecord{spki: spki, err: err})
	return err == nil
}

// unchecked returns the algorithm or key for which the signature could not be checked;
// empty where it could be.
func (c *crl) unchecked() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range c.verified {
		if u, ok := errors.AsType[*uncheckable](r.err); ok {
			return u.what
		}
	}
	return ""
}

// maxSigners bounds the signers that are tried for one list.
const maxSigners = 32

// The reasons of an entry that may be taken back, and of the entry of a delta list that does.
const (
	certificateHold = 6
	removeFromCRL   = 8
)

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
	lists := s.covering(c)
	if len(lists) == 0 {
		return s.uncovered(c)
	}
	status := RevocationUnknown
	var why say.Message
	covered := 0
	type scope struct {
		issuer nameKey
		id     [sha256.Size]byte
	}
	scopes := make(map[scope]time.Time) // of the newest list of each that counts
	released := make(map[scope]*crl)    // the newest delta list that takes a hold back
	var takenBack say.Message
	for _, l := range lists {
		own := scope{l.issuerKey, l.scope.id}
		if unfit, because := l.unfit(at); !because.IsZero() {
			status, why = unfit, because
			continue
		}
		if l.thisUpdate.Before(scopes[own]) {
			continue // a list of the same scope, or what changed, before the newest; of two of one moment, both count
		}
		if !s.signed(l, path, i, at, signers) {
			status, why = l.unverified(c.issuerKey)
			continue
		}
		entry, ok := l.entries.find(c.issuerKey, c.serial)
		later := released[own]
		switch {
		case !ok, entry.reason == certificateHold && later != nil && (!l.delta || l.thisUpdate.Before(later.thisUpdate)):
		case entry.reason == removeFromCRL && l.delta:
			released[own] = cmp.Or(later, l)
		case entry.reason == removeFromCRL:
			takenBack = say.New("the revocation list has an entry with the reason removeFromCRL, which a delta list alone may have: it is not shown what holds")
		default:
			reason := say.New("%s", reasonNames[entry.reason])
			if reasonNames[entry.reason] == "" {
				reason = say.New("reason %d", entry.reason)
			}
			return Revoked, say.New("%s, %s", reason, entry.revoked.UTC().Format(time.RFC3339))
		}
		if l.delta {
			if why.IsZero() {
				why = say.New("a delta revocation list alone proves nothing: it says what has changed since a complete one")
			}
			continue
		}
		scopes[own] = l.thisUpdate
		covered |= l.scope.reasons
	}
	if !takenBack.IsZero() {
		return revocationUnusable, takenBack
	}
	if covered&allReasons == allReasons {
		return RevocationGood, say.Message{}
	}
	if covered != 0 {
		return RevocationUnknown, say.New("the revocation lists do not cover every reason")
	}
	return status, why
}

// unfit says why a list does not count at a time, whoever signed it.
func (c *crl) unfit(at time.Time) (RevocationStatus, say.Message) {
	switch {
	case !c.unusable.IsZero():
		return revocationUnusable, c.unusable
	case at.Before(c.thisUpdate):
		return RevocationOutOfDate, say.New("the revocation list is of later")
	case at.After(c.nextUpdate):
		return RevocationOutOfDate, say.New("the revocation list is out of date since %s", c.nextUpdate.UTC().Format(time.RFC3339))
	default:
		return RevocationGood, say.Message{}
	}
}

// unverified says why the signature of a list does not count for the certificates of an
// issuer.
func (c *crl) unverified(issuer nameKey) (RevocationStatus, say.Message) {
	if what := c.unchecked(); what != "" {
		return revocationUnusable, say.New("the signature of the revocation list cannot be checked here: %s", what)
	}
	if c.issuerKey != issuer {
		return revocationUnverified, say.New("the authority of the indirect revocation list of %s is not shown: its certificate has to lead to the same anchor", NameString(c.issuer))
	}
	return revocationUnverified, say.New("the signature of the revocation list does not verify")
}

// uncovered answers for a certificate that no list is about.
func (s *CRLs) uncovered(c *parsed) (RevocationStatus, say.Message) {
	switch {
	case s.byIssuer[c.issuerKey] != nil:
		return RevocationUnknown, say.New("no revocation list is about this certificate")
	case s.refused[c.issuerKey] != nil:
		return revocationUnusable, say.New("the revocation list of the issuer cannot be read: %v", s.refused[c.issuerKey])
	case len(s.byIssuer) == 0:
		return RevocationUnknown, say.New("no revocation list of the issuer")
	}
	s.name.Do(func() { s.names = s.issuers() })
	return RevocationUnknown, say.New("no revocation list of the issuer: those that are there are of %s", s.names)
}

// issuers names some of those whose lists are there.
func (s *CRLs) issuers() string {
	var names []string
	for _, lists := range s.byIssuer {
		names = append(names, quote(CommonName(NameString(lists.all[0].issuer))))
	}
	slices.Sort(names)
	const listed = 3
	if len(names) > listed {
		names = append(names[:listed], "…")
	}
	return strings.Join(names, ", ")
}

// Names reports whether a list has an entry for the certificate, whether the list proves
// anything or not.
func (s *CRLs) Names(c *Certificate) bool {
	if s == nil || c == nil || c.Err() != nil {
		return false
	}
	p := c.info()
	names := func(lists *issuerLists, indirect bool) bool {
		return lists != nil && slices.ContainsFunc(lists.all, func(l *crl) bool {
			_, ok := l.entries.find(p.issuerKey, p.serial)
			return ok && (l.scope.indirect || !indirect)
		})
	}
	if names(s.byIssuer[p.issuerKey], false) {
		return true
	}
	return slices.ContainsFunc(pointIssuers(p), func(issuer nameKey) bool { return names(s.byIssuer[issuer], true) })
}

// issuerOfList returns the issuer of a list that cannot be read as a whole (RFC 5280,
// Section 5.1; lists of version 1 have no number for it).
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
// index i, or by a certified signer of the same name; an indirect list of another
// issuer by that one.
func (s *CRLs) signed(l *crl, path []*Certificate, i int, at time.Time, signers bool) bool {
	issuerKey := path[i].info().issuerKey
	if l.issuerKey != issuerKey {
		return s.signedElsewhere(l, path, at, signers)
	}
	// The issuer, under this key or, above self-issued certificates, another.
	for _, issuer := range path[i+1:] {
		if issuer.info().subjectKey != issuerKey {
			break
		}
		if issuer.mayRevoke() && l.signedBy(issuer) {
			return true
		}
	}
	if !signers {
		return false
	}
	for n, signer := range s.signers[issuerKey] {
		if n == maxSigners {
			break
		}
		if !signer.info().ext.hasUsage || !signer.signsLists(at) || !l.signedBy(signer) {
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

// signedElsewhere reports whether an indirect list is signed by its issuer, which is on
// the path, or leads to its anchor on an accepted path without a revoked certificate.
func (s *CRLs) signedElsewhere(l *crl, path []*Certificate, at time.Time, signers bool) bool {
	for _, c := range path[1:] {
		if c.info().subjectKey == l.issuerKey && c.mayRevoke() && l.signedBy(c) {
			return true
		}
	}
	if !signers {
		return false
	}
	anchor := path[len(path)-1]
	key := authority{l, anchor.SHA256(), at.Unix()}
	s.mu.Lock()
	known, ok := s.indirect[key]
	s.mu.Unlock()
	if ok {
		return known
	}
	var graph *Graph
	good := slices.ContainsFunc(first(s.signers[l.issuerKey], maxSigners), func(signer *Certificate) bool {
		if !signer.signsLists(at) || !l.signedBy(signer) {
			return false
		}
		if graph == nil {
			var certs []*Certificate
			for _, list := range s.signers {
				certs = append(certs, list...)
			}
			graph = NewGraph(append(certs, path...), []*Certificate{anchor}, Limits{})
		}
		opts := &Options{Purpose: Purpose{Usage: AnyUsage, EKU: AnyEKU}, Limits: Limits{Signatures: 64, Paths: 8}}
		for up := range graph.Paths(context.Background(), signer, at, opts) {
			if up.Accepted() && s.unrevoked(up.Certificates, at) {
				return true
			}
		}
		return false
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.indirect == nil {
		s.indirect = make(map[authority]bool)
	}
	s.indirect[key] = good
	return good
}

// unrevoked reports whether lists of the issuers show that nothing on a path is revoked.
func (s *CRLs) unrevoked(path []*Certificate, at time.Time) bool {
	for i := range len(path) - 1 {
		if status, _ := s.revocation(path, i, at, false); status != RevocationGood {
			return false
		}
	}
	return true
}

// mayRevoke reports whether the key usage allows to sign revocation lists.
func (c *Certificate) mayRevoke() bool {
	e := &c.info().ext
	return !e.hasUsage || e.usage&usageCRLSign != 0
}

// signsLists reports whether the certificate may be that of a signer of lists.
func (c *Certificate) signsLists(at time.Time) bool {
	e := &c.info().ext
	return c.mayRevoke() && c.validAt(at) && len(e.unknownCritical)+len(e.malformed) == 0
}

func first[S ~[]E, E any](list S, n int) S { return list[:min(len(list), n)] }
