package report

import (
	"io"
	"strings"
	"time"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// JSONVersion is the version of the JSON report. It changes when a field that
// programs rely on changes its name or meaning; new fields do not change it.
const JSONVersion = 1

// The types below are the JSON report, field by field.
type (
	jsonReport struct {
		Version    int              `json:"version"`
		Time       string           `json:"time"` // RFC 3339, UTC
		Files      []jsonFile       `json:"files"`
		Findings   []jsonFinding    `json:"findings"`
		Verdicts   []jsonVerdict    `json:"verdicts"`
		Subjects   []jsonSubject    `json:"subjects"` // a verdict for each target about each of them
		NotChecked []jsonNotChecked `json:"not_checked"`
		Revocation []jsonRevocation `json:"revocation,omitempty"` // of each certificate that revocation lists were asked about
		Accepted   []jsonAccepted   `json:"accepted,omitempty"`   // by a baseline
	}
	jsonAccepted struct {
		jsonFinding
		Reason  string `json:"reason"`
		Expires string `json:"expires"` // a date, the last day
	}
	jsonFile struct {
		Name         string            `json:"name"`
		Collection   string            `json:"collection,omitempty"` // that it was judged in, where that is more than the file
		Format       string            `json:"format"`
		Certificates []jsonCertificate `json:"certificates"`
	}
	jsonCertificate struct {
		Index    int    `json:"index"` // from 0, in file order
		Subject  string `json:"subject"`
		Issuer   string `json:"issuer"`
		SHA256   string `json:"sha256"`
		NotAfter string `json:"not_after"` // RFC 3339, UTC; empty when unreadable
	}
	jsonFinding struct {
		Rule       string        `json:"rule"`
		Status     string        `json:"status"`
		Targets    []lint.Target `json:"targets"`
		File       string        `json:"file"`
		Index      *int          `json:"index"` // null when about the whole
		Subject    string        `json:"subject"`
		SHA256     string        `json:"sha256"`
		Message    string        `json:"message"`
		Remedy     string        `json:"remedy"`
		Citation   string        `json:"citation"`
		Confidence string        `json:"confidence"`
	}
	jsonVerdict struct {
		Target  lint.Target        `json:"target"`
		Status  lint.VerdictStatus `json:"status"`
		Because []string           `json:"because"`
		Facts   []lint.Fact        `json:"facts,omitempty"`   // where unknown
		Sign    lint.VerdictStatus `json:"sign,omitempty"`    // not where not applicable
		Encrypt lint.VerdictStatus `json:"encrypt,omitempty"` // likewise
	}
	jsonSubject struct {
		Target  lint.Target        `json:"target"`
		Kind    lint.SubjectKind   `json:"kind"`
		File    string             `json:"file"`
		Index   *int               `json:"index"` // null when about the whole
		Subject string             `json:"subject"`
		SHA256  string             `json:"sha256"`
		With    []string           `json:"with,omitempty"` // the files beside its collection that it was judged with
		Status  lint.VerdictStatus `json:"status"`
		Needs   []jsonNeed         `json:"needs"`
		Because []string           `json:"because"`
	}
	jsonNeed struct {
		Need     lint.Need  `json:"need"`
		State    lint.State `json:"state"`
		Evidence string     `json:"evidence,omitempty"`
		Decide   string     `json:"decide,omitempty"` // what would, or what is taken for granted
		Because  []string   `json:"because"`
	}
	jsonRevocation struct {
		Subject string `json:"subject"`
		SHA256  string `json:"sha256"`
		Status  string `json:"status"` // good, revoked; unknown, out_of_date, not_verified, not_usable or not_fetched
		Detail  string `json:"detail,omitempty"`
	}
	jsonNotChecked struct {
		What string `json:"what"`
		Why  string `json:"why"`
	}
)

// JSON writes the report as one JSON object, version [JSONVersion], indented.
func (o *Options) JSON(w io.Writer, r *lint.Report) error {
	return EncodeJSON(w, o.or().json(r), "", "  ")
}

// NDJSON writes the report as the same JSON object on one line, to be followed
// by those of other reports. The line is given to w in one call of Write.
func (o *Options) NDJSON(w io.Writer, r *lint.Report) error {
	return EncodeJSON(w, o.or().json(r), "", "")
}

func (o *Options) json(r *lint.Report) jsonReport {
	out := jsonReport{
		Version:    JSONVersion,
		Time:       rfc3339(r.Time),
		Files:      make([]jsonFile, len(r.Files)),
		Findings:   make([]jsonFinding, len(r.Findings)),
		Verdicts:   make([]jsonVerdict, len(r.Verdicts)),
		NotChecked: make([]jsonNotChecked, len(r.NotChecked)),
	}
	for i, f := range r.Files {
		out.Files[i] = jsonFile{Name: f.Name, Format: f.Format.String(), Certificates: make([]jsonCertificate, len(f.Certificates))}
		if f.Collection != f.Name {
			out.Files[i].Collection = f.Collection
		}
		for j, c := range f.Certificates {
			out.Files[i].Certificates[j] = jsonCertificate{
				Index: j, Subject: c.Subject, Issuer: c.Issuer, SHA256: c.SHA256, NotAfter: rfc3339(c.NotAfter),
			}
		}
	}
	for i := range r.Findings {
		out.Findings[i] = o.jsonFinding(&r.Findings[i])
	}
	for i := range r.Accepted {
		a := &r.Accepted[i]
		out.Accepted = append(out.Accepted, jsonAccepted{o.jsonFinding(&a.Finding), a.Reason, a.Expires.Format(time.DateOnly)})
	}
	for i, v := range r.Verdicts {
		out.Verdicts[i] = jsonVerdict{
			Target: v.Target, Status: v.Status, Because: notNil(v.Because), Facts: v.Facts,
			Sign: applicable(v.Sign), Encrypt: applicable(v.Encrypt),
		}
	}
	out.Subjects = o.jsonSubjects(r)
	for _, c := range r.Revocation {
		out.Revocation = append(out.Revocation, jsonRevocation{c.Subject, c.SHA256, strings.ReplaceAll(c.Status.String(), " ", "_"), o.joined([]say.Message{c.Detail})})
	}
	for i, n := range r.NotChecked {
		out.NotChecked[i] = jsonNotChecked{o.Language.Say(n.What), o.Language.Say(n.Why)}
	}
	return out
}

// applicable returns a status, empty where it is not applicable.
// jsonSubjects returns the verdicts about each subject, with what they follow from.
func (o *Options) jsonSubjects(r *lint.Report) []jsonSubject {
	list := make([]jsonSubject, len(r.Subjects))
	for i := range r.Subjects {
		v := &r.Subjects[i]
		list[i] = jsonSubject{
			Target: v.Target, Kind: v.Subject.Kind, File: v.Subject.File, Subject: v.Subject.Name, SHA256: v.Subject.SHA256,
			With: v.With, Status: v.Status, Needs: make([]jsonNeed, len(v.Needs)), Because: notNil(v.Because),
		}
		if v.Subject.Index >= 0 {
			list[i].Index = &v.Subject.Index
		}
		for j, a := range v.Needs {
			list[i].Needs[j] = jsonNeed{a.Need, a.State, o.joined(a.Evidence), o.joined(a.Decide), notNil(a.Because)}
		}
	}
	return list
}

// joined says several things in one.
func (o *Options) joined(list []say.Message) string {
	if len(list) == 0 {
		return ""
	}
	return o.Language.Say(say.Join(list...))
}

func applicable(s lint.VerdictStatus) lint.VerdictStatus {
	if s == lint.NotApplicable {
		return ""
	}
	return s
}

func (o *Options) jsonFinding(f *lint.Finding) jsonFinding {
	out := jsonFinding{
		Rule: f.Rule, Status: f.Status.String(), Targets: notNil(f.Targets), File: f.File, Subject: f.Subject, SHA256: f.SHA256,
		Message: o.Language.Say(f.Message), Remedy: o.text(f.Remedy), Citation: f.Citation, Confidence: f.Confidence.String(),
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
