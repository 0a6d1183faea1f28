package lint

import (
	"crypto/ed25519"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
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
		{"issuer_name", "its issuer writes the name otherwise", []pkcs12.Answer{open, open, open, open, open, no, open}},
		{"subject_alt_name_not_critical", "it has no other name", []pkcs12.Answer{open, open, no, open, open, yes, open}},
		{"key_identifier", "the key identifier of its issuer is another", []pkcs12.Answer{open, open, no, open, yes, yes, open}},
		{"key_size", "RSA 1024", []pkcs12.Answer{open, open, no, open, open, open, no}},
		{"key_size", "EC P-224", []pkcs12.Answer{open, open, no, open, open, no, no}},
		{"restricted", "Windows takes it for no e-mail, by the property", []pkcs12.Answer{open, open, yes, open, no, yes, yes}},
		{"restricted", "what the property", []pkcs12.Answer{open, open, yes, open, open, yes, yes}},
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

// TestDoubt holds which path a doubt is told of: that with the fewest problems of which it
// is not known what the target makes, where no path is good.
func TestDoubt(t *testing.T) {
	c := newCertificate(t)
	path := func(codes ...chain.ProblemCode) *chain.Path {
		p := &chain.Path{Certificates: []*chain.Certificate{c, c}}
		for _, code := range codes {
			p.Problems = append(p.Problems, chain.Problem{Code: code, Index: 1})
		}
		return p
	}
	good, refused := path(), path("expired")
	one, other, two := path("encoding"), path("key_algorithm"), path("signature_scheme", "encoding")
	for _, tt := range []struct {
		name               string
		accepted, rejected []*chain.Path
		want               chain.ProblemCode // the doubt is about it; empty: there is none
	}{
		{"no path", nil, nil, ""},
		{"good", []*chain.Path{good}, nil, ""},
		{"refused", nil, []*chain.Path{refused}, ""},
		{"in doubt", nil, []*chain.Path{one}, "encoding"},
		{"in doubt, and good", []*chain.Path{one}, []*chain.Path{good}, ""},
		{"in doubt, and refused", nil, []*chain.Path{refused, one, refused}, "encoding"},
		{"in doubt and refused in one", nil, []*chain.Path{path("encoding", "expired")}, ""},
		{"the first of two alike", nil, []*chain.Path{other, one}, "key_algorithm"},
		{"the first has more", nil, []*chain.Path{two, one}, "encoding"},
		{"the last has more", nil, []*chain.Path{other, two}, "key_algorithm"},
	} {
		p := &Pass{Target: ExchangeOnline, Collection: &Collection{Files: []*bundle.File{{Format: bundle.SST}}}}
		r := &chain.Result{Accepted: tt.accepted, Rejected: tt.rejected}
		got := p.doubt(r).String()
		if want := (chain.Problem{Code: tt.want}).String(); tt.want == "" && got != "" || tt.want != "" && !strings.HasSuffix(got, want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		if good := len(p.good(r)) > 0; good != slices.ContainsFunc(slices.Concat(tt.accepted, tt.rejected), func(o *chain.Path) bool { return len(o.Problems) == 0 }) {
			t.Errorf("%s: good %t", tt.name, good)
		}
	}
}

// TestTakesPath holds what a target makes of a path with several problems: the worst of them
// decides, and the others are not given as the reason.
func TestTakesPath(t *testing.T) {
	const fine, refused, open, openToo = "any_extended_key_usage", "expired", "encoding", "key_algorithm" // for Exchange Online
	type codes = []chain.ProblemCode
	for _, tt := range []struct {
		problems, disputed codes
		takes              pkcs12.Answer
		why                codes
	}{
		{nil, nil, pkcs12.Yes, nil},
		{codes{fine}, nil, pkcs12.Yes, nil},
		{nil, codes{fine}, pkcs12.Yes, nil},
		{codes{open}, nil, pkcs12.Unknown, codes{open}},
		{codes{open}, codes{openToo}, pkcs12.Unknown, codes{open, openToo}},
		{codes{fine, open, fine}, nil, pkcs12.Unknown, codes{open}},
		{codes{refused}, nil, pkcs12.No, codes{refused}},
		{codes{open, refused}, nil, pkcs12.No, codes{refused}},
		{codes{refused}, codes{open}, pkcs12.No, codes{refused}},
		{codes{refused, open, "revoked"}, codes{fine}, pkcs12.No, codes{refused, "revoked"}},
		{codes{fine}, codes{refused}, pkcs12.No, codes{refused}},
	} {
		of := func(list codes) (problems []chain.Problem) {
			for _, code := range list {
				problems = append(problems, chain.Problem{Code: code})
			}
			return problems
		}
		p := &Pass{Target: ExchangeOnline}
		takes, why := p.takesPath(&chain.Path{Problems: of(tt.problems), Disputed: of(tt.disputed)})
		var got codes
		for _, problem := range why {
			got = append(got, problem.Code)
		}
		if takes != tt.takes || !slices.Equal(got, tt.why) {
			t.Errorf("%v, disputed %v: %v for %v, want %v for %v", tt.problems, tt.disputed, takes, got, tt.takes, tt.why)
		}
	}
}

// newCertificate makes a certificate that nothing is to be known of.
func newCertificate(t *testing.T) *chain.Certificate {
	t.Helper()
	return newCertificateBy(t, &x509.Certificate{Subject: pkix.Name{CommonName: "a"}})
}

// newCertificateBy makes one that names an issuer, and is signed with its own key.
func newCertificateBy(t *testing.T, issuer *x509.Certificate) *chain.Certificate {
	t.Helper()
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	der, err := x509.CreateCertificate(nil, &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "a"}}, issuer, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return chain.ParseCertificate(der)
}

// TestOnlyExpired holds which paths a target would take but for the date: none that it
// refuses for something else too, whoever disputes that.
func TestOnlyExpired(t *testing.T) {
	type codes = []chain.ProblemCode
	for _, tt := range []struct {
		target             Target
		problems, disputed codes
		want               bool
	}{
		{Thunderbird, nil, nil, false},
		{Thunderbird, codes{"expired"}, nil, true},
		{Thunderbird, codes{"expired", "expired"}, codes{"key_identifier"}, true},
		{Thunderbird, codes{"expired"}, codes{"issuer_name"}, false},
		{Windows, codes{"expired"}, codes{"issuer_name"}, true}, // and the rest is not known
		{Thunderbird, codes{"expired", "not_a_ca"}, nil, false},
		{Thunderbird, nil, codes{"issuer_name"}, false},
	} {
		path := new(chain.Path)
		for _, code := range tt.problems {
			path.Problems = append(path.Problems, chain.Problem{Code: code})
		}
		for _, code := range tt.disputed {
			path.Disputed = append(path.Disputed, chain.Problem{Code: code})
		}
		if got := (&Pass{Target: tt.target}).onlyExpired(path); got != tt.want {
			t.Errorf("%s: %v, %v: %t", tt.target, tt.problems, tt.disputed, got)
		}
	}
}
