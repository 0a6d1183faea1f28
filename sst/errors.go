package sst

import (
	"errors"
	"strconv"
	"strings"
)

// The reasons of a [FormatError], to be told apart with [errors.Is].
var (
	ErrHeader            = errors.New("not a serialized certificate store")
	ErrMissingEnd        = errors.New("end marker is missing")
	ErrNonzeroEnd        = errors.New("end marker is not all zero")
	ErrTrailingData      = errors.New("data after the end")
	ErrTruncated         = errors.New("truncated")
	ErrOrphanProperties  = errors.New("properties belong to no element")
	ErrEncodingType      = errors.New("encoding type is not 1")
	ErrPropertyID        = errors.New("property id is above 0xffff")
	ErrDuplicateProperty = errors.New("property occurs twice in one element")
	ErrEmptyContext      = errors.New("element is empty")
	ErrTrailingDER       = errors.New("element has data after its DER value")
	ErrNotDER            = errors.New("element is not a DER SEQUENCE")
	ErrLimit             = errors.New("limit exceeded")
	ErrBase64            = errors.New("malformed base64 text")
	ErrRegistryText      = errors.New("malformed registry export")
	ErrValue             = errors.New("malformed value")
	ErrKind              = errors.New("wrong kind of element")
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
	// They are set when a record or a value is cut short, and for [ErrLimit],
	// where Remaining is the limit.
	Claimed, Remaining int64

	// Hint is a guess at what happened to the input.
	Hint Hint

	// Err is the reason: an Err… variable of this package, an error that wraps
	// one, or an error of crypto/x509.
	Err error
}

// Error returns a text such as
//
//	sst: offset 0x1f4: record 32 claims 123 bytes, 40 remain: truncated
func (e *FormatError) Error() string {
	var b strings.Builder
	b.WriteString("sst: ")
	if e.Line > 0 {
		b.WriteString("line " + strconv.Itoa(e.Line) + ": ")
	}
	b.WriteString("offset 0x" + strconv.FormatInt(e.Offset, 16) + ": ")
	claimed, remaining := strconv.FormatInt(e.Claimed, 10), strconv.FormatInt(e.Remaining, 10)
	switch {
	case errors.Is(e.Err, ErrLimit):
		b.WriteString(claimed + " is over the limit of " + remaining + ": ")
	case e.Err == errShortRecord:
		b.WriteString("record header takes " + claimed + " bytes, " + remaining + " remain: ")
	case e.Err == ErrTruncated:
		b.WriteString("record " + strconv.FormatUint(uint64(e.ID), 10) + " claims " + claimed + " bytes, " + remaining + " remain: ")
	case e.ID != 0:
		b.WriteString("record " + strconv.FormatUint(uint64(e.ID), 10) + ": ")
	}
	if e.Err != nil {
		b.WriteString(e.Err.Error())
	} else {
		b.WriteString("malformed")
	}
	if e.Hint != NoHint {
		b.WriteString(" (" + e.Hint.String() + ")")
	}
	return b.String()
}

// Unwrap returns e.Err.
func (e *FormatError) Unwrap() error { return e.Err }

var (
	errShortHeader = wrapped{ErrHeader, "shorter than the header of a store"}
	errShortRecord = wrapped{ErrTruncated, "truncated record header"}

	errMaxSize        = wrapped{ErrLimit, "Options.MaxSize"}
	errMaxValue       = wrapped{ErrLimit, "Options.MaxValue"}
	errMaxElements    = wrapped{ErrLimit, "Options.MaxElements"}
	errMaxProperties  = wrapped{ErrLimit, "Options.MaxProperties"}
	errMaxElementSize = wrapped{ErrLimit, "Options.MaxElementSize"}
)

// wrapped is an error with a text of its own that is another error to
// errors.Is.
type wrapped struct {
	err  error
	text string
}

func (w wrapped) Error() string { return w.text }
func (w wrapped) Unwrap() error { return w.err }
