package main

import (
	"bufio"
	"bytes"
	"fmt"
	"strings"

	"github.com/smimechain/smimechain/examples/smimechain/describe"
	"github.com/smimechain/smimechain/internal/console"
	"github.com/smimechain/smimechain/lint/locale"
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

func (l *textListing) element(e describe.Element) {
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
	l.labelled.certificate(&e.Certificate)
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
	l.line("error", e.Error.String())
	for _, p := range e.Properties {
		l.line("property", l.property(p))
	}
}

// certificateRoles are the roles in words.
var certificateRoles = map[string]say.Text{
	"user": "certificate of a user",
	"ca":   "certificate of a CA",
	"root": "certificate of a CA, self-signed",
}

// certificate writes what is known of a certificate, but for its subject.
func (l *labelled) certificate(c *describe.Certificate) {
	l.line("issuer", c.Issuer)
	l.line("kind", l.page.text(certificateRoles[c.Role]))
	l.line("serial number", c.SerialNumber)
	if c.NotAfter != "" {
		l.say("valid", "%s to %s", c.NotBefore, c.NotAfter)
	}
	l.line("addresses", strings.Join(c.Emails, ", "))
	if c.Key != "" {
		l.say("public key", "%s, signed with %s", c.Key, c.Signature)
	}
	l.line("key usage", strings.Join(c.KeyUsage, ", "))
	l.line("extended usage", strings.Join(c.ExtKeyUsage, ", "))
	l.line("SHA-256", c.SHA256)
	l.line("thumbprint", c.SHA1)
}

// elementKind returns the catalogue's text for what is not a certificate.
func elementKind(kind string) say.Text {
	if kind == "crl" {
		return "revocation list"
	}
	return say.Text(kind)
}

// property describes a property of a store.
func (l *textListing) property(p describe.Property) string {
	class := p.ID.Class()
	value := p.Value
	switch {
	case class.Has(sst.KeyMaterial):
		value = l.page.say("%s, not shown", say.Count(p.Size, "1 byte", "%d bytes"))
	case value == "":
		value = l.page.say("%s", say.Count(p.Size, "1 byte", "%d bytes"))
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
		if class.Has(note.class) {
			s += " (" + l.page.text(note.text) + ")"
		}
	}
	return s
}

func (l *textListing) end() {
	fmt.Fprintf(l.w, "\n%s\n", l.page.say("%s", say.Count(l.certificates, "1 certificate", "%d certificates")))
	l.certificates = 0
}

// jsonListing writes a listing as JSON, as that of a [describe.File], without holding
// its elements.
type jsonListing struct {
	w       *bufio.Writer
	started bool
}

func (l *jsonListing) begin(name, format string) {
	fmt.Fprintf(l.w, "{\n  \"document_version\": %d,\n  \"lang\": %s,\n  \"name\": %s,\n  \"format\": %s,\n  \"elements\": [",
		describe.FileVersion, l.encode(string(locale.English)), l.encode(name), l.encode(format))
	l.started = false
}

func (l *jsonListing) element(e describe.Element) {
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
	if err := console.EncodeJSON(&b, v, "    ", "  "); err != nil {
		return []byte("null")
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}
