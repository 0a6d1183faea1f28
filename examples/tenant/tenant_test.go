package tenant

import (
	"testing"

	"github.com/smimechain/smimechain/lint/linttest"
)

// The store that was uploaded, as it has to be at any time.
func TestTenant(t *testing.T) {
	linttest.ExchangeOnline(t, nil, "tenant.sst")
}
