package lint

import (
	"context"
	"fmt"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/pkcs12"
)

// Pass is what a rule sees when it runs: one collection and one target.
type Pass struct {
	Context    context.Context
	Target     Target
	Time       time.Time
	Collection *Collection
	Catalog    *catalog.Catalog

	rule     *Rule
	roots    []*chain.Certificate
	findings []Finding
	unknown  []NotChecked // what would decide the verdict and cannot be known
}

// Report adds a finding about a certificate of the collection, or about the
// collection as a whole when m is nil. The format is a whole sentence, so that it
// can be translated; what varies is in args, which must not quote input other
// than names, dates and identifiers.
func (p *Pass) Report(m *Member, format string, args ...any) {
	p.ReportMessage(m, say(format, args...))
}

// ReportMessage is like [Pass.Report] for a message that was put together.
func (p *Pass) ReportMessage(m *Member, message Message) {
	f := Finding{
		Rule:       p.rule.Name,
		Status:     p.rule.Status(),
		Targets:    []Target{p.Target},
		File:       p.Collection.Name,
		Index:      -1,
		Message:    message,
		Remedy:     p.rule.Remedy,
		Citation:   p.rule.Citation,
		Confidence: p.rule.Confidence,
	}
	if m != nil {
		f.File, f.Index, f.Subject, f.SHA256 = m.File.Name, m.Index, m.subject, m.sha256
	}
	p.findings = append(p.findings, f)
}

// ReportFile adds a finding about a file of the collection.
func (p *Pass) ReportFile(name, format string, args ...any) {
	p.Report(nil, format, args...)
	p.findings[len(p.findings)-1].File = name
}

// Undecided says that the rule could not tell, so that the verdict of the target
// is unknown unless something else makes it fail.
func (p *Pass) Undecided(what, why string) {
	p.unknown = append(p.unknown, NotChecked{What: what, Why: p.rule.Name + ": " + why})
}

// unread makes the verdict unknown where a PFX was not opened: what cannot be
// seen is not known to be good.
func (p *Pass) unread() {
	for _, f := range p.Collection.Files {
		if f.PFX == nil {
			continue
		}
		for i, safe := range f.PFX.Safes {
			if safe.Status != pkcs12.StatusPlain && safe.Status != pkcs12.StatusOK {
				p.unknown = append(p.unknown, NotChecked{
					What: fmt.Sprintf("%s: safe %d", f.Name, i),
					Why:  fmt.Sprintf("%s; the password: %s", safe.Status, f.PFX.Password.Status),
				})
			}
		}
	}
}

// decides reports whether the finding makes a verdict fail.
func (f Finding) decides() bool { return f.Status >= Error }
