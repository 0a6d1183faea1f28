package smimechain_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
)

// Will this store do for Exchange Online?
func Example() {
	file, err := bundle.ReadFile("testdata/collections/sectigo-without-r46.sst")
	if err != nil {
		log.Fatal(err)
	}
	r, err := lint.Run(context.Background(), []*bundle.File{file}, &lint.Options{
		Time:    time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), // zero: now
		Targets: []lint.Target{lint.ExchangeOnline},
	})
	if err != nil {
		log.Fatal(err) // could not check
	}
	for _, f := range r.Findings {
		fmt.Println(f.Status, f.Rule)
	}
	// Output:
	// error e_chain_cross_certificate_missing
}
