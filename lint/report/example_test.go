package report_test

import (
	"context"
	"log"
	"os"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
)

// The report that a person reads.
func ExampleText() {
	file, err := bundle.ReadFile("../../testdata/collections/complete.sst")
	if err != nil {
		log.Fatal(err)
	}
	r, err := lint.Run(context.Background(), []*bundle.File{file}, &lint.Options{
		Time:    time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		Targets: []lint.Target{lint.ExchangeOnline},
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := report.Text(os.Stdout, r); err != nil {
		log.Fatal(err)
	}
	// Output:
	// exchange-online  works
	//
	// not checked
	//   exchange-online: the settings of the tenant, which the output of Get-SmimeConfig | ConvertTo-Json would show
	//   revocation: nothing was fetched; whether certificates are revoked and their revocation lists can be reached is not known
	//
	// 4 certificates in 1 file: 0 errors, 0 warnings, 0 notices at 2026-11-22T00:00:00Z
}
