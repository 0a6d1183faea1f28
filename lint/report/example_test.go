package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
)

// The report that a person reads.
func ExampleOptions_Text() {
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
	if err := new(report.Options).Text(os.Stdout, r); err != nil {
		log.Fatal(err)
	}
	// Output:
	// exchange-online  works
	//
	// exchange-online  works  ../../testdata/collections/complete.sst
	//   taken        yes SST, 4 certificates
	//   valid        yes until 2036-03-21
	//   path         yes every CA leads to one of: Example Email Protection Root 2021, Example Old Root
	//   serves       yes signatures under Example Secure Email CA 1
	//   provided that no certificate of the chain is revoked: none was checked (-fetch)
	//   provided that the settings of the tenant allow it (Get-SmimeConfig | ConvertTo-Json shows them)
	//
	// not checked
	//   exchange-online: the settings of the tenant, which the output of Get-SmimeConfig | ConvertTo-Json would show
	//   revocation: nothing was fetched; whether certificates are revoked and their revocation lists can be reached is not known
	//
	// 4 certificates in 1 file: 0 errors, 0 warnings, 0 notices, 0 remarks at 2026-11-22T00:00:00Z
	// facts about CAs of 2026-08-21
}

// Another program reads what it needs of the JSON report.
func ExampleOptions_JSON() {
	file, err := bundle.ReadFile("../../testdata/collections/expired.sst")
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
	var buf bytes.Buffer
	if err := new(report.Options).JSON(&buf, r); err != nil {
		log.Fatal(err)
	}

	var read struct {
		Version  int
		Verdicts []struct{ Target, Status string }
		Findings []struct {
			Rule, Status, SHA256 string
			Index                *int // null: about the whole
		}
	}
	if err := json.Unmarshal(buf.Bytes(), &read); err != nil {
		log.Fatal(err)
	}
	if read.Version != report.JSONVersion {
		log.Fatal("another version of the report")
	}
	fmt.Println(read.Verdicts[0].Target, read.Verdicts[0].Status)
	for _, f := range read.Findings {
		fmt.Println(f.Status, f.Rule, *f.Index, f.SHA256[:8])
	}
	// Output:
	// exchange-online fails
	// error e_certificate_expired 1 aad38c6f
}
