// Package pkcs12kdf derives keys from passwords in the way of PKCS #12 (RFC
// 7292, Appendix B), which only old files still use.
package pkcs12kdf

import (
	"context"
	"hash"
)

// CheckEvery is after how many iterations a derivation looks at its context: a
// millisecond of them, or less.
const CheckEvery = 4096

// The purposes of derived octets. RFC 7292, Appendix B.3.
const (
	ForKey = 1
	ForIV  = 2
	ForMAC = 3
)

// Key derives size octets. The password is a BMPString with its two terminating
// zero octets, or nothing at all for what programs call a null password. The
// caller limits iterations, which must be at least 1: the time is proportional
// to iterations times the number of digests that make up size octets. The error is
// that of the context.
func Key(ctx context.Context, newHash func() hash.Hash, password, salt []byte, iterations, purpose, size int) ([]byte, error) {
	h := newHash()
	u, v := h.Size(), h.BlockSize()

	// Steps 1 to 4: the diversifier, and salt and password each repeated to
	// full blocks.
	d := make([]byte, v)
	for i := range d {
		d[i] = byte(purpose)
	}
	in := append(fill(salt, v), fill(password, v)...)

	out := make([]byte, 0, size+u)
	a := make([]byte, 0, u)
	b := make([]byte, v)
	for {
		// Step 6A.
		h.Reset()
		h.Write(d)
		h.Write(in)
		a = h.Sum(a[:0])
		for i := range iterations - 1 {
			if i%CheckEvery == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			h.Reset()
			h.Write(a)
			a = h.Sum(a[:0])
		}
		out = append(out, a...)
		if len(out) >= size {
			return out[:size], nil
		}
		// Steps 6B and 6C: every block of the input plus B plus 1.
		for i := range b {
			b[i] = a[i%u]
		}
		for block := in; len(block) > 0; block = block[v:] {
			carry := uint(1)
			for i := v - 1; i >= 0; i-- {
				carry += uint(block[i]) + uint(b[i])
				block[i] = byte(carry)
				carry >>= 8
			}
		}
	}
}

// fill repeats s to the next multiple of v octets; nothing stays nothing.
func fill(s []byte, v int) []byte {
	n := (len(s) + v - 1) / v * v
	out := make([]byte, n)
	for i := range out {
		out[i] = s[i%len(s)]
	}
	return out
}
