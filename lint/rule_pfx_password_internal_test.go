package lint

import (
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/pkcs12"
)

// TestPasswordConditions holds the rules about passwords to each of their conditions: the
// entropy and the length at their limits, and whose password it is.
func TestPasswordConditions(t *testing.T) {
	const weak, long = "w_pfx_password_weak", "e_pfx_password_too_long"
	right := &pkcs12.Inspection{Password: pkcs12.Password{Status: pkcs12.PasswordRight}}
	for _, tt := range []struct {
		rule           string
		report         *pkcs12.Inspection
		password       *bundle.PasswordStrength
		bits           int // of the key of the connector
		applies, finds bool
	}{
		{weak, right, &bundle.PasswordStrength{Characters: 12, Entropy: 69.9}, 0, true, true},
		{weak, right, &bundle.PasswordStrength{Characters: 12, Entropy: 70}, 0, true, false},
		{weak, right, &bundle.PasswordStrength{Characters: 12, Entropy: 0}, 0, true, true},
		{weak, right, &bundle.PasswordStrength{Characters: 12, Entropy: -1}, 0, false, false}, // not measured
		{weak, right, &bundle.PasswordStrength{Characters: 0, Entropy: 0}, 0, false, false},
		{weak, right, nil, 0, false, false},
		{weak, nil, &bundle.PasswordStrength{Characters: 12, Entropy: 1}, 0, true, true}, // in what a roll-out makes of it
		{long, right, &bundle.PasswordStrength{Characters: 126}, 2048, true, false},
		{long, right, &bundle.PasswordStrength{Characters: 127}, 2048, true, true},
		{long, right, &bundle.PasswordStrength{Characters: 127}, 4096, true, false},
		{long, right, &bundle.PasswordStrength{Characters: 126}, 0, false, false},
		{long, right, nil, 2048, false, false},
		{long, nil, &bundle.PasswordStrength{Characters: 127}, 2048, false, false},
	} {
		rule, _ := FindRule(tt.rule)
		p := &Pass{Target: Intune, Facts: &Facts{ConnectorKeyBits: tt.bits}, Collection: &Collection{Files: []*bundle.File{{Name: "a.pfx", PFX: tt.report, Password: tt.password}}}, rule: &rule}
		applies := rule.Applies(p)
		if applies && len(p.missing(&rule)) == 0 {
			if err := rule.Run(p); err != nil {
				t.Fatal(err)
			}
		}
		if applies != tt.applies || (len(p.findings) > 0) != tt.finds {
			t.Errorf("%s, %+v, %d bits: applies %t, %d findings", tt.rule, tt.password, tt.bits, applies, len(p.findings))
		}
	}
	// Where the key is not known, it is asked for a long password alone.
	rule, _ := FindRule(long)
	p := &Pass{Target: Intune, Facts: new(Facts), Collection: &Collection{Files: []*bundle.File{{PFX: right, Password: &bundle.PasswordStrength{Characters: 127}}}}}
	if !rule.Applies(p) || len(p.missing(&rule)) != 1 {
		t.Error("a long password does not ask for the key")
	}
}

// TestPasswordOf holds what a password that is right protects.
func TestPasswordOf(t *testing.T) {
	key := pkcs12.Safe{Bags: []pkcs12.Bag{{Key: new(pkcs12.Key)}}}
	closed := pkcs12.Safe{Bags: []pkcs12.Bag{{}}}
	public := pkcs12.Safe{Privacy: pkcs12.PrivacyPublicKey}
	for _, tt := range []struct {
		name               string
		status             pkcs12.PasswordStatus
		mac                *pkcs12.MAC
		safes              []pkcs12.Safe
		unprotected, ofKey bool
		right              bool
	}{
		{"open to all", pkcs12.PasswordNotNeeded, nil, []pkcs12.Safe{closed}, true, false, false},
		{"with nothing in it", pkcs12.PasswordNotNeeded, nil, nil, false, false, false},
		{"for the owner of a certificate", pkcs12.PasswordNotNeeded, nil, []pkcs12.Safe{closed, public}, false, false, false},
		{"a key", pkcs12.PasswordRight, nil, []pkcs12.Safe{closed, key}, false, true, true},
		{"certificates alone", pkcs12.PasswordRight, nil, []pkcs12.Safe{closed}, false, false, true},
		{"the MAC", pkcs12.PasswordRight, &pkcs12.MAC{Status: pkcs12.StatusOK}, []pkcs12.Safe{closed}, false, true, true},
		{"another MAC", pkcs12.PasswordRight, &pkcs12.MAC{Status: pkcs12.StatusDamaged}, []pkcs12.Safe{closed}, false, false, true},
		{"a wrong one", pkcs12.PasswordWrong, &pkcs12.MAC{Status: pkcs12.StatusDamaged}, []pkcs12.Safe{closed}, false, false, false},
	} {
		r := &pkcs12.Inspection{Password: pkcs12.Password{Status: tt.status}, MAC: tt.mac, Safes: tt.safes}
		right := hasPassword(&Pass{Collection: &Collection{Files: []*bundle.File{{PFX: r}}}})
		if unprotected, ofKey := isUnprotected(r), protectsKey(r); unprotected != tt.unprotected || ofKey != tt.ofKey || right != tt.right {
			t.Errorf("%s: unprotected %t, of the key %t, right %t", tt.name, unprotected, ofKey, right)
		}
	}
	if hasPassword(&Pass{Collection: &Collection{Files: []*bundle.File{{}}}}) {
		t.Error("what is no PFX has a password")
	}
}
