package lint_test

import (
	"slices"
	"strings"
	"testing"
)

// judgesDiffer is a way in which a judge and the second opinion differ about a path, with
// the clause that says who is right. Any other fails the test.
type judgesDiffer struct {
	judge   string
	accepts bool   // the second opinion does, and the judge does not
	did     string // what was done to the roll-out has this in it
	reason  string
}

var judgeDifferences = []judgesDiffer{
	{"OpenSSL", true, "for anything", "anyExtendedKeyUsage in place of emailProtection, which a program may refuse: RFC 5280, Section 4.2.1.12"},
	{"OpenSSL", true, "other key identifier", "key identifiers help to find an issuer, and path validation does not compare them: RFC 5280, Sections 4.2.1.1 and 6.1"},
	{"OpenSSL", true, "new with old", "a certificate with its own name and another signer's signature is not self-signed: RFC 5280, Section 3.2"},
	{"OpenSSL about the store", true, "other key identifier", "key identifiers, as above"},
	{"OpenSSL about the store", true, "new with old", "such a certificate, as above"},
	{"crypto/x509", false, "its address in the subject alone", "name constraints are for addresses in the subject too: RFC 5280, Section 4.2.1.10"},
	{"crypto/x509", true, "for the directory of", "constraints on directory names hold for what they permit, and crypto/x509 does not read them: RFC 5280, Section 4.2.1.10"},
	{"crypto/x509", true, "spells its issuer otherwise", "names that differ in case, space or string type are equal: RFC 5280, Section 7.1"},
}

// differ notes a difference between a judge and the second opinion.
func (j *judged) differ(t *testing.T, all *tally, judge string, accepts bool, why string) {
	t.Helper()
	i := slices.IndexFunc(judgeDifferences, func(d judgesDiffer) bool {
		return d.judge == judge && d.accepts == accepts && slices.ContainsFunc(j.what, func(w string) bool { return strings.Contains(w, d.did) })
	})
	if i < 0 {
		t.Errorf("%s: the second opinion accepts: %t, %s does not agree: %s", j, accepts, judge, why)
		return
	}
	all.judges[judge+" differs: "+judgeDifferences[i].reason]++
}
