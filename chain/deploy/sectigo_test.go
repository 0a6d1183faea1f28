package deploy

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestSectigoSets makes everything from the real chain and a test identity, and
// has it checked as any other file.
func TestSectigoSets(t *testing.T) {
	c, err := Pack(load(t, filepath.Join(outside.Corpus(t), "sectigo"), "ca-r36.pem", "root-r46-self-signed.pem", "root-r46-cross-signed-by-usertrust.pem", "root-usertrust-rsa.pem"), today)
	if err != nil {
		t.Fatal(err)
	}
	exchange, err := Exchange(c, nil)
	if err != nil {
		t.Fatal(err)
	}
	trusted, err := IntuneTrusted(c, &IntuneTrustedOptions{Platforms: []Platform{platformIOS, platformMacOS, platformWindows, platformAndroidDeviceOwner, platformAndroidWorkProfile, platformAndroidForWork}})
	if err != nil {
		t.Fatal(err)
	}
	connector := &Connector{Key: &generate(t, 2048).PublicKey, Provider: "Microsoft Software Key Storage Provider", KeyName: "key"}
	imported, err := IntunePFX(&Import{UPN: testAddress, PFX: testPFX(t, bothUsages, testPassword), Password: testPassword, Purpose: SMIMEEncryption}, connector, today)
	if err != nil {
		t.Fatal(err)
	}
	profile, err := MobileConfig(c, &MobileConfigOptions{Identity: testPFX(t, bothUsages, testPassword), Password: testPassword})
	if err != nil {
		t.Fatal(err)
	}
	password := testPassword
	for _, tt := range []struct {
		target  lint.Target
		outputs []Output
		verdict lint.VerdictStatus
	}{
		{lint.ExchangeOnline, exchange, lint.Works},
		{lint.Intune, trusted, lint.Works},
		{lint.Intune, []Output{*imported}, lint.Unknown},   // the certificate is out of sight
		{lint.AppleMail, []Output{*profile}, lint.Unknown}, // the identity is of a root that is not in it
	} {
		var files []*bundle.File
		for _, o := range tt.outputs {
			if strings.HasSuffix(o.Name, ".csv") {
				continue
			}
			f, err := (&bundle.Options{Password: &password}).Parse(context.Background(), o.Name, o.Data)
			if err != nil {
				t.Fatal(err)
			}
			f.Folder = "set"
			files = append(files, f)
		}
		r, err := lint.Run(context.Background(), files, &lint.Options{Time: today, Targets: []lint.Target{tt.target}})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.Findings {
			if _, own := ownRules[f.Rule]; own {
				t.Errorf("%s: %s: %s", f.File, f.Rule, f.Message)
			}
			if strings.Contains(f.Message.String(), testPassword) {
				t.Errorf("%s shows the password", f.Rule)
			}
		}
		for _, v := range r.Verdicts {
			if v.Target == tt.target && v.Status != tt.verdict {
				t.Errorf("%s: verdict %s because of %v", tt.target, v.Status, v.Because)
			}
		}
	}
}
