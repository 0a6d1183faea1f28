package bundle_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/smimechain/smimechain/chain"
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
		if c.Err() != nil {
			fmt.Println(i, "cannot be read") // and stays in its place
			continue
		}
		fmt.Println(i, chain.CommonName(c.Subject()))
	}
	// Output:
	// sst
	// 0 Example Secure Email CA 1
	// 1 Example Email Protection Root 2021
	// 2 Example Email Protection Root 2021
	// 3 Example Old Root
	// 4 cannot be read
}

// A PFX needs its password. A wrong one is no error: the inspection tells.
func ExampleOptions_ReadFile() {
	secret, err := os.ReadFile("../../testdata/pfx/password.txt")
	if err != nil {
		log.Fatal(err)
	}
	right, wrong := strings.TrimSuffix(string(secret), "\n"), "guess"
	for _, password := range []*string{nil, &wrong, &right} {
		file, err := (&bundle.Options{Password: password}).ReadFile(context.Background(), "../../testdata/pfx/widest.pfx")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%v: %d certificates, %v\n", file.PFX.Password.Status, len(file.Certificates), file.Keys)
	}
	// Output:
	// not tried: 0 certificates, [shrouded key in bag 1.0]
	// wrong: 0 certificates, [shrouded key in bag 1.0]
	// right: 4 certificates, [shrouded key in bag 1.0]
}

// What is no certificate file is told apart from what is a damaged one.
func ExampleOptions_ReadDir() {
	files, skipped, err := new(bundle.Options).ReadDir(context.Background(), "../../testdata/sectigo")
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range files {
		fmt.Println(f.Format, filepath.Base(f.Name))
	}
	for _, s := range skipped {
		if _, ok := errors.AsType[*bundle.UnrecognizedError](s.Err); ok {
			continue // a README, say
		}
		fmt.Println("damaged:", s.Err)
	}
	// Output:
	// pem ca-incommon-rsa-secure-email-3.pem
	// pem root-r46-cross-signed-by-usertrust.pem
	// pem root-r46-self-signed.pem
	// pem root-usertrust-rsa.pem
}

// Of many files one is read after the other, and none is kept.
func ExampleOptions_Walk() {
	ctx := context.Background()
	formats := map[string]int{}
	for source, err := range new(bundle.Options).Walk(ctx, "../../testdata/collections", "../../testdata/pfx") {
		if err != nil {
			log.Fatal(err) // a folder that cannot be listed; the walk would go on
		}
		file, err := source.Read(ctx)
		if err != nil {
			continue // a README, say
		}
		formats[file.Format.String()]++
	}
	fmt.Println(formats)
	// Output: map[pem:1 pfx:2 sst:9]
}

// A service that reads what strangers send gives it little: of memory, of items, and of
// time for the derivation of keys, which a PFX may ask millions of.
func ExampleLimits() {
	opts := &bundle.Options{Limits: bundle.Limits{Size: 1000, Elements: 10, Iterations: 100_000}}
	for _, name := range []string{"../../testdata/sectigo/root-r46-self-signed.pem", "../../testdata/example/leaf.pem"} {
		data, err := os.Open(name)
		if err != nil {
			log.Fatal(err)
		}
		file, err := opts.Read(context.Background(), filepath.Base(name), data)
		data.Close()
		switch {
		case errors.Is(err, bundle.ErrTooLarge):
			fmt.Println("refused:", err)
		case err != nil:
			log.Fatal(err)
		default:
			fmt.Println(file.Name, len(file.Certificates))
		}
	}
	// Output:
	// refused: root-r46-self-signed.pem: file is too large: more than 1000 bytes
	// leaf.pem 1
}
