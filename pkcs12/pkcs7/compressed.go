package pkcs7

import (
	"bytes"
	"compress/zlib"
	"io"

	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/internal/ber"
)

const oidZlib = "1.2.840.113549.1.9.16.3.8"

// ErrTooLarge says that what was compressed is larger than the caller takes.
var ErrTooLarge = say.Errorf("what was compressed is too large")

// Decompress returns what a message of type CompressedData holds (RFC 3274), in the
// forms that [Parse] takes, if that has at most limit octets: otherwise the error wraps
// [ErrTooLarge]. Every other error is a [*FormatError] or, for other types, an
// [*ContentTypeError]. It is safe for concurrent use.
func Decompress(data []byte, limit int) ([]byte, error) {
	contentType, content, err := open(data)
	if err != nil {
		return nil, err
	}
	if contentType != oidCompressed {
		return nil, &ContentTypeError{contentType, "CompressedData"}
	}
	packed, err := compressed(content)
	if err != nil {
		return nil, formatError(err)
	}
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, formatError(say.Errorf("what is compressed is damaged"))
	}
	out, err := io.ReadAll(io.LimitReader(z, int64(limit)+1))
	switch {
	case len(out) > limit:
		return nil, say.Errorf("%w: more than %d octets", ErrTooLarge, limit)
	case err != nil:
		return nil, formatError(say.Errorf("what is compressed is damaged"))
	}
	return out, nil
}

// compressed returns the octets that are compressed.
//
//	CompressedData ::= SEQUENCE {
//	    version               INTEGER,
//	    compressionAlgorithm  AlgorithmIdentifier,
//	    encapContentInfo      SEQUENCE { OBJECT IDENTIFIER, [0] EXPLICIT OCTET STRING } }
func compressed(content *ber.Reader) ([]byte, error) {
	r, err := content.Sequence()
	if err != nil {
		return nil, err
	}
	if _, err := r.Int(); err != nil {
		return nil, err
	}
	how, err := algorithm(r)
	if err != nil {
		return nil, err
	}
	if how.OID != oidZlib {
		return nil, say.Errorf("compressed with %s, which is not known here", how)
	}
	info, err := r.Sequence()
	if err != nil {
		return nil, err
	}
	if _, err := info.OID(); err != nil {
		return nil, err
	}
	value, err := info.Inside(ber.ContextSpecific, 0)
	if err != nil {
		return nil, err
	}
	return value.Octets()
}
