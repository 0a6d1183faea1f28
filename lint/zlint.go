package lint

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/zmap/zcrypto/x509"
	_ "github.com/zmap/zlint/v3" // registers the lints
	zlint "github.com/zmap/zlint/v3/lint"
	"github.com/zmap/zlint/v3/util"
)

// kind says what a certificate is for, which decides the lints it gets: a
// corporate certificate is not told off by rules for public ones, a mail CA not
// by rules for web servers.
type kind uint8

const (
	kindCA          kind = iota // of a CA
	kindPublicSMIME             // of a user, with a policy of the S/MIME Baseline Requirements
	kindPrivate                 // any other
	kinds
)

func kindOf(c *chain.Certificate) kind {
	switch {
	case c.IsCA() || c.SelfSigned():
		return kindCA
	case underBaseline(c):
		return kindPublicSMIME
	default:
		return kindPrivate
	}
}

// sources are the sources of lints that each kind of certificate gets.
var sources = [kinds]zlint.SourceList{
	kindCA: {zlint.RFC3279, zlint.RFC5280, zlint.RFC5480, zlint.RFC8813},
	kindPublicSMIME: {zlint.RFC3279, zlint.RFC5280, zlint.RFC5480, zlint.RFC5891, zlint.RFC8813,
		zlint.CABFSMIMEBaselineRequirements, zlint.MozillaRootStorePolicy, zlint.EtsiEsi, zlint.Community},
	kindPrivate: {zlint.RFC3279, zlint.RFC5280, zlint.RFC5480, zlint.RFC5891, zlint.RFC8813, zlint.Community},
}

// costly are lints that take nine tenths of the time and run only when asked
// for by name, or with all others.
var costly = []string{
	"e_cert_issued_by_compromised_emudhra_ca",
	"e_ecdsa_small_private_key",
	"e_rsa_fermat_factorization",
}

// overruled are lints that the S/MIME Baseline Requirements contradict: they let
// name constraints be non-critical (Section 7.1.2.2 f) and dataEncipherment stand
// beside emailProtection (Section 7.1.2.3 e). They run only when asked for.
var overruled = []string{
	"e_ext_name_constraints_not_critical",
	"e_key_usage_and_extended_key_usage_inconsistent",
}

// The words of [Options].ZLint that are neither a source nor a lint.
const (
	zlintAll     = "all"
	zlintNone    = "none"
	zlintDefault = "default"
)

// selection is the lints that each kind of certificate gets, in the order of
// their names.
type selection [kinds][]*zlint.CertificateLint

// defaultSelection is made once: it does not depend on any option.
var defaultSelection = sync.OnceValue(func() *selection { return selectLints(nil) })

// selectLints picks the lints that are wanted by name, or whose source is; with
// an empty list, those that fit the kind of certificate.
func selectLints(wanted []string) *selection {
	s := new(selection)
	all := slices.Contains(wanted, zlintAll)
	byKind := len(wanted) == 0 || slices.Contains(wanted, zlintDefault)
	for _, l := range zlint.GlobalRegistry().CertificateLints().Lints() {
		for k := range s {
			fits := byKind && slices.Contains(sources[k], l.Source) && !slices.Contains(costly, l.Name) && !slices.Contains(overruled, l.Name)
			if all || fits || slices.Contains(wanted, l.Name) || slices.Contains(wanted, string(l.Source)) && !slices.Contains(costly, l.Name) {
				s[k] = append(s[k], l)
			}
		}
	}
	return s
}

// zlints runs lints of zlint. It is safe for concurrent use.
type zlints struct {
	*selection
	configuration [2]zlint.Configuration // without and with CrossSignedCa

	mu   sync.Mutex
	done map[linted]*remarks // of certificates that several collections of one call have
}

// linted is a certificate that the lints ran on, and as what.
type linted struct {
	sha256      string
	crossSigned bool
}

// remarks are what came of it.
type remarks struct {
	once     sync.Once
	findings []Finding // of the first file
	unlinted say.Message
}

// crossSignedCA is the setting by which zlint learns that a certificate is a
// cross-certificate, and the table that it is in.
const (
	crossTable    = "CABFBaselineRequirementsConfig"
	crossSignedCA = "\n[" + crossTable + "]\nCrossSignedCa = true\n"
)

// newZLints prepares the lints that are wanted.
func newZLints(wanted []string, configuration string) (*zlints, error) {
	if err := checkSelection(wanted); err != nil {
		return nil, err
	}
	z := new(zlints)
	if len(wanted) == 0 {
		z.selection = defaultSelection()
	} else {
		z.selection = selectLints(wanted)
	}
	if configuration == "" {
		z.configuration = defaultConfigurations()
		return z, nil
	}
	var err error
	z.configuration, err = configurations(configuration)
	return z, err
}

// defaultConfigurations are those without any configuration by the user, which
// are made once: a check of many files would spend much of its time on them.
var defaultConfigurations = sync.OnceValue(func() [2]zlint.Configuration {
	c, err := configurations("")
	if err != nil {
		panic(err) // the text is ours
	}
	return c
})

// configurations returns the configuration of zlint for certificates that are
// not cross-signed, and for those that are.
func configurations(configuration string) (c [2]zlint.Configuration, err error) {
	crossed := configuration
	if !strings.Contains(configuration, crossTable) { // else the user has decided
		crossed += crossSignedCA
	}
	for i, text := range []string{configuration, crossed} {
		if c[i], err = zlint.NewConfigFromString(text); err != nil {
			return c, say.Errorf("configuration of zlint: %w", err)
		}
	}
	return c, nil
}

// checkSelection refuses words that mean nothing.
func checkSelection(wanted []string) error {
	lookup := zlint.GlobalRegistry().CertificateLints()
	for _, w := range wanted {
		switch {
		case w == zlintAll, w == zlintDefault, lookup.ByName(w) != nil, slices.Contains(lookup.Sources(), zlint.LintSource(w)):
		case w == zlintNone:
			if len(wanted) > 1 {
				return say.Errorf("zlint: %s stands alone", zlintNone)
			}
		default:
			return say.Errorf("zlint: %q is neither a lint, a source, nor %s, %s or %s", w, zlintAll, zlintNone, zlintDefault)
		}
	}
	return nil
}

// lint runs the lints on a certificate and returns what they found.
func (z *zlints) lint(m *Member, crossSigned bool) []Finding {
	if m.Certificate == nil || m.Certificate.SelfSigned() && m.isCA() {
		return nil // an anchor is trusted for being there, whatever its form
	}
	if len(z.selection[kindOf(m.Certificate)]) == 0 {
		return nil
	}
	if tooLargeToLint(m.Certificate) {
		m.unlinted = say.New("the lints of zlint: the certificate has more than %d policies or %d octets, or an RSA key of more than %d bits", maxLintPolicies, maxLintSize, maxLintKeySize)
		return nil
	}
	z.mu.Lock()
	if z.done == nil {
		z.done = map[linted]*remarks{}
	}
	r := z.done[linted{m.sha256, crossSigned}]
	if r == nil {
		r = new(remarks)
		z.done[linted{m.sha256, crossSigned}] = r
	}
	z.mu.Unlock()
	r.once.Do(func() { r.findings, r.unlinted = z.remark(m, crossSigned) })
	m.unlinted = r.unlinted
	if len(r.findings) == 0 || r.findings[0].File == m.File.Name && r.findings[0].Index == m.Index {
		return r.findings
	}
	list := slices.Clone(r.findings)
	for i := range list {
		list[i].File, list[i].Index = m.File.Name, m.Index
	}
	return list
}

// remark reads the certificate as zlint does, and runs the lints. The form of zcrypto
// is dropped afterwards: it takes more memory than all the rest.
func (z *zlints) remark(m *Member, crossSigned bool) (findings []Finding, unlinted say.Message) {
	c, err := x509.ParseCertificate(m.Certificate.Raw)
	if err != nil {
		return nil, say.New("the lints of zlint, which cannot read it: %v", err)
	}
	z.run(c, z.selection[kindOf(m.Certificate)], crossSigned, func(l *zlint.CertificateLint, result *zlint.LintResult) {
		if result.Status < zlint.Notice {
			return
		}
		status := result.Status
		if m.isCA() {
			status = zlint.Notice // nobody here can have it issued anew
		}
		findings = append(findings, Finding{
			Rule:       l.Name,
			Status:     status,
			File:       m.File.Name,
			Index:      m.Index,
			Subject:    m.subject,
			SHA256:     m.sha256,
			Message:    message(l, result),
			Remedy:     remedyZlint,
			Citation:   l.Citation,
			Confidence: Documented,
		})
	})
	return findings, say.Message{}
}

// Limits on certificates that the lints of zlint run on. One of them compares
// each policy with each other, another looks for factors of a key. Certificates as
// they are have a handful of policies, and a few thousand octets and bits.
const (
	maxLintPolicies = 1000
	maxLintSize     = 1 << 20 // octets
	maxLintKeySize  = 16384   // bits of an RSA key
)

func tooLargeToLint(c *chain.Certificate) bool {
	return len(c.Policies()) > maxLintPolicies || len(c.Raw) > maxLintSize || c.PublicKey().Bits > maxLintKeySize
}

// run runs the lints on a certificate, in the order of their names. It gives
// what zlint.LintCertificateEx gives; it costs less because it sets up a recover
// for the certificate rather than for each lint.
func (z *zlints) run(c *x509.Certificate, lints []*zlint.CertificateLint, crossSigned bool, found func(*zlint.CertificateLint, *zlint.LintResult)) {
	r := runner{certificate: c, found: found, lints: lints, configuration: z.configuration[0]}
	if crossSigned {
		r.configuration = z.configuration[1]
	}
	r.framework()
	for r.next < len(r.lints) {
		r.run()
	}
}

// runner is the run of the lints over one certificate.
type runner struct {
	certificate   *x509.Certificate
	configuration zlint.Configuration
	found         func(*zlint.CertificateLint, *zlint.LintResult)
	lints         []*zlint.CertificateLint
	next          int // index of the lint that runs

	// Whether the certificate is in the purview of the requirements that zlint
	// filters by, which it asks again for each lint.
	server, mail, code bool
}

func (r *runner) framework() {
	r.server = util.IsServerAuthCert(r.certificate)
	r.mail = util.IsEmailProtectionCert(r.certificate)
	r.code = util.IsCodeSigning(r.certificate.PolicyIdentifiers)
}

// run runs lints until the last or until one panics. A lint that panics has
// the status fatal, as in zlint; the next call goes on after it.
func (r *runner) run() {
	defer func() {
		if p := recover(); p != nil {
			l := r.lints[r.next]
			r.next++
			r.found(l, &zlint.LintResult{Status: zlint.Fatal, Details: fmt.Sprintf("'%s' panicked. Error: %v", l.Name, p)})
		}
	}()
	for ; r.next < len(r.lints); r.next++ {
		l := r.lints[r.next]
		r.found(l, r.execute(l))
	}
}

var notApplicable = &zlint.LintResult{Status: zlint.NA}

// execute does what [zlint.CertificateLint.Execute] does, without its recover.
func (r *runner) execute(l *zlint.CertificateLint) *zlint.LintResult {
	if !l.OverrideFrameworkFilter {
		switch l.Source {
		case zlint.CABFBaselineRequirements:
			if !r.server {
				return notApplicable
			}
		case zlint.CABFSMIMEBaselineRequirements:
			if !r.mail {
				return notApplicable
			}
		case zlint.CABFCSBaselineRequirements:
			if !r.code {
				return notApplicable
			}
		}
	}
	body := l.Lint()
	if err := r.configuration.MaybeConfigure(body, l.Name); err != nil {
		return &zlint.LintResult{Status: zlint.Fatal, Details: err.Error()}
	}
	switch {
	case !body.CheckApplies(r.certificate):
		return notApplicable
	case !l.CheckEffective(r.certificate):
		return &zlint.LintResult{Status: zlint.NE}
	}
	return body.Execute(r.certificate)
}

// message says what a lint of zlint found. Most say nothing of their own.
func message(l *zlint.CertificateLint, result *zlint.LintResult) say.Message {
	if details := stable(l.Name, result.Details); details != "" {
		return say.New("%s: %s", l.Description, details)
	}
	return say.New("%s", l.Description)
}

// stable brings into one order what three lints of zlint take from maps: a
// report must not differ from run to run.
func stable(lint, details string) string {
	switch lint {
	case "e_key_usage_and_extended_key_usage_inconsistent": // KeyUsage [B A] (…) inconsistent with …
		before, rest, _ := strings.Cut(details, "[")
		list, after, ok := strings.Cut(rest, "]")
		if !ok {
			return details
		}
		words := strings.Fields(list)
		slices.Sort(words)
		return before + "[" + strings.Join(words, " ") + "]" + after
	case "e_ext_duplicate_extension": // …: 2.5.29.35, 2.5.29.14
		before, list, ok := strings.Cut(details, ": ")
		if !ok {
			return details
		}
		oids := strings.Split(list, ", ")
		slices.Sort(oids)
		return before + ": " + strings.Join(oids, ", ")
	case "e_ext_cannot_be_empty_sequence": // speaks of any one of the extensions at fault
		return ""
	}
	return details
}

// remedyZlint is what an administrator can do about a finding of zlint.
const remedyZlint say.Text = "Ask the CA: only it can issue the certificate anew without this fault."

// lintOf is a rule in the form of a lint of zlint.
type lintOf struct {
	rule Rule
	seen *lastSeen
}

// lastSeen is the certificate that was asked about last: zlint asks one lint after the
// other about it.
type lastSeen struct{ pair atomic.Pointer[seenPair] }

type seenPair struct {
	theirs *x509.Certificate
	ours   *chain.Certificate
}

// of returns the certificate as package chain reads it.
func (l *lastSeen) of(c *x509.Certificate) *chain.Certificate {
	if p := l.pair.Load(); p != nil && p.theirs == c {
		return p.ours
	}
	ours := chain.ParseCertificate(c.Raw)
	l.pair.Store(&seenPair{c, ours})
	return ours
}

// CheckApplies implements [zlint.CertificateLintInterface]. Of a certificate that only
// zlint can read nothing is said.
func (l lintOf) CheckApplies(c *x509.Certificate) bool {
	ours := l.seen.of(c)
	return ours.Err() == nil && l.rule.certificate.applies(ours)
}

// Execute implements [zlint.CertificateLintInterface].
func (l lintOf) Execute(c *x509.Certificate) *zlint.LintResult {
	if m := l.rule.certificate.find(l.seen.of(c)); m != nil {
		return &zlint.LintResult{Status: l.rule.Status(), Details: m.String()}
	}
	return &zlint.LintResult{Status: zlint.Pass}
}
