package lint_test

import (
	"context"
	"crypto/ed25519"
	"slices"
	"strings"
	"testing"

	gopkcs12 "software.sslmate.com/src/go-pkcs12"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/pkcs12"
)

// TestUnconfirmedForm checks that what n_pfx_form_unconfirmed advises settles what is
// open: the file that its command writes opens for certain. Where nothing is open, or a
// program is known to refuse the file, it says nothing.
func TestUnconfirmedForm(t *testing.T) {
	t.Parallel()
	const rule = "n_pfx_form_unconfirmed"
	const password = "correct horse battery"
	opens := func(data []byte, target lint.Target) (lint.State, *lint.Finding) {
		r := run(t, openPFX(data, password), &lint.Options{Time: today, Targets: []lint.Target{target}, ZLint: []string{"none"}})
		i := slices.IndexFunc(r.Findings, func(f lint.Finding) bool { return f.Rule == rule })
		for _, v := range r.Subjects {
			for _, n := range v.Needs {
				if n.Need == "opens" {
					if slices.Contains(n.Because, rule) != (i >= 0 && n.State == lint.Open) {
						t.Errorf("%s: opens %s because of %v, finding %d", target, n.State, n.Because, i)
					}
					if i < 0 {
						return n.State, nil
					}
					return n.State, &r.Findings[i]
				}
			}
		}
		t.Fatalf("%s: no answer whether it opens", target)
		return "", nil
	}
	settled := map[lint.Target]int{}
	for name, form := range map[string][]byte{
		"3DES":               encode(gopkcs12.LegacyDES.WithIterations(2048), password, user(), issuing(), root()),
		"RC2":                encode(gopkcs12.LegacyRC2.WithIterations(2048), password, user(), issuing(), root()),
		"AES":                encode(gopkcs12.Modern2023, password, user(), issuing(), root()),
		"PBMAC1":             encode(gopkcs12.Modern2026, password, user(), issuing(), root()),
		"octets behind":      append(encode(gopkcs12.LegacyDES.WithIterations(2048), password, user(), issuing(), root()), "\x00\x00"...),
		"without encryption": plainPFX(keyBag(user().key, keyID(1)), certBag(user(), keyID(1))),
	} {
		for _, target := range []lint.Target{lint.OutlookIOS, lint.AppleMail, lint.Intune, lint.Windows, lint.Thunderbird} {
			state, f := opens(form, target)
			if state != lint.Open {
				if f != nil {
					t.Errorf("%s, %s: opens is %s, and there is a finding: %s", name, target, state, f.Message)
				}
				continue
			}
			if f == nil {
				t.Errorf("%s, %s: opens is open, and nothing is advised", name, target)
				continue
			}
			if len(f.Commands) != 1 {
				t.Errorf("%s, %s: commands %q", name, target, f.Commands)
				continue
			}
			program := strings.Fields(f.Commands[0])[3]
			profile, err := pkcs12.ProfileFor(pkcs12.Importer(program))
			if err != nil {
				t.Fatal(err)
			}
			written, err := (&pkcs12.Options{Password: new(password)}).Rewrite(context.Background(), form, pkcs12.Rewriting{
				Profile:  profile,
				Password: password,
			})
			if err != nil {
				t.Errorf("%s, %s: %s: %v", name, target, f.Commands[0], err)
				continue
			}
			if state, f := opens(written, target); state != lint.Met {
				t.Errorf("%s, %s: written for %s, opens is %s: %v", name, target, program, state, f)
			}
			settled[target]++
		}
	}
	// The key stays what it is when it is written anew.
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	edwards := encode(gopkcs12.LegacyDES.WithIterations(2048), password, newUser(issuing(), key), issuing(), root())
	if state, f := opens(edwards, lint.Windows); state != lint.Open || f != nil {
		t.Errorf("a key of Ed25519: opens is %s, advised is %v", state, f)
	}
	// Nothing is written where the key is that of another certificate.
	other := append(plainPFX(keyBag(otherKey(), keyID(1)), certBag(user(), keyID(1))), 0, 0)
	if _, f := opens(other, lint.Windows); f != nil {
		t.Errorf("the key of another: advised is %v", f)
	}
	if len(settled) < 2 {
		t.Errorf("settled for %v alone", settled)
	}
}
