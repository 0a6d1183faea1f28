package bundle

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"

	"github.com/smimechain/smimechain/lint/say"
)

// maxMailParts is how many parts a message may have in all.
const maxMailParts = 1000

// isMail reports whether text begins like a message that holds an S/MIME part
// somewhere: header fields, one of which says what the content is.
func isMail(text []byte) bool {
	header, _, _ := bytes.Cut(bytes.ReplaceAll(text[:min(len(text), 64<<10)], []byte("\r\n"), []byte("\n")), []byte("\n\n"))
	for line := range bytes.SplitSeq(header, []byte("\n")) {
		name, _, ok := bytes.Cut(line, []byte(":"))
		switch {
		case len(line) == 0 || line[0] == ' ' || line[0] == '\t':
		case !ok || bytes.ContainsAny(name, " \t"):
			return false
		case bytes.EqualFold(name, []byte("Content-Type")):
			return true
		}
	}
	return false
}

// parseMail reads the certificates in the signature of a message (RFC 8551,
// Section 3.5). A message without one is not recognised.
func (r *reading) parseMail(text []byte) error {
	f := r.File
	m, err := mail.ReadMessage(bytes.NewReader(text))
	if err != nil {
		return &UnrecognizedError{Name: f.Name, Why: "it looks like a message whose header is malformed"}
	}
	f.Format = Mail
	mr := &mailReader{reading: r}
	if err := mr.part(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body, 0); err != nil {
		return err
	}
	if !f.Signed {
		return &UnrecognizedError{Name: f.Name, Why: "it is a message without a readable S/MIME signature"}
	}
	return nil
}

// mailReader walks through the parts of a message.
type mailReader struct {
	*reading
	parts int
}

// part reads one part, and those inside it.
func (r *mailReader) part(contentType, encoding string, body io.Reader, depth int) error {
	if r.parts++; r.parts > maxMailParts || depth > r.limits.Depth {
		return say.Errorf("%s: more than %d parts or %d levels of them: %w", r.Name, maxMailParts, r.limits.Depth, ErrTooLarge)
	}
	if err := r.check(); err != nil {
		return err
	}
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil // not of S/MIME, whatever it is
	}
	switch {
	case strings.HasPrefix(kind, "multipart/"):
		return r.multipart(params["boundary"], body, depth)
	case kind == "application/pkcs7-signature", kind == "application/x-pkcs7-signature",
		kind == "application/pkcs7-mime", kind == "application/x-pkcs7-mime":
		if strings.EqualFold(encoding, "base64") {
			body = base64.NewDecoder(base64.StdEncoding, body)
		}
		data, err := io.ReadAll(body)
		if err != nil {
			return say.Errorf("%s: S/MIME part: malformed base64", r.Name)
		}
		return r.addPKCS7(data, 0)
	default:
		return nil
	}
}

func (r *mailReader) multipart(boundary string, body io.Reader, depth int) error {
	if boundary == "" {
		return nil
	}
	parts := multipart.NewReader(body, boundary)
	for {
		p, err := parts.NextRawPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return say.Errorf("%s: malformed multipart message", r.Name)
		}
		if err := r.part(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p, depth+1); err != nil {
			return err
		}
	}
}
