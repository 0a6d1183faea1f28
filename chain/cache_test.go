package chain

import (
	"bytes"
	"testing"
)

// TestCache holds that one certificate stands for the same octets.
func TestCache(t *testing.T) {
	a, b := sign(t, rootEntity, rootEntity), sign(t, entity{"CA", 1}, rootEntity)
	var c Cache
	if c.One(a) != a || c.Certificate(bytes.Clone(a.Raw)) != a || c.Certificate(bytes.Clone(b.Raw)) == a {
		t.Error("not one certificate for the same octets")
	}
	if first := c.Certificate(b.Raw); first != c.One(FromX509(b.cert())) {
		t.Error("not the first one")
	}
	var none *Cache
	if none.One(a) != a || none.Certificate(a.Raw) == a || none.One(nil) != nil {
		t.Error("a nil cache keeps something")
	}
	if nothing := new(Certificate); c.One(nothing) != nothing || c.One(new(Certificate)) == nothing {
		t.Error("certificates without octets are the same")
	}
}
