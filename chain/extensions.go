package chain

import (
	"slices"

	"github.com/smimechain/smimechain/lint/say"
	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Contents of object identifiers, as strings for switches and map keys.
const (
	oidSKI               = "\x55\x1d\x0e"
	oidKeyUsage          = "\x55\x1d\x0f"
	oidSAN               = "\x55\x1d\x11"
	oidIAN               = "\x55\x1d\x12"
	oidBasicConstraints  = "\x55\x1d\x13"
	oidNameConstraints   = "\x55\x1d\x1e"
	oidCRLDistribution   = "\x55\x1d\x1f"
	oidPolicies          = "\x55\x1d\x20"
	oidPolicyMappings    = "\x55\x1d\x21"
	oidAKI               = "\x55\x1d\x23"
	oidPolicyConstraints = "\x55\x1d\x24"
	oidExtKeyUsage       = "\x55\x1d\x25"
	oidInhibitAnyPolicy  = "\x55\x1d\x36"
	oidAIA               = "\x2b\x06\x01\x05\x05\x07\x01\x01"
	oidCAIssuers         = "\x2b\x06\x01\x05\x05\x07\x30\x02"
	oidAnyPolicy         = "\x55\x1d\x20\x00"
	oidAnyEKU            = "\x55\x1d\x25\x00"
	oidEmailProtection   = "\x2b\x06\x01\x05\x05\x07\x03\x04"
	oidApplication       = "\x2b\x06\x01\x04\x01\x82\x37\x15\x0a"     // Application Policies, of Microsoft
	oidAnyApplication    = "\x2b\x06\x01\x04\x01\x82\x37\x0a\x0c\x01" // any application policy
	oidSmtpUTF8Mailbox   = "\x2b\x06\x01\x05\x05\x07\x08\x09"
)

// Bits of keyUsage (RFC 5280, Section 4.2.1.3), as in crypto/x509.KeyUsage.
const (
	usageDigitalSignature = 1 << iota
	usageContentCommitment
	usageKeyEncipherment
	usageDataEncipherment
	usageKeyAgreement
	usageCertSign
	usageCRLSign
	usageEncipherOnly
	usageDecipherOnly
)

// Limits on what one certificate may hold.
const (
	maxExtensions = 256
	maxNames      = 16384 // general names, constraints, policies
)

// extensions is what the extensions of a certificate say. Slices alias the
// certificate.
type extensions struct {
	hasBasic bool
	isCA     bool
	pathLen  int // -1: none

	hasUsage    bool
	usage       int
	usagePadded bool // with bits in what is to be zero

	hasEKU bool
	eku    []string

	hasApplication bool
	application    []string

	ski, aki []byte
	akiSet   bool

	san         names
	sanCritical bool

	hasConstraints      bool
	permitted, excluded []subtree
	oddTree             say.Message // what keeps these from being applied
	policies            []string
	mappings            [][2]string
	requireExplicit     int // -1: none
	inhibitMapping      int
	inhibitAny          int

	aia       []string
	points    []point // CRL distribution points
	hasPoints bool

	unknownCritical []string // identifiers of extensions not known here
	malformed       []say.Message
}

// names are the general names of a certificate, by form.
type names struct {
	emails []string // rfc822Name
	beyond bool     // one has octets beyond ASCII, which it may not
	utf8   []string // SmtpUTF8Mailbox
	dns    []string
	uris   []string
	ips    [][]byte
	dirs   []nameKey
	other  []string // forms not understood: the tag, and for otherName its identifier
	count  int
}

// subtree is one GeneralSubtree.
type subtree struct {
	tag     int    // of the GeneralName
	value   string // text forms, lower case where that is the comparison
	raw     []byte // iPAddress: address and mask
	dir     nameKey
	oid     string // otherName
	bounded bool   // minimum other than 0, or a maximum
	bad     bool   // cannot be applied
}

// Tags of GeneralName (RFC 5280, Section 4.2.1.6).
const (
	nameOther = iota
	nameEmail
	nameDNS
	nameX400
	nameDirectory
	nameEDI
	nameURI
	nameIP
	nameRegisteredID
)

func (e *extensions) parse(list cryptobyte.String) {
	var seen [maxExtensions]string
	n := 0
	for !list.Empty() {
		var ext, oid, value cryptobyte.String
		critical := false
		if !list.ReadASN1(&ext, casn1.SEQUENCE) || !ext.ReadASN1(&oid, casn1.OBJECT_IDENTIFIER) {
			e.bad("malformed: extension list")
			return
		}
		if ext.PeekASN1Tag(casn1.BOOLEAN) && !ext.ReadASN1Boolean(&critical) {
			e.bad("malformed: critical flag of extension %s", oidString(oid))
			continue
		}
		if !ext.ReadASN1(&value, casn1.OCTET_STRING) || !ext.Empty() {
			e.bad("malformed: extension %s", oidString(oid))
			continue
		}
		if n == maxExtensions {
			e.bad("malformed: too many extensions")
			return
		}
		id := string(oid)
		// RFC 5280, Section 4.2: no more than one of each kind.
		if slices.Contains(seen[:n], id) {
			e.bad("malformed: extension %s appears twice", oidString(oid))
			continue
		}
		seen[n] = id
		n++
		if !e.parseOne(id, value, critical) {
			e.bad("malformed: extension %s", oidString(oid))
		}
	}
}

func (e *extensions) bad(format say.Text, args ...any) {
	e.malformed = append(e.malformed, say.New(format, args...))
}

// knownExtensions are read by a method each, which reports whether the extension is well
// formed. Those of nearly every certificate stand first.
var knownExtensions = [...]struct {
	id   string
	read func(e *extensions, value cryptobyte.String) bool // nil: of no interest
	bad  say.Text                                          // said of one that is critical
}{
	{oidKeyUsage, (*extensions).parseKeyUsage, ""},
	{oidAKI, (*extensions).parseAKI, "malformed: critical authority key identifier"}, // RFC 5280, Section 4.2.1.1
	{oidSKI, (*extensions).parseSKI, "malformed: critical subject key identifier"},   // RFC 5280, Section 4.2.1.2
	{oidBasicConstraints, (*extensions).parseBasicConstraints, ""},
	{oidExtKeyUsage, (*extensions).parseExtKeyUsage, ""},
	{oidCRLDistribution, (*extensions).parseDistribution, ""},
	{oidPolicies, (*extensions).parsePolicies, ""},
	{oidAIA, (*extensions).parseAIA, ""},
	{oidSAN, (*extensions).parseSAN, ""},
	{oidNameConstraints, (*extensions).parseConstraints, ""},
	{oidPolicyConstraints, (*extensions).parsePolicyConstraints, ""},
	{oidPolicyMappings, (*extensions).parseMappings, ""},
	{oidInhibitAnyPolicy, (*extensions).parseInhibitAny, ""},
	{oidIAN, nil, ""},
}

// parseOne reads the extension with the given identifier and reports whether
// it is well formed, or of no interest. Application Policies are read and, where
// critical, not known all the same.
func (e *extensions) parseOne(id string, value cryptobyte.String, critical bool) bool {
	for i := range knownExtensions {
		if k := &knownExtensions[i]; k.id == id {
			ok := k.read == nil || k.read(e, value)
			e.sanCritical = e.sanCritical || critical && id == oidSAN
			if ok && critical && k.bad != "" {
				e.bad(k.bad)
			}
			return ok
		}
	}
	if id == oidApplication {
		e.parseApplication(value)
	}
	if critical {
		e.unknownCritical = append(e.unknownCritical, oidString([]byte(id)))
	}
	return true
}

// onlySequence returns the contents of the SEQUENCE that value is.
func onlySequence(value cryptobyte.String) (seq cryptobyte.String, ok bool) {
	ok = value.ReadASN1(&seq, casn1.SEQUENCE) && value.Empty()
	return seq, ok
}

func (e *extensions) parseBasicConstraints(value cryptobyte.String) bool {
	seq, ok := onlySequence(value)
	if !ok {
		return false
	}
	e.hasBasic = true
	if seq.PeekASN1Tag(casn1.BOOLEAN) && !seq.ReadASN1Boolean(&e.isCA) {
		return false
	}
	if seq.PeekASN1Tag(casn1.INTEGER) {
		var v uint
		if !seq.ReadASN1Integer(&v) {
			return false
		}
		e.pathLen = int(min(v, 1<<20))
	}
	return seq.Empty()
}

func (e *extensions) parseKeyUsage(value cryptobyte.String) bool {
	var bits cryptobyte.String
	var unused uint8
	if !value.ReadASN1(&bits, casn1.BIT_STRING) || !value.Empty() || !bits.ReadUint8(&unused) || unused > 7 {
		return false
	}
	e.hasUsage = true
	e.usagePadded = len(bits) > 0 && bits[len(bits)-1]&(1<<unused-1) != 0
	for i := 0; i < min(9, len(bits)*8-int(unused)); i++ {
		if bits[i/8]>>(7-i%8)&1 != 0 {
			e.usage |= 1 << i
		}
	}
	return true
}

func (e *extensions) parseExtKeyUsage(value cryptobyte.String) bool {
	seq, ok := onlySequence(value)
	if !ok {
		return false
	}
	e.hasEKU = true
	for !seq.Empty() {
		var oid cryptobyte.String
		if !seq.ReadASN1(&oid, casn1.OBJECT_IDENTIFIER) || len(e.eku) == maxNames {
			return false
		}
		e.eku = append(e.eku, string(oid))
	}
	return true
}

func (e *extensions) parseSKI(value cryptobyte.String) bool {
	var id cryptobyte.String
	if !value.ReadASN1(&id, casn1.OCTET_STRING) || !value.Empty() {
		return false
	}
	e.ski = id
	return true
}

func (e *extensions) parseAKI(value cryptobyte.String) bool {
	var id cryptobyte.String
	var has bool
	seq, ok := onlySequence(value)
	if !ok || !seq.ReadOptionalASN1(&id, &has, casn1.Tag(0).ContextSpecific()) {
		return false
	}
	if has {
		e.aki, e.akiSet = id, true
	}
	return true
}

func (e *extensions) parseSAN(value cryptobyte.String) bool { return e.san.parse(value) }

func (e *extensions) parsePolicies(value cryptobyte.String) bool {
	seq, ok := onlySequence(value)
	if !ok || seq.Empty() {
		return false
	}
	e.policies, ok = policyIDs(seq)
	return ok
}

// parseApplication reads Application Policies, which are written as certificatePolicies
// are and mean what extended key usages do. Those that cannot be read allow nothing.
func (e *extensions) parseApplication(value cryptobyte.String) {
	e.hasApplication = true
	var seq cryptobyte.String
	if value.ReadASN1(&seq, casn1.SEQUENCE) {
		e.application, _ = policyIDs(seq)
	}
}

// policyIDs returns the identifiers in a list of PolicyInformation, up to what cannot
// be read.
func policyIDs(seq cryptobyte.String) (ids []string, ok bool) {
	for !seq.Empty() {
		var info, oid cryptobyte.String
		if !seq.ReadASN1(&info, casn1.SEQUENCE) || !info.ReadASN1(&oid, casn1.OBJECT_IDENTIFIER) || len(ids) == maxNames {
			return ids, false
		}
		ids = append(ids, string(oid))
	}
	return ids, true
}

func (e *extensions) parseMappings(value cryptobyte.String) bool {
	seq, ok := onlySequence(value)
	if !ok {
		return false
	}
	for !seq.Empty() {
		var pair, from, to cryptobyte.String
		if !seq.ReadASN1(&pair, casn1.SEQUENCE) || !pair.ReadASN1(&from, casn1.OBJECT_IDENTIFIER) ||
			!pair.ReadASN1(&to, casn1.OBJECT_IDENTIFIER) || !pair.Empty() || len(e.mappings) == maxNames {
			return false
		}
		e.mappings = append(e.mappings, [2]string{string(from), string(to)})
	}
	return true
}

func (e *extensions) parsePolicyConstraints(value cryptobyte.String) bool {
	var req, inh cryptobyte.String
	var hasReq, hasInh bool
	seq, ok := onlySequence(value)
	if !ok || !seq.ReadOptionalASN1(&req, &hasReq, casn1.Tag(0).ContextSpecific()) ||
		!seq.ReadOptionalASN1(&inh, &hasInh, casn1.Tag(1).ContextSpecific()) || !seq.Empty() {
		return false
	}
	if hasReq {
		e.requireExplicit = smallInt(req)
	}
	if hasInh {
		e.inhibitMapping = smallInt(inh)
	}
	return e.requireExplicit != -2 && e.inhibitMapping != -2
}

func (e *extensions) parseInhibitAny(value cryptobyte.String) bool {
	var v cryptobyte.String
	if !value.ReadASN1(&v, casn1.INTEGER) || !value.Empty() {
		return false
	}
	e.inhibitAny = smallInt(v)
	return e.inhibitAny != -2
}

func (e *extensions) parseAIA(value cryptobyte.String) bool {
	seq, ok := onlySequence(value)
	if !ok {
		return false
	}
	for !seq.Empty() {
		var access, method, loc cryptobyte.String
		var tag casn1.Tag
		if !seq.ReadASN1(&access, casn1.SEQUENCE) || !access.ReadASN1(&method, casn1.OBJECT_IDENTIFIER) ||
			!access.ReadAnyASN1(&loc, &tag) || len(e.aia) == maxNames {
			return false
		}
		if string(method) == oidCAIssuers && tag == casn1.Tag(nameURI).ContextSpecific() {
			e.aia = append(e.aia, string(loc))
		}
	}
	return true
}

// smallInt reads the contents of a non-negative INTEGER, capped; -2 if it is
// not one.
func smallInt(b []byte) int {
	if len(b) == 0 || b[0]&0x80 != 0 {
		return -2
	}
	v := 0
	for _, c := range b {
		v = min(v<<8|int(c), 1<<20)
	}
	return v
}

// nameForm returns the form of the GeneralName that has the tag, -1 if none has:
// another class, or the contents of one form in the encoding of another.
func nameForm(tag casn1.Tag) int {
	form := int(tag & 0x1f)
	want := casn1.Tag(form).ContextSpecific()
	switch form {
	case nameOther, nameX400, nameDirectory, nameEDI:
		want = want.Constructed()
	}
	if tag != want || form > nameRegisteredID {
		return -1
	}
	return form
}

// parse reads GeneralNames.
func (n *names) parse(value cryptobyte.String) bool {
	seq, ok := onlySequence(value)
	if !ok {
		return false
	}
	for !seq.Empty() {
		var v cryptobyte.String
		var tag casn1.Tag
		if !seq.ReadAnyASN1(&v, &tag) || n.count == maxNames {
			return false
		}
		n.count++
		switch form := nameForm(tag); form {
		case nameOther:
			if !n.parseOther(v) {
				return false
			}
		case nameEmail:
			n.emails = append(n.emails, string(v))
			n.beyond = n.beyond || slices.ContainsFunc(v, func(b byte) bool { return b > 0x7f })
		case nameDNS:
			n.dns = append(n.dns, string(v))
		case nameURI:
			n.uris = append(n.uris, string(v))
		case nameIP:
			n.ips = append(n.ips, v)
		case nameDirectory:
			key, ok := parseNameKey(v)
			if !ok {
				return false
			}
			n.dirs = append(n.dirs, key)
		case nameX400, nameEDI, nameRegisteredID:
			n.other = append(n.other, describeOther(form, ""))
		default:
			return false
		}
	}
	return true
}

// parseOther reads the contents of an otherName.
func (n *names) parseOther(v cryptobyte.String) bool {
	var oid, wrapped, text cryptobyte.String
	if !v.ReadASN1(&oid, casn1.OBJECT_IDENTIFIER) {
		return false
	}
	if string(oid) != oidSmtpUTF8Mailbox {
		n.other = append(n.other, describeOther(nameOther, string(oid)))
		return true
	}
	if !v.ReadASN1(&wrapped, casn1.Tag(0).ContextSpecific().Constructed()) ||
		!wrapped.ReadASN1(&text, casn1.UTF8String) {
		return false
	}
	n.utf8 = append(n.utf8, string(text))
	return true
}

func (e *extensions) parseConstraints(value cryptobyte.String) bool {
	e.hasConstraints = true
	var permitted, excluded cryptobyte.String
	var hasPermitted, hasExcluded bool
	seq, ok := onlySequence(value)
	if !ok || !seq.ReadOptionalASN1(&permitted, &hasPermitted, casn1.Tag(0).ContextSpecific().Constructed()) ||
		!seq.ReadOptionalASN1(&excluded, &hasExcluded, casn1.Tag(1).ContextSpecific().Constructed()) ||
		!seq.Empty() || len(permitted)+len(excluded) == 0 {
		return false
	}
	e.permitted = parseSubtrees(permitted, &ok)
	e.excluded = parseSubtrees(excluded, &ok)
	e.oddTree = e.oddSubtree()
	return ok
}

func parseSubtrees(list cryptobyte.String, ok *bool) []subtree {
	var out []subtree
	for !list.Empty() {
		var tree, v cryptobyte.String
		var tag casn1.Tag
		if !list.ReadASN1(&tree, casn1.SEQUENCE) || !tree.ReadAnyASN1(&v, &tag) || len(out) == maxNames {
			*ok = false
			return out
		}
		s := subtree{tag: nameForm(tag)}
		switch s.tag {
		case -1:
			*ok = false
			return out
		case nameOther:
			var oid cryptobyte.String
			if !v.ReadASN1(&oid, casn1.OBJECT_IDENTIFIER) {
				s.bad = true
			}
			s.oid = string(oid)
		case nameEmail, nameDNS, nameURI:
			s.value = string(v)
			s.prepare()
		case nameIP:
			s.raw = v
			s.bad = len(v) != 8 && len(v) != 32
		case nameDirectory:
			key, good := parseNameKey(v)
			s.dir, s.bad = key, !good
		}
		// RFC 5280, Section 4.2.1.10: minimum is 0 and maximum is absent.
		var bound cryptobyte.String
		var has bool
		if !tree.ReadOptionalASN1(&bound, &has, casn1.Tag(0).ContextSpecific()) {
			*ok = false
			return out
		}
		s.bounded = has && smallInt(bound) != 0
		if !tree.ReadOptionalASN1(&bound, &has, casn1.Tag(1).ContextSpecific()) || !tree.Empty() {
			*ok = false
			return out
		}
		s.bounded = s.bounded || has
		out = append(out, s)
	}
	return out
}

// describeOther names a form that is not understood, which is one of four.
func describeOther(tag int, oid string) string {
	switch tag {
	case nameOther:
		return "otherName " + oidString([]byte(oid))
	case nameX400:
		return "x400Address"
	case nameEDI:
		return "ediPartyName"
	default:
		return "registeredID"
	}
}
