package bundle

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
)

// Graph is one object that Microsoft Graph takes for Intune: a profile with a
// trusted certificate, a profile for imported PFX files, an imported PFX, or the
// configuration of an app. Fields that are not there are empty.
type Graph struct {
	Type               string // @odata.type as written
	ID                 string
	DisplayName        string
	FileName           string // certFileName
	DestinationStore   string
	IntendedPurpose    string
	PurposeIsNumber    bool    // intendedPurpose is written as a number
	TrustedCertificate *Binary // trustedRootCertificate
	UserPFX            *UserPFX

	// Outlook holds what an app configuration says about S/MIME in Outlook for
	// iOS and Android; nil for anything else.
	Outlook *OutlookSMIME
}

// OutlookSMIME is what an app configuration says about S/MIME. The address of the
// directory is not kept: it may hold a password.
type OutlookSMIME struct {
	Enabled   bool     // com.microsoft.outlook.Mail.SMIMEEnabled is true
	LDAPFault say.Text // of com.microsoft.outlook.Mail.SMIMEEnabled.LDAPHostName
}

// UserPFX is what userPFXCertificate has beyond [Graph]. Text is as written there,
// empty where it is not. The password is never kept.
type UserPFX struct {
	Missing           []string // names of required properties that are absent or empty
	Thumbprint        string
	UserPrincipalName string
	Start, Expiration string // [GraphTime] reads them
	ProviderName      string
	KeyName           string
	PaddingScheme     string
	PasswordFault     say.Text       // of encryptedPfxPassword
	PasswordSize      int            // of the ciphertext, in octets
	BlobFault         say.Text       // of encryptedPfxBlob
	PFX               *pkcs12.Report // the inspection of the blob; nil when it is no PFX
	Password          *Password      // what opened the blob; nil where none was given or it is not proven right
}

// Binary is a property that holds a certificate in base64.
type Binary struct {
	Fault        say.Text
	Certificates []Certificate // one where Fault is empty
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
	FaultOther    say.Text = "it is not what belongs there"
	FaultNoTLS    say.Text = "it connects without TLS"
	FaultLogin    say.Text = "it holds a user name or a password"
)

// graphTypes are the words in @odata.type that this package knows, in lower
// case.
var graphTypes = []string{"trustedrootcertificate", "importedpfxcertificateprofile", "userpfxcertificate"}

// isGraph reports whether one of the objects is known: what Graph lists has
// profiles of every kind.
func isGraph(objects []map[string]json.RawMessage) bool {
	return slices.ContainsFunc(objects, isGraphObject)
}

func isGraphObject(object map[string]json.RawMessage) bool {
	o := lower(object)
	_, trusted := o["trustedrootcertificate"]
	_, blob := o["encryptedpfxblob"]
	if trusted || blob || isAppConfiguration(jsonText(o["@odata.type"])) && outlookSettings(object) != nil {
		return true
	}
	return slices.ContainsFunc(graphTypes, func(t string) bool {
		return strings.Contains(strings.ToLower(jsonText(o["@odata.type"])), t)
	})
}

func (r *reading) parseGraph(objects []map[string]json.RawMessage) error {
	f := r.File
	f.Format = GraphJSON
	for _, object := range objects {
		if err := r.check(); err != nil {
			return err
		}
		if !isGraphObject(object) {
			f.Ignored = append(f.Ignored, Ignored{Kind: say.New("object of another type")})
			continue
		}
		g := Graph{
			Type:             jsonText(object["@odata.type"]),
			ID:               jsonText(object["id"]),
			DisplayName:      jsonText(object["displayName"]),
			FileName:         jsonText(object["certFileName"]),
			DestinationStore: jsonText(object["destinationStore"]),
			IntendedPurpose:  jsonText(object["intendedPurpose"]),
		}
		var number float64
		if raw := object["intendedPurpose"]; json.Unmarshal(raw, &number) == nil && !bytes.Equal(raw, []byte("null")) {
			g.PurposeIsNumber = true
		}
		if raw, ok := object["trustedRootCertificate"]; ok || strings.Contains(strings.ToLower(g.Type), graphTypes[0]) {
			b := r.parseBinaryCertificate(jsonText(raw))
			g.TrustedCertificate = &b
			f.Certificates = append(f.Certificates, b.Certificates...)
		}
		if _, ok := object["encryptedPfxBlob"]; ok || strings.Contains(strings.ToLower(g.Type), graphTypes[2]) {
			g.UserPFX = r.parseUserPFX(object)
		}
		if isAppConfiguration(g.Type) {
			g.Outlook = outlookSMIME(object)
		}
		f.Graph = append(f.Graph, g)
	}
	return nil
}

// jsonText returns the text of a value, empty where it is none.
func jsonText(raw json.RawMessage) (text string) {
	if json.Unmarshal(raw, &text) != nil {
		return ""
	}
	return text
}

// decodeBinary decodes base64 as Microsoft Graph takes it: the standard
// alphabet in one piece. Where it is written in another way the value is given
// all the same, with the fault.
func decodeBinary(text string) ([]byte, say.Text) {
	switch {
	case text == "":
		return nil, FaultEmpty
	case strings.HasPrefix(text, "data:"):
		return nil, FaultDataURI
	case strings.HasPrefix(strings.TrimSpace(text), string(pemBegin)):
		return []byte(text), FaultPEM
	}
	compact := strings.Join(strings.Fields(text), "")
	data, err := base64.StdEncoding.Strict().DecodeString(compact)
	if err != nil {
		return nil, FaultAlphabet
	}
	if compact != text {
		return data, FaultLines
	}
	return data, ""
}

func (r *reading) parseBinaryCertificate(text string) Binary {
	data, fault := decodeBinary(text)
	if data == nil {
		return Binary{Fault: fault}
	}
	b := r.certificateValue(data)
	if b.Fault == "" {
		b.Fault = fault
	}
	return b
}

// certificateValue reads what should be one certificate in DER.
func (r *reading) certificateValue(data []byte) Binary {
	if isPEM(data) {
		f := &reading{File: &File{Name: r.Name}, ctx: r.ctx, cache: r.cache, limits: r.limits}
		if f.parsePEM(data) != nil || len(f.Keys) > 0 {
			return Binary{Fault: FaultKey}
		}
		if len(f.Certificates) > 1 {
			return Binary{FaultSeveral, f.Certificates}
		}
		return Binary{FaultPEM, f.Certificates}
	}
	switch derShape(data) {
	case shapeCertificate:
	case shapePFX:
		return Binary{Fault: FaultPFX}
	case shapePKCS7:
		return Binary{Fault: FaultSeveral}
	case shapeKey:
		return Binary{Fault: FaultKey}
	default:
		if bytes.HasPrefix(data, storeHeader) {
			return Binary{Fault: FaultSeveral}
		}
		return Binary{Fault: FaultOther}
	}
	first := firstElement(data)
	b := Binary{Certificates: []Certificate{r.at(first, 0)}}
	if len(first) < len(data) {
		b.Fault = FaultTrailing
	}
	return b
}

// userPFXFields are the properties that creating a userPFXCertificate takes.
var userPFXFields = []string{"thumbprint", "intendedPurpose", "userPrincipalName", "startDateTime", "expirationDateTime",
	"providerName", "keyName", "paddingScheme", "encryptedPfxBlob", "encryptedPfxPassword"}

func (r *reading) parseUserPFX(object map[string]json.RawMessage) *UserPFX {
	u := &UserPFX{
		Thumbprint:        jsonText(object["thumbprint"]),
		UserPrincipalName: jsonText(object["userPrincipalName"]),
		Start:             jsonText(object["startDateTime"]),
		Expiration:        jsonText(object["expirationDateTime"]),
		ProviderName:      jsonText(object["providerName"]),
		KeyName:           jsonText(object["keyName"]),
		PaddingScheme:     jsonText(object["paddingScheme"]),
	}
	for _, name := range userPFXFields {
		raw := bytes.TrimSpace(object[name])
		if len(raw) == 0 || bytes.Equal(raw, []byte("null")) || bytes.Equal(raw, []byte(`""`)) {
			u.Missing = append(u.Missing, name)
		}
	}
	var cipher, blob []byte
	cipher, u.PasswordFault = decodeBinary(jsonText(object["encryptedPfxPassword"]))
	u.PasswordSize = len(cipher)
	blob, u.BlobFault = decodeBinary(jsonText(object["encryptedPfxBlob"]))
	if blob != nil {
		u.PFX = r.inspect(r.password, blob)
		r.addInner(u.PFX)
		u.Password = r.measure(u.PFX)
		if u.PFX == nil && u.BlobFault == "" {
			u.BlobFault = FaultOther
		}
	}
	return u
}

// GraphTime reads a date as Microsoft Graph writes it: RFC 3339 with an offset.
func GraphTime(s string) (time.Time, error) { return time.Parse(time.RFC3339Nano, s) }

// Platform returns the platform that a profile of trusted certificates is for,
// in the words of @odata.type, empty for anything else.
func (g *Graph) Platform() string {
	platform, ok := strings.CutSuffix(strings.TrimPrefix(g.Type, "#microsoft.graph."), "TrustedRootCertificate")
	if !ok {
		return ""
	}
	return platform
}

// Group tells loose files of one folder apart that do not belong together:
// profiles with trusted certificates form a collection for each platform.
func (f *File) Group() string {
	if f.Format == GraphJSON && len(f.Graph) > 0 {
		return f.Graph[0].Platform()
	}
	return ""
}

// single reports whether the file is one profile with a trusted certificate.
func (a *Artefact) single() bool {
	return len(a.Graph) == 1 && a.Graph[0].TrustedCertificate != nil
}
