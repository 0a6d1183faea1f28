package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/testdata/schemas"
	zx509 "github.com/zmap/zcrypto/x509"
	"github.com/zmap/zlint/v3"
	zlints "github.com/zmap/zlint/v3/lint"
)

var bulkFiles = flag.Int("bulkfiles", 1000, "number of files in BenchmarkBulk")

// fixedKey is the key of a fixed scalar, so that certificates are the same every
// time.
func fixedKey(t testing.TB, scalar int64) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), big.NewInt(scalar).FillBytes(make([]byte, 32)))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// makeFiles writes n certificates of users to single files, a thousand to a
// folder.
func makeFiles(t testing.TB, dir string, n int) {
	t.Helper()
	caKey, userKey := fixedKey(t, 1001), fixedKey(t, 1002)
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Example Bulk CA"},
		NotBefore: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, SubjectKeyId: []byte{1, 2, 3, 4},
	}
	for i := range n {
		user := &x509.Certificate{
			SerialNumber: new(big.Int).Lsh(big.NewInt(int64(i)+1), 64), Subject: pkix.Name{CommonName: fmt.Sprintf("user%d@example.com", i)},
			EmailAddresses: []string{fmt.Sprintf("user%d@example.com", i)},
			NotBefore:      ca.NotBefore, NotAfter: ca.NotBefore.AddDate(2, 0, 0),
			KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
			PolicyIdentifiers:     []asn1.ObjectIdentifier{{2, 23, 140, 1, 5, 1, 3}},
			CRLDistributionPoints: []string{"http://crl.example.com/ca.crl"},
			IssuingCertificateURL: []string{"http://ca.example.com/ca.cer"},
		}
		der, err := x509.CreateCertificate(nil, user, ca, &userKey.PublicKey, caKey)
		if err != nil {
			t.Fatal(err)
		}
		folder := filepath.Join(dir, fmt.Sprintf("%04d", i/1000))
		if i%1000 == 0 {
			if err := os.MkdirAll(folder, 0o777); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("user%06d.cer", i)), der, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func newBulk(workers int) *bulk {
	return &bulk{
		lint:   &lint.Options{Time: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), Workers: workers},
		report: new(report.Options),
	}
}

// lines checks that the output consists of whole lines, each a report, and
// returns the names of the files in them.
func lines(t *testing.T, output []byte) []string {
	t.Helper()
	if len(output) > 0 && output[len(output)-1] != '\n' {
		t.Fatal("the last line is not whole")
	}
	schemas.Report(t, output)
	var names []string
	for line := range bytes.Lines(output) {
		r, err := report.Decode(line)
		if err != nil {
			t.Fatalf("line %d: %v", len(names), err)
		}
		if len(r.Files) > 0 {
			names = append(names, r.Files[0].Name)
		} else {
			names = append(names, r.NotChecked[0].What)
		}
	}
	return names
}

func TestBulkOrder(t *testing.T) {
	dir := t.TempDir()
	const n = 150
	makeFiles(t, dir, n)
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("not a certificate"), 0o666); err != nil {
		t.Fatal(err)
	}
	var want []byte
	for _, workers := range []int{1, 2, 7} {
		var out bytes.Buffer
		result, err := newBulk(workers).run(context.Background(), []string{dir, filepath.Join(dir, "absent.cer")}, streams{}, &out)
		if err != nil {
			t.Fatal(err)
		}
		if result.files != n+2 || result.failed.count != 1 {
			t.Errorf("%d files, failed: %v; want %d and one", result.files, result.failed.err(), n+2)
		}
		names := lines(t, out.Bytes())
		for i, name := range names[:n] {
			if filepath.Base(name) != fmt.Sprintf("user%06d.cer", i) {
				t.Fatalf("line %d is about %s", i, name)
			}
		}
		if want == nil {
			want = out.Bytes()
		}
		if !bytes.Equal(out.Bytes(), want) {
			t.Errorf("%d workers write something else than one", workers)
		}
	}
}

// stopAfter ends a context after some bytes.
type stopAfter struct {
	bytes.Buffer
	limit int
	stop  func()
}

func (s *stopAfter) Write(p []byte) (int, error) {
	if s.Len() > s.limit {
		s.stop()
	}
	return s.Buffer.Write(p)
}

func TestBulkInterrupted(t *testing.T) {
	dir := t.TempDir()
	const n = 300
	makeFiles(t, dir, n)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	out := &stopAfter{limit: 1, stop: cancel}
	if _, err := newBulk(2).run(ctx, []string{dir}, streams{}, out); !errors.Is(err, errInterrupted) {
		t.Fatalf("got %v", err)
	}
	if got := len(lines(t, out.Bytes())); got == 0 || got >= n {
		t.Errorf("%d lines of %d", got, n)
	}

	ctx, cancel = context.WithCancel(context.Background())
	cancel()
	if _, err := newBulk(2).run(ctx, []string{dir}, streams{}, new(bytes.Buffer)); !errors.Is(err, errInterrupted) {
		t.Errorf("interrupted before the start: %v", err)
	}
}

func TestBulkFullDisk(t *testing.T) {
	dir := t.TempDir()
	makeFiles(t, dir, 3)
	if _, err := newBulk(1).run(context.Background(), []string{dir}, streams{}, failing{}); !errors.Is(err, errDiskFull) {
		t.Errorf("got %v", err)
	}
}

var errDiskFull = errors.New("disk full")

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errDiskFull }

// TestInterrupt sends the command the signal of Ctrl+C while it waits for
// standard input, after it has written something.
func TestInterrupt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be interrupted alone on Windows")
	}
	dir := t.TempDir()
	makeFiles(t, dir, 300)
	for _, toFile := range []bool{false, true} {
		args := []string{"check", "-format", "ndjson", dir, "-"}
		report := filepath.Join(t.TempDir(), "report.ndjson")
		if toFile {
			// The same, with the report going to a file: something must tell that
			// the command is at work.
			args = append([]string{"check", "-format", "ndjson", "-o", report}, args[3:]...)
		}
		cmd := exec.Command("smimechain", args...)
		stdin, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		var errs bytes.Buffer
		cmd.Stderr = &errs
		stdout, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		var first []byte
		r := bufio.NewReader(stdout)
		if toFile {
			waitForFile(t, filepath.Dir(report))
		} else if first, err = r.ReadBytes('\n'); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		rest, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		exit, ok := errors.AsType[*exec.ExitError](cmd.Wait())
		if !ok || exit.ExitCode() != exitFailed {
			t.Errorf("exits with %v, want status %d", exit, exitFailed)
		}
		if !strings.Contains(errs.String(), "interrupted") {
			t.Errorf("standard error says %q", errs.String())
		}
		lines(t, append(first, rest...))
		if left, err := os.ReadDir(filepath.Dir(report)); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
		stdin.Close()
	}
}

// waitForFile waits until there is a file in a folder that has something in it.
func waitForFile(t *testing.T, dir string) {
	t.Helper()
	for range 1000 {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if info, err := e.Info(); err == nil && info.Size() > 0 {
				return
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("nothing was written")
}

// TestNoBarWhenPiped holds that a bar needs a terminal.
func TestNoBarWhenPiped(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "err"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, w := range []io.Writer{file, new(bytes.Buffer)} {
		if newProgress(streams{out: w, err: w}, "", say.New("checking"), say.New("files")).bar != nil {
			t.Errorf("a bar is drawn to %T", w)
		}
	}
}

// BenchmarkBulk compares the command on files of one certificate with a loop
// that reads, parses and lints them by zlint itself, on one core each.
func BenchmarkBulk(b *testing.B) {
	dir := b.TempDir()
	makeFiles(b, dir, *bulkFiles)
	perFile := func(b *testing.B) {
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(*bulkFiles), "µs/file")
	}
	b.Run("zlint", func(b *testing.B) {
		registry, err := zlints.GlobalRegistry().Filter(zlints.FilterOptions{
			IncludeSources: zlints.SourceList{zlints.RFC3279, zlints.RFC5280, zlints.RFC5480, zlints.RFC5891, zlints.RFC8813,
				zlints.CABFSMIMEBaselineRequirements, zlints.MozillaRootStorePolicy, zlints.EtsiEsi, zlints.Community},
			ExcludeNames: []string{"e_cert_issued_by_compromised_emudhra_ca", "e_ecdsa_small_private_key", "e_rsa_fermat_factorization"},
		})
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				der, err := os.ReadFile(name)
				if err != nil {
					return err
				}
				c, err := zx509.ParseCertificate(der)
				if err != nil {
					return err
				}
				if zlint.LintCertificateEx(c, registry) == nil {
					return errors.New("zlint gives no result")
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		perFile(b)
	})
	b.Run("smimechain", func(b *testing.B) {
		for b.Loop() {
			if _, err := newBulk(1).run(context.Background(), []string{dir}, streams{}, io.Discard); err != nil {
				b.Fatal(err)
			}
		}
		perFile(b)
	})
}
