package chain

import (
	"bytes"
	"crypto"
	"slices"

	"github.com/smimechain/smimechain/lint/say"
)

const (
	leastRSA = 2048 // bits that every program takes

	clauseSerial        = "RFC 5280, Section 4.1.2.2"
	clauseDigestInfo    = "RFC 8017, Appendix B.1"
	clauseNames         = "RFC 5280, Section 7.1"
	clauseKeyIdentifier = "RFC 5280, Section 4.2.1.1"
	clauseAltName       = "RFC 5280, Section 4.2.1.6"
	clauseApplication   = "MS-WCCE, Certificate Application Policy Extension"
)

// plainKeys are the kinds of keys that every program knows.
var plainKeys = []string{"RSA", "EC P-256", "EC P-384", "EC P-521"}

// disputed returns what programs treat in different ways on a path.
func (j *judge) disputed(certs []*Certificate) []Problem {
	var list []Problem
	for i, c := range certs {
		q := c.info()
		add := func(code ProblemCode, what say.Message, clause string) {
			list = append(list, problem(i, code, what, clause))
		}
		if i < len(certs)-1 {
			if what := q.oddSerial(); !what.IsZero() {
				add(problemSerialNumber, what, clauseSerial)
			}
			if r := c.record(certs[i+1].info().spki); r != nil && r.bare {
				add(problemSignatureEncoding, say.New("a DigestInfo without NULL"), clauseDigestInfo)
			}
			if !q.signed.plain() {
				add(problemSignatureScheme, say.New("%s", q.signed.name), "")
			}
			if issuer := certs[i+1].info(); !bytes.Equal(q.issuer, issuer.subject) {
				add(problemIssuerName, say.New("its issuer writes the name otherwise"), clauseNames)
			} else if len(q.ext.aki) > 0 && len(issuer.ext.ski) > 0 && !bytes.Equal(q.ext.aki, issuer.ext.ski) {
				add(problemKeyIdentifier, say.New("the key identifier of its issuer is another"), clauseKeyIdentifier)
			}
		}
		if j.issues(i) {
			switch k := c.publicKey(); {
			case k.damaged():
				add(problemKeyAlgorithm, say.New("%s, and the key cannot be read", k.kind), "")
			case !k.plain():
				add(problemKeyAlgorithm, say.New("%s", k.kind), "")
			case k.kind.Algorithm == "RSA" && k.kind.Bits < leastRSA:
				add(problemKeySize, say.New("%s", k.kind), "")
			}
			if what := q.ext.oddTree; !what.IsZero() {
				add(problemSubtree, what, clauseConstraints)
			}
		}
		if i == 0 && !q.ext.isCA && len(q.subjectKey) == 0 && !q.ext.sanCritical {
			add(problemAltName, say.New("it has no other name"), clauseAltName)
		}
		if q.ext.san.beyond {
			add(problemEncoding, say.New("an rfc822Name beyond ASCII"), clauseAltName)
		}
		if q.ext.usagePadded {
			add(problemEncoding, say.New("keyUsage with bits in its padding"), "X.690, Section 11.2.1")
		}
		if j.opts.Distrust != nil {
			if code, why := j.opts.Distrust(certs, i, j.at); !why.IsZero() {
				add(code, why, "")
			}
		}
		if j.anyEKU {
			continue
		}
		if e := &q.ext; !slices.Contains(e.eku, j.eku) && slices.Contains(e.eku, oidAnyEKU) {
			add(problemAnyUsage, say.Message{}, clauseEKU)
		}
		if e := &q.ext; e.hasApplication && !slices.Contains(e.application, j.eku) && !slices.Contains(e.application, oidAnyEKU) && !slices.Contains(e.application, oidAnyApplication) {
			add(problemApplicationPolicy, say.Message{}, clauseApplication)
		}
	}
	return list
}

// oddSerial says what RFC 5280 forbids of the serial number.
func (p *parsed) oddSerial() say.Message {
	switch n := shortInteger(p.serial); {
	case len(n) == 0:
		return say.New("no octets")
	case n[0]&0x80 != 0:
		return say.New("negative")
	case len(n) == 1 && n[0] == 0:
		return say.New("zero")
	case len(n) > 20:
		return say.New("%d octets", len(n))
	default:
		return say.Message{}
	}
}

// damaged reports whether the key is of a kind that every program knows and is none, such as
// a point that is not on its curve. No signature can be checked with it, its own among them.
func (k *publicKey) damaged() bool { return k.plain() && k.rsa == nil && k.ec == nil }

// plain reports whether every program knows the kind of key.
func (k *publicKey) plain() bool {
	if k.kind.Algorithm == "RSA" {
		return true
	}
	return slices.Contains(plainKeys, k.kind.String())
}

// plain reports whether every program knows the scheme. Weak ones are problems of
// their own.
func (s *scheme) plain() bool {
	switch s.hash {
	case crypto.SHA1, crypto.SHA256, crypto.SHA384, crypto.SHA512:
		return s.mask == 0
	default:
		return false
	}
}
