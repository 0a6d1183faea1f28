package bundle_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/smimechain/smimechain/chain/bundle"
)

// TestBinaryPropertyList holds that a property list in binary is named, whatever is in it and
// around it, and taken neither for a key nor for anything else.
func TestBinaryPropertyList(t *testing.T) {
	key, der := signer()
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	list := "bplist00\xd6\x01\x02\x5ePayloadContent\x00\x08"
	wide := []byte("\xFF\xFE")
	for _, u := range utf16.Encode([]rune(list)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	const named, signed, other = "it is a binary property list; make it XML with plutil -convert xml1 FILE", "it is a binary property list that was signed; unpack it", ""
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{
		{"a profile", []byte(list), named},
		{"its header alone", []byte("bplist00"), named},
		{"a key in it", []byte(list + string(private)), named},
		{"a certificate in it", []byte(list + string(der)), named},
		{"a later version", []byte("bplist15" + list[8:]), named},
		{"line breaks before it", []byte("\r\n" + list), named},
		{"a quotation mark before it", []byte(`"` + list + `"`), named},
		{"saved as UTF-8 with a mark", []byte("\xEF\xBB\xBF" + list), named},
		{"saved as UTF-16", wide, named},
		{"in base64", []byte(base64.StdEncoding.EncodeToString([]byte(list + string(private)))), named},
		{"in digits", []byte(hex.EncodeToString([]byte(list + string(private)))), named},
		{"as a list of numbers", []byte(strings.ReplaceAll(strings.Trim(fmt.Sprint([]byte(list+string(private))), "[]"), " ", ", ")), named},
		{"signed", signedData(t, []byte(list), false), signed},
		{"signed, with a key in it", signedData(t, []byte(list+string(private)), false), signed},
		{"another word", []byte("aplist00" + list[8:]), other},
		{"no version", []byte("bplist" + list[8:]), other},
		{"far behind the beginning", []byte(strings.Repeat(" ", 20) + list), other},
	} {
		f, err := bundle.Parse("a.mobileconfig", tt.data)
		u, ok := errors.AsType[*bundle.UnrecognizedError](err)
		if tt.want == other {
			if ok && strings.Contains(string(u.Why), "property list") {
				t.Errorf("%s: %s", tt.name, u.Why)
			}
			continue
		}
		if !ok || !strings.Contains(string(u.Why), tt.want) || u.Foreign() {
			t.Errorf("%s: %+v, %v", tt.name, f, err)
		}
	}
}
