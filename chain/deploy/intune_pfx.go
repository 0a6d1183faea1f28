package deploy

import (
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
)

// IntendedPurpose is the intended purpose of an imported PFX, in the words of Microsoft
// Graph.
type IntendedPurpose string

// The purposes that deliver S/MIME certificates.
const (
	SMIMESigning    IntendedPurpose = "smimeSigning"
	SMIMEEncryption IntendedPurpose = "smimeEncryption"
)

// errPassword says that a password cannot reach the device.
var errPassword = say.Errorf("the password cannot be used with Intune")

// errPurpose says that the certificate is not for the purpose.
var errPurpose = say.Errorf("the certificate does not allow the purpose")

// Import is one identity that Intune is to give to one user.
type Import struct {
	UPN      string          // user principal name in Entra
	PFX      []byte          // binary, not PEM or base64 text
	Password string          // that opens it
	Purpose  IntendedPurpose // the same as in the profile that delivers it
}

// userPFX is the body that imports one PFX.
type userPFX struct {
	Type        string `json:"@odata.type"`
	Thumbprint  string `json:"thumbprint"`
	Purpose     string `json:"intendedPurpose"`
	UPN         string `json:"userPrincipalName"`
	Start       string `json:"startDateTime"`
	Expiration  string `json:"expirationDateTime"`
	Provider    string `json:"providerName"`
	KeyName     string `json:"keyName"`
	Padding     string `json:"paddingScheme"`
	Blob        []byte `json:"encryptedPfxBlob"`
	SealedValue []byte `json:"encryptedPfxPassword"`
}

// IntunePFX makes the body that imports a PFX for one user through Microsoft
// Graph (userPFXCertificate). Thumbprint and dates are those of the user's
// certificate. The same input gives the same bytes but for the encrypted
// password. The output is a secret: it holds the PFX.
//
// What cannot work is refused: a password that is empty, not ASCII, or longer
// than the key of the connector can encrypt; a key that is missing
// or too small; a PFX that does not open, has not exactly one
// identity, or cannot be opened by Intune; a certificate that does
// not allow the purpose; one to sign with that has expired at the
// given time. One to encrypt with may have expired: it is imported
// so that old mail can be read. Errors hold nothing of the password or the PFX.
func IntunePFX(in *Import, c *Connector, at time.Time) (*Output, error) {
	body, err := userBody(in, c, at)
	if err != nil {
		return nil, say.Errorf("intune: %w", err)
	}
	data, err := marshalJSON(body)
	if err != nil {
		return nil, say.Errorf("intune: %w", err)
	}
	return &Output{Name: pfxName(in.UPN) + "-" + body.Thumbprint[32:] + "-" + string(in.Purpose) + ".json", Data: data, Secret: true}, nil
}

// IntunePFXScript makes the script Import-UserPfx.ps1, which sends the bodies beside
// it to Intune. It is the same for whatever bodies. It is written for Windows
// PowerShell 5.1 and PowerShell 7, reads every file once before it sends anything, asks
// for each user, says success only of what it reads back from Intune, and passes over
// what is there: it can be run again. Its output and errors hold user, thumbprint and
// purpose, never the PFX or its password. The zero language means English.
func IntunePFXScript(language locale.Language) (*Output, error) {
	return &Output{Name: "Import-UserPfx.ps1", Data: scriptFile(script(language).importPFX())}, nil
}

func userBody(in *Import, c *Connector, at time.Time) (*userPFX, error) {
	if c.Provider == "" || c.KeyName == "" {
		return nil, say.Errorf("the name of the key or of its provider is missing")
	}
	if !isPrincipal(in.UPN) {
		return nil, say.Errorf("the user principal name is not of the form user@domain")
	}
	if err := checkPassword(in.Password, c); err != nil {
		return nil, err
	}
	report, err := pkcs12.Inspect(in.PFX, in.Password)
	if err != nil {
		return nil, say.Errorf("%w: it is not a PFX", errIdentity)
	}
	if err := checkReport(report, "intune-import"); err != nil {
		return nil, err
	}
	cert := report.Bag(report.Identities[0].Leaf).Certificate
	if err := checkPurpose(cert, in.Purpose); err != nil {
		return nil, err
	}
	if in.Purpose == SMIMESigning && at.After(cert.NotAfter()) {
		return nil, say.Errorf("%w: its certificate has expired", errIdentity)
	}
	sealed, padding, err := c.seal(in.Password)
	if err != nil {
		return nil, err
	}
	return &userPFX{
		Type: "#microsoft.graph.userPFXCertificate", Thumbprint: strings.ToLower(thumbprint(cert.Raw)),
		Purpose: string(in.Purpose), UPN: in.UPN,
		Start: cert.NotBefore().UTC().Format(time.RFC3339), Expiration: cert.NotAfter().UTC().Format(time.RFC3339),
		Provider: c.Provider, KeyName: c.KeyName, Padding: padding, Blob: in.PFX, SealedValue: sealed,
	}, nil
}

// isPrincipal reports whether a name has the form of a user principal name.
func isPrincipal(s string) bool {
	name, domain, _ := strings.Cut(s, "@")
	return name != "" && strings.Contains(domain, ".") && !strings.ContainsAny(domain, "@") && !strings.ContainsAny(s, " <>\t\r\n")
}

func checkPassword(password string, c *Connector) error {
	capacity, err := c.Capacity()
	if err != nil {
		return err
	}
	switch {
	case password == "":
		return say.Errorf("%w: it is empty", errPassword)
	case pkcs12.PasswordCharset(password) > pkcs12.CharsetASCII, strings.ContainsFunc(password, unicode.IsControl):
		return say.Errorf("%w: it has characters beyond printable ASCII, which the connector does not get as they are", errPassword)
	case len(password) > capacity:
		return say.Errorf("%w: it is longer than the %d octets that the key of the connector can encrypt", errPassword, capacity)
	}
	return nil
}

func checkPurpose(cert *chain.Certificate, purpose IntendedPurpose) error {
	if cert.Err() != nil {
		return say.Errorf("%w: its certificate cannot be read", errIdentity)
	}
	uses := map[IntendedPurpose]chain.Usage{SMIMESigning: chain.Sign, SMIMEEncryption: chain.Encrypt}
	use, known := uses[purpose]
	if !known {
		// Not quoted: in a list whose columns were mixed up it may be a password.
		return say.Errorf("unknown purpose: want %s or %s", SMIMESigning, SMIMEEncryption)
	}
	if !cert.Allows(use) {
		return say.Errorf("%w %s", errPurpose, purpose)
	}
	if !cert.AllowsExtended(chain.EmailProtection) {
		return say.Errorf("%w %s: its extended key usage is not for e-mail", errPurpose, purpose)
	}
	return nil
}

// devices are names that Windows does not take for files, whatever follows a
// dot after them.
var devices = regexp.MustCompile(`^(con|prn|aux|nul|conin-|conout-|com[0-9]|lpt[0-9])(\.|$)`)

// pfxName makes the beginning of the name of a file from a user principal name:
// one that every system takes, with a thumbprint behind it.
func pfxName(upn string) string {
	const longest = 128 // octets; Entra takes 113 characters
	upn = upn[:min(len(upn), longest)]
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '.', r == '-':
			return r
		case r >= 'A' && r <= 'Z':
			return r + ('a' - 'A')
		default:
			return '-'
		}
	}, upn)
	if devices.MatchString(name) || strings.HasPrefix(name, ".") {
		return "-" + name
	}
	return name
}
