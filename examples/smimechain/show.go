package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/sst"
)

// The types below are the output of show -format json, field by field.
type (
	shown struct {
		Name     string         `json:"name"`
		Format   string         `json:"format"`
		Elements []shownElement `json:"elements"`
	}
	shownElement struct {
		Kind       string          `json:"kind"`
		Offset     int64           `json:"offset"`
		Subject    string          `json:"subject,omitempty"`
		Issuer     string          `json:"issuer,omitempty"`
		SHA256     string          `json:"sha256,omitempty"`
		NotBefore  string          `json:"not_before,omitempty"` // RFC 3339, UTC
		NotAfter   string          `json:"not_after,omitempty"`  // RFC 3339, UTC
		Error      string          `json:"error,omitempty"`
		Properties []shownProperty `json:"properties,omitempty"`
	}
	shownProperty struct {
		ID    uint32 `json:"id"`
		Name  string `json:"name"`
		Class string `json:"class"`
		Size  int    `json:"size"` // of the value, in bytes
		Value string `json:"value,omitempty"`
	}
)

func show(c *command, args []string, std streams) (int, error) {
	var (
		fs       = c.flags()
		password passwordFlags
		format   = fs.String("format", "text", "write as `FORMAT`: text or json")
	)
	password.register(fs)
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	if fs.NArg() != 1 {
		return 0, fmt.Errorf("show: want one file, got %d", fs.NArg())
	}
	in, err := load(fs.Args(), &password, std)
	if err != nil {
		return 0, err
	}
	if err := in.err(); err != nil {
		return 0, err
	}
	for _, f := range in.files {
		s := inspect(f)
		switch *format {
		case "text":
			err = s.text(std.out)
		case "json":
			err = s.json(std.out)
		default:
			err = fmt.Errorf("unknown format %q: want text or json", *format)
		}
		if err != nil {
			return 0, err
		}
	}
	return exitClean, nil
}

// inspect lists what a file holds. Of private keys it shows that they are there.
func inspect(f *bundle.File) shown {
	s := shown{Name: f.Name, Format: f.Format.String(), Elements: []shownElement{}}
	for _, c := range f.Certificates {
		s.Elements = append(s.Elements, showCertificate(c))
	}
	for _, crl := range f.CRLs {
		s.Elements = append(s.Elements, shownElement{Kind: "crl", Offset: crl.Offset, SHA256: fingerprint(crl.Raw)})
	}
	for _, k := range f.Keys {
		s.Elements = append(s.Elements, shownElement{Kind: strings.ToLower(k.Kind), Offset: k.Offset})
	}
	for _, i := range f.Ignored {
		s.Elements = append(s.Elements, shownElement{Kind: strings.ToLower(i.Kind), Offset: i.Offset})
	}
	return s
}

func showCertificate(c bundle.Certificate) shownElement {
	e := shownElement{Kind: "certificate", Offset: c.Offset}
	if c.Raw != nil {
		e.SHA256 = fingerprint(c.Raw)
		named := &chain.Certificate{Raw: c.Raw, Cert: c.Cert, Err: c.Err}
		e.Subject, e.Issuer = named.Subject(), named.Issuer()
	}
	if c.Cert != nil {
		e.NotBefore = c.Cert.NotBefore.UTC().Format(time.RFC3339)
		e.NotAfter = c.Cert.NotAfter.UTC().Format(time.RFC3339)
	}
	if c.Err != nil {
		e.Error = c.Err.Error()
	}
	for _, p := range c.Properties {
		e.Properties = append(e.Properties, shownProperty{
			ID: uint32(p.ID), Name: p.ID.String(), Class: p.ID.Class().String(), Size: len(p.Value), Value: propertyValue(p),
		})
	}
	return e
}

func fingerprint(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// propertyValue writes the value of a property in words. It is empty for key
// material, and where the value has no words.
func propertyValue(p sst.Property) string {
	if p.ID.Class().Has(sst.KeyMaterial) {
		return ""
	}
	switch p.ID.Form() {
	case sst.FormText:
		if s, err := p.Text(); err == nil {
			return s
		}
	case sst.FormFileTime:
		if t, err := p.Time(); err == nil && !t.IsZero() {
			return t.UTC().Format(time.RFC3339)
		}
	case sst.FormDWORD:
		if n, err := p.Uint32(); err == nil {
			return fmt.Sprint(n)
		}
	case sst.FormHash:
		return hex.EncodeToString(p.Value)
	case sst.FormOIDList:
		if oids, err := p.OIDs(); err == nil {
			return strings.Trim(fmt.Sprint(oids), "[]")
		}
	case sst.FormKeyProvider:
		if k, err := p.KeyProvInfo(); err == nil {
			return fmt.Sprintf("container %q, provider %q, type %d, flags 0x%x, key spec %d", k.Container, k.Provider, k.ProvType, k.Flags, k.KeySpec)
		}
	}
	return ""
}

func (s shown) json(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(s)
}

func (s shown) text(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n", report.Printable(s.Name), s.Format)
	certificates := 0
	for _, e := range s.Elements {
		if e.Kind == "certificate" {
			fmt.Fprintf(&b, "\n%d  ", certificates)
			certificates++
		} else {
			b.WriteString("\n-  ")
		}
		e.text(&b)
	}
	fmt.Fprintf(&b, "\n%d certificates\n", certificates)
	_, err := io.WriteString(w, b.String())
	return err
}

func (e shownElement) text(b *strings.Builder) {
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(b, "   %-10s  %s\n", name, report.Printable(value))
		}
	}
	title := e.Subject
	if title == "" {
		title = e.Kind
	}
	fmt.Fprintf(b, "%s\n", report.Printable(title))
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
