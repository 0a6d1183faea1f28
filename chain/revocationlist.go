package chain

import (
	"time"

	"github.com/smimechain/smimechain/lint/say"
)

// A RevocationList is what a certificate revocation list says of itself. Whether it is
// signed by who it names, and what it says of a certificate, is for [CRLs] to tell.
type RevocationList struct {
	Issuer     string // RFC 2253
	Version    int    // as people write it: 1 or 2
	ThisUpdate time.Time
	NextUpdate time.Time // zero if there is none
	Entries    int       // certificates that it names
	Delta      bool      // it adds to another list (RFC 5280, Section 5.2.4)
	Indirect   bool      // it names certificates of other issuers too (Section 5.2.5)

	// Unusable says why it proves nothing, whoever has signed it; zero if nothing in it
	// speaks against it.
	Unusable say.Message
}

// ParseRevocationList reads a DER revocation list of any version, without checking its
// signature. It takes what [NewCRLs] takes, which is more than crypto/x509 does: version
// 1, and extensions twice. An error says that it cannot be read; the result is then nil.
func ParseRevocationList(der []byte) (*RevocationList, error) {
	c, err := readCRL(der)
	if err != nil {
		return nil, say.Errorf("chain: %w", err)
	}
	return &RevocationList{
		Issuer: NameString(c.issuer), Version: c.version, ThisUpdate: c.thisUpdate, NextUpdate: c.nextUpdate,
		Entries: c.entries.count, Delta: c.delta, Indirect: c.scope.indirect, Unusable: c.unusable,
	}, nil
}
