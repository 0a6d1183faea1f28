package chain

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/brainpool"
	"github.com/smimechain/smimechain/lint/say"
	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// The elements of a TBSCertificate of version 3 with extensions.
const (
	tbsVersion = iota
	tbsSerial
	tbsAlgorithm
	tbsIssuer
	tbsValidity
	tbsSubject
	tbsKey
	tbsExtensions
)

// remake changes the elements of a certificate and signs it anew: sign makes the
// signature over the TBSCertificate.
func remake(tb testing.TB, c *Certificate, change func(elements [][]byte), outer []byte, sign func(tbs []byte) []byte) *Certificate {
	tb.Helper()
	input := cryptobyte.String(c.info().tbs)
	var tbs cryptobyte.String
	if !input.ReadASN1(&tbs, casn1.SEQUENCE) {
		tb.Fatal("no TBSCertificate")
	}
	var elements [][]byte
	for !tbs.Empty() {
		var e cryptobyte.String
		var tag casn1.Tag
		if !tbs.ReadAnyASN1Element(&e, &tag) {
			tb.Fatal("malformed")
		}
		elements = append(elements, e)
	}
	change(elements)
	var b cryptobyte.Builder
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, e := range elements {
			b.AddBytes(e)
		}
	})
	made := b.BytesOrPanic()
	if outer == nil {
		outer = elements[tbsAlgorithm]
	}
	var whole cryptobyte.Builder
	whole.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(made)
		b.AddBytes(outer)
		b.AddASN1BitString(sign(made))
	})
	return ParseCertificate(whole.BytesOrPanic())
}

// byKey signs with a test key.
func byKey(tb testing.TB, n int) func([]byte) []byte {
	return func(tbs []byte) []byte {
		digest := sha256.Sum256(tbs)
		signature, err := ecdsa.SignASN1(rand.Reader, testKey(n), digest[:])
		if err != nil {
			tb.Fatal(err)
		}
		return signature
	}
}

// more adds an Extension to a certificate.
func more(elements [][]byte, extension []byte) {
	input := cryptobyte.String(elements[tbsExtensions])
	var wrapped, list cryptobyte.String
	if !input.ReadASN1(&wrapped, casn1.Tag(3).ContextSpecific().Constructed()) || !wrapped.ReadASN1(&list, casn1.SEQUENCE) {
		panic("no extensions")
	}
	elements[tbsExtensions] = tlv(casn1.Tag(3).ContextSpecific().Constructed(), fmt.Sprintf("%x", tlv(casn1.SEQUENCE, fmt.Sprintf("%x", append(slices.Clone(list), extension...)), 1)), 1)
}

// said returns the problems of a path that are disputed, and the others.
func saidOf(p *Path) (disputed, problems string) {
	say := func(list []Problem) string {
		var words []string
		for _, q := range list {
			words = append(words, fmt.Sprintf("%d %s: %s (%s)", q.Index, q.Code, q.Detail, q.Clause))
		}
		return strings.Join(words, "; ")
	}
	return say(p.Disputed), say(p.Problems)
}

// TestOddCertificates holds that a certificate of which the TBSCertificate can be read is
// on a path, whatever RFC 5280 forbids of the rest, and that what it forbids is said.
func TestOddCertificates(t *testing.T) {
	ca := entity{"CA", 1}
	root := sign(t, rootEntity, rootEntity)
	plain := sign(t, ca, rootEntity)
	leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf)
	serial := func(contents string) func([][]byte) {
		return func(e [][]byte) { e[tbsSerial] = tlv(casn1.INTEGER, contents, 1) }
	}
	extension := func(id string, value string) func([][]byte) {
		return func(e [][]byte) { more(e, extensionOf(id, octets(value))) }
	}
	const twenty = "7f00000000000000000000000000000000000001"
	for _, test := range []struct {
		name               string
		change             func([][]byte)
		outer              []byte
		disputed, problems string // of the path, in words
	}{
		{"ordinary", func([][]byte) {}, nil, "", ""},
		{"a negative serial number", serial("ff"), nil, "1 serial_number: negative (RFC 5280, Section 4.1.2.2)", ""},
		{"a serial number of zero", serial("00"), nil, "1 serial_number: zero (RFC 5280, Section 4.1.2.2)", ""},
		{"zero in two octets", serial("0000"), nil, "1 serial_number: zero (RFC 5280, Section 4.1.2.2)", ""},
		{"a serial number of one", serial("01"), nil, "", ""},
		{"a serial number of 128", serial("0080"), nil, "", ""},
		{"a serial number of 20 octets", serial(twenty), nil, "", ""},
		{"a serial number of 21 octets", serial("01" + twenty), nil, "1 serial_number: 21 octets (RFC 5280, Section 4.1.2.2)", ""},
		{"a serial number without octets", serial(""), nil, "1 serial_number: no octets (RFC 5280, Section 4.1.2.2)", ""},
		{"an extension twice", extension(oidKeyUsage, "0302 0106"), nil, "", "1 unparseable: malformed: extension 2.5.29.15 appears twice (RFC 5280, Section 4.1)"},
		{"policies that are odd", extension(oidPolicies, "3000"), nil, "", "1 unparseable: malformed: extension 2.5.29.32 (RFC 5280, Section 4.1)"},
		{"a constraint with a leading @", extension(oidNameConstraints, "3010 a00e 300c 810a 40"+fmt.Sprintf("%x", "other.com")), nil, "1 name_constraint_subtree: a subtree that cannot be read (RFC 5280, Section 4.2.1.10)",
			"0 name_constraint_subtree: a subtree that cannot be read (RFC 5280, Section 4.2.1.10)"},
		{"a constraint with a trailing blank", extension(oidNameConstraints, "3012 a010 300e 810c "+fmt.Sprintf("%x", "example.com ")), nil, "1 name_constraint_subtree: a subtree that cannot be read (RFC 5280, Section 4.2.1.10)",
			"0 name_constraint_subtree: a subtree that cannot be read (RFC 5280, Section 4.2.1.10)"},
		{"an address that is not ASCII", extension(oidSAN, "300c 810a "+fmt.Sprintf("%x", "ü@a.test ")), nil, "1 encoding: an rfc822Name beyond ASCII (RFC 5280, Section 4.2.1.6)", ""},
		{"an address that is not ASCII before one that is", extension(oidSAN, "3016 810a "+fmt.Sprintf("%x", "ü@a.test ")+"8108"+fmt.Sprintf("%x", "u@a.test")), nil, "1 encoding: an rfc822Name beyond ASCII (RFC 5280, Section 4.2.1.6)", ""},
		{"another algorithm beside the signature", func([][]byte) {}, identifier("\x2a\x86\x48\xce\x3d\x04\x03\x03", nil), "",
			"1 signature_algorithm_mismatch:  (RFC 5280, Section 4.1.1.2)"},
		{"another extension in the form of application policies", extension("\x2a\x03", "300c 300a 06082b06010505070301"), nil, "", ""},
		{"application policies for mail", extension(oidApplication, "300c 300a 06082b06010505070304"), nil, "", ""},
		{"application policies for anything", extension(oidApplication, "300e 300c 060a2b060104018237 0a0c01"), nil, "", ""},
		{"application policies for any extended usage", extension(oidApplication, "3008 3006 0604551d2500"), nil, "", ""},
		{"application policies for servers and mail", extension(oidApplication, "3018 300a 06082b06010505070301 300a 06082b06010505070304"), nil, "", ""},
		{"application policies for servers", extension(oidApplication, "300c 300a 06082b06010505070301"), nil,
			"1 application_policy:  (MS-WCCE, Certificate Application Policy Extension)", ""},
		{"application policies that cannot be read", extension(oidApplication, "0400"), nil,
			"1 application_policy:  (MS-WCCE, Certificate Application Policy Extension)", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			issuing := remake(t, plain, test.change, test.outer, byKey(t, rootKey))
			r := build(t, NewGraph([]*Certificate{issuing}, []*Certificate{root}, Limits{}), leaf, nil)
			paths := slices.Concat(r.Accepted, r.Rejected)
			if len(paths) != 1 || len(r.DeadEnds) > 0 {
				t.Fatalf("%d paths, dead ends %v", len(paths), r.DeadEnds)
			}
			disputed, problems := saidOf(paths[0])
			if disputed != test.disputed || problems != test.problems {
				t.Errorf("disputed %q, problems %q;\nwant     %q, problems %q", disputed, problems, test.disputed, test.problems)
			}
			if (problems == "") != paths[0].Accepted() {
				t.Error("what is disputed decides")
			}
		})
	}
	// The serial number of an anchor is nobody's business.
	odd := remake(t, root, serial("ff"), nil, byKey(t, rootKey))
	if r := build(t, NewGraph([]*Certificate{plain}, []*Certificate{odd}, Limits{}), leaf, nil); len(r.Accepted) != 1 || len(r.Accepted[0].Disputed) > 0 {
		t.Errorf("%v", r.Accepted)
	}
}

// TestOddKeys has CAs whose keys or signatures not every program knows.
func TestOddKeys(t *testing.T) {
	ca := entity{"CA", 1}
	plain := sign(t, ca, rootEntity)
	leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf)
	rsaKey := testRSA(t, 2048)
	bits := x509.MarshalPKCS1PublicKey(&rsaKey.PublicKey)
	sha256RSA := identifier("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b", []byte{5, 0})
	rsaSPKI := spki(oidRSA, []byte{5, 0}, bits)
	small := testRSA(t, 1024)
	brain := curveKey(t, brainpool.P256t1())
	x, y := brain.X, brain.Y
	brainSPKI := spki(oidEC, oidOf(t, "brainpoolP256t1"), slices.Concat([]byte{4}, x.FillBytes(make([]byte, 32)), y.FillBytes(make([]byte, 32))))
	ecdsaScheme := identifier("\x2a\x86\x48\xce\x3d\x04\x03\x02", nil)
	digest := func(tbs []byte) []byte { d := sha256.Sum256(tbs); return d[:] }
	bare := func(tbs []byte) []byte { return raw(rsaKey, pkcs1Block(256, crypto.SHA256, digest(tbs), false)) }
	pssSign := func(tbs []byte) []byte {
		s, err := rsa.SignPSS(rand.Reader, rsaKey, crypto.SHA256, digest(tbs), &rsa.PSSOptions{SaltLength: 32})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	brainSign := func(tbs []byte) []byte {
		s, err := ecdsa.SignASN1(rand.Reader, brain, digest(tbs))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, test := range []struct {
		name      string
		key       []byte // of the root
		algorithm []byte
		sign      func([]byte) []byte
		disputed  string
	}{
		{"RSA without NULL", rsaSPKI, sha256RSA, bare, "1 signature_encoding: a DigestInfo without NULL (RFC 8017, Appendix B.1)"},
		{"RSASSA-PSS by an ordinary key", rsaSPKI, identifier(oidPSS, pssParams(1, 1, 32)), pssSign, "1 signature_scheme: RSASSA-PSS SHA-256 ()"},
		{"RSASSA-PSS by a key for it", spki(oidPSS, nil, bits), identifier(oidPSS, pssParams(1, 1, 32)), pssSign,
			"1 signature_scheme: RSASSA-PSS SHA-256 (); 2 key_algorithm: RSASSA-PSS 2048 ()"},
		{"RSA of 1024 bits", spki(oidRSA, []byte{5, 0}, x509.MarshalPKCS1PublicKey(&small.PublicKey)), sha256RSA,
			func(tbs []byte) []byte { return raw(small, pkcs1Block(128, crypto.SHA256, digest(tbs), true)) }, "2 key_size: RSA 1024 ()"},
		{"brainpool", brainSPKI, ecdsaScheme, brainSign, "2 key_algorithm: EC brainpoolP256t1 ()"},
	} {
		t.Run(test.name, func(t *testing.T) {
			notEnforced(t)
			change := func(e [][]byte) { e[tbsAlgorithm] = test.algorithm }
			root := remake(t, sign(t, rootEntity, rootEntity), func(e [][]byte) { change(e); e[tbsKey] = test.key }, nil, test.sign)
			if !root.SelfSigned() {
				t.Fatal("the root is not self-signed")
			}
			issuing := remake(t, plain, change, nil, test.sign)
			r := build(t, NewGraph([]*Certificate{issuing}, []*Certificate{root}, Limits{}), leaf, nil)
			if len(r.Accepted) != 1 {
				t.Fatalf("%v, dead ends %v", describe(r.Rejected), r.DeadEnds)
			}
			if got, _ := saidOf(r.Accepted[0]); got != test.disputed {
				t.Errorf("disputed %q, want %q", got, test.disputed)
			}
			// The same with another signature is no issuer, and nobody is told another key.
			forged := remake(t, plain, change, nil, func(tbs []byte) []byte { return test.sign(append(slices.Clone(tbs), 0)) })
			r = build(t, NewGraph([]*Certificate{forged}, []*Certificate{root}, Limits{}), leaf, nil)
			if len(r.Accepted)+len(r.Rejected) != 0 {
				t.Errorf("a forged signature: %v", describe(r.Accepted))
			}
		})
	}
}

// TestDamagedKeys holds which keys of a kind that every program knows are none.
func TestDamagedKeys(t *testing.T) {
	rsaBits := x509.MarshalPKCS1PublicKey(&testRSA(t, 2048).PublicKey)
	ecKey := curveKey(t, elliptic.P256())
	point := slices.Concat([]byte{4}, ecKey.X.FillBytes(make([]byte, 32)), ecKey.Y.FillBytes(make([]byte, 32)))
	off := slices.Clone(point)
	off[40] ^= 1
	p256 := oidOf(t, "P-256")
	for _, tt := range []struct {
		name string
		spki []byte
		want bool
	}{
		{"RSA", spki(oidRSA, []byte{5, 0}, rsaBits), false},
		{"RSA, and more behind", spki(oidRSA, []byte{5, 0}, append(slices.Clone(rsaBits), 0)), true},
		{"RSA without an exponent", spki(oidRSA, []byte{5, 0}, []byte{0x30, 3, 2, 1, 7}), true},
		{"RSA below zero", spki(oidRSA, []byte{5, 0}, []byte{0x30, 6, 2, 1, 0x87, 2, 1, 3}), true},
		{"EC", spki(oidEC, p256, point), false},
		{"EC, no point of the curve", spki(oidEC, p256, off), true},
		{"EC, cut off", spki(oidEC, p256, point[:40]), true},
		{"of a curve that not every program knows", spki(oidEC, oidOf(t, "brainpoolP256t1"), off), false},
		{"nothing", nil, false},
	} {
		if got := readKey(tt.spki).damaged(); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestPlainSchemes holds which signatures every program knows.
func TestPlainSchemes(t *testing.T) {
	for _, s := range schemes {
		hash, ok := strings.CutPrefix(s.name, s.key+"-")
		if s.key == "RSA" {
			hash, ok = strings.CutSuffix(s.name, "-RSA")
		} else if s.key == "EC" {
			hash, ok = strings.CutPrefix(s.name, "ECDSA-")
		}
		if want := ok && slices.Contains([]string{"SHA1", "SHA256", "SHA384", "SHA512"}, hash); s.plain() != want {
			t.Errorf("%s: every program knows it: %t", s.name, s.plain())
		}
	}
	if s, ok := readPSS(octets("3000")); !ok || s.plain() {
		t.Errorf("RSASSA-PSS with SHA-1: %t, every program knows it", ok)
	}
}

// TestDistrust holds that who is asked about distrust is heard of every certificate.
func TestDistrust(t *testing.T) {
	ca := entity{"CA", 1}
	root, issuing := sign(t, rootEntity, rootEntity), sign(t, ca, rootEntity)
	leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf)
	g := NewGraph([]*Certificate{issuing}, []*Certificate{root}, Limits{})
	for i := range 3 {
		r := build(t, g, leaf, &Options{Distrust: func(path []*Certificate, at int, when time.Time) (ProblemCode, say.Message) {
			if at == i && len(path) == 3 && when.Equal(testTime) {
				return problemDistrusted, say.New("seen")
			}
			return "", say.Message{}
		}})
		if len(r.Accepted) != 1 {
			t.Fatal("no path")
		}
		if got, _ := saidOf(r.Accepted[0]); got != fmt.Sprintf("%d distrusted: seen ()", i) {
			t.Errorf("%q", got)
		}
	}
}

// TestDisputedUsages holds what is disputed of usages and keys, of a CA and of who is none.
func TestDisputedUsages(t *testing.T) {
	ca := entity{"CA", 1}
	root, plain := sign(t, rootEntity, rootEntity), sign(t, ca, rootEntity)
	leaf := sign(t, entity{"Leaf", leafKey}, ca, asLeaf)
	mail, server, anything := x509.ExtKeyUsageEmailProtection, x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageAny
	usages := func(list ...x509.ExtKeyUsage) *Certificate {
		return sign(t, ca, rootEntity, func(c *x509.Certificate) { c.ExtKeyUsage = list })
	}
	padded := sign(t, ca, rootEntity, func(c *x509.Certificate) { c.KeyUsage = 0 }, extension("2.5.29.15", true, func(b *cryptobyte.Builder) { b.AddBytes(octets("0302 0107")) }))
	applied := remake(t, plain, func(e [][]byte) {
		more(e, extensionOf(oidApplication, octets("300c 300a 06082b06010505070301")))
	}, nil, byKey(t, rootKey))
	brain, ec := curveKey(t, brainpool.P256t1()), curveKey(t, elliptic.P256())
	point := func(k *ecdsa.PrivateKey) []byte {
		return slices.Concat([]byte{4}, k.X.FillBytes(make([]byte, 32)), k.Y.FillBytes(make([]byte, 32)))
	}
	off := point(ec)
	off[40] ^= 1
	keyed := func(c *Certificate, key []byte, by int) *Certificate {
		return remake(t, c, func(e [][]byte) { e[tbsKey] = key }, nil, byKey(t, by))
	}
	anyUsage := Purpose{EKU: AnyEKU}
	const odd = "any_extended_key_usage:  (RFC 5280, Section 4.2.1.12)"
	for _, tt := range []struct {
		name          string
		leaf, issuing *Certificate
		purpose       Purpose
		disputed      string
	}{
		{"no usage", leaf, plain, Purpose{}, ""},
		{"mail", leaf, usages(mail), Purpose{}, ""},
		{"anything", leaf, usages(anything), Purpose{}, "1 " + odd},
		{"anything and servers", leaf, usages(server, anything), Purpose{}, "1 " + odd},
		{"mail and anything", leaf, usages(mail, anything), Purpose{}, ""},
		{"anything, of which anything is asked", leaf, usages(anything), anyUsage, ""},
		{"application policies for servers, where anything is asked", leaf, applied, anyUsage, ""},
		{"application policies for servers", leaf, applied, Purpose{}, "1 application_policy:  (MS-WCCE, Certificate Application Policy Extension)"},
		{"servers", leaf, usages(server), Purpose{}, ""},
		{"a usage with bits in its padding", leaf, padded, Purpose{}, "1 encoding: keyUsage with bits in its padding (X.690, Section 11.2.1)"},
		{"a user's key that not every program knows", keyed(leaf, spki(oidEC, oidOf(t, "brainpoolP256t1"), point(brain)), 1), plain, Purpose{}, ""},
		{"a user's key that is none", keyed(leaf, spki(oidEC, oidOf(t, "P-256"), off), 1), plain, Purpose{}, ""},
	} {
		r := build(t, NewGraph([]*Certificate{tt.issuing}, []*Certificate{root}, Limits{}), tt.leaf, &Options{Purpose: tt.purpose})
		paths := slices.Concat(r.Accepted, r.Rejected)
		if len(paths) != 1 {
			t.Errorf("%s: %d paths", tt.name, len(paths))
			continue
		}
		if disputed, _ := saidOf(paths[0]); disputed != tt.disputed {
			t.Errorf("%s: disputed %q, want %q", tt.name, disputed, tt.disputed)
		}
	}
	damaged := keyed(root, spki(oidEC, oidOf(t, "P-256"), off), rootKey)
	r := build(t, NewGraph(nil, []*Certificate{damaged}, Limits{}), damaged, &Options{Purpose: Purpose{Usage: Issue}})
	if paths := slices.Concat(r.Accepted, r.Rejected); len(paths) != 1 {
		t.Errorf("an anchor with a key that is none: %d paths", len(paths))
	} else if disputed, _ := saidOf(paths[0]); disputed != "0 key_algorithm: EC P-256, and the key cannot be read ()" {
		t.Errorf("an anchor with a key that is none: %q", disputed)
	}
}
