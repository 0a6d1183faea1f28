package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"
	"github.com/smimechain/smimechain/lint"
)

func init() {
	register.Function2x1(row)
	register.DoFn3x1[context.Context, int, func(*string) bool, error](&countsFn{})
	register.Iter1[string]()
}

// countsName is the last file that is written: where it is, the output is whole.
const countsName = "counts.csv"

// keysOf returns what a report adds one to: each certificate by its CA and month of
// issue, and that once more for each rule and lint that has something to say of it. An
// entry that was not judged counts under the code that says why.
func keysOf(c lint.Checked, r *lint.Report) []string {
	var keys []string
	if c.Err != nil {
		for _, n := range r.NotChecked {
			keys = append(keys, key(string(n.Code), "", ""))
		}
		return keys
	}
	for _, f := range r.Files {
		for _, cert := range f.Certificates {
			month := ""
			if !cert.NotBefore.IsZero() {
				month = cert.NotBefore.UTC().Format("2006-01")
			}
			rules := []string{""}
			for _, finding := range r.Findings {
				if finding.File == f.Name && finding.SHA256 == cert.SHA256 && cert.SHA256 != "" {
					rules = append(rules, finding.Rule)
				}
			}
			slices.Sort(rules)
			for _, rule := range slices.Compact(rules) {
				keys = append(keys, key(rule, cert.Issuer, month))
			}
		}
	}
	return keys
}

// key is the beginning of a row.
func key(fields ...string) string {
	var text strings.Builder
	w := csv.NewWriter(&text)
	_ = w.Write(fields) // to memory
	w.Flush()
	return strings.TrimSuffix(text.String(), "\n")
}

// row makes a row of a key and its number.
func row(key string, n int64) string { return key + "," + strconv.FormatInt(n, 10) }

// countsFn writes the rows.
type countsFn struct{ Out string }

// ProcessElement takes all rows at once: as many as there are pairs of a rule with a CA
// and a month, however many certificates there are.
func (f *countsFn) ProcessElement(ctx context.Context, _ int, rows func(*string) bool) error {
	var all []string
	for next := ""; rows(&next); {
		all = append(all, next)
	}
	slices.Sort(all)
	return writeWhole(ctx, f.Out+"/"+countsName, func(w io.Writer) error {
		var text bytes.Buffer
		text.WriteString("rule,ca,month,certificates\n")
		for _, line := range all {
			text.WriteString(line + "\n")
		}
		_, err := w.Write(text.Bytes())
		return err
	})
}
