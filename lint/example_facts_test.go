package lint_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
)

// What the administrator knows decides what no file shows: whose mailbox it is.
func ExampleParseFacts() {
	leaf, err := bundle.ReadFile("../testdata/example/leaf.pem")
	if err != nil {
		log.Fatal(err)
	}
	for _, text := range []string{
		`{"version": 1, "primary_smtp": "user@example.com", "purposes": ["sign"]}`,
		`{"version": 1, "primary_smtp": "another@example.com", "purposes": ["sign"]}`,
	} {
		facts, err := lint.ParseFacts([]byte(text))
		if err != nil {
			log.Fatal(err)
		}
		r, err := lint.Run(context.Background(), []*bundle.File{leaf}, &lint.Options{
			Time:    time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
			Targets: []lint.Target{lint.OutlookIOS},
			Facts:   facts,
		})
		if err != nil {
			log.Fatal(err)
		}
		for _, n := range r.Subjects[0].Needs {
			if n.Need == "address" {
				fmt.Println(facts.PrimarySMTP, n.State, n.Because)
			}
		}
	}
	// Output:
	// user@example.com met []
	// another@example.com failed [e_email_address_mismatch]
}
