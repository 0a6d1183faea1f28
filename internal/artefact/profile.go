package artefact

import (
	"time"

	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
)

// Profile is an Apple configuration profile, a property list in XML. Fields are
// named after its keys, and empty where they are not there.
type Profile struct {
	Signed    bool        // wrapped in a signed message; whether its signer is trusted is not looked at
	Altered   say.Message // why a signature does not fit what it signs; zero where none is known not to
	Unchecked say.Message // why a signature could not be checked; zero where each was, or one does not fit

	Type, Identifier, UUID string
	Version                uint64
	HasContent             bool // PayloadContent is a list
	Encrypted              bool // the payloads are encrypted for a device: EncryptedPayloadContent

	RemovalDate          time.Time     // when the system removes the profile; zero where that is not said
	DurationUntilRemoval time.Duration // after being installed, in whole seconds; 0 where that is not said

	Payloads []Payload
}

// Payload is one payload of a profile. What is not there, or of another type than
// Apple's schema says, is empty. Passwords are never kept.
type Payload struct {
	Type, Identifier, UUID string
	Version                uint64
	DisplayName            string

	Certificate *Binary            // of a payload with a certificate
	PFX         *pkcs12.Inspection // of a payload with an identity, opened with its password; nil when it is no PFX
	HasPassword bool               // the password stands in the profile

	Account    bool     // a mail or Exchange account
	Email      string   // its address
	Signing    string   // SMIMESigningCertificateUUID
	Encryption string   // SMIMEEncryptionCertificateUUID
	Signs      bool     // it switches signing on, or lets the user do so
	Encrypts   bool     // the same of encryption
	SMIME      bool     // it says something of S/MIME
	Keys       []string // of settings that rules ask for, those that are there
}

// Identity reports whether the payload gives the device an identity.
func (p *Payload) Identity() bool {
	switch p.Type {
	case "com.apple.security.pkcs12", "com.apple.security.scep", "com.apple.security.acme":
		return true
	}
	return false
}
