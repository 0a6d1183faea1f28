package describe

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/sst"
)

// Element is one item of a file.
type Element struct {
	// Kind is certificate, crl, ctl for a trust list, or whatever else the file calls
	// it, in lower case: "private key", say.
	Kind        string          `json:"kind"`
	Offset      int64           `json:"offset"` // in the file, where that has offsets
	Certificate                 // of other elements of a store, and of a revocation list, only SHA256
	List        *RevocationList `json:"list,omitempty"`
	Error       Cause           `json:"error,omitzero"` // why it cannot be read
	Properties  []Property      `json:"properties,omitempty"`
}

// RevocationList is what a certificate revocation list says of itself.
type RevocationList struct {
	Issuer     string `json:"issuer"`
	ThisUpdate string `json:"this_update"`           // RFC 3339, UTC
	NextUpdate string `json:"next_update,omitempty"` // RFC 3339, UTC
	Revoked    int    `json:"revoked"`               // certificates
}

// NewElement describes an element of a store, as [sst.Reader] reads it. It is that of
// [NewFile] for the same element.
func NewElement(e *sst.Element) Element {
	switch e.Kind {
	case sst.Certificate:
		return certificateElement(&bundle.Certificate{Certificate: chain.ParseCertificate(e.Raw), Offset: e.Offset, Properties: e.Properties})
	case sst.CRL:
		return listElement(e.Raw, e.Offset, e.Properties)
	}
	d := Element{Kind: strings.ToLower(e.Kind.String()), Offset: e.Offset, Properties: describeProperties(e.Properties)}
	d.SHA256 = hash(e.Raw)
	return d
}

func certificateElement(c *bundle.Certificate) Element {
	d := Element{Kind: "certificate", Offset: c.Offset, Error: Cause{c.Err()}, Properties: describeProperties(c.Properties)}
	if c.Raw != nil {
		d.Certificate = NewCertificate(c.Certificate)
	}
	return d
}

func listElement(raw []byte, offset int64, properties []sst.Property) Element {
	d := Element{Kind: "crl", Offset: offset, Properties: describeProperties(properties)}
	d.SHA256 = hash(raw)
	list, err := chain.ParseRevocationList(raw)
	if err != nil {
		d.Error = Cause{err}
		return d
	}
	d.List = &RevocationList{
		Issuer: list.Issuer, ThisUpdate: stamp(list.ThisUpdate), NextUpdate: moment(list.NextUpdate),
		Revoked: list.Entries,
	}
	return d
}

func hash(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}
