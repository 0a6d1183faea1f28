package pkcs12

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/testdata/outside"
)

// The synthetic and damaged files of the corpus and what is to be said about
// them. Every file whose name starts with syn- or bad- is here.
var synthetic = []struct {
	name     string
	found    Hint // what it is instead of a PFX; foundUnknown if it is one
	password PasswordStatus
	mac      ProtectionStatus
	codes    []ObservationCode // exactly these, in order, without repetitions
	matches  []Answer
}{
	{name: "syn-base.p12", password: PasswordRight, mac: StatusOK, matches: []Answer{Yes}},
	{name: "syn-secretbag.p12", password: PasswordRight, mac: StatusOK, matches: []Answer{Yes}},
	{name: "syn-nested200.p12", password: PasswordRight, mac: StatusOK, codes: []ObservationCode{codeNesting, codeNoCertificate}, matches: []Answer{Unknown}},
	{name: "syn-multikey.p12", password: PasswordRight, mac: StatusOK, matches: []Answer{Yes, Yes, Yes}},
	{name: "syn-keymismatch.p12", password: PasswordRight, mac: StatusOK, codes: []ObservationCode{codeKeyMismatch}, matches: []Answer{No}},
	{name: "syn-nolkid.p12", password: PasswordRight, mac: StatusOK, codes: []ObservationCode{codeNoLink}, matches: []Answer{Yes}},
	{name: "syn-samename.p12", password: PasswordRight, mac: StatusOK, codes: []ObservationCode{codeNameCollision}, matches: []Answer{Yes}},
	{name: "syn-leaflast.p12", password: PasswordRight, mac: StatusOK, matches: []Answer{Yes}},
	{name: "syn-keysfirst.p12", password: PasswordRight, mac: StatusOK, matches: []Answer{Yes}},
	{name: "syn-4safes.p12", password: PasswordRight, mac: StatusOK, matches: []Answer{Yes}},
	{name: "syn-iter-max.p12", password: PasswordRight, mac: statusOverLimit, codes: []ObservationCode{codeIterations}, matches: []Answer{Yes}},
	{name: "syn-iter-2e40.p12", password: PasswordRight, mac: statusOverLimit, codes: []ObservationCode{codeIterations}, matches: []Answer{Yes}},
	{name: "syn-iter-neg.p12", password: PasswordRight, mac: statusMalformed, codes: []ObservationCode{codeParameters}, matches: []Answer{Yes}},
	{name: "syn-iter-absent.p12", password: PasswordRight, mac: StatusOK, matches: []Answer{Yes}},
	{name: "syn-enciter-max-nomac.p12", password: PasswordRight, codes: []ObservationCode{codeIterations, codeNoMAC}, matches: []Answer{Unknown}},
	{name: "syn-enc-flip.p12", password: passwordRightAltered, mac: StatusOK, codes: []ObservationCode{codeMalformed, codeAltered, codeNoCertificate}, matches: []Answer{Unknown}},
	{name: "syn-mac-flip.p12", password: passwordRightAltered, mac: statusFailed, codes: []ObservationCode{codeAltered}, matches: []Answer{Yes}},
	{name: "syn-encpw-differs.p12", password: passwordRightPartly, mac: StatusOK, codes: []ObservationCode{codeOtherPassword}, matches: []Answer{Unknown}},
	{name: "syn-keypw-differs.p12", password: passwordRightPartly, mac: StatusOK, codes: []ObservationCode{codeOtherPassword}, matches: []Answer{Unknown}},
	{name: "syn-emptysalt.p12", password: PasswordRight, mac: StatusOK, matches: []Answer{Yes}},
	{name: "syn-pbmac1.p12", password: PasswordRight, mac: StatusOK, matches: []Answer{Yes}},
	{name: "syn-pbmac1-nokeylen.p12", password: PasswordRight, mac: statusMalformed, codes: []ObservationCode{codeParameters}, matches: []Answer{Yes}},
	{name: "syn-pbmac1-keyhuge.p12", password: PasswordRight, mac: statusMalformed, codes: []ObservationCode{codeParameters}, matches: []Answer{Yes}},
	{name: "syn-pbmac1-itermax.p12", password: PasswordRight, mac: statusOverLimit, codes: []ObservationCode{codeIterations}, matches: []Answer{Yes}},
	{name: "syn-signeddata.p12", password: PasswordNotNeeded, codes: []ObservationCode{codeMalformed}},
	{name: "syn-enveloped.p12", password: PasswordRight, mac: StatusOK, codes: []ObservationCode{codeUnsupported}, matches: []Answer{Unknown}},
	{name: "syn-sdsi.p12", password: PasswordRight, mac: StatusOK, codes: []ObservationCode{codeUnsupported, codeChainIncomplete}, matches: []Answer{Yes}},
	{name: "syn-badcert.p12", password: PasswordRight, mac: StatusOK, codes: []ObservationCode{codeCertificate, codeChainIncomplete}, matches: []Answer{Yes}},
	{name: "syn-utf8name.p12", password: PasswordRight, mac: StatusOK, codes: []ObservationCode{codeChainIncomplete}, matches: []Answer{Yes}},
	{name: "syn-5000certs.p12", password: passwordUnknown, codes: []ObservationCode{codeSize}},
	{name: "bad-flip-middle.p12", password: passwordRightAltered, mac: statusFailed, codes: []ObservationCode{codeCertificate, codeAltered, codeChainIncomplete}, matches: []Answer{Yes}},
	{name: "bad-base64.p12", password: PasswordRight, mac: StatusOK, codes: []ObservationCode{codeText}, matches: []Answer{Yes}},
	{name: "bad-cert.p12", found: foundCertificate},
	{name: "bad-empty.p12", found: foundEmpty},
	{name: "bad-p7b.p12", found: foundPKCS7},
}

func TestSynthetic(t *testing.T) {
	passwords := make(map[string]string)
	for _, s := range samples(t) {
		if len(s.name) > 4 && (s.name[:4] == "syn-" || s.name[:4] == "bad-") {
			passwords[s.name] = s.password
		}
	}
	for _, want := range synthetic {
		t.Run(want.name, func(t *testing.T) {
			password, ok := passwords[want.name]
			if !ok {
				t.Fatal("not in the manifest")
			}
			delete(passwords, want.name)
			r, err := Inspect(outside.Read(t, "pfx", want.name), password)
			var format *FormatError
			if errors.As(err, &format) {
				if format.Hint != want.found || r != nil {
					t.Errorf("found %v, want %v", format.Hint, want.found)
				}
				return
			}
			if err != nil || want.found != foundUnknown {
				t.Fatalf("error %v, want it to be found to be %v", err, want.found)
			}
			if r.Password.Status != want.password {
				t.Errorf("password %v, want %v", r.Password.Status, want.password)
			}
			if r.MAC != nil && r.MAC.Status != want.mac || r.MAC == nil && want.mac != StatusPlain {
				t.Errorf("MAC %+v, want %v", r.MAC, want.mac)
			}
			if got := codes(r); !slices.Equal(got, want.codes) {
				t.Errorf("findings %v, want %v", got, want.codes)
			}
			var matches []Answer
			for _, id := range r.Identities {
				matches = append(matches, id.Matches)
			}
			if !slices.Equal(matches, want.matches) {
				t.Errorf("keys match %v, want %v", matches, want.matches)
			}
		})
	}
	for name := range passwords {
		t.Errorf("%s has no row", name)
	}
}

// codes returns the codes of the findings without repetitions.
func codes(r *Inspection) []ObservationCode {
	var list []ObservationCode
	for _, f := range r.Observations {
		if !slices.Contains(list, f.Code) {
			list = append(list, f.Code)
		}
	}
	return list
}

// Where two passwords are at work, the second one opens the rest.
func TestKeyPassword(t *testing.T) {
	tests := []struct{ dir, name, password, keyPassword string }{
		{"pfx", "syn-encpw-differs.p12", "secret", "other"},
		{"pfx-keyfile", "027.p12", "Red Hat Enterprise Linux 7.4", "Brno is in Czechia"},
		{"pfx-keyfile", "110.p12", "Red Hat Enterprise Linux 7.4", "Brno is in Czechia"},
	}
	for _, test := range tests {
		o := &Options{Password: &test.password, KeyPassword: &test.keyPassword}
		r, err := o.Inspect(t.Context(), outside.Read(t, test.dir, test.name))
		if err != nil {
			t.Fatal(err)
		}
		if r.Password.Status != passwordRightPartly || len(r.Identities) != 1 || r.Identities[0].Matches != Yes {
			t.Errorf("%s: password %v, identities %v", test.name, r.Password.Status, r.Identities)
		}
	}
}

// The link that the certificate order suggests is not the one that counts.
func TestLeafLast(t *testing.T) {
	r := inspectFile(t, "pfx", "syn-leaflast.p12", "secret")
	id := r.Identities[0]
	if got := chain.CommonName(r.Bag(id.Leaf).Certificate.Subject()); got != "Alice Example" {
		t.Errorf("leaf %q", got)
	}
	if len(id.Chain) != 2 || !id.Complete {
		t.Errorf("chain %v, complete %v", id.Chain, id.Complete)
	}
}

func TestManyCertificates(t *testing.T) {
	password := "secret"
	data := outside.Read(t, "pfx", "syn-5000certs.p12")
	r, err := (&Options{Password: &password, Limits: Limits{Size: 16 << 20}}).Inspect(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	bags := 0
	for range r.Bags() {
		bags++
	}
	if !r.Has(codeBags) || bags != defaultBags {
		t.Errorf("%d bags, findings %v", bags, codes(r))
	}
	r, err = (&Options{Password: &password, Limits: Limits{Size: 16 << 20, Bags: 6000}}).Inspect(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	if r.Password.Status != PasswordRight || len(r.Certificates()) != 5001 || len(r.Identities) != 1 || r.Identities[0].Matches != Yes {
		t.Errorf("password %v, %d certificates, identities %v", r.Password.Status, len(r.Certificates()), r.Identities)
	}
}

// TestFormatError holds that what is not a PFX is named, or said where it ends
// to be one.
func TestFormatError(t *testing.T) {
	for _, tt := range []struct {
		data   []byte
		found  Hint
		offset int64
	}{
		{nil, foundEmpty, 0},
		{[]byte("hello"), foundText, 0},
		{[]byte{0x30, 3, 2, 1, 3}, foundPrivateKey, 0},
		{[]byte{1, 2, 3}, foundUnknown, 0},
		{[]byte{0x30, 3, 1, 1, 0}, foundUnknown, 2},
		{[]byte("\xfe\xed\xfe\xed"), foundKeyStore, 0},
		{[]byte("\xce\xce\xce\xce"), foundKeyStore, 0},
		{[]byte("\x00\x00\x00\x00CERT"), foundSST, 0},
		{[]byte("\n-----BEGIN CERTIFICATE-----"), foundPEM, 0},
		{seq(object(oidData)), foundPKCS7, 0},
		{seq(integer(0)), foundPrivateKey, 0},
		{seq(seq(object(oidData)), octetString(nil)), foundPrivateKey, 0}, // encrypted
		{seq(seq(integer(2)), octetString(nil)), foundCertificate, 0},
		{seq(seq()), foundCertificate, 0},
		{[]byte("a\tb\r\nc"), foundText, 0},
		{[]byte("a\x00b"), foundUnknown, 0},
		{append(bytes.Repeat([]byte("a"), 512), 0), foundText, 0},
		{append(bytes.Repeat([]byte("a"), 511), 0), foundUnknown, 0},
		// a PFX but for one thing
		{seq(tlv(2, make([]byte, 5)), seq(object(oidData))), foundPrivateKey, 0},
		{seq(integer(3), octetString(nil)), foundPrivateKey, 0},
		{seq(integer(3), seq(object("1.2.840.113549.1.1.1"))), foundPrivateKey, 0},
	} {
		_, err := new(Options).Inspect(context.Background(), tt.data)
		var format *FormatError
		if !errors.As(err, &format) || format.Hint != tt.found || format.Offset != tt.offset || (format.Err != nil) != (tt.found == foundUnknown) {
			t.Errorf("% x: %#v", tt.data, err)
		}
	}
}

// TestSignedFile holds what is read of a file that is signed: its content, and nothing
// where it cannot be read.
func TestSignedFile(t *testing.T) {
	_, cert := identityBags(t, alice(t))
	content := seq(plainSafe(seq(cert)))
	signed := func(parts ...[]byte) []byte {
		return seq(integer(3), seq(object(oidSignedData), explicit(seq(parts...))))
	}
	for _, tt := range []struct {
		name string
		file []byte
		bags int
	}{
		{"whole", signed(integer(1), setOf(), seq(object(oidData), explicit(octetString(content)))), 1},
		{"no version", signed(setOf(), seq(object(oidData), explicit(octetString(content)))), 0},
		{"no digests", signed(integer(1), seq(object(oidData), explicit(octetString(content)))), 0},
		{"no content", signed(integer(1), setOf()), 0},
		{"content of another type", signed(integer(1), setOf(), seq(object(oidSignedData), explicit(octetString(content)))), 0},
		{"content that is no octets", signed(integer(1), setOf(), seq(object(oidData), explicit(content))), 0},
		{"no message", seq(integer(3), seq(object(oidSignedData), explicit(integer(1)))), 0},
	} {
		r, err := Inspect(tt.file, "secret")
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		bags := 0
		for range r.Bags() {
			bags++
		}
		if r.Integrity != integritySignature || bags != tt.bags || r.Has(codeMalformed) != (tt.bags == 0) {
			t.Errorf("%s: %v, %d bags, %v", tt.name, r.Integrity, bags, codes(r))
		}
	}
}
