package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/zmap/zcrypto/verifier"
	zx509 "github.com/zmap/zcrypto/x509"
)

// names asks who names a certificate that is missing: each chain of a CA for mail is
// given without the certificate above it.
func (s *settings) names() error {
	const question = "names the certificate that is missing"
	w, err := s.readWorld()
	if err != nil {
		return err
	}
	if w == nil {
		s.answer(question, "all", "not asked", noCorpus)
		return nil
	}
	chains, err := w.chains()
	if err != nil {
		return err
	}
	full := fmt.Sprintf("%s from %d chains of public CAs for mail", question, len(chains))
	fingerprints := 0
	for _, c := range chains {
		named, err := c.ours()
		if err != nil {
			return err
		}
		fingerprints += count(named)
	}
	s.answer(full, us, strconv.Itoa(fingerprints), "by its SHA-256, from the catalogue")
	for _, peer := range []struct {
		who string
		say func(*incomplete) string
	}{
		{"crypto/x509", (*incomplete).crypto},
		{"zcrypto", (*incomplete).zcrypto},
		{"openssl", s.openssl},
	} {
		if why := s.absent(peer.who); peer.who == "openssl" && why != "" {
			s.answer(full, peer.who, "not asked", "%s", why)
			continue
		}
		bySum, byName, example := 0, 0, ""
		for _, c := range chains {
			said := peer.say(c)
			bySum += count(c.printed(said))
			byName += count(strings.Contains(said, c.missing.CommonName()))
			if example == "" {
				example = said
			}
		}
		s.answer(full, peer.who, strconv.Itoa(bySum), "by its SHA-256; its common name is in %d answers; such as %q", byName, example)
	}
	return nil
}

// incomplete is a chain, the certificate asked about first and its root last, without
// the one above the first.
type incomplete struct {
	rest    []*chain.Certificate
	missing *chain.Certificate
}

// chains are those that lead to Mozilla's roots for mail, without their second certificate.
func (w *world) chains() ([]*incomplete, error) {
	g, certs := w.graph()
	var list []*incomplete
	for _, c := range starts(certs) {
		r, err := g.Build(context.Background(), c, worldDay, &chain.Options{Purpose: chain.Purpose{Usage: chain.Issue}})
		if err != nil {
			return nil, err
		}
		if len(r.Accepted) > 0 {
			path := r.Accepted[0].Certificates
			list = append(list, &incomplete{slices.Delete(slices.Clone(path), 1, 2), path[1]})
		}
	}
	return list, nil
}

// anchors are the roots that are left.
func (c *incomplete) anchors() []*chain.Certificate {
	if last := len(c.rest) - 1; last > 0 {
		return c.rest[last:]
	}
	return nil
}

// ours reports whether the catalogue names the missing one where the paths end.
func (c *incomplete) ours() (bool, error) {
	g := chain.NewGraph(c.rest, c.anchors(), chain.Limits{})
	r, err := g.Build(context.Background(), c.rest[0], worldDay, &chain.Options{Purpose: chain.Purpose{Usage: chain.Issue}})
	if err != nil {
		return false, err
	}
	for _, d := range r.DeadEnds {
		for _, way := range catalog.Default().Ways(d, &catalog.WayOptions{Time: worldDay}) {
			if way.Entries[0].SHA256 == c.missing.SHA256() {
				return true, nil
			}
		}
	}
	return false, nil
}

// printed reports whether a text has the fingerprint of the missing one.
func (c *incomplete) printed(text string) bool {
	sum := c.missing.SHA256()
	return strings.Contains(strings.ToLower(strings.ReplaceAll(text, ":", "")), hex.EncodeToString(sum[:]))
}

func (c *incomplete) crypto() string {
	leaf, err := x509.ParseCertificate(c.rest[0].Raw)
	if err != nil {
		return err.Error()
	}
	o := x509.VerifyOptions{Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(), CurrentTime: worldDay, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}}
	for _, other := range c.rest[1:] {
		if p, err := x509.ParseCertificate(other.Raw); err == nil {
			o.Intermediates.AddCert(p)
		}
	}
	for _, root := range c.anchors() {
		if p, err := x509.ParseCertificate(root.Raw); err == nil {
			o.Roots.AddCert(p)
		}
	}
	_, err = leaf.Verify(o)
	return fmt.Sprint(err)
}

func (c *incomplete) zcrypto() string {
	leaf, err := zx509.ParseCertificate(c.rest[0].Raw)
	if err != nil {
		return err.Error()
	}
	g := verifier.NewGraph()
	for i, other := range c.rest[1:] {
		if p, err := zx509.ParseCertificate(other.Raw); err != nil {
			return err.Error()
		} else if i == len(c.rest)-2 {
			g.AddRoot(p)
		} else {
			g.AddCert(p)
		}
	}
	r := verifier.NewVerifier(g, nil).Verify(leaf, verifier.VerificationOptions{VerifyTime: worldDay})
	return fmt.Sprintf("%d chains, %d parents, error: %v", len(r.CurrentChains), len(r.Parents), r.ValidationError)
}

func (s *settings) openssl(c *incomplete) string {
	write := func(name string, certs ...*chain.Certificate) string {
		var b bytes.Buffer
		for _, c := range certs {
			b.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
		}
		if err := os.WriteFile(filepath.Join(s.temp, name), b.Bytes(), 0o600); err != nil {
			return err.Error()
		}
		return name
	}
	args := []string{"verify", "-no-CApath", "-no-CAstore", "-attime", fmt.Sprint(worldDay.Unix())}
	if roots := c.anchors(); len(roots) > 0 {
		args = append(args, "-CAfile", write("anchor.pem", roots...), "-untrusted", write("rest.pem", c.rest[1:]...))
	} else {
		args = append(args, "-no-CAfile")
	}
	cmd := exec.Command("openssl", append(args, write("asked.pem", c.rest[0]))...)
	cmd.Dir = s.temp // so that no path of this machine is in what it says
	out, _ := cmd.CombinedOutput()
	return string(out)
}
