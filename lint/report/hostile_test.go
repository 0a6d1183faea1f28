package report_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/internal/console"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
)

// linear holds that eight times as much takes less than thirty times as long: what is
// quadratic takes sixty-four times. Of each, the faster of two runs counts, and what else
// the machine does is given three chances.
func linear(t *testing.T, n int, work func(n int)) {
	t.Helper()
	fastest := func(n int) time.Duration {
		best := time.Duration(1<<63 - 1)
		for range 2 {
			start := time.Now()
			work(n)
			best = min(best, time.Since(start))
		}
		return best
	}
	var few, many time.Duration
	for range 3 {
		if few, many = fastest(n), fastest(8*n); many <= 30*few {
			return
		}
	}
	t.Errorf("eight times as much takes %.0f times as long: %s, %s", float64(many)/float64(few), few, many)
}

// TestFoldLong folds a line of megabytes, as a name in a certificate may be,
// given in small pieces: the work is that of its length.
func TestFoldLong(t *testing.T) {
	for _, word := range []string{"word ", "漢字", "x"} {
		piece := []byte(strings.Repeat(word, 1000))
		linear(t, 100, func(n int) {
			w := console.Fold(io.Discard, 80)
			for range n {
				if _, err := w.Write(piece); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := io.WriteString(w, "\n"); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestSARIFManyFiles writes a finding for each of many files of one folder.
func TestSARIFManyFiles(t *testing.T) {
	linear(t, 1500, func(n int) {
		r := new(lint.Report)
		for i := range n {
			name := fmt.Sprintf("folder/%06d.cer", i)
			r.Files = append(r.Files, lint.File{Name: name, Collection: "folder"})
			for range 3 {
				r.Findings = append(r.Findings, lint.Finding{Rule: "w_collection_end_entity", Status: lint.Warn, File: name})
			}
		}
		var b bytes.Buffer
		if err := new(report.Options).SARIF(&b, r); err != nil {
			t.Fatal(err)
		}
	})
}
