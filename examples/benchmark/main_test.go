package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

var update = flag.Bool("update", false, "write RESULTS.md anew")

// TestMain lets the test binary be the process of a probe.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "-probe" {
		os.Exit(probe(os.Args[2:]))
	}
	os.Exit(m.Run())
}

// TestRun holds that every row comes out, on little work, with a corpus of our
// own, with openssl where it is installed and without other programs.
func TestRun(t *testing.T) {
	s := settings{corpus: corpus(t), pairsMost: 2, budget: time.Millisecond, look: func(program string) (string, error) {
		if program == "openssl" {
			return exec.LookPath(program)
		}
		return "", exec.ErrNotFound
	}, sizes: sizes{store: 5, large: 5, rsa: []int{1024}, meshes: []int{3}, solve: []int{2, 3}, mutants: len(changes), mail: 1000, users: 3, patience: 10 * time.Second}}
	if err := s.run(true); err != nil {
		t.Fatal(err)
	}

	var got []string
	for _, row := range s.found.Times {
		got = append(got, row.Work+": "+row.Peer)
		if (row.Ratio == nil) != (row.Note != "") || (row.Ratio == nil) != (row.Again == nil) {
			t.Errorf("%s: got ratios %v and %v, and the note %q", got[len(got)-1], row.Ratio, row.Again, row.Note)
		}
		// OpenSSL takes the first issuer that fits and never goes back.
		if strings.HasPrefix(row.Note, "fails") && !strings.HasPrefix(row.Work, "mesh") {
			t.Errorf("%s", row)
		}
	}
	want := []string{
		"read a store of 5 certificates: copy of the file in memory",
		"write it: copy of the file in memory",
		"issuers and serial numbers of a store of 5 certificates: zcrypto",
		"read a store of 5 certificates: CertOpenStore of Wine",
		"open a PFX, three derivations of 2,048 iterations: go-pkcs12",
		"open a PFX, three derivations of 2,048 iterations: the bare key derivations",
		"open a PFX, three derivations of 2,048 iterations: openssl pkcs12, less its start",
		"the same PFX without its password: pkcs12 with the password",
	}
	for _, kind := range []string{"P-256", "RSA-1024"} {
		for _, peer := range []string{"crypto/x509", "zcrypto verifier", "openssl verify, less its start"} {
			want = append(want, "chain of four, "+kind+", first answer: "+peer)
		}
		want = append(want, "chain of four, "+kind+", asked again: crypto/x509")
	}
	want = append(want,
		"mesh of 3 CAs, first good path: crypto/x509",
		"mesh of 3 CAs, first good path: zcrypto verifier",
		"mesh of 3 CAs, first good path: openssl verify, less its start",
		"read every public CA certificate into a pool: all",
		"check the certificate of a user: zlint, the same lints and nothing else",
		"check the certificate of a user: zlint, all its lints",
		"5 certificates of CAs as a store, with their paths, and the lints of zlint by RFC 5280 and its kin, one core: zlint, the same lints and nothing else",
		"a stream of 3 certificates of users, judged for every target, one core: crypto/x509, which reads them",
		"a stream of 3 certificates of users, judged for every target, one core: zlint, the same lints and nothing else",
		"a stream of 3 certificates of users, judged for every target, one core: zlint, all its lints",
		"read a signed message of 1000 octets, clear: openssl cms -verify -noverify, less its start",
		"read a signed message of 1000 octets, opaque: openssl cms -verify -noverify, less its start",
		"the report about a small store: the page in Chromium",
	)
	if !slices.Equal(got, want) {
		t.Errorf("the rows are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}

	answers := map[string]string{}
	for _, a := range s.found.Answers {
		answers[a.Question+": "+a.Who] = a.Short
	}
	for question, want := range map[string]string{
		"opens the 1 PFX files of the corpus in pfx: " + us:                                    "1",
		"opens the 1 PFX files of the corpus in pfx: go-pkcs12":                                "1",
		"opens the 1 PFX files of the corpus in pfx: keytool":                                  "not asked",
		"opens the 1 PFX files of the corpus in pfx: certtool":                                 "not asked",
		"opens the 1 PFX files of the corpus in pfx: pk12util":                                 "not asked",
		"opens the PFX files of the corpus in pfx-keyfile: all":                                "not asked",
		"tells a wrong password from a damaged file: " + us:                                    "yes",
		"tells a wrong password from a damaged file: go-pkcs12":                                "no",
		"survives the 2 edge stores of the corpus: " + us:                                      "2",
		"survives the 2 edge stores of the corpus: zcrypto":                                    "1",
		"survives the 2 edge stores of the corpus: Wine":                                       "not asked",
		"finds a path through meshes of 2, 3 CAs within 10s: " + us:                            "2",
		"finds a path through meshes of 2, 3 CAs within 10s: crypto/x509":                      "2",
		"finds a path through meshes of 2, 3 CAs within 10s: zcrypto":                          "2",
		"names the certificate that is missing: all":                                           "not asked",
		fmt.Sprintf("tells whether each of %d changed roll-outs works: openssl", len(changes)): strconv.Itoa(len(changes)),
	} {
		if got := answers[question]; got != want {
			t.Errorf("%s: got %q, want %q", question, got, want)
		}
	}
	for line := range strings.Lines(s.found.Markdown()) {
		if strings.HasPrefix(line, "|") && !strings.HasSuffix(line, "|\n") {
			t.Errorf("broken row %q", line)
		}
	}
}

// corpus makes a folder with a PFX, a store, and a store whose certificate is cut.
func corpus(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	pfx, err := identity(gopkcs12.Modern2023.WithIterations(1))
	if err != nil {
		t.Fatal(err)
	}
	store, err := plainStore(1)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"pfx/MANIFEST.tsv":   []byte("file\tpassword\na.p12\t" + password + "\n"),
		"pfx/a.p12":          pfx,
		"sst/edge/whole.sst": store,
		"sst/edge/cut.sst":   store[:len(store)/2],
	} {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o700), os.WriteFile(name, data, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestVerdict(t *testing.T) {
	faster, slower, level := &estimate{2, 1.5, 3}, &estimate{0.5, 0.4, 0.6}, &estimate{1.1, 0.9, 1.2}
	for _, test := range []struct {
		name                string
		ratio, again        *estimate
		want                string
		contrary, undecided int
	}{
		{"once", faster, nil, us, 0, 0},
		{"agreed", faster, faster, us, 0, 0},
		{"slower", slower, slower, "peer", 0, 0},
		{"even", level, level, even, 0, 0},
		{"within the margin", &estimate{1.1, 1.04, 1.2}, nil, even, 0, 0},
		{"certain once", level, slower, even, 0, 1},
		{"contrary", faster, slower, even, 1, 0},
		{"not measured", nil, nil, "", 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			row := timing{Peer: "peer", Ratio: test.ratio, Again: test.again}
			if got := row.faster(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if c, u := disagreement([]timing{row}); len(c) != test.contrary || len(u) != test.undecided {
				t.Errorf("got %d contrary and %d undecided rows, want %d and %d", len(c), len(u), test.contrary, test.undecided)
			}
		})
	}
}

// TestMutants holds that every kind of change is what it says, as OpenSSL judges it, and
// that this library lies about none.
func TestMutants(t *testing.T) {
	s := &settings{look: exec.LookPath, temp: t.TempDir()}
	why := s.absent("openssl")
	for n, c := range changes {
		m, err := newMutant(n)
		if err != nil {
			t.Fatal(err)
		}
		if good, sure := m.ours(); sure && good == c.broken || !sure && !c.broken {
			t.Errorf("%s: got %t, sure %t, want %t", c.name, good, sure, !c.broken)
		}
		if why != "" {
			continue
		}
		if good, sure := s.opensslMail(m); !sure || good == c.broken {
			t.Errorf("%s: OpenSSL says %t, want %t", c.name, good, !c.broken)
		}
	}
	if why != "" {
		t.Log("OpenSSL was not asked:", why)
	}
}
