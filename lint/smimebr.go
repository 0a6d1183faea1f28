package lint

import (
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
)

const day = 24 * time.Hour

// validDays returns the length of the validity period in days of 86400 seconds,
// both ends included, a part of a day counted as a whole one.
func validDays(c *chain.Certificate) int {
	length := c.NotAfter().Sub(c.NotBefore()) + time.Second
	return int((length + day - time.Nanosecond) / day)
}

// baselineStart is when the S/MIME Baseline Requirements came into force.
var baselineStart = time.Date(2023, 9, 1, 0, 0, 0, 0, time.UTC)

// baselinePolicies is the arc of the policies of the S/MIME Baseline Requirements
// (Section 7.1.6.1): kinds of validation from 1 to 4, and under each Legacy,
// Multipurpose and Strict.
const baselinePolicies = "2.23.140.1.5."

// isBaseline reports whether a policy is one of them.
func isBaseline(oid string) bool {
	rest, ok := strings.CutPrefix(oid, baselinePolicies)
	return ok && len(rest) == 3 && '1' <= rest[0] && rest[0] <= '4' && rest[1] == '.' && '1' <= rest[2] && rest[2] <= '3'
}

// underBaseline reports whether a certificate has one of them.
func underBaseline(c *chain.Certificate) bool { return slices.ContainsFunc(c.Policies(), isBaseline) }

// underLegacy reports whether one of them is that of Legacy.
func underLegacy(c *chain.Certificate) bool {
	return slices.ContainsFunc(c.Policies(), func(oid string) bool { return isBaseline(oid) && strings.HasSuffix(oid, ".1") })
}
