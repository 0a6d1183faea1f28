package chain

import (
	"time"

	"github.com/smimechain/smimechain/lint/say"
)

// Path is a path from a leaf to an anchor and what is wrong with it. It is not
// modified once it has been returned.
type Path struct {
	// Certificates of the path, the leaf first, the anchor last. Every
	// signature among them has been verified.
	Certificates []*Certificate
	// Problems is empty for an accepted path. Sorted by index, anchor last.
	Problems []Problem
	// Disputed is what path validation does not turn on and some programs refuse all
	// the same, be the path accepted or not: what RFC 5280 forbids a CA to issue and
	// asks a relying party to bear with, keys and signatures that not every program
	// knows, and anyExtendedKeyUsage in place of the usage asked for. Sorted by index. Serial number and signature of the anchor, and the key
	// of the leaf unless it is asked whether it may issue, are not looked at.
	Disputed []Problem
	// NotBefore and NotAfter are the window in which every certificate of the
	// path is within its validity period. NotAfter is before NotBefore when
	// there is no such time.
	NotBefore, NotAfter time.Time
	// CrossCheck is the answer of crypto/x509 if [Options.CrossCheck] is set:
	// nil if it accepts the path.
	CrossCheck error
}

// Accepted reports whether the path has no problem.
func (p *Path) Accepted() bool { return len(p.Problems) == 0 }

// Leaf returns the first certificate, nil of a path without any.
func (p *Path) Leaf() *Certificate {
	if len(p.Certificates) == 0 {
		return nil
	}
	return p.Certificates[0]
}

// Anchor returns the last certificate, nil of a path without any.
func (p *Path) Anchor() *Certificate {
	if len(p.Certificates) == 0 {
		return nil
	}
	return p.Certificates[len(p.Certificates)-1]
}

// Problem is one reason to reject a path.
type Problem struct {
	Index  int         // of the certificate in the path
	Code   ProblemCode // what is wrong
	Detail string      // in words, for people; may be empty
	Clause string      // of the standard that says so, such as "RFC 5280, Section 6.1.3 (a)(2)"

	words say.Message // Detail, where it is not somebody else's
}

// String returns the code, the detail and the clause in one line.
func (p Problem) String() string { return p.Sentence().String() }

// Sentence returns what [Problem.String] says, to be said in another language.
func (p Problem) Sentence() say.Message {
	m := say.New("%s", p.Code)
	if p.Detail != "" {
		m = say.New("%s: %s", m, p.words.Or(p.Detail))
	}
	if p.Clause != "" {
		m = say.New("%s (%s)", m, p.Clause)
	}
	return m
}

// DeadEnd is a certificate, linked to the leaf by verified signatures, from
// which no known certificate leads on.
type DeadEnd struct {
	Certificate *Certificate
	Way         []*Certificate // a shortest one from the leaf to Certificate, both included
	Kind        DeadEndKind
	Issuer      string   // name of the missing issuer, in the form of RFC 2253
	RawIssuer   []byte   // the same, DER
	KeyID       []byte   // of the missing issuer, nil if the certificate does not say
	AIA         []string // caIssuers addresses of the certificate
	NearMisses  []NearMiss

	// MoreNearMisses says that there are more than 32.
	MoreNearMisses bool
}

// maxNearMisses is the largest number of near misses of one dead end.
const maxNearMisses = 32

// DeadEndKind is why a path stops.
type DeadEndKind int

// The kinds of dead end.
const (
	IssuerMissing DeadEndKind = iota // no certificate with this issuer's name and key
	NotAnchor                        // the certificate is self-signed, and not an anchor
	NoAnchor                         // issuers are there, and lead only to each other

	deadEndEnd
)

// String returns the kind in words.
func (k DeadEndKind) String() string { return string(k.text()) }

func (k DeadEndKind) text() say.Text {
	switch k {
	case IssuerMissing:
		return "issuer missing"
	case NotAnchor:
		return "not an anchor"
	case NoAnchor:
		return "no anchor"
	default:
		return "unknown"
	}
}

// MarshalText returns what String returns.
func (k DeadEndKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// NearMiss is a certificate that looks like the missing issuer and is not.
type NearMiss struct {
	Certificate *Certificate
	Code        MissCode
	Detail      string // in words, or what algorithm or key is not supported; may be empty
}

// MissCode is why a certificate is only nearly the missing issuer, in the words of
// String.
type MissCode int

// The near misses.
const (
	missSameNameOtherKey     MissCode = iota // the name is right, the signature does not verify under its key
	missSameKeyIDOtherName                   // the key identifier is right, the name differs
	missNotYetValid                          // the issuer, before its validity period
	MissExpired                              // the issuer, after its validity period
	missNotCA                                // the issuer, but not a CA
	MissUnparseable                          // the name or key identifier is right, and the certificate cannot be read
	MissUnsupportedAlgorithm                 // the name is right, the signature algorithm or key is not supported

	missEnd
)

// String returns the reason in words.
func (m MissCode) String() string { return string(m.text()) }

func (m MissCode) text() say.Text {
	switch m {
	case missSameNameOtherKey:
		return "same name, other key"
	case missSameKeyIDOtherName:
		return "same key identifier, other name"
	case missNotYetValid:
		return "not yet valid"
	case MissExpired:
		return "expired"
	case missNotCA:
		return "not a CA"
	case MissUnparseable:
		return "unparseable"
	case MissUnsupportedAlgorithm:
		return "unsupported algorithm"
	default:
		return "unknown"
	}
}

// MarshalText returns what String returns.
func (m MissCode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// Result is everything that is known about the paths of one leaf.
type Result struct {
	Leaf     *Certificate
	At       time.Time
	Accepted []*Path   // shortest first
	Rejected []*Path   // shortest first
	DeadEnds []DeadEnd // nearest to the leaf first
	// Truncated is the budget that cut the result short. With any value but
	// zero, there may be further paths and dead ends.
	Truncated  Budget
	Signatures int // signature checks made
	Steps      int // steps of the search for paths; that for dead ends may take as many again
	// Fetched holds the certificates that [Options.Issuers] supplied, and
	// FetchErrors what it failed with.
	Fetched     []*Certificate
	FetchErrors []error
}

// Complete reports whether no budget cut the result short.
func (r *Result) Complete() bool { return r.Truncated == budgetNone }
