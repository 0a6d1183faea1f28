package lint

import (
	"cmp"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/lint/say"
)

// Cause is what the findings of one rule come to that have the same status, remedy
// and targets: one thing to do, with every place where it is to be done. People read
// causes; fingerprints and baselines go by findings.
type Cause struct {
	Rule       string
	Status     Status
	Targets    []Target // none: said by zlint, about the certificate as such
	Remedy     say.Text
	Commands   []string // those of the findings, each once
	Citation   string
	Confidence Confidence
	Places     []Place // in the order of findings
}

// Place is a file, or a certificate in one, and what a [Cause] has to say of it.
type Place struct {
	File     string // the file, or the name of the collection
	Index    int    // of the certificate in the file, from 0; -1 for the whole
	Subject  string // of the certificate, RFC 2253; empty for the whole
	SHA256   string // of the certificate, 64 lower-case hexadecimal digits; empty for the whole
	Messages []say.Message
}

// Remark reports whether the cause is what a lint of zlint says of certificates. It
// decides no verdict.
func (c *Cause) Remark() bool { return isRemark(c.Rule) }

// Causes returns the findings by cause: heavy ones first, remarks last, and those of
// one status by the name of the rule. Each finding is in one place of one cause.
func (r *Report) Causes() []Cause { return causesOf(r.Findings) }

func causesOf(findings []Finding) []Cause {
	type key struct {
		rule    string
		status  Status
		remedy  say.Text
		targets string
	}
	var list []Cause
	found := map[key]int{}
	for i := range findings {
		f := &findings[i]
		k := key{f.Rule, f.Status, f.Remedy, joined(f.Targets)}
		at, ok := found[k]
		if !ok {
			at = len(list)
			found[k] = at
			list = append(list, Cause{Rule: f.Rule, Status: f.Status, Targets: slices.Clone(f.Targets), Remedy: f.Remedy, Citation: f.Citation, Confidence: f.Confidence})
		}
		list[at].add(f)
		for _, c := range f.Commands {
			if !slices.Contains(list[at].Commands, c) {
				list[at].Commands = append(list[at].Commands, c)
			}
		}
	}
	// Findings come sorted, so that what is equal here stands in their order.
	slices.SortStableFunc(list, func(a, b Cause) int {
		remark := func(c Cause) int {
			if c.Remark() {
				return 1
			}
			return 0
		}
		return cmp.Or(cmp.Compare(remark(a), remark(b)), cmp.Compare(b.Status, a.Status), strings.Compare(a.Rule, b.Rule))
	})
	return list
}

// add notes one more finding. Those of one certificate follow each other.
func (c *Cause) add(f *Finding) {
	if n := len(c.Places); n > 0 {
		if last := &c.Places[n-1]; last.File == f.File && last.Index == f.Index && last.SHA256 == f.SHA256 {
			last.Messages = append(last.Messages, f.Message)
			return
		}
	}
	c.Places = append(c.Places, Place{File: f.File, Index: f.Index, Subject: f.Subject, SHA256: f.SHA256, Messages: []say.Message{f.Message}})
}
