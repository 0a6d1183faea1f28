package catalog

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/catalog/internal/table"
)

// generated returns a file of the generator, which is not part of what importers download.
func generated(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(name)
	if _, folder := os.Stat("gen/data"); errors.Is(err, fs.ErrNotExist) && folder != nil {
		tb.Skip("not in this copy of the module")
	}
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func TestDefault(t *testing.T) {
	c := Default()
	entries := c.Entries()
	if c.Source() == "" || c.Date().Format(time.DateOnly) != "2026-08-21" {
		t.Errorf("source %q, date %s", c.Source(), c.Date())
	}
	kinds := map[EntryKind]int{}
	keys := map[string]bool{}
	unlinked := 0
	for i, e := range entries {
		kinds[e.Kind]++
		keys[string(e.Key)] = true
		if i > 0 && bytes.Compare(entries[i-1].SHA256[:], e.SHA256[:]) >= 0 {
			t.Errorf("%X is not sorted", e.SHA256)
		}
		if e.Source == "" || e.Owner == "" || e.Key == nil || e.NotAfter.Before(e.NotBefore) {
			t.Errorf("%X %s: source %q, owner %q, %d octets of key", e.SHA256, e.Subject, e.Source, e.Owner, len(e.Key))
		}
		if e.Kind == Root && e.Mozilla.Trust == Yes && e.Mozilla.DistrustAfter.IsZero() {
			t.Errorf("%s: no distrust date", e.Subject)
		}
		if e.Kind != Root && e.Listed() {
			t.Errorf("%s: a programme lists a certificate that is not a root", e.Subject)
		}
		if e.Listed() && (e.Apple.Trust == Unknown || e.Apple.Date.IsZero()) {
			t.Errorf("%s: Apple says %s at %s", e.Subject, e.Apple.Trust, e.Apple.Date)
		}
		if e.Advice == LeaveOut && e.NotAfter.Year() > 2028 {
			t.Errorf("%s: left out, ends %s", e.Subject, e.NotAfter)
		}
		if (e.Advice != Neutral) && e.Reason == "" {
			t.Errorf("%s: %s without a reason", e.Subject, e.Advice)
		}
		if e.IssuerKey == nil {
			unlinked++
			continue
		}
		if issuers := c.IssuersOf(e); e.Kind == Root && !slices.ContainsFunc(issuers, func(f Entry) bool { return f.SHA256 == e.SHA256 }) {
			t.Errorf("%s: the issuers of a root are %v", e.Subject, short(issuers))
		}
	}
	if len(entries) != 2881 || kinds[Root] != 755 || kinds[Cross] != 123 || kinds[Intermediate] != 2003 || unlinked != 1 {
		t.Errorf("%d entries, kinds %v, %d without the key of the issuer", len(entries), kinds, unlinked)
	}
	if n := len(keys); n != 2483 {
		t.Errorf("%d keys, want 2483", n)
	}
	if n := len(defaultFile); n > 1_500_000 {
		t.Errorf("the embedded file has %d octets", n)
	}
}

// TestText holds that the text beside the generator is that of the embedded file.
func TestText(t *testing.T) {
	want := strings.Split(strings.TrimSuffix(string(generated(t, "gen/data/known.txt")), "\n"), "\n")
	var got []string
	for _, e := range Default().Entries() {
		got = append(got, e.Line())
	}
	slices.Sort(got)
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("line %d differs; run go generate ./chain/catalog", i+1)
		}
	}
}

// TestKnownCAs holds the entries to the table of CAs that other sources give.
func TestKnownCAs(t *testing.T) {
	rows, err := csv.NewReader(bytes.NewReader(generated(t, "gen/data/known-cas.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	changed := map[string]bool{}
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, name := range rows[0] {
			m[name] = row[i]
		}
		e, ok := Default().ByFingerprint(sha256Of(t, m["sha256"]))
		if !ok {
			t.Errorf("%s %s is missing", m["sha256"], m["subject"])
			continue
		}
		kind := m["kind"]
		if kind == "intermediate" && e.Kind == Cross {
			kind = "cross"
		}
		for _, f := range []struct{ name, got, want string }{
			{"kind", e.Kind.String(), kind},
			{"sha1", upperHex(e.SHA1), m["sha1"]},
			{"key id", upperHex(e.KeyID), m["ski"]},
			{"SPKI", upperHex(e.SPKISHA256), m["spki_sha256"]},
			{"not before", e.NotBefore.Format(time.RFC3339), m["not_before"]},
			{"not after", e.NotAfter.Format(time.RFC3339), m["not_after"]},
			{"source", e.Source, m["source"]},
			{"Microsoft", e.Microsoft.Trust.String(), m["microsoft_email_2025_07"]},
		} {
			// The table has the time of day of some and not of others.
			if f.want != "" && f.got != f.want && !strings.HasPrefix(f.want, f.got[:min(10, len(f.got))]+"T") {
				t.Errorf("%s: %s is %s, want %s", e.Subject, f.name, f.got, f.want)
			}
		}
		if m["kind"] != "root" {
			continue
		}
		for column, got := range map[string]Trust{"mozilla_email": e.Mozilla.Trust, "mozilla_tls": e.MozillaTLS.Trust} {
			if got.String() != m[column] {
				changed[column+" "+m["sha256"][:8]+" "+got.String()] = true
			}
		}
	}
	// ePKI, Atos and TrustAsia: the list of 2026-07 says no where that of 2026-05 said yes.
	want := []string{"mozilla_email BE4B56CB no", "mozilla_email C0A6F4DC no", "mozilla_email E0D3226A no", "mozilla_email F356BEA2 no", "mozilla_tls C0A6F4DC no", "mozilla_tls F356BEA2 no"}
	if got := sortedKeys(changed); !slices.Equal(got, want) {
		t.Errorf("changed since: %q", got)
	}
}

// FuzzDamaged asks a damaged file: nothing may panic, and what is found is an entry.
func FuzzDamaged(f *testing.F) {
	f.Add(uint32(0), byte(0), uint32(0))
	f.Add(uint32(14), byte(0xff), uint32(0))
	f.Add(uint32(60), byte(0x80), uint32(1000))
	f.Add(uint32(1_400_000), byte(1), uint32(0))
	f.Add(uint32(1_200_000), byte(1), uint32(5))
	real := Default().Entries()
	f.Fuzz(func(t *testing.T, at uint32, change byte, cut uint32) {
		data := []byte(defaultFile)
		data[int(at)%len(data)] ^= change
		data = data[:len(data)-int(cut)%len(data)]
		base, err := table.Open(string(data))
		if err != nil {
			return
		}
		c := &Catalog{base: base}
		base.Notes()
		for i := 0; i < len(real); i += 97 {
			e := real[(i+int(at))%len(real)]
			c.ByKeyID(e.KeyID)
			if found, ok := c.ByFingerprint(e.SHA256); ok {
				c.IssuersOf(found)
			}
			c.named(table.Fold(e.Subject))
		}
	})
}
