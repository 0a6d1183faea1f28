package ber

// AppendDER appends the length and the content of e to to, in the form that DER gives
// lengths and strings; the tag is for the caller. The order of a SET is left as it is,
// as programs do that hash it, and so is what primitive elements hold. The error is
// that of an element inside that cannot be read.
func AppendDER(to []byte, e Element) ([]byte, error) {
	content, err := derContent(e)
	if err != nil {
		return nil, err
	}
	return append(appendLength(to, len(content)), content...), nil
}

func derContent(e Element) ([]byte, error) {
	if !e.Constructed {
		return e.Content, nil
	}
	var form Form
	r, err := e.Inside()
	if err != nil {
		return nil, err
	}
	r.form = &form
	var out []byte
	for !r.Empty() {
		inner, err := r.Next()
		if err != nil {
			return nil, err
		}
		head := inner.Raw[:tagSize(inner.Raw)]
		if inner.Constructed && inner.Class == Universal && inner.Tag == OctetString {
			value, err := inner.Octets()
			if err != nil {
				return nil, err
			}
			out = append(appendLength(append(out, OctetString), len(value)), value...)
			continue
		}
		if out, err = AppendDER(append(out, head...), inner); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// tagSize returns the number of identifier octets at the start of an element.
func tagSize(b []byte) int {
	if b[0]&0x1f != 0x1f {
		return 1
	}
	i := 1
	for b[i]&0x80 != 0 {
		i++
	}
	return i + 1
}

func appendLength(to []byte, n int) []byte {
	if n < 0x80 {
		return append(to, byte(n))
	}
	var digits []byte
	for ; n > 0; n >>= 8 {
		digits = append([]byte{byte(n)}, digits...)
	}
	return append(append(to, 0x80|byte(len(digits))), digits...)
}
