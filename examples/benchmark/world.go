package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/zmap/zcrypto/verifier"
	zx509 "github.com/zmap/zcrypto/x509"
)

// worldDay is when the public CAs are judged.
var worldDay = time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)

// world is every public CA certificate, as the CCADB discloses them.
type world struct {
	octets  [][]byte
	trusted map[[32]byte]bool // the roots that Mozilla trusts for mail
}

// readWorld reads the list; nil where there is no corpus.
func (s *settings) readWorld() (*world, error) {
	packed, err := os.ReadFile(filepath.Join(s.corpus, "ccadb", "ca-certificates-2026-08-21.csv.gz"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	text, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(text).ReadAll()
	if err != nil {
		return nil, err
	}
	w := &world{trusted: map[[32]byte]bool{}}
	for _, row := range rows {
		if block, _ := pem.Decode([]byte(row[1])); block != nil {
			w.octets = append(w.octets, block.Bytes)
		}
	}
	data, err := os.ReadFile(filepath.Join(s.corpus, "ccadb", "root-trust-2026-07-16.json"))
	if err != nil {
		return nil, err
	}
	var roots []struct {
		SHA256 string
		Email  struct{ Mozilla bool }
	}
	if err := json.Unmarshal(data, &roots); err != nil {
		return nil, err
	}
	for _, r := range roots {
		if sum, err := hex.DecodeString(r.SHA256); err == nil && len(sum) == 32 && r.Email.Mozilla {
			w.trusted[[32]byte(sum)] = true
		}
	}
	return w, nil
}

// graph reads the certificates and puts them into a graph.
func (w *world) graph() (*chain.Graph, []*chain.Certificate) {
	var certs, anchors []*chain.Certificate
	for _, der := range w.octets {
		c := chain.ParseCertificate(der)
		certs = append(certs, c)
		if w.trusted[c.SHA256()] {
			anchors = append(anchors, c)
		}
	}
	return chain.NewGraph(certs, anchors, chain.Limits{}), certs
}

// starts are the CAs for mail that are no roots.
func starts(certs []*chain.Certificate) []*chain.Certificate {
	var list []*chain.Certificate
	seen := map[[32]byte]bool{}
	for _, c := range certs {
		sum := c.SHA256()
		if c.IsCA() && !c.SelfSigned() && !seen[sum] && !worldDay.Before(c.NotBefore()) && c.NotAfter().After(worldDay) &&
			slices.Contains(c.ExtKeyUsages(), chain.EmailProtection.String()) {
			seen[sum] = true
			list = append(list, c)
		}
	}
	return list
}

// pools puts the certificates into the pools of crypto/x509.
func (w *world) pools() x509.VerifyOptions {
	o := x509.VerifyOptions{Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(), CurrentTime: worldDay, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}}
	for _, der := range w.octets {
		if c, err := x509.ParseCertificate(der); err == nil {
			o.Intermediates.AddCert(c)
			if w.trusted[sha256.Sum256(der)] {
				o.Roots.AddCert(c)
			}
		}
	}
	return o
}

// zcrypto puts the certificates into zcrypto's graph.
func (w *world) zcrypto() *verifier.Graph {
	g := verifier.NewGraph()
	for _, der := range w.octets {
		if c, err := zx509.ParseCertificate(der); err == nil {
			if w.trusted[sha256.Sum256(der)] {
				g.AddRoot(c)
			} else {
				g.AddCert(c)
			}
		}
	}
	return g
}

// public compares over every public CA certificate: what it takes to have them all, and
// to ask for paths among them.
func (s *settings) public() error {
	w, err := s.readWorld()
	if err != nil {
		return err
	}
	if w == nil {
		return s.compare("read every public CA certificate into a pool", entrant{}, entrant{name: "all", absent: noCorpus})
	}
	g, certs := w.graph()
	asked := starts(certs)
	if err := s.compare(fmt.Sprintf("read every public CA certificate, %d, into a pool", len(w.octets)),
		entrant{run: func() error { sink, _ = w.graph(); return nil }},
		entrant{name: "crypto/x509", run: func() error { sink = w.pools(); return nil }},
		entrant{name: "zcrypto verifier", run: func() error { sink = w.zcrypto(); return nil }}); err != nil {
		return err
	}
	what := fmt.Sprintf("the %d CAs for mail among them", len(asked))
	if err := s.compare("the same, and every path of "+what,
		entrant{run: func() error { g, certs := w.graph(); return paths(g, starts(certs)) }},
		entrant{name: "crypto/x509", run: func() error { verifyAll(w.pools(), asked); return nil }},
		entrant{name: "zcrypto verifier", run: func() error { return walkAll(w.zcrypto(), asked) }}); err != nil {
		return err
	}
	pools, z := w.pools(), w.zcrypto()
	return s.compare("every path of "+what+", asked again",
		entrant{run: func() error { return paths(g, asked) }},
		entrant{name: "crypto/x509", run: func() error { verifyAll(pools, asked); return nil }},
		entrant{name: "zcrypto verifier", run: func() error { return walkAll(z, asked) }})
}

// paths asks for every path of some CAs.
func paths(g *chain.Graph, asked []*chain.Certificate) error {
	for _, c := range asked {
		if _, err := g.Build(context.Background(), c, worldDay, &chain.Options{Purpose: chain.Purpose{Usage: chain.Issue}}); err != nil {
			return err
		}
	}
	return nil
}

// verifyAll asks crypto/x509 for the paths of those that it reads.
func verifyAll(pools x509.VerifyOptions, asked []*chain.Certificate) {
	for _, c := range asked {
		if p, err := x509.ParseCertificate(c.Raw); err == nil {
			sink, _ = p.Verify(pools)
		}
	}
}

// walkAll asks zcrypto for the paths of those that it reads.
func walkAll(g *verifier.Graph, asked []*chain.Certificate) error {
	v := verifier.NewVerifier(g, nil)
	for _, c := range asked {
		if p, err := zx509.ParseCertificate(c.Raw); err == nil {
			sink = v.Verify(p, verifier.VerificationOptions{VerifyTime: worldDay})
		}
	}
	return nil
}
