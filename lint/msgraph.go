package lint

import (
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/internal/msgraph"
)

// oneOf compares as Microsoft Graph does, without regard to case. What is
// missing is the business of another rule.
func oneOf(value string, allowed ...string) bool {
	return value == "" || slices.ContainsFunc(allowed, func(a string) bool { return strings.EqualFold(a, value) })
}

// graphKind returns what an object is for, 0 where its type is not known.
func graphKind(g *artefact.Graph) msgraph.Kind {
	if t := g.Known(); t != nil {
		return t.Kind
	}
	return 0
}

// isWindowsTrusted reports whether a profile says in which store of Windows its
// certificate goes.
func isWindowsTrusted(g *artefact.Graph) bool {
	return strings.EqualFold(g.Platform(), "windows81") || strings.EqualFold(g.Platform(), "windows10X")
}

// destinationStores are the values of the enumeration.
var destinationStores = []string{"computerCertStoreRoot", "computerCertStoreIntermediate", "userCertStoreIntermediate"}

// isRootStore reports whether a profile puts its certificate among the roots of Windows.
func isRootStore(g *artefact.Graph) bool {
	return isWindowsTrusted(g) && strings.EqualFold(g.DestinationStore, destinationStores[0])
}

// platformsOf returns, for each certificate of a file, the platform of its profile and
// the store there.
func platformsOf(f *bundle.File) []string {
	var list []string
	for i := range f.Graph {
		if g := &f.Graph[i]; g.TrustedCertificate != nil {
			for range g.TrustedCertificate.Certificates {
				list = append(list, g.Platform()+" "+strings.ToLower(g.DestinationStore))
			}
		}
	}
	return list
}
