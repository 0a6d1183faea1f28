package bundle_test

import (
	"bytes"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
)

// TestProfileSignature holds what is known of the signature around a profile: that it fits, that
// it does not, and that it could not be checked.
func TestProfileSignature(t *testing.T) {
	profile := profileText(t)
	_, der := signer()
	signed := signedData(t, profile, false)
	replaced := func(old, new []byte) []byte {
		t.Helper()
		if len(old) != len(new) || !bytes.Contains(signed, old) {
			t.Fatalf("%q is not there", old)
		}
		return bytes.Replace(signed, old, new, 1)
	}
	last := bytes.Clone(signed)
	last[len(last)-1] ^= 1
	const changed, other = "it was changed after it was signed: its digest is another one", "it was not made with the key of the certificate, or it is damaged"
	unknown := bytes.Clone(der)
	unknown[bytes.LastIndex(unknown, []byte{0x02, 0x01, 0x07})+2] = 8 // the serial number
	for _, tt := range []struct {
		name               string
		data               []byte
		signed             bool
		altered, unchecked string
	}{
		{"no signature", profile, false, "", ""},
		{"a good one", signed, true, "", ""},
		{"another text", replaced([]byte("com.example"), []byte("com.elpmaxe")), true, changed, ""},
		{"another certificate in it", replaced([]byte("PayloadVersion"), []byte("PayloadVersiom")), true, changed, ""},
		{"another signature", last, true, other, ""},
		{"no certificate of the signer", replaced(der, unknown), true, "", "the certificate of the signer is not in the message: the one with the serial number 07, issued by CN=a"},
		{"an algorithm that nobody has", replaced([]byte("\x2a\x86\x48\xce\x3d\x04\x03\x02\x04"), []byte("\x2a\x86\x48\xce\x3d\x04\x03\x7f\x04")), true, "", "?"},
		{"a message without one", signedMessage(t, profile), true, "", "the message around the profile holds none"},
	} {
		f, err := bundle.Parse("a.mobileconfig", tt.data)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		p := f.Profile
		altered, unchecked := "", ""
		if !p.Altered.IsZero() {
			altered = p.Altered.String()
		}
		if !p.Unchecked.IsZero() {
			unchecked = p.Unchecked.String()
		}
		if p.Signed != tt.signed || altered != tt.altered || unchecked != tt.unchecked && (tt.unchecked != "?" || unchecked == "") {
			t.Errorf("%s: %t, %q, %q", tt.name, p.Signed, altered, unchecked)
		}
	}
}
