package lint

import (
	"testing"

	"github.com/smimechain/smimechain/chain"
)

// TestBudget holds what a certificate may take of what is left.
func TestBudget(t *testing.T) {
	none := chain.Limits{Steps: -1, Signatures: -1}
	for _, tt := range []struct {
		left   budget
		starts int
		want   chain.Limits
	}{
		{*newBudget(1), 1, chain.Limits{Steps: chain.DefaultSteps, Signatures: chain.DefaultSignatures}},
		{budget{0, 1}, 1, none},
		{budget{1, 0}, 1, none},
		{budget{-1, 1}, 1, none},
		{budget{1, -1}, 1, none},
		{budget{1, 1}, 1, chain.Limits{Steps: leastSteps, Signatures: leastSignatures}},
		{budget{20 * leastSteps, 30 * leastSignatures}, 10, chain.Limits{Steps: 2 * leastSteps, Signatures: 3 * leastSignatures}},
	} {
		if got := tt.left.limits(tt.starts); got != tt.want {
			t.Errorf("%+v among %d: %+v, want %+v", tt.left, tt.starts, got, tt.want)
		}
	}
}
