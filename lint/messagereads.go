package lint

import (
	"slices"

	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// reading is what is known of a target that reads encrypted and signed messages: of
// encryption true for what it reads, false for what it does not; what is missing is not
// known.
type reading struct {
	ciphers map[string]bool
	keys    map[string]bool
	forms   map[string]bool // AuthEnvelopedData
	cite    string

	// Digests and signatures are those that it is known to check in messages. What it
	// takes in certificates is among the stances of its row: one program may have two
	// libraries for the two.
	digests, signatures []string
	citeSignatures      string
}

// What S/MIME has asked of every program: AES-128 and triple DES in CBC mode, AES-256
// before long, and RSA as of PKCS #1 v1.5; for signatures SHA-1, then SHA-256, then
// SHA-512 and ECDSA. SHA-384 came with the other two.
var (
	everyCipher    = map[string]bool{"aes128-cbc": true, "aes192-cbc": true, "aes256-cbc": true, "des-ede3-cbc": true}
	everyKey       = map[string]bool{"rsaEncryption": true}
	everyDigest    = []string{"sha1", "sha256", "sha384", "sha512"}
	everySignature = []string{
		"rsaEncryption", "sha1WithRSA", "sha256WithRSA", "sha384WithRSA", "sha512WithRSA",
		"ECDSA", "ecdsa-with-sha1", "ecdsa-with-sha256", "ecdsa-with-sha384", "ecdsa-with-sha512",
	}
)

const (
	citeEveryCipher    = "RFC 3851, Section 2.7; RFC 5751, Sections 2.3 and 2.7"
	citeEverySignature = "RFC 5751, Sections 2.1 and 2.2; RFC 5754, Sections 2 and 3; RFC 8551, Sections 2.1 and 2.2"
)

// The readings of targets.
var (
	// Of RSASSA-PSS in messages Microsoft documents nothing: wincrypt.h has its parameters,
	// and what a CA is told to sign with is about certificates. CNG has SHA-3 from Windows
	// 11 24H2 on, and none of its handles is of SHA-224.
	readsEvery = reading{
		ciphers: everyCipher, keys: everyKey, cite: citeEveryCipher,
		digests: everyDigest, signatures: everySignature, citeSignatures: citeEverySignature,
	}

	// The ciphers of older days are among those that Outlook on the web may be set to.
	readsOWA = reading{
		ciphers: with(everyCipher, true, "des-cbc", "rc2-cbc"), keys: everyKey,
		cite:    "Microsoft, Set-SmimeConfig, parameter OWAEncryptionAlgorithms; " + citeEveryCipher,
		digests: everyDigest, signatures: everySignature, citeSignatures: citeEverySignature,
	}

	// NSS decodes key transport and key agreement by this list, and has no template for
	// AuthEnvelopedData. Of signatures cmsutil -D of NSS 3.87 called these good that OpenSSL
	// had made, and that with SHA-3 SignatureAlgorithmUnknown, which newer releases may
	// know.
	readsNSS = reading{
		ciphers: everyCipher,
		keys: with(everyKey, true, "RSA-OAEP sha1", "RSA-OAEP sha256", "RSA-OAEP sha384", "RSA-OAEP sha512",
			"dhSinglePass-stdDH-sha1kdf", "dhSinglePass-stdDH-sha224kdf", "dhSinglePass-stdDH-sha256kdf", "dhSinglePass-stdDH-sha384kdf", "dhSinglePass-stdDH-sha512kdf",
			"dhSinglePass-cofactorDH-sha1kdf", "dhSinglePass-cofactorDH-sha256kdf"),
		forms:   map[string]bool{"AuthEnvelopedData": false},
		cite:    "NSS, lib/smime/cmsrecinfo.c and cmsasn1.c; " + citeEveryCipher,
		digests: slices.Concat(everyDigest, []string{"sha224"}),
		signatures: slices.Concat(everySignature, []string{"sha224WithRSA", "ecdsa-with-sha224",
			"RSASSA-PSS sha1", "RSASSA-PSS sha224", "RSASSA-PSS sha256", "RSASSA-PSS sha384", "RSASSA-PSS sha512"}),
		citeSignatures: "NSS 3.87, cmsutil -D; " + citeEverySignature,
	}

	// Apple's published library decodes these, and knows no other signatures.
	readsApple = reading{
		ciphers: everyCipher, keys: with(everyKey, true, "dhSinglePass-stdDH-sha1kdf"),
		cite:    "Apple, libsecurity_smime, cmsrecinfo.c; " + citeEveryCipher,
		digests: everyDigest, signatures: everySignature,
		citeSignatures: "Apple, libsecurity_smime, cmsutil.c: SecCmsUtilMakeSignatureAlgorithm",
	}
)

// with returns a copy of a table with some more entries.
func with(table map[string]bool, reads bool, names ...string) map[string]bool {
	all := make(map[string]bool, len(table)+len(names))
	for name, yes := range table {
		all[name] = yes
	}
	for _, name := range names {
		all[name] = reads
	}
	return all
}

// notKnown says that nothing is known of what the target makes of an algorithm.
func (p *Pass) notKnown(name string) say.Message {
	return say.New("whether %s reads %s is not known here", p.Target.Title(), name)
}

// unknownSignature says what of the way in which a signature was made the target is not
// known to check; nothing where it checks all of it. The key is judged with the
// certificate.
func (p *Pass) unknownSignature(s *pkcs7.SignerInfo) []say.Message {
	reads := p.Target.row().reads
	var unknown []say.Message
	if name := s.Digest.Name; !slices.Contains(reads.digests, name) {
		unknown = append(unknown, p.notKnown(name))
	}
	if name := s.AlgorithmName(); !slices.Contains(reads.signatures, name) {
		unknown = append(unknown, p.notKnown(name))
	}
	return unknown
}
