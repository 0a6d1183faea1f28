package lint_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/testdata/outside"
	zlint "github.com/zmap/zlint/v3/lint"
)

func TestParseFacts(t *testing.T) {
	data, err := elements([]*signer{root()}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	numbers := make([]int, len(data))
	for i, b := range data {
		numbers[i] = int(b)
	}
	list, err := json.Marshal(numbers)
	if err != nil {
		t.Fatal(err)
	}
	text := `"` + base64.StdEncoding.EncodeToString(data) + `"`
	for name, collection := range map[string]string{"base64": text, "a list": string(list), "Windows PowerShell": `{"value":` + string(list) + `,"Count":3}`} {
		f, err := lint.ParseFacts([]byte("\uFEFF" + `{"version":1,"primary_smtp":"user@example.com","proxy_addresses":["smtp:u@example.org","X500:/o=Example/cn=u","SIP:u@example.org","SPO:SPO_1@SPO_2"],"upn":"u@example.com",
			"purposes":["sign","encrypt"],"oldest_ios":"17.4","connector_key_bits":2048,
			"smime_config":{"OWADisableCRLCheck":true,"OWAUseSecondaryProxiesWhenFindingCertificates":false,"Other":1,"SMIMECertificateIssuingCA":` + collection + `}}`))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if f.PrimarySMTP != "user@example.com" || !slices.Equal(f.ProxyAddresses, []string{"u@example.org"}) || f.UPN != "u@example.com" ||
			!slices.Equal(f.Purposes, []chain.Usage{chain.Sign, chain.Encrypt}) || f.OldestIOS != (lint.IOSVersion{Major: 17, Minor: 4}) || f.ConnectorKeyBits != 2048 {
			t.Errorf("%s: %+v", name, f)
		}
		if c := f.SmimeConfig; !c.DisableCRLCheck || c.UseSecondaryProxies || len(c.Collection) != 1 {
			t.Errorf("%s: %+v", name, c)
		}
	}
	for _, bad := range []string{
		``, `{}`, `{"version":2}`, `{"version":1} x`, `{"version":1,"mail":"user@example.com"}`, `{"version":1,"primary_smtp":"Bob <bob@example.com>"}`,
		`{"version":1,"proxy_addresses":["fax:Example"]}`, `{"version":1,"purposes":["read"]}`, `{"version":1,"oldest_ios":"seventeen"}`,
		`{"version":1,"connector_key_bits":12}`, `{"version":1,"smime_config":{"SMIMECertificateIssuingCA":[1,2,256]}}`,
		`{"version":1,"smime_config":{"SMIMECertificateIssuingCA":{}}}`, `{"version":1,"smime_config":[1]}`,
		`{"version":1,"platforms":["iOS"]}`, `{"version":1,"directory_certificates":-1}`, `{"version":1,"oldest_ios":"17.4.1.2"}`, `{"version":1,"oldest_ios":"0.9"}`,
		`{"version":1,"proxy_addresses":["u@example.com"` + strings.Repeat(`,"u@example.com"`, lint.MaxProxyAddresses) + `]}`,
	} {
		if f, err := lint.ParseFacts([]byte(bad)); err == nil || f != nil {
			t.Errorf("%s is accepted", bad)
		}
	}
	if _, err := lint.ParseFacts(make([]byte, lint.MaxFactsSize+1)); err == nil {
		t.Error("a file beyond the limit is accepted")
	}
	f, err := lint.ParseFacts([]byte(`{"version":1,"oldest_ios":"17.4.1","directory_certificates":16,"platforms":["ios","windows","ios"],"smime_config":null}`))
	if err != nil {
		t.Fatal(err)
	}
	if f.OldestIOS.String() != "17.4" || f.DirectoryCertificates != 16 || !slices.Equal(f.Platforms, []string{"ios", "windows"}) || f.SmimeConfig != nil {
		t.Errorf("%+v", f)
	}
}

// TestFactsAtTheirLimits holds which values a fact may have, each at its limit, and what is
// said of one that it may not.
func TestFactsAtTheirLimits(t *testing.T) {
	bits := func(n int) string { return fmt.Sprintf(`"connector_key_bits":%d`, n) }
	ios := func(v string) string { return `"oldest_ios":"` + v + `"` }
	addresses := func(n int) string {
		return `"proxy_addresses":["u@example.com"` + strings.Repeat(`,"u@example.com"`, n-1) + `]`
	}
	for fact, want := range map[string]string{ // empty: it is taken
		ios("1"): "", ios("17"): "", ios("18.7"): "", ios("18.7.2"): "", ios("17.20"): "", ios("26"): "", ios("49.0"): "", ios("19"): "there is none with that number", ios("25"): "there is none with that number", ios("50"): "there is none with that number",
		ios("0"): "want a version", ios("0.1"): "want a version", ios("17.0"): "", ios("17.4.1.0"): "want a version", ios("17."): "want a version", ios("256"): "want a version", ios("17.256"): "want a version", ios("17.4.x"): "want a version", ios("-1"): "want a version",

		bits(0): "", bits(1023): "no size of an RSA key", bits(1024): "", bits(16384): "", bits(16385): "no size of an RSA key", bits(-2048): "no size of an RSA key",

		`"directory_certificates":0`: "", `"directory_certificates":1`: "", `"directory_certificates":-1`: "less than none",

		`"upn":""`: "", `"upn":"a@b"`: "", `"upn":"a"`: "no user principal name", `"upn":"@b"`: "no user principal name", `"upn":"a@"`: "no user principal name", `"upn":"a@b@c"`: "no user principal name",
		`"upn":"a@b/c"`: "no user principal name", `"upn":"a b@c"`: "no user principal name", `"upn":"a@b c"`: "no user principal name",

		`"primary_smtp":""`: "", `"primary_smtp":"a@b"`: "", `"primary_smtp":"SMTP:a@b"`: "", `"primary_smtp":" a@b "`: "", `"primary_smtp":"sip:a@b"`: "not an SMTP address", `"primary_smtp":"a"`: "not an SMTP address", `"primary_smtp":"<a@b>"`: "not an SMTP address",

		`"purposes":[]`: "", `"purposes":["sign"]`: "", `"purposes":["Sign"]`: "neither sign nor encrypt", `"platforms":["ios","android-for-work"]`: "", `"platforms":["ios","android"]`: "is none of ios, macos",

		addresses(lint.MaxProxyAddresses): "", addresses(lint.MaxProxyAddresses + 1): "more than 1000",

		`"smime_config":null`: "", `"smime_config":{}`: "", `"smime_config":[]`: "want a JSON object, not a JSON array",

		`"upn":1`: "upn is a JSON number", `"unknown":1`: `unknown field "unknown"`, `"` + strings.Repeat("long", 50) + `":1`: "…", `"version":1}{`: "data after the object",
	} {
		f, err := lint.ParseFacts([]byte(`{"version":1,` + fact + `}`))
		if (err == nil) != (want == "") || (f != nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%.80s: %v, want %q", fact, err, want)
		}
		if err != nil && len(err.Error()) > 300 {
			t.Errorf("%.80s: %d octets of an error", fact, len(err.Error()))
		}
	}
	for n, want := range map[int]bool{lint.MaxFactsSize: true, lint.MaxFactsSize + 1: false} {
		text := `{"version":1}`
		if _, err := lint.ParseFacts([]byte(text + strings.Repeat(" ", n-len(text)))); (err == nil) != want {
			t.Errorf("%d octets: %v", n, err)
		}
	}
	if _, err := lint.ParseFacts([]byte(`"text"`)); err == nil || !strings.HasSuffix(err.Error(), "want a JSON object, not a JSON string") {
		t.Errorf("text: %v", err)
	}
	// Run refuses the same.
	for name, f := range map[string]*lint.Facts{
		"primary_smtp": {PrimarySMTP: "a"}, "proxy_addresses": {ProxyAddresses: []string{"a"}}, "upn": {UPN: "a"}, "purposes": {Purposes: []chain.Usage{chain.Issue}},
		"connector_key_bits": {ConnectorKeyBits: 1}, "platforms": {Platforms: []string{"a"}}, "directory_certificates": {DirectoryCertificates: -1},
	} {
		r, err := lint.Run(t.Context(), loose(user()), &lint.Options{Time: today, Facts: f})
		if r != nil || err == nil || !strings.Contains(err.Error(), name+": ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, v := range []lint.IOSVersion{{Major: 23}, {Major: 99}, {Major: -1}, {Minor: 4}, {Major: 17, Minor: -1}} {
		if _, err := lint.Run(t.Context(), loose(user()), &lint.Options{Time: today, Facts: &lint.Facts{OldestIOS: v}}); err == nil || !strings.Contains(err.Error(), "oldest_ios: ") {
			t.Errorf("iOS %v: %v", v, err)
		}
	}
	all := &lint.Facts{OldestIOS: lint.IOSVersion{Major: 17, Minor: 4}, PrimarySMTP: "a@b", ProxyAddresses: []string{"a@b"}, UPN: "a@b", Purposes: []chain.Usage{chain.Encrypt, chain.Sign}, ConnectorKeyBits: 2048, Platforms: []string{"ios"}, DirectoryCertificates: 1}
	if _, err := lint.Run(t.Context(), loose(user()), &lint.Options{Time: today, Facts: all, ZLint: []string{"none"}}); err != nil {
		t.Error(err)
	}
}

// TestParseSmimeConfig holds what is taken for the settings of a tenant.
func TestParseSmimeConfig(t *testing.T) {
	for _, tt := range []struct {
		text string
		want *lint.SmimeConfig // nil: an error
	}{
		{`{"OWADisableCRLCheck":true}`, &lint.SmimeConfig{UseSecondaryProxies: true, DisableCRLCheck: true}},
		{`{"smimecertificateissuingca":null}`, &lint.SmimeConfig{UseSecondaryProxies: true, HasCollection: true}},
		{`null`, nil}, {``, nil}, {`[{}]`, nil}, {`{"SMIMECertificateIssuingCA":"AAAA"}`, nil},
	} {
		got, err := lint.ParseSmimeConfig([]byte(tt.text))
		if (err == nil) != (tt.want != nil) || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %+v, %v; want %+v", tt.text, got, err, tt.want)
		}
	}
}

// TestFacts holds that a rule which needs a fact runs where it is known, and that
// the report names it where it is not.
func TestFacts(t *testing.T) {
	for fact, known := range map[lint.Fact]lint.Facts{
		"primary_smtp":           {PrimarySMTP: "user@example.com"},
		"upn":                    {UPN: "user@example.com"},
		"purposes":               {Purposes: []chain.Usage{chain.Sign}},
		"oldest_ios":             {OldestIOS: lint.IOSVersion{Major: 17}},
		"smime_config":           {SmimeConfig: new(lint.SmimeConfig)},
		"connector_key_bits":     {ConnectorKeyBits: 2048},
		"connector_key_name":     {ConnectorKeyName: "Key"},
		"platforms":              {Platforms: []string{"ios"}},
		"directory_certificates": {DirectoryCertificates: 1},
		"weather":                {}, // nobody knows
	} {
		rule := lint.Rule{Facts: []lint.Fact{fact}, Run: func(p *lint.Pass) error { p.Report(nil, "ran"); return nil }}
		rule.Name = "n_rule"
		opts := lint.Options{Time: today, Rules: []lint.Rule{rule}, ZLint: []string{"none"}}
		says := func(r *lint.Report) bool {
			return slices.ContainsFunc(r.NotChecked, func(n lint.NotChecked) bool {
				return n.What.String() == "n_rule" && strings.Contains(n.Why.String(), string(fact))
			})
		}
		if r := run(t, loose(user()), &opts); len(r.Findings) > 0 || !says(r) || r.Outcomes[0].Status != zlint.NA {
			t.Errorf("%s: not known, and the report is %+v", fact, r)
		}
		if fact == "weather" {
			continue
		}
		if !strings.HasPrefix(fact.String(), string(fact)+" (") {
			t.Errorf("%s: what it means is not said: %s", string(fact), fact)
		}
		opts.Facts = &known
		if r := run(t, loose(user()), &opts); len(r.Findings) != 1 || says(r) {
			t.Errorf("%s: known, and the report is %+v", fact, r)
		}
	}
}

func FuzzParseFacts(f *testing.F) {
	f.Add([]byte(`{"version":1,"smime_config":{"SMIMECertificateIssuingCA":"AAAA"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		facts, err := lint.ParseFacts(data)
		if (facts == nil) == (err == nil) {
			t.Errorf("%v and %v", facts, err)
		}
	})
}

// TestInternalRevocationList holds what the certificate of a CA names against the
// settings of the tenant, and against the default where these are not known.
func TestInternalRevocationList(t *testing.T) {
	const ldap, public, intranet = "ldap:///CN=CA,DC=example,DC=com?certificateRevocationList", "http://pki.example.com/ca.crl", "http://pki.corp.local/ca.crl"
	for _, tt := range []struct {
		name  string
		facts *lint.Facts
		lists []string
		want  lint.VerdictStatus
	}{
		{"LDAP, nothing known", nil, []string{ldap}, lint.Fails},
		{"LDAP, checked", &lint.Facts{SmimeConfig: new(lint.SmimeConfig)}, []string{ldap}, lint.Fails},
		{"LDAP, not checked", &lint.Facts{SmimeConfig: &lint.SmimeConfig{DisableCRLCheck: true}}, []string{ldap}, lint.Works},
		{"an internal host", nil, []string{intranet}, lint.Fails},
		{"LDAP and HTTP", nil, []string{ldap, public}, lint.Works},
		{"none", nil, nil, lint.Works},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ca := twin(root(), func(c *x509.Certificate) { c.CRLDistributionPoints = tt.lists })
			r := run(t, store(ca, root()), &lint.Options{Time: today, Facts: tt.facts})
			if got := verdict(r, lint.ExchangeOnline); got.Status != tt.want || (tt.want == lint.Fails) != slices.Equal(got.Because, []string{"e_owa_crl_unreachable"}) {
				t.Errorf("%s because of %v, want %s", got.Status, got.Because, tt.want)
			}
		})
	}
}

// TestAddressMatrix holds each target to what it compares.
func TestAddressMatrix(t *testing.T) {
	secondary := lint.Facts{PrimarySMTP: "user@example.com", ProxyAddresses: []string{"proxy@example.com"}}
	primaryOnly := secondary
	primaryOnly.SmimeConfig = &lint.SmimeConfig{}
	proxy := []change{addresses("proxy@example.com")}
	second := []change{addresses("other@example.com", "user@example.com")}
	subject := []change{addresses(), subjectEmail("user@example.com")}
	const mismatch, first = "e_email_address_mismatch", "w_email_address_not_first"
	tests := []struct {
		target lint.Target
		facts  lint.Facts
		leaf   []change
		want   []string
	}{
		{lint.OutlookIOS, secondary, nil, nil},
		{lint.OutlookIOS, secondary, second, nil},
		{lint.OutlookIOS, secondary, subject, nil},
		{lint.OutlookIOS, secondary, proxy, []string{mismatch}},
		{lint.AppleMail, secondary, second, nil},
		{lint.AppleMail, secondary, subject, nil}, // under a private root
		{lint.AppleMail, secondary, proxy, []string{mismatch}},
		{lint.ExchangeOnline, secondary, nil, nil},
		{lint.ExchangeOnline, secondary, proxy, nil},
		{lint.ExchangeOnline, secondary, second, []string{first}},
		{lint.ExchangeOnline, secondary, subject, nil},
		{lint.ExchangeOnline, primaryOnly, proxy, []string{mismatch}},
		{lint.ExchangeOnline, primaryOnly, []change{addresses("other@example.com")}, []string{mismatch}},
		{lint.ExchangeOnline, primaryOnly, []change{addresses()}, nil}, // another rule says so
		{lint.Intune, secondary, proxy, nil},
		{lint.Windows, secondary, proxy, nil},
	}
	for i, tt := range tests {
		t.Run(fmt.Sprintf("%d %s", i, tt.target), func(t *testing.T) {
			files := loose(user(tt.leaf...), issuing(), root())
			r := run(t, files, &lint.Options{Time: today, Targets: []lint.Target{tt.target}, Facts: &tt.facts})
			var got []string
			for _, f := range r.Findings {
				if f.Rule == mismatch || f.Rule == first {
					got = append(got, f.Rule)
				}
				setting := tt.target == lint.ExchangeOnline && slices.Equal(user(tt.leaf...).EmailAddresses, secondary.ProxyAddresses)
				if f.Rule == mismatch && strings.Contains(f.Message.String(), "OWAUseSecondaryProxies") != setting {
					t.Errorf("the setting of the tenant: %s", f.Message)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// TestAssumedWithoutFact holds that the address of the mailbox and iOS in use are
// taken for granted until a fact says otherwise.
func TestAssumedWithoutFact(t *testing.T) {
	aesFile, desFile := openPFX(aes("secret"), "secret"), openPFX(des("secret"), "secret")
	known := lint.Facts{PrimarySMTP: "user@example.com"}
	old, young := known, known
	old.OldestIOS, young.OldestIOS = lint.IOSVersion{Major: 17}, lint.IOSVersion{Major: 18}
	tests := []struct {
		name  string
		given given
		want  lint.VerdictStatus
		facts []lint.Fact
	}{
		{"nothing known", given{files: desFile}, lint.Works, nil},
		{"nothing known, AES", given{files: aesFile}, lint.Works, nil},
		{"3DES", facts(known, desFile), lint.Works, nil},
		{"AES", facts(known, aesFile), lint.Works, nil},
		{"AES, iOS 17", facts(old, aesFile), lint.Fails, nil},
		{"AES, iOS 18", facts(young, aesFile), lint.Works, nil},
		{"another mailbox", facts(lint.Facts{PrimarySMTP: "boss@example.com"}, desFile), lint.Fails, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := lint.Options{}
			if tt.given.opts != nil {
				o = *tt.given.opts
			}
			o.Time, o.Targets, o.Roots = today, []lint.Target{lint.AppleMail}, loose(root())
			r := run(t, tt.given.files, &o)
			v := verdict(r, lint.AppleMail)
			if v.Status != tt.want || !slices.Equal(v.Facts, tt.facts) {
				t.Errorf("%s because of %v, facts %v; %v", v.Status, v.Because, v.Facts, r.NotChecked)
			}
		})
	}
}

// TestObserved holds that what was only observed says so.
func TestObserved(t *testing.T) {
	r := run(t, padded(71_000), &lint.Options{Time: today})
	// As package deploy refuses it, it does not work.
	if v := r.Verdict(lint.ExchangeOnline); v.Status != lint.Fails || !slices.Contains(v.Because, "w_collection_too_large") {
		t.Errorf("%s because of %v", v.Status, v.Because)
	}
	for _, f := range r.Findings {
		if f.Rule == "w_collection_too_large" && !strings.Contains(f.Message.String(), "observed, not documented") {
			t.Errorf("says %q", f.Message)
		}
	}
}

// TestSectigoMailbox is the real certificate of a mailbox, for the right address
// and for another one.
func TestSectigoMailbox(t *testing.T) {
	dir := filepath.Join(outside.Corpus(t), "sectigo")
	files := load(t, dir, "leaf-support-ssystems-de.pem", "ca-r36.pem", "root-r46-self-signed.pem", "root-r46-cross-signed-by-usertrust.pem", "root-usertrust-rsa.pem")
	targets := []lint.Target{lint.ExchangeOnline, lint.OutlookIOS, lint.AppleMail, lint.Windows}
	for address, want := range map[string]lint.VerdictStatus{"support@ssystems.de": lint.Works, "sales@ssystems.de": lint.Fails} {
		r := run(t, files, &lint.Options{Time: today, Targets: targets, Facts: &lint.Facts{PrimarySMTP: address}})
		for _, f := range r.Findings {
			if f.Status >= lint.Error && (want == lint.Works || f.Rule != "e_email_address_mismatch") {
				t.Errorf("%s: %s: %s", address, f.Rule, f.Message)
			}
		}
		if v := verdict(r, lint.AppleMail); v.Status != want {
			t.Errorf("%s: %s because of %v", address, v.Status, v.Because)
		}
	}
}

// TestPurposes holds signing and encrypting apart.
func TestPurposes(t *testing.T) {
	sign, encrypt := keyUsage(x509.KeyUsageDigitalSignature), keyUsage(x509.KeyUsageKeyAgreement)
	rsa := func(u x509.KeyUsage) []*signer { return []*signer{newUser(issuing(), rsaKey(2048), keyUsage(u))} }
	ec := func(u x509.KeyUsage) []*signer { return []*signer{user(keyUsage(u))} }
	tests := []struct {
		name                   string
		certs                  []*signer
		purposes               []chain.Usage
		works, signs, encrypts lint.VerdictStatus
	}{
		{"both", []*signer{user()}, nil, lint.Works, lint.Works, lint.Works},
		{"signs only", []*signer{user(sign)}, nil, lint.Works, lint.Works, lint.Fails},
		{"is to encrypt", []*signer{user(sign)}, []chain.Usage{chain.Encrypt}, lint.Fails, lint.NotApplicable, lint.Fails},
		{"is to sign", []*signer{user(sign)}, []chain.Usage{chain.Sign}, lint.Works, lint.Works, lint.NotApplicable},
		{"one for each", []*signer{user(sign), user(encrypt)}, []chain.Usage{chain.Sign, chain.Encrypt}, lint.Works, lint.Works, lint.Works},
		{"neither", []*signer{user(keyUsage(x509.KeyUsageCRLSign))}, nil, lint.Fails, lint.Fails, lint.Fails},
		{"no user", nil, nil, lint.Works, lint.NotApplicable, lint.NotApplicable},
		{"RSA, both", rsa(x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment), nil, lint.Works, lint.Works, lint.Works},
		{"RSA, signs", rsa(x509.KeyUsageDigitalSignature), nil, lint.Works, lint.Works, lint.Fails},
		{"RSA, signs for ever", rsa(x509.KeyUsageContentCommitment), nil, lint.Works, lint.Works, lint.Fails},
		{"RSA, encrypts", rsa(x509.KeyUsageKeyEncipherment), nil, lint.Works, lint.Fails, lint.Works},
		{"RSA, agrees on a key", rsa(x509.KeyUsageDigitalSignature | x509.KeyUsageKeyAgreement), nil, lint.Works, lint.Works, lint.Fails},
		{"RSA, anything", rsa(0), nil, lint.Works, lint.Works, lint.Works},
		{"RSA of 1024 bits, encrypts", []*signer{newUser(issuing(), rsaKey(1024), keyUsage(x509.KeyUsageKeyEncipherment))}, nil, lint.Unknown, lint.Fails, lint.Unknown},
		{"Ed25519, agrees on a key", []*signer{newUser(issuing(), edKey(), encrypt)}, nil, lint.Unknown, lint.Fails, lint.Unknown},
		{"signed with SHA-1, encrypts", []*signer{user(encrypt, func(c *x509.Certificate) { c.SignatureAlgorithm = x509.ECDSAWithSHA1 })}, nil, lint.Unknown, lint.Fails, lint.Unknown},
		{"EC, signs for ever", ec(x509.KeyUsageContentCommitment), nil, lint.Works, lint.Works, lint.Fails},
		{"EC, encrypts a key", ec(x509.KeyUsageKeyEncipherment), nil, lint.Works, lint.Fails, lint.Works},
		{"EC, encrypts data", ec(x509.KeyUsageDigitalSignature | x509.KeyUsageDataEncipherment), nil, lint.Works, lint.Works, lint.Fails},
		{"EC, anything", ec(0), nil, lint.Works, lint.Works, lint.Works},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := loose(append(tt.certs, issuing(), root())...)
			r := run(t, files, &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}, Roots: loose(root()), Facts: &lint.Facts{Purposes: tt.purposes}})
			v := verdict(r, lint.Windows)
			if v.Status != tt.works || v.Sign != tt.signs || v.Encrypt != tt.encrypts {
				t.Errorf("%s, signs %s, encrypts %s: %v", v.Status, v.Sign, v.Encrypt, v.Because)
			}
		})
	}
}
