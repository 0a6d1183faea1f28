package lint

import (
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
)

// Target is a place that certificates are rolled out to. The verdict of a
// report is per target.
type Target string

// The targets.
const (
	ExchangeOnline Target = "exchange-online" // virtual certificate collection
	OutlookIOS     Target = "outlook-ios"     // Outlook for iOS and iPadOS
	AppleMail      Target = "apple-mail"      // Mail on iOS, iPadOS and macOS
	Intune         Target = "intune"          // trusted certificates and imported PFX
	Windows        Target = "windows"         // certificate stores, classic Outlook
)

// Targets returns every target in the order of reports.
func Targets() []Target {
	return []Target{ExchangeOnline, OutlookIOS, AppleMail, Intune, Windows}
}

// ParseTargets reads a list of target names separated by commas. White space and
// upper and lower case do not count, nor does a name that is there twice; one that
// is unknown, or empty, is an error.
func ParseTargets(list string) ([]Target, error) {
	var targets []Target
	for name := range strings.SplitSeq(list, ",") {
		t := Target(strings.ToLower(strings.TrimSpace(name)))
		if !slices.Contains(Targets(), t) {
			return nil, unknownTarget(name)
		}
		if !slices.Contains(targets, t) {
			targets = append(targets, t)
		}
	}
	return targets, nil
}

func unknownTarget(name string) error {
	return say.Errorf("unknown target %q: want one or more of %s", name, joinTargets(Targets()))
}

func joinTargets(targets []Target) string {
	names := make([]string, len(targets))
	for i, t := range targets {
		names[i] = string(t)
	}
	return strings.Join(names, ", ")
}

// takes reports whether the target is given files of the format. Exchange
// Online takes public collections only, but judges a PFX when asked to, so
// that a private key on its way there is found.
func (t Target) takes(f bundle.Format) bool {
	switch f {
	case bundle.SST, bundle.SSTElement, bundle.RegistryFile, bundle.Script, bundle.ExchangeJSON:
		return t == ExchangeOnline
	case bundle.GraphJSON, bundle.ConnectorKey:
		return t == Intune
	case bundle.MobileConfig:
		return t == AppleMail || t == OutlookIOS
	default:
		return true
	}
}

// usual reports whether the target judges files of the format without being
// named.
func (t Target) usual(f bundle.Format) bool {
	return t.takes(f) && !(t == ExchangeOnline && f == bundle.PFX) && !(t == OutlookIOS && f == bundle.MobileConfig)
}

// sortTargets orders targets as [Targets] does and drops repetitions.
func sortTargets(targets []Target) []Target {
	var sorted []Target
	for _, t := range Targets() {
		if slices.Contains(targets, t) {
			sorted = append(sorted, t)
		}
	}
	return sorted
}
