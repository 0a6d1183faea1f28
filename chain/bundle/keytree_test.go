package bundle_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestKeysOfGo holds that in the sources of Go, which are full of words about keys,
// of certificates and of numbers, no file is said to hold a key, or that it may,
// but those that do: tests and examples have keys of their own.
func TestKeysOfGo(t *testing.T) {
	outside.SkipUnderRace(t)
	if !outside.Required() {
		t.Skip("SMIMECHAIN_TOOLS is not required")
	}
	const atLeast, atMost = 2500, 3500 // files
	want := []string{
		"crypto/crypto_test.go",
		"crypto/internal/fips140only/fips140only_test.go",
		"crypto/rsa/example_test.go",
		"crypto/rsa/rsa_test.go",
		"crypto/tls/example_test.go",
		"crypto/tls/handshake_server_test.go",
		"crypto/tls/handshake_test.go",
		"crypto/tls/testdata/example-key.pem",
		"crypto/tls/tls_test.go",
		"crypto/x509/pem_decrypt_test.go",
		"crypto/x509/pkcs8_test.go", // in hexadecimal digits
		"crypto/x509/platform_root_key.pem",
		"crypto/x509/sec1_test.go", // in hexadecimal digits
		"crypto/x509/x509_test.go",
		"crypto/x509/x509_test_import.go",
		"net/http/internal/testcert/testcert.go",
		"net/smtp/smtp_test.go",
	}
	goroot, err := exec.Command(outside.Program(t, "go", "golang-go"), "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	src := filepath.Join(strings.TrimSpace(string(goroot)), "src")
	var got []string
	read := 0
	for _, folder := range []string{"crypto", "encoding", "net", "image", "debug", "mime", "vendor", "compress", "archive", "math", "strconv", "text", "html", "unicode", "database", "hash"} {
		err := filepath.WalkDir(filepath.Join(src, folder), func(name string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() || read == atMost {
				return err
			}
			data, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			read++
			f, err := bundle.Parse(name, data)
			if err != nil || len(f.Keys) == 0 {
				return nil // it is no file of ours
			}
			rel, err := filepath.Rel(src, name)
			got = append(got, filepath.ToSlash(rel))
			for _, k := range f.Keys {
				if k.Doubtful {
					t.Errorf("%s: %s", rel, k)
				}
			}
			return err
		})
		if err != nil {
			outside.Missing(t, "the sources of Go: %v", err)
		}
	}
	if read < atLeast {
		t.Errorf("%d files, want %d or more", read, atLeast)
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("keys in %q, want %q", got, want)
	}
}
