package chain

import "github.com/smimechain/smimechain/lint/say"

// Default budgets, used where a field of [Limits] is zero.
const (
	DefaultSignatures   = 1000
	defaultPaths        = 64
	defaultRejected     = 64
	defaultLength       = 12
	defaultCertificates = 50_000
	DefaultSteps        = 1_000_000
	defaultComparisons  = 1_000_000
	defaultFetches      = 16
)

// Limits are the budgets of one question. A zero field means the default; a
// negative field means none at all of that thing. Whatever is cut short, the
// result says which budget cut it.
type Limits struct {
	Signatures   int // signature checks made; answers from memory are free: [DefaultSignatures]
	Paths        int // accepted paths: 64 by default
	Rejected     int // rejected paths that are kept: 64
	Length       int // certificates in a path, leaf and anchor included: 12
	Certificates int // certificates of a graph, fetched ones included: 50,000
	Steps        int // steps of the search: [DefaultSteps]
	Comparisons  int // comparisons of names with name constraints, and of policies: 1,000,000
	Fetches      int // calls of an [IssuerSource]: 16
}

// withDefaults returns l with each zero replaced by its default and each
// negative value by zero.
func (l Limits) withDefaults() Limits {
	set := func(p *int, def int) {
		switch {
		case *p == 0:
			*p = def
		case *p < 0:
			*p = 0
		}
	}
	set(&l.Signatures, DefaultSignatures)
	set(&l.Paths, defaultPaths)
	set(&l.Rejected, defaultRejected)
	set(&l.Length, defaultLength)
	set(&l.Certificates, defaultCertificates)
	set(&l.Steps, DefaultSteps)
	set(&l.Comparisons, defaultComparisons)
	set(&l.Fetches, defaultFetches)
	return l
}

// Budget names the budget that cut a result short, as the field of [Limits] in lower
// case, or "context" where the context ended. The zero value: nothing was cut.
type Budget int

// The budgets.
const (
	budgetNone Budget = iota // nothing was cut
	budgetSignatures
	budgetPaths
	budgetRejected
	budgetLength
	budgetCertificates
	budgetSteps
	budgetComparisons
	budgetFetches
	budgetContext // the context ended

	budgetEnd
)

// String returns the name of the budget in lower case, "" for the zero value.
func (b Budget) String() string { return string(b.text()) }

func (b Budget) text() say.Text {
	switch b {
	case budgetNone:
		return ""
	case budgetSignatures:
		return "signatures"
	case budgetPaths:
		return "paths"
	case budgetRejected:
		return "rejected"
	case budgetLength:
		return "length"
	case budgetCertificates:
		return "certificates"
	case budgetSteps:
		return "steps"
	case budgetComparisons:
		return "comparisons"
	case budgetFetches:
		return "fetches"
	case budgetContext:
		return "context"
	default:
		return "unknown"
	}
}

// MarshalText returns what String returns.
func (b Budget) MarshalText() ([]byte, error) { return []byte(b.String()), nil }
