package report_test

import (
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
)

// many is a report of n certificates of users, each judged for two targets and with a
// finding, whose issuer is missing.
func many(n int) *lint.Report {
	r := &lint.Report{Time: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), CatalogDate: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)}
	r.Files = []lint.File{{Name: "users.pem", Collection: "users.pem", Certificates: make([]lint.Certificate, n)}}
	m := lint.Missing{Subject: "CN=Issuing CA,O=Example Limited,C=GB", Kind: "unknown", URLs: []string{"http://ca.example.com/issuing.cer"}}
	targets := []lint.Target{lint.Windows, lint.AppleMail}
	for i := range n {
		c := lint.Certificate{Subject: fmt.Sprintf("CN=user%d@example.com,O=Example Limited,C=GB", i), Issuer: m.Subject, SHA256: fmt.Sprintf("%064x", i), NotAfter: r.Time}
		r.Files[0].Certificates[i] = c
		m.For = append(m.For, lint.MissingFor{Targets: targets, File: "users.pem", Index: i, Subject: c.Subject, SHA256: c.SHA256})
		r.Findings = append(r.Findings, lint.Finding{
			Rule: "e_chain_issuer_missing", Status: lint.Error, Targets: targets, File: "users.pem", Index: i, Subject: c.Subject, SHA256: c.SHA256,
			Message: plain("the chain stops here"), Remedy: "Add the certificate of the issuer, and whatever leads from there to a root.", Citation: "RFC 5280, Section 6.1", Confidence: lint.Documented,
		})
		for _, t := range targets {
			r.Subjects = append(r.Subjects, lint.Verdict{
				Target: t, Subject: lint.Subject{Kind: "certificate", File: "users.pem", Index: i, Name: c.Subject, SHA256: c.SHA256}, Status: lint.Fails,
				Needs: []lint.NeedAnswer{
					{Need: "signs", State: lint.Met}, {Need: "valid", State: lint.Met, Evidence: plains("until 2027-11-22")},
					{Need: "path", State: lint.Failed, Because: []string{"e_chain_issuer_missing"}},
					{Need: "delivery", State: lint.Assumed, Decide: plains("it is delivered")},
				},
				Because: []string{"e_chain_issuer_missing"},
			})
		}
	}
	r.Missing = []lint.Missing{m}
	return r
}

// BenchmarkMachineFormats renders a report of 10,000 certificates.
func BenchmarkMachineFormats(b *testing.B) {
	r := many(10_000)
	o := new(report.Options)
	for _, f := range []struct {
		name  string
		write func(io.Writer, *lint.Report) error
	}{{"json", o.JSON}, {"ndjson", o.NDJSON}, {"sarif", o.SARIF}, {"junit", o.JUnit}} {
		b.Run(f.name, func(b *testing.B) {
			var size counter
			for b.Loop() {
				size = 0
				if err := f.write(&size, r); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(int64(size))
			b.ReportAllocs()
		})
	}
}

// counter counts what is written.
type counter int64

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }
