package chain_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
)

// directory supplies issuers from a list, as another source would from the
// addresses of c.AIA.
type directory []*chain.Certificate

func (d directory) Issuers(ctx context.Context, c *chain.Certificate) ([]*chain.Certificate, error) {
	var issuers []*chain.Certificate
	for _, known := range d {
		if bytes.Equal(known.RawSubject(), c.RawIssuer()) {
			issuers = append(issuers, known)
		}
	}
	if issuers == nil {
		return nil, fmt.Errorf("the directory does not know %s", c.Issuer())
	}
	return issuers, ctx.Err()
}

// What is missing comes from a source of one's own.
func ExampleIssuerSource() {
	leaf := issue("User", 1, "Issuing CA", 2, false, 2)
	issuing := issue("Issuing CA", 2, "Policy CA", 3, true, 10)
	policy := issue("Policy CA", 3, "Root", 4, true, 10)
	root := issue("Root", 4, "Root", 4, true, 20)

	graph := chain.NewGraph(nil, []*chain.Certificate{root}, chain.Limits{})
	at := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	for _, source := range []directory{{issuing}, {issuing, policy}} {
		result, err := graph.Build(context.Background(), leaf, at, &chain.Options{
			Issuers: source,
			Limits:  chain.Limits{Fetches: 4},
		})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("paths:", len(result.Accepted), "fetched:", len(result.Fetched), "errors:", result.FetchErrors)
	}
	// Output:
	// paths: 0 fetched: 1 errors: [the directory does not know CN=Policy CA]
	// paths: 1 fetched: 2 errors: []
}

// blocked is a list of fingerprints.
type blocked map[[32]byte]string

func (b blocked) Revocation(ctx context.Context, path []*chain.Certificate, i int, at time.Time) (chain.RevocationStatus, say.Message) {
	if err := ctx.Err(); err != nil {
		return chain.RevocationUnknown, say.New("%v", err)
	}
	if why, ok := b[path[i].SHA256()]; ok {
		return chain.Revoked, say.New("%s", why)
	}
	return chain.RevocationGood, say.Message{}
}

// A list of one's own says which certificates are revoked.
func ExampleRevocationChecker() {
	leaf := issue("User", 1, "Issuing CA", 2, false, 2)
	issuing := issue("Issuing CA", 2, "Root", 3, true, 10)
	root := issue("Root", 3, "Root", 3, true, 20)

	graph := chain.NewGraph([]*chain.Certificate{issuing}, []*chain.Certificate{root}, chain.Limits{})
	at := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	result, err := graph.Build(context.Background(), leaf, at, &chain.Options{
		Revocation: blocked{issuing.SHA256(): "given up in 2026"},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range result.Rejected {
		for _, problem := range p.Problems {
			fmt.Println(p.Certificates[problem.Index].Subject(), problem.Code, problem.Detail)
		}
	}
	// Output:
	// CN=Issuing CA revoked given up in 2026
}
