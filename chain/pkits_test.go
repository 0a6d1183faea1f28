package chain

import (
	"context"
	"encoding/asn1"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/testdata/outside"
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
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		tb.Fatalf("go env GOROOT: %v", err)
	}
	dir := filepath.Join(strings.TrimSpace(string(root)), "src", "crypto", "x509", "testdata", "nist-pkits")
	data, err := os.ReadFile(filepath.Join(dir, "vectors.json"))
	if err != nil {
		outside.Missing(tb, "no Go source tree: %v", err)
	}
	var cases []pkitsCase
	if err := json.Unmarshal(data, &cases); err != nil {
		tb.Fatal(err)
	}
	return filepath.Join(dir, "certs"), cases
}

// pkitsExceptions are the cases whose outcome here is not that of the suite,
// with the reason. All are rejected here and accepted by the suite.
var pkitsExceptions = map[string]string{
	"4.1.4":   "DSA signatures are not supported",
	"4.1.5":   "DSA signatures are not supported",
	"4.14.30": "whether the signer of the indirect list is revoked is said by that list alone",
}

func TestPKITS(t *testing.T) {
	dir, cases := pkitsCases(t)
	counts := map[string][2]int{}
	// Any certificate of the suite may be the signer of a list.
	var all []*Certificate
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		der, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, ParseCertificate(der))
	}
	for _, tc := range cases {
		section := strings.Join(strings.Split(strings.Fields(tc.Name)[0], ".")[:2], ".")
		if strings.HasPrefix(tc.Name, "4.10.1.") {
			section = "4.10"
		}
		_, excepted := pkitsExceptions[strings.Fields(tc.Name)[0]]
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
			der, err := os.ReadFile(outside.Corpus(t, "paths", "pkits-crls", name))
			if err != nil {
				t.Fatal(err)
			}
			lists = append(lists, der)
		}
		leaf := certs[len(certs)-1]
		opts := &Options{Purpose: Purpose{EKU: AnyEKU, Usage: AnyUsage}, Revocation: NewCRLs(lists...).WithSigners(all...)}
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
		got := len(r.Accepted) > 0
		// Once more without what crypto/x509 does not know.
		if leaf.cert() != nil {
			plain, err := g.Build(context.Background(), leaf, pkitsTime, &Options{Purpose: opts.Purpose, CrossCheck: true})
			if err != nil {
				t.Fatal(err)
			}
			compareWithOracle(t, tc.Name, plain)
		}
		n := counts[section]
		switch {
		case excepted && (got || !tc.ShouldValidate):
			t.Errorf("%s: on the list of exceptions, but accepted or to be rejected", tc.Name)
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
	for section, want := range map[string]int{
		"4.1": 4, "4.2": 8, "4.3": 11, "4.4": 21, "4.5": 8, "4.6": 17, "4.7": 5, "4.8": 35, "4.9": 8,
		"4.10": 23, "4.11": 11, "4.12": 11, "4.13": 38, "4.14": 34, "4.15": 10, "4.16": 2,
	} {
		if got := counts[section][0]; got != want {
			t.Errorf("section %s: %d right, want %d", section, got, want)
		}
	}
	for section, n := range counts {
		t.Logf("section %s: %d right, %d not", section, n[0], n[1])
	}
}
