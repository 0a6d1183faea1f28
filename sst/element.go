package sst

import (
	"bytes"
	"slices"
)

// ParseElement reads one element without the header and the end marker of a
// store: what CertSerializeCertificateStoreElement and .NET's SerializedCert
// write, the Blob values under SystemCertificates in the registry, and the
// files under SystemCertificates\My\Certificates. It is as strict as [Parse].
// The result aliases data. Every error is a [*FormatError].
func ParseElement(data []byte) (*Element, error) { return (*Options)(nil).ParseElement(data) }

// ParseElement is like the function [ParseElement] with the leniencies and
// limits of o, which may be nil. AllowMissingEnd, AllowNonzeroEnd,
// AllowTrailingData and AllowOrphanProperties have no meaning here. What the
// others let through is not listed.
func (o *Options) ParseElement(data []byte) (*Element, error) {
	opts := o.resolved()
	opts.AllowMissingEnd, opts.AllowOrphanProperties = false, false
	if int64(len(data)) > opts.MaxSize {
		return nil, &FormatError{Err: errMaxSize, Claimed: int64(len(data)), Remaining: opts.MaxSize}
	}
	p := newParser(data, 0, int64(len(data)), &opts)
	if len(data) < recordSize {
		return nil, elementHint(&FormatError{Err: errShortRecord, Claimed: recordSize, Remaining: int64(len(data))}, p, data)
	}
	if string(data[:4]) == endMarker[:4] {
		return nil, elementHint(&FormatError{Err: errNoElement}, p, data)
	}
	e := new(Element)
	next, _, err := p.element(e, 0)
	if err == nil && next < len(data) {
		err = &FormatError{Offset: int64(next), Err: errTrailingData}
	}
	if err != nil {
		return nil, elementHint(err, p, data)
	}
	return e, nil
}

var errNoElement = wrapped{errHeader, "not a serialized element"}

func elementHint(err *FormatError, p *parser, data []byte) *FormatError {
	if len(data) >= headerSize && string(data[:headerSize]) == storeHeader {
		err.Hint = hintStore
	} else if !looksLikeRecord(data) {
		err.Hint = hintOther(data)
	}
	return p.explain(err, data, 0)
}

// Clone returns a copy of the element that shares no memory with it.
func (e *Element) Clone() *Element {
	c := *e
	c.Raw = bytes.Clone(e.Raw)
	c.Properties = slices.Clone(e.Properties)
	for i := range c.Properties {
		c.Properties[i].Value = bytes.Clone(c.Properties[i].Value)
	}
	return &c
}
