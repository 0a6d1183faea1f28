package lint

import (
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	zlint "github.com/zmap/zlint/v3/lint"
)

// pathRules are about paths that reach an anchor and break a rule of path
// validation on the way.
func pathRules() []Rule {
	rule := func(name string, description say.Text, citation string, remedy say.Text, codes problemCodes) Rule {
		return Rule{
			Name: name, Need: needPath, Description: description, Citation: citation, Source: zlint.RFC5280,
			Remedy:     remedy,
			Confidence: Documented,
			Symptoms:   untrusted,
			Run:        func(p *Pass) error { return p.reportBroken(codes.has) },
		}
	}
	rules := []Rule{
		rule("e_chain_path_length",
			"A chain is longer than a CA in it allows: there are more CAs below than its pathLenConstraint.",
			"RFC 5280, Sections 4.2.1.9 and 6.1.4 (l) and (m)",
			"Take another path, or have the certificate issued by a CA that may have none below it but users.",
			problemCodes{"path_length"}),
		rule("e_chain_name_constraint",
			"A name in the chain, such as the address of the user, is outside of what a CA above may issue for.",
			"RFC 5280, Sections 4.2.1.10 and 6.1.4 (b) and (c)",
			"Have the certificate issued by a CA that may issue for that domain.",
			problemCodes{"name_constraint", "name_constraint_form", "too_many_name_constraints"}),
		rule("e_chain_not_ca",
			"A certificate in the middle of a chain is not that of a CA: basicConstraints or key usage do not say that it may issue.",
			"RFC 5280, Sections 4.2.1.3, 4.2.1.9 and 6.1.4 (k) and (n)",
			"Replace the certificate by that of the CA with the same name and key.",
			problemCodes{"not_a_ca", "key_usage_without_cert_sign"}),
		rule("e_chain_eku_nesting",
			"A CA in the chain may not issue for e-mail: its extended key usages leave it out. Windows, and so Exchange Online, asks for e-mail protection in every certificate that lists usages, and for Thunderbird anyExtendedKeyUsage does not stand for it.",
			"S/MIME Baseline Requirements 7.1.2.2 g; RFC 5280, Section 4.2.1.12; Mozilla, mozilla::pkix, pkixcheck.cpp: MatchEKU",
			"Replace the certificate; a CA for web servers does not serve for mail.",
			problemCodes{"extended_key_usage", "any_extended_key_usage"}),
	}
	rest := rule("e_chain_no_valid_path",
		"Chains lead to an anchor, but each breaks a rule of path validation that no other rule here speaks of.",
		"RFC 5280, Section 6.1",
		"Replace the certificate that breaks the rule: where it is revoked, its CA has to issue a new one; where it is only not valid yet, wait for that date.", nil)
	rest.Run = func(p *Pass) error {
		if err := p.undecidedPaths(); err != nil {
			return err
		}
		return p.reportBroken(func(c chain.ProblemCode) bool { return !handled.has(c) })
	}
	return append(rules, rest, Rule{
		Name:        "w_chain_ends_before_certificate",
		Need:        needPath,
		Description: "The certificate of a user is valid for longer than every path that it has: a CA above it expires first.",
		Citation:    "RFC 5280, Section 6.1.3 (a)(2)",
		Source:      zlint.RFC5280,
		Remedy:      "Add a path that lasts longer, for instance the self-signed form of the root or another cross-certificate.",
		Confidence:  Documented,
		Applies:     hasUsers,
		Run:         runEndsEarly,
	})
}

// handled are the problems that a rule of their own speaks of.
var handled = problemCodes{
	"path_length", "name_constraint", "name_constraint_form", "too_many_name_constraints",
	"not_a_ca", "key_usage_without_cert_sign", "extended_key_usage", "any_extended_key_usage",
}

// reportBroken reports starts whose best path has a problem that is wanted.
func (p *Pass) reportBroken(wanted func(chain.ProblemCode) bool) error {
	starts, err := p.starts()
	if err != nil {
		return err
	}
	for _, s := range starts {
		path, problems := p.bestBroken(s.result)
		if path == nil {
			continue
		}
		parts := []say.Message{say.Count(len(s.result.Accepted)+len(s.result.Rejected), "the only path is not valid", "no path of %d is valid")}
		for _, problem := range problems {
			if wanted(problem.Code) {
				parts = append(parts, say.New("%s: %s", quoteName(path.Certificates[problem.Index].Subject()), problem))
			}
		}
		if len(parts) > 1 {
			p.ReportMessage(s.member, say.Join(parts...))
		}
	}
	return nil
}

// undecidedPaths says where it cannot be told whether there is a good path.
func (p *Pass) undecidedPaths() error {
	starts, err := p.starts()
	if err != nil {
		return err
	}
	for _, s := range starts {
		if len(p.good(s.result)) == 0 && !s.result.Complete() {
			p.undecided(codeLimit, s.member, "the search was cut short by its limit of %s", s.result.Truncated)
		}
	}
	return nil
}

func runEndsEarly(p *Pass) error {
	starts, err := p.userStarts()
	if err != nil {
		return err
	}
	for _, s := range starts {
		good := p.good(s.result)
		if len(good) == 0 {
			continue
		}
		longest := slices.MaxFunc(good, func(a, b *chain.Path) int { return a.NotAfter.Compare(b.NotAfter) })
		if own := s.member.Certificate.NotAfter(); longest.NotAfter.Before(own) {
			p.Report(s.member, "is valid until %s, its longest path, to %s, until %s",
				date(own), quoteName(longest.Anchor().Subject()), date(longest.NotAfter))
		}
	}
	return nil
}
