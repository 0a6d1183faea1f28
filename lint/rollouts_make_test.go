package lint_test

import (
	"crypto"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
)

// rollOutSeed is the seed of every generated roll-out; the number of the case is the
// other half.
const rollOutSeed = 28

// rollOut is a generated roll-out: CAs of some shape, one user, and the files in which
// they are given.
type rollOut struct {
	number uint64
	what   []string // was done to it
	leaf   *signer
	cas    []*signer // that are given, whatever the file
	given  givenForm
}

// maker makes a roll-out by what a generator of random numbers says.
type maker struct {
	*rand.Rand
	*rollOut
	serial int64
	keys   byte
	form   int      // of [maker.give]
	who    []change // of another user than the usual one
}

// in reports true once in n times.
func (m *maker) in(n int) bool { return m.IntN(n) == 0 }

func (m *maker) did(format string, args ...any) {
	m.what = append(m.what, fmt.Sprintf(format, args...))
}

// newRollOut makes the roll-out of a number, always one of the same shape.
func newRollOut(number uint64, who ...change) *rollOut {
	m := &maker{Rand: rand.New(rand.NewPCG(rollOutSeed, number)), rollOut: &rollOut{number: number}, who: who}
	m.form = m.IntN(forms)
	m.user(m.hierarchy())
	m.remove()
	m.give()
	m.lists()
	return m.rollOut
}

// entity is a CA: a name, a key, and its certificate by which others are issued.
type entity struct {
	head *signer
	root bool
}

// newKey returns a key of a kind that every program knows. Only keys of one case have
// to differ.
func (m *maker) newKey() crypto.Signer {
	m.keys++
	switch {
	case m.in(12):
		return ecKey(elliptic.P384(), 20+m.keys)
	case m.keys == 1 && m.in(4):
		return rsaKey(2048)
	default:
		return ecKey(elliptic.P256(), 20+m.keys)
	}
}

// name returns a name that no other case has, so that a judge can be asked about many
// cases at once.
func (m *maker) name(kind string, i int) string {
	return fmt.Sprintf("%s %d of case %d", kind, i, m.number)
}

// hierarchy makes the CAs.
func (m *maker) hierarchy() []*entity {
	var all []*entity
	for i := range 1 + m.IntN(2) {
		name := m.name("Root", i)
		e := &entity{root: true}
		key := m.newKey()
		e.head = m.ca(name, nil, key)
		switch {
		case m.in(8):
			m.did("%s renewed with the same key", name)
			m.ca(name, nil, key)
		case m.in(10):
			m.did("%s renewed with a new key", name)
			old := e.head
			e.head = m.ca(name, nil, m.newKey())
			if m.in(2) { // RFC 4210, Section 4.4: the new one certified with the old one
				m.did("new with old")
				m.ca(name, old, e.head.key)
			}
		}
		all = append(all, e)
	}
	if len(all) > 1 && m.in(3) {
		m.did("root cross-signed")
		m.ca(all[0].head.Subject.CommonName, all[1].head, all[0].head.key)
	}
	for i := range m.IntN(5) {
		name := m.name("Sub", i)
		key := m.newKey()
		parent := all[m.IntN(len(all))]
		e := &entity{head: m.ca(name, m.forge(parent.head, name), key)}
		switch m.IntN(12) {
		case 0, 1, 2:
			m.did("%s certified by another CA too", name)
			m.ca(name, m.forge(all[m.IntN(len(all))].head, name), key)
		case 3:
			m.did("%s renewed with the same key", name)
			m.ca(name, parent.head, key)
		case 4:
			m.did("%s renewed with a new key", name)
			e.head = m.ca(name, parent.head, m.newKey())
		}
		all = append(all, e)
	}
	if subs := slices.DeleteFunc(slices.Clone(all), func(e *entity) bool { return e.root }); len(subs) > 1 && m.in(8) {
		m.did("cycle")
		m.ca(subs[0].head.Subject.CommonName, subs[len(subs)-1].head, subs[0].head.key)
	}
	return all
}

// forge may put another CA of the same name in the place of the one that signs.
func (m *maker) forge(parent *signer, whose string) *signer {
	if !m.in(25) {
		return parent
	}
	m.did("%s forged", whose)
	other := ecKey(elliptic.P256(), 200)
	template := *parent.Certificate
	template.PublicKey = other.Public()
	return &signer{&template, other}
}

// ca issues to a CA and keeps the certificate.
func (m *maker) ca(name string, parent *signer, key crypto.Signer) *signer {
	m.serial++
	own := m.serial
	changes := []change{
		func(c *x509.Certificate) { c.SerialNumber = big.NewInt(own) },
		func(c *x509.Certificate) { c.IssuingCertificateURL = []string{"http://ca.example.com/ca.crt"} },
	}
	if m.in(7) {
		s := spoiledCA[m.IntN(len(spoiledCA))]
		m.did("%s %s", name, s.what)
		changes = append(changes, s.do)
	}
	c := newCA(name, m.spelled(parent, name), key, changes...)
	m.cas = append(m.cas, c)
	return c
}

// spelled may write the name of an issuer in another way that means the same (RFC 5280,
// Section 7.1).
func (m *maker) spelled(parent *signer, whose string) *signer {
	if parent == nil || !m.in(20) {
		return parent
	}
	m.did("%s spells its issuer otherwise", whose)
	set := func(tag int, values ...string) []pkix.AttributeTypeAndValue {
		var list []pkix.AttributeTypeAndValue
		for i, v := range values {
			list = append(list, pkix.AttributeTypeAndValue{Type: asn1.ObjectIdentifier{2, 5, 4, []int{10, 3}[i]}, Value: asn1.RawValue{Tag: tag, Bytes: []byte(v)}})
		}
		return list
	}
	name := pkix.RDNSequence{}
	for _, a := range set(asn1.TagUTF8String, "example  limited", parent.Subject.CommonName) {
		name = append(name, []pkix.AttributeTypeAndValue{a})
	}
	template := *parent.Certificate
	template.RawSubject = must(asn1.Marshal(name)).FullBytes
	return &signer{&template, parent.key}
}

// spoil is something done to a certificate.
type spoil struct {
	what string
	do   change
}

func permittedDirectory(organization string) change {
	return func(c *x509.Certificate) {
		base := must(asn1.Marshal(pkix.Name{Organization: []string{organization}}.ToRDNSequence()))
		name := asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 4, IsCompound: true, Bytes: base.FullBytes}
		subtree := must(asn1.Marshal([]asn1.RawValue{name})).FullBytes
		permitted := asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: subtree}
		c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{
			Id: asn1.ObjectIdentifier{2, 5, 29, 30}, Critical: true, Value: must(asn1.Marshal([]asn1.RawValue{permitted})).FullBytes,
		})
	}
}

var (
	expiredCert = spoil{"expired", valid(today.AddDate(-3, 0, 0), today.AddDate(-1, 0, 0))}
	earlyCert   = spoil{"not valid yet", valid(today.AddDate(0, 1, 0), today.AddDate(2, 0, 0))}
	unknownCrit = spoil{"has an unknown critical extension", func(c *x509.Certificate) {
		c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}})
	}}
	forServers = spoil{"for servers", usages(x509.ExtKeyUsageServerAuth)}
)

// spoiledCA is what may be done to the certificate of a CA; not all of it is a fault.
var spoiledCA = []spoil{
	expiredCert, expiredCert, earlyCert, unknownCrit, forServers,
	{"for anything", usages(x509.ExtKeyUsageAny)},
	{"for mail and servers", usages(x509.ExtKeyUsageEmailProtection, x509.ExtKeyUsageServerAuth)},
	{"no CA", func(c *x509.Certificate) { c.IsCA, c.KeyUsage = false, x509.KeyUsageDigitalSignature }},
	{"may not issue", keyUsage(x509.KeyUsageCRLSign)},
	{"without a key usage", keyUsage(0)},
	{"last CA", func(c *x509.Certificate) { c.MaxPathLen, c.MaxPathLenZero = 0, true }},
	{"last CA but one", func(c *x509.Certificate) { c.MaxPathLen = 1 }},
	{"for example.org", func(c *x509.Certificate) { c.PermittedEmailAddresses = []string{"example.org"} }},
	{"for example.com", func(c *x509.Certificate) { c.PermittedEmailAddresses = []string{"example.com"} }},
	{"for below example.com", func(c *x509.Certificate) { c.PermittedEmailAddresses = []string{".example.com"} }},
	{"for one mailbox", func(c *x509.Certificate) { c.PermittedEmailAddresses = []string{"user@example.com"} }},
	{"not for example.com", func(c *x509.Certificate) { c.ExcludedEmailAddresses = []string{"example.com"} }},
	{"not for example.org", func(c *x509.Certificate) { c.ExcludedEmailAddresses = []string{"example.org"} }},
	{"for the directory of Example Limited", permittedDirectory("Example Limited")},
	{"for the directory of others", permittedDirectory("Others")},
	{"no address to fetch from", func(c *x509.Certificate) { c.IssuingCertificateURL = nil }},
	{"other key identifier of the issuer", func(c *x509.Certificate) { c.AuthorityKeyId = []byte{9, 9, 9} }},
	{"no key identifier", func(c *x509.Certificate) { c.SubjectKeyId = []byte{} }},
}

// user issues to the user.
func (m *maker) user(entities []*entity) {
	parent := entities[len(entities)-1].head
	if m.in(4) {
		parent = entities[m.IntN(len(entities))].head
	}
	var key crypto.Signer = ecKey(elliptic.P256(), byte(3+len(m.who)))
	if m.form%mailForm != mailForm-1 && m.in(3) { // signature signs with an elliptic key
		key = rsaKey(2048)
	}
	changes := slices.Clone(m.who)
	if m.in(5) {
		s := spoiledUser[m.IntN(len(spoiledUser))]
		m.did("leaf %s", s.what)
		if s.what == "has a small key" && m.form%mailForm != mailForm-1 {
			key = rsaKey(1024)
		}
		changes = append(changes, s.do)
	}
	m.leaf = newUser(m.spelled(m.forge(parent, "leaf"), "leaf"), key, changes...)
}

// spoiledUser is what may be done to the certificate of the user.
var spoiledUser = []spoil{
	expiredCert, earlyCert, unknownCrit, forServers,
	{"without an extended key usage", usages()},
	{"for anything", usages(x509.ExtKeyUsageAny)},
	{"signs alone", keyUsage(x509.KeyUsageDigitalSignature)},
	{"is for non-repudiation alone", keyUsage(x509.KeyUsageContentCommitment)},
	{"encrypts alone", func(c *x509.Certificate) { c.KeyUsage &^= x509.KeyUsageDigitalSignature }},
	{"may sign lists alone", keyUsage(x509.KeyUsageCRLSign)},
	{"without a key usage", keyUsage(0)},
	{"has a small key", func(*x509.Certificate) {}},
	{"has no address", addresses()},
	{"has another address", addresses("other@example.com")},
	{"has another address first", addresses("other@example.com", "user@example.com")},
	{"has its address in capitals", addresses("User@Example.COM")},
	{"has its address in the subject alone", func(c *x509.Certificate) { addresses()(c); subjectEmail("user@example.com")(c) }},
	{"is of Example Limited", func(c *x509.Certificate) { c.Subject.Organization = []string{"Example Limited"} }},
	{"no address to fetch from", func(c *x509.Certificate) { c.IssuingCertificateURL = nil }},
	{"other key identifier of the issuer", func(c *x509.Certificate) { c.AuthorityKeyId = []byte{9, 9, 9} }},
}

// remove takes CAs away, and may shuffle what is left.
func (m *maker) remove() {
	for len(m.cas) > 1 && m.in(4) {
		i := m.IntN(len(m.cas))
		m.did("without certificate %s of %s", m.cas[i].SerialNumber, m.cas[i].Subject.CommonName)
		m.cas = slices.Delete(m.cas, i, i+1)
	}
	if m.in(8) {
		m.did("stranger")
		m.cas = append(m.cas, newCA(m.name("Stranger", 0), nil, ecKey(elliptic.P256(), 150)))
	}
	m.Shuffle(len(m.cas), func(i, j int) { m.cas[i], m.cas[j] = m.cas[j], m.cas[i] })
}
