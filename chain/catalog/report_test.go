package catalog

import (
	"bytes"
	"compress/gzip"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/testdata/outside"
	"golang.org/x/text/encoding/unicode"
)

func reportOf(certs ...*chain.Certificate) string {
	var sb strings.Builder
	sb.WriteString("SHA-256 Fingerprint,X.509 Certificate (PEM)\n")
	for _, c := range certs {
		fmt.Fprintf(&sb, "%X,\"%s\"\n", c.SHA256(), strings.TrimSpace(string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))))
	}
	return sb.String()
}

func everything([32]byte, func() *chain.Certificate) bool { return true }

func TestReadReport(t *testing.T) {
	a := issue(t, pkix.Name{CommonName: "Example Root"}, nil)
	b := issue(t, pkix.Name{CommonName: "Example Root 2"}, nil)
	text := reportOf(a, b)
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	io.WriteString(w, text)
	w.Close()
	for name, data := range map[string]string{"plain": text, "gzip": zipped.String()} {
		if !IsReport([]byte(data)[:20]) && !IsReport([]byte(data)[:60]) {
			t.Errorf("%s: is no report", name)
		}
		list, err := ReadReport(strings.NewReader(data), everything)
		if err != nil || len(list) != 2 || list[1].SHA256() != b.SHA256() {
			t.Errorf("%s: %v, %v", name, list, err)
		}
		list, err = ReadReport(strings.NewReader(data), func(sum [32]byte, certificate func() *chain.Certificate) bool {
			return certificate().Issuer() == "CN=Example Root 2"
		})
		if err != nil || len(list) != 1 || list[0].SHA256() != b.SHA256() {
			t.Errorf("%s: by name: %v, %v", name, list, err)
		}
	}
	for name, data := range map[string]string{
		"empty": "", "other columns": "a,b\n1,2\n", "cut gzip": zipped.String()[:40], "open quote": text[:200],
		"too many columns": text + "a,b,c\n",
	} {
		if list, err := ReadReport(strings.NewReader(data), everything); err == nil || list != nil {
			t.Errorf("%s: %d certificates, %v", name, len(list), err)
		}
	}
	// As programs for tables write it, and with other columns.
	utf16 := func(s string) string {
		b, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	tabs := strings.ReplaceAll(text, ",", "\t")
	turned := regexp.MustCompile(`(?s)([0-9A-F]{64}),("[^"]+")`).ReplaceAllString(strings.Replace(text, "SHA-256 Fingerprint,X.509 Certificate (PEM)", `"Parent SHA-256 Fingerprint","PEM Info","SHA-256 Fingerprint"`, 1), `"",$2,"$1"`)
	for name, data := range map[string]string{
		"byte order mark": "\ufeff" + text, "byte order mark and quotes": "\ufeff" + strings.Replace(text, "SHA-256 Fingerprint", `"SHA-256 Fingerprint"`, 1),
		"another column with PEM": strings.ReplaceAll(strings.Replace(text, "(PEM)", "(PEM),PEM of the parent", 1), "-----\"\n", "-----\",none\n"),
		"UTF-16":                  utf16(text), "UTF-16 and tabs": utf16(tabs), "semicolons": strings.ReplaceAll(text, ",", ";"),
		"CRLF": strings.ReplaceAll(text, "\n", "\r\n"), "other order": turned, "apostrophes": strings.ReplaceAll(strings.ReplaceAll(text, "\"-----B", "\"'-----B"), "-----\"", "-----'\""),
	} {
		if !IsReport([]byte(data)) {
			t.Errorf("%s: is no report", name)
		}
		if list, err := ReadReport(strings.NewReader(data), everything); err != nil || len(list) != 2 {
			t.Errorf("%s: %d certificates, %v", name, len(list), err)
		}
	}
	// A row that does not end.
	endless := io.MultiReader(strings.NewReader(text+"00,\""), &filler{n: 64 << 20})
	if list, err := ReadReport(endless, everything); err == nil || !strings.Contains(err.Error(), "a row of more than 1048576 octets") || list != nil {
		t.Errorf("a row that does not end: %d certificates, %v", len(list), err)
	}
	// A row with the fingerprint of another certificate is none.
	swapped := strings.Replace(text, fmt.Sprintf("%X", a.SHA256()), fmt.Sprintf("%X", b.SHA256()), 1)
	if list, err := ReadReport(strings.NewReader(swapped), everything); err != nil || len(list) != 1 {
		t.Errorf("a wrong fingerprint: %d certificates, %v", len(list), err)
	}
	// A bomb.
	var bomb bytes.Buffer
	w, _ = gzip.NewWriterLevel(&bomb, gzip.BestSpeed)
	io.WriteString(w, "SHA-256 Fingerprint,PEM\n")
	row := []byte(strings.Repeat("0", 64) + "," + strings.Repeat("A", 4000) + "\n")
	for range maxReportSize/len(row) + 2 {
		w.Write(row)
	}
	w.Close()
	if _, err := ReadReport(&bomb, everything); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("a bomb: %v", err)
	}
}

// filler reads as n octets.
type filler struct{ n int }

func (f *filler) Read(p []byte) (int, error) {
	n := min(len(p), f.n)
	f.n -= n
	for i := range p[:n] {
		p[i] = 'A'
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// TestReportMemory holds that what is not wanted is not kept.
func TestReportMemory(t *testing.T) {
	data := outside.Read(t, "ccadb", "ca-certificates-2026-08-21.csv.gz")
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	rows := 0
	list, err := ReadReport(bytes.NewReader(data), func(sum [32]byte, _ func() *chain.Certificate) bool {
		rows++
		return rows%1000 == 0
	})
	runtime.GC()
	runtime.ReadMemStats(&after)
	if err != nil || rows != 10_229 || len(list) != 10 {
		t.Errorf("%d rows, %d certificates, %v", rows, len(list), err)
	}
	if kept := int64(after.HeapAlloc) - int64(before.HeapAlloc); kept > 2<<20 {
		t.Errorf("%d octets are kept", kept)
	}
	runtime.KeepAlive(list)
}

func FuzzReport(f *testing.F) {
	f.Add([]byte("SHA-256 Fingerprint,PEM\n00,\"x\"\n"))
	f.Add([]byte("\x1f\x8b\x08\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		IsReport(data)
		if list, err := ReadReport(bytes.NewReader(data), everything); err != nil && list != nil {
			t.Errorf("%d certificates and %v", len(list), err)
		}
	})
}
