package deploy

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"hash"
	"math/big"

	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
)

// Connector is the certificate connector of Intune that decrypts passwords. All
// fields but Hash are needed.
type Connector struct {
	Key      *rsa.PublicKey // of [MinConnectorKey] bits or more, see [ParseConnectorKey]
	Provider string         // such as "Microsoft Software Key Storage Provider"
	KeyName  string         // the same on every server of the connector

	// Hash is that of OAEP: [crypto.SHA256], SHA384 or SHA512; zero means SHA512,
	// which the module of Intune uses.
	Hash crypto.Hash
}

// MinConnectorKey is the size in bits of the smallest key that is accepted.
const MinConnectorKey = 2048

// maxConnectorKey bounds the work that a key file can ask for.
const maxConnectorKey = 16384

// ErrConnectorKey says that a public key cannot be used.
var ErrConnectorKey = say.Errorf("not a public RSA key of a connector")

// ParseConnectorKey reads the public key that the connector's owner has
// exported: a CNG RSAPUBLICBLOB (BCRYPT_RSAKEY_BLOB in bcrypt.h), whatever its
// name, or PEM with PUBLIC KEY or RSA PUBLIC KEY. The error wraps
// [ErrConnectorKey], also for a key of less than [MinConnectorKey] bits.
//
//	magic "RSA1", bits, size of exponent, size of modulus, 0, 0   little-endian, 4 octets each
//	exponent, modulus                                              big-endian
func ParseConnectorKey(data []byte) (*rsa.PublicKey, error) {
	key, err := parseConnectorKey(data)
	if err != nil {
		return nil, err
	}
	if bits := key.N.BitLen(); bits < MinConnectorKey || bits > maxConnectorKey {
		return nil, say.Errorf("%w: it has %d bits; want %d to %d", ErrConnectorKey, bits, MinConnectorKey, maxConnectorKey)
	}
	if key.E < 3 || key.E&1 == 0 {
		return nil, say.Errorf("%w: the exponent is no good", ErrConnectorKey)
	}
	return key, nil
}

func parseConnectorKey(data []byte) (*rsa.PublicKey, error) {
	if block, _ := pem.Decode(data); block != nil {
		var key any
		var err error
		switch block.Type {
		case "PUBLIC KEY":
			key, err = x509.ParsePKIXPublicKey(block.Bytes)
		case "RSA PUBLIC KEY":
			key, err = x509.ParsePKCS1PublicKey(block.Bytes)
		default:
			return nil, say.Errorf("%w: the PEM block is of another kind", ErrConnectorKey)
		}
		public, ok := key.(*rsa.PublicKey)
		if err != nil || !ok {
			return nil, say.Errorf("%w: the PEM block holds no RSA key", ErrConnectorKey)
		}
		return public, nil
	}
	const header = 24 // octets
	if len(data) < header || string(data[:4]) != "RSA1" {
		return nil, say.Errorf("%w: want PEM or a blob that begins with RSA1", ErrConnectorKey)
	}
	size := func(i int) uint64 { return uint64(binary.LittleEndian.Uint32(data[4*i:])) }
	bits, exponent, modulus := size(1), size(2), size(3)
	if exponent == 0 || exponent > 4 || modulus > maxConnectorKey/8 || header+exponent+modulus != uint64(len(data)) {
		return nil, say.Errorf("%w: the sizes in the blob do not fit", ErrConnectorKey)
	}
	e := new(big.Int).SetBytes(data[header : header+exponent])
	n := new(big.Int).SetBytes(data[header+exponent:])
	if uint64(n.BitLen()) != bits || !e.IsInt64() || e.Int64() > 1<<31-1 {
		return nil, say.Errorf("%w: the modulus is not as long as the blob says", ErrConnectorKey)
	}
	return &rsa.PublicKey{N: n, E: int(e.Int64())}, nil
}

// oaep returns the hash of OAEP and the word for it.
func (c *Connector) oaep() (func() hash.Hash, string, error) {
	switch c.Hash {
	case crypto.SHA256:
		return sha256.New, "oaepSha256", nil
	case crypto.SHA384:
		return sha512.New384, "oaepSha384", nil
	case 0, crypto.SHA512:
		return sha512.New, "oaepSha512", nil
	default:
		return nil, "", say.Errorf("connector: %v is no hash that Intune takes for OAEP", c.Hash)
	}
}

// Capacity returns how many octets a password may have, as
// [pkcs12.IntunePasswordSize] says. The error wraps [ErrConnectorKey] where there
// is no key or a small one; it also names a hash that Intune does not take.
func (c *Connector) Capacity() (int, error) {
	if c.Key == nil || c.Key.N == nil {
		return 0, say.Errorf("%w: there is none", ErrConnectorKey)
	}
	if bits := c.Key.N.BitLen(); bits < MinConnectorKey {
		return 0, say.Errorf("%w: it has %d bits; want %d at least", ErrConnectorKey, bits, MinConnectorKey)
	}
	if _, _, err := c.oaep(); err != nil {
		return 0, err
	}
	return pkcs12.IntunePasswordSize(c.Key.N.BitLen(), c.Hash), nil
}

// seal encrypts a password. The result differs each time.
func (c *Connector) seal(password string) ([]byte, error) {
	newHash, _, err := c.oaep()
	if err != nil {
		return nil, err
	}
	return rsa.EncryptOAEP(newHash(), rand.Reader, c.Key, []byte(password), nil)
}
