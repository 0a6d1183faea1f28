package lint

import (
	"cmp"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/smimechain/smimechain/lint/say"
	zlint "github.com/zmap/zlint/v3/lint"
)

// Registry returns a registry of zlint that holds the lints of base and, in the
// form of lints, every rule of this package that can judge one certificate by itself:
// without its issuer, other certificates of the user, what is known of the mailbox, and
// the clock. Give it to zlint.LintCertificateEx. A nil base means all lints of zlint.
//
// Where a rule speaks of some targets, its lint does so too, and Rule.Targets names them.
// Rules that ask for the root, or whether a CA is revoked or for web servers, go by
// [catalog.Default], and only where the signature on the certificate shows its issuer:
// what an issuer that is not known leads to stays open, and the lint passes.
//
// Nothing is registered globally. It is an error when base holds a lint with
// the name of a rule already.
func Registry(base zlint.Registry) (zlint.Registry, error) {
	if base == nil {
		base = zlint.GlobalRegistry()
	}
	own := map[string]*zlint.CertificateLint{}
	seen := new(lastSeen)
	for _, rule := range Rules() {
		if rule.certificate = cmp.Or(rule.certificate, rule.alone); rule.certificate == nil {
			continue
		}
		if slices.Contains(base.Names(), rule.Name) {
			return nil, say.Errorf("the registry holds %s already", rule.Name)
		}
		own[rule.Name] = asLint(rule, seen)
	}
	return newRegistry(base, own), nil
}

// asLint makes a lint of a rule about single certificates.
func asLint(rule Rule, seen *lastSeen) *zlint.CertificateLint {
	return &zlint.CertificateLint{
		LintMetadata: zlint.LintMetadata{
			Name: rule.Name, Description: string(rule.Description), Citation: rule.Citation,
			Source: cmp.Or(rule.Source, zlint.UnknownLintSource), EffectiveDate: rule.EffectiveDate,
			OverrideFrameworkFilter: true, // the rule says itself what it applies to
		},
		Lint: func() zlint.CertificateLintInterface { return lintOf{rule, seen} },
	}
}

// registry adds lints to a registry of zlint, which cannot be filled from
// outside, by standing in front of it.
type registry struct {
	zlint.Registry
	own map[string]*zlint.CertificateLint

	// What zlint asks for each certificate, sorted by name: all names, and the lints of
	// certificates.
	names func() []string
	lints func() []*zlint.CertificateLint
}

func newRegistry(base zlint.Registry, own map[string]*zlint.CertificateLint) *registry {
	return &registry{base, own,
		sync.OnceValue(func() []string { return withNames(base.Names(), own) }),
		sync.OnceValue(func() []*zlint.CertificateLint {
			list := slices.AppendSeq(slices.Clone(base.CertificateLints().Lints()), maps.Values(own))
			slices.SortFunc(list, func(a, b *zlint.CertificateLint) int { return strings.Compare(a.Name, b.Name) })
			return list
		}),
	}
}

// Names implements [zlint.Registry].
func (r *registry) Names() []string { return slices.Clone(r.names()) }

// Sources implements [zlint.Registry].
func (r *registry) Sources() zlint.SourceList {
	return withSources(r.Registry.Sources(), r.own)
}

// ByName implements [zlint.Registry].
//
// Deprecated: use CertificateLints, as zlint says.
func (r *registry) ByName(name string) *zlint.Lint {
	if l := r.own[name]; l != nil {
		return oldForm(l)
	}
	return r.Registry.ByName(name)
}

// BySource implements [zlint.Registry].
//
// Deprecated: use CertificateLints, as zlint says.
func (r *registry) BySource(s zlint.LintSource) []*zlint.Lint {
	list := slices.Clone(r.Registry.BySource(s))
	for _, name := range slices.Sorted(maps.Keys(r.own)) {
		if l := r.own[name]; l.Source == s {
			list = append(list, oldForm(l))
		}
	}
	return list
}

// oldForm makes of a lint what zlint had before.
func oldForm(l *zlint.CertificateLint) *zlint.Lint {
	return &zlint.Lint{
		Name: l.Name, Description: l.Description, Citation: l.Citation, Source: l.Source,
		EffectiveDate: l.EffectiveDate, IneffectiveDate: l.IneffectiveDate,
		Lint: func() zlint.LintInterface { return l.Lint() },
	}
}

// Filter implements [zlint.Registry]. Names of rules may be given beside names
// of zlint's lints.
func (r *registry) Filter(opts zlint.FilterOptions) (zlint.Registry, error) {
	own := map[string]*zlint.CertificateLint{}
	for name, l := range r.own {
		if keeps(opts, l) {
			own[name] = l
		}
	}
	base := r.Registry
	mine := func(name string) bool { return r.own[name] != nil }
	rest := opts
	rest.IncludeNames = slices.DeleteFunc(slices.Clone(opts.IncludeNames), mine)
	rest.ExcludeNames = slices.DeleteFunc(slices.Clone(opts.ExcludeNames), mine)
	if len(opts.IncludeNames) > 0 && len(rest.IncludeNames) == 0 {
		// Only rules are wanted: of the others, none.
		filtered, err := base.Filter(zlint.FilterOptions{ExcludeSources: base.Sources()})
		if err != nil {
			return nil, err
		}
		return newRegistry(filtered, own), nil
	}
	filtered, err := base.Filter(rest)
	if err != nil {
		return nil, err
	}
	return newRegistry(filtered, own), nil
}

// keeps reports whether a lint passes the filter, as zlint reads it.
func keeps(opts zlint.FilterOptions, l *zlint.CertificateLint) bool {
	return !slices.Contains(opts.ExcludeSources, l.Source) &&
		(len(opts.IncludeSources) == 0 || slices.Contains(opts.IncludeSources, l.Source)) &&
		(opts.NameFilter == nil || opts.NameFilter.MatchString(l.Name)) &&
		!slices.Contains(opts.ExcludeNames, l.Name) &&
		(len(opts.IncludeNames) == 0 || slices.Contains(opts.IncludeNames, l.Name))
}

// WriteJSON implements [zlint.Registry].
func (r *registry) WriteJSON(w io.Writer) {
	r.Registry.WriteJSON(w)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, name := range slices.Sorted(maps.Keys(r.own)) {
		if err := enc.Encode(r.own[name]); err != nil {
			return // the interface has no way to say so
		}
	}
}

// CertificateLints implements [zlint.Registry].
func (r *registry) CertificateLints() zlint.CertificateLinterLookup {
	return &lookup{r.Registry.CertificateLints(), r}
}

// lookup adds lints to those of a registry.
type lookup struct {
	zlint.CertificateLinterLookup
	all *registry
}

// Names implements [zlint.CertificateLinterLookup].
func (l *lookup) Names() []string {
	return withNames(l.CertificateLinterLookup.Names(), l.all.own)
}

// ByName implements [zlint.CertificateLinterLookup].
func (l *lookup) ByName(name string) *zlint.CertificateLint {
	if own := l.all.own[name]; own != nil {
		return own
	}
	return l.CertificateLinterLookup.ByName(name)
}

// BySource implements [zlint.CertificateLinterLookup].
func (l *lookup) BySource(s zlint.LintSource) []*zlint.CertificateLint {
	return slices.DeleteFunc(l.Lints(), func(c *zlint.CertificateLint) bool { return c.Source != s })
}

// Lints implements [zlint.CertificateLinterLookup]. The lints are sorted by name.
func (l *lookup) Lints() []*zlint.CertificateLint { return slices.Clone(l.all.lints()) }

// Sources implements [zlint.CertificateLinterLookup].
func (l *lookup) Sources() zlint.SourceList {
	return withSources(l.CertificateLinterLookup.Sources(), l.all.own)
}

func withNames(names []string, own map[string]*zlint.CertificateLint) []string {
	names = slices.AppendSeq(slices.Clone(names), maps.Keys(own))
	slices.Sort(names)
	return names
}

func withSources(list zlint.SourceList, own map[string]*zlint.CertificateLint) zlint.SourceList {
	list = slices.Clone(list)
	for _, l := range own {
		list = append(list, l.Source)
	}
	return sortCompact(list)
}
