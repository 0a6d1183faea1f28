package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

var (
	begin  = []byte("-----BEGIN ")
	end    = []byte("-----END ")
	dashes = []byte("-----")
)

func isUTF16(head []byte) bool {
	return bytes.HasPrefix(head, []byte{0xFE, 0xFF}) || bytes.HasPrefix(head, []byte{0xFF, 0xFE})
}

func decode(r io.Reader) io.Reader {
	return transform.NewReader(r, unicode.BOMOverride(transform.Nop))
}

func decoded(head []byte) []byte {
	text, err := io.ReadAll(decode(bytes.NewReader(head)))
	if err != nil {
		return head
	}
	return text
}

// blockReader reads the blocks of PEM that begin in a part of a text, each from the
// beginning of a line to the end of one, and nothing else. A block that begins in the
// part and ends behind it belongs to the part.
type blockReader struct {
	r       *bufio.Reader
	at, end int64
	inside  bool
	out     []byte
	err     error
}

// newBlockReader reads from r, which stands at the place at of the text.
func newBlockReader(r io.Reader, at, end int64) *blockReader {
	return &blockReader{r: bufio.NewReaderSize(r, headSize), at: at, end: end}
}

func (b *blockReader) Read(p []byte) (int, error) {
	for len(b.out) == 0 {
		if b.err != nil {
			return 0, b.err
		}
		b.step()
	}
	n := copy(p, b.out)
	b.out = b.out[n:]
	return n, nil
}

// step looks at what is read ahead, and takes some of it.
func (b *blockReader) step() {
	ahead, err := b.r.Peek(b.r.Size())
	last := errors.Is(err, io.EOF)
	if err != nil && !last || len(ahead) == 0 {
		b.err = err
		return
	}
	at := bytes.Index(ahead, begin)
	if !b.inside {
		switch {
		case at < 0 && last:
			b.err = io.EOF
		case at < 0:
			b.skip(len(ahead) - len(begin) + 1)
		case b.at+int64(at) >= b.end:
			b.err = io.EOF
		default:
			b.skip(at)
			b.take(ahead[at:], len(begin), "")
			b.inside = true
		}
		return
	}
	stop := bytes.Index(ahead, end)
	switch {
	case at >= 0 && (stop < 0 || at < stop): // the block before it has no end
		b.take(ahead, at, "\n")
		b.inside = false
	case stop < 0 && last:
		b.take(ahead, len(ahead), "\n")
		b.err = io.EOF
	case stop < 0:
		b.take(ahead, len(ahead)-len(begin)+1, "")
	default:
		label := bytes.Index(ahead[stop+len(end):], dashes)
		if label < 0 && !last && stop > 0 {
			b.take(ahead, stop, "") // the next step sees more of the label
			return
		}
		size := len(ahead)
		if label >= 0 {
			size = stop + len(end) + label + len(dashes)
		}
		b.take(ahead, size, "\n")
		b.inside = false
	}
}

func (b *blockReader) take(from []byte, n int, more string) {
	b.out = append(append(b.out[:0], from[:n]...), more...)
	b.skip(n)
}

func (b *blockReader) skip(n int) {
	_, _ = b.r.Discard(n) // which is there
	b.at += int64(n)
}

// lineReader reads the lines that begin in a part of a text, the last one to its end.
type lineReader struct {
	r       *bufio.Reader
	at, end int64
	middle  bool // of a line
	out     []byte
}

// newLineReader reads from r, which stands at the octet before the part, or at the
// beginning of the text.
func newLineReader(r io.Reader, at, end int64) (*lineReader, error) {
	l := &lineReader{r: bufio.NewReaderSize(r, headSize), at: at, end: end}
	if at == 0 {
		return l, nil
	}
	for l.at, l.middle = at-1, true; l.middle; {
		if err := l.next(); err != nil {
			return nil, err
		}
	}
	l.out = nil
	return l, nil
}

func (l *lineReader) Read(p []byte) (int, error) {
	if len(l.out) == 0 {
		if !l.middle && l.at >= l.end {
			return 0, io.EOF
		}
		if err := l.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, l.out)
	l.out = l.out[n:]
	return n, nil
}

// next reads a line, or a piece of a long one.
func (l *lineReader) next() error {
	piece, err := l.r.ReadSlice('\n')
	l.out, l.at, l.middle = piece, l.at+int64(len(piece)), !bytes.HasSuffix(piece, []byte{'\n'})
	if len(piece) > 0 {
		return nil
	}
	return err
}
