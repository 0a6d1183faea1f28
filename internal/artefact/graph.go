package artefact

import (
	"fmt"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/internal/msgraph"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
)

// Graph is one object of Microsoft Graph that a roll-out with Intune touches, or of a
// tool that stands for one. Fields that are not there are empty.
type Graph struct {
	Type               string // @odata.type as written, or as what is around the object says
	Form               Form
	ID                 string
	DisplayName        string
	FileName           string // certFileName
	DestinationStore   string
	IntendedPurpose    string   // empty for a number that may mean two words
	Numbers            []Number // the enumerations that are written as numbers
	TrustedCertificate *Binary  // trustedRootCertificate
	UserPFX            *UserPFX
	Mail               *Mail      // of a mail profile
	Enrolment          *Enrolment // of a profile by which devices ask a CA for a certificate

	// Version and List are those of the address that the object is sent to, such as
	// v1.0 and deviceConfigurations, where the file names it.
	Version, List string

	// Outlook holds what an app configuration says about S/MIME in Outlook for
	// iOS and Android; nil for anything else.
	Outlook *Outlook
}

// Known returns the type of the object, nil if none is known by the name it gives.
func (g *Graph) Known() *msgraph.Type { return msgraph.Find(g.Type) }

// Number returns the number that an enumeration is written as, nil where it is a word or
// absent.
func (g *Graph) Number(property string) *Number {
	for i := range g.Numbers {
		if g.Numbers[i].Property == property {
			return &g.Numbers[i]
		}
	}
	return nil
}

// Outlook is what an app configuration says about S/MIME. The address of the
// directory is not kept: it may hold a password.
type Outlook struct {
	Enabled   bool     // com.microsoft.outlook.Mail.SMIMEEnabled is true
	Locked    bool     // com.microsoft.outlook.Mail.SMIMEEnabled.UserChangeAllowed is false
	LDAPFault say.Text // of com.microsoft.outlook.Mail.SMIMEEnabled.LDAPHostName
}

// UserPFX is what userPFXCertificate has beyond [Graph]. Text is as written there,
// empty where it is not. The password is never kept.
type UserPFX struct {
	Missing           []string // names of required properties that are absent or empty
	Thumbprint        string
	UserPrincipalName string
	Start, Expiration string // [msgraph.ParseTime] reads them
	ProviderName      string
	KeyName           string
	PaddingScheme     string
	PasswordFault     say.Text           // of encryptedPfxPassword
	PasswordSize      int                // of the ciphertext, in octets
	BlobFault         say.Text           // of encryptedPfxBlob
	PFX               *pkcs12.Inspection // the inspection of the blob; nil when it is no PFX

	// Blanked says that the PFX and its password are blank because Microsoft Graph
	// gives neither back: no fault, and nothing that could be judged.
	Blanked bool
}

// Binary is a property that holds a certificate in base64.
type Binary struct {
	Fault        say.Text
	Certificates []*chain.Certificate // one where Fault is empty
}

// The faults of a value; empty means none.
const (
	FaultEmpty    say.Text = "it is empty"
	FaultDataURI  say.Text = "it begins with data: as in a web page"
	FaultLines    say.Text = "the base64 text has line breaks or spaces"
	FaultAlphabet say.Text = "it is not standard base64"
	FaultPEM      say.Text = "it is PEM text, not DER"
	FaultSeveral  say.Text = "it holds several certificates"
	FaultPFX      say.Text = "it is a PFX with a private key"
	FaultKey      say.Text = "it is a private key"
	FaultTrailing say.Text = "octets follow the certificate"
	FaultNoData   say.Text = "it is not of the type data"
	FaultOther    say.Text = "it is not what belongs there"
	FaultNoTLS    say.Text = "it connects without TLS"
	FaultLogin    say.Text = "it holds a user name or a password"
)

// Platform returns the platform that a profile of trusted certificates is for,
// in the words of @odata.type, empty for anything else.
func (g *Graph) Platform() string {
	name := strings.TrimPrefix(g.Type, msgraph.Prefix)
	if t := g.Known(); t != nil {
		name = t.Name
	}
	platform, ok := strings.CutSuffix(name, "TrustedRootCertificate")
	if !ok {
		return ""
	}
	return platform
}

// Form is how an object of Microsoft Graph comes to be in a file, which decides
// what may be asked of it; String has a word for each: those that are not to be sent were
// read back or exported, printed by ConvertTo-Json, or are of a tool that brings about
// what they say.
type Form uint8

// The forms of objects.
const (
	Body    Form = iota + 1 // to be sent
	Read                    // read back from Microsoft Graph, or exported by a tool
	Printed                 // an object of an SDK or a module, as ConvertTo-Json prints it
	Desired                 // of a tool that brings it about: Microsoft365DSC, Terraform
)

// String returns the word for the form.
func (f Form) String() string {
	switch f {
	case Body:
		return "body"
	case Read:
		return "read"
	case Printed:
		return "printed"
	case Desired:
		return "desired"
	default:
		return fmt.Sprintf("Form(%d)", uint8(f))
	}
}

// MarshalText returns what String returns.
func (f Form) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// Number is an enumeration that is written as a number. The numbers that
// Microsoft documents are not always those that its SDKs count from 0, and a file does
// not say which were meant.
type Number struct {
	Property   string // the name of the property
	Value      int
	Documented string // the word that the documents give the number; empty for none
	Counted    string // the word with the number where words are counted from 0; empty for none
}

// Same reports whether the number means one word either way.
func (n *Number) Same() bool { return n.Documented == n.Counted && n.Counted != "" }

// FaultNumbers is the fault of octets that stand as a list of numbers in a body to be
// sent: Microsoft Graph takes base64.
const FaultNumbers say.Text = "it is a list of numbers, as ConvertTo-Json makes of octets, not base64 text"

// Enrolment is what a profile says of the certificates that devices ask a CA for,
// by SCEP or as PKCS certificates.
type Enrolment struct {
	Usages []string // keyUsage, as written; nil where it is not said
	OIDs   []string // of extendedKeyUsages; nil where the CA decides

	// Names says that the profile tells which names to ask for; Address that an
	// address is among them, or may be.
	Names, Address bool
}

// Mail reports whether the profile asks for certificates for S/MIME.
func (e *Enrolment) Mail() bool { return slices.Contains(e.OIDs, "1.3.6.1.5.5.7.3.4") } // RFC 5280, Section 4.2.1.12

// Mail is what a mail profile says about the certificates of S/MIME.
type Mail struct {
	Signing    *Reference // smimeSigningCertificate; nil where the profile names none
	Encryption *Reference // smimeEncryptionCertificate, on iOS alone
}

// Reference is another profile that a profile names.
type Reference struct {
	ID      string
	Type    string // @odata.type, where the other profile stands in this one
	Purpose string // its intendedPurpose, likewise
}
