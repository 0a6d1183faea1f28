package bundle

import (
	"bufio"
	"bytes"
	"io"
	"strings"

	"github.com/emersion/go-message"
	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// verify checks the signatures of a part. What stands before a detached one is signed
// with line endings of CRLF, whatever they are here (RFC 8551, Section 3.1.1).
// Certificates are those of the file from first on, with those that came before.
func (r *mailReader) verify(m *pkcs7.Message, signed []byte, first int) ([]Signature, error) {
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

// changes are what relays and stores do to a text, with how it is undone; the text is
// in canonical form.
var changes = []struct {
	undo  func([]byte) []byte
	cause say.Text
	mbox  bool // in an mbox it is how the text is kept, and no change
}{
	{func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\r\n--\r\n"), []byte("\r\n-- \r\n")) }, "blanks at the end of a line were cut off", false},
	{in8bit, "a relay has encoded the text in another way (Content-Transfer-Encoding)", false},
	{unescapeFrom, "a mail store has put > before lines that begin with From", true},
	{func(b []byte) []byte { return append(bytes.Clone(b), "\r\n"...) }, "the last line ending was cut off", false},
	{func(b []byte) []byte { return bytes.TrimSuffix(b, []byte("\r\n")) }, "a line ending was added at the end", false},
	{func(b []byte) []byte { return append(bytes.TrimRight(bytes.Clone(b), "\r\n"), "\r\n"...) }, "empty lines were added at the end", false},
}

// maxCauseSize is the largest text of which the cause of a change is looked for.
const maxCauseSize = 4 << 20

// findCause looks for what was done to a text that is not what was signed.
func (r *mailReader) findCause(s *Signature, m *pkcs7.Message, signed []byte, certs []*chain.Certificate) error {
	if len(signed) > maxCauseSize {
		return nil
	}
	var text bytes.Buffer
	if err := canonical(&text, signed); err != nil {
		return err
	}
	try := func(changed []byte) (*pkcs7.Verification, error) {
		list, err := m.Verify(r.ctx, func(w io.Writer) error { _, err := w.Write(changed); return err }, certs)
		if err != nil {
			return nil, say.Errorf("%s: %w", r.Name, err)
		}
		for i := range list {
			if list[i].Info == s.Info && list[i].Content == pkcs7.Good {
				return &list[i], nil
			}
		}
		return nil, nil
	}
	for _, c := range changes {
		changed := c.undo(text.Bytes())
		if bytes.Equal(changed, text.Bytes()) {
			continue
		}
		v, err := try(changed)
		if err != nil {
			return err
		}
		switch {
		case v == nil:
		case c.mbox && r.mbox:
			s.Verification = *v
			return nil
		default:
			s.Cause = say.New(c.cause)
			return nil
		}
	}
	if lines := r.appended(s, text.Bytes()); lines > 0 {
		s.Cause = say.New("%s added after the text that was signed, as mailing lists and relays do", say.Count(lines, "1 line was", "%d lines were"))
	}
	return r.ctx.Err()
}

// unescapeFrom takes one > off each line that begins with some and From.
func unescapeFrom(text []byte) []byte {
	var out []byte
	for line := range bytes.Lines(text) {
		if rest := bytes.TrimLeft(line, ">"); len(rest) < len(line) && bytes.HasPrefix(rest, []byte("From ")) {
			line = line[1:]
		}
		out = append(out, line...)
	}
	return out
}

// maxAppended is how many lines at the end are looked at for what was added.
const maxAppended = 200

// appended returns how many lines at the end of a text were not there when it was
// signed, 0 where that cannot be told. The text is hashed once.
func (r *mailReader) appended(s *Signature, text []byte) int {
	h := s.Info.NewHash()
	if h == nil {
		return 0
	}
	starts := []int{}
	for at := len(text); at > 0 && len(starts) < maxAppended; {
		at = bytes.LastIndexByte(text[:at-1], '\n') + 1
		starts = append(starts, at)
	}
	done := 0
	for i := len(starts) - 1; i >= 0; i-- {
		end := starts[i]
		// With the line ending before what was added, and without.
		for _, stop := range []int{end - 2, end} {
			if stop < done {
				continue
			}
			h.Write(text[done:stop])
			done = stop
			if s.Info.HasDigest(h.Sum(nil)) {
				return i + 1
			}
		}
	}
	return 0
}

// in8bit returns a text as it was before it was encoded to pass through 7 bits.
func in8bit(text []byte) []byte {
	header, body, err := splitHeader(text)
	if err != nil {
		return text
	}
	encoding := header.Get("Content-Transfer-Encoding")
	if !strings.EqualFold(encoding, "quoted-printable") && !strings.EqualFold(encoding, "base64") {
		return text
	}
	entity, err := message.New(header, bytes.NewReader(body))
	if err != nil {
		return text
	}
	decoded, err := io.ReadAll(io.LimitReader(entity.Body, maxCauseSize))
	if err != nil {
		return text
	}
	head := bytes.Replace(text[:len(text)-len(body)], []byte(encoding), []byte("8bit"), 1)
	return append(bytes.Clone(head), decoded...)
}
