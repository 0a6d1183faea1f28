package pkcs12

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/pkcs12/pkcs7"
	"github.com/smimechain/smimechain/testdata/outside"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// run runs a program in dir and returns its standard output.
func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	out, err := tryRun(dir, name, args...)
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return out
}

func tryRun(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// writePEM writes an identity as key.pem, leaf.pem and chain.pem.
func writePEM(t *testing.T, dir string, p *person) {
	t.Helper()
	pkcs8, err := x509.MarshalPKCS8PrivateKey(p.key)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, blocks ...*pem.Block) {
		var b bytes.Buffer
		for _, block := range blocks {
			b.Write(pem.EncodeToMemory(block))
		}
		if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("key.pem", &pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})
	write("leaf.pem", &pem.Block{Type: "CERTIFICATE", Bytes: p.leaf.Raw})
	var chain []*pem.Block
	for _, c := range p.chain {
		chain = append(chain, &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
	}
	write("chain.pem", chain...)
	write("root.pem", chain[len(chain)-1])
}

// checkWritten inspects a file that another program wrote.
func checkWritten(t *testing.T, path, password string, p *person, encoding pkcs7.Encoding, scheme string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Inspect(data, password)
	if err != nil {
		t.Fatal(err)
	}
	if r.Password.Status != PasswordRight || r.Encoding != encoding {
		t.Errorf("password %v, encoding %v, findings %v", r.Password.Status, r.Encoding, r.Observations)
	}
	if len(r.Identities) != 1 {
		t.Fatalf("%d identities", len(r.Identities))
	}
	id := r.Identities[0]
	if id.Matches != Yes || !bytes.Equal(r.Bag(id.Leaf).Certificate.Raw, p.leaf.Raw) {
		t.Errorf("identity %+v", id)
	}
	if len(id.Chain) != len(p.chain) || id.Complete != (len(p.chain) == 2) {
		t.Errorf("chain %v, complete %v", id.Chain, id.Complete)
	}
	if got := r.Bag(id.Key).Encryption; got == nil || !strings.EqualFold(got.Scheme+" "+got.Cipher, scheme) {
		t.Errorf("key encryption %+v, want %s", got, scheme)
	}
}

// writeRewritten writes the identity with Rewrite as out.p12, in each profile in
// turn, and calls check.
func writeRewritten(t *testing.T, dir string, p *person, check func(t *testing.T, profile Profile)) {
	t.Helper()
	short := &person{p.key, p.leaf, nil}
	data := short.encode(t, gopkcs12.Modern2023, "old secret")
	old := "old secret"
	for _, profile := range []Profile{Widest, Modern} {
		t.Run("reads "+profile.String(), func(t *testing.T) {
			out, err := (&Options{Password: &old}).Rewrite(t.Context(), data, Rewriting{
				Profile: profile, Password: "secret", With: asChain(p.chain...),
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "out.p12"), out, 0o600); err != nil {
				t.Fatal(err)
			}
			check(t, profile)
		})
	}
}

func TestOpenSSL(t *testing.T) {
	outside.Program(t, "openssl", "openssl")
	dir := t.TempDir()
	for _, p := range []*person{alice(t), personWithKey(t, testRSA(t))} {
		writePEM(t, dir, p)
		tests := []struct {
			name, scheme string
			args         []string
		}{
			{"default", "PBES2 AES-256-CBC", nil},
			{"widest", triple + " 3DES-CBC", []string{"-certpbe", "PBE-SHA1-3DES", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1"}},
			{"legacy", triple + " 3DES-CBC", []string{"-legacy"}},
			{"AES-128", "PBES2 AES-128-CBC", []string{"-certpbe", "AES-128-CBC", "-keypbe", "AES-128-CBC"}},
			{"SHA-512", "PBES2 AES-256-CBC", []string{"-macalg", "sha512"}},
			{"RC2-128", rc2x128 + " RC2-128-CBC", []string{"-legacy", "-certpbe", "PBE-SHA1-RC2-128", "-keypbe", "PBE-SHA1-RC2-128"}},
			{"RC4-128", rc4x128 + " RC4-128", []string{"-legacy", "-certpbe", "PBE-SHA1-RC4-128", "-keypbe", "PBE-SHA1-RC4-128"}},
			{"2-key 3DES", double + " 3DES-2KEY-CBC", []string{"-certpbe", "PBE-SHA1-2DES", "-keypbe", "PBE-SHA1-2DES"}},
		}
		for _, test := range tests {
			t.Run("writes "+test.name, func(t *testing.T) {
				args := slices.Concat([]string{"pkcs12", "-export", "-inkey", "key.pem", "-in", "leaf.pem", "-certfile", "chain.pem",
					"-out", "in.p12", "-passout", "pass:secret"}, test.args)
				run(t, dir, "openssl", args...)
				checkWritten(t, filepath.Join(dir, "in.p12"), "secret", p, 0, test.scheme)
			})
		}
		writeRewritten(t, dir, p, func(t *testing.T, _ Profile) {
			out := run(t, dir, "openssl", "pkcs12", "-in", "out.p12", "-passin", "pass:secret", "-nodes")
			if n := strings.Count(out, "BEGIN CERTIFICATE"); n != 3 || !strings.Contains(out, "BEGIN PRIVATE KEY") {
				t.Errorf("%d certificates", n)
			}
		})
	}
}

func TestGnuTLS(t *testing.T) {
	outside.AtLength(t, "derives keys with two programs")
	if raceEnabled {
		t.Skip("its files have too many iterations for the race detector")
	}
	outside.Program(t, "certtool", "gnutls-bin")
	dir := t.TempDir()
	p := personWithKey(t, testRSA(t))
	writePEM(t, dir, p)
	for _, test := range []struct{ cipher, scheme string }{
		{"", "PBES2 AES-128-CBC"}, {"3des-pkcs12", triple + " 3DES-CBC"}, {"aes-256", "PBES2 AES-256-CBC"},
	} {
		t.Run("writes "+test.cipher, func(t *testing.T) {
			args := []string{"--to-p12", "--outder", "--load-privkey", "key.pem", "--load-certificate", "leaf.pem",
				"--load-ca-certificate", "chain.pem", "--password", "secret", "--p12-name", "alice", "--outfile", "in.p12"}
			if test.cipher != "" {
				args = append(args, "--pkcs-cipher", test.cipher)
			}
			run(t, dir, "certtool", args...)
			// Some versions write the first CA certificate only.
			wrote := &person{p.key, p.leaf, p.chain[:1]}
			data, err := os.ReadFile(filepath.Join(dir, "in.p12"))
			if err != nil {
				t.Fatal(err)
			}
			if r, err := Inspect(data, "secret"); err == nil && len(r.Certificates()) == 3 {
				wrote = p
			}
			checkWritten(t, filepath.Join(dir, "in.p12"), "secret", wrote, 0, test.scheme)
		})
	}
	writeRewritten(t, dir, p, func(t *testing.T, _ Profile) {
		out := run(t, dir, "certtool", "--p12-info", "--inder", "--infile", "out.p12", "--password", "secret")
		if n := strings.Count(out, "BEGIN CERTIFICATE"); n != 3 || !strings.Contains(out, "PRIVATE KEY") {
			t.Errorf("%d certificates:\n%s", n, out)
		}
	})
}

func TestNSS(t *testing.T) {
	if raceEnabled {
		t.Skip("its files have too many iterations for the race detector")
	}
	outside.Program(t, "pk12util", "libnss3-tools")
	outside.Program(t, "certutil", "libnss3-tools")
	dir := t.TempDir()
	p := personWithKey(t, testRSA(t))
	writePEM(t, dir, p)
	writeRewritten(t, dir, p, func(t *testing.T, profile Profile) {
		db := filepath.Join(dir, profile.String())
		if err := os.Mkdir(db, 0o700); err != nil {
			t.Fatal(err)
		}
		run(t, dir, "certutil", "-N", "-d", "sql:"+db, "--empty-password")
		run(t, dir, "pk12util", "-i", "out.p12", "-d", "sql:"+db, "-W", "secret", "-K", "")
		list := run(t, dir, "certutil", "-K", "-d", "sql:"+db)
		if !strings.Contains(list, "rsa") {
			t.Errorf("no key was imported:\n%s", list)
		}
		// The way back: NSS writes BER.
		name := nickname(t, run(t, dir, "certutil", "-L", "-d", "sql:"+db))
		run(t, dir, "pk12util", "-o", "in.p12", "-n", name, "-d", "sql:"+db, "-W", "secret", "-K", "")
		checkWritten(t, filepath.Join(dir, "in.p12"), "secret", p, 1, "PBES2 AES-256-CBC")
	})
}

// nickname returns the name of the entry with a private key in the list of
// certutil: the one with the trust flag u.
func nickname(t *testing.T, list string) string {
	t.Helper()
	for line := range strings.Lines(list) {
		fields := strings.Fields(line)
		if len(fields) > 1 && strings.HasPrefix(fields[len(fields)-1], "u,") {
			return strings.Join(fields[:len(fields)-1], " ")
		}
	}
	t.Fatalf("no entry with a key:\n%s", list)
	return ""
}

func TestKeytool(t *testing.T) {
	outside.AtLength(t, "starts Java a dozen times")
	outside.Program(t, "keytool", "default-jdk-headless")
	dir := t.TempDir()
	p := personWithKey(t, testRSA(t))
	writePEM(t, dir, p)
	writeRewritten(t, dir, p, func(t *testing.T, profile Profile) {
		out := run(t, dir, "keytool", "-list", "-v", "-keystore", "out.p12", "-storepass", "secret")
		if !strings.Contains(out, "PrivateKeyEntry") || !strings.Contains(out, "Certificate chain length: 3") {
			t.Errorf("keytool says:\n%s", out)
		}
		// The way back: Java reads the key and writes a store of its own.
		for _, test := range []struct{ name, option, scheme string }{
			{"default", "-Dunused=1", "PBES2 AES-256-CBC"},
			{"legacy", "-Dkeystore.pkcs12.legacy", triple + " 3DES-CBC"},
		} {
			in := profile.String() + test.name + ".p12"
			run(t, dir, "keytool", "-J"+test.option, "-importkeystore", "-noprompt", "-srckeystore", "out.p12", "-srcstoretype", "PKCS12",
				"-srcstorepass", "secret", "-destkeystore", in, "-deststoretype", "PKCS12", "-deststorepass", "secret")
			checkWritten(t, filepath.Join(dir, in), "secret", p, 0, test.scheme)
		}
	})
}
