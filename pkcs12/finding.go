package pkcs12

import "github.com/smimechain/smimechain/lint/say"

// A Finding is something about a PFX that deserves attention, whatever program
// is to open it. What one target refuses is in [Report.Compatible].
type Finding struct {
	Code     Code     `json:"code"`
	Severity Severity `json:"severity"`
	At       BagRef   `json:"at,omitempty"` // a safe or bag; nil for the whole file
	Message  string   `json:"message"`

	words say.Message // Message
}

// String returns the message.
func (f Finding) String() string { return f.Message }

// Sentence returns the message, to be said in another language.
func (f Finding) Sentence() say.Message { return f.words.Or(f.Message) }

// A Code names a kind of finding. Codes keep their names.
type Code string

// The codes.
const (
	// The file as a whole.
	CodeText          Code = "text"           // base64 or PEM, not binary
	CodeTruncated     Code = "truncated"      // the end of the file is missing
	CodeTextMode      Code = "text_mode"      // line endings were converted in a binary file
	CodeTrailing      Code = "trailing_data"  // octets after the PFX
	CodeMalformed     Code = "malformed"      // not what RFC 7292 or X.690 asks for
	CodeVersion       Code = "version"        // not version 3
	CodeContentType   Code = "content_type"   // a content type that is not read
	CodeContentAbsent Code = "content_absent" // an OPTIONAL content is missing

	// Limits.
	CodeSize            Code = "size_limit"             // Limits.Size: nothing was read
	CodeSafes           Code = "safes_limit"            // Limits.Safes: those after it were not read
	CodeBags            Code = "bags_limit"             // Limits.Bags
	CodeNesting         Code = "nesting_limit"          // Limits.Nesting: what is inside was not read
	CodeAttributes      Code = "attributes_limit"       // Limits.Attributes
	CodeSalt            Code = "salt_limit"             // Limits.SaltSize: nothing was derived
	CodeIterations      Code = "iterations_limit"       // Limits.Iterations
	CodeTotalIterations Code = "total_iterations_limit" // Limits.TotalIterations
	CodeScryptMemory    Code = "scrypt_memory_limit"    // Limits.ScryptMemory
	CodeSignatures      Code = "signatures_limit"       // Limits.Signatures: key identifiers alone link the rest

	// Algorithms.
	CodeUnsupported Code = "unsupported_algorithm" // named, but not implemented here
	CodeParameters  Code = "invalid_parameters"    // nothing can be derived with them

	// Password, MAC and decryption.
	CodeMACFailed       Code = "mac_failed"       // the MAC does not fit, and nothing else tells why
	CodeAltered         Code = "altered"          // the password is right, the content was changed
	CodeWrongPassword   Code = "wrong_password"   // it opens nothing
	CodePasswordHint    Code = "password_hint"    // a likely mix-up
	CodePasswordVariant Code = "password_variant" // right, in an encoding that is not the standard one
	CodeOtherPassword   Code = "other_password"   // a part is encrypted under another password
	CodeNoMAC           Code = "no_mac"           // nothing protects the file against changes

	// Keys, certificates and their links.
	CodeCertificate     Code = "certificate_unparseable" // it cannot be read
	CodeKey             Code = "key_unparseable"
	CodeKeyInconsistent Code = "key_inconsistent" // private and public half of a key disagree
	CodePlainKey        Code = "plain_key"        // a private key that no password protects
	CodeKeyMismatch     Code = "key_mismatch"     // linked by attribute to a certificate for another key
	CodeLinkDisagrees   Code = "link_disagrees"   // localKeyID, friendly name and public key point to different certificates
	CodeNoLink          Code = "no_link"          // key and certificate belong together, but no attribute says so
	CodeNoCertificate   Code = "no_certificate"   // a key without a certificate
	CodeNameCollision   Code = "name_collision"   // different certificates under one friendly name
	CodeKeyIDCollision  Code = "key_id_collision" // different certificates under one localKeyID
	CodeDuplicate       Code = "duplicate_certificate"
	CodeChainIncomplete Code = "chain_incomplete" // the issuer of the last certificate is not in the file
)

// Severity is the weight of a finding.
type Severity int

const (
	Info    Severity = iota // good to know
	Warning                 // some programs stumble over it
	Error                   // a part of the file cannot be used, or the password is wrong
)

// String returns "info", "warn" or "error".
func (s Severity) String() string { return enumName(int(s), "Severity", "info", "warn", "error") }

// MarshalText returns what String returns.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Has reports whether r has a finding with the given code.
func (r *Report) Has(code Code) bool {
	for _, f := range r.Findings {
		if f.Code == code {
			return true
		}
	}
	return false
}
