package chain

import "github.com/smimechain/smimechain/lint/say"

// ProblemCode is the kind of a [Problem]. Each is documented where it is found, and
// [Problem.Clause] cites the standard. From serial_number on they are those of
// [Path.Disputed].
//
//	unparseable                   the certificate cannot be read, or an extension is malformed
//	not_yet_valid
//	expired
//	not_a_ca                      basicConstraints absent or cA false
//	key_usage_without_cert_sign   keyUsage without keyCertSign on an issuer
//	path_length                   pathLenConstraint exceeded
//	unknown_critical_extension    an unknown critical extension
//	extended_key_usage            the extended key usage asked for is not allowed
//	key_usage                     keyUsage of the leaf does not allow the usage asked for
//	name_constraint               a name is outside the permitted or inside the excluded subtrees
//	name_constraint_form          a name constraint that cannot be applied
//	too_many_name_constraints
//	policy                        no valid policy where one is required
//	weak_signature                MD5 or SHA-1
//	email                         the address asked for is not in the leaf
//	signature_algorithm_mismatch
//	revoked
//	revocation_unknown
//	name                          an issuer with an empty subject, or a leaf without any name
//	name_constraint_subtree       a name constraint that cannot be read, or has a minimum or maximum
//	serial_number                 it is negative, zero, or of more than 20 octets
//	signature_encoding            the hash of an RSA signature lacks the NULL that stands for its parameters
//	key_algorithm                 the key of an issuer is of a kind that not every program knows
//	signature_scheme              the signature is of a kind that not every program knows
//	application_policy            Microsoft's application policies do not allow what is asked for
//	distrusted                    somebody has put it among what is trusted for nothing: [Options.Distrust]
//	encoding                      of a name or a bit string that readers may refuse
//	disabled                      it is no longer trusted for what is asked for: [Options.Distrust]
//	restricted                    a store allows it for other uses, or it is not known for which: [Options.Distrust]
//	any_extended_key_usage        the extended key usages allow any, and do not name the one asked for
//	issuer_name                   the name of the issuer is equal to its subject, and not in its octets
//	subject_alt_name_not_critical the leaf has names in the subjectAltName alone, and it is not critical
//	key_size                      the RSA key of an issuer has fewer than 2048 bits
//	key_identifier                the issuer has another key identifier than the one that is named
type ProblemCode string

// The codes, which are said in the language of the reader too.
const (
	problemUnparseable        = ProblemCode(say.Text("unparseable"))
	problemNotYetValid        = ProblemCode(say.Text("not_yet_valid"))
	problemExpired            = ProblemCode(say.Text("expired"))
	problemNotCA              = ProblemCode(say.Text("not_a_ca"))
	problemKeyUsageCertSign   = ProblemCode(say.Text("key_usage_without_cert_sign"))
	problemPathLength         = ProblemCode(say.Text("path_length"))
	problemCriticalExtension  = ProblemCode(say.Text("unknown_critical_extension"))
	problemExtKeyUsage        = ProblemCode(say.Text("extended_key_usage"))
	problemKeyUsage           = ProblemCode(say.Text("key_usage"))
	problemNameConstraint     = ProblemCode(say.Text("name_constraint"))
	problemConstraintForm     = ProblemCode(say.Text("name_constraint_form"))
	problemTooManyConstraints = ProblemCode(say.Text("too_many_name_constraints"))
	problemPolicy             = ProblemCode(say.Text("policy"))
	problemWeakSignature      = ProblemCode(say.Text("weak_signature"))
	problemEmail              = ProblemCode(say.Text("email"))
	problemSignatureAlgorithm = ProblemCode(say.Text("signature_algorithm_mismatch"))
	problemRevoked            = ProblemCode(say.Text("revoked"))
	problemRevocationUnknown  = ProblemCode(say.Text("revocation_unknown"))
	problemName               = ProblemCode(say.Text("name"))
	problemSubtree            = ProblemCode(say.Text("name_constraint_subtree"))
	problemSerialNumber       = ProblemCode(say.Text("serial_number"))
	problemSignatureEncoding  = ProblemCode(say.Text("signature_encoding"))
	problemKeyAlgorithm       = ProblemCode(say.Text("key_algorithm"))
	problemSignatureScheme    = ProblemCode(say.Text("signature_scheme"))
	problemApplicationPolicy  = ProblemCode(say.Text("application_policy"))
	problemDistrusted         = ProblemCode(say.Text("distrusted"))
	problemEncoding           = ProblemCode(say.Text("encoding"))
	problemDisabled           = ProblemCode(say.Text("disabled"))
	problemRestricted         = ProblemCode(say.Text("restricted"))
	problemAnyUsage           = ProblemCode(say.Text("any_extended_key_usage"))
	problemIssuerName         = ProblemCode(say.Text("issuer_name"))
	problemAltName            = ProblemCode(say.Text("subject_alt_name_not_critical"))
	problemKeySize            = ProblemCode(say.Text("key_size"))
	problemKeyIdentifier      = ProblemCode(say.Text("key_identifier"))
)

// String returns the code.
func (c ProblemCode) String() string { return string(c) }

// problemOrder is the order in which the problems of one certificate are told.
var problemOrder = []ProblemCode{
	problemUnparseable, problemNotYetValid, problemExpired, problemNotCA, problemKeyUsageCertSign, problemPathLength,
	problemCriticalExtension, problemExtKeyUsage, problemKeyUsage, problemNameConstraint, problemConstraintForm,
	problemTooManyConstraints, problemPolicy, problemWeakSignature, problemEmail, problemSignatureAlgorithm,
	problemRevoked, problemRevocationUnknown, problemName, problemSubtree,
}

// problem makes a problem.
func problem(index int, code ProblemCode, detail say.Message, clause string) Problem {
	return Problem{Index: index, Code: code, Detail: detail.String(), Clause: clause, words: detail}
}
