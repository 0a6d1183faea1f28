package report_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
)

// TestFoldLong folds a line of megabytes, as a name in a certificate may be,
// given in small pieces: the work is that of its length.
func TestFoldLong(t *testing.T) {
	for _, word := range []string{"word ", "漢字", "x"} {
		start := time.Now()
		w := report.Fold(io.Discard, 80)
		piece := []byte(strings.Repeat(word, 1000))
		for range 4000 {
			if _, err := w.Write(piece); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := io.WriteString(w, "\n"); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took > 30*time.Second { // measured: 1 s
			t.Errorf("%q: took %s", word, took)
		}
	}
}

// TestSARIFManyFiles writes a finding for each of many files of one folder.
func TestSARIFManyFiles(t *testing.T) {
	const files = 30_000
	r := new(lint.Report)
	for i := range files {
		name := fmt.Sprintf("folder/%06d.cer", i)
		r.Files = append(r.Files, lint.File{Name: name, Collection: "folder"})
		for range 3 {
			r.Findings = append(r.Findings, lint.Finding{Rule: "w_collection_end_entity", Status: lint.Warn, File: name})
		}
	}
	start := time.Now()
	var b bytes.Buffer
	if err := new(report.Options).SARIF(&b, r); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > time.Minute { // measured: 1 s
		t.Errorf("took %s", took)
	}
}
