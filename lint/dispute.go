package lint

import (
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
)

// stance is what a target is known to make of what programs treat in different ways.
type stance struct {
	code  chain.ProblemCode
	of    string        // start of the detail in English, as of a kind of key; empty: whatever it is
	takes pkcs12.Answer // Yes or No
	cite  string        // who says so
}

// disputable are the problems of paths of which it is not known what a target makes,
// unless it has a stance. Any other refuses a path.
var disputable = problemCodes{
	"unparseable", "name_constraint_subtree", "encoding", "signature_algorithm_mismatch", "serial_number", "signature_encoding",
	"key_algorithm", "signature_scheme", "application_policy", "distrusted", "disabled", "restricted", "key_size",
	"any_extended_key_usage", "issuer_name", "key_identifier", "subject_alt_name_not_critical",
}

// Stances of several targets.
var (
	// ofEvery are those that nothing is known against.
	ofEvery = []stance{ // certificate users should be prepared for such numbers
		{"serial_number", "negative", pkcs12.Yes, "RFC 5280, Section 4.1.2.2; Microsoft's programme trusts EC-ACC for e-mail; mozilla::pkix, pkixder.h: CertificateSerialNumber; of Apple it is inferred"},
		{"serial_number", "zero", pkcs12.Yes, "RFC 5280, Section 4.1.2.2; Security Communication RootCA2 is in the stores of Apple, Microsoft and Mozilla"},
		{"distrusted", "it lies in the store Disallowed", pkcs12.No, "Microsoft, Deprecation Definitions: Disallow"},
	}

	// ofMicrosoft are those of Microsoft's services and programs. Of Apple it is not known
	// whether a usage for any stands for mail: SecPolicyPriv.h said so of the certificate
	// of a user, and names emailProtection alone in newer releases.
	ofMicrosoft = slices.Concat([]stance{
		{"any_extended_key_usage", "", pkcs12.Yes, "RFC 5280, Section 4.2.1.12"},
	}, ofEvery)

	// ofOthers are those of programs that know nothing of Windows.
	ofOthers = []stance{
		{"application_policy", "", pkcs12.Yes, "RFC 5280, Section 4.2"},
		{"disabled", "", pkcs12.Yes, "wincrypt.h, CERT_DISALLOWED_FILETIME_PROP_ID"},
		{"restricted", "", pkcs12.Yes, "wincrypt.h, CERT_ENHKEY_USAGE_PROP_ID"},
	}

	ofWindows = slices.Concat([]stance{
		{"signature_encoding", "", pkcs12.Yes, "Microsoft, SymCrypt: SymCryptRsaPkcs1Verify"},
		{"key_algorithm", "EC brainpool", pkcs12.Yes, "Microsoft, CNG Named Elliptic Curves"},
		{"key_algorithm", "EC secp256k1", pkcs12.Yes, "Microsoft, CNG Named Elliptic Curves"},
		{"signature_scheme", "RSASSA-PSS SHA-", pkcs12.Yes, "Microsoft, CAPolicy.inf: AlternateSignatureAlgorithm"},
		{"unknown_critical_extension", "1.3.6.1.4.1.311.21.10", pkcs12.Yes, "Microsoft, MS-WCCE: Certificate Application Policy Extension"},
		{"application_policy", "", pkcs12.No, "Microsoft, MS-WCCE: Certificate Application Policy Extension"},
		{"disabled", "", pkcs12.No, "Microsoft, Deprecation Definitions: Disable, NotBefore"},
		{"key_identifier", "", pkcs12.Yes, "dotnet/runtime, DynamicChainTests.MismatchKeyIdentifiers"},
		{"restricted", "Windows takes it for no e-mail", pkcs12.No, "wincrypt.h, CERT_ENHKEY_USAGE_PROP_ID"},
		// Windows fetches that list by itself; who else has one is not said here.
		{"distrusted", "Microsoft's list", pkcs12.No, "Microsoft, Configure trusted roots and disallowed certificates"},
	}, ofMicrosoft)

	ofAppleMail = slices.Concat([]stance{
		{"key_algorithm", "EC ", pkcs12.No, "Apple, SecECKey.m"},
		{"key_identifier", "", pkcs12.No, "Apple, SecPolicyServer.c: SecPolicyCheckIdLinkage"},
		{"subject_alt_name_not_critical", "", pkcs12.No, "Apple, SecPolicyLeafCallbacks.c: SecPolicyCheckCertNonEmptySubject"},
		{"key_size", "", pkcs12.No, "Apple, SecPolicy.c"},
	}, ofOthers, ofEvery)

	ofNSS = slices.Concat([]stance{
		{"any_extended_key_usage", "", pkcs12.No, "Mozilla, mozilla::pkix, pkixcheck.cpp: MatchEKU"},
		{"signature_encoding", "", pkcs12.No, "NSS, secvfy.c: verifyPKCS1DigestInfo"},
		{"signature_algorithm_mismatch", "", pkcs12.No, "Mozilla, mozilla::pkix: ERROR_SIGNATURE_ALGORITHM_MISMATCH"},
		{"key_algorithm", "EC ", pkcs12.No, "NSS, ecl-curve.h"},
		{"subject_alt_name_not_critical", "", pkcs12.Yes, "Mozilla, mozilla::pkix, pkixnames.cpp, which asks for no critical one"},
		{"issuer_name", "", pkcs12.No, "Mozilla, mozilla::pkix, pkixbuild.cpp: PathBuildingStep::Check"},
		{"key_identifier", "", pkcs12.Yes, "Mozilla, mozilla::pkix, pkixbuild.cpp, which does not compare them"},
		{"key_size", "EC ", pkcs12.No, "NSS, ecl-curve.h"},
	}, ofOthers, ofEvery)

	ofGmail = slices.Concat([]stance{
		{"serial_number", "", pkcs12.No, citeGmail},
		{"key_algorithm", "", pkcs12.No, citeGmail},
		{"key_size", "", pkcs12.No, citeGmail},
		ofEvery[len(ofEvery)-1], // what nobody is to trust
	}, ofOthers)

	// ofAppleImport are about the keys of users, and the same for every target to which
	// Apple's importer leads.
	ofAppleImport = []stance{{"key_algorithm", "", pkcs12.No, "Apple, p12import.c"}}
	nothingKnown  = []stance{}
)

// stanceOn returns what is known of what a target makes of a problem: Yes, No or
// Unknown.
func stanceOn(stances []stance, code chain.ProblemCode, detail string) pkcs12.Answer {
	i := slices.IndexFunc(stances, func(s stance) bool { return s.code == code && strings.HasPrefix(detail, s.of) })
	switch {
	case i >= 0:
		return stances[i].takes
	case disputable.has(code):
		return pkcs12.Unknown
	default:
		return pkcs12.No
	}
}

// takesPath returns whether the target takes a path, and the problems for which it does
// not or, where that is the worst, for which it is not known.
func (p *Pass) takesPath(path *chain.Path) (takes pkcs12.Answer, why []chain.Problem) {
	takes = pkcs12.Yes
	stances := p.Target.row().stances
	for _, problems := range [][]chain.Problem{path.Problems, path.Disputed} {
		for _, problem := range problems {
			if p.leftToRules(path, problem) {
				continue
			}
			answer := stanceOn(stances, problem.Code, problem.Detail)
			switch {
			case answer == pkcs12.Yes || answer == pkcs12.Unknown && takes == pkcs12.No:
				continue
			case answer == pkcs12.No && takes == pkcs12.Unknown:
				why = nil
			}
			takes, why = answer, append(why, problem)
		}
	}
	return takes, why
}

// leftToRules reports whether a problem is a signature with MD5 or SHA-1 that
// e_signature_weak and w_ca_signature_weak judge: that of the certificate of a user, and
// those of CAs.
func (p *Pass) leftToRules(path *chain.Path, problem chain.Problem) bool {
	if problem.Code != "weak_signature" {
		return false
	}
	if path.Certificates[problem.Index].IsCA() {
		return p.Target.row().weak
	}
	return p.judgesUsers()
}

// good returns the paths that the target takes.
func (p *Pass) good(r *chain.Result) []*chain.Path {
	var list []*chain.Path
	for _, path := range slices.Concat(r.Accepted, r.Rejected) {
		if takes, _ := p.takesPath(path); takes == pkcs12.Yes {
			list = append(list, path)
		}
	}
	return list
}

// doubt says what is not known of the target, where it may take a path and none is
// known to be good; zero otherwise.
func (p *Pass) doubt(r *chain.Result) say.Message {
	var fewest []chain.Problem
	var of *chain.Path
	for _, path := range slices.Concat(r.Accepted, r.Rejected) {
		switch takes, why := p.takesPath(path); {
		case takes == pkcs12.Yes:
			return say.Message{}
		case takes == pkcs12.Unknown && (of == nil || len(why) < len(fewest)):
			of, fewest = path, why
		}
	}
	if of == nil {
		return say.Message{}
	}
	problem := fewest[0]
	return say.New("whether %s takes it is not known: %s: %s", p.Target.Title(), quoteName(of.Certificates[problem.Index].Subject()), problem)
}

// options are those of every search for paths.
func (p *Pass) options(purpose chain.Purpose, limits chain.Limits) *chain.Options {
	return &chain.Options{Purpose: purpose, Revocation: p.checker(), Ahead: p.Ahead, Limits: limits, Distrust: p.distrust}
}

// distrust answers [chain.Options].Distrust: what a store of Windows among the files
// holds against a certificate, else what a list of the catalogue does.
func (p *Pass) distrust(path []*chain.Certificate, i int, at time.Time) (chain.ProblemCode, say.Message) {
	if p.distrusts != nil {
		if code, why := p.distrusts.Of(path, i, at); !why.IsZero() {
			return code, why
		}
	}
	if d, ok := p.Catalog.Distrusted(path[i].SHA256()); ok {
		return "distrusted", d.Why()
	}
	return "", say.Message{}
}
