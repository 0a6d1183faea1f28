//go:build !js && !wasip1

package fetch

import (
	"context"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
)

// Revocation returns a checker over the revocation lists given and, where they
// do not answer for a certificate, over those at its CRL distribution points.
// What cannot be fetched is [chain.RevocationNotFetched], and the detail says why. It
// is safe for concurrent use.
func (c *Client) Revocation(given *chain.CRLs) chain.RevocationChecker {
	return &revocation{c, given}
}

type revocation struct {
	client *Client
	given  *chain.CRLs
}

func (r *revocation) Revocation(ctx context.Context, path []*chain.Certificate, i int, at time.Time) (chain.RevocationStatus, say.Message) {
	status, detail := r.given.Revocation(ctx, path, i, at)
	if status.Known() {
		return status, detail
	}
	addresses := first(path[i].CRLDistributionPoints(), MaxAddresses)
	if len(addresses) == 0 {
		return status, say.New("the certificate names no address of a revocation list")
	}
	var asked []string // that gave lists; together these may cover what each alone does not
	var crls [][]byte
	var errs []error
	for _, address := range addresses {
		a, err := r.client.ask(ctx, address, revocationLists)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		asked, crls = append(asked, address), append(crls, a.crls...)
		lists := r.client.checker(asked, crls)
		if lists == nil {
			errs = append(errs, &Error{"", say.Errorf("%w: too many sets of revocation lists", ErrBudget)})
			break
		}
		status, detail = lists.Revocation(ctx, path, i, at)
		if status.Known() {
			return status, detail
		}
	}
	if err := join(errs); err != nil {
		if len(asked) == 0 {
			status = chain.RevocationNotFetched
		}
		if detail.IsZero() {
			detail = say.New("%v", err)
		} else {
			detail = say.New("%s; %v", detail, err)
		}
	}
	return status, detail
}

// checker returns a checker over the lists of some addresses, the same one
// every time: it reads the lists only once. Certificates may name the same few
// addresses in any number of sets, all of which are kept: checker returns nil
// once the lists of those sets come to more than MaxTotalSize. The lists of one
// address alone never do.
func (c *Client) checker(addresses []string, crls [][]byte) *chain.CRLs {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := strings.Join(addresses, "\n")
	if c.lists[key] == nil {
		if len(addresses) > 1 {
			for _, l := range crls {
				c.shared += int64(len(l))
			}
			if c.shared > MaxTotalSize {
				return nil
			}
		}
		c.lists[key] = chain.NewCRLs(crls...)
	}
	return c.lists[key]
}
