package bundle_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/testdata/outside"
)

// decimals returns octets as numbers with something between them.
func decimals(data []byte, between string) string {
	list := make([]string, len(data))
	for i, b := range data {
		list[i] = fmt.Sprint(b)
	}
	return strings.Join(list, between)
}

func wrapAt(s string, n int) string {
	var b strings.Builder
	for len(s) > n {
		b.WriteString(s[:n] + "\r\n")
		s = s[n:]
	}
	return b.String() + s
}

// TestExchangeForms holds that settings are read in each form in which people have them.
func TestExchangeForms(t *testing.T) {
	store := read(t, "collections/complete.sst")
	text := base64.StdEncoding.EncodeToString(store)
	object := `{"OWASigningAlgorithms": "8004", "OWAAlwaysSign": false, "SMIMECertificateIssuingCA": [` + decimals(store, ", ") + `]}`
	quoted, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	list := func(value string) string {
		return "\r\nOWASigningAlgorithms      : 8004\r\nOWAAlwaysSign             : False\r\nSMIMECertificateIssuingCA : " + value + "\r\nName                      : Smime\r\n\r\n"
	}
	clixml := func(value string) string {
		return `<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><Obj RefId="0"><TN RefId="0"><T>System.Object</T></TN><ToString>Smime</ToString><Props><S N="OWASigningAlgorithms">8004</S><B N="OWAAlwaysSign">false</B>` + value + `</Props></Obj></Objs>`
	}
	var bytesXML strings.Builder
	for _, b := range store {
		fmt.Fprintf(&bytesXML, "<By>%d</By>", b)
	}
	transcript := func(text string) string {
		return "**********************\r\nPowerShell transcript start\r\nUsername: EXAMPLE\\admin\r\n**********************\r\nPS C:\\> Get-SmimeConfig\r\nWARNING: names of cmdlets.\r\n" + text + "\r\nPS C:\\> exit\r\n**********************\r\nPowerShell transcript end\r\n"
	}
	const unseen, empty, whole = -1, 0, 4
	tests := []struct {
		name, text string
		want       int
	}{
		{"list", list("{" + decimals(store, ", ") + "}"), whole},
		{"list in lines", list(strings.ReplaceAll("{"+decimals(store, ", ")+"}", " 48, ", "\r\n                            48, ")), whole},
		{"list of base64", list(text), whole},
		{"list cut off", list("{0, 0, 0, 0...}"), unseen},
		{"list cut off by one character", list("{0, 0, 0, 0…}"), unseen},
		{"list of a type", list("System.Byte[]"), unseen},
		{"empty list", list("{}"), empty},
		{"list without a value", list(""), empty},
		{"list without the setting", "OWASigningAlgorithms : 8004\nOWAAlwaysSign : False\n", unseen},
		{"list in a transcript", transcript(list("{0, 0, 0, 0...}")), unseen},
		{"JSON in a transcript", transcript(object), whole},
		{"JSON after a warning", "WARNING: depth.\n" + object, whole},
		{"JSON in a fence", "My settings:\n\n```json\n" + object + "\n```\nThanks\n", whole},
		{"JSON in quoted mail", "> Hello\n> \n> " + strings.ReplaceAll(object, ", ", ",\n> ") + "\n", whole},
		{"JSON in a string", string(quoted), whole},
		{"JSON in a report", `{"tenant": {"name": "x", "mail": [{"smime": ` + object + `}]}, "other": [1, 2]}`, whole},
		{"JSON in a string in a report", `{"report": ` + string(quoted) + `}`, whole},
		{"JSON of decimals", `{"OWASigningAlgorithms": "8004", "OWAAlwaysSign": false, "SMIMECertificateIssuingCA": "` + decimals(store, " ") + `"}`, whole},
		{"JSON without the setting", `{"OWASigningAlgorithms": "8004", "OWAAlwaysSign": false}`, unseen},
		{"CLIXML", clixml(`<BA N="SMIMECertificateIssuingCA">` + text + `</BA>`), whole},
		{"CLIXML of numbers", clixml(`<Obj N="SMIMECertificateIssuingCA" RefId="1"><TN RefId="1"><T>System.Byte[]</T></TN><LST>` + bytesXML.String() + `</LST></Obj>`), whole},
		{"CLIXML of nothing", clixml(`<Nil N="SMIMECertificateIssuingCA" />`), empty},
		{"XML", `<?xml version="1.0" encoding="utf-8"?><Objects><Object Type="x"><Property Name="OWASigningAlgorithms" Type="System.String">8004</Property><Property Name="OWAAlwaysSign" Type="System.Boolean">False</Property><Property Name="SMIMECertificateIssuingCA" Type="System.Byte[]">` +
			strings.NewReplacer("<By>", `<Property Type="System.Byte">`, "</By>", "</Property>").Replace(bytesXML.String()) + `</Property></Object></Objects>`, whole},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, data := range [][]byte{[]byte(tt.text), utf16Text(tt.text, false, true), append([]byte("\xEF\xBB\xBF"), tt.text...)} {
				f, err := bundle.Parse("x", data)
				if err != nil {
					t.Fatal(err)
				}
				if f.Format != bundle.ExchangeJSON || len(f.Settings) != 1 {
					t.Fatalf("read as %s, %d settings", f.Format, len(f.Settings))
				}
				s := f.Settings[0]
				if s.Unseen != (tt.want == unseen) || len(f.Certificates) != max(tt.want, 0) || tt.want != unseen && s.HasCollection != (tt.want == whole) {
					t.Errorf("%d certificates, collection %t, unseen %t", len(f.Certificates), s.HasCollection, s.Unseen)
				}
				if v, ok := s.Bool("OWAAlwaysSign"); v || !ok {
					t.Error("OWAAlwaysSign is lost")
				}
				if v, ok := s.Text("OWASigningAlgorithms"); v != "8004" || !ok {
					t.Error("OWASigningAlgorithms is lost")
				}
			}
		})
	}
}

// TestStoreInText holds that a store is read as the numbers, digits and base64 that
// PowerShell prints.
func TestStoreInText(t *testing.T) {
	store := read(t, "collections/complete.sst")
	digits := hex.EncodeToString(store)
	var pairs []string
	for _, b := range store {
		pairs = append(pairs, fmt.Sprintf("%02X", b))
	}
	var dump strings.Builder
	for at := 0; at < len(store); at += 16 {
		row := store[at:min(at+16, len(store))]
		fmt.Fprintf(&dump, "%08X   %s  %s\r\n", at, strings.ToUpper(strings.Join(strings.Split(strings.TrimSpace(fmt.Sprintf("% x", row)), " "), " ")), strings.Repeat(".", len(row)))
	}
	for name, text := range map[string]string{
		"lines":         decimals(store, "\r\n"),
		"commas":        decimals(store, ","),
		"blanks":        decimals(store, " "),
		"JSON":          "[" + decimals(store, ",\n  ") + "]",
		"braces":        "{" + decimals(store, ", ") + "}",
		"dashes":        strings.Join(pairs, "-"),
		"pairs":         strings.Join(pairs, " "),
		"0x":            "0x" + strings.Join(pairs, ",0x"),
		"colons":        strings.Join(pairs, ":"),
		"a cast":        "[byte[]](" + decimals(store, ",") + ")",
		"an array":      "@(" + decimals(store, ", ") + ")",
		"marked text":   "\"" + base64.StdEncoding.EncodeToString(store) + "\"",
		"0x, digits":    "0x" + digits,
		"digits":        digits,
		"digits, lines": wrapAt(strings.ToUpper(digits), 64),
		"base64":        base64.StdEncoding.EncodeToString(store),
		"base64, lines": wrapAt(base64.StdEncoding.EncodeToString(store), 76),
		"a console":     "PS C:\\> (Get-SmimeConfig).SMIMECertificateIssuingCA\r\n" + decimals(store, "\r\n") + "\r\nPS C:\\> ",
		"quoted":        "> " + decimals(store, "\n> ") + "\n",
		"Format-Hex":    "\r\n   Label: String\r\n\r\n" + dump.String(),
	} {
		for _, data := range [][]byte{[]byte(text), utf16Text(text, false, true)} {
			f, err := bundle.Parse("x", data)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if len(f.Certificates) != 4 || f.Store == nil {
				t.Errorf("%s: read as %s with %d certificates", name, f.Format, len(f.Certificates))
			}
		}
	}
}

// TestExchangeLossy holds that output without the octets names the command that keeps them,
// and that text about settings is no such output.
func TestExchangeLossy(t *testing.T) {
	for name, text := range map[string]string{
		"CSV":                 "\"OWACheckCRLOnSend\",\"SMIMECertificateIssuingCA\"\r\n\"False\",\"System.Byte[]\"\r\n",
		"CSV of one setting":  "\"Name\",\"AllowSMIMESoftCerts\"\r\n\"Default\",\"True\"\r\n",
		"CSV with semicolons": "OWASigningAlgorithms;OWACheckCRLOnSend\r\n8004;False\r\n",
		"CSV with tabs":       "Identity\tSMIMECertificateIssuingCA\r\nSmime\tSystem.Byte[]\r\n",
		"HTML without heads":  "<table><tr><td>SMIMECertificateIssuingCA</td></tr></table>",
		"HTML with heads":     "<table><tr><th>SMIMECertificateIssuingCA</th></tr></table>",
		"HTML":                "<!DOCTYPE html><html><table><tr><th>SMIMECertificateIssuingCA</th></tr><tr><td>System.Byte[]</td></tr></table></html>",
		"table":               "\nOWACheckCRLOnSend OWASigningAlgorithms\n----------------- --------------------\n            False 8004\n",
		"members":             "   TypeName: System.Management.Automation.PSCustomObject\n\nName MemberType Definition\n---- ---------- ----------\nOWACheckCRLOnSend NoteProperty bool\n",
	} {
		_, err := bundle.Parse("x", []byte(text))
		if unknown, ok := errors.AsType[*bundle.UnrecognizedError](err); !ok || !strings.Contains(unknown.Error(), "ConvertTo-Json") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, text := range []string{
		`{"SMIMECertificateIssuingCA": "0 0 0 0 67 69 82 84 ..."}`, `{"SMIMECertificateIssuingCA": "System.Byte[]"}`,
	} {
		if _, err := bundle.Parse("x", []byte(text)); err == nil || !strings.Contains(err.Error(), "ConvertTo-Json") {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{
		"The setting SMIMECertificateIssuingCA holds the store, OWACheckCRLOnSend is false.\n",
		"OWACheckCRLOnSend\n", "OWACheckCRLOnSend, $x = 1\n", "a,OWACheckCRLOnSend(x)\n", "one,two\nOWACheckCRLOnSend\n", "other,owned\n# OWACheckCRLOnSend\n",
		"<p>OWACheckCRLOnSend</p>", "SMIMECertificateIssuingCA: the store\n",
	} {
		if f, err := bundle.Parse("x", []byte(text)); err == nil || strings.Contains(err.Error(), "ConvertTo-Json") {
			t.Errorf("%s: %v, %v", text, f, err)
		}
	}
}

// TestShellXMLLimits holds that XML of PowerShell cannot take more than its share.
func TestShellXMLLimits(t *testing.T) {
	outside.SkipUnderRace(t)
	for name, text := range map[string]string{
		"depth":   "<Objs>owasigningalgorithms" + strings.Repeat("<Obj>", 100),
		"damaged": "<Objs>owasigningalgorithms</",
	} {
		if f, err := bundle.Parse("x", []byte(text)); err == nil {
			t.Errorf("%s: read as %s", name, f.Format)
		}
	}
	many := append([]byte("<Objs>owasigningalgorithms"), bytes.Repeat([]byte("<a/>"), bundle.MaxShellElements+1)...)
	if _, err := bundle.Parse("x", many); !errors.Is(err, bundle.ErrTooLarge) {
		t.Errorf("elements: %v", err)
	}
}
