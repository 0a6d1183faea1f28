package lint

// reading is what is known of a target that opens encrypted messages: true for what it
// reads, false for what it does not; what is missing is not known.
type reading struct {
	ciphers map[string]bool
	keys    map[string]bool
	forms   map[string]bool // AuthEnvelopedData
	cite    string
}

// What S/MIME has asked of every program: AES-128 and triple DES in CBC mode, AES-256
// before long, and RSA as of PKCS #1 v1.5.
var (
	everyCipher = map[string]bool{"aes128-cbc": true, "aes192-cbc": true, "aes256-cbc": true, "des-ede3-cbc": true}
	everyKey    = map[string]bool{"rsaEncryption": true}
)

const citeEveryCipher = "RFC 3851, Section 2.7; RFC 5751, Sections 2.3 and 2.7"

// The readings of targets.
var (
	readsEvery = reading{everyCipher, everyKey, nil, citeEveryCipher}

	// The ciphers of older days are among those that Outlook on the web may be set to.
	readsOWA = reading{with(everyCipher, true, "des-cbc", "rc2-cbc"), everyKey, nil,
		"Microsoft, Set-SmimeConfig, parameter OWAEncryptionAlgorithms; " + citeEveryCipher}

	// NSS decodes key transport and key agreement by this list, and has no template for
	// AuthEnvelopedData.
	readsNSS = reading{everyCipher,
		with(everyKey, true, "RSA-OAEP sha1", "RSA-OAEP sha256", "RSA-OAEP sha384", "RSA-OAEP sha512",
			"dhSinglePass-stdDH-sha1kdf", "dhSinglePass-stdDH-sha224kdf", "dhSinglePass-stdDH-sha256kdf", "dhSinglePass-stdDH-sha384kdf", "dhSinglePass-stdDH-sha512kdf",
			"dhSinglePass-cofactorDH-sha1kdf", "dhSinglePass-cofactorDH-sha256kdf"),
		map[string]bool{"AuthEnvelopedData": false},
		"NSS, lib/smime/cmsrecinfo.c and cmsasn1.c; " + citeEveryCipher}

	// Apple's published library decodes these.
	readsApple = reading{everyCipher, with(everyKey, true, "dhSinglePass-stdDH-sha1kdf"), nil,
		"Apple, libsecurity_smime, cmsrecinfo.c; " + citeEveryCipher}
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
