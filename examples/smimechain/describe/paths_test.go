package describe_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/examples/smimechain/describe"
	"github.com/smimechain/smimechain/internal/console"
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/say"
)

// everything is a document with something in every field, and hostile names; the
// command writes it.
func everything(t *testing.T, format string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", "paths."+format))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// decode reads a document and refuses what the types do not know.
func decode(t *testing.T, data []byte, v any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		t.Fatal(err)
	}
}

// TestPathsDocument holds the types to the document, octet for octet: each name, their
// order, and what is left out.
func TestPathsDocument(t *testing.T) {
	want := everything(t, "json")
	var r describe.Paths
	decode(t, want, &r)
	var got bytes.Buffer
	if err := console.EncodeJSON(&got, r, "", "  "); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("got:\n%s\nwant:\n%s", got.Bytes(), want)
	}
	if r.Version != describe.PathsVersion {
		t.Errorf("version %d, want %d", r.Version, describe.PathsVersion)
	}
}

// TestPathsRead reads a report back that was made of files, and finds all in it but
// what it was made of.
func TestPathsRead(t *testing.T) {
	r := missing(t)
	var encoded bytes.Buffer
	if err := console.EncodeJSON(&encoded, r, "", "  "); err != nil {
		t.Fatal(err)
	}
	var got describe.Paths
	decode(t, encoded.Bytes(), &got)
	for i := range r.Paths {
		for j := range r.Paths[i].Problems {
			r.Paths[i].Problems[j].Found = chain.Problem{}
		}
	}
	if !reflect.DeepEqual(&got, r) {
		t.Errorf("got:\n%+v\nwant:\n%+v", got, r)
	}
}

// missing describes the paths of the leaf of the Example PKI, later than all of its
// certificates, where the cross-certificate is missing.
func missing(t *testing.T) *describe.Paths {
	t.Helper()
	pool, err := describe.NewPool(read(t, "example/leaf.pem"), read(t, "collections/cross-certificate-missing.sst", "example/root-self-signed.pem"))
	if err != nil {
		t.Fatal(err)
	}
	result, err := pool.Build(t.Context(), time.Date(2050, 1, 1, 0, 0, 0, 0, time.UTC), nil)
	if err != nil {
		t.Fatal(err)
	}
	r := pool.Paths(result, nil, catalog.Default())
	if len(r.Paths) == 0 || len(r.Paths[0].Problems) == 0 || r.Revocation != describe.RevocationNotChecked {
		t.Fatalf("no path with a problem: %+v", r)
	}
	return r
}

// read reads files of the folder testdata.
func read(t *testing.T, names ...string) []*bundle.File {
	t.Helper()
	var files []*bundle.File
	for _, name := range names {
		f, err := bundle.ReadFile(filepath.Join("..", "..", "..", "testdata", filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// A catalogue is no condition, and knows nothing where it is missing.
func TestPathsWithoutCatalog(t *testing.T) {
	pool, err := describe.NewPool(read(t, "sectigo/ca-incommon-rsa-secure-email-3.pem"), nil)
	if err != nil {
		t.Fatal(err)
	}
	opts := &chain.Options{Purpose: chain.Purpose{Usage: chain.Issue}, Revocation: describe.OnlyRevoked(pool.Lists())}
	result, err := pool.Build(t.Context(), time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), opts)
	if err != nil {
		t.Fatal(err)
	}
	r := pool.Paths(result, opts, nil)
	if len(r.DeadEnds) != 1 || len(r.DeadEnds[0].Known) != 0 || r.Certificates[0].Catalog != "" || r.Usage != "issue" || r.Revocation != describe.RevocationNotChecked {
		t.Errorf("%+v", r)
	}
	if r = pool.Paths(result, opts, catalog.Default()); len(r.DeadEnds[0].Known) == 0 || r.Certificates[0].Catalog == "" {
		t.Errorf("%+v", r)
	}
}

// TestDOT draws a document that was read: the drawing needs nothing else.
func TestDOT(t *testing.T) {
	var r describe.Paths
	decode(t, everything(t, "json"), &r)
	for _, words := range []func(say.Sentence) string{nil, locale.English.Say} {
		var got bytes.Buffer
		if err := r.WriteDOT(&got, words); err != nil {
			t.Fatal(err)
		}
		if want := everything(t, "dot"); !bytes.Equal(got.Bytes(), want) {
			t.Errorf("got:\n%s\nwant:\n%s", got.Bytes(), want)
		}
	}
	var got bytes.Buffer
	if err := r.WriteDOT(&got, locale.Language("ja").Say); err != nil || bytes.Contains(got.Bytes(), []byte("missing\\n")) {
		t.Errorf("%v:\n%s", err, got.Bytes())
	}
	if err := r.WriteDOT(fullDisk{}, nil); !errors.Is(err, errFull) {
		t.Errorf("a failing writer gives %v", err)
	}
	// A document that describes none of its certificates has nothing to draw but them.
	r.Certificates = nil
	if err := r.WriteDOT(&got, nil); err != nil {
		t.Error(err)
	}
}

// TestDOTStrings reads the strings of a graph back as Graphviz does: nothing in
// a name may end a string or be an escape of its own.
func TestDOTStrings(t *testing.T) {
	var r describe.Paths
	decode(t, everything(t, "json"), &r)
	statement := regexp.MustCompile(`^\t[a-z0-9]+( -> [a-z0-9]+)? \[[a-z]+=("([^"\\]|\\.)*"|[a-z0-9]+)(, [a-z]+=("([^"\\]|\\.)*"|[a-z0-9]+))*\]$`)
	for in, want := range map[string]string{
		`a"b`:        `a\"b`,
		`a\`:         `a\\`,
		`a\N`:        `a\\N`,
		`&lt;`:       `&amp;lt;`,
		"a\nb":       `a\\u000ab`,
		`<b>x`:       `<b>x`,
		"\u202e":     `\\u202e`,
		"\x1b[2J":    `\\u001b[2J`,
		"\U000e0001": `\\U000e0001`,
		"###vso[x]":  `#&#35;#vso[x]`,
		"####vso[x]": `#&#35;#&#35;vso[x]`,
	} {
		r.Certificates[0].Subject = in
		var b bytes.Buffer
		if err := r.WriteDOT(&b, nil); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
		if lines[0] != "digraph paths {" || lines[1] != "\trankdir=BT" || lines[len(lines)-1] != "}" {
			t.Errorf("the frame is wrong: %q", lines)
		}
		for _, l := range lines[2 : len(lines)-1] {
			if !statement.MatchString(l) {
				t.Errorf("not a statement: %s", l)
			}
		}
		if want = `[label="` + want + `\nkey `; !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in:\n%s", want, b.String())
		}
	}
}

var errFull = errors.New("disk full")

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }
