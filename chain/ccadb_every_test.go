package chain

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/testdata/outside"
)

// ccadbOpenSSL are how often the answer about a CA of the sample differs from that of
// OpenSSL, by reason.
var ccadbOpenSSL = map[string]int{
	"OpenSSL follows one path, and another is good: RFC 4158, Section 2.3": 2,
	"a DigestInfo without NULL verifies: RFC 8017, Appendix B.1":           1,
}

// ccadbX509 is the same for every one of them and crypto/x509.
var ccadbX509 = map[string]int{
	"a DigestInfo without NULL verifies":                        4,
	"directoryName constraints are understood":                  8,
	"names that differ in case, space or string type are equal": 2,
}

// mayServeMail returns the certificates that are disclosed, each once, those that Mozilla
// trusts for mail, and those of CAs that are valid and may serve mail, as their extended
// key usages say so or there are none.
func mayServeMail(tb testing.TB) (certs, anchors, ask []*Certificate) {
	ders, trusted := ccadb(tb)
	seen := map[[32]byte]bool{}
	for _, der := range ders {
		c := ParseCertificate(der)
		sum := c.SHA256()
		if seen[sum] {
			continue
		}
		seen[sum] = true
		certs = append(certs, c)
		if trusted[sum] {
			anchors = append(anchors, c)
		}
		e := &c.info().ext
		if mail := !e.hasEKU || slices.Contains(e.eku, oidEmailProtection) || slices.Contains(e.eku, oidAnyEKU); mail && e.isCA && c.validAt(disclosed) && !c.SelfSigned() {
			ask = append(ask, c)
		}
	}
	return certs, anchors, ask
}

// TestCCADBEvery compares the answers about every CA that may serve mail, those without
// extended key usages too, with those of crypto/x509: for each that differs, every path.
func TestCCADBEvery(t *testing.T) {
	certs, anchors, ask := mayServeMail(t)
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	for _, c := range certs {
		if x, err := c.X509(); err == nil {
			between.AddCert(x)
		}
	}
	for _, c := range anchors {
		if x, err := c.X509(); err == nil {
			roots.AddCert(x)
		}
	}
	g := NewGraph(certs, anchors, Limits{})
	accepted, theirs := 0, 0
	reasons := map[string]int{}
	for _, c := range ask {
		r, err := g.Build(context.Background(), c, disclosed, &Options{Purpose: Purpose{Usage: Issue}})
		if err != nil || !r.Complete() {
			t.Fatalf("%s: %v, cut by %s", c, err, r.Truncated)
		}
		ours := len(r.Accepted) > 0
		if ours {
			accepted++
		}
		x, err := c.X509()
		if err == nil {
			_, err = x.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: disclosed, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}})
		}
		if err == nil {
			theirs++
		}
		if ours == (err == nil) {
			continue
		}
		crossed, crossErr := g.Build(context.Background(), c, disclosed, &Options{Purpose: Purpose{Usage: Issue}, CrossCheck: true})
		if crossErr != nil {
			t.Fatal(crossErr)
		}
		names := slices.Compact(slices.Sorted(slices.Values(compareWithOracle(t, c.String(), crossed))))
		if len(names) == 0 {
			t.Errorf("%s: accepted: %t, crypto/x509: %v, and no path says why: %s", c, ours, err, describe(append(r.Accepted, r.Rejected...)))
		}
		for _, name := range names {
			reasons[name]++
		}
	}
	t.Logf("%d CAs: %d accepted, by crypto/x509 %d; differences %v", len(ask), accepted, theirs, reasons)
	if len(ask) != 1784 || accepted != 1020 || theirs != 1006 {
		t.Errorf("%d CAs, %d accepted, by crypto/x509 %d", len(ask), accepted, theirs)
	}
	if !maps.Equal(reasons, ccadbX509) {
		t.Errorf("differences %v, want %v", reasons, ccadbX509)
	}
}

// TestCCADBOpenSSL asks about a sample of all CAs that are disclosed, valid and may serve
// mail, those without extended key usages too, and compares the answers with those of
// OpenSSL. It is given all certificates there are, and where it follows a path that does
// not lead on, the accepted paths one by one.
func TestCCADBOpenSSL(t *testing.T) {
	outside.SkipUnderRace(t)
	program := outside.Program(t, "openssl", "openssl")
	certs, anchors, ask := mayServeMail(t)
	r := rand.New(rand.NewPCG(28, 200))
	r.Shuffle(len(ask), func(i, j int) { ask[i], ask[j] = ask[j], ask[i] })
	all, sample := len(ask), ask[:200]

	dir := t.TempDir()
	write := func(name string, list ...*Certificate) string {
		var text bytes.Buffer
		for _, c := range list {
			if err := pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}); err != nil {
				t.Fatal(err)
			}
		}
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, text.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	// verify returns what OpenSSL says of the certificates in files: nothing where it
	// accepts them.
	verify := func(trusted, between string, files ...string) map[string]string {
		args := append([]string{"verify", "-purpose", "any", "-auth_level", "1", "-attime", fmt.Sprint(disclosed.Unix()),
			"-no-CAfile", "-no-CApath", "-no-CAstore", "-trusted", trusted, "-untrusted", between}, files...)
		cmd := exec.CommandContext(t.Context(), program, args...)
		var out, errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errs
		_ = cmd.Run() // its exit status says that one of them was not accepted
		says := map[string]string{}
		for line := range strings.Lines(out.String()) {
			says[strings.TrimSuffix(strings.TrimSpace(line), ": OK")] = ""
		}
		var why []string
		for line := range strings.Lines(errs.String()) {
			rest, ok := strings.CutPrefix(strings.TrimSpace(line), "error ")
			if name, done := strings.CutSuffix(rest, ": verification failed"); ok && done {
				says[name], why = strings.Join(why, "; ")+".", nil
			} else if ok {
				why = append(why, rest)
			}
		}
		for _, f := range files {
			if _, ok := says[f]; !ok {
				t.Fatalf("openssl verify says nothing of %s: %.1000s", f, errs.String())
			}
		}
		return says
	}
	roots, pool := write("roots.pem", anchors...), write("pool.pem", certs...)
	var files []string
	for i, c := range sample {
		files = append(files, write(fmt.Sprintf("%d.pem", i), c))
	}
	theirs := verify(roots, pool, files...)
	g := NewGraph(certs, anchors, Limits{})
	accepted, same := 0, 0
	reasons := map[string]int{}
	for i, c := range sample {
		result, err := g.Build(context.Background(), c, disclosed, &Options{Purpose: Purpose{Usage: Issue}})
		if err != nil || !result.Complete() {
			t.Fatalf("%s: %v, cut by %s", c, err, result.Truncated)
		}
		ours, why := len(result.Accepted) > 0, theirs[files[i]]
		if ours {
			accepted++
		}
		switch {
		case ours == (why == ""):
			same++
		case ours && slices.ContainsFunc(result.Accepted, func(p *Path) bool {
			last := len(p.Certificates) - 1
			return verify(write("root.pem", p.Certificates[last]), write("between.pem", p.Certificates[:last]...), files[i])[files[i]] == ""
		}):
			reasons["OpenSSL follows one path, and another is good: RFC 4158, Section 2.3"]++
		case ours && slices.ContainsFunc(result.Accepted, bareDigest):
			reasons["a DigestInfo without NULL verifies: RFC 8017, Appendix B.1"]++
		case !ours && onlyUsages(result.Rejected):
			reasons["asked for any purpose, OpenSSL does not look at extended key usages: RFC 5280, Section 4.2.1.12"]++
		default:
			t.Errorf("%s: accepted: %t, %s; OpenSSL: %s", c, ours, describe(append(result.Accepted, result.Rejected...)), why)
		}
	}
	t.Logf("of %d CAs %d: %d accepted, %d answers the same, differences %v", all, len(sample), accepted, same, reasons)
	if !maps.Equal(reasons, ccadbOpenSSL) {
		t.Errorf("differences %v, want %v", reasons, ccadbOpenSSL)
	}
}

// bareDigest reports whether a signature of a path is over a DigestInfo without NULL.
func bareDigest(p *Path) bool {
	return slices.ContainsFunc(p.Disputed, func(q Problem) bool { return q.Code == problemSignatureEncoding })
}

// onlyUsages reports whether a path has no fault but in extended key usages.
func onlyUsages(paths []*Path) bool {
	return slices.ContainsFunc(paths, func(p *Path) bool {
		return !slices.ContainsFunc(p.Problems, func(q Problem) bool { return q.Code != problemExtKeyUsage })
	})
}
