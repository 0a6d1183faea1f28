package chain

import (
	"bytes"
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/smimechain/smimechain/testdata/outside"
	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// choices turns octets into decisions; without octets each is the first.
type choices struct{ data []byte }

func (c *choices) next(n int) int {
	if len(c.data) == 0 {
		return 0
	}
	b := c.data[0]
	c.data = c.data[1:]
	return int(b) % n
}

// one reports true once in n times.
func (c *choices) one(n int) bool { return c.next(n) == n-1 }

// world is a small PKI made of choices.
type world struct {
	certs, anchors []*Certificate
	leaf           *Certificate
	purpose        Purpose
}

// spelling is the name of an entity in one of the ways to write it that RFC
// 5280, Section 7.1, takes for the same.
func spelling(c *choices, e entity) []byte {
	org, name, tag := "Example", e.name, casn1.PrintableString
	if c.one(24) {
		org = "EXAMPLE"
	}
	if c.one(24) {
		name += "  "
	}
	if c.one(24) {
		tag = casn1.UTF8String
	}
	return directory(tag, org, name)
}

func newWorld(tb testing.TB, data []byte) *world {
	c := &choices{data}
	w := &world{}
	w.purpose.Usage = AnyUsage
	switch c.next(3) {
	case 1:
		w.purpose.EKU = serverAuth
	case 2:
		w.purpose.EKU = AnyEKU
	}
	names := []string{"CA one", "CA two", "CA three", "CA four"}
	n := 2 + c.next(4)
	var cas []entity
	for i := range n {
		cas = append(cas, entity{names[min(c.next(4), i)], i})
	}
	for i := range n + c.next(8) {
		subject, issuer := cas[c.next(n)], cas[c.next(n)]
		if i < n {
			subject = cas[i]
			issuer = cas[min(i+1, n-1)]
		}
		cert := w.issue(tb, c, subject, issuer, true, int64(i))
		if subject == issuer {
			w.anchors = append(w.anchors, cert)
		} else {
			w.certs = append(w.certs, cert)
		}
	}
	w.leaf = w.issue(tb, c, entity{"Leaf", leafKey}, cas[0], c.one(20), 1000)
	return w
}

func (w *world) issue(tb testing.TB, c *choices, subject, issuer entity, ca bool, number int64) *Certificate {
	t := &x509.Certificate{
		SerialNumber:          big.NewInt(number + 1),
		RawSubject:            spelling(c, subject),
		NotBefore:             testStart,
		NotAfter:              testEnd,
		IsCA:                  ca,
		BasicConstraintsValid: true,
		SubjectKeyId:          testKeyID(subject.key),
		AuthorityKeyId:        testKeyID(issuer.key),
	}
	if ca {
		t.KeyUsage = x509.KeyUsageCertSign
	}
	switch c.next(16) {
	case 15:
		t.NotAfter = testTime.Add(-time.Hour)
	case 14:
		t.NotBefore = testTime.Add(time.Hour)
	}
	if c.one(16) {
		t.IsCA = !t.IsCA
	}
	if c.one(24) {
		t.KeyUsage = x509.KeyUsageDigitalSignature
	}
	if c.one(24) {
		t.BasicConstraintsValid = false
	}
	if c.one(12) {
		t.SubjectKeyId = []byte{}
	}
	if c.one(12) {
		t.AuthorityKeyId = []byte{1, 2, 3}
	}
	if t.IsCA && c.one(6) {
		t.MaxPathLen = c.next(3)
		t.MaxPathLenZero = true
	}
	switch c.next(10) {
	case 9:
		t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	case 8:
		t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection, x509.ExtKeyUsageServerAuth}
	case 7:
		t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageAny}
	case 6:
		t.UnknownExtKeyUsage = []asn1.ObjectIdentifier{{1, 2, 3, 4}}
	}
	if c.one(30) {
		extension("1.2.3.4", c.one(2), func(b *cryptobyte.Builder) { b.AddASN1NULL() })(t)
	}
	hosts := []string{"example.com", "mail.example.com", "example.org", "a.mail.example.com"}
	if !ca || c.one(8) {
		for range c.next(3) {
			host := hosts[c.next(len(hosts))]
			switch c.next(4) {
			case 0:
				t.EmailAddresses = append(t.EmailAddresses, "user@"+host)
			case 1:
				t.DNSNames = append(t.DNSNames, host)
			case 2:
				t.DNSNames = append(t.DNSNames, "*."+host)
			case 3:
				t.IPAddresses = append(t.IPAddresses, []byte{192, 0, 2, byte(c.next(3))})
			}
		}
		if c.one(8) {
			t.Subject = pkix.Name{}
		}
	}
	if ca && c.one(4) {
		bases := []string{"example.com", ".example.com", "mail.example.com", "example.org", "user@example.com", ""}
		base := []byte(bases[c.next(len(bases))])
		tag := []uint8{nameEmail, nameDNS, nameIP, nameDirectory, nameURI}[c.next(5)]
		switch tag {
		case nameIP:
			base = []byte{192, 0, 2, 0, 255, 255, 255, byte(c.next(2)) * 255}
		case nameDirectory:
			base = directory(casn1.UTF8String, []string{"Example", "Other"}[c.next(2)], "")
		case nameDNS, nameURI:
			if bytes.Contains(base, []byte("@")) {
				base = []byte("example.com")
			}
		}
		constraintsOf(!c.one(4), uint8(c.next(2)), tag, base)(t)
	}
	if c.one(8) {
		t.Policies = []x509.OID{mustOID(1, 2, 3), mustOID(1, 2, 4)}[c.next(2):]
	}
	if ca && c.one(12) {
		extension("2.5.29.36", true, func(b *cryptobyte.Builder) {
			b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1(casn1.Tag(0).ContextSpecific(), func(b *cryptobyte.Builder) { b.AddUint8(uint8(c.next(3))) })
			})
		})(t)
	}
	parent := &x509.Certificate{RawSubject: spelling(c, issuer)}
	der, err := x509.CreateCertificate(nil, t, parent, testKey(subject.key).Public(), testKey(issuer.key))
	if err != nil {
		tb.Fatal(err) // every choice makes a certificate
	}
	return ParseCertificate(der)
}

func mustOID(v ...uint64) x509.OID {
	oid, err := x509.OIDFromInts(v)
	if err != nil {
		panic(err)
	}
	return oid
}

// checkWorld compares what this package and crypto/x509 make of a world: the
// judgement of every path, and the paths.
func checkWorld(tb testing.TB, name string, w *world) (paths, accepted int, differences []string) {
	tb.Helper()
	r, err := NewGraph(w.certs, w.anchors, Limits{}).Build(context.Background(), w.leaf, testTime, &Options{Purpose: w.purpose, CrossCheck: true})
	if err != nil {
		tb.Fatal(err)
	}
	if w.leaf.cert() == nil {
		return 0, 0, nil
	}
	differences = compareWithOracle(tb, name, r)
	if r.Complete() {
		roots, intermediates := x509.NewCertPool(), x509.NewCertPool()
		for _, c := range w.anchors {
			if c.cert() != nil {
				roots.AddCert(c.cert())
			}
		}
		for _, c := range w.certs {
			if c.cert() != nil {
				intermediates.AddCert(c.cert())
			}
		}
		chains, _ := w.leaf.cert().Verify(x509.VerifyOptions{Roots: roots, Intermediates: intermediates, CurrentTime: testTime, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
		all := append(slices.Clone(r.Accepted), r.Rejected...)
		for _, chain := range chains {
			// crypto/x509 may visit a name and key twice if the SANs differ, or
			// the spelling of the name.
			seen := map[string]bool{}
			twice := false
			for _, c := range chain {
				name, _ := parseNameKey(c.RawSubject)
				key := string(name) + string(c.RawSubjectPublicKeyInfo)
				twice = twice || seen[key]
				seen[key] = true
			}
			if !twice && !slices.ContainsFunc(all, func(p *Path) bool {
				return slices.EqualFunc(p.Certificates, chain, func(a *Certificate, b *x509.Certificate) bool { return a.cert().Equal(b) })
			}) {
				tb.Errorf("%s: crypto/x509 has a path that is not found: %v", name, chain)
			}
		}
	}
	return len(r.Accepted) + len(r.Rejected), len(r.Accepted), differences
}

func TestDifferential(t *testing.T) {
	worlds := 800
	if outside.Long() {
		worlds = 4000
	}
	r := rand.New(rand.NewPCG(7, 8))
	paths, accepted := 0, 0
	differences := map[string]int{}
	for range worlds {
		data := make([]byte, 300)
		for i := range data {
			data[i] = byte(r.Uint32())
		}
		p, a, d := checkWorld(t, "", newWorld(t, data))
		paths, accepted = paths+p, accepted+a
		for _, name := range d {
			differences[name]++
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	t.Logf("%d worlds, %d paths, %d accepted", worlds, paths, accepted)
	if accepted < worlds/20 {
		t.Errorf("only %d accepted paths: the worlds are not worth much", accepted)
	}
	for name, n := range differences {
		t.Logf("%d paths: %s", n, name)
	}
}

func FuzzDifferential(f *testing.F) {
	f.Add([]byte{})
	r := rand.New(rand.NewPCG(9, 10))
	for range 40 {
		data := make([]byte, 200)
		for i := range data {
			data[i] = byte(r.Uint32())
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 2000 {
			t.Skip()
		}
		checkWorld(t, "", newWorld(t, data))
	})
}

// wellFormedName tells whether encoding/asn1 writes the name as it reads it,
// which it does not if anything stands behind an attribute's value, and whether
// each set has an attribute (RFC 5280, Section 4.1.2.4).
func wellFormedName(der []byte) bool {
	type attributesSET []struct { // the suffix makes encoding/asn1 read a SET
		Type  asn1.ObjectIdentifier
		Value asn1.RawValue
	}
	var rdns []attributesSET
	if rest, err := asn1.Unmarshal(der, &rdns); err != nil || len(rest) != 0 {
		return false
	}
	total := 0
	for _, rdn := range rdns {
		if total += len(rdn); len(rdn) == 0 {
			return false
		}
	}
	again, err := asn1.Marshal(rdns)
	return err == nil && len(again) == len(der) && total <= maxNameAttributes
}

// FuzzCertificate compares the package's own reading of a certificate with
// that of crypto/x509.
func FuzzCertificate(f *testing.F) {
	three := newThreeForms(f)
	for _, c := range append(three.certs(), three.leaf) {
		f.Add(c.Raw)
		if !wellFormedName(c.cert().RawSubject) || wellFormedName(append(bytes.Clone(c.cert().RawSubject), 0)) {
			f.Fatal("wellFormedName does not tell a good name from a bad one")
		}
	}
	r := rand.New(rand.NewPCG(11, 12))
	for range 10 {
		data := make([]byte, 200)
		for i := range data {
			data[i] = byte(r.Uint32())
		}
		f.Add(newWorld(f, data).leaf.Raw)
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		before := bytes.Clone(der)
		c := ParseCertificate(der)
		p := c.info()
		_, _, _ = c.Subject(), c.SelfSigned(), c.Emails()
		g := NewGraph([]*Certificate{c, three.issuing}, []*Certificate{three.self}, Limits{})
		if _, err := g.Build(context.Background(), c, testTime, nil); err != nil {
			t.Error(err)
		}
		if !bytes.Equal(before, der) {
			t.Error("the input has changed")
		}
		if c.cert() == nil {
			return
		}
		if p.err != nil {
			if wellFormedName(c.cert().RawSubject) && wellFormedName(c.cert().RawIssuer) {
				t.Fatalf("crypto/x509 reads it, this package does not: %v", p.err)
			}
			return // crypto/x509 skips what stands behind an attribute's value
		}
		e := &p.ext
		if !bytes.Equal(p.subject, c.cert().RawSubject) || !bytes.Equal(p.issuer, c.cert().RawIssuer) || !bytes.Equal(p.spki, c.cert().RawSubjectPublicKeyInfo) ||
			!bytes.Equal(p.tbs, c.cert().RawTBSCertificate) || p.version != c.cert().Version {
			t.Error("the fields differ")
		}
		// What is malformed here makes a rejected path, whatever crypto/x509
		// makes of it.
		if len(e.malformed) == 0 && (!bytes.Equal(e.ski, c.cert().SubjectKeyId) || !bytes.Equal(e.aki, c.cert().AuthorityKeyId) ||
			x509.KeyUsage(e.usage) != c.cert().KeyUsage || !slices.Equal(e.aia, c.cert().IssuingCertificateURL) || e.isCA != c.cert().IsCA || e.hasBasic != c.cert().BasicConstraintsValid ||
			len(e.eku) != len(c.cert().ExtKeyUsage)+len(c.cert().UnknownExtKeyUsage) || !slices.Equal(e.san.emails, c.cert().EmailAddresses) || !slices.Equal(e.san.dns, c.cert().DNSNames)) {
			t.Error("the extensions differ")
		}
	})
}
