package describe

import (
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/sst"
)

// Property is a property of an element of a store.
type Property struct {
	ID    sst.PropID `json:"id"`
	Name  string     `json:"name"`  // of the ID, as sst writes it
	Class string     `json:"class"` // what the ID is about, as sst.Class is written
	Size  int        `json:"size"`  // of the value, in bytes
	// Value is the value in words; empty for key material, and for a value that has
	// no words or is damaged. Times are RFC 3339, UTC, hashes hexadecimal.
	Value string `json:"value,omitempty"`
}

func describeProperties(properties []sst.Property) []Property {
	var list []Property
	for _, p := range properties {
		list = append(list, Property{p.ID, p.ID.String(), p.ID.Class().String(), len(p.Value), propertyValue(p)})
	}
	return list
}

// propertyValue writes the value of a property in words. It is empty for key
// material, and where the value has no words.
func propertyValue(p sst.Property) string {
	if p.ID.Class().Has(sst.KeyMaterial) {
		return ""
	}
	switch p.ID.Form() {
	case sst.FormText:
		if s, err := p.Text(); err == nil {
			return s
		}
	case sst.FormFileTime:
		if t, err := p.Time(); err == nil {
			return moment(t)
		}
	case sst.FormDWORD:
		if n, err := p.Uint32(); err == nil {
			return fmt.Sprint(n)
		}
	case sst.FormHash:
		return hex.EncodeToString(p.Value)
	case sst.FormOIDList:
		if oids, err := p.OIDs(); err == nil {
			names := make([]string, len(oids))
			for i, oid := range oids {
				names[i] = chain.UsageName(oid.String())
			}
			return strings.Join(names, ", ")
		}
	case sst.FormKeyProvider:
		if k, err := p.KeyProvInfo(); err == nil {
			return fmt.Sprintf("container=%q provider=%q type=%d flags=0x%x key_spec=%d", k.Container, k.Provider, k.ProvType, k.Flags, k.KeySpec)
		}
	}
	return ""
}
