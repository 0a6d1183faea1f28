package chain

import (
	"slices"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// point is a CRL distribution point:
//
//	DistributionPoint ::= SEQUENCE {
//	    distributionPoint [0] CHOICE {
//	        fullName                [0] GeneralNames,
//	        nameRelativeToCRLIssuer [1] RelativeDistinguishedName } OPTIONAL,
//	    reasons           [1] ReasonFlags OPTIONAL,
//	    cRLIssuer         [2] GeneralNames OPTIONAL }
type point struct {
	full     [][]byte // GeneralName
	relative []byte   // contents of the RelativeDistinguishedName
	issuers  []byte   // contents of cRLIssuer; nil: the issuer of the certificate
}

// parseDistribution reads cRLDistributionPoints (RFC 5280, Section 4.2.1.13).
func (e *extensions) parseDistribution(value cryptobyte.String) bool {
	e.hasPoints = true
	seq, ok := onlySequence(value)
	if !ok {
		return false
	}
	names := 0
	for !seq.Empty() {
		var read, name, full, reasons, issuers cryptobyte.String
		var has bool
		if !seq.ReadASN1(&read, casn1.SEQUENCE) || len(e.points) == maxNames ||
			!read.ReadOptionalASN1(&name, nil, casn1.Tag(0).ContextSpecific().Constructed()) {
			return false
		}
		var p point
		if !name.ReadOptionalASN1(&full, &has, casn1.Tag(0).ContextSpecific().Constructed()) {
			return false
		}
		if !has {
			p.relative = relativeName(name)
		}
		for ; !full.Empty(); names++ {
			var element cryptobyte.String
			var tag casn1.Tag
			if !full.ReadAnyASN1Element(&element, &tag) || names == maxNames {
				return false
			}
			p.full = append(p.full, element)
		}
		// Nothing but the search for lists minds what follows.
		if read.ReadOptionalASN1(&reasons, &has, casn1.Tag(1).ContextSpecific()) &&
			read.ReadOptionalASN1(&issuers, &has, casn1.Tag(2).ContextSpecific().Constructed()) && has {
			p.issuers = issuers
		}
		e.points = append(e.points, p)
	}
	return true
}

// relativeName returns the contents of a nameRelativeToCRLIssuer, nil if that is none.
func relativeName(name cryptobyte.String) []byte {
	var rdn cryptobyte.String
	if !name.ReadASN1(&rdn, casn1.Tag(1).ContextSpecific().Constructed()) || !name.Empty() || rdn.Empty() {
		return nil
	}
	return rdn
}

// pointAddresses returns the distribution points that are URIs.
func (e *extensions) pointAddresses() []string {
	var list []string
	for i := range e.points {
		for _, name := range e.points[i].full {
			element, uri := cryptobyte.String(name), cryptobyte.String(nil)
			if element.ReadASN1(&uri, casn1.Tag(nameURI).ContextSpecific()) {
				list = append(list, string(uri))
			}
		}
	}
	return list
}

// A pointName is what names of distribution points are compared by: the octets, and
// the key of a directory name.
type pointName string

// ofDirectory is a tag that no GeneralName has.
const ofDirectory = "\x00"

func fullPointName(element []byte) pointName {
	input, name := cryptobyte.String(element), cryptobyte.String(nil)
	if input.ReadASN1(&name, casn1.Tag(nameDirectory).ContextSpecific().Constructed()) {
		if key, ok := parseNameKey(name); ok {
			return pointName(ofDirectory + string(key))
		}
	}
	return pointName(element)
}

// relativePointName is the name of a point relative to an issuer, empty if there is none.
func relativePointName(issuer, rdn []byte) pointName {
	input, rdns := cryptobyte.String(issuer), cryptobyte.String(nil)
	if !input.ReadASN1(&rdns, casn1.SEQUENCE) {
		return ""
	}
	var b cryptobyte.Builder
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(rdns)
		b.AddASN1(casn1.SET, func(b *cryptobyte.Builder) { b.AddBytes(rdn) })
	})
	key, ok := parseNameKey(b.BytesOrPanic())
	if !ok { // also without an attribute
		return ""
	}
	return pointName(ofDirectory + string(key))
}

// namedBy returns the names of the point where an issuer names its lists, and none where
// the point is of another's lists.
func (p *point) namedBy(c *parsed, issuer nameKey) []pointName {
	der := c.issuer
	issuers := []nameKey{c.issuerKey}
	if p.issuers != nil {
		issuers = directoryNames(p.issuers)
		der = onlyDirectory(p.issuers)
	}
	if !slices.Contains(issuers, issuer) {
		return nil
	}
	var list []pointName
	for _, name := range p.full {
		list = append(list, fullPointName(name))
	}
	if name := relativePointName(der, p.relative); name != "" {
		list = append(list, name)
	}
	if p.full == nil && p.relative == nil && p.issuers != nil { // Section 6.3.3 (b) (2) (i)
		for _, key := range issuers {
			list = append(list, pointName(ofDirectory+string(key)))
		}
	}
	return list
}

// pointsOf returns the names of the distribution points of a certificate whose lists an
// issuer makes.
func pointsOf(c *parsed, issuer nameKey) (names []pointName) {
	if !c.ext.hasPoints && issuer == c.issuerKey {
		// The default distribution point is the issuer's name.
		return []pointName{pointName(ofDirectory + string(issuer))}
	}
	for i := range c.ext.points {
		names = append(names, c.ext.points[i].namedBy(c, issuer)...)
	}
	return names
}

// pointIssuers returns who else than the issuer makes lists about a certificate.
func pointIssuers(c *parsed) []nameKey {
	var list []nameKey
	for i := range c.ext.points {
		for _, issuer := range directoryNames(c.ext.points[i].issuers) {
			if issuer != c.issuerKey && !slices.Contains(list, issuer) {
				list = append(list, issuer)
			}
		}
	}
	return list
}

// onlyDirectory returns the directory name in GeneralNames, nil where there is none or
// more than one.
func onlyDirectory(names cryptobyte.String) (der []byte) {
	for !names.Empty() {
		var v cryptobyte.String
		var tag casn1.Tag
		if !names.ReadAnyASN1(&v, &tag) {
			return nil
		}
		if nameForm(tag) == nameDirectory {
			if der != nil {
				return nil
			}
			der = v
		}
	}
	return der
}

// directoryNames returns the directory names among GeneralNames.
func directoryNames(names cryptobyte.String) (list []nameKey) {
	for !names.Empty() {
		var v cryptobyte.String
		var tag casn1.Tag
		if !names.ReadAnyASN1(&v, &tag) || len(list) == maxPointNames {
			return list
		}
		if nameForm(tag) == nameDirectory {
			if key, ok := parseNameKey(v); ok {
				list = append(list, key)
			}
		}
	}
	return list
}
