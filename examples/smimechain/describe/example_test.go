package describe_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/examples/smimechain/describe"
)

// From files to a report: what is missing between this certificate and a root?
func Example() {
	leaf, err := bundle.ReadFile("../../../testdata/sectigo/ca-incommon-rsa-secure-email-3.pem")
	if err != nil {
		log.Fatal(err)
	}
	store, err := bundle.ReadFile("../../../testdata/collections/sectigo-without-r46.sst")
	if err != nil {
		log.Fatal(err)
	}
	pool, err := describe.NewPool([]*bundle.File{leaf}, []*bundle.File{store})
	if err != nil {
		log.Fatal(err) // a *describe.LeafError: the first files hold several that may be meant
	}
	purpose, err := chain.ParsePurpose("", pool.Leaf.IsCA())
	if err != nil {
		log.Fatal(err)
	}
	opts := &chain.Options{Purpose: purpose}
	result, err := pool.Build(context.Background(), time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), opts)
	if err != nil {
		log.Fatal(err)
	}
	r := pool.Paths(result, opts, catalog.Default()) // encoding/json writes it

	certificates := r.BySHA256()
	fmt.Println(len(r.Paths), "paths to", r.Usage, "for", r.EKU)
	for _, d := range r.DeadEnds {
		fmt.Println(d.Kind, "of", chain.CommonName(certificates[d.SHA256].Subject))
		if len(d.Known) > 0 { // the one to add first
			fmt.Println(d.Known[0].Kind, d.Known[0].Advice, d.Known[0].URL)
		}
	}
	// Output:
	// 0 paths to issue for emailProtection
	// issuer_missing of InCommon RSA Secure Email CA 3
	// cross recommended https://crt.sh/?q=BC386A5C664B6B0B5E385FAC151AA3911606178359DED68AE5017DE985E78B94
}
