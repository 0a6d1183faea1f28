package lint

import (
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
)

// maxListed is how many values of one kind a message lists.
const maxListed = 20

// listed lists values in words. What is left out shows as "…".
func listed(values []string) string {
	if len(values) > maxListed {
		return strings.Join(values[:maxListed], ", ") + ", …"
	}
	return strings.Join(values, ", ")
}

// date writes a date as reports do.
func date(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// quoteName quotes a distinguished name as people write it. It escapes nothing: that
// is the business of renderers.
func quoteName(dn string) string { return `"` + chain.CommonName(dn) + `"` }
