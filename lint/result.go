package lint

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
	zlint "github.com/zmap/zlint/v3/lint"
)

// Status is the status of a finding, in the words of zlint. Its String method
// gives the word that the JSON report uses.
type Status = zlint.LintStatus

// The statuses that a finding may have, from light to heavy.
const (
	Notice = zlint.Notice
	Warn   = zlint.Warn
	Error  = zlint.Error
	Fatal  = zlint.Fatal
)

// The statuses of a [RuleOutcome] where a rule did not judge anything.
const (
	NA = zlint.NA // not applicable
	NE = zlint.NE // not yet in force
)

// Report is the outcome of [Run]. It holds no certificates: a finding names one by
// File and Index, which is an index of the Certificates of the bundle.File of that
// name, and by its SHA256.
//
// Package report writes it as JSON in a form that does not change; what
// encoding/json makes of it may.
type Report struct {
	Time time.Time // the moment that was judged

	// CatalogDate is the date of the facts about CAs: [catalog.Catalog.Date] of
	// Options.Catalog.
	CatalogDate time.Time

	Files      []File            // what was checked, sorted by name as [say.Compare] does
	Findings   []Finding         // sorted by file, certificate, rule and message
	Verdicts   []Verdict         // one for each target about all subjects, in the order of [Targets]
	Subjects   []Verdict         // one for each subject and target, in the order of targets, files and certificates
	Missing    []Missing         // the certificates that chains lack, in the order in which chains come to them
	NotChecked []NotChecked      // what could not be judged, and why
	Outcomes   []RuleOutcome     // of each rule for each collection, sorted by collection and rule
	Accepted   []Accepted        // what a [Baseline] accepts, in the order of findings
	Chains     []Chain           // where Options.Chains asks for them
	Revocation []RevocationCheck // of each certificate that lists were asked about; none where no list was given and nothing fetched

	incomplete bool // not every file that was given was read
}

// RuleOutcome says what came of one rule of this package for one collection: the
// worst status over its certificates and over the targets that were judged. It
// is NA where the rule had nothing to judge or lacked a fact, NE where it was not
// yet in force for any certificate.
type RuleOutcome struct {
	Rule       string
	Collection string
	Status     Status
}

// File is one file that was checked.
type File struct {
	Name         string
	Format       bundle.Format
	SHA256       string        // of its octets, 64 lower-case hexadecimal digits; empty where certificates were given without a file
	Collection   string        // that it was judged in: its own name, or that of several files
	Certificates []Certificate // in file order
	Closed       say.Message   // why not everything in a PFX was opened; zero otherwise
	ClosedCode   Code          // the same for programs; empty otherwise
	User         string        // whose file it is, where Options.FactsOf says so: a user principal name, or else an address
}

// Certificate describes one certificate of a file. Fields that could not be
// read from it are empty.
type Certificate struct {
	Subject   string // RFC 2253
	Issuer    string // RFC 2253
	SHA256    string // of the whole encoding, 64 lower-case hexadecimal digits
	NotBefore time.Time
	NotAfter  time.Time
}

// Finding is one thing that a rule or a lint of zlint has to say.
type Finding struct {
	Rule       string
	Status     Status
	Targets    []Target    // none: said by zlint, about the certificate as such
	File       string      // the file, or the name of the collection
	Index      int         // of the certificate in the file, from 0; -1 for the whole
	Subject    string      // of the certificate, RFC 2253; empty for the whole
	SHA256     string      // of the certificate, 64 lower-case hexadecimal digits; empty for the whole
	Message    say.Message // for people: changes
	Remedy     say.Text    // what to do; may be empty
	Commands   []string    // that do it, with the names of files, for a shell; may be none
	Citation   string
	Confidence Confidence

	about *subject // that alone it concerns; nil where File and Index say it
}

// NotChecked is something that was given and not judged.
type NotChecked struct {
	Code Code        // why, for programs
	What say.Message // a file, a certificate in a file, or rules
	Why  say.Message
}

// Verdict returns the verdict for a target, with the status [NotApplicable] where
// the report has none.
func (r *Report) Verdict(t Target) Verdict {
	if i := slices.IndexFunc(r.Verdicts, func(v Verdict) bool { return v.Target == t }); i >= 0 {
		return r.Verdicts[i]
	}
	return Verdict{Target: t, Status: NotApplicable, Sign: NotApplicable, Encrypt: NotApplicable}
}

// Remark reports whether the finding is what a lint of zlint says of a certificate.
// It decides no verdict.
func (f *Finding) Remark() bool { return isRemark(f.Rule) }

// isRemark reports whether a rule is a lint of zlint.
func isRemark(rule string) bool {
	return zlint.GlobalRegistry().CertificateLints().ByName(rule) != nil
}

// Idle returns the subjects that work for none of the targets that were judged, in
// the order of reports.
func (r *Report) Idle() []Subject {
	working := map[Subject]bool{}
	var order []Subject
	for i := range r.Subjects {
		v := &r.Subjects[i]
		if _, ok := working[v.Subject]; !ok {
			order = append(order, v.Subject)
		}
		working[v.Subject] = working[v.Subject] || v.Status == Works
	}
	return slices.DeleteFunc(order, func(s Subject) bool { return working[s] })
}

// Worst returns the highest status of all findings that are no remarks,
// [zlint.Pass] when there is none.
func (r *Report) Worst() Status {
	worst := zlint.Pass
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Status > worst && !f.Remark() {
			worst = f.Status
		}
	}
	return worst
}

// sortFindings brings findings into the order of reports and joins those that
// say the same for several targets.
func sortFindings(findings []Finding) []Finding {
	// Each message is put together once, not at every comparison.
	type keyed struct {
		*Finding
		text string
	}
	all := make([]keyed, len(findings))
	for i := range findings {
		all[i] = keyed{&findings[i], findings[i].Message.String()}
	}
	compare := func(a, b keyed) int {
		if c := cmp.Or(say.Compare(a.File, b.File), cmp.Compare(a.Index, b.Index), strings.Compare(a.Rule, b.Rule)); c != 0 {
			return c
		}
		return say.Compare(a.text, b.text) // texts are long: only where nothing else decides
	}
	slices.SortFunc(all, compare)
	again := make([]bool, len(all)) // says the same as the one before
	different := 0
	for i := range all {
		if again[i] = i > 0 && compare(all[i-1], all[i]) == 0; !again[i] {
			different++
		}
	}
	if different == 0 {
		return nil
	}
	joined := make([]Finding, 0, different) // there may be hundreds of thousands
	for i, f := range all {
		if again[i] {
			last := &joined[len(joined)-1]
			last.Targets = append(last.Targets, f.Targets...)
			continue
		}
		joined = append(joined, *f.Finding)
	}
	for i := range joined {
		joined[i].Targets = sortTargets(joined[i].Targets)
	}
	return joined
}

// sortOutcomes orders outcomes.
func sortOutcomes(outcomes []RuleOutcome) []RuleOutcome {
	slices.SortFunc(outcomes, func(a, b RuleOutcome) int {
		return cmp.Or(say.Compare(a.Collection, b.Collection), strings.Compare(a.Rule, b.Rule))
	})
	return outcomes
}
