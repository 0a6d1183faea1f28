package chain

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// extension makes an extension of DER.
func extension(id string, critical bool, build func(*cryptobyte.Builder)) func(*x509.Certificate) {
	var oid asn1.ObjectIdentifier
	for _, part := range strings.Split(id, ".") {
		var n int
		fmt.Sscan(part, &n)
		oid = append(oid, n)
	}
	var b cryptobyte.Builder
	build(&b)
	value := b.BytesOrPanic()
	return func(t *x509.Certificate) {
		t.ExtraExtensions = append(t.ExtraExtensions, pkix.Extension{Id: oid, Critical: critical, Value: value})
	}
}

// sanOf is a SAN with one name: a tag and its contents.
func sanOf(tag uint8, content []byte) func(*x509.Certificate) {
	return sanWith(generalName{tag, string(content)})
}

// utf8Mailbox is a SAN with a SmtpUTF8Mailbox.
func utf8Mailbox(address string) func(*x509.Certificate) { return sanOf(nameOther, utf8Name(address)) }

// utf8Name is the content of an otherName with a SmtpUTF8Mailbox.
func utf8Name(address string) []byte {
	var b cryptobyte.Builder
	b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 8, 9})
	b.AddASN1(casn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
		b.AddASN1(casn1.UTF8String, func(b *cryptobyte.Builder) { b.AddBytes([]byte(address)) })
	})
	return b.BytesOrPanic()
}

// constraintsOf is a nameConstraints extension with one permitted or excluded
// subtree, with what follows the base.
func constraintsOf(critical bool, which, tag uint8, content []byte, bounds ...byte) func(*x509.Certificate) {
	var lists [2][]generalName
	lists[which] = []generalName{{tag, string(content)}}
	return constrainedTo(critical, lists[permitted], lists[excluded], bounds...)
}

const permitted, excluded = 0, 1

// directory is a DER Name of organisation and, if not empty, common name.
func directory(tag casn1.Tag, organisation, commonName string) []byte {
	var b cryptobyte.Builder
	rdn := func(last byte, value string) {
		b.AddASN1(casn1.SET, func(b *cryptobyte.Builder) {
			b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddBytes([]byte{6, 3, 0x55, 4, last})
				b.AddASN1(tag, func(b *cryptobyte.Builder) { b.AddBytes([]byte(value)) })
			})
		})
	}
	rdn(10, organisation)
	if commonName != "" {
		rdn(3, commonName)
	}
	var out cryptobyte.Builder
	out.AddASN1(casn1.SEQUENCE, func(s *cryptobyte.Builder) { s.AddBytes(b.BytesOrPanic()) })
	return out.BytesOrPanic()
}

func emails(addresses ...string) func(*x509.Certificate) {
	return func(t *x509.Certificate) { t.EmailAddresses = addresses }
}

// TestJudge has one path, leaf, CA, root, with one thing changed.
func TestJudge(t *testing.T) {
	type change = func(*x509.Certificate)
	all := func(c ...change) change {
		return func(t *x509.Certificate) {
			for _, f := range c {
				f(t)
			}
		}
	}
	mailIn := func(which uint8, s string) change { return constraintsOf(true, which, nameEmail, []byte(s)) }
	subjectMail := func(address string) change {
		return func(t *x509.Certificate) {
			t.EmailAddresses = nil
			t.Subject.ExtraNames = []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}, Value: address}}
		}
	}
	usage := func(u x509.KeyUsage) change { return func(t *x509.Certificate) { t.KeyUsage = u } }
	eku := func(u ...x509.ExtKeyUsage) change { return func(t *x509.Certificate) { t.ExtKeyUsage = u } }
	for _, test := range []struct {
		name           string
		leaf, ca, root change
		opts           Options
		want           string // problems as "index code"
	}{
		{name: "nothing changed"},
		{name: "leaf expired", leaf: until(testTime.Add(-time.Second)), want: "0 expired"},
		{name: "leaf ends now", leaf: until(testTime)},
		{name: "leaf not yet valid", leaf: func(t *x509.Certificate) { t.NotBefore = testTime.Add(time.Second) }, want: "0 not_yet_valid"},
		{name: "CA expired", ca: until(testTime.Add(-time.Hour)), want: "1 expired"},
		{name: "root expired", root: until(testTime.Add(-time.Hour)), want: "2 expired"},
		{name: "not a CA", ca: func(t *x509.Certificate) { t.IsCA = false }, want: "1 not_a_ca"},
		{name: "no basicConstraints", ca: func(t *x509.Certificate) { t.BasicConstraintsValid = false }, want: "1 not_a_ca"},
		{name: "root not a CA", root: func(t *x509.Certificate) { t.IsCA = false }, want: "2 not_a_ca"},
		{name: "CA without keyCertSign", ca: usage(x509.KeyUsageCRLSign), want: "1 key_usage_without_cert_sign"},
		{name: "CA without keyUsage", ca: usage(0)},
		{name: "path length of the root", root: func(t *x509.Certificate) { t.MaxPathLenZero = true }, want: "2 path_length"},
		{name: "path length of the CA", ca: func(t *x509.Certificate) { t.MaxPathLenZero = true }},
		{name: "path length, issuing", ca: func(t *x509.Certificate) { t.MaxPathLenZero = true }, leaf: func(t *x509.Certificate) { t.IsCA, t.KeyUsage = true, x509.KeyUsageCertSign },
			opts: Options{Purpose: Purpose{Usage: Issue}}, want: "1 path_length"},
		{name: "issuing, not a CA", opts: Options{Purpose: Purpose{Usage: Issue}}, want: "0 not_a_ca,0 key_usage_without_cert_sign"},
		{name: "unknown critical extension", ca: extension("1.2.3.4", true, func(b *cryptobyte.Builder) { b.AddASN1NULL() }), want: "1 unknown_critical_extension"},
		{name: "unknown extension", ca: extension("1.2.3.4", false, func(b *cryptobyte.Builder) { b.AddASN1NULL() })},

		{name: "leaf for servers", leaf: eku(x509.ExtKeyUsageServerAuth), want: "0 extended_key_usage"},
		{name: "leaf for anything", leaf: eku(x509.ExtKeyUsageAny)},
		{name: "leaf without extended key usage", leaf: eku()},
		{name: "CA for servers", ca: eku(x509.ExtKeyUsageServerAuth), want: "1 extended_key_usage"},
		{name: "CA for servers and mail", ca: eku(x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageEmailProtection)},
		{name: "root for servers", root: eku(x509.ExtKeyUsageServerAuth), want: "2 extended_key_usage"},
		{name: "any purpose", ca: eku(x509.ExtKeyUsageServerAuth), opts: Options{Purpose: Purpose{EKU: AnyEKU}}},
		{name: "a purpose that is empty", opts: Options{Purpose: Purpose{EKU: asn1.ObjectIdentifier{}}}, want: "0 extended_key_usage"},
		{name: "a purpose of one number", leaf: eku(x509.ExtKeyUsageAny), opts: Options{Purpose: Purpose{EKU: asn1.ObjectIdentifier{1}}}},
		{name: "a purpose below zero", opts: Options{Purpose: Purpose{EKU: asn1.ObjectIdentifier{1, 3, -1}}}, want: "0 extended_key_usage"},
		{name: "client purpose", opts: Options{Purpose: Purpose{EKU: clientAuth}}, want: "0 extended_key_usage"},
		{name: "a purpose without a number", leaf: func(t *x509.Certificate) {
			t.UnknownExtKeyUsage = []asn1.ObjectIdentifier{{1, 3, 6, 1, 4, 1, 311, 20, 2, 2}}
		},
			opts: Options{Purpose: Purpose{EKU: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 20, 2, 2}}}},

		{name: "to sign", opts: Options{Purpose: Purpose{Usage: Sign}}},
		{name: "to sign, nonRepudiation", leaf: usage(x509.KeyUsageContentCommitment), opts: Options{Purpose: Purpose{Usage: Sign}}},
		{name: "to sign, no keyUsage", leaf: usage(0), opts: Options{Purpose: Purpose{Usage: Sign}}},
		{name: "to sign, for encryption", leaf: usage(x509.KeyUsageKeyAgreement), opts: Options{Purpose: Purpose{Usage: Sign}}, want: "0 key_usage"},
		{name: "to encrypt, for signing", opts: Options{Purpose: Purpose{Usage: Encrypt}}, want: "0 key_usage"},
		{name: "to encrypt, keyAgreement", leaf: usage(x509.KeyUsageKeyAgreement), opts: Options{Purpose: Purpose{Usage: Encrypt}}},
		{name: "to encrypt, keyEncipherment with an EC key", leaf: usage(x509.KeyUsageKeyEncipherment), opts: Options{Purpose: Purpose{Usage: Encrypt}}},
		{name: "neither", leaf: usage(x509.KeyUsageDataEncipherment), want: "0 key_usage"},
		{name: "neither, any usage", leaf: usage(x509.KeyUsageDataEncipherment), opts: Options{Purpose: Purpose{Usage: AnyUsage}}},

		{name: "the address", opts: Options{Email: "USER@Example.COM"}},
		{name: "another address", opts: Options{Email: "other@example.com"}, want: "0 email"},
		{name: "the second address", leaf: emails("a@example.com", "b@example.com"), opts: Options{Email: "b@example.com"}},
		{name: "the address in the subject", leaf: subjectMail("user@example.com"), opts: Options{Email: "user@example.com"}},
		{name: "the address in the subject beside another", leaf: all(subjectMail("user@example.com"), emails("other@example.com")), opts: Options{Email: "user@example.com"}, want: "0 email"},
		{name: "another address in the subject", leaf: subjectMail("other@example.com"), opts: Options{Email: "user@example.com"}, want: "0 email"},
		{name: "no address", leaf: emails(), opts: Options{Email: "user@example.com"}, want: "0 email"},
		{name: "SmtpUTF8Mailbox", leaf: all(emails(), utf8Mailbox("用户@example.com")), opts: Options{Email: "用户@example.com"}},

		{name: "host, same host", ca: mailIn(permitted, "example.com")},
		{name: "host, other case", ca: mailIn(permitted, "EXAMPLE.com")},
		{name: "host, sub-domain", ca: mailIn(permitted, "example.com"), leaf: emails("user@mail.example.com"), want: "0 name_constraint"},
		{name: "host excluded, sub-domain", ca: mailIn(excluded, "example.com"), leaf: emails("user@mail.example.com")},
		{name: "host excluded", ca: mailIn(excluded, "example.com"), want: "0 name_constraint"},
		{name: "domain, sub-domain", ca: mailIn(permitted, ".example.com"), leaf: emails("user@mail.example.com")},
		{name: "domain, the host itself", ca: mailIn(permitted, ".example.com"), want: "0 name_constraint"},
		{name: "mailbox", ca: mailIn(permitted, "user@example.com")},
		{name: "mailbox, host in other case", ca: mailIn(permitted, "user@EXAMPLE.com")},
		{name: "mailbox, local part in other case", ca: mailIn(permitted, "User@example.com"), want: "0 name_constraint"},
		{name: "quoted local part", ca: mailIn(permitted, "user@example.com"), leaf: emails(`"us\er"@example.com`)},
		{name: "host in a quoted local part", ca: mailIn(permitted, "example.com"), leaf: emails(`"a@example.com"@example.org`), want: "0 name_constraint"},
		{name: "other host in a quoted local part", ca: mailIn(permitted, "example.com"), leaf: emails(`"a@example.org"@example.com`)},
		{name: "host excluded, quoted local part", ca: mailIn(excluded, "example.com"), leaf: emails(`"a \" b"@example.com`), want: "0 name_constraint"},
		{name: "quotation that does not end", ca: mailIn(excluded, "example.org"), leaf: emails(`"user@example.com`), want: "0 name_constraint"},
		{name: "quotation that ends in an escape", ca: mailIn(excluded, "example.org"), leaf: emails(`"user\`), want: "0 name_constraint"},
		{name: "more after a quotation", ca: mailIn(excluded, "example.org"), leaf: emails(`"user".example.com`), want: "0 name_constraint"},
		{name: "control character in a quotation", ca: mailIn(excluded, "example.org"), leaf: emails("\"us\ter\"@example.com"), want: "0 name_constraint"},
		{name: "two periods in a local part", ca: mailIn(excluded, "example.org"), leaf: emails("us..er@example.com"), want: "0 name_constraint"},
		{name: "brackets around an address", ca: mailIn(excluded, "example.org"), leaf: emails("<user@example.com>"), want: "0 name_constraint"},
		{name: "second address outside", ca: mailIn(permitted, "example.com"), leaf: emails("user@example.com", "user@example.org"), want: "0 name_constraint"},
		{name: "in the root", root: mailIn(permitted, "example.org"), want: "0 name_constraint"},
		{name: "not critical", ca: constraintsOf(false, permitted, nameEmail, []byte("example.org")), want: "0 name_constraint"},
		{name: "subject address outside, no SAN", ca: mailIn(permitted, "example.org"), leaf: subjectMail("user@example.com"), want: "0 name_constraint"},
		{name: "subject address inside, no SAN", ca: mailIn(permitted, "example.com"), leaf: subjectMail("user@example.com")},
		{name: "SmtpUTF8Mailbox inside", ca: mailIn(permitted, "example.com"), leaf: all(emails(), utf8Mailbox("用户@example.com"))},
		{name: "SmtpUTF8Mailbox outside", ca: mailIn(permitted, "example.org"), leaf: all(emails(), utf8Mailbox("用户@example.com")), want: "0 name_constraint"},
		{name: "SmtpUTF8Mailbox with a host not in ASCII", ca: mailIn(permitted, "example.com"), leaf: all(emails(), utf8Mailbox("user@例え.example.com")), want: "0 name_constraint"},
		{name: "SmtpUTF8Mailbox, another mailbox permitted", ca: mailIn(permitted, "user@example.com"), leaf: all(emails(), utf8Mailbox("用户@example.com")), want: "0 name_constraint"},
		{name: "SmtpUTF8Mailbox as a constraint", ca: constraintsOf(true, permitted, nameOther, utf8Name("example.com")), leaf: all(emails(), utf8Mailbox("用户@example.com")), want: "0 name_constraint_form"},
		{name: "SmtpUTF8Mailbox as a constraint, no such name", ca: constraintsOf(true, permitted, nameOther, utf8Name("example.com"))},
		{name: "maximum", ca: constraintsOf(true, permitted, nameEmail, []byte("example.com"), 0x81, 1, 5), want: "0 name_constraint_subtree"},
		{name: "minimum", ca: constraintsOf(true, permitted, nameEmail, []byte("example.com"), 0x80, 1, 1), want: "0 name_constraint_subtree"},

		{name: "directory inside", ca: constraintsOf(true, permitted, nameDirectory, directory(casn1.PrintableString, "EXAMPLE", ""))},
		{name: "directory outside", ca: constraintsOf(true, permitted, nameDirectory, directory(casn1.UTF8String, "Other", "")), want: "0 name_constraint"},
		{name: "directory excluded", ca: constraintsOf(true, excluded, nameDirectory, directory(casn1.UTF8String, "  example ", "LEAF")), want: "0 name_constraint"},
		{name: "directory outside, not critical", ca: constraintsOf(false, permitted, nameDirectory, directory(casn1.UTF8String, "Other", "")), want: "0 name_constraint"},
		{name: "directory of the root", root: constraintsOf(true, permitted, nameDirectory, directory(casn1.UTF8String, "Other", "")), want: "0 name_constraint,1 name_constraint"},

		{name: "dNSName inside", ca: constraintsOf(true, permitted, nameDNS, []byte("example.com")), leaf: func(t *x509.Certificate) { t.DNSNames = []string{"www.example.com"} }},
		{name: "dNSName outside", ca: constraintsOf(true, permitted, nameDNS, []byte("example.com")), leaf: func(t *x509.Certificate) { t.DNSNames = []string{"www.badexample.com"} }, want: "0 name_constraint"},
		{name: "wildcard for an excluded name", ca: constraintsOf(true, excluded, nameDNS, []byte("www.example.com")), leaf: func(t *x509.Certificate) { t.DNSNames = []string{"*.example.com"} }, want: "0 name_constraint"},
		{name: "iPAddress inside", ca: constraintsOf(true, permitted, nameIP, []byte{192, 0, 2, 0, 255, 255, 255, 0}), leaf: sanOf(nameIP, []byte{192, 0, 2, 7})},
		{name: "iPAddress outside", ca: constraintsOf(true, permitted, nameIP, []byte{192, 0, 2, 0, 255, 255, 255, 0}), leaf: sanOf(nameIP, []byte{192, 0, 3, 7}), want: "0 name_constraint"},
		{name: "iPAddress of the other length", ca: constraintsOf(true, permitted, nameIP, []byte{192, 0, 2, 0, 255, 255, 255, 0}), leaf: sanOf(nameIP, make([]byte, 16)), want: "0 name_constraint"},
		{name: "URI inside", ca: constraintsOf(true, permitted, nameURI, []byte("example.com")), leaf: sanOf(nameURI, []byte("https://example.com/x"))},
		{name: "URI of a sub-domain", ca: constraintsOf(true, permitted, nameURI, []byte("example.com")), leaf: sanOf(nameURI, []byte("https://www.example.com/x")), want: "0 name_constraint"},
		{name: "URI with an address", ca: constraintsOf(true, excluded, nameURI, []byte("example.com")), leaf: sanOf(nameURI, []byte("https://192.0.2.1/")), want: "0 name_constraint"},
		{name: "URI without a host", ca: constraintsOf(true, permitted, nameURI, []byte("example.com")), leaf: sanOf(nameURI, []byte("urn:example:x")), want: "0 name_constraint"},
		{name: "ediPartyName", ca: constraintsOf(true, excluded, nameEDI, []byte{0x81, 1, 'x'}), leaf: sanOf(nameEDI, []byte{0x81, 1, 'y'}), want: "0 name_constraint_form"},
		{name: "x400Address, of another form", ca: constraintsOf(true, excluded, nameEDI, []byte{0x81, 1, 'x'}), leaf: sanOf(nameX400, []byte{0x30, 0})},
		{name: "registeredID, no such name", ca: constraintsOf(true, permitted, nameRegisteredID, []byte{0x2a, 3})},
		{name: "registeredID", ca: constraintsOf(true, permitted, nameRegisteredID, []byte{0x2a, 3}), leaf: sanOf(nameRegisteredID, []byte{0x2a, 3}), want: "0 name_constraint_form"},
	} {
		t.Run(test.name, func(t *testing.T) {
			or := func(f change) change {
				if f == nil {
					return func(*x509.Certificate) {}
				}
				return f
			}
			ca := entity{"CA", 1}
			leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf, func(t *x509.Certificate) { t.EmailAddresses = nil }, func(t *x509.Certificate) {
				t.EmailAddresses = []string{"user@example.com"}
				f := or(test.leaf)
				f(t)
				if len(t.ExtraExtensions) > 0 {
					t.EmailAddresses = nil
				}
			})
			g := NewGraph([]*Certificate{sign(t, ca, rootEntity, or(test.ca))}, []*Certificate{sign(t, rootEntity, rootEntity, or(test.root))}, Limits{})
			for _, c := range append(g.Certificates(), leaf) {
				if c.cert() == nil {
					t.Fatalf("crypto/x509 refuses the test's certificate: %v", c.Err())
				}
			}
			test.opts.CrossCheck = true
			r := build(t, g, leaf, &test.opts)
			if n := len(r.Accepted) + len(r.Rejected); n != 1 {
				t.Fatalf("%d paths", n)
			}
			p := append(r.Accepted, r.Rejected...)[0]
			var got []string
			for _, q := range p.Problems {
				got = append(got, fmt.Sprintf("%d %s", q.Index, q.Code))
				if q.Clause == "" {
					t.Errorf("%s: no clause", q)
				}
				if said := q.Sentence().String(); said != q.String() {
					t.Errorf("%s: as a sentence it is %q", q, said)
				}
			}
			if s := strings.Join(got, ","); s != test.want {
				t.Errorf("got %q, want %q: %v", s, test.want, p.Problems)
			}
			if test.opts.Email == "" && test.opts.Purpose.Usage != Issue {
				compareWithOracle(t, test.name, r)
			}
		})
	}
}

// TestSelfIssued has a CA that has certified its own new key.
func TestSelfIssued(t *testing.T) {
	old, renewed := entity{"CA", 1}, entity{"CA", 2}
	root := sign(t, rootEntity, rootEntity)
	leaf := sign(t, entity{"Leaf", leafKey}, renewed, asLeaf)
	limited := sign(t, old, rootEntity, func(t *x509.Certificate) { t.MaxPathLenZero = true },
		constraintsOf(true, permitted, nameDirectory, directory(casn1.UTF8String, "Example", "Leaf")))
	g := NewGraph([]*Certificate{limited, sign(t, renewed, old)}, []*Certificate{root}, Limits{})
	r := build(t, g, leaf, &Options{CrossCheck: true})
	if len(r.Accepted) != 1 || len(r.Accepted[0].Certificates) != 4 {
		t.Errorf("%v", describe(r.Rejected))
	}
	if seen := compareWithOracle(t, "self-issued", r); len(seen) != 1 {
		t.Errorf("differences %v", seen)
	}
}

func TestWeakSignature(t *testing.T) {
	// The genuine AAA root signs itself with SHA-1, which is no fault in an
	// anchor.
	aaa := sectigo(t, "root-aaa")
	if !aaa.SelfSigned() {
		t.Error("AAA is not self-signed")
	}
	r := build(t, NewGraph([]*Certificate{sectigo(t, "usertrust-cross-signed-by-aaa")}, []*Certificate{aaa}, Limits{}),
		sectigo(t, "ca-client-auth-and-secure-email-pre-2025"), &Options{Purpose: Purpose{Usage: Issue}})
	if len(r.Accepted) != 1 {
		t.Errorf("%v %v", describe(r.Rejected), r.DeadEnds)
	}
}

// TestNearMisses has, for each way to miss an issuer, a graph that does.
func TestNearMisses(t *testing.T) {
	ca := entity{"CA", 1}
	root := sign(t, rootEntity, rootEntity)
	named := sign(t, entity{"Leaf", leafKey}, ca, asLeaf)
	const none MissCode = -1
	damaged := slices.Clone(sign(t, ca, rootEntity).Raw)
	// A negative serial number: crypto/x509 refuses it.
	i := strings.Index(string(damaged), "\x17\x0d") // the first of the two dates
	if i < 0 {
		t.Fatal("no date")
	}
	damaged[i+2] = 'x'
	for _, test := range []struct {
		name string
		cert *Certificate
		want MissCode
	}{
		{"other key", sign(t, entity{"CA", 2}, rootEntity), missSameNameOtherKey},
		{"other name", sign(t, entity{"Renamed CA", 1}, rootEntity), missSameKeyIDOtherName},
		{"expired", sign(t, ca, rootEntity, until(testTime.Add(-time.Hour))), MissExpired},
		{"not yet valid", sign(t, ca, rootEntity, func(t *x509.Certificate) { t.NotBefore = testTime.Add(time.Hour) }), missNotYetValid},
		{"not a CA", sign(t, ca, rootEntity, func(t *x509.Certificate) { t.IsCA = false }), missNotCA},
		{"unparseable", ParseCertificate(damaged), MissUnparseable},
		{"no certificate", ParseCertificate([]byte("text")), none},
		{"another CA", sign(t, entity{"Other CA", 3}, rootEntity), none},
	} {
		for _, leaf := range []*Certificate{named, sign(t, entity{"Leaf", leafKey}, ca, asLeaf, noKeyID)} {
			want := test.want
			if want == missSameKeyIDOtherName && leaf != named {
				want = none
			}
			r := build(t, NewGraph([]*Certificate{test.cert}, []*Certificate{root}, Limits{}), leaf, nil)
			if len(r.Accepted) != 0 || len(r.DeadEnds) != 1 || r.DeadEnds[0].Certificate != leaf {
				t.Fatalf("%s: %v, dead ends %+v", test.name, describe(r.Accepted), r.DeadEnds)
			}
			switch misses := r.DeadEnds[0].NearMisses; {
			case want == MissUnparseable && len(misses) == 1 && misses[0].Detail != test.cert.Err().Error():
				t.Errorf("%s: %q", test.name, misses[0].Detail)
			case want == none && len(misses) > 0, want != none && (len(misses) != 1 || misses[0].Code != want || misses[0].Certificate != test.cert):
				t.Errorf("%s, an issuer named by its key: %t: near misses %v", test.name, leaf == named, misses)
			}
		}
	}
}

// source is an IssuerSource over a list.
type source struct {
	certs map[string]*Certificate // by subject
	asked []string
	err   error
}

func (s *source) Issuers(_ context.Context, c *Certificate) ([]*Certificate, error) {
	s.asked = append(s.asked, c.Issuer())
	if found := s.certs[c.Issuer()]; found != nil {
		return []*Certificate{found, nil, found}, s.err
	}
	return nil, s.err
}

func TestIssuerSource(t *testing.T) {
	f := newThreeForms(t)
	src := &source{certs: map[string]*Certificate{f.issuing.Subject(): f.issuing, f.byUT.Subject(): f.byUT}}
	r := build(t, NewGraph(nil, []*Certificate{f.ut}, Limits{}), f.leaf, &Options{Issuers: src})
	if len(r.Accepted) != 1 || !slices.Equal(r.Accepted[0].Certificates, []*Certificate{f.leaf, f.issuing, f.byUT, f.ut}) || len(r.DeadEnds) != 0 {
		t.Errorf("%v, dead ends %v", describe(r.Accepted), r.DeadEnds)
	}
	if !slices.Equal(r.Fetched, []*Certificate{f.issuing, f.byUT}) || len(src.asked) != 2 {
		t.Errorf("fetched %v, asked %v", r.Fetched, src.asked)
	}
	r = build(t, NewGraph(nil, []*Certificate{f.ut}, Limits{}), f.leaf, &Options{Issuers: src, Limits: Limits{Fetches: 1}})
	if len(r.Accepted) != 0 || r.Truncated != budgetFetches || len(r.DeadEnds) != 1 {
		t.Errorf("one call: %v, cut by %q", describe(r.Accepted), r.Truncated)
	}
	src.err = context.DeadlineExceeded
	r = build(t, NewGraph(nil, []*Certificate{f.self}, Limits{}), f.leaf, &Options{Issuers: src})
	if len(r.FetchErrors) == 0 || len(r.Accepted) != 1 {
		t.Errorf("errors %v", r.FetchErrors)
	}
}

// TestIssuerSourceUnderBudget holds that nobody is asked for issuers once signatures have
// run out, and that what was found until then is not lost.
func TestIssuerSourceUnderBudget(t *testing.T) {
	ca := entity{"CA", 1}
	leaf, issuing, root := sign(t, entity{"Leaf", leafKey}, ca, asLeaf), sign(t, ca, rootEntity), sign(t, rootEntity, rootEntity)
	lookAlike := sign(t, entity{rootEntity.name, 7}, rootEntity, until(testTime.Add(-time.Hour)))
	for _, test := range []struct {
		signatures, asked int
		at                []*Certificate // dead ends
	}{
		{-1, 1, nil},
		{1, 1, []*Certificate{issuing}},
		{100, 2, []*Certificate{root}},
	} {
		fresh := func(c *Certificate) *Certificate { return ParseCertificate(c.Raw) } // no signature is remembered
		src := &source{certs: map[string]*Certificate{issuing.Subject(): fresh(issuing), root.Subject(): fresh(root)}}
		r := build(t, NewGraph([]*Certificate{fresh(lookAlike)}, nil, Limits{}), fresh(leaf), &Options{Issuers: src, Limits: Limits{Signatures: test.signatures}})
		var at []string
		for _, d := range r.DeadEnds {
			at = append(at, d.Certificate.Subject())
		}
		var want []string
		for _, c := range test.at {
			want = append(want, c.Subject())
		}
		if len(src.asked) != test.asked || !slices.Equal(at, want) || (r.Truncated == budgetSignatures) != (test.signatures < 100) {
			t.Errorf("%d signatures: asked %v, dead ends %v, cut by %q", test.signatures, src.asked, at, r.Truncated)
		}
	}
}

func TestCrossCheck(t *testing.T) {
	f := newThreeForms(t)
	r := build(t, NewGraph(f.certs(), f.anchors(), Limits{}), f.leaf, &Options{CrossCheck: true})
	for _, p := range r.Accepted {
		if p.CrossCheck != nil {
			t.Errorf("%v: %v", describe([]*Path{p}), p.CrossCheck)
		}
	}
	r = build(t, NewGraph(f.certs(), f.anchors(), Limits{}), f.leaf, &Options{CrossCheck: true, Purpose: Purpose{EKU: asn1.ObjectIdentifier{1, 2, 3}}})
	for _, p := range r.Rejected {
		if p.CrossCheck == nil {
			t.Errorf("%v: crypto/x509 accepts a usage that is not there", describe([]*Path{p}))
		}
	}
}

// TestProblemInWords holds what a problem is said to be.
func TestProblemInWords(t *testing.T) {
	for want, p := range map[string]Problem{
		"expired":                         {Code: problemExpired},
		"expired: since yesterday":        {Code: problemExpired, Detail: "since yesterday"},
		"expired (RFC 5280, Section 6.1)": {Code: problemExpired, Clause: "RFC 5280, Section 6.1"},
		"expired: since yesterday (RFC 5280, Section 6.1)": {Code: problemExpired, Detail: "since yesterday", Clause: "RFC 5280, Section 6.1"},
	} {
		if got := p.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestStrings(t *testing.T) {
	check := func(s fmt.Stringer, i int) {
		switch s.String() {
		case "", "invalid":
			t.Errorf("%T(%d) has no name", s, i)
		case "unknown":
			if _, ok := s.(RevocationStatus); !ok {
				t.Errorf("%T(%d) has no name", s, i)
			}
		}
	}
	for m := range missEnd {
		check(m, int(m))
	}
	for k := range deadEndEnd {
		check(k, int(k))
	}
	for u := range usageEnd {
		check(u, int(u))
	}
	for s := range revocationEnd {
		check(s, int(s))
	}
	for b := budgetSignatures; b < budgetEnd; b++ {
		check(b, int(b))
	}
	for _, s := range []fmt.Stringer{MissCode(99), DeadEndKind(99), Usage(99), Budget(99)} {
		if s.String() != "unknown" {
			t.Errorf("%T: %q", s, s)
		}
	}
}
