package main

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
	"software.sslmate.com/src/go-pkcs12"

	"github.com/smimechain/smimechain/testdata/outside"
)

// secret is something that must never be shown, in all the forms in which it
// could be.
type secret struct {
	name  string
	forms []string // without white space, in lower case
}

// newSecret returns the forms of octets: as they are, in hexadecimal digits, and
// in base64 wherever in a longer text it may start.
func newSecret(name string, data []byte) secret {
	s := secret{name: name, forms: []string{squeeze(string(data)), hex.EncodeToString(data)}}
	for shift := range 3 {
		padded := append(make([]byte, shift), data...)
		text := base64.StdEncoding.EncodeToString(padded[:len(padded)/3*3])
		if shift > 0 {
			text = text[4:] // the first group depends on what stands before
		}
		s.forms = append(s.forms, strings.ToLower(text), strings.ToLower(strings.NewReplacer("+", "-", "/", "_").Replace(text)))
	}
	return s
}

// squeeze takes away what output puts between digits, and upper case.
func squeeze(s string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "\n", "", "\r", "", "\t", "", ":", "").Replace(s))
}

// password returns the forms of a password: those of its UTF-8 and of its UTF-16.
func password(text string) []secret {
	var little, big []byte
	for _, u := range utf16.Encode([]rune(text)) {
		little = binary.LittleEndian.AppendUint16(little, u)
		big = binary.BigEndian.AppendUint16(big, u)
	}
	return []secret{newSecret("password", []byte(text)), newSecret("password in UTF-16LE", little), newSecret("password in UTF-16BE", big)}
}

// windows returns pieces of octets that are too long to be shown whole.
func windows(name string, data []byte) []secret {
	const size = 16
	var list []secret
	for at := 0; at+size <= len(data); at += max(size, len(data)/8) {
		list = append(list, newSecret(fmt.Sprintf("%s from octet %d", name, at), data[at:at+size]))
	}
	return list
}

// secretFiles writes files that hold secrets, and returns the secrets.
func secretFiles(t *testing.T, dir string) (pass, wrong string, secrets []secret) {
	t.Helper()
	// Letters, so that every form is one: an administrator's habits are no matter here.
	pass, wrong = "Zq-Secret-Of-The-Owner-7731", "Zq-Another-Wrong-Guess-5519"
	secrets = slices.Concat(password(pass), password(wrong))
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("password.txt", []byte(pass+"\r\n"))
	write("wrong.txt", []byte(wrong+"\n"))

	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	scalar, err := ecKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	secrets = append(secrets, newSecret("scalar", scalar))
	for i, part := range append([]*big.Int{rsaKey.D}, rsaKey.Primes...) {
		secrets = append(secrets, windows(fmt.Sprintf("part %d of the RSA key", i), part.Bytes())...)
	}
	for name, key := range map[string]crypto.Signer{"rsa": rsaKey, "ec": ecKey} {
		template := &x509.Certificate{
			SerialNumber: big.NewInt(77), Subject: pkix.Name{CommonName: "Example User"}, EmailAddresses: []string{"user@example.com"},
			NotBefore: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC), BasicConstraintsValid: true,
			KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment | x509.KeyUsageKeyAgreement,
			ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
		}
		der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
		if err != nil {
			t.Fatal(err)
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
		keyPEM := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})
		write(name+".key.der", pkcs8)
		write(name+".pem", slices.Concat(certPEM, keyPEM))
		write(name+".key.pem", keyPEM)
		write(name+".damaged.pem", slices.Concat(certPEM, keyPEM[:len(keyPEM)/2]))
		write(name+".ps1", slices.Concat([]byte("Connect-ExchangeOnline\n$p = '"+pass+"'\nImport-PfxCertificate -Password "+pass+" -Path x."+pass+"\n# "+pass+"\n@'\n"), keyPEM, []byte("'@\n")))
		for i, part := range [][]byte{pkcs8, pkcs8[len(pkcs8)/2 : len(pkcs8)/2+64]} {
			write(fmt.Sprintf("%s.misplaced%d.pfx", name, i), misplaced(der, pkcs8, part))
		}
		for form, encoder := range map[string]*pkcs12.Encoder{"old": pkcs12.LegacyDES, "new": pkcs12.Modern2023} {
			pfx, err := encoder.Encode(key, cert, nil, pass)
			if err != nil {
				t.Fatal(err)
			}
			base := name + "." + form
			// From the middle: what is encrypted.
			secrets = append(secrets, windows(base+".pfx", pfx[len(pfx)/3:2*len(pfx)/3])...)
			write(base+".pfx", pfx)
			write(base+".cut.pfx", pfx[:len(pfx)/2])
			flipped := bytes.Clone(pfx)
			flipped[len(flipped)/2] ^= 1
			write(base+".flipped.pfx", flipped)
			text := base64.StdEncoding.EncodeToString(pfx)
			graph := fmt.Sprintf(`{"@odata.type": "#microsoft.graph.userPFXCertificate", "thumbprint": "x", "intendedPurpose": "smimeSigning", "userPrincipalName": "user@example.com",
				"providerName": "P", "keyName": "K", "paddingScheme": "none", "encryptedPfxBlob": %q, "encryptedPfxPassword": %q}`, text, pass)
			write(base+".json", []byte(graph))
			write(base+".cut.json", []byte(graph[:len(graph)-30]))
			write(base+".trusted.json", fmt.Appendf(nil, `{"@odata.type": "#microsoft.graph.iosTrustedRootCertificate", "trustedRootCertificate": %q}`, text))
			profile := `<plist version="1.0"><dict><key>PayloadType</key><string>Configuration</string><key>PayloadVersion</key><integer>1</integer><key>PayloadContent</key><array><dict>` +
				`<key>PayloadType</key><string>com.apple.security.pkcs12</string><key>Password</key><string>` + pass + `</string><key>PayloadContent</key><data>` + text + `</data></dict></array></dict></plist>`
			write(base+".mobileconfig", []byte(profile))
			write(base+".cut.mobileconfig", []byte(profile[:len(profile)-40]))
		}
	}
	write("outlook.json", []byte(`{"@odata.type": "#microsoft.graph.iosMobileAppConfiguration", "settings": [{"appConfigKey": "com.microsoft.outlook.Mail.SMIMEEnabled.LDAPHostName", "appConfigKeyValue": "ldaps://user:`+pass+`@ldap.example.com"}]}`))
	write("settings.json", []byte(`{"OWASigningAlgorithms": "8004", "Password": "`+pass+`"}`))
	write("facts.json", []byte(`{"version": 1, "password": "`+pass+`"}`))
	modulus, private := rsaKey.N.Bytes(), rsaKey.Primes[0].Bytes()
	blob := []byte("RSA2")
	for _, n := range []int{2048, 3, len(modulus), len(private), len(private)} {
		blob = binary.LittleEndian.AppendUint32(blob, uint32(n))
	}
	write("private.blob", slices.Concat(blob, []byte{1, 0, 1}, modulus, private, rsaKey.Primes[1].Bytes()))
	spki, err := x509.MarshalPKIXPublicKey(&rsaKey.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	write("connector.pem", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki}))
	write("users.csv", []byte("upn,file,password_file\na@example.com,rsa.old.pfx,password.txt\nb@example.com,rsa.old.pfx,wrong.txt\n"+pass+",rsa.old.pfx,password.txt\nc@example.com,ec.new.pfx,password.txt\nd@example.com,rsa.old.pfx,"+pass+"\ne@example.com,"+pass+"\nf@example.com,rsa.old.pfx,password.txt,"+pass+"\ng@example.com,"+pass+",rsa.old.pfx\n"))
	return pass, wrong, secrets
}

// misplaced makes a PFX that is not encrypted, with a key, its certificate, and a
// part of the key wherever something else belongs.
func misplaced(cert, pkcs8, part []byte) []byte {
	var b cryptobyte.Builder
	in := func(tag asn1.Tag, content func(*cryptobyte.Builder)) func(*cryptobyte.Builder) {
		return func(b *cryptobyte.Builder) { b.AddASN1(tag, content) }
	}
	all := func(parts ...func(*cryptobyte.Builder)) func(*cryptobyte.Builder) {
		return func(b *cryptobyte.Builder) {
			for _, p := range parts {
				p(b)
			}
		}
	}
	oid := func(last ...int) func(*cryptobyte.Builder) {
		return func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(append([]int{1, 2, 840, 113549, 1}, last...))
		}
	}
	raw := func(data []byte) func(*cryptobyte.Builder) {
		return func(b *cryptobyte.Builder) { b.AddBytes(data) }
	}
	explicit := asn1.Tag(0).ContextSpecific().Constructed()
	value := func(tag asn1.Tag, data []byte) func(*cryptobyte.Builder) { return in(tag, raw(data)) }
	bag := func(kind int, content, attributes func(*cryptobyte.Builder)) func(*cryptobyte.Builder) {
		return in(asn1.SEQUENCE, all(oid(12, 10, 1, kind), in(explicit, content), in(asn1.SET, attributes)))
	}
	typed := func(octets []byte, kind ...int) func(*cryptobyte.Builder) {
		return in(asn1.SEQUENCE, all(oid(kind...), in(explicit, value(asn1.OCTET_STRING, octets))))
	}
	attribute := func(last int, v func(*cryptobyte.Builder)) func(*cryptobyte.Builder) {
		return in(asn1.SEQUENCE, all(oid(9, last), in(asn1.SET, v)))
	}
	none := raw(nil)
	named := all(attribute(20, value(30, part)), attribute(99, value(asn1.UTF8String, part)), attribute(21, value(asn1.OCTET_STRING, part)))
	bags := in(asn1.SEQUENCE, all(
		bag(1, raw(pkcs8), none), bag(3, typed(cert, 9, 22, 1), none), bag(3, typed(part, 9, 22, 1), none), bag(4, typed(part, 9, 23, 1), none),
		bag(5, typed(part, 9, 98), named), bag(6, in(asn1.SEQUENCE, bag(3, typed(part, 9, 22, 1), named)), none),
		in(asn1.SEQUENCE, all(value(asn1.OBJECT_IDENTIFIER, part), in(explicit, none)))))
	data := func(content func(*cryptobyte.Builder)) func(*cryptobyte.Builder) {
		return in(asn1.SEQUENCE, all(oid(7, 1), in(explicit, in(asn1.OCTET_STRING, content))))
	}
	in(asn1.SEQUENCE, all(func(b *cryptobyte.Builder) { b.AddASN1Int64(3) }, data(in(asn1.SEQUENCE, data(bags)))))(&b)
	return b.BytesOrPanic()
}

// TestNoSecrets runs every command over files that hold secrets, with the right
// password, a wrong one and none, in every format, and searches all that is said
// for the secrets in every form.
func TestNoSecrets(t *testing.T) {
	outside.SkipUnderRace(t)
	dir := t.TempDir()
	_, _, secrets := secretFiles(t, dir)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	path := func(name string) string { return filepath.Join(dir, name) }
	ca, err := filepath.Abs(filepath.Join("..", "..", "testdata", "collections", "complete.sst"))
	if err != nil {
		t.Fatal(err)
	}
	var sessions [][]string
	add := func(args ...string) { sessions = append(sessions, args) }
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".txt") {
			continue
		}
		file := path(e.Name())
		passwords := [][]string{nil, {"-password-file", path("password.txt")}, {"-password-file", path("wrong.txt")}}
		if !strings.Contains(e.Name(), "pfx") && !strings.Contains(e.Name(), "json") && !strings.Contains(e.Name(), "mobileconfig") {
			passwords = passwords[:1]
		}
		for i, p := range passwords {
			with := func(command string, args ...string) {
				if command == "deploy" {
					command, args = command+" "+args[0], args[1:]
				}
				add(slices.Concat(strings.Fields(command), p, args)...)
			}
			for format := range renderers {
				with("check", "-at", "2026-11-22", "-format", format, file)
			}
			with("check", "-at", "2026-11-22", "-lang", "ja", "-for", "exchange-online,outlook-ios,apple-mail,intune,windows", file)
			with("show", file)
			with("show", "-format", "json", file)
			with("unpack", "-d", path(fmt.Sprintf("out-%s-%d", e.Name(), i)), file)
			with("rewrite", "-for", "ios-17", "-o", path(fmt.Sprintf("again-%s-%d.pfx", e.Name(), i)), file)
			with("deploy", "intune-pfx", "-at", "2026-11-22", "-connector-key", path("connector.pem"), "-key-name", "key", "-upn", "user@example.com",
				"-purpose", "smimeSigning", "-o", path(fmt.Sprintf("pfx-%s-%d", e.Name(), i)), file)
			with("deploy", "profile", "-at", "2026-11-22", "-identity", file, "-o", path(fmt.Sprintf("%s-%d.profile", e.Name(), i)), ca)
		}
		add("check", "-facts", file, ca)
		add("check", "-with", file, "-roots", file, ca)
		add("paths", "-at", "2026-11-22", file, ca)
		add("pack", "-o", path(e.Name()+".pack.sst"), file)
		add("diff", ca, file)
		add("deploy", "exchange", "-o", path("ex-"+e.Name()), file)
		add("deploy", "exchange", "-o", path("cur-"+e.Name()), "-current", file, ca)
		add("deploy", "intune-trusted", "-o", path("tr-"+e.Name()), file)
		add("deploy", "intune-pfx", "-connector-key", file, "-key-name", "key", "-purpose", "smimeSigning", "-upn", "u@example.com", "-o", path("ck-"+e.Name()), file)
	}
	add("deploy", "intune-pfx", "-at", "2026-11-22", "-connector-key", path("connector.pem"), "-key-name", "key", "-purpose", "smimeSigning", "-users", path("users.csv"), "-o", path("many"))
	add("check", "-password-file", path("password.txt"), dir)

	succeeded := map[string]int{}
	for _, args := range sessions {
		var out, errs bytes.Buffer
		status := run(args, streams{in: strings.NewReader(""), out: &out, err: &errs})
		if status != exitFailed {
			name := args[0]
			if name == "deploy" {
				name += " " + args[1]
			}
			succeeded[name]++
		}
		said := squeeze(out.String() + errs.String())
		for _, s := range secrets {
			for _, form := range s.forms {
				if strings.Contains(said, form) && !named(args, form) {
					t.Errorf("%q shows the %s", strings.ReplaceAll(strings.Join(args, " "), dir, "DIR"), s.name)
				}
			}
		}
	}
	if len(sessions) < 500 || len(succeeded) < 8 {
		t.Errorf("%d sessions ran, and of %v some succeeded", len(sessions), succeeded)
	}
	t.Logf("%d sessions, %d secrets; successes: %v", len(sessions), len(secrets), succeeded)
	checkWritten(t, dir, secrets)
}

// named reports whether somebody wrote the secret on the command line or as the
// name of a file, which messages quote.
func named(args []string, form string) bool {
	return strings.Contains(squeeze(strings.Join(args, " ")), form)
}

// checkWritten looks at the files that the commands wrote: those with an identity
// are for their owner only, and none holds a password or a plain key.
func checkWritten(t *testing.T, dir string, secrets []secret) {
	t.Helper()
	written := 0
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(dir, name)
		output := strings.Contains(rel, string(filepath.Separator)) || strings.HasPrefix(rel, "again-") || strings.HasSuffix(rel, ".profile")
		if err != nil || d.IsDir() || !output {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		public := strings.HasPrefix(rel, "out-") || strings.HasPrefix(rel, "ex-") || strings.HasPrefix(rel, "cur-") || strings.HasPrefix(rel, "tr-") || filepath.Ext(rel) == ".ps1"
		if !public {
			written++
			if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
				t.Errorf("%s has the mode %o", rel, info.Mode().Perm())
			}
		}
		text := squeeze(string(data))
		for _, s := range secrets {
			if !public && strings.Contains(s.name, "pfx") {
				continue // what it is there for
			}
			for _, form := range s.forms {
				if strings.Contains(text, form) {
					t.Errorf("%s holds the %s", rel, s.name)
				}
			}
		}
		return nil
	})
	if err != nil || written < 5 {
		t.Errorf("%d files with identities, %v", written, err)
	}
}
