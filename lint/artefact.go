package lint

import (
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
)

// deployRule makes a rule about files of a roll-out.
func deployRule(target Target, name string, confidence Confidence, citation string, description, remedy say.Text, check artefactCheck) Rule {
	return Rule{
		Name: name, Description: description, Citation: citation,
		Targets:    []Target{target},
		Remedy:     remedy,
		Confidence: confidence,
		Applies:    check.applies,
		Run:        check.run,
	}
}

// forTargets gives a rule several targets.
func forTargets(r Rule, targets ...Target) Rule {
	r.Targets = targets
	return r
}

// withFacts gives a rule the facts that it has to know.
func withFacts(r Rule, facts ...Fact) Rule {
	r.Facts = facts
	return r
}

// artefactCheck is what a rule about files of a roll-out asks first, and what it
// does then.
type artefactCheck struct {
	applies func(*Pass) bool // there is something to judge
	run     func(*Pass) error
}

// each makes the check that looks at one file of the format at a time.
func each(format bundle.Format, look func(*Pass, *bundle.File)) artefactCheck {
	return artefactCheck{
		applies: func(p *Pass) bool { return len(p.filesOf(format)) > 0 },
		run: func(p *Pass) error {
			for _, f := range p.filesOf(format) {
				look(p, f)
			}
			return nil
		},
	}
}

// eachPart makes the check that looks at one part of a file of the format at a
// time, of those that are wanted. Parts are counted from 0.
func eachPart[T any](format bundle.Format, parts func(*bundle.File) []T, wanted func(*T) bool, look func(*Pass, *bundle.File, *T, int)) artefactCheck {
	return artefactCheck{
		applies: func(p *Pass) bool {
			return slices.ContainsFunc(p.filesOf(format), func(f *bundle.File) bool {
				list := parts(f)
				for i := range list {
					if wanted(&list[i]) {
						return true
					}
				}
				return false
			})
		},
		run: func(p *Pass) error {
			for _, f := range p.filesOf(format) {
				list := parts(f)
				for i := range list {
					if wanted(&list[i]) {
						look(p, f, &list[i], i)
					}
				}
			}
			return nil
		},
	}
}

// either makes the check that does what both do.
func either(a, b artefactCheck) artefactCheck {
	return artefactCheck{
		applies: func(p *Pass) bool { return a.applies(p) || b.applies(p) },
		run: func(p *Pass) error {
			if err := a.run(p); err != nil {
				return err
			}
			return b.run(p)
		},
	}
}

// filesOf returns the files of the collection that have the format.
func (p *Pass) filesOf(format bundle.Format) []*bundle.File {
	var files []*bundle.File
	for _, f := range p.Collection.Files {
		if f.Format == format {
			files = append(files, f)
		}
	}
	return files
}

// userCertificate returns the certificate of the one identity that an
// inspection shows, nil when it shows none or several.
func userCertificate(r *pkcs12.Inspection) *chain.Certificate {
	if r == nil || len(r.Identities) != 1 || r.Identities[0].Leaf == nil {
		return nil
	}
	bag := r.Bag(r.Identities[0].Leaf)
	if bag == nil || bag.Certificate == nil {
		return nil
	}
	return bag.Certificate
}

// algorithms splits a list of algorithm numbers such as 6602:128;6603,1.2.3.
func algorithms(list string) []string {
	var ids []string
	for entry := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ';' || r == ' ' }) {
		id, _, _ := strings.Cut(entry, ":")
		id, _, _ = strings.Cut(id, ",")
		ids = append(ids, strings.ToUpper(id))
	}
	return ids
}

// printable keeps long settings out of messages.
func printable(s string) string {
	const longest = 100 // octets
	if len(s) > longest {
		return strings.ToValidUTF8(s[:longest], "") + "…"
	}
	return s
}
