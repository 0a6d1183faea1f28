package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/internal/console"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

const (
	sarifVersion = "2.1.0"
	sarifSchema  = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

// The types below are the part of a SARIF log that is written.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool       `json:"tool"`
		Calls      []sarifCall     `json:"invocations"`
		Properties sarifFacts      `json:"properties"`
		ColumnKind string          `json:"columnKind"`
		Language   string          `json:"language"`
		Artifacts  []sarifArtifact `json:"artifacts"`
		Results    []sarifResult   `json:"results"`
	}
	sarifCall struct {
		Successful    bool          `json:"executionSuccessful"`
		Notifications []sarifNotice `json:"toolExecutionNotifications"`
		Properties    sarifVerdicts `json:"properties"`
	}
	sarifNotice struct {
		Descriptor sarifCode       `json:"descriptor"`
		Level      string          `json:"level"`
		Message    sarifText       `json:"message"`
		Locations  []sarifLocation `json:"locations,omitempty"`
	}
	sarifCode struct {
		ID lint.Code `json:"id"`
	}
	sarifVerdicts struct {
		Verdicts []Verdict `json:"verdicts"`
	}
	sarifFacts struct {
		CatalogDate string `json:"catalog_date"` // as in the JSON report
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string            `json:"id"`
		ShortDescription sarifText         `json:"shortDescription"`
		FullDescription  sarifText         `json:"fullDescription"`
		Help             sarifText         `json:"help"`
		Configuration    sarifConfig       `json:"defaultConfiguration"`
		Properties       sarifRuleProperty `json:"properties"`
	}
	sarifText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifConfig struct {
		Level string `json:"level"`
	}
	sarifRuleProperty struct {
		Tags      []string `json:"tags"`
		Precision string   `json:"precision"`
		Severity  string   `json:"problem.severity"`
	}
	sarifArtifact struct {
		Location sarifURI `json:"location"`
	}
	sarifURI struct {
		URI   string `json:"uri"`
		Index *int   `json:"index,omitempty"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints"`
		Properties   sarifProperty     `json:"properties"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifURI    `json:"artifactLocation"`
		Region   sarifRegion `json:"region"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
	}
	sarifProperty struct {
		Targets []lint.Target `json:"targets"`
		Index   *int          `json:"index,omitempty"`
		Subject string        `json:"subject,omitempty"`
		SHA256  string        `json:"sha256,omitempty"`
	}
)

// SARIF writes the report as a SARIF log, version 2.1.0, in the form that GitHub
// code scanning takes. Every result points at line 1 of a file, because the
// files have no lines that people could look at; the message says which
// certificate it is about. Fingerprints are made from the rule and the
// certificate, so that a new order of the same certificates neither closes nor
// opens an alert. The verdicts, and what was not checked, are those of the invocation;
// it was not successful where a file was not opened. Accepted findings are left out: code scanning does not heed
// the suppressions of SARIF and would open alerts for them.
func (o *Options) SARIF(w io.Writer, r *lint.Report) error {
	o = o.or()
	run := sarifRun{
		Tool:       sarifTool{sarifDriver{Name: o.tool().Name, Version: o.tool().Version, Rules: []sarifRule{}}},
		Properties: sarifFacts{dateOnly(r.CatalogDate)},
		ColumnKind: "utf16CodeUnits",
		Language:   o.Language.Code(),
		Artifacts:  []sarifArtifact{},
		Results:    []sarifResult{},
	}
	run.Calls = []sarifCall{o.sarifCall(r)}
	ruleIndex := map[string]int{}
	for _, name := range ruleNames(r) {
		ruleIndex[name] = len(run.Tool.Driver.Rules)
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, o.sarifRule(name, r))
	}
	uris := map[string]string{} // by the file of a finding
	artifacts := map[string]*int{}
	fingerprints := map[string]int{}
	for i := range r.Findings {
		f := &r.Findings[i]
		uri, ok := uris[f.File]
		if !ok {
			uri = o.uri(fileOf(r, f.File))
			uris[f.File] = uri
		}
		if artifacts[uri] == nil {
			artifacts[uri] = new(len(run.Artifacts))
			run.Artifacts = append(run.Artifacts, sarifArtifact{sarifURI{URI: uri}})
		}
		print := fingerprint(f)
		fingerprints[uri+print]++
		result := sarifResult{
			RuleID:    f.Rule,
			RuleIndex: ruleIndex[f.Rule],
			Level:     sarifLevel(f.Status),
			Message:   sarifText{Text: sarifEscape(strings.Join(append([]string{o.about(f) + ": " + o.Language.Say(f.Message)}, f.Commands...), "\n"))},
			Locations: []sarifLocation{{sarifPhysical{sarifURI{uri, artifacts[uri]}, sarifRegion{1}}}},
			// The only key that code scanning looks at; the number tells
			// findings of one rule about one certificate apart.
			Fingerprints: map[string]string{"primaryLocationLineHash": fmt.Sprintf("%s:%d", print, fingerprints[uri+print])},
			Properties:   sarifProperty{Targets: notNil(f.Targets), Subject: Printable(f.Subject), SHA256: f.SHA256},
		}
		if f.Index >= 0 {
			result.Properties.Index = &f.Index
		}
		run.Results = append(run.Results, result)
	}
	return console.EncodeJSON(w, sarifLog{sarifSchema, sarifVersion, []sarifRun{run}}, "", "  ")
}

// sarifCall says whether everything could be opened, what was not checked, and the
// verdicts.
func (o *Options) sarifCall(r *lint.Report) sarifCall {
	call := sarifCall{Successful: true, Notifications: []sarifNotice{}, Properties: sarifVerdicts{o.verdicts(r)}}
	for _, f := range r.Files {
		if f.Closed.IsZero() {
			continue
		}
		call.Successful = false
		call.Notifications = append(call.Notifications, sarifNotice{
			Descriptor: sarifCode{closedCode(&f)}, Level: "error", Message: sarifText{Text: sarifEscape(o.Language.Say(f.Closed))},
			Locations: []sarifLocation{{sarifPhysical{sarifURI{URI: o.uri(f.Name)}, sarifRegion{1}}}},
		})
	}
	for _, n := range r.NotChecked {
		call.Notifications = append(call.Notifications, sarifNotice{
			Descriptor: sarifCode{notCheckedCode(n)}, Level: "note",
			Message: sarifText{Text: sarifEscape(o.Language.Say(n.What) + ": " + o.Language.Say(n.Why))},
		})
	}
	return call
}

// ruleNames returns the names of the rules that have findings, sorted.
func ruleNames(r *lint.Report) []string {
	var names []string
	for _, f := range r.Findings {
		names = append(names, f.Rule)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// sarifRule describes a rule, going by its findings where nobody knows it.
func (o *Options) sarifRule(name string, r *lint.Report) sarifRule {
	f := &r.Findings[slices.IndexFunc(r.Findings, func(f lint.Finding) bool { return f.Rule == name })]
	description, remedy, citation := name, o.text(f.Remedy), f.Citation
	var tags []string
	if rule, ok := lint.FindRule(name); ok {
		description, remedy = o.text(rule.Description), strings.TrimSpace(o.text(rule.Remedy)+" "+rule.Command)
		for _, t := range rule.Targets {
			tags = append(tags, string(t))
		}
	}
	short := description
	if first, _, more := cutSentence(description); more {
		short = first
	}
	help := sarifText{Text: description, Markdown: description}
	for _, part := range []struct{ label, text string }{{o.text("What to do"), remedy}, {o.text("Source"), citation}} {
		if part.text != "" {
			help.Text += "\n\n" + part.label + ": " + part.text
			help.Markdown += "\n\n**" + part.label + "**: " + part.text
		}
	}
	return sarifRule{
		ID:               name,
		ShortDescription: sarifText{Text: short},
		FullDescription:  sarifText{Text: description},
		Help:             help,
		Configuration:    sarifConfig{sarifLevel(f.Status)},
		Properties:       sarifRuleProperty{notNil(tags), precision(f.Confidence), problemSeverity(f.Status)},
	}
}

// cutSentence returns the first sentence of a text and what follows.
func cutSentence(text string) (first, rest string, more bool) {
	if first, rest, more = strings.Cut(text, ". "); more {
		return first + ".", rest, true
	}
	if first, rest, more = strings.Cut(text, "。"); more && rest != "" {
		return first + "。", rest, true
	}
	return text, "", false
}

func sarifLevel(s lint.Status) string {
	switch {
	case s >= lint.Error:
		return "error"
	case s == lint.Warn:
		return "warning"
	default:
		return "note"
	}
}

func problemSeverity(s lint.Status) string {
	if s < lint.Warn {
		return "recommendation"
	}
	return sarifLevel(s)
}

// precision grades the confidence in the words of code scanning.
func precision(c lint.Confidence) string {
	switch c {
	case lint.Documented:
		return "very-high"
	case lint.VendorSource:
		return "high"
	case lint.Inferred:
		return "medium"
	default:
		return "low"
	}
}

// fingerprint identifies a finding by its rule and its certificate, by its file
// where it is about no certificate.
func fingerprint(f *lint.Finding) string {
	subject := f.SHA256
	if subject == "" {
		subject = f.File
	}
	sum := sha256.Sum256([]byte(f.Rule + "\x00" + subject))
	return hex.EncodeToString(sum[:16])
}

// fileOf returns the file that stands for a collection of several: code scanning
// shows results at files only.
func fileOf(r *lint.Report, name string) string {
	in := func(match func(file string) bool) int {
		return slices.IndexFunc(r.Files, func(f lint.File) bool { return match(f.Name) })
	}
	// Files are sorted by name.
	if _, found := slices.BinarySearchFunc(r.Files, name, func(f lint.File, name string) int { return say.Compare(f.Name, name) }); found {
		return name
	}
	parts := map[string]bool{}
	for part := range strings.SplitSeq(name, " + ") {
		parts[part] = true
	}
	for _, match := range []func(string) bool{
		func(file string) bool {
			rel, err := filepath.Rel(name, file)
			return err == nil && filepath.IsLocal(rel)
		},
		func(file string) bool { return parts[filepath.Base(file)] },
	} {
		if i := in(match); i >= 0 {
			return r.Files[i].Name
		}
	}
	return name
}

// uri writes the name of a file as a relative URI where that is possible.
func (o *Options) uri(name string) string {
	if o.Root != "" {
		if rel, err := filepath.Rel(o.Root, name); err == nil && filepath.IsLocal(rel) {
			name = rel
		}
	}
	name = filepath.ToSlash(name)
	if filepath.IsAbs(name) {
		return (&url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(name, "/")}).String()
	}
	return (&url.URL{Path: name}).String()
}

// sarifEscape makes a text safe for a SARIF message: what a terminal might act
// on is replaced, and brackets, which would make a link, are escaped.
func sarifEscape(s string) string {
	return strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`).Replace(Printable(s))
}
