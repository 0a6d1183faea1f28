package lint_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
)

// A store that is about to be uploaded to Exchange Online.
func ExampleRun() {
	file, err := bundle.ReadFile("../testdata/collections/sectigo-without-r46.sst")
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
	for _, v := range r.Verdicts {
		if v.Status != lint.NotApplicable {
			fmt.Println(v.Target, v.Status, v.Because)
		}
	}
	// Output: exchange-online fails [e_chain_cross_certificate_missing]
}
