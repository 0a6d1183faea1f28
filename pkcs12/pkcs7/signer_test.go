package pkcs7_test

import (
	"strings"
	"testing"

	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// TestSignatureNames holds how ways to sign are named, RSASSA-PSS with its hash.
func TestSignatureNames(t *testing.T) {
	m := newMaker(t)
	m.signer("rsa")
	m.signer("ec")
	m.write("text", []byte("text"))
	const pss = " -keyopt rsa_padding_mode:pss"
	for _, tt := range []struct{ key, args, digest, hash, algorithm string }{
		{"rsa", "", "sha256", "", "rsaEncryption"},
		{"rsa", "-md sha224", "sha224", "", "rsaEncryption"},
		{"rsa", "-md sha3-256", "sha3-256", "", "rsaEncryption"},
		{"ec", "-md sha1", "sha1", "", "ecdsa-with-sha1"},
		{"ec", "-md sha224", "sha224", "", "ecdsa-with-sha224"},
		{"rsa", pss, "sha256", "sha256", "RSASSA-PSS sha256"},
		{"rsa", "-md sha1" + pss, "sha1", "sha1", "RSASSA-PSS sha1"}, // which is what no parameters stand for
		{"rsa", "-md sha512" + pss, "sha512", "sha512", "RSASSA-PSS sha512"},
	} {
		m.run(strings.Fields("cms -sign -binary -in text -outform DER -out m -signer " + tt.key + ".pem -inkey " + tt.key + ".key " + tt.args)...)
		p, err := pkcs7.Parse(m.read("m"))
		if err != nil || len(p.SignerInfos) != 1 {
			t.Fatal(err)
		}
		if s := &p.SignerInfos[0]; s.Digest.Name != tt.digest || s.Hash != tt.hash || s.AlgorithmName() != tt.algorithm {
			t.Errorf("%s %s: %s, %q, %s", tt.key, tt.args, s.Digest, s.Hash, s.AlgorithmName())
		}
	}
}
