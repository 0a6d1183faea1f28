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
	codeText          Code = "text"           // base64 or PEM, not binary
	codeTruncated     Code = "truncated"      // the end of the file is missing
	codeTextMode      Code = "text_mode"      // line endings were converted in a binary file
	codeTrailing      Code = "trailing_data"  // octets after the PFX
	codeMalformed     Code = "malformed"      // not what RFC 7292 or X.690 asks for
	codeVersion       Code = "version"        // not version 3
	codeContentType   Code = "content_type"   // a content type that is not read
	codeContentAbsent Code = "content_absent" // an OPTIONAL content is missing

	// Limits.
	codeSize            Code = "size_limit"             // Limits.Size: nothing was read
	codeSafes           Code = "safes_limit"            // Limits.Safes: those after it were not read
	codeBags            Code = "bags_limit"             // Limits.Bags
	codeNesting         Code = "nesting_limit"          // Limits.Nesting: what is inside was not read
	codeAttributes      Code = "attributes_limit"       // Limits.Attributes
	codeSalt            Code = "salt_limit"             // Limits.SaltSize: nothing was derived
	codeIterations      Code = "iterations_limit"       // Limits.Iterations
	codeTotalIterations Code = "total_iterations_limit" // Limits.TotalIterations
	codeScryptMemory    Code = "scrypt_memory_limit"    // Limits.ScryptMemory
	codeSignatures      Code = "signatures_limit"       // Limits.Signatures: key identifiers alone link the rest

	// Algorithms.
	codeUnsupported Code = "unsupported_algorithm" // named, but not implemented here
	codeParameters  Code = "invalid_parameters"    // nothing can be derived with them

	// Password, MAC and decryption.
	codeMACFailed       Code = "mac_failed"       // the MAC does not fit, and nothing else tells why
	codeAltered         Code = "altered"          // the password is right, the content was changed
	codeWrongPassword   Code = "wrong_password"   // it opens nothing
	codePasswordHint    Code = "password_hint"    // a likely mix-up
	codePasswordVariant Code = "password_variant" // right, in an encoding that is not the standard one
	codeOtherPassword   Code = "other_password"   // a part is encrypted under another password
	codeNoMAC           Code = "no_mac"           // nothing protects the file against changes

	// Keys, certificates and their links.
	codeCertificate     Code = "certificate_unparseable" // it cannot be read
	codeKey             Code = "key_unparseable"
	codeKeyInconsistent Code = "key_inconsistent" // private and public half of a key disagree
	codePlainKey        Code = "plain_key"        // a private key that no password protects
	codeKeyMismatch     Code = "key_mismatch"     // linked by attribute to a certificate for another key
	codeLinkDisagrees   Code = "link_disagrees"   // localKeyID, friendly name and public key point to different certificates
	codeNoLink          Code = "no_link"          // key and certificate belong together, but no attribute says so
	codeNoCertificate   Code = "no_certificate"   // a key without a certificate
	codeNameCollision   Code = "name_collision"   // different certificates under one friendly name
	codeKeyIDCollision  Code = "key_id_collision" // different certificates under one localKeyID
	codeDuplicate       Code = "duplicate_certificate"
	codeChainIncomplete Code = "chain_incomplete" // the issuer of the last certificate is not in the file
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
