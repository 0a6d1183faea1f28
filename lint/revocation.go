package lint

import (
	"cmp"
	"context"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
)

// revocations asks the revocation lists of the files and then, where there is one,
// another checker, and remembers what was said of each certificate. A certificate
// that no list covers stays on its path: that nothing is known of it is said of the
// need, for it alone.
type revocations struct {
	lists   *chain.CRLs
	other   chain.RevocationChecker // of the options; nil where there is none
	fetches bool                    // there is another: what it cannot tell is open
	seen    map[[32]byte]told
}

// told is what was said of one certificate.
type told struct {
	name   string
	status chain.RevocationStatus
	detail say.Message
	named  bool // a list that proves nothing, such as one that is out of date, revokes it
}

// newRevocations returns nil where nothing can be asked. The errors are of lists that
// are left out.
func newRevocations(files []*bundle.File, other chain.RevocationChecker) (*revocations, []error) {
	var lists [][]byte
	for _, f := range files {
		for _, l := range f.CRLs {
			lists = append(lists, l.Raw)
		}
	}
	if len(lists) == 0 && other == nil {
		return nil, nil
	}
	given := chain.NewCRLs(lists...)
	return &revocations{given.WithSigners(supporting(files)...), other, other != nil, map[[32]byte]told{}}, given.Errors()
}

// Revocation implements [chain.RevocationChecker].
func (r *revocations) Revocation(ctx context.Context, path []*chain.Certificate, i int, at time.Time) (chain.RevocationStatus, say.Message) {
	status, detail := r.lists.Revocation(ctx, path, i, at)
	if !status.Known() && r.other != nil {
		status, detail = r.other.Revocation(ctx, path, i, at)
	}
	c := path[i]
	named := !status.Known() && r.lists.Names(c)
	r.seen[c.SHA256()] = told{c.Subject(), status, detail, named}
	if status == chain.Revoked {
		return status, detail
	}
	return chain.RevocationGood, detail
}

// of returns what was said of a certificate.
func (r *revocations) of(c *chain.Certificate) told {
	if t, ok := r.seen[c.SHA256()]; ok {
		return t
	}
	return told{c.Subject(), chain.RevocationUnknown, say.New("no revocation list was asked"), false}
}

// revokes says why a certificate is revoked by what was said of it on some path or, for one
// that no path has, by a list of one of the issuers given. It is zero where nothing is known.
func (r *revocations) revokes(c *chain.Certificate, issuers []*chain.Certificate, at time.Time) say.Message {
	if r == nil {
		return say.Message{}
	}
	if t, ok := r.seen[c.SHA256()]; ok {
		if t.status == chain.Revoked {
			return t.detail
		}
		return say.Message{}
	}
	if !r.lists.Names(c) {
		return say.Message{}
	}
	for _, issuer := range issuers {
		if c.SignedBy(issuer) != nil {
			continue
		}
		if status, why := r.lists.Revocation(context.Background(), []*chain.Certificate{c, issuer}, 0, at); status == chain.Revoked {
			return why
		}
	}
	return say.Message{}
}

// checker returns what paths are checked with; nil where nothing is.
func (p *Pass) checker() chain.RevocationChecker {
	if p.revocation == nil {
		return nil
	}
	return p.revocation
}

// covers reports whether lists that hold cover every certificate that was asked
// about, and there was one.
func (r *revocations) covers() bool {
	if r == nil || len(r.seen) == 0 {
		return false
	}
	for _, t := range r.seen {
		if !t.status.Known() {
			return false
		}
	}
	return true
}

// RevocationCheck is what is known about the revocation of one certificate that was asked
// about: those of the chains of everything judged, without the anchors.
type RevocationCheck struct {
	Subject string // RFC 2253
	SHA256  string // of the certificate, 64 lower-case hexadecimal digits
	Status  chain.RevocationStatus
	Detail  say.Message // for people: changes; may be zero
}

// list returns what was said of each certificate, sorted by subject and digest.
func (r *revocations) list() []RevocationCheck {
	if r == nil {
		return nil
	}
	var list []RevocationCheck
	for sum, t := range r.seen {
		list = append(list, RevocationCheck{t.name, hex.EncodeToString(sum[:]), t.status, t.detail})
	}
	slices.SortFunc(list, func(a, b RevocationCheck) int {
		return cmp.Or(say.Compare(a.Subject, b.Subject), strings.Compare(a.SHA256, b.SHA256))
	})
	return list
}

// open says of which certificates it is not known whether they are revoked, though
// there is a list of their issuer, or one was asked for.
func (r *revocations) open() []NotChecked {
	if r == nil {
		return nil
	}
	var list []NotChecked
	for _, t := range r.seen {
		if !t.status.Known() && !t.detail.IsZero() {
			list = append(list, NotChecked{Code: codeRevocationUnknown, What: say.New("revocation of %s", quoteName(t.name)), Why: t.detail})
		}
	}
	return list
}
