package chain

import (
	"bytes"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
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
