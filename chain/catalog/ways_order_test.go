package catalog

import (
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
)

// TestCompareWays holds that each reason decides against all that weigh less, whichever
// way is asked for first.
func TestCompareWays(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }
	anchor := [32]byte{9}
	opts := &WayOptions{Accepts: func(e Entry) bool { return e.SHA256 == anchor }}
	start := func() *Way {
		return &Way{Complete: true, Entries: []Entry{
			{Kind: Intermediate, SHA256: [32]byte{1}, Advice: Neutral, NotBefore: day(5), NotAfter: day(20)},
			{Kind: Cross, SHA256: [32]byte{2}, Advice: Neutral, NotBefore: day(5), NotAfter: day(20)},
			{Kind: Root, SHA256: anchor, Advice: Neutral, NotBefore: day(5), NotAfter: day(20), Mozilla: Programme{Trust: Yes}, WeakSignature: true},
		}}
	}
	last := func(w *Way) *Entry { return &w.Entries[len(w.Entries)-1] }
	nothing := func(*Way) {}
	better := [reasonEnd]func(*Way){
		byWhole: nothing, byAccepted: nothing, bySound: nothing, byNotRevoked: nothing, byNotAdvisedOf: nothing,
		byMoreServed: func(w *Way) { last(w).Apple.Trust = Yes },
		byAdvised:    func(w *Way) { w.Entries[len(w.Entries)-2].Advice = Recommended },
		byAtHand:     func(w *Way) { w.anchored = true },
		byFewerToAdd: nothing, byShorter: nothing,
		byEndsLater: func(w *Way) {
			for i := range w.Entries {
				w.Entries[i].NotAfter = day(21)
			}
		},
		byNewer: func(w *Way) { w.Entries[0].NotBefore = day(6) },
	}
	worse := [reasonEnd]func(*Way){
		byWhole:        func(w *Way) { w.Complete = false },
		byAccepted:     func(w *Way) { last(w).SHA256[0] = 8 },
		bySound:        func(w *Way) { w.Entries[0].WeakSignature = true },
		byNotRevoked:   func(w *Way) { w.Entries[0].Revoked = new(Revocation) },
		byNotAdvisedOf: func(w *Way) { w.Entries[0].Advice = LeaveOut },
		byMoreServed:   nothing, byAdvised: nothing, byAtHand: nothing,
		byFewerToAdd: func(w *Way) { w.add = 1 },
		byShorter:    func(w *Way) { w.Entries = append(w.Entries[:1:1], w.Entries...) },
		byEndsLater:  nothing, byNewer: nothing,
	}
	for r := NoPreference + 1; r < reasonEnd; r++ {
		a, b := start(), start()
		for lesser := reasonEnd - 1; lesser > r; lesser-- {
			worse[lesser](a)
			better[lesser](b)
		}
		better[r](a)
		worse[r](b)
		if n, reason := compareWays(*a, *b, opts); n >= 0 || reason != r {
			t.Errorf("%s: %d, %s", r, n, reason)
		}
		if n, reason := compareWays(*b, *a, opts); n <= 0 || reason != r {
			t.Errorf("%s, changed over: %d, %s", r, n, reason)
		}
	}
	a, b := start(), start()
	a.Entries[0].Advice, last(a).Advice = Recommended, Recommended // of a cross-certificate alone it counts
	if n, reason := compareWays(*a, *b, opts); n != 0 || reason != NoPreference {
		t.Errorf("equal: %d, %s", n, reason)
	}
	b.Entries[1].SHA256[0]++
	if n, reason := compareWays(*a, *b, opts); n >= 0 || reason != NoPreference {
		t.Errorf("by fingerprint: %d, %s", n, reason)
	}
	if n, reason := compareWays(*b, *a, opts); n <= 0 || reason != NoPreference {
		t.Errorf("by fingerprint, changed over: %d, %s", n, reason)
	}
}

// TestWayBounds holds when a way is valid, how long it may be, and that it does not go in
// circles.
func TestWayBounds(t *testing.T) {
	user := newCA(t, 100, rawName(t, attribute{oidCN, 12, "User"}))
	// line makes CAs, each issued by the one before, the first by itself.
	line := func(n int) (list []*chain.Certificate, last ca) {
		above := newCA(t, 1, rawName(t, attribute{oidCN, 12, "CA 1"}))
		list = []*chain.Certificate{above.issue(t, above, above.name, above.keyID(t))}
		for i := 2; i <= n; i++ {
			next := newCA(t, byte(i), rawName(t, attribute{oidCN, 12, "CA " + string(rune('0'+i))}))
			list = append(list, above.issue(t, next, above.name, above.keyID(t)))
			above = next
		}
		return list, above
	}
	for n, complete := range map[int]bool{1: true, 2: true, maxWayLength: true, maxWayLength + 1: false} {
		certs, last := line(n)
		ways := new(Catalog).WithCertificates(certs, "test").Ways(deadEnd(last.issueTo(t, user)), nil)
		if len(ways) != 1 || ways[0].Complete != complete || len(ways[0].Entries) != min(n, maxWayLength) || ways[0].Reason != NoPreference {
			t.Errorf("%d CAs: %+v", n, describeWays(ways))
		}
	}

	certs, last := line(2)
	catalog := new(Catalog).WithCertificates(certs, "test")
	end := deadEnd(last.issueTo(t, user))
	from, to := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	for at, want := range map[time.Time]int{{}: 1, from.Add(-time.Second): 0, from: 1, to: 1, to.Add(time.Second): 0} {
		if ways := catalog.Ways(end, &WayOptions{Time: at}); len(ways) != want {
			t.Errorf("at %s: %d ways, want %d", at, len(ways), want)
		}
	}

	catalog.entries[catalog.byHash[certs[0].SHA256()]].NotAfter = to.Add(-time.Second)
	if ways := catalog.Ways(end, &WayOptions{Time: to}); len(ways) != 1 || ways[0].Complete {
		t.Errorf("the root alone has expired: %v", describeWays(ways))
	}

	// Two roots that have certified each other.
	one, two := newCA(t, 1, rawName(t, attribute{oidCN, 12, "One"})), newCA(t, 2, rawName(t, attribute{oidCN, 12, "Two"}))
	oneRoot, twoRoot := one.issue(t, one, one.name, one.keyID(t)), two.issue(t, two, two.name, two.keyID(t))
	oneByTwo, twoByOne := two.issue(t, one, two.name, two.keyID(t)), one.issue(t, two, one.name, one.keyID(t))
	three, renamed := newCA(t, 3, rawName(t, attribute{oidCN, 12, "Three"})), newCA(t, 1, rawName(t, attribute{oidCN, 12, "Uno"}))
	oneByThree := three.issue(t, one, three.name, three.keyID(t))
	oneByRenamed, renamedByTwo := renamed.issue(t, one, renamed.name, renamed.keyID(t)), two.issue(t, renamed, two.name, two.keyID(t))
	end = deadEnd(one.issueTo(t, user))
	for _, test := range []struct {
		name     string
		certs    []*chain.Certificate
		ways     int
		complete bool
	}{
		{"both roots", []*chain.Certificate{oneRoot, twoRoot, oneByTwo, twoByOne}, 2, true},
		{"the other root", []*chain.Certificate{twoRoot, oneByTwo, twoByOne}, 1, true},
		{"no root", []*chain.Certificate{oneByTwo, twoByOne}, 1, false},
		{"one of them, not its root", []*chain.Certificate{oneByTwo}, 1, false},
		{"two that lead nowhere", []*chain.Certificate{oneByTwo, oneByThree}, 1, false},
		{"one that leads nowhere beside a root", []*chain.Certificate{oneRoot, oneByThree}, 1, true},
		{"the same key under another name", []*chain.Certificate{oneByRenamed, renamedByTwo, twoRoot}, 1, true},
	} {
		ways := new(Catalog).WithCertificates(test.certs, "test").Ways(end, nil)
		if len(ways) != test.ways {
			t.Errorf("%s: %v", test.name, describeWays(ways))
		}
		for _, way := range ways {
			if way.Complete != test.complete || way.Proof != Verified {
				t.Errorf("%s: %v", test.name, describeWays(ways))
			}
		}
	}

	// Entries without keys, as those of users' files.
	again := newCA(t, 4, one.name)
	againByOne := one.issue(t, again, one.name, one.keyID(t))
	for _, test := range []struct {
		name     string
		certs    []*chain.Certificate
		leaf     *chain.Certificate
		length   int
		complete bool
	}{
		{"two that certify each other", []*chain.Certificate{oneByTwo, twoByOne}, one.issueTo(t, user), 2, false},
		{"a root with another key under its name", []*chain.Certificate{oneRoot, againByOne}, again.issueTo(t, user), 2, true},
	} {
		catalog := new(Catalog).WithCertificates(test.certs, "test")
		for i := range catalog.entries {
			catalog.entries[i].Key, catalog.entries[i].IssuerKey = nil, nil
		}
		ways := catalog.Ways(deadEnd(test.leaf), nil)
		if len(ways) != 1 || ways[0].Complete != test.complete || ways[0].Proof != Unproved || len(ways[0].Entries) != test.length {
			t.Errorf("without keys, %s: %v", test.name, describeWays(ways))
		}
	}
}

// TestIssued holds which entries of the name of the issuer have issued one: by its key
// where both are known, else by its key identifier, as far as there is one.
func TestIssued(t *testing.T) {
	for _, tt := range []struct {
		name      string
		issuer, e Entry
		want      bool
	}{
		{"the key", Entry{Key: []byte{1}}, Entry{Key: []byte{9}, IssuerKey: []byte{1}}, true},
		{"another key", Entry{Key: []byte{1}}, Entry{Key: []byte{9}, IssuerKey: []byte{2}}, false},
		{"a key that is not known", Entry{Key: []byte{1}}, Entry{Key: []byte{9}}, false},
		{"another key, whatever the identifier", Entry{Key: []byte{1}, KeyID: []byte{1}}, Entry{Key: []byte{9}, IssuerKey: []byte{2}, IssuerKeyID: []byte{1}}, false},
		{"the identifier", Entry{KeyID: []byte{1}}, Entry{IssuerKeyID: []byte{1}}, true},
		{"another identifier", Entry{KeyID: []byte{1}}, Entry{IssuerKeyID: []byte{2}}, false},
		{"the identifier, of an entry without a key", Entry{Key: []byte{1}, KeyID: []byte{1}}, Entry{IssuerKeyID: []byte{2}}, false},
		{"the identifier, of an issuer without a key", Entry{KeyID: []byte{1}}, Entry{Key: []byte{9}, IssuerKey: []byte{2}, IssuerKeyID: []byte{1}}, true},
		{"no identifier of the issuer", Entry{KeyID: []byte{1}}, Entry{}, true},
		{"an issuer without one", Entry{}, Entry{IssuerKeyID: []byte{1}}, true},
	} {
		if got := issued(tt.issuer, tt.e); got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
	}
	root := Entry{Kind: Root, Subject: "CN=R", Issuer: "CN=R", SHA256: [32]byte{1}}
	below := Entry{Kind: Intermediate, Subject: "CN=I", Issuer: "CN=R", SHA256: [32]byte{2}}
	c := newCatalog(nil, []Entry{root, below}, "test", time.Time{})
	if ways := c.WaysFrom(root, nil); ways != nil {
		t.Errorf("from a root: %v", ways)
	}
	if ways := c.WaysFrom(below, nil); len(ways) != 1 || len(ways[0].Entries) != 1 || ways[0].Entries[0].SHA256 != root.SHA256 || ways[0].Proof != Unproved {
		t.Errorf("from below a root: %v", ways)
	}
	root.Key, below.Key, below.IssuerKey = []byte{1}, []byte{2}, []byte{1}
	if ways := newCatalog(nil, []Entry{root, below}, "test", time.Time{}).WaysFrom(below, nil); len(ways) != 1 || ways[0].Proof != Verified {
		t.Errorf("from below a root of which the key is known: %v", ways)
	}
}

// TestWhy holds that a way says its reason, and where that is advice, what is advised.
func TestWhy(t *testing.T) {
	advised := []Entry{{Kind: Root, Advice: Recommended, Reason: "a root"}, {Kind: Cross, Advice: Neutral, Reason: "neutral"}, {Kind: Cross, Advice: Recommended, Reason: "old devices"}}
	for r := NoPreference; r < reasonEnd; r++ {
		want := r.String()
		if r == NoPreference {
			want = ""
		}
		if got := (Way{Reason: r, Entries: advised[:2]}).Why().String(); got != want {
			t.Errorf("%d: %q, want %q", r, got, want)
		}
		if r == byAdvised {
			want = "old devices"
		}
		if got := (Way{Reason: r, Entries: advised}).Why().String(); got != want {
			t.Errorf("%d, with advice: %q, want %q", r, got, want)
		}
	}
}
