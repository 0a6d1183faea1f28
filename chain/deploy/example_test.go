package deploy_test

import (
	"fmt"
	"log"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/deploy"
)

// A store for Exchange Online, and the script that uploads it.
func ExampleExchange() {
	file, err := bundle.ReadFile("../../testdata/collections/leaf-inside.sst")
	if err != nil {
		log.Fatal(err)
	}
	c, err := deploy.Pack([]*bundle.File{file}, time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))
	if err != nil {
		log.Fatal(err)
	}
	for _, l := range c.LeftOut {
		fmt.Println(l)
	}
	outputs, err := deploy.Exchange(c, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, o := range outputs {
		fmt.Println(o.Name)
	}
	// Output:
	// ../../testdata/collections/leaf-inside.sst: certificate 4 (CN=user@example.com) left out: not a CA
	// smime.sst
	// Set-SmimeCollection.ps1
}
