package lint_test

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestLawBeside holds that the roll-out of a user is judged as it is alone where that of
// another user, under other CAs, is given with it.
func TestLawBeside(t *testing.T) {
	cases := uint64(40)
	if outside.Long() {
		cases = 1500
	}
	for number := range cases {
		one := newRollOut(number)
		other := newRollOut(1<<20+number, somebodyElse)
		for n := number; len(other.given.store) > 0; n += cases { // of which one call has one
			other = newRollOut(1<<21+n, somebodyElse)
		}
		alone := verdictsOfOne(t, one, nil)
		together := verdictsOfOne(t, one, other)
		for target, want := range alone {
			got := together[target]
			if got == nil || got.Status != want.Status || !slices.Equal(got.Because, want.Because) {
				t.Errorf("%s, %s: %s %v %s, and beside %s %s %v %s", target, one.told(), want.Status, want.Because, failing(want), other.told(), got.Status, got.Because, failing(got))
			}
		}
	}
}

func somebodyElse(c *x509.Certificate) {
	c.Subject.CommonName, c.EmailAddresses, c.SerialNumber = "else@example.com", []string{"else@example.com"}, big.NewInt(0x3000)
}

// told says what was made.
func (ro *rollOut) told() string { return (&judged{rollOut: ro}).String() }

// verdictsOfOne judges a roll-out, without facts, beside another if there is one.
func verdictsOfOne(t *testing.T, ro, beside *rollOut) map[lint.Target]*lint.Verdict {
	t.Helper()
	opts := &lint.Options{Time: today, Targets: ro.given.targets, ZLint: []string{"none"}, Workers: 1}
	var with, roots []*signer
	files := slices.Clone(ro.given.files)
	for _, r := range []*rollOut{ro, beside} {
		if r == nil {
			continue
		}
		with, roots = append(with, r.given.with...), append(roots, r.given.roots...)
	}
	if beside != nil {
		for i, f := range beside.given.files {
			other := *f
			other.Name = fmt.Sprintf("other-%d-%s", i, f.Name)
			files = append(files, &other)
		}
	}
	if len(with) > 0 {
		opts.With = pemBundle(with...)
	}
	if len(roots) > 0 {
		opts.Roots = pemBundle(roots...)
	}
	r, err := lint.Run(context.Background(), files, opts)
	if err != nil {
		t.Fatalf("%s: %v", ro.told(), err)
	}
	sum := fmt.Sprintf("%x", sha256.Sum256(ro.leaf.Raw))
	verdicts := map[lint.Target]*lint.Verdict{}
	for i := range r.Subjects {
		v := &r.Subjects[i]
		if v.Subject.Kind == ro.given.kind && (v.Subject.SHA256 == sum || v.Subject.SHA256 == "" && v.Subject.File == ro.given.files[0].Name) {
			verdicts[v.Target] = v
		}
	}
	return verdicts
}
