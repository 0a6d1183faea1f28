package deploy_test

import (
	"errors"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/deploy"
)

// TestPackRefusesKeys holds that no collection is made beside a key, or beside what
// may hold one.
func TestPackRefusesKeys(t *testing.T) {
	for _, data := range []string{
		"PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\nAAAAAAAAAAAAAAAAAAAAAAAA\n",
		"SQLite format 3\x00                    CREATE TABLE nssPrivate (id)",
	} {
		f, err := bundle.Parse("x", []byte(data))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := deploy.Pack([]*bundle.File{f}, time.Time{}); !errors.Is(err, deploy.ErrPrivateKey) {
			t.Errorf("%v: %v", f.Keys, err)
		}
	}
}
