package catalog

import (
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/sst"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestDistrusted holds the list of distrusted certificates to the file that Windows Update
// gave out, and that nothing else is on it.
func TestDistrusted(t *testing.T) {
	store, err := sst.Parse(outside.Read(t, "sst", "windows-update-disallowedcert.sst"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range store.Elements {
		if e.Kind != sst.Certificate {
			continue
		}
		n++
		cert := chain.ParseCertificate(e.Raw)
		d, ok := Default().Distrusted(cert.SHA256())
		if !ok || d.By != "Microsoft" || d.Source == "" || d.Date.IsZero() || d.Why().IsZero() {
			t.Errorf("%s: %+v", cert.Subject(), d)
		}
	}
	if n != 71 || len(Default().base.Note(1)) < 71*32 {
		t.Errorf("%d certificates", n)
	}
	for _, e := range Default().Entries() {
		if d, ok := Default().Distrusted(e.SHA256); ok && (e.Mozilla.Trust == Yes || e.Microsoft.Trust == Yes) {
			t.Errorf("%s: distrusted by %s, and in a programme", e.Subject, d.By)
		}
	}
}

// TestDistrustedNobody holds that a catalogue without a list names nothing.
func TestDistrustedNobody(t *testing.T) {
	for _, c := range []*Catalog{nil, new(Catalog), Default()} {
		for _, sum := range [][32]byte{{}, {0xff, 0xff}} {
			if d, ok := c.Distrusted(sum); ok {
				t.Errorf("%+v", d)
			}
		}
	}
	if got := (Distrusted{By: "Somebody", Date: time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC)}).Why().String(); got != "Somebody's list of distrusted certificates, as it was in 2018, names it" {
		t.Error(got)
	}
}
