package main

import (
	"context"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/examples/smimechain/fetch"
)

// How revocation is checked, in the words of the JSON output.
const (
	revocationNotChecked = "not_checked"
	revocationGiven      = "given"   // against the lists in the files
	revocationFetched    = "fetched" // also against lists from the network
)

// revocation sets the options that use the network, where it was asked for, and
// the revocation lists of the files. It returns how revocation is checked.
func (p *pool) revocation(client *fetch.Client, opts *chain.Options) string {
	given := chain.NewCRLs(p.crls...).WithSigners(p.certs...)
	switch {
	case client != nil:
		opts.Issuers, opts.Revocation = client, client.Revocation(given)
		return revocationFetched
	case len(p.crls) > 0:
		opts.Revocation = onlyRevoked{given}
		return revocationGiven
	default:
		return revocationNotChecked
	}
}

// onlyRevoked takes silence for good: files hold the lists that somebody had,
// not those of every CA. With the network, silence is a fault, as it is for
// Exchange Online.
type onlyRevoked struct{ lists *chain.CRLs }

func (r onlyRevoked) Revocation(ctx context.Context, path []*chain.Certificate, i int, at time.Time) (chain.RevocationStatus, string) {
	status, detail := r.lists.Revocation(ctx, path, i, at)
	if status == chain.RevocationUnknown {
		return chain.RevocationGood, detail
	}
	return status, detail
}
