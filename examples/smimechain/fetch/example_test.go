package fetch_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/examples/smimechain/fetch"
)

// The issuers that are missing are fetched; where none is, as here, no
// connection is opened.
func ExampleNew() {
	certificate := func(name string) *chain.Certificate {
		f, err := bundle.ReadFile("../../../testdata/example/" + name)
		if err != nil {
			log.Fatal(err)
		}
		return f.Certificates[0].Certificate
	}
	client, err := fetch.New(nil)
	if err != nil {
		log.Fatal(err)
	}
	graph := chain.NewGraph(
		[]*chain.Certificate{certificate("issuing-ca.pem")},
		[]*chain.Certificate{certificate("root-self-signed.pem")}, chain.Limits{})
	at := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	result, err := graph.Build(context.Background(), certificate("leaf.pem"), at, &chain.Options{Issuers: client})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(result.Accepted), "path,", len(result.Fetched), "certificates fetched")
	// Output: 1 path, 0 certificates fetched
}
