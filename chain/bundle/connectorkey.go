package bundle

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/binary"
	"math/big"
	"math/bits"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/lint/say"
)

// blobHeader is the size of a BCRYPT_RSAKEY_BLOB (bcrypt.h):
//
//	magic, bits, size of exponent, size of modulus, size of prime 1, size of prime 2   little-endian, 4 octets each
//	exponent, modulus, and in the blob of a private key the primes and more
const blobHeader = 24

// parseKeyBlob reads an RSA key as CNG exports it and reports whether data is
// one.
func parseKeyBlob(f *File, data []byte) bool {
	if len(data) < blobHeader || !bytes.HasPrefix(data, []byte("RSA")) {
		return false
	}
	size := func(i int) uint64 { return uint64(binary.LittleEndian.Uint32(data[4*i:])) }
	exponent, modulus := size(2), size(3)
	end := blobHeader + exponent + modulus // of 32-bit numbers: cannot overflow
	if exponent == 0 || modulus == 0 || end > uint64(len(data)) {
		return false
	}
	key := &artefact.PublicKey{Bits: bitLength(data[blobHeader+exponent : end])}
	switch data[3] {
	case '1':
		if end != uint64(len(data)) {
			return false
		}
		key.Form, key.Key = artefact.KeyBlob, blobKey(data[blobHeader:blobHeader+exponent], data[blobHeader+exponent:], size(1))
	case '2', '3':
		f.Keys = []FoundKey{{Kind: "RSAPRIVATEBLOB"}}
	default:
		return false
	}
	f.Format, f.PublicKey = ConnectorKey, key
	return true
}

// blobKey returns the key of a blob whose modulus has as many bits as it says, nil
// otherwise.
func blobKey(exponent, modulus []byte, bits uint64) *rsa.PublicKey {
	e, n := new(big.Int).SetBytes(exponent), new(big.Int).SetBytes(modulus)
	if uint64(n.BitLen()) != bits || e.BitLen() > 31 {
		return nil
	}
	return &rsa.PublicKey{N: n, E: int(e.Int64())}
}

// bitLength returns the number of bits of a big-endian number.
func bitLength(n []byte) int {
	n = bytes.TrimLeft(n, "\x00")
	if len(n) == 0 {
		return 0
	}
	return 8*(len(n)-1) + bits.Len8(n[0])
}

// parseKeyDER reads a SubjectPublicKeyInfo with an RSA key.
func parseKeyDER(f *File, data []byte) bool {
	key, _ := x509.ParsePKIXPublicKey(data)
	return f.setPublicKey(key, artefact.KeyDER)
}

// parseKeyPEM reads PEM text that holds one public RSA key and nothing else.
// Keys of other kinds stay what they are in any PEM file: something that is of no
// use here.
func parseKeyPEM(f *File, text []byte) bool {
	_, body, _ := bytes.Cut(text, pemBegin)
	label, ok := pemLabel(body)
	if !ok || !strings.HasSuffix(label, "PUBLIC KEY") || bytes.Contains(body, pemBegin) {
		return false
	}
	der, err := decodeBlock(slices.Concat(pemBegin, body))
	if err != nil {
		return false
	}
	switch label {
	case "PUBLIC KEY":
		key, _ := x509.ParsePKIXPublicKey(der)
		return f.setPublicKey(key, artefact.KeyPEM)
	case "RSA PUBLIC KEY":
		key, _ := x509.ParsePKCS1PublicKey(der)
		return f.setPublicKey(key, artefact.KeyPKCS1)
	}
	return false
}

func (f *File) setPublicKey(key any, form say.Text) bool {
	public, ok := key.(*rsa.PublicKey)
	if !ok || public == nil {
		return false
	}
	f.Format, f.PublicKey = ConnectorKey, &artefact.PublicKey{Form: form, Bits: public.N.BitLen(), Key: public}
	return true
}
