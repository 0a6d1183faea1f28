package lint_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/smimechain/smimechain/lint"
	zx509 "github.com/zmap/zcrypto/x509"
	zl "github.com/zmap/zlint/v3"
	zlint "github.com/zmap/zlint/v3/lint"
)

// finding is a row of what pkimetal gets from its linters: which one, what it found, and
// how bad that is in pkimetal's words.
type finding struct {
	Linter   string `json:"Linter"`
	Finding  string `json:"Finding"`
	Severity string `json:"Severity"`
	Code     string `json:"Code"`
}

// severities are the words for what a lint of zlint says; the others say nothing.
var severities = map[zlint.LintStatus]string{zlint.Notice: "notice", zlint.Warn: "warning", zlint.Error: "error", zlint.Fatal: "fatal"}

// backend lints one certificate, in base64 or PEM as pkimetal takes it, in a call.
type backend struct{ registry zlint.Registry }

func (b backend) lint(input []byte) ([]finding, error) {
	var der []byte
	if block, _ := pem.Decode(input); block != nil {
		der = block.Bytes
	} else {
		var err error
		if der, err = base64.StdEncoding.AppendDecode(nil, bytes.TrimSpace(input)); err != nil {
			return nil, err
		}
	}
	c, err := zx509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	results := zl.LintCertificateEx(c, b.registry).Results
	findings := []finding{}
	for _, l := range b.registry.CertificateLints().Lints() { // sorted by name
		if r := results[l.Name]; severities[r.Status] != "" {
			text := l.Description
			if r.Details != "" {
				text += " [" + r.Details + "]"
			}
			findings = append(findings, finding{"smimechain", text, severities[r.Status], l.Name})
		}
	}
	return findings, nil
}

// ServeHTTP answers a POST of the form field b64input.
func (b backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	findings, err := b.lint([]byte(r.PostFormValue("b64input")))
	if err != nil {
		http.Error(w, "no certificate", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(findings) // a client that is gone needs no answer
}

// A backend for pkimetal, or any service that gives certificates to linters before they
// are issued: behind HTTP, the rules of this package and one of zlint's lints; pkimetal
// runs zlint itself. It may be called from any number of goroutines.
func ExampleRegistry_backend() {
	one, err := zlint.GlobalRegistry().Filter(zlint.FilterOptions{IncludeNames: []string{"e_exactly_one_smime_policy"}})
	if err != nil {
		log.Fatal(err)
	}
	registry, err := lint.Registry(one)
	if err != nil {
		log.Fatal(err)
	}
	server := httptest.NewServer(backend{registry})
	defer server.Close()

	data, err := os.ReadFile("../testdata/example/leaf.pem")
	if err != nil {
		log.Fatal(err)
	}
	answer, err := http.PostForm(server.URL, map[string][]string{"b64input": {string(data)}})
	if err != nil {
		log.Fatal(err)
	}
	text, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		log.Fatal(err)
	}
	var findings []finding
	if err := json.Unmarshal(text, &findings); err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.Status)
	for _, f := range findings {
		fmt.Println(f.Severity, f.Code)
	}
	// Output:
	// 200 OK
	// error e_exactly_one_smime_policy
}
