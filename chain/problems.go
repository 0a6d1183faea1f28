package chain

import "github.com/smimechain/smimechain/lint/say"

// ProblemCode is the kind of a [Problem].
type ProblemCode int

// The problems. Each is documented where it is found; [Problem.Clause] cites
// the standard.
const (
	ProblemUnparseable ProblemCode = iota // the certificate cannot be read, or an extension is malformed
	ProblemNotYetValid
	ProblemExpired
	ProblemNotCA             // basicConstraints absent or cA false
	ProblemKeyUsageCertSign  // keyUsage without keyCertSign on an issuer
	ProblemPathLength        // pathLenConstraint exceeded
	ProblemCriticalExtension // an unknown critical extension
	ProblemExtKeyUsage       // the extended key usage asked for is not allowed
	ProblemKeyUsage          // keyUsage of the leaf does not allow the usage asked for
	ProblemNameConstraint    // a name is outside the permitted or inside the excluded subtrees
	ProblemConstraintForm    // a name constraint that cannot be applied
	ProblemTooManyConstraints
	ProblemPolicy        // no valid policy where one is required
	ProblemWeakSignature // MD5 or SHA-1
	ProblemEmail         // the address asked for is not in the leaf
	ProblemSignatureAlgorithm
	ProblemRevoked
	ProblemRevocationUnknown
	ProblemName // an issuer with an empty subject, or a leaf without any name

	ProblemSubtree // a name constraint that cannot be read, or has a minimum or maximum

	// Those of [Path.Disputed].
	ProblemSerialNumber      // it is negative, zero, or of more than 20 octets
	ProblemSignatureEncoding // the hash of an RSA signature lacks the NULL that stands for its parameters
	ProblemKeyAlgorithm      // the key of an issuer is of a kind that not every program knows
	ProblemSignatureScheme   // the signature is
	ProblemApplicationPolicy // Microsoft's application policies do not allow what is asked for
	ProblemDistrusted        // somebody has put it among what is trusted for nothing: [Options.Distrust]
	ProblemEncoding          // of a name or a bit string that readers may refuse
	ProblemDisabled          // it is no longer trusted for what is asked for: [Options.Distrust]
	ProblemAnyUsage          // the extended key usages allow any, and do not name the one asked for

	problemEnd
)

var problemNames = [problemEnd]say.Text{
	ProblemUnparseable:        "unparseable",
	ProblemNotYetValid:        "not_yet_valid",
	ProblemExpired:            "expired",
	ProblemNotCA:              "not_a_ca",
	ProblemKeyUsageCertSign:   "key_usage_without_cert_sign",
	ProblemPathLength:         "path_length",
	ProblemCriticalExtension:  "unknown_critical_extension",
	ProblemExtKeyUsage:        "extended_key_usage",
	ProblemKeyUsage:           "key_usage",
	ProblemNameConstraint:     "name_constraint",
	ProblemConstraintForm:     "name_constraint_form",
	ProblemTooManyConstraints: "too_many_name_constraints",
	ProblemPolicy:             "policy",
	ProblemWeakSignature:      "weak_signature",
	ProblemEmail:              "email",
	ProblemSignatureAlgorithm: "signature_algorithm_mismatch",
	ProblemRevoked:            "revoked",
	ProblemRevocationUnknown:  "revocation_unknown",
	ProblemName:               "name",

	ProblemSubtree:           "name_constraint_subtree",
	ProblemEncoding:          "encoding",
	ProblemSerialNumber:      "serial_number",
	ProblemSignatureEncoding: "signature_encoding",
	ProblemKeyAlgorithm:      "key_algorithm",
	ProblemSignatureScheme:   "signature_scheme",
	ProblemApplicationPolicy: "application_policy",
	ProblemDistrusted:        "distrusted",
	ProblemDisabled:          "disabled",
	ProblemAnyUsage:          "any_extended_key_usage",
}

// String returns the code in lower snake case, as in the JSON of the command.
func (c ProblemCode) String() string {
	if c < 0 || c >= problemEnd || problemNames[c] == "" {
		return "unknown"
	}
	return string(problemNames[c])
}

// MarshalText returns what String returns.
func (c ProblemCode) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// problem makes a problem.
func problem(index int, code ProblemCode, detail say.Message, clause string) Problem {
	return Problem{Index: index, Code: code, Detail: detail.String(), Clause: clause, words: detail}
}
