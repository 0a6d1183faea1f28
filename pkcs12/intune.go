package pkcs12

import "crypto"

// IntunePasswordSize returns how many octets of a password Intune's import can
// encrypt with an RSA key of the given number of bits and OAEP with the given
// hash: k − 2·hLen − 2 (RFC 8017, Section 7.1.1), 126 for a key of 2048 bits and
// SHA-512. The hash is SHA-256, SHA-384 or SHA-512, which zero stands for, as it
// is the default of Intune's module; for any other, and for a key that is too
// small, the result is 0.
//
// The module makes one octet of each UTF-16 unit of a password, so that for
// passwords it does not destroy, those up to U+00FF, octets are characters.
func IntunePasswordSize(keyBits int, hash crypto.Hash) int {
	switch hash {
	case 0:
		hash = crypto.SHA512
	case crypto.SHA256, crypto.SHA384, crypto.SHA512:
	default:
		return 0
	}
	return max((keyBits+7)/8-2*hash.Size()-2, 0)
}

// intuneKeyBits is the size of the key that Intune's module makes unless told
// otherwise.
const intuneKeyBits = 2048
