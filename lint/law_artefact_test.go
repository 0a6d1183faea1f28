package lint_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
)

// TestLawArtefactBeside holds that an artefact is a subject of its own: what is found of it
// by itself is found beside a store, the settings of a tenant and an identity too, and no
// verdict on it is better there.
func TestLawArtefactBeside(t *testing.T) {
	settings := fmt.Sprintf(`{"OWASigningAlgorithms": "800C", "SMIMECertificateIssuingCA": %q}`,
		base64.StdEncoding.EncodeToString(must(elements([]*signer{issuing(), root()}).Marshal()).FullBytes))
	beside := map[string]func() []*bundle.File{
		"a store":     func() []*bundle.File { return store(issuing(), root()) },
		"settings":    func() []*bundle.File { return renamed(nil, texts(t, settings)) },
		"an identity": func() []*bundle.File { return openPFX(des("secret"), "secret") },
		"all of them": func() []*bundle.File {
			return slices.Concat(store(issuing(), root()), renamed(nil, texts(t, settings)), openPFX(des("secret"), "secret"))
		},
	}
	certificate := func(value string) string {
		return `{"@odata.type": "#microsoft.graph.iosTrustedRootCertificate", "certFileName": "x.cer", "trustedRootCertificate": ` + value + `}`
	}
	type artefact struct {
		name  string
		files func() []*bundle.File
		opts  *lint.Options
		same  bool // what lies beside it decides nothing of it
	}
	var artefacts []artefact
	for name, text := range map[string]string{
		"the certificate of a user": trustedProfile("ios", user()),
		"a CA as a root":            windowsProfile("computerCertStoreRoot", issuing()),
		"a CA alone":                windowsProfile("computerCertStoreIntermediate", issuing()),
		"no destination":            windowsProfile("", root()),
		"no type":                   `{"certFileName": "x.cer", "trustedRootCertificate": "` + inBase64(root().Raw) + `"}`,
		"octets":                    certificate("[1, 2, 3]"),
		"nothing":                   certificate("null"),
		"data:":                     certificate(`"data:x"`),
		"octets behind it":          certificate(`"` + inBase64(append(slices.Clip(root().Raw), 0)) + `"`),
		"a PFX":                     certificate(`"` + pfxText() + `"`),
		"a root":                    trustedProfile("ios", root()),
	} {
		artefacts = append(artefacts, artefact{name, func() []*bundle.File { return texts(t, text) }, nil, true})
	}
	for _, c := range ruleCases(t) {
		for _, in := range []func() given{c.fails, c.passes} {
			if in == nil || !ofArtefact(c.rule) || !slices.ContainsFunc(in().files, (*bundle.File).IsArtefact) {
				continue
			}
			artefacts = append(artefacts, artefact{c.rule, func() []*bundle.File { return in().files }, in().opts, false})
		}
	}
	rank := map[lint.VerdictStatus]int{lint.Works: 0, lint.Unknown: 1, lint.Fails: 2}
	for _, a := range artefacts {
		o := lint.Options{}
		if a.opts != nil {
			o = *a.opts
		}
		o.Time, o.ZLint, o.Targets = today, []string{"none"}, nil
		alone := run(t, a.files(), &o)
		found := map[string]bool{}
		for _, f := range alone.Findings {
			found[f.Rule] = true
		}
		for what, others := range beside {
			r := run(t, slices.Concat(a.files(), others()), &o)
			now := map[string]bool{}
			for _, f := range r.Findings {
				now[f.Rule] = true
			}
			for rule := range found {
				if !now[rule] {
					t.Errorf("%s beside %s: no %s", a.name, what, rule)
				}
			}
			for _, v := range alone.Subjects {
				if v.Subject.Kind != "artefact" {
					continue
				}
				at := slices.IndexFunc(r.Subjects, func(o lint.Verdict) bool {
					return o.Target == v.Target && o.Subject.Kind == v.Subject.Kind && o.Subject.File == v.Subject.File
				})
				if at < 0 {
					t.Errorf("%s beside %s: no verdict for %s", a.name, what, v.Target)
				} else if (a.same || v.Status == lint.Fails) && rank[r.Subjects[at].Status] < rank[v.Status] {
					t.Errorf("%s beside %s: %s %s, alone %s", a.name, what, v.Target, r.Subjects[at].Status, v.Status)
				}
			}
		}
	}
}

// TestJudgedForNone holds that what goes to none of the targets judged is named.
func TestJudgedForNone(t *testing.T) {
	files := slices.Concat(texts(t, trustedProfile("ios", root())), store(issuing(), root()))
	for _, tt := range []struct {
		target lint.Target
		named  bool
	}{{lint.ExchangeOnline, true}, {lint.Intune, false}} {
		r := run(t, files, &lint.Options{Time: today, Targets: []lint.Target{tt.target}, ZLint: []string{"none"}})
		named := slices.ContainsFunc(r.NotChecked, func(n lint.NotChecked) bool { return n.What.String() == "0.json" })
		if named != tt.named {
			t.Errorf("%s: named %t", tt.target, named)
		}
	}
}
