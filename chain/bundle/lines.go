package bundle

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"iter"

	"github.com/smimechain/smimechain/lint/say"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Lines returns what stands in the lines of r, a stream of any length: a file in base64
// on each, such as a certificate, a PFX or a store. A line that begins with -----BEGIN is
// the first of a block of PEM (RFC 7468), which is a file too, up to the line with its
// END; behind the first such block, text that stands between blocks is passed over. Each
// other line gives one file, also where it is empty or no base64: then Read gives an
// [*UnrecognizedError], and beyond Limits.Size an error that wraps [ErrTooLarge].
//
// The octets are read as those of a file in binary: base64, and PEM around a certificate,
// stand for the transport. Name is their SHA-256 in hexadecimal digits, or that of the text
// where it is none, so that a file has one name wherever in a stream it stands; a place in
// the stream is for the caller to count. Text may be UTF-8, or UTF-16 behind a byte order
// mark.
//
// An error of r ends the loop: it comes without a Read, behind the last whole line, and so
// does the end of the context. One line at a time is held, besides those that the caller
// holds.
func (o *Options) Lines(ctx context.Context, r io.Reader) iter.Seq2[Source, error] {
	if o == nil {
		o = new(Options)
	}
	return func(yield func(Source, error) bool) {
		limit := min(o.Limits.withDefaults().Size, 1<<30) // or the sum below might be too large for an int
		l := &lineReader{
			limit: limit/3*4 + 4 + limit/32, // base64, with the line breaks of PEM
			r:     bufio.NewReaderSize(transform.NewReader(untilDone{ctx, r}, unicode.BOMOverride(transform.Nop)), 1<<16),
		}
		for {
			entry, err := l.entry()
			if err == nil && !yield(o.ofEntry(entry), nil) || errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Source{}, err)
				return
			}
		}
	}
}

// entry is a line, or the lines of a block of PEM.
type entry struct {
	text     []byte
	block    bool
	tooLarge bool // text is the beginning
}

// lineReader takes text apart.
type lineReader struct {
	r      *bufio.Reader
	limit  int
	next   *entry // a line that was read and belongs to no block before it
	blocks bool   // there has been one
}

// entry returns the next one, or the error of the reader, io.EOF at its end.
func (l *lineReader) entry() (entry, error) {
	for {
		line, err := l.line()
		switch {
		case err != nil:
			return entry{}, err
		case !bytes.HasPrefix(line.text, pemBegin):
			if !l.blocks {
				return line, nil
			}
			continue
		}
		l.blocks = true
		return l.block(line)
	}
}

// block reads on to the END of a block, or to where the next one begins.
func (l *lineReader) block(e entry) (entry, error) {
	end := []byte("-----END ")
	e.block = true
	for line := e; !bytes.Contains(line.text, end); {
		var err error
		if line, err = l.line(); errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return entry{}, err
		}
		if bytes.HasPrefix(line.text, pemBegin) {
			l.next = &line
			break
		}
		if e.tooLarge = e.tooLarge || line.tooLarge || len(e.text)+len(line.text) >= l.limit; !e.tooLarge {
			e.text = append(append(e.text, '\n'), line.text...)
		}
	}
	return e, nil
}

// line reads a line, without white space at its ends.
func (l *lineReader) line() (entry, error) {
	if l.next != nil {
		line := *l.next
		l.next = nil
		return line, nil
	}
	var e entry
	for read := false; ; read = true {
		piece, err := l.r.ReadSlice('\n')
		if e.tooLarge = e.tooLarge || len(e.text)+len(piece) > l.limit; !e.tooLarge {
			e.text = append(e.text, piece...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && (read || len(piece) > 0), err == nil:
			e.text = bytes.TrimSpace(e.text)
			return e, nil
		}
		return entry{}, err
	}
}

// ofEntry makes a file of an entry.
func (o *Options) ofEntry(e entry) Source {
	data, why := e.octets()
	sum := sha256.Sum256(data)
	name := hex.EncodeToString(sum[:])
	switch {
	case e.tooLarge:
		err := say.Errorf("%s: %w: more than %d bytes", name, ErrTooLarge, o.Limits.withDefaults().Size)
		return Source{Name: name, Read: func(context.Context) (*File, error) { return nil, err }}
	case why != "":
		return Source{Name: name, Read: func(context.Context) (*File, error) { return nil, &UnrecognizedError{Name: name, Why: why} }}
	}
	s := o.Source(name, data)
	read := s.Read
	s.Read = func(ctx context.Context) (*File, error) {
		f, err := read(ctx)
		if err == nil {
			f.Inner = true
		}
		return f, err
	}
	return s
}

// octets returns what is to be read, or the text and why there is nothing.
func (e *entry) octets() (data []byte, why say.Text) {
	switch {
	case e.tooLarge:
		return e.text, ""
	case e.block:
		label, _ := pemLabel(e.text[len(pemBegin):])
		if isCertificateLabel(label) {
			if der, err := decodeBlock(e.text); err == nil {
				return ofLabel(label, der), ""
			}
		}
		return e.text, ""
	case len(e.text) == 0:
		return e.text, "the line is empty"
	}
	if der, ok := (&reading{ctx: context.Background()}).decodeBase64(e.text); ok {
		return der, ""
	}
	return e.text, "the line is no base64"
}
