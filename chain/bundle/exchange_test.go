package bundle_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/sst"
)

func TestExchangeJSON(t *testing.T) {
	store := read(t, "collections/complete.sst")
	numbers := make([]int, len(store))
	for i, b := range store {
		numbers[i] = int(b)
	}
	array, err := json.Marshal(numbers)
	if err != nil {
		t.Fatal(err)
	}
	text := base64.StdEncoding.EncodeToString(store)
	tests := []struct {
		name         string
		value        string
		certificates int
	}{
		{"base64", `"` + text + `"`, 4},
		{"numbers", string(array), 4},
		{"wrapped numbers", `{"value": ` + string(array) + `, "Count": 1}`, 4},
		{"null", "null", 0},
		{"empty", `""`, 0},
		{"empty list", "[]", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			object := fmt.Sprintf(`{"Identity": "Smime", "OWACheckCRLOnSend": true, "OWASigningAlgorithms": "", "OWACRLRetrievalTimeout": 10000, "SMIMECertificateIssuingCA": %s}`, tt.value)
			for _, data := range [][]byte{[]byte(object), []byte("\xEF\xBB\xBF[" + object + "]\r\n"), utf16Text(object, false, true)} {
				f, err := bundle.Parse("x", data)
				if err != nil {
					t.Fatal(err)
				}
				if f.Format != bundle.ExchangeJSON || len(f.Settings) != 1 || len(f.Certificates) != tt.certificates || f.Settings[0].HasCollection != (tt.certificates > 0) {
					t.Fatalf("read as %s, settings %v, %d certificates", f.Format, f.Settings, len(f.Certificates))
				}
				s := f.Settings[0]
				if v, ok := s.Bool("owacheckcrlonsend"); !v || !ok {
					t.Error("OWACheckCRLOnSend is lost")
				}
				if v, ok := s.Number("OWACRLRetrievalTimeout"); v != 10000 || !ok {
					t.Error("OWACRLRetrievalTimeout is lost")
				}
				if v, ok := s.Text("OWASigningAlgorithms"); v != "" || !ok {
					t.Error("OWASigningAlgorithms is lost")
				}
				if _, ok := s.Bool("OWAAlwaysSign"); ok {
					t.Error("a setting that is not there has a value")
				}
			}
		})
	}
}

func TestExchangeJSONErrors(t *testing.T) {
	for _, value := range []string{`"***"`, `[256]`, `[-1]`, `true`, `{"x": 1}`} {
		if f, err := bundle.Parse("x", fmt.Appendf(nil, `{"SMIMECertificateIssuingCA": %s}`, value)); err == nil {
			t.Errorf("%s: read as %s", value, f.Format)
		}
	}
	_, err := bundle.Parse("x", []byte(`{"SMIMECertificateIssuingCA": "AAAAAENFUlQ="}`))
	if _, ok := errors.AsType[*sst.FormatError](err); !ok {
		t.Errorf("a damaged store: %v", err)
	}
	for _, other := range []string{`{"version": 1}`, `[]`, `[1, 2]`, `{}`, `{"a": `} {
		if _, err := bundle.Parse("x", []byte(other)); err == nil {
			t.Errorf("%s is recognised", other)
		}
	}
}
