package pkcs12

import "github.com/smimechain/smimechain/lint/say"

// An Observation is something about a PFX that deserves attention, whatever program
// is to open it. What one target refuses is in [Inspection.Compatible].
type Observation struct {
	Code     ObservationCode `json:"code"`
	Severity Severity        `json:"severity"`
	At       BagRef          `json:"at,omitempty"` // a safe or bag; nil for the whole file
	Message  string          `json:"message"`

	words say.Message // Message
}

// String returns the message.
func (f Observation) String() string { return f.Message }

// Sentence returns the message, to be said in another language.
func (f Observation) Sentence() say.Message { return f.words.Or(f.Message) }

// An ObservationCode names a kind of observation. Codes keep their names.
//
//	text                     base64 or PEM, not binary
//	truncated                the end of the file is missing
//	text_mode                line endings were converted in a binary file
//	trailing_data            octets after the PFX
//	malformed                not what RFC 7292 or X.690 asks for
//	version                  not version 3
//	content_type             a content type that is not read
//	content_absent           an OPTIONAL content is missing
//	size_limit               Limits.Size: nothing was read
//	safes_limit              Limits.Safes: those after it were not read
//	bags_limit               Limits.Bags
//	nesting_limit            Limits.Nesting: what is inside was not read
//	attributes_limit         Limits.Attributes
//	salt_limit               Limits.SaltSize: nothing was derived
//	iterations_limit         Limits.Iterations
//	total_iterations_limit   Limits.TotalIterations
//	scrypt_memory_limit      Limits.ScryptMemory
//	signatures_limit         Limits.Signatures: key identifiers alone link the rest
//	unsupported_algorithm    named, but not implemented here
//	invalid_parameters       nothing can be derived with them
//	mac_failed               the MAC does not fit, and nothing else tells why
//	altered                  the password is right, the content was changed
//	wrong_password           it opens nothing
//	password_hint            a likely mix-up
//	password_variant         right, in an encoding that is not the standard one
//	other_password           a part is encrypted under another password
//	no_mac                   nothing protects the file against changes
//	certificate_unparseable  it cannot be read
//	key_unparseable
//	key_inconsistent         private and public half of a key disagree
//	plain_key                a private key that no password protects
//	key_mismatch             linked by attribute to a certificate for another key
//	link_disagrees           localKeyID, friendly name and public key point to different certificates
//	no_link                  key and certificate belong together, but no attribute says so
//	no_certificate           a key without a certificate
//	name_collision           different certificates under one friendly name
//	key_id_collision         different certificates under one localKeyID
//	duplicate_certificate
//	chain_incomplete         the issuer of the last certificate is not in the file
type ObservationCode string

// The codes.
const (
	// The file as a whole.
	codeText          ObservationCode = "text"
	codeTruncated     ObservationCode = "truncated"
	codeTextMode      ObservationCode = "text_mode"
	codeTrailing      ObservationCode = "trailing_data"
	codeMalformed     ObservationCode = "malformed"
	codeVersion       ObservationCode = "version"
	codeContentType   ObservationCode = "content_type"
	codeContentAbsent ObservationCode = "content_absent"

	// Limits.
	codeSize            ObservationCode = "size_limit"
	codeSafes           ObservationCode = "safes_limit"
	codeBags            ObservationCode = "bags_limit"
	codeNesting         ObservationCode = "nesting_limit"
	codeAttributes      ObservationCode = "attributes_limit"
	codeSalt            ObservationCode = "salt_limit"
	codeIterations      ObservationCode = "iterations_limit"
	codeTotalIterations ObservationCode = "total_iterations_limit"
	codeScryptMemory    ObservationCode = "scrypt_memory_limit"
	codeSignatures      ObservationCode = "signatures_limit"

	// Algorithms.
	codeUnsupported ObservationCode = "unsupported_algorithm"
	codeParameters  ObservationCode = "invalid_parameters"

	// Password, MAC and decryption.
	codeMACFailed       ObservationCode = "mac_failed"
	codeAltered         ObservationCode = "altered"
	codeWrongPassword   ObservationCode = "wrong_password"
	codePasswordHint    ObservationCode = "password_hint"
	codePasswordVariant ObservationCode = "password_variant"
	codeOtherPassword   ObservationCode = "other_password"
	codeNoMAC           ObservationCode = "no_mac"

	// Keys, certificates and their links.
	codeCertificate     ObservationCode = "certificate_unparseable"
	codeKey             ObservationCode = "key_unparseable"
	codeKeyInconsistent ObservationCode = "key_inconsistent"
	codePlainKey        ObservationCode = "plain_key"
	codeKeyMismatch     ObservationCode = "key_mismatch"
	codeLinkDisagrees   ObservationCode = "link_disagrees"
	codeNoLink          ObservationCode = "no_link"
	codeNoCertificate   ObservationCode = "no_certificate"
	codeNameCollision   ObservationCode = "name_collision"
	codeKeyIDCollision  ObservationCode = "key_id_collision"
	codeDuplicate       ObservationCode = "duplicate_certificate"
	codeChainIncomplete ObservationCode = "chain_incomplete"
)

// Severity is the weight of an observation.
type Severity int

const (
	severityInfo    Severity = iota // good to know
	severityWarning                 // some programs stumble over it
	severityError                   // a part of the file cannot be used, or the password is wrong
)

// String returns "info", "warn" or "error".
func (s Severity) String() string { return enumName(int(s), "Severity", "info", "warn", "error") }

// MarshalText returns what String returns.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Has reports whether r has an observation with the given code.
func (r *Inspection) Has(code ObservationCode) bool {
	for _, f := range r.Observations {
		if f.Code == code {
			return true
		}
	}
	return false
}
