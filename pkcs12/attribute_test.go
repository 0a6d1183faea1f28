package pkcs12

import (
	"bytes"
	"crypto/sha1"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gopkcs12 "software.sslmate.com/src/go-pkcs12"

	"github.com/smimechain/smimechain/pkcs12/internal/ber"
)

func TestDecodeString(t *testing.T) {
	tests := []struct {
		tag     int
		content string
		want    string
		ok      bool
	}{
		{ber.BMPString, "\x00a\x00l", "al", true},
		{ber.BMPString, "\x00a\x00\x00", "a", true}, // with a terminator
		{ber.BMPString, "\xd8\x3d\xde\x00", "\U0001f600", true},
		{ber.BMPString, "", "", true},
		{ber.BMPString, "\x00a\x00", "a", false},           // half a character
		{ber.BMPString, "\xd8\x3d\x00a", "\ufffda", false}, // half a pair
		{ber.UTF8String, "Zoë", "Zoë", true},
		{ber.UTF8String, "a\xff", "a\ufffd", false},
		{ber.UTF8String, "a\xff\xff\xff", "a\ufffd", false}, // which is as long
		{ber.PrintableString, "alice", "alice", true},
		{ber.T61String, "Zo\xeb", "Zoë", true},
		{ber.OctetString, "alice", "", false},
		{0x80 | ber.BMPString, "\x00a", "", false}, // of another class
		{0x20 | ber.UTF8String, "", "", false},     // in segments
	}
	for _, test := range tests {
		raw := append([]byte{byte(test.tag), byte(len(test.content))}, test.content...)
		e, err := ber.New(raw, nil).Next()
		if err != nil {
			t.Fatal(err)
		}
		got, err := decodeString(e)
		if got != test.want || (err == nil) != test.ok {
			t.Errorf("tag %d, %q: %q, %v", test.tag, test.content, got, err)
		}
	}
}

func TestReadKeyID(t *testing.T) {
	tests := []struct {
		id   string
		want KeyID
	}{
		{"", KeyID{}},
		{"\x01\x00\x00\x00", KeyID{Kind: keyIDCounter, Text: "1"}},
		{"\x01\x02\x00\x00", KeyID{Kind: keyIDCounter, Text: "513"}},
		{"\x01\x00\x00\x01", KeyID{Kind: keyIDOther}},
		{"\x01\x00\x01\x00", KeyID{Kind: keyIDOther}},
		{"\x01\x00\x00", KeyID{Kind: keyIDOther}},
		{"\x01\x00\x00\x00\x00", KeyID{Kind: keyIDOther}},
		{"Time 1795320469443", KeyID{Kind: keyIDJavaTime, Time: time.UnixMilli(1795320469443).UTC()}},
		{"1795320469443", KeyID{Kind: keyIDText, Text: "1795320469443"}},
		{" ", KeyID{Kind: keyIDText, Text: " "}},
		{"~", KeyID{Kind: keyIDText, Text: "~"}},
		{"\x1f", KeyID{Kind: keyIDOther}},
		{"\x7f", KeyID{Kind: keyIDOther}},
		{"\x1fa", KeyID{Kind: keyIDOther}},
		{"Time flies", KeyID{Kind: keyIDText, Text: "Time flies"}},
		{"alice", KeyID{Kind: keyIDText, Text: "alice"}},
		{strings.Repeat("\xaa", 20), KeyID{Kind: keyIDOther}},
	}
	for _, test := range tests {
		if got := readKeyID([]byte(test.id)); got != test.want {
			t.Errorf("%q: %+v, want %+v", test.id, got, test.want)
		}
	}
}

// Attributes of files by several writers.
func TestAttributes(t *testing.T) {
	tests := []struct {
		name, password string
		kind           KeyIDKind // of the key
		friendlyName   string
		attributes     []string
	}{
		{"o30-csp.p12", "secret", keyIDCertificateSHA1, "alice", []string{"Microsoft local key set", "friendlyName", "localKeyID", "Microsoft CSP name"}},
		{"o30-default.p12", "secret", keyIDCertificateSHA1, "alice", nil},
		{"o30-noname.p12", "secret", keyIDCertificateSHA1, "", nil},
		{"gt38-default.p12", "secret", keyIDPublicKeyID, "", nil},
		{"bc180-pkcs12.p12", "secret", keyIDPublicKeyID, "", nil},
		{"syn-nolkid.p12", "secret", keyIDNone, "", nil},
		{"jdk17-default.p12", "secret", keyIDJavaTime, "alice", nil},
		{"foreign-ValidCertificatePathTest1EE_windows_aes.p12.pfx", "password", keyIDCounter, "", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := inspectFile(t, "pfx", test.name, test.password)
			key := r.Bag(r.Identities[0].Key)
			if key.KeyID.Kind != test.kind {
				t.Errorf("localKeyID %x read as %v, want %v", key.LocalKeyID, key.KeyID.Kind, test.kind)
			}
			if test.friendlyName != "" && key.FriendlyName != test.friendlyName {
				t.Errorf("friendly name %q", key.FriendlyName)
			}
			var names []string
			for _, a := range key.Attributes {
				names = append(names, a.Name)
				if len(a.Values) == 0 && a.OID != oidLocalKeySet {
					t.Errorf("attribute %s without a value", a.Name)
				}
			}
			if test.attributes != nil && !slices.Equal(slices.Sorted(slices.Values(names)), slices.Sorted(slices.Values(test.attributes))) {
				t.Errorf("attributes %q, want %q", names, test.attributes)
			}
		})
	}
	key := inspectFile(t, "pfx", "o30-csp.p12", "secret")
	if got := key.Bag(key.Identities[0].Key).CSPName; got != "Microsoft Enhanced RSA and AES Cryptographic Provider" {
		t.Errorf("CSP name %q", got)
	}
}

// TestAttributeValues gives a bag attributes with no, one and two values: those that are
// for one value have one.
func TestAttributeValues(t *testing.T) {
	name, id := tlv(0x1e, []byte("\x00a")), octetString([]byte{1})
	for oid, value := range map[string][]byte{oidFriendlyName: name, oidLocalKeyID: id, oidCSPName: name, "1.2.3": id} {
		single := oid == oidFriendlyName || oid == oidLocalKeyID
		for n, want := range []bool{oid == "1.2.3", true, !single} {
			cert := bag(oidCertBag, seq(object(oidX509Certificate), explicit(octetString(alice(t).leaf.Raw))),
				seq(object(oid), setOf(slices.Repeat([][]byte{value}, n)...)))
			r, err := new(Options).Inspect(t.Context(), pfx(plainSafe(seq(cert))))
			if err != nil {
				t.Fatal(err)
			}
			var a Attribute
			for _, b := range r.Bags() {
				a = b.Attributes[0]
			}
			if (a.Err == nil) != want || len(a.Values) != n || r.Has(codeMalformed) == want {
				t.Errorf("%s with %d values: %d, %v", oid, n, len(a.Values), a.Err)
			}
		}
	}
}

// TestSeveralAttributes holds which of several attributes of one kind counts, which of
// several values, and how many attributes of a bag are read.
func TestSeveralAttributes(t *testing.T) {
	text := func(s string) []byte { return tlv(ber.UTF8String, []byte(s)) }
	name := func(values ...[]byte) []byte { return seq(object(oidFriendlyName), setOf(values...)) }
	id := func(value []byte) []byte { return attribute(oidLocalKeyID, value) }
	broken := tlv(0x24, []byte{5, 0}) // in segments, which are none
	for _, tt := range []struct {
		name       string
		attributes [][]byte
		limit      int
		friendly   string
		id         string
		kind       KeyIDKind
		errors     string // of the attributes, separated by semicolons
		findings   string
	}{
		{"one", [][]byte{name(text("a"))}, 0, "a", "", keyIDNone, "", ""},
		{"two", [][]byte{name(text("a")), name(text("b"))}, 0, "b", "", keyIDNone, ";", ""},
		{"two values", [][]byte{name(text("a"), text("b"))}, 0, "a", "", keyIDNone, "2 values where one belongs", "malformed 0.0"},
		{"two values, the first a number", [][]byte{name(integer(1), text("b"))}, 0, "", "", keyIDNone, "not a string", "malformed 0.0"},
		{"two identifiers", [][]byte{id(octetString([]byte("a"))), id(octetString([]byte("b")))}, 0, "", "b", keyIDText, ";", ""},
		{"the second is a number", [][]byte{id(octetString([]byte("a"))), id(integer(1))}, 0, "", "a", keyIDText, ";not an OCTET STRING", "malformed 0.0"},
		{"the second cannot be read", [][]byte{id(octetString([]byte("a"))), id(broken)}, 0, "", "", keyIDNone, ";offset 0x42: found NULL where OCTET STRING belongs", "malformed 0.0"},
		{"a name that is no attribute of ours", [][]byte{attribute("1.2.3", text("a"))}, 0, "", "", keyIDNone, "", ""},
		{"as many as are read", [][]byte{name(text("a")), name(text("b"))}, 2, "b", "", keyIDNone, ";", ""},
		{"one more", [][]byte{name(text("a")), name(text("b"))}, 1, "a", "", keyIDNone, "", "attributes_limit 0.0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			data := pfx(plainSafe(seq(bag(oidCertBag, seq(object("1.2.3"), explicit(octetString(nil))), tt.attributes...))))
			r, err := (&Options{Limits: Limits{Attributes: tt.limit}}).Inspect(t.Context(), data)
			if err != nil {
				t.Fatal(err)
			}
			b := r.Bag(BagRef{0, 0})
			var errs []string
			for _, a := range b.Attributes {
				errs = append(errs, "")
				if a.Err != nil {
					errs[len(errs)-1] = a.Err.Error()
				}
			}
			want := strings.TrimPrefix(tt.findings+", unsupported_algorithm 0.0, no_mac", ", ")
			if got := findings(r); b.FriendlyName != tt.friendly || string(b.LocalKeyID) != tt.id || b.KeyID.Kind != tt.kind ||
				strings.Join(errs, ";") != tt.errors || got != want {
				t.Errorf("name %q, localKeyID %q as %v, %q, %s", b.FriendlyName, b.LocalKeyID, b.KeyID.Kind, errs, got)
			}
		})
	}
}

// Every value of an enumeration has a name, and so has one that does not exist.
func TestNames(t *testing.T) {
	check := func(n int, name func(i int) fmt.Stringer) {
		t.Helper()
		seen := make(map[string]bool)
		for i := range n {
			s := name(i).String()
			if seen[s] || strings.Contains(s, fmt.Sprintf("(%d)", i)) {
				t.Errorf("%T: value %d is called %q", name(i), i, s)
			}
			seen[s] = true
		}
		for _, i := range []int{-1, n} {
			if s := name(i).String(); !strings.HasSuffix(s, fmt.Sprintf("(%d)", i)) {
				t.Errorf("%T: value %d is called %q", name(i), i, s)
			}
		}
	}
	check(5, func(i int) fmt.Stringer { return Integrity(i) })
	check(8, func(i int) fmt.Stringer { return ProtectionStatus(i) })
	check(4, func(i int) fmt.Stringer { return Privacy(i) })
	check(7, func(i int) fmt.Stringer { return BagKind(i) })
	check(3, func(i int) fmt.Stringer { return Severity(i) })
	check(7, func(i int) fmt.Stringer { return PasswordStatus(i) })
	check(4, func(i int) fmt.Stringer { return Variant(i) })
	check(5, func(i int) fmt.Stringer { return MixUp(i) })
	check(7, func(i int) fmt.Stringer { return Charset(i) })
	check(7, func(i int) fmt.Stringer { return KeyIDKind(i) })
	check(3, func(i int) fmt.Stringer { return Answer(i) })
	check(2, func(i int) fmt.Stringer { return Profile(i) })
	check(10, func(i int) fmt.Stringer { return Hint(i) })
	check(10, func(i int) fmt.Stringer { return Obstacle(i) })
	for l, want := range map[Link]string{0: "none", linkLocalKeyID: "localKeyID", linkLocalKeyID | linkPublicKey: "localKeyID, public key", 8: "Link(8)"} {
		if got := l.String(); got != want {
			t.Errorf("Link %d is called %q", int(l), got)
		}
	}
}

// The report as JSON has names for numbers and holds no parsed certificates.
func TestReportJSON(t *testing.T) {
	r, err := Inspect(alice(t).encode(t, gopkcs12.Modern2023, "secret"), "secret")
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"encoding":"DER"`, `"integrity":"MAC"`, `"password":{"status":"right"`, `"kind":"shrouded key"`,
		`"cipher":"AES-256-CBC"`, `"linked_by":"localKeyID, public key"`, `"matches":"yes"`, `"chain":[[0,1],[0,2]]`,
	} {
		if !bytes.Contains(data, []byte(want)) {
			t.Errorf("no %s in %s", want, data)
		}
	}
	for _, not := range []string{"PublicKeyAlgorithm", "Public", "pkcs8"} {
		if bytes.Contains(data, []byte(not)) {
			t.Errorf("%s in the JSON", not)
		}
	}
}

// TestKeyIDOfCertificate knows a localKeyID by what it was made from.
func TestKeyIDOfCertificate(t *testing.T) {
	p := alice(t)
	key, cert := sha1.Sum(p.leaf.RawSubjectPublicKeyInfo), sha1.Sum(p.leaf.Raw)
	for name, tt := range map[string]struct {
		id   []byte
		want KeyIDKind
	}{
		"the certificate": {cert[:], keyIDCertificateSHA1}, "its key": {key[:], keyIDPublicKeyID}, "its key identifier": {p.leaf.SubjectKeyId, keyIDPublicKeyID},
		"anything": {bytes.Repeat([]byte{9}, 20), keyIDOther}, "half of it": {cert[:10], keyIDOther},
	} {
		if len(tt.id) == 0 {
			continue
		}
		// The second bag has none.
		certificate := seq(object(oidX509Certificate), explicit(octetString(p.leaf.Raw)))
		data := pfx(plainSafe(seq(bag(oidCertBag, certificate, attribute(oidLocalKeyID, octetString(tt.id))), bag(oidCertBag, certificate))))
		r, err := new(Options).Inspect(t.Context(), data)
		if err != nil {
			t.Fatal(err)
		}
		if first, second := r.Bag(BagRef{0, 0}), r.Bag(BagRef{0, 1}); first.KeyID.Kind != tt.want || second.KeyID.Kind != keyIDNone {
			t.Errorf("%s: %v, want %v", name, first.KeyID.Kind, tt.want)
		}
	}
}
