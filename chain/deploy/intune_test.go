package deploy

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

func TestIntuneTrusted(t *testing.T) {
	c := pack(t, "collections/complete.sst")
	outputs, err := IntuneTrusted(c, nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := IntuneTrusted(c, nil)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	stores := map[string]int{}
	for i, o := range outputs {
		if o.Secret || names[o.Name] || !bytes.Equal(o.Data, again[i].Data) {
			t.Errorf("%s is secret, there twice or not the same in a second run", o.Name)
		}
		names[o.Name] = true
		if !strings.HasPrefix(o.Name, "graph/") {
			continue
		}
		f, err := bundle.Parse(o.Name, o.Data)
		if err != nil {
			t.Fatal(err)
		}
		if len(f.Graph) != 1 || len(f.Certificates) != 1 || f.Graph[0].TrustedCertificate.Fault != "" || !f.Loose() {
			t.Errorf("%s: %v", o.Name, f.Graph)
		}
		stores[f.Graph[0].DestinationStore]++
	}
	if want := 4 + 4*len(defaultPlatforms) + 2; len(outputs) != want {
		t.Errorf("%d files, want %d", len(outputs), want)
	}
	if stores[storeRoot] != 2 || stores[storeIntermediate] != 2 {
		t.Errorf("destination stores %v, want two each", stores)
	}
	wantPowerShell(t, output(t, outputs, "New-TrustedCertificateProfiles.ps1"))
	index := output(t, outputs, "index.csv")
	if n := bytes.Count(index, []byte("\r\n")); n != 1+4*len(defaultPlatforms) {
		t.Errorf("the index has %d lines", n)
	}
	if _, err := IntuneTrusted(c, &IntuneTrustedOptions{Platforms: []Platform{"symbian"}}); err == nil {
		t.Error("an unknown platform is taken")
	}
	if _, err := IntuneTrusted(new(PublicCollection), nil); !errors.Is(err, ErrEmpty) {
		t.Errorf("an empty collection: %v", err)
	}
}

func TestCSVFormulas(t *testing.T) {
	data, err := csvFile([][]string{
		{"=cmd()", "+1", "-1", "@x", "plain", ""},
		{"a;=1", "a; \"=1", "a|+1", "＝1", "  =1", "CN=a-b;c"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := "\uFEFF'=cmd(),'+1,'-1,'@x,plain,\r\na;'=1,\"a; \"\"'=1\",a|'+1,'＝1,\"  '=1\",CN=a-b;c\r\n"; string(data) != want {
		t.Errorf("got %q", data)
	}
}

// TestHostileNames has names of CAs that do harm where they are shown: as the
// name of a profile in portals and on devices, in logs, and in file names.
func TestHostileNames(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"Example CA", "Example CA"},
		{"例\u3000認証局", "例\u3000認証局"},
		{"a\x1b[31mb\r\nc", "a\ufffd[31mb\ufffd\ufffdc"},
		{"a\u202eb\u2066", "a\ufffdb\ufffd"},
		{"###vso[x]##[y]", "#vso[x]#[y]"},
		{strings.Repeat("é", 64), strings.Repeat("é", 64)},
		{strings.Repeat("é", 65), strings.Repeat("é", 64) + "…"},
		{"CON", "CON"}, {"../../a", "../../a"}, {"a:b", "a:b"},
		{"\u2019; Remove-Item x #\u201b$(x)`n", "\u2019; Remove-Item x #\u201b$(x)`n"},
	} {
		template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: tt.name}, IsCA: true, BasicConstraintsValid: true}
		key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
		der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		c := &PublicCollection{Certificates: []*chain.Certificate{chain.ParseCertificate(der)}}
		if got := commonName(c.Certificates[0]); got != tt.want {
			t.Errorf("%q is shown as %q, want %q", tt.name, got, tt.want)
		}
		outputs, err := IntuneTrusted(c, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range outputs {
			if strings.ContainsFunc(o.Name, func(r rune) bool {
				return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-./", r)
			}) || strings.Contains(o.Name, "..") {
				t.Errorf("%q: the name of a file is %q", tt.name, o.Name)
			}
		}
		wantPowerShell(t, output(t, outputs, "New-TrustedCertificateProfiles.ps1"))
		profile, err := MobileConfig(c, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := bundle.Parse("profile", profile.Data); err != nil {
			t.Errorf("%q: the profile is not read back: %v", tt.name, err)
		}
	}
}

// TestPFXNames has names of users that file systems do not take.
func TestPFXNames(t *testing.T) {
	for upn, want := range map[string]string{
		"user@example.com":         "user-example.com",
		"con.o@example.com":        "-con.o-example.com",
		"NUL.x@example.com":        "-nul.x-example.com",
		"com1.x@example.com":       "-com1.x-example.com",
		"conin$.x@example.com":     "-conin-.x-example.com",
		"connie.x@example.com":     "connie.x-example.com",
		".x@example.com":           "-.x-example.com",
		"../../x@example.com":      "-..-..-x-example.com",
		"a:b@example.com":          "a-b-example.com",
		"a\x00b@example.com":       "a-b-example.com",
		strings.Repeat("a", 10000): strings.Repeat("a", 128),
	} {
		if got := pfxName(upn); got != want {
			t.Errorf("%.40q: got %.200q, want %q", upn, got, want)
		}
	}
}

// rsaBlob encodes a key as CNG exports it.
func rsaBlob(key *rsa.PublicKey) []byte {
	blob := []byte("RSA1")
	for _, n := range []int{key.N.BitLen(), 3, key.Size(), 0, 0} {
		blob = binary.LittleEndian.AppendUint32(blob, uint32(n))
	}
	blob = append(blob, byte(key.E>>16), byte(key.E>>8), byte(key.E))
	return append(blob, key.N.Bytes()...)
}

func generate(t *testing.T, bits int) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestParseConnectorKey(t *testing.T) {
	key := &generate(t, 2048).PublicKey
	spki, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"blob":             rsaBlob(key),
		"PEM":              pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki}),
		"certutil -encode": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: spki}),
		"PKCS1":            pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(key)}),
	} {
		got, err := ParseConnectorKey(data)
		if err != nil || !got.Equal(key) {
			t.Errorf("%s: %v", name, err)
		}
	}
	small := &generate(t, 1024).PublicKey
	blob := rsaBlob(key)
	for name, data := range map[string][]byte{
		"small": rsaBlob(small), "empty": nil, "cut": blob[:len(blob)-1], "longer": append(bytes.Clone(blob), 0),
		"private": append([]byte("RSA2"), blob[4:]...), "header": blob[:24], "even": append(bytes.Clone(blob[:26]), append([]byte{2}, blob[27:]...)...),
		"other PEM": pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: spki}),
	} {
		if _, err := ParseConnectorKey(data); !errors.Is(err, errConnectorKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestIntunePFX(t *testing.T) {
	key := generate(t, 2048)
	pfx := testPFX(t, bothUsages, testPassword)
	_, cert := testCertificate(t, bothUsages, "2028-01-01")
	for h, word := range map[crypto.Hash]string{0: "oaepSha512", crypto.SHA256: "oaepSha256", crypto.SHA384: "oaepSha384", crypto.SHA512: "oaepSha512"} {
		c := &Connector{Key: &key.PublicKey, Provider: "Microsoft Software Key Storage Provider", KeyName: "PFXEncryptionKey", Hash: h}
		o, err := IntunePFX(&Import{UPN: testAddress, PFX: pfx, Password: testPassword, Purpose: SMIMESigning}, c, today)
		if err != nil {
			t.Fatal(err)
		}
		if !o.Secret {
			t.Error("the body is not called a secret")
		}
		var body userPFX
		if err := json.Unmarshal(o.Data, &body); err != nil {
			t.Fatal(err)
		}
		newHash, _, err := c.oaep()
		if err != nil {
			t.Fatal(err)
		}
		password, err := rsa.DecryptOAEP(newHash(), nil, key, body.SealedValue, nil)
		if err != nil || string(password) != testPassword {
			t.Errorf("%s: the password does not come back: %v", word, err)
		}
		sum := sha1.Sum(cert.Raw)
		if body.Padding != word || body.Thumbprint != hex.EncodeToString(sum[:]) || !bytes.Equal(body.Blob, pfx) ||
			body.Start != "2026-01-01T00:00:00Z" || body.Expiration != "2028-01-01T00:00:00Z" {
			t.Errorf("%s: %s %s %s %s", word, body.Padding, body.Thumbprint, body.Start, body.Expiration)
		}
		if bytes.Contains(o.Data, []byte(testPassword)) {
			t.Error("the password is in the body")
		}
	}
}

func TestIntunePFXRefuses(t *testing.T) {
	key := generate(t, 2048)
	connector := Connector{Key: &key.PublicKey, Provider: "p", KeyName: "k"}
	good := Import{UPN: testAddress, PFX: testPFX(t, bothUsages, testPassword), Password: testPassword, Purpose: SMIMESigning}
	long := strings.Repeat("x", 127)
	_, cert := testCertificate(t, bothUsages, "2028-01-01")
	trusted, err := gopkcs12.LegacyDES.EncodeTrustStore([]*x509.Certificate{cert}, testPassword)
	if err != nil {
		t.Fatal(err)
	}
	mixed, err := gopkcs12.LegacyDES.Encode(key, cert, nil, testPassword)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		change func(*Import, *Connector)
		want   error
	}{
		{"empty password", func(in *Import, _ *Connector) { in.PFX, in.Password = testPFX(t, bothUsages, ""), "" }, errPassword},
		{"Japanese password", func(in *Import, _ *Connector) {
			in.PFX, in.Password = testPFX(t, bothUsages, "パスワード"), "パスワード"
		}, errPassword},
		{"long password", func(in *Import, _ *Connector) { in.PFX, in.Password = testPFX(t, bothUsages, long), long }, errPassword},
		{"wrong password", func(in *Import, _ *Connector) { in.Password = "another" }, errIdentity},
		{"no PFX", func(in *Import, _ *Connector) { in.PFX = []byte("no PFX") }, errIdentity},
		{"text", func(in *Import, _ *Connector) { in.PFX = []byte(base64.StdEncoding.EncodeToString(in.PFX)) }, errIdentity},
		{"no key", func(in *Import, _ *Connector) { in.PFX = trusted }, errIdentity},
		{"key of another", func(in *Import, _ *Connector) { in.PFX = mixed }, errIdentity},
		{"altered", func(in *Import, _ *Connector) {
			in.PFX = bytes.Clone(in.PFX)
			in.PFX[bytes.LastIndex(in.PFX, []byte{4, 20})+2] ^= 1 // the MAC
		}, errIdentity},
		{"to encrypt", func(in *Import, _ *Connector) {
			in.PFX, in.Purpose = testPFX(t, x509.KeyUsageDigitalSignature, testPassword), SMIMEEncryption
		}, errPurpose},
		{"to sign", func(in *Import, _ *Connector) { in.PFX = testPFX(t, x509.KeyUsageKeyAgreement, testPassword) }, errPurpose},
		{"purpose", func(in *Import, _ *Connector) { in.Purpose = "vpn" }, nil},
		{"user", func(in *Import, _ *Connector) { in.UPN = "user" }, nil},
		{"key name", func(_ *Import, c *Connector) { c.KeyName = "" }, nil},
		{"hash", func(_ *Import, c *Connector) { c.Hash = crypto.SHA1 }, nil},
		{"exponent", func(_ *Import, c *Connector) { c.Key = &rsa.PublicKey{N: c.Key.N, E: 1} }, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in, c := good, connector
			tt.change(&in, &c)
			o, err := IntunePFX(&in, &c, today)
			if err == nil || o != nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Fatalf("got %v, want %v", err, tt.want)
			}
			if in.Password != "" && strings.Contains(err.Error(), in.Password) {
				t.Error("the error holds the password")
			}
		})
	}
	if _, err := IntunePFX(&good, &connector, today.AddDate(5, 0, 0)); !errors.Is(err, errIdentity) {
		t.Errorf("expired: %v", err)
	}
	for _, key := range []*rsa.PublicKey{nil, {}, &generate(t, 1024).PublicKey} {
		bad := connector
		bad.Key = key
		if _, err := IntunePFX(&good, &bad, today); !errors.Is(err, errConnectorKey) {
			t.Errorf("a connector with a bad key: %v", err)
		}
	}
	old := good
	old.Purpose = SMIMEEncryption
	if _, err := IntunePFX(&old, &connector, today.AddDate(5, 0, 0)); err != nil {
		t.Errorf("expired, to read old mail: %v", err)
	}
	for h, want := range map[crypto.Hash]int{crypto.SHA512: 126, crypto.SHA384: 158, crypto.SHA256: 190} {
		connector.Hash = h
		if n, err := connector.Capacity(); err != nil || n != want {
			t.Errorf("%v: capacity %d, %v; want %d", h, n, err, want)
		}
	}
}

// TestPasswordCapacity holds that a password is as long as the key of the connector and
// its hash leave room for, and no longer.
func TestPasswordCapacity(t *testing.T) {
	c := &Connector{Key: &rsa.PublicKey{N: new(big.Int).SetBit(new(big.Int), minConnectorKey-1, 1), E: 65537}, Hash: crypto.SHA256}
	n, err := c.Capacity()
	if err != nil || n <= 0 {
		t.Fatal(n, err)
	}
	if err := checkPassword(strings.Repeat("a", n), c); err != nil {
		t.Errorf("%d octets: %v", n, err)
	}
	if err := checkPassword(strings.Repeat("a", n+1), c); !errors.Is(err, errPassword) {
		t.Errorf("%d octets: %v", n+1, err)
	}
	for name, c := range map[string]*Connector{
		"no key": {Hash: crypto.SHA256}, "a small key": {Key: &rsa.PublicKey{N: big.NewInt(15), E: 3}, Hash: crypto.SHA256},
		"a hash that Intune does not take": {Key: c.Key, Hash: crypto.MD5},
	} {
		if n, err := c.Capacity(); err == nil || n != 0 {
			t.Errorf("%s: %d", name, n)
		}
		if err := checkPassword("a", c); err == nil || errors.Is(err, errPassword) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPrincipal holds what has the form of a user principal name.
func TestPrincipal(t *testing.T) {
	for name, want := range map[string]bool{
		"user@example.com": true, "u.s-er@mail.example.com": true, "user@example.": true,
		"": false, "user": false, "user.name": false, "@example.com": false, "user@": false, "user@example": false, "a@b@example.com": false, "user@example.com@": false,
		"a b@example.com": false, "user@exam ple.com": false, "<user@example.com": false, "user@example.com>": false, "user@example.com\n": false, "user\t@example.com": false, "user@example.com\r": false,
	} {
		if got := isPrincipal(name); got != want {
			t.Errorf("%q: %t", name, got)
		}
	}
}

// TestPFXNameOfEach holds that each character of a name is one that every system takes in the
// name of a file.
func TestPFXNameOfEach(t *testing.T) {
	const kept = "abcdefghijklmnopqrstuvwxyz0123456789.-"
	for c := range unicode.MaxASCII + 1 {
		s, want := string(c), "-"
		if lower := strings.ToLower(s); strings.Contains(kept, lower) {
			want = lower
		}
		if got := pfxName("x" + s + "x"); got != "x"+want+"x" {
			t.Errorf("%q: %q", s, got)
		}
	}
}

// TestPurposeOf holds what a certificate is imported for: what it is for, on its last day too,
// and to read old mail from then on.
func TestPurposeOf(t *testing.T) {
	connector := &Connector{Key: &generate(t, 2048).PublicKey, Provider: "p", KeyName: "k"}
	end := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		purpose IntendedPurpose
		at      time.Time
		good    bool
	}{
		{SMIMESigning, end, true}, {SMIMESigning, end.Add(time.Second), false}, {SMIMEEncryption, end, true}, {SMIMEEncryption, end.Add(time.Second), true},
	} {
		in := &Import{UPN: testAddress, PFX: testPFXUntil(t, "2027-01-01"), Password: testPassword, Purpose: tt.purpose}
		if _, err := IntunePFX(in, connector, tt.at); (err == nil) != tt.good {
			t.Errorf("%s at %s: %v", tt.purpose, tt.at, err)
		}
	}
	if err := checkPurpose(chain.ParseCertificate([]byte{0x30, 0}), SMIMESigning); !errors.Is(err, errIdentity) {
		t.Errorf("a certificate that cannot be read: %v", err)
	}
	connector.Hash = crypto.MD5
	if sealed, padding, err := connector.seal(testPassword); sealed != nil || padding != "" || err == nil {
		t.Errorf("a hash that Intune does not take: %x, %s, %v", sealed, padding, err)
	}
}
