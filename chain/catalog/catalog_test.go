package catalog

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog/internal/table"
	"github.com/smimechain/smimechain/testdata/outside"
)

func sectigo(tb testing.TB, name string) *chain.Certificate {
	tb.Helper()
	data, err := os.ReadFile(outside.Corpus(tb, "sectigo", name+".pem"))
	if err != nil {
		tb.Fatal(err)
	}
	block, _ := pem.Decode(data)
	return chain.ParseCertificate(block.Bytes)
}

// checkEntry compares an entry with the certificate itself.
func checkEntry(t *testing.T, e Entry, c *chain.Certificate) {
	t.Helper()
	if e.KeyID != nil && !bytes.Equal(e.KeyID, c.SubjectKeyID()) {
		t.Errorf("%s: key id %x, certificate has %x", e.Subject, e.KeyID, c.SubjectKeyID())
	}
	if sum := sha1.Sum(c.Raw); e.SHA1 != nil && !bytes.Equal(e.SHA1, sum[:]) {
		t.Errorf("%s: SHA-1 %x", e.Subject, e.SHA1)
	}
	if sum := c.SPKISHA256(); e.SPKISHA256 != nil && !bytes.Equal(e.SPKISHA256, sum[:]) {
		t.Errorf("%s: SPKI %x", e.Subject, e.SPKISHA256)
	}
	day := func(t time.Time) string { return t.UTC().Format(time.DateOnly) }
	if day(e.NotBefore) != day(c.NotBefore()) || day(e.NotAfter) != day(c.NotAfter()) {
		t.Errorf("%s: %s to %s, certificate has %s to %s", e.Subject, e.NotBefore, e.NotAfter, c.NotBefore(), c.NotAfter())
	}
	if table.Fold(e.Subject) != table.Fold(c.Subject()) {
		t.Errorf("subject %s, certificate has %s", e.Subject, c.Subject())
	}
	if table.Fold(e.Issuer) != table.Fold(c.Issuer()) {
		t.Errorf("issuer %s, certificate has %s", e.Issuer, c.Issuer())
	}
	if (e.Kind == Root) != c.SelfSigned() {
		t.Errorf("%s: kind %s, self-signed %t", e.Subject, e.Kind, c.SelfSigned())
	}
	if e.IssuerKeyID != nil && c.AuthorityKeyID() != nil && !bytes.Equal(e.IssuerKeyID, c.AuthorityKeyID()) {
		t.Errorf("%s: issuer key id %x, certificate has %x", e.Subject, e.IssuerKeyID, c.AuthorityKeyID())
	}
}

func TestAgainstSectigo(t *testing.T) {
	for _, name := range []string{
		"ca-r36", "root-r46-self-signed", "root-r46-cross-signed-by-usertrust", "root-usertrust-rsa",
		"root-aaa", "usertrust-cross-signed-by-aaa", "ca-client-auth-and-secure-email-pre-2025", "ca-incommon-rsa-secure-email-3",
	} {
		t.Run(name, func(t *testing.T) {
			c := sectigo(t, name)
			id, entries := Default().Identify(c)
			if id != Exact {
				t.Fatalf("%s is %s", name, id)
			}
			checkEntry(t, entries[0], c)
		})
	}
}

// TestAgainstWindowsRoots compares the roots of the catalogue with the
// certificates of a store that Windows wrote.
func TestAgainstWindowsRoots(t *testing.T) {
	data, err := os.ReadFile(outside.Corpus(t, "sst", "certutil-roots-2025-07.sst"))
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for data = data[8:]; len(data) >= 12; {
		id := binary.LittleEndian.Uint32(data)
		n := binary.LittleEndian.Uint32(data[8:])
		if uint64(n) > uint64(len(data)-12) {
			t.Fatal("damaged store")
		}
		value := data[12 : 12+n]
		data = data[12+n:]
		if id != 32 {
			continue
		}
		c := chain.ParseCertificate(value)
		if e, ok := Default().ByFingerprint(c.SHA256()); ok {
			checked++
			checkEntry(t, e, c)
		}
	}
	if checked < 80 {
		t.Errorf("only %d roots compared", checked)
	}
	t.Logf("%d roots compared", checked)
}

func short(entries []Entry) (out []string) {
	for _, e := range entries {
		out = append(out, fmt.Sprintf("%X %s %s", e.SHA256[:4], e.Kind, e.Advice))
	}
	return out
}

func deadEnd(c *chain.Certificate) chain.DeadEnd {
	return chain.DeadEnd{Certificate: c, Issuer: c.Issuer(), RawIssuer: c.RawIssuer(), KeyID: c.AuthorityKeyID()}
}

func TestKnown(t *testing.T) {
	r46 := "[BC386A5C cross recommended D5917A77 root recommended 9582BE14 cross leave-out]"
	usertrust := "[E793C9B0 root recommended 68B9C761 cross leave-out]"
	noKeyID := deadEnd(sectigo(t, "ca-r36"))
	noKeyID.KeyID = nil
	otherKey := noKeyID
	otherKey.KeyID = []byte{1, 2, 3}
	for _, test := range []struct {
		name string
		d    chain.DeadEnd
		want string
	}{
		{"R36", deadEnd(sectigo(t, "ca-r36")), r46},
		{"R36 without key identifier", noKeyID, r46},
		{"R36 with another key identifier", otherKey, "[]"},
		{"R46 by USERTrust", deadEnd(sectigo(t, "root-r46-cross-signed-by-usertrust")), usertrust},
		{"R46 self-signed", deadEnd(sectigo(t, "root-r46-self-signed")), "[BC386A5C cross recommended 9582BE14 cross leave-out]"},
		{"leaf", deadEnd(sectigo(t, "leaf-support-ssystems-de")), "[11878370 intermediate recommended]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := fmt.Sprint(short(Default().Known(test.d))); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestURL(t *testing.T) {
	e, ok := Default().ByFingerprint(sectigo(t, "root-r46-cross-signed-by-usertrust").SHA256())
	if want := "https://crt.sh/?q=BC386A5C664B6B0B5E385FAC151AA3911606178359DED68AE5017DE985E78B94"; !ok || e.URL() != want {
		t.Errorf("got %s", e.URL())
	}
}

const example = `{
	"version": 1, "source": "our own PKI", "date": "2026-01-02",
	"certificates": [{
		"kind": "root", "subject": "CN=Example Root,O=Example\\, Inc.", "issuer": "CN=Example Root, O=Example\\2C Inc.",
		"sha256": "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
		"not_before": "2020-01-01T00:00:00Z", "not_after": "2030-01-01T00:00:00Z"
	}]
}`

func TestParse(t *testing.T) {
	c, err := Parse([]byte(example))
	if err != nil {
		t.Fatal(err)
	}
	both := Default().With(c)
	if n := len(both.Entries()); n != len(Default().Entries())+1 {
		t.Errorf("%d entries", n)
	}
	if _, ok := both.ByFingerprint(c.Entries()[0].SHA256); !ok {
		t.Error("the added entry is not found")
	}
	if n := len(both.With(Default()).Entries()); n != len(Default().Entries())+1 {
		t.Errorf("%d entries after adding them again", n)
	}
}

func TestParseErrors(t *testing.T) {
	sum := "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	for _, test := range []struct{ name, old, new, field string }{
		{"version", `"version": 1`, `"version": 2`, "version"},
		{"no source", `"our own PKI"`, `""`, "source"},
		{"date", "2026-01-02", "2 January", "date"},
		{"unknown field", `"source"`, `"origin"`, ""},
		{"unknown field of an entry", `"kind"`, `"sort"`, ""},
		{"kind", `"root"`, `"anchor"`, "kind"},
		{"subject", `"subject": "CN=Example Root,O=Example\\, Inc."`, `"subject": "Example Root"`, "subject"},
		{"root with another issuer", `"issuer": "CN=Example Root`, `"issuer": "CN=Other Root`, "issuer"},
		{"CA without an issuer", `"issuer": "CN=Example Root, O=Example\\2C Inc."`, `"issuer": "", "kind": "intermediate"`, "issuer"},
		{"fingerprint", sum, sum[2:], "sha256"},
		{"not hexadecimal", sum, "zz" + sum[2:], "sha256"},
		{"time", "2030-01-01T00:00:00Z", "2030-01-01", "not_after"},
		{"beginning", "2020-01-01T00:00:00Z", "2020", "not_before"},
		{"order of times", "2030-01-01T00:00:00Z", "2010-01-01T00:00:00Z", "not_after"},
		{"advice", `"kind"`, `"advice": "perhaps", "kind"`, "advice"},
		{"advice without reason", `"kind"`, `"advice": "leave-out", "kind"`, "reason"},
		{"trust", `"kind"`, `"apple": {"trust": "maybe"}, "kind"`, "apple.trust"},
		{"trust of the wrong type", `"kind"`, `"apple": {"trust": true}, "kind"`, "apple.trust"},
		{"distrust date", `"kind"`, `"mozilla": {"distrust_after": "soon"}, "kind"`, "mozilla.distrust_after"},
		{"key identifier", `"kind"`, `"key_id": "0", "kind"`, "key_id"},
		{"revocation", `"kind"`, `"revoked": {"date": "soon", "source": "x"}, "kind"`, "revoked.date"},
		{"revocation without source", `"kind"`, `"revoked": {"date": "2026-01-02"}, "kind"`, "revoked.source"},
		{"hierarchy", `"version": 1,`, `"version": 1, "hierarchies": [{"owner": "x"}],`, "hierarchies[0].source"},
		{"hierarchy's roots", `"version": 1,`, `"version": 1, "hierarchies": [{"owner": "x", "source": "x", "date": "2026-01-02", "roots": ["00"]}],`, "hierarchies[0].roots"},
		{"hierarchy's root with more behind", `"version": 1,`, `"version": 1, "hierarchies": [{"owner": "x", "source": "x", "date": "2026-01-02", "roots": ["` + sum + `zz"]}],`, "hierarchies[0].roots"},
		{"hierarchy's old roots", `"version": 1,`, `"version": 1, "hierarchies": [{"owner": "x", "source": "x", "date": "2026-01-02", "roots": ["` + sum + `"], "old": ["00"]}],`, "hierarchies[0].old"},
		{"hierarchy's date", `"version": 1,`, `"version": 1, "hierarchies": [{"owner": "x", "source": "x", "roots": ["` + sum + `"], "date": "x"}],`, "hierarchies[0].date"},
		{"hierarchy's beginning", `"version": 1,`, `"version": 1, "hierarchies": [{"owner": "x", "source": "x", "roots": ["` + sum + `"], "date": "2026-01-02", "since": "x"}],`, "hierarchies[0].since"},
		{"trailing data", "}]\n}", "}]\n} {}", ""},
		{"not JSON", "{", "[", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := strings.Replace(example, test.old, test.new, 1)
			if text == example {
				t.Fatal("nothing replaced")
			}
			c, err := Parse([]byte(text))
			e, ok := errors.AsType[*FormatError](err)
			if !ok || c != nil {
				t.Fatalf("got %v, %v", c, err)
			}
			if e.Field != test.field {
				t.Errorf("field %q, want %q: %v", e.Field, test.field, err)
			}
		})
	}
	double := strings.Replace(example, `[{`, `[`+example[strings.Index(example, "[{")+1:strings.Index(example, "}]")+1]+`,{`, 1)
	if _, err := Parse([]byte(double)); err == nil || !strings.Contains(err.Error(), "certificates[1].sha256") {
		t.Errorf("double entry: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(example))
	f.Add([]byte(`{"version":1,"source":"x","date":"2026-01-02","certificates":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Parse(data)
		if err == nil {
			c.Known(chain.DeadEnd{RawIssuer: data, KeyID: data})
			return
		}
		if _, ok := errors.AsType[*FormatError](err); !ok || c != nil {
			t.Errorf("got %v, %v", c, err)
		}
	})
}

func TestIdentify(t *testing.T) {
	real := sectigo(t, "root-r46-self-signed")
	// One octet of the signature changed: another certificate for the same key.
	der := bytes.Clone(real.Raw)
	der[len(der)-1] ^= 1
	if id, entries := Default().Identify(chain.ParseCertificate(der)); id != SameKey || len(entries) != 3 {
		t.Errorf("same key: %s, %d entries", id, len(entries))
	}
	// One octet of the key changed.
	der = bytes.Clone(real.Raw)
	i := bytes.Index(der, real.RawSubjectPublicKeyInfo())
	der[i+100] ^= 1
	if id, _ := Default().Identify(chain.ParseCertificate(der)); id != NameOnly {
		t.Errorf("other key: %s", id)
	}
	if id, _ := Default().Identify(sectigo(t, "leaf-support-ssystems-de")); id != stranger {
		t.Errorf("leaf: %s", id)
	}
}

func TestStrings(t *testing.T) {
	check := func(s fmt.Stringer, i int) {
		if strings.Contains(s.String(), "unknown") || s.String() == "invalid" {
			t.Errorf("%T(%d) has no name", s, i)
		}
	}
	for k := range kindEnd {
		check(k, int(k))
	}
	for a := range adviceEnd {
		check(a, int(a))
	}
	for i := range identityEnd {
		check(i, int(i))
	}
	for p := range proofEnd {
		check(p, int(p))
	}
	for r := range reasonEnd {
		check(r, int(r))
	}
	for tr := Yes; tr < trustEnd; tr++ {
		check(tr, int(tr))
	}
}

func TestAppleSince(t *testing.T) {
	sum, _ := hex.DecodeString("D5917A7791EB7CF20A2E57EB98284A67B28A57E89182DA53D546678C9FDE2B4F")
	e, ok := Default().ByFingerprint([32]byte(sum))
	if !ok || e.Apple.Trust != Yes || !strings.Contains(e.Apple.Since, "17.4") {
		t.Errorf("got %+v", e.Apple)
	}
}

func sha256Of(tb testing.TB, s string) [32]byte {
	tb.Helper()
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 32 {
		tb.Fatalf("%q is no fingerprint", s)
	}
	return [32]byte(b)
}

func mustHex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

func upperHex(b []byte) string { return fmt.Sprintf("%X", b) }

func sortedKeys(m map[string]bool) []string { return slices.Sorted(maps.Keys(m)) }
