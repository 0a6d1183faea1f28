package sst

// The limits that apply where a field of [Options] is zero.
const (
	defaultMaxSize        = 64 << 20
	defaultMaxValue       = 1 << 20
	defaultMaxElements    = 100_000
	defaultMaxProperties  = 1_000
	defaultMaxElementSize = 16 << 20
)

// Options says how strict to be and how much to take. The zero Options, and a
// nil pointer, are strict and have the default limits.
//
// Each Allow field tolerates one violation of the format. What was tolerated is
// listed by [Store.Faults] and is written back by [Store.Marshal].
type Options struct {
	// AllowMissingEnd accepts a store that ends after a whole record, or after
	// fewer than 12 zero bytes of an end marker. Without an end marker, a
	// store that was cut between two records looks complete.
	AllowMissingEnd bool

	// AllowNonzeroEnd accepts an end marker whose last 8 bytes are not zero.
	AllowNonzeroEnd bool

	// AllowTrailingData accepts bytes after the end marker, see
	// [Store.Trailing]. They are not read, even if they look like records.
	AllowTrailingData bool

	// AllowOrphanProperties accepts properties that no element follows. They
	// become a last element of the zero Kind with ID 0.
	AllowOrphanProperties bool

	// AllowAnyEncodingType accepts other encoding types than 1.
	AllowAnyEncodingType bool

	// AllowLargePropertyIDs accepts property ids above [MaxPropID].
	AllowLargePropertyIDs bool

	// AllowDuplicateProperties accepts a property id twice in one element.
	AllowDuplicateProperties bool

	// AllowEmptyContext accepts a certificate, CRL or CTL of zero bytes.
	AllowEmptyContext bool

	// AllowTrailingDER accepts bytes after the DER value within a
	// certificate, CRL or CTL.
	AllowTrailingDER bool

	// MaxSize limits the size of the input of Parse, ParseElement and
	// ParseRegistryExport, in bytes; zero means 64 MiB. A Reader
	// takes any size.
	MaxSize int64

	// MaxValue limits the length of one property or context, in bytes; zero
	// means 1 MiB.
	MaxValue int64

	// MaxElements limits the number of elements that Parse and
	// ParseRegistryExport return; zero means 100,000. A Reader
	// takes any number.
	MaxElements int

	// MaxProperties limits the properties of one element; zero means
	// 1,000.
	MaxProperties int

	// MaxElementSize limits the bytes of one element with its properties that
	// a Reader holds in memory; zero means 16 MiB.
	MaxElementSize int64
}

// Lenient returns Options with every Allow field set and the default limits.
func Lenient() *Options {
	return &Options{
		AllowMissingEnd:          true,
		AllowNonzeroEnd:          true,
		AllowTrailingData:        true,
		AllowOrphanProperties:    true,
		AllowAnyEncodingType:     true,
		AllowLargePropertyIDs:    true,
		AllowDuplicateProperties: true,
		AllowEmptyContext:        true,
		AllowTrailingDER:         true,
	}
}

// resolved returns a copy in which every limit is set.
func (o *Options) resolved() Options {
	var r Options
	if o != nil {
		r = *o
	}
	if r.MaxSize <= 0 {
		r.MaxSize = defaultMaxSize
	}
	if r.MaxValue <= 0 {
		r.MaxValue = defaultMaxValue
	}
	if r.MaxElements <= 0 {
		r.MaxElements = defaultMaxElements
	}
	if r.MaxProperties <= 0 {
		r.MaxProperties = defaultMaxProperties
	}
	if r.MaxElementSize <= 0 {
		r.MaxElementSize = defaultMaxElementSize
	}
	return r
}
