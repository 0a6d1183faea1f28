package pkcs12

import (
	"bytes"
	"crypto/x509"
	"math"
	"slices"
	"testing"
)

// TestDamagedContent holds what is said of a part that the password decrypts and
// that is not intact then: that the password is right, and as much of the content
// as is there.
func TestDamagedContent(t *testing.T) {
	p := alice(t)
	_, certBag := identityBags(t, p)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(p.key)
	if err != nil {
		t.Fatal(err)
	}
	contents := seq(certBag, certBag)
	// flip changes an octet of the ciphertext at the end: the block before the
	// last one, and the padding in the last.
	flip := func(b []byte) []byte {
		b = bytes.Clone(b)
		b[len(b)-17] ^= 0x55
		return b
	}
	key := plainSafe(seq(bag(oidShroudedKeyBag, shrouded(t, "secret", pkcs8))))
	noValue := seq(certBag, seq(object(oidCertBag)))
	for _, tt := range []struct {
		name     string
		safes    [][]byte
		password PasswordStatus
		status   ProtectionStatus  // of the first safe
		bags     int               // in it
		codes    []ObservationCode // without codeNoMAC and those about certificates
	}{
		{"intact", [][]byte{encryptedSafe(t, "secret", contents)}, PasswordRight, StatusOK, 2, nil},
		{"padding", [][]byte{flip(encryptedSafe(t, "secret", contents))}, passwordRightAltered, StatusDamaged, 2, []ObservationCode{codeAltered}},
		{"cut", [][]byte{encryptedSafe(t, "secret", contents[:len(contents)-len(certBag)/2])}, passwordRightAltered, StatusDamaged, 2, []ObservationCode{codeAltered}},
		{"cut after the first bag", [][]byte{encryptedSafe(t, "secret", contents[:len(contents)-len(certBag)])}, passwordRightAltered, StatusDamaged, 1, []ObservationCode{codeAltered}},
		{"bag without a value", [][]byte{encryptedSafe(t, "secret", noValue)}, passwordRightAltered, StatusDamaged, 1, []ObservationCode{codeMalformed, codeAltered}},
		{"certificate that is cut", [][]byte{encryptedSafe(t, "secret", seq(certBag, bag(oidCertBag, seq(object(oidX509Certificate), explicit([]byte{0x04, 9})))))}, passwordRightAltered, StatusDamaged, 2, []ObservationCode{codeMalformed, codeAltered}},
		{"certificate that is cut, in a nested bag", [][]byte{encryptedSafe(t, "secret", seq(bag(oidSafeContentsBag, seq(bag(oidCertBag, integer(1))))))}, passwordRightAltered, StatusDamaged, 1, []ObservationCode{codeMalformed, codeAltered}},
		{"under another password", [][]byte{encryptedSafe(t, "other", contents)}, PasswordWrong, StatusOK, 2, []ObservationCode{codeWrongPassword}},
		{"bag without a value, under another password", [][]byte{encryptedSafe(t, "other", noValue)}, PasswordWrong, StatusDamaged, 1, []ObservationCode{codeMalformed, codeWrongPassword}},
		{"padding, under another password", [][]byte{flip(encryptedSafe(t, "other", contents))}, PasswordWrong, StatusDamaged, 2, []ObservationCode{codeWrongPassword}},
		{"intact under another password, beside a key", [][]byte{encryptedSafe(t, "other", contents), key}, passwordRightPartly, StatusOK, 2, []ObservationCode{codeOtherPassword}},
		{"bag without a value, under another password, beside a key", [][]byte{encryptedSafe(t, "other", noValue), key}, passwordRightAltered, StatusDamaged, 1, []ObservationCode{codeMalformed, codeAltered}},
		{"under a third password, beside a key", [][]byte{encryptedSafe(t, "third", contents), key}, passwordRightPartly, statusFailed, 0, []ObservationCode{codeOtherPassword}},
		{"under a third password", [][]byte{encryptedSafe(t, "third", contents)}, PasswordWrong, statusFailed, 0, []ObservationCode{codeWrongPassword}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := (&Options{Password: new("secret"), KeyPassword: new("other")}).Inspect(t.Context(), pfx(tt.safes...))
			if err != nil {
				t.Fatal(err)
			}
			got := slices.DeleteFunc(codes(r), func(c ObservationCode) bool {
				return c == codeNoMAC || c == codeDuplicate || c == codeCertificate || c == codeNoLink || c == codeChainIncomplete || c == codeNoCertificate
			})
			s := r.Safes[0]
			if r.Password.Status != tt.password || s.Status != tt.status || len(s.Bags) != tt.bags || !slices.Equal(got, tt.codes) {
				t.Errorf("password %v; safe %v, %d bags, %v; findings %v", r.Password.Status, s.Status, len(s.Bags), s.Err, r.Observations)
			}
		})
	}
}

// TestJudgeRegular tells what a right key decrypts, of content that is damaged, by each of
// the things that chance does not make.
func TestJudgeRegular(t *testing.T) {
	noise := bytes.Repeat([]byte{0xa7, 0x13, 0x5c}, 20)
	for name, tt := range map[string]struct {
		mark []byte
		want ProtectionStatus
	}{
		"nothing": {nil, statusFailed}, "the arc of PKCS": {arcPKCS, StatusDamaged}, "a key on a curve": {arcEC, StatusDamaged},
		"half of the arc": {arcPKCS[:4], statusFailed}, "half of the curve": {arcEC[:6], statusFailed},
	} {
		text := slices.Concat(noise, tt.mark, noise)
		if plain, got := new(lockbox).judge(text, nil, 16); got != tt.want || (plain != nil) != (tt.want == StatusDamaged) {
			t.Errorf("%s: %v", name, got)
		}
		if plain, got := new(lockbox).judge(text, text[:len(text)-1], 16); got != tt.want || tt.want == StatusDamaged && len(plain) != len(text)-1 {
			t.Errorf("%s, with padding: %v, %d octets", name, got, len(plain))
		}
	}
}

func TestProduct(t *testing.T) {
	for _, tt := range []struct {
		factors []int64
		want    int64
	}{
		{nil, 1}, {[]int64{3, 5, 7}, 105}, {[]int64{math.MaxInt64}, math.MaxInt64}, {[]int64{math.MaxInt64 / 3, 3}, math.MaxInt64 / 3 * 3},
		{[]int64{math.MaxInt64/3 + 1, 3}, math.MaxInt64}, {[]int64{1 << 40, 1 << 40}, math.MaxInt64},
	} {
		if got := product(tt.factors...); got != tt.want {
			t.Errorf("%d: %d", tt.factors, got)
		}
	}
}

// TestPlausible tells what the right key decrypts by its first elements.
func TestPlausible(t *testing.T) {
	algorithm, key := seq(object(oidEC)), octetString(nil)
	for name, tt := range map[string]struct {
		text      []byte
		key, safe bool
	}{
		"nothing": {nil, false, false}, "a number": {integer(1), false, false}, "empty": {seq(), false, true},
		"a key":           {seq(integer(0), algorithm, key), true, false},
		"version 1":       {seq(integer(1), algorithm, key), true, false},
		"a long version":  {seq(tlv(0x02, []byte{1, 2, 3}), algorithm, key), false, false},
		"two octets":      {seq(tlv(0x02, []byte{1, 2}), algorithm, key), true, false},
		"no version":      {seq(algorithm, key), false, false},
		"no algorithm":    {seq(integer(0), key), false, false},
		"a bad algorithm": {seq(integer(0), seq(integer(1)), key), false, false},
		"no key":          {seq(integer(0), algorithm), false, false},
		"something after": {slices.Concat(seq(integer(0), algorithm, key), []byte{0}), false, false},
		"bags":            {seq(seq(object(oidKeyBag)), seq(object(oidCertBag))), false, true},
		"a bag of none":   {seq(seq(object(oidKeyBag)), seq()), false, false},
		"a bag of number": {seq(seq(integer(1))), false, false},
	} {
		if got := (&lockbox{contents: privateKeyInfo}).plausible(tt.text); got != tt.key {
			t.Errorf("%s as a key: %v", name, got)
		}
		if got := (&lockbox{contents: safeContents}).plausible(tt.text); got != tt.safe {
			t.Errorf("%s as bags: %v", name, got)
		}
	}
}

// TestMissingEnd says how much of a file is missing where its lengths tell.
func TestMissingEnd(t *testing.T) {
	_, cert := identityBags(t, alice(t))
	whole := pfx(plainSafe(seq(cert)))
	endless := slices.Concat([]byte{0x30, 0x80}, whole[4:], []byte{0, 0})
	for name, tt := range map[string]struct {
		data    []byte
		missing int
		want    string
	}{
		"whole":             {whole, 0, ""},
		"one octet":         {whole[:len(whole)-1], 1, "the end of the file is missing: 1 octet or more"},
		"ten octets":        {whole[:len(whole)-10], 10, "the end of the file is missing: 10 octets or more"},
		"without a length":  {endless, 0, ""},
		"of unknown length": {endless[:len(endless)-2], -1, "the end of the file is missing"},
	} {
		r, err := new(Options).Inspect(t.Context(), tt.data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		said := ""
		for _, f := range r.Observations {
			if f.Code == codeTruncated {
				said = f.Message
			}
		}
		if r.Missing != tt.missing || said != tt.want {
			t.Errorf("%s: %d, %q", name, r.Missing, said)
		}
	}
}

// TestHeadersAgree tells a key that was decrypted and is damaged by its first elements, and
// by its length, which may be that of the last block more or less.
func TestHeadersAgree(t *testing.T) {
	const size = 8
	body := func(n int) []byte { return octetString(make([]byte, n)) }
	algorithm := seq(object("1.2.3"))
	key := seq(integer(0), algorithm, body(20))
	shortest := seq(integer(0), algorithm, body(3)) // of 16 octets
	for _, tt := range []struct {
		name   string
		text   []byte
		safe   bool
		cutOff bool
		want   bool
	}{
		{"whole", key, false, false, true},
		{"among bags", key, true, false, false},
		{"of 16 octets", shortest, false, false, true},
		{"of 15 octets", seq(integer(0), algorithm, body(2)), false, false, false},
		{"a block missing", key[:len(key)-size], false, false, true},
		{"more missing", key[:len(key)-size-1], false, false, false},
		{"more missing, of a file that is cut off", key[:len(key)-size-1], false, true, true},
		{"a block too much", append(bytes.Clone(key), make([]byte, size)...), false, false, true},
		{"more too much", append(bytes.Clone(key), make([]byte, size+1)...), false, false, false},
		{"more too much, of a file that is cut off", append(bytes.Clone(key), make([]byte, size+1)...), false, true, false},
		{"version 1", seq(integer(1), algorithm, body(20)), false, false, true},
		{"version 2", seq(integer(2), algorithm, body(20)), false, false, false},
		{"a version of two octets", seq(tlv(0x02, []byte{0, 0}), algorithm, body(20)), false, false, false},
		{"no version", seq(algorithm, body(20)), false, false, false},
		{"no algorithm", seq(integer(0), body(20)), false, false, false},
		{"a list", setOf(integer(0), algorithm, body(20)), false, false, false},
		{"no structure", append([]byte{0x10}, key[1:]...), false, false, false},
	} {
		box := &lockbox{contents: privateKeyInfo, cutOff: tt.cutOff}
		if tt.safe {
			box.contents = safeContents
		}
		if got := box.headersAgree(tt.text, size); got != tt.want {
			t.Errorf("%s, %d octets: %v", tt.name, len(tt.text), got)
		}
	}
}
