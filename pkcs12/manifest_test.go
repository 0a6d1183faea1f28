package pkcs12

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// namedOnly are the ciphers and digests that are recognized but not computed.
// Files of the corpus that need one of them are listed in notDecrypted.
var namedOnly = []string{"Camellia", "ARIA", "AES-128-GCM", "AES-256-GCM", "SEED", "IDEA", "Blowfish", "CAST5", "-ECB", "MD2", "MD4"}

// notDecrypted are the files of both manifests that stay closed, wholly or in
// part, though a real tool wrote them: exactly these.
var notDecrypted = map[string]string{
	"o30-camellia256.p12":                "Camellia-256-CBC",
	"bc180-pkcs12-aes256-aes128-gcm.p12": "AES-128-GCM AES-256-GCM",
	"022.p12":                            "ARIA-128-CBC",
	"023.p12":                            "ARIA-192-CBC",
	"024.p12":                            "ARIA-256-CBC",
	"044.p12":                            "Blowfish-CBC",
	"045.p12":                            "Camellia-128-CBC",
	"046.p12":                            "Camellia-192-CBC",
	"047.p12":                            "Camellia-256-CBC",
	"048.p12":                            "CAST5-CBC",
	"050.p12":                            "IDEA-CBC",
	"051.p12":                            "SEED-CBC",
	"102.p12":                            "MD4",
}

// Every file of both manifests: encoding, password, identity, chain. What the
// manifest says is compared as such; a golden file holds the rest.
func TestManifests(t *testing.T) {
	var golden bytes.Buffer
	n := make(map[string]int)
	for _, s := range samples(t) {
		n[s.dir]++
		line := s.dir + "/" + s.name
		r, err := inspectSample(t, s.dir, s.name, s.password)
		if err != nil {
			fmt.Fprintf(&golden, "%s\t%v\n", line, err)
			if !strings.HasPrefix(s.name, "bad-") {
				t.Errorf("%s: %v", line, err)
			}
			continue
		}
		fmt.Fprintf(&golden, "%s\t%s\n", line, summary(r))
		if r.Encoding != s.encoding {
			t.Errorf("%s: encoding %v, want %v", line, r.Encoding, s.encoding)
		}
		if strings.HasPrefix(s.name, "syn-") || strings.HasPrefix(s.name, "bad-") {
			continue // see TestSynthetic
		}
		if s.dir == "pfx-keyfile" && !strings.HasPrefix(s.expected, "opens") || strings.Contains(s.expected, "only with two") {
			continue // see TestKeyFile
		}
		checkOpens(t, line, s, r)
	}
	if raceEnabled {
		return // not all files
	}
	if n["pfx"] != 121 || n["pfx-keyfile"] != 151 {
		t.Errorf("%d and %d files, want 121 and 151", n["pfx"], n["pfx-keyfile"])
	}
	compareGolden(t, "corpus.golden", golden.Bytes())
}

// checkOpens checks a file that a real tool wrote and that its password opens.
func checkOpens(t *testing.T, line string, s sample, r *Inspection) {
	t.Helper()
	closed, listed := notDecrypted[s.name]
	if r.Password.Status != PasswordRight && r.Password.Status != PasswordNotNeeded && !listed {
		t.Errorf("%s: password %v", line, r.Password.Status)
	}
	var unsupported []string
	note := func(e *Encryption) {
		if e != nil && !e.Supported && !slices.Contains(unsupported, e.Cipher) {
			unsupported = append(unsupported, e.Cipher)
		}
	}
	if r.MAC != nil && r.MAC.Status == statusUnsupported {
		unsupported = append(unsupported, r.MAC.Digest)
	}
	for i := range r.Safes {
		note(r.Safes[i].Encryption)
	}
	for _, b := range r.Bags() {
		note(b.Encryption)
	}
	if got := strings.Join(unsupported, " "); got != closed {
		t.Errorf("%s: not decrypted %q, want %q", line, got, closed)
	}
	for _, name := range unsupported {
		if !slices.ContainsFunc(namedOnly, func(n string) bool { return strings.Contains(name, n) }) {
			t.Errorf("%s: %s is not on the list of what is only named", line, name)
		}
	}
	if listed && closed != "MD4" {
		return
	}
	if !r.open() {
		t.Errorf("%s: not everything is open", line)
	}
	for _, id := range r.Identities {
		if len(r.Certificates()) > 0 && (id.Matches != Yes || id.Leaf == nil) {
			t.Errorf("%s: identity %+v", line, id)
		}
	}
}

// summary says in one line what a golden file is to keep.
func summary(r *Inspection) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v %v %v", r.Encoding, r.Integrity, r.Password.Status)
	if r.Password.Variant != variantStandard {
		fmt.Fprintf(&b, " (%v)", r.Password.Variant)
	}
	if m := r.MAC; m != nil {
		fmt.Fprintf(&b, " mac[%s %s %s iter=%d salt=%d key=%d %v]", m.Digest, m.KDF, m.PRF, m.Iterations, m.SaltLength, m.KeyLength, m.Status)
	}
	encryption := func(e *Encryption, s ProtectionStatus) string {
		if e == nil {
			return s.String()
		}
		return fmt.Sprintf("%s %s %s %s iter=%d salt=%d %v", e.Scheme, e.KDF, e.PRF, e.Cipher, e.Iterations, e.SaltLength, s)
	}
	for i := range r.Safes {
		fmt.Fprintf(&b, " safe[%s]", encryption(r.Safes[i].Encryption, r.Safes[i].Status))
	}
	certs, crls, secrets := 0, 0, 0
	for _, bag := range r.Bags() {
		switch bag.Kind {
		case bagCertificate:
			certs++
		case bagCRL:
			crls++
		case bagSecret:
			secrets++
		case BagKey, BagShroudedKey:
			fmt.Fprintf(&b, " key[%s", encryption(bag.Encryption, bag.Status))
			if bag.Key != nil {
				fmt.Fprintf(&b, ": %s %s %d", bag.Key.Algorithm, bag.Key.Curve, bag.Key.Bits)
			}
			b.WriteByte(']')
		}
	}
	fmt.Fprintf(&b, " certs=%d crls=%d secrets=%d", certs, crls, secrets)
	for _, id := range r.Identities {
		fmt.Fprintf(&b, " id[%v->%v by %v match=%v chain=%v complete=%v]", id.Key, id.Leaf, id.LinkedBy, id.Matches, id.Chain, id.Complete)
	}
	if list := codes(r); list != nil {
		fmt.Fprintf(&b, " %v", list)
	}
	return b.String()
}

func compareGolden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(got, want) {
		return
	}
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(g), len(w)) {
		var a, b string
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if a != b {
			t.Errorf("%s:%d:\n got %s\nwant %s", name, i+1, a, b)
		}
	}
}

// The names of the key files spell out what is in them.
func TestKeyFile(t *testing.T) {
	for _, s := range samples(t) {
		if s.dir != "pfx-keyfile" {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			r := inspectFile(t, s.dir, s.name, s.password)
			name := s.note
			if args, ok := part(name, "mac"); ok {
				want := fmt.Sprintf("%s %s %s", digestNames[args[0]], number(args[1]), number(args[2]))
				got := ""
				if r.MAC != nil {
					got = fmt.Sprintf("%s %d %d", r.MAC.Digest, r.MAC.SaltLength, r.MAC.Iterations)
				}
				if got != want {
					t.Errorf("MAC %q, want %q", got, want)
				}
			} else if r.MAC != nil {
				t.Errorf("MAC %v, want none", r.MAC.Digest)
			}
			both, isBoth := part(name, "cert&key")
			for _, what := range []string{"cert", "key"} {
				args, ok := part(name, what)
				if isBoth {
					args, ok = both, true
				}
				var e *Encryption
				has := false
				if what == "cert" {
					for i := range r.Safes {
						for _, b := range r.Safes[i].Bags {
							has = has || b.Kind == bagCertificate
						}
						if r.Safes[i].Encryption != nil {
							e, has = r.Safes[i].Encryption, true
						}
					}
				} else {
					for _, b := range r.Bags() {
						if b.Kind == BagShroudedKey || b.Kind == BagKey {
							e, has = b.Encryption, true
						}
					}
				}
				if !ok {
					if has {
						t.Errorf("%s: found, want none", what)
					}
					continue
				}
				if got, want := describe(e), wantEncryption(args); got != want {
					t.Errorf("%s: %s, want %s", what, got, want)
				}
			}
			switch {
			case strings.HasPrefix(s.expected, "malformed"):
				if r.MAC.Status != StatusOK {
					t.Errorf("MAC %v", r.MAC.Status)
				}
				if r.open() && r.Identities[0].Matches == Yes {
					t.Error("opens")
				}
			case strings.HasPrefix(s.expected, "unsupported"):
				if r.MAC.Status != StatusOK || !r.Has(codeUnsupported) {
					t.Errorf("MAC %v, findings %v", r.MAC.Status, codes(r))
				}
			case strings.HasPrefix(s.expected, "opens only with two"):
				// The MAC of these files is over the other password's.
				if r.Password.Status != PasswordWrong && r.Password.Status != passwordRightPartly {
					t.Errorf("password %v", r.Password.Status)
				}
			case strings.HasPrefix(s.expected, "password bytes"):
				if r.Password.Status != PasswordRight || r.Password.Variant != variantUTF8Bytes {
					t.Errorf("password %v, %v", r.Password.Status, r.Password.Variant)
				}
			case !strings.HasPrefix(s.expected, "opens"):
				t.Errorf("expectation %q is not known to this test", s.expected)
			}
		})
	}
}

var digestNames = map[string]string{
	"md4": "MD4", "md5": "MD5", "sha1": "SHA-1", "sha224": "SHA-224", "sha256": "SHA-256", "sha384": "SHA-384",
	"sha512": "SHA-512", "sha512-224": "SHA-512/224", "sha512-256": "SHA-512/256", "sha3-224": "SHA3-224",
	"sha3-256": "SHA3-256", "sha3-384": "SHA3-384", "sha3-512": "SHA3-512",
	"default": "SHA-1", "hmacWithMD5": "MD5", "hmacWithSHA1": "SHA-1", "hmacWithSHA224": "SHA-224", "hmacWithSHA256": "SHA-256",
	"hmacWithSHA384": "SHA-384", "hmacWithSHA512": "SHA-512", "hmacWithSHA512_224": "SHA-512/224", "hmacWithSHA512_256": "SHA-512/256",
	"hmac-sha3-224": "SHA3-224", "hmac-sha3-256": "SHA3-256", "hmac-sha3-384": "SHA3-384", "hmac-sha3-512": "SHA3-512",
}

var cipherNames = map[string]string{
	"aes-128-cbc": "AES-128-CBC", "aes-192-cbc": "AES-192-CBC", "aes-256-cbc": "AES-256-CBC",
	"aes-128-ecb": "AES-128-ECB", "aes-192-ecb": "AES-192-ECB", "aes-256-ecb": "AES-256-ECB",
	"des-cbc": "DES-CBC", "des-ecb": "DES-ECB", "des-ede3-cbc": "3DES-CBC", "bf-cbc": "Blowfish-CBC",
	"cast5-cbc": "CAST5-CBC", "idea-cbc": "IDEA-CBC", "seed-cbc": "SEED-CBC",
	"camellia-128-cbc": "Camellia-128-CBC", "camellia-192-cbc": "Camellia-192-CBC", "camellia-256-cbc": "Camellia-256-CBC",
	"aria-128-cbc": "ARIA-128-CBC", "aria-192-cbc": "ARIA-192-CBC", "aria-256-cbc": "ARIA-256-CBC",
}

// part returns the arguments of what(…) at the top level of a name.
func part(name, what string) ([]string, bool) {
	for _, item := range split(strings.TrimSuffix(name, ".p12")) {
		if rest, ok := strings.CutPrefix(item, what+"("); ok {
			return split(strings.TrimSuffix(rest, ")")), true
		}
	}
	return nil, false
}

// split splits at the commas outside parentheses. One name lacks the closing
// parenthesis of its MAC.
func split(s string) []string {
	s = strings.Replace(s, "iter(10240),pass(ascii)", "iter(10240)),pass(ascii)", 1)
	s = strings.Replace(s, "iter(10240))),pass", "iter(10240)),pass", 1)
	var list []string
	depth, start := 0, 0
	for i, c := range s {
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			if depth == 0 {
				list, start = append(list, s[start:i]), i+1
			}
		}
	}
	return append(list, s[start:])
}

var digits = regexp.MustCompile(`[0-9]+`)

func number(s string) string { return digits.FindString(s[strings.IndexByte(s, '('):]) }

func describe(e *Encryption) string {
	if e == nil {
		return "none"
	}
	scheme := strings.ToLower(e.Scheme)
	if e.Scheme != "PBES2" {
		return fmt.Sprintf("%s salt %d iter %d", scheme, e.SaltLength, e.Iterations)
	}
	if e.KDF == "scrypt" {
		return fmt.Sprintf("pbes2 scrypt salt %d N %d r %d p %d %s", e.SaltLength, e.Iterations, e.BlockSize, e.Parallel, e.Cipher)
	}
	return fmt.Sprintf("pbes2 %s salt %d iter %d %s", e.PRF, e.SaltLength, e.Iterations, e.Cipher)
}

// wantEncryption is describe for the arguments of cert(…), key(…) or
// cert&key(…) in a name.
func wantEncryption(args []string) string {
	if args[0] == "none" {
		return "none"
	}
	rest, ok := strings.CutPrefix(args[0], "PBES2(")
	if !ok {
		return fmt.Sprintf("%s salt %s iter %s", strings.ToLower(args[0]), number(args[1]), number(args[2]))
	}
	inner := split(strings.TrimSuffix(rest, ")"))
	cipher, _, _ := strings.Cut(inner[1], "(")
	name := cipherNames[cipher]
	if cipher == "rc2-cbc" {
		bits := regexp.MustCompile(`=([0-9]+)bit`).FindStringSubmatch(inner[1])
		name = "RC2-" + bits[1] + "-CBC"
	}
	if args, ok := strings.CutPrefix(inner[0], "scrypt("); ok {
		p := split(strings.TrimSuffix(args, ")"))
		return fmt.Sprintf("pbes2 scrypt salt %s N %s r %s p %s %s", number(p[0]), number(p[1]), number(p[2]), number(p[3]), name)
	}
	args, _ = split(strings.TrimSuffix(strings.TrimPrefix(inner[0], "PBKDF2("), ")")), true
	prf := strings.TrimSuffix(strings.TrimPrefix(args[3], "prf("), ")")
	return fmt.Sprintf("pbes2 %s salt %s iter %s %s", digestNames[prf], number(args[0]), number(args[1]), name)
}

// The error of what is not a PFX has its type.
func TestNotPFX(t *testing.T) {
	for _, data := range []string{"", "0", "hello, world", "\x30\x03\x02\x01\x03", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"} {
		r, err := new(Options).Inspect(context.Background(), []byte(data))
		var format *FormatError
		if r != nil || !errors.As(err, &format) {
			t.Errorf("%q: %v, %v", data, r, err)
		}
	}
}
