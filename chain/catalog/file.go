package catalog

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain/catalog/internal/table"
	"github.com/smimechain/smimechain/lint/say"
)

// The one version of the file format.
const formatVersion = 1

// Limits on a file.
const (
	maxFileSize = 16 << 20
	maxEntries  = 50_000
)

// FormatError is what is wrong with a catalogue file. Every error of [Parse]
// is one.
type FormatError struct {
	Entry  int    // index in certificates, -1 if the fault is not in one
	Field  string // name in the file, empty if the fault is not in one
	Offset int64  // in the file, -1 if not known
	Err    error
}

// Error says where the fault is.
func (e *FormatError) Error() string { return e.Sentence().String() }

// Sentence returns what Error says, to be said in another language.
func (e *FormatError) Sentence() say.Message {
	m := say.New("%v", e.Err)
	if e.Offset >= 0 {
		m = say.New("offset %d: %s", e.Offset, m)
	}
	where := e.Field
	if e.Entry >= 0 {
		where = strings.TrimSuffix(fmt.Sprintf("certificates[%d].%s", e.Entry, e.Field), ".")
	}
	if where != "" {
		m = say.New("%s: %s", where, m)
	}
	return say.New("catalog: %s", m)
}

// Unwrap returns the cause.
func (e *FormatError) Unwrap() error { return e.Err }

type fileJSON struct {
	Version      int             `json:"version"`
	Source       string          `json:"source"`
	Date         string          `json:"date"`
	Certificates json.RawMessage `json:"certificates"`
	Hierarchies  []hierarchyJSON `json:"hierarchies"`
}

type hierarchyJSON struct {
	Owner  string   `json:"owner"`
	Roots  []string `json:"roots"`
	Old    []string `json:"old"`
	Since  string   `json:"since"`
	Source string   `json:"source"`
	Date   string   `json:"date"`
}

type entryJSON struct {
	Kind        string         `json:"kind"`
	Subject     string         `json:"subject"`
	Issuer      string         `json:"issuer"`
	SHA256      string         `json:"sha256"`
	SHA1        string         `json:"sha1"`
	KeyID       string         `json:"key_id"`
	IssuerKeyID string         `json:"issuer_key_id"`
	SPKISHA256  string         `json:"spki_sha256"`
	NotBefore   string         `json:"not_before"`
	NotAfter    string         `json:"not_after"`
	Mozilla     *programmeJSON `json:"mozilla"`
	MozillaTLS  *programmeJSON `json:"mozilla_tls"`
	Microsoft   *programmeJSON `json:"microsoft"`
	Apple       *programmeJSON `json:"apple"`
	Revoked     *revokedJSON   `json:"revoked"`
	Advice      string         `json:"advice"`
	Reason      string         `json:"reason"`
	Source      string         `json:"source"`
}

type revokedJSON struct {
	Date   string `json:"date"`
	Reason string `json:"reason"`
	Source string `json:"source"`
}

type programmeJSON struct {
	Trust         string `json:"trust"`
	Since         string `json:"since"`
	DistrustAfter string `json:"distrust_after"`
	Note          string `json:"note"`
}

// Parse reads a catalogue file: a JSON object with
//
//	version       1
//	source        where the facts come from, in words
//	date          of the facts, as 2006-01-02
//	certificates  a list of objects:
//	  kind           "root", "intermediate" or "cross"
//	  subject        in the form of RFC 2253, for instance "CN=Example CA,O=Example,C=JP"
//	  issuer         likewise; for a root, the subject again
//	  sha256         fingerprint, 64 hexadecimal digits
//	  not_before     RFC 3339
//	  not_after      RFC 3339
//	  source         where this entry comes from; may be left out
//	  sha1           fingerprint, 40 hexadecimal digits; may be left out
//	  key_id         subject key identifier in hexadecimal; may be left out
//	  issuer_key_id  that of the issuer; may be left out
//	  spki_sha256    SHA-256 of the SubjectPublicKeyInfo; may be left out
//	  advice         "recommended", "neutral" or "leave-out"; may be left out: neutral
//	  reason         of the advice, required unless it is neutral
//	  mozilla, mozilla_tls, microsoft, apple  may be left out: unknown
//	    trust           "yes", "no" or "unknown"
//	    since           from which release or date on, in words
//	    distrust_after  2006-01-02
//	    note            in words
//	  revoked        that the CA was revoked; may be left out
//	    date, source    2006-01-02, and who says so
//	    reason          what it means, in words; may be left out
//	hierarchies   under which roots owners issue today; may be left out. A list of objects:
//	  owner          in words
//	  roots, old     lists of SHA-256 fingerprints: of today, and those that were replaced
//	  since          2006-01-02; may be left out
//	  source, date   who says so, and the day that it says so, 2006-01-02
//
// Nothing else is allowed, nor a fingerprint twice. Every error is a
// [*FormatError].
func Parse(data []byte) (*Catalog, error) {
	if len(data) > maxFileSize {
		return nil, &FormatError{Entry: -1, Offset: -1, Err: say.Errorf("more than %d octets", maxFileSize)}
	}
	var f fileJSON
	if err := strict(data, &f); err != nil {
		return nil, jsonError(-1, err)
	}
	top := func(field string, why say.Text, args ...any) (*Catalog, error) {
		return nil, &FormatError{Entry: -1, Field: field, Offset: -1, Err: say.Errorf(why, args...)}
	}
	if f.Version != formatVersion {
		return top("version", "is not %d", formatVersion)
	}
	if f.Source == "" {
		return top("source", "is missing")
	}
	date, err := time.Parse(time.DateOnly, f.Date)
	if err != nil {
		return top("date", "is not of the form 2006-01-02")
	}
	// One by one: a list of small values takes many times its size in memory.
	list := json.NewDecoder(bytes.NewReader(f.Certificates))
	if t, err := list.Token(); err != nil || t != json.Delim('[') {
		return top("certificates", "is not a list")
	}
	var raw []json.RawMessage
	for list.More() {
		if len(raw) == maxEntries {
			return top("certificates", "has more than %d entries", maxEntries)
		}
		var r json.RawMessage
		if err := list.Decode(&r); err != nil {
			return top("certificates", "is not a list")
		}
		raw = append(raw, r)
	}
	entries := make([]Entry, len(raw))
	seen := make(map[[32]byte]bool, len(raw))
	for i, r := range raw {
		var ej entryJSON
		if err := strict(r, &ej); err != nil {
			return nil, jsonError(i, err)
		}
		field, err := ej.entry(&entries[i])
		if err == nil && seen[entries[i].SHA256] {
			field, err = "sha256", say.Errorf("appears twice")
		}
		if err != nil {
			return nil, &FormatError{Entry: i, Field: field, Offset: -1, Err: err}
		}
		seen[entries[i].SHA256] = true
	}
	c := newCatalog(nil, entries, f.Source, date)
	for i, h := range f.Hierarchies {
		field, err := h.add(c)
		if err != nil {
			return top(fmt.Sprintf("hierarchies[%d].%s", i, field), "%w", err)
		}
	}
	return c, nil
}

// strict decodes one JSON value and refuses unknown fields and what follows.
func strict(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return say.Errorf("there is more after the end")
	}
	return nil
}

func jsonError(entry int, err error) error {
	const longest = 120 // characters of a text that quotes the file
	e := &FormatError{Entry: entry, Offset: -1, Err: err}
	if entry < 0 {
		if s, ok := errors.AsType[*json.SyntaxError](err); ok {
			e.Offset = s.Offset
		}
	}
	if t, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		e.Field, e.Err = t.Field, say.Errorf("is a JSON %.40s", t.Value)
	} else if len(err.Error()) > longest { // an unknown field
		e.Err = say.Errorf("%.100s…", err)
	}
	return e
}

// What is wrong with a field. They are made when they are needed, so that a program
// that reads no file pays nothing at its start.
func errMissing() error { return say.Errorf("is missing") }
func errWord() error    { return say.Errorf("is not one of the words allowed") }
func errHex() error     { return say.Errorf("is not of the right number of hexadecimal digits") }
func errTime() error    { return say.Errorf("is not a time in RFC 3339") }
func errDate() error    { return say.Errorf("is not of the form 2006-01-02") }

// entry fills e, or names the field that is wrong.
func (j *entryJSON) entry(e *Entry) (string, error) {
	*e = Entry{Subject: j.Subject, Issuer: j.Issuer, Reason: j.Reason, Source: j.Source, PathLength: -1}
	for _, fill := range [...]func(*entryJSON, *Entry) (string, error){
		(*entryJSON).names, (*entryJSON).octets, (*entryJSON).validity,
		(*entryJSON).advice, (*entryJSON).programmes, (*entryJSON).revocation,
	} {
		if field, err := fill(j, e); err != nil {
			return field, err
		}
	}
	return "", nil
}

func (j *entryJSON) names(e *Entry) (string, error) {
	switch j.Kind {
	case "root":
		e.Kind = Root
	case "intermediate":
		e.Kind = Intermediate
	case "cross":
		e.Kind = Cross
	default:
		return "kind", errWord()
	}
	subject, issuer := table.Fold(j.Subject), table.Fold(j.Issuer)
	switch {
	case subject == "":
		return "subject", errMissing()
	case issuer == "":
		return "issuer", errMissing()
	case e.Kind == Root && issuer != subject:
		return "issuer", say.Errorf("is not the subject, which it must be for a root")
	default:
		return "", nil
	}
}

// octets fills what is written in hexadecimal digits.
func (j *entryJSON) octets(e *Entry) (string, error) {
	sum, err := hex.DecodeString(j.SHA256)
	if err != nil || len(sum) != len(e.SHA256) {
		return "sha256", errHex()
	}
	copy(e.SHA256[:], sum)
	for _, h := range []struct {
		field, text string
		to          *[]byte
		min, max    int
	}{
		{"sha1", j.SHA1, &e.SHA1, 20, 20},
		{"key_id", j.KeyID, &e.KeyID, 1, 64},
		{"issuer_key_id", j.IssuerKeyID, &e.IssuerKeyID, 1, 64},
		{"spki_sha256", j.SPKISHA256, &e.SPKISHA256, 32, 32},
	} {
		if h.text == "" {
			continue
		}
		b, err := hex.DecodeString(h.text)
		if err != nil || len(b) < h.min || len(b) > h.max {
			return h.field, errHex()
		}
		*h.to = b
	}
	return "", nil
}

func (j *entryJSON) validity(e *Entry) (_ string, err error) {
	if e.NotBefore, err = time.Parse(time.RFC3339, j.NotBefore); err != nil {
		return "not_before", errTime()
	}
	if e.NotAfter, err = time.Parse(time.RFC3339, j.NotAfter); err != nil {
		return "not_after", errTime()
	}
	e.NotBefore, e.NotAfter = e.NotBefore.UTC(), e.NotAfter.UTC()
	if e.NotAfter.Before(e.NotBefore) {
		return "not_after", say.Errorf("is before not_before")
	}
	return "", nil
}

func (j *entryJSON) advice(e *Entry) (string, error) {
	switch j.Advice {
	case "recommended":
		e.Advice = Recommended
	case "", "neutral":
		e.Advice = Neutral
	case "leave-out":
		e.Advice = LeaveOut
	default:
		return "advice", errWord()
	}
	if e.Advice != Neutral && e.Reason == "" {
		return "reason", errMissing()
	}
	return "", nil
}

func (j *entryJSON) programmes(e *Entry) (string, error) {
	for _, p := range []struct {
		field string
		from  *programmeJSON
		to    *Programme
	}{
		{"mozilla", j.Mozilla, &e.Mozilla},
		{"mozilla_tls", j.MozillaTLS, &e.MozillaTLS},
		{"microsoft", j.Microsoft, &e.Microsoft},
		{"apple", j.Apple, &e.Apple},
	} {
		if p.from == nil {
			continue
		}
		if field, err := p.from.programme(p.to); err != nil {
			return p.field + "." + field, err
		}
	}
	return "", nil
}

func (j *programmeJSON) programme(p *Programme) (_ string, err error) {
	*p = Programme{Since: j.Since, Note: j.Note}
	switch j.Trust {
	case "yes":
		p.Trust = Yes
	case "no":
		p.Trust = No
	case "", "unknown":
	default:
		return "trust", errWord()
	}
	if j.DistrustAfter != "" {
		if p.DistrustAfter, err = time.Parse(time.DateOnly, j.DistrustAfter); err != nil {
			return "distrust_after", errDate()
		}
	}
	return "", nil
}

func (j *entryJSON) revocation(e *Entry) (_ string, err error) {
	r := j.Revoked
	if r == nil {
		return "", nil
	}
	e.Revoked = &Revocation{Reason: r.Reason, Source: r.Source}
	if e.Revoked.Date, err = time.Parse(time.DateOnly, r.Date); err != nil {
		return "revoked.date", errDate()
	}
	if r.Source == "" {
		return "revoked.source", errMissing()
	}
	return "", nil
}

// add adds the hierarchy to a catalogue, or names the field that is wrong.
func (j *hierarchyJSON) add(c *Catalog) (string, error) {
	h := Hierarchy{Owner: j.Owner, Roots: fingerprints(j.Roots), Old: fingerprints(j.Old), Source: j.Source}
	var err error
	switch {
	case h.Owner == "":
		return "owner", errMissing()
	case h.Source == "":
		return "source", errMissing()
	case len(j.Roots) == 0:
		return "roots", errMissing()
	case len(h.Roots) != len(j.Roots):
		return "roots", errHex()
	case len(h.Old) != len(j.Old):
		return "old", errHex()
	}
	if h.Date, err = time.Parse(time.DateOnly, j.Date); err != nil {
		return "date", errDate()
	}
	if j.Since != "" {
		if h.Since, err = time.Parse(time.DateOnly, j.Since); err != nil {
			return "since", errDate()
		}
	}
	c.hierarchies = append(c.hierarchies, h)
	return "", nil
}
