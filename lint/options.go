package lint

import (
	"maps"
	"slices"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
)

// Options says how to judge. The zero value, and nil, are the right choice for
// certificates that are about to be rolled out.
type Options struct {
	// Time is the moment to judge, to the second; zero means now.
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

// flat returns the options with the files in archives in place of these.
func (o *Options) flat() *Options {
	flat := *o
	flat.With, flat.Roots = flatFiles(o.With), flatFiles(o.Roots)
	return &flat
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

// flatFiles returns the files and, in place of archives, what is in them. Nil stays nil.
func flatFiles(files []*bundle.File) []*bundle.File {
	var list []*bundle.File
	for _, f := range files {
		if f == nil {
			list = append(list, nil)
			continue
		}
		list = append(list, f.Flat()...)
	}
	return list
}
