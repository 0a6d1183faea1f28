package chain

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/smimechain/smimechain/lint/say"
	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Certificate is one certificate as it was found. [ParseCertificate] and
// [FromX509] make one; one that is composed by hand needs Raw alone.
//
// It reads itself, once, when it is first asked, and remembers what it has once
// computed, signature checks included, so one Certificate should stand for one
// certificate wherever it is used: package bundle and package lint hand on the
// same pointer. It must not be copied or changed once used. All methods are safe
// for concurrent use and do not depend on what crypto/x509 thinks of the
// certificate: they work as far as the octets allow.
type Certificate struct {
	Raw []byte `json:"raw"` // DER

	given *x509.Certificate // that it was made from; nil otherwise

	once   sync.Once
	parsed *parsed

	keyOnce sync.Once
	key     *publicKey

	shaOnce sync.Once
	sha     [sha256.Size]byte

	sigMu sync.Mutex
	sigs  atomic.Pointer[sigRecord]
}

// ParseCertificate makes a Certificate of DER. It never returns nil: what is no
// certificate says so by [Certificate.Err]. The slice is kept, not copied.
func ParseCertificate(der []byte) *Certificate { return &Certificate{Raw: der} }

// FromX509 makes a Certificate of one that is already parsed, and shares its
// memory. Of nil it makes one that is on no path.
func FromX509(c *x509.Certificate) *Certificate {
	if c == nil {
		return new(Certificate)
	}
	return &Certificate{Raw: c.Raw, given: c}
}

// X509 returns what crypto/x509 makes of the certificate, or its reason to refuse
// it. It is read anew at each call, unless the certificate was made from it: the
// form of crypto/x509 takes more memory than all the rest.
func (c *Certificate) X509() (*x509.Certificate, error) {
	if c.given != nil {
		return c.given, nil
	}
	return x509.ParseCertificate(c.Raw)
}

// Err returns why the certificate cannot be read, nil if it can. One that cannot be read
// issues nothing: it is on no path but a rejected one of its own. What is wrong with single extensions is told by
// [Certificate.Malformed], and is a problem of the paths that lead through it.
func (c *Certificate) Err() error { return c.info().err }

// parsed is the package's own reading of a certificate.
type parsed struct {
	err error // the walk failed; everything below may be missing

	tbs, serial, issuer, subject, spki, signature []byte
	issuerKey, subjectKey                         nameKey
	signed                                        *scheme
	rsa                                           bool // the key is for RSA of every kind
	algorithmsDiffer                              bool
	version                                       int
	notBefore, notAfter                           time.Time
	ext                                           extensions
}

func (c *Certificate) info() *parsed {
	c.once.Do(func() {
		c.parsed = parseCertificate(c.Raw)
	})
	return c.parsed
}

var errStructure = say.Errorf("not a certificate")

// parseCertificate walks
//
//	Certificate ::= SEQUENCE {
//	    tbsCertificate      SEQUENCE {
//	        version         [0] INTEGER DEFAULT v1,
//	        serialNumber    INTEGER,
//	        signature       SEQUENCE,
//	        issuer          SEQUENCE,
//	        validity        SEQUENCE { notBefore, notAfter },
//	        subject         SEQUENCE,
//	        subjectPublicKeyInfo SEQUENCE,
//	        issuerUniqueID  [1] OPTIONAL, subjectUniqueID [2] OPTIONAL,
//	        extensions      [3] SEQUENCE OPTIONAL },
//	    signatureAlgorithm  SEQUENCE,
//	    signatureValue      BIT STRING }
//
// and does not mind what crypto/x509 minds inside the fields.
func parseCertificate(der []byte) *parsed {
	p := new(parsed)
	p.ext.pathLen, p.ext.requireExplicit, p.ext.inhibitMapping, p.ext.inhibitAny = -1, -1, -1, -1
	p.err = errStructure
	input := cryptobyte.String(der)
	var cert, tbs, element cryptobyte.String
	if !input.ReadASN1(&cert, casn1.SEQUENCE) || !input.Empty() || !cert.ReadASN1Element(&element, casn1.SEQUENCE) {
		return p
	}
	p.tbs = element
	var outer, sig cryptobyte.String
	if !cert.ReadASN1Element(&outer, casn1.SEQUENCE) || !cert.ReadASN1(&sig, casn1.BIT_STRING) || len(sig) < 1 {
		return p
	}
	if sig[0] == 0 { // whole octets
		p.signature = sig[1:]
	}
	if !element.ReadASN1(&tbs, casn1.SEQUENCE) {
		return p
	}
	var version, serial, alg, issuer, validity, subject, spki cryptobyte.String
	var has bool
	if !tbs.ReadOptionalASN1(&version, &has, casn1.Tag(0).ContextSpecific().Constructed()) {
		return p
	}
	p.version = 1
	if has {
		var v int
		if !version.ReadASN1Integer(&v) {
			return p
		}
		p.version = v + 1
	}
	if !tbs.ReadASN1(&serial, casn1.INTEGER) ||
		!tbs.ReadASN1Element(&alg, casn1.SEQUENCE) ||
		!tbs.ReadASN1Element(&issuer, casn1.SEQUENCE) ||
		!tbs.ReadASN1(&validity, casn1.SEQUENCE) ||
		!tbs.ReadASN1Element(&subject, casn1.SEQUENCE) ||
		!tbs.ReadASN1Element(&spki, casn1.SEQUENCE) {
		return p
	}
	p.serial, p.issuer, p.subject, p.spki = serial, issuer, subject, spki
	p.algorithmsDiffer = !bytes.Equal(alg, outer)
	p.signed, p.rsa = readScheme(alg), keyAlgorithm(spki) == "RSA"
	var ok1, ok2 bool
	p.issuerKey, ok1 = parseNameKey(issuer)
	p.subjectKey, ok2 = parseNameKey(subject)
	var bad error // that leaves the rest to be read
	if !ok1 || !ok2 {
		bad = say.Errorf("malformed name")
	}
	var ok bool
	if p.notBefore, ok = readTime(&validity); ok {
		p.notAfter, ok = readTime(&validity)
	}
	if !ok {
		bad = say.Errorf("malformed validity")
	}
	p.readRest(tbs, bad)
	return p
}

// readRest reads what follows the key, and sets the error to bad where that can be read.
// crypto/x509 looks for identifiers from version 2 on, and for extensions in version 3
// alone; it does not mind what stands there otherwise.
func (p *parsed) readRest(tbs cryptobyte.String, bad error) {
	var skip, wrapped, list cryptobyte.String
	var has bool
	if p.version > 1 && (!tbs.ReadOptionalASN1(&skip, &has, casn1.Tag(1).ContextSpecific()) ||
		!tbs.ReadOptionalASN1(&skip, &has, casn1.Tag(2).ContextSpecific())) {
		return
	}
	extended := casn1.Tag(3).ContextSpecific().Constructed()
	if p.version != 3 {
		p.err = bad
		switch {
		case tbs.Empty():
		case tbs.PeekASN1Tag(extended): // RFC 5280, Section 4.1.2.9
			p.ext.bad("malformed: extensions in a certificate that is not of version 3")
		default:
			p.ext.bad("malformed: field after the key")
		}
		return
	}
	if !tbs.ReadOptionalASN1(&wrapped, &has, extended) {
		return
	}
	p.err = bad
	switch {
	case !has:
	case !wrapped.ReadASN1(&list, casn1.SEQUENCE) || !wrapped.Empty():
		p.ext.bad("malformed: extension list")
	default:
		p.ext.parse(list)
	}
	if !tbs.Empty() { // nor does it mind this
		p.ext.bad("malformed: field after the extensions")
	}
}

func readTime(s *cryptobyte.String) (t time.Time, ok bool) {
	switch {
	case len(*s) >= 15 && (*s)[0] == byte(casn1.UTCTime) && (*s)[1] == 13:
		// As nearly all are; cryptobyte takes as long for it as for the rest together.
		if t, ok = utcTime((*s)[2:15]); ok {
			s.Skip(15)
		}
	case s.PeekASN1Tag(casn1.UTCTime):
		ok = s.ReadASN1UTCTime(&t)
	case s.PeekASN1Tag(casn1.GeneralizedTime):
		ok = s.ReadASN1GeneralizedTime(&t)
	}
	return t, ok
}

// utcTime reads YYMMDDhhmmssZ (RFC 5280, Section 4.1.2.5.1).
func utcTime(b []byte) (time.Time, bool) {
	var n [6]int
	for i := range n {
		x, y := b[2*i]-'0', b[2*i+1]-'0'
		if x > 9 || y > 9 {
			return time.Time{}, false
		}
		n[i] = int(x)*10 + int(y)
	}
	year := 2000 + n[0]
	if n[0] >= 50 {
		year = 1900 + n[0]
	}
	t := time.Date(year, time.Month(n[1]), n[2], n[3], n[4], n[5], 0, time.UTC)
	// A day that there is not has changed the month; an hour, a minute or a second have changed what is before.
	return t, b[12] == 'Z' && t.Month() == time.Month(n[1]) && t.Hour() == n[3] && t.Minute() == n[4]
}

// SHA256 returns the fingerprint: the SHA-256 hash of Raw.
func (c *Certificate) SHA256() [sha256.Size]byte {
	c.shaOnce.Do(func() { c.sha = sha256.Sum256(c.Raw) })
	return c.sha
}

// SPKISHA256 returns the SHA-256 hash of the DER SubjectPublicKeyInfo, all
// zero if it was not found.
func (c *Certificate) SPKISHA256() (sum [sha256.Size]byte) {
	if spki := c.info().spki; spki != nil {
		sum = sha256.Sum256(spki)
	}
	return sum
}

// RawSubject returns the DER subject, nil if it was not found.
func (c *Certificate) RawSubject() []byte { return c.info().subject }

// RawIssuer returns the DER issuer, nil if it was not found.
func (c *Certificate) RawIssuer() []byte { return c.info().issuer }

// RawSubjectPublicKeyInfo returns the DER public key, nil if it was not found.
func (c *Certificate) RawSubjectPublicKeyInfo() []byte { return c.info().spki }

// Subject returns the subject in the form of RFC 2253.
func (c *Certificate) Subject() string { return NameString(c.info().subject) }

// Issuer returns the issuer in the form of RFC 2253.
func (c *Certificate) Issuer() string { return NameString(c.info().issuer) }

// SubjectKeyID returns the subject key identifier, nil if there is none.
func (c *Certificate) SubjectKeyID() []byte { return c.info().ext.ski }

// AuthorityKeyID returns the key identifier of the issuer, nil if there is
// none.
func (c *Certificate) AuthorityKeyID() []byte { return c.info().ext.aki }

// SerialNumber returns the contents octets of the serial number: big endian,
// two's complement.
func (c *Certificate) SerialNumber() []byte { return c.info().serial }

// NotBefore returns the start of the validity period, zero if not found.
func (c *Certificate) NotBefore() time.Time { return c.info().notBefore }

// NotAfter returns the end of the validity period, zero if not found.
func (c *Certificate) NotAfter() time.Time { return c.info().notAfter }

// AIA returns the caIssuers addresses of the authority information access
// extension.
func (c *Certificate) AIA() []string { return c.info().ext.aia }

// CRLDistributionPoints returns the addresses of the CRLs.
func (c *Certificate) CRLDistributionPoints() []string { return c.info().ext.pointAddresses() }

// Malformed returns what the package's own reading found wrong with the
// structure, in words, and nil for a well-formed certificate. It is
// independent of what crypto/x509 thinks of it.
func (c *Certificate) Malformed() []string {
	p := c.info()
	if p.err != nil {
		return []string{p.err.Error()}
	}
	var list []string
	for _, w := range p.ext.malformed {
		list = append(list, w.String())
	}
	return list
}

// SelfIssued reports whether subject and issuer are the same name, by the
// comparison of RFC 5280, Section 7.1.
func (c *Certificate) SelfIssued() bool {
	p := c.info()
	return p.err == nil && p.issuerKey == p.subjectKey
}

// SelfSigned reports whether the certificate is self-issued and its signature
// verifies under its own key. Where the signature cannot be checked (MD5, an
// unknown algorithm or key), the key identifiers decide: programs trust an anchor for
// being in their store, not for its signature.
func (c *Certificate) SelfSigned() bool {
	if !c.SelfIssued() {
		return false
	}
	err, _ := c.signedBy(c)
	if errors.Is(err, ErrUnsupportedAlgorithm) {
		a, s := c.AuthorityKeyID(), c.SubjectKeyID()
		return len(a) == 0 || len(s) == 0 || bytes.Equal(a, s)
	}
	return err == nil
}

// ErrUnsupportedAlgorithm says that a signature cannot be checked here: its
// algorithm or the key is not known, too large, or, as MD5, too weak to prove
// anything. An error that wraps it names the algorithm or the key.
var ErrUnsupportedAlgorithm = say.Errorf("the signature cannot be checked")

// SignedBy reports whether the names and the signature of c fit issuer: nil
// if they do. Whether the issuer may issue is not looked at. The error wraps
// [ErrUnsupportedAlgorithm] where nothing can be told.
func (c *Certificate) SignedBy(issuer *Certificate) error {
	if issuer == nil {
		return say.Errorf("no issuer")
	}
	p, q := c.info(), issuer.info()
	if p.err != nil || q.err != nil {
		return errStructure
	}
	if p.issuerKey != q.subjectKey {
		return say.Errorf("the names differ")
	}
	err, _ := c.signedBy(issuer)
	return err
}

// sigRecord remembers the outcome of one signature check. Records form a list
// that only grows at its head.
type sigRecord struct {
	spki []byte
	err  error
	bare bool // without the parameters of its hash
	next *sigRecord
}

// errBadSignature is the outcome of a check that failed.
var errBadSignature = say.Errorf("the signature does not verify")

// record returns the outcome of checking c under the key spki, nil if it is not known.
func (c *Certificate) record(spki []byte) *sigRecord {
	for r := c.sigs.Load(); r != nil; r = r.next {
		if len(r.spki) == len(spki) && (&r.spki[0] == &spki[0] || bytes.Equal(r.spki, spki)) {
			return r
		}
	}
	return nil
}

// remembered is record for those who ask whether the signature verifies.
func (c *Certificate) remembered(spki []byte) (error, bool) {
	if r := c.record(spki); r != nil {
		return r.err, true
	}
	return nil, false
}

// signedBy checks the signature of c under the key of issuer, at most once
// for each key. It reports whether a check was made now.
func (c *Certificate) signedBy(issuer *Certificate) (err error, checked bool) {
	spki := issuer.info().spki
	if len(spki) == 0 {
		return errStructure, false
	}
	if err, ok := c.remembered(spki); ok {
		return err, false
	}
	c.sigMu.Lock()
	defer c.sigMu.Unlock()
	if err, ok := c.remembered(spki); ok {
		return err, false
	}
	p := c.info()
	bare, err := issuer.publicKey().verify(p.signed, p.tbs, p.signature)
	c.sigs.Store(&sigRecord{spki: spki, err: err, bare: bare, next: c.sigs.Load()})
	return err, true
}

// String returns the subject and the start of the fingerprint.
func (c *Certificate) String() string {
	sum := c.SHA256()
	return fmt.Sprintf("%s (%X)", c.Subject(), sum[:4])
}
