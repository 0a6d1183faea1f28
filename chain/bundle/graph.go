package bundle

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
)

// Graph is one object of Microsoft Graph that a roll-out with Intune touches, or of a
// tool that stands for one. Fields that are not there are empty.
type Graph struct {
	Type               string // @odata.type as written, or as what is around the object says
	Form               GraphForm
	ID                 string
	DisplayName        string
	FileName           string // certFileName
	DestinationStore   string
	IntendedPurpose    string        // empty for a number that may mean two words
	Numbers            []GraphNumber // the enumerations that are written as numbers
	TrustedCertificate *Binary       // trustedRootCertificate
	UserPFX            *UserPFX
	Mail               *GraphMail      // of a mail profile
	Enrolment          *GraphEnrolment // of a profile by which devices ask a CA for a certificate

	// Version and List are those of the address that the object is sent to, such as
	// v1.0 and deviceConfigurations, where the file names it.
	Version, List string

	// Outlook holds what an app configuration says about S/MIME in Outlook for
	// iOS and Android; nil for anything else.
	Outlook *OutlookSMIME
}

// Known returns the type of the object, nil if none is known by the name it gives.
func (g *Graph) Known() *GraphType { return FindGraphType(g.Type) }

// Number returns the number that an enumeration is written as, nil where it is a word or
// absent.
func (g *Graph) Number(property string) *GraphNumber {
	for i := range g.Numbers {
		if g.Numbers[i].Property == property {
			return &g.Numbers[i]
		}
	}
	return nil
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

	// Blanked says that the PFX and its password are blank because Microsoft Graph
	// gives neither back: no fault, and nothing that could be judged.
	Blanked bool

	Password *Password // what opened the blob; nil where none was given or it is not proven right
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
	faultNoTLS    say.Text = "it connects without TLS"
	faultLogin    say.Text = "it holds a user name or a password"
)

// graphWords are in the names of types of which there may be newer ones, in lower case.
var graphWords = []string{"trustedrootcertificate", "importedpfxcertificateprofile", "userpfxcertificate"}

// isGraphObject reports whether an object is one of Microsoft Graph for certificates:
// what Graph lists has profiles of every kind.
func isGraphObject(g *graphObject) bool {
	o := g.values
	_, trusted := o["trustedrootcertificate"]
	_, blob := o["encryptedpfxblob"]
	if trusted || blob {
		return true
	}
	if t := FindGraphType(g.odata); t != nil {
		return t.Kind != graphApp || outlookSettings(o) != nil
	}
	return slices.ContainsFunc(graphWords, func(w string) bool { return strings.Contains(strings.ToLower(g.odata), w) })
}

// keep makes what was found the content of the file, and reports whether there was
// anything.
func (s *graphSearch) keep() (bool, error) {
	if len(s.found) == 0 {
		return false, nil
	}
	s.Format = GraphJSON
	for range s.other {
		s.Ignored = append(s.Ignored, Ignored{Kind: say.New("object of another type")})
	}
	for i := range s.found {
		if err := s.check(); err != nil {
			return true, err
		}
		s.Graph = append(s.Graph, s.graph(&s.found[i]))
	}
	return true, nil
}

// parseGraph reads the objects of Microsoft Graph among those of a file, and in what they
// hold, and reports whether there is one. Context is that of the list they were in.
func (r *reading) parseGraph(objects []map[string]json.RawMessage, context string) (bool, error) {
	s := &graphSearch{reading: r}
	for _, object := range objects {
		if err := s.add(object, graphWrap{}.in(context)); err != nil {
			return false, err
		}
	}
	return s.keep()
}

// graph reads one object.
func (r *reading) graph(object *graphObject) Graph {
	o := object.values
	g := Graph{
		Type: object.odata, Form: object.form, Version: object.wrap.version, List: object.wrap.list,
		ID:          jsonText(o["id"]),
		DisplayName: jsonText(o["displayname"]),
		FileName:    jsonText(o["certfilename"]),
	}
	kind := GraphKind(0)
	if t := g.Known(); t != nil {
		kind = t.Kind
	}
	low := strings.ToLower(g.Type)
	g.DestinationStore = g.enum(o, "destinationStore", &destinationStores)
	if raw, ok := o["trustedrootcertificate"]; ok || g.Form == GraphBody && strings.Contains(low, graphWords[0]) {
		b := r.trusted(raw, g.Form)
		g.TrustedCertificate = &b
		r.Certificates = append(r.Certificates, b.Certificates...)
	}
	if _, ok := o["encryptedpfxblob"]; ok || strings.Contains(low, graphWords[2]) {
		g.IntendedPurpose = g.enum(o, "intendedPurpose", &userPFXPurposes)
		g.UserPFX = r.parseUserPFX(&g, o)
	} else {
		g.IntendedPurpose = g.enum(o, "intendedPurpose", &profilePurposes)
	}
	switch kind {
	case graphMailProfile:
		g.Mail = graphMail(o)
	case GraphSCEP, GraphPKCS:
		g.Enrolment = graphEnrolment(o)
	case graphApp:
		g.Outlook = outlookSMIME(o)
	}
	return g
}

// trusted reads the certificate of a profile.
func (r *reading) trusted(raw json.RawMessage, form GraphForm) Binary {
	data, fault := graphOctets(raw)
	if fault == FaultNumbers && form != GraphBody {
		fault = "" // as octets are printed
	}
	if data == nil {
		return Binary{Fault: fault}
	}
	b := r.certificateValue(data)
	if b.Fault == "" {
		b.Fault = fault
	}
	return b
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
	compact := string(withoutBlanks([]byte(text)))
	data, err := base64.StdEncoding.Strict().DecodeString(compact)
	if err != nil {
		return nil, FaultAlphabet
	}
	if compact != text {
		return data, FaultLines
	}
	return data, ""
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

func (r *reading) parseUserPFX(g *Graph, o graphValues) *UserPFX {
	u := &UserPFX{
		Thumbprint:        jsonText(o["thumbprint"]),
		UserPrincipalName: jsonText(o["userprincipalname"]),
		Start:             graphDate(o["startdatetime"]),
		Expiration:        graphDate(o["expirationdatetime"]),
		ProviderName:      jsonText(o["providername"]),
		KeyName:           jsonText(o["keyname"]),
		PaddingScheme:     g.enum(o, "paddingScheme", &paddingSchemes),
	}
	var cipher, blob []byte
	cipher, u.PasswordFault = graphOctets(o["encryptedpfxpassword"])
	u.PasswordSize = len(cipher)
	blob, u.BlobFault = graphOctets(o["encryptedpfxblob"])
	if g.Form != GraphBody {
		if u.PasswordFault == FaultNumbers {
			u.PasswordFault = ""
		}
		if u.BlobFault == FaultNumbers {
			u.BlobFault = ""
		}
	}
	if isBlanked(blob, u.BlobFault) && isBlanked(cipher, u.PasswordFault) && (g.Form == graphRead || g.ID != "") {
		u.Blanked, u.BlobFault, u.PasswordFault, u.PasswordSize, blob = true, "", "", 0, nil
		if g.Form == GraphBody {
			g.Form = graphRead
		}
	}
	for _, name := range userPFXFields {
		raw := bytes.TrimSpace(o[strings.ToLower(name)])
		if u.Blanked && strings.HasPrefix(name, "encrypted") || g.Form == graphRead && raw == nil {
			continue // of a record only some properties may have been asked for
		}
		if isNull(raw) || bytes.Equal(raw, []byte(`""`)) {
			u.Missing = append(u.Missing, name)
		}
	}
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

// isBlanked reports whether a value is what Microsoft Graph gives in place of a secret:
// nothing, or zeros.
func isBlanked(data []byte, fault say.Text) bool {
	return fault == FaultEmpty || data != nil && len(bytes.Trim(data, "\x00")) == 0
}

// Platform returns the platform that a profile of trusted certificates is for,
// in the words of @odata.type, empty for anything else.
func (g *Graph) Platform() string {
	name := strings.TrimPrefix(g.Type, odataPrefix)
	if t := g.Known(); t != nil {
		name = t.Name
	}
	platform, ok := strings.CutSuffix(name, "TrustedRootCertificate")
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
