package lint

import (
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/pkcs12"
)

// problemCodes are the problems of a path that a rule speaks of.
type problemCodes []chain.ProblemCode

func (p problemCodes) has(c chain.ProblemCode) bool { return slices.Contains(p, c) }

// bestBroken returns the path to speak of where the target takes none that reaches an
// anchor, and why: the one with the fewest problems. Where it takes one, or may, or
// would but for the date that rules of their own speak of, it is nil.
func (p *Pass) bestBroken(r *chain.Result) (*chain.Path, []chain.Problem) {
	var best *chain.Path
	var fewest []chain.Problem
	for _, path := range slices.Concat(r.Accepted, r.Rejected) {
		takes, why := p.takesPath(path)
		if takes != pkcs12.No || p.onlyExpiredHere(path) {
			return nil, nil
		}
		if best == nil || len(why) < len(fewest) {
			best, fewest = path, why
		}
	}
	return best, fewest
}

// onlyExpired reports whether the target would take a path but for the date.
func (p *Pass) onlyExpired(path *chain.Path) bool {
	takes, why := p.takesPath(path)
	return takes == pkcs12.No && !slices.ContainsFunc(why, func(p chain.Problem) bool { return p.Code != "expired" })
}

// onlyExpiredHere reports whether a path would be good but for the dates of
// certificates of the collection, which other rules speak of.
func (p *Pass) onlyExpiredHere(path *chain.Path) bool {
	return p.onlyExpired(path) && !slices.ContainsFunc(path.Problems, func(problem chain.Problem) bool {
		return p.Collection.memberOf(path.Certificates[problem.Index]) == nil
	})
}
