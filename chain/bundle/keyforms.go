package bundle

import "bytes"

// certainty is how sure it is that there is a private key.
type certainty uint8

const (
	noKey   certainty = iota
	mayHold           // the form can hold one, and whether it does cannot be seen
	holdsKey
)

// The words for keys in DER, and for a PFX inside of something else: without opening
// it nobody can see whether it holds a key.
const (
	kindPKCS8     = "PRIVATE KEY"
	kindEncrypted = "ENCRYPTED PRIVATE KEY"
	kindRSA       = "RSA PRIVATE KEY"
	kindEC        = "EC PRIVATE KEY"
	kindDSA       = "DSA PRIVATE KEY"
	kindPFX       = "PFX"
)

// octetForms are the forms that are told by how octets begin and are no DER. What
// wraps them is taken away before: UTF-16, base64, hexadecimal digits and numbers.
var octetForms = []struct {
	kind     string // the word for it, as in Key.Kind
	citation string // where the form is described
	find     func(data []byte) certainty
}{
	{"PVK", "MS-PVK as read by OpenSSL, PEM_read_bio_PrivateKey: magic B0B5F11E", findPVK},
	{"PRIVATEKEYBLOB", "Microsoft, wincrypt.h: BLOBHEADER, RSAPUBKEY, DSSPUBKEY", findCryptoBlob},
	{"BCRYPT KEY BLOB", "Microsoft, bcrypt.h: BCRYPT_RSAKEY_BLOB, BCRYPT_ECCKEY_BLOB, BCRYPT_DSA_KEY_BLOB, BCRYPT_DH_KEY_BLOB", findCNGBlob},
	{"DPAPI", "Microsoft, CryptProtectData: provider DF9D8CD0-1501-11D1-8C7A-00C04FC297EB", findDPAPI},
	{"OPENSSH PRIVATE KEY", "OpenSSH, PROTOCOL.key", startsWith(holdsKey, "openssh-key-v1\x00")},
	{"SSH1 PRIVATE KEY", "OpenSSH, authfile: SSH PRIVATE KEY FILE FORMAT 1.1", startsWith(holdsKey, "SSH PRIVATE KEY FILE FORMAT 1.1\n\x00")},
	{"SSH2 PRIVATE KEY", "SSH Communications, private key blob: magic 3F6FF9EB", startsWith(holdsKey, "\x3F\x6F\xF9\xEB\x00\x00")},
	{"PGP PRIVATE KEY", "RFC 9580, Sections 4.2 and 5.5.3", findOpenPGP},
	{"JKS", "OpenJDK, JavaKeyStore: magic FEEDFEED", findJKS("\xFE\xED\xFE\xED")},
	{"JCEKS", "OpenJDK, JceKeyStore: magic CECECECE", findJKS("\xCE\xCE\xCE\xCE")},
	{"BKS", "Bouncy Castle, BcKeyStoreSpi", findBKS},
	{"BCFKS", "Bouncy Castle, org.bouncycastle.asn1.bc.ObjectStore", findBCFKS},
	{"NSS key4.db", "Mozilla, NSS shared database design: key4.db", findNSS},
	{"APPLE KEYCHAIN", "Apple, AppleDatabase.cpp: signature kych", startsWith(mayHold, "kych\x00\x01\x00\x00")},
}

// textForms are the forms of text, which may begin anywhere in it. Find returns the
// place of the first, -1 where there is none; all of them are sure.
var textForms = []struct {
	kind     string
	citation string
	find     func(text []byte) int
}{
	{kindPKCS8, "RFC 7468, Sections 10 and 11; RFC 4716; RFC 9580, Section 6.2", findLabel},
	{"PPK", "PuTTY, documentation, Appendix C: PPK file format", after("Private-Lines", regexpPPK)},
	{"BIND PRIVATE KEY", "ISC, BIND 9, dnssec-keygen: Private-key-format", after("Private-key-format", regexpBIND)},
	{"GnuPG PRIVATE KEY", "GnuPG, agent/keyformat.txt", after("private-key", regexpGnuPG)},
	{"JWK", "RFC 7517, Section 4; RFC 7518, Section 6", findJWK},
	{"XML RSAKeyValue", "Microsoft, .NET, RSA.ToXmlString; W3C, XKMS 2.0, RSAKeyPair", findXML},
	{kindPKCS8, "OpenSSL, openssl-pkey -text; GnuTLS, certtool --key-info", findNumbers},
}

// startsWith finds what begins with a text.
func startsWith(c certainty, text string) func([]byte) certainty {
	return func(data []byte) certainty {
		if bytes.HasPrefix(data, []byte(text)) {
			return c
		}
		return noKey
	}
}
