package report

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// JSONVersion is the version of the JSON report. It changes when a field that
// programs rely on changes its name or meaning; new fields do not change it.
const JSONVersion = 2

//go:embed report.schema.json
var schema []byte

// Schema returns the JSON Schema, draft 2020-12, of a [Document]: of the whole of the
// JSON report, and of each line of NDJSON. It describes what this version of the
// package writes and allows no other field. The caller owns the slice.
func Schema() []byte { return slices.Clone(schema) }

// Document is the JSON report, field by field: [Options.Document] makes it, and
// [Decode] reads it back. Lists are never null. Texts that people read are in the
// language of the document. Times are RFC 3339 in UTC, and digests SHA-256 with 64
// lower-case hexadecimal digits; both are empty where they are not known. [Schema] says
// what the parts hold.
type Document struct {
	Version     int              `json:"version"` // JSONVersion
	Tool        Tool             `json:"tool"`
	Lang        string           `json:"lang"`         // of texts: a BCP 47 tag
	Time        string           `json:"time"`         // that was judged
	CatalogDate string           `json:"catalog_date"` // of the facts about CAs, as 2006-01-02; empty where nothing was judged
	Files       []jsonFile       `json:"files"`        // sorted by name
	Targets     []jsonTarget     `json:"targets"`      // each about all subjects, in the order of lint.Targets
	Verdicts    []Verdict        `json:"verdicts"`     // of each subject and target
	Findings    []jsonFinding    `json:"findings"`     // sorted by file, certificate and rule
	Remarks     []jsonFinding    `json:"remarks"`      // what lints of zlint say, which decides no verdict
	Missing     []jsonMissing    `json:"missing"`      // the certificates that chains lack, in the order in which chains come to them
	NotChecked  []jsonNotChecked `json:"not_checked"`
	Revocation  []jsonRevocation `json:"revocation"` // of each certificate that revocation lists were asked about
	Accepted    []jsonAccepted   `json:"accepted"`   // what a baseline accepts
}

// Tool is the program that wrote a report.
type Tool struct {
	Name    string `json:"name"`    // empty in Options stands for smimechain
	Version string `json:"version"` // empty where the program does not know
}

// File is a file that was checked.
type jsonFile struct {
	Name         string            `json:"name"`
	Collection   string            `json:"collection,omitempty"` // that it was judged in, where that is more than the file
	Format       string            `json:"format"`               // as bundle.Format is written
	Closed       *jsonClosed       `json:"closed,omitempty"`     // where not everything in a PFX was opened
	User         string            `json:"user,omitempty"`       // whose file it is, where that was said
	Certificates []jsonCertificate `json:"certificates"`         // in file order
}

// Closed says why not everything in a PFX was opened.
type jsonClosed struct {
	Code lint.Code `json:"code"`
	Why  string    `json:"why"`
}

// Certificate is a certificate of a file. What cannot be read is empty.
type jsonCertificate struct {
	Index    int    `json:"index"`   // from 0, in file order
	Subject  string `json:"subject"` // RFC 2253
	Issuer   string `json:"issuer"`  // RFC 2253
	SHA256   string `json:"sha256"`
	NotAfter string `json:"not_after"`
}

// jsonTarget is the verdict for a target about all subjects: the worst decides.
type jsonTarget struct {
	Target  lint.Target        `json:"target"`
	Status  lint.VerdictStatus `json:"status"`
	Because []string           `json:"because"`           // the rules that decided, or could not
	Facts   []lint.Fact        `json:"facts,omitempty"`   // that would decide, where unknown
	Sign    lint.VerdictStatus `json:"sign,omitempty"`    // for signing alone, where it applies
	Encrypt lint.VerdictStatus `json:"encrypt,omitempty"` // for encryption alone, where it applies
}

// Verdict is the verdict for a target about one subject. It follows from the needs.
type Verdict struct {
	Target  lint.Target        `json:"target"`
	Kind    lint.SubjectKind   `json:"kind"`              // of subject
	File    string             `json:"file"`              // or the name of a collection
	Index   *int               `json:"index"`             // of the certificate in the file, from 0; null when about the whole
	Subject string             `json:"subject"`           // of the certificate, RFC 2253; empty when about the whole
	SHA256  string             `json:"sha256"`            // of the certificate; empty when about the whole
	Message int                `json:"message,omitempty"` // its number in the file, from 1, where the subject is one
	With    []string           `json:"with"`              // the files beside its collection that it was judged with
	Status  lint.VerdictStatus `json:"status"`
	Needs   []jsonNeed         `json:"needs"`
	Because []string           `json:"because"` // the rules that decided, or could not
}

// Need is what is known of a need.
type jsonNeed struct {
	Need     lint.Need  `json:"need"`
	State    lint.State `json:"state"`
	Code     lint.Code  `json:"code,omitempty"`     // why the state is unknown
	Evidence string     `json:"evidence,omitempty"` // what was seen
	Decide   string     `json:"decide,omitempty"`   // what would decide, or what is taken for granted
	Because  []string   `json:"because"`            // the rules that refute it, or could not tell
}

// Finding is what a rule found, or, among the remarks, a lint of zlint.
type jsonFinding struct {
	Rule       string        `json:"rule"`
	Status     lint.Status   `json:"status"`  // info, warn, error or fatal
	Targets    []lint.Target `json:"targets"` // none of a remark
	File       string        `json:"file"`    // or the name of a collection
	Index      *int          `json:"index"`   // of the certificate in the file, from 0; null when about the whole
	Subject    string        `json:"subject"` // of the certificate, RFC 2253; empty when about the whole
	SHA256     string        `json:"sha256"`  // of the certificate; empty when about the whole
	Message    string        `json:"message"`
	Remedy     string        `json:"remedy"`
	Commands   []string      `json:"commands"` // that do it, with the names of files, for a shell; may be none
	Citation   string        `json:"citation"`
	Confidence string        `json:"confidence"` // as lint.Confidence is written; empty where the rule does not say
}

// Missing is a certificate that is not there and that chains lead to, as lint.Missing.
type jsonMissing struct {
	Subject string           `json:"subject"` // RFC 2253
	SHA256  string           `json:"sha256"`  // of the form to add; empty where it is not known
	URLs    []string         `json:"urls"`    // where it, or another form of it, can be had; nobody has looked there
	Kind    lint.MissingKind `json:"kind"`
	For     []jsonMissingFor `json:"for"` // the certificates whose chains stop for want of it

	NotAfter string           `json:"not_after"` // of the form to add, RFC 3339; empty where it is not known
	Others   []jsonMissingWay `json:"others"`    // ways to other roots than the recommended one, which begins with this
}

// jsonMissingWay is another way to a root.
type jsonMissingWay struct {
	Root   string   `json:"root"` // RFC 2253
	SHA256 string   `json:"sha256"`
	Lists  []string `json:"lists"` // the root programmes that list the root: mozilla, microsoft, apple
}

// jsonMissingFor is a certificate whose chains stop.
type jsonMissingFor struct {
	Targets []lint.Target `json:"targets"`
	File    string        `json:"file"`
	Index   int           `json:"index"`   // of the certificate in the file, from 0
	Subject string        `json:"subject"` // RFC 2253
	SHA256  string        `json:"sha256"`
}

// jsonNotChecked is something that was given and not judged.
type jsonNotChecked struct {
	Code lint.Code `json:"code"`
	What string    `json:"what"` // a file, a certificate in a file, a target, or rules
	Why  string    `json:"why"`
}

// Revocation is what is known about the revocation of one certificate.
type jsonRevocation struct {
	Subject string `json:"subject"` // RFC 2253
	SHA256  string `json:"sha256"`
	Status  string `json:"status"` // as chain.RevocationStatus is written, with low lines for blanks
	Detail  string `json:"detail,omitempty"`
}

// Accepted is a finding that a baseline accepts.
type jsonAccepted struct {
	jsonFinding
	Reason  string `json:"reason"`
	Expires string `json:"expires"` // the last day, as 2006-01-02
}

// ErrVersion says that a document has another version than [JSONVersion], and so
// fields with other names or meanings.
var ErrVersion = say.Errorf("another version of the JSON report than this program reads")

// Decode reads a report that [Options.JSON] wrote, or one line of NDJSON. Fields that
// it does not know are passed over: a later version of the package may write more. It
// checks the version, for which the error wraps [ErrVersion], and that nothing follows
// the document, but not what fields hold; [Schema] is for that. The document is nil on
// an error. The errors do not quote the data. Memory grows with its size.
func Decode(data []byte) (*Document, error) {
	var head struct {
		Version int `json:"version"`
	}
	if err := decode(data, &head); err != nil {
		return nil, err
	}
	if head.Version != JSONVersion {
		return nil, say.Errorf("report: %w: %d, not %d", ErrVersion, head.Version, JSONVersion)
	}
	d := new(Document)
	if err := decode(data, d); err != nil {
		return nil, err
	}
	return d, nil
}

func decode(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(v); err != nil {
		return say.Errorf("report: no JSON report: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return say.Errorf("report: something follows the JSON report")
	}
	return nil
}
