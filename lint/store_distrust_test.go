package lint_test

import (
	"slices"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/sst"
)

// TestPropertiesOfStores holds that a store works for nobody who goes by a property that
// keeps its certificates from e-mail, or of which it is not known whether it does.
func TestPropertiesOfStores(t *testing.T) {
	server, mail := oids([]int{1, 3, 6, 1, 5, 5, 7, 3, 1}), oids([]int{1, 3, 6, 1, 5, 5, 7, 3, 4})
	for _, tt := range []struct {
		name              string
		id                sst.PropID
		value             []byte
		exchange, windows lint.VerdictStatus
	}{
		{"for servers", sst.PropEnhKeyUsage, server, lint.Unknown, lint.Fails},
		{"for nothing", sst.PropEnhKeyUsage, []byte{0x30, 0}, lint.Unknown, lint.Fails},
		{"for what cannot be read", sst.PropEnhKeyUsage, []byte{0x30, 5}, lint.Unknown, lint.Unknown},
		{"for mail", sst.PropEnhKeyUsage, mail, lint.Works, lint.Works},
		{"not for mail", sst.PropDisallowedEnhKeyUsage, mail, lint.Unknown, lint.Fails},
		{"not for servers", sst.PropDisallowedEnhKeyUsage, server, lint.Works, lint.Works},
		{"constraints on names", sst.PropRootProgramNameConstraints, []byte{0x30, 0}, lint.Unknown, lint.Unknown},
		{"disallowed as a CA", sst.PropDisallowedCAFileTime, make([]byte, 8), lint.Unknown, lint.Unknown},
		{"policies of a root", sst.PropRootProgramCertPolicies, []byte{0x30, 0}, lint.Works, lint.Works},
		{"a name", sst.PropFriendlyName, []byte{'A', 0, 0, 0}, lint.Works, lint.Works},
	} {
		for place, bad := range map[string]*signer{"root": root(), "issuing CA": issuing()} {
			s := elements([]*signer{root(), issuing()})
			s.Elements[slices.Index([]string{"root", "issuing CA"}, place)].Properties = []sst.Property{{ID: tt.id, Value: tt.value}}
			opts := &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, ZLint: []string{"none"}}
			if v := run(t, storeOf(s), opts).Subjects[0]; v.Status != tt.exchange {
				t.Errorf("%s, %s: Exchange Online %s because of %v", tt.name, place, v.Status, v.Because)
			}
			// What a store of Windows says of a certificate counts wherever else that one lies.
			for target, want := range map[lint.Target]lint.VerdictStatus{lint.Windows: tt.windows, lint.Thunderbird: lint.Works, lint.AppleMail: lint.Works} {
				opts := &lint.Options{Time: today, Targets: []lint.Target{target}, ZLint: []string{"none"}, Roots: loose(root()), With: []*bundle.File{marked(bad, tt.id, tt.value)}}
				if v := run(t, pemBundle(user(), issuing(), root()), opts).Subjects[0]; v.Status != want {
					t.Errorf("%s, %s: %s %s because of %v", tt.name, place, target, v.Status, v.Because)
				}
			}
		}
	}
}

// TestDisallowedAnywhere holds that a certificate of the store Disallowed is distrusted in
// every file that has it, and wherever the export of that store was given; another
// certificate of the same CA is not.
func TestDisallowedAnywhere(t *testing.T) {
	other := newCA("Example Issuing CA", root(), issuing().key, valid(today.AddDate(-2, 0, 0), today.AddDate(2, 0, 0)))
	for _, tt := range []struct {
		name       string
		disallowed *signer
		want       lint.VerdictStatus
	}{
		{"the issuing CA", issuing(), lint.Fails},
		{"the root", root(), lint.Fails},
		{"another certificate of the CA", other, lint.Works},
	} {
		export := inDisallowed(tt.disallowed)
		for _, target := range []lint.Target{lint.ExchangeOnline, lint.Windows, lint.AppleMail, lint.Thunderbird} {
			files := pemBundle(user(), issuing(), root())
			if target == lint.ExchangeOnline {
				files = store(issuing(), root())
			}
			for place, o := range map[string]lint.Options{"beside": {}, "with": {With: []*bundle.File{export}}, "roots": {Roots: []*bundle.File{export}}} {
				given := files
				if place == "beside" {
					given = append(slices.Clone(files), export)
				}
				o.Time, o.Targets, o.ZLint = today, []lint.Target{target}, []string{"none"}
				o.Roots = append(o.Roots, loose(root())...)
				for _, v := range run(t, given, &o).Subjects {
					if v.Subject.File == files[0].Name && v.Status != tt.want {
						t.Errorf("%s, %s, %s: %s because of %v", tt.name, place, target, v.Status, v.Because)
					}
				}
			}
		}
	}
}
