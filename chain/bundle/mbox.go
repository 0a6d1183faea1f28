package bundle

import (
	"bytes"
	"slices"
)

// isMbox reports whether text begins like a mail store in the form mbox (RFC 4155): a
// line that begins with From and a blank, and the header of a message.
func isMbox(text []byte) bool {
	if !bytes.HasPrefix(text, []byte("From ")) {
		return false
	}
	i := bytes.IndexByte(text, '\n')
	return i > 0 && i < 1000 && isMail(text[i+1:])
}

// parseMbox reads the messages of a mail store. Messages without S/MIME are left out, and
// do not count against the limit: most of a mail store has none.
func (r *reading) parseMbox(text []byte) error {
	r.Format = Mbox
	mr := &mailReader{reading: r, mbox: true}
	for len(text) > 0 {
		text = text[lineEnd(text):] // the line that begins with From
		end := nextFrom(text)
		// The empty line before the next message belongs to the store.
		one := bytes.TrimSuffix(bytes.TrimSuffix(text[:end], []byte("\n")), []byte("\r"))
		if end == len(text) {
			one = text
		}
		before := len(r.Messages)
		if err := mr.message(one, "", 0); err != nil {
			return err
		}
		if !slices.ContainsFunc(r.Messages[before:], func(m MailMessage) bool { return len(m.Layers) > 0 }) {
			r.Messages = r.Messages[:before]
		}
		text = text[end:]
	}
	return mr.done()
}

// lineEnd returns where the first line ends.
func lineEnd(text []byte) int {
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		return i + 1
	}
	return len(text)
}

// nextFrom returns where the next message begins: at a line that begins with From, after
// an empty one or in a store that has none.
func nextFrom(text []byte) int {
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte("\nFrom "))
		if i < 0 {
			return len(text)
		}
		at += i + 1
		before := bytes.TrimSuffix(text[:at-1], []byte("\r"))
		if len(before) == 0 || before[len(before)-1] == '\n' {
			return at
		}
	}
}
