package pkcs12

import (
	"bytes"
	"encoding/asn1"
	"slices"
	"testing"

	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// withElement returns an encoding with two more elements, both NULL, one of which may be
// the parameters of an algorithm, behind the last one of its n-th structure or list.
// Certificates and keys are left as they are. It counts n down, and is below 0 once the
// elements were added.
func withElement(t *testing.T, data []byte, n *int) []byte {
	t.Helper()
	var out []byte
	for len(data) > 0 {
		var e asn1.RawValue
		rest, err := asn1.Unmarshal(data, &e)
		if err != nil {
			t.Fatal(err)
		}
		data = rest
		inside := e.IsCompound || e.Tag == asn1.TagOctetString && len(e.Bytes) > 2 && e.Bytes[0] == 0x30
		if inside && !isWhole(e.Bytes) {
			e.Bytes = withElement(t, e.Bytes, n)
			if e.IsCompound && e.Tag != asn1.TagSet { // a set of values may have any number
				if *n == 0 {
					e.Bytes = append(e.Bytes, 5, 0, 5, 0)
				}
				*n--
			}
			e.FullBytes = nil
		}
		der, err := asn1.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, der...)
	}
	return out
}

// isWhole reports whether octets are a certificate or the parts of a key, which are
// for others to read.
func isWhole(data []byte) bool {
	var e asn1.RawValue
	if _, err := asn1.Unmarshal(data, &e); err != nil {
		return true
	}
	key := e.Tag == asn1.TagInteger && bytes.Equal(e.Bytes, []byte{0})
	certificate := e.Tag == asn1.TagSequence && bytes.HasPrefix(e.Bytes, []byte{0x30}) && bytes.Contains(e.Bytes[:min(12, len(e.Bytes))], []byte{0xa0, 3, 2, 1, 2})
	return key || certificate
}

// TestBehind puts elements that do not belong there behind the last one of every
// list and structure of a PFX: none is passed over in silence, and no target is said to
// open the file.
func TestBehind(t *testing.T) {
	for name, data := range map[string][]byte{
		"plain":     alice(t).encode(t, gopkcs12.Passwordless, ""),
		"encrypted": alice(t).encode(t, gopkcs12.Modern2023.WithIterations(2048), "secret"),
	} {
		before, err := Inspect(data, "secret")
		if err != nil {
			t.Fatal(err)
		}
		places := 0
		for {
			n := places
			changed := withElement(t, data, &n)
			if n >= 0 {
				break
			}
			r, err := Inspect(changed, "secret")
			if err == nil && slices.Equal(codes(r), codes(before)) {
				t.Errorf("%s, place %d: nothing is said", name, places)
			} else if v := r.Compatible(targetOpenSSL3); err == nil && v.Answer == Yes {
				t.Errorf("%s, place %d: OpenSSL opens it: %v", name, places, codes(r))
			}
			places++
		}
		if places < 15 {
			t.Errorf("%s: %d places", name, places)
		}
	}
}
