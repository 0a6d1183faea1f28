package pkcs12

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"hash"
	"math/big"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/scrypt"

	"github.com/smimechain/smimechain/pkcs12/internal/ber"
	"github.com/smimechain/smimechain/pkcs12/internal/pkcs12kdf"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// identityBags returns a plain key bag and its certificate's, linked by localKeyID.
func identityBags(t testing.TB, p *person) (key, cert []byte) {
	t.Helper()
	pkcs8, err := x509.MarshalPKCS8PrivateKey(p.key)
	if err != nil {
		t.Fatal(err)
	}
	id := attribute(oidLocalKeyID, octetString([]byte{1, 0, 0, 0}))
	return bag(oidKeyBag, pkcs8, id), bag(oidCertBag, seq(object(oidX509Certificate), explicit(octetString(p.leaf.Raw))), id)
}

// safeOf makes an encrypted safe from an algorithm and what it gave.
func safeOf(algorithm, ciphertext []byte) []byte {
	return seq(object(oidEncryptedData), explicit(seq(integer(0), seq(object(oidData), algorithm, tlv(0x80, ciphertext)))))
}

// scheme makes the AlgorithmIdentifier of PBES2.
func scheme(derivation, cipher []byte) []byte { return seq(object(oidPBES2), seq(derivation, cipher)) }

func pbkdf2Parameters(iterations int64, prf string) []byte {
	return seq(object(oidPBKDF2), seq(octetString(testSalt), integer(iterations), seq(object(prf), []byte{5, 0})))
}

const oidAES256 = "2.16.840.1.101.3.4.1.42"

func aes256() []byte { return seq(object(oidAES256), octetString(testIV)) }

// encryptAES encrypts with AES-256-CBC.
func encryptAES(t testing.TB, key, content []byte) []byte {
	t.Helper()
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	n := aes.BlockSize - len(content)%aes.BlockSize
	out := append(bytes.Clone(content), bytes.Repeat([]byte{byte(n)}, n)...)
	cipher.NewCBCEncrypter(block, testIV).CryptBlocks(out, out)
	return out
}

// outcome is what a table expects of a part that is encrypted, and of targets.
type outcome struct {
	status   ProtectionStatus
	code     ObservationCode // empty: no finding but that there is no MAC
	password PasswordStatus
	verdicts map[Importer]Answer
	reason   ReasonCode // of each verdict that is not Yes
}

func (want *outcome) check(t *testing.T, file []byte) *Inspection {
	t.Helper()
	r, err := Inspect(file, "secret")
	if err != nil {
		t.Fatal(err)
	}
	s := &r.Safes[0]
	if s.Status != want.status || r.Password.Status != want.password {
		t.Errorf("safe %v: %v, password %v; want %v, %v", s.Status, s.Encryption.Err, r.Password.Status, want.status, want.password)
	}
	var unsupported *UnsupportedError
	var limit *LimitError
	var parameter *ParameterError
	var syntax *ber.Error
	err = s.Encryption.Err
	switch want.status {
	case StatusOK:
		if err != nil || s.Err != nil || len(r.Identities) != 1 || r.Identities[0].Matches != Yes {
			t.Errorf("%v, %v, identities %+v", err, s.Err, r.Identities)
		}
	case statusUnsupported:
		if !errors.As(err, &unsupported) {
			t.Errorf("%T", err)
		}
	case statusOverLimit:
		if !errors.As(err, &limit) || limit.Code != want.code || limit.Value <= limit.Limit {
			t.Errorf("%T: %v", err, err)
		}
	case statusMalformed:
		if !errors.As(err, &parameter) && !errors.As(err, &syntax) {
			t.Errorf("%T", err)
		}
	}
	if want.code != "" && !r.Has(want.code) || want.code == "" && len(codes(r)) > 2 {
		t.Errorf("findings %v, want %v", codes(r), want.code)
	}
	for target, answer := range want.verdicts {
		v := r.Compatible(target)
		var reasons []ReasonCode
		found := false
		for _, reason := range v.Reasons {
			reasons = append(reasons, reason.Code)
			found = found || reason.Code == want.reason && reason.Answer == answer
		}
		if v.Answer != answer && !(answer == Yes && !found) || answer != Yes && !found {
			t.Errorf("%s: %v %v, want %v for %v", target, v.Answer, reasons, answer, want.reason)
		}
	}
	return r
}

// TestScrypt holds scrypt in a whole file: what opens, what is beyond a limit, and
// what makes no sense.
func TestScrypt(t *testing.T) {
	keyBag, certBag := identityBags(t, alice(t))
	content := seq(keyBag, certBag)
	huge := tlv(0x02, bytes.Repeat([]byte{0x7f}, 40))
	verdicts := map[Importer]Answer{targetOpenSSL3: Yes, targetNSS: No, targetJava11: No, targetDotNet9: No, targetWindows1709: Unknown, targetAndroid14: Unknown}
	for _, tt := range []struct {
		name                 string
		n, r, p              []byte
		length               []byte
		real                 []int // what the file was encrypted with
		status               ProtectionStatus
		code                 ObservationCode
		password             PasswordStatus
		expectN, expectR, xP int64
	}{
		{"opens", integer(16), integer(8), integer(1), nil, []int{16, 8, 1}, StatusOK, "", PasswordRight, 16, 8, 1},
		{"opens, key length given", integer(2), integer(1), integer(3), integer(32), []int{2, 1, 3}, StatusOK, "", PasswordRight, 2, 1, 3},
		{"wrong cost", integer(32), integer(8), integer(1), nil, []int{16, 8, 1}, statusFailed, codeWrongPassword, PasswordWrong, 32, 8, 1},
		{"another key length", integer(16), integer(8), integer(1), integer(16), nil, statusMalformed, codeParameters, passwordUnknown, 16, 8, 1},
		{"negative key length", integer(16), integer(8), integer(1), tlv(0x02, []byte{0xff}), nil, statusMalformed, codeParameters, passwordUnknown, 16, 8, 1},
		{"memory by N", integer(1 << 17), integer(8), integer(1), nil, nil, statusOverLimit, codeScryptMemory, passwordUnknown, 1 << 17, 8, 1},
		{"memory by p", integer(2), integer(1), integer(1 << 30), nil, nil, statusOverLimit, codeScryptMemory, passwordUnknown, 2, 1, 1 << 30},
		{"work", integer(1 << 15), integer(8), integer(32), nil, nil, statusOverLimit, codeIterations, passwordUnknown, 1 << 15, 8, 32},
		{"N of 40 octets", huge, integer(8), integer(1), nil, nil, statusMalformed, codeParameters, passwordUnknown, 1<<63 - 1, 8, 1},
		{"r of 40 octets", integer(2), huge, integer(1), nil, nil, statusOverLimit, codeScryptMemory, passwordUnknown, 2, 1<<63 - 1, 1},
		{"everything of 40 octets", tlv(0x02, []byte{0x40, 0, 0, 0, 0, 0}), huge, huge, nil, nil, statusOverLimit, codeScryptMemory, passwordUnknown, 1 << 46, 1<<63 - 1, 1<<63 - 1},
		{"N no power of 2", integer(15), integer(8), integer(1), nil, nil, statusMalformed, codeParameters, passwordUnknown, 15, 8, 1},
		{"N of 1", integer(1), integer(8), integer(1), nil, nil, statusMalformed, codeParameters, passwordUnknown, 1, 8, 1},
		{"N of 0", integer(0), integer(8), integer(1), nil, nil, statusMalformed, codeParameters, passwordUnknown, 0, 8, 1},
		{"negative N", tlv(0x02, []byte{0x80}), integer(8), integer(1), nil, nil, statusMalformed, codeParameters, passwordUnknown, -128, 8, 1},
		{"r of 0", integer(16), integer(0), integer(1), nil, nil, statusMalformed, codeParameters, passwordUnknown, 16, 0, 1},
		{"negative p", integer(16), integer(8), tlv(0x02, []byte{0xff}), nil, nil, statusMalformed, codeParameters, passwordUnknown, 16, 8, -1},
		{"p is missing", integer(16), integer(8), nil, nil, nil, statusMalformed, codeParameters, passwordUnknown, 16, 8, 0},
		{"p is text", integer(16), integer(8), tlv(0x0c, []byte("1")), nil, nil, statusMalformed, codeParameters, passwordUnknown, 16, 8, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			key := make([]byte, 32)
			if tt.real != nil {
				var err error
				if key, err = scrypt.Key([]byte("secret"), testSalt, tt.real[0], tt.real[1], tt.real[2], 32); err != nil {
					t.Fatal(err)
				}
			}
			derivation := seq(object(oidScrypt), seq(octetString(testSalt), tt.n, tt.r, tt.p, tt.length))
			want := outcome{tt.status, tt.code, tt.password, verdicts, reasonScrypt}
			r := want.check(t, pfx(safeOf(scheme(derivation, aes256()), encryptAES(t, key, content))))
			e := r.Safes[0].Encryption
			if e.KDF != "scrypt" || e.Cipher != "AES-256-CBC" || e.Iterations != tt.expectN || e.BlockSize != tt.expectR || e.Parallel != tt.xP {
				t.Errorf("%+v", e)
			}
			if tt.status == statusOverLimit && r.Iterations != 0 {
				t.Errorf("%d iterations were run", r.Iterations)
			}
		})
	}
}

// TestNamedOnly holds that what the package names and does not decrypt is said to
// be so, by its name, and that the table answers for it all the same.
func TestNamedOnly(t *testing.T) {
	unknown := map[Importer]Answer{targetIOS18: No, targetJava11: No, targetWindows1709: Unknown}
	with := func(target Importer, a Answer) map[Importer]Answer {
		m := map[Importer]Answer{target: a}
		for k, v := range unknown {
			m[k] = v
		}
		return m
	}
	listed := map[string]bool{}
	for oid, want := range map[string]struct {
		name     string
		verdicts map[Importer]Answer
	}{
		"1.2.392.200011.61.1.1.1.2":  {"Camellia-128-CBC", with(targetNSS, Yes)},
		"1.2.392.200011.61.1.1.1.3":  {"Camellia-192-CBC", with(targetOpenSSL3, Yes)},
		"1.2.392.200011.61.1.1.1.4":  {"Camellia-256-CBC", with(targetOpenSSL3, Yes)},
		"1.2.410.200046.1.1.2":       {"ARIA-128-CBC", with(targetNSS, No)},
		"1.2.410.200046.1.1.7":       {"ARIA-192-CBC", with(targetNSS, No)},
		"1.2.410.200046.1.1.12":      {"ARIA-256-CBC", with(targetOpenSSL3, Yes)},
		"1.2.410.200004.1.3":         {"SEED-ECB", with(targetOpenSSL3, Unknown)},
		"1.2.410.200004.1.4":         {"SEED-CBC", with(targetOpenSSL3, No)},
		"1.3.6.1.4.1.188.7.1.1.2":    {"IDEA-CBC", with(targetOpenSSL3Legacy, Yes)},
		"1.3.6.1.4.1.3029.1.2":       {"Blowfish-CBC", with(targetOpenSSL3Legacy, Yes)},
		"1.2.840.113533.7.66.10":     {"CAST5-CBC", with(targetOpenSSL3, No)},
		"1.2.156.10197.1.104.2":      {"SM4-CBC", with(targetOpenSSL3, Unknown)},
		"2.16.840.1.101.3.4.1.1":     {"AES-128-ECB", with(targetOpenSSL3, Unknown)},
		"2.16.840.1.101.3.4.1.3":     {"AES-128-OFB", unknown},
		"2.16.840.1.101.3.4.1.4":     {"AES-128-CFB", unknown},
		"2.16.840.1.101.3.4.1.6":     {"AES-128-GCM", unknown},
		"2.16.840.1.101.3.4.1.7":     {"AES-128-CCM", unknown},
		"2.16.840.1.101.3.4.1.21":    {"AES-192-ECB", unknown},
		"2.16.840.1.101.3.4.1.26":    {"AES-192-GCM", unknown},
		"2.16.840.1.101.3.4.1.41":    {"AES-256-ECB", unknown},
		"2.16.840.1.101.3.4.1.43":    {"AES-256-OFB", unknown},
		"2.16.840.1.101.3.4.1.44":    {"AES-256-CFB", unknown},
		"2.16.840.1.101.3.4.1.46":    {"AES-256-GCM", unknown},
		"2.16.840.1.101.3.4.1.47":    {"AES-256-CCM", unknown},
		"1.3.14.3.2.6":               {"DES-ECB", unknown},
		"1.2.840.113549.3.4":         {"RC4", unknown},
		"1.2.840.113549.3.9":         {"RC5-CBC", unknown},
		"1.2.643.2.2.21":             {"GOST 28147-89", unknown},
		"1.2.840.113549.1.9.16.3.18": {"ChaCha20-Poly1305", unknown},
		"1.2.3.4":                    {"1.2.3.4", unknown},
	} {
		listed[oid] = true
		outcome := outcome{statusUnsupported, codeUnsupported, passwordUnknown, want.verdicts, reasonCipher}
		r := outcome.check(t, pfx(safeOf(scheme(pbkdf2Parameters(1, "1.2.840.113549.2.9"), seq(object(oid), octetString(testIV))), make([]byte, 64))))
		if e := r.Safes[0].Encryption; e.Cipher != want.name || e.CipherOID != oid || e.Supported || !strings.Contains(e.Err.Error(), want.name) {
			t.Errorf("%s: %+v, %v", want.name, e, e.Err)
		}
	}
	for oid, mode := range pbes2Ciphers {
		if mode.newBlock == nil && !mode.streaming && !listed[oid] {
			t.Errorf("%s is not in the table", mode.name)
		}
	}
	for oid, name := range map[string]string{"1.2.840.113549.1.5.1": "pbeWithMD2AndDES-CBC", "1.2.840.113549.1.5.4": "pbeWithMD2AndRC2-CBC", "1.2.840.113549.1.12.1.7": "1.2.840.113549.1.12.1.7"} {
		outcome := outcome{statusUnsupported, codeUnsupported, passwordUnknown, map[Importer]Answer{targetIOS18: No}, reasonScheme}
		r := outcome.check(t, pfx(safeOf(seq(object(oid), seq(octetString(testSalt), integer(1))), make([]byte, 64))))
		if e := r.Safes[0].Encryption; e.Scheme != name || e.Supported {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

// TestPRFs holds every digest of PBKDF2 to opening a file, or to being named.
func TestPRFs(t *testing.T) {
	keyBag, certBag := identityBags(t, alice(t))
	content := seq(keyBag, certBag)
	implied := seq(object(oidPBKDF2), seq(octetString(testSalt), integer(3)))
	for oid, d := range prfs {
		want := outcome{StatusOK, "", PasswordRight, map[Importer]Answer{targetIOS18: No, targetOpenSSL3: Yes}, reasonPRF}
		key := make([]byte, 32)
		switch {
		case d.hash == 0:
			want = outcome{statusUnsupported, codeUnsupported, passwordUnknown, map[Importer]Answer{targetIOS18: No, targetOpenSSL3: Unknown}, reasonPRF}
		default:
			var err error
			if key, err = pbkdf2.Key(d.hash.New, "secret", testSalt, 3, 32); err != nil {
				t.Fatal(err)
			}
			if d.name == "SHA-256" {
				want.verdicts[targetIOS18] = Yes
			}
		}
		ciphertext := encryptAES(t, key, content)
		r := want.check(t, pfx(safeOf(scheme(pbkdf2Parameters(3, oid), aes256()), ciphertext)))
		if e := r.Safes[0].Encryption; e.PRF != d.name || e.PRFImplied {
			t.Errorf("%s: %+v", d.name, e)
		}
		if d.name == "SHA-1" {
			r := want.check(t, pfx(safeOf(scheme(implied, aes256()), ciphertext)))
			if e := r.Safes[0].Encryption; e.PRF != d.name || !e.PRFImplied {
				t.Errorf("without a PRF: %+v", e)
			}
		}
	}
	want := outcome{statusUnsupported, codeUnsupported, passwordUnknown, map[Importer]Answer{targetIOS18: No}, reasonPRF}
	want.check(t, pfx(safeOf(scheme(pbkdf2Parameters(3, "1.2.3.4"), aes256()), make([]byte, 64))))
}

// TestDerivationParameters holds PBES2 with odd parameters to a reason that says
// what is wrong, before anything is derived.
func TestDerivationParameters(t *testing.T) {
	salt, sha := octetString(testSalt), seq(object("1.2.840.113549.2.9"))
	derivation := func(parts ...[]byte) []byte { return seq(object(oidPBKDF2), seq(parts...)) }
	for _, tt := range []struct {
		name   string
		scheme []byte
		status ProtectionStatus
		code   ObservationCode
	}{
		{"no parameters", seq(object(oidPBES2)), statusMalformed, codeParameters},
		{"parameters are NULL", seq(object(oidPBES2), []byte{5, 0}), statusMalformed, codeParameters},
		{"no cipher", seq(object(oidPBES2), seq(derivation(salt, integer(1), sha))), statusMalformed, codeParameters},
		{"another derivation", scheme(seq(object("1.2.3.4"), seq(salt)), aes256()), statusUnsupported, codeUnsupported},
		{"salt of another source", scheme(derivation(seq(object("1.2.3.4")), integer(1), sha), aes256()), statusMalformed, codeParameters},
		{"salt beyond the limit", scheme(derivation(octetString(make([]byte, defaultSaltSize+1)), integer(1), sha), aes256()), statusOverLimit, codeSalt},
		{"iterations of 0", scheme(derivation(salt, integer(0), sha), aes256()), statusMalformed, codeParameters},
		{"negative iterations", scheme(derivation(salt, tlv(0x02, []byte{0xff}), sha), aes256()), statusMalformed, codeParameters},
		{"iterations beyond the limit", scheme(derivation(salt, integer(defaultIterations+1), sha), aes256()), statusOverLimit, codeIterations},
		{"iterations of 40 octets", scheme(derivation(salt, tlv(0x02, bytes.Repeat([]byte{0x11}, 40)), sha), aes256()), statusOverLimit, codeIterations},
		{"iterations without octets", scheme(derivation(salt, tlv(0x02), sha), aes256()), statusMalformed, codeParameters},
		{"key length of 16", scheme(derivation(salt, integer(1), integer(16), sha), aes256()), statusMalformed, codeParameters},
		{"key length of 0", scheme(derivation(salt, integer(1), integer(0), sha), aes256()), statusMalformed, codeParameters},
		{"more after the PRF", scheme(derivation(salt, integer(1), sha, sha), aes256()), statusMalformed, codeParameters},
		{"no vector", scheme(derivation(salt, integer(1), sha), seq(object(oidAES256))), statusMalformed, codeParameters},
		{"short vector", scheme(derivation(salt, integer(1), sha), seq(object(oidAES256), octetString(testIV[1:]))), statusMalformed, codeParameters},
		{"vector is NULL", scheme(derivation(salt, integer(1), sha), seq(object(oidAES256), []byte{5, 0})), statusMalformed, codeParameters},
		{"RC2 of version 3", scheme(derivation(salt, integer(1), sha), seq(object(oidRC2CBC), seq(integer(3), octetString(testSalt)))), statusMalformed, codeParameters},
		{"RC2 of version 1025", scheme(derivation(salt, integer(1), sha), seq(object(oidRC2CBC), seq(integer(1025), octetString(testSalt)))), statusMalformed, codeParameters},
		{"RC2 with a key of 129 octets", scheme(derivation(salt, integer(1), integer(129), sha), seq(object(oidRC2CBC), seq(integer(58), octetString(testSalt)))), statusMalformed, codeParameters},
		{"PBES1 without parameters", seq(object("1.2.840.113549.1.12.1.3")), statusMalformed, codeParameters},
		{"PBES1 without iterations", seq(object("1.2.840.113549.1.12.1.3"), seq(salt)), statusMalformed, codeParameters},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want := outcome{status: tt.status, code: tt.code, password: passwordUnknown}
			r := want.check(t, pfx(safeOf(tt.scheme, make([]byte, 64))))
			if r.Iterations != 0 {
				t.Errorf("%d iterations were run", r.Iterations)
			}
			for _, target := range Importers() {
				if v := r.Compatible(target.Importer); v.Answer == Yes && tt.code == codeParameters {
					t.Errorf("%s opens it", target.Importer)
				}
			}
			// The same around a private key.
			r, err := Inspect(pfx(plainSafe(seq(bag(oidShroudedKeyBag, seq(tt.scheme, octetString(make([]byte, 64))))))), "secret")
			if err != nil {
				t.Fatal(err)
			}
			if b := r.Bag(BagRef{0, 0}); b.Status != tt.status || !r.Has(tt.code) || b.Key != nil {
				t.Errorf("key %v, findings %v", b.Status, codes(r))
			}
		})
	}
}

// withMAC makes a file with MacData.
func withMAC(macData []byte, safes ...[]byte) []byte {
	return seq(integer(3), seq(object(oidData), explicit(octetString(seq(safes...)))), macData)
}

// macOver makes the MacData of an authenticated safe, with SHA-256 and one iteration.
func macOver(password string, authSafe []byte) []byte {
	h := hmac.New(sha256.New, pkcs12Key(sha256.New, bmpString(password), 1, sha256.Size))
	h.Write(authSafe)
	return seq(seq(seq(object("2.16.840.1.101.3.4.2.1"), []byte{5, 0}), octetString(h.Sum(nil))), octetString(testSalt))
}

// TestMACs holds every digest to a MAC that fits, one that does not, and what
// targets are known to make of it.
func TestMACs(t *testing.T) {
	keyBag, certBag := identityBags(t, alice(t))
	safe := plainSafe(seq(keyBag, certBag))
	for oid, d := range digests {
		sum := make([]byte, 32)
		if d.hash != 0 {
			key := pkcs12Key(d.hash.New, bmpString("secret"), 5, d.hash.Size())
			h := hmac.New(d.hash.New, key)
			h.Write(seq(safe))
			sum = h.Sum(nil)
		}
		make := func(sum []byte) []byte {
			return withMAC(seq(seq(seq(object(oid), []byte{5, 0}), octetString(sum)), octetString(testSalt), integer(5)), safe)
		}
		r, err := Inspect(make(sum), "secret")
		if err != nil {
			t.Fatal(err)
		}
		status, password := StatusOK, PasswordRight
		if d.hash == 0 {
			status, password = statusUnsupported, passwordUnknown
		}
		if m := r.MAC; m.Status != status || m.Digest != d.name || m.PRF != "" || r.Password.Status != password || (m.Err == nil) != (status == StatusOK) {
			t.Errorf("%s: %+v, password %v", d.name, m, r.Password.Status)
		}
		if r.Has(codeUnsupported) != (d.hash == 0) {
			t.Errorf("%s: findings %v", d.name, codes(r))
		}
		sha3 := strings.HasPrefix(d.name, "SHA3-")
		for target, want := range map[Importer]Answer{
			targetIOS17: answerIf(d.name == "SHA-1", No), targetOpenSSL3: answerIf(d.hash != 0, answerOf(d.name == "MD4")), targetNSS: answerIf(!sha3 && d.hash != 0 && !strings.Contains(d.name, "/"), No),
			targetJava11: answerIf(!sha3 && d.hash != 0 && d.name != "MD5", No),
		} {
			got := Yes
			for _, reason := range r.Compatible(target).Reasons {
				if reason.Code == reasonMAC {
					got = reason.Answer
				}
			}
			if got != want {
				t.Errorf("%s on %s: %v, want %v", d.name, target, got, want)
			}
		}
		if d.hash == 0 {
			continue
		}
		for _, wrong := range [][]byte{nil, sum[1:], append(bytes.Clone(sum), 0), append([]byte{sum[0] ^ 1}, sum[1:]...)} {
			r, err := Inspect(make(wrong), "secret")
			if err != nil {
				t.Fatal(err)
			}
			if r.MAC.Status != statusFailed || r.Password.Status.Right() || !r.Has(codeMACFailed) && !r.Has(codeWrongPassword) {
				t.Errorf("%s, a MAC of %d octets that does not fit: %v, %v, %v", d.name, len(wrong), r.MAC.Status, r.Password.Status, codes(r))
			}
		}
	}
}

func answerIf(yes bool, otherwise Answer) Answer {
	if yes {
		return Yes
	}
	return otherwise
}

// TestPBMAC1 holds PBMAC1 in whole files with every pair of digests, and with
// parameters that are odd.
func TestPBMAC1(t *testing.T) {
	keyBag, certBag := identityBags(t, alice(t))
	safe := plainSafe(seq(keyBag, certBag))
	file := func(parameters, sum []byte) []byte {
		alg := seq(object(oidPBMAC1), parameters)
		return withMAC(seq(seq(alg, octetString(sum)), octetString([]byte("not used")), integer(1)), safe)
	}
	derivation := func(parts ...[]byte) []byte { return seq(object(oidPBKDF2), seq(parts...)) }
	salt, sha256OID := octetString(testSalt), "1.2.840.113549.2.9"
	for prf, p := range prfs {
		for mac, m := range prfs {
			sum := make([]byte, 32)
			works := p.hash != 0 && m.hash != 0
			if works {
				key, err := pbkdf2.Key(p.hash.New, "secret", testSalt, 2, 40)
				if err != nil {
					t.Fatal(err)
				}
				h := hmac.New(m.hash.New, key)
				h.Write(seq(safe))
				sum = h.Sum(nil)
			}
			r, err := Inspect(file(seq(derivation(salt, integer(2), integer(40), seq(object(prf))), seq(object(mac))), sum), "secret")
			if err != nil {
				t.Fatal(err)
			}
			want := StatusOK
			if !works {
				want = statusUnsupported
			}
			if r.Integrity != integrityPBMAC1 || r.MAC.Status != want || r.MAC.PRF != p.name || r.MAC.Digest != m.name || r.MAC.KeyLength != 40 || r.MAC.SaltLength != len(testSalt) {
				t.Errorf("%s, %s: %+v", p.name, m.name, r.MAC)
			}
		}
	}
	sha, mac := seq(object(sha256OID)), seq(object(sha256OID))
	for _, tt := range []struct {
		name       string
		parameters []byte
		status     ProtectionStatus
		code       ObservationCode
	}{
		{"no parameters", nil, statusMalformed, codeParameters},
		{"NULL", []byte{5, 0}, statusMalformed, codeParameters},
		{"no scheme", seq(derivation(salt, integer(2), integer(32), sha)), statusMalformed, codeParameters},
		{"scrypt", seq(seq(object(oidScrypt), seq(salt, integer(16), integer(8), integer(1), integer(32))), mac), statusUnsupported, codeUnsupported},
		{"salt of another source", seq(derivation(seq(object("1.2.3.4")), integer(2), integer(32), sha), mac), statusMalformed, codeParameters},
		{"long salt", seq(derivation(octetString(make([]byte, 2000)), integer(2), integer(32), sha), mac), statusOverLimit, codeSalt},
		{"no length", seq(derivation(salt, integer(2), sha), mac), statusMalformed, codeParameters},
		{"length of 1", seq(derivation(salt, integer(2), integer(1), sha), mac), statusMalformed, codeParameters},
		{"negative length", seq(derivation(salt, integer(2), tlv(0x02, []byte{0x80}), sha), mac), statusMalformed, codeParameters},
		{"length of 2^40", seq(derivation(salt, integer(2), integer(1<<40), sha), mac), statusMalformed, codeParameters},
		{"iterations of 0", seq(derivation(salt, integer(0), integer(32), sha), mac), statusMalformed, codeParameters},
		{"iterations of 2^40", seq(derivation(salt, integer(1<<40), integer(32), sha), mac), statusOverLimit, codeIterations},
		{"a digest that is no HMAC", seq(derivation(salt, integer(2), integer(32), sha), seq(object("2.16.840.1.101.3.4.2.1"))), statusUnsupported, codeUnsupported},
	} {
		r, err := Inspect(file(tt.parameters, make([]byte, 32)), "secret")
		if err != nil {
			t.Fatal(err)
		}
		if r.MAC == nil || r.MAC.Status != tt.status || !r.Has(tt.code) || r.Integrity != integrityPBMAC1 || r.Iterations != 0 {
			t.Errorf("%s: %+v, findings %v, integrity %v", tt.name, r.MAC, codes(r), r.Integrity)
		}
		if v := r.Compatible(targetOpenSSL3); tt.status == statusMalformed && v.Answer == Yes {
			t.Errorf("%s: OpenSSL opens it", tt.name)
		}
		if v := r.Compatible(targetIOS18); v.Answer != No {
			t.Errorf("%s: %v on iOS", tt.name, v.Answer)
		}
	}
}

// TestCRLBags holds revocation lists in every state: read, refused by Go, of a
// kind that is not X.509, and not there.
func TestCRLBags(t *testing.T) {
	p := alice(t)
	keyBag, certBag := identityBags(t, p)
	at := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	ca := *p.chain[1]
	ca.KeyUsage |= x509.KeyUsageCRLSign
	ca.SubjectKeyId = []byte{1}
	list, err := x509.CreateRevocationList(nil, &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: at, NextUpdate: at.AddDate(0, 0, 7)}, &ca, testKey(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	crl := func(kind string, value []byte) []byte { return bag(oidCRLBag, seq(object(kind), explicit(value))) }
	for _, tt := range []struct {
		name          string
		bag           []byte
		kept, read    bool
		status        PasswordStatus
		malformed     bool
		wantTypeEmpty bool
	}{
		{"read", crl(oidX509CRL, octetString(list)), true, true, PasswordRight, false, false},
		{"in segments", crl(oidX509CRL, tlv(0x24, octetString(list[:9]), octetString(list[9:]))), true, true, PasswordRight, false, false},
		{"cut", crl(oidX509CRL, octetString(list[:40])), true, false, PasswordRight, false, false},
		{"a certificate", crl(oidX509CRL, octetString(p.leaf.Raw)), true, false, PasswordRight, false, false},
		{"empty", crl(oidX509CRL, octetString(nil)), true, false, PasswordRight, false, false},
		{"of another type", crl("1.2.3.4", octetString(list)), false, false, PasswordRight, false, false},
		{"not a string", crl(oidX509CRL, integer(1)), false, false, passwordRightAltered, true, false},
		{"without a type", bag(oidCRLBag, seq(explicit(octetString(list)))), false, false, passwordRightAltered, true, true},
		{"without anything", bag(oidCRLBag, nil), false, false, passwordRightAltered, true, true},
	} {
		r, err := Inspect(pfx(encryptedSafe(t, "secret", seq(keyBag, certBag, tt.bag))), "secret")
		if err != nil {
			t.Fatal(err)
		}
		b := r.Bag(BagRef{0, 2})
		if b == nil || b.Kind != bagCRL || (b.CRL != nil) != tt.kept || tt.kept && (b.CRL.List != nil) != tt.read || tt.kept && (b.CRL.Err == nil) != tt.read {
			t.Fatalf("%s: %+v", tt.name, b)
		}
		if r.Password.Status != tt.status || r.Has(codeMalformed) != tt.malformed || (b.Type == "") != tt.wantTypeEmpty || (b.Err != nil) != tt.malformed {
			t.Errorf("%s: password %v, findings %v, type %q, %v", tt.name, r.Password.Status, codes(r), b.Type, b.Err)
		}
		has := false
		for _, reason := range r.Compatible(targetNSS).Reasons {
			has = has || reason.Code == reasonCRL && reason.Answer == No
		}
		if !has {
			t.Errorf("%s: NSS takes it", tt.name)
		}
		if len(r.Identities) != 1 || r.Identities[0].Matches != Yes {
			t.Errorf("%s: identities %+v", tt.name, r.Identities)
		}
	}
}

// reencode gives element number only, or with -1 each one, an indefinite length, and
// makes two segments of the value of a string. It counts the elements in n.
func reencode(data []byte, only int, n *int) []byte {
	r := ber.New(data, nil)
	var out []byte
	for !r.Empty() {
		e, err := r.Next()
		if err != nil {
			panic(err)
		}
		id := e.Raw[0]
		octets := id == 0x04 || id == 0x80
		if !e.Constructed && !octets {
			out = append(out, e.Raw...)
			continue
		}
		change := only < 0 || *n == only
		*n++
		content := e.Content
		if e.Constructed {
			content = reencode(e.Content, only, n)
		} else if change {
			half := len(content) / 2
			content = append(tlv(0x24, octetString(content[:half])), octetString(content[half:])...)
		}
		if !change {
			out = append(out, tlv(id, content)...)
			continue
		}
		out = append(out, id|0x20, 0x80)
		out = append(out, content...)
		out = append(out, 0, 0)
	}
	return out
}

// TestIndefiniteLengths holds that each element, and all of them, may have an
// indefinite length and each string segments: outside, in the authenticated safe,
// in what is decrypted and in the private key.
func TestIndefiniteLengths(t *testing.T) {
	_, certBag := identityBags(t, alice(t))
	keyValue, err := x509.MarshalPKCS8PrivateKey(alice(t).key)
	if err != nil {
		t.Fatal(err)
	}
	id := attribute(oidLocalKeyID, octetString([]byte{1, 0, 0, 0}))
	same := func(b []byte) []byte { return b }
	build := func(outer, safes, contents, key func([]byte) []byte) []byte {
		shroudedBag := bag(oidShroudedKeyBag, shrouded(t, "secret", key(keyValue)), id)
		authSafe := safes(seq(encryptedSafe(t, "secret", contents(seq(certBag))), plainSafe(contents(seq(shroudedBag)))))
		return outer(seq(integer(3), seq(object(oidData), explicit(octetString(authSafe))), macOver("secret", authSafe)))
	}
	check := func(name string, file []byte, encoding pkcs7.Encoding) {
		t.Helper()
		r, err := Inspect(file, "secret")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		if r.Encoding != encoding || r.MAC == nil || r.MAC.Status != StatusOK || r.Password.Status != PasswordRight || len(r.Identities) != 1 ||
			r.Identities[0].Matches != Yes || r.Identities[0].LinkedBy != linkLocalKeyID|linkPublicKey || r.Trailing != 0 || r.Missing != 0 {
			t.Errorf("%s: encoding %v, MAC %+v, password %v, identities %+v, findings %v", name, r.Encoding, r.MAC, r.Password.Status, r.Identities, r.Observations)
		}
		if got := codes(r); len(got) != 1 || got[0] != codeChainIncomplete {
			t.Errorf("%s: findings %v", name, r.Observations)
		}
	}
	check("none", build(same, same, same, same), 0)
	places := 0
	for layer := range 4 {
		for only := -1; ; only++ {
			n, most := 0, 0
			change := func(b []byte) []byte {
				n = 0
				b = reencode(b, only, &n)
				most = max(most, n)
				return b
			}
			layers := []func([]byte) []byte{same, same, same, same}
			layers[layer] = change
			file := build(layers[0], layers[1], layers[2], layers[3])
			if only >= most {
				break
			}
			places++
			encoding := pkcs7.Encoding(1)
			if layer == 3 {
				encoding = 0
			} else if layer == 2 && only >= 0 {
				// Only what is not encrypted counts: the second use of the layer.
				m := 0
				if bytes.Equal(reencode(seq(bag(oidShroudedKeyBag, shrouded(t, "secret", keyValue), id)), only, &m), seq(bag(oidShroudedKeyBag, shrouded(t, "secret", keyValue), id))) {
					encoding = 0
				}
			}
			check(fmt.Sprintf("layer %d, element %d", layer, only), file, encoding)
		}
	}
	every := func(b []byte) []byte { n := 0; return reencode(b, -1, &n) }
	check("all", build(every, every, every, every), 1)
	if places < 50 {
		t.Errorf("only %d places", places)
	}
}

// TestDamagedOutside holds that a file whose MacData or whose end cannot be read
// is not said to be one without a MAC, nor one that any program opens.
func TestDamagedOutside(t *testing.T) {
	keyBag, certBag := identityBags(t, alice(t))
	safe := encryptedSafe(t, "secret", seq(keyBag, certBag))
	digest := seq(seq(object("1.3.14.3.2.26"), []byte{5, 0}), octetString(make([]byte, 20)))
	for _, tt := range []struct {
		name     string
		file     []byte
		password PasswordStatus
	}{
		{"a version without octets", seq(tlv(0x02), seq(object(oidData), explicit(octetString(seq(safe))))), PasswordNotNeeded},
		{"content without a tag", seq(integer(3), seq(object(oidData), octetString(seq(safe)))), PasswordNotNeeded},
		{"more after MacData", seq(integer(3), seq(object(oidData), explicit(octetString(seq(safe)))), macOver("secret", seq(safe)), integer(1)), PasswordRight},
		{"MacData is NULL", withMAC([]byte{5, 0}, safe), PasswordRight},
		{"MacData is empty", withMAC(seq(), safe), PasswordRight},
		{"no digest", withMAC(seq(seq(seq(object("1.3.14.3.2.26"))), octetString(testSalt)), safe), PasswordRight},
		{"no salt", withMAC(seq(digest), safe), PasswordRight},
		{"salt is a number", withMAC(seq(digest, integer(1)), safe), PasswordRight},
		{"iterations without octets", withMAC(seq(digest, octetString(testSalt), tlv(0x02)), safe), PasswordRight},
		{"nothing else that is protected", withMAC(seq(digest), plainSafe(seq(certBag))), passwordUnknown},
		{"more after a safe", withMAC(nil, safe, integer(1)), PasswordRight},
		{"a bag that holds a number", withMAC(nil, plainSafe(seq(keyBag, bag(oidCertBag, integer(1))))), PasswordNotNeeded},
	} {
		r, err := Inspect(tt.file, "secret")
		if err != nil {
			t.Fatal(err)
		}
		if r.Password.Status != tt.password || !r.Has(codeMalformed) || r.MAC == nil && r.brokenMAC && r.Has(codeNoMAC) {
			t.Errorf("%s: password %v, findings %v", tt.name, r.Password.Status, r.Observations)
		}
		for _, target := range Importers() {
			if v := r.Compatible(target.Importer); v.Answer != No {
				t.Errorf("%s: %s: %v", tt.name, target.Importer, v.Answer)
			}
		}
	}
}

// pkcs12Key derives a key for a MAC under testSalt.
func pkcs12Key(newHash func() hash.Hash, password []byte, iterations, size int) []byte {
	key, err := pkcs12kdf.Key(context.Background(), newHash, password, testSalt, iterations, pkcs12kdf.ForMAC, size)
	if err != nil {
		panic(err)
	}
	return key
}

// answerOf is No of what is known to be refused, and Unknown otherwise.
func answerOf(refused bool) Answer {
	if refused {
		return No
	}
	return Unknown
}
