package bundle

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
	"testing"
)

// TestKeyText holds where a key begins in text, in each form and at the bounds of what makes
// it one.
func TestKeyText(t *testing.T) {
	form := func(kind, citation string) func([]byte) int {
		for _, f := range textForms {
			if f.kind == kind && strings.Contains(f.citation, citation) {
				return f.find
			}
		}
		t.Fatalf("no form %s of %s", kind, citation)
		return nil
	}
	jwk, xml, numbers := form("JWK", ""), form("XML RSAKeyValue", ""), form(kindPKCS8, "OpenSSL")
	text := strings.Repeat("Abcd1234", 8)
	der := slices.Concat([]byte{tagSequence, 0x2E, tagInteger, 1, 0, tagSequence, 5, tagOID, 3, 0x2B, 0x65, 0x70, tagOctets, 0x22}, make([]byte, 34))
	key := base64.StdEncoding.EncodeToString(der)
	octets := func(n int) string { return strings.TrimSuffix(strings.Repeat("ab:", n), ":") }
	blanks := func(n int) string { return strings.Repeat(" ", n) }
	for _, tt := range []struct {
		name string
		find func([]byte) int
		text string
		want int
	}{
		{"PEM", findLabel, "-----BEGIN PRIVATE KEY-----\n" + text, 0},
		{"PEM of RSA", findLabel, "words\n-----BEGIN RSA PRIVATE KEY-----\r\n" + text, 6},
		{"with dashes before alone", findLabel, "--BEGIN PRIVATE KEY\n" + text, 0},
		{"with dashes behind alone", findLabel, "BEGIN PRIVATE KEY--\n" + text, 0},
		{"with words before the dashes", findLabel, "words -----BEGIN PRIVATE KEY-----\n" + text, 6},
		{"in capitals of all kinds", findLabel, "-----bEGIN priVate kEY-----\n" + text, 0},
		{"with a V", findLabel, "-----Begin priVATE Key-----\n" + text, 0},
		{"with v and V before", findLabel, "V v VV vv\n-----BEGIN PRIVATE KEY-----\n" + text, 10},
		{"v at the start, and at the end", findLabel, "v -----BEGIN PRI V", -1},
		{"private alone", findLabel, "-----BEGIN PRIVATE PART-----\n" + text, -1},
		{"no BEGIN", findLabel, "-----END PRIVATE KEY-----\n" + text, -1},
		{"BEGIN in the line before", findLabel, "-----BEGIN\nPRIVATE KEY-----\n" + text, -1},
		{"words between", findLabel, "-----BEGIN my! PRIVATE KEY-----\n" + text, -1},
		{"without dashes, with text", findLabel, "BEGIN PRIVATE KEY\n" + text, -1},
		{"without dashes, with a key", findLabel, "BEGIN PRIVATE KEY\n" + key, 0},
		{"the same in quotes", findLabel, "words\n> 'BEGIN PRIVATE KEY\n" + key, 9},
		{"the same behind words", findLabel, "words BEGIN PRIVATE KEY\n" + key, -1},
		{"with 39 characters", findLabel, "-----BEGIN PRIVATE KEY-----\n" + text[:39], -1},
		{"with 40 characters", findLabel, "-----BEGIN PRIVATE KEY-----\n" + text[:40], 0},
		{"in pieces of 16", findLabel, "-----BEGIN PRIVATE KEY-----\n" + text[:16] + "\n" + text[16:48], 0},
		{"in pieces of 15", findLabel, "-----BEGIN PRIVATE KEY-----\n" + text[:15] + "\n" + text[15:48], -1},
		{"in pieces of 15, of a key", findLabel, "-----BEGIN PRIVATE KEY-----\n" + key[:15] + "\n" + key[15:], 0},
		{"with something between", findLabel, "-----BEGIN PRIVATE KEY-----\n" + text[:20] + "!" + text[20:], -1},
		{"encrypted as OpenSSL did", findLabel, "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n", 0},
		{"the same in another order", findLabel, "-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: AES-128-CBC,00\n", 0},
		{"with a header", findLabel, "-----BEGIN PRIVATE KEY-----\nComment: words\n" + text, 0},
		{"with a header of 33 characters", findLabel, "-----BEGIN PRIVATE KEY-----\n" + blanks(1) + strings.Repeat("A", 33) + ": words!\n" + text, -1},
		{"with eight headers", findLabel, "-----BEGIN PRIVATE KEY-----\n" + strings.Repeat("A: !\n", 8) + text, 0},
		{"with nine", findLabel, "-----BEGIN PRIVATE KEY-----\n" + strings.Repeat("A: !\n", 9) + text, -1},
		{"with nothing", findLabel, "-----BEGIN PRIVATE KEY-----", -1},

		{"JWK", jwk, `{"kty":"EC","d":"` + text + `"}`, 0},
		{"JWK, the number first", jwk, `[{"d":"` + text + `","kty":"EC"}]`, 1},
		{"JWK of AKP", jwk, `{'kty' : 'AKP', 'priv' : '` + text + `'}`, 0},
		{"JWK in a string", jwk, `x = "{\"kty\":\"EC\",\"d\":\"` + text + `\"}"`, 5},
		{"JWK, public", jwk, `{"kty":"EC","x":"` + text + `"}`, -1},
		{"JWK, public, in an object with a number", jwk, `{"keys":[{"kty":"EC","x":"a"}],"d":"` + text + `"}`, -1},
		{"JWK, the second", jwk, `[{"kty":"EC","x":"a"},{"kty":"EC","d":"` + text + `"}]`, 22},
		{"JWK with an object in it", jwk, `{"a":{"b":{}},"kty":"EC","c":{},"d":"` + text + `"}`, 0},
		{"JWK of another kind", jwk, `{"kty":"oct","d":"` + text + `"}`, -1},
		{"JWK with a short number", jwk, `{"kty":"EC","d":"` + text[:19] + `"}`, -1},
		{"kty at the start", jwk, `kty":"EC","d":"` + text + `"}`, -1},
		{"kty at the end", jwk, `"kty`, -1},
		{"JWK whose number is far", jwk, `{"kty":"EC","x":"` + blanks(largestJWK) + `","d":"` + text + `"}`, -1},
		{"JWK whose number is not so far", jwk, `{"kty":"EC","x":"` + blanks(largestJWK-100) + `","d":"` + text + `"}`, 0},

		{"XML", xml, "<RSAKeyValue><D>" + text + "</D></RSAKeyValue>", 3},
		{"XML of DSA", xml, "x <DSAKeyValue><X>" + text + "</X></DSAKeyValue>", 5},
		{"XML of XKMS", xml, "<RSAKeyPair><d:D>" + text + "</d:D></RSAKeyPair>", 3},
		{"XML in XML", xml, "&lt;RSAParameters&gt;&lt;D&gt;" + text, 4},
		{"XML, public", xml, "<RSAKeyValue><P>" + text + "</P></RSAKeyValue>", -1},
		{"XML, the second", xml, "AKeyValue AKeyValue<D>" + text, 10},
		{"XML, a number behind the name of another", xml, "AKeyValue</P>AKeyPair", -1},
		{"XML, the number far", xml, "<RSAKeyPair>" + blanks(32<<10) + "<D>" + text, -1},
		{"XML, a short number", xml, "<RSAKeyPair><D>" + text[:19] + "</D>", -1},

		{"numbers", numbers, "priv:\n    " + octets(13), 0},
		{"numbers with words before", numbers, "RSA\nprivateExponent:\n    " + octets(13) + "\n", 4},
		{"numbers of 12", numbers, "priv:\n" + octets(12), -1},
		{"numbers of 11, with colons", numbers, "priv:\n" + octets(11) + ":", -1},
		{"numbers in lines", numbers, "priv:\n " + octets(6) + ":\n " + octets(7), 0},
		{"numbers, public", numbers, "pub:\n    " + octets(13), -1},
		{"numbers behind a letter", numbers, "priv:\nx" + octets(13), -1},
		{"numbers at the start", numbers, octets(13), -1},
		{"numbers, the second", numbers, "pub:\n    " + octets(13) + "\npriv:\n    " + octets(13), 48},
		{"numbers whose name is far", numbers, "priv:" + blanks(64) + octets(13), -1},
		{"numbers of a long name", numbers, "private exponent (e d) :\n" + octets(13), 0},
		{"numbers, a short one", numbers, "priv:\nab:c", -1},
	} {
		if got := tt.find([]byte(tt.text)); got != tt.want {
			t.Errorf("%s: at %d, want %d", tt.name, got, tt.want)
		}
		for n := range min(len(tt.text), 400) { // cut anywhere, there is an answer
			tt.find(slices.Clip([]byte(tt.text)[:n]))
		}
	}
	for _, blank := range slices.Concat(labelBlanks, strings.Split(" \t\r\n\"'>|#*,;`", "")) {
		for _, b := range []string{blank, blank + blank, " " + blank + "\n"} {
			if rest := trimBlanks([]byte(b + "key")); !bytes.Equal(rest, []byte("key")) {
				t.Errorf("%q: %s", b, rest)
			}
		}
	}
	if string(lowerASCII([]byte("@AZ[`azÄ"))) != "@az[`azÄ" {
		t.Error("letters")
	}
}
