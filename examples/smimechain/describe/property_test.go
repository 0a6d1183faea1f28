package describe_test

import (
	"strings"
	"testing"

	"github.com/smimechain/smimechain/examples/smimechain/describe"
	"github.com/smimechain/smimechain/sst"
)

// A reference to a key is in words, without what may be a PIN; a damaged value has no
// words.
func TestPropertyValues(t *testing.T) {
	// CRYPT_KEY_PROV_INFO, of which the only parameter (32) is a PIN.
	key := sst.Property{ID: sst.PropKeyProvInfo, Value: []byte(",\x00\x00\x004\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" +
		"\x01\x00\x00\x00\x1c\x00\x00\x00\x01\x00\x00\x00 \x00\x00\x00<\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00" +
		"k\x00e\x00y\x00\x00\x00K\x00S\x00P\x00\x00\x001234")}
	properties := []sst.Property{
		key, {ID: sst.PropKeyProvInfo, Value: []byte{1}}, {ID: sst.PropFriendlyName, Value: []byte{1}}, {ID: sst.PropEnhKeyUsage, Value: []byte{1}},
		{ID: sst.PropID(0x8000), Value: []byte("of an application")},
	}
	want := []string{`container="key" provider="KSP" type=0 flags=0x0 key_spec=1`, "", "", "", ""}
	e := describe.NewElement(&sst.Element{Kind: sst.CTL, Raw: []byte{0x30, 0}, Properties: properties})
	for i, p := range e.Properties {
		if p.Value != want[i] || p.Size != len(properties[i].Value) || strings.Contains(p.Value, "1234") {
			t.Errorf("%+v, want the value %q", p, want[i])
		}
	}
}
