package lint

import (
	"context"
	"slices"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
	zlint "github.com/zmap/zlint/v3/lint"
)

// Pass is what a rule sees when it runs: one collection and one target. Only [Run]
// makes one; it is for the goroutine that the rule runs in.
type Pass struct {
	Context    context.Context // of Run; a rule that takes long should look at it
	Target     Target
	Time       time.Time     // the moment to judge, never zero
	Ahead      time.Duration // what expires within it counts as expired, never negative
	Collection *Collection
	Catalog    *catalog.Catalog // never nil
	Facts      *Facts           // never nil

	rule       *Rule
	place      int // of the rule among those about single certificates
	roots      []*chain.Certificate
	revocation *revocations // nil: not checked
	distrusts  *bundle.Distrusts
	users      []*Member // certificates of users that could be read and are judged
	examined   []*Member // certificates that rules about single ones speak of
	findings   []Finding
	omitted    []NotChecked
	unknown    []undecided          // what would decide the verdict and cannot be known
	lacking    map[Fact][]string    // the rules that a missing fact keeps from running
	extras     map[*Member]bool     // once they have been asked for
	hasKeys    bool                 // a key lies, or may lie, where the target takes none, whatever is judged
	judged     []*subject           // once they have been asked for
	signed     map[string]time.Time // when signers of messages did so, by the digest of the certificate; by none, the first
	early      bool                 // the rule that runs had something to say of a certificate from before its time
	startOf    map[string]*start    // by the digest of the certificate, once it has been asked for
}

// expired reports whether what ends at a time has expired, or counts as expired
// because it does so within Ahead.
func (p *Pass) expired(end time.Time) bool { return p.Time.Add(p.Ahead).After(end) }

// expiry says when what counts as expired ends.
func (p *Pass) expiry(end time.Time) say.Message {
	if p.Time.After(end) {
		return say.New("expired on %s", date(end))
	}
	days := int(end.Sub(p.Time) / (24 * time.Hour))
	return say.New("expires on %s, in %s, which counts as expired here (-ahead)", date(end), say.Count(days, "1 day", "%d days"))
}

// undecided is why a rule cannot say what the verdict is.
type undecided struct {
	NotChecked
	rule   string
	member *Member     // nil for the whole
	fact   Fact        // empty when it is not a fact that is missing
	words  say.Message // Why without the rule
}

// sort picks the certificates that rules ask for.
func (p *Pass) sort() {
	for _, m := range p.Collection.Members {
		if !m.isCA() && !p.judgesUsers() {
			continue
		}
		if m.answers != nil {
			p.examined = append(p.examined, m)
		}
		if m.readable() && !m.isCA() {
			p.users = append(p.users, m)
		}
	}
}

// run runs one rule, which speaks of the target, and returns its outcome.
func (p *Pass) run(r *Rule, place int) (Status, error) {
	p.rule, p.place = r, place
	status, err := p.outcome(r)
	if err != nil {
		return status, say.Errorf("%s: %s: %w", p.Collection.Name, r.Name, err)
	}
	return status, nil
}

func (p *Pass) outcome(r *Rule) (Status, error) {
	if r.Applies != nil && !r.Applies(p) {
		return zlint.NA, nil
	}
	if missing := p.missing(r); len(missing) > 0 {
		p.lack(r, missing)
		return zlint.NA, nil
	}
	p.early = false
	before := len(p.findings)
	if err := r.Run(p); err != nil {
		return zlint.Fatal, err
	}
	switch {
	case len(p.findings) > before:
		return r.Status(), nil
	case r.certificate != nil:
		return p.worstAnswer(), nil
	case p.early:
		return zlint.NE, nil
	default:
		return zlint.Pass, nil
	}
}

// runChecks is the Run function of rules about single certificates: it reports
// what was found before the rules ran.
func runChecks(p *Pass) error {
	extra, err := p.extra()
	if err != nil {
		return err
	}
	for _, m := range p.examined {
		if message := m.answers[p.place].message; message != nil && !extra[m] {
			p.ReportMessage(m, *message)
		}
	}
	return nil
}

// worstAnswer returns the highest status of a rule about single certificates.
func (p *Pass) worstAnswer() Status {
	worst := zlint.NA
	for _, m := range p.examined {
		if !p.extras[m] { // asked for by runChecks
			worst = max(worst, m.answers[p.place].status)
		}
	}
	return worst
}

// missing returns the facts of a rule that are not known.
func (p *Pass) missing(r *Rule) []Fact {
	return slices.DeleteFunc(slices.Clone(r.Facts), p.Facts.has)
}

// lack notes that a rule cannot run for want of facts.
func (p *Pass) lack(r *Rule, facts []Fact) {
	if p.lacking == nil {
		p.lacking = map[Fact][]string{}
	}
	for _, f := range facts {
		p.lacking[f] = append(p.lacking[f], r.Name)
		if slices.Contains(r.Decisive, p.Target) {
			p.unknown = append(p.unknown, undecided{NotChecked: NotChecked{Code: codeFact}, rule: r.Name, fact: f})
		}
	}
}

// beforeRule reports whether a certificate was issued before the rule that runs is in
// force, and notes it.
func (p *Pass) beforeRule(m *Member) bool {
	early := m != nil && m.readable() && !p.rule.inForce(m.Certificate)
	p.early = p.early || early
	return early
}

// Report adds a finding about a certificate of the collection, or about the
// collection as a whole when m is nil. The format is a whole sentence, so that it
// can be translated; what varies is in args, which must not quote input other
// than names, dates and identifiers.
func (p *Pass) Report(m *Member, format say.Text, args ...any) {
	p.ReportMessage(m, say.New(format, args...))
}

// ReportMessage is like [Pass.Report] for a message that was put together.
func (p *Pass) ReportMessage(m *Member, message say.Message) {
	if p.beforeRule(m) {
		return
	}
	f := Finding{
		Rule:       p.rule.Name,
		Status:     p.rule.Status(),
		Targets:    []Target{p.Target},
		File:       p.Collection.Name,
		Index:      -1,
		Message:    message,
		Remedy:     p.rule.Remedy,
		Citation:   p.rule.Citation,
		Confidence: p.rule.Confidence,
	}
	if p.rule.Confidence == Observed {
		f.Message = say.New("%s (observed, not documented)", message)
	}
	if m != nil {
		f.File, f.Index, f.Subject, f.SHA256 = m.File.Name, m.Index, m.subject, m.sha256
	}
	p.advise(&f)
	p.findings = append(p.findings, f)
}

// ReportFile adds a finding about a file of the collection.
func (p *Pass) ReportFile(name string, format say.Text, args ...any) {
	p.Report(nil, format, args...)
	f := &p.findings[len(p.findings)-1]
	f.File = name
	p.advise(f)
}

// cutShort says what the rule has left out for a limit, where that decides no verdict.
func (p *Pass) cutShort(m *Member, format say.Text, args ...any) {
	p.leaveOut(codeLimit, m.name(), format, args...)
}

// leaveOut says what the rule has left out, where that decides no verdict.
func (p *Pass) leaveOut(code Code, what say.Message, format say.Text, args ...any) {
	p.omitted = append(p.omitted, NotChecked{Code: code, What: what, Why: say.New("%s: %s", p.rule.Name, say.New(format, args...))})
}

// Undecided says why the rule could not tell, about a certificate or, for nil,
// the whole collection. The verdict of the target is then unknown unless
// something else makes it fail.
func (p *Pass) Undecided(m *Member, format say.Text, args ...any) {
	p.undecided(codeUndecided, m, format, args...)
}

// undecided is [Pass.Undecided] with the code of the reason.
func (p *Pass) undecided(code Code, m *Member, format say.Text, args ...any) {
	if p.beforeRule(m) {
		return
	}
	what, words := say.New("%s", p.Collection.Name), say.New(format, args...)
	if m != nil {
		what = m.name()
	}
	p.unknown = append(p.unknown, undecided{
		NotChecked: NotChecked{Code: code, What: what, Why: say.New("%s: %s", p.rule.Name, words)},
		rule:       p.rule.Name,
		member:     m,
		words:      words,
	})
}

// UndecidedFact is like [Pass.Undecided] where a fact that is not known would
// decide, and the rule found that out only when it ran.
func (p *Pass) UndecidedFact(m *Member, fact Fact, format say.Text, args ...any) {
	before := len(p.unknown)
	p.undecided(codeFact, m, "%s; the fact %s would decide", say.New(format, args...), fact)
	for i := range p.unknown[before:] {
		p.unknown[before+i].fact = fact
	}
}

// Chains is what leads up from one certificate of a collection.
type Chains struct {
	Member *Member
	Result *chain.Result // complete, or cut short by a limit, as it says
}

// Chains returns what package chain found about the certificates that chains have to
// lead up from, in the order of the collection: each certificate of a user or, in a
// collection without any, each CA that has issued no other certificate there. They are
// built once for all rules. The error is that of the context.
func (p *Pass) Chains() ([]Chains, error) {
	starts, err := p.starts()
	if err != nil {
		return nil, err
	}
	list := make([]Chains, len(starts))
	for i, s := range starts {
		list[i] = Chains{s.member, s.result}
	}
	return list, nil
}

// Good returns the paths of a result that the target accepts: those without a problem
// or, where there are none, those whose only problem it does not mind.
func (p *Pass) Good(r *chain.Result) []*chain.Path { return p.good(r) }

// Seen returns, for each subject of the target that has the need, what was seen of it,
// whatever rules have found or will find. The error is that of the context.
func (p *Pass) Seen(n Need) (map[Subject]NeedAnswer, error) {
	subjects, err := p.subjects()
	if err != nil {
		return nil, err
	}
	seen := map[Subject]NeedAnswer{}
	for _, s := range subjects {
		if !slices.Contains(p.Target.row().needs[s.Kind], n) {
			continue
		}
		a, err := p.evidence(n, s)
		if err != nil {
			return nil, err
		}
		if a.State != "" {
			a.Need = n
			seen[s.Subject] = a
		}
	}
	return seen, nil
}

// judgesUsers reports whether the certificates of users are judged as such. In a
// collection for Exchange Online they have no place, which is all that is to be
// said of them; beside it, and on their own, they are judged.
func (p *Pass) judgesUsers() bool {
	f := p.Collection.Files[0]
	return !p.Target.row().collects || f.Loose() || f.IsDirectory() || p.Collection.BesideStore
}

// hasUsers reports whether there is the certificate of a user to judge.
func hasUsers(p *Pass) bool { return len(p.users) > 0 }

// unread says which parts of a PFX were not opened.
func (p *Pass) unread() {
	for _, f := range p.Collection.Files {
		p.unseen(f)
		if f.PFX == nil {
			continue
		}
		for i, safe := range f.PFX.Safes {
			if safe.Status != pkcs12.StatusPlain && safe.Status != pkcs12.StatusOK {
				p.omitted = append(p.omitted, NotChecked{
					Code: passwordCode(f.PFX),
					What: say.New("%s: safe %d", f.Name, i),
					Why:  say.New("%s; the password: %s", safe.Status, f.PFX.Password.Status),
				})
			}
		}
	}
}

// unseen says what of mail was not seen.
func (p *Pass) unseen(f *bundle.File) {
	for i := range f.Messages {
		for _, l := range f.Messages[i].Layers {
			what := say.New("%s: message %d, part %s", f.Name, f.Messages[i].Number, l.Part)
			switch l.Kind {
			case bundle.LayerEncrypted:
				p.omitted = append(p.omitted, NotChecked{Code: codeOutOfSight, What: what, Why: say.New("the message is encrypted: what is inside, such as a signature, is not seen without the key")})
			case bundle.LayerUnreadable:
				p.omitted = append(p.omitted, NotChecked{Code: codeUnreadable, What: what, Why: say.New("%v", l.Err)})
			}
		}
	}
}

// decides reports whether the finding makes a verdict fail.
func (f Finding) decides() bool { return f.Status >= Error }

// Warning times before expiry.
const (
	soonCA   = 90 * 24 * time.Hour
	soonUser = 30 * 24 * time.Hour
)

// hasCAs reports whether a certificate of a CA is judged.
func hasCAs(p *Pass) bool {
	return slices.ContainsFunc(p.Collection.Members, (*Member).isCA)
}
