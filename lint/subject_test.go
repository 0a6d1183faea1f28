package lint_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
)

// TestSubjects holds what a target gives verdicts about, by the form of what was given.
func TestSubjects(t *testing.T) {
	signed := func(files []*bundle.File) []*bundle.File {
		files[0].Signed = true // as PKCS #7 with a signer is, and no message
		return files
	}
	pfx := func() []*bundle.File { return openPFX(des("secret"), "secret") }
	for _, tt := range []struct {
		name           string
		files          []*bundle.File
		online, others string // for Exchange Online and for Windows: kind, file and index
	}{
		{"a store", store(issuing(), root()), "collection store.sst -1", ""},
		{"a store of users", store(user(), root()), "collection store.sst -1", ""},
		{"a user", loose(user()), "certificate a.cer 0", "certificate a.cer 0"},
		{"a user in a list", pemBundle(user(), issuing()), "collection bundle.pem -1", "certificate bundle.pem 0"},
		{"a user twice", pemBundle(user(), user()), "collection bundle.pem -1", "certificate bundle.pem 0"},
		{"two users", pemBundle(user(), issuing(), user(serial(0x2001))), "collection bundle.pem -1", "certificate bundle.pem 0, certificate bundle.pem 2"},
		{"a CA", loose(root()), "collection folder -1", "collection folder -1"},
		{"a CA beside a store", append(store(issuing(), root()), loose(root())...), "collection store.sst -1", ""},
		{"a user beside a store", append(store(issuing(), root()), loose(user())...), "collection store.sst -1, certificate a.cer 0", "certificate a.cer 0"},
		{"a PFX", pfx(), "collection id.pfx -1", "identity id.pfx 0"},
		{"a PFX beside a store", append(store(issuing(), root()), pfx()...), "collection store.sst -1, identity id.pfx 0", "identity id.pfx 0"},
		{"a PFX without a key", openPFX(plainPFX(certBag(user())), ""), "collection id.pfx -1", "identity id.pfx -1"},
		{"a PFX with a key alone", openPFX(plainPFX(keyBag(user().key)), ""), "collection id.pfx -1", "identity id.pfx -1"},
		{"a PFX with two keys", openPFX(plainPFX(keyBag(user().key, keyID(1)), certBag(user(), keyID(1)), keyBag(otherKey(), keyID(2)), certBag(newUser(issuing(), otherKey()), keyID(2))), ""), "collection id.pfx -1", "identity id.pfx 0, identity id.pfx 1"},
		{"a PFX with a key twice", openPFX(plainPFX(keyBag(user().key), keyBag(user().key), certBag(user())), ""), "collection id.pfx -1", "identity id.pfx 0"},
		{"a message", signedMail(), "message m.eml 0", "message m.eml 0"},
		{"an encrypted message", encryptedMail(user(), false, aes256...), "message e.eml -1", "message e.eml -1"},
		{"what a signer sent along", signed(pemBundle(user(), issuing(), root())), "message bundle.pem 0", "message bundle.pem 0"},
		{"what a signer sent along, a CA alone", signed(pemBundle(root())), "message bundle.pem -1", "message bundle.pem -1"},
		{"a script", []*bundle.File{parse("s.ps1", []byte("Set-SmimeConfig -OWADisableCRLCheck $true\n"), nil)}, "artefact s.ps1 -1", ""},
	} {
		for target, want := range map[lint.Target]string{lint.ExchangeOnline: tt.online, lint.Windows: tt.others} {
			r := run(t, tt.files, &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline, lint.Windows}, ZLint: []string{"none"}})
			var got []string
			for _, v := range r.Subjects {
				if v.Target == target {
					got = append(got, fmt.Sprintf("%s %s %d", v.Subject.Kind, v.Subject.File, v.Subject.Index))
				}
			}
			wanted := strings.Split(want, ", ")
			if slices.Sort(got); want == "" {
				wanted = nil
			}
			if slices.Sort(wanted); !slices.Equal(got, wanted) {
				t.Errorf("%s, %s: %q, want %q", tt.name, target, got, wanted)
			}
		}
	}
}
