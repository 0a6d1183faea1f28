package sst

import (
	"bytes"
	"time"
)

// certFields are the parts of a certificate that this package needs, sliced out
// of the DER without judging them, so that certificates which crypto/x509
// refuses are covered too. RFC 5280, Section 4.1.
type certFields struct {
	tbs      []byte // with its header
	hasV3    bool   // version 3
	serial   []byte // content octets of the INTEGER
	issuer   []byte // Name with its header
	subject  []byte // Name with its header
	spki     []byte // SubjectPublicKeyInfo with its header
	validity cursor // the two times
	exts     []byte // content of the SEQUENCE of extensions
}

// sliceIssuerSerial reads up to the issuer.
func sliceIssuerSerial(raw []byte, f *certFields) (rest cursor, ok bool) {
	c := cursor(raw)
	cert, ok := c.value(tagSequence)
	if !ok {
		return nil, false
	}
	in := cursor(cert)
	if f.tbs, ok = in.element(tagSequence); !ok {
		return nil, false
	}
	t := cursor(f.tbs[headerLength(f.tbs):])
	if v, ok := t.value(0xa0); ok {
		f.hasV3 = bytes.Equal(v, []byte{tagInteger, 1, 2})
	}
	if f.serial, ok = t.value(tagInteger); !ok {
		return nil, false
	}
	if _, ok = t.element(tagSequence); !ok {
		return nil, false
	}
	if f.issuer, ok = t.element(tagSequence); !ok {
		return nil, false
	}
	return t, true
}

// sliceCertificate reads all of certFields.
func sliceCertificate(raw []byte) (f certFields, ok bool) {
	t, ok := sliceIssuerSerial(raw, &f)
	if !ok {
		return f, false
	}
	v, ok := t.value(tagSequence)
	if !ok {
		return f, false
	}
	f.validity = cursor(v)
	if f.subject, ok = t.element(tagSequence); !ok {
		return f, false
	}
	if f.spki, ok = t.element(tagSequence); !ok {
		return f, false
	}
	t.element(0x81)
	t.element(0x82)
	if x, ok := t.value(0xa3); ok {
		in := cursor(x)
		if f.exts, ok = in.value(tagSequence); !ok {
			return f, false
		}
	}
	return f, true
}

// extension returns the value of the extension whose id ends in 2.5.29.n.
func (f *certFields) extension(n byte) ([]byte, bool) {
	want := []byte{0x55, 0x1d, n}
	for c := cursor(f.exts); len(c) > 0; {
		x, ok := c.value(tagSequence)
		if !ok {
			return nil, false
		}
		in := cursor(x)
		id, ok := in.value(tagOID)
		if !ok {
			return nil, false
		}
		if !bytes.Equal(id, want) {
			continue
		}
		in.element(tagBoolean)
		return in.value(tagOctets)
	}
	return nil, false
}

const (
	extSubjectKeyID     = 14
	extBasicConstraints = 19
)

// isCA reports whether the certificate may issue others: basic constraints
// say so. A certificate before version 3 cannot have them, and counts if it is
// self-issued, as old roots are.
func (f *certFields) isCA() bool {
	if !f.hasV3 {
		return bytes.Equal(f.issuer, f.subject)
	}
	if v, ok := f.extension(extBasicConstraints); ok {
		c := cursor(v)
		if in, ok := c.value(tagSequence); ok {
			b := cursor(in)
			if ca, ok := b.value(tagBoolean); ok && !allZero(ca) {
				return true
			}
		}
	}
	return false
}

// notAfter returns the end of the validity.
func (f *certFields) notAfter() (time.Time, bool) {
	c := f.validity
	if _, ok := readTime(&c); !ok {
		return time.Time{}, false
	}
	return readTime(&c)
}

// readTime reads a UTCTime or GeneralizedTime, also without seconds or with an
// offset, which certificates before RFC 2459 have.
func readTime(c *cursor) (time.Time, bool) {
	if v, ok := c.value(tagUTCTime); ok {
		for _, format := range []string{"060102150405Z0700", "0601021504Z0700"} {
			if t, err := time.Parse(format, string(v)); err == nil {
				if t.Year() >= 2050 { // RFC 5280, Section 4.1.2.5.1
					t = t.AddDate(-100, 0, 0)
				}
				return t.UTC(), true
			}
		}
		return time.Time{}, false
	}
	if v, ok := c.value(tagTime); ok {
		if t, err := time.Parse("20060102150405Z0700", string(v)); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// IssuerSerial returns the DER of the issuer's Name and the content octets of
// the serial number, a signed big-endian number, sliced out of Raw. It needs no
// parsed certificate and allocates nothing. The signature and everything else
// are not looked at. The error is a [*FormatError].
func (e *Element) IssuerSerial() (issuer, serial []byte, err error) {
	if e.Kind != Certificate {
		return nil, nil, &FormatError{Offset: e.Offset, ID: e.recordID(), Err: errKind}
	}
	var f certFields
	if _, ok := sliceIssuerSerial(e.Raw, &f); !ok {
		return nil, nil, &FormatError{Offset: e.Offset, ID: idCertificate, Err: errNotDER}
	}
	return f.issuer, f.serial, nil
}
