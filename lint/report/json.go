package report

import (
	"cmp"
	"io"
	"strings"
	"time"

	"github.com/smimechain/smimechain/internal/console"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// JSON writes the report as one JSON object, a [Document], indented.
func (o *Options) JSON(w io.Writer, r *lint.Report) error {
	return console.EncodeJSON(w, o.Document(r), "", "  ")
}

// NDJSON writes the report as the same JSON object on one line, to be followed
// by those of other reports. The line is given to w in one call of Write.
func (o *Options) NDJSON(w io.Writer, r *lint.Report) error {
	return console.EncodeJSON(w, o.Document(r), "", "")
}

// Document returns what the JSON report says.
func (o *Options) Document(r *lint.Report) *Document {
	o = o.or()
	d := &Document{
		Version:     JSONVersion,
		Tool:        o.tool(),
		Lang:        o.Language.Code(),
		Time:        rfc3339(r.Time),
		CatalogDate: dateOnly(r.CatalogDate),
		Files:       make([]jsonFile, len(r.Files)),
		Targets:     make([]jsonTarget, len(r.Verdicts)),
		Verdicts:    o.verdicts(r),
		Findings:    []jsonFinding{},
		Remarks:     []jsonFinding{},
		Missing:     make([]jsonMissing, len(r.Missing)),
		NotChecked:  make([]jsonNotChecked, len(r.NotChecked)),
		Revocation:  make([]jsonRevocation, len(r.Revocation)),
		Accepted:    make([]jsonAccepted, len(r.Accepted)),
	}
	for i := range r.Files {
		d.Files[i] = o.file(&r.Files[i])
	}
	for i := range r.Findings {
		list := &d.Findings
		if r.Findings[i].Remark() {
			list = &d.Remarks
		}
		*list = append(*list, o.finding(&r.Findings[i]))
	}
	for i := range r.Accepted {
		a := &r.Accepted[i]
		d.Accepted[i] = jsonAccepted{o.finding(&a.Finding), a.Reason, dateOnly(a.Expires)}
	}
	for i, v := range r.Verdicts {
		d.Targets[i] = jsonTarget{
			Target: v.Target, Status: v.Status, Because: notNil(v.Because), Facts: v.Facts,
			Sign: applicable(v.Sign), Encrypt: applicable(v.Encrypt),
		}
	}
	for i := range r.Missing {
		d.Missing[i] = missing(&r.Missing[i])
	}
	for i, c := range r.Revocation {
		d.Revocation[i] = jsonRevocation{
			c.Subject, c.SHA256, strings.ReplaceAll(c.Status.String(), " ", "_"), o.joined([]say.Message{c.Detail}),
		}
	}
	for i, n := range r.NotChecked {
		d.NotChecked[i] = jsonNotChecked{notCheckedCode(n), o.Language.Say(n.What), o.Language.Say(n.Why)}
	}
	return d
}

// notCheckedCode returns the code of what was not checked; whoever makes a report of
// their own may have left it out.
func notCheckedCode(n lint.NotChecked) lint.Code { return cmp.Or(n.Code, "undecided") }

// tool returns the program that writes.
func (o *Options) tool() Tool { return Tool{cmp.Or(o.Tool.Name, "smimechain"), o.Tool.Version} }

func (o *Options) file(f *lint.File) jsonFile {
	out := jsonFile{Name: f.Name, Format: f.Format.String(), User: f.User, Certificates: make([]jsonCertificate, len(f.Certificates))}
	if f.Collection != f.Name {
		out.Collection = f.Collection
	}
	if !f.Closed.IsZero() {
		out.Closed = &jsonClosed{closedCode(f), o.Language.Say(f.Closed)}
	}
	for i, c := range f.Certificates {
		out.Certificates[i] = jsonCertificate{i, c.Subject, c.Issuer, c.SHA256, rfc3339(c.NotAfter)}
	}
	return out
}

// closedCode returns the code of a file that was not opened.
func closedCode(f *lint.File) lint.Code { return cmp.Or(f.ClosedCode, "not_opened") }

// verdicts returns the verdicts about each subject, with what they follow from.
func (o *Options) verdicts(r *lint.Report) []Verdict {
	list := make([]Verdict, len(r.Subjects))
	for i := range r.Subjects {
		v := &r.Subjects[i]
		list[i] = Verdict{
			Target: v.Target, Kind: v.Subject.Kind, File: v.Subject.File, Subject: v.Subject.Name, SHA256: v.Subject.SHA256, Message: v.Subject.Message,
			With: notNil(v.With), Status: v.Status, Needs: make([]jsonNeed, len(v.Needs)), Because: notNil(v.Because),
		}
		if v.Subject.Index >= 0 {
			list[i].Index = &v.Subject.Index
		}
		for j, a := range v.Needs {
			list[i].Needs[j] = jsonNeed{a.Need, a.State, a.Code, o.joined(a.Evidence), o.joined(a.Decide), notNil(a.Because)}
		}
	}
	return list
}

func missing(m *lint.Missing) jsonMissing {
	out := jsonMissing{m.Subject, m.SHA256, notNil(m.URLs), m.Kind, make([]jsonMissingFor, len(m.For)), rfc3339(m.NotAfter), make([]jsonMissingWay, len(m.Others))}
	for i, w := range m.Others {
		out.Others[i] = jsonMissingWay{w.Root, w.SHA256, notNil(w.Lists)}
	}
	for i, f := range m.For {
		out.For[i] = jsonMissingFor{notNil(f.Targets), f.File, f.Index, f.Subject, f.SHA256}
	}
	return out
}

// joined says several things in one.
func (o *Options) joined(list []say.Message) string {
	if len(list) == 0 {
		return ""
	}
	return o.Language.Say(say.Join(list...))
}

// applicable returns a status, empty where it is not applicable.
func applicable(s lint.VerdictStatus) lint.VerdictStatus {
	if s == lint.NotApplicable {
		return ""
	}
	return s
}

func (o *Options) finding(f *lint.Finding) jsonFinding {
	out := jsonFinding{
		Rule: f.Rule, Status: f.Status, Targets: notNil(f.Targets), File: f.File, Subject: f.Subject, SHA256: f.SHA256,
		Message: o.Language.Say(f.Message), Remedy: o.text(f.Remedy), Commands: notNil(f.Commands), Citation: f.Citation,
	}
	if f.Confidence != 0 {
		out.Confidence = f.Confidence.String()
	}
	if f.Index >= 0 {
		out.Index = &f.Index
	}
	return out
}

// notNil makes an empty list an empty array instead of null.
func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func dateOnly(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}
