package lint

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
)

// Options says how to judge. The zero value, and nil, are the right choice for
// certificates that are about to be rolled out.
type Options struct {
	// Time is the moment to judge; zero means now.
	Time time.Time

	// Targets are the targets to judge; none means those that take the given
	// kinds of files.
	Targets []Target

	// With are files whose certificates help to build paths and are not judged:
	// the tenant's store, the CA's bundle.
	With []*bundle.File

	// Roots are files whose self-signed certificates are anchors for every
	// target but Exchange Online, which knows only its own store.
	Roots []*bundle.File

	// Chains says to fill in Report.Chains, which takes time.
	Chains bool

	// Catalog knows the CAs; nil means [catalog.Default].
	Catalog *catalog.Catalog
}

// ErrNothingToCheck says that the files hold nothing that could be judged for
// the targets asked for. A check of nothing is an error, never a clean report.
var ErrNothingToCheck = errors.New("nothing to check")

// Run judges files and returns the report. The error says that the check could
// not be made; what is wrong with the files is in the report.
//
// Run reads the clock only when Options.Time is zero. It is safe for concurrent
// use as long as nobody changes the files.
func Run(ctx context.Context, files []*bundle.File, opts *Options) (*Report, error) {
	if opts == nil {
		opts = new(Options)
	}
	at := opts.Time
	if at.IsZero() {
		at = time.Now()
	}
	known := opts.Catalog
	if known == nil {
		known = catalog.Default()
	}
	files = slices.Clone(files)
	slices.SortStableFunc(files, func(a, b *bundle.File) int { return strings.Compare(a.Name, b.Name) })

	report := &Report{Time: at.UTC()}
	collections := collect(files, supporting(opts.With))
	roots := supporting(opts.Roots)
	judged := map[Target]VerdictStatus{}
	rules := Rules()
	for _, c := range collections {
		if len(c.Members) == 0 && !slices.ContainsFunc(c.Files, judgeable) {
			continue
		}
		targets := c.targets(opts.Targets)
		for _, t := range targets {
			if judged[t] == "" {
				judged[t] = Works
			}
			pass := &Pass{Context: ctx, Target: t, Time: at, Collection: c, Catalog: known, roots: roots}
			pass.unread()
			for i := range rules {
				if !rules[i].appliesTo(t) {
					continue
				}
				pass.rule = &rules[i]
				if err := rules[i].Run(pass); err != nil {
					return nil, fmt.Errorf("%s: %s: %w", c.Name, rules[i].Name, err)
				}
			}
			if opts.Chains {
				chains, err := pass.pictures()
				if err != nil {
					return nil, err
				}
				report.addChains(t, chains)
			}
			report.Findings = append(report.Findings, pass.findings...)
			if len(pass.unknown) > 0 {
				judged[t] = Unknown
				report.NotChecked = append(report.NotChecked, pass.unknown...)
			}
		}
		if len(targets) > 0 {
			report.Findings = append(report.Findings, lintCertificates(c)...)
		}
		report.add(c)
	}
	if len(judged) == 0 {
		return nil, nothingToCheck(files, opts.Targets)
	}
	report.Findings = sortFindings(report.Findings)
	report.Verdicts = verdicts(report.Findings, judged)
	slices.SortFunc(report.NotChecked, func(a, b NotChecked) int {
		return cmp.Or(strings.Compare(a.What, b.What), strings.Compare(a.Why, b.Why))
	})
	report.NotChecked = slices.Compact(report.NotChecked)
	slices.SortFunc(report.Files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return report, nil
}

// nothingToCheck says why no target had anything to judge.
func nothingToCheck(files []*bundle.File, targets []Target) error {
	for _, f := range files {
		if len(f.Certificates)+len(f.Keys) > 0 {
			return fmt.Errorf("%w: %s is a file of format %s, which does not go to %s",
				ErrNothingToCheck, f.Name, f.Format, joinTargets(targets))
		}
	}
	if len(files) == 1 {
		return fmt.Errorf("%w: %s holds no certificate", ErrNothingToCheck, files[0].Name)
	}
	return fmt.Errorf("%w: no certificate was given", ErrNothingToCheck)
}

// judgeable reports whether a file without a certificate that can be seen is to
// be judged all the same: for the key in it, or for being a PFX, most of which
// may be encrypted.
func judgeable(f *bundle.File) bool { return len(f.Keys) > 0 || f.PFX != nil }

// targets returns the targets that the collection is judged for.
func (c *Collection) targets(asked []Target) []Target {
	var targets []Target
	for _, t := range Targets() {
		named := slices.Contains(asked, t)
		if (named || len(asked) == 0) && c.goesTo(t, named) {
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
				certs = append(certs, &chain.Certificate{Raw: c.Raw, Cert: c.Cert, Err: c.Err})
			}
		}
	}
	return certs
}

// add lists what the collection holds.
func (r *Report) add(c *Collection) {
	described := map[*bundle.File][]Certificate{}
	for _, m := range c.Members {
		described[m.File] = append(described[m.File], m.describe())
		if m.Certificate != nil && m.Err != nil && m.Lintable != nil {
			r.NotChecked = append(r.NotChecked, NotChecked{
				What: m.name(),
				Why:  "its chain: " + m.Err.Error(),
			})
		}
	}
	for _, f := range c.Files {
		r.Files = append(r.Files, File{Name: f.Name, Format: f.Format, Certificates: described[f]})
		for _, i := range f.Ignored {
			r.NotChecked = append(r.NotChecked, NotChecked{
				What: fmt.Sprintf("%s: %s at offset %d", f.Name, i.Kind, i.Offset),
				Why:  "neither a certificate, a revocation list nor a private key",
			})
		}
	}
}

// verdicts draws the verdict of each target from the findings: judged holds
// what it is without any.
func verdicts(findings []Finding, judged map[Target]VerdictStatus) []Verdict {
	var list []Verdict
	for _, t := range Targets() {
		v := Verdict{Target: t, Status: cmp.Or(judged[t], NotApplicable)}
		v.otherwise = v.Status
		for _, f := range findings {
			if slices.Contains(f.Targets, t) && f.decides() {
				v.Status = Fails
				v.Because = append(v.Because, f.Rule)
			}
		}
		slices.Sort(v.Because)
		v.Because = slices.Compact(v.Because)
		list = append(list, v)
	}
	return list
}
