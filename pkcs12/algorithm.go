package pkcs12

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/fips140"
	_ "crypto/md5"    // digests are looked up through crypto.Hash
	_ "crypto/sha1"   //
	_ "crypto/sha256" //
	_ "crypto/sha3"   //
	_ "crypto/sha512" //
	"fmt"

	"github.com/smimechain/smimechain/pkcs12/internal/rc2"
)

// A digest is a hash function as PKCS #12 files name it.
type digest struct {
	name string
	hash crypto.Hash // 0: named, not implemented
}

// available reports whether the digest can be computed here. Where the process
// enforces FIPS 140-3, MD5 and SHA-1 are not.
func (d digest) available() bool {
	if d.hash == 0 || !d.hash.Available() {
		return false
	}
	return !fips140.Enforced() || d.hash != crypto.MD5 && d.hash != crypto.SHA1
}

func known(h crypto.Hash) digest { return digest{h.String(), h} }

// digests are the digests of a MAC, and prfs the digests of the HMAC in PBKDF2
// and PBMAC1, by object identifier. RFC 8018, Appendix B.1; NIST's list of
// algorithm identifiers for 2.16.840.1.101.3.4.2.
var (
	digests = map[string]digest{
		"1.2.840.113549.2.2":      {"MD2", 0},
		"1.2.840.113549.2.4":      {"MD4", 0},
		"1.2.840.113549.2.5":      known(crypto.MD5),
		"1.3.14.3.2.26":           known(crypto.SHA1),
		"1.3.36.3.2.1":            {"RIPEMD-160", 0},
		"2.16.840.1.101.3.4.2.4":  known(crypto.SHA224),
		"2.16.840.1.101.3.4.2.1":  known(crypto.SHA256),
		"2.16.840.1.101.3.4.2.2":  known(crypto.SHA384),
		"2.16.840.1.101.3.4.2.3":  known(crypto.SHA512),
		"2.16.840.1.101.3.4.2.5":  known(crypto.SHA512_224),
		"2.16.840.1.101.3.4.2.6":  known(crypto.SHA512_256),
		"2.16.840.1.101.3.4.2.7":  known(crypto.SHA3_224),
		"2.16.840.1.101.3.4.2.8":  known(crypto.SHA3_256),
		"2.16.840.1.101.3.4.2.9":  known(crypto.SHA3_384),
		"2.16.840.1.101.3.4.2.10": known(crypto.SHA3_512),
		"1.2.156.10197.1.401":     {"SM3", 0},
		"1.2.643.7.1.1.2.2":       {"GOST R 34.11-2012 (256)", 0},
		"1.2.643.7.1.1.2.3":       {"GOST R 34.11-2012 (512)", 0},
	}
	prfs = map[string]digest{
		"1.2.840.113549.2.6":      known(crypto.MD5),
		"1.2.840.113549.2.7":      known(crypto.SHA1),
		"1.2.840.113549.2.8":      known(crypto.SHA224),
		"1.2.840.113549.2.9":      known(crypto.SHA256),
		"1.2.840.113549.2.10":     known(crypto.SHA384),
		"1.2.840.113549.2.11":     known(crypto.SHA512),
		"1.2.840.113549.2.12":     known(crypto.SHA512_224),
		"1.2.840.113549.2.13":     known(crypto.SHA512_256),
		"2.16.840.1.101.3.4.2.13": known(crypto.SHA3_224),
		"2.16.840.1.101.3.4.2.14": known(crypto.SHA3_256),
		"2.16.840.1.101.3.4.2.15": known(crypto.SHA3_384),
		"2.16.840.1.101.3.4.2.16": known(crypto.SHA3_512),
		"1.2.156.10197.1.401.3.1": {"SM3", 0},
		"1.2.643.7.1.1.4.1":       {"GOST R 34.11-2012 (256)", 0},
		"1.2.643.7.1.1.4.2":       {"GOST R 34.11-2012 (512)", 0},
	}
)

const (
	oidPBES2  = "1.2.840.113549.1.5.13"
	oidPBKDF2 = "1.2.840.113549.1.5.12"
	oidPBMAC1 = "1.2.840.113549.1.5.14"
	oidScrypt = "1.3.6.1.4.1.11591.4.11"
	oidRC2CBC = "1.2.840.113549.3.2"
)

// A blockMode decrypts what one scheme encrypts.
type blockMode struct {
	name      string
	keySize   int // octets; 0 if the parameters say
	keyBits   int // effective
	ivSize    int // 0 for a stream cipher
	newBlock  func(key []byte) (cipher.Block, error)
	legacy    bool // not available where FIPS 140-3 is enforced
	streaming bool // RC4
}

func (m blockMode) supported() bool {
	return (m.newBlock != nil || m.streaming) && !(m.legacy && fips140.Enforced())
}

func aesCBC(bits int) blockMode {
	return blockMode{name: fmt.Sprintf("AES-%d-CBC", bits), keySize: bits / 8, keyBits: bits, ivSize: 16, newBlock: aes.NewCipher}
}

func rc2CBC(keySize, bits int) blockMode {
	return blockMode{
		name: fmt.Sprintf("RC2-%d-CBC", bits), keySize: keySize, keyBits: bits, ivSize: 8, legacy: true,
		newBlock: func(key []byte) (cipher.Block, error) { return rc2.New(key, bits) },
	}
}

func rc4(bits int) blockMode {
	return blockMode{name: fmt.Sprintf("RC4-%d", bits), keySize: bits / 8, keyBits: bits, legacy: true, streaming: true}
}

var (
	desCBC     = blockMode{name: "DES-CBC", keySize: 8, keyBits: 56, ivSize: 8, newBlock: des.NewCipher, legacy: true}
	des3CBC    = blockMode{name: "3DES-CBC", keySize: 24, keyBits: 168, ivSize: 8, newBlock: des.NewTripleDESCipher, legacy: true}
	des2KeyCBC = blockMode{name: "3DES-2KEY-CBC", keySize: 16, keyBits: 112, ivSize: 8, legacy: true,
		newBlock: func(key []byte) (cipher.Block, error) {
			return des.NewTripleDESCipher(append(key[:16:16], key[:8]...))
		}}
)

func named(name string, bits int) blockMode { return blockMode{name: name, keyBits: bits} }

// A pbes1 is a scheme that fixes key derivation, digest and cipher at once. RFC
// 7292, Appendix C; RFC 8018, Appendix A.3.
type pbes1 struct {
	name   string
	kdf    string
	digest digest
	mode   blockMode
}

var pbes1Schemes = map[string]pbes1{
	"1.2.840.113549.1.12.1.1": {"pbeWithSHAAnd128BitRC4", "PKCS12", known(crypto.SHA1), rc4(128)},
	"1.2.840.113549.1.12.1.2": {"pbeWithSHAAnd40BitRC4", "PKCS12", known(crypto.SHA1), rc4(40)},
	"1.2.840.113549.1.12.1.3": {"pbeWithSHAAnd3-KeyTripleDES-CBC", "PKCS12", known(crypto.SHA1), des3CBC},
	"1.2.840.113549.1.12.1.4": {"pbeWithSHAAnd2-KeyTripleDES-CBC", "PKCS12", known(crypto.SHA1), des2KeyCBC},
	"1.2.840.113549.1.12.1.5": {"pbeWithSHAAnd128BitRC2-CBC", "PKCS12", known(crypto.SHA1), rc2CBC(16, 128)},
	"1.2.840.113549.1.12.1.6": {"pbewithSHAAnd40BitRC2-CBC", "PKCS12", known(crypto.SHA1), rc2CBC(5, 40)},
	"1.2.840.113549.1.5.1":    {"pbeWithMD2AndDES-CBC", "PBKDF1", digest{"MD2", 0}, desCBC},
	"1.2.840.113549.1.5.3":    {"pbeWithMD5AndDES-CBC", "PBKDF1", known(crypto.MD5), desCBC},
	"1.2.840.113549.1.5.4":    {"pbeWithMD2AndRC2-CBC", "PBKDF1", digest{"MD2", 0}, rc2CBC(8, 64)},
	"1.2.840.113549.1.5.6":    {"pbeWithMD5AndRC2-CBC", "PBKDF1", known(crypto.MD5), rc2CBC(8, 64)},
	"1.2.840.113549.1.5.10":   {"pbeWithSHA1AndDES-CBC", "PBKDF1", known(crypto.SHA1), desCBC},
	"1.2.840.113549.1.5.11":   {"pbeWithSHA1AndRC2-CBC", "PBKDF1", known(crypto.SHA1), rc2CBC(8, 64)},
}

// pbes2Ciphers are the encryption schemes of PBES2. Those without a block cipher
// are named, not implemented. RC2 has parameters of its own.
var pbes2Ciphers = map[string]blockMode{
	"2.16.840.1.101.3.4.1.2":  aesCBC(128),
	"2.16.840.1.101.3.4.1.22": aesCBC(192),
	"2.16.840.1.101.3.4.1.42": aesCBC(256),
	"1.2.840.113549.3.7":      des3CBC,
	"1.3.14.3.2.7":            desCBC,

	"2.16.840.1.101.3.4.1.1":     named("AES-128-ECB", 128),
	"2.16.840.1.101.3.4.1.3":     named("AES-128-OFB", 128),
	"2.16.840.1.101.3.4.1.4":     named("AES-128-CFB", 128),
	"2.16.840.1.101.3.4.1.6":     named("AES-128-GCM", 128),
	"2.16.840.1.101.3.4.1.7":     named("AES-128-CCM", 128),
	"2.16.840.1.101.3.4.1.21":    named("AES-192-ECB", 192),
	"2.16.840.1.101.3.4.1.26":    named("AES-192-GCM", 192),
	"2.16.840.1.101.3.4.1.41":    named("AES-256-ECB", 256),
	"2.16.840.1.101.3.4.1.43":    named("AES-256-OFB", 256),
	"2.16.840.1.101.3.4.1.44":    named("AES-256-CFB", 256),
	"2.16.840.1.101.3.4.1.46":    named("AES-256-GCM", 256),
	"2.16.840.1.101.3.4.1.47":    named("AES-256-CCM", 256),
	"1.3.14.3.2.6":               named("DES-ECB", 56),
	"1.2.392.200011.61.1.1.1.2":  named("Camellia-128-CBC", 128),
	"1.2.392.200011.61.1.1.1.3":  named("Camellia-192-CBC", 192),
	"1.2.392.200011.61.1.1.1.4":  named("Camellia-256-CBC", 256),
	"1.2.410.200046.1.1.2":       named("ARIA-128-CBC", 128),
	"1.2.410.200046.1.1.7":       named("ARIA-192-CBC", 192),
	"1.2.410.200046.1.1.12":      named("ARIA-256-CBC", 256),
	"1.2.410.200004.1.3":         named("SEED-ECB", 128),
	"1.2.410.200004.1.4":         named("SEED-CBC", 128),
	"1.3.6.1.4.1.188.7.1.1.2":    named("IDEA-CBC", 128),
	"1.3.6.1.4.1.3029.1.2":       named("Blowfish-CBC", 0),
	"1.2.840.113533.7.66.10":     named("CAST5-CBC", 0),
	"1.2.840.113549.3.4":         named("RC4", 0),
	"1.2.840.113549.3.9":         named("RC5-CBC", 0),
	"1.2.156.10197.1.104.2":      named("SM4-CBC", 128),
	"1.2.643.2.2.21":             named("GOST 28147-89", 256),
	"1.2.840.113549.1.9.16.3.18": named("ChaCha20-Poly1305", 256),
}
