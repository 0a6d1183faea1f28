package main

import (
	"bufio"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/sst"
)

// The types below are the output of show -format json, field by field: an object
// with name, format and elements.
type (
	shownElement struct {
		Kind   string `json:"kind"`
		Offset int64  `json:"offset"`
		certificateFacts
		List       *shownList      `json:"list,omitempty"`
		Error      string          `json:"error,omitempty"`
		Properties []shownProperty `json:"properties,omitempty"`
	}
	shownList struct { // a revocation list
		Issuer     string `json:"issuer"`
		ThisUpdate string `json:"this_update"`           // RFC 3339, UTC
		NextUpdate string `json:"next_update,omitempty"` // RFC 3339, UTC
		Revoked    int    `json:"revoked"`               // certificates
	}
	shownProperty struct {
		ID    uint32 `json:"id"`
		Name  string `json:"name"`
		Class string `json:"class"`
		Size  int    `json:"size"` // of the value, in bytes
		Value string `json:"value,omitempty"`

		class sst.Class
	}
)

func show(c *command, args []string, std streams) (int, error) {
	var (
		fs       = c.flags()
		password passwordFlags
		format   = fs.String("format", "text", "write as `FORMAT`: text or json")
		mapped   = fs.Bool("mmap", false, "map a store into memory instead of reading it; no other program may shorten it meanwhile")
	)
	password.register(fs)
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	if *format != "text" && *format != "json" {
		return 0, say.Errorf("unknown format %q: want text or json", *format)
	}
	if fs.NArg() != 1 {
		return 0, say.Errorf("show: want one file, got %d", fs.NArg())
	}
	page := screenOf(std, "")
	w := bufio.NewWriter(page.fold(std.out))
	var out listing = &textListing{labelled: labelled{w: w, page: page, indent: 3}}
	if *format == "json" {
		w.Reset(std.out)
		out = &jsonListing{w: w}
	}
	streamed, err := showStore(fs.Arg(0), *mapped, out)
	if err != nil {
		return 0, err
	}
	if !streamed {
		in, err := load(fs.Args(), &password, std)
		if err != nil {
			return 0, err
		}
		if err := in.failed.err(); err != nil {
			return 0, err
		}
		for _, f := range in.files {
			if f.PFX == nil {
				showFile(f, out)
			} else if err := showPFX(w, f.Name, *format, f.PFX, page); err != nil {
				return 0, err
			}
		}
	}
	return exitClean, w.Flush()
}

// listing is a form in which what a file holds is written, item by item. Errors
// of writing stay in the buffered writer until it is flushed.
type listing interface {
	begin(name, format string)
	element(shownElement)
	end()
}

// showStore lists a store element by element, so that its size does not matter.
// It reports false when the file is no store in binary form.
func showStore(name string, mapped bool, out listing) (bool, error) {
	r, size, err := openStore(name, mapped)
	if err != nil || r == nil {
		return false, err
	}
	defer r.Close()
	store, err := sst.NewReader(r, size, nil)
	if err != nil {
		return false, say.Errorf("%s: %w", name, err)
	}
	out.begin(name, bundle.SST.String())
	for e, err := range store.Elements() {
		if err != nil {
			return false, say.Errorf("%s: %w", name, err)
		}
		out.element(showElement(e))
	}
	out.end()
	return true, nil
}

// showFile lists a file in any form but a PFX.
func showFile(f *bundle.File, out listing) {
	out.begin(f.Name, f.Format.String())
	for i := range f.Certificates {
		out.element(showCertificate(&f.Certificates[i]))
	}
	for _, crl := range f.CRLs {
		out.element(showList(crl.Raw, crl.Offset, nil))
	}
	for _, k := range f.Keys {
		out.element(shownElement{Kind: strings.ToLower(k.Kind), Offset: k.Offset})
	}
	for _, i := range f.Ignored {
		out.element(shownElement{Kind: strings.ToLower(i.Kind.String()), Offset: i.Offset})
	}
	out.end()
}

// showElement describes an element of a store.
func showElement(e *sst.Element) shownElement {
	if e.Kind == sst.Certificate {
		return showCertificate(&bundle.Certificate{Certificate: chain.ParseCertificate(e.Raw), Offset: e.Offset, Properties: e.Properties})
	}
	if e.Kind == sst.CRL {
		return showList(e.Raw, e.Offset, e.Properties)
	}
	shown := shownElement{Kind: strings.ToLower(e.Kind.String()), Offset: e.Offset, Properties: showProperties(e.Properties)}
	shown.SHA256 = fingerprint(e.Raw)
	return shown
}

// showList describes a revocation list.
func showList(raw []byte, offset int64, properties []sst.Property) shownElement {
	e := shownElement{Kind: "crl", Offset: offset, Properties: showProperties(properties)}
	e.SHA256 = fingerprint(raw)
	list, err := x509.ParseRevocationList(raw)
	if err != nil {
		e.Error = err.Error()
		return e
	}
	e.List = &shownList{
		Issuer: chain.NameString(list.RawIssuer), ThisUpdate: list.ThisUpdate.UTC().Format(time.RFC3339), Revoked: len(list.RevokedCertificateEntries),
	}
	if !list.NextUpdate.IsZero() {
		e.List.NextUpdate = list.NextUpdate.UTC().Format(time.RFC3339)
	}
	return e
}

func showCertificate(c *bundle.Certificate) shownElement {
	e := shownElement{Kind: "certificate", Offset: c.Offset}
	if c.Raw != nil {
		e.certificateFacts = factsOf(c.Certificate)
	}
	if err := c.Err(); err != nil {
		e.Error = err.Error()
	}
	e.Properties = showProperties(c.Properties)
	return e
}

func showProperties(properties []sst.Property) []shownProperty {
	var list []shownProperty
	for _, p := range properties {
		list = append(list, shownProperty{
			ID: uint32(p.ID), Name: p.ID.String(), Class: p.ID.Class().String(), Size: len(p.Value), Value: propertyValue(p), class: p.ID.Class(),
		})
	}
	return list
}

// fingerprint is how certificates are named in JSON and in names of files.
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
			names := make([]string, len(oids))
			for i, oid := range oids {
				names[i] = chain.UsageName(oid.String())
			}
			return strings.Join(names, ", ")
		}
	case sst.FormKeyProvider:
		if k, err := p.KeyProvInfo(); err == nil {
			return fmt.Sprintf("container=%q provider=%q type=%d flags=0x%x key_spec=%d", k.Container, k.Provider, k.ProvType, k.Flags, k.KeySpec)
		}
	}
	return ""
}
