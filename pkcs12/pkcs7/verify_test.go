package pkcs7_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
	"github.com/smimechain/smimechain/testdata/outside"
)

// maker makes messages with OpenSSL.
type maker struct {
	t   testing.TB
	dir string
}

func newMaker(t testing.TB) *maker {
	t.Helper()
	outside.Program(t, "openssl", "openssl")
	return &maker{t, t.TempDir()}
}

func (m *maker) path(name string) string { return filepath.Join(m.dir, name) }

func (m *maker) try(args ...string) error {
	cmd := exec.Command("openssl", args...)
	cmd.Dir = m.dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("openssl %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}

func (m *maker) run(args ...string) {
	m.t.Helper()
	if err := m.try(args...); err != nil {
		m.t.Fatal(err)
	}
}

func (m *maker) read(name string) []byte {
	m.t.Helper()
	data, err := os.ReadFile(m.path(name))
	if err != nil {
		m.t.Fatal(err)
	}
	return data
}

func (m *maker) write(name string, data []byte) {
	m.t.Helper()
	if err := os.WriteFile(m.path(name), data, 0o600); err != nil {
		m.t.Fatal(err)
	}
}

// keys are what genpkey is asked for.
var keys = map[string][]string{
	"rsa": {"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"},
	"pss": {"-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"},
	"ec":  {"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"},
	"bp":  {"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:brainpoolP256r1"},
}

// signer makes a key and a certificate of one of keys.
func (m *maker) signer(kind string) {
	m.t.Helper()
	m.run(append([]string{"genpkey", "-out", kind + ".key"}, keys[kind]...)...)
	m.run("req", "-x509", "-new", "-key", kind+".key", "-subj", "/CN="+kind+"@example.com", "-days", "365", "-out", kind+".pem")
}

func write(b []byte) func(io.Writer) error {
	return func(w io.Writer) error { _, err := w.Write(b); return err }
}

// kinds are the messages that OpenSSL makes, 40 of them.
func kinds() (list []struct {
	name, key string
	args      []string
}) {
	add := func(key string, args ...string) {
		list = append(list, struct {
			name, key string
			args      []string
		}{strings.Join(append([]string{key}, args...), " "), key, args})
	}
	for _, form := range [][]string{{}, {"-nodetach"}, {"-nodetach", "-stream", "-indef"}, {"-noattr"}, {"-nodetach", "-noattr"}} {
		add("rsa", form...)
		add("ec", form...)
		add("bp", form...)
		if !slices.Contains(form, "-stream") { // which OpenSSL 3.0 cannot write with PSS
			add("pss", append([]string{"-keyopt", "rsa_padding_mode:pss"}, form...)...)
		}
		add("rsa", append([]string{"-keyid"}, form...)...)
	}
	for _, md := range []string{"sha1", "sha224", "sha384", "sha512", "sha256"} {
		add("rsa", "-md", md)
		add("ec", "-nodetach", "-md", md)
	}
	add("rsa", "-keyopt", "rsa_padding_mode:pss")
	add("rsa", "-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:20", "-nodetach")
	add("rsa", "-keyopt", "rsa_padding_mode:pss", "-md", "sha512")
	add("ec", "-nocerts")
	add("rsa", "-nosmimecap")
	add("bp", "-nosmimecap", "-nodetach")
	return list
}

// TestVerifyOpenSSL: of 40 messages and 5 octets changed in each, OpenSSL takes none
// that is not Good here, and refuses none that is.
func TestVerifyOpenSSL(t *testing.T) {
	outside.AtLength(t, "runs OpenSSL some hundred times")
	m := newMaker(t)
	for kind := range keys {
		m.signer(kind)
	}
	text := []byte("Content-Type: text/plain\r\n\r\nFigures for the third quarter.\r\n")
	m.write("text", text)
	all := kinds()
	if len(all) != 40 {
		t.Fatalf("%d messages", len(all))
	}
	changed, noticed := 0, 0
	for i, k := range all {
		args := append([]string{"cms", "-sign", "-binary", "-in", "text", "-signer", k.key + ".pem", "-inkey", k.key + ".key", "-outform", "DER", "-out", "m"}, k.args...)
		m.run(args...)
		der := m.read("m")
		var given []*chain.Certificate
		if slices.Contains(k.args, "-nocerts") {
			given = []*chain.Certificate{m.certificate(k.key)}
		}
		// What both say of a message.
		both := func(der, text []byte) (ours, theirs bool) {
			m.write("m", der)
			m.write("content", text)
			verify := []string{"cms", "-verify", "-binary", "-noverify", "-inform", "DER", "-in", "m", "-content", "content", "-out", "out"}
			if slices.Contains(k.args, "-nocerts") {
				verify = append(verify, "-certfile", k.key+".pem")
			}
			theirs = m.try(verify...) == nil
			p, err := pkcs7.Parse(der)
			if err != nil {
				return false, theirs
			}
			content := write(text)
			if !p.Detached() {
				content = nil
			}
			list, err := p.Verify(context.Background(), content, given)
			if err != nil {
				t.Fatal(err)
			}
			ours = len(list) > 0
			for i := range list {
				ours = ours && list[i].Good() && whole(list[i].Certificate)
			}
			return ours, theirs
		}
		if ours, theirs := both(der, text); !ours || !theirs {
			t.Errorf("%s: here %v, OpenSSL %v", k.name, ours, theirs)
		}
		for j := range 5 {
			sum := sha256.Sum256(fmt.Append(nil, i, j))
			at := int(sum[0])<<8 | int(sum[1])
			d, c := bytes.Clone(der), text
			if j == 0 { // in what is signed
				if k := bytes.Index(d, []byte("Figures")); k >= 0 {
					d[k] ^= 1
				} else {
					c = bytes.Clone(text)
					c[at%len(c)] ^= 1
				}
			} else {
				d[at%len(d)] ^= 1 << (sum[2] % 8)
			}
			changed++
			ours, theirs := both(d, c)
			if !theirs {
				noticed++
			}
			if ours && !theirs {
				t.Errorf("%s: change %d is not noticed", k.name, j)
			}
		}
	}
	if changed != 200 || noticed < 100 {
		t.Errorf("%d changes, %d noticed", changed, noticed)
	}
}

// whole reports whether a certificate that signed itself is as it was: what a path says
// of a damaged one, and of one whose two algorithms differ.
func whole(c *chain.Certificate) bool {
	var parts struct {
		Signed struct {
			Version   int `asn1:"explicit,tag:0"`
			Serial    asn1.RawValue
			Algorithm asn1.RawValue
		}
		Algorithm asn1.RawValue
		Signature asn1.BitString
	}
	_, err := asn1.Unmarshal(c.Raw, &parts)
	return err == nil && bytes.Equal(parts.Algorithm.FullBytes, parts.Signed.Algorithm.FullBytes) && c.SignedBy(c) == nil
}

func (m *maker) certificate(kind string) *chain.Certificate {
	m.t.Helper()
	m.run("x509", "-in", kind+".pem", "-outform", "DER", "-out", "cert.der")
	return chain.ParseCertificate(m.read("cert.der"))
}

// TestStatements: a body that was changed and a signature that is damaged are two
// statements.
func TestStatements(t *testing.T) {
	m := newMaker(t)
	m.signer("ec")
	text := []byte("text")
	m.write("text", text)
	m.run("cms", "-sign", "-binary", "-in", "text", "-signer", "ec.pem", "-inkey", "ec.key", "-outform", "DER", "-out", "m")
	m.run("cms", "-sign", "-binary", "-nocerts", "-in", "text", "-signer", "ec.pem", "-inkey", "ec.key", "-outform", "DER", "-out", "bare")
	m.run("cms", "-sign", "-binary", "-nodetach", "-in", "text", "-signer", "ec.pem", "-inkey", "ec.key", "-outform", "DER", "-out", "opaque")
	m.run("cms", "-sign", "-binary", "-noattr", "-in", "text", "-signer", "ec.pem", "-inkey", "ec.key", "-outform", "DER", "-out", "noattr")
	m.run("cms", "-sign", "-binary", "-econtent_type", "1.2.3", "-in", "text", "-signer", "ec.pem", "-inkey", "ec.key", "-outform", "DER", "-out", "typed")
	good := m.read("m")
	damaged := bytes.Clone(good)
	damaged[len(damaged)-1] ^= 1
	retyped := bytes.Replace(m.read("typed"), []byte{6, 2, 0x2a, 3}, []byte{6, 2, 0x2a, 4}, 1) // outside the attributes
	for _, tt := range []struct {
		name               string
		der, text          []byte
		content, signature pkcs7.Outcome
		why                string
	}{
		{"good", good, text, pkcs7.Good, pkcs7.Good, ""},
		{"another body", good, []byte("test"), pkcs7.Wrong, pkcs7.Good, "changed after it was signed"},
		{"a damaged signature", damaged, text, pkcs7.Good, pkcs7.Wrong, "damaged"},
		{"no body", good, nil, pkcs7.Unchecked, pkcs7.Good, "not in the file"},
		{"no certificate", m.read("bare"), text, pkcs7.Good, pkcs7.Unchecked, "not in the message"},
		{"no attributes", m.read("noattr"), text, pkcs7.Good, pkcs7.Good, ""},
		{"no attributes, another body", m.read("noattr"), []byte("test"), pkcs7.Unchecked, pkcs7.Wrong, "was changed"},
		{"malformed content", bytes.Replace(m.read("opaque"), []byte{4, 4, 't', 'e'}, []byte{4, 5, 't', 'e'}, 1), text, pkcs7.Unchecked, pkcs7.Good, "malformed"},
		{"another type", retyped, text, pkcs7.Wrong, pkcs7.Good, "1.2.3 was signed"},
	} {
		p, err := pkcs7.Parse(tt.der)
		if err != nil {
			t.Fatal(tt.name, err)
		}
		var content func(io.Writer) error
		if tt.text != nil {
			content = write(tt.text)
		}
		list, err := p.Verify(context.Background(), content, nil)
		if err != nil || len(list) != 1 {
			t.Fatal(tt.name, err, len(list))
		}
		v := list[0]
		said := v.ContentWhy.String() + v.SignatureWhy.String()
		if v.Content != tt.content || v.Signature != tt.signature || !strings.Contains(said, tt.why) || said != "" && tt.why == "" {
			t.Errorf("%s: content %v, signature %v: %s", tt.name, v.Content, v.Signature, said)
		}
		if at := v.Info.SigningTime; !strings.HasPrefix(tt.name, "no attributes") && (time.Since(at) > time.Hour || time.Since(at) < -time.Hour) {
			t.Errorf("%s: signed at %v", tt.name, at)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p, err := pkcs7.Parse(good)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Verify(ctx, write(text), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("after the context ended: %v", err)
	}
}

// TestEncrypted holds what is told of encrypted messages.
func TestEncrypted(t *testing.T) {
	m := newMaker(t)
	m.signer("rsa")
	m.signer("ec")
	m.write("text", []byte("text"))
	serial := m.certificate("rsa").SerialNumber()
	for _, tt := range []struct {
		args                     string
		kind                     pkcs7.RecipientKind
		algorithm, cipher, type_ string
		keyID                    bool
	}{
		{"-aes-128-cbc -recip rsa.pem", pkcs7.KeyTransport, "rsaEncryption", "aes128-cbc", pkcs7.OIDEnveloped, false},
		{"-des3 -keyid -recip rsa.pem", pkcs7.KeyTransport, "rsaEncryption", "des-ede3-cbc", pkcs7.OIDEnveloped, true},
		{"-aes-256-gcm -recip rsa.pem -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256", pkcs7.KeyTransport, "RSA-OAEP sha256", "aes256-gcm", pkcs7.OIDAuthEnveloped, false},
		{"-aes-256-cbc -recip rsa.pem -keyopt rsa_padding_mode:oaep", pkcs7.KeyTransport, "RSA-OAEP sha1", "aes256-cbc", pkcs7.OIDEnveloped, false},
		{"-aes-256-cbc -recip ec.pem", pkcs7.KeyAgreement, "dhSinglePass-stdDH-sha1kdf, aes256-wrap", "aes256-cbc", pkcs7.OIDEnveloped, false},
		{"-aes-256-cbc -stream -indef -keyid -recip ec.pem", pkcs7.KeyAgreement, "dhSinglePass-stdDH-sha1kdf, aes256-wrap", "aes256-cbc", pkcs7.OIDEnveloped, true},
		{"-aes-128-cbc -pwri_password secret", pkcs7.Password, "", "aes128-cbc", pkcs7.OIDEnveloped, false},
	} {
		args := strings.Fields("cms -encrypt -binary -in text -outform DER -out m " + tt.args)
		m.run(args...)
		e, err := pkcs7.ParseEncrypted(m.read("m"))
		if err != nil || len(e.Recipients) != 1 {
			t.Errorf("%s: %v", tt.args, err)
			continue
		}
		r := &e.Recipients[0]
		if r.Kind != tt.kind || r.AlgorithmName() != tt.algorithm || e.CipherName() != tt.cipher || e.ContentType != tt.type_ || (r.KeyID != nil) != tt.keyID {
			t.Errorf("%s: %v, %s, %s, %s, %v", tt.args, r.Kind, r.AlgorithmName(), e.CipherName(), e.ContentType, &r.Identifier)
		}
		for _, kind := range []string{"rsa", "ec"} {
			if got, want := r.Means(m.certificate(kind)), strings.Contains(tt.args, kind+".pem"); got != want {
				t.Errorf("%s: means %s: %v", tt.args, kind, got)
			}
		}
	}
	if len(serial) == 0 {
		t.Error("no serial number")
	}
	var unsupported *pkcs7.ContentTypeError
	if _, err := pkcs7.Parse(m.read("m")); !errors.As(err, &unsupported) || unsupported.ContentType != pkcs7.OIDEnveloped {
		t.Errorf("Parse: %v", err)
	}
}

// TestParameters: parameters of an algorithm that are none are noticed.
func TestParameters(t *testing.T) {
	m := newMaker(t)
	m.signer("rsa")
	m.write("text", []byte("text"))
	m.run("cms", "-sign", "-binary", "-nodetach", "-nocerts", "-in", "text", "-signer", "rsa.pem", "-inkey", "rsa.key", "-outform", "DER", "-out", "m")
	good := m.read("m")
	null := bytes.LastIndex(good, []byte{5, 0, 4, 0x82}) // before the signature
	for _, tt := range []struct {
		to   byte
		good bool
	}{{5, true}, {1, false}, {0x25, false}, {2, false}, {6, false}} {
		der := bytes.Clone(good)
		der[null] = tt.to
		p, err := pkcs7.Parse(der)
		if err != nil || len(p.SignerInfos) != 1 {
			t.Fatal(err)
		}
		if err := p.SignerInfos[0].Err; (err == nil) != tt.good {
			t.Errorf("parameters with the tag %#x: %v", tt.to, err)
		}
	}
}
