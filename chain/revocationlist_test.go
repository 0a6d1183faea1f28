package chain

import (
	"crypto/x509"
	"slices"
	"testing"
)

// TestParseRevocationList reads what lists say of themselves, among them those that
// crypto/x509 refuses.
func TestParseRevocationList(t *testing.T) {
	for _, test := range []struct {
		name                      string
		form                      listForm
		version, entries          int
		delta, indirect, unusable bool
		refused                   bool // by crypto/x509
	}{
		{name: "ordinary", version: 2, entries: 1},
		{name: "as openssl ca -gencrl writes it", form: listForm{version: -1, serials: []string{"020105", "020106"}}, version: 1, entries: 2, unusable: true, refused: true},
		{name: "of a version to come", form: listForm{version: 2}, version: 3, entries: 1, unusable: true, refused: true},
		{name: "a delta", form: listForm{extensions: listExtension(true, "020101", 2, 5, 29, 27)}, version: 2, entries: 1, delta: true},
		{name: "indirect", form: listForm{extensions: idp("3003 8401ff")}, version: 2, entries: 1, indirect: true},
		{name: "no end", form: listForm{endless: true}, version: 2, entries: 1, unusable: true},
	} {
		der := test.form.der()
		got, err := ParseRevocationList(der)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if got.Issuer != "CN=a" || got.Version != test.version || got.Entries != test.entries || got.Delta != test.delta || got.Indirect != test.indirect ||
			got.Unusable.IsZero() == test.unusable || !got.ThisUpdate.Equal(testStart) || got.NextUpdate.IsZero() != test.form.endless {
			t.Errorf("%s: %+v", test.name, got)
		}
		if _, err := x509.ParseRevocationList(der); (err != nil) != test.refused {
			t.Errorf("%s: crypto/x509: %v", test.name, err)
		}
	}
	der := listForm{}.der()
	for _, bad := range [][]byte{nil, der[:40], append(slices.Clip(der), 0)} {
		if got, err := ParseRevocationList(bad); err == nil || got != nil {
			t.Errorf("% x: %+v", bad, got)
		}
	}
}
