package lint_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
)

// A finding that was decided to be lived with until a day, of a rule of one's own: the
// baseline has to know that rule. What is accepted leaves the findings, and is a finding
// again when its day has passed.
func ExampleParseBaseline() {
	own := lint.Rule{
		Name:        "w_collection_is_large",
		Description: "A collection has more certificates than the company wants to keep up with.",
		Citation:    "Example Limited, certificate policy, section 4.2",
		Remedy:      "Leave out what no user has a certificate of.",
		Run: func(p *lint.Pass) error {
			if n := len(p.Collection.Members); n > 2 {
				p.ReportFile(p.Collection.Members[0].File.Name, "%d certificates", n)
			}
			return nil
		},
	}
	baseline, err := lint.ParseBaseline("baseline.json", []byte(`{
		"version": 1,
		"accept": [{
			"rule": "w_collection_is_large",
			"file": "../testdata/collections/complete.sst",
			"reason": "until the old CA is gone",
			"expires": "2027-03-31"
		}]
	}`), own)
	if err != nil {
		log.Fatal(err)
	}
	file, err := bundle.ReadFile("../testdata/collections/complete.sst")
	if err != nil {
		log.Fatal(err)
	}
	r, err := lint.Run(context.Background(), []*bundle.File{file}, &lint.Options{
		Time:  time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		Rules: append(lint.Rules(), own),
	})
	if err != nil {
		log.Fatal(err)
	}
	baseline.Apply(r)
	for _, a := range r.Accepted {
		fmt.Println(a.Rule, a.Message, a.Reason, a.Expires.Format(time.DateOnly))
	}
	for _, f := range r.Findings {
		if f.Rule == own.Name {
			fmt.Println("still found:", f.Message)
		}
	}
	// Output:
	// w_collection_is_large 4 certificates until the old CA is gone 2027-03-31
}
