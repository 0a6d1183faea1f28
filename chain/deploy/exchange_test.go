package deploy

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/sst"
	"github.com/smimechain/smimechain/testdata/outside"
)

const testdata = "../../testdata"

var today = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

// unquote gives back the value of an expression that quote made.
func unquote(t *testing.T, expression string) string {
	t.Helper()
	var units []uint16
	for part := range strings.SplitSeq(strings.Trim(expression, "()"), " + ") {
		if number, ok := strings.CutPrefix(part, "[string][char]0x"); ok {
			unit, err := strconv.ParseUint(number, 16, 16)
			if err != nil {
				t.Fatal(err)
			}
			units = append(units, uint16(unit))
			continue
		}
		literal, ok := strings.CutPrefix(part, "'")
		literal, ok2 := strings.CutSuffix(literal, "'")
		if !ok || !ok2 || strings.Contains(literal, "'") {
			t.Fatalf("%s is no literal", part)
		}
		units = append(units, utf16.Encode([]rune(literal))...)
	}
	return string(utf16.Decode(units))
}

// load reads files below a folder.
func load(t *testing.T, dir string, names ...string) []*bundle.File {
	t.Helper()
	var files []*bundle.File
	for _, name := range names {
		f, err := bundle.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// pack makes the collection of files of testdata.
func pack(t *testing.T, names ...string) *PublicCollection {
	t.Helper()
	c, err := Pack(load(t, testdata, names...), today)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// output returns the file of a roll-out with the given name.
func output(t *testing.T, outputs []Output, name string) []byte {
	t.Helper()
	for _, o := range outputs {
		if o.Name == name {
			return o.Data
		}
	}
	t.Fatalf("no file %s", name)
	return nil
}

func TestExchange(t *testing.T) {
	c := pack(t, "collections/complete.sst")
	for _, opts := range []*ExchangeOptions{nil, {Current: []byte("x")}} {
		outputs, err := Exchange(c, opts)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Exchange(c, opts)
		if err != nil {
			t.Fatal(err)
		}
		for i, o := range outputs {
			if !bytes.Equal(o.Data, again[i].Data) || o.Name != again[i].Name {
				t.Errorf("%s differs in a second run", o.Name)
			}
			if o.Secret {
				t.Errorf("%s is called a secret", o.Name)
			}
		}
		store, err := bundle.Parse("smime.sst", output(t, outputs, "smime.sst"))
		if err != nil {
			t.Fatal(err)
		}
		if len(store.Certificates) != len(c.Certificates) {
			t.Errorf("%d certificates in the store, want %d", len(store.Certificates), len(c.Certificates))
		}
		script := output(t, outputs, "Set-SmimeCollection.ps1")
		wantPowerShell(t, script)
		for _, b := range script {
			if b >= 0x80 {
				t.Fatal("the script is not ASCII")
			}
		}
		f, err := bundle.Parse("x.ps1", script)
		if err != nil || f.Format != bundle.Script {
			t.Fatalf("the script is read as %v, %v", f, err)
		}
	}
}

// TestExchangeOrder holds that the script checks before it connects, saves
// before it uploads, and compares at the end.
func TestExchangeOrder(t *testing.T) {
	outputs, err := Exchange(pack(t, "collections/complete.sst"), nil)
	if err != nil {
		t.Fatal(err)
	}
	rest := string(output(t, outputs, "Set-SmimeCollection.ps1"))
	sum := sha256.Sum256(output(t, outputs, "smime.sst"))
	for _, step := range []string{
		"$expectedHash = '" + hex.EncodeToString(sum[:]) + "'",
		"$store = [System.IO.File]::ReadAllBytes($Path)",
		"if ($hash -cne $expectedHash) {",
		"Connect-ExchangeOnline",
		"$before = Invoke-SmimeReading -Reading { Read-SmimeValue }",
		"Assert-SmimeReplaceable -Bytes $before",
		"added: {0}", "removed: {0}",
		"$PSCmdlet.ShouldProcess($tenant,",
		"$now = Invoke-SmimeReading -Reading { Read-SmimeValue }",
		"if (-not (Test-SmimeSame -Bytes $now ",
		"[System.IO.FileMode]::CreateNew",
		"$saved = [System.IO.File]::ReadAllBytes($SaveTo)",
		"EscapeSingleQuotedStringContent($SaveTo)",
		"Write-Host \"  $rollback\"",
		"Set-SmimeConfig -SMIMECertificateIssuingCA $store -WhatIf:$false -Confirm:$false -ErrorAction Stop",
		"$after = Invoke-SmimeReading -Reading { Read-SmimeValue }",
		"Start-Sleep",
		"Do not go back",
		"Write-Output ('Uploaded and read back",
	} {
		_, after, ok := strings.Cut(rest, step)
		if !ok {
			t.Fatalf("not there, or not in its place: %s", step)
		}
		rest = after
	}
}

// TestExchangeHostileNames holds that what a certificate calls itself stays in
// its comment.
func TestExchangeHostileNames(t *testing.T) {
	for _, s := range hostile {
		filled := func(s string) []byte {
			return scriptFile(script(locale.English).exchange(&exchangeFacts{Store: s, SHA256: s, Thumbprints: []string{s}, Comments: []string{s}, Current: s, CurrentThumbprints: []string{s}}))
		}
		got, clean := filled(s), filled("x")
		if got, want := commandNames(t, got), commandNames(t, clean); got != want {
			t.Errorf("%q changes what the script runs:\n%s\nwant\n%s", s, got, want)
		}
		if n, want := bytes.Count(got, []byte("\n")), bytes.Count(clean, []byte("\n")); n != want {
			t.Errorf("%q changes the number of lines: %d, want %d", s, n, want)
		}
	}
}

func commandNames(t *testing.T, script []byte) string {
	t.Helper()
	f, err := bundle.Parse("x.ps1", script)
	if err != nil {
		t.Fatal(err)
	}
	var names strings.Builder
	for _, c := range f.Script.Commands {
		fmt.Fprintf(&names, "%d %s", c.Line, c.Name)
		for _, p := range c.Parameters {
			fmt.Fprintf(&names, " -%s", p.Name)
		}
		fmt.Fprintf(&names, " %d\n", len(c.Arguments))
	}
	return names.String()
}

func TestExchangeErrors(t *testing.T) {
	if _, err := Exchange(new(PublicCollection), nil); !errors.Is(err, ErrEmpty) {
		t.Errorf("an empty collection: %v", err)
	}
	large := pack(t, "collections/complete.sst")
	for range 200 {
		large.Certificates = append(large.Certificates, large.Certificates[0])
	}
	if _, err := Exchange(large, nil); !errors.Is(err, errTooLarge) {
		t.Errorf("a large collection: %v", err)
	}
}

// TestCurrent holds which file tells the collection in use, and what a script knows of it.
func TestCurrent(t *testing.T) {
	type settings = []artefact.Settings
	for _, tt := range []struct {
		name string
		f    *bundle.File
		ok   bool
	}{
		{"a store", &bundle.File{Format: bundle.SST, Store: sst.New()}, true},
		{"settings", &bundle.File{Format: bundle.ExchangeJSON, Settings: settings{{}}}, true},
		{"settings that do not show it", &bundle.File{Format: bundle.ExchangeJSON, Settings: settings{{Unseen: true}}}, false},
		{"settings of a mailbox", &bundle.File{Format: bundle.ExchangeJSON, Settings: settings{{Mailbox: true}}}, false},
		{"settings of a mailbox and of the tenant", &bundle.File{Format: bundle.ExchangeJSON, Settings: settings{{Mailbox: true, Unseen: true}, {}}}, true},
		{"no settings", &bundle.File{Format: bundle.ExchangeJSON}, false},
		{"another file", &bundle.File{Format: bundle.PEM, Settings: settings{{}}}, false},
	} {
		value, ok, err := CurrentCollection(tt.f)
		if ok != tt.ok || err != nil || (value != nil) != (tt.f.Store != nil) {
			t.Errorf("%s: %x, %t, %v", tt.name, value, ok, err)
		}
	}
	c := pack(t, "collections/complete.sst")
	script := func(current []byte) string {
		out, err := Exchange(c, &ExchangeOptions{Current: current})
		if err != nil {
			t.Fatal(err)
		}
		return string(out[1].Data)
	}
	if script(nil) != script([]byte{}) {
		t.Error("no value and an empty one are not the same")
	}
	_, cert := testCertificate(t, bothUsages, "2028-01-01")
	store := sst.New()
	store.Elements = []sst.Element{{Kind: sst.Certificate, Raw: cert.Raw}, {Kind: sst.CRL, Raw: []byte{0x30, 0}}}
	value, err := store.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if text := script(value); !strings.Contains(text, thumbprint(cert.Raw)) || strings.Contains(text, thumbprint([]byte{0x30, 0})) {
		t.Error("the script does not know the certificates of the value in use, or takes a revocation list for one")
	}
}

// TestExchangeSize holds that a collection may be as large as Exchange takes, and no larger.
func TestExchangeSize(t *testing.T) {
	of := func(padding int) *PublicCollection {
		key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
		template := &x509.Certificate{SerialNumber: big.NewInt(1), ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 2, 3}, Value: make([]byte, padding)}}}
		der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		return &PublicCollection{Certificates: []*chain.Certificate{chain.ParseCertificate(der)}}
	}
	const roughly = 69_000
	data, err := of(roughly).SST()
	if err != nil {
		t.Fatal(err)
	}
	exact := roughly + sst.MaxExchangeSize - len(data)
	for _, tt := range []struct {
		padding int
		good    bool
	}{{exact, true}, {exact + 1, false}} {
		out, err := Exchange(of(tt.padding), nil)
		if (err == nil) != tt.good || !tt.good && !errors.Is(err, errTooLarge) {
			t.Errorf("%v", err)
		}
		if tt.good && len(out[0].Data) != sst.MaxExchangeSize {
			t.Errorf("%d octets, want %d", len(out[0].Data), sst.MaxExchangeSize)
		}
	}
}

// smimeConfig returns settings as ConvertTo-Json writes them.
func smimeConfig(t *testing.T, store []byte) *bundle.File {
	t.Helper()
	f, err := bundle.Parse("current.json", fmt.Appendf(nil, `{"SMIMECertificateIssuingCA": %q}`, base64.StdEncoding.EncodeToString(store)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestDiffAndMerge(t *testing.T) {
	complete, err := os.ReadFile(filepath.Join(testdata, "collections", "complete.sst"))
	if err != nil {
		t.Fatal(err)
	}
	current := smimeConfig(t, complete)
	next := load(t, filepath.Join(testdata, "sectigo"), "root-usertrust-rsa.pem", "root-r46-self-signed.pem")
	packed, err := Pack(next, today)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := count(Diff(current, packed)), (map[ChangeKind]int{Removed: 4, Added: 2}); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("replaced: %v, want %v", got, want)
	}
	merged, err := Merge(current, next, today)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := count(Diff(current, merged)), (map[ChangeKind]int{Kept: 4, Added: 2}); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("merged: %v, want %v", got, want)
	}
	value, ok, err := CurrentCollection(current)
	if err != nil || !ok || !bytes.Equal(value, complete) {
		t.Errorf("the collection in use is not given back: %t, %v", ok, err)
	}
	if value, ok, err := CurrentCollection(smimeConfig(t, nil)); value != nil || !ok || err != nil {
		t.Errorf("no collection in use: %v, %t, %v", value, ok, err)
	}
	if _, ok, _ := CurrentCollection(next[0]); ok {
		t.Error("a certificate tells the collection in use")
	}
}

func count(changes []Change) map[ChangeKind]int {
	n := map[ChangeKind]int{}
	for _, c := range changes {
		n[c.Kind]++
	}
	return n
}

// TestExchangeSectigo packs the real chain.
func TestExchangeSectigo(t *testing.T) {
	files := load(t, filepath.Join(outside.Corpus(t), "sectigo"), "ca-r36.pem", "root-r46-self-signed.pem", "root-r46-cross-signed-by-usertrust.pem", "root-usertrust-rsa.pem")
	c, err := Pack(files, today)
	if err != nil {
		t.Fatal(err)
	}
	outputs, err := Exchange(c, nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(output(t, outputs, "smime.sst")); n < 5000 || n > 9000 {
		t.Errorf("the store has %d bytes", n)
	}
	wantPowerShell(t, output(t, outputs, "Set-SmimeCollection.ps1"))
}
