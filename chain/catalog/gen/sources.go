package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain"
)

// inputs are the paths of what is read.
type inputs struct {
	certificates, trust, apple, known, judgements string
}

// ca is a certificate of a CA with what the sources say of it.
type ca struct {
	cert    *chain.Certificate
	subject string // folded
	issuers []*ca  // whose name and key made the signature; itself for a self-signed one
	self    bool   // self-signed
	listed  *listed
	apple   bool // in Apple's store
	known   map[string]string
}

// listed is a root of the list of Mozilla and Microsoft.
type listed struct {
	Owner  string `json:"owner"`
	SHA256 string `json:"sha256"`
	Web    trusts `json:"web"`
	Email  trusts `json:"email"`
}

type trusts struct {
	Microsoft bool `json:"microsoft"`
	Mozilla   bool `json:"mozilla"`
}

type fingerprint = [32]byte

func parseFingerprint(s string) (sum fingerprint, err error) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(sum) {
		return sum, fmt.Errorf("%q is no SHA-256", s)
	}
	return fingerprint(b), nil
}

// readCertificates reads the CCADB's report: a fingerprint and a PEM certificate a row.
func readCertificates(name string) ([]*ca, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var r io.Reader = bufio.NewReader(f)
	if start, err := r.(*bufio.Reader).Peek(2); err == nil && start[0] == 0x1f && start[1] == 0x8b {
		if r, err = gzip.NewReader(r); err != nil {
			return nil, err
		}
	}
	rows := csv.NewReader(r)
	if _, err := rows.Read(); err != nil {
		return nil, err
	}
	seen := map[fingerprint]bool{}
	var list []*ca
	for {
		row, err := rows.Read()
		if err == io.EOF {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		block, _ := pem.Decode([]byte(row[1]))
		if block == nil {
			return nil, fmt.Errorf("%s: %s: no PEM", name, row[0])
		}
		c := &ca{cert: chain.ParseCertificate(block.Bytes)}
		sum := c.cert.SHA256()
		if want, err := parseFingerprint(row[0]); err != nil || want != sum {
			return nil, fmt.Errorf("%s: %s: the fingerprint is not that of the certificate", name, row[0])
		}
		if !seen[sum] {
			seen[sum] = true
			list = append(list, c)
		}
	}
}

func readTrust(name string) (map[fingerprint]*listed, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var list []*listed
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	roots := map[fingerprint]*listed{}
	for _, l := range list {
		sum, err := parseFingerprint(l.SHA256)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		roots[sum] = l
	}
	return roots, nil
}

func readApple(name string) (map[fingerprint]bool, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	roots := map[fingerprint]bool{}
	for i, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		if i == 0 {
			continue
		}
		column, _, _ := strings.Cut(line, "\t")
		sum, err := parseFingerprint(column)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		roots[sum] = true
	}
	return roots, nil
}

// readKnown reads the table of other sources: rows by fingerprint.
func readKnown(name string) (map[fingerprint]map[string]string, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(rows) == 0 || !slices.Contains(rows[0], "sha256") {
		return nil, fmt.Errorf("%s: no column sha256", name)
	}
	cas := map[fingerprint]map[string]string{}
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, column := range rows[0] {
			m[column] = row[i]
		}
		sum, err := parseFingerprint(m["sha256"])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		cas[sum] = m
	}
	return cas, nil
}

var dateInName = regexp.MustCompile(`\d{4}-\d{2}(-\d{2})?`)

// dateOf returns the date in the name of a source.
func dateOf(name string) (string, error) {
	d := dateInName.FindString(name[strings.LastIndexByte(name, '/')+1:])
	switch len(d) {
	case len("2006-01-02"):
		return d, nil
	case len("2006-01"):
		return d + "-01", nil
	}
	return "", fmt.Errorf("%s: no date in the name", name)
}
