package pkcs12

import "github.com/smimechain/smimechain/pkcs12/internal/ber"

// Limits bound what an inspection reads and computes. A field that is 0 or less
// stands for the default. What is beyond a limit is a finding about that part of
// the file, never an error. One scrypt derivation counts as N·r·p iterations.
// Derivations that are the same, with one salt and one password, run and count
// once.
type Limits struct {
	Size            int   // octets of input
	Safes           int   // in one file
	Bags            int   // in one file, nested ones included
	Nesting         int   // bags inside bags
	Attributes      int   // of one bag
	SaltSize        int   // octets of one salt
	Iterations      int64 // of one key derivation
	TotalIterations int64 // of all key derivations of one inspection
	ScryptMemory    int64 // octets for one scrypt derivation: 128·r·N, and again 128·r·p
	Signatures      int   // of certificates, verified to link them
}

// The defaults of [Limits].
const (
	DefaultSize            = 4 << 20
	DefaultSafes           = 64
	DefaultBags            = 1000
	DefaultNesting         = 8
	DefaultAttributes      = 64
	DefaultSaltSize        = 1024
	DefaultIterations      = 5_000_000
	DefaultTotalIterations = 10_000_000
	DefaultScryptMemory    = 64 << 20
	DefaultSignatures      = 1000
)

// MaxDepth is the number of levels of ASN.1 elements that are read in one piece
// of encoding. What is inside an octet string, or decrypted, is another piece.
const MaxDepth = ber.MaxDepth

// The lengths in octets that a PBMAC1 key may have: long enough that the MAC
// cannot be forged by trying (RFC 9579, Section 9) and no longer than the block
// of a digest.
const (
	MinPBMAC1Key = 20
	MaxPBMAC1Key = 64
)

func (l Limits) withDefaults() Limits {
	set(&l.Size, DefaultSize)
	set(&l.Safes, DefaultSafes)
	set(&l.Bags, DefaultBags)
	set(&l.Nesting, DefaultNesting)
	set(&l.Attributes, DefaultAttributes)
	set(&l.SaltSize, DefaultSaltSize)
	set(&l.Iterations, DefaultIterations)
	set(&l.TotalIterations, DefaultTotalIterations)
	set(&l.ScryptMemory, DefaultScryptMemory)
	set(&l.Signatures, DefaultSignatures)
	return l
}

func set[T int | int64](v *T, value T) {
	if *v <= 0 {
		*v = value
	}
}
