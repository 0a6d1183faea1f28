package deploy

import (
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
)

// TestCurrentCollectionUnseen holds that a collection that is cut off is not taken for none:
// what is in use would be replaced without a word.
func TestCurrentCollectionUnseen(t *testing.T) {
	for value, want := range map[string]bool{"{0, 0, 0, 0...}": false, "{}": true} {
		f, err := bundle.Parse("x", []byte("OWASigningAlgorithms : 800C\nSMIMECertificateIssuingCA : "+value+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		if current, ok, err := CurrentCollection(f); current != nil || ok != want || err != nil {
			t.Errorf("%s: %d octets, %t, %v", value, len(current), ok, err)
		}
	}
}
