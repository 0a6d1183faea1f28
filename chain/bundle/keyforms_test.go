package bundle_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/sst"
	"github.com/smimechain/smimechain/testdata/keyforms"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestKeyForms holds that a private key is found in each form, and said to be there,
// or that it may be.
func TestKeyForms(t *testing.T) {
	outside.SkipUnderRace(t)
	const atLeast = 68 // the forms of a report from outside
	files := keyforms.Files(t, keyforms.Make(t, testdata))
	if len(files) < atLeast {
		t.Errorf("%d forms, want %d or more", len(files), atLeast)
	}
	for name, data := range files {
		t.Run(name, func(t *testing.T) { wantKey(t, name, data) })
	}
}

func wantKey(t *testing.T, name string, data []byte) {
	t.Helper()
	f, err := bundle.Parse("x", data)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Keys) == 0 {
		t.Fatalf("no key in a file of format %s", f.Format)
	}
	if doubt := strings.HasPrefix(name, "may: "); f.Keys[0].Doubtful != doubt {
		t.Errorf("found %v, want doubtful %v", f.Keys[0], doubt)
	}
	if f.Keys[0].Offset < 0 || f.Keys[0].Offset > int64(len(data)) {
		t.Errorf("offset %d of %d", f.Keys[0].Offset, len(data))
	}
}

// TestKeyFormsOfPrograms holds the same of what other programs write.
func TestKeyFormsOfPrograms(t *testing.T) {
	outside.AtLength(t, "makes keys with six programs")
	dir := t.TempDir()
	for _, tt := range []struct{ name, debian, file, command string }{
		{"openssl rsa -text", "openssl", "rsa.txt", "openssl genrsa -out rsa.pem 2048 && openssl rsa -in rsa.pem -text -noout -out rsa.txt"},
		{"openssl ec -text", "openssl", "ec.txt", "openssl ecparam -name prime256v1 -genkey -noout -out ec.pem && openssl ec -in ec.pem -text -noout -out ec.txt"},
		{"openssl pkey -text", "openssl", "ed.txt", "openssl genpkey -algorithm ed25519 -out ed.pem && openssl pkey -in ed.pem -text -noout -out ed.txt"},
		{"openssl blob", "openssl", "k.blob", "openssl rsa -in rsa.pem -outform MSBLOB -out k.blob"},
		{"openssl dsa", "openssl", "dsa.der", "openssl dsaparam -genkey -noout -out dsa.pem 1024 && openssl dsa -in dsa.pem -outform DER -out dsa.der"},
		{"ssh-keygen", "openssh-client", "id", "ssh-keygen -q -t ed25519 -N '' -f id"},
		{"keytool JKS", "default-jre-headless", "k.jks", "keytool -genkeypair -alias k -keyalg RSA -dname CN=k -storetype JKS -keystore k.jks -storepass changeit -keypass changeit"},
		{"keytool JCEKS", "default-jre-headless", "k.jceks", "keytool -genkeypair -alias k -keyalg RSA -dname CN=k -storetype JCEKS -keystore k.jceks -storepass changeit -keypass changeit"},
		{"certtool", "gnutls-bin", "c.txt", "certtool --generate-privkey --outfile c.pem && certtool -k --infile c.pem > c.out && sed '/BEGIN/,$d' c.out > c.txt"},
		{"gpg", "gnupg", "g.bin", "mkdir -m 700 g && gpg --homedir g --batch --passphrase '' --quick-gen-key k rsa2048 && gpg --homedir g --batch --export-secret-keys > g.bin"},
		{"gpg --armor", "gnupg", "g.asc", "gpg --homedir g --batch --armor --export-secret-keys > g.asc"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			program, _, _ := strings.Cut(tt.name, " ")
			outside.Program(t, program, tt.debian)
			run := exec.Command("sh", "-c", tt.command)
			run.Dir = dir
			if out, err := run.CombinedOutput(); err != nil {
				outside.Missing(t, "%s does not make this form: %v (%d octets of output)", program, err, len(out))
			}
			data, err := os.ReadFile(filepath.Join(dir, tt.file))
			if err != nil {
				t.Fatal(err)
			}
			wantKey(t, tt.name, data)
		})
	}
	exec.Command("gpgconf", "--homedir", filepath.Join(dir, "g"), "--kill", "all").Run()
}

// TestKeyLookalikes holds that what looks like a key and is none is not taken for
// one.
func TestKeyLookalikes(t *testing.T) {
	m := keyforms.Make(t, testdata)
	b64 := base64.StdEncoding.EncodeToString
	public := m.JWK()
	delete(public, "d")
	delete(public, "p")
	jwk, _ := json.Marshal(map[string]any{"keys": []any{public}, "data": map[string]string{"d": strings.Repeat("A", 40)}})
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, new(x509.CertificateRequest), edKey)
	if err != nil {
		t.Fatal(err)
	}
	oid := func(n ...int) asn1.ObjectIdentifier { return n }
	marshal := func(v any) []byte {
		b, err := asn1.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	digest := []any{[]any{oid(2, 16, 840, 1, 101, 3, 4, 2, 1)}, make([]byte, 32)}
	n := m.RSA.N
	for name, data := range map[string][]byte{
		"certificate":            m.Cert,
		"certificates":           slices.Concat(m.Cert, m.Cert),
		"request":                csr,
		"public key":             m.Public,
		"public key in base64":   []byte("key: " + b64(m.Public)),
		"public key in hex":      []byte(hex.EncodeToString(m.Public)),
		"public blob":            slices.Concat([]byte("\x06\x02\x00\x00\x00\xA4\x00\x00RSA1"), keyforms.LE(2048, 65537), n.Bytes()),
		"public cng blob":        slices.Concat([]byte("ECS1"), keyforms.LE(32), make([]byte, 64)),
		"public jwk":             jwk,
		"public xml":             []byte("<RSAKeyValue><Modulus>" + b64(n.Bytes()) + "</Modulus><Exponent>AQAB</Exponent></RSAKeyValue>"),
		"public pgp":             m.PGP(6),
		"public ppk":             []byte("PuTTY-User-Key-File-3: ssh-rsa\nPublic-Lines: 1\nAAAA"),
		"public openssh":         []byte("ssh-ed25519 " + b64(make([]byte, 51)) + " someone"),
		"dh parameters":          marshal([]any{n, 2}),
		"dsa parameters":         marshal([]any{n, m.RSA.Primes[0], 2}),
		"ec parameters":          marshal([]any{1, []any{oid(1, 2, 840, 10045, 1, 1), n}, []any{make([]byte, 32), make([]byte, 32)}, make([]byte, 65), n, 1}),
		"time stamp request":     marshal([]any{1, digest, 5}),
		"encrypted data":         marshal([]any{0, []any{oid(1, 2, 840, 113549, 1, 7, 1), []any{oid(1, 2, 840, 113549, 1, 5, 13)}}}),
		"digest":                 marshal(digest),
		"trust store":            slices.Concat(keyforms.BE(0xFEEDFEED, 2, 1), keyforms.BE(2), keyforms.Text("ca"), make([]byte, 8), keyforms.Text("X.509"), keyforms.BE(uint32(len(m.Cert))), m.Cert, make([]byte, 20)),
		"words":                  []byte("Keep the private key secret. BEGIN PRIVATE KEY is how it begins, and a long line follows it in every such file of that kind."),
		"words of a program":     []byte("if strings.Contains(s, \"-----BEGIN RSA PRIVATE KEY \") { return errNoPrivateKeyHereAtAllPlease }"),
		"openpgp words":          []byte("<match value=\"-----BEGIN PGP PRIVATE KEY BLOCK-----\" type=\"string\" offset=\"0\"/>"),
		"public numbers":         []byte("Public-Key: (256 bit)\npub:\n    04:aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:\n"),
		"certificate in base64":  []byte(b64([]byte(b64(m.Cert)))),
		"certificate in a store": keyforms.Store(t, m, sst.PropFriendlyName, keyforms.UTF16("a friendly name of some length\x00")),
	} {
		t.Run(name, func(t *testing.T) {
			f, err := bundle.Parse("x", data)
			if err == nil && len(f.Keys) > 0 {
				t.Errorf("found %v", f.Keys)
			}
		})
	}
}

// FuzzKeyForms holds what is true of every input when keys are looked for, and that
// no octet of one is in what is said.
func FuzzKeyForms(f *testing.F) {
	for _, s := range []string{"-----BEGIN PRIVATE KEY ----- \nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ", `{"kty":"EC","d":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}`,
		"0000  30 82 04 bd 02 01 00 30  0d 06 09 2a 86 48 86 f7   0", "\xFE\xED\xFE\xED\x00\x00\x00\x02\x00\x00\x00\x01", "\xC5\x60\x04",
		"\x00\x00\x00\x02\x00\x00\x00\x14", "priv:\n    aa:bb:", "<RSAKeyValue><D>", "\x1E\xF1\xB5\xB0"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file := fuzzParse(t, data)
		if file == nil {
			return
		}
		for _, k := range file.Keys {
			if k.Offset < 0 || k.Offset > 2*int64(len(data)) || bytes.Contains([]byte(k.String()), []byte("MII")) {
				t.Fatalf("%v", k)
			}
		}
	})
}
