package sst

import (
	"encoding/binary"
	"errors"
	"io"
	"iter"

	"github.com/smimechain/smimechain/lint/say"
)

// windowSize is how much of the store a Reader holds, unless one element is
// larger.
const windowSize = 256 << 10

// A Reader reads a store of any size through an [io.ReaderAt], such as an
// os.File, and holds only a window of it. For random access to a large file, a
// mapping from golang.org/x/exp/mmap will do as well; such a mapping counts as
// resident memory, and a mapped file that another process cuts short ends this
// one with SIGBUS.
//
// The strictness is that of [Options.Parse]; of the limits, only MaxValue,
// MaxProperties and MaxElementSize apply. What a leniency lets through is not
// listed. Base64 text is not read. A Reader may be used from several goroutines
// if its io.ReaderAt may.
type Reader struct {
	r    io.ReaderAt
	size int64
	opts Options
}

// NewReader returns a Reader for a store of the given size, of which it reads
// the header. Options may be nil. The error is a [*FormatError] unless reading
// fails; then it wraps the error of r.
func NewReader(r io.ReaderAt, size int64, opts *Options) (*Reader, error) {
	rd := &Reader{r: r, size: size, opts: opts.resolved()}
	head := make([]byte, max(min(size, 4096), 0))
	if err := rd.readAt(head, 0); err != nil {
		return nil, err
	}
	if err := checkHeader(head); err != nil {
		tail := make([]byte, min(max(size, 0), 8))
		if rd.readAt(tail, size-int64(len(tail))) == nil && hintOther(tail) == hintRocksDB {
			err.Hint = hintRocksDB
		}
		return nil, err
	}
	return rd, nil
}

var errShrunk = wrapped{ErrTruncated, "input is shorter than its size says"}

// readAt fills b from off.
func (r *Reader) readAt(b []byte, off int64) error {
	if len(b) == 0 {
		return nil
	}
	n, err := r.r.ReadAt(b, off)
	switch {
	case n == len(b):
		return nil
	case err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return &FormatError{Offset: off + int64(n), Err: errShrunk}
	}
	return say.Errorf("sst: read at offset %#x: %w", off, err)
}

// Elements returns the elements in the order of the file. An element and all
// its slices are valid until the next step only: see [Element.Clone]. The
// sequence ends after the first error, with a nil element; it is a
// [*FormatError] unless reading fails. Elements before it are good, so that what
// is left of a damaged store can be read.
func (r *Reader) Elements() iter.Seq2[*Element, error] {
	return func(yield func(*Element, error) bool) {
		w := window{r: r}
		p := newParser(nil, 0, r.size, &r.opts)
		e := new(Element)
		for off := int64(headerSize); ; {
			if err := w.load(off); err != nil {
				yield(nil, err)
				return
			}
			p.data, p.base = w.buf, w.base
			p.arena, p.faults = p.arena[:0], nil
			*e = Element{}
			next, more, err := p.element(e, int(off-w.base))
			if err != nil {
				yield(nil, r.explain(p, err))
				return
			}
			if !more || !yield(e, nil) {
				return
			}
			off = w.base + int64(next)
		}
	}
}

// explain adds a hint to an error, from the bytes around it.
func (r *Reader) explain(p *parser, err *FormatError) *FormatError {
	const around = 64 << 10
	from := max(err.Offset-around, headerSize)
	b := make([]byte, max(min(err.Offset+around, r.size)-from, 0))
	if r.readAt(b, from) != nil {
		return err
	}
	return p.explain(err, b, from)
}

// A window is the part of a store that is in memory.
type window struct {
	r    *Reader
	base int64
	buf  []byte
}

// load makes the window hold the element at off, as far as its lengths can be
// true: what is wrong with them is for the parser to say.
func (w *window) load(off int64) error {
	o := &w.r.opts
	at := off
	for props := 0; ; props++ {
		if err := w.fill(off, min(at+recordSize, w.r.size)); err != nil {
			return err
		}
		left := w.r.size - at
		if left < recordSize {
			return nil
		}
		h := w.buf[at-w.base:]
		id := binary.LittleEndian.Uint32(h)
		n := int64(binary.LittleEndian.Uint32(h[8:]))
		if id == 0 || n > left-recordSize || n > o.MaxValue || props > o.MaxProperties {
			return nil
		}
		at += recordSize + n
		if at-off > o.MaxElementSize {
			return &FormatError{Offset: off, Err: errMaxElementSize, Claimed: at - off, Remaining: o.MaxElementSize}
		}
		if err := w.fill(off, at); err != nil {
			return err
		}
		if id >= firstElementID && id <= lastElementID {
			return nil
		}
	}
}

// fill makes the window hold the bytes from off to end. Bytes before off are
// given up when it has to read.
func (w *window) fill(off, end int64) error {
	if end <= w.base+int64(len(w.buf)) {
		return nil
	}
	have := w.buf[min(off-w.base, int64(len(w.buf))):]
	want := min(max(end-off, windowSize), w.r.size-off)
	buf := w.buf[:0]
	if int64(cap(buf)) < want {
		buf = make([]byte, 0, max(want, 2*int64(len(have))))
	}
	n := len(have)
	buf = buf[:want]
	copy(buf, have)
	if err := w.r.readAt(buf[n:], off+int64(n)); err != nil {
		return err
	}
	w.base, w.buf = off, buf
	return nil
}
