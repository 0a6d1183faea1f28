package describe_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/examples/smimechain/describe"
	"github.com/smimechain/smimechain/internal/console"
	"github.com/smimechain/smimechain/pkcs12"
	"github.com/smimechain/smimechain/sst"
)

// What is in a store, and from when to when is it valid?
func ExampleNewFile() {
	f, err := bundle.ReadFile("../../../testdata/collections/unparseable.sst")
	if err != nil {
		log.Fatal(err)
	}
	d := describe.NewFile(f)
	fmt.Println(d.Format)
	for _, e := range d.Elements {
		if e.Error.Err != nil {
			fmt.Println(e.Kind, "at", e.Offset, "cannot be read:", e.Error)
			continue
		}
		fmt.Println(e.Role, e.Key, e.NotAfter, e.Subject)
	}
	// Output:
	// sst
	// ca EC P-256 2036-03-21T23:59:59Z CN=Example Secure Email CA 1,O=Example Limited,C=GB
	// root EC P-256 2046-03-21T23:59:59Z CN=Example Email Protection Root 2021,O=Example Limited,C=GB
	// ca EC P-256 2038-01-18T23:59:59Z CN=Example Email Protection Root 2021,O=Example Limited,C=GB
	// root EC P-256 2038-01-18T23:59:59Z CN=Example Old Root,O=Example Limited,C=GB
	// certificate at 2184 cannot be read: not a certificate
}

// Who can open a PFX? That is known without its password.
func ExampleNewFile_pfx() {
	f, err := bundle.ReadFile("../../../testdata/pfx/modern-without-root.pfx")
	if err != nil {
		log.Fatal(err)
	}
	for _, v := range describe.NewFile(f).Compatible {
		if v.Importer == "ios-17" || v.Importer == "ios-18" {
			fmt.Println(v.Importer, v.Answer)
		}
	}
	// Output:
	// ios-17 no
	// ios-18 unknown
}

// encode writes a document as the command does.
func encode(t *testing.T, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := console.EncodeJSON(&b, v, "", "  "); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestFileDocument reads documents back: the types know each name, and write the same.
func TestFileDocument(t *testing.T) {
	for _, name := range []string{"collections/complete.sst", "collections/unparseable.sst", "collections/private-key-property.sst", "collections/private-key.pem", "example/leaf.pem"} {
		want := encode(t, describe.NewFile(read(t, name)[0]))
		var d describe.File
		decode(t, want, &d)
		if got := encode(t, d); !bytes.Equal(got, want) {
			t.Errorf("%s: got:\n%s\nwant:\n%s", name, got, want)
		}
	}
}

// A file without any element has an empty list, and a PFX has none.
func TestFileElements(t *testing.T) {
	f, err := bundle.Parse("none", []byte(`{"SMIMECertificateIssuingCA": null}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := encode(t, describe.NewFile(f)); !bytes.Contains(got, []byte(`"elements": []`)) {
		t.Errorf("%s", got)
	}
	d := describe.NewFile(read(t, "pfx/widest.pfx")[0])
	var names map[string]json.RawMessage
	if err := json.Unmarshal(encode(t, d), &names); err != nil {
		t.Fatal(err)
	}
	if names["elements"] != nil || names["safes"] == nil || names["compatible"] == nil || len(d.Compatible) != len(pkcs12.Importers()) {
		t.Errorf("%v", names)
	}
}

// TestStream holds that a store is described in the same way in parts and as a whole,
// as the command does with large ones.
func TestStream(t *testing.T) {
	for _, name := range []string{"complete.sst", "unparseable.sst", "private-key-property.sst"} {
		f := read(t, "collections/"+name)[0]
		file, err := os.Open(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		info, err := file.Stat()
		if err != nil {
			t.Fatal(err)
		}
		r, err := sst.NewReader(file, info.Size(), nil)
		if err != nil {
			t.Fatal(err)
		}
		var got []describe.Element
		for e, err := range r.Elements() {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, describe.NewElement(e))
		}
		if want := describe.NewFile(f).Elements; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got:\n%+v\nwant:\n%+v", name, got, want)
		}
	}
}

// TestFileKeys holds that nothing of a key is in a document.
func TestFileKeys(t *testing.T) {
	text, err := os.ReadFile("../../../testdata/pfx/password.txt")
	if err != nil {
		t.Fatal(err)
	}
	password := strings.TrimSpace(string(text))
	for _, name := range []string{"collections/private-key.pem", "collections/private-key-property.sst", "pfx/widest.pfx"} {
		f, err := (&bundle.Options{Password: &password}).ReadFile(context.Background(), "../../../testdata/"+name)
		if err != nil {
			t.Fatal(err)
		}
		found := f.PFX != nil && len(f.Keys) > 0
		for _, e := range describe.NewFile(f).Elements {
			found = found || e.Kind == "private key"
			for _, p := range e.Properties {
				if p.ID.Class().Has(sst.KeyMaterial) {
					found = true
					if p.Value != "" || p.Size == 0 {
						t.Errorf("%s: %+v", name, p)
					}
				}
			}
		}
		if !found {
			t.Errorf("%s: no key", name)
		}
	}
}
