package lint_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestLawDelivering holds that the profiles, bodies and scripts that deploy makes of
// what has no fault have none, and that it refuses nothing that works.
func TestLawDelivering(t *testing.T) {
	outside.AtLength(t, "judges some thousand files")
	judge := func(target lint.Target, files ...*bundle.File) *lint.Report {
		r, err := lint.Run(context.Background(), files, &lint.Options{Time: today, Targets: []lint.Target{target}, Roots: loose(root()), ZLint: []string{"none"}, Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	read := func(outputs ...deploy.Output) []*bundle.File {
		var files []*bundle.File
		for _, o := range outputs {
			if strings.HasSuffix(o.Name, ".csv") {
				continue // for people
			}
			f, err := (&bundle.Options{Password: new(string)}).Parse(context.Background(), o.Name, o.Data)
			if err != nil {
				t.Fatalf("%s: %v", o.Name, err)
			}
			files = append(files, f)
		}
		return files
	}
	made := 0
	for number := range uint64(lawCases / 10) {
		p := generate(number)
		given := store(p.cas...)
		packed, packErr := deploy.Pack(given, today)
		for _, target := range []lint.Target{lint.Intune, lint.AppleMail} {
			before := judge(target, loose(p.cas...)...)
			outputs, err := []deploy.Output(nil), packErr
			if err == nil && target == lint.Intune {
				outputs, err = deploy.IntuneTrusted(packed, nil)
			} else if err == nil {
				var o *deploy.Output
				if o, err = deploy.MobileConfig(packed, nil); err == nil {
					outputs = []deploy.Output{*o}
				}
			}
			if err != nil {
				if before.Verdict(target).Status == lint.Works {
					t.Errorf("case %d: works for %s, and is refused: %v", number, target, err)
				}
				continue
			}
			if len(packed.LeftOut) > 0 {
				continue // which is said of it
			}
			after := judge(target, read(outputs...)...)
			if before.Worst() < lint.Error && after.Worst() >= lint.Error || after.Verdict(target).Status == lint.Fails && before.Verdict(target).Status != lint.Fails {
				t.Errorf("case %d: what was made for %s %s with %v, and the input %s: %v", number, target, after.Verdict(target).Status, rulesOf(after), before.Verdict(target).Status, p.what)
			}
			made++
		}
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, pfx := range map[string][]byte{"3DES": des("Geheim 1"), "AES": aes("Geheim 1")} {
		connector := &deploy.Connector{Key: &key.PublicKey, Provider: "Microsoft Software Key Storage Provider", KeyName: "connector"}
		body, err := deploy.IntunePFX(&deploy.Import{UPN: "user@example.com", PFX: pfx, Password: "Geheim 1", Purpose: deploy.SMIMESigning}, connector, today)
		works := judge(lint.Intune, openPFX(pfx, "Geheim 1")...).Verdict(lint.Intune)
		if works.Status != lint.Works {
			t.Errorf("%s: %s because of %v", name, works.Status, works.Because)
		}
		if err != nil {
			t.Errorf("%s works, and is refused: %v", name, err)
			continue
		}
		if r := judge(lint.Intune, read(*body)...); r.Verdict(lint.Intune).Status == lint.Fails || r.Worst() >= lint.Error {
			t.Errorf("%s: the body %s with %v", name, r.Verdict(lint.Intune).Status, r.Findings)
		}
		profile, err := deploy.MobileConfig(&deploy.PublicCollection{}, &deploy.MobileConfigOptions{Identity: pfx, Password: "Geheim 1", WithPassword: true})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if r := judge(lint.AppleMail, read(*profile)...); r.Verdict(lint.AppleMail).Status != lint.Works {
			t.Errorf("%s: the profile %s because of %v", name, r.Verdict(lint.AppleMail).Status, r.Verdict(lint.AppleMail).Because)
		}
	}
	if made < lawCases/40 {
		t.Errorf("only %d were made", made)
	}
}
