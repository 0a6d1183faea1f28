package sst

// checkFrame reports whether raw is anything but one DER SEQUENCE.
func checkFrame(raw []byte) error {
	if len(raw) == 0 {
		return errEmptyContext
	}
	if raw[0] != 0x30 {
		return errNotDER
	}
	n, ok := derLength(raw)
	switch {
	case !ok || n > uint64(len(raw)):
		return errNotDER
	case n < uint64(len(raw)):
		return errTrailingDER
	}
	return nil
}

// derLength returns the length of the value that starts with raw, header
// included. It fails for lengths that are indefinite, not minimal, or above 4
// bytes.
func derLength(raw []byte) (uint64, bool) {
	if len(raw) < 2 {
		return 0, false
	}
	b := raw[1]
	if b < 0x80 {
		return 2 + uint64(b), true
	}
	k := int(b & 0x7f)
	if k == 0 || k > 4 || len(raw) < 2+k || raw[2] == 0 {
		return 0, false
	}
	var n uint64
	for _, x := range raw[2 : 2+k] {
		n = n<<8 | uint64(x)
	}
	if n < 0x80 {
		return 0, false
	}
	return 2 + uint64(k) + n, true
}

// The DER tags that this package reads.
const (
	tagBoolean   = 0x01
	tagInteger   = 0x02
	tagBitString = 0x03
	tagOctets    = 0x04
	tagOID       = 0x06
	tagUTCTime   = 0x17
	tagTime      = 0x18
	tagSequence  = 0x30
)

// A cursor reads DER values from the front of a slice.
type cursor []byte

// element cuts off the first value if it has the tag; header included.
func (c *cursor) element(tag byte) ([]byte, bool) {
	b := *c
	if len(b) == 0 || b[0] != tag {
		return nil, false
	}
	n, ok := derLength(b)
	if !ok || n > uint64(len(b)) {
		return nil, false
	}
	*c = b[n:]
	return b[:n:n], true
}

// value is element without the header.
func (c *cursor) value(tag byte) ([]byte, bool) {
	b, ok := c.element(tag)
	if !ok {
		return nil, false
	}
	return b[headerLength(b):], true
}

// headerLength returns the length of tag and length of a value that derLength
// accepted.
func headerLength(b []byte) int {
	if b[1] < 0x80 {
		return 2
	}
	return 2 + int(b[1]&0x7f)
}
