package bundle_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestLimits holds that what is beyond the limit of a format is refused as too
// large, by an error that begins with the name, and not read in part.
func TestLimits(t *testing.T) {
	outside.SkipUnderRace(t)
	profile := func(content string) string {
		return `<?xml version="1.0"?><plist version="1.0"><dict><key>PayloadType</key><string>Configuration</string><key>PayloadContent</key>` + content + `</dict></plist>`
	}
	array := func(n int, item string) string { return "<array>" + strings.Repeat(item, n) + "</array>" }
	for name, text := range map[string]string{
		"objects":          "[" + strings.TrimSuffix(strings.Repeat(`{"OWASigningAlgorithms":""},`, bundle.MaxObjects+1), ",") + "]",
		"values":           `{"OWASigningAlgorithms":[` + strings.TrimSuffix(strings.Repeat("[],", bundle.MaxJSONValues+1), ",") + "]}",
		"items":            `{"OWASigningAlgorithms":[` + strings.TrimSuffix(strings.Repeat("0,", bundle.MaxJSONItems+2), ",") + "]}",
		"blocks":           strings.Repeat("-----BEGIN X-----\nAAAA\n-----END X-----\n", bundle.MaxElements+1),
		"payloads":         profile(array(bundle.MaxPayloads+1, "<dict></dict>")),
		"profile elements": profile(array(bundle.MaxProfileElements+1, "<true/>")),
		"profile nesting":  profile(strings.Repeat("<array>", bundle.MaxProfileNesting+1) + strings.Repeat("</array>", bundle.MaxProfileNesting+1)),
		"profile size":     profile(array(1, "<string>"+strings.Repeat("A", bundle.MaxProfileSize)+"</string>")),
		"script size":      "Set-SmimeConfig -SMIMECertificateIssuingCA $x\n" + strings.Repeat("# remark\n", bundle.MaxScriptSize/9+1),
	} {
		t.Run(name, func(t *testing.T) {
			f, err := bundle.Parse("name of the file", []byte(text))
			if !errors.Is(err, bundle.ErrTooLarge) || f != nil {
				t.Fatalf("%v, %v", f, err)
			}
			if !strings.HasPrefix(err.Error(), "name of the file: ") {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestLimitsReached holds that as many as a limit allows are read.
func TestLimitsReached(t *testing.T) {
	outside.SkipUnderRace(t)
	for name, text := range map[string]string{
		"items":   `{"OWASigningAlgorithms":"","a":[` + strings.Repeat("0,", bundle.MaxJSONItems-1) + "0]}",
		"objects": "[" + strings.TrimSuffix(strings.Repeat(`{"OWASigningAlgorithms":""},`, bundle.MaxObjects), ",") + "]",
	} {
		if f, err := bundle.Parse("x", []byte(text)); err != nil || f.Format != bundle.ExchangeJSON {
			t.Errorf("%s: %v, %v", name, f, err)
		}
	}
}

// TestForeign holds which files nothing connects with certificates.
func TestForeign(t *testing.T) {
	for content, want := range map[string]bool{
		`{"name": "x"}`: true, `{"@odata.type": "#microsoft.graph.iosWiFiConfiguration"}`: true, "a text\n": true, "Payload of a text\n": true,
		"%PDF-1.7\n": false, "\x80\x81\x82": false, "a text\x00": false, "": false,
	} {
		_, err := bundle.Parse("x", []byte(content))
		if unrecognized, ok := errors.AsType[*bundle.UnrecognizedError](err); !ok || unrecognized.Foreign() != want {
			t.Errorf("%q: %v, foreign %v", content, err, !want)
		}
	}
}

// TestSaysWhatItIs holds that what somebody gives by mistake is named, with what
// to do about it where something can be done.
func TestSaysWhatItIs(t *testing.T) {
	for content, want := range map[string]string{
		"\xFE\xED\xFE\xED\x00\x00\x00\x02": "keytool -importkeystore",
		"%PDF-1.7\n":                       "PDF",
		`{"@odata.type": "#microsoft.graph.iosWiFiConfiguration"}`:                           "Graph",
		"\xEF\xBB\xBF[{\"Name\": \"x\"}]":                                                    "JSON",
		`[{"Id": "1", "AdditionalProperties": "System.Collections.Generic.Dictionary"}]`:     "-Depth",
		"resource \"x\" \"y\" {\n  trusted_root_certificate = filebase64(\"root.cer\")\n}\n": "terraform show -json",
	} {
		_, err := bundle.Parse("x", []byte(content))
		var unrecognized *bundle.UnrecognizedError
		if !errors.As(err, &unrecognized) || !strings.Contains(string(unrecognized.Why), want) {
			t.Errorf("%q: %v, want %q", content, err, want)
		}
	}
}

// TestReadDir holds that names begin with the folder as it was given, and that a
// folder that is not there is an error.
func TestReadDir(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "note.txt"), []byte("a note"), 0o600); err != nil {
		t.Fatal(err)
	}
	files, skipped, err := new(bundle.Options).ReadDir(context.Background(), dir)
	if err != nil || len(files) != 0 || len(skipped) != 1 || skipped[0].Name != filepath.Join(dir, "note.txt") {
		t.Errorf("%v, %v, %v", files, skipped, err)
	}
	none := filepath.Join(dir, "none")
	if _, _, err := new(bundle.Options).ReadDir(context.Background(), none); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), none) {
		t.Errorf("%v", err)
	}
}
