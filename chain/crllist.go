package chain

import (
	"bytes"
	"crypto/sha256"
	"hash/maphash"
	"sync"
	"time"

	"github.com/smimechain/smimechain/lint/say"
	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// crl is one revocation list. It is read with a cursor and its entries stay where they
// are: a list may have millions.
type crl struct {
	raw, tbs, signature []byte
	version             int // as people write it, from 1
	signed              *scheme
	issuer              []byte
	issuerKey           nameKey
	thisUpdate          time.Time
	nextUpdate          time.Time // zero: there is none
	entries             entries
	unusable            say.Message // why not
	delta               bool
	scope               crlScope

	mu       sync.Mutex
	verified []sigRecord
}

// crlEntry is one entry of a list.
type crlEntry struct {
	serial   []byte // contents of the number, as short as they can be
	revoked  time.Time
	reason   int
	issuer   []byte      // of the certificate, where the entry says so: GeneralNames
	unusable say.Message // why the list is not usable for it
}

// crlScope is what an issuingDistributionPoint leaves of a list.
type crlScope struct {
	id         [sha256.Size]byte // of the extension; zero if there is none
	names      []pointName       // each once
	hasNames   bool
	userOnly   bool
	caOnly     bool
	attributes bool
	indirect   bool
	reasons    int // bits, allReasons if not limited
}

// allReasons are the bits of ReasonFlags but "unused" (Section 4.2.1.13).
const allReasons = 1<<9 - 2

// Contents of the identifiers of extensions of a list and its entries.
const (
	oidCRLNumber   = "\x55\x1d\x14"
	oidReason      = "\x55\x1d\x15"
	oidInvalidity  = "\x55\x1d\x18"
	oidDeltaCRL    = "\x55\x1d\x1b"
	oidIDP         = "\x55\x1d\x1c"
	oidIssuerEntry = "\x55\x1d\x1d"
)

var errList = say.Errorf("not a revocation list")

// readCRL reads
//
//	CertificateList ::= SEQUENCE {
//	    tbsCertList SEQUENCE {
//	        version              INTEGER OPTIONAL, -- v2
//	        signature            SEQUENCE,
//	        issuer               SEQUENCE,
//	        thisUpdate           Time,
//	        nextUpdate           Time OPTIONAL,
//	        revokedCertificates  SEQUENCE OF SEQUENCE {
//	            userCertificate    INTEGER,
//	            revocationDate     Time,
//	            crlEntryExtensions SEQUENCE OPTIONAL } OPTIONAL,
//	        crlExtensions        [0] SEQUENCE OPTIONAL },
//	    signatureAlgorithm   SEQUENCE,
//	    signatureValue       BIT STRING }
//
// and keeps der. A list that proves nothing, such as one of version 1, is read, and
// says why.
func readCRL(der []byte) (*crl, error) {
	c := &crl{raw: der, scope: crlScope{reasons: allReasons}}
	input := cryptobyte.String(der)
	var list, element, tbs, outer, sig, alg, issuer cryptobyte.String
	if !input.ReadASN1(&list, casn1.SEQUENCE) || !input.Empty() || !list.ReadASN1Element(&element, casn1.SEQUENCE) {
		return nil, errList
	}
	c.tbs = element
	version := 0
	if !list.ReadASN1Element(&outer, casn1.SEQUENCE) || !list.ReadASN1(&sig, casn1.BIT_STRING) || !list.Empty() || len(sig) < 1 || sig[0] != 0 ||
		!element.ReadASN1(&tbs, casn1.SEQUENCE) ||
		tbs.PeekASN1Tag(casn1.INTEGER) && !tbs.ReadASN1Integer(&version) ||
		!tbs.ReadASN1Element(&alg, casn1.SEQUENCE) || !tbs.ReadASN1Element(&issuer, casn1.SEQUENCE) {
		return nil, errList
	}
	c.version = version + 1
	c.signature, c.signed, c.issuer = sig[1:], readScheme(alg), issuer
	var ok bool
	if c.issuerKey, ok = parseNameKey(issuer); !ok {
		return nil, say.Errorf("malformed name")
	}
	if c.thisUpdate, ok = readTime(&tbs); !ok {
		return nil, errList
	}
	if tbs.PeekASN1Tag(casn1.UTCTime) || tbs.PeekASN1Tag(casn1.GeneralizedTime) {
		if c.nextUpdate, ok = readTime(&tbs); !ok {
			return nil, errList
		}
	}
	var revoked, extensions, wrapped cryptobyte.String
	var has bool
	if !tbs.ReadOptionalASN1(&revoked, nil, casn1.SEQUENCE) ||
		!tbs.ReadOptionalASN1(&wrapped, &has, casn1.Tag(0).ContextSpecific().Constructed()) || !tbs.Empty() ||
		has && (!wrapped.ReadASN1(&extensions, casn1.SEQUENCE) || !wrapped.Empty()) {
		return nil, errList
	}
	if !c.readExtensions(extensions) || !c.readEntries(revoked) {
		return nil, errList
	}
	if why := c.provesNothing(bytes.Equal(alg, outer)); !why.IsZero() {
		c.unusable = why
	}
	return c, nil
}

// provesNothing says why a list cannot be used whatever its extensions say. What weighs
// most is said first.
func (c *crl) provesNothing(oneAlgorithm bool) say.Message {
	switch {
	case c.nextUpdate.IsZero():
		return say.New("a revocation list without nextUpdate proves nothing, as it may be of any age")
	case c.signed.weak() || c.signed.never:
		return say.New("a revocation list signed with %s proves nothing", c.signed.name)
	case !oneAlgorithm:
		return say.New("a revocation list that names two algorithms for its signature proves nothing")
	case c.version == 1: // RFC 5280, Section 5.1.2.1
		return say.New("a revocation list of version 1 proves nothing: it cannot say what it is about")
	case c.version != 2:
		return say.New("a revocation list of version %d proves nothing", c.version)
	default:
		return say.Message{}
	}
}

// readExtensions reads those of the list (Section 5.2).
func (c *crl) readExtensions(list cryptobyte.String) bool {
	seen := map[string]bool{}
	for !list.Empty() {
		var id string
		var critical bool
		var value cryptobyte.String
		if !readExtension(&list, &id, &critical, &value) {
			return false
		}
		switch {
		case seen[id]:
			c.unusable = say.New("a revocation list with the extension %s twice proves nothing", oidString([]byte(id)))
		case id == oidDeltaCRL:
			c.delta = true
		case id == oidIDP:
			if why := c.scope.parse(value, c.issuer); !why.IsZero() {
				c.unusable = why
			}
		case id == oidCRLNumber:
		case critical:
			c.unusable = say.New("a revocation list with the critical extension %s, which is not understood, proves nothing", oidString([]byte(id)))
		}
		seen[id] = true
	}
	return true
}

// readExtension reads one Extension.
func readExtension(list *cryptobyte.String, id *string, critical *bool, value *cryptobyte.String) bool {
	var ext, oid cryptobyte.String
	*critical = false
	if !list.ReadASN1(&ext, casn1.SEQUENCE) || !ext.ReadASN1(&oid, casn1.OBJECT_IDENTIFIER) ||
		ext.PeekASN1Tag(casn1.BOOLEAN) && !ext.ReadASN1Boolean(critical) ||
		!ext.ReadASN1(value, casn1.OCTET_STRING) || !ext.Empty() {
		return false
	}
	*id = string(oid)
	return true
}

// entries finds entries by serial number. The table holds the place of each, one more
// than its offset, in an order by hash; a list with entries of several issuers has them
// by issuer and number.
type entries struct {
	list  []byte
	table []uint32
	seed  maphash.Seed
	named map[crlName]uint32 // of an indirect list
	count int
}

// crlName is what an entry of an indirect list is about.
type crlName struct {
	issuer nameKey
	serial string
}

// readEntries goes through the entries twice, to count and to place them.
func (c *crl) readEntries(list cryptobyte.String) bool {
	t := &c.entries
	if uint64(len(list)) >= 1<<32-1 {
		return false
	}
	t.list = list
	for rest := list; !rest.Empty(); t.count++ {
		e, ok := readEntry(&rest)
		if !ok {
			return false
		}
		if !e.unusable.IsZero() {
			c.unusable = e.unusable
		}
		if e.issuer != nil && !c.scope.indirect {
			c.unusable = say.New("a revocation list with entries of other issuers that does not say so proves nothing")
		}
	}
	if c.scope.indirect {
		t.named = make(map[crlName]uint32, t.count)
		issuer := c.issuerKey
		for rest := list; !rest.Empty(); {
			place := uint32(len(list)-len(rest)) + 1
			e, _ := readEntry(&rest)
			if e.issuer != nil { // for this entry and those after it (Section 5.3.3)
				var ok bool
				if issuer, ok = onlyDirectoryName(e.issuer); !ok {
					c.unusable = say.New("a revocation list with an entry whose certificateIssuer is no directory name proves nothing")
				}
			}
			t.named[crlName{issuer, string(e.serial)}] = place
		}
		return true
	}
	if t.count == 0 {
		return true
	}
	size := 4
	for size < t.count+t.count/2 {
		size *= 2
	}
	t.table, t.seed = make([]uint32, size), maphash.MakeSeed()
	for rest := list; !rest.Empty(); {
		place := uint32(len(list)-len(rest)) + 1
		e, _ := readEntry(&rest)
		t.table[t.slot(e.serial)] = place // the last of several
	}
	return true
}

// slot returns where the entry of a number is in the table, or would be.
func (t *entries) slot(serial []byte) int {
	at := int(maphash.Bytes(t.seed, serial) & uint64(len(t.table)-1))
	for t.table[at] != 0 {
		if e, _ := t.at(t.table[at]); bytes.Equal(e.serial, serial) {
			break
		}
		at = (at + 1) & (len(t.table) - 1)
	}
	return at
}

func (t *entries) at(place uint32) (crlEntry, bool) {
	rest := cryptobyte.String(t.list[place-1:])
	return readEntry(&rest)
}

// find returns the entry of a certificate.
func (t *entries) find(issuer nameKey, serial []byte) (crlEntry, bool) {
	serial = shortInteger(serial)
	switch {
	case t.named != nil:
		if place := t.named[crlName{issuer, string(serial)}]; place != 0 {
			return t.at(place)
		}
	case len(t.table) > 0:
		if place := t.table[t.slot(serial)]; place != 0 {
			return t.at(place)
		}
	}
	return crlEntry{}, false
}

// readEntry reads one entry.
func readEntry(list *cryptobyte.String) (e crlEntry, ok bool) {
	var entry, serial, extensions cryptobyte.String
	if !list.ReadASN1(&entry, casn1.SEQUENCE) || !entry.ReadASN1(&serial, casn1.INTEGER) || len(serial) == 0 {
		return e, false
	}
	e.serial = shortInteger(serial)
	if e.revoked, ok = readTime(&entry); !ok {
		return e, false
	}
	if entry.Empty() {
		return e, true
	}
	if !entry.ReadASN1(&extensions, casn1.SEQUENCE) || !entry.Empty() {
		return e, false
	}
	for !extensions.Empty() {
		var id string
		var critical bool
		var value cryptobyte.String
		if !readExtension(&extensions, &id, &critical, &value) {
			return e, false
		}
		switch {
		case id == oidReason:
			var reason cryptobyte.String
			if !value.ReadASN1(&reason, casn1.ENUM) || len(reason) != 1 {
				return e, false
			}
			e.reason = int(reason[0])
		case id == oidIssuerEntry:
			e.issuer = value
		case id == oidInvalidity:
		case critical: // Section 5.3
			e.unusable = say.New("a revocation list with the critical extension %s of an entry, which is not understood, proves nothing", oidString([]byte(id)))
		}
	}
	return e, true
}

// shortInteger returns the contents of an INTEGER without octets that say nothing.
func shortInteger(b []byte) []byte {
	for len(b) > 1 && (b[0] == 0 && b[1]&0x80 == 0 || b[0] == 0xff && b[1]&0x80 != 0) {
		b = b[1:]
	}
	return b
}

// onlyDirectoryName returns the one directoryName of GeneralNames.
func onlyDirectoryName(der []byte) (nameKey, bool) {
	input := cryptobyte.String(der)
	var seq cryptobyte.String
	if !input.ReadASN1(&seq, casn1.SEQUENCE) {
		return "", false
	}
	names := directoryNames(seq)
	if len(names) != 1 {
		return "", false
	}
	return names[0], true
}

// parse reads an issuingDistributionPoint (Section 5.2.5), and returns why the
// list cannot be used, if it cannot.
func (s *crlScope) parse(der, issuer []byte) (unusable say.Message) {
	s.id = sha256.Sum256(der)
	bad := say.New("a revocation list with a malformed issuingDistributionPoint proves nothing")
	input := cryptobyte.String(der)
	var seq, name, reasons cryptobyte.String
	var has bool
	if !input.ReadASN1(&seq, casn1.SEQUENCE) || !input.Empty() ||
		!seq.ReadOptionalASN1(&name, &has, casn1.Tag(0).ContextSpecific().Constructed()) {
		return bad
	}
	if has {
		many, ok := s.parseNames(name, issuer)
		if !ok {
			return bad
		}
		if many {
			return say.New("a revocation list with a distribution point of more than %d names is not supported here", maxPointNames)
		}
	}
	flag := func(tag uint8, to *bool) bool {
		var v cryptobyte.String
		if !seq.ReadOptionalASN1(&v, &has, casn1.Tag(tag).ContextSpecific()) || has && len(v) != 1 {
			return false
		}
		*to = has && v[0] != 0
		return true
	}
	if !flag(1, &s.userOnly) || !flag(2, &s.caOnly) ||
		!seq.ReadOptionalASN1(&reasons, &has, casn1.Tag(3).ContextSpecific()) {
		return bad
	}
	if has {
		s.reasons = 0
		for i := 0; i < min(9, (len(reasons)-1)*8); i++ {
			if reasons[1+i/8]>>(7-i%8)&1 != 0 {
				s.reasons |= 1 << i
			}
		}
	}
	if !flag(4, &s.indirect) || !flag(5, &s.attributes) || !seq.Empty() {
		return bad
	}
	return say.Message{}
}

// parseNames reads a DistributionPointName, and reports whether it has too many names.
func (s *crlScope) parseNames(name cryptobyte.String, issuer []byte) (many, ok bool) {
	s.hasNames = true
	var full cryptobyte.String
	var has bool
	if !name.ReadOptionalASN1(&full, &has, casn1.Tag(0).ContextSpecific().Constructed()) {
		return false, false
	}
	if !has {
		relative := relativePointName(issuer, relativeName(name))
		if relative == "" {
			return false, false
		}
		s.names = []pointName{relative}
		return false, true
	}
	known := make(map[pointName]bool)
	for n := 0; !full.Empty(); n++ {
		var element cryptobyte.String
		var tag casn1.Tag
		if !full.ReadAnyASN1Element(&element, &tag) {
			return false, false
		}
		if n == maxPointNames {
			return true, true
		}
		if n := fullPointName(element); !known[n] {
			known[n] = true
			s.names = append(s.names, n)
		}
	}
	return false, true
}
