package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/zmap/zcrypto/verifier"
	zx509 "github.com/zmap/zcrypto/x509"
)

// mailbox is the address of the user of every mutant.
const mailbox = "user@example.com"

// mutant is a roll-out of a user's certificate, two CAs and a root, in which one thing
// was changed: one that breaks it, or one that does not.
type mutant struct {
	templates [4]*x509.Certificate // user, issuing CA, policy CA, root
	after     []func(*mutant)      // changes of the certificates that were made
	extra     []*x509.Certificate  // beside them in the bundle
	missing   int                  // number of the CA that is left out, 0 for none

	certs  [4]*x509.Certificate
	broken bool
}

// change is a kind of change. It gets a random place among those that it may be at.
type change struct {
	name   string
	broken bool
	places []int // 0 the user, 1 the issuing CA, 2 the policy CA
	do     func(m *mutant, place int, r *mathrand.Rand)
}

var (
	anyone = []int{0, 1, 2}
	cas    = []int{1, 2}
	user   = []int{0}
)

// unknownExtension is one that nobody knows, under an arc for documentation.
func unknownExtension(critical bool) pkix.Extension {
	return pkix.Extension{Id: asn1.ObjectIdentifier{2, 999, 1}, Critical: critical, Value: []byte{5, 0}}
}

// changes are those of RFC 5280, section 6.1, and of what a certificate for mail needs.
var changes = []change{
	{"it has expired", true, anyone, func(m *mutant, i int, r *mathrand.Rand) { m.templates[i].NotAfter = at.AddDate(0, 0, -1-r.IntN(300)) }},
	{"it is not valid yet", true, anyone, func(m *mutant, i int, r *mathrand.Rand) { m.templates[i].NotBefore = at.AddDate(0, 0, 1+r.IntN(300)) }},
	{"a bit of its signature is another", true, anyone, func(m *mutant, i int, r *mathrand.Rand) {
		m.after = append(m.after, func(m *mutant) {
			raw := bytes.Clone(m.certs[i].Raw)
			raw[len(raw)-1-r.IntN(16)] ^= 1 << r.IntN(8) // within s of the signature
			m.certs[i].Raw = raw
		})
	}},
	{"it is no CA", true, cas, func(m *mutant, i int, _ *mathrand.Rand) { m.templates[i].IsCA = false }},
	{"it may not sign certificates", true, cas, func(m *mutant, i int, _ *mathrand.Rand) { m.templates[i].KeyUsage = x509.KeyUsageCRLSign }},
	{"its path length is 0 above a CA", true, []int{2}, func(m *mutant, i int, _ *mathrand.Rand) { m.templates[i].MaxPathLenZero = true }},
	{"it permits other addresses", true, cas, func(m *mutant, i int, r *mathrand.Rand) {
		m.templates[i].PermittedEmailAddresses = []string{fmt.Sprintf("n%d.example.org", r.IntN(100))}
	}},
	{"it excludes the address", true, cas, func(m *mutant, i int, _ *mathrand.Rand) {
		m.templates[i].ExcludedEmailAddresses = []string{"example.com"}
	}},
	{"it is for servers alone", true, anyone, func(m *mutant, i int, _ *mathrand.Rand) {
		m.templates[i].ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}},
	{"it has a critical extension that nobody knows", true, anyone, func(m *mutant, i int, _ *mathrand.Rand) {
		m.templates[i].ExtraExtensions = []pkix.Extension{unknownExtension(true)}
	}},
	{"it is left out", true, cas, func(m *mutant, i int, _ *mathrand.Rand) { m.missing = i }},
	{"another CA of its name stands for it", true, cas, func(m *mutant, i int, r *mathrand.Rand) {
		m.after = append(m.after, func(m *mutant) { m.certs[i] = m.impostor(i, r) })
	}},
	{"it is for another address", true, user, func(m *mutant, i int, r *mathrand.Rand) {
		m.templates[i].EmailAddresses = []string{fmt.Sprintf("user%d@example.com", r.IntN(100))}
	}},
	{"another serial number", false, anyone, func(m *mutant, i int, r *mathrand.Rand) {
		m.templates[i].SerialNumber = new(big.Int).SetUint64(r.Uint64() | 1<<63)
	}},
	{"another extension that nobody knows", false, anyone, func(m *mutant, i int, _ *mathrand.Rand) {
		m.templates[i].ExtraExtensions = []pkix.Extension{unknownExtension(false)}
	}},
	{"a path length that is enough", false, cas, func(m *mutant, i int, r *mathrand.Rand) { m.templates[i].MaxPathLen = i + r.IntN(5) }},
	{"it permits the address", false, cas, func(m *mutant, i int, _ *mathrand.Rand) {
		m.templates[i].PermittedEmailAddresses = []string{"example.com"}
	}},
	{"it excludes another address", false, cas, func(m *mutant, i int, _ *mathrand.Rand) {
		m.templates[i].ExcludedEmailAddresses = []string{"example.org"}
	}},
	{"it is for mail and servers", false, cas, func(m *mutant, i int, _ *mathrand.Rand) {
		m.templates[i].ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageEmailProtection}
	}},
	{"another CA of its name beside it", false, cas, func(m *mutant, i int, r *mathrand.Rand) {
		m.after = append(m.after, func(m *mutant) { m.extra = append(m.extra, m.impostor(i, r)) })
	}},
	{"it is there twice", false, cas, func(m *mutant, i int, _ *mathrand.Rand) {
		m.after = append(m.after, func(m *mutant) { m.extra = append(m.extra, m.certs[i]) })
	}},
	{"a second address", false, user, func(m *mutant, i int, r *mathrand.Rand) {
		m.templates[i].EmailAddresses = append(m.templates[i].EmailAddresses, fmt.Sprintf("other%d@example.com", r.IntN(100)))
	}},
	{"a longer time", false, anyone, func(m *mutant, i int, r *mathrand.Rand) {
		m.templates[i].NotAfter = m.templates[i].NotAfter.AddDate(0, 0, -r.IntN(200))
	}},
	{"nothing", false, user, func(*mutant, int, *mathrand.Rand) {}},
}

// members are those of every mutant, under fixed keys.
func members() (list [4]authority, err error) {
	for i, name := range []string{"User", "Issuing CA", "Policy CA", "Root CA"} {
		if list[i], err = fixedAuthority(name, byte(100+i)); err != nil {
			return list, err
		}
	}
	return list, nil
}

// newMutant makes one: the kinds of changes take turns.
func newMutant(number int) (*mutant, error) {
	r := mathrand.New(mathrand.NewPCG(28, uint64(number)))
	c := changes[number%len(changes)]
	m := &mutant{broken: c.broken}
	all, err := members()
	if err != nil {
		return nil, err
	}
	for i := range all {
		m.templates[i] = template(all[i], all[min(i+1, 3)], int64(number+1), i == 0)
	}
	c.do(m, c.places[r.IntN(len(c.places))], r)
	for i := range all {
		if m.certs[i], err = sign(m.templates[i], all[i], all[min(i+1, 3)]); err != nil {
			return nil, fmt.Errorf("mutant %d, %s: %w", number, c.name, err)
		}
	}
	for _, f := range m.after {
		f(m)
	}
	return m, nil
}

// impostor has the name and key identifier of a CA, and another key.
func (m *mutant) impostor(i int, r *mathrand.Rand) *x509.Certificate {
	other, err := fixedAuthority("Policy CA", byte(r.IntN(100)))
	if i == 2 {
		other.name = "Root CA"
	}
	var c *x509.Certificate
	if err == nil {
		c, err = sign(m.templates[i], other, other)
	}
	if err != nil {
		panic(err) // the same template was signed before, and the key is a small number
	}
	return c
}

// between are the CAs of the bundle.
func (m *mutant) between() []*x509.Certificate {
	var list []*x509.Certificate
	for _, i := range cas {
		if i != m.missing {
			list = append(list, m.certs[i])
		}
	}
	return append(list, m.extra...)
}

// lies asks each about all mutants: who calls one good that is broken, and the reverse.
func (s *settings) lies() error {
	question := fmt.Sprintf("tells whether each of %d changed roll-outs works", s.sizes.mutants)
	peers := []struct {
		who, remark string
		good        func(*mutant) (good, sure bool)
	}{
		{us, "the verdict for Windows, with the user's address; it says unknown", (*mutant).ours},
		{"crypto/x509", "asked for emailProtection; it takes no address; it leaves open", (*mutant).crypto},
		{"zcrypto", "it takes no address and no purpose; it leaves open", (*mutant).zcrypto},
		{"openssl", "verify -purpose smimesign -verify_email; it leaves open", s.opensslMail},
	}
	type score struct{ lies, wrong, open int }
	scores := make([]score, len(peers))
	broken := 0
	for n := range s.sizes.mutants {
		m, err := newMutant(n)
		if err != nil {
			return err
		}
		broken += count(m.broken)
		for i, peer := range peers {
			if peer.who == "openssl" && s.absent("openssl") != "" {
				continue
			}
			good, sure := peer.good(m)
			scores[i].open += count(!sure)
			scores[i].lies += count(sure && good && m.broken)
			scores[i].wrong += count(sure && !good && !m.broken)
		}
	}
	for i, peer := range peers {
		if why := s.absent("openssl"); peer.who == "openssl" && why != "" {
			s.answer(question, peer.who, "not asked", "%s", why)
			continue
		}
		c := scores[i]
		s.answer(question, peer.who, strconv.Itoa(s.sizes.mutants-c.lies-c.wrong-c.open), "calls %d of %d broken ones good and %d of %d good ones broken; %s %d", c.lies, broken, c.wrong, s.sizes.mutants-broken, peer.remark, c.open)
	}
	return nil
}

func (m *mutant) ours() (good, sure bool) {
	file, err := bundle.Parse("roll-out.pem", blocks(append([]*x509.Certificate{m.certs[0]}, m.between()...)...))
	if err != nil {
		return false, false
	}
	root, err := bundle.Parse("root.pem", blocks(m.certs[3]))
	if err != nil {
		return false, false
	}
	r, err := lint.Run(context.Background(), []*bundle.File{file}, &lint.Options{
		Time: at, Targets: []lint.Target{lint.Windows}, Roots: []*bundle.File{root}, ZLint: []string{"none"}, Workers: 1,
		Facts: &lint.Facts{PrimarySMTP: mailbox, Purposes: []chain.Usage{chain.Sign}},
	})
	if err != nil {
		return false, false
	}
	sum := fmt.Sprintf("%x", chain.ParseCertificate(m.certs[0].Raw).SHA256())
	for i := range r.Subjects {
		if v := &r.Subjects[i]; v.Subject.SHA256 == sum {
			return v.Status == lint.Works, v.Status != lint.Unknown
		}
	}
	return false, false
}

func (m *mutant) crypto() (good, sure bool) {
	o := x509.VerifyOptions{Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(), CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}}
	o.Roots.AddCert(m.certs[3])
	for _, c := range m.between() {
		p, err := x509.ParseCertificate(c.Raw)
		if err != nil {
			return false, false
		}
		o.Intermediates.AddCert(p)
	}
	leaf, err := x509.ParseCertificate(m.certs[0].Raw)
	if err != nil {
		return false, false
	}
	_, err = leaf.Verify(o)
	return err == nil, true
}

func (m *mutant) zcrypto() (good, sure bool) {
	g := verifier.NewGraph()
	var leaf *zx509.Certificate
	for i, c := range append([]*x509.Certificate{m.certs[0], m.certs[3]}, m.between()...) {
		p, err := zx509.ParseCertificate(c.Raw)
		switch {
		case err != nil:
			return false, false
		case i == 0:
			leaf = p
		case i == 1:
			g.AddRoot(p)
		default:
			g.AddCert(p)
		}
	}
	r := verifier.NewVerifier(g, nil).Verify(leaf, verifier.VerificationOptions{VerifyTime: at})
	return r.HasTrustedChain(), true
}

func (s *settings) opensslMail(m *mutant) (good, sure bool) {
	for name, certs := range map[string][]*x509.Certificate{"user.pem": m.certs[:1], "between.pem": m.between(), "root.pem": m.certs[3:]} {
		if err := os.WriteFile(filepath.Join(s.temp, name), blocks(certs...), 0o600); err != nil {
			return false, false
		}
	}
	cmd := exec.Command("openssl", "verify", "-no-CApath", "-no-CAstore", "-purpose", "smimesign", "-verify_email", mailbox,
		"-attime", fmt.Sprint(at.Unix()), "-CAfile", "root.pem", "-untrusted", "between.pem", "user.pem")
	cmd.Dir = s.temp
	err := cmd.Run()
	_, no := errors.AsType[*exec.ExitError](err)
	return err == nil, err == nil || no
}

// blocks writes certificates as PEM.
func blocks(certs ...*x509.Certificate) []byte {
	var b bytes.Buffer
	for _, c := range certs {
		b.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
	}
	return b.Bytes()
}
