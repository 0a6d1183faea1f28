package sst

import (
	"errors"

	"github.com/smimechain/smimechain/lint/say"
)

// The reasons of a [FormatError], to be told apart with [errors.Is].
var (
	errHeader            = say.Errorf("not a serialized certificate store")
	ErrMissingEnd        = say.Errorf("end marker is missing")
	errNonzeroEnd        = say.Errorf("end marker is not all zero")
	errTrailingData      = say.Errorf("data after the end")
	ErrTruncated         = say.Errorf("truncated")
	errOrphanProperties  = say.Errorf("properties belong to no element")
	errEncodingType      = say.Errorf("encoding type is not 1")
	errPropertyID        = say.Errorf("property id is above 0xffff")
	errDuplicateProperty = say.Errorf("property occurs twice in one element")
	errEmptyContext      = say.Errorf("element is empty")
	errTrailingDER       = say.Errorf("element has data after its DER value")
	errNotDER            = say.Errorf("element is not a DER SEQUENCE")
	errLimit             = say.Errorf("limit exceeded")
	errBase64            = say.Errorf("malformed base64 text")
	errRegistryText      = say.Errorf("malformed registry export")
	errValue             = say.Errorf("malformed value")
	errKind              = say.Errorf("wrong kind of element")
)

// A FormatError says what is wrong with an input and where. All failures of
// parsing in this package have this type. Its text holds no bytes of the input.
type FormatError struct {
	// Offset counts bytes from the start of the input. It is where the record
	// starts that is wrong; for accessors of [Property], it counts from the
	// start of the value. For base64 text whose encoding is sound, it counts
	// bytes of the store and not of the text.
	Offset int64

	// Line is the line of a registry export, from 1, and 0 elsewhere.
	Line int

	// ID is the id of the record, and 0 when there is no record to name.
	ID uint32

	// Claimed is the length that a record claims and Remaining what there is.
	// They are set when a record or a value is cut short, and for a limit,
	// where Remaining is the limit.
	Claimed, Remaining int64

	// Hint is a guess at what happened to the input.
	Hint Hint

	// Err is the reason: an error of this package, one that wraps it, or an error
	// of crypto/x509.
	Err error
}

// Error returns a text such as
//
//	sst: offset 0x1f4: record 32 claims 123 bytes, 40 remain: truncated
func (e *FormatError) Error() string { return e.Sentence().String() }

// Sentence returns what Error says, to be said in another language.
func (e *FormatError) Sentence() say.Message {
	m := say.New("malformed")
	if e.Err != nil {
		m = say.New("%v", e.Err)
	}
	if e.Hint != noHint {
		m = say.New("%s (%s)", m, e.Hint)
	}
	switch {
	case errors.Is(e.Err, errLimit):
		m = say.New("%d is over the limit of %d: %s", e.Claimed, e.Remaining, m)
	case e.Err == errShortRecord:
		m = say.New("record header takes %s, %d remain: %s", say.Count(e.Claimed, "1 byte", "%d bytes"), e.Remaining, m)
	case e.Err == ErrTruncated:
		m = say.New("record %d claims %s, %d remain: %s", e.ID, say.Count(e.Claimed, "1 byte", "%d bytes"), e.Remaining, m)
	case e.ID != 0:
		m = say.New("record %d: %s", e.ID, m)
	}
	m = say.New("offset 0x%x: %s", e.Offset, m)
	if e.Line > 0 {
		m = say.New("line %d: %s", e.Line, m)
	}
	return say.New("sst: %s", m)
}

// Unwrap returns e.Err.
func (e *FormatError) Unwrap() error { return e.Err }

var (
	errShortHeader = wrapped{errHeader, "shorter than the header of a store"}
	errShortRecord = wrapped{ErrTruncated, "truncated record header"}

	errMaxSize        = wrapped{errLimit, "Options.MaxSize"}
	errMaxValue       = wrapped{errLimit, "Options.MaxValue"}
	errMaxElements    = wrapped{errLimit, "Options.MaxElements"}
	errMaxProperties  = wrapped{errLimit, "Options.MaxProperties"}
	errMaxElementSize = wrapped{errLimit, "Options.MaxElementSize"}
)

// wrapped is an error with a text of its own that is another error to
// errors.Is.
type wrapped struct {
	err  error
	text say.Text
}

func (w wrapped) Error() string         { return string(w.text) }
func (w wrapped) Sentence() say.Message { return say.New(w.text) }
func (w wrapped) Unwrap() error         { return w.err }
