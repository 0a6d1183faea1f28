package bundle

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
	"howett.net/plist"
)

// Limits of configuration profiles.
const (
	maxProfileSize     = 16 << 20 // bytes
	maxProfileNesting  = 32       // elements inside elements
	maxProfileElements = 1 << 17
	maxPayloads        = 1000
)

// hasCertificate reports whether the payload is of one of the kinds with a certificate.
func hasCertificate(p *artefact.Payload) bool {
	switch p.Type {
	case "com.apple.security.root", "com.apple.security.pkcs1", "com.apple.security.pem":
		return true
	}
	return false
}

// profileInText is said of a signed profile that is no file of PKCS #7 by itself: as openssl
// smime writes it unless told otherwise, or in PEM.
const profileInText say.Text = "it is a configuration profile that was signed, in another form than profiles have: sign it with -nodetach -outform DER, and give that"

var plistStart = []byte("<plist")

// isProfile reports whether text is a property list that looks like a profile.
func isProfile(text []byte) bool {
	return isPropertyList(text) && bytes.Contains(text, []byte("Payload"))
}

// isPropertyList reports whether text looks like a property list in XML. Those in
// other forms are not read: no device takes them, and a few octets of the binary
// form can stand for any number of values.
func isPropertyList(text []byte) bool {
	const sample = 1024 // octets before the element plist
	text = bytes.TrimSpace(text)
	return bytes.HasPrefix(text, []byte("<")) && bytes.Contains(text[:min(len(text), sample)], plistStart)
}

// errProfile says why a profile cannot be read. It quotes nothing: a profile may
// hold passwords.
var (
	errProfileEnd     = say.Errorf("%v", endMissing)
	errProfileXML     = say.Errorf("profile is not a well-formed property list")
	errProfileNesting = say.Errorf("profile nests deeper than %d elements: %w", maxProfileNesting, ErrTooLarge)
	errProfileCount   = say.Errorf("profile has more than %d elements: %w", maxProfileElements, ErrTooLarge)
)

func (r *reading) parseProfile(text []byte, signed bool) error {
	f := r.File
	if len(text) > maxProfileSize {
		return say.Errorf("%s: profile of more than %d bytes: %w", f.Name, maxProfileSize, ErrTooLarge)
	}
	top, err := parsePropertyList(text)
	if err != nil {
		return say.Errorf("%s: %w", f.Name, err)
	}
	p := &artefact.Profile{Signed: signed, Type: field[string](top, "PayloadType"), Identifier: field[string](top, "PayloadIdentifier"),
		UUID: field[string](top, "PayloadUUID"), Version: field[uint64](top, "PayloadVersion")}
	content, ok := top["PayloadContent"].([]any)
	p.HasContent = ok
	encrypted, ok := top["EncryptedPayloadContent"].([]byte)
	p.Encrypted = ok && len(encrypted) > 0
	p.RemovalDate, p.DurationUntilRemoval = field[time.Time](top, "RemovalDate"), seconds(top["DurationUntilRemoval"])
	if len(content) > maxPayloads {
		return say.Errorf("%s: more than %d payloads: %w", f.Name, maxPayloads, ErrTooLarge)
	}
	for _, c := range content {
		values, _ := c.(map[string]any)
		if err := r.check(); err != nil {
			return err
		}
		p.Payloads = append(p.Payloads, r.payload(values))
	}
	f.Format, f.Profile = MobileConfig, p
	return nil
}

// field returns a value of a dictionary, zero where it has another type.
func field[T any](values map[string]any, name string) T {
	v, _ := values[name].(T)
	return v
}

// seconds returns a number of seconds of a property list, 0 where it is none, not above 0
// or more than a century.
func seconds(v any) time.Duration {
	const most = 100 * 365 * 24 * 3600
	n := 0.0
	switch v := v.(type) {
	case uint64:
		n = float64(v)
	case float64:
		n = v
	}
	if !(n > 0 && n <= most) {
		return 0
	}
	return time.Duration(n) * time.Second
}

func (r *reading) payload(values map[string]any) artefact.Payload {
	p := artefact.Payload{
		Type: field[string](values, "PayloadType"), Identifier: field[string](values, "PayloadIdentifier"),
		UUID: field[string](values, "PayloadUUID"), Version: field[uint64](values, "PayloadVersion"),
		DisplayName: field[string](values, "PayloadDisplayName"),
		Signing:     field[string](values, "SMIMESigningCertificateUUID"), Encryption: field[string](values, "SMIMEEncryptionCertificateUUID"),
	}
	switch p.Type {
	case "com.apple.mail.managed", "com.apple.eas.account":
		p.Account = true
		p.Email = field[string](values, "EmailAddress")
		isOn := func(name string) bool { return field[bool](values, name) }
		p.Signs, p.Encrypts = slices.ContainsFunc(signingKeys, isOn), slices.ContainsFunc(encryptionKeys, isOn)
		for name := range values {
			p.SMIME = p.SMIME || strings.HasPrefix(name, "SMIME")
		}
		r.addAuthentication(values)
	}
	for _, name := range notedKeys {
		if _, ok := values[name]; ok {
			p.Keys = append(p.Keys, name)
		}
	}
	content, isData := values["PayloadContent"].([]byte)
	switch {
	case hasCertificate(&p) && !isData && values["PayloadContent"] != nil:
		p.Certificate = &artefact.Binary{Fault: artefact.FaultNoData}
	case hasCertificate(&p) && !isData:
		p.Certificate = &artefact.Binary{Fault: artefact.FaultEmpty}
	case hasCertificate(&p):
		p.Certificate = r.certificateValue(content)
		if p.Type == "com.apple.security.pem" && p.Certificate.Fault == artefact.FaultPEM {
			p.Certificate.Fault = ""
		}
	case p.Type == "com.apple.security.pkcs12":
		own := r.password
		if password, ok := values["Password"].(string); ok {
			own, p.HasPassword = &password, true
		}
		p.PFX = r.inspect(own, content)
		if p.HasPassword && artefact.IsPlaceholder(*own) && p.PFX != nil && !p.PFX.Password.Status.Right() {
			p.HasPassword = false // the management of the device puts it in
			p.PFX = r.inspect(r.password, content)
		}
		r.addInner(p.PFX)
		if !p.HasPassword { // else it is no secret, however strong
			r.measure(p.PFX)
		}
	}
	return p
}

// signingKeys and encryptionKeys switch S/MIME on for an account, or let the user do so.
// SMIMEEnabled is not among them, which iOS 10 and later ignore.
var (
	signingKeys    = []string{"SMIMESigningEnabled", "SMIMESigningUserOverrideable"}
	encryptionKeys = []string{"SMIMEEncryptionEnabled", "SMIMEEncryptByDefault", "SMIMEEncryptByDefaultUserOverrideable",
		"SMIMEEnableEncryptionPerMessageSwitch", "SMIMEEnablePerMessageSwitch"}
)

// addAuthentication lists the keys of the identity with which an Exchange account
// authenticates itself, the key Certificate. It is none of S/MIME.
func (r *reading) addAuthentication(values map[string]any) {
	content, ok := values["Certificate"].([]byte)
	if !ok || field[string](values, "PayloadType") != "com.apple.eas.account" {
		return
	}
	own := r.password
	if password, ok := values["CertificatePassword"].(string); ok {
		own = &password
	}
	r.addInner(r.inspect(own, content))
}

// notedKeys are settings that rules ask for.
var notedKeys = []string{"SMIMEEnabled", "SMIMEEnablePerMessageSwitch", "SMIMEEncryptionEnabled", "AllowAllAppsAccess", "KeyIsExtractable"}

// inspect returns the inspection of a PFX inside the file, nil when data is none.
func (r *reading) inspect(password *string, data []byte) *pkcs12.Inspection {
	report, err := r.inspectWith(password, data)
	if err != nil {
		return nil // where the context has ended, the next check says so
	}
	return report
}

// parsePropertyList reads the dictionary of a property list in XML, given in
// UTF-8. Of a name that a dictionary has twice the last value counts. A value that is not
// of its type is empty. Entities
// other than the five of XML are refused, so that none can expand.
func parsePropertyList(text []byte) (map[string]any, error) {
	text = dropDeclaration(text)
	if err := checkElements(text); err != nil {
		return nil, err
	}
	var top map[string]any
	if _, err := plist.Unmarshal(text, &top); err != nil {
		top = nil
		if _, err := plist.Unmarshal(mendValues(text), &top); err != nil {
			return nil, errProfileXML
		}
	}
	return top, nil
}

// dropDeclaration takes away the XML declaration: the encoding that it names is
// the one before the text was converted to UTF-8.
func dropDeclaration(text []byte) []byte {
	text = bytes.TrimSpace(text)
	if bytes.HasPrefix(text, []byte("<?xml")) {
		if _, rest, ok := bytes.Cut(text, []byte("?>")); ok {
			return rest
		}
	}
	return text
}

// isXMLEnd reports whether an error of a decoder of XML is that the text ends too early.
func isXMLEnd(err error) bool {
	syntax, ok := errors.AsType[*xml.SyntaxError](err)
	return errors.Is(err, io.EOF) || ok && syntax.Msg == "unexpected EOF"
}

// checkElements keeps the parser of property lists, which calls itself for each
// element in an element and holds every value, from text that is made to exhaust
// it.
func checkElements(text []byte) error {
	if hasLongTag(text) {
		return errProfileXML
	}
	d := xml.NewDecoder(bytes.NewReader(text))
	for depth, count := 0, 0; ; {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) && depth == 0 {
			return nil
		}
		if isXMLEnd(err) {
			return errProfileEnd
		}
		if err != nil {
			return errProfileXML
		}
		switch token.(type) {
		case xml.StartElement:
			if depth++; depth > maxProfileNesting {
				return errProfileNesting
			}
			if count++; count > maxProfileElements {
				return errProfileCount
			}
		case xml.EndElement:
			if depth--; depth < 0 {
				return errProfileXML
			}
		}
	}
}

// hasLongTag reports whether text has a tag with more attributes than elements of
// property lists have, which is one.
func hasLongTag(text []byte) bool {
	const longest = 4096 // octets
	for {
		i := bytes.IndexByte(text, '<')
		if i < 0 || i+1 == len(text) {
			return false
		}
		text = text[i+1:]
		if text[0]|0x20 < 'a' || text[0]|0x20 > 'z' {
			continue
		}
		end := bytes.IndexByte(text[:min(len(text), longest)], '>')
		if end < 0 {
			return len(text) > longest
		}
		text = text[end:]
	}
}

// mendValues replaces the values of a property list that are not of their type, such as
// damaged base64, by an empty one, so that the rest can be read.
func mendValues(text []byte) []byte {
	var out []byte
	done := 0
	for at := range places(text, "<") {
		if at < done {
			continue
		}
		for _, v := range plistValues {
			rest := text[at+1:]
			if !bytes.HasPrefix(rest, []byte(v.name+">")) {
				continue
			}
			start := at + len(v.name) + 2
			end := bytes.IndexByte(text[start:], '<')
			if end < 0 || !bytes.HasPrefix(text[start+end:], []byte("</"+v.name+">")) {
				break
			}
			if !v.good(bytes.TrimSpace(text[start : start+end])) {
				out = append(append(out, text[done:at]...), "<"+v.empty+"></"+v.empty+">"...)
				done = start + end + len(v.name) + 3
			}
		}
	}
	if out == nil {
		return text
	}
	return append(out, text[done:]...)
}

// plistValues are the types of values that have a form.
var plistValues = []struct {
	name, empty string
	good        func([]byte) bool
}{
	{"data", "data", func(b []byte) bool { _, err := decodeValue(b); return err == nil }},
	{"integer", "string", func(b []byte) bool { _, err := strconv.ParseInt(string(b), 0, 64); return err == nil || isUint(b) }},
	{"real", "string", func(b []byte) bool { _, err := strconv.ParseFloat(string(b), 64); return err == nil }},
	{"date", "string", func(b []byte) bool { _, err := time.Parse(time.RFC3339, string(b)); return err == nil }},
}

func isUint(b []byte) bool { _, err := strconv.ParseUint(string(b), 0, 64); return err == nil }
