package lint

import (
	"slices"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/pkcs12"
)

// TestStances holds that every stance says yes or no by somebody's word, that it is one on
// what targets may differ about, and that none stands behind one that hides it.
func TestStances(t *testing.T) {
	for i := range rows {
		r := &rows[i]
		for _, list := range [][]stance{r.stances, r.keys} {
			for j, s := range list {
				if s.cite == "" || s.takes != pkcs12.Yes && s.takes != pkcs12.No {
					t.Errorf("%s: %+v", r.target, s)
				}
				if !disputable.has(s.code) && s.code != "unknown_critical_extension" {
					t.Errorf("%s: %s is nothing that targets differ about", r.target, s.code)
				}
				if stanceOn(list[:j], s.code, s.of) != stanceOn(nil, s.code, s.of) {
					t.Errorf("%s: %s %q stands behind one that hides it", r.target, s.code, s.of)
				}
			}
		}
		// What is known to be wrong with a path is so for everybody.
		for _, code := range []chain.ProblemCode{"expired", "not_a_ca", "revoked", "name_constraint"} {
			if got := stanceOn(r.stances, code, ""); got != pkcs12.No {
				t.Errorf("%s: %s: %v", r.target, code, got)
			}
		}
	}
}

// TestStanceOfEach is what each target makes of what programs treat in different ways.
func TestStanceOfEach(t *testing.T) {
	const yes, no, open = pkcs12.Yes, pkcs12.No, pkcs12.Unknown
	for _, test := range []struct {
		code   chain.ProblemCode
		detail string
		want   []pkcs12.Answer // of exchange-online, outlook-ios, apple-mail, intune, windows, thunderbird, gmail
	}{
		{"unparseable", "malformed: extension 2.5.29.15 appears twice", []pkcs12.Answer{open, open, open, open, open, open, open}},
		{"name_constraint_subtree", "a subtree that cannot be read", []pkcs12.Answer{open, open, open, open, open, open, open}},
		{"encoding", "an rfc822Name beyond ASCII", []pkcs12.Answer{open, open, open, open, open, open, open}},
		{"signature_algorithm_mismatch", "", []pkcs12.Answer{open, open, open, open, open, no, open}},
		{"serial_number", "negative", []pkcs12.Answer{yes, yes, yes, yes, yes, yes, no}},
		{"serial_number", "zero", []pkcs12.Answer{yes, yes, yes, yes, yes, yes, no}},
		{"serial_number", "21 octets", []pkcs12.Answer{open, open, open, open, open, open, no}},
		{"signature_encoding", "a DigestInfo without NULL", []pkcs12.Answer{open, open, open, open, yes, no, open}},
		{"key_algorithm", "EC brainpoolP256r1", []pkcs12.Answer{open, open, no, open, yes, no, no}},
		{"key_algorithm", "EC explicit parameters", []pkcs12.Answer{open, open, no, open, open, no, no}},
		{"key_algorithm", "ML-DSA-65", []pkcs12.Answer{open, open, open, open, open, open, no}},
		{"signature_scheme", "RSASSA-PSS SHA-256", []pkcs12.Answer{open, open, open, open, yes, open, open}},
		{"application_policy", "", []pkcs12.Answer{open, open, yes, open, no, yes, yes}},
		{"unknown_critical_extension", "1.3.6.1.4.1.311.21.10", []pkcs12.Answer{no, no, no, no, yes, no, no}},
		{"unknown_critical_extension", "1.2.3", []pkcs12.Answer{no, no, no, no, no, no, no}},
		{"distrusted", "it lies in the store Disallowed of Windows", []pkcs12.Answer{no, no, no, no, no, no, no}},
		{"distrusted", "Microsoft's list of distrusted certificates, as it was in 2018, names it", []pkcs12.Answer{open, open, open, open, no, open, open}},
		{"any_extended_key_usage", "", []pkcs12.Answer{yes, yes, open, yes, yes, no, open}},
		{"disabled", "", []pkcs12.Answer{open, open, yes, open, no, yes, yes}},
	} {
		var got []pkcs12.Answer
		for _, target := range []Target{ExchangeOnline, OutlookIOS, AppleMail, Intune, Windows, Thunderbird, Gmail} {
			got = append(got, stanceOn(target.row().stances, test.code, test.detail))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s %q: %v, want %v", test.code, test.detail, got, test.want)
		}
	}
}
