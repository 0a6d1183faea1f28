package chain

import (
	"context"
	"fmt"
	"testing"
	"time"
)

var testTime = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

func describe(paths []*Path) (out []string) {
	for _, p := range paths {
		s := ""
		for _, c := range p.Certificates {
			sum := c.SHA256()
			s += fmt.Sprintf("%X ", sum[:4])
		}
		for _, q := range p.Problems {
			s += fmt.Sprintf("[%d %s]", q.Index, q)
		}
		out = append(out, s)
	}
	return out
}

func TestSectigo(t *testing.T) {
	leaf := sectigo(t, "leaf-support-ssystems-de")
	r36 := sectigo(t, "ca-r36")
	self := sectigo(t, "root-r46-self-signed")
	cross := sectigo(t, "root-r46-cross-signed-by-usertrust")
	usertrust := sectigo(t, "root-usertrust-rsa")
	aaa := sectigo(t, "root-aaa")
	utaaa := sectigo(t, "usertrust-cross-signed-by-aaa")
	g := NewGraph([]*Certificate{r36, cross, utaaa}, []*Certificate{self, usertrust, aaa}, Limits{})
	r, err := g.Build(context.Background(), leaf, testTime, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(describe(r.Accepted), describe(r.Rejected), r.DeadEnds, r.Truncated, r.Signatures)
	if len(r.Accepted) != 3 || len(r.Rejected) != 0 || len(r.DeadEnds) != 0 || !r.Complete() {
		t.Errorf("got %d accepted, %d rejected, %d dead ends", len(r.Accepted), len(r.Rejected), len(r.DeadEnds))
	}
	r, _ = NewGraph([]*Certificate{r36, cross}, nil, Limits{}).Build(context.Background(), leaf, testTime, nil)
	t.Log(describe(r.Accepted), describe(r.Rejected), r.DeadEnds, r.Truncated, r.Signatures)
	if len(r.DeadEnds) != 1 || r.DeadEnds[0].Certificate != cross {
		t.Errorf("got %+v", r.DeadEnds)
	}
}
