package deploy

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/sst"
)

// Collection is a public collection of CA certificates.
type Collection struct {
	Certificates []*chain.Certificate // in the order given
	LeftOut      []LeftOut
}

// LeftOut is a certificate that a public collection must not hold.
type LeftOut struct {
	File  string
	Index int // of the certificate in the file, from 0
	Name  string
	Why   string
}

func (l LeftOut) String() string {
	return fmt.Sprintf("%s: certificate %d (%s) left out: %s", l.File, l.Index, l.Name, l.Why)
}

// ErrPrivateKey says that private key material was found where a public
// collection was to be made.
var ErrPrivateKey = errors.New("private key found; nothing was written")

// ErrEmpty says that no certificate is left for the collection.
var ErrEmpty = errors.New("no certificate is left for the collection")

// Pack makes the public collection of all CA certificates in files. It leaves
// out the certificates of users, those that have expired at the given time,
// those that cannot be decoded, and repetitions. All properties of stores are
// dropped. The error wraps [ErrPrivateKey] when a file holds key material, and
// [ErrEmpty] when nothing is left.
func Pack(files []*bundle.File, at time.Time) (*Collection, error) {
	for _, f := range files {
		if err := refuseKeys(f); err != nil {
			return nil, err
		}
	}
	c := new(Collection)
	for _, f := range files {
		for i, cert := range f.Certificates {
			parsed := &chain.Certificate{Raw: cert.Raw, Cert: cert.Cert, Err: cert.Err}
			if why := c.refuse(parsed, at); why != "" {
				c.LeftOut = append(c.LeftOut, LeftOut{File: f.Name, Index: i, Name: parsed.Subject(), Why: why})
				continue
			}
			c.Certificates = append(c.Certificates, parsed)
		}
	}
	if len(c.Certificates) == 0 {
		return nil, ErrEmpty
	}
	return c, nil
}

func refuseKeys(f *bundle.File) error {
	for _, k := range f.Keys {
		return fmt.Errorf("%s: %s at offset %d: %w", f.Name, k.Kind, k.Offset, ErrPrivateKey)
	}
	for i, cert := range f.Certificates {
		for _, p := range cert.Properties {
			if p.ID.Class().Has(sst.KeyMaterial) {
				return fmt.Errorf("%s: certificate %d: property %s: %w", f.Name, i, p.ID, ErrPrivateKey)
			}
		}
	}
	return nil
}

// refuse says why a certificate must stay out of the collection.
func (c *Collection) refuse(cert *chain.Certificate, at time.Time) string {
	switch {
	case cert.Cert == nil:
		return fmt.Sprintf("cannot be decoded: %v", cert.Err)
	case !cert.IsCA():
		return "it is the certificate of a user"
	case at.After(cert.Cert.NotAfter):
		return "it expired on " + cert.Cert.NotAfter.UTC().Format(time.DateOnly)
	}
	for _, earlier := range c.Certificates {
		if bytes.Equal(earlier.Raw, cert.Raw) {
			return "it is there already"
		}
	}
	return ""
}

// X509 returns the certificates as crypto/x509 reads them.
func (c *Collection) X509() []*x509.Certificate {
	certs := make([]*x509.Certificate, len(c.Certificates))
	for i, cert := range c.Certificates {
		certs[i] = cert.Cert
	}
	return certs
}
