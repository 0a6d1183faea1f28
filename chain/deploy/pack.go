package deploy

import (
	"bytes"
	"encoding/pem"
	"slices"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
	"github.com/smimechain/smimechain/sst"
)

// PublicCollection is a public collection of CA certificates, as [Pack] makes it. One
// that is put together by hand is taken as it is: nothing looks for keys,
// certificates of users or repetitions in it again.
type PublicCollection struct {
	Certificates []*chain.Certificate // those that issue to users first, roots last; of equals by digest
	LeftOut      []LeftOut            // what Pack was given besides, file by file
}

// LeftOut is a certificate that a public collection must not hold.
type LeftOut struct {
	File  string
	Index int    // of the certificate in the file, from 0
	Name  string // its subject, RFC 2253
	Why   string

	words say.Message // Why
	err   error       // why it cannot be decoded
}

// String names the file, the certificate and the reason.
func (l LeftOut) String() string { return l.Sentence().String() }

// Sentence returns what String says, to be said in another language.
func (l LeftOut) Sentence() say.Message {
	if l.err != nil {
		return say.New("%s: certificate %d left out: cannot be decoded: %v", l.File, l.Index, l.err)
	}
	return say.New("%s: certificate %d (%s) left out: %s", l.File, l.Index, l.Name, l.words.Or(l.Why))
}

// ErrPrivateKey says that private key material was found where a public
// collection was to be made.
var ErrPrivateKey = say.Errorf("private key found")

// ErrEmpty says that no certificate is left for the collection.
var ErrEmpty = say.Errorf("no certificate is left for the collection")

// Pack makes the public collection of all CA certificates in files. It leaves out the
// certificates of users, those that have expired at the given time, those that a store
// of Windows among the files holds to be distrusted ([bundle.Certificate.Distrust]) or a
// list of the catalogue does ([catalog.Catalog.Distrusted]), repetitions, what cannot be read, and all
// properties. What is a CA, [chain.Certificate.IsCA] says. At the zero time nothing has
// expired. The order does not depend on that of the input. The
// error wraps [ErrPrivateKey] when a file holds key material, and [ErrEmpty] when
// nothing is left.
func Pack(files []*bundle.File, at time.Time) (*PublicCollection, error) {
	c := new(PublicCollection)
	seen := map[[32]byte]bool{}
	distrusts := bundle.NewDistrusts(files)
	for _, f := range files {
		if err := refuseKeys(f); err != nil {
			return nil, err
		}
		for i := range f.Certificates {
			cert := &f.Certificates[i]
			from := LeftOut{File: f.Name, Index: i, Name: cert.Subject()}
			if cert.Fault != nil {
				from.Why, from.err = say.New("cannot be decoded: %v", cert.Fault).String(), cert.Fault
				c.LeftOut = append(c.LeftOut, from)
				continue
			}
			sum := cert.SHA256()
			code, distrust := distrusts.Of([]*chain.Certificate{cert.Certificate}, 0, at)
			if code == "restricted" {
				distrust = say.Message{} // by a property, which the collection is without
			}
			if d, ok := catalog.Default().Distrusted(sum); ok && distrust.IsZero() {
				distrust = d.Why()
			}
			switch {
			case cert.Err() != nil:
				from.words = say.New("%s", sst.DropMalformed)
			case !at.IsZero() && cert.NotAfter().Before(at):
				from.words = say.New("%s", sst.DropExpired)
			case !cert.IsCA():
				from.words = say.New("%s", sst.DropEndEntity)
			case !distrust.IsZero():
				from.words = distrust
			case seen[sum]:
				from.words = say.New("%s", sst.DropDuplicate)
			default:
				seen[sum] = true
				c.Certificates = append(c.Certificates, cert.Certificate)
				continue
			}
			from.Why = from.words.String()
			c.LeftOut = append(c.LeftOut, from)
		}
	}
	if len(c.Certificates) == 0 {
		return nil, c.empty()
	}
	// One order, whatever that of the files: the same certificates give the same octets.
	slices.SortFunc(c.Certificates, func(a, b *chain.Certificate) int {
		x, y := a.SHA256(), b.SHA256()
		return bytes.Compare(x[:], y[:])
	})
	c.Certificates = chain.Order(c.Certificates)
	return c, nil
}

// empty returns the error of a collection for which nothing is left, and why.
func (c *PublicCollection) empty() error {
	switch n := len(c.LeftOut); n {
	case 0:
		return ErrEmpty
	case 1:
		return say.Errorf("%w: %v", ErrEmpty, c.LeftOut[0].Sentence())
	default:
		return say.Errorf("%w: %v; and %s", ErrEmpty, c.LeftOut[0].Sentence(), say.Count(n-1, "1 other", "%d others"))
	}
}

func refuseKeys(f *bundle.File) error {
	for _, k := range f.Keys {
		return say.Errorf("%s: %s: %w", f.Name, k, ErrPrivateKey)
	}
	for i, cert := range f.Certificates {
		for _, p := range cert.Properties {
			if p.ID.Class().Has(sst.KeyMaterial) {
				return say.Errorf("%s: certificate %d: property %s: %w", f.Name, i, p.ID, ErrPrivateKey)
			}
		}
	}
	return nil
}

// SST returns the collection as a Serialized Certificate Store without
// properties, the form that Exchange Online takes. [sst.MaxExchangeSize] is not
// applied here. The error is that of [sst.Store.Marshal].
func (c *PublicCollection) SST() ([]byte, error) {
	store := new(sst.Store)
	for _, cert := range c.Certificates {
		store.Elements = append(store.Elements, sst.Element{Kind: sst.Certificate, Raw: cert.Raw})
	}
	return store.Marshal()
}

// PKCS7 returns the collection as a certificates-only message (.p7b). DER puts
// the certificates into an order of its own. The error is that of
// [pkcs7.SignedData.Marshal].
func (c *PublicCollection) PKCS7() ([]byte, error) {
	return pkcs7.New(c.Certificates...).Marshal()
}

// PEM returns the collection as PEM blocks, one after the other (RFC 7468,
// Section 5). The error is that of [pem.Encode], which has none to make of it.
func (c *PublicCollection) PEM() ([]byte, error) {
	var b bytes.Buffer
	for _, cert := range c.Certificates {
		if err := pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw}); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}
