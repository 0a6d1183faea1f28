package pkcs12

import (
	"bytes"
	"context"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/testdata/outside"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// long reports whether tests are to run at full length.
func long() bool { return os.Getenv("SMIMECHAIN_LONG") != "" }

// A wrong password is never taken for a right one.
func TestWrongPasswords(t *testing.T) {
	n := 20_000
	if long() {
		n = 1_000_000
	}
	data := outside.Read(t, "pfx", "o30-noiter.p12")
	for i := range n {
		r, err := Inspect(data, fmt.Sprintf("wrong %d", i))
		if err != nil {
			t.Fatal(err)
		}
		if r.Password.Status != PasswordWrong {
			t.Fatalf("wrong password %d: %v", i, r.Password.Status)
		}
	}
	t.Logf("%d wrong passwords", n)
}

// An empty password is no secret: it is found without being given, in both of its forms,
// and no other is.
func TestEmptyFound(t *testing.T) {
	found := map[Variant]int{}
	for name, password := range map[string]string{"": "", "another": "x"} {
		for _, e := range []*gopkcs12.Encoder{gopkcs12.LegacyDES, gopkcs12.Modern2023} {
			r, err := new(Options).Inspect(context.Background(), alice(t).encode(t, e, password))
			if err != nil {
				t.Fatal(err)
			}
			if right := r.Password.Status.Right(); right != (name == "") || right && len(r.Identities) != 1 {
				t.Errorf("%q: %v, %d identities", name, r.Password.Status, len(r.Identities))
			}
			found[r.Password.Variant]++
		}
	}
	outside.Corpus(t, "pfx")
	for line := range strings.Lines(string(outside.Read(t, "pfx", "MANIFEST.tsv"))) {
		row := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if row[1] != "" {
			continue
		}
		r, err := new(Options).Inspect(context.Background(), outside.Read(t, "pfx", row[0]))
		if err != nil {
			continue
		}
		with, err := Inspect(outside.Read(t, "pfx", row[0]), "")
		if err != nil || r.MAC != nil && with.Password.Status != r.Password.Status {
			t.Errorf("%s: %v, with the password %v", row[0], r.Password.Status, with.Password.Status)
		}
		found[r.Password.Variant]++
	}
	if found[variantNull] == 0 || found[variantStandard] == 0 {
		t.Errorf("forms: %v", found)
	}
}

// With the right password, single bits that flip are recognized as what they
// are, not as a wrong password.
func TestBitFlips(t *testing.T) {
	for _, name := range []string{"o30-noiter.p12", "o30-legacy.p12", "nss387-default.p12"} {
		step := 17
		if long() {
			step = 1
		}
		if name == "nss387-default.p12" {
			step = 997 // 600,000 iterations
		}
		if !affordable(t, "pfx", name) {
			continue
		}
		data := outside.Read(t, "pfx", name)
		counts := make(map[string]int)
		total := 0
		for bit := 0; bit < len(data)*8; bit += step {
			damaged := bytes.Clone(data)
			damaged[bit/8] ^= 1 << (bit % 8)
			total++
			password := "secret"
			r, err := (&Options{Password: &password}).Inspect(context.Background(), damaged)
			switch {
			case err != nil:
				counts["not a PFX"]++
			case r.Password.Status == passwordRightAltered:
				counts["right, altered"]++
			case r.Has(codeMalformed) || r.Has(codeTruncated) || r.Has(codeTrailing):
				counts["structure"]++
			default:
				counts[r.Password.Status.String()]++
			}
		}
		recognized := counts["right, altered"] + counts["structure"] + counts["not a PFX"]
		t.Logf("%s: %d flips: %v: %.2f%%", name, total, counts, 100*float64(recognized)/float64(total))
		if recognized*100 < total*98 {
			t.Errorf("%s: %d of %d flips recognized: %v", name, recognized, total, counts)
		}
	}
}

// A password that is wrong by a usual mix-up gets a hint; an empty one, and one
// in an unusual encoding, are right.
func TestPasswordVariants(t *testing.T) {
	p := alice(t)
	tests := []struct {
		name, written, given string
		status               PasswordStatus
		variant              Variant
		hint                 MixUp
		charset              Charset
	}{
		{"right", "secret", "secret", PasswordRight, 0, 0, CharsetASCII},
		{"wrong", "secret", "Secret", PasswordWrong, 0, 0, CharsetASCII},
		{"empty", "", "", PasswordRight, 0, 0, CharsetEmpty},
		{"empty for another", "secret", "", PasswordWrong, 0, 0, CharsetEmpty},
		{"line feed too many", "secret", "secret\n", PasswordWrong, 0, hintTrimmed, CharsetASCII},
		{"line ending too many", "secret", "secret\r\n", PasswordWrong, 0, hintTrimmed, CharsetASCII},
		{"space too many", "secret", " secret ", PasswordWrong, 0, hintTrimmed, CharsetASCII},
		{"byte order mark", "secret", "\ufeffsecret", PasswordWrong, 0, hintTrimmed, charsetBMP},
		{"line feed too few", "secret\n", "secret", PasswordWrong, 0, hintNewline, CharsetASCII},
		{"decomposed for composed", "Zoë", "Zoe\u0308", PasswordWrong, 0, hintComposed, charsetBMP},
		{"composed for decomposed", "Zoe\u0308", "Zoë", PasswordWrong, 0, hintDecomposed, CharsetLatin1},
		{"octets as characters", "ZoÃ«", "Zoë", PasswordRight, variantUTF8Bytes, 0, CharsetLatin1},
		{"not UTF-8", "Zo\u00eb", "Zo\xeb", PasswordRight, 0, 0, charsetInvalid},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, err := Inspect(p.encode(t, gopkcs12.LegacyDES, test.written), test.given)
			if err != nil {
				t.Fatal(err)
			}
			got := r.Password
			if got.Status != test.status || got.Variant != test.variant || got.MixUp != test.hint || got.Charset != test.charset {
				t.Errorf("%+v", got)
			}
			count := make(map[ObservationCode]int)
			for _, f := range r.Observations {
				count[f.Code]++
			}
			if (test.hint != 0) != (count[codePasswordHint] == 1) || (test.variant != 0) != (count[codePasswordVariant] == 1) {
				t.Errorf("findings %v", r.Observations)
			}
		})
	}
}

// macAlone makes a file in which nothing but the MAC depends on a password.
func macAlone(password string) []byte {
	safe := plainSafe(seq())
	return withMAC(macOver(password, seq(safe)), safe)
}

// A MAC that does not fit is no proof of a wrong password; that another one fits is
// one, and tells which mix-up it was.
func TestMACAlone(t *testing.T) {
	for _, tt := range []struct {
		written, given string
		status         PasswordStatus
		hint           MixUp
	}{
		{"secret", "secret", PasswordRight, hintNone},
		{"secret", "another", passwordUnknown, hintNone},
		{"secret", "secret ", passwordUnknown, hintTrimmed},
	} {
		r, err := new(Options).Inspect(t.Context(), macAlone(tt.written))
		if err != nil || r.Password.Status != PasswordNotTried || r.Password.Charset != charsetNone {
			t.Errorf("none for %q: %+v, %v", tt.written, r.Password, err)
		}
		r, err = Inspect(macAlone(tt.written), tt.given)
		if err != nil {
			t.Fatal(err)
		}
		if r.Password.Status != tt.status || r.Password.MixUp != tt.hint || r.Has(codeMACFailed) != (tt.status == passwordUnknown) {
			t.Errorf("%q for %q: %+v, findings %v", tt.given, tt.written, r.Password, codes(r))
		}
	}
}

// TestEmptyUnderShortKey holds that a MAC that proves nothing is no proof of an empty
// password, however well it fits.
func TestEmptyUnderShortKey(t *testing.T) {
	safe := plainSafe(seq())
	for _, size := range []int{1, minPBMAC1Key} {
		key, err := pbkdf2.Key(sha256.New, "", testSalt, 1, size)
		if err != nil {
			t.Fatal(err)
		}
		h := hmac.New(sha256.New, key)
		h.Write(seq(safe))
		prf := seq(object("1.2.840.113549.2.9"), []byte{5, 0})
		scheme := seq(object(oidPBMAC1), seq(seq(object(oidPBKDF2), seq(octetString(testSalt), integer(1), integer(int64(size)), prf)), prf))
		r, err := new(Options).Inspect(t.Context(), withMAC(seq(seq(scheme, octetString(h.Sum(nil))), octetString(nil)), safe))
		if err != nil || (r.Password.Status == PasswordRight) != (size == minPBMAC1Key) {
			t.Errorf("a key of %d octets: %v, %v", size, r.Password.Status, err)
		}
	}
}

// What was not read is not said to need no password.
func TestUnreadPassword(t *testing.T) {
	data := alice(t).encode(t, gopkcs12.Passwordless, "")
	for _, o := range []*Options{{}, {Password: new("secret")}} {
		r, err := o.Inspect(t.Context(), data)
		if err != nil || r.Password.Status != PasswordNotNeeded {
			t.Errorf("%v, %v", r.Password, err)
		}
		o.Limits.Size = 100
		r, err = o.Inspect(t.Context(), data)
		want := PasswordNotTried
		if o.Password != nil {
			want = passwordUnknown
		}
		if err != nil || r.Password.Status != want {
			t.Errorf("too large: %v, %v", r.Password, err)
		}
		for _, target := range Importers() {
			if v := r.Compatible(target.Importer); v.Answer != Unknown || len(v.Reasons) != 1 {
				t.Errorf("too large for %s: %v", target.Importer, v.Reasons)
			}
		}
	}
}

// Octets that are no UTF-8 where UTF-8 belongs.
func TestLatin1Password(t *testing.T) {
	box := &lockbox{
		kdf:     kdf{name: "PBKDF2", digest: lookup(prfs, "1.2.840.113549.2.9"), salt: []byte("salt"), iterations: 2},
		mode:    aesCBC(128),
		keySize: 16, iv: make([]byte, 16), contents: privateKeyInfo,
	}
	d := deriver{ctx: t.Context(), limits: Limits{}.withDefaults()}
	key, err := d.run(&box.kdf, &secret{octets: []byte("Zo\xeb")}, 0, 16)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := x509.MarshalPKCS8PrivateKey(testKey(t, 5))
	if err != nil {
		t.Fatal(err)
	}
	n := 16 - len(plain)%16
	plain = append(plain, bytes.Repeat([]byte{byte(n)}, n)...)
	block, err := box.mode.newBlock(key)
	if err != nil {
		t.Fatal(err)
	}
	box.ciphertext = make([]byte, len(plain))
	cipher.NewCBCEncrypter(block, box.iv).CryptBlocks(box.ciphertext, plain)
	opened := false
	for _, s := range secrets("Zoë") {
		_, status, err := box.open(&d, &s)
		if err != nil {
			t.Fatal(err)
		}
		if (status == StatusOK) != (s.variant == variantLatin1) {
			t.Errorf("%v: %v", s.variant, status)
		}
		opened = opened || status == StatusOK
	}
	if !opened {
		t.Error("not opened")
	}
}

// A file that is cut off proves the password as long as something is left.
func TestTruncated(t *testing.T) {
	data := alice(t).encode(t, gopkcs12.Modern2023, "secret")
	counts := make(map[PasswordStatus]int)
	for n := 100; n < len(data); n += 7 {
		for _, password := range []string{"secret", "wrong"} {
			r, err := Inspect(data[:n], password)
			if err != nil {
				t.Fatalf("%d of %d octets: %v", n, len(data), err)
			}
			if r.Missing == 0 || !r.Has(codeTruncated) {
				t.Errorf("%d of %d octets: not found to be truncated", n, len(data))
			}
			if password == "secret" {
				counts[r.Password.Status]++
			} else if r.Password.Status.Right() {
				t.Errorf("%d of %d octets: wrong password %v", n, len(data), r.Password.Status)
			}
			if v := r.Compatible(targetOpenSSL3); v.Answer != No {
				t.Errorf("%d of %d octets: OpenSSL can open it", n, len(data))
			}
		}
	}
	t.Logf("right password: %v", counts)
	if counts[PasswordWrong] > 0 || counts[PasswordRight] > 0 || counts[passwordRightAltered] == 0 {
		t.Errorf("right password: %v", counts)
	}
}

// A file that went through a text-mode transfer is named as such.
func TestTextMode(t *testing.T) {
	data := outside.Read(t, "pfx", "o30-default.p12")
	converted := bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n"))
	r, err := Inspect(converted, "secret")
	if err != nil {
		t.Fatal(err)
	}
	if !r.Has(codeTextMode) {
		t.Errorf("findings %v", codes(r))
	}
	r, err = Inspect(append(bytes.Clone(data), "\r\n"...), "secret")
	if err != nil {
		t.Fatal(err)
	}
	if r.Trailing != 2 || !r.Has(codeTrailing) || r.Has(codeTextMode) || r.Password.Status != PasswordRight {
		t.Errorf("with a line ending: findings %v, password %v", codes(r), r.Password.Status)
	}
}

// TestTextModeOfOthers holds that a file of another kind is refused as one, also where line
// endings that were added to it can be taken away again.
func TestTextModeOfOthers(t *testing.T) {
	text := octetString([]byte("\n\n\nand more")) // which does not end in a line break
	for name, der := range map[string][]byte{
		"octets": seq(text), "PKCS #8": seq(integer(0), seq(object(oidEC)), text), "a signature": seq(seq(object(oidEC)), text),
	} {
		r, err := Inspect(bytes.ReplaceAll(der, []byte("\n"), []byte("\r\n")), "secret")
		if _, ok := errors.AsType[*FormatError](err); !ok || r != nil {
			t.Errorf("%s: %v, %v", name, r, err)
		}
	}
}

// TestHintWithoutMAC holds that a mix-up is told of where there is no MAC, by whatever the
// right password opens.
func TestHintWithoutMAC(t *testing.T) {
	contents := seq(bag(oidCertBag, seq(object(oidX509Certificate), explicit(octetString(alice(t).leaf.Raw)))))
	private, err := x509.MarshalPKCS8PrivateKey(alice(t).key)
	if err != nil {
		t.Fatal(err)
	}
	key := bag(oidShroudedKeyBag, shrouded(t, "secret", private))
	for name, file := range map[string][]byte{
		"a damaged safe":      pfx(encryptedSafe(t, "secret", contents[:len(contents)-9])),
		"a safe":              pfx(encryptedSafe(t, "secret", contents)),
		"a key":               pfx(plainSafe(seq(key))),
		"a key behind others": pfx(plainSafe(seq(bag(oidShroudedKeyBag, shrouded(t, "other", private)), bag(oidCertBag, seq(object("1.2.3"), explicit(octetString(nil)))), key))),
		"a safe and a key":    pfx(encryptedSafe(t, "secret", contents), plainSafe(seq(key))),
	} {
		for given, want := range map[string]MixUp{"secret": hintNone, "secret\n": hintTrimmed, "another": hintNone} {
			r, err := Inspect(file, given)
			if err != nil {
				t.Fatal(err)
			}
			if right := r.Password.Status.Right(); right != (given == "secret") || r.Password.MixUp != want {
				t.Errorf("%s, %q: %+v", name, given, r.Password)
			}
		}
	}
}

// TestCharsets holds the sets at both of their ends, and in which forms a password of each is
// tried.
func TestCharsets(t *testing.T) {
	for _, tt := range []struct {
		password string
		want     Charset
		variants []Variant
	}{
		{"", CharsetEmpty, []Variant{variantStandard, variantNull}},
		{"a\x7f", CharsetASCII, []Variant{variantStandard}},
		{"a\u0080", CharsetLatin1, []Variant{variantStandard, variantUTF8Bytes, variantLatin1}},
		{"\u00ffa", CharsetLatin1, []Variant{variantStandard, variantUTF8Bytes, variantLatin1}},
		{"\u0100a", charsetBMP, []Variant{variantStandard, variantUTF8Bytes}},
		{"\uffff\u00ff", charsetBMP, []Variant{variantStandard, variantUTF8Bytes}},
		{"\U00010000", charsetUnicode, []Variant{variantStandard, variantUTF8Bytes}},
		{"a\xff", charsetInvalid, []Variant{variantStandard}},
	} {
		var variants []Variant
		for _, s := range secrets(tt.password) {
			variants = append(variants, s.variant)
		}
		if got := PasswordCharset(tt.password); got != tt.want || !slices.Equal(variants, tt.variants) {
			t.Errorf("%q: %v, %v", tt.password, got, variants)
		}
	}
	for s := range passwordUnknown + 1 {
		if want := s == PasswordRight || s == passwordRightAltered || s == passwordRightPartly; s.Right() != want {
			t.Errorf("%v is right: %v", s, s.Right())
		}
	}
}

// TestMixUps holds which passwords are tried for another: each once, and never the same.
func TestMixUps(t *testing.T) {
	for _, tt := range []struct {
		password string
		want     []mixUp
	}{
		{"", nil},
		{"a", []mixUp{{hintNewline, "a\n"}}},
		{"a\n", []mixUp{{hintTrimmed, "a"}}},
		{"a\r\n", []mixUp{{hintTrimmed, "a"}}},
		{" a", []mixUp{{hintTrimmed, "a"}, {hintNewline, " a\n"}}},
		{" a\n", []mixUp{{hintTrimmed, " a"}, {hintTrimmed, "a"}}},
		{"\n", []mixUp{{hintTrimmed, ""}}},
		{"é", []mixUp{{hintDecomposed, "e\u0301"}, {hintNewline, "é\n"}}},
		{"e\u0301", []mixUp{{hintComposed, "é"}, {hintNewline, "e\u0301\n"}}},
	} {
		if got := mixUps(tt.password); !slices.Equal(got, tt.want) {
			t.Errorf("%q: %+v", tt.password, got)
		}
	}
}
