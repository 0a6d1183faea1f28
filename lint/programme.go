package lint

import (
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
)

// appleSANOnly is the date from which on Apple reads addresses from the subject
// alternative name alone, in certificates under a root of its store.
var appleSANOnly = time.Date(2022, 4, 1, 0, 0, 0, 0, time.UTC)

// appleEntrust is the date after which Apple takes no new certificates under the
// roots of Entrust.
var appleEntrust = time.Date(2024, 11, 15, 23, 59, 59, 0, time.UTC)

func notEntrust(path *chain.Path) bool { return !ofEntrust(path.Anchor().Subject()) }

func ofEntrust(subject string) bool { return strings.Contains(subject, "O=Entrust") }

// ofApple returns what Apple says of a root.
func ofApple(e catalog.Entry) catalog.Programme {
	says := e.Apple
	if ofEntrust(e.Subject) {
		says.DistrustAfter = appleEntrust
	}
	return says
}

// ofNobody says nothing of a root, as for a target whose list is not known here.
func ofNobody(catalog.Entry) catalog.Programme { return catalog.Programme{} }

// trustedForWebOnly reports whether a root is known to be for web servers and not for
// mail. Apple does not publish for what a root in its store serves.
func trustedForWebOnly(e catalog.Entry) bool {
	web := e.MozillaTLS.Trust == catalog.Yes || e.MicrosoftTLS.Trust == catalog.Yes
	return web && e.Mozilla.Trust == catalog.No && e.Microsoft.Trust != catalog.Yes
}

func trustedByMozilla(e catalog.Entry) bool { return e.Mozilla.Trust == catalog.Yes }

// everyAnchor reports whether a start reaches anchors, all of which are known,
// and of the kind.
func (p *Pass) everyAnchor(s start, is func(catalog.Entry) bool) bool {
	for _, path := range s.result.Accepted {
		e, ok := p.entryOf(path.Anchor())
		if !ok || !is(e) {
			return false
		}
	}
	return len(s.result.Accepted) > 0
}

// eachAnchor calls f for each user all of whose paths end in one root that the
// catalogue knows.
func (p *Pass) eachAnchor(f func(start, catalog.Entry)) error {
	starts, err := p.userStarts()
	if err != nil {
		return err
	}
	for _, s := range starts {
		var only *catalog.Entry
		if p.everyAnchor(s, func(e catalog.Entry) bool {
			same := only == nil || only.SHA256 == e.SHA256
			only = &e
			return same
		}) {
			f(s, *only)
		}
	}
	return nil
}

// underApple reports whether a certificate leads to a root of Apple's store: one
// that is here, or one that is known to be the missing issuer.
func (p *Pass) underApple(s start) bool {
	for _, path := range s.result.Accepted {
		if e, ok := p.entryOf(path.Anchor()); ok && e.Apple.Trust == catalog.Yes {
			return true
		}
	}
	for _, end := range s.result.DeadEnds {
		for _, e := range p.Catalog.Known(end) {
			if e.Apple.Trust == catalog.Yes {
				return true
			}
		}
	}
	return false
}

// eachUserUnderApple calls f for the certificates of users from 2022-04-01 on
// that lead to a root of Apple's store.
func (p *Pass) eachUserUnderApple(f func(*Member)) error {
	starts, err := p.userStarts()
	if err != nil {
		return err
	}
	for _, s := range starts {
		if !s.member.Certificate.NotBefore().Before(appleSANOnly) && p.underApple(s) {
			f(s.member)
		}
	}
	return nil
}

// underAppleFind reports what a check finds of them.
func (p *Pass) underAppleFind(find func(*chain.Certificate) *say.Message) error {
	return p.eachUserUnderApple(func(m *Member) {
		if found := find(m.Certificate); found != nil {
			p.ReportMessage(m, *found)
		}
	})
}

// hasUserUnderApple reports whether there is one. An error of the search is left
// to the rules that always run.
func hasUserUnderApple(p *Pass) bool {
	found := false
	if err := p.eachUserUnderApple(func(*Member) { found = true }); err != nil {
		return true
	}
	return found
}
