package catalog

import (
	"strings"
	"testing"
	"time"
)

// TestLine holds that each fact of an entry is in its line, where there is one.
func TestLine(t *testing.T) {
	day := time.Date(2026, 2, 3, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name   string
		change func(*Entry)
		want   string
	}{
		{"nothing", func(*Entry) {}, ""},
		{"path length 0", func(e *Entry) { e.PathLength = 0 }, "pathlen:0"},
		{"path length", func(e *Entry) { e.PathLength = 2 }, "pathlen:2"},
		{"usages", func(e *Entry) { e.ExtKeyUsages = []string{"1.2", "1.3"} }, "eku:1.2,1.3"},
		{"constraints", func(e *Entry) { e.Constraints = []string{"a", "b"} }, "constraints:2"},
		{"Mozilla", func(e *Entry) { e.Mozilla.Trust = Yes }, "mozilla:yes"},
		{"Mozilla for servers", func(e *Entry) { e.MozillaTLS.Trust = No }, "mozilla-tls:no"},
		{"Microsoft", func(e *Entry) { e.Microsoft.Trust = No }, "microsoft:no"},
		{"Microsoft for servers", func(e *Entry) { e.MicrosoftTLS.Trust = Yes }, "microsoft-tls:yes"},
		{"Apple", func(e *Entry) { e.Apple.Trust = Yes }, "apple:yes"},
		{"a weak signature", func(e *Entry) { e.WeakSignature = true }, "weak-signature"},
		{"no key of the issuer", func(e *Entry) { e.IssuerKey = nil }, "issuer-key-unknown"},
		{"revoked", func(e *Entry) { e.Revoked = &Revocation{Date: day} }, "revoked:2026-02-03"},
		{"recommended", func(e *Entry) { e.Advice = Recommended }, "recommended"},
		{"to be left out", func(e *Entry) { e.Advice = LeaveOut }, "leave-out"},
	} {
		e := Entry{Kind: Cross, Advice: Neutral, Owner: "O", Subject: "S", Issuer: "I", PathLength: -1, IssuerKey: []byte{1}, NotBefore: day, NotAfter: day.AddDate(1, 0, 0)}
		test.change(&e)
		want := "O\tS\tI\tcross\t" + strings.Repeat("00", 32) + "\t2026-02-03\t2027-02-03"
		if test.want != "" {
			want += "\t" + test.want
		}
		if got := e.Line(); got != want {
			t.Errorf("%s: %q, want %q", test.name, got, want)
		}
	}
	// Of a root, what others say of it counts, and its own signature does not.
	root := Entry{Kind: Root, Advice: Neutral, PathLength: -1, IssuerKey: []byte{1}, WeakSignature: true}
	if got := root.Line(); !strings.HasSuffix(got, "\tunlisted") {
		t.Errorf("an unlisted root: %q", got)
	}
	root.Microsoft.Trust = Yes
	if got := root.Line(); !strings.HasSuffix(got, "\tmicrosoft:yes") {
		t.Errorf("a listed root: %q", got)
	}
}
