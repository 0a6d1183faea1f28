package pkcs12

import (
	"errors"

	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/internal/ber"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// Object identifiers of bags and their contents. RFC 7292, Section 4.2 and
// Appendix D.
const (
	oidKeyBag          = "1.2.840.113549.1.12.10.1.1"
	oidShroudedKeyBag  = "1.2.840.113549.1.12.10.1.2"
	oidCertBag         = "1.2.840.113549.1.12.10.1.3"
	oidCRLBag          = "1.2.840.113549.1.12.10.1.4"
	oidSecretBag       = "1.2.840.113549.1.12.10.1.5"
	oidSafeContentsBag = "1.2.840.113549.1.12.10.1.6"

	oidX509Certificate = "1.2.840.113549.1.9.22.1"
	oidX509CRL         = "1.2.840.113549.1.9.23.1"
)

// parseBags reads
//
//	SafeContents ::= SEQUENCE OF SafeBag
//
// On an error it returns the bags before it.
func (in *inspector) parseBags(r *ber.Reader, at BagRef, level int) ([]Bag, error) {
	list, err := r.Sequence()
	if err != nil {
		return nil, err
	}
	in.ended(at, r)
	var bags []Bag
	for !list.Empty() {
		if in.bags >= in.limits.Bags {
			if !in.report.Has(codeBags) {
				in.find(codeBags, severityError, at[:1], "more than %d bags in the file: the rest was not read", in.limits.Bags)
			}
			return bags, nil
		}
		in.bags++
		ref := append(at[:len(at):len(at)], len(bags))
		b, err := in.parseBag(list, ref, level)
		if err != nil {
			return bags, err
		}
		bags = append(bags, b)
	}
	return bags, nil
}

// parseBag reads
//
//	SafeBag ::= SEQUENCE {
//	  bagId          OBJECT IDENTIFIER,
//	  bagValue       [0] EXPLICIT ANY DEFINED BY bagId,
//	  bagAttributes  SET OF PKCS12Attribute OPTIONAL }
//
// RFC 7292, Section 4.2. The error is about the structure up to the value; what
// is wrong with the value is in the bag.
func (in *inspector) parseBag(list *ber.Reader, at BagRef, level int) (Bag, error) {
	var b Bag
	r, err := list.Sequence()
	if err != nil {
		return b, err
	}
	if b.OID, err = r.OID(); err != nil {
		return b, err
	}
	value, err := r.Inside(ber.ContextSpecific, 0)
	if err != nil {
		return b, err
	}
	if set, ok, err := r.Optional(ber.Universal, ber.Set); err != nil {
		return b, err
	} else if ok {
		attributes, err := set.Inside()
		if err == nil {
			err = in.parseAttributes(&b, attributes, at)
		}
		if err != nil {
			in.find(codeMalformed, severityWarning, at, "attributes of the bag: %v", err)
		}
	}
	switch b.OID {
	case oidKeyBag:
		b.Kind = BagKey
		var e ber.Element
		if e, b.Err = value.Expect(ber.Universal, ber.Sequence); b.Err == nil {
			in.setKey(&b, e.Raw, at)
		}
	case oidShroudedKeyBag:
		b.Kind = BagShroudedKey
		b.Err = in.parseShrouded(&b, value, at)
	case oidCertBag:
		b.Kind = bagCertificate
		b.Err = in.parseCertificate(&b, value, at)
	case oidCRLBag:
		b.Kind = bagCRL
		b.Err = in.parseCRL(&b, value, at)
	case oidSecretBag:
		b.Kind = bagSecret
		b.Err = in.parseSecret(&b, value, at)
	case oidSafeContentsBag:
		b.Kind = BagSafeContents
		if level >= in.limits.Nesting {
			b.Err = &LimitError{codeNesting, int64(level) + 1, int64(in.limits.Nesting)}
			in.find(codeNesting, severityError, at, "bags are nested more than %d levels deep: the rest was not read", in.limits.Nesting)
			return b, nil
		}
		b.Bags, b.Err = in.parseBags(value, at, level+1)
	default:
		b.Err = &UnsupportedError{say.New("bag type %s", b.OID)}
		in.find(codeUnsupported, severityWarning, at, "unknown type of bag, %s", b.OID)
		return b, nil
	}
	if b.Err != nil {
		in.find(codeMalformed, severityError, at, "%s bag: %v", b.Kind, b.Err)
	} else {
		in.ended(at, r, value)
	}
	return b, nil
}

// ended finds what is behind the last element that belongs to some structures. Where the
// file was cut off, or content damaged, that is told elsewhere.
func (in *inspector) ended(at BagRef, readers ...*ber.Reader) {
	for _, r := range readers {
		if err := r.End(); err != nil && in.form.Missing == 0 && !in.torn {
			in.report.surplus = true
			in.find(codeMalformed, severityWarning, at, "more than belongs there: %v", err)
		}
	}
}

// typed reads
//
//	SEQUENCE { type OBJECT IDENTIFIER, value [0] EXPLICIT ANY }
//
// and returns the Reader for the value.
func (in *inspector) typed(r *ber.Reader, at BagRef) (string, *ber.Reader, error) {
	seq, err := r.Sequence()
	if err != nil {
		return "", nil, err
	}
	oid, err := seq.OID()
	if err != nil {
		return "", nil, err
	}
	value, err := seq.Inside(ber.ContextSpecific, 0)
	if err == nil {
		in.ended(at, seq)
	}
	return oid, value, err
}

func (in *inspector) parseCertificate(b *Bag, r *ber.Reader, at BagRef) error {
	oid, value, err := in.typed(r, at)
	b.Type = oid
	if err != nil {
		return err
	}
	if oid != oidX509Certificate {
		in.find(codeUnsupported, severityWarning, at, "a certificate that is not X.509 (type %s)", oid)
		return nil
	}
	raw, err := value.Octets()
	if err != nil {
		return err
	}
	in.ended(at, value)
	b.Certificate = in.certificates.Certificate(in.keep(raw))
	if err := b.Certificate.Err(); err != nil {
		in.find(codeCertificate, severityWarning, at, "the certificate cannot be read: %v", err)
	}
	return nil
}

func (in *inspector) parseCRL(b *Bag, r *ber.Reader, at BagRef) error {
	oid, value, err := in.typed(r, at)
	b.Type = oid
	if err != nil || oid != oidX509CRL {
		return err
	}
	raw, err := value.Octets()
	if err != nil {
		return err
	}
	in.ended(at, value)
	c := pkcs7.ParseCRL(in.keep(raw))
	b.CRL = &c
	return nil
}

func (in *inspector) parseSecret(b *Bag, r *ber.Reader, at BagRef) error {
	oid, value, err := in.typed(r, at)
	b.Type = oid
	if err != nil {
		return err
	}
	e, err := value.Next()
	if err == nil {
		in.ended(at, value)
	}
	b.SecretSize = len(e.Content)
	return err
}

// parseShrouded reads
//
//	EncryptedPrivateKeyInfo ::= SEQUENCE {
//	  encryptionAlgorithm  AlgorithmIdentifier,
//	  encryptedData        OCTET STRING }
//
// RFC 5958, Section 3.
func (in *inspector) parseShrouded(b *Bag, value *ber.Reader, at BagRef) error {
	r, err := value.Sequence()
	if err != nil {
		return err
	}
	if b.Encryption, b.box, err = in.parseEncryption(r, privateKeyInfo); err != nil {
		return err
	}
	b.Status = statusOf(b.Encryption.Err)
	ciphertext, err := r.Octets()
	if err != nil {
		b.box = nil
		return err
	}
	in.ended(at, r)
	if b.box != nil {
		b.box.ciphertext, b.box.cutOff = ciphertext, in.form.Missing != 0
	}
	return nil
}

// setKey reads the public side of a private key into b.
func (in *inspector) setKey(b *Bag, pkcs8 []byte, at BagRef) {
	b.Key = parseKey(pkcs8, in.tries > 0)
	in.tries = max(0, in.tries-1)
	in.traces.addKey(pkcs8)
	if in.keepKeys {
		b.pkcs8 = in.keep(pkcs8)
	}
	var unsupported *UnsupportedError
	switch {
	case b.Key.Err == nil:
	case errors.Is(b.Key.Err, errInconsistent):
		in.find(codeKeyInconsistent, severityError, at, "%v", b.Key.Err)
	case errors.As(b.Key.Err, &unsupported):
		in.find(codeUnsupported, severityInfo, at, "the public key cannot be told: %v", b.Key.Err)
	default:
		in.find(codeKey, severityError, at, "the private key cannot be read: %v", b.Key.Err)
	}
}
