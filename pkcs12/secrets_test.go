package pkcs12

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/pkcs12/internal/ber"
)

// tlv makes an element with the given identifier octet.
func tlv(tag byte, parts ...[]byte) []byte {
	content := bytes.Join(parts, nil)
	out := []byte{tag}
	switch n := len(content); {
	case n < 0x80:
		out = append(out, byte(n))
	case n < 0x100:
		out = append(out, 0x81, byte(n))
	case n < 0x10000:
		out = append(out, 0x82, byte(n>>8), byte(n))
	default:
		out = append(out, 0x83, byte(n>>16), byte(n>>8), byte(n))
	}
	return append(out, content...)
}

func seq(parts ...[]byte) []byte      { return tlv(0x30, parts...) }
func setOf(parts ...[]byte) []byte    { return tlv(0x31, parts...) }
func explicit(parts ...[]byte) []byte { return tlv(0xa0, parts...) }
func octetString(b []byte) []byte     { return tlv(0x04, b) }

func integer(v int64) []byte {
	b := big.NewInt(v).Bytes()
	if len(b) == 0 || b[0]&0x80 != 0 {
		b = append([]byte{0}, b...)
	}
	return tlv(0x02, b)
}

// object makes an OBJECT IDENTIFIER.
func object(dotted string) []byte {
	var arcs []uint64
	for a := range strings.SplitSeq(dotted, ".") {
		n, ok := new(big.Int).SetString(a, 10)
		if !ok {
			panic("not an object identifier: " + dotted)
		}
		arcs = append(arcs, n.Uint64())
	}
	arcs = append([]uint64{arcs[0]*40 + arcs[1]}, arcs[2:]...)
	var out []byte
	for _, a := range arcs {
		digits := []byte{byte(a & 0x7f)}
		for a >>= 7; a > 0; a >>= 7 {
			digits = append([]byte{byte(a&0x7f) | 0x80}, digits...)
		}
		out = append(out, digits...)
	}
	return tlv(0x06, out)
}

// bag makes a SafeBag.
func bag(oid string, value []byte, attributes ...[]byte) []byte {
	parts := [][]byte{object(oid), explicit(value)}
	if attributes != nil {
		parts = append(parts, setOf(attributes...))
	}
	return seq(parts...)
}

func attribute(oid string, value []byte) []byte { return seq(object(oid), setOf(value)) }

// testSalt and testIV protect nothing.
var testSalt, testIV = []byte("8 octets"), []byte("sixteen octets..")

// pbes2 encrypts content, with one iteration.
func pbes2(t testing.TB, password string, content []byte) (algorithm, ciphertext []byte) {
	t.Helper()
	algorithm = seq(object(oidPBES2), seq(
		seq(object(oidPBKDF2), seq(octetString(testSalt), integer(1), seq(object("1.2.840.113549.2.9"), []byte{5, 0}))),
		seq(object("2.16.840.1.101.3.4.1.42"), octetString(testIV))))
	key, err := pbkdf2.Key(sha256.New, password, testSalt, 1, 32)
	if err != nil {
		t.Fatal(err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	n := aes.BlockSize - len(content)%aes.BlockSize
	ciphertext = append(bytes.Clone(content), bytes.Repeat([]byte{byte(n)}, n)...)
	cipher.NewCBCEncrypter(block, testIV).CryptBlocks(ciphertext, ciphertext)
	return algorithm, ciphertext
}

// plainSafe and encryptedSafe make a ContentInfo around SafeContents.
func plainSafe(contents []byte) []byte { return seq(object(oidData), explicit(octetString(contents))) }

func encryptedSafe(t testing.TB, password string, contents []byte) []byte {
	t.Helper()
	algorithm, ciphertext := pbes2(t, password, contents)
	return seq(object(oidEncryptedData), explicit(seq(integer(0), seq(object(oidData), algorithm, tlv(0x80, ciphertext)))))
}

// shrouded makes the value of a shrouded key bag.
func shrouded(t testing.TB, password string, pkcs8 []byte) []byte {
	t.Helper()
	algorithm, ciphertext := pbes2(t, password, pkcs8)
	return seq(algorithm, octetString(ciphertext))
}

// pfx makes a file without MAC.
func pfx(safes ...[]byte) []byte {
	return seq(integer(3), seq(object(oidData), explicit(octetString(seq(safes...)))))
}

// A leak finds runs of eight octets of a secret in text, in every form that
// output could give them.
type leak map[string]string // form, and what it is of

const leakSize = 8

func (l leak) add(name string, data []byte) {
	for at := 0; at+leakSize <= len(data); at++ {
		run := data[at : at+leakSize]
		reversed := make([]byte, leakSize)
		wide, narrow := make([]byte, 0, 2*leakSize), make([]byte, 0, 2*leakSize)
		for i, c := range run {
			reversed[leakSize-1-i] = c
			wide, narrow = append(wide, 0, c), append(narrow, c, 0)
		}
		for how, form := range map[string][]byte{"": run, ", reversed": reversed, " in UTF-16BE": wide, " in UTF-16LE": narrow} {
			what := fmt.Sprintf("%s, octet %d%s", name, at, how)
			l[string(form)] = what
			l[hex.EncodeToString(form)] = what + " in hexadecimal"
			l[strings.ToUpper(hex.EncodeToString(form))] = what + " in hexadecimal"
			for shift := range 3 {
				padded := append(make([]byte, shift), form...)
				text := base64.StdEncoding.EncodeToString(padded[:len(padded)/3*3])
				if shift > 0 {
					text = text[4:]
				}
				if len(text) >= leakSize {
					l[text] = what + " in base64"
				}
			}
			for _, separator := range []string{" ", ", ", ",", "."} {
				l[strings.Trim(strings.ReplaceAll(fmt.Sprint(form), " ", separator), "[]")] = what + " in decimal"
			}
			l[strings.Trim(fmt.Sprintf("%#v", form), "[]byte{}")] = what + " in Go syntax"
			l[strings.Trim(fmt.Sprintf("%q", form), `"`)] = what + " quoted"
		}
		l[new(big.Int).SetBytes(run).String()] = fmt.Sprintf("%s, octet %d as a number", name, at)
	}
	l[new(big.Int).SetBytes(data).String()] = name + " as a number"
}

// index groups the forms by their first four octets, so that a text is read once.
type index map[string][]string

func (l leak) index() index {
	x := make(index)
	for form := range l {
		x[form[:4]] = append(x[form[:4]], form)
	}
	return x
}

func (l leak) find(x index, text string) string {
	for i := 0; i+4 <= len(text); i++ {
		for _, form := range x[text[i:i+4]] {
			if strings.HasPrefix(text[i:], form) {
				return l[form]
			}
		}
	}
	return ""
}

// spill writes everything that can be reached from v, with what lies behind the
// end of slices of octets, and what errors say.
func spill(w *strings.Builder, v reflect.Value, depth int) {
	if depth > 40 || !v.IsValid() {
		return
	}
	if v.CanInterface() {
		if err, ok := v.Interface().(error); ok && err != nil && (v.Kind() != reflect.Pointer || !v.IsNil()) {
			fmt.Fprintf(w, "%v %+v %#v\n", err, err, err)
		}
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.Type().String() != "elliptic.Curve" {
			spill(w, v.Elem(), depth+1)
		}
	case reflect.Struct:
		if v.Type().String() == "x509.Certificate" || v.Type().String() == "time.Time" {
			return // Raw is looked at in pkcs7.Certificate
		}
		for i := range v.NumField() {
			spill(w, v.Field(i), depth+1)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			b := v.Bytes()
			w.Write(b[:cap(b)])
			w.WriteByte('\n')
			return
		}
		if v.Type().Elem().Kind() == reflect.Uint { // of a big.Int
			var n big.Int
			for i := v.Len() - 1; i >= 0; i-- {
				n.Or(n.Lsh(&n, 64), new(big.Int).SetUint64(v.Index(i).Uint()))
			}
			w.Write(n.Bytes())
			w.WriteString("\n" + n.String() + "\n")
			return
		}
		for i := range v.Len() {
			spill(w, v.Index(i), depth+1)
		}
	case reflect.String:
		w.WriteString(v.String())
		w.WriteByte('\n')
	case reflect.Int64:
		fmt.Fprintln(w, v.Int())
	}
}

// everything returns all that a program could show of a report.
func everything(t testing.TB, r *Inspection) string {
	t.Helper()
	var w strings.Builder
	spill(&w, reflect.ValueOf(r), 0)
	fmt.Fprintf(&w, "%v\n%+v\n%#v\n", r, *r, *r)
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(text)
	for _, target := range []Importer{targetIOS17, targetJava11, targetNSS, targetIntuneImport} {
		verdict := r.Compatible(target)
		spill(&w, reflect.ValueOf(verdict), 0)
		for _, reason := range verdict.Reasons {
			m := reason.Sentence()
			fmt.Fprintf(&w, "%s %v %+v %#v\n", m.Format, m.Args, m.Args, m.Args)
		}
	}
	for ref, b := range r.Bags() {
		fmt.Fprintf(&w, "%v %v %+v %#v\n", ref, b, *b, *b)
		if b.Key != nil {
			fmt.Fprintf(&w, "%v %+v %#v\n", b.Key, *b.Key, *b.Key)
		}
	}
	for _, f := range r.Observations {
		m := f.Sentence()
		fmt.Fprintf(&w, "%s %v %+v %#v\n", m.Format, m.Args, m.Args, m.Args)
	}
	return w.String()
}

// A testPrivate is a private key with the octets that must not be shown.
type testPrivate struct {
	name   string
	pkcs8  []byte
	secret []byte // of all the parts that of which none may be shown
	whole  [][]byte
}

// noise returns octets that look like a key.
func noise(label string, n int) []byte {
	var out []byte
	for i := byte(0); len(out) < n; i++ {
		sum := sha256.Sum256(append([]byte(label), i))
		out = append(out, sum[:]...)
	}
	return out[:n]
}

func bigInteger(b []byte) []byte {
	if b[0]&0x80 != 0 {
		b = append([]byte{0}, b...)
	}
	return tlv(0x02, b)
}

// testPrivates returns keys of every kind. They belong to nobody; the RSA key is
// too short to be of use.
func testPrivates() []testPrivate {
	seed, scalar, x := noise("seed", 32), noise("scalar", 32), noise("x", 20)
	p, _ := new(big.Int).SetString("115792089237316195423570985008687907853269984665640564039457584007913129640233", 10) // 2^256+297
	q, _ := new(big.Int).SetString("231584178474632390847141970017375815706539969331281128078915168015826259280027", 10) // 2^257+155
	// Primes have regular octets here, which are in no secret; the exponent is noise.
	n := new(big.Int).Mul(p, q)
	d, dp, dq := noise("d", 63), noise("dp", 32), noise("dq", 32)
	info := func(algorithm, key []byte) []byte { return seq(integer(0), algorithm, octetString(key)) }
	y := noise("P", 128)
	y[0], y[127] = 0xff, y[127]|1
	return []testPrivate{
		{"Ed25519", info(seq(object(oidEd25519)), octetString(seed)), seed, [][]byte{seed}},
		{"X25519", info(seq(object(oidX25519)), octetString(seed)), seed, [][]byte{seed}},
		{"EC", info(seq(object(oidEC), object("1.2.840.10045.3.1.7")), seq(integer(1), octetString(scalar))), scalar, [][]byte{scalar}},
		{"EC, curve inside", info(seq(object(oidEC)), seq(integer(1), octetString(scalar), explicit(object("1.3.132.0.10")))), scalar, [][]byte{scalar}},
		{"RSA", info(seq(object(oidRSA), []byte{5, 0}), seq(integer(0), bigInteger(n.Bytes()), integer(65537), bigInteger(d),
			bigInteger(p.Bytes()), bigInteger(q.Bytes()), bigInteger(dp), bigInteger(dq), bigInteger(dp))), d, [][]byte{d, dp, dq}},
		{"RSA, the exponent for a modulus", info(seq(object(oidRSA), []byte{5, 0}), seq(integer(0), bigInteger(d), integer(65537), bigInteger(n.Bytes()),
			bigInteger(p.Bytes()), bigInteger(q.Bytes()), bigInteger(dp), bigInteger(dq), bigInteger(dp))), dp, [][]byte{d, dp, dq}},
		{"RSA of several primes, the exponent for a modulus", info(seq(object(oidRSA), []byte{5, 0}), seq(integer(1), bigInteger(d), integer(65537), bigInteger(n.Bytes()),
			bigInteger(p.Bytes()), bigInteger(q.Bytes()), bigInteger(dp), bigInteger(dq), bigInteger(dp))), dp, [][]byte{d, dp, dq}},
		{"DSA", info(seq(object(oidDSA), seq(bigInteger(y), bigInteger(append([]byte{0x7f}, noise("Q", 20)...)), integer(3))), bigInteger(x)), x, [][]byte{x}},
	}
}

// TestLeakDetector holds that the tests below would notice.
func TestLeakDetector(t *testing.T) {
	secret := noise("detector", 32)
	l := make(leak)
	l.add("secret", secret)
	x := l.index()
	piece := secret[5:14]
	for _, text := range []string{
		string(piece), hex.EncodeToString(piece), fmt.Sprint(piece), fmt.Sprintf("%#v", piece), fmt.Sprintf("%q", piece), fmt.Sprintf("%X", piece),
		base64.StdEncoding.EncodeToString(secret), base64.StdEncoding.EncodeToString(append([]byte{1}, secret...)), base64.StdEncoding.EncodeToString(append([]byte{1, 2}, secret...)),
		new(big.Int).SetBytes(secret).String(),
	} {
		if l.find(x, "text "+text+" text") == "" {
			t.Errorf("not noticed: %q", text)
		}
	}
	var w strings.Builder
	spill(&w, reflect.ValueOf(&Bag{Certificate: &chain.Certificate{Raw: append(secret, 1)[:0]}}), 0)
	if l.find(x, w.String()) == "" {
		t.Error("not noticed behind the end of a slice")
	}
	if found := l.find(x, hex.EncodeToString(noise("another", 500))); found != "" {
		t.Errorf("noticed where it is not: %s", found)
	}
}

// TestSecretsAfterDecryption holds that a report, its errors, its verdicts and a
// refused rewriting show nothing of a private key and a password, however the
// content is malformed and wherever a key stands that something else belongs.
func TestSecretsAfterDecryption(t *testing.T) {
	const password = "correct horse battery"
	words := make(leak)
	words.add("password", []byte(password))
	var utf []byte
	for _, u := range utf16.Encode([]rune(password)) {
		utf = append(utf, byte(u>>8), byte(u))
	}
	words.add("password in UTF-16", utf)
	for _, key := range testPrivates() {
		t.Run(key.name, func(t *testing.T) {
			l := make(leak)
			for i, part := range key.whole {
				l.add(fmt.Sprintf("part %d", i), part)
			}
			for form, what := range words {
				l[form] = what
			}
			x := l.index()
			files, whole := 0, key.pkcs8
			check := func(name string, file []byte, rewrite bool) {
				t.Helper()
				files++
				r, err := Inspect(file, password)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if found := l.find(x, everything(t, r)); found != "" {
					t.Errorf("%s: the report shows %s", name, found)
				}
				if !rewrite {
					return
				}
				p := password
				_, err = (&Options{Password: &p}).Rewrite(t.Context(), file, Rewriting{Password: "another password"})
				var refused *RewriteError
				if !errors.As(err, &refused) {
					t.Fatalf("%s: rewrite: %v", name, err)
				}
				if found := l.find(x, fmt.Sprintf("%v %+v %#v %v", err, err, *refused, refused.Err)+everything(t, refused.Inspection)); found != "" {
					t.Errorf("%s: the error of rewriting shows %s", name, found)
				}
			}
			// In a bag of its own encryption, and in the clear in a safe that is encrypted.
			// At everyday length the three take turns.
			turn := 0
			enclose := func(name string, pkcs8 []byte, rewrite bool) {
				t.Helper()
				turn++
				if long() || turn%3 == 0 {
					check(name+", shrouded", pfx(plainSafe(seq(bag(oidShroudedKeyBag, shrouded(t, password, pkcs8))))), rewrite)
				}
				if long() || turn%3 == 1 {
					check(name+", in an encrypted safe", pfx(encryptedSafe(t, password, seq(bag(oidKeyBag, pkcs8)))), rewrite)
				}
				if long() || turn%3 == 2 {
					check(name+", nested", pfx(encryptedSafe(t, password, seq(bag(oidSafeContentsBag, seq(bag(oidKeyBag, pkcs8)))))), rewrite)
				}
			}
			enclose("whole", whole, true)
			step := 1 + len(whole)/40
			if long() {
				step = 1
			}
			for n := 0; n < len(whole); n += step {
				enclose(fmt.Sprintf("cut to %d", n), whole[:n], false)
				if inside, err := ber.New(whole, nil).Next(); err == nil && n < len(inside.Content) {
					enclose(fmt.Sprintf("content cut to %d", n), seq(inside.Content[:n]), n%16 == 0)
				}
			}
			for at := range min(len(whole), 60) {
				for i, to := range []byte{0, 1, 4, 6, 0x24, 0x27, 0x30, 0x7f, 0x80, 0xff, whole[at] + 1, whole[at] + 3, whole[at] ^ 0x20} {
					if i%4 != at%4 && !long() {
						continue
					}
					damaged := bytes.Clone(whole)
					damaged[at] = to
					enclose(fmt.Sprintf("octet %d is %#x", at, to), damaged, false)
				}
			}
			// Two lengths at once, so that an identifier reaches into the key.
			for _, grown := range []int{3, 8, 20, 36} {
				inner, err := ber.New(whole, nil).Sequence()
				if err != nil {
					t.Fatal(err)
				}
				version, _ := inner.Next()
				algorithm, _ := inner.Next()
				rest := bytes.Clone(inner.Rest())
				n := min(grown, len(rest))
				id, _ := ber.New(algorithm.Content, nil).Next()
				longer := tlv(0x06, id.Content, algorithm.Content[len(id.Raw):], rest[:n])
				enclose(fmt.Sprintf("identifier with %d octets more", n), seq(version.Raw, seq(longer), octetString(rest[n:])), false)
				check(fmt.Sprintf("bag identifier with %d octets more", n),
					pfx(encryptedSafe(t, password, seq(seq(tlv(0x06, object(oidKeyBag)[2:], explicit(whole)[:n], whole[:n]))))), false)
			}

			secret := key.secret
			intact := bag(oidKeyBag, whole)
			for name, misplaced := range map[string][]byte{
				"identifier of a bag":        seq(tlv(0x06, secret), explicit(octetString(nil))),
				"identifier of an attribute": bag(oidSecretBag, seq(object("1.2.3"), explicit(octetString(nil))), seq(tlv(0x06, secret), setOf(octetString(nil)))),
				"friendly name":              bag(oidKeyBag, whole, attribute(oidFriendlyName, tlv(0x1e, secret))),
				"friendly name, widened":     bag(oidKeyBag, whole, attribute(oidFriendlyName, tlv(0x1e, widen(secret)))),
				"friendly name, narrow":      bag(oidKeyBag, whole, attribute(oidFriendlyName, tlv(0x1e, swap(widen(secret))))),
				"friendly name in UTF-8":     bag(oidKeyBag, whole, attribute(oidFriendlyName, tlv(0x0c, secret))),
				"friendly name in T.61":      bag(oidKeyBag, whole, attribute(oidFriendlyName, tlv(0x14, secret))),
				"friendly name, OCTET":       bag(oidKeyBag, whole, attribute(oidFriendlyName, octetString(secret))),
				"localKeyID":                 bag(oidKeyBag, whole, attribute(oidLocalKeyID, octetString(secret))),
				"localKeyID in segments":     bag(oidKeyBag, whole, attribute(oidLocalKeyID, tlv(0x24, octetString(secret[:len(secret)/2]), octetString(secret[len(secret)/2:])))),
				"provider":                   bag(oidKeyBag, whole, attribute(oidCSPName, tlv(0x1e, secret))),
				"attribute":                  bag(oidKeyBag, whole, attribute("1.2.3.4", octetString(secret))),
				"attribute, whole key":       bag(oidKeyBag, whole, attribute("1.2.3.4", whole)),
				"attribute of another kind":  bag(oidKeyBag, whole, attribute("1.2.3.4", tlv(0x9f, secret))),
				"keyUsage":                   bag(oidKeyBag, whole, attribute(oidKeyUsage, tlv(0x03, secret))),
				"key type":                   bag(oidKeyBag, seq(integer(0), seq(tlv(0x06, secret)), octetString(nil))),
				"curve":                      bag(oidKeyBag, seq(integer(0), seq(object(oidEC), tlv(0x06, secret)), octetString(seq(integer(1), octetString(nil))))),
				"version":                    bag(oidKeyBag, seq(tlv(0x02, secret), seq(object(oidEC)), octetString(nil))),
				"certificate":                bag(oidCertBag, seq(object(oidX509Certificate), explicit(octetString(secret)))),
				"certificate, whole key":     bag(oidCertBag, seq(object(oidX509Certificate), explicit(octetString(whole)))),
				"certificate type":           bag(oidCertBag, seq(tlv(0x06, secret), explicit(octetString(nil)))),
				"SDSI certificate":           bag(oidCertBag, seq(object("1.2.840.113549.1.9.22.2"), explicit(octetString(secret)))),
				"revocation list":            bag(oidCRLBag, seq(object(oidX509CRL), explicit(octetString(whole)))),
				"revocation list type":       bag(oidCRLBag, seq(tlv(0x06, secret), explicit(octetString(nil)))),
				"secret":                     bag(oidSecretBag, seq(object("1.2.3"), explicit(octetString(secret)))),
				"secret type":                bag(oidSecretBag, seq(tlv(0x06, secret), explicit(octetString(nil)))),
				"unknown bag":                bag("1.2.3.4", octetString(secret)),
				"nested":                     bag(oidSafeContentsBag, seq(bag(oidCertBag, seq(object(oidX509Certificate), explicit(octetString(whole)))))),
				"encryption scheme":          bag(oidShroudedKeyBag, seq(seq(tlv(0x06, secret)), octetString(nil))),
				"salt":                       bag(oidShroudedKeyBag, seq(seq(object("1.2.840.113549.1.12.1.3"), seq(octetString(secret), integer(1))), octetString(secret))),
				"iterations":                 bag(oidShroudedKeyBag, seq(seq(object("1.2.840.113549.1.12.1.3"), seq(octetString(testSalt), tlv(0x02, positive(secret[:8])))), octetString(secret))),
				"long iterations":            bag(oidShroudedKeyBag, seq(seq(object("1.2.840.113549.1.12.1.3"), seq(octetString(testSalt), tlv(0x02, secret))), octetString(secret))),
				"key derivation":             bag(oidShroudedKeyBag, seq(seq(object(oidPBES2), seq(seq(tlv(0x06, secret)), seq(object("1.2.3")))), octetString(nil))),
				"cipher":                     bag(oidShroudedKeyBag, seq(seq(object(oidPBES2), seq(seq(object(oidPBKDF2)), seq(tlv(0x06, secret)))), octetString(nil))),
			} {
				check(name+", before the key", pfx(encryptedSafe(t, password, seq(misplaced, intact))), false)
				check(name+", after the key", pfx(encryptedSafe(t, password, seq(intact, misplaced))), true)
				check(name+", the key elsewhere", pfx(encryptedSafe(t, password, seq(misplaced)), plainSafe(seq(bag(oidShroudedKeyBag, shrouded(t, password, whole))))), false)
			}
			t.Logf("%d files", files)
		})
	}
}

// TestWithheldVerdict holds that nothing is concluded from what a report withholds:
// not that a key has no link to its certificate, nor that a name is no text.
func TestWithheldVerdict(t *testing.T) {
	scalar := noise("scalar", 32)
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	keyBag, certBag := identityBags(t, personWithKey(t, key))
	named := bag(oidKeyBag, pkcs8, attribute(oidLocalKeyID, octetString(scalar)), attribute(oidFriendlyName, tlv(0x1e, scalar)))
	codesOf := func(file []byte) map[ReasonCode]Answer {
		r, err := Inspect(file, "secret")
		if err != nil {
			t.Fatal(err)
		}
		list := make(map[ReasonCode]Answer)
		for _, reason := range r.Compatible(targetIOS18).Reasons {
			list[reason.Code] = reason.Answer
		}
		return list
	}
	with, without := codesOf(pfx(encryptedSafe(t, "secret", seq(named, certBag)))), codesOf(pfx(encryptedSafe(t, "secret", seq(keyBag, certBag))))
	if a, ok := with[reasonContent]; !ok || a != Unknown {
		t.Errorf("that something is withheld is no reason: %v", with)
	}
	delete(with, reasonContent)
	if !maps.Equal(with, without) {
		t.Errorf("reasons %v, without what is withheld %v", with, without)
	}
}

// widen makes a BMPString with one octet in each character; swap is the same in
// the wrong order.
func widen(b []byte) []byte {
	var out []byte
	for _, c := range b {
		out = append(out, 0, c)
	}
	return out
}

func swap(b []byte) []byte {
	out := bytes.Clone(b)
	for i := 0; i+1 < len(out); i += 2 {
		out[i], out[i+1] = out[i+1], out[i]
	}
	return out
}

// positive clears the sign of a number.
func positive(b []byte) []byte {
	out := bytes.Clone(b)
	out[0] &= 0x7f
	return out
}
