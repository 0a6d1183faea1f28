package chain

import (
	"context"
	"encoding/asn1"
	"time"

	"github.com/smimechain/smimechain/lint/say"
)

// Usage is what the key of the leaf is wanted for.
type Usage int

// The usages.
const (
	signOrEncrypt Usage = iota // either of the two below
	Sign                       // digitalSignature or nonRepudiation
	Encrypt                    // keyEncipherment for RSA, keyAgreement (or keyEncipherment) for other keys
	Issue                      // the "leaf" is a CA and the path is judged as if it issued such a leaf
	AnyUsage                   // keyUsage of the leaf is not looked at

	usageEnd
)

// String returns the usage in the words of the command line.
func (u Usage) String() string { return string(u.text()) }

func (u Usage) text() say.Text {
	switch u {
	case signOrEncrypt:
		return "sign-or-encrypt"
	case Sign:
		return "sign"
	case Encrypt:
		return "encrypt"
	case Issue:
		return "issue"
	case AnyUsage:
		return "any"
	default:
		return "unknown"
	}
}

// MarshalText returns what String returns.
func (u Usage) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// Purpose is what a path is to be good for. The zero value is S/MIME: the
// extended key usage emailProtection, to sign or to encrypt.
type Purpose struct {
	Usage Usage
	// EKU is the extended key usage that every certificate of the path must
	// allow. Nil means emailProtection; [AnyEKU] turns the check off. One that
	// is no object identifier, such as an empty one, is that of no certificate.
	EKU asn1.ObjectIdentifier
}

// Object identifiers of extended key usages (RFC 5280, Section 4.2.1.12).
var (
	AnyEKU          = asn1.ObjectIdentifier{2, 5, 29, 37, 0}
	EmailProtection = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 4}
	serverAuth      = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 1}
	clientAuth      = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 2}
)

// Options changes how paths are found and judged. Nil and the zero value mean
// the S/MIME purpose, no address, default limits, no source, no revocation.
type Options struct {
	Purpose Purpose
	// Email, if set, must be among the addresses of the leaf: a SAN
	// rfc822Name or SmtpUTF8Mailbox or, where it has neither, the subject's
	// emailAddress. Compared without regard to ASCII case.
	Email  string
	Limits Limits
	// CrossCheck asks crypto/x509 about every path too. Its answer is in
	// [Path.CrossCheck] and never changes the verdict.
	CrossCheck bool
	// Issuers, if set, is asked for issuers at dead ends.
	Issuers IssuerSource
	// Revocation, if set, is asked about every certificate below the anchor
	// of a path that has no other problem.
	Revocation RevocationChecker
	// Ahead is how long certificates have to stay valid beyond the moment: one that
	// ends before is judged as if it had expired. Zero or less asks for the moment
	// alone. Revocation lists and CrossCheck go by the moment.
	Ahead time.Duration

	// Distrust, if set, is asked about every certificate of a path, the anchor
	// included, which is at index i: whether anything is known by which it is not to be
	// trusted. A detail that is not zero goes into [Path.Disputed], with one of the
	// codes "distrusted", "disabled" and "restricted": whom it concerns is for the
	// caller to know. It must be safe for concurrent use if the options are shared
	// between goroutines.
	Distrust func(path []*Certificate, i int, at time.Time) (ProblemCode, say.Message)
	// Policy holds the policy inputs of RFC 5280, Section 6.1.1.
	Policy PolicyInputs
}

// PolicyInputs are the certificate policy inputs of RFC 5280, Section 6.1.1
// (c) to (f). The zero value asks for nothing: any policy will do.
type PolicyInputs struct {
	// InitialPolicies is the user-initial-policy-set; empty means anyPolicy.
	InitialPolicies []asn1.ObjectIdentifier
	// RequireExplicitPolicy is initial-explicit-policy.
	RequireExplicitPolicy bool
	// InhibitPolicyMapping is initial-policy-mapping-inhibit.
	InhibitPolicyMapping bool
	// InhibitAnyPolicy is initial-any-policy-inhibit.
	InhibitAnyPolicy bool
}

// IssuerSource supplies certificates that may have issued c, for instance
// from the addresses in its authority information access extension. It is
// called at dead ends only, and each call counts in [Limits.Fetches]. What it
// returns is judged like any other certificate, also beside an error; the error
// goes into Result.FetchErrors as it is, so it should name the certificate. One
// Build asks for one certificate at a time, and for none twice. Implementations
// must be safe for concurrent use if the options are shared between goroutines.
type IssuerSource interface {
	Issuers(ctx context.Context, c *Certificate) ([]*Certificate, error)
}

// RevocationStatus is the answer of a [RevocationChecker].
type RevocationStatus int

// The answers.
const (
	RevocationUnknown    RevocationStatus = iota // no list covers the certificate
	RevocationGood                               // a list that holds does, and does not name it
	Revoked                                      // a list that holds names it
	RevocationOutOfDate                          // the list that covers it is past its nextUpdate, or from later
	revocationUnverified                         // its signature does not verify
	revocationUnusable                           // it cannot be read, or has what is not understood
	RevocationNotFetched                         // it could not be fetched from this computer

	revocationEnd
)

// Known reports whether the status tells anything of the certificate: it is good or
// revoked. Any other says what keeps it from being known.
func (s RevocationStatus) Known() bool { return s == RevocationGood || s == Revoked }

// String returns the status in lower case.
func (s RevocationStatus) String() string { return string(s.text()) }

func (s RevocationStatus) text() say.Text {
	switch s {
	case RevocationUnknown:
		return "unknown"
	case RevocationGood:
		return "good"
	case Revoked:
		return "revoked"
	case RevocationOutOfDate:
		return "out of date"
	case revocationUnverified:
		return "not verified"
	case revocationUnusable:
		return "not usable"
	case RevocationNotFetched:
		return "not fetched"
	default:
		return "invalid"
	}
}

// MarshalText returns what String returns.
func (s RevocationStatus) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// RevocationChecker says whether the certificate at index i of a path, which has
// the leaf at index 0 and its issuer at i+1, is revoked at a time. It is never
// asked about the anchor. Any answer but RevocationGood rejects the path; the
// detail, for people, may be the zero value and goes into the problem of the
// path. [CRLs] is one.
//
// It is asked again for every path that a certificate is on, from the goroutine
// that builds the paths, with the context given there; what takes long should be
// remembered, and should end with the context. Implementations must be safe for
// concurrent use if the options are shared between goroutines.
type RevocationChecker interface {
	Revocation(ctx context.Context, path []*Certificate, i int, at time.Time) (RevocationStatus, say.Message)
}
