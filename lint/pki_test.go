package lint_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"sync"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
	"github.com/smimechain/smimechain/sst"
)

// signer is a certificate with its key.
type signer struct {
	*x509.Certificate
	key crypto.Signer
}

// ecKey returns the key of a small fixed scalar.
func ecKey(curve elliptic.Curve, scalar byte) *ecdsa.PrivateKey {
	raw := make([]byte, (curve.Params().BitSize+7)/8)
	raw[len(raw)-1] = scalar
	k, err := ecdsa.ParseRawPrivateKey(curve, raw)
	if err != nil {
		panic(err)
	}
	return k
}

func edKey() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)) }

// rsaKey returns a key of a size; it is made once.
var rsaKey = func() func(bits int) *rsa.PrivateKey {
	var mu sync.Mutex
	keys := map[int]*rsa.PrivateKey{}
	return func(bits int) *rsa.PrivateKey {
		mu.Lock()
		defer mu.Unlock()
		if keys[bits] == nil {
			k, err := rsa.GenerateKey(rand.Reader, bits)
			if err != nil {
				panic(err)
			}
			keys[bits] = k
		}
		return keys[bits]
	}
}()

// change alters a template before it is signed.
type change func(*x509.Certificate)

func issue(parent *signer, key crypto.Signer, template *x509.Certificate, changes ...change) *signer {
	for _, c := range changes {
		c(template)
	}
	by := &signer{template, key}
	if parent != nil {
		by = parent
	}
	der, err := x509.CreateCertificate(nil, template, by.Certificate, key.Public(), by.key)
	if err != nil {
		panic(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return &signer{c, key}
}

// newCA issues to a CA; to itself when there is no parent.
func newCA(name string, parent *signer, key crypto.Signer, changes ...change) *signer {
	return issue(parent, key, &x509.Certificate{
		SerialNumber: big.NewInt(0x1000), Subject: pkix.Name{CommonName: name, Organization: []string{"Example Limited"}},
		NotBefore: today.AddDate(-5, 0, 0), NotAfter: today.AddDate(10, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}, changes...)
}

// newUser issues to a user whose certificate is good in every way.
func newUser(parent *signer, key crypto.Signer, changes ...change) *signer {
	usage := x509.KeyUsageDigitalSignature | x509.KeyUsageKeyAgreement
	if _, ok := key.(*rsa.PrivateKey); ok {
		usage = x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment
	}
	return issue(parent, key, &x509.Certificate{
		SerialNumber: big.NewInt(0x2000), Subject: pkix.Name{CommonName: "user@example.com"},
		NotBefore: today.AddDate(-1, 0, 0), NotAfter: today.AddDate(1, 0, 0),
		BasicConstraintsValid: true, KeyUsage: usage, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
		EmailAddresses:        []string{"user@example.com"},
		CRLDistributionPoints: []string{"http://crl.example.com/ca.crl"},
		IssuingCertificateURL: []string{"http://ca.example.com/ca.crt"},
	}, changes...)
}

// The PKI that most cases start from.
var (
	root    = sync.OnceValue(func() *signer { return newCA("Example Root", nil, ecKey(elliptic.P256(), 1)) })
	issuing = sync.OnceValue(func() *signer {
		return newCA("Example CA", root(), ecKey(elliptic.P256(), 2), email, func(c *x509.Certificate) { c.MaxPathLenZero = true })
	})
)

func user(changes ...change) *signer {
	return newUser(issuing(), ecKey(elliptic.P256(), 3), changes...)
}

// Changes that several cases need.

func email(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection} }

func usages(u ...x509.ExtKeyUsage) change { return func(c *x509.Certificate) { c.ExtKeyUsage = u } }

// smartCard is for mail and to log on to Windows with a smart card.
func smartCard(c *x509.Certificate) {
	email(c)
	c.UnknownExtKeyUsage = []asn1.ObjectIdentifier{{1, 3, 6, 1, 4, 1, 311, 20, 2, 2}}
}

func keyUsage(u x509.KeyUsage) change { return func(c *x509.Certificate) { c.KeyUsage = u } }

func addresses(a ...string) change { return func(c *x509.Certificate) { c.EmailAddresses = a } }

func policy(numbers ...uint64) change {
	oid, err := x509.OIDFromInts(numbers)
	if err != nil {
		panic(err)
	}
	return func(c *x509.Certificate) { c.Policies = []x509.OID{oid} }
}

func valid(from, to time.Time) change {
	return func(c *x509.Certificate) { c.NotBefore, c.NotAfter = from, to }
}

// subjectEmail puts addresses into the subject.
func subjectEmail(a ...string) change {
	return func(c *x509.Certificate) {
		for _, s := range a {
			c.Subject.ExtraNames = append(c.Subject.ExtraNames, pkix.AttributeTypeAndValue{
				Type: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}, Value: asn1.RawValue{Tag: asn1.TagIA5String, Bytes: []byte(s)},
			})
		}
	}
}

// utf8Mailbox makes a SmtpUTF8Mailbox the only name.
func utf8Mailbox(c *x509.Certificate) {
	c.EmailAddresses = nil
	type otherName struct {
		ID    asn1.ObjectIdentifier
		Value string `asn1:"tag:0,explicit,utf8"`
	}
	name, err := asn1.MarshalWithParams(otherName{asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 8, 9}, "用户@example.com"}, "tag:0")
	if err != nil {
		panic(err)
	}
	san, err := asn1.Marshal([]asn1.RawValue{{FullBytes: name}})
	if err != nil {
		panic(err)
	}
	c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 17}, Value: san})
}

// The forms in which certificates are given.

func parse(name string, data []byte, err error) *bundle.File {
	if err != nil {
		panic(err)
	}
	f, err := bundle.Parse(name, data)
	if err != nil {
		panic(err)
	}
	return f
}

// loose gives each certificate in a file of its own.
func loose(certs ...*signer) []*bundle.File {
	var files []*bundle.File
	for i, c := range certs {
		f := parse(string(rune('a'+i))+".cer", c.Raw, nil)
		f.Folder = "folder"
		files = append(files, f)
	}
	return files
}

func elements(certs []*signer) *sst.Store {
	s := sst.New()
	for _, c := range certs {
		s.Elements = append(s.Elements, sst.Element{Kind: sst.Certificate, Raw: c.Raw})
	}
	return s
}

func store(certs ...*signer) []*bundle.File { return storeOf(elements(certs)) }

func storeOf(s *sst.Store) []*bundle.File {
	data, err := s.Marshal()
	return []*bundle.File{parse("store.sst", data, err)}
}

func pemBundle(certs ...*signer) []*bundle.File {
	var data []byte
	for _, c := range certs {
		data = append(data, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return []*bundle.File{parse("bundle.pem", data, nil)}
}

func p7b(certs ...*signer) []*bundle.File {
	list := make([]*chain.Certificate, len(certs))
	for i, c := range certs {
		list[i] = chain.FromX509(c.Certificate)
	}
	data, err := pkcs7.New(list...).Marshal()
	return []*bundle.File{parse("bundle.p7b", data, err)}
}

// knows makes a catalogue that knows a root, and what programmes say of it:
// names of programmes and yes, no or a date, in turn.
func knows(ca *signer, says ...string) *catalog.Catalog {
	e := entryOf(ca)
	for i := 0; i < len(says); i += 2 {
		p := map[string]string{"trust": says[i+1]}
		if says[i+1] != "yes" && says[i+1] != "no" {
			p = map[string]string{"trust": "yes", "distrust_after": says[i+1]}
		}
		e[says[i]] = p
	}
	return catalogOf(map[string]any{"certificates": []any{e}})
}

// entryOf is what a catalogue knows of a root.
func entryOf(ca *signer) map[string]any {
	sum := sha256.Sum256(ca.Raw)
	return map[string]any{
		"kind": "root", "subject": ca.Subject.String(), "issuer": ca.Subject.String(), "sha256": hex.EncodeToString(sum[:]),
		"key_id": hex.EncodeToString(ca.SubjectKeyId), "issuer_key_id": hex.EncodeToString(ca.SubjectKeyId),
		"not_before": ca.NotBefore.Format(time.RFC3339), "not_after": ca.NotAfter.Format(time.RFC3339),
	}
}

// catalogOf makes a catalogue.
func catalogOf(file map[string]any) *catalog.Catalog {
	file["version"], file["source"], file["date"] = 1, "test", "2026-11-22"
	data, err := json.Marshal(file)
	if err != nil {
		panic(err)
	}
	c, err := catalog.Parse(data)
	if err != nil {
		panic(err)
	}
	return c
}

// disclosedCA makes a catalogue that knows a CA that another has issued.
func disclosedCA(ca *signer) *catalog.Catalog {
	e := entryOf(ca)
	e["kind"], e["issuer"] = "intermediate", ca.Issuer.String()
	return catalogOf(map[string]any{"certificates": []any{e}})
}

// revokes makes a catalogue that knows that a root was revoked.
func revokes(ca *signer, date string) *catalog.Catalog {
	e := entryOf(ca)
	e["revoked"] = map[string]string{"date": date, "reason": "It was.", "source": "its owner"}
	return catalogOf(map[string]any{"certificates": []any{e}})
}

// replaces makes a catalogue that knows that one root took the place of another.
func replaces(today, old *signer) *catalog.Catalog {
	return catalogOf(map[string]any{
		"certificates": []any{entryOf(today), entryOf(old)},
		"hierarchies": []any{map[string]any{
			"owner": "Example", "roots": []any{entryOf(today)["sha256"]}, "old": []any{entryOf(old)["sha256"]},
			"since": "2026-01-02", "source": "its owner", "date": "2026-01-02",
		}},
	})
}

// outcome runs one rule and returns the worst that it said.
func outcome(t *testing.T, rule string, files []*bundle.File, opts *lint.Options) lint.Status {
	t.Helper()
	r, ok := lint.FindRule(rule)
	if !ok {
		t.Fatalf("no rule %s", rule)
	}
	o := optionsFor(r, files, opts)
	o.Rules, o.ZLint = []lint.Rule{r}, []string{"none"}
	report := run(t, files, &o)
	var worst lint.Status
	for _, out := range report.Outcomes {
		worst = max(worst, out.Status)
	}
	for _, f := range report.Findings {
		if f.Status != r.Status() {
			t.Errorf("%s: a finding with the status %s", rule, f.Status)
		}
	}
	return worst
}

// optionsFor returns the options by which a case of a rule is judged.
func optionsFor(r lint.Rule, files []*bundle.File, opts *lint.Options) lint.Options {
	o := lint.Options{}
	if opts != nil {
		o = *opts
	}
	if o.Time.IsZero() {
		o.Time = today
	}
	if o.Targets == nil && len(r.Targets) > 0 {
		o.Targets = r.Targets[:1]
	}
	if o.Targets == nil {
		o.Targets = []lint.Target{lint.Windows}
		if files[0].Format == bundle.SST {
			o.Targets = []lint.Target{lint.ExchangeOnline}
		}
	}
	return o
}
