package catalog

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/hex"
	"encoding/pem"
	"io"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
)

// MaxReportSize is the largest report of the CCADB that is read, in octets before
// compression.
const MaxReportSize = 256 << 20

// IsReport reports whether data, the start of a file, is that of a report of the CCADB or
// of a gzip file.
func IsReport(data []byte) bool {
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		return true
	}
	line, _, _ := bytes.Cut(data, []byte("\n"))
	sum, text := columns(strings.Split(strings.ReplaceAll(strings.TrimRight(string(line), "\r"), `"`, ""), ","))
	return sum >= 0 && text >= 0
}

// columns returns where the fingerprint and the certificate are, -1 for what is not there.
func columns(header []string) (sum, text int) {
	sum, text = -1, -1
	for i, name := range header {
		name = strings.ToLower(strings.TrimPrefix(name, "\ufeff"))
		switch {
		case strings.Contains(name, "sha-256") && !strings.Contains(name, "parent") && sum < 0:
			sum = i
		case strings.Contains(name, "pem") && text < 0:
			text = i
		}
	}
	return sum, text
}

// ReadReport reads certificates from a report of the CCADB that has them as PEM
// (AllCertificatePEMsCSVFormat), plain or as gzip, and keeps those that are wanted. Want is
// asked about each row: by its fingerprint, and by the certificate, which is read only if
// want asks for it, and is nil where it cannot be. A certificate that is kept has the
// fingerprint of its row. The report is not held in memory. The error says what is wrong
// with the file, and is that of r otherwise.
func ReadReport(r io.Reader, want func(sha256 [32]byte, certificate func() *chain.Certificate) bool) ([]*chain.Certificate, error) {
	in := bufio.NewReader(r)
	if start, err := in.Peek(2); err == nil && start[0] == 0x1f && start[1] == 0x8b {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, say.Errorf("catalog: %w", err)
		}
		r = z
	} else {
		r = in
	}
	limited := &io.LimitedReader{R: r, N: MaxReportSize + 1}
	rows := csv.NewReader(limited)
	rows.ReuseRecord = true
	header, err := rows.Read()
	if err != nil {
		return nil, say.Errorf("catalog: %w", err)
	}
	sumAt, pemAt := columns(header)
	if sumAt < 0 || pemAt < 0 {
		return nil, say.Errorf("catalog: not a report of the CCADB with fingerprints and PEM")
	}
	var kept []*chain.Certificate
	for {
		row, err := rows.Read()
		if limited.N <= 0 {
			return nil, say.Errorf("catalog: more than %d octets", MaxReportSize)
		}
		if err == io.EOF {
			return kept, nil
		}
		if err != nil {
			return nil, say.Errorf("catalog: %w", err)
		}
		var sum [32]byte
		if n, err := hex.Decode(sum[:], []byte(row[sumAt])[:min(64, len(row[sumAt]))]); err != nil || n != 32 {
			continue
		}
		var cert *chain.Certificate
		certificate := func() *chain.Certificate {
			if cert == nil {
				if block, _ := pem.Decode([]byte(row[pemAt])); block != nil {
					if c := chain.ParseCertificate(block.Bytes); c.SHA256() == sum {
						cert = c
					}
				}
			}
			return cert
		}
		if want(sum, certificate) && certificate() != nil {
			kept = append(kept, cert)
		}
	}
}
