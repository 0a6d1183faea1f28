package deploy

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"hash"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
)

// Connector is the certificate connector of Intune that decrypts passwords. All
// fields but Hash are needed.
type Connector struct {
	Key      *rsa.PublicKey // of 2048 to 16384 bits, see [ParseConnectorKey]
	Provider string         // such as "Microsoft Software Key Storage Provider"
	KeyName  string         // the same on every server of the connector

	// Hash is that of OAEP: [crypto.SHA256], SHA384 or SHA512; zero means SHA512,
	// which the module of Intune uses.
	Hash crypto.Hash
}

// minConnectorKey is the size in bits of the smallest key that is accepted.
const minConnectorKey = 2048

// maxConnectorKey bounds the work that a key file can ask for.
const maxConnectorKey = 16384

// errConnectorKey says that a public key cannot be used.
var errConnectorKey = say.Errorf("not a public RSA key of a connector")

// ParseConnectorKey reads the public key that the connector's owner has
// exported, in every form that package bundle knows as one: a CNG RSAPUBLICBLOB
// whatever its name, PEM, also in UTF-16 or indented, or DER. A
// key of less than 2048 bits is an error.
func ParseConnectorKey(data []byte) (*rsa.PublicKey, error) {
	f, err := bundle.Parse("connector", data)
	switch {
	case err == nil && len(f.Keys) > 0:
		return nil, say.Errorf("%w: it is a private key; export the public one alone", errConnectorKey)
	case err != nil || f.PublicKey == nil:
		return nil, say.Errorf("%w: want PEM, DER or a blob that begins with RSA1", errConnectorKey)
	}
	key := f.PublicKey.Key
	if key == nil {
		return nil, say.Errorf("%w: the numbers in the blob do not fit", errConnectorKey)
	}
	if bits := key.N.BitLen(); bits < minConnectorKey || bits > maxConnectorKey {
		return nil, say.Errorf("%w: it has %d bits; want %d to %d", errConnectorKey, bits, minConnectorKey, maxConnectorKey)
	}
	if key.E < 3 || key.E&1 == 0 {
		return nil, say.Errorf("%w: the exponent is no good", errConnectorKey)
	}
	return key, nil
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
// [pkcs12.IntunePasswordSize] says. No key, a small
// one and a hash that Intune does not take are errors.
func (c *Connector) Capacity() (int, error) {
	if c.Key == nil || c.Key.N == nil {
		return 0, say.Errorf("%w: there is none", errConnectorKey)
	}
	if bits := c.Key.N.BitLen(); bits < minConnectorKey {
		return 0, say.Errorf("%w: it has %d bits; want %d at least", errConnectorKey, bits, minConnectorKey)
	}
	if _, _, err := c.oaep(); err != nil {
		return 0, err
	}
	return pkcs12.IntunePasswordSize(c.Key.N.BitLen(), c.Hash), nil
}

// seal encrypts a password, and returns the word for the padding too. The result differs
// each time.
func (c *Connector) seal(password string) ([]byte, string, error) {
	newHash, padding, err := c.oaep()
	if err != nil {
		return nil, "", err
	}
	sealed, err := rsa.EncryptOAEP(newHash(), rand.Reader, c.Key, []byte(password), nil)
	return sealed, padding, err
}
