package deploy

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
)

// RewriteOptions says how an identity is written anew.
type RewriteOptions struct {
	Password    *string // of the file that is read; nil for none
	NewPassword string  // of the file that is written; no target takes an empty one

	// With are further certificates, from which the chain of the identity is
	// completed.
	With []*chain.Certificate

	// Catalog knows which cross-certificates to prefer; nil means
	// [catalog.Default].
	Catalog *catalog.Catalog

	// Cache, if set, gives one certificate for the same octets; see [chain.Cache].
	Cache *chain.Cache
}

// ErrSeveralIdentities says that a file holds more than one private key: which
// of them a device would take is chance.
var ErrSeveralIdentities = say.Errorf("the file holds several private keys; split it first")

// Rewrite writes the identity of a PFX in the form that the target can open,
// with the chain that leads from its certificate to an anchor, as far as the
// file and opts.With hold one. Of several chains it takes the one through a
// cross-certificate that the catalogue recommends, which clients with old root
// stores need too. A chain that ends early is kept as it is.
//
// The result holds the private key: write it where nobody else can read it. It
// differs each time, as salts are random. The plain key is in memory only
// meanwhile, and no error says anything of it.
//
// The error is [ErrSeveralIdentities], or one of [pkcs12.Options.Inspect],
// [pkcs12.ProfileFor], [chain.Graph.Build] and [pkcs12.Options.Rewrite].
func Rewrite(ctx context.Context, pfx []byte, target pkcs12.Target, at time.Time, opts *RewriteOptions) ([]byte, error) {
	if opts == nil {
		opts = new(RewriteOptions)
	}
	cache := opts.Cache
	if cache == nil {
		cache = new(chain.Cache) // for what is read twice here
	}
	read := &pkcs12.Options{Password: opts.Password, Cache: cache}
	report, err := read.Inspect(ctx, pfx)
	if err != nil {
		return nil, err
	}
	if len(report.Identities) > 1 {
		return nil, ErrSeveralIdentities
	}
	profile, err := pkcs12.ProfileFor(target)
	if err != nil {
		return nil, err
	}
	rewriting := pkcs12.Rewriting{Profile: profile, Password: opts.NewPassword, Target: target}
	if len(report.Identities) == 1 && report.Identities[0].Leaf != nil {
		if rewriting.Chain, err = bestChain(ctx, report, at, opts); err != nil {
			return nil, err
		}
	}
	return read.Rewrite(ctx, pfx, rewriting)
}

// bestChain returns the certificates above the leaf of the one identity; nil
// when no chain is accepted.
func bestChain(ctx context.Context, report *pkcs12.Report, at time.Time, opts *RewriteOptions) ([]*chain.Certificate, error) {
	leaf := report.Bag(report.Identities[0].Leaf).Certificate
	certs := slices.Concat(opts.With, report.Certificates())
	var anchors []*chain.Certificate
	for _, c := range certs {
		if c.SelfSigned() {
			anchors = append(anchors, c)
		}
	}
	result, err := chain.NewGraph(certs, anchors, chain.Limits{}).Build(ctx, leaf, at, nil)
	if err != nil {
		return nil, say.Errorf("building the chain: %w", err)
	}
	if len(result.Accepted) == 0 {
		return nil, nil
	}
	best := result.Accepted[0]
	if i := slices.IndexFunc(result.Accepted, func(p *chain.Path) bool { return recommended(p, opts.Catalog) }); i >= 0 {
		best = result.Accepted[i]
	}
	return best.Certificates[1:], nil
}

// recommended reports whether a path leads through a cross-certificate that the
// catalogue recommends.
func recommended(p *chain.Path, known *catalog.Catalog) bool {
	if known == nil {
		known = catalog.Default()
	}
	return slices.ContainsFunc(p.Certificates, func(c *chain.Certificate) bool {
		e, ok := known.ByFingerprint(c.SHA256())
		return ok && e.Kind == catalog.Cross && e.Advice == catalog.Recommended
	})
}

// RewriteTargets returns the names that [RewriteTarget] takes: the targets of package
// lint that keep keys, and then the programs of package pkcs12.
func RewriteTargets() []string {
	var names []string
	for _, t := range lint.Targets() {
		if t.OldestReader() != "" {
			names = append(names, string(t))
		}
	}
	for _, t := range pkcs12.Targets() {
		names = append(names, string(t.Target))
	}
	return names
}

// RewriteTarget returns the program to rewrite an identity for, by its name. The name
// of a target of package lint stands for the oldest release of it in use.
func RewriteTarget(name string) (pkcs12.Target, error) {
	if oldest := lint.Target(name).OldestReader(); oldest != "" {
		return oldest, nil
	}
	for _, t := range pkcs12.Targets() {
		if string(t.Target) == name {
			return t.Target, nil
		}
	}
	return "", say.Errorf("unknown target %q: want one of %s", name, strings.Join(RewriteTargets(), ", "))
}
