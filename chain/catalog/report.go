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
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// maxReportSize is the largest report of the CCADB that is read, in octets before
// compression.
const maxReportSize = 256 << 20

// maxRow is the longest row of a report that is read, in octets: a certificate of a CA is
// far below.
const maxRow = 1 << 20

// IsReport reports whether data, the start of a file, is that of a report of the CCADB or
// of a gzip file.
func IsReport(data []byte) bool {
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		return true
	}
	text, _, _ := transform.Bytes(unicode.BOMOverride(transform.Nop), data[:len(data)&^1])
	_, ok := separator(text)
	return ok
}

// separator returns what separates the columns of a report, by its first line.
func separator(start []byte) (rune, bool) {
	line, _, _ := bytes.Cut(start, []byte("\n"))
	for _, by := range []rune{',', ';', '\t'} {
		sum, text := columns(strings.Split(strings.ReplaceAll(strings.TrimRight(string(line), "\r"), `"`, ""), string(by)))
		if sum >= 0 && text >= 0 {
			return by, true
		}
	}
	return ',', false
}

// columns returns where the fingerprint and the certificate are, -1 for what is not there.
func columns(header []string) (sum, text int) {
	sum, text = -1, -1
	for i, name := range header {
		name = strings.ToLower(name)
		switch {
		case strings.Contains(name, "sha-256") && !strings.Contains(name, "parent") && sum < 0:
			sum = i
		case strings.Contains(name, "pem") && text < 0:
			text = i
		}
	}
	return sum, text
}

// rowReader gives so much of a reader as one row may have, until it is given more.
type rowReader struct {
	r    io.Reader
	left int
}

func (r *rowReader) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, say.Errorf("a row of more than %d octets", maxRow)
	}
	n, err := r.r.Read(p[:min(len(p), r.left)])
	r.left -= n
	return n, err
}

// ReadReport reads certificates from a report of the CCADB that has them as PEM
// (AllCertificatePEMsCSVFormat), plain or as gzip, and keeps those that are wanted. Want is
// asked about each row: by its fingerprint, and by the certificate, which is read only if
// want asks for it, and is nil where it cannot be. A certificate that is kept has the
// fingerprint of its row. Columns are found by their names, whatever their order and what
// separates them (comma, semicolon or tab); the text may be UTF-8 or, with a byte order
// mark, UTF-16. The report is not held in memory, and no row of more than 1 MiB. The error
// says what is wrong with the file, and is that of r otherwise.
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
	limited := &io.LimitedReader{R: r, N: maxReportSize + 1}
	row := &rowReader{r: limited, left: maxRow}
	decoded := bufio.NewReader(transform.NewReader(row, unicode.BOMOverride(transform.Nop)))
	start, _ := decoded.Peek(decoded.Size())
	rows := csv.NewReader(decoded)
	rows.Comma, _ = separator(start)
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
		row.left = maxRow
		fields, err := rows.Read()
		if limited.N <= 0 {
			return nil, say.Errorf("catalog: more than %d octets", maxReportSize)
		}
		if err == io.EOF {
			return kept, nil
		}
		if err != nil {
			return nil, say.Errorf("catalog: %w", err)
		}
		var sum [32]byte
		digits := strings.ReplaceAll(strings.TrimSpace(fields[sumAt]), ":", "")
		if len(digits) != 2*len(sum) {
			continue
		}
		if _, err := hex.Decode(sum[:], []byte(digits)); err != nil {
			continue
		}
		var cert *chain.Certificate
		certificate := func() *chain.Certificate {
			if cert == nil {
				if block, _ := pem.Decode([]byte(strings.Trim(fields[pemAt], "' \t\r\n"))); block != nil {
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
