package sst

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"reflect"
	"testing"
	"time"
)

func TestClean(t *testing.T) {
	day := func(y int) time.Time { return time.Date(y, 6, 1, 0, 0, 0, 0, time.UTC) }
	ca := newCert(t, 1, nil)
	expired := newCert(t, 2, func(c *x509.Certificate) { c.NotAfter = day(2026) })
	leaf := newCert(t, 3, func(c *x509.Certificate) {
		c.IsCA, c.KeyUsage, c.EmailAddresses = false, x509.KeyUsageDigitalSignature, []string{"user@example.com"}
	})
	bare := newCert(t, 4, func(c *x509.Certificate) { c.BasicConstraintsValid, c.IsCA, c.KeyUsage = false, false, 0 })
	signer := newCert(t, 5, func(c *x509.Certificate) {
		c.BasicConstraintsValid, c.IsCA, c.KeyUsage = false, false, x509.KeyUsageCertSign
	})
	future := newCert(t, 6, func(c *x509.Certificate) { c.NotBefore = day(2034) })
	name := must(newText(PropFriendlyName, "Test"))
	s := &Store{Elements: []Element{
		{Kind: Certificate, Raw: ca.Raw, Properties: []Property{name, {ID: PropIsolatedKey, Value: []byte{1}}, {ID: PropKeyProvInfo}, {ID: 0x8000}}},
		{Kind: Certificate, Raw: expired.Raw, Properties: []Property{name}},
		{Kind: Certificate, Raw: leaf.Raw},
		{Kind: Certificate, Raw: bare.Raw},
		{Kind: Certificate, Raw: signer.Raw},
		{Kind: Certificate, Raw: future.Raw},
		{Kind: Certificate, Raw: ca.Raw},
		{Kind: CRL, Raw: newCRL(t, ca)},
		{Kind: CTL, Raw: []byte("\x30\x03\x02\x01\x01")},
		{Kind: unknownKind, ID: 35, Raw: []byte{1}},
		{Kind: Certificate, Raw: []byte("garbage")},
		{Kind: Certificate, Raw: []byte("\x30\x02\x05\x00")},
		{Kind: Certificate, Raw: append(bytes.Clone(ca.Raw), 0)},
		{Properties: []Property{name}},
	}}
	before := must(s.Marshal())
	type drop struct {
		index  int
		prop   PropID
		reason DropReason
	}
	tests := []struct {
		name string
		at   time.Time
		opts *CleanOptions
		kept []int
		drop []drop
	}{
		{"default", day(2030), nil, []int{0, 5}, []drop{
			{0, PropFriendlyName, dropProperty}, {0, PropIsolatedKey, dropProperty}, {0, PropKeyProvInfo, dropProperty}, {0, 0x8000, dropProperty},
			{1, 0, DropExpired}, {2, 0, DropEndEntity}, {3, 0, DropEndEntity}, {4, 0, DropEndEntity}, {6, 0, DropDuplicate},
			{7, 0, dropNotCertificate}, {8, 0, dropNotCertificate}, {9, 0, dropNotCertificate},
			{10, 0, DropMalformed}, {11, 0, DropMalformed}, {12, 0, DropMalformed}, {13, 0, dropNotCertificate}}},
		{"at no time, keep much", time.Time{}, &CleanOptions{Keep: []PropID{PropFriendlyName, PropIsolatedKey}, KeepEndEntities: true, KeepCRLs: true, KeepCTLs: true},
			[]int{0, 1, 2, 3, 4, 5, 7, 8}, []drop{
				{0, PropKeyProvInfo, dropProperty}, {0, 0x8000, dropProperty}, {6, 0, DropDuplicate}, {9, 0, dropNotCertificate},
				{10, 0, DropMalformed}, {11, 0, DropMalformed}, {12, 0, DropMalformed}, {13, 0, dropNotCertificate}}},
		{"keep revocation lists and no trust lists", time.Time{}, &CleanOptions{Keep: []PropID{PropFriendlyName, PropIsolatedKey}, KeepEndEntities: true, KeepCRLs: true},
			[]int{0, 1, 2, 3, 4, 5, 7}, []drop{
				{0, PropKeyProvInfo, dropProperty}, {0, 0x8000, dropProperty}, {6, 0, DropDuplicate}, {8, 0, dropNotCertificate}, {9, 0, dropNotCertificate},
				{10, 0, DropMalformed}, {11, 0, DropMalformed}, {12, 0, DropMalformed}, {13, 0, dropNotCertificate}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			clean, dropped := s.Clean(test.at, test.opts)
			if len(clean.Elements) != len(test.kept) {
				t.Fatalf("%d elements, want %d", len(clean.Elements), len(test.kept))
			}
			for i, k := range test.kept {
				if !bytes.Equal(clean.Elements[i].Raw, s.Elements[k].Raw) {
					t.Errorf("element %d is not %d", i, k)
				}
			}
			var got []drop
			for _, d := range dropped {
				got = append(got, drop{d.Index, d.Property, d.Reason})
				if d.SHA256 != sha256.Sum256(s.Elements[d.Index].Raw) || d.Kind != s.Elements[d.Index].Kind || d.Class != d.Property.Class() {
					t.Errorf("details of %+v", d)
				}
			}
			if !reflect.DeepEqual(got, test.drop) {
				t.Errorf("dropped %v\nwant    %v", got, test.drop)
			}
			data, err := clean.Marshal()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := Parse(data); err != nil {
				t.Error(err)
			}
			again, more := clean.Clean(test.at, test.opts)
			if len(more) != 0 || !bytes.Equal(must(again.Marshal()), data) {
				t.Error("a clean store is cleaned again")
			}
		})
	}
	if !bytes.Equal(must(s.Marshal()), before) {
		t.Error("the store was changed")
	}
	// The last second of the validity still counts.
	for _, d := range []time.Duration{0, time.Second} {
		clean, _ := New(ca).Clean(ca.NotAfter.Add(d), nil)
		if want := d == 0; (len(clean.Elements) == 1) != want {
			t.Errorf("%v after NotAfter: %d elements", d, len(clean.Elements))
		}
	}
}

// TestCleanCorpus cleans what Windows wrote. Every certificate must be
// readable, including the one that crypto/x509 refuses.
func TestCleanCorpus(t *testing.T) {
	at := time.Date(2025, 8, 1, 0, 0, 0, 0, time.UTC)
	s, err := Parse(corpus(t, "certutil-roots-2025-07.sst"))
	if err != nil {
		t.Fatal(err)
	}
	refused, expired := 0, 0
	for i := range s.Elements {
		c, err := s.Elements[i].Certificate()
		if err != nil {
			refused++
		} else if c.NotAfter.Before(at) {
			expired++
		}
	}
	clean, dropped := s.Clean(at, nil)
	reasons := make(map[DropReason]int)
	for _, d := range dropped {
		reasons[d.Reason]++
	}
	if refused != 1 || reasons[DropExpired] < expired || reasons[DropExpired] > expired+1 || reasons[DropMalformed] != 0 || reasons[DropDuplicate] != 0 {
		t.Errorf("refused %d, expired %d, dropped %v", refused, expired, reasons)
	}
	for i := range clean.Elements {
		if len(clean.Elements[i].Properties) != 0 {
			t.Fatal("a property is left")
		}
	}
	t.Logf("%d of %d certificates kept; dropped %v", len(clean.Elements), len(s.Elements), reasons)
	if len(s.Certificates()) != len(s.Elements)-1 {
		t.Errorf("%d parsed certificates", len(s.Certificates()))
	}
}

// TestCertificateFields compares the slicer with crypto/x509 on every
// certificate of the corpus that it accepts.
func TestCertificateFields(t *testing.T) {
	n := 0
	for name := range corpusStores {
		s, err := Parse(corpus(t, name))
		if err != nil {
			t.Fatal(err)
		}
		for i := range s.Elements {
			e := &s.Elements[i]
			if e.Kind != Certificate {
				continue
			}
			f, ok := sliceCertificate(e.Raw)
			if !ok {
				t.Errorf("%s: element %d is not sliced", name, i)
				continue
			}
			c, err := e.Certificate()
			if err != nil {
				continue
			}
			n++
			end, ok := f.notAfter()
			if !ok || !end.Equal(c.NotAfter) || !bytes.Equal(f.tbs, c.RawTBSCertificate) || !bytes.Equal(f.issuer, c.RawIssuer) ||
				!bytes.Equal(f.subject, c.RawSubject) || !bytes.Equal(f.spki, c.RawSubjectPublicKeyInfo) || f.hasV3 != (c.Version == 3) {
				t.Errorf("%s: element %d differs", name, i)
			}
			if c.Version == 3 && f.isCA() != (c.IsCA || c.KeyUsage&x509.KeyUsageCertSign != 0) {
				t.Errorf("%s: element %d: CA %v", name, i, f.isCA())
			}
		}
	}
	if n < 600 {
		t.Errorf("%d certificates compared", n)
	}
}

// TestCleanLenient cleans what only a lenient parser accepts: the result is
// well-formed.
func TestCleanLenient(t *testing.T) {
	name := must(newText(PropFriendlyName, "Test"))
	s := &Store{Elements: []Element{{Kind: Certificate, Raw: newCert(t, 1, nil).Raw, Properties: []Property{name, name, {ID: 0x10000}}}}}
	s = must(Lenient().Parse(append(must(s.Marshal()), "tail"...)))
	clean, dropped := s.Clean(notBefore, &CleanOptions{Keep: []PropID{PropFriendlyName, 0x10000}})
	if len(dropped) != 2 {
		t.Errorf("%d dropped, want 2", len(dropped))
	}
	got, err := Parse(must(clean.Marshal()))
	if err != nil || len(got.Elements) != 1 || len(got.Elements[0].Properties) != 1 {
		t.Errorf("got %v", err)
	}
}

func TestReadTime(t *testing.T) {
	day := func(y int) time.Time { return time.Date(y, 12, 31, 23, 59, 0, 0, time.UTC) }
	tests := []struct {
		der  string
		want time.Time
	}{
		{"\x17\x0d491231235900Z", day(2049)},
		{"\x17\x0d501231235900Z", day(1950)},
		{"\x17\x0d991231235900Z", day(1999)},
		{"\x17\x0b4912312359Z", day(2049)},
		{"\x17\x11491231225900-0100", day(2049)},
		{"\x18\x0f20491231235900Z", day(2049)},
		{"\x18\x0f99991231235900Z", day(9999)},
		{"\x17\x0d491331235900Z", time.Time{}},
		{"\x18\x0d491231235900Z", time.Time{}},
		{"\x17\x00", time.Time{}},
		{"\x04\x00", time.Time{}},
		{"", time.Time{}},
	}
	for _, test := range tests {
		c := cursor(test.der)
		got, ok := readTime(&c)
		if ok == test.want.IsZero() || !got.Equal(test.want) {
			t.Errorf("%q: %v, %v", test.der, got, ok)
		}
	}
}

func TestNew(t *testing.T) {
	a, b := newCert(t, 1, nil), newCert(t, 2, nil)
	s := New(b, nil, a)
	if len(s.Elements) != 2 || !bytes.Equal(s.Elements[0].Raw, b.Raw) || s.Elements[0].Properties != nil || s.Elements[1].Kind != Certificate {
		t.Error("not the certificates in their order")
	}
	data := must(s.Marshal())
	if len(data) != 8+12+len(a.Raw)+12+len(b.Raw)+12 {
		t.Errorf("%d bytes", len(data))
	}
	if !bytes.Equal(data, must(New(b, a).Marshal())) {
		t.Error("not deterministic")
	}
	if got := must(Parse(data)).Certificates(); len(got) != 2 || !got[0].Equal(b) {
		t.Error("not read back")
	}
}
