package describe_test

import (
	"errors"
	"testing"

	"github.com/smimechain/smimechain/examples/smimechain/describe"
)

// An importer learns what there is to choose from.
func TestLeafError(t *testing.T) {
	for _, tt := range []struct {
		files      []string
		candidates int
		want       string
	}{
		{[]string{"example/issuing-ca.pem", "example/issuing-ca-expired.pem"}, 2,
			"LEAF holds 2 certificates that paths may start from: put the one that is meant into a file of its own"},
		{nil, 0, "LEAF holds no certificate"},
	} {
		_, err := describe.NewPool(read(t, tt.files...), nil)
		e, ok := errors.AsType[*describe.LeafError](err)
		if !ok || len(e.Candidates) != tt.candidates || e.Error() != tt.want {
			t.Errorf("%v: %v", tt.files, err)
		}
	}
}
