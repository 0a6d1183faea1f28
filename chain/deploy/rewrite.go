package deploy

import (
	"context"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
)

// RewriteOptions says how an identity is written anew.
type RewriteOptions struct {
	Password    *string // of the file that is read; nil for none
	KeyPassword *string // of the private key, where it has one of its own; nil for none
	NewPassword string  // of the file that is written; no target takes an empty one, which stands for that of a profile

	// Identity chooses one of several private keys: its number, counted from 0 in the
	// order of the file, or the first 8 or more hexadecimal digits of the SHA-256 of its
	// certificate. Empty stands for the only one, and for all of them where the target
	// takes several: see [pkcs12.Importer.TakesSeveral].
	Identity string

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
var ErrSeveralIdentities = say.Errorf("the file holds several private keys: choose one with -identity N, as smimechain show numbers them, or by the SHA-256 of its certificate")

// Rewrite writes the identity of a PFX, or of a configuration profile of Apple, in the form that the target can open,
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
// [pkcs12.ProfileFor], [chain.Graph.Build], [pkcs12.Options.Rewrite] and
// [pkcs12.Options.RewriteAll].
func Rewrite(ctx context.Context, pfx []byte, target pkcs12.Importer, at time.Time, opts *RewriteOptions) ([]byte, error) {
	if opts == nil {
		opts = new(RewriteOptions)
	}
	cache := opts.Cache
	if cache == nil {
		cache = new(chain.Cache) // for what is read twice here
	}
	read := &pkcs12.Options{Password: opts.Password, KeyPassword: opts.KeyPassword, Cache: cache}
	pfx, which, err := fromProfile(ctx, pfx, read, opts.Identity)
	if err != nil {
		return nil, err
	}
	renewed := opts.NewPassword
	if renewed == "" && opts.Password == nil && read.Password != nil {
		renewed = *read.Password // that of the profile
	}
	report, err := read.Inspect(ctx, pfx)
	if err != nil {
		return nil, err
	}
	profile, err := pkcs12.ProfileFor(target)
	if err != nil {
		return nil, err
	}
	if which == "" && allOf(report) && target.TakesSeveral() {
		rewriting := pkcs12.Rewriting{Profile: profile, Password: renewed, Importer: target}
		chains := make([][]*chain.Certificate, len(report.Identities))
		for i, id := range report.Identities {
			if chains[i], err = bestChain(ctx, report, id.Leaf, at, opts); err != nil {
				return nil, err
			}
		}
		return read.RewriteAll(ctx, pfx, rewriting, chains)
	}
	chosen, err := choose(report, which)
	if err != nil {
		return nil, err
	}
	rewriting := pkcs12.Rewriting{Profile: profile, Password: renewed, Importer: target, Identity: chosen}
	if len(report.Identities) > 0 && report.Identities[chosen].Leaf != nil {
		if rewriting.Chain, err = bestChain(ctx, report, report.Identities[chosen].Leaf, at, opts); err != nil {
			return nil, err
		}
	}
	return read.Rewrite(ctx, pfx, rewriting)
}

// allOf reports whether a file holds several identities, all of which can be written.
func allOf(report *pkcs12.Inspection) bool {
	leaves := map[string]bool{}
	for i, id := range report.Identities {
		if report.RewriteObstacle(i, "") != pkcs12.ObstacleNone {
			return false
		}
		leaves[id.Leaf.String()] = true
	}
	return len(leaves) > 1 && len(leaves) == len(report.Identities)
}

// choose returns the index of the private key that is to be written.
func choose(report *pkcs12.Inspection, which string) (int, error) {
	if which == "" {
		if len(report.Identities) > 1 {
			return 0, ErrSeveralIdentities
		}
		return 0, nil // where there is none, that is said with the reason
	}
	if n, err := strconv.Atoi(which); err == nil && n >= 0 && n < len(report.Identities) {
		return n, nil
	}
	const leastDigits = 8
	found := -1
	for i, id := range report.Identities {
		leaf := report.Bag(id.Leaf)
		if leaf == nil || len(which) < leastDigits {
			continue
		}
		sum := leaf.Certificate.SHA256()
		if strings.HasPrefix(hex.EncodeToString(sum[:]), strings.ToLower(strings.ReplaceAll(which, ":", ""))) {
			if found >= 0 {
				return 0, ErrSeveralIdentities
			}
			found = i
		}
	}
	if found < 0 {
		return 0, say.Errorf("there is no identity %s: the file has %d", which, len(report.Identities))
	}
	return found, nil
}

// fromProfile returns the PFX inside a profile and which of its private keys is meant, and
// data that is no profile as it is. Of several payloads which is the number. The
// password that stands in the profile is used where no other is given.
func fromProfile(ctx context.Context, data []byte, read *pkcs12.Options, which string) ([]byte, string, error) {
	identities, err := bundle.ProfileIdentities(ctx, data)
	if err != nil || identities == nil {
		return data, which, err
	}
	n := 0
	if len(identities) > 1 {
		if n, err = strconv.Atoi(which); err != nil || n < 0 || n >= len(identities) {
			return nil, "", ErrSeveralIdentities
		}
		which = ""
	}
	if read.Password == nil {
		read.Password = identities[n].Password
	}
	return identities[n].PFX, which, nil
}

// bestChain returns the certificates above the leaf of the identity; nil
// when no chain is accepted.
func bestChain(ctx context.Context, report *pkcs12.Inspection, ref pkcs12.BagRef, at time.Time, opts *RewriteOptions) ([]*chain.Certificate, error) {
	leaf := report.Bag(ref).Certificate
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
	for _, t := range pkcs12.Importers() {
		names = append(names, string(t.Importer))
	}
	return names
}

// RewriteTarget returns the program to rewrite an identity for, by its name. The name
// of a target of package lint stands for the oldest release of it in use.
func RewriteTarget(name string) (pkcs12.Importer, error) {
	if oldest := lint.Target(name).OldestReader(); oldest != "" {
		return oldest, nil
	}
	for _, t := range pkcs12.Importers() {
		if string(t.Importer) == name {
			return t.Importer, nil
		}
	}
	return "", say.Errorf("unknown target %q: want one of %s", name, strings.Join(RewriteTargets(), ", "))
}
