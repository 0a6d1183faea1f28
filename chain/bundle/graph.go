package bundle

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/internal/msgraph"
	"github.com/smimechain/smimechain/lint/say"
)

// isGraphObject reports whether an object is one of Microsoft Graph for certificates:
// what Graph lists has profiles of every kind.
func isGraphObject(g *graphObject) bool {
	o := g.values
	_, trusted := o["trustedrootcertificate"]
	_, blob := o["encryptedpfxblob"]
	if trusted || blob {
		return true
	}
	if t := msgraph.Find(g.odata); t != nil {
		return t.Kind != msgraph.App || outlookSettings(o) != nil
	}
	return msgraph.IsLike(g.odata)
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
func (r *reading) graph(object *graphObject) artefact.Graph {
	o := object.values
	g := artefact.Graph{
		Type: object.odata, Form: object.form, Version: object.wrap.version, List: object.wrap.list,
		ID:          jsonText(o["id"]),
		DisplayName: jsonText(o["displayname"]),
		FileName:    jsonText(o["certfilename"]),
	}
	kind := msgraph.Kind(0)
	if t := g.Known(); t != nil {
		kind = t.Kind
	}
	low := strings.ToLower(g.Type)
	g.DestinationStore = enum(&g, o, "destinationStore", &destinationStores)
	if raw, ok := o["trustedrootcertificate"]; ok || g.Form == artefact.Body && strings.Contains(low, msgraph.TrustedWord) {
		g.TrustedCertificate = r.trusted(raw, g.Form)
	}
	if _, ok := o["encryptedpfxblob"]; ok || strings.Contains(low, msgraph.RecordWord) {
		g.IntendedPurpose = enum(&g, o, "intendedPurpose", &userPFXPurposes)
		g.UserPFX = r.parseUserPFX(&g, o)
	} else {
		g.IntendedPurpose = enum(&g, o, "intendedPurpose", &profilePurposes)
	}
	switch kind {
	case msgraph.MailProfile:
		g.Mail = graphMail(o)
	case msgraph.SCEP, msgraph.PKCS:
		g.Enrolment = graphEnrolment(o)
	case msgraph.App:
		g.Outlook = outlookSMIME(o)
	}
	return g
}

// trusted reads the certificate of a profile, and adds it to those of the file.
func (r *reading) trusted(raw json.RawMessage, form artefact.Form) *artefact.Binary {
	data, fault := graphOctets(raw)
	if fault == artefact.FaultNumbers && form != artefact.Body {
		fault = "" // as octets are printed
	}
	if data == nil {
		return &artefact.Binary{Fault: fault}
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
		return nil, artefact.FaultEmpty
	case strings.HasPrefix(text, "data:"):
		return nil, artefact.FaultDataURI
	case strings.HasPrefix(strings.TrimSpace(text), string(pemBegin)):
		return []byte(text), artefact.FaultPEM
	}
	compact := string(withoutBlanks([]byte(text)))
	data, err := base64.StdEncoding.Strict().DecodeString(compact)
	if err != nil {
		return nil, artefact.FaultAlphabet
	}
	if compact != text {
		return data, artefact.FaultLines
	}
	return data, ""
}

// certificateValue reads what should be one certificate in DER, and adds it to those of
// the file.
func (r *reading) certificateValue(data []byte) *artefact.Binary {
	if isPEM(data) {
		f := &reading{File: &File{Name: r.Name}, ctx: r.ctx, cache: r.cache, limits: r.limits}
		if f.parsePEM(data) != nil || len(f.Keys) > 0 {
			return &artefact.Binary{Fault: artefact.FaultKey}
		}
		if len(f.Certificates) > 1 {
			return r.binary(artefact.FaultSeveral, f.Certificates...)
		}
		return r.binary(artefact.FaultPEM, f.Certificates...)
	}
	switch derShape(data) {
	case shapeCertificate:
	case shapePFX:
		return &artefact.Binary{Fault: artefact.FaultPFX}
	case shapePKCS7:
		return &artefact.Binary{Fault: artefact.FaultSeveral}
	case shapeKey:
		return &artefact.Binary{Fault: artefact.FaultKey}
	default:
		if bytes.HasPrefix(data, storeHeader) {
			return &artefact.Binary{Fault: artefact.FaultSeveral}
		}
		return &artefact.Binary{Fault: artefact.FaultOther}
	}
	first := firstElement(data)
	b := r.binary("", r.at(first, 0))
	if len(first) < len(data) {
		b.Fault = artefact.FaultTrailing
	}
	return b
}

// binary makes a value of its certificates, and adds these to those of the file.
func (r *reading) binary(fault say.Text, certificates ...Certificate) *artefact.Binary {
	b := &artefact.Binary{Fault: fault}
	for _, c := range certificates {
		b.Certificates = append(b.Certificates, c.Certificate)
	}
	r.Certificates = append(r.Certificates, certificates...)
	return b
}

// userPFXFields are the properties that creating a userPFXCertificate takes.
var userPFXFields = []string{"thumbprint", "intendedPurpose", "userPrincipalName", "startDateTime", "expirationDateTime",
	"providerName", "keyName", "paddingScheme", "encryptedPfxBlob", "encryptedPfxPassword"}

func (r *reading) parseUserPFX(g *artefact.Graph, o graphValues) *artefact.UserPFX {
	u := &artefact.UserPFX{
		Thumbprint:        jsonText(o["thumbprint"]),
		UserPrincipalName: jsonText(o["userprincipalname"]),
		Start:             graphDate(o["startdatetime"]),
		Expiration:        graphDate(o["expirationdatetime"]),
		ProviderName:      jsonText(o["providername"]),
		KeyName:           jsonText(o["keyname"]),
		PaddingScheme:     enum(g, o, "paddingScheme", &paddingSchemes),
	}
	var cipher, blob []byte
	cipher, u.PasswordFault = graphOctets(o["encryptedpfxpassword"])
	u.PasswordSize = len(cipher)
	blob, u.BlobFault = graphOctets(o["encryptedpfxblob"])
	if g.Form != artefact.Body {
		if u.PasswordFault == artefact.FaultNumbers {
			u.PasswordFault = ""
		}
		if u.BlobFault == artefact.FaultNumbers {
			u.BlobFault = ""
		}
	}
	if isBlanked(blob, u.BlobFault) && isBlanked(cipher, u.PasswordFault) && (g.Form == artefact.Read || g.ID != "") {
		u.Blanked, u.BlobFault, u.PasswordFault, u.PasswordSize, blob = true, "", "", 0, nil
		if g.Form == artefact.Body {
			g.Form = artefact.Read
		}
	}
	for _, name := range userPFXFields {
		raw := bytes.TrimSpace(o[strings.ToLower(name)])
		if u.Blanked && strings.HasPrefix(name, "encrypted") || g.Form == artefact.Read && raw == nil {
			continue // of a record only some properties may have been asked for
		}
		if isNull(raw) || bytes.Equal(raw, []byte(`""`)) {
			u.Missing = append(u.Missing, name)
		}
	}
	if blob != nil {
		u.PFX = r.inspect(r.password, blob)
		r.addInner(u.PFX)
		r.measure(u.PFX)
		if u.PFX == nil && u.BlobFault == "" {
			u.BlobFault = artefact.FaultOther
		}
	}
	return u
}

// isBlanked reports whether a value is what Microsoft Graph gives in place of a secret:
// nothing, or zeros.
func isBlanked(data []byte, fault say.Text) bool {
	return fault == artefact.FaultEmpty || data != nil && len(bytes.Trim(data, "\x00")) == 0
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
func (f *File) single() bool {
	return len(f.Graph) == 1 && f.Graph[0].TrustedCertificate != nil
}
