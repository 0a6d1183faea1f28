package chain

import (
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"slices"
	"testing"
)

// TestIsCA holds which certificates are those of CAs.
func TestIsCA(t *testing.T) {
	ca := entity{"CA", 1}
	noBasic := func(usage x509.KeyUsage) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid, c.KeyUsage = false, false, usage }
	}
	noCA := func(c *x509.Certificate) { c.IsCA = false }
	bare := func(c *Certificate, key int) *Certificate { // of version 1
		return remake(t, c, func(e [][]byte) { e[tbsVersion], e[tbsExtensions] = nil, nil }, nil, byKey(t, key))
	}
	for name, tt := range map[string]struct {
		cert *Certificate
		want bool
	}{
		"a CA":                           {sign(t, ca, rootEntity), true},
		"a root":                         {sign(t, rootEntity, rootEntity), true},
		"a user":                         {sign(t, entity{"Leaf", leafKey}, ca, asLeaf), false},
		"a CA that says it is none":      {sign(t, ca, rootEntity, noCA), false},
		"a root that says it is none":    {sign(t, rootEntity, rootEntity, noCA), false},
		"self-signed, keyCertSign alone": {sign(t, rootEntity, rootEntity, noBasic(x509.KeyUsageCertSign)), false},
		"self-signed, for signatures":    {sign(t, rootEntity, rootEntity, noBasic(x509.KeyUsageDigitalSignature)), false},
		"below a CA, keyCertSign alone":  {sign(t, ca, rootEntity, noBasic(x509.KeyUsageCertSign)), false},
		"a root of version 1":            {bare(sign(t, rootEntity, rootEntity), rootKey), true},
		"of version 1, by another":       {bare(sign(t, ca, rootEntity), rootKey), false},
		"of version 1, by another key":   {bare(sign(t, rootEntity, rootEntity), 1), false},
		"what is no certificate":         {ParseCertificate([]byte("text")), false},
		"nothing":                        {new(Certificate), false},
	} {
		if got := tt.cert.IsCA(); got != tt.want {
			t.Errorf("%s: a CA: %t", name, got)
		}
	}
}

// TestAllows holds what the key usage allows, by the kind of the key.
func TestAllows(t *testing.T) {
	use := func(u x509.KeyUsage) *Certificate {
		return sign(t, entity{"Leaf", leafKey}, entity{"CA", 1}, asLeaf, func(c *x509.Certificate) { c.KeyUsage = u })
	}
	for _, tt := range []struct {
		usage                 x509.KeyUsage
		sign, encrypt, either bool
	}{
		{0, true, true, true}, // none: RFC 5280, Section 4.2.1.3, says nothing then
		{x509.KeyUsageDigitalSignature, true, false, true},
		{x509.KeyUsageContentCommitment, true, false, true},
		{x509.KeyUsageKeyAgreement, false, true, true},
		{x509.KeyUsageKeyEncipherment, false, true, true},
		{x509.KeyUsageCertSign, false, false, false},
	} {
		c := use(tt.usage)
		if c.Allows(Sign) != tt.sign || c.Allows(Encrypt) != tt.encrypt || c.Allows(signOrEncrypt) != tt.either || !c.Allows(AnyUsage) {
			t.Errorf("%b: sign %t, encrypt %t, either %t", tt.usage, c.Allows(Sign), c.Allows(Encrypt), c.Allows(signOrEncrypt))
		}
		if c.Allows(Issue) != (tt.usage == 0 || tt.usage == x509.KeyUsageCertSign) {
			t.Errorf("%b: issue %t", tt.usage, c.Allows(Issue))
		}
	}
	// RSA transports a key, and agrees on none.
	rsa := &Certificate{}
	rsa.once.Do(func() {
		rsa.parsed = &parsed{rsa: true, ext: extensions{hasUsage: true, usage: usageKeyAgreement}}
	})
	if rsa.Allows(Encrypt) {
		t.Error("an RSA key agrees on keys")
	}
}

// TestAllowsExtended holds what the extended key usage allows.
func TestAllowsExtended(t *testing.T) {
	for _, tt := range []struct {
		name           string
		usages         []x509.ExtKeyUsage
		mail, anything bool
	}{
		{"no extended key usage", nil, true, true},
		{"emailProtection", []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}, true, false},
		{"any", []x509.ExtKeyUsage{x509.ExtKeyUsageAny}, true, true},
		{"any after another", []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageAny}, true, true},
		{"another", []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, false, false},
	} {
		c := sign(t, entity{"Leaf", leafKey}, entity{"CA", 1}, asLeaf, func(c *x509.Certificate) { c.ExtKeyUsage = tt.usages })
		if mail, anything := c.AllowsExtended(EmailProtection), c.AllowsExtended(asn1.ObjectIdentifier{1, 2, 3}); mail != tt.mail || anything != tt.anything {
			t.Errorf("%s: allows emailProtection %t, 1.2.3 %t", tt.name, mail, anything)
		}
	}
}

// TestEmailConstraints holds which name constraints are said to be on addresses.
func TestEmailConstraints(t *testing.T) {
	c := sign(t, entity{"CA", 1}, rootEntity, constrainedTo(true,
		[]generalName{{nameDNS, "a.example"}, {nameEmail, "B.example"}, {nameEmail, ".c.example"}},
		[]generalName{{nameEmail, "User@d.example"}, {nameURI, "e.example"}}))
	permitted, excluded := c.EmailConstraints()
	if !slices.Equal(permitted, []string{"b.example", ".c.example"}) || !slices.Equal(excluded, []string{"User@d.example"}) {
		t.Errorf("permitted %q, excluded %q", permitted, excluded)
	}
	if permitted, excluded := sign(t, rootEntity, rootEntity).EmailConstraints(); permitted != nil || excluded != nil {
		t.Errorf("of a CA without any: permitted %q, excluded %q", permitted, excluded)
	}
}

// TestFacts holds the other answers against what crypto/x509 reads.
func TestFacts(t *testing.T) {
	policy := mustOID(2, 23, 140, 1, 5, 1, 2)
	c := sign(t, entity{"Leaf", leafKey}, entity{"CA", 1}, asLeaf, func(c *x509.Certificate) {
		c.EmailAddresses = []string{"User@example.com", "other@example.com"}
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection, x509.ExtKeyUsageClientAuth}
		c.UnknownExtKeyUsage = []asn1.ObjectIdentifier{{1, 3, 6, 1, 4, 1, 311, 20, 2, 2}}
		c.Policies = []x509.OID{policy}
	})
	read, err := c.X509()
	if err != nil {
		t.Fatal(err)
	}
	if usage, ok := c.KeyUsage(); !ok || usage != read.KeyUsage {
		t.Errorf("key usage %b", usage)
	}
	if got := c.ExtKeyUsages(); !slices.Equal(got, []string{"1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.2", "1.3.6.1.4.1.311.20.2.2"}) || UsageName(got[2]) != "Smart Card Logon" || UsageName("1.2.3") != "1.2.3" {
		t.Errorf("extended key usages %v", got)
	}
	if !c.AllowsExtended(EmailProtection) || c.AllowsExtended(serverAuth) {
		t.Error("extended key usage")
	}
	if got := c.Policies(); !slices.Equal(got, []string{policy.String()}) {
		t.Errorf("policies %v", got)
	}
	if got := c.Addresses(); !slices.Equal(got.RFC822, read.EmailAddresses) || !slices.Equal(c.Emails(), read.EmailAddresses) {
		t.Errorf("addresses %v", got)
	}
	if c.SignatureAlgorithm() != read.SignatureAlgorithm || c.CommonName() != read.Subject.CommonName {
		t.Errorf("%v, %q", c.SignatureAlgorithm(), c.CommonName())
	}
	if k := c.PublicKey(); k.String() != "EC P-256" || k.Bits != 256 {
		t.Errorf("key %+v", k)
	}
	none := new(Certificate)
	if none.PublicKey() != (PublicKey{}) || none.Policies() != nil || none.ExtKeyUsages() != nil || none.Emails() != nil || none.CommonName() != "" || none.SignatureHash() != 0 || none.SignatureScheme() != "" {
		t.Error("nothing says something")
	}
}

// TestKeyAlgorithm holds what the algorithm of a key is called that may be malformed.
func TestKeyAlgorithm(t *testing.T) {
	for spki, want := range map[string]string{
		"3009 3007 06052b8104000a":              "", // a curve is no algorithm
		"300f 300d 06092a864886f70d010101 0500": "RSA",
		"300d 300b 06092a864886f70d010101":      "RSA",
		"300b 3009 06072a8648ce3d0201":          "EC",
		"3007 3005 06032b6570":                  "Ed25519",
		"310f 300d 06092a864886f70d010101 0500": "",
		"300f 310d 06092a864886f70d010101 0500": "",
		"3000":                                  "",
		"":                                      "",
	} {
		if got := keyAlgorithm(octets(spki)); got != want {
			t.Errorf("%s: %q, want %q", spki, got, want)
		}
	}
}

// TestSignatureFacts holds what is told of the signature of a certificate, and of what is none.
func TestSignatureFacts(t *testing.T) {
	for name, tt := range map[string]struct {
		c         *Certificate
		algorithm x509.SignatureAlgorithm
		scheme    string
		hash      crypto.Hash
	}{
		"ECDSA": {sign(t, rootEntity, rootEntity), x509.ECDSAWithSHA256, "ECDSA-SHA256", crypto.SHA256},
		"text":  {ParseCertificate([]byte("text")), x509.UnknownSignatureAlgorithm, "", 0},
	} {
		if a, s, h := tt.c.SignatureAlgorithm(), tt.c.SignatureScheme(), tt.c.SignatureHash(); a != tt.algorithm || s != tt.scheme || h != tt.hash {
			t.Errorf("%s: %s, %q, %s", name, a, s, h)
		}
	}
}

// TestEndsOfPaths holds that a path without certificates has no ends.
func TestEndsOfPaths(t *testing.T) {
	a, b := new(Certificate), new(Certificate)
	for _, tt := range []struct {
		path         []*Certificate
		leaf, anchor *Certificate
	}{{nil, nil, nil}, {[]*Certificate{a}, a, a}, {[]*Certificate{a, b}, a, b}} {
		p := &Path{Certificates: tt.path}
		if p.Leaf() != tt.leaf || p.Anchor() != tt.anchor {
			t.Errorf("%d certificates: another leaf or anchor", len(tt.path))
		}
	}
}

// TestKnownStatus holds that what is good or revoked is known, and nothing else.
func TestKnownStatus(t *testing.T) {
	for s := range revocationEnd {
		if want := slices.Contains([]string{"good", "revoked"}, s.String()); s.Known() != want {
			t.Errorf("%s is known: %t", s, s.Known())
		}
	}
}
