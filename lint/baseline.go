package lint

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"path"
	"path/filepath"
	"slices"
	"time"

	"github.com/smimechain/smimechain/lint/say"
)

// Baseline lists the findings that somebody has decided to live with, each for a
// limited time. It is written as a JSON file:
//
//	{
//	  "version": 1,
//	  "accept": [
//	    {
//	      "rule": "w_collection_end_entity",
//	      "sha256": "64 hexadecimal digits",
//	      "reason": "the test user stays until the roll-out is over",
//	      "expires": "2027-03-31"
//	    }
//	  ]
//	}
//
// Each acceptance names a rule and either a certificate, by the SHA-256 of its
// encoding, or a file as the report calls it. The reason and the last day are
// required. A Baseline is safe for concurrent use as long as nobody changes it.
type Baseline struct {
	Name   string // of its file, as findings about it call it
	Accept []Acceptance
}

// Acceptance is one entry of a [Baseline].
type Acceptance struct {
	Rule    string
	SHA256  string    // of a certificate, 64 lower-case hexadecimal digits; empty when File is set
	File    string    // with forward slashes; empty when SHA256 is set
	Reason  string    // why it is accepted, and by whom
	Expires time.Time // the last day, in UTC
}

// Accepted is a finding that a [Baseline] accepts. It decides no verdict.
type Accepted struct {
	Finding
	Reason  string
	Expires time.Time
}

// maxAcceptances is the largest number of entries of a [Baseline].
const maxAcceptances = 10000

// ParseBaseline reads a baseline, strictly: unknown members, unknown rules,
// entries that are there twice, more than 10,000 of them and whatever
// follows the object are errors. A byte order mark is skipped. Name stands for the
// file in errors and findings. Acceptances may name rules of one's own that are given,
// besides those of [Rules] and the lints of zlint.
func ParseBaseline(name string, data []byte, own ...Rule) (*Baseline, error) {
	var file struct {
		Version int `json:"version"`
		Accept  []struct {
			Rule    string `json:"rule"`
			SHA256  string `json:"sha256"`
			File    string `json:"file"`
			Reason  string `json:"reason"`
			Expires string `json:"expires"`
		} `json:"accept"`
	}
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))))
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		return nil, say.Errorf("%s: %w", name, jsonError(err))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, say.Errorf("%s: something follows the JSON object", name)
	}
	if file.Version != 1 {
		return nil, say.Errorf("%s: version %d, want 1", name, file.Version)
	}
	if len(file.Accept) > maxAcceptances {
		return nil, say.Errorf("%s: more than %d acceptances", name, maxAcceptances)
	}
	b := &Baseline{Name: name}
	seen := map[[3]string]bool{}
	for i, e := range file.Accept {
		a := Acceptance{Rule: e.Rule, SHA256: e.SHA256, Reason: e.Reason}
		if e.File != "" {
			a.File = cleanName(e.File)
		}
		var err error
		if a.Expires, err = time.Parse(time.DateOnly, e.Expires); err != nil {
			return nil, say.Errorf("%s: acceptance %d: expires: want a date such as 2027-03-31", name, i)
		}
		if err := a.check(own); err != nil {
			return nil, say.Errorf("%s: acceptance %d: %w", name, i, err)
		}
		if key := [3]string{a.Rule, a.SHA256, a.File}; seen[key] {
			return nil, say.Errorf("%s: acceptance %d is there twice", name, i)
		} else {
			seen[key] = true
		}
		b.Accept = append(b.Accept, a)
	}
	return b, nil
}

// check finds what is wrong with an acceptance.
func (a *Acceptance) check(own []Rule) error {
	if _, ok := FindRule(a.Rule); !ok && !slices.ContainsFunc(own, func(r Rule) bool { return r.Name == a.Rule }) {
		return say.Errorf("unknown rule %.80q", a.Rule)
	}
	if isHousekeeping(a.Rule) {
		return say.Errorf("%s is about the baseline itself and cannot be accepted", a.Rule)
	}
	if a.Reason == "" {
		return say.Errorf("the reason is missing")
	}
	if (a.SHA256 == "") == (a.File == "") {
		return say.Errorf("want either sha256 or file")
	}
	if sum, _ := hex.DecodeString(a.SHA256); a.SHA256 != "" && (len(sum) != 32 || hex.EncodeToString(sum) != a.SHA256) {
		return say.Errorf("sha256: want 64 lower-case hexadecimal digits")
	}
	return nil
}

// expired reports whether the last day is over.
func (a *Acceptance) expired(at time.Time) bool {
	return !at.Before(a.Expires.AddDate(0, 0, 1))
}

// cleanName writes the name of a file in one way.
func cleanName(name string) string { return path.Clean(filepath.ToSlash(name)) }

// Apply moves the findings that the baseline accepts, at the time of the report,
// from Findings to Accepted, and draws the verdicts anew. It returns which
// acceptances accepted something, as indices of Accept, for [Baseline.Review].
// A nil baseline accepts nothing.
func (b *Baseline) Apply(r *Report) (used []int) {
	if b == nil {
		return nil
	}
	// An acceptance is for a certificate or for a file, never for both.
	type about struct{ rule, sha256, file string }
	first := map[about]int{}
	for i, a := range b.Accept {
		key := about{a.Rule, a.SHA256, a.File}
		if _, ok := first[key]; !ok && !a.expired(r.Time) {
			first[key] = i
		}
	}
	find := func(f *Finding) (int, bool) {
		bySum, ok := first[about{rule: f.Rule, sha256: f.SHA256}]
		ok = ok && f.SHA256 != ""
		byFile, also := first[about{rule: f.Rule, file: cleanName(f.File)}]
		if ok && also {
			return min(bySum, byFile), true
		}
		if also {
			return byFile, true
		}
		return bySum, ok
	}
	r.Findings = slices.DeleteFunc(slices.Clone(r.Findings), func(f Finding) bool {
		i, ok := find(&f)
		if ok {
			r.Accepted = append(r.Accepted, Accepted{f, b.Accept[i].Reason, b.Accept[i].Expires})
			used = append(used, i)
		}
		return ok
	})
	slices.Sort(used)
	left := map[Target]map[refuting]bool{}
	for _, f := range r.Findings {
		for _, t := range f.Targets {
			if left[t] == nil {
				left[t] = map[refuting]bool{}
			}
			left[t][refuting{f.Rule, f.File, f.Index}] = true
		}
	}
	judged := map[Target]bool{}
	for i := range r.Subjects {
		r.Subjects[i].redraw(left[r.Subjects[i].Target])
		judged[r.Subjects[i].Target] = true
	}
	r.Verdicts = summary(r.Subjects, judged)
	r.lower()
	return slices.Compact(used)
}

// Review adds to the findings of a report what is to be said of the baseline itself:
// which acceptances have expired at the time of the report, and which of the others have
// accepted nothing, given the indices that [Baseline.Apply] returned for all reports. A
// nil baseline adds nothing.
func (b *Baseline) Review(r *Report, used map[int]bool) {
	if b == nil {
		return
	}
	var findings []Finding
	for i, a := range b.Accept {
		of := a.File
		if of == "" {
			of = a.SHA256
		}
		switch {
		case a.expired(r.Time):
			findings = append(findings, b.finding(&housekeepingRules[0], say.New("the acceptance of %s for %s expired on %s: %s", a.Rule, of, date(a.Expires), a.Reason)))
		case !used[i]:
			findings = append(findings, b.finding(&housekeepingRules[1], say.New("the acceptance of %s for %s, until %s, matches no finding", a.Rule, of, date(a.Expires))))
		}
	}
	r.Findings = sortFindings(slices.Concat(r.Findings, findings))
}

func (b *Baseline) finding(r *Rule, m say.Message) Finding {
	return Finding{
		Rule: r.Name, Status: r.Status(), File: b.Name, Index: -1, Message: m,
		Remedy: r.Remedy, Citation: r.Citation, Confidence: r.Confidence,
	}
}

// housekeepingRules are the rules about baselines. They look at no collection,
// so that [Rules] does not list them; [FindRule] knows them.
var housekeepingRules = []Rule{
	{
		Name:        "w_acceptance_expired",
		Description: "The last day of an acceptance is over. The finding that it accepted counts again.",
		Citation:    "smimechain, lint.Baseline",
		Remedy:      "Remedy the finding, or decide anew and give the acceptance a later date.",
		Confidence:  Documented,
	},
	{
		Name:        "n_acceptance_unused",
		Description: "An acceptance matches no finding: what it accepted has been remedied, or the file or certificate is not among those that were checked.",
		Citation:    "smimechain, lint.Baseline",
		Remedy:      "Remove the acceptance when the finding has been remedied.",
		Confidence:  Documented,
	},
}

func isHousekeeping(rule string) bool {
	return slices.ContainsFunc(housekeepingRules, func(r Rule) bool { return r.Name == rule })
}
