package pkcs12

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestDamagedSafe holds that a safe whose structure is damaged at any level is named as
// such, once, and takes nothing from the safes around it.
func TestDamagedSafe(t *testing.T) {
	keyBag, certBag := identityBags(t, alice(t))
	good := plainSafe(seq(keyBag, certBag))
	algorithm, ciphertext := pbes2(t, "secret", seq(certBag))
	encrypted := func(parts ...[]byte) []byte { return seq(object(oidEncryptedData), explicit(seq(parts...))) }
	for _, tt := range []struct {
		name string
		safe []byte
		code ObservationCode // codeMalformed: Err is set, too
	}{
		{"empty", seq(), codeMalformed},
		{"no type", seq(integer(1)), codeMalformed},
		{"no content", seq(object(oidData)), codeContentAbsent},
		{"content without a tag", seq(object(oidData), octetString(nil)), codeMalformed},
		{"content with another tag", seq(object(oidData), tlv(0xa1, octetString(nil))), codeMalformed},
		{"nothing in the tag", seq(object(oidData), explicit()), codeMalformed},
		{"a number in the tag", seq(object(oidData), explicit(integer(1))), codeMalformed},
		{"no octets in the string", plainSafe(nil), codeMalformed},
		{"no sequence in the string", plainSafe(integer(1)), codeMalformed},
		{"a bag that ends too early", plainSafe(seq(certBag)[:len(certBag)]), codeMalformed},
		{"a bag that is a number", plainSafe(seq(integer(1))), codeMalformed},

		{"encrypted, no content", seq(object(oidEncryptedData)), codeContentAbsent},
		{"encrypted, a number in the tag", seq(object(oidEncryptedData), explicit(integer(1))), codeMalformed},
		{"encrypted, empty", encrypted(), codeMalformed},
		{"encrypted, no version", encrypted(seq(object(oidData), algorithm, tlv(0x80, ciphertext))), codeMalformed},
		{"encrypted, nothing but a version", encrypted(integer(0)), codeMalformed},
		{"encrypted, no inner type", encrypted(integer(0), seq(algorithm, tlv(0x80, ciphertext))), codeMalformed},
		{"encrypted, no algorithm", encrypted(integer(0), seq(object(oidData))), codeMalformed},
		{"encrypted, an algorithm that is a number", encrypted(integer(0), seq(object(oidData), integer(1), tlv(0x80, ciphertext))), codeMalformed},
		{"encrypted, no inner content", encrypted(integer(0), seq(object(oidData), algorithm)), codeContentAbsent},
		{"encrypted, inner content with another tag", encrypted(integer(0), seq(object(oidData), algorithm, octetString(ciphertext))), codeContentAbsent},
		{"encrypted, inner content in parts of another type", encrypted(integer(0), seq(object(oidData), algorithm, tlv(0xa0, integer(1)))), codeMalformed},

		{"another type", seq(object(oidSignedData), explicit(seq())), codeContentType},
		{"for the owner of a certificate", seq(object(oidEnvelopedData), explicit(seq())), codeUnsupported},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := Inspect(pfx(good, tt.safe, good), "secret")
			if err != nil {
				t.Fatal(err)
			}
			if r.Missing != 0 {
				t.Errorf("%d octets missing at the end of the file", r.Missing)
			}
			if len(r.Safes) != 3 || len(r.Safes[0].Bags) != 2 || len(r.Safes[2].Bags) != 2 {
				t.Fatalf("safes %+v", r.Safes)
			}
			count := 0
			for _, f := range r.Observations {
				if fmt.Sprint(f.At) != fmt.Sprint(BagRef{1}) {
					continue
				}
				count++
				if f.Code != tt.code || !strings.HasPrefix(f.Message, "safe 1") {
					t.Errorf("%s: %s", f.Code, f.Message)
				}
			}
			if count != 1 {
				t.Errorf("%d findings: %v", count, r.Observations)
			}
			var unsupported *UnsupportedError
			switch err := r.Safes[1].Err; tt.code {
			case codeMalformed:
				if err == nil {
					t.Error("no error")
				}
			case codeUnsupported:
				if !errors.As(err, &unsupported) {
					t.Errorf("error %v", err)
				}
			default:
				if err != nil {
					t.Errorf("error %v", err)
				}
			}
			for i := range 3 {
				if i != 1 && r.Safes[i].Err != nil {
					t.Errorf("safe %d: %v", i, r.Safes[i].Err)
				}
			}
		})
	}
}
