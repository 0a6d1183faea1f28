package lint_test

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	zx509 "github.com/zmap/zcrypto/x509"
	zl "github.com/zmap/zlint/v3"
	zlint "github.com/zmap/zlint/v3/lint"
)

// A store that is about to be uploaded to Exchange Online.
func ExampleRun() {
	file, err := bundle.ReadFile("../testdata/collections/sectigo-without-r46.sst")
	if err != nil {
		log.Fatal(err)
	}
	r, err := lint.Run(context.Background(), []*bundle.File{file}, &lint.Options{
		Time:    time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		Targets: []lint.Target{lint.ExchangeOnline},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, v := range r.Verdicts {
		if v.Status != lint.NotApplicable {
			fmt.Println(v.Target, v.Status, v.Because)
		}
	}
	// Output: exchange-online unknown [e_chain_cross_certificate_missing]
}

// The files of an archive, each by itself, in their order, and a few held at a time.
func ExampleEach() {
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	if err := errors.Join(w.AddFS(os.DirFS("../testdata/collections")), w.Close()); err != nil {
		log.Fatal(err)
	}
	files := func(yield func(bundle.Source, error) bool) {
		for r := tar.NewReader(&archive); ; {
			header, err := r.Next()
			if err == io.EOF {
				return
			}
			var data []byte
			if err == nil {
				data, err = io.ReadAll(io.LimitReader(r, bundle.MaxFileSize+1))
			}
			if err != nil {
				yield(bundle.Source{Name: "the archive"}, err) // there is no way to go on
				return
			}
			if !yield(new(bundle.Options).Source(header.Name, data), nil) {
				return
			}
		}
	}
	opts := &lint.Options{Time: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)}
	for file, r := range lint.Each(context.Background(), files, opts) {
		if file.Err != nil {
			log.Fatal(file.Err)
		}
		fmt.Println(file.Name, r.Verdict(lint.ExchangeOnline).Status)
	}
	// Output:
	// complete.sst works
	// cross-certificate-missing.sst unknown
	// duplicate.sst works
	// expired.sst fails
	// leaf-inside.sst works
	// private-key-property.sst fails
	// private-key.pem fails
	// root-missing.sst fails
	// sectigo-without-r46.sst unknown
	// unparseable.sst fails
}

// The rules about single certificates as lints of zlint, as a CA would run them
// before it issues.
func ExampleRegistry() {
	chosen, err := zlint.GlobalRegistry().Filter(zlint.FilterOptions{
		IncludeSources: zlint.SourceList{zlint.CABFSMIMEBaselineRequirements},
	})
	if err != nil {
		log.Fatal(err)
	}
	registry, err := lint.Registry(chosen)
	if err != nil {
		log.Fatal(err)
	}
	data, err := os.ReadFile("../testdata/example/leaf.pem")
	if err != nil {
		log.Fatal(err)
	}
	block, _ := pem.Decode(data)
	cert, err := zx509.ParseCertificate(block.Bytes)
	if err != nil {
		log.Fatal(err)
	}
	results := zl.LintCertificateEx(cert, registry).Results
	for _, name := range []string{"e_eku_without_email_protection", "e_key_size", "e_exactly_one_smime_policy"} {
		fmt.Println(name, results[name].Status)
	}
	// Output:
	// e_eku_without_email_protection pass
	// e_key_size pass
	// e_exactly_one_smime_policy error
}
