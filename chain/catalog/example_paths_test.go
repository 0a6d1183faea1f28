package catalog_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
)

// From a file to the certificate that it lacks: read, build paths, and ask the
// catalogue where they stop.
func Example() {
	file, err := bundle.ReadFile("../../testdata/collections/sectigo-without-r46.sst")
	if err != nil {
		log.Fatal(err)
	}
	var certs, anchors []*chain.Certificate
	for _, c := range file.Certificates {
		if c.Raw == nil {
			continue // not even base64 or DER: c.Err says why
		}
		cert := chain.ParseCertificate(c.Raw)
		if cert.SelfSigned() {
			anchors = append(anchors, cert)
		} else {
			certs = append(certs, cert)
		}
	}
	graph := chain.NewGraph(certs, anchors, chain.Limits{})
	at := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	for _, c := range certs {
		// The CA stands in the place of a leaf: would what it issues be trusted?
		result, err := graph.Build(context.Background(), c, at, &chain.Options{Purpose: chain.Purpose{Usage: chain.Issue}})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(chain.CommonName(c.Subject()), "has", len(result.Accepted), "paths")
		for _, d := range result.DeadEnds {
			if known := catalog.Default().Known(d); len(known) > 0 {
				fmt.Println("add", chain.CommonName(known[0].Subject), "by", chain.CommonName(known[0].Issuer))
				fmt.Println(known[0].URL())
			} else {
				fmt.Println("not known:", d.Issuer, d.AIA)
			}
		}
	}
	// Output:
	// InCommon RSA Secure Email CA 3 has 0 paths
	// add Sectigo Public Email Protection Root R46 by USERTrust RSA Certification Authority
	// https://crt.sh/?q=BC386A5C664B6B0B5E385FAC151AA3911606178359DED68AE5017DE985E78B94
}

// A company's own CAs, beside those of the world: what is missing is named from both.
func ExampleCatalog_With() {
	data, err := os.ReadFile("../../testdata/example/cas.json")
	if err != nil {
		log.Fatal(err)
	}
	own, err := catalog.Parse(data)
	if err != nil {
		log.Fatal(err)
	}
	file, err := bundle.ReadFile("../../testdata/collections/cross-certificate-missing.sst")
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range file.Certificates {
		cert := chain.ParseCertificate(c.Raw)
		result, err := chain.NewGraph(nil, nil, chain.Limits{}).Build(context.Background(), cert, time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), nil)
		if err != nil {
			log.Fatal(err)
		}
		for _, d := range result.DeadEnds {
			for _, way := range catalog.Default().With(own).Ways(d, nil) {
				fmt.Printf("%s lacks, %s:\n", cert.CommonName(), way.Entries[0].Advice)
				for _, e := range way.Entries {
					fmt.Println("-", e.Kind, chain.CommonName(e.Subject), "by", chain.CommonName(e.Issuer))
				}
			}
		}
	}
	// Output:
	// Example Secure Email CA 1 lacks, recommended:
	// - cross Example Email Protection Root 2021 by Example Old Root
	// - root Example Old Root by Example Old Root
	// Example Secure Email CA 1 lacks, neutral:
	// - root Example Email Protection Root 2021 by Example Email Protection Root 2021
}
