package lint

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
	zlint "github.com/zmap/zlint/v3/lint"
)

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
	at = at.Truncate(time.Second) // certificates know none shorter
	r, err := newRun(ctx, files, opts, at)
	if err != nil {
		return nil, err
	}
	left, err := r.all()
	if err != nil {
		return nil, err
	}
	if len(r.judged) == 0 {
		return nil, nothingToCheck(r.files, opts.Targets)
	}
	if len(left) == 0 {
		r.report.NotChecked = append(r.report.NotChecked, withoutSubject(opts.Targets, r.judged)...)
	}
	r.finish()
	r.report.Interrupted(left...)
	return r.report, nil
}

// run is one call of Run: what is given, the same for every collection, and what came of
// those that were judged.
type run struct {
	ctx         context.Context
	files       []*bundle.File // sorted, those in archives in place of these
	opts        *Options
	at          time.Time
	known       *catalog.Catalog
	lints       *zlints
	rules       *ruleSet
	collections []*Collection
	work        *work
	roots       []*chain.Certificate
	revocation  *revocations
	distrusts   *bundle.Distrusts

	report  *Report
	judged  map[Target]bool
	sight   map[Target]*sightOf
	lacking map[Fact][]string
	wanted  *shortage
}

func newRun(ctx context.Context, files []*bundle.File, opts *Options, at time.Time) (*run, error) {
	notRead := ofArchives(files)
	files, opts = flatFiles(files), opts.flat()
	slices.SortStableFunc(files, func(a, b *bundle.File) int { return say.Compare(a.Name, b.Name) })
	lints, err := newZLints(opts.ZLint, opts.ZLintConfig)
	if err != nil {
		return nil, err
	}
	rules, err := opts.ruleSet()
	if err != nil {
		return nil, err
	}
	r := &run{
		ctx: ctx, files: files, opts: opts, at: at, known: opts.catalog(), lints: lints, rules: rules, collections: collect(files, opts),
		roots: supporting(opts.Roots), distrusts: bundle.NewDistrusts(slices.Concat(files, opts.With, opts.Roots)),
		judged: map[Target]bool{}, sight: map[Target]*sightOf{}, lacking: map[Fact][]string{}, wanted: new(shortage),
	}
	r.work = opts.work(r.collections)
	r.report = &Report{Time: at.UTC(), CatalogDate: r.known.Date(), NotChecked: notRead}
	var bad []error
	r.revocation, bad = newRevocations(slices.Concat(files, opts.With), opts.Revocation)
	for _, err := range bad {
		r.report.NotChecked = append(r.report.NotChecked, NotChecked{Code: codeRevocationList, What: say.New("revocation"), Why: say.New("%v", err)})
	}
	return r, nil
}

// all judges one collection after the other. Where the context ends it returns the files
// that it did not come to, if that is no error.
func (r *run) all() (left []string, err error) {
	for i, c := range r.collections {
		part := new(Report)
		if err := r.collection(c, part); err != nil {
			if !r.opts.Partial || r.ctx.Err() == nil || len(r.report.Subjects) == 0 {
				return nil, err
			}
			return namesOf(r.collections[i:]), nil
		}
		r.work.add(1)
		r.report.join(part)
	}
	return nil, nil
}

// collection judges a collection for each of its targets.
func (r *run) collection(c *Collection, report *Report) error {
	facts := r.opts.factsOf(c)
	if len(c.Members) == 0 && !slices.ContainsFunc(c.Files, judgeable) {
		report.add(c, r.opts)
		return nil
	}
	worst := slices.Repeat([]Status{zlint.NA}, len(r.rules.rules)) // of each rule
	targets := c.targets(r.opts.Targets)
	if len(targets) == 0 {
		for _, f := range c.Files {
			report.NotChecked = append(report.NotChecked, NotChecked{Code: codeNothingToCheck, What: say.New("%s", f.Name), Why: say.New("it goes to none of the targets judged")})
		}
	}
	if err := c.examine(r.ctx, r.rules, r.lints, r.known, len(targets) > 0, r.opts.Workers, r.work); err != nil {
		return err
	}
	for _, t := range targets {
		pass := &Pass{Context: r.ctx, Target: t, Time: r.at, Ahead: r.opts.Ahead, Collection: c, Catalog: r.known, Facts: facts, roots: r.roots, revocation: r.revocation, distrusts: r.distrusts}
		if err := r.target(pass, report, worst); err != nil {
			return err
		}
		r.work.add(len(c.Members))
	}
	if len(targets) > 0 {
		if len(c.Members) == 0 && slices.ContainsFunc(c.Files, func(f *bundle.File) bool { return f.PFX != nil && !isOpen(f.PFX) }) {
			// What saw nothing has passed nothing.
			for i, status := range worst {
				if status == zlint.Pass && r.rules.rules[i].Applies == nil {
					worst[i] = zlint.NA
				}
			}
		}
		report.Outcomes = append(report.Outcomes, r.rules.outcomes(c.Name, worst)...)
	}
	for _, m := range c.Members {
		report.Findings = append(report.Findings, m.zlint...)
	}
	report.add(c, r.opts)
	return nil
}

// target judges a collection for one target and keeps the worst that each rule found.
func (r *run) target(pass *Pass, report *Report, worst []Status) error {
	t := pass.Target
	pass.sort()
	pass.unread()
	for _, i := range r.rules.of[t] {
		status, err := pass.run(&r.rules.rules[i], r.rules.place[i])
		if err != nil {
			return err
		}
		worst[i] = max(worst[i], status)
	}
	if r.sight[t] == nil {
		r.sight[t] = new(sightOf)
	}
	r.sight[t].add(pass)
	verdicts, err := pass.verdicts(r.rules)
	if err != nil {
		return err
	}
	r.judged[t] = r.judged[t] || len(verdicts) > 0
	if err := r.wanted.add(pass); err != nil {
		return err
	}
	report.Subjects = append(report.Subjects, verdicts...)
	if r.opts.Chains {
		chains, err := pass.pictures()
		if err != nil {
			return err
		}
		report.addChains(t, chains)
	}
	report.Findings = append(report.Findings, pass.findings...)
	for fact, names := range pass.lacking {
		r.lacking[fact] = append(r.lacking[fact], names...)
	}
	report.NotChecked = append(report.NotChecked, pass.omitted...)
	for _, u := range pass.unknown {
		if u.What.Format != "" {
			report.NotChecked = append(report.NotChecked, u.NotChecked)
		}
	}
	return nil
}

// finish draws together what came of all collections, and sorts it.
func (r *run) finish() {
	report := r.report
	if date := r.known.Date(); !date.IsZero() && r.at.After(date.AddDate(1, 0, 0)) {
		report.NotChecked = append(report.NotChecked, NotChecked{
			Code: codeCatalogOld,
			What: say.New("the catalogue of CAs"),
			Why:  say.New("it is of %s, more than a year before the time judged: newer CAs are not in it", date.Format(time.DateOnly)),
		})
	}
	report.NotChecked = append(report.NotChecked, notApplicableWithout(r.lacking)...)
	report.NotChecked = append(report.NotChecked, outOfSight(r.sight, r.opts, r.collections[0].rollout, r.revocation)...)
	report.Revocation = r.revocation.list()
	report.Missing = r.wanted.list
	report.Findings = sortFindings(report.Findings)
	report.Outcomes = sortOutcomes(report.Outcomes)
	sortSubjects(report.Subjects)
	report.Verdicts = summary(report.Subjects, r.judged)
	report.NotChecked = sortNotChecked(report.NotChecked)
	slices.SortFunc(report.Files, func(a, b File) int { return say.Compare(a.Name, b.Name) })
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

// withoutSubject says for which of the targets named there was nothing to judge.
func withoutSubject(targets []Target, judged map[Target]bool) []NotChecked {
	var list []NotChecked
	for _, t := range Targets() {
		if slices.Contains(targets, t) && !judged[t] {
			list = append(list, NotChecked{Code: codeNothingToCheck, What: say.New("%s", string(t)), Why: say.New("nothing that was read goes to this target")})
		}
	}
	return list
}

// nothingToCheck says why no target had anything to judge.
func nothingToCheck(files []*bundle.File, targets []Target) error {
	for _, f := range files {
		if f.Format == bundle.PrivateKey && len(f.Keys) > 0 && f.Keys[0].Why != "" {
			return say.Errorf("%w: %s holds a private key in a form that does not go to %s: %s",
				ErrNothingToCheck, f.Name, joined(targets), f.Keys[0].Why)
		}
		if len(f.Certificates)+len(f.Keys) > 0 {
			return say.Errorf("%w: %s is a file of format %s, which does not go to %s",
				ErrNothingToCheck, f.Name, f.Format, joined(targets))
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
		store := len(c.stores) > 0 && c.Files[0].PFX == nil && !t.row().collects
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
