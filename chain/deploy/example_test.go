package deploy_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/pkcs12"
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

// A PFX that the oldest iPhones open, with its chain, and what its user is told.
func ExampleRewrite() {
	pfx, err := os.ReadFile("../../testdata/pfx/modern-without-root.pfx")
	if err != nil {
		log.Fatal(err)
	}
	text, err := os.ReadFile("../../testdata/pfx/password.txt")
	if err != nil {
		log.Fatal(err)
	}
	password := strings.TrimSpace(string(text))
	out, err := deploy.Rewrite(context.Background(), pfx, "ios-17", time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), &deploy.RewriteOptions{Password: &password, NewPassword: password})
	if err != nil {
		log.Fatal(err)
	}
	for _, data := range [][]byte{pfx, out} {
		report, err := pkcs12.Inspect(data, password)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("iOS 17 opens it:", report.Compatible("ios-17").Answer)
	}
	handout, err := deploy.Handout(&deploy.HandoutOptions{Delivery: deploy.InOutlook, Address: "user@example.com"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(handout.Title)
	// Output:
	// iOS 17 opens it: no
	// iOS 17 opens it: yes
	// S/MIME in Outlook for iOS and iPadOS
}
