package lint

import (
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// ways are digests and ways to sign as they stand in messages.
var (
	digestsOfMessages = []string{"md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3-256", "sha3-384", "sha3-512", "1.2.3"}
	hashesOfPSS       = digestsOfMessages[1:]
	signaturesPlain   = []string{
		"rsaEncryption", "sha1WithRSA", "sha224WithRSA", "sha256WithRSA", "sha384WithRSA", "sha512WithRSA", "sha3-256WithRSA",
		"ECDSA", "ecdsa-with-sha1", "ecdsa-with-sha224", "ecdsa-with-sha256", "ecdsa-with-sha384", "ecdsa-with-sha512", "ecdsa-with-sha3-256",
		"Ed25519", "Ed448", "1.2.3", "",
	}
)

// TestSignatureReadLaw holds for every target, digest and way to sign that a good signature
// is met where the data of the target names both, and open everywhere else.
func TestSignatureReadLaw(t *testing.T) {
	type way struct{ name, hash string }
	var ways []way
	for _, name := range signaturesPlain {
		ways = append(ways, way{name, ""})
	}
	for _, hash := range hashesOfPSS {
		ways = append(ways, way{"RSASSA-PSS", hash})
	}
	c := mailCertificate(t, 1)
	judged, good := 0, 0
	for _, target := range Targets() {
		reads := target.row().reads
		for _, digest := range digestsOfMessages {
			for _, w := range ways {
				s := goodAt(c, noon)
				s.Info.Digest.Name, s.Info.Signature.Name, s.Info.Hash = digest, w.name, w.hash
				p := &Pass{Target: target, Time: noon, Collection: signedFile([]*chain.Certificate{c})}
				a := p.unchanged(&subject{signature: &s})
				named := slices.Contains(reads.digests, digest) && slices.Contains(reads.signatures, strings.TrimSpace(w.name+" "+w.hash))
				judged++
				switch {
				case named && a.State == Met:
					good++
				case named || a.State != Open || a.Code != codeReader || !strings.Contains(answered(a), "whether "+target.Title().String()+" reads "):
					t.Errorf("%s: %s with %s: %s", target, w, digest, answered(a))
				}
			}
		}
	}
	if judged != len(Targets())*len(digestsOfMessages)*len(ways) || good < 6*4*10 {
		t.Errorf("%d ways, %d good", judged, good)
	}
}

// TestSignatureRead holds what every target is known to check in messages, and that nothing
// is known of more than somebody has said.
func TestSignatureRead(t *testing.T) {
	const all, nss, none = "all", "nss", "none"
	for _, tt := range []struct {
		digest, signature, hash, who string
		unknown                      []string // what the targets are not known to read that do not
	}{
		{"sha1", "rsaEncryption", "", all, nil},
		{"sha256", "rsaEncryption", "", all, nil},
		{"sha384", "sha384WithRSA", "", all, nil},
		{"sha512", "rsaEncryption", "", all, nil},
		{"sha1", "ecdsa-with-sha1", "", all, nil},
		{"sha256", "ecdsa-with-sha256", "", all, nil},
		{"sha384", "ECDSA", "", all, nil},
		{"sha512", "ecdsa-with-sha512", "", all, nil},
		{"sha224", "rsaEncryption", "", nss, []string{"sha224"}},
		{"sha224", "sha224WithRSA", "", nss, []string{"sha224", "sha224WithRSA"}},
		{"sha224", "ecdsa-with-sha224", "", nss, []string{"sha224", "ecdsa-with-sha224"}},
		{"sha1", "RSASSA-PSS", "sha1", nss, []string{"RSASSA-PSS sha1"}},
		{"sha256", "RSASSA-PSS", "sha256", nss, []string{"RSASSA-PSS sha256"}},
		{"sha384", "RSASSA-PSS", "sha384", nss, []string{"RSASSA-PSS sha384"}},
		{"sha512", "RSASSA-PSS", "sha512", nss, []string{"RSASSA-PSS sha512"}},
		{"sha256", "RSASSA-PSS", "sha3-256", none, []string{"RSASSA-PSS sha3-256"}},
		{"sha3-256", "rsaEncryption", "", none, []string{"sha3-256"}},
		{"sha3-512", "ecdsa-with-sha3-512", "", none, []string{"sha3-512", "ecdsa-with-sha3-512"}},
		{"sha256", "sha3-256WithRSA", "", none, []string{"sha3-256WithRSA"}},
		{"md5", "rsaEncryption", "", none, []string{"md5"}},
		{"sha512", "Ed25519", "", none, []string{"Ed25519"}},
	} {
		for _, target := range Targets() {
			if !slices.Contains(mailTargets, target) {
				continue
			}
			s := &pkcs7.SignerInfo{Digest: pkcs7.Algorithm{Name: tt.digest}, Signature: pkcs7.Algorithm{Name: tt.signature}, Hash: tt.hash}
			var got, want []string
			for _, m := range (&Pass{Target: target}).unknownSignature(s) {
				got = append(got, m.String())
			}
			if tt.who != all && !(tt.who == nss && target == Thunderbird) {
				for _, name := range tt.unknown {
					want = append(want, "whether "+target.Title().String()+" reads "+name+" is not known here")
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %s %s with %s: %q, want %q", target, tt.signature, tt.hash, tt.digest, got, want)
			}
		}
	}
}

// TestReadings holds that whoever is known to check signatures is so by somebody's word.
func TestReadings(t *testing.T) {
	for _, target := range mailTargets {
		if r := target.row().reads; len(r.digests) == 0 || len(r.signatures) == 0 || r.citeSignatures == "" || r.cite == "" {
			t.Errorf("%s: %+v", target, r)
		}
	}
}
