package bundle

import (
	"bytes"
	"io"
	"strings"

	"github.com/emersion/go-message"
	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// What relays, lists and stores do to a text is told only where the text that was signed
// is found when it is undone: its digest is that of the signature.

// Limits on looking for the cause of a change.
const (
	maxCauseSize  = 4 << 20   // of the text
	maxCauseWork  = 256 << 20 // octets hashed, for all texts of a file
	maxCauseParts = 16        // of the text
	maxAppended   = 200       // lines that are looked at, at each end of a part
	maxFromLines  = 16        // that begin with > and From
	maxLost       = 8         // line endings at the end
	leastLongLine = 500       // characters of a line that relays may break
)

// causes looks for what changed one text, which is in canonical form.
type causes struct {
	text []byte
	info *pkcs7.SignerInfo
	work *int // octets hashed
}

// is reports whether what was signed is the pieces, one after the other.
func (c *causes) is(pieces ...[]byte) bool {
	size := 0
	for _, p := range pieces {
		size += len(p)
	}
	h := c.info.NewHash()
	if h == nil || *c.work+size > maxCauseWork {
		return false
	}
	*c.work += size
	for _, p := range pieces {
		h.Write(p)
	}
	return c.info.HasDigest(h.Sum(nil))
}

// findCause looks for what was done to a text that is not what was signed.
func (r *mailReader) findCause(s *Signature, m *pkcs7.SignedData, signed []byte, certs []*chain.Certificate) error {
	if len(signed) > maxCauseSize || r.causeWork > maxCauseWork-len(signed) {
		return nil
	}
	var text bytes.Buffer
	if err := canonical(&text, signed); err != nil {
		return err
	}
	c := &causes{text: text.Bytes(), info: s.Info, work: &r.causeWork}
	if c.is(c.text) {
		return nil // something else is wrong
	}
	if from := c.escapedFrom(); from != nil {
		if !r.mbox {
			s.Cause = say.New("a mail store has put > before lines that begin with From")
			return nil
		}
		// In an mbox it is how the text is kept, and no change.
		list, err := m.Verify(r.ctx, func(w io.Writer) error { _, err := w.Write(from); return err }, certs)
		if err != nil {
			return say.Errorf("%s: %w", r.Name, err)
		}
		for i := range list {
			if list[i].Info == s.Info {
				s.Verification = list[i]
			}
		}
		return nil
	}
	parts := leavesOf(c.text)
	for _, look := range []func([]leaf) say.Message{c.ends, c.blanks, c.encoding, c.broken, c.field, c.appended, c.inserted} {
		if err := r.check(); err != nil {
			return err
		}
		if s.Cause = look(parts); !s.Cause.IsZero() {
			return nil
		}
	}
	return r.check()
}

// escapedFrom returns the text that was signed where lines that begin with From were put
// behind a >: all of them, those too that had one, or one alone.
func (c *causes) escapedFrom() []byte {
	var at []int // of each > that may be gone
	var all []byte
	for line := range bytes.Lines(c.text) {
		if rest := bytes.TrimLeft(line, ">"); len(rest) < len(line) && bytes.HasPrefix(rest, []byte("From ")) {
			at = append(at, len(all)+len(at))
			line = line[1:]
		}
		all = append(all, line...)
	}
	if c.is(all) {
		return all
	}
	for _, i := range at[:min(len(at), maxFromLines)] {
		if c.is(c.text[:i], c.text[i+1:]) {
			return append(bytes.Clone(c.text[:i]), c.text[i+1:]...)
		}
	}
	return nil
}

// ends looks for line endings at the end of the text.
func (c *causes) ends([]leaf) say.Message {
	crlf := []byte("\r\n")
	if c.is(c.text, crlf) {
		return say.New("the last line ending was cut off")
	}
	for n := 2; n <= maxLost; n++ {
		if c.is(c.text, bytes.Repeat(crlf, n)) {
			return say.New("empty lines at the end were cut off")
		}
	}
	bare := bytes.TrimRight(c.text, "\r\n")
	if c.is(bytes.TrimSuffix(c.text, crlf)) {
		return say.New("a line ending was added at the end")
	}
	if c.is(bare, crlf) || c.is(bare) {
		return say.New("empty lines were added at the end")
	}
	return say.Message{}
}

// blanks looks for those that stood at the end of lines: before a personal signature, and
// in text that flows (RFC 3676, Section 4.2), in every paragraph but its last line.
func (c *causes) blanks(parts []leaf) say.Message {
	delimiter := func(b []byte) []byte {
		return bytes.ReplaceAll(b, []byte("\r\n--\r\n"), []byte("\r\n-- \r\n"))
	}
	var flowed []byte
	done := 0
	for _, p := range parts {
		kind, params, _ := p.header.ContentType()
		if !strings.EqualFold(kind, "text/plain") || !strings.EqualFold(params["format"], "flowed") {
			continue
		}
		flowed = append(flowed, c.text[done:p.body]...)
		body := c.text[p.body:p.end]
		for len(body) > 0 {
			end := lineEnd(body)
			line := bytes.TrimRight(body[:end], "\r\n")
			body = body[end:]
			flowed = append(flowed, line...)
			next := body[:lineEnd(body)]
			if len(line) > 0 && line[len(line)-1] != ' ' && len(bytes.TrimRight(next, "\r\n")) > 0 && !bytes.Equal(line, []byte("--")) && !bytes.HasPrefix(next, []byte("--")) {
				flowed = append(flowed, ' ')
			}
			if end > len(line) {
				flowed = append(flowed, "\r\n"...)
			}
		}
		done = p.end
	}
	flowed = append(flowed, c.text[done:]...)
	for _, text := range [][]byte{delimiter(c.text), flowed, delimiter(flowed)} {
		if c.is(text) {
			return say.New("blanks at the end of a line were cut off")
		}
	}
	return say.Message{}
}

// encoding looks for a transfer encoding that was put in the place of another, in every
// part that has one now.
func (c *causes) encoding(parts []leaf) say.Message {
	for _, before := range []string{"8bit", "7bit", "binary", ""} {
		var text []byte
		done := 0
		for _, p := range parts {
			field := fieldOf(c.text[p.start:p.body], "Content-Transfer-Encoding")
			body, ok := p.decoded(c.text)
			if !ok {
				continue
			}
			text = append(text, c.text[done:p.start+field.start]...)
			if before != "" {
				text = append(text, c.text[p.start+field.start:p.start+field.value]...)
				text = append(append(append(text, ' '), before...), "\r\n"...)
			}
			text = append(text, c.text[p.start+field.end:p.body]...)
			text = append(text, body...)
			done = p.end
		}
		if c.is(text, c.text[done:]) {
			return say.New("a relay has encoded the text in another way (Content-Transfer-Encoding)")
		}
	}
	return say.Message{}
}

// broken looks for long lines of which a relay has made several.
func (c *causes) broken([]leaf) say.Message {
	for _, mark := range []string{"\r\n", "\r\n ", "!\r\n "} {
		var text []byte
		start, rest := 0, 0 // of the line, and of what is not written yet
		for start < len(c.text) {
			next := start + lineEnd(c.text[start:])
			from := next - strings.Index(mark, "\n") - 1
			if next-start >= leastLongLine && next < len(c.text) && bytes.HasPrefix(c.text[from:], []byte(mark)) {
				text = append(text, c.text[rest:from]...)
				rest = from + len(mark)
			}
			start = next
		}
		if c.is(text, c.text[rest:]) {
			return say.New("long lines were broken")
		}
	}
	return say.Message{}
}

// field looks for one that was added to a header in what is signed.
func (c *causes) field(parts []leaf) say.Message {
	for _, p := range parts {
		for _, f := range fieldsOf(c.text[p.start:p.body]) {
			if c.is(c.text[:p.start+f.start], c.text[p.start+f.end:]) {
				return say.New("the field %s was added to the header of what is signed", string(c.text[p.start+f.start:p.start+f.value-1]))
			}
		}
	}
	return say.Message{}
}

// appended looks for lines that were added at the end of the text or of a part of it.
func (c *causes) appended(parts []leaf) say.Message {
	added := func(lines int) say.Message {
		return say.New("%s added after the text that was signed, as mailing lists and relays do", say.Count(lines, "1 line was", "%d lines were"))
	}
	if lines := c.appendedAtEnd(); lines > 0 {
		return added(lines)
	}
	for _, p := range parts {
		if p.end == len(c.text) {
			continue
		}
		at := p.end
		for lines := 1; at > p.body && lines <= maxAppended; lines++ {
			at = bytes.LastIndexByte(c.text[:at-1], '\n') + 1
			// With the line ending before what was added, and without.
			if c.is(c.text[:at], c.text[p.end:]) || c.is(c.text[:at-2], c.text[p.end:]) {
				return added(lines)
			}
		}
	}
	return say.Message{}
}

// appendedAtEnd returns how many lines at the end of the text were not there when it was
// signed, 0 where that cannot be told. The text is hashed once.
func (c *causes) appendedAtEnd() int {
	h := c.info.NewHash()
	if h == nil {
		return 0
	}
	starts := []int{}
	for at := len(c.text); at > 0 && len(starts) < maxAppended; {
		at = bytes.LastIndexByte(c.text[:at-1], '\n') + 1
		starts = append(starts, at)
	}
	done := 0
	for i := len(starts) - 1; i >= 0; i-- {
		// With the line ending before what was added, and without.
		for _, stop := range []int{starts[i] - 2, starts[i]} {
			if stop < done {
				continue
			}
			h.Write(c.text[done:stop])
			done = stop
			if c.info.HasDigest(h.Sum(nil)) {
				return i + 1
			}
		}
	}
	return 0
}

// inserted looks for lines that were added before the text, or that of a part.
func (c *causes) inserted(parts []leaf) say.Message {
	for _, p := range parts {
		at := p.body
		for lines := 1; at < p.end && lines <= maxAppended; lines++ {
			at = min(at+lineEnd(c.text[at:]), p.end)
			if c.is(c.text[:p.body], c.text[at:]) {
				return say.New("%s added before the text that was signed, as relays do that warn of mail from outside", say.Count(lines, "1 line was", "%d lines were"))
			}
		}
	}
	return say.Message{}
}

// leaf is a part of a text that has no parts itself: where its header, its body and what
// follows it begin.
type leaf struct {
	header           message.Header
	start, body, end int
}

// leavesOf returns the first of them, in their order.
func leavesOf(text []byte) []leaf {
	const deepest = 8
	var list []leaf
	var walk func(start, end, depth int)
	walk = func(start, end, depth int) {
		header, body, err := splitHeader(text[start:end])
		if err != nil || len(list) >= maxCauseParts {
			return
		}
		at := end - len(body)
		kind, params, _ := header.ContentType()
		if strings.HasPrefix(strings.ToLower(kind), "multipart/") && params["boundary"] != "" && depth < deepest {
			parts, _ := splitParts(body, params["boundary"], maxCauseParts)
			for _, p := range parts {
				from := at + cap(body) - cap(p) // p is a part of the array of body
				walk(from, from+len(p), depth+1)
			}
			return
		}
		list = append(list, leaf{header, start, at, end})
	}
	walk(0, len(text), 0)
	return list
}

// decoded returns the body of a part without its transfer encoding, and false for one that
// is not encoded.
func (p *leaf) decoded(text []byte) ([]byte, bool) {
	encoding := strings.TrimSpace(p.header.Get("Content-Transfer-Encoding"))
	if !strings.EqualFold(encoding, "quoted-printable") && !strings.EqualFold(encoding, "base64") {
		return nil, false
	}
	// An error is of the charset, which does not matter.
	entity, _ := message.New(message.Header{Header: p.header.Header.Copy()}, bytes.NewReader(text[p.body:p.end]))
	decoded, err := io.ReadAll(io.LimitReader(entity.Body, maxCauseSize))
	return decoded, err == nil
}

// headerField is where a field of a header begins, its value and the next one.
type headerField struct{ start, value, end int }

// fieldsOf returns the fields of a header.
func fieldsOf(header []byte) []headerField {
	var list []headerField
	for at := 0; at < len(header); {
		next := at + lineEnd(header[at:])
		switch colon := bytes.IndexByte(header[at:next], ':'); {
		case header[at] == ' ' || header[at] == '\t':
			if len(list) > 0 {
				list[len(list)-1].end = next
			}
		case colon > 0:
			list = append(list, headerField{at, at + colon + 1, next})
		}
		at = next
	}
	return list
}

// fieldOf returns the field of a header with a name, the zero value where there is none.
func fieldOf(header []byte, name string) headerField {
	for _, f := range fieldsOf(header) {
		if strings.EqualFold(string(header[f.start:f.value-1]), name) {
			return f
		}
	}
	return headerField{}
}
