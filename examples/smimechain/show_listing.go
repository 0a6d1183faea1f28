package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/smimechain/smimechain/lint/report"
)

// textListing writes a listing for people.
type textListing struct {
	w            *bufio.Writer
	certificates int
	color        report.Colors
}

func (l *textListing) begin(name, format string) {
	fmt.Fprintf(l.w, "%s (%s)\n", l.color.Strong(report.Printable(name)), format)
}

func (l *textListing) element(e shownElement) {
	if e.Kind == "certificate" {
		fmt.Fprintf(l.w, "\n%d  ", l.certificates)
		l.certificates++
	} else {
		fmt.Fprint(l.w, "\n-  ")
	}
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(l.w, "   %-8s  %s\n", name, report.Printable(value))
		}
	}
	title := e.Subject
	if title == "" {
		title = e.Kind
	}
	fmt.Fprintln(l.w, l.color.Strong(report.Printable(title)))
	line("issuer", e.Issuer)
	if e.NotAfter != "" {
		line("valid", e.NotBefore+" to "+e.NotAfter)
	}
	line("SHA-256", e.SHA256)
	line("offset", fmt.Sprintf("0x%x", e.Offset))
	line("error", e.Error)
	for _, p := range e.Properties {
		value := p.Value
		if value == "" {
			value = fmt.Sprintf("%d bytes", p.Size)
		}
		line("property", fmt.Sprintf("%d %s: %s", p.ID, p.Name, value))
	}
}

func (l *textListing) end() {
	if l.certificates == 1 {
		fmt.Fprint(l.w, "\n1 certificate\n")
	} else {
		fmt.Fprintf(l.w, "\n%d certificates\n", l.certificates)
	}
	l.certificates = 0
}

// jsonListing writes a listing as one JSON object for each file, without holding
// its elements.
type jsonListing struct {
	w       *bufio.Writer
	started bool
}

func (l *jsonListing) begin(name, format string) {
	fmt.Fprintf(l.w, "{\n  \"name\": %s,\n  \"format\": %s,\n  \"elements\": [", l.encode(name), l.encode(format))
	l.started = false
}

func (l *jsonListing) element(e shownElement) {
	if l.started {
		fmt.Fprint(l.w, ",")
	}
	l.started = true
	fmt.Fprintf(l.w, "\n    %s", l.encode(e))
}

func (l *jsonListing) end() {
	if l.started {
		fmt.Fprint(l.w, "\n  ")
	}
	fmt.Fprint(l.w, "]\n}\n")
}

// encode encodes strings and structures of strings, which cannot fail.
func (l *jsonListing) encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("    ", "  ")
	if err := e.Encode(v); err != nil {
		return []byte("null")
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}
