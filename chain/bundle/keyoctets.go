package bundle

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// findPVK finds the header of a PVK file: magic, 0, which key, whether it is
// encrypted, the size of the salt and of the key, each 4 octets, little-endian.
func findPVK(p *piece) (int, certainty) {
	const header, longestSalt, longestKey = 24, 1 << 10, 1 << 16
	d := p.data
	if len(d) < header || !bytes.HasPrefix(d, []byte("\x1E\xF1\xB5\xB0\x00\x00\x00\x00")) {
		return 0, noKey
	}
	number := func(i int) uint32 { return binary.LittleEndian.Uint32(d[4*i:]) }
	if number(2) <= 2 && number(3) <= 1 && number(4) <= longestSalt && number(5) <= longestKey {
		return 0, holdsKey
	}
	return 0, mayHold
}

// cryptoBlobs are the first octets of a PRIVATEKEYBLOB: type 7, version 2, two
// octets 0, the algorithm, and after that the magic of the kind of key.
var cryptoBlobs = [][2]string{
	{"\x07\x02\x00\x00\x00\xA4\x00\x00", "RSA2"}, // CALG_RSA_KEYX
	{"\x07\x02\x00\x00\x00\x24\x00\x00", "RSA2"}, // CALG_RSA_SIGN
	{"\x07\x02\x00\x00\x00\x22\x00\x00", "DSS2"}, // CALG_DSS_SIGN
	{"\x07\x03\x00\x00\x00\x22\x00\x00", "DSS4"},
}

func findCryptoBlob(p *piece) (int, certainty) {
	for _, b := range cryptoBlobs {
		if bytes.HasPrefix(p.data, []byte(b[0]+b[1])) {
			return 0, holdsKey
		}
	}
	return 0, noKey
}

// findCNGBlob finds a private key as CNG exports it. All but the one of RSA are
// known by their length too, which follows from the sizes in the header.
func findCNGBlob(p *piece) (int, certainty) {
	const least = 8
	d := p.data
	if len(d) < least {
		return 0, noKey
	}
	size := uint64(binary.LittleEndian.Uint32(d[4:]))
	var want uint64
	switch string(d[:4]) {
	case "RSA2", "RSA3":
		return 0, cngRSA(d)
	case "ECS2", "ECS4", "ECS6", "ECDV", "ECK2", "ECK4", "ECK6", "ECKV": // magic, size; x, y, d
		want = 8 + 3*size
	case "DSPV": // magic, size, count, seed, q; p, g, y, x
		want = 8 + 4 + 20 + 20 + 3*size + 20
	case "DHPV": // magic, size; p, g, y, x
		want = 8 + 4*size
	case "DPV2": // with sizes of q and seed that vary
		if 128 <= size && size <= 1024 && uint64(len(d)) > 3*size {
			return 0, holdsKey
		}
	}
	if want == uint64(len(d)) && size >= 16 {
		return 0, holdsKey
	}
	return 0, noKey
}

func cngRSA(d []byte) certainty {
	if len(d) < blobHeader {
		return noKey
	}
	size := func(i int) uint64 { return uint64(binary.LittleEndian.Uint32(d[4*i:])) }
	bits, exponent, modulus, prime1, prime2 := size(1), size(2), size(3), size(4), size(5)
	if exponent == 0 || exponent > 8 || modulus != (bits+7)/8 || modulus < 32 || prime1 == 0 || prime1+prime2 > modulus+2 {
		return noKey
	}
	return holdsKey
}

// findDPAPI finds what Windows has encrypted for a user or a computer, as it does
// the files in which it keeps keys. What is in it cannot be seen.
func findDPAPI(p *piece) (int, certainty) {
	provider := []byte("\x01\x00\x00\x00\xD0\x8C\x9D\xDF\x01\x15\xD1\x11\x8C\x7A\x00\xC0\x4F\xC2\x97\xEB")
	const keyFile = 64 << 10 // octets; a file of the folder Crypto\RSA or Crypto\Keys has less
	switch {
	case bytes.HasPrefix(p.data, provider):
		return 0, mayHold
	case len(p.data) <= keyFile && bytes.HasPrefix(p.data, []byte("\x02\x00\x00\x00\x00\x00\x00\x00")) && bytes.Contains(p.data, provider):
		return 0, mayHold
	}
	return 0, noKey
}

// findOpenPGP finds a packet with a secret key at the start.
func findOpenPGP(p *piece) (int, certainty) {
	d := p.data
	if len(d) < 16 || d[0]&0x80 == 0 {
		return 0, noKey
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
		default:
			return 0, noKey
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
		default:
			return 0, noKey
		}
	}
	const secretKey, secretSubkey = 5, 7
	if tag != secretKey && tag != secretSubkey || size < 40 || size > 1<<16 {
		return 0, noKey
	}
	return 0, pgpKey(d[header:])
}

// pgpKey looks at version, time, algorithm and the first number of a key.
func pgpKey(b []byte) certainty {
	if len(b) < 12 || b[0] < 3 || b[0] > 6 {
		return noKey
	}
	at := 5 // version and time
	switch b[0] {
	case 3:
		at += 2
	}
	algorithm := b[at]
	at++
	if b[0] >= 5 {
		at += 4 // octets of what follows
	}
	if at+3 > len(b) {
		return noKey
	}
	switch algorithm {
	case 1, 2, 3, 16, 17, 20: // RSA, Elgamal, DSA: a number with its length in bits
		bits := int(binary.BigEndian.Uint16(b[at:]))
		if bits < 512 || bits > 16384 || b[at+2]>>((bits-1)%8) != 1 {
			return noKey
		}
	case 18, 19, 22: // curves by their object identifier
		if n := int(b[at]); n < 3 || n > 12 || b[at+1] != 0x2A && b[at+1] != 0x2B {
			return noKey
		}
	case 25, 26, 27, 28: // X25519, X448, Ed25519, Ed448
		if b[0] < 4 {
			return noKey
		}
	default:
		return noKey
	}
	return holdsKey
}

// entries reads the entries of a key store, numbers big-endian.
type entries struct {
	data []byte
	bad  bool
}

func (e *entries) skip(n uint64) {
	if e.bad || n > uint64(len(e.data)) {
		e.bad = true
		return
	}
	e.data = e.data[n:]
}

func (e *entries) number(size int) uint64 {
	if e.bad || size > len(e.data) {
		e.bad = true
		return 0
	}
	var n uint64
	for _, b := range e.data[:size] {
		n = n<<8 | uint64(b)
	}
	e.data = e.data[size:]
	return n
}

func (e *entries) text() { e.skip(e.number(2)) }
func (e *entries) blob() { e.skip(e.number(4)) }

// findJKS reads the entries of a key store of Java up to the first with a key. One
// in which all are certificates holds none.
func findJKS(p *piece) (int, certainty) {
	const privateEntry, certificateEntry = 1, 2
	if !bytes.HasPrefix(p.data, []byte("\xFE\xED\xFE\xED\x00\x00\x00")) && !bytes.HasPrefix(p.data, []byte("\xCE\xCE\xCE\xCE\x00\x00\x00")) {
		return 0, noKey
	}
	e := &entries{data: p.data[4:]}
	version := e.number(4)
	for range e.number(4) {
		kind := e.number(4)
		e.text()
		e.skip(8) // the time
		switch {
		case e.bad:
			return 0, mayHold
		case kind == privateEntry:
			return 0, holdsKey
		case kind != certificateEntry:
			return 0, mayHold // a secret key, whose end cannot be told
		}
		if version > 1 {
			e.text()
		}
		e.blob()
	}
	if e.bad {
		return 0, mayHold
	}
	return 0, noKey
}

// findBKS reads the entries of a key store of Bouncy Castle. A sealed entry with a
// chain of certificates is a private key.
func findBKS(p *piece) (int, certainty) {
	const salt, mostIterations = 20, 1 << 24
	e := &entries{data: p.data}
	version := e.number(4)
	if size := e.number(4); version < 1 || version > 2 || size != salt {
		return 0, noKey
	}
	e.skip(salt)
	if n := e.number(4); e.bad || n == 0 || n > mostIterations {
		return 0, noKey
	}
	for {
		kind := e.number(1)
		if e.bad {
			return 0, mayHold
		}
		if kind == 0 {
			return 0, noKey
		}
		e.text()
		e.skip(8)
		chain := e.number(4)
		for range chain {
			e.text()
			e.blob()
			if e.bad {
				break
			}
		}
		switch {
		case e.bad:
			return 0, mayHold
		case kind == 1:
			e.text()
			e.blob()
		case kind == 2 && e.number(1) == 0, kind == 4 && chain > 0:
			return 0, holdsKey
		case kind == 2:
			e.text()
			e.text()
			e.blob()
		case kind == 3, kind == 4:
			return 0, mayHold
		default:
			return 0, mayHold // all of it is encrypted
		}
	}
}

// findBCFKS finds a key store whose entries are encrypted: a SEQUENCE of encrypted
// data and of its check, which is a SEQUENCE or tagged.
func findBCFKS(p *piece) (int, certainty) {
	outer, ok := header(p.data)
	if !ok || !outer.is(0x30) {
		return 0, noKey
	}
	inner, ok := header(outer.body)
	if !ok || !inner.is(0x30) || inner.rest == nil || len(inner.rest) < 2 || inner.rest[0] != 0x30 && inner.rest[0]&0xE0 != 0xA0 {
		return 0, noKey
	}
	if kind, s := derKey(outer.body); s == holdsKey && kind == kindEncrypted {
		return 0, mayHold
	}
	return 0, noKey
}

// findNSS finds the database in which NSS keeps keys, which has a table for them
// whether there are any or not.
func findNSS(p *piece) (int, certainty) {
	const schema = 64 << 10 // octets
	if bytes.HasPrefix(p.data, []byte("SQLite format 3\x00")) && bytes.Contains(p.data[:min(len(p.data), schema)], []byte("nssPrivate")) {
		return 0, mayHold
	}
	return 0, noKey
}

// The words for keys in DER.
const (
	kindPKCS8     = "PRIVATE KEY"
	kindEncrypted = "ENCRYPTED PRIVATE KEY"
	kindRSA       = "RSA PRIVATE KEY"
	kindEC        = "EC PRIVATE KEY"
	kindDSA       = "DSA PRIVATE KEY"
)

// keyAlgorithms are how the object identifiers of keys begin.
var keyAlgorithms = []string{
	"\x2A\x86\x48\x86\xF7\x0D\x01\x01",                                             // RSA: PKCS #1
	"\x2A\x86\x48\x86\xF7\x0D\x01\x03\x01",                                         // DH: PKCS #3
	"\x2A\x86\x48\xCE\x3D\x02\x01", "\x2B\x81\x04\x01\x0C", "\x2B\x81\x04\x01\x0D", // EC: RFC 5480
	"\x2A\x86\x48\xCE\x38\x04\x01", "\x2A\x86\x48\xCE\x3E\x02\x01", // DSA, DH: RFC 3279
	"\x2B\x65\x6E", "\x2B\x65\x6F", "\x2B\x65\x70", "\x2B\x65\x71", // X25519 to Ed448: RFC 8410
	"\x60\x86\x48\x01\x65\x03\x04\x03", "\x60\x86\x48\x01\x65\x03\x04\x04", // ML-DSA, SLH-DSA, ML-KEM: NIST
	"\x2A\x85\x03\x02\x02", "\x2A\x85\x03\x07\x01\x01", // GOST: RFC 4357, RFC 9215
}

// keyCiphers are how the object identifiers of encryption by password begin: PKCS #5
// and PKCS #12.
var keyCiphers = []string{"\x2A\x86\x48\x86\xF7\x0D\x01\x05", "\x2A\x86\x48\x86\xF7\x0D\x01\x0C\x01"}

// element is one DER element, which may be cut short.
type element struct {
	tag   byte
	size  uint64 // of the content, as the header says
	body  []byte // as much of it as there is
	rest  []byte // what follows; nil where the content is cut short
	start int    // octets of the header
}

func (e element) is(tag byte) bool { return e.tag == tag }

// header reads the header of an element. Only definite lengths of up to four octets
// are read.
func header(b []byte) (element, bool) {
	if len(b) < 2 {
		return element{}, false
	}
	e := element{tag: b[0], size: uint64(b[1]), start: 2}
	if b[1] >= 0x80 {
		n := int(b[1] & 0x7F)
		if n < 1 || n > 4 || len(b) < 2+n {
			return element{}, false
		}
		e.size, e.start = 0, 2+n
		for _, o := range b[2 : 2+n] {
			e.size = e.size<<8 | uint64(o)
		}
	}
	content := b[e.start:]
	if e.size <= uint64(len(content)) {
		e.body, e.rest = content[:e.size:e.size], content[e.size:]
	} else {
		e.body = content
	}
	return e, true
}

// derKey tells whether octets begin with a private key in DER: PrivateKeyInfo and
// EncryptedPrivateKeyInfo (RFC 5958), RSAPrivateKey (RFC 8017, Appendix A.1.2),
// ECPrivateKey (RFC 5915) or the form of OpenSSL for DSA. The end may be missing.
// It takes the same time however long they are.
func derKey(b []byte) (kind string, s certainty) {
	outer, ok := header(b)
	if !ok || !outer.is(0x30) || outer.size < 16 {
		return "", noKey
	}
	first, ok := header(outer.body)
	switch {
	case !ok || first.rest == nil:
	case first.is(0x30):
		if hasOID(first.body, keyCiphers) && len(first.rest) > 0 && first.rest[0] == 0x04 {
			return kindEncrypted, holdsKey
		}
	case first.is(0x02) && first.size == 1 && first.body[0] <= 1:
		return plainKey(first.body[0], outer.size, first.rest)
	}
	return "", noKey
}

// plainKey tells what follows the version of a key.
func plainKey(version byte, size uint64, b []byte) (string, certainty) {
	e, ok := header(b)
	if !ok {
		return "", noKey
	}
	const largest = 1 << 16
	switch {
	case e.is(0x30) && e.rest != nil && len(e.rest) > 1 && e.rest[0] == 0x04 && len(e.body) > 2 && e.body[0] == 0x06:
		if hasOID(e.body, keyAlgorithms) {
			return kindPKCS8, holdsKey
		}
		key, _ := header(e.rest)
		if key.rest != nil && key.size >= 16 && len(key.rest) == 0 {
			return kindPKCS8, holdsKey
		}
	case e.is(0x04) && version == 1 && 16 <= e.size && e.size <= 80 && len(e.rest) > 4:
		next, ok := header(e.rest)
		if ok && len(next.body) > 0 && (next.is(0xA0) && (next.body[0] == 0x06 || next.body[0] == 0x30) || next.is(0xA1) && next.body[0] == 0x03) {
			return kindEC, holdsKey
		}
	case e.is(0x02) && version <= 1 && 32 <= e.size && e.size <= largest:
		// The numbers of an RSA key come to some four and a half times the modulus.
		if n := e.size; 4*n <= size && size <= 6*n+128 && (e.rest == nil || len(e.rest) < 3 || e.rest[0] == 0x02 && e.rest[1] <= 9) {
			return kindRSA, holdsKey
		}
		// p, q, g, y, x
		if q, ok := header(e.rest); ok && e.rest != nil && q.is(0x02) && 20 <= q.size && q.size <= 65 && 3*e.size <= size && size <= 3*e.size+200 {
			return kindDSA, holdsKey
		}
	}
	return "", noKey
}

// hasOID reports whether an AlgorithmIdentifier names one of the algorithms.
func hasOID(algorithm []byte, list []string) bool {
	oid, ok := header(algorithm)
	return ok && oid.is(0x06) && slices.ContainsFunc(list, func(known string) bool { return bytes.HasPrefix(oid.body, []byte(known)) })
}
