package bundle_test

import (
	"fmt"
	"log"

	"github.com/smimechain/smimechain/chain/bundle"
)

// The content decides what a file is, whatever its name.
func ExampleReadFile() {
	file, err := bundle.ReadFile("../../testdata/collections/unparseable.sst")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(file.Format)
	for i, c := range file.Certificates {
		if c.Err != nil {
			fmt.Println(i, "cannot be read") // and stays in its place
			continue
		}
		fmt.Println(i, c.Cert.Subject.CommonName)
	}
	// Output:
	// sst
	// 0 Example Secure Email CA 1
	// 1 Example Email Protection Root 2021
	// 2 Example Email Protection Root 2021
	// 3 Example Old Root
	// 4 cannot be read
}
