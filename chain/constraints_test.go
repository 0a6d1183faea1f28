package chain

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// generalName is one name or the base of a subtree.
type generalName struct {
	form    uint8
	content string
}

// formTag is the tag of a form of GeneralName.
func formTag(form uint8) casn1.Tag {
	t := casn1.Tag(form).ContextSpecific()
	switch form {
	case nameOther, nameX400, nameDirectory, nameEDI:
		t = t.Constructed()
	}
	return t
}

// sanWith is a SAN with all of names.
func sanWith(names ...generalName) func(*x509.Certificate) {
	return extension("2.5.29.17", false, func(b *cryptobyte.Builder) {
		b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
			for _, n := range names {
				b.AddASN1(formTag(n.form), func(b *cryptobyte.Builder) { b.AddBytes([]byte(n.content)) })
			}
		})
	})
}

// constrainedTo is a nameConstraints extension; bounds are what follows the base of
// each subtree.
func constrainedTo(critical bool, permit, exclude []generalName, bounds ...byte) func(*x509.Certificate) {
	return extension("2.5.29.30", critical, func(b *cryptobyte.Builder) {
		b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
			for which, list := range [][]generalName{permit, exclude} {
				if list == nil {
					continue
				}
				b.AddASN1(casn1.Tag(which).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
					for _, n := range list {
						b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
							b.AddASN1(formTag(n.form), func(b *cryptobyte.Builder) { b.AddBytes([]byte(n.content)) })
							b.AddBytes(bounds)
						})
					}
				})
			}
		})
	})
}

// violated says what a checker finds with as many comparisons as it may make.
func violated(t *testing.T, leaf, ca func(*x509.Certificate), comparisons int) ProblemCode {
	t.Helper()
	if v := firstViolation(t, leaf, ca, comparisons); v != nil {
		return v.code
	}
	return ""
}

func firstViolation(t *testing.T, leaf, ca func(*x509.Certificate), comparisons int) *violation {
	t.Helper()
	noMail := func(c *x509.Certificate) { c.EmailAddresses = nil }
	c := sign(t, entity{"Leaf", leafKey}, entity{"CA", 1}, asLeaf, noMail, leaf).info()
	issuer := sign(t, entity{"CA", 1}, rootEntity, ca).info()
	for _, p := range []*parsed{c, issuer} {
		if p.err != nil || p.ext.malformed != nil {
			t.Fatalf("%v, %v", p.err, p.ext.malformed)
		}
	}
	k := checker{left: comparisons}
	return k.check(c, issuer)
}

// TestClauses holds which standard a violation is of.
func TestClauses(t *testing.T) {
	permitted := constrainedTo(true, []generalName{{nameEmail, "b.example"}}, nil)
	for _, tt := range []struct {
		name generalName
		want string
	}{
		{generalName{nameEmail, "a@c.example"}, clauseConstraints},
		{generalName{nameEmail, "a b@c.example"}, clauseConstraints},
		{generalName{nameOther, string(utf8Name("é@c.example"))}, clauseUTF8Mailbox},
		{generalName{nameOther, string(utf8Name("é"))}, clauseUTF8Mailbox},
	} {
		if v := firstViolation(t, sanWith(tt.name), permitted, 10); v == nil || v.clause != tt.want {
			t.Errorf("%s: %+v, want %s", tt.name.content, v, tt.want)
		}
	}
}

// TestConstraints holds each form of name against subtrees of its form, and what
// of the others cannot be applied.
func TestConstraints(t *testing.T) {
	const no, form = problemNameConstraint, problemConstraintForm
	names := func(form uint8, contents ...string) (list []generalName) {
		for _, c := range contents {
			list = append(list, generalName{form, c})
		}
		return list
	}
	mailbox := func(address string) string { return string(utf8Name(address)) }
	long := strings.Repeat("abc.", 63)          // 252 letters
	other := "\x06\x02\x2a\x03\xa0\x02\x05\x00" // otherName 1.2.3
	for _, test := range []struct {
		name            string
		names           []generalName
		permit, exclude []generalName
		want            ProblemCode // of the names, empty for none
	}{
		{"any address", names(nameEmail, "a@b.example"), names(nameEmail, ""), nil, ""},
		{"no address", names(nameEmail, "a@b.example"), nil, names(nameEmail, ""), no},
		{"an empty address", names(nameEmail, ""), nil, names(nameEmail, "c.example"), no},
		{"an address of quotes alone", names(nameEmail, `"`), nil, names(nameEmail, "c.example"), no},
		{"nothing quoted", names(nameEmail, `""@b.example`), names(nameEmail, "b.example"), nil, ""},
		{"an address that is a quotation", names(nameEmail, `"a"`), nil, names(nameEmail, "c.example"), no},
		{"a quotation with an escape of a letter not in ASCII", names(nameEmail, "\"\\\x80\"@b.example"), names(nameEmail, "b.example"), nil, no},
		{"a quotation with spaces", names(nameEmail, `" ~"@b.example`), names(nameEmail, "b.example"), nil, ""},
		{"a tilde", names(nameEmail, "~@b.example"), names(nameEmail, "b.example"), nil, ""},
		{"a letter not in ASCII", names(nameEmail, "\x80@b.example"), names(nameEmail, "b.example"), nil, no},
		{"a space", names(nameEmail, "a b@b.example"), names(nameEmail, "b.example"), nil, no},
		{"no local part", names(nameEmail, "@b.example"), names(nameEmail, "b.example"), nil, no},
		{"a period in front", names(nameEmail, ".a@b.example"), names(nameEmail, "b.example"), nil, no},
		{"a period at the end", names(nameEmail, "a.@b.example"), names(nameEmail, "b.example"), nil, no},
		{"no host", names(nameEmail, "a@"), nil, names(nameEmail, "c.example"), no},
		{"a host of 253 letters", names(nameEmail, "a@"+long+"a"), nil, names(nameEmail, "c.example"), ""},
		{"a host of 254 letters", names(nameEmail, "a@"+long+"ab"), nil, names(nameEmail, "c.example"), no},
		{"a label of 63 letters", names(nameEmail, "a@"+strings.Repeat("a", 63)), nil, names(nameEmail, "c.example"), ""},
		{"a label of 64 letters", names(nameEmail, "a@"+strings.Repeat("a", 64)), nil, names(nameEmail, "c.example"), no},
		{"a hyphen in a label", names(nameEmail, "a@a-z.0_9"), nil, names(nameEmail, "c.example"), ""},
		{"a hyphen first in a label", names(nameEmail, "a@-a.example"), nil, names(nameEmail, "c.example"), no},
		{"a wildcard in an address", names(nameEmail, "a@*.example"), nil, names(nameEmail, "c.example"), no},
		{"one of two hosts", names(nameEmail, "a@b.example"), names(nameEmail, "a.example", "b.example"), nil, ""},
		{"a host among names of other forms", names(nameEmail, "a@b.example"), []generalName{{nameDNS, "b.example"}, {nameEmail, "c.example"}}, nil, no},
		{"excluded as a name of another form", names(nameEmail, "a@b.example"), nil, []generalName{{nameDNS, "b.example"}, {nameEmail, "c.example"}}, ""},
		{"permitted and excluded", names(nameEmail, "a@b.example"), names(nameEmail, "b.example"), names(nameEmail, "a@b.example"), no},
		{"below a domain", names(nameEmail, "a@x.b.example"), names(nameEmail, ".b.example"), nil, ""},
		{"beside a domain", names(nameEmail, "a@xb.example"), names(nameEmail, ".b.example"), nil, no},
		{"beside a domain, and longer", names(nameEmail, "a@x.c.example"), names(nameEmail, ".b.example"), nil, no},
		{"a host with a period in front", names(nameEmail, "a@.b.example"), nil, names(nameEmail, "c.example"), no},
		{"a host that is none", names(nameEmail, "a@b.example"), names(nameEmail, "b example"), nil, problemSubtree},
		{"an address that is none", names(nameEmail, "a@b.example"), nil, names(nameEmail, "a b@b.example"), problemSubtree},
		{"a host that is none, without an address", nil, names(nameEmail, "b example"), nil, problemSubtree},

		{"SmtpUTF8Mailbox of a host", names(nameOther, mailbox("é@b.example")), names(nameEmail, "b.example"), nil, ""},
		{"SmtpUTF8Mailbox of a host in capitals", names(nameOther, mailbox("é@B.example")), names(nameEmail, "b.example"), nil, ""},
		{"SmtpUTF8Mailbox of an excluded host", names(nameOther, mailbox("é@b.example")), nil, names(nameEmail, "b.example"), no},
		{"SmtpUTF8Mailbox of the same octets", names(nameOther, mailbox("a@b.example")), names(nameEmail, "a@b.example"), nil, ""},
		{"SmtpUTF8Mailbox and an address excluded", names(nameOther, mailbox("é@b.example")), nil, names(nameEmail, "a@b.example"), ""},
		{"SmtpUTF8Mailbox without a host", names(nameOther, mailbox("é@")), nil, names(nameEmail, "c.example"), no},
		{"SmtpUTF8Mailbox without a local part", names(nameOther, mailbox("@b.example")), nil, names(nameEmail, "c.example"), no},
		{"SmtpUTF8Mailbox of one letter", names(nameOther, mailbox("a@b.example")), nil, names(nameEmail, "c.example"), ""},
		{"SmtpUTF8Mailbox without a sign", names(nameOther, mailbox("b.example")), nil, names(nameEmail, "c.example"), no},
		{"SmtpUTF8Mailbox under a constraint on another otherName", names(nameOther, mailbox("é@b.example")), names(nameOther, other), nil, ""},
		{"SmtpUTF8Mailbox under a constraint on registeredID", names(nameOther, mailbox("é@b.example")), names(nameRegisteredID, "\x2a\x03"), nil, ""},

		{"dNSName itself", names(nameDNS, "b.example"), names(nameDNS, "b.example"), nil, ""},
		{"dNSName in capitals", names(nameDNS, "B.example"), names(nameDNS, "b.EXAMPLE"), nil, ""},
		{"any dNSName", names(nameDNS, "b.example"), names(nameDNS, ""), nil, ""},
		{"dNSName of the same length", names(nameDNS, "c.example"), names(nameDNS, "b.example"), nil, no},
		{"dNSName above", names(nameDNS, "example"), names(nameDNS, "b.example"), nil, no},
		{"dNSName that ends in another", names(nameDNS, "x.c.example"), names(nameDNS, "b.example"), nil, no},
		{"dNSName below a period", names(nameDNS, "x.b.example"), names(nameDNS, ".b.example"), nil, ""},
		{"dNSName of a period", names(nameDNS, "b.example"), names(nameDNS, ".b.example"), nil, no},
		{"dNSName longer than a period", names(nameDNS, "x.c.example"), names(nameDNS, ".b.example"), nil, no},
		{"dNSName that is none", names(nameDNS, "b example"), nil, names(nameDNS, "c.example"), no},
		{"wildcard of a label", names(nameDNS, "a.*.example"), nil, names(nameDNS, "c.example"), no},
		{"wildcard beside an excluded name", names(nameDNS, "*.b.example"), nil, names(nameDNS, "x.c.example"), ""},
		{"wildcard above an excluded name", names(nameDNS, "*.b.example"), nil, names(nameDNS, "x.y.b.example"), ""},
		{"wildcard and an excluded address", []generalName{{nameDNS, "*.b.example"}}, nil, []generalName{{nameURI, "x.b.example"}, {nameDNS, "c.example"}}, ""},

		{"iPAddress that is none", names(nameIP, "\x01\x02"), nil, names(nameIP, "\x7f\x00\x00\x00\xff\x00\x00\x00"), no},
		{"iPAddress excluded", names(nameIP, "\x7f\x01\x02\x03"), nil, names(nameIP, "\x7f\x00\x00\x00\xff\x00\x00\x00"), no},
		{"iPAddress beside one excluded", names(nameIP, "\x7e\x01\x02\x03"), nil, names(nameIP, "\x7f\x00\x00\x00\xff\x00\x00\x00"), ""},
		{"iPAddress of four octets in all of sixteen", names(nameIP, "\x00\x00\x00\x00"), names(nameIP, strings.Repeat("\x00", 32)), nil, no},
		{"URI with half an escape", names(nameURI, "https://b.example/%z"), names(nameURI, "b.example"), nil, no},
		{"URI with a port", names(nameURI, "https://user@b.example:443/"), names(nameURI, "b.example"), nil, ""},
		{"URI of an address in brackets", names(nameURI, "https://[::1]/"), nil, names(nameURI, "b.example"), no},
		{"directoryName", names(nameDirectory, string(directory(casn1.UTF8String, "B", "C"))), nil, names(nameDirectory, string(directory(casn1.UTF8String, "B", ""))), no},
		{"directoryName beside a subject that is permitted", names(nameDirectory, string(directory(casn1.UTF8String, "B", "C"))), names(nameDirectory, string(directory(casn1.UTF8String, "Example", ""))), nil, no},
		{"directoryName and a subject that are permitted", names(nameDirectory, string(directory(casn1.UTF8String, "Example", "C"))), names(nameDirectory, string(directory(casn1.UTF8String, "Example", ""))), nil, ""},

		{"a second address", names(nameEmail, "a@b.example", "a@c.example"), names(nameEmail, "b.example"), nil, no},
		{"a second SmtpUTF8Mailbox", names(nameOther, mailbox("é@b.example"), mailbox("é@c.example")), names(nameEmail, "b.example"), nil, no},
		{"a SmtpUTF8Mailbox beside an address", []generalName{{nameEmail, "a@b.example"}, {nameOther, mailbox("é@c.example")}}, names(nameEmail, "b.example"), nil, no},
		{"a second dNSName", names(nameDNS, "b.example", "c.example"), names(nameDNS, "b.example"), nil, no},
		{"a dNSName after a wildcard", names(nameDNS, "*.b.example", "x.c.example"), nil, names(nameDNS, "c.example"), no},
		{"a second URI", names(nameURI, "https://b.example", "https://c.example"), names(nameURI, "b.example"), nil, no},
		{"a second iPAddress", names(nameIP, "\x7f\x00\x00\x01", "\x7e\x00\x00\x01"), names(nameIP, "\x7f\x00\x00\x00\xff\x00\x00\x00"), nil, no},
		{"a second directoryName", names(nameDirectory, string(directory(casn1.UTF8String, "Example", "C")), string(directory(casn1.UTF8String, "B", "C"))), names(nameDirectory, string(directory(casn1.UTF8String, "Example", ""))), nil, no},
		{"an address beside a subject that is permitted", names(nameEmail, "a@c.example"), []generalName{{nameDirectory, string(directory(casn1.UTF8String, "Example", ""))}, {nameEmail, "b.example"}}, nil, no},
		{"a constraint on hosts that is an address", names(nameDNS, "b.example"), nil, names(nameDNS, "a@b.example"), problemSubtree},

		{"otherName", names(nameOther, other), names(nameOther, other), nil, form},
		{"otherName, excluded", names(nameOther, other), nil, names(nameOther, other), form},
		{"another otherName", names(nameOther, "\x06\x02\x2a\x04\xa0\x02\x05\x00"), names(nameOther, other), nil, ""},
		{"x400Address", names(nameX400, "\x30\x00"), nil, names(nameX400, "\x30\x00"), form},
		{"names that are none, under constraints on other forms", []generalName{{nameDNS, "b example"}, {nameURI, "https://b.example/%z"}, {nameIP, "\x01\x02"}}, names(nameEmail, "b.example"), nil, ""},
		{"an address that is none, under constraints on other forms", names(nameEmail, "a b"), names(nameDNS, "b.example"), nil, ""},
		{"no names", nil, names(nameEmail, "b.example"), names(nameDNS, "b.example"), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := violated(t, sanWith(test.names...), constrainedTo(true, test.permit, test.exclude), 1000); got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

// TestConstraintsOnSubjects holds that a subject without attributes is within all constraints,
// and that addresses in it count where there are no others.
func TestConstraintsOnSubjects(t *testing.T) {
	inside, outside := sanWith(generalName{nameEmail, "a@b.example"}), pkix.AttributeTypeAndValue{Type: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}, Value: "a@c.example"}
	nobody := func(c *x509.Certificate) { c.Subject = pkix.Name{} }
	addressed := func(c *x509.Certificate) { c.Subject.ExtraNames = []pkix.AttributeTypeAndValue{outside} }
	both := func(c *x509.Certificate) { inside(c); addressed(c) }
	second := func(c *x509.Certificate) {
		first := pkix.AttributeTypeAndValue{Type: outside.Type, Value: "a@b.example"}
		c.Subject.ExtraNames = []pkix.AttributeTypeAndValue{first, outside}
	}
	in := func(form uint8, content string) func(*x509.Certificate) {
		return constrainedTo(true, []generalName{{form, content}}, nil)
	}
	for _, tt := range []struct {
		name     string
		leaf, ca func(*x509.Certificate)
		want     ProblemCode
	}{
		{"no subject", nobody, in(nameDirectory, string(directory(casn1.UTF8String, "B", ""))), ""},
		{"an address in the subject", addressed, in(nameEmail, "b.example"), problemNameConstraint},
		{"an address in the subject beside another", both, in(nameEmail, "b.example"), ""},
		{"the second address in the subject", second, in(nameEmail, "b.example"), problemNameConstraint},
	} {
		if got := violated(t, tt.leaf, tt.ca, 1000); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestComparisons holds that each comparison of a name with a subtree of its form
// is counted, in the order of the subtrees.
func TestComparisons(t *testing.T) {
	for _, test := range []struct {
		name            string
		names           generalName
		permit, exclude []generalName
		needs           int
	}{
		{"the second that is permitted", generalName{nameEmail, "a@b.example"}, []generalName{{nameEmail, "a.example"}, {nameEmail, "b.example"}, {nameEmail, "c.example"}}, nil, 2},
		{"none excluded", generalName{nameEmail, "a@b.example"}, nil, []generalName{{nameEmail, "a.example"}, {nameDNS, "b.example"}, {nameEmail, "c.example"}}, 2},
		{"a wildcard", generalName{nameDNS, "*.b.example"}, nil, []generalName{{nameDNS, "a.example"}, {nameDNS, "c.example"}}, 4},
		{"a name that is no wildcard", generalName{nameDNS, "a.b.example"}, nil, []generalName{{nameDNS, "a.example"}, {nameDNS, "c.example"}}, 2},
		{"forms not understood", generalName{nameRegisteredID, "\x2a\x03"}, nil, []generalName{{nameEDI, ""}, {nameX400, ""}}, 2},
	} {
		for comparisons, want := range map[int]ProblemCode{test.needs: "", test.needs - 1: problemTooManyConstraints} {
			if got := violated(t, sanWith(test.names), constrainedTo(true, test.permit, test.exclude), comparisons); got != want {
				t.Errorf("%s, %d comparisons: %v", test.name, comparisons, got)
			}
		}
	}
}

// TestSplitMailbox holds what is a mailbox of RFC 5321, Section 4.1.2, and which its parts
// are.
func TestSplitMailbox(t *testing.T) {
	for s, want := range map[string][2]string{
		"a@b.example":                           {"a", "b.example"},
		"A.b@B.Example":                         {"A.b", "b.example"},
		`"a b"@b.example`:                       {"a b", "b.example"},
		`"a@b"@c.example`:                       {"a@b", "c.example"},
		`"a\"b"@c.example`:                      {`a"b`, "c.example"},
		`".a."@c.example`:                       {".a.", "c.example"},
		`"~"@c.example`:                         {"~", "c.example"},
		"":                                      {},
		"a":                                     {},
		"a@":                                    {},
		"@b.example":                            {},
		".a@b.example":                          {},
		"a.@b.example":                          {},
		"a..b@c.example":                        {},
		"a@b@c.example":                         {},
		`"a@b.example`:                          {},
		`"a"b.example`:                          {},
		`"a\`:                                   {},
		"\"a\x1f\"@b.example":                   {},
		"\"a\x7f\"@b.example":                   {},
		"\"a\\\x1f\"@b.example":                 {},
		"ä@b.example":                           {},
		"a@[192.0.2.1]":                         {},
		"a@" + strings.Repeat("a.", 126) + "b":  {"a", strings.Repeat("a.", 126) + "b"}, // 253 letters
		"a@" + strings.Repeat("a.", 126) + "bc": {},
	} {
		local, host, ok := splitMailbox(s)
		if good := want[1] != ""; ok != good || ok && (local != want[0] || host != want[1]) {
			t.Errorf("%q: %q, %q, %t", s, local, host, ok)
		}
	}
	for c := range 256 {
		atext := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", rune(c))
		if _, _, ok := splitMailbox(string([]byte{'a', byte(c), 'a'}) + "@b.example"); ok != (atext || c == '.') {
			t.Errorf("%q inside: %t", byte(c), ok)
		}
		if _, _, ok := splitMailbox(string([]byte{byte(c)}) + "@b.example"); ok != atext {
			t.Errorf("%q alone: %t", byte(c), ok)
		}
	}
}

// TestURIHost holds which host a URI names, if it names one and not an address.
func TestURIHost(t *testing.T) {
	for uri, want := range map[string]string{
		"https://Mail.Example/a": "mail.example", "ldap://a.example:389/cn": "a.example",
		"https://192.0.2.1/": "", "https://[2001:db8::1]/": "", "https://[v1.a]/": "", "https://[fe80::1%25a]/": "",
		"urn:a": "", "": "", "https:///a": "", "https://a b/": "", "https://a..b/": "", "https://*.example/": "", "://a": "",
	} {
		if host, ok := uriHost(uri); ok != (want != "") || ok && host != want {
			t.Errorf("%q: %q, %t", uri, host, ok)
		}
	}
}

// TestQuote holds that a name in a message is on one line and not longer than a message bears.
func TestQuote(t *testing.T) {
	a := strings.Repeat("a", 100)
	for s, want := range map[string]string{"a\nb": `"a\nb"`, "ä": `"\u00e4"`, a: `"` + a + `"`, a + "b": `"` + a + `"`} {
		if got := quote(s); got != want {
			t.Errorf("%q: %s", s, got)
		}
	}
}

// TestConstraintsOfSelfIssued holds that a certificate by a CA of its own name is free of
// the CA's constraints unless it is the last one (RFC 5280, Section 6.1.3 (b) and (c)).
func TestConstraintsOfSelfIssued(t *testing.T) {
	ca, again := entity{"CA", 1}, entity{"CA", 2}
	root := sign(t, rootEntity, rootEntity)
	elsewhere := func(c *x509.Certificate) { c.EmailAddresses = []string{"a@elsewhere.example"} }
	here := func(c *x509.Certificate) { c.EmailAddresses = []string{"a@b.example"} }
	constrained := sign(t, ca, rootEntity, constrainedTo(true, []generalName{{nameEmail, "b.example"}}, nil))
	for _, tt := range []struct {
		name  string
		path  []*Certificate
		usage Usage
		want  string
	}{
		{"a user", []*Certificate{sign(t, entity{"Leaf", leafKey}, ca, asLeaf, elsewhere), constrained, root}, Sign, "0 "},
		{"a user of the same name", []*Certificate{sign(t, entity{"CA", leafKey}, ca, asLeaf, elsewhere), constrained, root}, Sign, "0 "},
		{"a user of the same name who may", []*Certificate{sign(t, entity{"CA", leafKey}, ca, asLeaf, here), constrained, root}, Sign, ""},
		{"a CA of the same name", []*Certificate{sign(t, again, ca, elsewhere), constrained, root}, Issue, ""},
		{"a CA of another name", []*Certificate{sign(t, entity{"Sub CA", 2}, ca, elsewhere), constrained, root}, Issue, "0 "},
		{"a CA of the same name in between", []*Certificate{sign(t, entity{"Leaf", leafKey}, again, asLeaf, here), sign(t, again, ca, elsewhere), constrained, root}, Sign, ""},
		{"a CA of another name in between", []*Certificate{sign(t, entity{"Leaf", leafKey}, entity{"Sub CA", 2}, asLeaf, here), sign(t, entity{"Sub CA", 2}, ca, elsewhere), constrained, root}, Sign, "1 "},
	} {
		j := &judge{opts: &Options{Purpose: Purpose{Usage: tt.usage}}, left: 100}
		p := &Path{Certificates: tt.path}
		j.constraints(p)
		got := ""
		for _, q := range p.Problems {
			got += strconv.Itoa(q.Index) + " "
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
