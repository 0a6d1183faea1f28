package deploy_test

import (
	"fmt"
	"log"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/deploy"
)

// The store and the script for Exchange Online.
func ExampleExchange() {
	file, err := bundle.ReadFile("../../testdata/collections/complete.sst")
	if err != nil {
		log.Fatal(err)
	}
	collection, err := deploy.Pack([]*bundle.File{file}, time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))
	if err != nil {
		log.Fatal(err)
	}
	outputs, err := deploy.Exchange(collection, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, o := range outputs {
		fmt.Println(o.Name)
	}
	// Output:
	// smime.sst
	// Set-SmimeCollection.ps1
}
