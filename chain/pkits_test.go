package chain

import (
	"context"
	"encoding/asn1"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

type pkitsCase struct {
	Name                        string
	CertPath, CRLPath           []string
	ShouldValidate              bool
	InitialPolicySet            []string
	InitialPolicyMappingInhibit bool
	InitialExplicitPolicy       bool
	InitialAnyPolicyInhibit     bool
}

var pkitsPolicies = map[string]asn1.ObjectIdentifier{
	"anyPolicy":          {2, 5, 29, 32, 0},
	"NIST-test-policy-1": {2, 16, 840, 1, 101, 3, 2, 1, 48, 1},
	"NIST-test-policy-2": {2, 16, 840, 1, 101, 3, 2, 1, 48, 2},
	"NIST-test-policy-3": {2, 16, 840, 1, 101, 3, 2, 1, 48, 3},
	"NIST-test-policy-6": {2, 16, 840, 1, 101, 3, 2, 1, 48, 6},
}

// pkitsTime is within the validity of the suite.
var pkitsTime = time.Date(2012, 1, 1, 0, 0, 0, 0, time.UTC)

func pkitsCases(tb testing.TB) (string, []pkitsCase) {
	tb.Helper()
	dir := filepath.Join(runtime.GOROOT(), "src", "crypto", "x509", "testdata", "nist-pkits")
	data, err := os.ReadFile(filepath.Join(dir, "vectors.json"))
	if err != nil {
		if os.Getenv("CI") != "" {
			tb.Fatalf("the Go source tree is required: %v", err)
		}
		tb.Skipf("no Go source tree: %v", err)
	}
	var cases []pkitsCase
	if err := json.Unmarshal(data, &cases); err != nil {
		tb.Fatal(err)
	}
	return filepath.Join(dir, "certs"), cases
}

// pkitsException is a case whose outcome here is not that of the suite, or
// that is not run, with the reason.
type pkitsException struct {
	reason string
	skip   bool
}

func pkitsExceptionFor(name string) (pkitsException, bool) {
	for prefix, e := range pkitsExceptions {
		if strings.HasPrefix(name, prefix) && !strings.ContainsAny(name[len(prefix):][:min(1, len(name)-len(prefix))], "0123456789") {
			return e, true
		}
	}
	return pkitsException{}, false
}

var pkitsExceptions = map[string]pkitsException{
	"4.1.4": {reason: "DSA signatures are not supported by crypto/x509"},
	"4.1.5": {reason: "DSA signatures are not supported by crypto/x509"},
}

func TestPKITS(t *testing.T) {
	dir, cases := pkitsCases(t)
	counts := map[string][3]int{}
	for _, tc := range cases {
		section := strings.Join(strings.Split(strings.Fields(tc.Name)[0], ".")[:2], ".")
		if strings.HasPrefix(tc.Name, "4.10.1.") {
			section = "4.10"
		}
		exception, excepted := pkitsExceptionFor(tc.Name)
		if excepted && exception.skip {
			n := counts[section]
			n[2]++
			counts[section] = n
			continue
		}
		var certs []*Certificate
		for _, name := range tc.CertPath {
			der, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			certs = append(certs, ParseCertificate(der))
		}
		var lists [][]byte
		for _, name := range tc.CRLPath {
			der, err := os.ReadFile(corpus(t, "paths", "pkits-crls", name))
			if err != nil {
				t.Fatal(err)
			}
			lists = append(lists, der)
		}
		leaf := certs[len(certs)-1]
		opts := &Options{Purpose: Purpose{EKU: AnyEKU, Usage: AnyUsage}, Revocation: NewCRLs(lists...)}
		opts.Policy = PolicyInputs{
			RequireExplicitPolicy: tc.InitialExplicitPolicy,
			InhibitPolicyMapping:  tc.InitialPolicyMappingInhibit,
			InhibitAnyPolicy:      tc.InitialAnyPolicyInhibit,
		}
		for _, p := range tc.InitialPolicySet {
			oid, ok := pkitsPolicies[p]
			if !ok {
				t.Fatalf("unknown policy %s", p)
			}
			opts.Policy.InitialPolicies = append(opts.Policy.InitialPolicies, oid)
		}
		g := NewGraph(certs[1:len(certs)-1], certs[:1], Limits{})
		r, err := g.Build(context.Background(), leaf, pkitsTime, opts)
		if err != nil {
			t.Fatal(err)
		}
		// The suite judges one path, not whether there is another.
		slices.Reverse(certs)
		got := slices.ContainsFunc(r.Accepted, func(p *Path) bool { return slices.Equal(p.Certificates, certs) })
		n := counts[section]
		switch {
		case got == tc.ShouldValidate && excepted:
			t.Errorf("%s: right, although it is on the list of exceptions", tc.Name)
		case got != tc.ShouldValidate && !excepted:
			t.Errorf("%s: got %t, %v %v", tc.Name, got, describe(r.Rejected), r.DeadEnds)
		}
		if got == tc.ShouldValidate {
			n[0]++
		} else {
			n[1]++
		}
		counts[section] = n
	}
	for section, n := range counts {
		t.Logf("section %s: %d right, %d not, %d not applicable", section, n[0], n[1], n[2])
	}
}
