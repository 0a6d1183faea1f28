package bundle

import (
	"bufio"
	"bytes"
	"io"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// verify checks the signatures of a part. What stands before a detached one is signed
// with line endings of CRLF, whatever they are here (RFC 8551, Section 3.1.1).
// Certificates are those of the file from first on, with those that came before.
func (r *mailReader) verify(m *pkcs7.SignedData, signed []byte, first int) ([]Signature, error) {
	var content func(io.Writer) error
	if m.Detached() && signed != nil {
		content = func(w io.Writer) error { return canonical(w, signed) }
	}
	certs := r.certificatesFrom(first)
	list, err := m.Verify(r.ctx, content, certs)
	if err != nil {
		return nil, say.Errorf("%s: %w", r.Name, err)
	}
	signatures := make([]Signature, len(list))
	for i, v := range list {
		s := &signatures[i]
		s.Verification = v
		if v.Content == pkcs7.Wrong && content != nil {
			if err := r.findCause(s, m, signed, certs); err != nil {
				return nil, err
			}
		}
		s.Certificate = r.listed(s.Certificate)
	}
	return signatures, nil
}

// certificatesFrom returns the certificates of the file, those of the part that is read
// first.
func (r *mailReader) certificatesFrom(first int) []*chain.Certificate {
	var list []*chain.Certificate
	for i := range r.Certificates {
		if c := &r.Certificates[(first+i)%len(r.Certificates)]; c.Raw != nil {
			list = append(list, c.Certificate)
		}
	}
	return list
}

// listed returns a certificate as it is in the list of the file.
func (r *mailReader) listed(c *chain.Certificate) *chain.Certificate {
	if c != nil {
		for i := range r.Certificates {
			if bytes.Equal(r.Certificates[i].Raw, c.Raw) {
				return r.Certificates[i].Certificate
			}
		}
	}
	return c
}

// canonical writes text with line endings of CRLF.
func canonical(to io.Writer, text []byte) error {
	w := bufio.NewWriterSize(to, 64<<10)
	for line := range bytes.Lines(text) {
		if n := len(line); line[n-1] == '\n' {
			w.Write(bytes.TrimSuffix(line[:n-1], []byte("\r")))
			line = []byte("\r\n")
		}
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	return w.Flush()
}
