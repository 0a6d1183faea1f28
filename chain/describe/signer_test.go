package describe_test

import (
	"errors"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/describe"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestSigner holds that paths start from who signed a message: of two the one that it is
// from, and of a store with several messages by several people nobody.
func TestSigner(t *testing.T) {
	for name, want := range map[string]string{
		"20-full-chain-with-root.eml": "CN=alice@example.com", "22-two-signers.eml": "CN=alice@example.com", "26-from-differs.eml": "CN=alice@example.com", "28-three-messages.mbox": "",
	} {
		f, err := bundle.Parse(name, outside.Read(t, "mail", name))
		if err != nil {
			t.Fatal(err)
		}
		p, err := describe.NewPool([]*bundle.File{f}, nil)
		if want == "" {
			if _, ok := errors.AsType[*describe.LeafError](err); !ok {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || p.Leaf.Subject() != want {
			t.Errorf("%s: %v, %v", name, p, err)
		}
	}
}
