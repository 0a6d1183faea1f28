//go:build !js && !wasip1

package fetch

import (
	"context"

	"github.com/smimechain/smimechain/chain"
)

// Issuers implements [chain.IssuerSource]. It asks the caIssuers addresses of c
// in order, until one gives a certificate that issued c, and returns all
// certificates that it was given. It has an error only where no address gave
// any; a certificate without addresses gives neither.
func (c *Client) Issuers(ctx context.Context, cert *chain.Certificate) ([]*chain.Certificate, error) {
	var found []*chain.Certificate
	var errs []error
	for _, address := range first(cert.AIA(), MaxAddresses) {
		a, err := c.ask(ctx, address, certificates)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		found = append(found, a.certs...)
		for _, issuer := range a.certs {
			if cert.SignedBy(issuer) == nil {
				return found, nil
			}
		}
	}
	if len(found) > 0 {
		return found, nil
	}
	return nil, join(errs)
}

func first(list []string, n int) []string {
	return list[:min(len(list), n)]
}
