package chain

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// parsedExtensions are those that read as the contents of Extensions.
func parsedExtensions(list []byte) *extensions {
	e := &extensions{pathLen: -1, requireExplicit: -1, inhibitMapping: -1, inhibitAny: -1}
	e.parse(list)
	return e
}

// tlv is one DER element of contents in hexadecimal, or of those n times.
func tlv(tag casn1.Tag, contents string, n int) []byte {
	var b cryptobyte.Builder
	b.AddASN1(tag, func(b *cryptobyte.Builder) { b.AddBytes(bytes.Repeat(octets(contents), n)) })
	return b.BytesOrPanic()
}

// octets are those written in hexadecimal, with spaces where one likes.
func octets(s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}

// extensionOf is an Extension that is not critical.
func extensionOf(id string, value []byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(casn1.OBJECT_IDENTIFIER, func(b *cryptobyte.Builder) { b.AddBytes([]byte(id)) })
		b.AddASN1(casn1.OCTET_STRING, func(b *cryptobyte.Builder) { b.AddBytes(value) })
	})
	return b.BytesOrPanic()
}

// TestExtensionList holds the list itself to its form (RFC 5280, Section 4.1).
func TestExtensionList(t *testing.T) {
	for _, test := range []struct{ name, list, want string }{
		{"nothing", "", ""},
		{"one", "3009 0603551d0e 04020400", ""},
		{"one that is critical", "300c 0603551d0e 0101ff 04020400", "malformed: critical subject key identifier"},
		{"one that says it is not critical", "300c 0603551d0e 010100 04020400", ""},
		{"critical in an octet of its own", "300c 0603551d0e 010101 04020400", "malformed: critical flag of extension 2.5.29.14"},
		{"octets", "0400", "malformed: extension list"},
		{"no identifier", "3004 04020400", "malformed: extension list"},
		{"no value", "3005 0603551d0e", "malformed: extension 2.5.29.14"},
		{"a value of another type", "3009 0603551d0e 03020400", "malformed: extension 2.5.29.14"},
		{"more than a value", "300b 0603551d0e 04020400 0500", "malformed: extension 2.5.29.14"},
		{"the same twice", "3009 0603551d0e 04020400 3009 0603551d0e 04020400", "malformed: extension 2.5.29.14 appears twice"},
		{"what is not known twice", "3005 06012a 0400 3005 06012a 0400", "malformed: extension 1.2 appears twice"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := said(parsedExtensions(octets(test.list))); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
	var list []byte
	for i := range maxExtensions {
		list = append(list, extensionOf(string([]byte{0x2a, 0x81 + byte(i/100), byte(i % 100)}), nil)...)
	}
	if got := said(parsedExtensions(list)); got != "" {
		t.Errorf("as many as there may be: %q", got)
	}
	if got := said(parsedExtensions(append(list, extensionOf("\x2b", nil)...))); got != "malformed: too many extensions" {
		t.Errorf("one more than there may be: %q", got)
	}
}

// said is what an extension list is said to have wrong.
func said(e *extensions) string {
	var list []string
	for _, w := range e.malformed {
		list = append(list, w.String())
	}
	return strings.Join(list, "; ")
}

// TestExtensionValues holds what each extension may hold; crypto/x509 refuses
// many of these certificates, so that no path shows it.
func TestExtensionValues(t *testing.T) {
	const name = "300d 310b 3009 0603550403 0c02 4341" // CN=CA
	for _, test := range []struct {
		id, value string
		holds     func(e *extensions) bool // nil: the value is malformed
	}{
		{oidBasicConstraints, "3000", func(e *extensions) bool { return e.hasBasic && !e.isCA && e.pathLen == -1 }},
		{oidBasicConstraints, "3003 0101ff", func(e *extensions) bool { return e.isCA && e.pathLen == -1 }},
		{oidBasicConstraints, "3006 0101ff 020102", func(e *extensions) bool { return e.isCA && e.pathLen == 2 }},
		{oidBasicConstraints, "300a 0101ff 02050080000000", func(e *extensions) bool { return e.pathLen == 1<<20 }},
		{oidBasicConstraints, "3003 020100", func(e *extensions) bool { return !e.isCA && e.pathLen == 0 }},
		{oidBasicConstraints, "0400", nil},
		{oidBasicConstraints, "3000 00", nil},
		{oidBasicConstraints, "3003 010101", nil},
		{oidBasicConstraints, "3003 0201ff", nil},
		{oidBasicConstraints, "3005 0101ff 0500", nil},

		{oidKeyUsage, "0302 0106", func(e *extensions) bool { return e.hasUsage && e.usage == usageCertSign|usageCRLSign }},
		{oidKeyUsage, "0303 070080", func(e *extensions) bool { return e.usage == usageDecipherOnly }},
		{oidKeyUsage, "0304 000000ff", func(e *extensions) bool { return e.hasUsage && e.usage == 0 }},
		{oidKeyUsage, "0302 0781", func(e *extensions) bool { return e.usage == usageDigitalSignature }},
		{oidKeyUsage, "0301 00", func(e *extensions) bool { return e.hasUsage && e.usage == 0 }},
		{oidKeyUsage, "0300", nil},
		{oidKeyUsage, "0302 0806", nil},
		{oidKeyUsage, "0402 0106", nil},
		{oidKeyUsage, "0302 0106 00", nil},

		{oidExtKeyUsage, "3006 06042a030405", func(e *extensions) bool { return e.hasEKU && slices.Equal(e.eku, []string{"\x2a\x03\x04\x05"}) }},
		{oidExtKeyUsage, "3000", func(e *extensions) bool { return e.hasEKU && len(e.eku) == 0 }},
		{oidExtKeyUsage, "0400", nil},
		{oidExtKeyUsage, "3000 00", nil},
		{oidExtKeyUsage, "3003 020101", nil},

		{oidSKI, "0402 0102", func(e *extensions) bool { return bytes.Equal(e.ski, []byte{1, 2}) }},
		{oidSKI, "0302 0102", nil},
		{oidSKI, "0402 0102 00", nil},

		{oidAKI, "3000", func(e *extensions) bool { return !e.akiSet }},
		{oidAKI, "3004 80020102", func(e *extensions) bool { return e.akiSet && bytes.Equal(e.aki, []byte{1, 2}) }},
		{oidAKI, "0402 0102", nil},
		{oidAKI, "3000 00", nil},
		{oidAKI, "3002 8005", nil},

		{oidSAN, "3000", func(e *extensions) bool { return e.san.count == 0 }},
		{oidSAN, "3007 8105 6140622e63", func(e *extensions) bool { return slices.Equal(e.san.emails, []string{"a@b.c"}) }},
		{oidSAN, "3003 8201 61", func(e *extensions) bool { return slices.Equal(e.san.dns, []string{"a"}) }},
		{oidSAN, "3003 8601 61", func(e *extensions) bool { return slices.Equal(e.san.uris, []string{"a"}) }},
		{oidSAN, "3006 8704 7f000001", func(e *extensions) bool { return len(e.san.ips) == 1 && len(e.san.ips[0]) == 4 }},
		{oidSAN, "3011 a40f" + name, func(e *extensions) bool { return len(e.san.dirs) == 1 }},
		{oidSAN, "3004 8802 2a03", func(e *extensions) bool { return slices.Equal(e.san.other, []string{"registeredID"}) }},
		{oidSAN, "3002 a300", func(e *extensions) bool { return slices.Equal(e.san.other, []string{"x400Address"}) }},
		{oidSAN, "3002 a500", func(e *extensions) bool { return slices.Equal(e.san.other, []string{"ediPartyName"}) }},
		{oidSAN, "3009 a007 06022a03 a001 00", func(e *extensions) bool { return slices.Equal(e.san.other, []string{"otherName 1.2.3"}) }},
		{oidSAN, "3013 a011 06082b06010505070809 a005 0c03 614062", func(e *extensions) bool { return slices.Equal(e.san.utf8, []string{"a@b"}) }},
		{oidSAN, "0400", nil},
		{oidSAN, "3000 00", nil},
		{oidSAN, "3002 8105", nil},
		{oidSAN, "3003 a101 61", nil},                                    // a constructed address
		{oidSAN, "3003 8901 61", nil},                                    // no form has this tag
		{oidSAN, "3003 0c01 61", nil},                                    // nor this class
		{oidSAN, "3002 a400", nil},                                       // no name
		{oidSAN, "3004 a002 0500", nil},                                  // no identifier
		{oidSAN, "300c a00a 06082b06010505070809", nil},                  // no address
		{oidSAN, "3013 a011 06082b06010505070809 a005 1603 614062", nil}, // one of IA5

		{oidNameConstraints, "3009 a007 3005 8203 612e62", func(e *extensions) bool {
			return e.hasConstraints && len(e.permitted) == 1 && e.excluded == nil && e.permitted[0].tag == nameDNS && !e.permitted[0].bad && !e.permitted[0].bounded
		}},
		{oidNameConstraints, "3009 a107 3005 8203 612e62", func(e *extensions) bool { return e.permitted == nil && len(e.excluded) == 1 }},
		{oidNameConstraints, "3002 a000", nil},
		{oidNameConstraints, "300c a00a 3008 8203 612e62 800100", func(e *extensions) bool { return !e.permitted[0].bounded }},
		{oidNameConstraints, "300c a00a 3008 8203 612e62 800101", func(e *extensions) bool { return e.permitted[0].bounded }},
		{oidNameConstraints, "300c a00a 3008 8203 612e62 810100", func(e *extensions) bool { return e.permitted[0].bounded }},
		{oidNameConstraints, "300e a00c 300a 8708 7f000000ff000000", func(e *extensions) bool { return !e.permitted[0].bad && len(e.permitted[0].raw) == 8 }},
		{oidNameConstraints, "300a a008 3006 8704 7f000001", func(e *extensions) bool { return e.permitted[0].bad }},
		{oidNameConstraints, "3015 a013 3011 a40f" + name, func(e *extensions) bool { return !e.permitted[0].bad && e.permitted[0].dir != "" }},
		{oidNameConstraints, "3006 a004 3002 a400", func(e *extensions) bool { return e.permitted[0].bad }},
		{oidNameConstraints, "300a a008 3006 a004 06022a03", func(e *extensions) bool { return !e.permitted[0].bad && e.permitted[0].oid == "\x2a\x03" }},
		{oidNameConstraints, "3008 a006 3004 a002 0500", func(e *extensions) bool { return e.permitted[0].bad }},
		{oidNameConstraints, "3000", nil},
		{oidNameConstraints, "0400", nil},
		{oidNameConstraints, "3002 a000 00", nil},
		{oidNameConstraints, "3004 a000 0500", nil},
		{oidNameConstraints, "300b a007 3005 8203 612e62 0500", nil},
		{oidNameConstraints, "300b a107 3005 8203 612e62 0500", nil},
		{oidNameConstraints, "3002 a005", nil},
		{oidNameConstraints, "3002 a105", nil},
		{oidNameConstraints, "3004 a002 0500", nil},
		{oidNameConstraints, "3004 a002 3000", nil},
		{oidNameConstraints, "3006 a004 3002 8900", nil},
		{oidNameConstraints, "300b a009 3007 8203 612e62 8005", nil},
		{oidNameConstraints, "300b a009 3007 8203 612e62 8105", nil},
		{oidNameConstraints, "300b a009 3007 8203 612e62 0500", nil},
		{oidNameConstraints, "300b a109 3007 8203 612e62 0500", nil},

		{oidPolicies, "3006 3004 06022a03", func(e *extensions) bool { return slices.Equal(e.policies, []string{"\x2a\x03"}) }},
		{oidPolicies, "3008 3006 06022a03 3000", func(e *extensions) bool { return len(e.policies) == 1 }},
		{oidPolicies, "3000", nil},
		{oidPolicies, "0404 3002 0602", nil},
		{oidPolicies, "3006 3004 06022a03 00", nil},
		{oidPolicies, "3002 0500", nil},
		{oidPolicies, "3002 3000", nil},

		{oidPolicyMappings, "300a 3008 06022a03 06022a04", func(e *extensions) bool {
			return slices.Equal(e.mappings, [][2]string{{"\x2a\x03", "\x2a\x04"}})
		}},
		{oidPolicyMappings, "0400", nil},
		{oidPolicyMappings, "300a 3008 06022a03 06022a04 00", nil},
		{oidPolicyMappings, "3002 0500", nil},
		{oidPolicyMappings, "3002 3000", nil},
		{oidPolicyMappings, "3006 3004 06022a03", nil},
		{oidPolicyMappings, "300c 300a 06022a03 06022a04 0500", nil},

		{oidPolicyConstraints, "3000", func(e *extensions) bool {
			return e.requireExplicit == -1 && e.inhibitMapping == -1
		}},
		{oidPolicyConstraints, "3006 800100 810102", func(e *extensions) bool { return e.requireExplicit == 0 && e.inhibitMapping == 2 }},
		{oidPolicyConstraints, "0400", nil},
		{oidPolicyConstraints, "3000 00", nil},
		{oidPolicyConstraints, "3002 8005", nil},
		{oidPolicyConstraints, "3002 8105", nil},
		{oidPolicyConstraints, "3002 8200", nil},
		{oidPolicyConstraints, "3002 8000", nil},   // no number
		{oidPolicyConstraints, "3003 8001ff", nil}, // below zero
		{oidPolicyConstraints, "3003 8101ff", nil},

		{oidInhibitAnyPolicy, "0201 03", func(e *extensions) bool { return e.inhibitAny == 3 }},
		{oidInhibitAnyPolicy, "0205 0100000000", func(e *extensions) bool { return e.inhibitAny == 1<<20 }},
		{oidInhibitAnyPolicy, "0401 03", nil},
		{oidInhibitAnyPolicy, "0201 03 00", nil},
		{oidInhibitAnyPolicy, "0201 ff", nil},

		{oidAIA, "300f 300d 06082b06010505073002 8601 61", func(e *extensions) bool { return slices.Equal(e.aia, []string{"a"}) }},
		{oidAIA, "300f 300d 06082b06010505073001 8601 61", func(e *extensions) bool { return e.aia == nil }}, // OCSP
		{oidAIA, "300f 300d 06082b06010505073002 8201 61", func(e *extensions) bool { return e.aia == nil }}, // no address
		{oidAIA, "0400", nil},
		{oidAIA, "3000 00", nil},
		{oidAIA, "3002 0500", nil},
		{oidAIA, "3004 3002 0500", nil},
		{oidAIA, "300c 300a 06082b06010505073002", nil},

		{oidCRLDistribution, "3009 3007 a005 a003 8601 61", func(e *extensions) bool {
			return e.hasPoints && slices.Equal(e.pointAddresses(), []string{"a"}) && len(e.points) == 1 && string(e.points[0].full[0]) == "\x86\x01a"
		}},
		{oidCRLDistribution, "3009 3007 a005 a003 8201 61", func(e *extensions) bool { return e.pointAddresses() == nil && len(e.points) == 1 }},
		{oidCRLDistribution, "3000", func(e *extensions) bool { return e.hasPoints && e.points == nil }},
		{oidCRLDistribution, "300d 3002 a100 3007 a005 a003 8601 61", func(e *extensions) bool { return len(e.points) == 2 && len(e.pointAddresses()) == 1 }},
		{oidCRLDistribution, "300d 3002 a000 3007 a005 a003 8601 61", func(e *extensions) bool { return len(e.points) == 2 && len(e.pointAddresses()) == 1 }},
		{oidCRLDistribution, "0400", nil},
		{oidCRLDistribution, "3000 00", nil},
		{oidCRLDistribution, "3002 0500", nil},
		{oidCRLDistribution, "3004 3002 a005", nil},
		{oidCRLDistribution, "3006 3004 a002 a005", nil},
		{oidCRLDistribution, "3008 3006 a004 a002 8605", nil},

		{oidIAN, "3000", func(*extensions) bool { return true }},
		{oidIAN, "0400", func(*extensions) bool { return true }}, // of no interest
		{"\x2a\x03", "0400", func(e *extensions) bool { return e.unknownCritical == nil }},
	} {
		e := parsedExtensions(extensionOf(test.id, octets(test.value)))
		switch what := oidString([]byte(test.id)); {
		case test.holds == nil && said(e) != "malformed: extension "+what:
			t.Errorf("%s: %s: %q", what, test.value, said(e))
		case test.holds != nil && (said(e) != "" || !test.holds(e)):
			t.Errorf("%s: %s: %q, %+v", what, test.value, said(e), e)
		}
	}
}

// TestLimitsOfExtensions holds how many names, policies, usages and addresses one
// extension may have.
func TestLimitsOfExtensions(t *testing.T) {
	for _, test := range []struct {
		id, item string
		wrap     []casn1.Tag // around the items, the inner first
	}{
		{oidExtKeyUsage, "06022a03", nil},
		{oidSAN, "8100", nil},
		{oidNameConstraints, "3003 8201 61", []casn1.Tag{0xa0}},
		{oidNameConstraints, "3003 8201 61", []casn1.Tag{0xa1}},
		{oidPolicies, "3004 06022a03", nil},
		{oidPolicyMappings, "3008 06022a03 06022a04", nil},
		{oidAIA, "300d 06082b06010505073002 8601 61", nil},
		{oidCRLDistribution, "8601 61", []casn1.Tag{0xa0, 0xa0, casn1.SEQUENCE}},
	} {
		of := func(n int) string {
			items := test.item
			for _, tag := range test.wrap {
				items, n = hex.EncodeToString(tlv(tag, items, n)), 1
			}
			return said(parsedExtensions(extensionOf(test.id, tlv(casn1.SEQUENCE, items, n))))
		}
		what := oidString([]byte(test.id))
		if got := of(maxNames); got != "" {
			t.Errorf("%s, as many as there may be: %q", what, got)
		}
		if got := of(maxNames + 1); got != "malformed: extension "+what {
			t.Errorf("%s, one more than there may be: %q", what, got)
		}
	}
}
