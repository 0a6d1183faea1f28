package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/smimechain/smimechain/chain"
	"github.com/zmap/zcrypto/verifier"
	zx509 "github.com/zmap/zcrypto/x509"
)

var errNoPath = errors.New("no path")

// chains compares how long the first good path takes.
func (s *settings) chains() error {
	for _, bits := range append([]int{0}, s.sizes.rsa...) {
		name := "P-256"
		if bits > 0 {
			name = fmt.Sprintf("RSA-%d", bits)
		}
		p, err := ladder(bits)
		if err != nil {
			return err
		}
		if err := s.first("chain of four, "+name+", first answer", p); err != nil {
			return err
		}
		g, leaf := p.graph(), chain.FromX509(p.leaf)
		if err := s.compare("chain of four, "+name+", asked again",
			entrant{run: func() error { return first(g, leaf) }},
			entrant{name: "crypto/x509", run: p.goVerify}); err != nil {
			return err
		}
	}
	for _, n := range s.sizes.meshes {
		p, err := mesh(n)
		if err != nil {
			return err
		}
		if err := s.first(fmt.Sprintf("mesh of %d CAs, first good path", n), p); err != nil {
			return err
		}
	}
	return nil
}

// first compares the first good path, from parsed certificates.
func (s *settings) first(work string, p *pki) error {
	z, err := p.zcrypto()
	if err != nil {
		return err
	}
	return s.compare(work, entrant{run: p.ours},
		entrant{name: "crypto/x509", run: p.goVerify},
		entrant{name: "zcrypto verifier", run: z},
		entrant{
			// It reads and parses the certificates, which the others need not.
			name: "openssl verify, less its start", absent: s.absent("openssl"),
			took: timed(func() error { return s.opensslVerify(context.Background(), p) }), start: opensslStart,
		})
}

// first asks a graph for the first good path.
func first(g *chain.Graph, leaf *chain.Certificate) error {
	for p := range g.Paths(context.Background(), leaf, at, nil) {
		if p.Accepted() {
			return nil
		}
	}
	return errNoPath
}

func (p *pki) ours() error { return first(p.graph(), chain.FromX509(p.leaf)) }

func (p *pki) goVerify() error {
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(p.root)
	for _, c := range p.between {
		between.AddCert(c)
	}
	_, err := p.leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}})
	return err
}

// zcrypto returns a function that builds zcrypto's graph and verifies the leaf
// in it. Certificates are parsed beforehand, as for the others.
func (p *pki) zcrypto() (func() error, error) {
	var parsed []*zx509.Certificate
	for _, c := range append([]*x509.Certificate{p.leaf, p.root}, p.between...) {
		z, err := zx509.ParseCertificate(c.Raw)
		if err != nil {
			return nil, err
		}
		parsed = append(parsed, z)
	}
	return func() error {
		g := verifier.NewGraph()
		g.AddRoot(parsed[1])
		for _, c := range parsed[2:] {
			g.AddCert(c)
		}
		v := verifier.NewVerifier(g, nil)
		if !v.Verify(parsed[0], verifier.VerificationOptions{VerifyTime: at}).HasTrustedChain() {
			return errNoPath
		}
		return nil
	}, nil
}

// opensslVerify runs openssl verify on the leaf.
func (s *settings) opensslVerify(ctx context.Context, p *pki) error {
	write := func(name string, certs ...*x509.Certificate) (string, error) {
		var b bytes.Buffer
		for _, c := range certs {
			if err := pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}); err != nil {
				return "", err
			}
		}
		name = filepath.Join(s.temp, name)
		return name, os.WriteFile(name, b.Bytes(), 0o600)
	}
	leaf, err := write("leaf.pem", p.leaf)
	if err != nil {
		return err
	}
	root, err := write("root.pem", p.root)
	if err != nil {
		return err
	}
	between, err := write("between.pem", p.between...)
	if err != nil {
		return err
	}
	return spoken(exec.CommandContext(ctx, "openssl", "verify", "-no-CApath", "-no-CAstore", "-purpose", "smimesign",
		"-attime", fmt.Sprint(at.Unix()), "-CAfile", root, "-untrusted", between, leaf))
}
