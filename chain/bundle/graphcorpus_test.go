package bundle_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/internal/msgraph"
	"github.com/smimechain/smimechain/testdata/outside"
)

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
				case strings.Contains(name, "convertto") != (g.Form == artefact.Printed):
					t.Errorf("form %s", g.Form)
				}
				switch known.Kind {
				case msgraph.Trusted:
					b := g.TrustedCertificate
					if b == nil || b.Fault != "" || len(b.Certificates) != 1 || !bytes.Equal(b.Certificates[0].Raw, root.Certificates[0].Raw) {
						t.Errorf("certificate %+v", b)
					}
					if strings.HasPrefix(known.Name, "windows") && !strings.HasPrefix(known.Name, "windowsPhone") && g.DestinationStore == "" {
						t.Error("no destination store")
					}
				case msgraph.Record:
					u := g.UserPFX
					if u.BlobFault != "" || u.PasswordFault != "" || len(u.Missing) > 0 || u.PFX == nil || !u.PFX.Password.Status.Right() || u.PasswordSize != 256 ||
						!strings.EqualFold(g.IntendedPurpose, "smimeEncryption") || !strings.EqualFold(u.PaddingScheme, "oaepSha512") {
						t.Errorf("%+v", u)
					}
				case msgraph.MailProfile:
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
