package main

import (
	"bufio"
	"bytes"
	"fmt"

	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/sst"
)

// textListing writes a listing for people.
type textListing struct {
	labelled
	certificates int
}

func (l *textListing) begin(name, format string) {
	fmt.Fprintf(l.w, "%s (%s)\n", l.page.color.Strong(report.Printable(name)), format)
}

func (l *textListing) element(e shownElement) {
	if e.Kind == "certificate" {
		fmt.Fprintf(l.w, "\n%d  ", l.certificates)
		l.certificates++
	} else {
		fmt.Fprint(l.w, "\n-  ")
	}
	title := e.Subject
	if title == "" {
		title = l.page.text(elementKind(e.Kind))
	}
	fmt.Fprintln(l.w, l.page.color.Strong(report.Printable(title)))
	l.labelled.certificate(&e.certificateFacts)
	if r := e.List; r != nil {
		l.line("issuer", r.Issuer)
		if r.NextUpdate == "" {
			l.say("valid", "from %s on", r.ThisUpdate)
		} else {
			l.say("valid", "%s to %s", r.ThisUpdate, r.NextUpdate)
		}
		l.say("entries", "%d certificates", r.Revoked)
	}
	l.line("offset", fmt.Sprintf("0x%x", e.Offset))
	l.line("error", e.Error)
	for _, p := range e.Properties {
		l.line("property", l.property(p))
	}
}

// elementKind returns the catalogue's text for what is not a certificate.
func elementKind(kind string) say.Text {
	if kind == "crl" {
		return "revocation list"
	}
	return say.Text(kind)
}

// property describes a property of a store.
func (l *textListing) property(p shownProperty) string {
	value := p.Value
	switch {
	case p.class.Has(sst.KeyMaterial):
		value = l.page.say("%d bytes, not shown", p.Size)
	case value == "":
		value = l.page.say("%d bytes", p.Size)
	}
	s := fmt.Sprintf("%d %s: %s", p.ID, p.Name, value)
	for _, note := range []struct {
		class sst.Class
		text  say.Text
	}{
		{sst.KeyMaterial, "holds key material"},
		{sst.KeyReference, "says where a private key is kept"},
		{sst.SideEffect, "changes what Windows does"},
	} {
		if p.class.Has(note.class) {
			s += " (" + l.page.text(note.text) + ")"
		}
	}
	return s
}

func (l *textListing) end() {
	fmt.Fprintf(l.w, "\n%s\n", l.page.say("%s", say.Count(l.certificates, "1 certificate", "%d certificates")))
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
	if err := report.EncodeJSON(&b, v, "    ", "  "); err != nil {
		return []byte("null")
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}
