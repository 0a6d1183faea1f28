package lint

import (
	"cmp"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
)

// sightOf is what was seen for a target.
type sightOf struct {
	certificates bool // or a PFX that may hide some
	users        bool // certificates of users
}

func (s *sightOf) add(p *Pass) {
	s.certificates = s.certificates || len(p.Collection.Members) > 0 || slices.ContainsFunc(p.Collection.Files, func(f *bundle.File) bool { return !f.IsArtefact() })
	s.users = s.users || hasUsers(p)
}

// outOfSight says what the files of no call can show about the targets that were
// judged. It changes no verdict.
func outOfSight(seen map[Target]*sightOf, opts *Options, files *rollout, revocation *revocations) []NotChecked {
	var list []NotChecked
	certificates := false
	for t, s := range seen {
		if !s.certificates {
			code, why := codeNothingGiven, say.New("no certificate was given: check the files together with what they roll out")
			if slices.ContainsFunc(t.row().takes, func(f bundle.Format) bool { return len(files.identities[f]) > 0 }) {
				code, why = codeIdentityElsewhere, say.New("the certificates of the identity inside were not judged: check its PFX file together with this one")
			}
			list = append(list, NotChecked{Code: code, What: say.New("%s", string(t)), Why: why})
			continue
		}
		certificates = true
		known := files.config != nil || opts.Facts != nil && opts.Facts.SmimeConfig != nil
		if o := t.row().outOfSight; o.text != "" && (s.users || !o.users) && !(o.settings && known) {
			list = append(list, NotChecked{Code: codeOutOfSight, What: say.New("%s", string(t)), Why: say.New(o.text)})
		}
	}
	if certificates && opts.Revocation == nil && !revocation.covers() {
		list = append(list, NotChecked{
			Code: codeRevocationNotChecked,
			What: say.New("revocation"),
			Why:  say.New("nothing was fetched; whether certificates are revoked and their revocation lists can be reached is not known"),
		})
	}
	return append(list, revocation.open()...)
}

// notApplicableWithout says which rules could not run for want of which fact.
func notApplicableWithout(lacking map[Fact][]string) []NotChecked {
	var list []NotChecked
	for fact, names := range lacking {
		list = append(list, NotChecked{
			Code: codeFact,
			What: say.New("%s", strings.Join(sortCompact(names), ", ")),
			Why:  say.New("not applicable without the fact %s", fact),
		})
	}
	return list
}

// sortNotChecked brings what was not checked into the order of reports, each
// only once.
func sortNotChecked(list []NotChecked) []NotChecked {
	// Each message is put together once, not at every comparison.
	type said struct {
		what, why string
		NotChecked
	}
	all := make([]said, len(list))
	for i, n := range list {
		all[i] = said{n.What.String(), n.Why.String(), n}
	}
	slices.SortFunc(all, func(a, b said) int {
		return cmp.Or(say.Compare(a.what, b.what), say.Compare(a.why, b.why))
	})
	all = slices.CompactFunc(all, func(a, b said) bool { return a.what == b.what && a.why == b.why })
	list = list[:0]
	for _, n := range all {
		list = append(list, n.NotChecked)
	}
	return list
}
