package lint

import (
	"context"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
	zlint "github.com/zmap/zlint/v3/lint"
)

// Options says how to judge. The zero value, and nil, are the right choice for
// certificates that are about to be rolled out.
type Options struct {
	// Time is the moment to judge; zero means now.
	Time time.Time

	// Ahead is how long certificates have to stay valid beyond that moment: what
	// expires within it counts as expired. Zero asks for the moment alone; a
	// negative one is an error. Revocation lists go by the moment.
	Ahead time.Duration

	// Targets are the targets to judge; none means those that take the given
	// kinds of files. One that is not among [Targets] is an error.
	Targets []Target

	// With are files whose certificates help to build paths and are not judged:
	// the tenant's store, the CA's bundle.
	With []*bundle.File

	// Roots are files whose self-signed certificates are anchors for every
	// target but Exchange Online, which knows only its own store.
	Roots []*bundle.File

	// Chains says to fill in Report.Chains, which takes time. They are also
	// where a missing certificate is found as data and not in words.
	Chains bool

	// Catalog knows the CAs; nil means [catalog.Default].
	Catalog *catalog.Catalog

	// Facts are what the administrator knows and no file shows; nil means
	// nothing.
	Facts *Facts

	// FactsOf are the facts about the user of one file, by the name of the file. What
	// they say goes before Facts. A file that has some is judged by itself: loose
	// certificates of others in the same call are then none of its collection.
	FactsOf map[string]*Facts

	// Rules are the rules of this package's kind to run; nil means [Rules], and
	// an empty slice is an error. Append rules of your own to [Rules]: verdicts
	// are drawn from the rules that run and from nothing else. The lints of
	// zlint are not among them, see ZLint.
	Rules []Rule

	// ZLint says which lints of zlint run on each certificate. Each entry is
	// one of the words all, none and default, the name of a source, such as
	// CABF_SMIME_BR, or the name of a lint. None means default: the sources that
	// fit the kind of certificate, without the lints that take most of the time.
	ZLint []string

	// ZLintConfig is a configuration of zlint, in TOML; empty means none.
	ZLintConfig string

	// Revocation is asked about every certificate below the anchor of a chain
	// that has no other fault; one whose state is unknown is then a fault, as it
	// is for Exchange Online. Nil means that revocation is not checked. It is
	// asked from the goroutine of Run, with its context, and again for each
	// target and path: what takes long should be remembered.
	Revocation chain.RevocationChecker

	// Workers is how many certificates are looked at at the same time, or by
	// [Each] how many files; zero or less means GOMAXPROCS. The report does not
	// depend on it.
	Workers int

	// Progress, unless it is nil, is told how much of the work of Run is done, from 0 to
	// all, which is the same in every call, is never less than 1 and counts nothing that
	// people know. One call comes after the other, from several goroutines. What takes
	// long in it delays the check. [Each] does not call it.
	Progress func(done, all int)

	// Partial says that a context that ends does not take what is complete with it: Run
	// returns the report about the files that were judged by then, if any was, without an
	// error, and [Report.Interrupted] says which were not. The caller asks the context
	// whether that is so. [Each] has no use for it.
	Partial bool
}

// ErrNothingToCheck says that the files hold nothing that could be judged for
// the targets asked for. A check of nothing is an error, never a clean report.
var ErrNothingToCheck = say.Errorf("nothing to check")

// Run judges files and returns the report. The error says that the check could
// not be made; what is wrong with the files is in the report. It wraps
// [ErrNothingToCheck] or the error of ctx or of a [Rule], or names an option that
// makes no sense or a file that is nil. The report is nil then.
//
// The report tells files apart by their names, which should differ. Run reads the
// clock only when Options.Time is zero. It is safe for concurrent use as long as
// nobody changes the files.
func Run(ctx context.Context, files []*bundle.File, opts *Options) (*Report, error) {
	if opts == nil {
		opts = new(Options)
	}
	if err := opts.check(files); err != nil {
		return nil, err
	}
	at := opts.Time
	if at.IsZero() {
		at = time.Now()
	}
	known := opts.catalog()
	notRead := ofArchives(files)
	files, opts = bundle.Flat(files), opts.flat()
	slices.SortStableFunc(files, func(a, b *bundle.File) int { return say.Compare(a.Name, b.Name) })

	lints, err := newZLints(opts.ZLint, opts.ZLintConfig)
	if err != nil {
		return nil, err
	}
	rules, err := opts.ruleSet()
	if err != nil {
		return nil, err
	}
	report := &Report{Time: at.UTC(), CatalogDate: known.Date(), NotChecked: notRead}
	collections := collect(files, opts)
	work := opts.work(collections)
	roots := supporting(opts.Roots)
	judged := map[Target]bool{}
	sight := map[Target]*sightOf{}
	revocation, bad := newRevocations(slices.Concat(files, opts.With), opts.Revocation)
	distrusts := bundle.NewDistrusts(slices.Concat(files, opts.With, opts.Roots))
	for _, err := range bad {
		report.NotChecked = append(report.NotChecked, NotChecked{Code: codeRevocationList, What: say.New("revocation"), Why: say.New("%v", err)})
	}
	lacking := map[Fact][]string{}
	wanted := new(shortage)
	one := func(c *Collection, report *Report) error {
		facts := opts.factsOf(c)
		if len(c.Members) == 0 && !slices.ContainsFunc(c.Files, judgeable) {
			report.add(c, opts)
			return nil
		}
		worst := slices.Repeat([]Status{zlint.NA}, len(rules.rules)) // of each rule
		targets := c.targets(opts.Targets)
		if err := c.examine(ctx, rules, lints, known, len(targets) > 0, opts.Workers, work); err != nil {
			return err
		}
		for _, t := range targets {
			pass := &Pass{Context: ctx, Target: t, Time: at, Ahead: opts.Ahead, Collection: c, Catalog: known, Facts: facts, roots: roots, revocation: revocation, distrusts: distrusts}
			pass.sort()
			pass.unread()
			for _, i := range rules.of[t] {
				status, err := pass.run(&rules.rules[i], rules.place[i])
				if err != nil {
					return err
				}
				worst[i] = max(worst[i], status)
			}
			if sight[t] == nil {
				sight[t] = new(sightOf)
			}
			sight[t].add(pass)
			verdicts, err := pass.verdicts(rules)
			if err != nil {
				return err
			}
			judged[t] = judged[t] || len(verdicts) > 0
			if err := wanted.add(pass); err != nil {
				return err
			}
			report.Subjects = append(report.Subjects, verdicts...)
			if opts.Chains {
				chains, err := pass.pictures()
				if err != nil {
					return err
				}
				report.addChains(t, chains)
			}
			report.Findings = append(report.Findings, pass.findings...)
			for fact, names := range pass.lacking {
				lacking[fact] = append(lacking[fact], names...)
			}
			report.NotChecked = append(report.NotChecked, pass.omitted...)
			for _, u := range pass.unknown {
				if u.What.Format != "" {
					report.NotChecked = append(report.NotChecked, u.NotChecked)
				}
			}
			work.add(len(c.Members))
		}
		if len(targets) > 0 {
			if len(c.Members) == 0 && slices.ContainsFunc(c.Files, func(f *bundle.File) bool { return f.PFX != nil && !isOpen(f.PFX) }) {
				// What saw nothing has passed nothing.
				for i, status := range worst {
					if status == zlint.Pass && rules.rules[i].Applies == nil {
						worst[i] = zlint.NA
					}
				}
			}
			report.Outcomes = append(report.Outcomes, rules.outcomes(c.Name, worst)...)
		}
		for _, m := range c.Members {
			report.Findings = append(report.Findings, m.zlint...)
		}
		report.add(c, opts)
		return nil
	}
	var left []string
	for i, c := range collections {
		part := new(Report)
		if err := one(c, part); err != nil {
			if !opts.Partial || ctx.Err() == nil || len(report.Subjects) == 0 {
				return nil, err
			}
			left = namesOf(collections[i:])
			break
		}
		work.add(1)
		report.join(part)
	}
	if len(judged) == 0 {
		return nil, nothingToCheck(files, opts.Targets)
	}
	if date := known.Date(); !date.IsZero() && at.After(date.AddDate(1, 0, 0)) {
		report.NotChecked = append(report.NotChecked, NotChecked{
			Code: codeCatalogOld,
			What: say.New("the catalogue of CAs"),
			Why:  say.New("it is of %s, more than a year before the time judged: newer CAs are not in it", date.Format(time.DateOnly)),
		})
	}
	report.NotChecked = append(report.NotChecked, notApplicableWithout(lacking)...)
	report.NotChecked = append(report.NotChecked, outOfSight(sight, opts, collections[0].rollout, revocation)...)
	report.Revocation = revocation.list()
	report.Missing = wanted.list
	report.Findings = sortFindings(report.Findings)
	report.Outcomes = sortOutcomes(report.Outcomes)
	sortSubjects(report.Subjects)
	report.Verdicts = summary(report.Subjects, judged)
	report.NotChecked = sortNotChecked(report.NotChecked)
	slices.SortFunc(report.Files, func(a, b File) int { return say.Compare(a.Name, b.Name) })
	report.Interrupted(left...)
	return report, nil
}

// flat returns the options with the files in archives in place of these.
func (o *Options) flat() *Options {
	flat := *o
	flat.With, flat.Roots = bundle.Flat(o.With), bundle.Flat(o.Roots)
	return &flat
}

// ofArchives says which files of archives were not read.
func ofArchives(files []*bundle.File) []NotChecked {
	var list []NotChecked
	for _, f := range files {
		for _, s := range f.Skipped {
			n := NotChecked{Code: codeNotRead, What: say.New("%s", s.Name), Why: say.New("%v", s.Err)}
			if u, ok := errors.AsType[*bundle.UnrecognizedError](s.Err); ok {
				n.Code, n.Why = codeUnrecognized, u.Reason()
			}
			list = append(list, n)
		}
	}
	return list
}

// catalog returns the catalogue to judge with.
func (o *Options) catalog() *catalog.Catalog {
	if o.Catalog == nil {
		return catalog.Default()
	}
	return o.Catalog
}

// check finds what no report could tell of: files that were not read, and options
// by which something would silently not be judged.
func (o *Options) check(files []*bundle.File) error {
	for _, given := range []struct {
		what  say.Text
		files []*bundle.File
	}{{"the files", files}, {"Options.With", o.With}, {"Options.Roots", o.Roots}} {
		if i := slices.Index(given.files, nil); i >= 0 {
			return say.Errorf("entry %d of %s is nil", i, given.what)
		}
	}
	for _, t := range o.Targets {
		if !slices.Contains(Targets(), t) {
			return unknownTarget(string(t))
		}
	}
	if o.Ahead < 0 {
		return say.Errorf("Options.Ahead is negative: %s", o.Ahead)
	}
	if err := o.Facts.check(); err != nil {
		return say.Errorf("facts: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(o.FactsOf)) {
		if err := o.FactsOf[name].check(); err != nil {
			return say.Errorf("facts: %s: %w", name, err)
		}
	}
	if o.Rules != nil && len(o.Rules) == 0 {
		return say.Errorf("%w: Options.Rules is empty; nil means every rule", ErrNothingToCheck)
	}
	return nil
}

// ruleSet returns the rules to run.
func (o *Options) ruleSet() (*ruleSet, error) {
	if o.Rules == nil {
		return ownRuleSet()
	}
	return newRuleSet(o.Rules)
}

// nothingToCheck says why no target had anything to judge.
func nothingToCheck(files []*bundle.File, targets []Target) error {
	for _, f := range files {
		if f.Format == bundle.PrivateKey && len(f.Keys) > 0 && f.Keys[0].Why != "" {
			return say.Errorf("%w: %s holds a private key in a form that does not go to %s: %s",
				ErrNothingToCheck, f.Name, joinTargets(targets), f.Keys[0].Why)
		}
		if len(f.Certificates)+len(f.Keys) > 0 {
			return say.Errorf("%w: %s is a file of format %s, which does not go to %s",
				ErrNothingToCheck, f.Name, f.Format, joinTargets(targets))
		}
	}
	if len(files) == 1 {
		return say.Errorf("%w: %s holds no certificate", ErrNothingToCheck, files[0].Name)
	}
	return say.Errorf("%w: no certificate was given", ErrNothingToCheck)
}

// judgeable reports whether a file without a certificate that can be seen is to
// be judged all the same: for the key in it, or for being a PFX, most of which
// may be encrypted.
func judgeable(f *bundle.File) bool {
	return f.IsMessage() || len(f.Keys) > 0 || f.PFX != nil || f.IsArtefact()
}

// targets returns the targets that the collection is judged for.
func (c *Collection) targets(asked []Target) []Target {
	var targets []Target
	for _, t := range Targets() {
		named := slices.Contains(asked, t)
		// What lies beside a store and is no identity is judged against it.
		store := c.BesideStore && len(c.stores) > 0 && c.Files[0].PFX == nil && !t.row().collects
		if (named || len(asked) == 0 && !store) && c.goesTo(t, named) {
			targets = append(targets, t)
		}
	}
	return targets
}

// supporting returns the certificates of files that are not judged themselves.
func supporting(files []*bundle.File) []*chain.Certificate {
	var certs []*chain.Certificate
	for _, f := range files {
		for _, c := range f.Certificates {
			if c.Raw != nil {
				certs = append(certs, c.Certificate)
			}
		}
	}
	return certs
}

// add lists what the collection holds.
func (r *Report) add(c *Collection, opts *Options) {
	described := map[*bundle.File][]Certificate{}
	for _, m := range c.Members {
		described[m.File] = append(described[m.File], m.describe())
		if !m.unlinted.IsZero() {
			r.NotChecked = append(r.NotChecked, NotChecked{
				Code: codeLintsNotRun,
				What: m.name(),
				Why:  m.unlinted,
			})
		}
	}
	for _, f := range c.Files {
		r.Files = append(r.Files, File{Name: f.Name, Format: f.Format, SHA256: fileSum(f), Collection: c.Name, Certificates: described[f], Closed: closedPFX(f), ClosedCode: closedCode(f), User: opts.userOf(f.Name)})
		if len(f.Certificates)+len(f.CRLs) == 0 && !judgeable(f) {
			r.NotChecked = append(r.NotChecked, NotChecked{Code: codeNothingToCheck, What: say.New("%s", f.Name), Why: say.New("it holds no certificate")})
		}
		for _, i := range f.Ignored {
			r.NotChecked = append(r.NotChecked, NotChecked{
				Code: codeItemIgnored,
				What: say.New("%s: %s at offset %d", f.Name, i.Kind, i.Offset),
				Why:  say.New("neither a certificate, a revocation list nor a private key"),
			})
		}
	}
}

// fileSum writes the digest of a file, nothing for one that was never read.
func fileSum(f *bundle.File) string {
	if f.SHA256 == [32]byte{} {
		return ""
	}
	return hex.EncodeToString(f.SHA256[:])
}
