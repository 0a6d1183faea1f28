package catalog_test

import (
	"encoding/hex"
	"fmt"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
)

// The issuing CA of a leaf names an issuer that nobody has supplied.
func ExampleCatalog_Known() {
	keyID, _ := hex.DecodeString("a7d79577eb4ac327cd93be374c268421147d5d98")
	missing := chain.DeadEnd{KeyID: keyID}
	for _, e := range catalog.Default().Known(missing) {
		fmt.Printf("%X %s until %s: %s\n", e.SHA256[:4], e.Kind, e.NotAfter.Format("2006-01-02"), e.Advice)
	}
	// Output:
	// BC386A5C cross until 2038-01-18: recommended
	// D5917A77 root until 2046-03-21: recommended
	// 9582BE14 cross until 2028-12-31: leave-out
}
