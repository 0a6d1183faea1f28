package pkcs12

import (
	"context"
	"crypto/fips140"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"hash"
	"math"
	"math/big"

	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/internal/pkcs12kdf"
	"golang.org/x/crypto/scrypt"
)

// A kdf is a key derivation with everything but the password.
type kdf struct {
	name       string // "PKCS12", "PBKDF1", "PBKDF2", "scrypt"
	digest     digest
	salt       []byte
	iterations int64 // for scrypt the cost N
	r, p       int64 // scrypt only
}

// A derivation identifies derived octets, so that they are derived once.
type derivation struct {
	kdf, digest, salt string
	iterations, r, p  int64
	password          string
	purpose, size     int
}

// A deriver runs key derivations within the limits and remembers the results
// for the time of one inspection.
type deriver struct {
	ctx    context.Context
	limits Limits
	spent  int64 // iterations
	cache  map[derivation][]byte
}

// check returns the reason why k must not be run, nil if it may be.
func (d *deriver) check(k *kdf) error {
	switch {
	case k.iterations < 1:
		return &ParameterError{say.New("the number of iterations is less than 1")}
	case len(k.salt) > d.limits.SaltSize:
		return &LimitError{codeSalt, int64(len(k.salt)), int64(d.limits.SaltSize)}
	case k.name != "scrypt":
		if k.iterations > d.limits.Iterations {
			return &LimitError{codeIterations, k.iterations, d.limits.Iterations}
		}
		return nil
	}
	if k.iterations&(k.iterations-1) != 0 || k.iterations < 2 {
		return &ParameterError{say.New("the scrypt cost is not a power of 2")}
	}
	if k.r < 1 || k.p < 1 {
		return &ParameterError{say.New("the scrypt block size or parallelization is less than 1")}
	}
	// The table has N blocks, and what it is filled from has p.
	if memory := max(product(128, k.iterations, k.r), product(128, k.p, k.r)); memory > d.limits.ScryptMemory {
		return &LimitError{codeScryptMemory, memory, d.limits.ScryptMemory}
	}
	if cost := k.cost(); cost > d.limits.Iterations {
		return &LimitError{codeIterations, cost, d.limits.Iterations}
	}
	return nil
}

// cost returns what a run of k counts as, in iterations.
func (k *kdf) cost() int64 {
	if k.name == "scrypt" {
		return product(k.iterations, k.r, k.p)
	}
	return k.iterations
}

// product multiplies numbers that are at least 1. What does not fit is
// math.MaxInt64.
func product(factors ...int64) int64 {
	v := int64(1)
	for _, f := range factors {
		if v > math.MaxInt64/f {
			return math.MaxInt64
		}
		v *= f
	}
	return v
}

// run derives size octets from s. The purpose is one of package pkcs12kdf and
// matters for the key derivation of PKCS #12 only.
func (d *deriver) run(k *kdf, s *secret, purpose, size int) ([]byte, error) {
	if err := d.check(k); err != nil {
		return nil, err
	}
	password := s.octets
	if k.name == "PKCS12" {
		password = s.bmp
	} else {
		purpose = 0
	}
	id := derivation{k.name, k.digest.name, string(k.salt), k.iterations, k.r, k.p, string(password), purpose, size}
	if out, ok := d.cache[id]; ok {
		return out, nil
	}
	if err := d.ctx.Err(); err != nil {
		return nil, err
	}
	if !k.digest.available() && k.name != "scrypt" {
		return nil, &UnsupportedError{say.New("%s", k.digest.name)}
	}
	if d.spent+k.cost() > d.limits.TotalIterations {
		return nil, &LimitError{codeTotalIterations, d.spent + k.cost(), d.limits.TotalIterations}
	}
	d.spent += k.cost()

	var out []byte
	var err error
	switch k.name {
	case "PKCS12":
		out, err = pkcs12kdf.Key(d.ctx, k.digest.hash.New, password, k.salt, int(k.iterations), purpose, size)
	case "PBKDF1":
		out, err = pbkdf1(d.ctx, k.digest.hash.New(), password, k.salt, int(k.iterations), size)
	case "PBKDF2":
		out, err = deriveHMAC(d.ctx, k.digest.hash.New, password, k.salt, int(k.iterations), size)
	case "scrypt":
		out, err = scryptKey(d.ctx, k, password, size)
	default:
		err = &UnsupportedError{say.New("%s", k.name)}
	}
	if err != nil {
		return nil, err
	}
	if d.cache == nil {
		d.cache = make(map[derivation][]byte)
	}
	d.cache[id] = out
	return out, nil
}

// pbkdf1 is the key derivation of RFC 8018, Section 5.1.
func pbkdf1(ctx context.Context, h hash.Hash, password, salt []byte, iterations, size int) ([]byte, error) {
	if size > h.Size() {
		return nil, &ParameterError{say.New("derived key too long")}
	}
	h.Write(password)
	h.Write(salt)
	sum := h.Sum(nil)
	for i := range iterations - 1 {
		if i%pkcs12kdf.CheckEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		h.Reset()
		h.Write(sum)
		sum = h.Sum(sum[:0])
	}
	return sum[:size], nil
}

// deriveHMAC is the key derivation of RFC 8018, Section 5.2. That of the standard library
// is the same and cannot be interrupted; it is asked where FIPS 140-3 is enforced, under
// which it refuses what crypto/hmac would panic at.
func deriveHMAC(ctx context.Context, newHash func() hash.Hash, password, salt []byte, iterations, size int) ([]byte, error) {
	if fips140.Enforced() {
		return pbkdf2.Key(newHash, string(password), salt, iterations, size)
	}
	prf := hmac.New(newHash, password)
	var out, u []byte
	for block := uint32(1); len(out) < size; block++ {
		prf.Reset()
		prf.Write(salt)
		prf.Write(binary.BigEndian.AppendUint32(nil, block))
		out = prf.Sum(out)
		t := out[len(out)-prf.Size():]
		u = append(u[:0], t...)
		for i := range iterations - 1 {
			if i%pkcs12kdf.CheckEvery == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			prf.Reset()
			prf.Write(u)
			u = prf.Sum(u[:0])
			subtle.XORBytes(t, t, u)
		}
	}
	return out[:size], nil
}

// scryptKey is the key derivation of RFC 7914. It cannot be interrupted, but left
// behind: it ends by itself, after seconds at most within the default limits.
func scryptKey(ctx context.Context, k *kdf, password []byte, size int) ([]byte, error) {
	type outcome struct {
		key []byte
		err error
	}
	done := make(chan outcome, 1)
	go func() {
		key, err := scrypt.Key(password, k.salt, int(k.iterations), int(k.r), int(k.p), size)
		done <- outcome{key, err}
	}()
	select {
	case o := <-done:
		return o.key, o.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// maxNumberBits is the length of the largest numbers that are told from each
// other. No program counts so far, and what is longer may be octets of a key that
// stand in the place of a number.
const maxNumberBits = 48

// clamp returns v as an int64, or the least or greatest one if v has more than
// maxNumberBits.
func clamp(v *big.Int) int64 {
	switch {
	case v.BitLen() <= maxNumberBits:
		return v.Int64()
	case v.Sign() < 0:
		return math.MinInt64
	default:
		return math.MaxInt64
	}
}

// statusOf returns the status that stands for the reason err.
func statusOf(err error) ProtectionStatus {
	var unsupported *UnsupportedError
	var limit *LimitError
	switch {
	case err == nil:
		return statusNotTried
	case errors.As(err, &unsupported):
		return statusUnsupported
	case errors.As(err, &limit):
		return statusOverLimit
	default:
		return statusMalformed
	}
}
