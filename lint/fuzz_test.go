package lint_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/testdata/schemas"
)

// fixtureFiles are all files of testdata that can be read, with their content.
func fixtureFiles(tb testing.TB) map[string][]byte {
	tb.Helper()
	found := map[string][]byte{}
	for _, dir := range []string{"example", "collections", "sectigo", "pfx"} {
		err := filepath.WalkDir(filepath.Join(testdata, dir), func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			found[filepath.Base(name)], err = os.ReadFile(name)
			return err
		})
		if err != nil {
			tb.Fatal(err)
		}
	}
	if len(found) < 20 {
		tb.Fatalf("%d files in testdata", len(found))
	}
	return found
}

// FuzzCheck goes the whole way of a check: two files are recognised, read and
// judged together, and the report is written in every format.
func FuzzCheck(f *testing.F) {
	seeds := fixtureFiles(f)
	store := seeds["complete.sst"]
	for _, data := range seeds {
		f.Add(data, []byte(nil))
		f.Add(data, store)
	}
	f.Add([]byte("Get-Content a.sst -Encoding Byte | Set-SmimeConfig -SMIMECertificateIssuingCA"), store)
	f.Add([]byte(`{"OWASigningAlgorithms":"8003","SMIMECertificateIssuingCA":null}`), store)
	f.Add([]byte(`{"@odata.type":"#microsoft.graph.userPFXCertificate"}`), store)
	f.Add([]byte(`<plist><dict><key>PayloadContent</key><array/></dict></plist>`), store)
	f.Fuzz(func(t *testing.T, data, beside []byte) {
		if len(data)+len(beside) > 1<<15 {
			t.Skip("more than the budget of one run")
		}
		var files []*bundle.File
		for i, d := range [][]byte{data, beside} {
			if file, err := bundle.Parse([]string{"a", "b"}[i], d); err == nil {
				files = append(files, file)
			}
		}
		opts := &lint.Options{Time: today}
		r, err := lint.Run(context.Background(), files, opts)
		if err != nil {
			if r != nil || !errors.Is(err, lint.ErrNothingToCheck) {
				t.Fatalf("got %v and %v", r, err)
			}
			return
		}
		checkReport(t, r)
		again, err := lint.Run(context.Background(), files, opts)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := renderJSON(t, r), renderJSON(t, again); !bytes.Equal(a, b) {
			t.Fatal("two runs differ")
		}
	})
}

// checkReport holds what is true of every report.
func checkReport(t *testing.T, r *lint.Report) {
	t.Helper()
	if len(r.Files) == 0 || len(r.Verdicts) != len(lint.Targets()) {
		t.Fatalf("%d files, %d verdicts", len(r.Files), len(r.Verdicts))
	}
	for i, v := range r.Verdicts {
		if v.Target != lint.Targets()[i] || (v.Status == lint.Fails) && len(v.Because) == 0 || (v.Status == lint.Works || v.Status == lint.NotApplicable) && len(v.Because) > 0 {
			t.Fatalf("verdict %v", v)
		}
	}
	for _, f := range r.Findings {
		if _, ok := lint.FindRule(f.Rule); !ok {
			t.Fatalf("there is no rule %s", f.Rule)
		}
		if f.Status < lint.Notice || f.File == "" && len(r.Files) == 1 || f.Message.String() == "" {
			t.Fatalf("finding %+v", f)
		}
	}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"text":  func(b *bytes.Buffer) error { return new(report.Options).Text(b, r) },
		"ja":    func(b *bytes.Buffer) error { return (&report.Options{Language: "ja"}).Text(b, r) },
		"sarif": func(b *bytes.Buffer) error { return new(report.Options).SARIF(b, r) },
		"junit": func(b *bytes.Buffer) error { return new(report.Options).JUnit(b, r) },
	} {
		var out bytes.Buffer
		if err := write(&out); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		switch name {
		case "sarif":
			if !json.Valid(out.Bytes()) {
				t.Fatal("SARIF is not JSON")
			}
		case "junit":
			if err := xml.Unmarshal(out.Bytes(), new(struct{ XMLName xml.Name })); err != nil {
				t.Fatalf("JUnit is not XML: %v", err)
			}
		default:
			if i := slices.IndexFunc(out.Bytes(), func(b byte) bool { return b < ' ' && b != '\n' || b == 0x7F }); i >= 0 {
				t.Fatalf("%s: control character %#x", name, out.Bytes()[i])
			}
		}
	}
}

func renderJSON(t *testing.T, r *lint.Report) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := new(report.Options).JSON(&out, r); err != nil || !json.Valid(out.Bytes()) {
		t.Fatalf("JSON: %v", err)
	}
	schemas.Report(t, out.Bytes())
	return out.Bytes()
}

// FuzzBaseline reads baselines.
func FuzzBaseline(f *testing.F) {
	const sum = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	for _, s := range []string{
		`{"version":1,"accept":[{"rule":"w_collection_end_entity","sha256":"` + sum + `","reason":"x","expires":"2027-03-31"}]}`,
		`{"version":1,"accept":[{"rule":"e_collection_no_root","file":"./a/../b.sst","reason":"x","expires":"2020-01-01"}]}`,
		`{"version":1}`, `{"version":2}`, `{"version":1}{}`, "\xEF\xBB\xBF{}", `[`, ``,
	} {
		f.Add([]byte(s))
	}
	file, err := bundle.ReadFile(filepath.Join(testdata, "collections", "root-missing.sst"))
	if err != nil {
		f.Fatal(err)
	}
	of, err := lint.Run(context.Background(), []*bundle.File{file}, &lint.Options{Time: today})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := lint.ParseBaseline("x", data)
		if (b == nil) == (err == nil) {
			t.Fatalf("got %v and %v", b, err)
		}
		if err != nil {
			return
		}
		r := *of
		r.Verdicts = slices.Clone(of.Verdicts)
		used := map[int]bool{}
		for _, i := range b.Apply(&r) {
			used[i] = true
		}
		if len(r.Findings)+len(r.Accepted) != len(of.Findings) {
			t.Fatalf("%d findings and %d accepted of %d", len(r.Findings), len(r.Accepted), len(of.Findings))
		}
		if n := len(reviewed(b, today, used)); n > len(b.Accept) {
			t.Fatalf("%d remarks on %d acceptances", n, len(b.Accept))
		}
	})
}

// TestConcurrentRun judges the same files with the same catalogue from many
// goroutines, for the race detector.
func TestConcurrentRun(t *testing.T) {
	files := load(t, testdata, "collections/complete.sst", "collections/unparseable.sst", "collections/private-key.pem", "example/leaf.pem", "pfx/widest.pfx")
	opts := &lint.Options{Time: today, Catalog: exampleCatalog(t), With: load(t, testdata, "example/old-root.pem"), Roots: load(t, testdata, "example/root-self-signed.pem")}
	want := renderJSON(t, run(t, files, opts))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 2 {
				r, err := lint.Run(context.Background(), files, opts)
				if err != nil {
					t.Error(err)
					return
				}
				if got := renderJSON(t, r); !bytes.Equal(got, want) {
					t.Error("another report")
				}
			}
		})
	}
	group.Wait()
}
