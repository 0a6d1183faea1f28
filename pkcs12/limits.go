package pkcs12

// Limits bound what an inspection reads and computes. A field that is 0 or less
// stands for the default. What is beyond a limit is a finding about that part of
// the file, never an error. One scrypt derivation counts as N·r·p iterations.
// Derivations that are the same, with one salt and one password, run and count
// once. Elements of ASN.1 are read 32 levels deep in one piece of encoding; what is
// inside an octet string, or decrypted, is another piece.
type Limits struct {
	Size            int   // octets of input: 4 MiB by default
	Safes           int   // in one file: 64
	Bags            int   // in one file, nested ones included: 1,000
	Nesting         int   // bags inside bags: 8
	Attributes      int   // of one bag: 64
	SaltSize        int   // octets of one salt: 1,024
	Iterations      int64 // of one key derivation: 5,000,000
	TotalIterations int64 // of all key derivations of one inspection: [DefaultTotalIterations]
	ScryptMemory    int64 // octets for one scrypt derivation, 128·r·N, and again 128·r·p: 64 MiB
	Signatures      int   // of certificates, verified to link them: 1,000
}

// The defaults of [Limits].
const (
	defaultSize            = 4 << 20
	defaultSafes           = 64
	defaultBags            = 1000
	defaultNesting         = 8
	defaultAttributes      = 64
	defaultSaltSize        = 1024
	defaultIterations      = 5_000_000
	DefaultTotalIterations = 10_000_000
	defaultScryptMemory    = 64 << 20
	defaultSignatures      = 1000
)

// The lengths in octets that a PBMAC1 key may have: long enough that the MAC
// cannot be forged by trying (RFC 9579, Section 9) and no longer than the block
// of a digest.
const (
	minPBMAC1Key = 20
	maxPBMAC1Key = 64
)

func (l Limits) withDefaults() Limits {
	set(&l.Size, defaultSize)
	set(&l.Safes, defaultSafes)
	set(&l.Bags, defaultBags)
	set(&l.Nesting, defaultNesting)
	set(&l.Attributes, defaultAttributes)
	set(&l.SaltSize, defaultSaltSize)
	set(&l.Iterations, defaultIterations)
	set(&l.TotalIterations, DefaultTotalIterations)
	set(&l.ScryptMemory, defaultScryptMemory)
	set(&l.Signatures, defaultSignatures)
	return l
}

func set[T int | int64](v *T, value T) {
	if *v <= 0 {
		*v = value
	}
}
