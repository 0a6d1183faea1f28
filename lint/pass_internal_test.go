package lint

import (
	"slices"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
	zlint "github.com/zmap/zlint/v3/lint"
)

// TestExpiry holds when something has expired, counts as expired, and what is said of it.
func TestExpiry(t *testing.T) {
	const day = 24 * time.Hour
	for _, tt := range []struct {
		ahead, left time.Duration
		want        string // empty: it has not
	}{
		{0, time.Second, ""},
		{0, 0, ""},
		{0, -time.Second, "expired on 2026-11-22"},
		{2 * day, 2 * day, ""},
		{2 * day, 2*day - time.Second, "expires on 2026-11-24, in 1 day, which counts as expired here (-ahead)"},
		{3 * day, 2 * day, "expires on 2026-11-24, in 2 days, which counts as expired here (-ahead)"},
		{3 * day, 0, "expires on 2026-11-22, in 0 days, which counts as expired here (-ahead)"},
	} {
		p := &Pass{Time: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), Ahead: tt.ahead}
		end := p.Time.Add(tt.left)
		if got := p.expired(end); got != (tt.want != "") {
			t.Errorf("%s left, %s ahead: expired %t", tt.left, tt.ahead, got)
		}
		if got := p.expiry(end); tt.want != "" && got.String() != tt.want {
			t.Errorf("%s left, %s ahead: %s, want %s", tt.left, tt.ahead, got, tt.want)
		}
	}
}

// TestSorted holds of which certificates rules speak: in a collection for Exchange Online of
// those of CAs alone, and never of what cannot be read.
func TestSorted(t *testing.T) {
	ca, user, unread := realCA(t, "root-usertrust-rsa.pem"), newCertificate(t), chain.ParseCertificate(nil)
	for _, tt := range []struct {
		target   Target
		format   bundle.Format
		beside   bool
		examined []int
		users    []int
	}{
		{ExchangeOnline, bundle.SST, false, []int{0}, nil},
		{ExchangeOnline, bundle.SST, true, []int{0, 1}, []int{1}},
		{ExchangeOnline, bundle.LDIF, false, []int{0, 1}, []int{1}},
		{Windows, bundle.SST, false, []int{0, 1}, []int{1}},
	} {
		f := &bundle.File{Name: "a", Format: tt.format}
		for _, c := range []*chain.Certificate{ca, user, unread} {
			f.Certificates = append(f.Certificates, bundle.Certificate{Certificate: c})
		}
		c := new(Collection)
		c.add(f)
		c.BesideStore = tt.beside
		c.Members[0].answers, c.Members[1].answers = []answer{}, []answer{}
		p := &Pass{Target: tt.target, Collection: c}
		p.sort()
		places := func(members []*Member) (list []int) {
			for _, m := range members {
				list = append(list, m.Index)
			}
			return list
		}
		if examined, users := places(p.examined), places(p.users); !slices.Equal(examined, tt.examined) || !slices.Equal(users, tt.users) {
			t.Errorf("%s, %s, beside %t: examined %v, users %v", tt.target, tt.format, tt.beside, examined, users)
		}
	}
}

// TestWorstAnswer holds what a rule about single certificates comes to: the worst of those
// that count, which those that a PFX does not need do not.
func TestWorstAnswer(t *testing.T) {
	found := say.New("found")
	member := func(s Status, m *say.Message) *Member {
		return &Member{File: &bundle.File{}, answers: []answer{{s, m}}}
	}
	good, bad, extra := member(zlint.Pass, nil), member(zlint.Error, &found), member(zlint.Error, &found)
	for _, tt := range []struct {
		members []*Member
		found   int
		want    Status
	}{
		{nil, 0, zlint.NA},
		{[]*Member{good}, 0, zlint.Pass},
		{[]*Member{extra}, 0, zlint.NA},
		{[]*Member{good, extra}, 0, zlint.Pass},
		{[]*Member{good, bad, extra}, 1, zlint.Error},
	} {
		p := &Pass{rule: &Rule{Name: "e_x"}, examined: tt.members, extras: map[*Member]bool{extra: true}, Collection: &Collection{Files: []*bundle.File{{}}}}
		if err := runChecks(p); err != nil {
			t.Fatal(err)
		}
		if got := p.worstAnswer(); got != tt.want || len(p.findings) != tt.found {
			t.Errorf("%d certificates: %s, %d findings, want %s, %d", len(tt.members), got, len(p.findings), tt.want, tt.found)
		}
	}
}

// TestLack holds what is said of a rule that lacks facts: that it could not run, and, where
// it decides for the target, that the verdict is unknown.
func TestLack(t *testing.T) {
	rule := &Rule{Name: "e_x", Facts: []Fact{factPurposes, factPrimarySMTP}, Decisive: []Target{Windows}}
	for target, open := range map[Target]int{Windows: 1, AppleMail: 0} {
		p := &Pass{Target: target, Facts: &Facts{Purposes: []chain.Usage{chain.Sign}}}
		missing := p.missing(rule)
		if !slices.Equal(missing, []Fact{factPrimarySMTP}) {
			t.Errorf("missing %v", missing)
		}
		if p.lack(rule, missing); len(p.unknown) != open || !slices.Equal(p.lacking[factPrimarySMTP], []string{"e_x"}) {
			t.Errorf("%s: %v %v", target, p.unknown, p.lacking)
		}
	}
}
