package main

import (
	"slices"
	"testing"

	"github.com/smimechain/smimechain/chain"
)

func TestWays(t *testing.T) {
	leaf, issuing := example(t, "leaf"), example(t, "issuing-ca")
	cross, self, old := example(t, "root-cross-signed"), example(t, "root-self-signed"), example(t, "old-root")
	expired := example(t, "issuing-ca-expired")
	all := []*chain.Certificate{old, cross, self, issuing, expired, leaf}
	tests := []struct {
		name string
		to   *chain.Certificate
		want []*chain.Certificate
	}{
		{"the leaf itself", leaf, []*chain.Certificate{leaf}},
		{"its issuer", issuing, []*chain.Certificate{leaf, issuing}},
		{"one form of a root", self, []*chain.Certificate{leaf, issuing, self}},
		{"the other", cross, []*chain.Certificate{leaf, issuing, cross}},
		{"beyond it", old, []*chain.Certificate{leaf, issuing, cross, old}},
		{"another CA", expired, nil},
	}
	for range 2 {
		got := ways(leaf, all)
		for _, tt := range tests {
			if way := got[tt.to.SHA256()]; !slices.Equal(way, tt.want) {
				t.Errorf("%s: got %v, want %v", tt.name, way, tt.want)
			}
		}
		slices.Reverse(all)
	}
	if got := ways(leaf, nil); len(got) != 1 {
		t.Errorf("without certificates there are %d ways", len(got))
	}
}
