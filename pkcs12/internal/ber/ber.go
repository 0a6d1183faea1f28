// Package ber reads the Basic Encoding Rules of ASN.1 (ITU-T X.690, clause 8)
// as far as PKCS #12 and PKCS #7 files need them: indefinite lengths,
// constructed strings and lengths that are longer than they need to be, beside
// everything that the Distinguished Encoding Rules allow.
//
// A [Reader] walks over the elements of one level and an [Element] hands out a
// Reader for the level below. Nothing is converted: an element keeps its octets
// as they are in the input, because signatures, certificate fingerprints and
// the MAC of a PFX are computed over exactly those.
//
// Every length is checked against what is left before it is used. Levels are
// counted across nested readers, and more than [MaxDepth] is an error. The
// values of primitive types are read tolerantly: an INTEGER may have superfluous
// leading octets. Character strings and times are not interpreted.
package ber

import (
	"bytes"
	"fmt"
	"math"
	"math/big"
	"strconv"

	"github.com/smimechain/smimechain/lint/say"
)

// MaxDepth is the number of levels that readers go down into one input.
const MaxDepth = 32

// maxIntegerSize is the length in octets of the longest INTEGER that is read as
// a number. The moduli of the largest RSA keys in use have 2049.
const maxIntegerSize = 1 << 13

// The classes of a tag. X.690, clause 8.1.2.2.
const (
	Universal       = 0
	Application     = 1
	ContextSpecific = 2
	Private         = 3
)

// Tag numbers of the universal class.
const (
	Boolean          = 1
	Integer          = 2
	BitString        = 3
	OctetString      = 4
	Null             = 5
	ObjectIdentifier = 6
	UTF8String       = 12
	Sequence         = 16
	Set              = 17
	PrintableString  = 19
	T61String        = 20
	IA5String        = 22
	UTCTime          = 23
	GeneralizedTime  = 24
	BMPString        = 30
)

// An Error is a place where the input is not BER, or not the type that the
// caller expects there. It holds no octets of the input.
type Error struct {
	Offset    int // octets from the start of the data that New was given
	Problem   say.Message
	Truncated bool // the input ends inside an element
}

// Error says where and what, and holds no octets of the input.
func (e *Error) Error() string { return e.Sentence().String() }

// Sentence returns what Error says, to be said in another language.
func (e *Error) Sentence() say.Message { return say.New("offset 0x%x: %s", e.Offset, e.Problem) }

// A Form collects where an input departs from DER.
type Form struct {
	Indefinite bool // an element of indefinite length
	Segmented  bool // a string in several parts
	LongLength bool // a length in more octets than it needs

	// Missing is set by a clipping reader: the number of octets that the
	// input lacks at its end, -1 if an element of indefinite length is open.
	Missing int
}

// DER reports whether nothing outside DER was seen in the headers read so far.
func (f Form) DER() bool { return !f.Indefinite && !f.Segmented && !f.LongLength }

// A Reader reads the elements of one level, in order.
type Reader struct {
	data  []byte
	pos   int
	base  int // offset of data[0]
	depth int
	form  *Form
	clip  bool
}

// New returns a Reader for data, which it does not copy. What it notices about
// the form of the encoding, here and in the levels below, goes to form, which
// may be nil.
func New(data []byte, form *Form) *Reader {
	if form == nil {
		form = new(Form)
	}
	return &Reader{data: data, form: form}
}

// NewClipping is New for an input whose end may be missing: elements that go on
// after the end are cut off there, and form says how much is missing.
func NewClipping(data []byte, form *Form) *Reader {
	r := New(data, form)
	r.clip = true
	return r
}

// Empty reports whether all elements of this level have been read.
func (r *Reader) Empty() bool { return r.pos >= len(r.data) }

// Rest returns what has not been read yet.
func (r *Reader) Rest() []byte { return r.data[r.pos:] }

// Offset returns the position of the next element.
func (r *Reader) Offset() int { return r.base + r.pos }

func (r *Reader) errorf(format say.Text, args ...any) error {
	return &Error{Offset: r.Offset(), Problem: say.New(format, args...)}
}

// An Element is one tag, length and value.
type Element struct {
	Class       int
	Tag         int
	Constructed bool
	Offset      int    // of the first octet of Raw
	Raw         []byte // everything, with header and end-of-contents octets
	Content     []byte // without them

	header int // octets before Content
	depth  int
	form   *Form
	clip   bool
}

// Is reports whether e has the given class and tag number.
func (e Element) Is(class, tag int) bool { return e.Class == class && e.Tag == tag }

func (e Element) errorf(format say.Text, args ...any) error {
	return &Error{Offset: e.Offset, Problem: say.New(format, args...)}
}

type header struct {
	class, tag  int
	constructed bool
	indefinite  bool
	long        bool // more length octets than necessary
	size        int  // octets of the header
	length      int  // octets of the content, when definite
	past        int  // how many of them are past the end
}

// maxTag is far above what any of the formats uses.
const maxTag = 1<<28 - 1

// readHeader reads the identifier and length octets at the start of b.
func readHeader(b []byte) (h header, problem say.Text, truncated bool) {
	if len(b) < 2 {
		return h, "the input ends inside a header", true
	}
	h.class = int(b[0] >> 6)
	h.constructed = b[0]&0x20 != 0
	h.tag = int(b[0] & 0x1f)
	i := 1
	if h.tag == 0x1f {
		h.tag = 0
		for {
			if i >= len(b) {
				return h, "the input ends inside a tag", true
			}
			c := b[i]
			i++
			h.tag = h.tag<<7 | int(c&0x7f)
			if h.tag > maxTag {
				return h, "tag number too large", false
			}
			if c&0x80 == 0 {
				break
			}
		}
		if i >= len(b) {
			return h, "the input ends inside a header", true
		}
	}
	c := b[i]
	i++
	switch {
	case c < 0x80:
		h.length = int(c)
	case c == 0x80:
		if !h.constructed {
			return h, "primitive element of indefinite length", false
		}
		h.indefinite = true
	case c == 0xff:
		return h, "reserved length octet", false
	default:
		n := int(c & 0x7f)
		if len(b)-i < n {
			return h, "the input ends inside a length", true
		}
		digits := b[i : i+n]
		i += n
		short := bytes.TrimLeft(digits, "\x00")
		if len(short) > 4 {
			return h, "element is larger than any input", false
		}
		var v uint64
		for _, d := range short {
			v = v<<8 | uint64(d)
		}
		if v > math.MaxInt32 {
			return h, "element is larger than any input", false
		}
		h.length = int(v)
		h.long = len(short) != n || v < 0x80
	}
	h.size = i
	h.past = max(h.length-(len(b)-i), 0)
	return h, "", false
}

// Next reads one element. At the end of the level it is an error: ask Empty.
func (r *Reader) Next() (Element, error) {
	b := r.data[r.pos:]
	h, problem, truncated := readHeader(b)
	if problem != "" {
		return Element{}, r.fail(0, say.New(problem), truncated)
	}
	if h.past > 0 {
		if !r.clip {
			return Element{}, r.failPast(0, h)
		}
		r.form.Missing = max(r.form.Missing, h.past)
		h.length -= h.past
	}
	if h.class == Universal && h.tag == 0 {
		return Element{}, r.errorf("end-of-contents octets without an element of indefinite length")
	}
	if h.long {
		r.form.LongLength = true
	}
	e := Element{
		Class: h.class, Tag: h.tag, Constructed: h.constructed,
		Offset: r.Offset(), header: h.size, depth: r.depth, form: r.form, clip: r.clip,
	}
	size := h.size + h.length
	if h.indefinite {
		r.form.Indefinite = true
		n, end, err := r.findEnd(h.size)
		if err != nil {
			return Element{}, err
		}
		e.Content = b[h.size:n]
		size = end
	} else {
		e.Content = b[h.size:size]
	}
	e.Raw = b[:size]
	r.pos += size
	return e, nil
}

func (r *Reader) failPast(at int, h header) error {
	return r.fail(at, say.New("the element ends %s after the data around it", say.Count(h.past, "1 octet", "%d octets")), true)
}

func (r *Reader) fail(at int, problem say.Message, truncated bool) error {
	return &Error{Offset: r.Offset() + at, Problem: problem, Truncated: truncated}
}

// findEnd returns the indices, from the current position, of the
// end-of-contents octets that close the element of indefinite length whose
// content starts at i, and of what follows them. Elements of definite length
// are stepped over, so one pass suffices.
func (r *Reader) findEnd(i int) (content, end int, err error) {
	b := r.data[r.pos:]
	for open := 1; ; {
		h, problem, truncated := readHeader(b[i:])
		if r.clip && (truncated || h.past > 0) {
			r.form.Missing = -1
			return len(b), len(b), nil
		}
		if problem != "" {
			return 0, 0, r.fail(i, say.New(problem), truncated)
		}
		if h.past > 0 {
			return 0, 0, r.failPast(i, h)
		}
		switch {
		case h.class == Universal && h.tag == 0:
			if h.size != 2 || h.length != 0 || h.constructed {
				return 0, 0, r.fail(i, say.New("malformed end-of-contents octets"), false)
			}
			open--
			if open == 0 {
				return i, i + 2, nil
			}
			i += 2
		case h.indefinite:
			open++
			if r.depth+open > MaxDepth {
				return 0, 0, r.fail(i, say.New("more than %d levels", MaxDepth), false)
			}
			i += h.size
		default:
			i += h.size + h.length
		}
	}
}

// Expect reads one element and checks its class and tag number.
func (r *Reader) Expect(class, tag int) (Element, error) {
	if r.Empty() {
		return Element{}, r.errorf("%s is missing", tagName(class, tag))
	}
	start := *r
	e, err := r.Next()
	if err != nil {
		return Element{}, err
	}
	if !e.Is(class, tag) {
		*r = start
		return Element{}, r.errorf("found %s where %s belongs", tagName(e.Class, e.Tag), tagName(class, tag))
	}
	return e, nil
}

// Optional is Expect for an element that may be absent. It reports whether the
// element is there, and leaves any other one to be read.
func (r *Reader) Optional(class, tag int) (Element, bool, error) {
	if r.Empty() {
		return Element{}, false, nil
	}
	start := *r
	e, err := r.Next()
	if err != nil {
		return Element{}, false, err
	}
	if !e.Is(class, tag) {
		*r = start
		return Element{}, false, nil
	}
	return e, true, nil
}

// Sequence reads a SEQUENCE and returns the Reader for what is inside.
func (r *Reader) Sequence() (*Reader, error) { return r.Inside(Universal, Sequence) }

// Inside reads a constructed element of the given class and tag number and
// returns the Reader for what is inside.
func (r *Reader) Inside(class, tag int) (*Reader, error) {
	e, err := r.Expect(class, tag)
	if err != nil {
		return nil, err
	}
	return e.Inside()
}

// End is an error unless all elements of this level have been read.
func (r *Reader) End() error {
	if !r.Empty() {
		return r.errorf("%s after the last element", say.Count(len(r.data)-r.pos, "1 byte", "%d bytes"))
	}
	return nil
}

// Inside returns the Reader for the elements in e, which must be constructed.
func (e Element) Inside() (*Reader, error) {
	if !e.Constructed {
		return nil, e.errorf("%s is not constructed", tagName(e.Class, e.Tag))
	}
	if e.depth+1 >= MaxDepth {
		return nil, e.errorf("more than %d levels", MaxDepth)
	}
	return &Reader{data: e.Content, base: e.Offset + e.header, depth: e.depth + 1, form: e.form, clip: e.clip}, nil
}

// Octets returns the value of a string type, universal or with an implicit tag:
// the content of a primitive element, or the contents of the segments of a
// constructed one, joined. X.690, clause 8.7.3. The result aliases the input
// where it lies there in one piece.
func (e Element) Octets() ([]byte, error) {
	if !e.Constructed {
		return e.Content, nil
	}
	e.form.Segmented = true
	segments, err := e.segments(nil)
	if err != nil {
		return nil, err
	}
	if len(segments) == 1 {
		return segments[0], nil
	}
	return bytes.Join(segments, nil), nil
}

func (e Element) segments(list [][]byte) ([][]byte, error) {
	r, err := e.Inside()
	if err != nil {
		return nil, err
	}
	for !r.Empty() {
		s, err := r.Expect(Universal, OctetString)
		if err != nil {
			return nil, err
		}
		if !s.Constructed {
			list = append(list, s.Content)
			continue
		}
		if list, err = s.segments(list); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// WellFormed is an error if e is of a universal type that has one form only, BOOLEAN,
// NULL, INTEGER or OBJECT IDENTIFIER, and does not have it.
func (e Element) WellFormed() error {
	if e.Class != Universal {
		return nil
	}
	var err error
	switch e.Tag {
	case Boolean, Null:
		if size := len(e.Content); e.Constructed || size != 1 && e.Tag == Boolean || size != 0 && e.Tag == Null {
			return e.errorf("malformed %s", tagName(e.Class, e.Tag))
		}
	case Integer:
		_, err = e.Int()
	case ObjectIdentifier:
		_, err = e.OID()
	}
	return err
}

// Int returns the value of an INTEGER of any sign and size.
func (e Element) Int() (*big.Int, error) {
	if e.Constructed {
		return nil, e.errorf("%s is constructed", tagName(e.Class, e.Tag))
	}
	if len(e.Content) == 0 {
		return nil, e.errorf("INTEGER without octets")
	}
	if len(e.Content) > maxIntegerSize {
		return nil, e.errorf("INTEGER of more than %d octets", maxIntegerSize)
	}
	v := new(big.Int).SetBytes(e.Content)
	if e.Content[0]&0x80 != 0 {
		v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(len(e.Content))*8))
	}
	return v, nil
}

// maxOIDSize is the length in octets of the longest OBJECT IDENTIFIER read.
const maxOIDSize = 128

// OID returns the value of an OBJECT IDENTIFIER in dotted decimal form, which
// has no upper limit for a single number. Each number must be in as few octets as
// it needs (X.690, clause 8.19.2).
func (e Element) OID() (string, error) {
	if !e.Is(Universal, ObjectIdentifier) || e.Constructed {
		return "", e.errorf("found %s where OBJECT IDENTIFIER belongs", tagName(e.Class, e.Tag))
	}
	b := e.Content
	if len(b) == 0 || len(b) > maxOIDSize || b[len(b)-1]&0x80 != 0 {
		return "", e.errorf("malformed OBJECT IDENTIFIER")
	}
	for i, c := range b {
		if c == 0x80 && (i == 0 || b[i-1]&0x80 == 0) {
			return "", e.errorf("malformed OBJECT IDENTIFIER")
		}
	}
	var text []byte
	arc, wide := uint64(0), (*big.Int)(nil)
	for _, c := range b {
		if wide == nil && arc > 1<<56 {
			wide = new(big.Int).SetUint64(arc)
		}
		if wide != nil {
			wide.Or(wide.Lsh(wide, 7), big.NewInt(int64(c&0x7f)))
		} else {
			arc = arc<<7 | uint64(c&0x7f)
		}
		if c&0x80 != 0 {
			continue
		}
		if len(text) == 0 {
			root := min(arc/40, 2)
			if wide != nil {
				root = 2
				wide.Sub(wide, big.NewInt(80))
			}
			text = strconv.AppendUint(text, root, 10)
			arc -= root * 40
		}
		text = append(text, '.')
		if wide != nil {
			text = wide.Append(text, 10)
		} else {
			text = strconv.AppendUint(text, arc, 10)
		}
		arc, wide = 0, nil
	}
	return string(text), nil
}

// OID reads an OBJECT IDENTIFIER.
func (r *Reader) OID() (string, error) {
	e, err := r.Expect(Universal, ObjectIdentifier)
	if err != nil {
		return "", err
	}
	return e.OID()
}

// Int reads an INTEGER.
func (r *Reader) Int() (*big.Int, error) {
	e, err := r.Expect(Universal, Integer)
	if err != nil {
		return nil, err
	}
	return e.Int()
}

// Octets reads an OCTET STRING.
func (r *Reader) Octets() ([]byte, error) {
	e, err := r.Expect(Universal, OctetString)
	if err != nil {
		return nil, err
	}
	return e.Octets()
}

func tagName(class, tag int) string {
	switch class {
	case ContextSpecific:
		return fmt.Sprintf("[%d]", tag)
	case Application:
		return fmt.Sprintf("[APPLICATION %d]", tag)
	case Private:
		return fmt.Sprintf("[PRIVATE %d]", tag)
	}
	switch tag {
	case Boolean:
		return "BOOLEAN"
	case Integer:
		return "INTEGER"
	case BitString:
		return "BIT STRING"
	case OctetString:
		return "OCTET STRING"
	case Null:
		return "NULL"
	case ObjectIdentifier:
		return "OBJECT IDENTIFIER"
	case UTF8String:
		return "UTF8String"
	case Sequence:
		return "SEQUENCE"
	case Set:
		return "SET"
	case PrintableString:
		return "PrintableString"
	case IA5String:
		return "IA5String"
	case BMPString:
		return "BMPString"
	}
	return fmt.Sprintf("[UNIVERSAL %d]", tag)
}
