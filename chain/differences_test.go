package chain

import (
	"crypto/x509"
	"errors"
	"slices"
	"strings"
	"testing"
)

// A difference between this package and crypto/x509 about one path, which is
// the same certificates in the same order for both. Any that is not on this
// list fails the tests.
type difference struct {
	name   string
	clause string
	accept bool // this package accepts, crypto/x509 does not
	// explains reports whether the difference is of this kind. The error is
	// that of crypto/x509, nil if it accepts.
	explains func(p *Path, err error) bool
}

var allowedDifferences = []difference{
	// Rejected here, accepted by crypto/x509.
	{"a host constraint of an e-mail address is that host alone", "RFC 5280, Section 4.2.1.10", false,
		onlyProblem(problemNameConstraint, func(p *Path) bool {
			return hasConstraint(p, nameEmail, func(s *subtree) bool { return s.value != "" && s.value[0] != '.' && !strings.Contains(s.value, "@") })
		})},
	{"a host constraint of a URI is that host alone", "RFC 5280, Section 4.2.1.10", false,
		onlyProblem(problemNameConstraint, func(p *Path) bool { return hasConstraint(p, nameURI, nil) })},
	{"e-mail addresses in the subject are under constraints", "RFC 5280, Section 4.2.1.10", false,
		onlyProblem(problemNameConstraint, func(p *Path) bool {
			return hasConstraint(p, nameEmail, nil) && slices.ContainsFunc(p.Certificates, func(c *Certificate) bool { return len(subjectEmails(c.RawSubject())) > 0 })
		})},
	{"a SmtpUTF8Mailbox is under constraints", "RFC 9598, Section 6", false,
		onlyProblem(problemNameConstraint, func(p *Path) bool {
			return hasConstraint(p, nameEmail, nil) && slices.ContainsFunc(p.Certificates, func(c *Certificate) bool { return len(c.info().ext.san.utf8) > 0 })
		})},
	{"a directoryName constraint that is not critical holds too", "RFC 5280, Section 4.2.1.10", false,
		onlyProblem(problemNameConstraint, func(p *Path) bool { return hasConstraint(p, nameDirectory, nil) })},
	{"a subtree with minimum or maximum, or of a form that is not known", "RFC 5280, Section 4.2.1.10", false,
		func(p *Path, _ error) bool {
			return !slices.ContainsFunc(p.Problems, func(q Problem) bool { return q.Code != problemConstraintForm && q.Code != problemSubtree })
		}},
	{"too many comparisons with name constraints", "none: Limits.Comparisons", false,
		onlyProblem(problemTooManyConstraints, func(*Path) bool { return true })},
	{"a malformed extension, or name of a form, that crypto/x509 does not read", "RFC 5280, Section 4.2", false,
		onlyProblem(problemUnparseable, func(*Path) bool { return true })},
	{"an issuer has a name", "RFC 5280, Section 4.1.2.6", false,
		onlyProblem(problemName, func(*Path) bool { return true })},
	{"an empty list of extended key usages allows nothing", "RFC 5280, Section 4.2.1.12", false,
		onlyProblem(problemExtKeyUsage, func(p *Path) bool {
			return slices.ContainsFunc(p.Certificates, func(c *Certificate) bool { e := &c.info().ext; return e.hasEKU && len(e.eku) == 0 })
		})},
	{"keyUsage without any bit allows nothing", "RFC 5280, Section 4.2.1.3", false,
		onlyProblem(problemKeyUsageCertSign, func(p *Path) bool {
			return slices.ContainsFunc(p.Certificates, func(c *Certificate) bool { e := &c.info().ext; return e.hasUsage && e.usage == 0 })
		})},
	{"keyUsage of the leaf", "RFC 5280, Section 4.2.1.3", false,
		onlyProblem(problemKeyUsage, func(*Path) bool { return true })},
	{"an anchor of version 3 may issue only if it is a CA", "RFC 5937, Section 3", false,
		onlyProblem(problemNotCA, func(p *Path) bool { return len(p.Certificates) > 1 })},

	// Accepted here, rejected by crypto/x509.
	{"names that differ in case, space or string type are equal", "RFC 5280, Section 7.1", true,
		func(p *Path, err error) bool {
			for i, c := range p.Certificates[:len(p.Certificates)-1] {
				// To crypto/x509 a certificate is then not self-issued, too.
				if string(c.RawIssuer()) != string(p.Certificates[i+1].RawSubject()) ||
					c.SelfIssued() && string(c.RawIssuer()) != string(c.RawSubject()) {
					return true
				}
			}
			return false
		}},
	{"a DigestInfo without NULL verifies", "RFC 8017, Appendix B.1", true,
		func(p *Path, _ error) bool { return bareDigest(p) }},
	{"directoryName constraints are understood", "RFC 5280, Section 4.2.1.10", true,
		func(p *Path, err error) bool {
			_, ok := errors.AsType[x509.UnhandledCriticalExtension](err)
			return ok && hasConstraint(p, nameDirectory, nil)
		}},
	{"a constraint on a form that no name below has", "RFC 5280, Section 4.2.1.10", true,
		func(p *Path, err error) bool {
			_, ok := errors.AsType[x509.UnhandledCriticalExtension](err)
			return ok && (hasConstraint(p, nameOther, nil) || hasConstraint(p, nameX400, nil) || hasConstraint(p, nameEDI, nil) || hasConstraint(p, nameRegisteredID, nil))
		}},
	{"self-issued certificates do not count in a path length", "RFC 5280, Section 6.1.4 (l)", true,
		func(p *Path, err error) bool {
			e, ok := errors.AsType[x509.CertificateInvalidError](err)
			return ok && e.Reason == x509.TooManyIntermediates && selfIssuedBelow(p)
		}},
	{"self-issued certificates are not under name constraints", "RFC 5280, Section 6.1.3 (b)", true,
		func(p *Path, err error) bool {
			e, ok := errors.AsType[x509.CertificateInvalidError](err)
			return ok && e.Reason == x509.CANotAuthorizedForThisName && selfIssuedBelow(p)
		}},
	{"a malformed name of a form that is not constrained", "RFC 5280, Section 4.2.1.10", true,
		func(p *Path, err error) bool {
			e, ok := errors.AsType[x509.CertificateInvalidError](err)
			return ok && e.Reason == x509.CANotAuthorizedForThisName &&
				(strings.Contains(e.Detail, "cannot parse") || strings.Contains(e.Detail, "cannot be matched") || strings.Contains(e.Detail, "failed to parse"))
		}},
	{"a host constraint of a URI or address is that host alone, excluded", "RFC 5280, Section 4.2.1.10", true,
		func(p *Path, err error) bool {
			e, ok := errors.AsType[x509.CertificateInvalidError](err)
			return ok && e.Reason == x509.CANotAuthorizedForThisName && strings.Contains(e.Detail, "excluded") &&
				(hasConstraint(p, nameURI, nil) || hasConstraint(p, nameEmail, nil))
		}},
}

func onlyProblem(code ProblemCode, and func(*Path) bool) func(*Path, error) bool {
	return func(p *Path, _ error) bool {
		return !slices.ContainsFunc(p.Problems, func(q Problem) bool { return q.Code != code }) && and(p)
	}
}

func hasConstraint(p *Path, tag int, and func(*subtree) bool) bool {
	for _, c := range p.Certificates {
		e := &c.info().ext
		for _, list := range [][]subtree{e.permitted, e.excluded} {
			for i := range list {
				if list[i].tag == tag && (and == nil || and(&list[i])) {
					return true
				}
			}
		}
	}
	return false
}

func selfIssuedBelow(p *Path) bool {
	return slices.ContainsFunc(p.Certificates[:len(p.Certificates)-1], (*Certificate).SelfIssued)
}

// compareWithOracle compares the judgement of every path of a result, which
// was built with CrossCheck, with that of crypto/x509. It returns the names of
// the differences.
func compareWithOracle(tb testing.TB, name string, r *Result) (seen []string) {
	tb.Helper()
	for _, paths := range [][]*Path{r.Accepted, r.Rejected} {
		for _, p := range paths {
			if p.Accepted() == (p.CrossCheck == nil) {
				continue
			}
			i := slices.IndexFunc(allowedDifferences, func(d difference) bool {
				return d.accept == p.Accepted() && d.explains(p, p.CrossCheck)
			})
			if i < 0 {
				tb.Errorf("%s: not an allowed difference: %v, crypto/x509: %v", name, describe([]*Path{p}), p.CrossCheck)
				continue
			}
			seen = append(seen, allowedDifferences[i].name)
		}
	}
	return seen
}
