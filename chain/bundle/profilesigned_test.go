package bundle_test

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
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

// TestProfileInText holds that a signed profile that is no file of PKCS #7 by itself, which is
// how openssl smime writes it, is neither a profile nor a message that somebody has signed.
func TestProfileInText(t *testing.T) {
	const why = "it is a configuration profile that was signed, in another form than profiles have: sign it with -nodetach -outform DER, and give that"
	signed := signedData(t, profileText(t), false)
	lines := base64.StdEncoding.EncodeToString(signed) + "\n"
	if _, err := bundle.Parse("a.mobileconfig", []byte("MIME-Version: 1.0\nContent-Type: application/x-pkcs7-mime; smime-type=signed-data; name=smime.p7m\nContent-Transfer-Encoding: base64\n\n"+lines)); err == nil || err.Error() != "a.mobileconfig: "+why {
		t.Errorf("S/MIME: %v", err)
	}
	for _, label := range []string{"PKCS7", "CMS"} {
		f, err := bundle.Parse("a.mobileconfig", pem.EncodeToMemory(&pem.Block{Type: label, Bytes: signed}))
		if err != nil {
			t.Fatal(err)
		}
		if len(f.Messages) > 0 || f.Profile != nil || len(f.Certificates) != 1 || f.Certificates[0].Err() == nil || f.Certificates[0].Err().Error() != why {
			t.Errorf("%s: %d messages, %v", label, len(f.Messages), f.Certificates)
		}
	}
	f, err := bundle.Parse("a.eml", []byte("From: a@example.com\nMIME-Version: 1.0\nContent-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\nContent-Transfer-Encoding: base64\n\n"+
		base64.StdEncoding.EncodeToString(signedData(t, []byte("Content-Type: text/xml\n\n<plist></plist>"), false))+"\n"))
	if err != nil || len(f.Messages) != 1 || f.Messages[0].Layers[0].Kind != bundle.LayerSigned {
		t.Errorf("a message about one: %v", err)
	}
}
