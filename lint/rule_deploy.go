package lint

import (
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/pkcs12"
	zlint "github.com/zmap/zlint/v3/lint"
)

// deployRules are the rules about what administrators run, paste and upload.
func deployRules() []Rule {
	return slices.Concat(scriptRules(), exchangeRules(), trustedRules(), graphRules(), profileRules())
}

// deployRule makes a rule about one kind of file.
func deployRule(target Target, name string, confidence Confidence, citation, description, remedy string, run func(*Pass) error) Rule {
	return Rule{
		LintMetadata: zlint.LintMetadata{Name: name, Description: description, Citation: citation, Source: zlint.UnknownLintSource},
		Targets:      []Target{target},
		Remedy:       remedy,
		Confidence:   confidence,
		Run:          run,
	}
}

// each makes a rule's function of one that looks at one file of the format.
func each(format bundle.Format, look func(*Pass, *bundle.File)) func(*Pass) error {
	return func(p *Pass) error {
		for _, f := range p.Collection.Files {
			if f.Format == format {
				look(p, f)
			}
		}
		return nil
	}
}

// userCertificate returns the certificate of the one identity that an
// inspection shows, nil when it shows none or several.
func userCertificate(r *pkcs12.Report) *chain.Certificate {
	if r == nil || len(r.Identities) != 1 || r.Identities[0].Leaf == nil {
		return nil
	}
	bag := r.Bag(r.Identities[0].Leaf)
	if bag == nil || bag.Certificate == nil {
		return nil
	}
	return chain.ParseCertificate(bag.Certificate.Raw)
}
