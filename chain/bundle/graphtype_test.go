package bundle_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestGraphTypesByReference holds the table of types against the list that was taken
// from Microsoft's SDKs.
func TestGraphTypesByReference(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(outside.Corpus(t), "..", "reference", "graph-types.json"))
	if err != nil {
		t.Fatal(err)
	}
	var reference struct {
		Types []struct {
			Name, Group, Collection string
			Versions                []string
		}
	}
	if err := json.Unmarshal(text, &reference); err != nil {
		t.Fatal(err)
	}
	groups := map[string]bundle.GraphKind{
		"trusted-root": bundle.GraphTrusted, "imported-pfx": bundle.GraphImported, "user-pfx": bundle.GraphRecord,
		"email": bundle.GraphMailProfile, "scep": bundle.GraphSCEP, "pkcs": bundle.GraphPKCS,
		"app-configuration": bundle.GraphApp, "derived-credential": bundle.GraphDerived,
		// What is only a part of these, or only a base.
		"base": 0, "certificate-base": 0, "assignment": 0, "assignment-target": 0, "supporting": 0,
	}
	counts := map[bundle.GraphKind]int{}
	for _, want := range reference.Types {
		kind, ok := groups[want.Group]
		if !ok {
			t.Errorf("%s is of a group that is not known: %s", want.Name, want.Group)
		}
		got := bundle.FindGraphType("#microsoft.graph." + want.Name)
		if kind == 0 {
			if got != nil {
				t.Errorf("%s is no object of a roll-out", want.Name)
			}
			continue
		}
		counts[kind]++
		list := want.Collection[strings.LastIndexByte(want.Collection, '/')+1:]
		if got == nil || *got != (bundle.GraphType{Kind: kind, Name: want.Name, List: list, V1: slices.Contains(want.Versions, "v1.0")}) {
			t.Errorf("%s: %+v, list %s, versions %v", want.Name, got, list, want.Versions)
		}
	}
	total := 0
	for _, n := range counts {
		total += n
	}
	if total != len(bundle.GraphTypes()) || counts[bundle.GraphTrusted] != 10 || counts[bundle.GraphImported] != 8 || counts[bundle.GraphMailProfile] != 11 {
		t.Errorf("%d types of %d: %v", total, len(bundle.GraphTypes()), counts)
	}
}

// TestGraphKinds holds that each kind has a word, and each type is found by its name in
// any case.
func TestGraphKinds(t *testing.T) {
	words := map[string]bool{}
	for _, known := range bundle.GraphTypes() {
		words[known.Kind.String()] = true
		if got := bundle.FindGraphType("microsoft.graph." + strings.ToUpper(known.Name)); got == nil || *got != known {
			t.Errorf("%s is not found", known.Name)
		}
	}
	if len(words) != 8 || words[bundle.GraphKind(0).String()] {
		t.Errorf("%v", words)
	}
	for _, form := range []bundle.GraphForm{bundle.GraphBody, bundle.GraphRead, bundle.GraphPrinted, bundle.GraphDesired} {
		if form.String() == bundle.GraphForm(0).String() {
			t.Errorf("form %d has no word", form)
		}
	}
}

// TestGraphCorpus reads what Microsoft's SDKs and PowerShell wrote.
func TestGraphCorpus(t *testing.T) {
	folder := outside.Corpus(t, "graph")
	root, err := bundle.Parse("root", outside.Read(t, "graph", "example-root.cer"))
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	password := "example-password"
	n := 0
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".json")
		if !ok {
			continue
		}
		n++
		t.Run(name, func(t *testing.T) {
			f, err := (&bundle.Options{Password: &password}).Parse(context.Background(), e.Name(), outside.Read(t, "graph", e.Name()))
			kind, _, _ := strings.Cut(name, ".")
			kind = strings.TrimSuffix(kind, "-expanded")
			if kind == "assign-action" {
				if err == nil {
					t.Fatal("what assigns a profile is no profile")
				}
				return
			}
			if err != nil || f.Format != bundle.GraphJSON {
				t.Fatal(err)
			}
			for i := range f.Graph {
				g := &f.Graph[i]
				known := g.Known()
				switch {
				case known == nil:
					t.Errorf("type %q", g.Type)
					continue
				case kind != "deviceConfigurationCollectionResponse" && known.Name != kind:
					t.Errorf("type %s", known.Name)
				case strings.Contains(name, "convertto") != (g.Form == bundle.GraphPrinted):
					t.Errorf("form %s", g.Form)
				}
				switch known.Kind {
				case bundle.GraphTrusted:
					b := g.TrustedCertificate
					if b == nil || b.Fault != "" || len(b.Certificates) != 1 || !bytes.Equal(b.Certificates[0].Raw, root.Certificates[0].Raw) {
						t.Errorf("certificate %+v", b)
					}
					if strings.HasPrefix(known.Name, "windows") && !strings.HasPrefix(known.Name, "windowsPhone") && g.DestinationStore == "" {
						t.Error("no destination store")
					}
				case bundle.GraphRecord:
					u := g.UserPFX
					if u.BlobFault != "" || u.PasswordFault != "" || len(u.Missing) > 0 || u.PFX == nil || !u.PFX.Password.Status.Right() || u.PasswordSize != 256 ||
						!strings.EqualFold(g.IntendedPurpose, "smimeEncryption") || !strings.EqualFold(u.PaddingScheme, "oaepSha512") {
						t.Errorf("%+v", u)
					}
				case bundle.GraphMailProfile:
					if g.Mail.Signing == nil || g.Mail.Signing.ID == "" {
						t.Errorf("signs with %+v", g.Mail.Signing)
					}
				}
			}
		})
	}
	if n < 33 {
		t.Errorf("%d files", n)
	}
}

// TestForeignJSON holds that JSON and text of other software is none of Microsoft Graph.
func TestForeignJSON(t *testing.T) {
	outside.SkipUnderRace(t)
	if !outside.Required() {
		outside.Missing(t, "no folders of other software are to be read")
	}
	cache := os.Getenv("GOMODCACHE")
	if cache == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			t.Skip(err)
		}
		cache = filepath.Join(home, "go", "pkg", "mod")
	}
	const most = 3000 // files
	read := 0
	for _, folder := range []string{cache, "/usr/share"} {
		_ = filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() || !slices.Contains([]string{".json", ".md", ".txt", ".tf"}, filepath.Ext(path)) || strings.Contains(path, "smimechain") {
				return nil
			}
			if read++; read > most {
				return filepath.SkipAll
			}
			if info, err := d.Info(); err != nil || info.Size() > 1<<20 {
				return nil
			}
			data, err := os.ReadFile(path)
			if err != nil || len(data) == 0 {
				return nil
			}
			if f, err := bundle.Parse("x", data); err == nil && f.Format == bundle.GraphJSON {
				t.Errorf("%s is taken for an object of Microsoft Graph", path)
			}
			return nil
		})
	}
	t.Logf("%d files", read)
}
