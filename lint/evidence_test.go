package lint_test

import (
	"crypto/elliptic"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// seen returns what is seen of a need of the subjects of a file, whatever rules find.
func seen(t *testing.T, n lint.Need, file string, files []*bundle.File, opts lint.Options) string {
	t.Helper()
	var list []string
	opts.Time, opts.ZLint = today, []string{"none"}
	opts.Rules = []lint.Rule{{Name: "n_seen", Run: func(p *lint.Pass) error {
		answers, err := p.Seen(n)
		for s, a := range answers {
			if s.File == file {
				list = append(list, said(a))
			}
		}
		return err
	}}}
	run(t, files, &opts)
	slices.Sort(list)
	return strings.Join(list, "\n")
}

// said returns what an answer says, in one line.
func said(a lint.NeedAnswer) string {
	var list []string
	for _, m := range append(a.Evidence, a.Decide...) {
		list = append(list, m.String())
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s: %s", a.State, a.Code, strings.Join(list, "; ")))
}

// withPayload adds a certificate to a profile.
func withPayload(profile, kind string, c *signer) string {
	return strings.Replace(profile, "</dict></array>", "</dict><dict><key>PayloadType</key><string>com.apple.security."+kind+
		"</string><key>PayloadVersion</key><integer>1</integer><key>PayloadIdentifier</key><string>e</string><key>PayloadUUID</key><string>f</string><key>PayloadContent</key><data>"+
		base64.StdEncoding.EncodeToString(c.Raw)+"</data></dict></array>", 1)
}

// TestDelivered holds what is said of an identity inside a file of a roll-out: it leads to a
// root that is rolled out with it, or that the target trusts, or that is left open.
func TestDelivered(t *testing.T) {
	profile, imported := profileText(des("secret")), record("Key", "", pfxText())
	blank := strings.Replace(record("Key", "", ""), "{", `{"id": "1", "encryptedPfxPassword": "", `, 1)
	without := profileText(encode(gopkcs12.LegacyDES, "secret", user(), issuing()))
	const leads, who = "met : user@example.com < Example CA < Example Root", `unknown root_not_listed: the identity of "user@example.com": `
	const unlisted = who + `"Example Root" is in no list of the root programme that is known here; -roots says that it is rolled out`
	const distrusted = who + `the root programme does not trust "Example Root"; -roots says that it is rolled out`
	const whether = who + `whether "Example Root" is a root that is rolled out: give its certificate if it is (-roots)`
	const none = "unknown nothing_given: no certificate was given: check the files together with what they roll out"
	for _, tt := range []struct {
		name     string
		target   lint.Target
		password string
		limits   bundle.Limits
		text     []string
		roots    []*bundle.File
		known    *catalog.Catalog
		want     string
	}{
		{"alone", lint.AppleMail, "secret", bundle.Limits{}, []string{profile}, nil, knows(root()), unlisted},
		{"Apple trusts its root", lint.AppleMail, "secret", bundle.Limits{}, []string{profile}, nil, knows(root(), "apple", "yes"), leads},
		{"Apple does not", lint.AppleMail, "secret", bundle.Limits{}, []string{profile}, nil, knows(root(), "apple", "no"), distrusted},
		{"another trusts its root", lint.AppleMail, "secret", bundle.Limits{}, []string{profile}, nil, knows(root(), "mozilla", "yes"), unlisted},
		{"its root is rolled out", lint.AppleMail, "secret", bundle.Limits{}, []string{profile}, loose(root()), knows(root()), leads},
		{"another root is rolled out", lint.AppleMail, "secret", bundle.Limits{}, []string{profile}, loose(newCA("Other", nil, edKey())), knows(root()), unlisted},
		{"its root is in the profile", lint.AppleMail, "secret", bundle.Limits{}, []string{withPayload(without, "root", root())}, nil, knows(root()), leads},
		{"its issuing CA is in the profile", lint.AppleMail, "secret", bundle.Limits{}, []string{withPayload(without, "pkcs1", issuing())}, nil, knows(root()), whether},
		{"for who has no programme", lint.OutlookIOS, "secret", bundle.Limits{}, []string{profile}, nil, knows(root(), "apple", "yes"), whether},
		{"its root is rolled out, for who has no programme", lint.OutlookIOS, "secret", bundle.Limits{}, []string{profile}, loose(root()), knows(root()), leads},
		{"another password", lint.AppleMail, "other", bundle.Limits{}, []string{profile}, nil, knows(root()), "unknown password_wrong: the password does not open the identity inside"},
		{"no password", lint.AppleMail, "", bundle.Limits{}, []string{profile}, nil, knows(root()), "unknown password_not_given: the identity inside cannot be seen: give its password (-password-file)"},
		{"a limit", lint.AppleMail, "secret", bundle.Limits{Iterations: 10}, []string{profile}, nil, knows(root()), "unknown limit: the identity inside was not opened: MAC: total_iterations_limit: 2048 is more than the limit of 10: not attempted"},
		{"imported", lint.Intune, "secret", bundle.Limits{}, []string{imported}, nil, knows(root()), unlisted},
		{"imported, under a root of Microsoft's", lint.Intune, "secret", bundle.Limits{}, []string{imported}, nil, knows(root(), "microsoft", "yes"), leads},
		{"imported, with its root", lint.Intune, "secret", bundle.Limits{}, []string{imported, trustedProfile("ios", root())}, nil, knows(root()), leads},
		{"imported, with another root", lint.Intune, "secret", bundle.Limits{}, []string{imported, trustedProfile("ios", newCA("Other", nil, edKey()))}, nil, knows(root()), unlisted},

		{"read back, blank", lint.Intune, "secret", bundle.Limits{}, []string{blank}, nil, knows(root()), "unknown blanked: Microsoft Graph gives the PFX and its password back blank, so that what was imported cannot be judged: give the PFX"},
		{"read back, blank, in a list with a certificate", lint.Intune, "secret", bundle.Limits{}, []string{`{"value": [` + blank + "," + trustedProfile("ios", root()) + "]}"}, nil, knows(root()), "met : 1 certificate"},
		{"read back", lint.Intune, "secret", bundle.Limits{}, []string{record("Key", "", "")}, nil, knows(root()), none},
		{"read back, in a list with a profile for mail", lint.Intune, "secret", bundle.Limits{}, []string{`{"value": [` + record("Key", "", "") + "," + mailProfile("Signing", "1") + "]}"}, nil, knows(root()), none + "; type iosEasEmailProfileConfiguration"},
		{"no certificate", lint.Intune, "secret", bundle.Limits{}, []string{mailProfile("Signing", "1")}, nil, knows(root()), none + "; type iosEasEmailProfileConfiguration"},
		{"no certificate, of two kinds", lint.Intune, "secret", bundle.Limits{}, []string{`{"value": [` + enrolment("Scep", "2", "") + "," + mailProfile("Signing", "1") + "," + mailProfile("Signing", "3") + "]}"}, nil, knows(root()), none + "; type iosEasEmailProfileConfiguration; type iosScepCertificateProfile"},
		{"one elsewhere", lint.Intune, "secret", bundle.Limits{}, []string{`{"value": [` + mailProfile("Signing", "1") + "," + mailProfile("Signing", "2") + "]}", `{"value": [` + trustedProfile("ios", root()) + "," + trustedProfile("ios", issuing()) + "]}"}, nil, knows(root()), "met : type iosEasEmailProfileConfiguration"},
		{"a certificate that is none, one elsewhere", lint.Intune, "secret", bundle.Limits{}, []string{`{"value": [` + mailProfile("Signing", "1") + "," + strings.Replace(trustedProfile("ios", root()), "MII", "AAA", 1) + "]}", `{"value": [` + trustedProfile("ios", root()) + "," + trustedProfile("ios", issuing()) + "]}"}, nil, knows(root()), "met : type iosEasEmailProfileConfiguration"},
		{"a PFX that is none, one elsewhere", lint.Intune, "secret", bundle.Limits{}, []string{`{"value": [` + mailProfile("Signing", "1") + "," + record("Key", "", "AAAA") + "]}", `{"value": [` + trustedProfile("ios", root()) + "," + trustedProfile("ios", issuing()) + "]}"}, nil, knows(root()), "met : type iosEasEmailProfileConfiguration"},
		{"a certificate beside what nobody knows", lint.Intune, "secret", bundle.Limits{}, []string{`{"value": [{"@odata.type": "#microsoft.graph.nobodysProfile", "id": "9"}, ` + trustedProfile("ios", root()) + "]}"}, nil, knows(root()), "met : 1 certificate"},
		{"a certificate", lint.Intune, "secret", bundle.Limits{}, []string{trustedProfile("ios", root())}, nil, knows(root()), "met : 1 certificate"},
	} {
		opts := &bundle.Options{Password: &tt.password, Limits: tt.limits}
		if tt.password == "" {
			opts.Password = nil
		}
		got := seen(t, "taken", "0.json", readTexts(t, opts, tt.text...), lint.Options{Targets: []lint.Target{tt.target}, Roots: tt.roots, Catalog: tt.known})
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// TestOpens holds who is said to open a PFX: the programs of the target, by name.
func TestOpens(t *testing.T) {
	old, modern := openPFX(des("secret"), "secret"), openPFX(aes("secret"), "secret")
	closed, none := openPFX(des("secret"), "other"), loose(user())
	const empty = "may read an empty password differently from the program that wrote the file"
	for _, tt := range []struct {
		target lint.Target
		files  []*bundle.File
		ios    int // the oldest; 0: not known
		want   string
	}{
		{lint.AppleMail, old, 0, "met : iOS 18 and later"},
		{lint.AppleMail, old, 17, "met : iOS 17 and older; iOS 18 and later"},
		{lint.AppleMail, old, 18, "met : iOS 18 and later"},
		{lint.AppleMail, modern, 0, "met : iOS 18 and later; iOS 17 and older, if any are in use: no"},
		{lint.AppleMail, modern, 17, "failed : iOS 17 and older: no; iOS 18 and later"},
		{lint.AppleMail, modern, 18, "met : iOS 18 and later"},
		{lint.AppleMail, closed, 17, "unknown password_wrong: the password is wrong"},
		{lint.AppleMail, none, 17, ""},
		{lint.AppleMail, openPFX(des(""), ""), 17, "unknown reader: not confirmed: iOS 17 and older " + empty + "; not confirmed: iOS 18 and later " + empty},
		{lint.AppleMail, openPFX(aes(""), ""), 17, "failed : iOS 17 and older: no; not confirmed: iOS 18 and later " + empty},
		{lint.AppleMail, openPFX(aes(""), ""), 18, "unknown reader: not confirmed: iOS 18 and later " + empty},
		{lint.Intune, openPFX(des(""), ""), 17, "unknown reader: not confirmed: Intune's PFX import module " + empty},
		{lint.AppleMail, openPFX(trustStore(), "secret"), 18, "unknown reader: iOS 18 and later needs a private key; this file has none"},
		{lint.OutlookIOS, modern, 17, "failed : iOS 17 and older: no; iOS 18 and later"},
		{lint.OutlookAndroid, old, 17, "met : Android 14 and later"},
		{lint.OutlookAndroid, modern, 17, "met : Android 14 and later; Android 13 and older, if any are in use: no"},
		{lint.Intune, modern, 17, "met : Intune's PFX import module"},
		{lint.Windows, modern, 17, "met : Windows 10 1709 and Server 2019 or later"},
		{lint.Thunderbird, modern, 17, "met : Thunderbird and Firefox from 128 (NSS 3.101 and later)"},
		{lint.Gmail, modern, 17, "assumed : Gmail opens the PFX: which it opens is not published"},
		{lint.Gmail, closed, 17, "unknown password_wrong: the password is wrong"},
		{lint.ExchangeOnline, old, 17, ""},
	} {
		facts := &lint.Facts{OldestIOS: lint.IOSVersion{Major: tt.ios}}
		if got := seen(t, "opens", tt.files[0].Name, tt.files, lint.Options{Targets: []lint.Target{tt.target}, Facts: facts}); got != tt.want {
			t.Errorf("%s, iOS %d: %s, want %s", tt.target, tt.ios, got, tt.want)
		}
	}
}

// TestClosedParts holds that the parts of a PFX that were not opened are said not to be
// checked, and no others.
func TestClosedParts(t *testing.T) {
	open, closed := parts(des("secret")), parts(des("other"))
	for _, tt := range []struct {
		name     string
		pfx      []byte
		password string
		want     []string
	}{
		{"opened", des("secret"), "secret", nil},
		{"closed", des("secret"), "other", []string{"id.pfx: safe 0"}},
		{"the first", withoutMAC(closed[0], open[1]), "secret", []string{"id.pfx: safe 0"}},
		{"the last", withoutMAC(open[0], open[1], closed[0]), "secret", []string{"id.pfx: safe 2"}},
		{"without a password", plainPFX(keyBag(user().key), certBag(user())), "", nil},
	} {
		r := run(t, openPFX(tt.pfx, tt.password), &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}, ZLint: []string{"none"}})
		var got []string
		for _, n := range r.NotChecked {
			if strings.Contains(n.What.String(), "safe") {
				got = append(got, n.What.String())
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestIdentitiesOfPFX holds which identities of a PFX are judged: each certificate that has
// its key, once.
func TestIdentitiesOfPFX(t *testing.T) {
	second := newUser(issuing(), ecKey(elliptic.P256(), 4), serial(0x2001))
	pair := func(id byte, c *signer) []bag { return []bag{keyBag(c.key, keyID(id)), certBag(c, keyID(id))} }
	for _, tt := range []struct {
		name string
		bags []bag
		want []int // by the index of the certificate; -1: the file
	}{
		{"one", pair(1, user()), []int{0}},
		{"two", slices.Concat(pair(1, user()), pair(2, second)), []int{0, 1}},
		{"one twice", slices.Concat(pair(1, user()), pair(2, user())), []int{0}},
		{"one without a key", append(pair(1, user()), certBag(second)), []int{0}},
		{"a key without a certificate", []bag{keyBag(user().key), certBag(issuing())}, []int{-1}},
		{"one of two keys", append(pair(1, second), keyBag(user().key, keyID(2))), []int{0}},
	} {
		r := run(t, openPFX(plainPFX(tt.bags...), ""), &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}, ZLint: []string{"none"}})
		var got []int
		for _, v := range r.Subjects {
			got = append(got, v.Subject.Index)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestLostCAs holds what is said of CAs of a collection that no chain starts with: what is
// missing to them, and which of them lead to no anchor, where no other rule says why.
func TestLostCAs(t *testing.T) {
	other := newCA("Other Root", nil, ecKey(elliptic.P256(), 150))
	gone := newCA("Other Root", nil, ecKey(elliptic.P256(), 150), valid(today.AddDate(-5, 0, 0), today.AddDate(0, 0, -1)))
	otherCA := newCA("Other CA", other, ecKey(elliptic.P256(), 151), email)
	below := newCA("Below CA", otherCA, ecKey(elliptic.P256(), 152), email)
	old := newCA("Example CA", other, issuing().key, email) // another certificate of the issuing CA
	short := newCA("Other Root", nil, ecKey(elliptic.P256(), 150), func(c *x509.Certificate) { c.MaxPathLenZero = true })
	orphan := newCA("Other CA", newCA("Gone Root", nil, ecKey(elliptic.P256(), 153)), otherCA.key, email)
	fetched := newCA("Other CA", newCA("Gone Root", nil, ecKey(elliptic.P256(), 153)), otherCA.key, email, func(c *x509.Certificate) { c.IssuingCertificateURL = []string{"http://ca.example.com/gone.crt"} })
	lowest := newCA("Lowest CA", below, ecKey(elliptic.P256(), 154), email)
	deep := newUser(below, ecKey(elliptic.P256(), 3))
	for _, tt := range []struct {
		name    string
		files   []*bundle.File
		missing []string
		nowhere []string
	}{
		{"complete", store(issuing(), root(), otherCA, other), nil, nil},
		{"each", store(issuing(), otherCA), []string{"Example Root", "Other Root"}, nil},
		{"one", store(issuing(), root(), otherCA), []string{"Other Root"}, nil},
		{"one, with a user of the other inside", store(user(), issuing(), root(), otherCA), []string{"Other Root"}, nil},
		{"both, with a user of one inside", store(user(), issuing(), otherCA), []string{"Example Root", "Other Root"}, nil},
		{"with a user of it inside", store(deep, below, otherCA), []string{"Other Root"}, nil},
		{"a CA that leads on by another certificate", store(issuing(), old, root()), nil, nil},
		{"with a user beside it", append(store(issuing(), root(), otherCA), loose(user())...), []string{"Other Root"}, nil},
		{"in a file of PEM", pemBundle(user(), issuing(), root(), otherCA), []string{"Other Root"}, nil},
		{"under a root that has expired", store(user(), issuing(), root(), otherCA, gone), nil, nil},
		{"under a root that does not allow it, and one that is missing", store(user(), issuing(), root(), below, orphan, otherCA, short), []string{"Gone Root"}, []string{"Other CA"}},
		{"the same, from the CA below", store(user(), issuing(), root(), lowest, below, otherCA, orphan, short), nil, []string{"Below CA", "Other CA"}},
		{"under a root that does not allow it, and one that may be fetched", store(user(), issuing(), root(), below, fetched, otherCA, short), []string{"Gone Root"}, nil},
		{"under a root that does not allow it", store(user(), issuing(), root(), below, otherCA, short), nil, []string{"Other CA"}}, // of the one below, its path is spoken of
	} {
		r := run(t, tt.files, &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, ZLint: []string{"none"}, Catalog: knows(newCA("Nobody", nil, edKey()))})
		var missing, nowhere []string
		for _, m := range r.Missing {
			missing = append(missing, lint.CommonName(m.Subject))
		}
		for _, f := range r.Findings {
			if strings.Contains(f.Message.String(), "leads to no anchor") {
				nowhere = append(nowhere, lint.CommonName(f.Subject))
			}
		}
		slices.Sort(missing)
		if !slices.Equal(missing, tt.missing) || !slices.Equal(nowhere, tt.nowhere) {
			t.Errorf("%s: missing %q, want %q; to no anchor lead %q, want %q", tt.name, missing, tt.missing, nowhere, tt.nowhere)
		}
	}
}

// TestAddressed holds what is said of the addresses of a certificate that has none, or of
// which they cannot be read.
func TestAddressed(t *testing.T) {
	without := newUser(issuing(), ecKey(elliptic.P256(), 3), func(c *x509.Certificate) { c.EmailAddresses = nil })
	block := func(text string) []*bundle.File {
		return []*bundle.File{parse("a.cer", []byte("-----BEGIN CERTIFICATE-----\n"+text+"\n-----END CERTIFICATE-----\n"), nil)}
	}
	for name, tt := range map[string]struct {
		files []*bundle.File
		want  string
	}{
		"none":              {loose(without), "unknown no_address: the certificate holds no address"},
		"cannot be read":    {block("bm9uZQ=="), "unknown unreadable: the certificate cannot be read: not a certificate"},
		"cannot be decoded": {block("!"), "unknown unreadable: the certificate cannot be read: PEM block is not valid base64"},
	} {
		if got := seen(t, "address", "a.cer", tt.files, lint.Options{Targets: []lint.Target{lint.Windows}}); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

// TestUndecidedIsNotChecked holds that what a rule could not tell is said not to be checked,
// and that a fact that is missing is said once, with what it would decide.
func TestUndecidedIsNotChecked(t *testing.T) {
	long := strings.Repeat("a", 127)
	for _, tt := range []struct {
		name   string
		files  []*bundle.File
		target lint.Target
		code   lint.Code
		what   string
		times  int
	}{
		{"what is not known of a program", openPFX(encode(gopkcs12.Modern2023, "secret", newUser(issuing(), edKey())), "secret"), lint.Windows, "reader", "id.pfx", 1},
		{"what is not known of a target", openPFX(encode(gopkcs12.Modern2023, "secret", newUser(issuing(), edKey())), "secret"), lint.Windows, "undecided", "id.pfx: certificate 0", 1},
		{"nothing", openPFX(des("secret"), "secret"), lint.AppleMail, "reader", "", 0},
		{"a fact", openPFX(des(long), long), lint.Intune, "fact", "connector_key_bits", 1},
	} {
		r := run(t, tt.files, &lint.Options{Time: today, Targets: []lint.Target{tt.target}, ZLint: []string{"none"}})
		times := 0
		for _, n := range r.NotChecked {
			if n.Code == tt.code && strings.Contains(n.What.String()+n.Why.String(), tt.what) {
				times++
			}
		}
		if times != tt.times {
			t.Errorf("%s: said %d times, want %d", tt.name, times, tt.times)
		}
	}
}
