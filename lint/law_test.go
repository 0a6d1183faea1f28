package lint_test

import (
	"bytes"
	"context"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/testdata/outside"
)

// lawCases is how many cases each law is held to: fewer where a plain clone is tested.
var lawCases = func() int {
	if outside.Required() {
		return 2000
	}
	return 300
}()

// pki is a generated case: a certificate of a user, and CAs, any of which may be
// broken or missing.
type pki struct {
	leaf *signer
	cas  []*signer
	what []string // was done to it
}

// generate makes the case of a number, always the same one.
func generate(number uint64) *pki {
	r := rand.New(rand.NewPCG(18, number))
	p := new(pki)
	serial := int64(1)
	spoil := func(name string, ca bool) []change {
		serial++
		own := serial
		list := []change{func(c *x509.Certificate) { c.SerialNumber = big.NewInt(own) }}
		if r.IntN(5) > 0 {
			return list
		}
		kinds := []struct {
			what string
			do   change
		}{
			{"expired", valid(today.AddDate(-3, 0, 0), today.AddDate(-1, 0, 0))},
			{"for servers", usages(x509.ExtKeyUsageServerAuth)},
			{"unknown critical extension", func(c *x509.Certificate) {
				c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}})
			}},
			{"no CA", func(c *x509.Certificate) { c.IsCA, c.KeyUsage = false, x509.KeyUsageDigitalSignature }},
			{"may not issue", keyUsage(x509.KeyUsageCRLSign)},
			{"last CA", func(c *x509.Certificate) { c.MaxPathLen, c.MaxPathLenZero = 0, true }},
			{"for example.org", func(c *x509.Certificate) { c.PermittedEmailAddresses = []string{"example.org"} }},
			{"not for example.com", func(c *x509.Certificate) { c.ExcludedEmailAddresses = []string{"example.com"} }},
			{"no address to fetch from", func(c *x509.Certificate) { c.IssuingCertificateURL = nil }},
		}
		if !ca {
			kinds = kinds[:3]
		}
		k := kinds[r.IntN(len(kinds))]
		p.what = append(p.what, name+" "+k.what)
		return append(list, k.do)
	}
	// forge may replace the signature by that of another key under the same name.
	forge := func(parent *signer, name string) *signer {
		if r.IntN(12) > 0 {
			return parent
		}
		p.what = append(p.what, name+" forged")
		other := ecKey(elliptic.P256(), 200)
		template := *parent.Certificate
		template.PublicKey = other.Public()
		return &signer{&template, other}
	}
	var heads []*signer // one certificate of each CA, with its key
	roots, subs := 1+r.IntN(2), 1+r.IntN(4)
	for i := range roots {
		name := fmt.Sprintf("Root %d", i)
		c := newCA(name, nil, ecKey(elliptic.P256(), byte(10+i)), spoil(name, true)...)
		heads, p.cas = append(heads, c), append(p.cas, c)
	}
	for i := range subs {
		name := fmt.Sprintf("Sub %d", i)
		key := ecKey(elliptic.P256(), byte(20+i))
		var head *signer
		for range 1 + r.IntN(2) {
			parent := heads[r.IntN(len(heads))]
			head = newCA(name, forge(parent, name), key, spoil(name, true)...)
			p.cas = append(p.cas, head)
		}
		heads = append(heads, head)
	}
	if r.IntN(6) == 0 && subs > 1 { // CAs that certify each other
		a, b := heads[roots], heads[len(heads)-1]
		p.what = append(p.what, "cycle")
		p.cas = append(p.cas, newCA(a.Subject.CommonName, b, a.key, func(c *x509.Certificate) { c.SerialNumber = big.NewInt(900) }))
	}
	parent := heads[roots+r.IntN(subs)]
	p.leaf = newUser(forge(parent, "leaf"), ecKey(elliptic.P256(), 3), spoil("leaf", false)...)
	for len(p.cas) > 1 && r.IntN(3) == 0 {
		i := r.IntN(len(p.cas))
		p.what = append(p.what, "without "+p.cas[i].Subject.CommonName)
		p.cas = slices.Delete(p.cas, i, i+1)
	}
	return p
}

// stale reports whether something has expired.
func (p *pki) stale() bool {
	return slices.ContainsFunc(append(slices.Clone(p.cas), p.leaf), func(s *signer) bool { return today.After(s.NotAfter) })
}

// paths returns every simple path from the leaf to a self-signed certificate, going
// by names.
func (p *pki) paths() [][]*signer {
	var all [][]*signer
	var walk func(path []*signer)
	walk = func(path []*signer) {
		last := path[len(path)-1]
		for _, c := range p.cas {
			if !bytes.Equal(c.RawSubject, last.RawIssuer) || slices.Contains(path, c) {
				continue
			}
			next := append(slices.Clone(path), c)
			if bytes.Equal(c.RawSubject, c.RawIssuer) {
				all = append(all, next)
			} else {
				walk(next)
			}
		}
	}
	walk([]*signer{p.leaf})
	return all
}

func pemOf(certs ...*signer) []byte {
	var data []byte
	for _, c := range certs {
		data = append(data, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return data
}

// accepted asks OpenSSL about each path by itself, as it does not look for all.
func (p *pki) accepted(t *testing.T, openssl, dir string) bool {
	t.Helper()
	write := func(name string, data []byte) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Error(err)
		}
		return name
	}
	leaf := write("leaf.pem", pemOf(p.leaf))
	for _, path := range p.paths() {
		args := []string{"verify", "-purpose", "smimesign", "-auth_level", "1", "-attime", fmt.Sprint(today.Unix()),
			"-no-CAfile", "-no-CApath", "-no-CAstore", "-trusted", write("root.pem", pemOf(path[len(path)-1]))}
		if len(path) > 2 {
			args = append(args, "-untrusted", write("between.pem", pemOf(path[1:len(path)-1]...)))
		}
		if exec.CommandContext(t.Context(), openssl, append(args, leaf)...).Run() == nil {
			return true
		}
	}
	return false
}

func (p *pki) roots() []*bundle.File {
	var list []*signer
	for _, c := range p.cas {
		if bytes.Equal(c.RawSubject, c.RawIssuer) {
			list = append(list, c)
		}
	}
	return loose(list...)
}

// leafStatus returns the verdict about the leaf.
func leafStatus(r *lint.Report) lint.VerdictStatus {
	for i := range r.Subjects {
		if r.Subjects[i].Subject.Kind == "certificate" {
			return r.Subjects[i].Status
		}
	}
	return ""
}

// judgeLeaf judges the leaf in a bundle for Windows, its roots rolled out, and beside
// a store for Exchange Online.
func (p *pki) judgeLeaf() (inBundle, besideStore *lint.Report, err error) {
	if inBundle, err = lint.Run(context.Background(), pemBundle(append([]*signer{p.leaf}, p.cas...)...),
		&lint.Options{Time: today, Targets: []lint.Target{lint.Windows}, Roots: p.roots(), ZLint: []string{"none"}, Workers: 1}); err != nil {
		return nil, nil, err
	}
	besideStore, err = lint.Run(context.Background(), append(store(p.cas...), loose(p.leaf)...),
		&lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, ZLint: []string{"none"}, Workers: 1})
	return inBundle, besideStore, err
}

// eachCase calls f for each generated case, two at a time.
func eachCase(t *testing.T, f func(number uint64, p *pki, dir string)) {
	t.Helper()
	outside.SkipUnderRace(t)
	var group sync.WaitGroup
	const workers = 2
	for w := range workers {
		dir := t.TempDir()
		group.Go(func() {
			for n := w; n < lawCases; n += workers {
				f(uint64(n), generate(uint64(n)), dir)
			}
		})
	}
	group.Wait()
}

// TestLawOpenSSL holds that nothing works for which OpenSSL accepts no path, that
// nothing fails for which it accepts one, and that unknown is no refuge.
func TestLawOpenSSL(t *testing.T) {
	outside.AtLength(t, "runs OpenSSL some thousand times")
	openssl := outside.Program(t, "openssl", "openssl")
	var mu sync.Mutex
	count := map[string]int{}
	eachCase(t, func(number uint64, p *pki, dir string) {
		good := p.accepted(t, openssl, dir)
		inBundle, beside, err := p.judgeLeaf()
		if err != nil {
			t.Errorf("case %d: %v", number, err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		for form, r := range map[string]*lint.Report{"bundle": inBundle, "store": beside} {
			status := leafStatus(r)
			switch {
			case status == lint.Works && !good:
				count[form+" lies"]++
				t.Errorf("case %d, %s: works, and OpenSSL accepts no path: %s", number, form, strings.Join(p.what, ", "))
			case status == lint.Fails && good:
				count[form+" false fails"]++
				t.Errorf("case %d, %s: fails, and OpenSSL accepts a path: %s", number, form, strings.Join(p.what, ", "))
			}
			if good && !p.stale() {
				count[form+" good and current"]++
				if status == lint.Works {
					count[form+" of these works"]++
				}
			}
			count[form+" "+string(status)]++
		}
	})
	t.Logf("%v", count)
	for _, form := range []string{"bundle", "store"} {
		if good := count[form+" good and current"]; good < lawCases/5 || count[form+" of these works"] < good*95/100 {
			t.Errorf("%s: of %d that OpenSSL accepts and in which nothing is stale, %d work", form, good, count[form+" of these works"])
		}
	}
}

// TestLawTaking holds that taking a certificate away turns unknown into works never,
// and fails into works only where it was the reason.
func TestLawTaking(t *testing.T) {
	outside.AtLength(t, "judges some ten thousand bundles")
	turned := 0
	var mu sync.Mutex
	eachCase(t, func(number uint64, p *pki, _ string) {
		before, beforeStore, err := p.judgeLeaf()
		if err != nil {
			t.Errorf("case %d: %v", number, err)
			return
		}
		for i, gone := range p.cas {
			less := &pki{leaf: p.leaf, cas: slices.Delete(slices.Clone(p.cas), i, i+1)}
			if len(less.cas) == 0 {
				continue
			}
			after, afterStore, err := less.judgeLeaf()
			if err != nil {
				t.Errorf("case %d: %v", number, err)
				return
			}
			for form, pair := range map[string][2]*lint.Report{"bundle": {before, after}, "store": {beforeStore, afterStore}} {
				was, is := leafStatus(pair[0]), leafStatus(pair[1])
				if is != lint.Works || was == lint.Works {
					continue
				}
				named := slices.ContainsFunc(pair[0].Findings, func(f lint.Finding) bool { return f.Subject == gone.Subject.String() })
				if was == lint.Unknown || !named {
					t.Errorf("case %d, %s: without %s %s turns into works: %s", number, form, gone.Subject, was, strings.Join(p.what, ", "))
				}
				mu.Lock()
				turned++
				mu.Unlock()
			}
		}
	})
	t.Logf("%d times fails turned into works", turned)
}

// TestLawOrder holds that the order of what is given changes no verdict, and that what
// fails does so because of something.
func TestLawOrder(t *testing.T) {
	outside.AtLength(t, "judges some thousand bundles")
	eachCase(t, func(number uint64, p *pki, _ string) {
		r := rand.New(rand.NewPCG(19, number))
		other := &pki{leaf: p.leaf, cas: slices.Clone(p.cas)}
		r.Shuffle(len(other.cas), func(i, j int) { other.cas[i], other.cas[j] = other.cas[j], other.cas[i] })
		a, aStore, err := p.judgeLeaf()
		if err != nil {
			t.Errorf("case %d: %v", number, err)
			return
		}
		b, bStore, err := other.judgeLeaf()
		if err != nil {
			t.Errorf("case %d: %v", number, err)
			return
		}
		for form, pair := range map[string][2]*lint.Report{"bundle": {a, b}, "store": {aStore, bStore}} {
			if was, is := leafStatus(pair[0]), leafStatus(pair[1]); was != is {
				t.Errorf("case %d, %s: %s, and in another order %s: %s", number, form, was, is, strings.Join(p.what, ", "))
			}
			for _, v := range pair[0].Subjects {
				if v.Status == lint.Fails && len(v.Because) == 0 {
					t.Errorf("case %d, %s: %s fails because of nothing: %s: %s", number, form, v.Subject.Name, strings.Join(p.what, ", "), failing(&v))
				}
			}
			if was, is := pair[0].Verdicts[0].Status, pair[1].Verdicts[0].Status; was != is {
				t.Errorf("case %d, %s, as a whole: %s, and in another order %s: %s", number, form, was, is, strings.Join(p.what, ", "))
			}
		}
	})
}

// TestLawProfile holds that CAs are judged alike, and for the same reasons, in a list and in a profile or objects of
// Microsoft Graph, and in a store and in settings that hold it. Certificates of users are
// judged in a list alone.
func TestLawProfile(t *testing.T) {
	judge := func(files []*bundle.File, target lint.Target) (status lint.VerdictStatus, because, missing string) {
		r, err := lint.Run(context.Background(), files, &lint.Options{Time: today, Targets: []lint.Target{target}, ZLint: []string{"none"}, Workers: 1})
		if err != nil {
			t.Error(err)
			return "", "", ""
		}
		var names []string
		for _, m := range r.Missing {
			names = append(names, m.Subject)
		}
		slices.Sort(names)
		return r.Verdict(target).Status, fmt.Sprint(r.Verdict(target).Because), fmt.Sprint(names)
	}
	var works, others atomic.Int32
	eachCase(t, func(number uint64, p *pki, _ string) {
		cas := slices.DeleteFunc(slices.Clone(p.cas), func(c *signer) bool { return !c.IsCA })
		if len(cas) == 0 {
			return
		}
		var objects []string
		for _, c := range cas {
			objects = append(objects, trustedProfile("ios", c))
		}
		collection := base64.StdEncoding.EncodeToString(must(elements(cas).Marshal()).FullBytes)
		for _, pair := range []struct {
			target         lint.Target
			list, artefact []*bundle.File
		}{
			{lint.AppleMail, pemBundle(cas...), texts(t, profileOf(cas...))},
			{lint.Intune, loose(cas...), texts(t, objects...)},
			{lint.ExchangeOnline, store(cas...), texts(t, fmt.Sprintf(`{"OWAAlwaysSign": false, "SMIMECertificateIssuingCA": %q}`, collection))},
		} {
			list, because, missing := judge(pair.list, pair.target)
			artefact, itsBecause, itsMissing := judge(pair.artefact, pair.target)
			if list != artefact || because != itsBecause || missing != itsMissing {
				t.Errorf("case %d: %s: a list %s %s and lacks %s, an artefact %s %s and lacks %s: %s", number, pair.target,
					list, because, missing, artefact, itsBecause, itsMissing, strings.Join(p.what, ", "))
			}
			if list == lint.Works {
				works.Add(1)
			} else {
				others.Add(1)
			}
		}
	})
	if works.Load() < 40 || others.Load() < 40 {
		t.Errorf("%d work, %d do not", works.Load(), others.Load())
	}
}

// TestLawNoRules holds that where no rule runs nothing works, for any target and any
// kind of file.
func TestLawNoRules(t *testing.T) {
	nothing := lint.Rule{
		Name: "n_nothing", Description: "Says nothing.", Citation: "none", Remedy: "None.", Confidence: lint.Documented,
		Run: func(*lint.Pass) error { return nil },
	}
	judged := map[bundle.Format]bool{}
	password := "smimechain"
	if data, err := os.ReadFile(filepath.Join(testdata, "pfx", "password.txt")); err == nil {
		password = strings.TrimSpace(string(data))
	}
	reader := &bundle.Options{Password: &password}
	var files [][]*bundle.File
	for _, folder := range []string{"collections", "example", "pfx", "sectigo"} {
		found, _, err := reader.ReadDir(context.Background(), filepath.Join(testdata, folder))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			f.Folder = ""
			files = append(files, []*bundle.File{f})
		}
	}
	script := parse("upload.ps1", []byte(`Set-SmimeConfig -SMIMECertificateIssuingCA ([System.IO.File]::ReadAllBytes("C:\ca.sst"))`), nil)
	files = append(files, append([]*bundle.File{script}, store(issuing(), root())...), loose(user(), issuing(), root()))
	user := loose(user())
	files = append(files, append(store(issuing(), root()), user...), append(store(issuing(), root()), openPFX(aes("secret"), "secret")...))
	for _, given := range files {
		for _, target := range lint.Targets() {
			r, err := lint.Run(context.Background(), given, &lint.Options{
				Time: today, Targets: []lint.Target{target}, Rules: []lint.Rule{nothing}, Roots: loose(root()), ZLint: []string{"none"},
			})
			if err != nil {
				continue // the target takes no such file
			}
			judged[given[0].Format] = true
			for _, v := range append(slices.Clone(r.Subjects), r.Verdicts...) {
				if v.Status == lint.Works {
					t.Errorf("%s: %s works with no rule", given[0].Name, v.Target)
				}
			}
		}
	}
	if len(judged) < 5 {
		t.Errorf("only %v were judged", judged)
	}
}

// TestLawFixtures holds that there is something that works for each target and each
// kind of what it judges: unknown is no refuge.
func TestLawFixtures(t *testing.T) {
	collection := func() []*bundle.File { return store(issuing(), root()) }
	pfx := func() []*bundle.File { return openPFX(aes("secret"), "secret") }
	for _, target := range lint.Targets() {
		for kind, files := range map[lint.SubjectKind][]*bundle.File{
			"identity":    append(collection(), pfx()...),
			"certificate": append(collection(), loose(user())...),
			"collection":  collection(),
		} {
			if kind == "collection" && !target.Collects() {
				files = loose(issuing(), root())
			}
			r, err := lint.Run(context.Background(), files, &lint.Options{
				Time: today, Targets: []lint.Target{target}, Roots: loose(root()), ZLint: []string{"none"},
			})
			if err != nil {
				t.Errorf("%s, %s: %v", target, kind, err)
				continue
			}
			found := false
			for _, v := range r.Subjects {
				if v.Subject.Kind != kind {
					continue
				}
				found = true
				if v.Status != lint.Works {
					t.Errorf("%s, %s: %s because of %v", target, kind, v.Status, v.Because)
					for _, a := range v.Needs {
						if a.State != lint.Met && a.State != lint.Assumed {
							t.Logf("  %s %s %v %v", a.Need, a.State, a.Decide, a.Because)
						}
					}
				}
			}
			if !found {
				t.Errorf("%s: no verdict about a %s", target, kind)
			}
		}
	}
}

// TestLawMaking holds that what deploy makes of certificates without a fault has none,
// and that it does not refuse what works, which then works as well.
func TestLawMaking(t *testing.T) {
	outside.AtLength(t, "judges some thousand stores")
	judge := func(files []*bundle.File) (*lint.Report, error) {
		return lint.Run(context.Background(), files, &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, ZLint: []string{"none"}, Workers: 1})
	}
	var mu sync.Mutex
	worked := 0
	eachCase(t, func(number uint64, p *pki, _ string) {
		given := store(p.cas...)
		before, err := judge(given)
		if err != nil {
			t.Errorf("case %d: %v", number, err)
			return
		}
		works := before.Verdict(lint.ExchangeOnline).Status == lint.Works
		packed, err := deploy.Pack(given, today)
		if err == nil {
			_, err = deploy.Exchange(packed, nil)
		}
		if err != nil {
			if works {
				t.Errorf("case %d: works, and is refused: %v: %s", number, err, strings.Join(p.what, ", "))
			}
			return
		}
		var certs []*signer
		for _, c := range packed.Certificates {
			read, err := c.X509()
			if err != nil {
				t.Errorf("case %d: %v", number, err)
				return
			}
			certs = append(certs, &signer{Certificate: read})
		}
		after, err := judge(store(certs...))
		if err != nil {
			t.Errorf("case %d: %v", number, err)
			return
		}
		// An expired root is left out, which is then missing: a fault all the same.
		if before.Worst() < lint.Error && after.Worst() >= lint.Error {
			t.Errorf("case %d: what was made has %v, and the input had no fault: %s", number, rulesOf(after), strings.Join(p.what, ", "))
		}
		if got := after.Verdict(lint.ExchangeOnline).Status; works && got != lint.Works {
			t.Errorf("case %d: what was made of what works %s: %s", number, got, strings.Join(p.what, ", "))
		}
		if works {
			mu.Lock()
			worked++
			mu.Unlock()
		}
	})
	t.Logf("%d stores that work were packed", worked)
	if worked < lawCases/10 {
		t.Errorf("only %d stores worked", worked)
	}
}

// failing lists the needs that are refuted.
func failing(v *lint.Verdict) string {
	var list []string
	for _, a := range v.Needs {
		if a.State == lint.Failed {
			list = append(list, fmt.Sprintf("%s %v", a.Need, a.Evidence))
		}
	}
	return strings.Join(list, "; ")
}

// TestLawAdding holds that a CA with other names and keys, and other names of files,
// change no verdict about a certificate.
func TestLawAdding(t *testing.T) {
	outside.AtLength(t, "judges some thousand bundles")
	otherRoot := newCA("Other Root", nil, ecKey(elliptic.P256(), 150))
	otherCA := newCA("Other CA", otherRoot, ecKey(elliptic.P256(), 151))
	eachCase(t, func(number uint64, p *pki, _ string) {
		more := &pki{leaf: p.leaf, cas: append([]*signer{otherCA}, append(slices.Clone(p.cas), otherRoot)...)}
		a, aStore, err := p.judgeLeaf()
		if err != nil {
			t.Errorf("case %d: %v", number, err)
			return
		}
		b, bStore, err := more.judgeLeaf()
		if err != nil {
			t.Errorf("case %d: %v", number, err)
			return
		}
		renamed := append(store(p.cas...), loose(p.leaf)...)
		renamed[0].Name, renamed[1].Name = "zz.cer", "a.pfx"
		c, err := lint.Run(context.Background(), renamed, &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, ZLint: []string{"none"}, Workers: 4})
		if err != nil {
			t.Errorf("case %d: %v", number, err)
			return
		}
		for what, pair := range map[string][2]*lint.Report{
			"bundle with another CA": {a, b}, "store with another CA": {aStore, bStore}, "store with other names": {aStore, c},
		} {
			if was, is := leafStatus(pair[0]), leafStatus(pair[1]); was != is {
				t.Errorf("case %d, %s: %s, then %s: %s", number, what, was, is, strings.Join(p.what, ", "))
			}
		}
	})
}

// TestLawRewriting holds that an identity written for a target works for it.
func TestLawRewriting(t *testing.T) {
	password := "secret"
	for name, pfx := range map[string][]byte{"AES": aes("secret"), "3DES": des("secret")} {
		for _, target := range lint.Targets() {
			reader := target.OldestReader()
			if reader == "" {
				continue
			}
			out, err := deploy.Rewrite(context.Background(), pfx, reader, today, &deploy.RewriteOptions{Password: &password, NewPassword: "secret"})
			if err != nil {
				t.Errorf("%s for %s: %v", name, target, err)
				continue
			}
			files := append(store(issuing(), root()), openPFX(out, "secret")...)
			r, err := lint.Run(context.Background(), files, &lint.Options{
				Time: today, Targets: []lint.Target{target}, Roots: loose(root()), ZLint: []string{"none"}, Facts: &lint.Facts{OldestIOS: lint.IOSVersion{Major: 16}},
			})
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, v := range r.Subjects {
				if v.Subject.Kind != "identity" {
					continue
				}
				found = true
				if v.Status != lint.Works {
					t.Errorf("%s for %s: %s because of %v", name, target, v.Status, v.Because)
				}
			}
			if !found {
				t.Errorf("%s for %s: no verdict about the identity", name, target)
			}
		}
	}
}
