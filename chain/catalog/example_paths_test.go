package catalog_test

import (
	"context"
	"fmt"
	"log"
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
