package lint_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/say"
)

// TestFactsSet holds each fact to what a flag may say of it.
func TestFactsSet(t *testing.T) {
	for _, tt := range []struct {
		fact   lint.Fact
		value  string
		want   lint.Facts
		faults []string // values that are refused
	}{
		{"primary_smtp", "SMTP:anna@example.com", lint.Facts{PrimarySMTP: "anna@example.com"}, []string{"", "anna", "Anna <anna@example.com>", "@example.com", "a@b, c@d"}},
		{"proxy_addresses", "smtp:a@example.com, b@example.com,X500:/o=x", lint.Facts{ProxyAddresses: []string{"a@example.com", "b@example.com"}}, []string{"", "a@example.com,b", "a@example.com,,"}},
		{"upn", "anna@example.onmicrosoft.com", lint.Facts{UPN: "anna@example.onmicrosoft.com"}, []string{"", "anna", "anna@", "@example.com", "a@b@c", `EXAMPLE\anna`, "anna m@example.com"}},
		{"purposes", "sign, encrypt", lint.Facts{Purposes: []chain.Usage{chain.Sign, chain.Encrypt}}, []string{"", "signing", "sign,"}},
		{"oldest_ios", "17.4", lint.Facts{OldestIOS: lint.IOSVersion{Major: 17, Minor: 4}}, []string{"", "0", "iOS 17", "17.x", "19", "25", "99", "17.4.1.2"}},
		{"oldest_ios", "26", lint.Facts{OldestIOS: lint.IOSVersion{Major: 26}}, nil},
		{"platforms", "ios,windows,ios", lint.Facts{Platforms: []string{"ios", "windows"}}, []string{"", "iOS", "ios,", "linux"}},
		{"connector_key_bits", "2048", lint.Facts{ConnectorKeyBits: 2048}, []string{"", "0", "-1", "12", "2048 bits", "99999999999999999999"}},
		{"connector_provider", "Microsoft Software Key Storage Provider", lint.Facts{ConnectorProvider: "Microsoft Software Key Storage Provider"}, []string{""}},
		{"connector_key_name", "Key", lint.Facts{ConnectorKeyName: "Key"}, []string{""}},
		{"directory_certificates", "16", lint.Facts{DirectoryCertificates: 16}, []string{"", "0", "-3", "many"}},
		{"smime_config", `{"OWADisableCRLCheck":true}`, lint.Facts{SmimeConfig: &lint.SmimeConfig{UseSecondaryProxies: true, DisableCRLCheck: true}}, []string{"", "null", "[]"}},
		{"weather", "", lint.Facts{}, []string{"fine"}},
	} {
		var got lint.Facts
		if err := got.Set(tt.fact, tt.value); tt.value != "" && (err != nil || !reflect.DeepEqual(got, tt.want)) {
			t.Errorf("%s %q: %+v, %v", string(tt.fact), tt.value, got, err)
		}
		for _, fault := range tt.faults {
			if err := got.Set(tt.fact, fault); err == nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%s %q: %+v, %v", string(tt.fact), fault, got, err)
			}
		}
		if tt.fact != "weather" && (tt.fact.Doc().IsZero() || !strings.Contains(tt.fact.String(), "-"+tt.fact.Flag()+" ")) {
			t.Errorf("%s: its flag is not said", tt.fact)
		}
	}
}

// TestFactsTemplate holds that the template is read, knows nothing and explains all.
func TestFactsTemplate(t *testing.T) {
	for _, l := range locale.Languages() {
		data := lint.FactsTemplate(l.Say)
		facts, err := lint.ParseFacts(data)
		if err != nil || !reflect.DeepEqual(facts, new(lint.Facts)) {
			t.Errorf("%s: %+v, %v", l, facts, err)
		}
	}
	plain := string(lint.FactsTemplate(func(s say.Sentence) string { return s.Sentence().String() }))
	for _, fact := range lint.AllFacts() {
		if n := strings.Count(plain, `"`+string(fact)+`": `); n != 2 {
			t.Errorf("%s is there %d times, want once explained and once to fill in", fact, n)
		}
	}
	filled := strings.Replace(plain, `"oldest_ios": ""`, `"oldest_ios": "17"`, 1)
	filled = strings.Replace(filled, `"platforms": []`, `"platforms": ["ios"]`, 1)
	facts, err := lint.ParseFacts([]byte(filled))
	if err != nil || facts.OldestIOS.Major != 17 || !slices.Equal(facts.Platforms, []string{"ios"}) {
		t.Errorf("%+v, %v", facts, err)
	}
}
