package lint_test

import (
	"context"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
)

// A rule of one's own, run with all others: each CA of the company is to bear
// its name.
func ExampleRule() {
	own := lint.Rule{
		Name:        "w_ca_of_another_company",
		Description: "A CA certificate does not bear the name of the company.",
		Citation:    "Example Limited, certificate policy, section 3.1",
		Remedy:      "Ask the owners of the PKI whether the CA belongs here.",
		Run: func(p *lint.Pass) error {
			for _, m := range p.Collection.Members {
				if m.Certificate == nil || !m.Certificate.IsCA() {
					continue
				}
				if !strings.Contains(m.Certificate.Subject(), "O=Example Limited") {
					p.Report(m, "the name is %s", m.Certificate.Subject())
				}
			}
			return nil
		},
	}
	file, err := bundle.ReadFile("../testdata/collections/sectigo-without-r46.sst")
	if err != nil {
		log.Fatal(err)
	}
	r, err := lint.Run(context.Background(), []*bundle.File{file}, &lint.Options{
		Time:  time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		Rules: append(lint.Rules(), own),
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range r.Findings {
		if f.Rule == own.Name {
			raw := file.Certificates[f.Index].Raw // of one file: else the one named f.File
			fmt.Printf("%s: %s (%d bytes)\n", f.Status, f.Message, len(raw))
		}
	}
	// Output:
	// warn: the name is CN=InCommon RSA Secure Email CA 3,O=Internet2,C=US (1569 bytes)
	// warn: the name is CN=USERTrust RSA Certification Authority,O=The USERTRUST Network,L=Jersey City,ST=New Jersey,C=US (1506 bytes)
}

// A rule of one's own that asks about chains: every good path of a user's certificate is
// to end at a root of the company.
func ExamplePass_Chains() {
	own := lint.Rule{
		Name:        "e_root_of_another_company",
		Description: "A good path does not end at a root of the company.",
		Citation:    "Example Limited, certificate policy, section 3.2",
		Remedy:      "Ask the owners of the PKI for a certificate of the new hierarchy.",
		Run: func(p *lint.Pass) error {
			chains, err := p.Chains()
			if err != nil {
				return err
			}
			for _, c := range chains {
				for _, path := range p.Good(c.Result) {
					root := path.Certificates[len(path.Certificates)-1]
					if root.CommonName() != "Example Email Protection Root 2021" {
						p.Report(c.Member, "a path ends at %s", root.CommonName())
					}
				}
			}
			return nil
		},
	}
	file, err := bundle.ReadFile("../testdata/collections/complete.sst")
	if err != nil {
		log.Fatal(err)
	}
	r, err := lint.Run(context.Background(), []*bundle.File{file}, &lint.Options{
		Time:    time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		Targets: []lint.Target{lint.ExchangeOnline},
		Rules:   append(lint.Rules(), own),
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range r.Findings {
		if f.Rule == own.Name {
			fmt.Println(f.Status, f.Message)
		}
	}
	// Output:
	// error a path ends at Example Old Root
}

// Which certificate is missing, as data for a program to act on.
func ExampleChain() {
	file, err := bundle.ReadFile("../testdata/collections/sectigo-without-r46.sst")
	if err != nil {
		log.Fatal(err)
	}
	r, err := lint.Run(context.Background(), []*bundle.File{file}, &lint.Options{
		Time:   time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		Chains: true,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r.Verdict(lint.ExchangeOnline).Status)
	for _, c := range r.Chains {
		for _, m := range c.Certificates {
			if m.Missing {
				fmt.Println(m.Subject)
				fmt.Println("issued by", lint.CommonName(m.Issuer))
				fmt.Println(m.SHA256)
				fmt.Println(m.URL)
			}
		}
	}
	// Output:
	// unknown
	// CN=Sectigo Public Email Protection Root R46,O=Sectigo Limited,C=GB
	// issued by USERTrust RSA Certification Authority
	// bc386a5c664b6b0b5e385fac151aa3911606178359ded68ae5017de985e78b94
	// https://crt.sh/?q=BC386A5C664B6B0B5E385FAC151AA3911606178359DED68AE5017DE985E78B94
}
