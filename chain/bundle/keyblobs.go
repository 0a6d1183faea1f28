package bundle

import (
	"bytes"
	"encoding/binary"
)

// findPVK finds the header of a PVK file: magic, 0, which key, whether it is
// encrypted, the size of the salt and of the key, each 4 octets, little-endian.
func findPVK(d []byte) certainty {
	const header, longestSalt, longestKey = 24, 1 << 10, 1 << 16
	if len(d) < header || !bytes.HasPrefix(d, []byte("\x1E\xF1\xB5\xB0\x00\x00\x00\x00")) {
		return noKey
	}
	number := func(i int) uint32 { return binary.LittleEndian.Uint32(d[4*i:]) }
	if number(2) <= 2 && number(3) <= 1 && number(4) <= longestSalt && number(5) <= longestKey {
		return holdsKey
	}
	return mayHold
}

// cryptoBlobs are the first octets of a PRIVATEKEYBLOB: type 7, version, two octets
// 0, the algorithm, and after that the magic of the kind of key.
var cryptoBlobs = []string{
	"\x07\x02\x00\x00\x00\xA4\x00\x00RSA2", // CALG_RSA_KEYX
	"\x07\x02\x00\x00\x00\x24\x00\x00RSA2", // CALG_RSA_SIGN
	"\x07\x02\x00\x00\x00\x22\x00\x00DSS2", // CALG_DSS_SIGN
	"\x07\x03\x00\x00\x00\x22\x00\x00DSS4",
}

func findCryptoBlob(d []byte) certainty {
	for _, b := range cryptoBlobs {
		if bytes.HasPrefix(d, []byte(b)) {
			return holdsKey
		}
	}
	return noKey
}

// cngBlobs are the private keys of CNG whose length follows from the size in their
// header: octets besides the numbers of that size, and how many of these.
var cngBlobs = map[string]struct{ fixed, numbers uint64 }{
	"ECS2": {8, 3}, "ECS4": {8, 3}, "ECS6": {8, 3}, "ECDV": {8, 3}, // magic, size; x, y, d
	"ECK2": {8, 3}, "ECK4": {8, 3}, "ECK6": {8, 3}, "ECKV": {8, 3},
	"DSPV": {72, 3}, // magic, size, count, seed, q, x; p, g, y
	"DHPV": {8, 4},  // magic, size; p, g, y, x
}

// findCNGBlob finds a private key as CNG exports it.
func findCNGBlob(d []byte) certainty {
	const (
		least        = 16   // octets of a number
		leastModulus = 32   // of RSA
		dsaFrom      = 128  // of p where q is longer than 20
		dsaTo        = 1024 // of the same
	)
	if len(d) < blobHeader {
		return noKey
	}
	number := func(i int) uint64 { return uint64(binary.LittleEndian.Uint32(d[4*i:])) }
	size, found := number(1), false
	switch magic := string(d[:4]); magic {
	case "RSA2", "RSA3": // magic, bits, sizes of exponent, modulus and primes
		exponent, modulus, prime1, prime2 := number(2), number(3), number(4), number(5)
		found = 1 <= exponent && exponent <= 8 && modulus == (size+7)/8 && modulus >= leastModulus && prime1 > 0 && prime1+prime2 <= modulus+2
	case "DPV2": // DSA with a q and a seed of their own sizes
		found = dsaFrom <= size && size <= dsaTo && uint64(len(d)) > 3*size
	default:
		b, known := cngBlobs[magic]
		found = known && size >= least && uint64(len(d)) == b.fixed+b.numbers*size
	}
	if found {
		return holdsKey
	}
	return noKey
}

// findDPAPI finds what Windows has encrypted for a user or a computer, as it does
// the files in which it keeps keys. What is in it cannot be seen.
func findDPAPI(d []byte) certainty {
	const keyFile = 64 << 10 // octets; a file of the folder Crypto\RSA or Crypto\Keys has less
	provider := []byte("\x01\x00\x00\x00\xD0\x8C\x9D\xDF\x01\x15\xD1\x11\x8C\x7A\x00\xC0\x4F\xC2\x97\xEB")
	if bytes.HasPrefix(d, provider) || bytes.HasPrefix(d, []byte("\x02\x00\x00\x00\x00\x00\x00\x00")) && bytes.Contains(d[:min(len(d), keyFile)], provider) {
		return mayHold
	}
	return noKey
}

// findOpenPGP finds a packet with a secret key at the start (RFC 9580, Section 4.2).
func findOpenPGP(d []byte) certainty {
	const (
		least                   = 16 // octets with the header
		smallest, largest       = 40, 1 << 16
		secretKey, secretSubkey = 5, 7
	)
	if len(d) < least || d[0]&0x80 == 0 {
		return noKey
	}
	var tag byte
	var size, header uint64
	if d[0]&0x40 != 0 { // the newer form of a header
		tag = d[0] & 0x3F
		switch l := uint64(d[1]); {
		case l < 192:
			size, header = l, 2
		case l < 224:
			size, header = (l-192)<<8+uint64(d[2])+192, 3
		case l == 255:
			size, header = uint64(binary.BigEndian.Uint32(d[2:])), 6
		}
	} else {
		tag = d[0] >> 2 & 0x0F
		switch d[0] & 3 {
		case 0:
			size, header = uint64(d[1]), 2
		case 1:
			size, header = uint64(binary.BigEndian.Uint16(d[1:])), 3
		case 2:
			size, header = uint64(binary.BigEndian.Uint32(d[1:])), 5
		}
	}
	if tag != secretKey && tag != secretSubkey || size < smallest || size > largest || !isPGPKey(d[header:]) {
		return noKey
	}
	return holdsKey
}

// isPGPKey looks at version, time, algorithm and the first number of a key (RFC
// 9580, Section 5.5.2).
func isPGPKey(b []byte) bool {
	const longest = 13 // octets up to the first number and of its start
	if len(b) < longest || b[0] < 3 || b[0] > 6 {
		return false
	}
	at := 5 // version and time
	if b[0] == 3 {
		at += 2 // days it is valid
	}
	algorithm := b[at]
	at++
	if b[0] >= 5 {
		at += 4 // octets of what follows
	}
	switch algorithm {
	case 1, 2, 3, 16, 17, 20: // RSA, Elgamal, DSA: a number with its length in bits
		bits := int(binary.BigEndian.Uint16(b[at:]))
		return 512 <= bits && bits <= 16384 && b[at+2]>>((bits-1)%8) == 1
	case 18, 19, 22: // curves by their object identifier
		return 3 <= b[at] && b[at] <= 12 && (b[at+1] == 0x2A || b[at+1] == 0x2B)
	case 25, 26, 27, 28: // X25519, X448, Ed25519, Ed448
		return b[0] >= 4
	default:
		return false
	}
}
