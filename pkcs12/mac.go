package pkcs12

import (
	"crypto/hmac"

	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/internal/ber"
	"github.com/smimechain/smimechain/pkcs12/internal/pkcs12kdf"
)

// A macCheck is what it takes to verify a MAC.
type macCheck struct {
	kdf     kdf
	digest  digest // of the HMAC
	keySize int
	value   []byte
	content []byte // the octets under the MAC
}

// parseMAC reads
//
//	MacData ::= SEQUENCE {
//	  mac         DigestInfo,
//	  macSalt     OCTET STRING,
//	  iterations  INTEGER DEFAULT 1 }
//	DigestInfo ::= SEQUENCE {
//	  digestAlgorithm  AlgorithmIdentifier,
//	  digest           OCTET STRING }
//
// RFC 7292, Section 4. With PBMAC1 the salt and iterations of MacData mean
// nothing (RFC 9579, Section 4). The error is about the structure; what is wrong
// with the parameters is in the MAC.
func (in *inspector) parseMAC(r *ber.Reader) (*MAC, *macCheck, error) {
	info, err := r.Sequence()
	if err != nil {
		return nil, nil, err
	}
	oid, params, err := parseAlgorithm(info)
	if err != nil {
		return nil, nil, err
	}
	c := new(macCheck)
	if c.value, err = info.Octets(); err != nil {
		return nil, nil, err
	}
	if c.kdf.salt, err = r.Octets(); err != nil {
		return nil, nil, err
	}
	c.kdf.iterations = 1
	if e, ok, err := r.Optional(ber.Universal, ber.Integer); err != nil {
		return nil, nil, err
	} else if ok {
		v, err := e.Int()
		if err != nil {
			return nil, nil, err
		}
		c.kdf.iterations = clamp(v)
	}
	in.ended(nil, info, r)

	m := &MAC{OID: oid}
	if oid == oidPBMAC1 {
		m.Err = in.parsePBMAC1(params, c)
	} else {
		c.kdf.name = "PKCS12"
		c.digest = lookup(digests, oid)
		c.kdf.digest = c.digest
		if c.digest.available() {
			c.keySize = c.digest.hash.Size()
		} else {
			m.Err = &UnsupportedError{say.New("MAC digest %s", c.digest.name)}
		}
	}
	m.Digest, m.KDF = c.digest.name, c.kdf.name
	if m.KDF == "PBKDF2" {
		m.PRF = c.kdf.digest.name
	}
	m.Iterations, m.SaltLength, m.KeyLength = c.kdf.iterations, len(c.kdf.salt), c.keySize
	if m.Err == nil {
		m.Err = in.check(&c.kdf)
	}
	m.Status = statusOf(m.Err)
	return m, c, nil
}

// parsePBMAC1 reads
//
//	PBMAC1-params ::= SEQUENCE {
//	  keyDerivationFunc  AlgorithmIdentifier,
//	  messageAuthScheme  AlgorithmIdentifier }
//
// RFC 8018, Appendix A.5. The key length must be given and not be short: RFC
// 9579, Sections 4 and 9.
func (in *inspector) parsePBMAC1(params *ber.Element, c *macCheck) error {
	c.kdf = kdf{name: "PBKDF2", iterations: 1}
	derivation, mac, err := parseSchemes("PBMAC1", params)
	if err != nil {
		return err
	}
	c.digest = lookup(prfs, mac.oid)
	if derivation.oid != oidPBKDF2 {
		c.kdf.name = derivation.oid
		return &UnsupportedError{say.New("PBMAC1 key derivation %s", derivation.oid)}
	}
	keyLength, _, err := parsePBKDF2(derivation.params, &c.kdf)
	if err != nil {
		return err
	}
	c.keySize = int(min(max(keyLength, 0), 1<<31-1))
	switch {
	case keyLength == 0:
		return &ParameterError{say.New("PBMAC1 does not say how long its key is")}
	case keyLength < minPBMAC1Key:
		return &ParameterError{say.New("the PBMAC1 key is so short that the MAC proves nothing")}
	case keyLength > maxPBMAC1Key:
		return &ParameterError{say.New("the PBMAC1 key is longer than any digest")}
	case !c.digest.available():
		return &UnsupportedError{say.New("PBMAC1 digest %s", c.digest.name)}
	case !c.kdf.digest.available():
		return &UnsupportedError{say.New("PBMAC1 key derivation digest %s", c.kdf.digest.name)}
	}
	return nil
}

// verify reports whether the MAC is right under the secret.
func (c *macCheck) verify(d *deriver, s *secret) (bool, error) {
	key, err := d.run(&c.kdf, s, pkcs12kdf.ForMAC, c.keySize)
	if err != nil {
		return false, err
	}
	h := hmac.New(c.digest.hash.New, key)
	h.Write(c.content)
	return hmac.Equal(h.Sum(nil), c.value), nil
}
