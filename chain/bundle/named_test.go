package bundle_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/testdata/keyforms"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestNamed holds that what is not read is named for what it is, with what to do: key
// stores, with a private key and without one, and packed files.
func TestNamed(t *testing.T) {
	der := certificate(t, "issuing-ca").Raw
	be, text := keyforms.BE, keyforms.Text
	blob := func(d []byte) []byte { return slices.Concat(be(uint32(len(d))), d) }
	made := keyforms.Files(t, keyforms.Make(t, testdata))
	entry := slices.Concat(be(2), text("ca"), make([]byte, 8), text("X.509"), blob(der), make([]byte, 20))
	bks := func(version uint32) []byte {
		return slices.Concat(be(version, 20), make([]byte, 20), be(1024), []byte{1}, text("ca"), make([]byte, 8), be(0), text("X.509"), blob(der), []byte{0}, make([]byte, 20))
	}
	for _, tt := range []struct {
		name string
		data []byte
		says string
		key  bool
	}{
		{"JKS", slices.Concat(be(0xFEEDFEED, 2, 1), entry), "a Java key store", false},
		{"JCEKS", slices.Concat(be(0xCECECECE, 2, 1), entry), "JCEKS", false},
		{"JCEKS with a key", made["jceks"], "JCEKS", true},
		{"BKS 1", bks(1), "BKS", false},
		{"BKS 2", bks(2), "BKS", false},
		{"BKS with a key", made["bks"], "BKS", true},
		{"UBER", made["may: uber"], "UBER", true},
		{"BCFKS", made["may: bcfks"], "BCFKS", true},
		{"SAML", []byte("<?xml version=\"1.0\"?>\n<md:KeyDescriptor xmlns:md=\"x\"><ds:KeyInfo xmlns:ds=\"y\"><ds:X509Data><ds:X509Certificate>MIIB</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"), "XML", false},
		{"7z", []byte("7z\xBC\xAF\x27\x1C\x00\x04" + strings.Repeat("\x00", 24)), "7z", false},
		{"RAR 4", []byte("Rar!\x1A\x07\x00" + strings.Repeat("\x00", 24)), "RAR", false},
		{"RAR 5", []byte("Rar!\x1A\x07\x01\x00" + strings.Repeat("\x00", 24)), "RAR", false},
		{"CAB", []byte("MSCF\x00\x00\x00\x00" + strings.Repeat("\x00", 28)), "CAB", false},
		{"zstd", []byte("\x28\xB5\x2F\xFD\x24\x00\x01\x00\x00"), "zstd", false},
		{"lz4", []byte("\x04\x22\x4D\x18\x64\x40\xA7\x00\x00\x00\x00"), "lz4", false},
		{"LHA", []byte("\x20\x11-lh5-" + strings.Repeat("\x00", 24)), "LHA", false},
	} {
		f, err := bundle.Parse("x", tt.data)
		if !tt.key {
			u, ok := errors.AsType[*bundle.UnrecognizedError](err)
			if !ok || !strings.Contains(string(u.Why), tt.says) || !strings.Contains(string(u.Why), "convert") && !strings.Contains(string(u.Why), "unpack") && !strings.Contains(string(u.Why), "put") {
				t.Errorf("%s: %v, %v", tt.name, f, err)
			}
			continue
		}
		if err != nil || len(f.Keys) == 0 || !strings.Contains(string(f.Keys[0].Why), tt.says) || !strings.Contains(string(f.Keys[0].Why), "convert") {
			t.Errorf("%s: %+v, %v", tt.name, f, err)
		}
	}
}

// TestNamedPrograms holds the same of what programs pack.
func TestNamedPrograms(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "ca.cer"), certificate(t, "issuing-ca").Raw, 0o600); err != nil {
		t.Fatal(err)
	}
	for program, debian := range map[string]string{"bzip2": "bzip2", "xz": "xz-utils"} {
		outside.Program(t, program, debian)
		pack := exec.Command(program, "-q", "-c", "ca.cer")
		pack.Dir = dir
		data, err := pack.Output()
		if err != nil {
			t.Fatalf("%s: %v", program, err)
		}
		_, err = bundle.Parse("x", data)
		if u, ok := errors.AsType[*bundle.UnrecognizedError](err); !ok || !strings.Contains(string(u.Why), "packed with "+program) {
			t.Errorf("%s: %v", program, err)
		}
	}
}
