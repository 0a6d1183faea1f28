package bundle

import (
	"bytes"
	"encoding/base64"
)

// decodeBase64 decodes text that is nothing but base64 and white space, as
// portals and Get-SmimeConfig hand it out.
func (r *reading) decodeBase64(text []byte) ([]byte, bool) {
	const (
		shortest = 16      // characters; anything less cannot hold a header
		piece    = 1 << 20 // characters, a multiple of four, between two looks at the context
	)
	compact := make([]byte, 0, len(text))
	for i, c := range text {
		switch {
		case isSpace(c):
			continue
		case i%piece == 0 && r.ctx.Err() != nil, !isBase64[c]:
			return nil, false
		}
		compact = append(compact, c)
	}
	if len(compact) < shortest {
		return nil, false
	}
	if len(compact)%4 != 0 {
		// The padding was lost, or the end with it: what is whole is read.
		compact = bytes.TrimRight(compact, "=")
		if n := len(compact) % 4; n > 0 {
			last := string(compact[len(compact)-n:])
			compact = compact[:len(compact)-n]
			if _, err := base64.RawStdEncoding.Strict().DecodeString(last); err == nil {
				compact = append(append(compact, last...), "=="[n-2:]...)
			}
		}
	}
	data := make([]byte, 0, base64.StdEncoding.DecodedLen(len(compact)))
	for len(compact) > 0 {
		n := min(piece, len(compact))
		var err error
		if data, err = base64.StdEncoding.Strict().AppendDecode(data, compact[:n]); err != nil || n < len(compact) && len(data)%3 != 0 || r.ctx.Err() != nil {
			return nil, false // or there is padding in the middle
		}
		compact = compact[n:]
	}
	return data, true
}

// padded reports whether base64 text is whole groups of four characters.
func padded(text []byte) bool {
	n := 0
	for _, c := range text {
		if isBase64[c] {
			n++
		}
	}
	return n%4 == 0
}

// isSpace tells white space of ASCII.
func isSpace(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }

// isUnpadded reports whether text is base64 and white space whose last group is not whole.
func isUnpadded(text []byte) bool {
	for _, c := range text {
		if !isBase64[c] && !isSpace(c) {
			return false
		}
	}
	return !padded(text)
}

// isBase64 tells the characters of base64 from others.
var isBase64 = func() (set [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") {
		set[c] = true
	}
	return set
}()
