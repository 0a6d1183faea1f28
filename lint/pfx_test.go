package lint_test

import (
	"context"
	"crypto"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/asn1"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	zlint "github.com/zmap/zlint/v3/lint"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// strong is a password that nobody guesses.
const strong = "example-lemon-orbit-velvet"

// openPFX gives a PFX with its password.
func openPFX(data []byte, password string) []*bundle.File {
	f, err := (&bundle.Options{Password: &password}).Parse(context.Background(), "id.pfx", data)
	if err != nil {
		panic(err)
	}
	return []*bundle.File{f}
}

// encode writes a PFX with go-pkcs12.
func encode(e *gopkcs12.Encoder, password string, leaf *signer, cas ...*signer) []byte {
	var certs []*x509.Certificate
	for _, c := range cas {
		certs = append(certs, c.Certificate)
	}
	data, err := e.Encode(leaf.key, leaf.Certificate, certs, password)
	if err != nil {
		panic(err)
	}
	return data
}

// des and aes write the PFX of the user, in the old and in the new form.
func des(password string) []byte {
	return encode(gopkcs12.LegacyDES.WithIterations(2048), password, user(), issuing(), root())
}
func aes(password string) []byte {
	return encode(gopkcs12.Modern2023, password, user(), issuing(), root())
}

func trustStore() []byte {
	data, err := gopkcs12.LegacyDES.EncodeTrustStore([]*x509.Certificate{root().Certificate}, "secret")
	if err != nil {
		panic(err)
	}
	return data
}

// The bags of a PFX without encryption and MAC, which no encoder writes.

type bag struct {
	ID         asn1.ObjectIdentifier
	Value      asn1.RawValue // [0] EXPLICIT
	Attributes []attribute   `asn1:"set,optional"`
}

type attribute struct {
	ID     asn1.ObjectIdentifier
	Values []asn1.RawValue `asn1:"set"`
}

func must(data []byte, err error) asn1.RawValue {
	if err != nil {
		panic(err)
	}
	return asn1.RawValue{FullBytes: data}
}

func explicit(v asn1.RawValue) asn1.RawValue {
	return asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: v.FullBytes}
}

func keyBag(key crypto.Signer, attributes ...attribute) bag {
	return bag{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 1}, explicit(must(x509.MarshalPKCS8PrivateKey(key))), attributes}
}

func certBag(c *signer, attributes ...attribute) bag {
	value := must(asn1.Marshal(struct {
		ID   asn1.ObjectIdentifier
		Cert []byte `asn1:"tag:0,explicit"`
	}{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 22, 1}, c.Raw}))
	return bag{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 10, 1, 3}, explicit(value), attributes}
}

func keyID(id byte) attribute {
	return attribute{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 21}, []asn1.RawValue{must(asn1.Marshal([]byte{id}))}}
}

func friendlyName(s string) attribute {
	var text []byte
	for _, u := range utf16.Encode([]rune(s)) {
		text = append(text, byte(u>>8), byte(u))
	}
	return attribute{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 20}, []asn1.RawValue{{Tag: asn1.TagBMPString, Bytes: text}}}
}

type contentInfo struct {
	ID      asn1.ObjectIdentifier
	Content asn1.RawValue // [0] EXPLICIT
}

// data wraps encoding as content of the type data.
func data(v asn1.RawValue) contentInfo {
	return contentInfo{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}, explicit(must(asn1.Marshal(v.FullBytes)))}
}

// plainPFX writes bags without any protection.
func plainPFX(bags ...bag) []byte {
	return withoutMAC(data(must(asn1.Marshal(bags))))
}

// withoutMAC makes a PFX of parts.
func withoutMAC(parts ...contentInfo) []byte {
	return must(asn1.Marshal(struct {
		Version  int
		AuthSafe contentInfo
	}{3, data(must(asn1.Marshal(parts)))})).FullBytes
}

// parts returns the parts of a PFX: certificates, then the key.
func parts(pfx []byte) []contentInfo {
	var outer struct {
		Version  int
		AuthSafe struct {
			ID      asn1.ObjectIdentifier
			Content []byte `asn1:"tag:0,explicit"`
		}
		MAC asn1.RawValue
	}
	var list []contentInfo
	if _, err := asn1.Unmarshal(pfx, &outer); err != nil {
		panic(err)
	}
	if _, err := asn1.Unmarshal(outer.AuthSafe.Content, &list); err != nil {
		panic(err)
	}
	return list
}

// TestEmptyPassword holds that an empty password is spoken of where it is that
// of the key or of the MAC.
func TestEmptyPassword(t *testing.T) {
	empty, closed := parts(des("")), parts(des(strong))
	owner := contentInfo{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 3}, explicit(must(asn1.Marshal([]int{})))} // envelopedData
	for _, tt := range []struct {
		name string
		data []byte
		want lint.Status
	}{
		{"everything", des(""), zlint.Error},
		{"everything, without a MAC", withoutMAC(empty...), zlint.Error},
		{"the key alone", withoutMAC(closed[0], empty[1]), zlint.Error},
		{"the certificates alone", withoutMAC(empty[0], closed[1]), zlint.Pass},
		{"nothing", withoutMAC(closed...), zlint.Pass},
		{"no password needed", plainPFX(keyBag(user().key), certBag(user())), zlint.Error},
		{"the wrong one, and no key under it", withoutMAC(closed[0], data(must(asn1.Marshal([]bag{keyBag(user().key)})))), zlint.Pass},
		{"for the owner of a certificate", withoutMAC(owner), zlint.Pass},
	} {
		if got := outcome(t, "e_pfx_password_empty", openPFX(tt.data, ""), nil); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// TestLongPassword holds the rule about long passwords to the size of the key.
func TestLongPassword(t *testing.T) {
	for _, tt := range []struct {
		bits, length int
		char         string
		want         lint.Status
	}{
		{2048, 126, "a", zlint.Pass},
		{2048, 127, "a", zlint.Error},
		{2048, 126, "ä", zlint.Pass}, // 252 octets in UTF-8, of which the module makes 126
		{3072, 254, "a", zlint.Pass},
		{3072, 255, "a", zlint.Error},
		{4096, 382, "a", zlint.Pass},
		{4096, 383, "a", zlint.Error},
		{1024, 1, "a", zlint.Error},
		{0, 126, "a", zlint.NA},
	} {
		password := strings.Repeat(tt.char, tt.length)
		got := outcome(t, "e_pfx_password_too_long", openPFX(des(password), password), &lint.Options{Facts: &lint.Facts{ConnectorKeyBits: tt.bits}})
		if got != tt.want {
			t.Errorf("%d of %s, key of %d bits: %s, want %s", tt.length, tt.char, tt.bits, got, tt.want)
		}
	}
	// Without the fact a long password leaves the verdict open.
	long := strings.Repeat("a", 127)
	r := run(t, openPFX(des(long), long), &lint.Options{Time: today, Targets: []lint.Target{lint.Intune}, Roots: openPFX(des(long), long)})
	if v := verdict(r, lint.Intune); !slices.Contains(v.Facts, "connector_key_bits") || v.Status != lint.Unknown {
		t.Errorf("%+v", r.Subjects)
	}
}

// indefinite gives the outermost SEQUENCE an indefinite length.
func indefinite(der []byte) []byte {
	var v asn1.RawValue
	if _, err := asn1.Unmarshal(der, &v); err != nil {
		panic(err)
	}
	return append(append([]byte{0x30, 0x80}, v.Bytes...), 0, 0)
}

// otherKey is the key of nobody.
func otherKey() crypto.Signer { return ecKey(elliptic.P256(), 99) }

// TestExtraCertificate: of a certificate that the identity does not need, that is all
// there is to say; one that it needs is looked at in full.
func TestExtraCertificate(t *testing.T) {
	weak := func() *signer { return newCA("Weak CA", nil, rsaKey(1024)) }
	soon := func() *signer {
		return newCA("Soon CA", nil, ecKey(elliptic.P256(), 7), valid(today.AddDate(-1, 0, 0), today.AddDate(0, 0, 5)))
	}
	early := func() *signer {
		return newCA("Early CA", nil, ecKey(elliptic.P256(), 8), valid(today.AddDate(0, 0, 5), today.AddDate(1, 0, 0)))
	}
	found := func(certs ...*signer) map[string][]string {
		t.Helper()
		given := pfxOf(encode(gopkcs12.LegacyDES, "secret", certs[0], certs[1:]...))
		r, err := lint.Run(t.Context(), given.files, &lint.Options{Time: today, Targets: []lint.Target{lint.AppleMail}})
		if err != nil {
			t.Fatal(err)
		}
		list := map[string][]string{}
		for _, f := range r.Findings {
			if !f.Remark() {
				list[f.Subject] = append(list[f.Subject], f.Rule)
			}
		}
		return list
	}
	for subject, rules := range found(user(), issuing(), root(), weak(), soon(), early()) {
		if strings.Contains(subject, "Weak") || strings.Contains(subject, "Soon") || strings.Contains(subject, "Early") {
			if !slices.Equal(rules, []string{"n_pfx_extra_certificate"}) {
				t.Errorf("%s: %q", subject, rules)
			}
		}
	}
	other := newUser(root(), otherKey(), func(c *x509.Certificate) { c.Subject.CommonName = "Other" })
	if rules := found(user(), issuing(), root(), other)["CN=Other"]; slices.Contains(rules, "n_pfx_extra_certificate") {
		t.Errorf("another user: %q", rules)
	}
	for _, ca := range []*signer{weak(), soon(), early()} {
		list := found(newUser(ca, ecKey(elliptic.P256(), 3)), ca)
		if rules := list["CN="+ca.Subject.CommonName+",O=Example Limited"]; len(rules) == 0 || slices.Contains(rules, "n_pfx_extra_certificate") {
			t.Errorf("%s is needed: %q", ca.Subject.CommonName, list)
		}
	}
}

// TestExpiredCABesideRefused holds that a CA that has expired is no spare one where the target
// refuses the other path: it is what makes the identity fail.
func TestExpiredCABesideRefused(t *testing.T) {
	small := newCA("Small Root", nil, rsaKey(1024))
	lapsed, other := twin(root(), valid(today.AddDate(-5, 0, 0), today.AddDate(0, 0, -1))), twin(small)
	data := encode(gopkcs12.LegacyDES, "secret", user(), lapsed, root(), other, small)
	for target, want := range map[lint.Target]struct {
		status lint.VerdictStatus
		rule   string
	}{
		lint.AppleMail: {lint.Fails, "e_certificate_expired"},
		lint.Windows:   {lint.Unknown, "w_pfx_expired_ca"},
	} {
		r := run(t, openPFX(data, "secret"), &lint.Options{Time: today, Targets: []lint.Target{target}, Roots: loose(root(), small), ZLint: []string{"none"}})
		if v := r.Subjects[0]; v.Status != want.status || !slices.Contains(rulesOf(r), want.rule) || want.status == lint.Fails && !slices.Contains(v.Because, want.rule) {
			t.Errorf("%s: %s because of %v, found %v", target, v.Status, v.Because, rulesOf(r))
		}
	}
}
