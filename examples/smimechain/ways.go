package main

import (
	"slices"

	"github.com/smimechain/smimechain/chain"
)

// maxWayChecks bounds the signatures that are checked to draw the ways to dead
// ends. Package chain has checked and remembers most of them.
const maxWayChecks = 1000

// ways returns the shortest way, leaf first, from the leaf to each certificate
// that verified signatures lead to.
func ways(leaf *chain.Certificate, certs []*chain.Certificate) map[[32]byte][]*chain.Certificate {
	byName := make(map[string][]*chain.Certificate)
	byKeyID := make(map[string][]*chain.Certificate)
	for _, c := range certs {
		byName[string(c.RawSubject())] = append(byName[string(c.RawSubject())], c)
		if id := c.SubjectKeyID(); id != nil {
			byKeyID[string(id)] = append(byKeyID[string(id)], c)
		}
	}
	found := map[[32]byte][]*chain.Certificate{leaf.SHA256(): {leaf}}
	queue := []*chain.Certificate{leaf}
	checks := 0
	for len(queue) > 0 {
		c := queue[0]
		queue = queue[1:]
		way := found[c.SHA256()]
		// Two spellings of one name differ as octets: the key identifier helps.
		candidates := slices.Concat(byKeyID[string(c.AuthorityKeyID())], byName[string(c.RawIssuer())])
		for _, issuer := range candidates {
			if found[issuer.SHA256()] != nil {
				continue
			}
			if checks++; checks > maxWayChecks {
				return found
			}
			if c.SignedBy(issuer) == nil {
				found[issuer.SHA256()] = append(slices.Clone(way), issuer)
				queue = append(queue, issuer)
			}
		}
	}
	return found
}
