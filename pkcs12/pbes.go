package pkcs12

import (
	"bytes"
	"crypto/cipher"
	rivest "crypto/rc4"
	"math"

	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/internal/ber"
	"github.com/smimechain/smimechain/pkcs12/internal/pkcs12kdf"
)

// A lockbox is an encrypted part of a PFX with all that it takes to open it but
// the password.
type lockbox struct {
	kdf        kdf
	mode       blockMode
	keySize    int
	iv         []byte // nil if it is derived
	ciphertext []byte
	contents   contents
	cutOff     bool // the end of the ciphertext is missing
}

// contents is the type of what is in a lockbox.
type contents int

const (
	safeContents contents = iota
	privateKeyInfo
)

// parseAlgorithm reads
//
//	AlgorithmIdentifier ::= SEQUENCE {
//	  algorithm   OBJECT IDENTIFIER,
//	  parameters  ANY OPTIONAL }
//
// The parameters are nil when they are absent.
func parseAlgorithm(r *ber.Reader) (oid string, params *ber.Element, err error) {
	alg, err := r.Sequence()
	if err != nil {
		return "", nil, err
	}
	if oid, err = alg.OID(); err != nil {
		return "", nil, err
	}
	if alg.Empty() {
		return oid, nil, nil
	}
	e, err := alg.Next()
	if err != nil {
		return "", nil, err
	}
	return oid, &e, alg.End()
}

// parseEncryption reads the AlgorithmIdentifier of a password-based encryption
// scheme. The error is about the structure of the identifier itself; what is
// wrong with the parameters is in the Encryption, and then the lockbox is nil.
func (in *inspector) parseEncryption(r *ber.Reader, c contents) (*Encryption, *lockbox, error) {
	oid, params, err := parseAlgorithm(r)
	if err != nil {
		return nil, nil, err
	}
	e := &Encryption{OID: oid}
	box := &lockbox{contents: c, kdf: kdf{iterations: 1}}
	if oid == oidPBES2 {
		e.Scheme = "PBES2"
		e.Err = parsePBES2(params, e, box)
	} else {
		e.Err = parsePBES1(params, e, box)
	}
	e.KDF, e.PRF, e.Cipher, e.KeyBits = box.kdf.name, box.kdf.digest.name, box.mode.name, box.mode.keyBits
	e.Iterations, e.SaltLength = box.kdf.iterations, len(box.kdf.salt)
	e.BlockSize, e.Parallel = box.kdf.r, box.kdf.p
	if e.Err != nil {
		return e, nil, nil
	}
	switch {
	case !box.mode.supported():
		e.Err = &UnsupportedError{say.New("cipher %s", box.mode.name)}
	case box.kdf.name != "scrypt" && !box.kdf.digest.available():
		e.Err = &UnsupportedError{say.New("key derivation with %s", box.kdf.digest.name)}
	default:
		e.Supported = true
		e.Err = in.check(&box.kdf)
	}
	if e.Err != nil {
		return e, nil, nil
	}
	return e, box, nil
}

// parsePBES1 reads
//
//	PBEParameter ::= SEQUENCE {
//	  salt            OCTET STRING,
//	  iterationCount  INTEGER }
//
// RFC 8018, Appendix A.3; RFC 7292, Appendix C.
func parsePBES1(params *ber.Element, e *Encryption, box *lockbox) error {
	scheme, ok := pbes1Schemes[e.OID]
	if !ok {
		e.Scheme = e.OID
		return &UnsupportedError{say.New("encryption scheme %s", e.OID)}
	}
	e.Scheme = scheme.name
	box.kdf.name, box.kdf.digest, box.mode, box.keySize = scheme.kdf, scheme.digest, scheme.mode, scheme.mode.keySize
	if params == nil {
		return &ParameterError{say.New("encryption scheme without parameters")}
	}
	r, err := params.Inside()
	if err != nil {
		return err
	}
	if box.kdf.salt, err = r.Octets(); err != nil {
		return err
	}
	iterations, err := r.Int()
	if err != nil {
		return err
	}
	box.kdf.iterations = clamp(iterations)
	return r.End()
}

// algorithm is an AlgorithmIdentifier; its parameters are nil when absent.
type algorithm struct {
	oid    string
	params *ber.Element
}

// parseSchemes reads the parameters of PBES2 and PBMAC1 (RFC 8018, Appendix A.4
// and A.5), which are the AlgorithmIdentifiers of a key derivation and of what
// the key is for.
func parseSchemes(name string, params *ber.Element) (derivation, scheme algorithm, err error) {
	if params == nil {
		return algorithm{}, algorithm{}, &ParameterError{say.New("%s without parameters", name)}
	}
	r, err := params.Inside()
	if err != nil {
		return algorithm{}, algorithm{}, err
	}
	for _, a := range []*algorithm{&derivation, &scheme} {
		if a.oid, a.params, err = parseAlgorithm(r); err != nil {
			return algorithm{}, algorithm{}, err
		}
	}
	return derivation, scheme, nil
}

// parsePBES2 reads
//
//	PBES2-params ::= SEQUENCE {
//	  keyDerivationFunc  AlgorithmIdentifier,
//	  encryptionScheme   AlgorithmIdentifier }
//
// RFC 8018, Appendix A.4.
func parsePBES2(params *ber.Element, e *Encryption, box *lockbox) error {
	derivation, cipher, err := parseSchemes("PBES2", params)
	if err != nil {
		return err
	}
	e.CipherOID = cipher.oid
	cipherErr := parseCipher(cipher.oid, cipher.params, box)

	var keyLength int64
	switch derivation.oid {
	case oidPBKDF2:
		box.kdf.name = "PBKDF2"
		keyLength, e.PRFImplied, err = parsePBKDF2(derivation.params, &box.kdf)
	case oidScrypt:
		box.kdf.name = "scrypt"
		keyLength, err = parseScrypt(derivation.params, &box.kdf)
	default:
		box.kdf.name = derivation.oid
		err = &UnsupportedError{say.New("key derivation %s", derivation.oid)}
	}
	switch {
	case err != nil:
		return err
	case cipherErr != nil:
		return cipherErr
	case box.mode.keySize == 0:
		// The parameters of RC2 do not give the length of the key.
		box.keySize = (box.mode.keyBits + 7) / 8
		if keyLength != 0 {
			if keyLength < 1 || keyLength > 128 {
				return &ParameterError{say.New("the key length does not fit the cipher")}
			}
			box.keySize = int(keyLength)
		}
	case keyLength != 0 && keyLength != int64(box.mode.keySize):
		return &ParameterError{say.New("the key length does not fit the cipher")}
	default:
		box.keySize = box.mode.keySize
	}
	return nil
}

// parsePBKDF2 reads
//
//	PBKDF2-params ::= SEQUENCE {
//	  salt            CHOICE { specified OCTET STRING, otherSource AlgorithmIdentifier },
//	  iterationCount  INTEGER,
//	  keyLength       INTEGER OPTIONAL,
//	  prf             AlgorithmIdentifier DEFAULT hmacWithSHA1 }
//
// RFC 8018, Appendix A.2. It returns the key length, 0 if absent, and whether
// the digest is the default one because none is given.
func parsePBKDF2(params *ber.Element, k *kdf) (keyLength int64, implied bool, err error) {
	k.digest = lookup(prfs, "1.2.840.113549.2.7")
	if params == nil {
		return 0, false, &ParameterError{say.New("PBKDF2 without parameters")}
	}
	r, err := params.Inside()
	if err != nil {
		return 0, false, err
	}
	if k.salt, err = r.Octets(); err != nil {
		return 0, false, err
	}
	iterations, err := r.Int()
	if err != nil {
		return 0, false, err
	}
	k.iterations = clamp(iterations)
	if keyLength, err = optionalLength(r); err != nil {
		return 0, false, err
	}
	if r.Empty() {
		return keyLength, true, nil
	}
	prf, _, err := parseAlgorithm(r)
	if err != nil {
		return 0, false, err
	}
	k.digest = lookup(prfs, prf)
	return keyLength, false, r.End()
}

// parseScrypt reads
//
//	scrypt-params ::= SEQUENCE {
//	  salt                      OCTET STRING,
//	  costParameter             INTEGER,
//	  blockSize                 INTEGER,
//	  parallelizationParameter  INTEGER,
//	  keyLength                 INTEGER OPTIONAL }
//
// RFC 7914, Section 7.
func parseScrypt(params *ber.Element, k *kdf) (keyLength int64, err error) {
	if params == nil {
		return 0, &ParameterError{say.New("scrypt without parameters")}
	}
	r, err := params.Inside()
	if err != nil {
		return 0, err
	}
	if k.salt, err = r.Octets(); err != nil {
		return 0, err
	}
	for _, to := range []*int64{&k.iterations, &k.r, &k.p} {
		v, err := r.Int()
		if err != nil {
			return 0, err
		}
		*to = clamp(v)
	}
	if keyLength, err = optionalLength(r); err != nil {
		return 0, err
	}
	return keyLength, r.End()
}

// optionalLength reads an INTEGER, if there is one, and returns it, or 0.
func optionalLength(r *ber.Reader) (int64, error) {
	e, ok, err := r.Optional(ber.Universal, ber.Integer)
	if err != nil || !ok {
		return 0, err
	}
	v, err := e.Int()
	if err != nil {
		return 0, err
	}
	if v.Sign() <= 0 {
		return math.MinInt64, nil // fits nothing
	}
	return clamp(v), nil
}

// parseCipher reads the encryption scheme of PBES2: RFC 8018, Appendix B.2.
func parseCipher(oid string, params *ber.Element, box *lockbox) error {
	if oid == oidRC2CBC {
		return parseRC2(params, box)
	}
	mode, ok := pbes2Ciphers[oid]
	if !ok {
		box.mode = named(oid, 0)
		return &UnsupportedError{say.New("cipher %s", oid)}
	}
	box.mode = mode
	if !mode.supported() {
		return &UnsupportedError{say.New("cipher %s", mode.name)}
	}
	return setIV(params, box)
}

func setIV(params *ber.Element, box *lockbox) error {
	if params == nil || !params.Is(ber.Universal, ber.OctetString) {
		return &ParameterError{say.New("cipher without an initialization vector")}
	}
	iv, err := params.Octets()
	if err != nil {
		return err
	}
	if len(iv) != box.mode.ivSize {
		return &ParameterError{say.New("the initialization vector does not fit the cipher")}
	}
	box.iv = iv
	return nil
}

// parseRC2 reads
//
//	RC2-CBC-Parameter ::= SEQUENCE {
//	  rc2ParameterVersion  INTEGER OPTIONAL,
//	  iv                   OCTET STRING }
//
// RFC 8018, Appendix B.2.3. The version stands for the effective key length.
func parseRC2(params *ber.Element, box *lockbox) error {
	box.mode = rc2CBC(0, 32)
	if params == nil {
		return &ParameterError{say.New("cipher without parameters")}
	}
	if params.Is(ber.Universal, ber.OctetString) {
		return setIV(params, box)
	}
	r, err := params.Inside()
	if err != nil {
		return err
	}
	version, err := optionalLength(r)
	if err != nil {
		return err
	}
	switch {
	case version == 0:
	case version == 160:
		box.mode = rc2CBC(0, 40)
	case version == 120:
		box.mode = rc2CBC(0, 64)
	case version == 58:
		box.mode = rc2CBC(0, 128)
	case version >= 256 && version <= 1024:
		box.mode = rc2CBC(0, int(version))
	default:
		return &ParameterError{say.New("RC2 parameter version %d", version)}
	}
	e, err := r.Next()
	if err != nil {
		return err
	}
	if err := setIV(&e, box); err != nil {
		return err
	}
	return r.End()
}

// lookup returns the digest with the given object identifier. One that is not
// in the table has its identifier for a name.
func lookup(table map[string]digest, oid string) digest {
	if d, ok := table[oid]; ok {
		return d
	}
	return digest{name: oid}
}

// open decrypts the box and says whether that worked. An error means that it was
// not tried.
func (b *lockbox) open(d *deriver, s *secret) ([]byte, ProtectionStatus, error) {
	key, iv, err := b.derive(d, s)
	if err != nil {
		return nil, statusOf(err), err
	}
	if b.mode.streaming {
		c, err := rivest.NewCipher(key)
		if err != nil {
			return nil, statusUnsupported, &UnsupportedError{say.New("%s", b.mode.name)}
		}
		plain := make([]byte, len(b.ciphertext))
		c.XORKeyStream(plain, b.ciphertext)
		out, status := b.judge(plain, plain, 1)
		return out, status, nil
	}
	block, err := b.mode.newBlock(key)
	if err != nil {
		return nil, statusUnsupported, &UnsupportedError{say.New("%s", b.mode.name)}
	}
	size := block.BlockSize()
	text := b.ciphertext
	if b.cutOff {
		if text = text[:len(text)/size*size]; len(text) < minRemains {
			return nil, statusMalformed, &ParameterError{say.New("too little is left of the encrypted content")}
		}
	}
	if len(text) == 0 || len(text)%size != 0 {
		return nil, statusMalformed, &ParameterError{say.New("the encrypted content is not a number of blocks")}
	}
	plain := make([]byte, len(text))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, text)
	out, status := b.judge(plain, unpad(plain, size), size)
	return out, status, nil
}

// minRemains is how much of a ciphertext that is cut off must be there for its
// text to say whether the password is right.
const minRemains = 64

// derive returns the key and the initialization vector.
func (b *lockbox) derive(d *deriver, s *secret) (key, iv []byte, err error) {
	switch b.kdf.name {
	case "PKCS12":
		if key, err = d.run(&b.kdf, s, pkcs12kdf.ForKey, b.keySize); err != nil {
			return nil, nil, err
		}
		if b.mode.streaming {
			return key, nil, nil
		}
		iv, err = d.run(&b.kdf, s, pkcs12kdf.ForIV, b.mode.ivSize)
		return key, iv, err
	case "PBKDF1":
		// The key is followed by the vector. RFC 8018, Section 6.1.2.
		both, err := d.run(&b.kdf, s, pkcs12kdf.ForKey, 16)
		if err != nil {
			return nil, nil, err
		}
		return both[:8], both[8:], nil
	}
	key, err = d.run(&b.kdf, s, pkcs12kdf.ForKey, b.keySize)
	return key, b.iv, err
}

// unpad removes the padding of RFC 8018, Section 6.1.1. It returns nil if that
// is not intact.
func unpad(plain []byte, size int) []byte {
	n := int(plain[len(plain)-1])
	if n < 1 || n > size {
		return nil
	}
	for _, c := range plain[len(plain)-n:] {
		if int(c) != n {
			return nil
		}
	}
	return plain[:len(plain)-n]
}

// judge tells the right key from wrong ones by what it decrypts to. It is given
// the whole decrypted text, and what is left without padding, nil if the padding
// is not intact.
//
// The key is right, and the content intact at first sight, if there is exactly
// one SEQUENCE of a plausible shape. It is right, and the content damaged, if
// the text is far too regular for chance: an object identifier that takes seven
// octets or more, or headers that agree with each other and with the length.
func (b *lockbox) judge(plain, unpadded []byte, size int) ([]byte, ProtectionStatus) {
	if unpadded != nil && b.plausible(unpadded) {
		return unpadded, StatusOK
	}
	if bytes.Contains(plain, arcPKCS) || bytes.Contains(plain, arcEC) || b.headersAgree(plain, size) {
		if unpadded != nil {
			plain = unpadded
		}
		return plain, StatusDamaged
	}
	return nil, statusFailed
}

var (
	arcPKCS = []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01}             // 1.2.840.113549.1
	arcEC   = []byte{0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01} // id-ecPublicKey
)

// plausible reports whether text is one SEQUENCE that holds what b is to hold.
func (b *lockbox) plausible(text []byte) bool {
	top := ber.New(text, nil)
	r, err := top.Sequence()
	if err != nil || !top.Empty() {
		return false
	}
	switch b.contents {
	case safeContents:
		for !r.Empty() {
			bag, err := r.Sequence()
			if err != nil {
				return false
			}
			if _, err := bag.OID(); err != nil {
				return false
			}
		}
		return true
	default:
		if e, err := r.Expect(ber.Universal, ber.Integer); err != nil || len(e.Content) > 2 {
			return false
		}
		if _, _, err := parseAlgorithm(r); err != nil {
			return false
		}
		_, err = r.Octets()
		return err == nil
	}
}

// headersAgree reports whether text starts with a SEQUENCE that ends within the
// last block, or where the file is cut off, and whose first elements are those
// of a private key. Bags have a long object identifier to be known by.
func (b *lockbox) headersAgree(text []byte, size int) bool {
	if b.contents != privateKeyInfo || len(text) < 16 {
		return false
	}
	var form ber.Form
	top := ber.NewClipping(text, &form)
	e, err := top.Expect(ber.Universal, ber.Sequence)
	if err != nil || form.Missing > size && !b.cutOff || len(top.Rest()) > size {
		return false
	}
	r, err := e.Inside()
	if err != nil {
		return false
	}
	if v, err := r.Expect(ber.Universal, ber.Integer); err != nil || len(v.Content) != 1 || v.Content[0] > 1 {
		return false
	}
	_, _, err = parseAlgorithm(r)
	return err == nil
}
