package tenant

import (
	"testing"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/linttest"
)

// The store that was uploaded, as it has to be at any time.
func TestTenant(t *testing.T) {
	exchange := lint.Options{Targets: []lint.Target{lint.ExchangeOnline}}
	linttest.Clean(t, &linttest.Options{Lint: exchange}, "tenant.sst")
}
