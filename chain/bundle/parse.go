package bundle

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"

	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
	"github.com/smimechain/smimechain/sst"
)

// Options says how to read files. The zero value, and nil, are right for files
// without a password.
type Options struct {
	// Password opens PFX files, and those inside profiles and bodies for Graph
	// but for profiles that hold a password of their own; nil leaves closed what
	// is encrypted in them. It is used and not kept.
	Password *string
}

// Parse recognises data by its content and reads it, without a password; see
// [Options.Parse].
func Parse(name string, data []byte) (*File, error) {
	return new(Options).Parse(name, data)
}

// Parse recognises data by its content and reads it. Name stands for the file
// in the result and in errors; it decides nothing.
//
// The error is an [*UnrecognizedError] when data is in none of the known
// formats, and wraps the error of the format's own package, such as
// [*sst.FormatError], when data is damaged. A PFX that the password does not open
// is no error: its inspection says so. The result aliases data, which may not be
// changed afterwards; Parse itself does not change it.
func (o *Options) Parse(name string, data []byte) (*File, error) {
	if len(data) == 0 {
		return nil, &UnrecognizedError{Name: name, Why: "the file is empty"}
	}
	if o == nil {
		o = new(Options)
	}
	f := &File{Name: name}
	ok, err := o.parseBinary(f, data)
	if err != nil || ok {
		return fileOrError(f, err)
	}
	text, wide := decodeText(data)
	f.UTF16 = wide
	if ok, err := o.parseArtefact(f, text); err != nil || ok {
		return fileOrError(f, err)
	}
	if isMail(text) {
		return fileOrError(f, parseMail(f, text))
	}
	if pfx := pfxInPEM(text); pfx != nil {
		f.Armor = pkcs7.PEM
		return fileOrError(f, o.parsePFX(f, pfx))
	}
	if isPEM(text) {
		if parseKeyPEM(f, text) {
			return f, nil
		}
		f.Armor = pkcs7.PEM
		return fileOrError(f, parsePEM(f, text))
	}
	if isRegistryExport(text) {
		return fileOrError(f, parseRegistry(f, data))
	}
	if decoded, isBase64 := decodeBase64(text); isBase64 {
		f.Armor = pkcs7.Base64
		if pkcs12.Detect(text) {
			// Which programs take it as text is for its own package to say.
			return fileOrError(f, o.parsePFX(f, text))
		}
		ok, err := o.parseBinary(f, decoded)
		if err != nil || ok {
			return fileOrError(f, err)
		}
	}
	return nil, &UnrecognizedError{Name: name, Why: guess(data)}
}

func fileOrError(f *File, err error) (*File, error) {
	if err != nil {
		return nil, err
	}
	return f, nil
}

// parseBinary reads the formats that are not text and reports whether data was
// one of them.
func (o *Options) parseBinary(f *File, data []byte) (bool, error) {
	switch {
	case bytes.HasPrefix(data, storeHeader):
		return true, parseStore(f, data)
	case isElement(data):
		return true, parseElement(f, data)
	case parseKeyBlob(f, data):
		return true, nil
	}
	switch derShape(data) {
	case shapeCertificate:
		f.Format = DER
		f.Certificates = []Certificate{at(data, 0)}
	case shapeCRL:
		f.Format = DER
		f.CRLs = []CRL{{Raw: data}}
	case shapeKey:
		f.Format = DER
		f.Keys = []Key{{Kind: "PRIVATE KEY"}}
	case shapeRequest:
		f.Format = DER
		f.Ignored = []Ignored{{Kind: say.New("%s", "CERTIFICATE REQUEST")}}
	case shapePKCS7:
		return true, o.parseMessage(f, data)
	case shapePFX:
		return true, o.parsePFX(f, data)
	case shapePublicKey:
		return parseKeyDER(f, data), nil
	default:
		return false, nil
	}
	return true, nil
}

// storeHeader is what a store begins with: version 0, type "CERT" (MS-OSHARED,
// Section 2.3.2.5.1).
var storeHeader = []byte("\x00\x00\x00\x00CERT")

// isElement reports whether data begins like one element of a store: a record
// with a small id, the encoding type 1 and a length that fits.
func isElement(data []byte) bool {
	const header, maxID = 12, 129 // octets of a record header; the highest assigned property
	if len(data) < header {
		return false
	}
	id := binary.LittleEndian.Uint32(data)
	length := binary.LittleEndian.Uint32(data[8:])
	return id >= 1 && id <= maxID && binary.LittleEndian.Uint32(data[4:]) == 1 && uint64(length) <= uint64(len(data)-header)
}

func parseStore(f *File, data []byte) error {
	store, err := sst.Parse(data)
	if err != nil {
		return say.Errorf("%s: %w", f.Name, err)
	}
	f.Format, f.Store = SST, store
	for _, e := range store.Elements {
		f.addElement(e)
	}
	return nil
}

func parseElement(f *File, data []byte) error {
	e, err := sst.ParseElement(data)
	if err != nil {
		return say.Errorf("%s: %w", f.Name, err)
	}
	f.Format = SSTElement
	f.addElement(*e)
	return nil
}

// isRegistryExport reports whether text begins as regedit writes it.
func isRegistryExport(text []byte) bool {
	return bytes.HasPrefix(text, []byte("Windows Registry Editor Version 5.00")) || bytes.HasPrefix(text, []byte("REGEDIT4"))
}

// parseRegistry reads the certificate Blobs of a registry export. A Blob that is
// no element of a store stays as a certificate that could not be decoded.
func parseRegistry(f *File, data []byte) error {
	entries, err := sst.ParseRegistryExport(data)
	if err != nil {
		return say.Errorf("%s: %w", f.Name, err)
	}
	f.Format = RegistryFile
	for _, e := range entries {
		if e.Element == nil {
			f.Certificates = append(f.Certificates, undecoded(e.Err, e.Offset))
			continue
		}
		e.Element.Offset = e.Offset
		f.addElement(*e.Element)
	}
	return nil
}

// parsePFX inspects a PFX, in binary or in text. Certificates that the password
// does not open are not listed; the inspection says so.
func (o *Options) parsePFX(f *File, data []byte) error {
	report, err := (&pkcs12.Options{Password: o.Password}).Inspect(context.Background(), data)
	if err != nil {
		return say.Errorf("%s: %w", f.Name, err)
	}
	f.Format, f.PFX, f.Password = PFX, report, o.measure(f, report)
	for ref, bag := range report.Bags() {
		switch {
		case bag.Certificate != nil:
			f.Certificates = append(f.Certificates, Certificate{Certificate: bag.Certificate, Bag: ref})
		case bag.CRL != nil:
			f.CRLs = append(f.CRLs, CRL{Raw: bag.CRL.Raw})
		case bag.Kind == pkcs12.BagKey || bag.Kind == pkcs12.BagShroudedKey:
			f.Keys = append(f.Keys, Key{Kind: bag.Kind.String(), Bag: ref})
		}
	}
	return nil
}

func (f *File) addElement(e sst.Element) {
	switch e.Kind {
	case sst.Certificate:
		c := at(e.Raw, e.Offset)
		c.Properties = e.Properties
		f.Certificates = append(f.Certificates, c)
	case sst.CRL:
		f.CRLs = append(f.CRLs, CRL{Raw: e.Raw, Offset: e.Offset})
	default:
		f.Ignored = append(f.Ignored, Ignored{Kind: say.New("%s", e.Kind), Offset: e.Offset})
	}
}

// parseMessage reads a message of PKCS #7 that is a file of its own: certificates,
// or a profile that was signed.
func (o *Options) parseMessage(f *File, data []byte) error {
	m, err := pkcs7.Parse(data)
	if err != nil {
		return say.Errorf("%s: %w", f.Name, err)
	}
	if content, _ := decodeText(m.Content); isProfile(content) {
		return o.parseProfile(f, content, true)
	}
	f.Format = PKCS7
	f.addMessage(m, 0)
	return nil
}

// addPKCS7 reads a message of PKCS #7 that is a part of a file.
func addPKCS7(f *File, data []byte, offset int64) error {
	m, err := pkcs7.Parse(data)
	if err != nil {
		return say.Errorf("%s: %w", f.Name, err)
	}
	f.addMessage(m, offset)
	return nil
}

func (f *File) addMessage(m *pkcs7.Message, offset int64) {
	f.Signed = f.Signed || m.Signers > 0
	for _, c := range m.Certificates {
		f.Certificates = append(f.Certificates, Certificate{Certificate: c, Offset: offset})
	}
	for _, crl := range m.CRLs {
		f.CRLs = append(f.CRLs, CRL{Raw: crl.Raw, Offset: offset})
	}
}

// guess says what unrecognised data may be, so that its owner knows what to do.
func guess(data []byte) say.Text {
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	text := bytes.TrimSpace(data[:min(len(data), 512)])
	switch {
	case len(text) == 0:
		return "it holds nothing but white space"
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return "it is a ZIP archive; unpack it first"
	case bytes.HasPrefix(data, []byte{0xFE, 0xED, 0xFE, 0xED}):
		return "it is a Java key store; convert it with keytool -importkeystore to PKCS12"
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return "it is a PDF document"
	case bytes.HasPrefix(bytes.ToLower(text), []byte("<!doctype html")), bytes.HasPrefix(bytes.ToLower(text), []byte("<html")):
		return "it is a web page; the download may have answered with an error page"
	case (text[0] == '{' || text[0] == '[') && bytes.Contains(data, []byte(`"@odata.type"`)):
		return "it is an object of Microsoft Graph without a certificate, such as a SCEP or PKCS profile, with which Intune asks the CA for one"
	case (text[0] == '{' || text[0] == '[') && json.Valid(data):
		return "it is JSON, but neither the output of Get-SmimeConfig nor an object of Microsoft Graph with a certificate"
	default:
		return "want SST, PEM, DER, PKCS #7 or PFX"
	}
}
