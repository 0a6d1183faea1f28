package chain

import (
	"bytes"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"slices"
	"testing"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// TestPointNames holds which names of distribution points are the same: directory names as
// names are compared, what cannot be read and all others by their octets.
func TestPointNames(t *testing.T) {
	name := func(parts ...string) []byte {
		var list pkix.RDNSequence
		for _, p := range parts {
			list = append(list, pkix.RelativeDistinguishedNameSET{{Type: asn1.ObjectIdentifier{2, 5, 4, 3}, Value: p}})
		}
		der, err := asn1.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	directory := func(der []byte) []byte {
		return tlv(casn1.Tag(nameDirectory).ContextSpecific().Constructed(), hex.EncodeToString(der), 1)
	}
	uri := func(s string) []byte {
		return tlv(casn1.Tag(nameURI).ContextSpecific(), hex.EncodeToString([]byte(s)), 1)
	}
	for _, tt := range []struct {
		name string
		a, b []byte
		same bool
	}{
		{"directory names", directory(name("CA", "Point")), directory(name("CA", "Point")), true},
		{"directory names in another case", directory(name("CA", "Point")), directory(name("ca", "POINT")), true},
		{"other directory names", directory(name("CA", "Point")), directory(name("CA", "Point 2")), false},
		{"directory names that cannot be read", directory(octets("0400")), directory(octets("040100")), false},
		{"one that cannot be read, twice", directory(octets("0400")), directory(octets("0400")), true},
		{"addresses", uri("http://a.example/a"), uri("http://a.example/a"), true},
		{"addresses in another case", uri("http://a.example/a"), uri("http://a.example/A"), false},
	} {
		if same := fullPointName(tt.a) == fullPointName(tt.b); same != tt.same {
			t.Errorf("%s: the same %t", tt.name, same)
		}
	}
	rdn := func(s string) []byte { return octets(hex.EncodeToString(name(s))[8:]) } // without the tags of SEQUENCE and SET
	for _, tt := range []struct {
		name        string
		issuer, rdn []byte
		want        pointName
	}{
		{"relative to its issuer", name("CA"), rdn("Point"), fullPointName(directory(name("CA", "Point")))},
		{"in another case", name("ca"), rdn("point"), fullPointName(directory(name("CA", "Point")))},
		{"none", name("CA"), nil, ""},
		{"malformed", name("CA"), octets("0400"), ""},
		{"of an issuer that is malformed", octets("0400"), rdn("Point"), ""},
	} {
		if got := relativePointName(tt.issuer, tt.rdn); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestDirectoryNames holds which of the names of an issuer of lists count: directory names,
// as far as they can be read, and as that of a relative name the only one.
func TestDirectoryNames(t *testing.T) {
	subject := sign(t, rootEntity, rootEntity).RawSubject()
	other := sign(t, entity{"Other", 5}, rootEntity).RawSubject()
	directory := func(der []byte) []byte {
		return tlv(casn1.Tag(nameDirectory).ContextSpecific().Constructed(), hex.EncodeToString(der), 1)
	}
	key := func(der []byte) nameKey {
		k, ok := parseNameKey(der)
		if !ok {
			t.Fatal("no name")
		}
		return k
	}
	uri, broken := octets("8603 612f62"), octets("a403 0400")
	for _, tt := range []struct {
		name  string
		names []byte
		want  []nameKey
		only  []byte
	}{
		{"none", nil, nil, nil},
		{"one", directory(subject), []nameKey{key(subject)}, subject},
		{"two", slices.Concat(directory(subject), directory(other)), []nameKey{key(subject), key(other)}, nil},
		{"an address", uri, nil, nil},
		{"one and an address", slices.Concat(uri, directory(subject), uri), []nameKey{key(subject)}, subject},
		{"one that cannot be read", directory(octets("0400")), nil, octets("0400")},
		{"one that ends early", slices.Concat(directory(subject), broken), []nameKey{key(subject)}, nil},
		{"an address that ends early", slices.Concat(directory(subject), octets("8605 61")), []nameKey{key(subject)}, nil},
		{"another form with a name in it", tlv(casn1.Tag(nameX400).ContextSpecific().Constructed(), hex.EncodeToString(subject), 1), nil, nil},
		{"more than count", bytes.Repeat(directory(subject), maxPointNames+1), slices.Repeat([]nameKey{key(subject)}, maxPointNames), nil},
	} {
		if got := directoryNames(tt.names); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %d names, want %d", tt.name, len(got), len(tt.want))
		}
		if got := onlyDirectory(tt.names); !bytes.Equal(got, tt.only) {
			t.Errorf("%s: the only one is %x, want %x", tt.name, got, tt.only)
		}
	}
}

// TestParsePoints holds what is read of distribution points, where some of it is damaged.
func TestParsePoints(t *testing.T) {
	full, relative := "a003 860161", "a102 3000" // of a DistributionPointName: an address; an RDN that only looks like one
	for _, tt := range []struct {
		name  string
		point string // contents of the DistributionPoint
		want  string // names, the relative one, the issuers
	}{
		{"nothing", "", "0 false -"},
		{"an address", "a005" + full, "1 false -"},
		{"a relative name", "a004" + relative, "0 true -"},
		{"a relative name that is empty", "a002 a100", "0 false -"},
		{"a relative name and more", "a006" + relative + "0500", "0 false -"},
		{"two names of which there may be one", "a009" + full + relative, "1 false -"},
		{"reasons", "8102 0780", "0 false -"},
		{"an issuer", "a203 860162", "0 false 860162"},
		{"an issuer without a name", "a200", "0 false "},
		{"reasons and an issuer", "8102 0780 a203 860162", "0 false 860162"},
		{"reasons that end early, before an issuer", "8109 a203 860162", "0 false -"},
		{"an address and an issuer", "a005" + full + "a203 860162", "1 false 860162"},
	} {
		var e extensions
		if !e.parseDistribution(tlv(casn1.SEQUENCE, hex.EncodeToString(tlv(casn1.SEQUENCE, tt.point, 1)), 1)) || len(e.points) != 1 {
			t.Errorf("%s: %d points", tt.name, len(e.points))
			continue
		}
		p := &e.points[0]
		issuers := "-"
		if p.issuers != nil {
			issuers = hex.EncodeToString(p.issuers)
		}
		if got := fmt.Sprintf("%d %t %s", len(p.full), p.relative != nil, issuers); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
	for n, want := range map[int]bool{maxNames: true, maxNames + 1: false} {
		var e extensions
		if ok := e.parseDistribution(tlv(casn1.SEQUENCE, "3000", n)); ok != want {
			t.Errorf("%d points are read: %t", n, ok)
		}
	}
}

// TestPointsOfIssuers holds which points of a certificate are of whose lists, and who makes
// lists about it besides its issuer (RFC 5280, Sections 4.2.1.13 and 6.3.3 (b) (2)).
func TestPointsOfIssuers(t *testing.T) {
	named := sign(t, entity{"User", 2}, rootEntity).info()
	other := sign(t, entity{"Other", 5}, rootEntity).info()
	third := sign(t, entity{"Third", 6}, rootEntity).info()
	issuers := func(list ...*parsed) (names []byte) {
		names = []byte{}
		for _, p := range list {
			names = append(names, tlv(casn1.Tag(nameDirectory).ContextSpecific().Constructed(), hex.EncodeToString(p.subject), 1)...)
		}
		return names
	}
	a, b := octets("860161"), octets("860162")
	rdn := tlv(casn1.SEQUENCE, "0603 550403 0c01 61", 1)
	relative := func(p *parsed) pointName { return relativePointName(p.subject, rdn) }
	whole := func(key nameKey) pointName { return pointName(ofDirectory + string(key)) }
	for _, tt := range []struct {
		name   string
		none   bool // there is no extension
		points []point
		own    []pointName // of the issuer's lists
		others []pointName // of Other's
		who    []nameKey
	}{
		{"no extension", true, nil, []pointName{whole(named.issuerKey)}, nil, nil},
		{"no point", false, nil, nil, nil, nil},
		{"the issuer's", false, []point{{full: [][]byte{a}}, {full: [][]byte{b}}}, []pointName{pointName(a), pointName(b)}, nil, nil},
		{"another's", false, []point{{full: [][]byte{a}, issuers: issuers(other)}}, nil, []pointName{pointName(a)}, []nameKey{other.subjectKey}},
		{"another's by name alone", false, []point{{issuers: issuers(other)}}, nil, []pointName{whole(other.subjectKey)}, []nameKey{other.subjectKey}},
		{"of one of two", false, []point{{issuers: issuers(other, third)}}, nil, []pointName{whole(other.subjectKey), whole(third.subjectKey)}, []nameKey{other.subjectKey, third.subjectKey}},
		{"both", false, []point{{full: [][]byte{a}}, {full: [][]byte{b}, issuers: issuers(other)}}, []pointName{pointName(a)}, []pointName{pointName(b)}, []nameKey{other.subjectKey}},
		{"another's, twice", false, []point{{full: [][]byte{a}, issuers: issuers(other)}, {full: [][]byte{b}, issuers: issuers(other)}}, nil, []pointName{pointName(a), pointName(b)}, []nameKey{other.subjectKey}},
		{"relative to another", false, []point{{relative: rdn, issuers: issuers(other)}}, nil, []pointName{relative(other)}, []nameKey{other.subjectKey}},
		{"of nobody", false, []point{{full: [][]byte{a}, issuers: issuers()}}, nil, nil, nil},
		{"of nobody in particular", false, []point{{}}, nil, nil, nil},
	} {
		c := *named
		c.ext.hasPoints, c.ext.points = !tt.none, tt.points
		if got := pointsOf(&c, c.issuerKey); !slices.Equal(got, tt.own) {
			t.Errorf("%s: of the issuer %q, want %q", tt.name, got, tt.own)
		}
		if got := pointsOf(&c, other.subjectKey); !slices.Equal(got, tt.others) {
			t.Errorf("%s: of another %q, want %q", tt.name, got, tt.others)
		}
		if got := pointIssuers(&c); !slices.Equal(got, tt.who) {
			t.Errorf("%s: who else: %q, want %q", tt.name, got, tt.who)
		}
	}
	itself := *named
	itself.ext.hasPoints, itself.ext.points = true, []point{{full: [][]byte{a}, issuers: issuers(sign(t, rootEntity, rootEntity).info())}}
	if got := pointIssuers(&itself); got != nil || !slices.Equal(pointsOf(&itself, itself.issuerKey), []pointName{pointName(a)}) {
		t.Errorf("the issuer by its name: who else: %q", got)
	}
}
