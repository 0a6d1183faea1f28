package deploy_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/testdata/keyforms"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestPackRefusesKeys holds that no collection is made of or beside a private key in
// any form, nor beside what may hold one: neither a new one, from which what Exchange
// Online takes is made, nor one that is merged into another.
func TestPackRefusesKeys(t *testing.T) {
	outside.SkipUnderRace(t)
	complete := read(t, "collections/complete.sst")
	for name, data := range keyforms.Files(t, keyforms.Make(t, filepath.Join("..", "..", "testdata"))) {
		t.Run(name, func(t *testing.T) {
			key, err := bundle.Parse("key", data)
			if err != nil {
				t.Fatal(err)
			}
			if c, err := deploy.Pack([]*bundle.File{complete, key}, today); c != nil || !errors.Is(err, deploy.ErrPrivateKey) {
				t.Errorf("packed with %v: %v", key.Keys, err)
			}
			if c, err := deploy.Merge(complete, []*bundle.File{key}, today); c != nil || !errors.Is(err, deploy.ErrPrivateKey) {
				t.Errorf("merged with %v: %v", key.Keys, err)
			}
			if c, err := deploy.Merge(key, []*bundle.File{complete}, today); c != nil || !errors.Is(err, deploy.ErrPrivateKey) {
				t.Errorf("merged into %v: %v", key.Keys, err)
			}
		})
	}
}
