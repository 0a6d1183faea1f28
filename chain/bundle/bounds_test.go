package bundle_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestHostileText holds the memory that text takes which is made to cost much.
func TestHostileText(t *testing.T) {
	outside.SkipUnderRace(t)
	const size = 1 << 20
	fill := func(prefix, unit string) []byte {
		return []byte(prefix + strings.Repeat(unit, (size-len(prefix))/len(unit)))
	}
	tests := []struct {
		name   string
		data   []byte
		factor uint64 // bytes allocated for each byte of input
	}{
		{"script of separators", fill("Get-SmimeConfig\n", ";"), 400},
		{"script of brackets", fill("Get-SmimeConfig\n", "("), 400},
		{"script of commands", fill("Get-SmimeConfig\n", "a;"), 500},
		{"script of open comments", fill("Get-SmimeConfig\n", "<#"), 50},
		{"script of here-strings", fill("Get-SmimeConfig\n", "@'\n"), 400},
		{"PEM without ends", fill("", "-----BEGIN CERTIFICATE-----\n"), 200},
		{"PEM of nested begins", fill("-----BEGIN X-----", "-----BEGIN "), 50},
		{"JSON arrays", fill("", "["), 50},
		{"JSON of objects", []byte("[" + strings.Repeat("{},", size/3) + "{}]"), 400},
		{"numbers", []byte(`{"SMIMECertificateIssuingCA":[` + strings.Repeat("0,", size/2) + "0]}"), 50},
		{"JSON beyond the limit", []byte("[" + strings.Repeat("{},", size) + "{}]"), 5},
		{"numbers beyond the limit", []byte(`{"SMIMECertificateIssuingCA":[` + strings.Repeat("0,", 5*size) + "0]}"), 5},
		{"settings of apps", []byte(`{"@odata.type":"iosMobileAppConfiguration","settings":[` + strings.Repeat("{},", size/3) + "{}]}"), 400},
		{"elements of XML", fill("<plist>Payload", "<a>"), 50},
		{"attributes of XML", fill("<plist ", "a='b' "), 50},
		{"dictionaries", []byte("<plist><dict><key>PayloadContent</key><array>" + strings.Repeat("<dict/>", size/7) + "</array></dict></plist>"), 400},
		{"ends before starts", []byte("<plist>Payload" + strings.Repeat("</a>", size/8) + strings.Repeat("<a>", size/8)), 50},
		{"entities", []byte(`<!DOCTYPE plist [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><plist><dict><key>Payload</key><string>` + strings.Repeat("&b;", size/3) + "</string></dict></plist>"), 50},
		{"binary property list", append([]byte("bplist00Payload<plist"), make([]byte, size)...), 50},
		{"PEM of line feeds", []byte("-----BEGIN CERTIFICATE-----\n" + strings.Repeat("\n", size) + "-----END CERTIFICATE-----\n"), 50},
		{"PEM of returns", []byte("-----BEGIN CERTIFICATE-----\n" + strings.Repeat("\r", size) + "-----END CERTIFICATE-----\n"), 50},
		{"PEM of short lines", []byte("-----BEGIN CERTIFICATE-----\n" + strings.Repeat("A\n", size/2) + "-----END CERTIFICATE-----\n"), 50},
		{"PEM of blanks on one line", []byte("-----BEGIN CERTIFICATE----- " + strings.Repeat("A ", size/2) + "-----END CERTIFICATE-----\n"), 50},
		{"numbers with blanks", []byte("SMIMECertificateIssuingCA : " + strings.Repeat("0 ", size/2)), 60},
		{"digits with blanks", fill("", "a "), 50},
		{"base64 with blanks", []byte("MIIB" + strings.Repeat("A\n", size/2)), 50},
		{"value of a directory", []byte("dn: cn=a\nuserCertificate;binary:: " + strings.Repeat("A\n ", size/3)), 60},
		{"value of Graph", []byte(`{"@odata.type":"#microsoft.graph.windows81TrustedRootCertificate","trustedRootCertificate":"` + strings.Repeat("A ", size/2) + `"}`), 60},
		{"base64", fill("", "MIIB"), 50},
		{"white space", fill("", " "), 50},
		{"SEQUENCEs", fill("", "\x30\x80"), 50},
		{"elements of nothing", fill("\x00\x00\x00\x00CERT", "\x20\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00"), 100},
		{"registry of nothing", fill("Windows Registry Editor Version 5.00\r\n[a]\r\n", "\"Blob\"=hex:\r\n"), 200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := bundle.Parse("x", tt.data)
			runtime.ReadMemStats(&after)
			factor := (after.TotalAlloc - before.TotalAlloc) / uint64(len(tt.data))
			t.Logf("%d bytes allocated for each; error %.60v", factor, err)
			if factor > tt.factor {
				t.Errorf("%d bytes allocated for each byte of input, want at most %d", factor, tt.factor)
			}
		})
	}
}

// endless never ends.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestEndlessInput(t *testing.T) {
	if _, err := new(bundle.Options).Read(context.Background(), "x", endless{}); !errors.Is(err, bundle.ErrTooLarge) {
		t.Errorf("got %v", err)
	}
}
