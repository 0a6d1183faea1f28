package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	zlint "github.com/zmap/zlint/v3/lint"
)

// Rule is one check of a collection: data, and the function that runs it. A
// rule is described in the words of zlint: its name says its severity (e_ an
// error, w_ a warning, n_ a notice) and what is at fault. A finding of an error
// makes the verdict of its targets fail, one of the others does not.
//
// A name, unlike any other, and Run are required. Description, Remedy and
// Citation are what people are told.
type Rule struct {
	Name        string
	Description say.Text         // what is wrong, in one or two sentences
	Citation    string           // the source, by name and place
	Source      zlint.LintSource // whose requirement it is, for [Registry]; may be empty

	// EffectiveDate is the date of issue from which on the rule holds for a
	// certificate; zero means always. What Run reports of one issued before is no finding.
	EffectiveDate time.Time

	// Need is what a finding of an error refutes; empty means "taken". Where the target
	// does not ask that of what is judged, its answer is added.
	Need Need

	Targets    []Target   // the targets it speaks of; none means every target
	Remedy     say.Text   // what the administrator does about it
	Command    string     // the call of smimechain that does it, with words in capitals for what differs; empty if there is none
	Confidence Confidence // how well the source supports it
	Symptoms   []say.Text // what the user or the administrator sees; may be empty

	// Facts are what the rule has to know beside the files. Where one is
	// missing the rule is not applicable, and the report says so.
	Facts []Fact

	// Decisive lists the targets whose verdict is unknown where a fact of the
	// rule is missing.
	Decisive []Target

	// Applies reports whether the collection has anything that the rule could
	// judge; nil means that it always has.
	Applies func(*Pass) bool

	// Run reports what it finds through [Pass.Report]. Its error says that the
	// check could not be made; it ends the whole run and is wrapped by the error
	// of [Run].
	//
	// It is called for each collection and target, never twice at the same time
	// by one call of [Run]. It may neither change what the pass holds nor keep
	// the pass.
	Run func(*Pass) error

	// certificate is what a rule does that looks at one certificate at a time
	// and at nothing else. Run then reports what it has found.
	certificate *certificateCheck

	// decrypts says that a finding which refutes needSigns refutes needDecrypts as well:
	// it is about the key, or about the certificate as a whole.
	decrypts bool

	// advise finds what the files allow in the place of Remedy, and the commands.
	advise adviser

	// alone is what a rule that looks at more says of one certificate by itself, for
	// [Registry].
	alone *certificateCheck

	// explains says that its findings, whatever their level, explain what is seen of the
	// need, and refute nothing by themselves: an issuer that is missing may be one that
	// the target fetches.
	explains bool

	// refutes says that its warnings refute the need too: a limit that was observed,
	// by which package deploy refuses as well.
	refutes bool
}

// need returns the need that a finding of the rule refutes.
func (r *Rule) need() Need { return cmp.Or(r.Need, needTaken) }

// speaksOf reports whether its findings are about a need.
func (r *Rule) speaksOf(n Need) bool { return r.need() == n || r.decrypts && n == needDecrypts }

// Status returns the status that the prefix of the rule's name promises.
func (r *Rule) Status() Status {
	switch prefix, _, _ := strings.Cut(r.Name, "_"); prefix {
	case "e":
		return Error
	case "w":
		return Warn
	case "n":
		return Notice
	default:
		return zlint.Reserved
	}
}

// inForce reports whether the rule holds for a certificate by the date of issue.
func (r *Rule) inForce(c *chain.Certificate) bool {
	return r.EffectiveDate.IsZero() || !c.NotBefore().Before(r.EffectiveDate)
}

// appliesTo reports whether the rule speaks of the target.
func (r *Rule) appliesTo(t Target) bool {
	return len(r.Targets) == 0 || slices.Contains(r.Targets, t)
}

// Rules returns every rule of this package, sorted by name. The caller owns the
// slice.
func Rules() []Rule { return slices.Clone(ownRules()) }

// ownRules makes the rules once: a bulk run asks for them for every file.
var ownRules = sync.OnceValue(func() []Rule {
	rules := slices.Concat(
		certificateRules(), collectionRules(), storeRules(), caRules(), knownRules(), upcomingRules(),
		addressRules(), usageRules(), keyRules(), validityRules(), revocationRules(),
		chainRules(), pathRules(), anchorRules(), gmailRules(), directoryRules(), messageRules(), deployRules(),
		pfxFormRules(), pfxIdentityRules(), pfxPasswordRules(), pfxSpareRules(),
	)
	for i := range rules {
		if rules[i].certificate != nil {
			rules[i].Run = runChecks
		}
	}
	slices.SortFunc(rules, func(a, b Rule) int { return strings.Compare(a.Name, b.Name) })
	return rules
})

// Confidence says how well the source of a rule supports it.
type Confidence uint8

// The grades of confidence, from strong to weak.
const (
	Documented   Confidence = iota + 1 // the vendor's current document or a standard
	VendorSource                       // source code that the vendor publishes
	Observed                           // seen in use, not documented
	Inferred                           // concluded from documented facts
)

// String returns the word that reports use.
func (c Confidence) String() string { return string(c.text()) }

func (c Confidence) text() say.Text {
	switch c {
	case Documented:
		return "documented"
	case VendorSource:
		return "vendor-source"
	case Observed:
		return "observed"
	case Inferred:
		return "inferred"
	default:
		return say.Text(fmt.Sprintf("Confidence(%d)", uint8(c)))
	}
}

// MarshalText returns what String returns.
func (c Confidence) MarshalText() ([]byte, error) { return []byte(c.String()), nil }
