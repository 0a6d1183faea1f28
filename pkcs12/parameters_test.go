package pkcs12

import (
	"encoding/asn1"
	"errors"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/pkcs12/internal/ber"
)

type testAlgorithm struct {
	OID        asn1.ObjectIdentifier
	Parameters asn1.RawValue `asn1:"optional"`
}

// der returns the one element that v makes.
func der(t *testing.T, v any) asn1.RawValue {
	t.Helper()
	b, err := asn1.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return asn1.RawValue{FullBytes: b}
}

func element(t *testing.T, v any) *ber.Element {
	t.Helper()
	e, err := ber.New(der(t, v).FullBytes, nil).Next()
	if err != nil {
		t.Fatal(err)
	}
	return &e
}

// TestPBMAC1Parameters holds what a PBMAC1 has to say to be computed (RFC 9579,
// Sections 4 and 9), and that what cannot be is told apart from what may not be.
func TestPBMAC1Parameters(t *testing.T) {
	oid := func(last ...int) asn1.ObjectIdentifier {
		return append(asn1.ObjectIdentifier{1, 2, 840, 113549}, last...)
	}
	pbkdf2, sha256, md4 := oid(1, 5, 12), oid(2, 9), oid(2, 99)
	type kdfParameters struct {
		Salt       []byte
		Iterations int
		Length     int `asn1:"optional"`
		PRF        testAlgorithm
	}
	tests := []struct {
		name        string
		kdf         asn1.ObjectIdentifier
		length      int
		prf, mac    asn1.ObjectIdentifier
		want        string // the start of the error, empty for none
		unsupported bool
	}{
		{"right", pbkdf2, 32, sha256, sha256, "", false},
		{"the shortest key", pbkdf2, minPBMAC1Key, sha256, sha256, "", false},
		{"the longest key", pbkdf2, maxPBMAC1Key, sha256, sha256, "", false},
		{"another key derivation", oid(1, 5, 99), 32, sha256, sha256, "PBMAC1 key derivation", true},
		{"no length", pbkdf2, 0, sha256, sha256, "PBMAC1 does not say", false},
		{"short key", pbkdf2, minPBMAC1Key - 1, sha256, sha256, "the PBMAC1 key is so short", false},
		{"long key", pbkdf2, maxPBMAC1Key + 1, sha256, sha256, "the PBMAC1 key is longer", false},
		{"another digest", pbkdf2, 32, sha256, md4, "PBMAC1 digest", true},
		{"another PRF", pbkdf2, 32, md4, sha256, "PBMAC1 key derivation digest", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			params := element(t, []testAlgorithm{
				{tt.kdf, der(t, kdfParameters{make([]byte, 8), 2048, tt.length, testAlgorithm{OID: tt.prf}})},
				{OID: tt.mac},
			})
			err := new(inspector).parsePBMAC1(params, new(macCheck))
			if tt.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("%v, want %q", err, tt.want)
			}
			var unsupported *UnsupportedError
			var parameter *ParameterError
			if errors.As(err, &unsupported) != tt.unsupported || errors.As(err, &parameter) == tt.unsupported {
				t.Errorf("%T", err)
			}
		})
	}
}

// TestNoParameters holds that a scheme without the parameters that it needs is
// refused by a *ParameterError, and never derived from nothing.
func TestNoParameters(t *testing.T) {
	for name, parse := range map[string]func() error{
		"PBES2":  func() error { return parsePBES2(nil, new(Encryption), new(lockbox)) },
		"PBMAC1": func() error { return new(inspector).parsePBMAC1(nil, new(macCheck)) },
		"PBKDF2": func() error { _, _, err := parsePBKDF2(nil, new(kdf)); return err },
		"scrypt": func() error { _, err := parseScrypt(nil, new(kdf)); return err },
		"IV":     func() error { return setIV(nil, new(lockbox)) },
		"RC2":    func() error { return parseRC2(nil, new(lockbox)) },
	} {
		var parameter *ParameterError
		if err := parse(); !errors.As(err, &parameter) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestMistaken names what is given by mistake.
func TestMistaken(t *testing.T) {
	for text, want := range map[string]Hint{
		"\xFE\xED\xFE\xED\x00\x00\x00\x02": foundKeyStore,
		"\xCE\xCE\xCE\xCE\x00\x00\x00\x02": foundKeyStore,
		"\x00\x00\x00\x00CERT":             foundSST,
		"a note":                           foundText,
		"\x01\x02":                         foundUnknown,
	} {
		r, err := Inspect([]byte(text), "")
		var format *FormatError
		if !errors.As(err, &format) || format.Hint != want || r != nil {
			t.Errorf("%q: %v, %v, want %v", text, r, err, want)
		}
	}
}

// TestRC2Parameters holds the versions that stand for a length of the key, and what of the
// parameters has to be there.
func TestRC2Parameters(t *testing.T) {
	iv := octetString(testSalt)
	for _, tt := range []struct {
		name   string
		params []byte
		bits   int // 0: a fault
	}{
		{"the vector alone", iv, 32},
		{"no version", seq(iv), 32},
		{"160", seq(integer(160), iv), 40},
		{"120", seq(integer(120), iv), 64},
		{"58", seq(integer(58), iv), 128},
		{"255", seq(integer(255), iv), 0},
		{"256", seq(integer(256), iv), 256},
		{"1024", seq(integer(1024), iv), 1024},
		{"1025", seq(integer(1025), iv), 0},
		{"0", seq(integer(0), iv), 0},
		{"1", seq(integer(1), iv), 0},
		{"no vector", seq(integer(58)), 0},
		{"a short vector", seq(integer(58), octetString(testSalt[1:])), 0},
		{"a short vector alone", octetString(testSalt[1:]), 0},
		{"a vector in segments", seq(integer(58), tlv(0x24, iv)), 128},
		{"a vector in segments that are none", seq(integer(58), tlv(0x24, integer(1))), 0},
		{"more behind the vector", seq(integer(58), iv, iv), 0},
		{"a version without octets", seq(tlv(0x02), iv), 0},
		{"a number", integer(58), 0},
	} {
		e, err := ber.New(tt.params, nil).Next()
		if err != nil {
			t.Fatal(err)
		}
		box := new(lockbox)
		err = parseRC2(&e, box)
		if (err == nil) != (tt.bits != 0) || err == nil && (box.mode.keyBits != tt.bits || string(box.iv) != string(testSalt)) {
			t.Errorf("%s: %d bits, %v", tt.name, box.mode.keyBits, err)
		}
	}
}

// TestKeyLength holds the length of the key that PBKDF2 may give: for RC2 one within its
// bounds, for others that of the cipher.
func TestKeyLength(t *testing.T) {
	rc2 := seq(object(oidRC2CBC), seq(integer(58), octetString(testSalt)))
	for _, tt := range []struct {
		cipher []byte
		length []byte // the INTEGER
		want   int    // 0: a fault
	}{
		{rc2, nil, 16}, {rc2, integer(1), 1}, {rc2, integer(5), 5}, {rc2, integer(128), 128},
		{rc2, integer(129), 0}, {rc2, integer(0), 0}, {rc2, tlv(0x02, []byte{0xff}), 0}, {rc2, integer(1 << 40), 0},
		{aes256(), nil, 32}, {aes256(), integer(32), 32}, {aes256(), integer(31), 0}, {aes256(), integer(33), 0}, {aes256(), integer(0), 0},
	} {
		params := seq(seq(object(oidPBKDF2), seq(octetString(testSalt), integer(1), tt.length)), tt.cipher)
		e, err := ber.New(params, nil).Next()
		if err != nil {
			t.Fatal(err)
		}
		box := new(lockbox)
		if err := parsePBES2(&e, new(Encryption), box); (err == nil) != (tt.want != 0) || err == nil && box.keySize != tt.want {
			t.Errorf("% x: %d, %v", params, box.keySize, err)
		}
	}
}
