package describe

import (
	"context"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
)

// How revocation was checked, as [Paths].Revocation says it.
const (
	RevocationNotChecked = "not_checked"
	RevocationGiven      = "given"   // by what was given alone, such as the lists in files
	RevocationFetched    = "fetched" // also by what was fetched
)

// OnlyRevoked returns a checker that takes silence for good: files hold the lists that
// somebody had, not those of every CA. What a list revokes is revoked. Where there is no list it
// returns nil, by which nothing is checked.
func OnlyRevoked(lists *chain.CRLs) chain.RevocationChecker {
	if lists.Len() == 0 {
		return nil
	}
	return onlyRevoked{lists}
}

type onlyRevoked struct{ lists *chain.CRLs }

func (r onlyRevoked) Revocation(ctx context.Context, path []*chain.Certificate, i int, at time.Time) (chain.RevocationStatus, say.Message) {
	status, detail := r.lists.Revocation(ctx, path, i, at)
	if !status.Known() {
		return chain.RevocationGood, detail
	}
	return status, detail
}
