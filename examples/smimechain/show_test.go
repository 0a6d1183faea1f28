package main

import (
	"bufio"
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/examples/smimechain/describe"
	"github.com/smimechain/smimechain/internal/console"
	"github.com/smimechain/smimechain/sst"
)

// TestShowText writes for people what is no certificate, and properties.
func TestShowText(t *testing.T) {
	var text bytes.Buffer
	w := bufio.NewWriter(&text)
	showFile(&describe.File{Name: "a.sst", Format: "sst", Elements: []describe.Element{
		{Kind: "certificate", Certificate: describe.Certificate{Subject: "CN=Root", Role: "root"}, Properties: []describe.Property{
			{ID: sst.PropFriendlyName, Name: "FRIENDLY_NAME", Size: 24, Value: "Root of all"},
			{ID: sst.PropIsolatedKey, Name: "ISOLATED_KEY", Size: 15},
			{ID: sst.PropAutoEnroll, Name: "AUTO_ENROLL", Size: 7},
		}},
		{Kind: "crl", List: &describe.RevocationList{Issuer: "CN=Example CA", ThisUpdate: "2026-11-22T00:00:00Z", NextUpdate: "2026-11-29T00:00:00Z", Revoked: 5}},
		{Kind: "crl", List: &describe.RevocationList{ThisUpdate: "2026-11-22T00:00:00Z"}},
		{Kind: "crl", Error: describe.Cause{Err: errors.New("malformed")}, Offset: 255},
	}}, &textListing{labelled: labelled{w: w, indent: 3}})
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"a.sst (sst)", "CN=Root", "certificate of a CA, self-signed", "revocation list", "CN=Example CA", "2026-11-22T00:00:00Z to 2026-11-29T00:00:00Z",
		"from 2026-11-22T00:00:00Z on", "5 certificates", "Root of all", "15 bytes, not shown (holds key material)", "7 bytes\n", "malformed", "0xff", "\n1 certificate\n"} {
		if !strings.Contains(text.String(), s) {
			t.Errorf("the text lacks %q:\n%s", s, &text)
		}
	}
}

// TestShowDocument holds the JSON to that of package describe, octet for octet, also
// where a store is written element by element.
func TestShowDocument(t *testing.T) {
	testdata := filepath.Join("..", "..", "testdata")
	files, err := filepath.Glob(filepath.Join(testdata, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	passwordFile := filepath.Join(testdata, "pfx", "password.txt")
	text, err := readText(passwordFile, 1000)
	if err != nil {
		t.Fatal(err)
	}
	password := strings.TrimRight(string(text), "\r\n")
	formats := map[string]int{}
	for _, name := range files {
		f, err := (&bundle.Options{Password: &password}).ReadFile(t.Context(), name)
		if err != nil {
			continue
		}
		var got, want, errs bytes.Buffer
		args := []string{"show", "-format", "json", "-password-file", passwordFile, name}
		if status := run(args, streams{out: &got, err: &errs}); status != exitClean {
			t.Fatalf("%s: %d, %s", name, status, &errs)
		}
		if err := console.EncodeJSON(&want, describe.NewFile(f), "", "  "); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want.Bytes()) {
			t.Errorf("%s: the command writes %d bytes, the package %d, which differ", name, got.Len(), want.Len())
		}
		formats[f.Format.String()]++
	}
	if formats["sst"] < 5 || formats["pfx"] < 2 || formats["pem"] < 5 {
		t.Errorf("only %v were looked at", formats)
	}
}
