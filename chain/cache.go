package chain

import (
	"crypto/sha256"
	"sync"
)

// Cache hands out one [Certificate] for the same octets, so that what is read again,
// such as a store that was just written, is not read anew. It keeps what it has handed
// out. The zero value is empty, and nil keeps nothing. It is safe for concurrent use.
type Cache struct {
	mu    sync.Mutex
	known map[[sha256.Size]byte]*Certificate
}

// Certificate returns the certificate with these octets, which it makes of DER as
// [ParseCertificate] does where it has none. The slice is kept, not copied.
func (c *Cache) Certificate(der []byte) *Certificate { return c.One(ParseCertificate(der)) }

// One returns the certificate with the octets of another: the one that was handed out
// before or, if there is none, the one given.
func (c *Cache) One(cert *Certificate) *Certificate {
	if c == nil || cert == nil || len(cert.Raw) == 0 {
		return cert
	}
	sum := cert.SHA256()
	c.mu.Lock()
	defer c.mu.Unlock()
	if one := c.known[sum]; one != nil {
		return one
	}
	if c.known == nil {
		c.known = make(map[[sha256.Size]byte]*Certificate)
	}
	c.known[sum] = cert
	return cert
}
