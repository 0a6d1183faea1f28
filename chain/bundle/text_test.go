package bundle_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/pem"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/pkcs12"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// wide writes text as Windows PowerShell 5.1 does.
func wide(text []byte) []byte {
	out := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(string(text))) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return out
}

// TestArmor holds that what is wrapped is read, and that the wrapping is told.
func TestArmor(t *testing.T) {
	b64 := func(data []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(data)) }
	armored := func(data []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: "PKCS12", Bytes: data}) }
	pfx, store, leaf := read(t, "pfx/widest.pfx"), read(t, "collections/complete.sst"), read(t, "example/leaf.pem")
	password := strings.TrimSpace(string(read(t, "pfx/password.txt")))
	lines := bytes.ReplaceAll(armored(pfx), []byte("-----BEGIN PKCS12-----\n"), nil)
	lines, _, _ = bytes.Cut(lines, []byte("-----END"))
	for _, tt := range []struct {
		name   string
		data   []byte
		format bundle.Format
		armor  pkcs7.Armor
		utf16  bool
	}{
		{"PFX", pfx, bundle.PFX, pkcs7.Binary, false},
		{"PFX in base64", b64(pfx), bundle.PFX, pkcs7.Base64, false},
		{"PFX in lines of base64", lines, bundle.PFX, pkcs7.Base64, false},
		{"PFX in base64 with a byte order mark", append([]byte("\xEF\xBB\xBF"), b64(pfx)...), bundle.PFX, pkcs7.Base64, false},
		{"PFX in base64 in UTF-16", wide(lines), bundle.PFX, pkcs7.Base64, true},
		{"PFX in PEM", armored(pfx), bundle.PFX, pkcs7.PEM, false},
		{"PFX in PEM after a comment", append([]byte("# exported\r\n"), armored(pfx)...), bundle.PFX, pkcs7.PEM, false},
		{"PFX in PEM in UTF-16", wide(armored(pfx)), bundle.PFX, pkcs7.PEM, true},
		{"store", store, bundle.SST, pkcs7.Binary, false},
		{"store in base64", b64(store), bundle.SST, pkcs7.Base64, false},
		{"certificate in PEM", leaf, bundle.PEM, pkcs7.PEM, false},
		{"certificate in PEM in UTF-16", wide(leaf), bundle.PEM, pkcs7.PEM, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := (&bundle.Options{Password: &password}).Parse(context.Background(), "x", tt.data)
			if err != nil {
				t.Fatal(err)
			}
			if f.Format != tt.format || f.Armor != tt.armor || f.UTF16 != tt.utf16 {
				t.Errorf("%v, armor %v, UTF-16 %t", f.Format, f.Armor, f.UTF16)
			}
			if tt.format != bundle.PFX {
				return
			}
			want := pkcs12.No
			if tt.armor == pkcs7.Binary {
				want = pkcs12.Yes
			}
			if v := f.PFX.Compatible("ios-17"); f.PFX.Armor != tt.armor || v.Answer != want || len(f.Keys) != 1 || len(f.Certificates) != 4 {
				t.Errorf("armor %v, iOS: %v, %d keys, %d certificates", f.PFX.Armor, v.Answer, len(f.Keys), len(f.Certificates))
			}
		})
	}
	// A PFX among other blocks is none of the file's own.
	f, err := bundle.Parse("x", append(armored(pfx), leaf...))
	if err != nil || f.Format != bundle.PEM || len(f.Certificates) != 1 || len(f.Ignored) != 1 || f.Ignored[0].Kind.String() != "PKCS12" {
		t.Errorf("%+v, %v", f, err)
	}
}
