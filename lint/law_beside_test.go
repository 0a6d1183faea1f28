package lint_test

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestLawBeside holds that the roll-out of a user is judged as it is alone where that of
// another user, under other CAs, is given with it, where every file is given twice, and
// where what is given is given once more as help.
func TestLawBeside(t *testing.T) {
	cases := uint64(40)
	if outside.Long() {
		cases = 300
	}
	for number := range cases {
		one := newRollOut(number)
		other := newRollOut(1<<20+number, somebodyElse)
		for n := number; len(other.given.store) > 0; n += cases { // of which one call has one
			other = newRollOut(1<<21+n, somebodyElse)
		}
		alone := verdictsOfOne(t, one, one.given.files, &one.given)
		if len(alone) != len(one.given.targets) {
			t.Fatalf("%s: verdicts for %d of %v", one.told(), len(alone), one.given.targets)
		}
		for what, given := range map[string]*givenForm{
			"beside another, " + other.told(): &other.given,
			"with every file twice":           {files: one.given.files},
			"with everything as help too":     {with: slices.Concat(one.given.inner, one.given.store, one.given.roots)},
		} {
			together := verdictsOfOne(t, one, renamed(one.given.files, given.files), &one.given, given)
			for target, want := range alone {
				got := together[target]
				if got == nil || got.Status != want.Status || !slices.Equal(got.Because, want.Because) {
					t.Errorf("%s, %s: %s %v %s; %s: %v", target, one.told(), want.Status, want.Because, failing(want), what, got)
				}
			}
		}
	}
}

// renamed adds files under other names.
func renamed(files, more []*bundle.File) []*bundle.File {
	files = slices.Clone(files)
	for i, f := range more {
		other := *f
		other.Name = fmt.Sprintf("other-%d-%s", i, f.Name)
		files = append(files, &other)
	}
	return files
}

func somebodyElse(c *x509.Certificate) {
	c.Subject.CommonName, c.EmailAddresses, c.SerialNumber = "else@example.com", []string{"else@example.com"}, big.NewInt(0x3000)
}

// told says what was made.
func (ro *rollOut) told() string { return (&judged{rollOut: ro}).String() }

// verdictsOfOne judges files without facts, with the help and the roots of what is given,
// and returns what is said of the user of a roll-out.
func verdictsOfOne(t *testing.T, ro *rollOut, files []*bundle.File, given ...*givenForm) map[lint.Target]*lint.Verdict {
	t.Helper()
	opts := &lint.Options{Time: today, Targets: ro.given.targets, ZLint: []string{"none"}, Workers: 1}
	var with, roots []*signer
	for _, g := range given {
		with, roots = append(with, g.with...), append(roots, g.roots...)
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
