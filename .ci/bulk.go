//go:build ignore

// Bulk writes generated certificates of users in the forms in which many of them come:
// single files in folders of a thousand, a tar archive of those, one PEM file, and lines
// of base64. The certificates are the same every time. Their CA is not among them.
//
//	go run .ci/bulk.go -n 200000 -d DIR
//
// With -sum it reads the lines of JSON that came of them, and writes how many there are
// and a digest of the set of them: whatever their order is, and whatever their files are
// called.
//
//	smimechain check -lines DIR/certs.pem | go run .ci/bulk.go -sum
package main

import (
	"archive/tar"
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/binary"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

func main() {
	n := flag.Int("n", 200_000, "number of certificates")
	dir := flag.String("d", "", "new folder to write to")
	sum := flag.Bool("sum", false, "read lines of JSON from standard input")
	flag.Parse()
	do := func() error { return write(*dir, *n) }
	if *sum {
		do = sumLines
	}
	if err := do(); err != nil {
		fmt.Fprintln(os.Stderr, "bulk:", err)
		os.Exit(1)
	}
}

// outputs are the forms that are one file.
type outputs struct {
	files             []*os.File
	buffers           []*bufio.Writer
	archive           *tar.Writer
	blocks, textLines io.Writer
}

func create(dir string) (*outputs, error) {
	out := new(outputs)
	for _, name := range []string{"certs.tar", "certs.pem", "certs.b64"} {
		file, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		out.files = append(out.files, file)
		out.buffers = append(out.buffers, bufio.NewWriterSize(file, 1<<20))
	}
	out.archive, out.blocks, out.textLines = tar.NewWriter(out.buffers[0]), out.buffers[1], out.buffers[2]
	return out, nil
}

func (o *outputs) close() error {
	err := o.archive.Close()
	for i := range o.files {
		err = errors.Join(err, o.buffers[i].Flush(), o.files[i].Close())
	}
	return err
}

// add writes a certificate in each form.
func (o *outputs) add(name string, der []byte) error {
	if err := o.archive.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, Size: int64(len(der))}); err != nil {
		return err
	}
	if _, err := o.archive.Write(der); err != nil {
		return err
	}
	if err := pem.Encode(o.blocks, &pem.Block{Type: "CERTIFICATE", Bytes: der}); err != nil {
		return err
	}
	_, err := fmt.Fprintln(o.textLines, base64.StdEncoding.EncodeToString(der))
	return err
}

func write(dir string, n int) error {
	if dir == "" {
		return errors.New("name a folder with -d")
	}
	if err := os.Mkdir(dir, 0o777); err != nil {
		return err
	}
	issue, err := issuer()
	if err != nil {
		return err
	}
	out, err := create(dir)
	if err != nil {
		return err
	}
	for i := range n {
		der, err := issue(i)
		if err != nil {
			return err
		}
		name := fmt.Sprintf("%04d/user%06d.cer", i/1000, i)
		if i%1000 == 0 {
			if err := os.MkdirAll(filepath.Join(dir, "folder", filepath.Dir(name)), 0o777); err != nil {
				return err
			}
		}
		if err := os.WriteFile(filepath.Join(dir, "folder", name), der, 0o666); err != nil {
			return err
		}
		if err := out.add(name, der); err != nil {
			return err
		}
	}
	return out.close()
}

// issuer returns what makes the certificate of a user.
func issuer() (func(i int) ([]byte, error), error) {
	var keys [2]*ecdsa.PrivateKey
	for i := range keys {
		var err error
		if keys[i], err = ecdsa.ParseRawPrivateKey(elliptic.P256(), big.NewInt(int64(1001+i)).FillBytes(make([]byte, 32))); err != nil {
			return nil, err
		}
	}
	ca := &x509.Certificate{Subject: pkix.Name{CommonName: "Example Bulk CA"}, SubjectKeyId: []byte{1, 2, 3, 4}}
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	return func(i int) ([]byte, error) {
		address := fmt.Sprintf("user%d@example.com", i)
		return x509.CreateCertificate(nil, &x509.Certificate{
			SerialNumber: new(big.Int).Lsh(big.NewInt(int64(i)+1), 64), Subject: pkix.Name{CommonName: address},
			EmailAddresses: []string{address}, NotBefore: from, NotAfter: from.AddDate(2, 0, 0),
			KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
			PolicyIdentifiers:     []asn1.ObjectIdentifier{{2, 23, 140, 1, 5, 1, 3}},
			CRLDistributionPoints: []string{"http://crl.example.com/ca.crl"},
			IssuingCertificateURL: []string{"http://ca.example.com/ca.cer"},
		}, ca, &keys[1].PublicKey, keys[0])
	}, nil
}

// named is where a line says what the file is called, and the digest of its certificate.
var named = regexp.MustCompile(`"files":\[\{"name":"((?:[^"\\]|\\.)*)".*?"sha256":"([0-9a-f]{64})"`)

// sumLines adds up the digests of the lines, of each with the digest of the certificate
// for the name of its file.
func sumLines() error {
	r := bufio.NewReaderSize(os.Stdin, 1<<20)
	var sum [4]uint64
	for n := 0; ; n++ {
		line, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			fmt.Printf("%d lines, %016x\n", n, sum)
			return nil
		}
		if err != nil {
			return err // also for a line without an end
		}
		m := named.FindSubmatch(line)
		if m == nil {
			return fmt.Errorf("line %d names no certificate", n+1)
		}
		digest := sha256.Sum256(bytes.ReplaceAll(line, m[1], m[2]))
		for i := range sum {
			sum[i] += binary.BigEndian.Uint64(digest[8*i:])
		}
	}
}
