package deploy

import (
	"context"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/pkcs12"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// offered is a source that has some certificates, or fails.
type offered struct {
	list []*chain.Certificate
	err  error
}

func (o offered) Certificates(_ context.Context, _ []*chain.Certificate, want func([32]byte, func() *chain.Certificate) bool) ([]*chain.Certificate, error) {
	return slices.DeleteFunc(slices.Clone(o.list), func(c *chain.Certificate) bool { return !want(c.SHA256(), func() *chain.Certificate { return c }) }), o.err
}

// TestCompleteUnknown holds that issuers that the catalogue does not know are taken from a
// source: those whose keys signed, that are CAs and valid, up to a root.
func TestCompleteUnknown(t *testing.T) {
	at := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	key := func(n byte) ed25519.PrivateKey {
		return ed25519.NewKeyFromSeed(append([]byte{n}, make([]byte, ed25519.SeedSize-1)...))
	}
	serial := int64(0)
	issue := func(name string, own byte, issuer string, by byte, ca bool, until time.Time) *chain.Certificate {
		serial++
		c := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name}, NotBefore: at.AddDate(-2, 0, 0), NotAfter: until, IsCA: ca, BasicConstraintsValid: true, SubjectKeyId: []byte{own}, AuthorityKeyId: []byte{by}}
		if ca {
			c.KeyUsage = x509.KeyUsageCertSign
		}
		parent := &x509.Certificate{Subject: pkix.Name{CommonName: issuer}, SubjectKeyId: []byte{by}}
		der, err := x509.CreateCertificate(nil, c, parent, key(own).Public(), key(by))
		if err != nil {
			t.Fatal(err)
		}
		return chain.ParseCertificate(der)
	}
	later := at.AddDate(1, 0, 0)
	issuing := issue("issuing", 1, "middle", 2, true, later)
	middle, cross := issue("middle", 2, "root", 3, true, later), issue("middle", 2, "another root", 4, true, later)
	root := issue("root", 3, "root", 3, true, later)
	others := []*chain.Certificate{
		issue("middle", 2, "root", 3, true, at.AddDate(-1, 0, 0)), // expired
		issue("middle", 2, "root", 3, false, later),               // no CA
		issue("middle", 5, "root", 3, true, later),                // of another key
		issuing,
	}
	given := []*chain.Certificate{issuing}
	complete := func(sources ...CASource) (*Completion, error) {
		return Complete(t.Context(), given, at, &CompleteOptions{Sources: sources})
	}
	names := func(d *Completion) string {
		var list []string
		for _, c := range d.Added {
			if !slices.Contains([]*chain.Certificate{middle, cross, root}, c) {
				list = append(list, "(another)")
			}
			list = append(list, c.CommonName())
		}
		return strings.Join(list, ", ")
	}
	d, err := complete(offered{list: append(others, root, cross)}, offered{list: []*chain.Certificate{middle}})
	if err != nil || names(d) != "middle, middle, root" || len(d.Unknown)+len(d.Lacking) != 0 {
		t.Errorf("%s, unknown %v, lacking %v, %v", names(d), d.Unknown, d.Lacking, err)
	}
	d, err = complete(offered{list: append(others, middle)})
	if err != nil || names(d) != "middle" || len(d.Unknown) != 1 || !strings.Contains(d.Unknown[0].String(), "root") {
		t.Errorf("without a root: %s, unknown %v, %v", names(d), d.Unknown, err)
	}
	d, err = Complete(t.Context(), given, at, nil)
	if err != nil || names(d) != "" || len(d.Unknown) != 1 || !strings.Contains(d.Unknown[0].String(), "middle") {
		t.Errorf("without sources: %s, unknown %v, %v", names(d), d.Unknown, err)
	}
	d, err = Complete(t.Context(), []*chain.Certificate{root}, at, nil)
	if err != nil || len(d.Added)+len(d.Unknown)+len(d.Lacking) != 0 {
		t.Errorf("a root: %+v, %v", d, err)
	}
	// What the catalogue knows is named, each once, and nothing else is taken.
	known := new(catalog.Catalog).WithCertificates([]*chain.Certificate{middle, root}, "test")
	next := issue("issuing too", 6, "middle", 2, true, later)
	lacking := func(given []*chain.Certificate, sources ...CASource) (added, lacks string) {
		d, err := Complete(t.Context(), given, at, &CompleteOptions{Catalog: known, Sources: sources})
		if err != nil || len(d.Unknown) > 0 {
			t.Errorf("known: unknown %v, %v", d.Unknown, err)
		}
		var list []string
		for _, e := range d.Lacking {
			list = append(list, e.Subject)
		}
		return names(d), strings.Join(list, ", ")
	}
	for _, tt := range []struct {
		given          []*chain.Certificate
		sources        []*chain.Certificate
		added, lacking string
	}{
		{[]*chain.Certificate{issuing}, nil, "", "CN=middle, CN=root"},
		{[]*chain.Certificate{issuing, next}, nil, "", "CN=middle, CN=root"},
		{[]*chain.Certificate{issuing, middle}, nil, "", "CN=root"},
		{[]*chain.Certificate{issuing}, append(others, middle, cross), "middle", "CN=root"},
		{[]*chain.Certificate{issuing}, append(others, middle, cross, root), "middle, root", ""},
	} {
		if added, lacks := lacking(tt.given, offered{list: tt.sources}); added != tt.added || lacks != tt.lacking {
			t.Errorf("known: %v: added %s, lacking %s", tt.given, added, lacks)
		}
	}
	fails := errors.New("the source fails")
	if d, err := complete(offered{err: fails}); !errors.Is(err, fails) || d != nil {
		t.Errorf("%+v, %v", d, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if d, err := Complete(ended, given, at, nil); !errors.Is(err, context.Canceled) || d != nil {
		t.Errorf("%+v, %v", d, err)
	}
}

// TestMissingItem holds what is said of what is missing, by what is known of it.
func TestMissingItem(t *testing.T) {
	sum := strings.Repeat("ab", 32)
	for _, tt := range []struct {
		missing lint.Missing
		want    string
	}{
		{lint.Missing{Subject: "CN=a"}, "nothing more is known"},
		{lint.Missing{Subject: "CN=a", URLs: []string{"http://a", "http://b"}}, "than an address, http://a, http://b: ask"},
		{lint.Missing{Subject: "CN=a", SHA256: sum, URLs: []string{"http://a"}}, "CN=a: SHA-256 " + strings.ToUpper(sum) + ", valid until 0001-01-01, http://a"},
		{lint.Missing{Subject: "CN=a", SHA256: sum, Kind: "cross", URLs: []string{"http://a"}}, "CN=a as a cross-certificate: SHA-256 " + strings.ToUpper(sum)},
	} {
		if got := missingItem(&tt.missing).String(); !strings.Contains(got, tt.want) {
			t.Errorf("%s, want %s", got, tt.want)
		}
	}
}

// TestLists holds how lists look in both forms, and what a line keeps of a text.
func TestLists(t *testing.T) {
	for _, tt := range []struct {
		section        Section
		html, markdown string
	}{
		{Section{Items: []string{"a"}}, "<ul>\n<li>a</li>\n</ul>", "- a\n"},
		{Section{Items: []string{"a"}, Steps: true}, "<ol>\n<li>a</li>\n</ol>", "1. a\n"},
		{Section{Items: []string{"a"}, Boxes: true}, "<ul>\n<li>☐ a</li>\n</ul>", "- [ ] a\n"},
	} {
		d := &Guide{Title: "t", Sections: []Section{tt.section}}
		if html, markdown := string(d.HTML()), string(d.Markdown()); !strings.Contains(html, tt.html) || !strings.Contains(markdown, tt.markdown) {
			t.Errorf("%+v:\n%s\n%s", tt.section, html, markdown)
		}
	}
	if got := oneLine("a\tb\nc\u00a0d\u2028e\u3000f\x1bg"); got != "a b c d e\u3000f\ufffdg" {
		t.Errorf("%q", got)
	}
}

// TestScriptFile holds that a script has a byte order mark where it has other characters than
// those of ASCII, and lines that end in CRLF.
func TestScriptFile(t *testing.T) {
	for text, want := range map[string]string{"a\nb\n": "a\r\nb\r\n", "\x7F": "\x7F", "\u0080": "\uFEFF\u0080", "é\n": "\uFEFFé\r\n", "": ""} {
		if got := string(scriptFile(text)); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// TestUserOfRow holds which name a row has, and which column is at fault.
func TestUserOfRow(t *testing.T) {
	for _, tt := range []struct {
		row  UserRow
		want string
	}{
		{UserRow{UPN: "a@example.com", Facts: &lint.Facts{PrimarySMTP: "b@example.com"}}, "a@example.com"},
		{UserRow{Facts: &lint.Facts{PrimarySMTP: "b@example.com"}}, "b@example.com"},
		{UserRow{UPN: "a@example.com"}, "a@example.com"},
		{UserRow{}, ""},
	} {
		if got := tt.row.User(); got != tt.want {
			t.Errorf("%+v: %q", tt.row, got)
		}
	}
	rows, err := ParseUsers([]byte("file,mail,connector_key_bits,directory_certificates\na.pfx,a@example.com,12,1\n"))
	if err != nil || len(rows) != 1 || rows[0].Err == nil || !strings.HasPrefix(rows[0].Err.Error(), "connector_key_bits: ") {
		t.Errorf("%+v, %v", rows, err)
	}
}

// TestChoose holds by what a private key of a PFX is chosen: its number, or eight digits or
// more of the fingerprint of its certificate.
func TestChoose(t *testing.T) {
	report, err := pkcs12.Inspect(testPFX(t, bothUsages, testPassword), testPassword)
	if err != nil {
		t.Fatal(err)
	}
	sum := report.Bag(report.Identities[0].Leaf).Certificate.SHA256()
	digits := hex.EncodeToString(sum[:])
	for which, good := range map[string]bool{
		"": true, "0": true, "1": false, "-1": false, digits: true, strings.ToUpper(digits): true, digits[:8]: true, digits[:7]: false, digits[:6] + ":" + digits[6:10]: true, digits[1:9]: false,
	} {
		if n, err := choose(report, which); (err == nil) != good || n != 0 && good {
			t.Errorf("%q: %d, %v", which, n, err)
		}
	}
}

// TestBestChain holds that an identity gets the certificates that lead to a root, and none
// where they are not there.
func TestBestChain(t *testing.T) {
	at := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	key, _ := testCertificate(t, bothUsages, "2028-01-01")
	name := pkix.Name{CommonName: "Example CA"}
	root := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: name, NotBefore: at.AddDate(-1, 0, 0), NotAfter: at.AddDate(1, 0, 0), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign, SubjectKeyId: []byte{1, 2, 3}}
	der, err := x509.CreateCertificate(nil, root, root, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	ca := chain.ParseCertificate(der)
	report, err := pkcs12.Inspect(testPFX(t, bothUsages, testPassword), testPassword)
	if err != nil {
		t.Fatal(err)
	}
	for _, with := range [][]*chain.Certificate{nil, {ca}} {
		got, err := bestChain(t.Context(), report, report.Identities[0].Leaf, at, &RewriteOptions{With: with})
		if err != nil || !slices.Equal(got, with) {
			t.Errorf("with %d: %v, %v", len(with), got, err)
		}
	}
}

// TestRecommended holds that a path is recommended for a cross-certificate that the catalogue
// recommends, and for nothing else.
func TestRecommended(t *testing.T) {
	dir := filepath.Join("..", "..", "testdata", "sectigo")
	certificate := func(name string) *chain.Certificate {
		data, err := os.ReadFile(filepath.Join(dir, name+".pem"))
		if err != nil {
			t.Fatal(err)
		}
		block, _ := pem.Decode(data)
		return chain.ParseCertificate(block.Bytes)
	}
	cross, issuing := certificate("root-r46-cross-signed-by-usertrust"), certificate("ca-incommon-rsa-secure-email-3")
	root, old := certificate("root-r46-self-signed"), certificate("root-usertrust-rsa")
	for _, tt := range []struct {
		name string
		path []*chain.Certificate
		want bool
	}{
		{"none", nil, false},
		{"a cross-certificate", []*chain.Certificate{cross, old}, true},
		{"roots and an issuing CA", []*chain.Certificate{issuing, root, old}, false},
	} {
		if got := recommended(&chain.Path{Certificates: tt.path}, nil); got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
		if recommended(&chain.Path{Certificates: tt.path}, new(catalog.Catalog).WithCertificates(tt.path, "x")) {
			t.Errorf("%s: recommended by a catalogue without advice", tt.name)
		}
	}
	if e, _ := catalog.Default().ByFingerprint(root.SHA256()); e.Advice != catalog.Recommended {
		t.Errorf("the root is %v: it tells nothing any more", e.Advice)
	}
}

// TestConnectorNames holds that a connector has a key with a name and a provider.
func TestConnectorNames(t *testing.T) {
	in := &Import{UPN: testAddress, PFX: testPFX(t, bothUsages, testPassword), Password: testPassword, Purpose: SMIMESigning}
	for _, c := range []Connector{{}, {Provider: "p"}, {KeyName: "k"}} {
		c.Key = &generate(t, 2048).PublicKey
		if _, err := userBody(in, &c, today); err == nil || err.Error() != "the name of the key or of its provider is missing" {
			t.Errorf("%q and %q: %v", c.Provider, c.KeyName, err)
		}
	}
}

// TestAllOf holds when every private key of a file is written: where each can be, and each
// has a certificate of its own.
func TestAllOf(t *testing.T) {
	report, err := pkcs12.Inspect(testPFX(t, bothUsages, testPassword), testPassword)
	if err != nil {
		t.Fatal(err)
	}
	one := report.Identities[0]
	other, without, closed := one, one, one
	other.Leaf, without.Leaf, closed.Matches = pkcs12.BagRef{9, 9}, nil, pkcs12.No
	for _, tt := range []struct {
		name       string
		identities []pkcs12.Identity
		want       bool
	}{
		{"none", nil, false},
		{"one", []pkcs12.Identity{one}, false},
		{"two", []pkcs12.Identity{one, other}, true},
		{"two with one certificate", []pkcs12.Identity{one, one}, false},
		{"three, two of which have one certificate", []pkcs12.Identity{one, other, one}, false},
		{"one without a certificate", []pkcs12.Identity{one, without}, false},
		{"one with that of another key", []pkcs12.Identity{closed, other}, false},
	} {
		report.Identities = tt.identities
		if got := allOf(report); got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
		if n, err := choose(report, ""); errors.Is(err, ErrSeveralIdentities) != (len(tt.identities) > 1) || n != 0 {
			t.Errorf("%s: chosen is %d, %v", tt.name, n, err)
		}
		for i := range tt.identities {
			if n, err := choose(report, strconv.Itoa(i)); n != i || err != nil {
				t.Errorf("%s: chosen by its number %d is %d, %v", tt.name, i, n, err)
			}
		}
		if n, err := choose(report, strconv.Itoa(len(tt.identities))); n != 0 || err == nil {
			t.Errorf("%s: chosen by a number that is none is %d", tt.name, n)
		}
	}
	// A fingerprint that two have chooses none; one without its certificate is passed over.
	sum := report.Bag(one.Leaf).Certificate.SHA256()
	for _, tt := range []struct {
		identities []pkcs12.Identity
		want       int
		err        bool
	}{{[]pkcs12.Identity{one, one}, 0, true}, {[]pkcs12.Identity{without, other, one}, 2, false}, {[]pkcs12.Identity{one, without}, 0, false}, {[]pkcs12.Identity{without, other}, 0, true}} {
		report.Identities = tt.identities
		if n, err := choose(report, hex.EncodeToString(sum[:])); n != tt.want || (err != nil) != tt.err {
			t.Errorf("%v: %d, %v", tt.identities, n, err)
		}
	}
}

// TestRewriteWithoutIdentity holds that a file without a private key, or with one that belongs
// to no certificate in it, is an error.
func TestRewriteWithoutIdentity(t *testing.T) {
	_, cert := testCertificate(t, bothUsages, "2028-01-01")
	trusted, err := gopkcs12.LegacyDES.EncodeTrustStore([]*x509.Certificate{cert}, testPassword)
	if err != nil {
		t.Fatal(err)
	}
	mixed, err := gopkcs12.LegacyDES.Encode(generate(t, 2048), cert, nil, testPassword)
	if err != nil {
		t.Fatal(err)
	}
	password := testPassword
	for name, pfx := range map[string][]byte{"no key": trusted, "the key of another": mixed} {
		if out, err := Rewrite(t.Context(), pfx, "ios-17", today, &RewriteOptions{Password: &password, NewPassword: "another"}); err == nil || out != nil {
			t.Errorf("%s: %d octets, %v", name, len(out), err)
		}
	}
}

// TestWants holds which certificates are asked for: those that the catalogue knows to be
// missing, and issuers of what it does not know.
func TestWants(t *testing.T) {
	at := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	issue := func(name string, ca bool, until time.Time, by ed25519.PrivateKey) *chain.Certificate {
		c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: at.AddDate(-2, 0, 0), NotAfter: until, IsCA: ca, BasicConstraintsValid: true}
		der, err := x509.CreateCertificate(nil, c, &x509.Certificate{Subject: pkix.Name{CommonName: "CA"}}, key.Public(), by)
		if err != nil {
			t.Fatal(err)
		}
		return chain.ParseCertificate(der)
	}
	another := ed25519.NewKeyFromSeed(append([]byte{1}, make([]byte, ed25519.SeedSize-1)...))
	strange, strangeToo := issue("user", false, at, another), issue("user", false, at, key)
	ca := issue("CA", true, at, key)
	for _, tt := range []struct {
		name    string
		c       *chain.Certificate
		have    bool
		wanted  bool
		strange []*chain.Certificate
		want    bool
	}{
		{"known to be missing", ca, false, true, nil, true},
		{"known to be missing, and there", ca, true, true, nil, false},
		{"not known to be missing", ca, false, false, nil, false},
		{"known to be missing, whoever signed", ca, false, true, []*chain.Certificate{strange}, true},
		{"has signed", ca, false, false, []*chain.Certificate{strangeToo}, true},
		{"has signed one of two", ca, false, false, []*chain.Certificate{strange, strangeToo}, true},
		{"has signed, and is there", ca, true, false, []*chain.Certificate{strangeToo}, false},
		{"has not signed", ca, false, false, []*chain.Certificate{strange}, false},
		{"is no CA", issue("CA", false, at, key), false, false, []*chain.Certificate{strangeToo}, false},
		{"has expired", issue("CA", true, at.Add(-time.Second), key), false, false, []*chain.Certificate{strangeToo}, false},
		{"cannot be had", nil, false, false, []*chain.Certificate{strangeToo}, false},
	} {
		g := newGaps(nil, at)
		var sum [32]byte
		if tt.c != nil {
			sum = tt.c.SHA256()
		}
		g.have[sum], g.wanted[sum], g.strange = tt.have, tt.wanted, tt.strange
		asked := false
		got := g.wants(sum, func() *chain.Certificate { asked = true; return tt.c })
		if got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
		if asked != (!tt.have && !tt.wanted && tt.strange != nil) {
			t.Errorf("%s: the certificate is asked for: %t", tt.name, asked)
		}
	}
}

// TestFill holds that a certificate which two sources have is taken once, and what nobody
// asked for is left.
func TestFill(t *testing.T) {
	_, user := testCertificate(t, bothUsages, "2028-01-01")
	_, old := testCertificate(t, bothUsages, "2027-01-01")
	a, b := chain.FromX509(user), chain.FromX509(old)
	g := newGaps([]*chain.Certificate{b}, today)
	if g.wanted[a.SHA256()] = true; !g.have[b.SHA256()] {
		t.Error("what is there is not known")
	}
	found, err := g.fill(t.Context(), []CASource{pushed{a, b, a}, pushed{a}})
	if err != nil || !slices.Equal(found, []*chain.Certificate{a}) {
		t.Errorf("%v, %v", found, err)
	}
}

// pushed is a source that gives what it has, whatever is asked for.
type pushed []*chain.Certificate

func (p pushed) Certificates(context.Context, []*chain.Certificate, func([32]byte, func() *chain.Certificate) bool) ([]*chain.Certificate, error) {
	return p, nil
}

// TestDeadEnds holds of which certificates it is told where their chains stop, each once.
func TestDeadEnds(t *testing.T) {
	_, user := testCertificate(t, bothUsages, "2028-01-01")
	leaf := chain.FromX509(user)
	for name, tt := range map[string]struct {
		given []*chain.Certificate
		want  int
	}{
		"one": {[]*chain.Certificate{leaf}, 1}, "one twice": {[]*chain.Certificate{leaf, leaf}, 1}, "none": {nil, 0},
		"what cannot be read": {[]*chain.Certificate{chain.ParseCertificate([]byte{0x30, 0})}, 0},
	} {
		ends, err := deadEnds(t.Context(), tt.given, tt.given, today)
		if err != nil || len(ends) != tt.want {
			t.Errorf("%s: %v, %v", name, ends, err)
		}
	}
}

// profileOf writes a profile with identities, each with a password where it is not empty.
func profileOf(password string, pfx ...[]byte) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict><key>PayloadType</key><string>Configuration</string><key>PayloadVersion</key><integer>1</integer><key>PayloadIdentifier</key><string>a</string><key>PayloadUUID</key><string>b</string><key>PayloadContent</key><array>`)
	for i, data := range pfx {
		fmt.Fprintf(&b, "<dict><key>PayloadType</key><string>com.apple.security.pkcs12</string><key>PayloadVersion</key><integer>1</integer><key>PayloadIdentifier</key><string>c%d</string><key>PayloadUUID</key><string>d%d</string><key>PayloadContent</key><data>%s</data>", i, i, base64.StdEncoding.EncodeToString(data))
		if password != "" {
			fmt.Fprintf(&b, "<key>Password</key><string>%s</string>", password)
		}
		b.WriteString("</dict>")
	}
	b.WriteString("</array></dict></plist>")
	return []byte(b.String())
}

// TestRewriteProfile holds which identity of a profile is written anew, and under which
// password: one that was given goes before that of the profile.
func TestRewriteProfile(t *testing.T) {
	one, two := testPFXUntil(t, "2027-01-01"), testPFXUntil(t, "2028-01-01")
	right, wrong := testPassword, "wrong"
	good := &RewriteOptions{NewPassword: "another", Password: &right}
	for _, tt := range []struct {
		name  string
		data  []byte
		opts  *RewriteOptions
		which string
		opens string // the password of what is written; empty: there is an error
		year  int    // in which the certificate ends
	}{
		{"a password", profileOf("", one), good, "", "another", 2027},
		{"that of the profile", profileOf(right, one), &RewriteOptions{NewPassword: "another"}, "", "another", 2027},
		{"that of the profile stays", profileOf(right, one), &RewriteOptions{}, "", right, 2027},
		{"another than that of the profile", profileOf(wrong, one), good, "", "another", 2027},
		{"a wrong one, and that of the profile", profileOf(right, one), &RewriteOptions{NewPassword: "another", Password: &wrong}, "", "", 0},
		{"that which was given does not stay", profileOf("", one), &RewriteOptions{Password: &right}, "", "", 0},
		{"that which was given does not stay, nor that of the profile", profileOf(right, one), &RewriteOptions{Password: &right}, "", "", 0},
		{"no password", profileOf("", one), &RewriteOptions{NewPassword: "another"}, "", "", 0},
		{"the only one, by its number", profileOf("", one), good, "0", "another", 2027},
		{"another number", profileOf("", one), good, "1", "", 0},
		{"the first of two", profileOf("", one, two), good, "0", "another", 2027},
		{"the last of two", profileOf(right, one, two), &RewriteOptions{}, "1", right, 2028},
		{"a third of two", profileOf("", one, two), good, "2", "", 0},
		{"less than none", profileOf("", one, two), good, "-1", "", 0},
		{"either of two", profileOf("", one, two), good, "", "", 0},
		{"no identity", profileOf(""), good, "", "", 0},
		{"no profile", one, good, "", "another", 2027},
		{"no options", one, nil, "", "", 0},
		{"neither", []byte("neither"), good, "", "", 0},
	} {
		opts := tt.opts
		if opts != nil {
			copied := *opts
			copied.Identity = tt.which
			opts = &copied
		}
		out, err := Rewrite(t.Context(), tt.data, "ios-17", today, opts)
		if (err == nil) != (tt.opens != "") || err != nil && out != nil {
			t.Errorf("%s: %d octets, %v", tt.name, len(out), err)
			continue
		}
		if len(tt.data) > len(one)*2 && tt.opens == "" && strings.Contains(tt.name, "two") && !errors.Is(err, ErrSeveralIdentities) {
			t.Errorf("%s: %v", tt.name, err)
		}
		if err != nil {
			continue
		}
		_, cert, err := gopkcs12.Decode(out, tt.opens)
		if err != nil || cert.NotAfter.Year() != tt.year {
			t.Errorf("%s: %v, %v", tt.name, cert, err)
		}
		if opts.Password = &right; opts.NewPassword == "" {
			opts.NewPassword = right
		}
		if _, err := Rewrite(t.Context(), tt.data, "a program that nobody has", today, opts); err == nil {
			t.Errorf("%s: written for a program that nobody has", tt.name)
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if out, err := Rewrite(ended, tt.data, "ios-17", today, opts); !errors.Is(err, context.Canceled) || out != nil {
			t.Errorf("%s: written where the context has ended: %v", tt.name, err)
		}
	}
}

// TestExponent holds which keys are taken for those of a connector.
func TestExponent(t *testing.T) {
	large := new(big.Int).SetBit(big.NewInt(1), maxConnectorKey-1, 1)
	for _, tt := range []struct {
		n    *big.Int
		e    int
		good bool
	}{
		{new(big.Int).SetBit(big.NewInt(1), minConnectorKey-1, 1), 3, true}, {new(big.Int).SetBit(big.NewInt(1), minConnectorKey-2, 1), 3, false},
		{large, 65537, true}, {new(big.Int).SetBit(big.NewInt(1), maxConnectorKey, 1), 65537, false}, {large, 1, false}, {large, 4, false},
	} {
		data := pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(&rsa.PublicKey{N: tt.n, E: tt.e})})
		if key, err := ParseConnectorKey(data); (err == nil) != tt.good || (key != nil) != tt.good || err != nil && !errors.Is(err, errConnectorKey) {
			t.Errorf("%d bits, exponent %d: %v", tt.n.BitLen(), tt.e, err)
		}
	}
	for name, c := range map[string]*Connector{"no key": {}, "no modulus": {Key: new(rsa.PublicKey)}} {
		if n, err := c.Capacity(); n != 0 || !errors.Is(err, errConnectorKey) {
			t.Errorf("%s: %d, %v", name, n, err)
		}
	}
	der, err := x509.MarshalPKCS8PrivateKey(generate(t, 2048))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ParseConnectorKey(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})); !errors.Is(err, errConnectorKey) {
		t.Errorf("a private key: %v", err)
	}
}
