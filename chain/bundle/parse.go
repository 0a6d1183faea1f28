package bundle

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/internal/textfile"
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

	// Cache, if set, gives one certificate for the same octets, in whichever files
	// they are.
	Cache *chain.Cache

	// Limits bound what is read of one file; the zero value is right for files
	// that somebody hands in.
	Limits Limits
}

// Parse recognises data by its content and reads it, without a password; see
// [Options.Parse].
func Parse(name string, data []byte) (*File, error) {
	return new(Options).Parse(context.Background(), name, data)
}

// Parse recognises data by its content and reads it. Name stands for the file
// in the result and in errors; it decides nothing but that a file named .ps1, .psm1 or
// .psd1 is a script.
//
// The error is an [*UnrecognizedError] when data is in none of the known
// formats, wraps [ErrTooLarge] beyond a limit and the error of the context once
// that has ended, and else the error of the format's own package, such as
// [*sst.FormatError], when data is damaged. A PFX that the password does not open
// is no error: its inspection says so. The result aliases data, which may not be
// changed afterwards; Parse itself does not change it.
func (o *Options) Parse(ctx context.Context, name string, data []byte) (*File, error) {
	if o == nil {
		o = new(Options)
	}
	r := &reading{File: &File{Name: name}, ctx: ctx, password: o.Password, cache: o.Cache, limits: o.Limits.withDefaults()}
	if len(data) > r.limits.Size {
		return nil, say.Errorf("%s: %w: more than %d bytes", name, ErrTooLarge, r.limits.Size)
	}
	return r.read(data)
}

// read recognises data and reads it.
func (r *reading) read(data []byte) (*File, error) {
	if len(data) == 0 {
		return nil, &UnrecognizedError{Name: r.Name, Why: "the file is empty"}
	}
	err := r.check()
	if err == nil {
		if err = r.parse(data); r.Format != Archive { // of which each file is searched
			err = r.lookForKeys(data, err)
		}
	}
	if err == nil {
		err = r.check()
	}
	if err != nil {
		return nil, err
	}
	r.SHA256 = sha256.Sum256(data)
	return r.File, nil
}

// parse finds out what data is, and reads it.
func (r *reading) parse(data []byte) error {
	switch damage, was := pkcs7.FindTextDamage(data); {
	case damage == pkcs7.LineEndingsAdded && derShape(was) == shapePFX:
		return r.parsePFX(data) // which says so
	case damage != "":
		return &UnrecognizedError{Name: r.Name, Why: damage}
	}
	if ok, err := r.parseBinary(data); err != nil || ok {
		return err
	}
	if isMarkedBinary(data) {
		return &UnrecognizedError{Name: r.Name, Why: whyMark}
	}
	text, wide := textfile.UTF8(data)
	r.UTF16 = wide
	switch {
	case isBinaryPropertyList(text):
		return &UnrecognizedError{Name: r.Name, Why: whyBinaryPropertyList}
	case isVCard(text):
		return r.parseVCard(text)
	case isLDIF(text):
		return r.parseLDIF(text)
	}
	if ok, err := r.parseArtefact(text); err != nil || ok {
		return err
	}
	switch message := bytes.TrimLeft(text, "\r\n"); {
	case isMbox(message):
		return r.parseMbox(message)
	case isMail(message):
		return r.parseMail(message)
	}
	if pfx := pfxInPEM(text); pfx != nil {
		r.Armor = pkcs7.PEM
		return r.parsePFX(pfx)
	}
	if ok, err := r.parseWrapped(text); err != nil || ok {
		return err
	}
	if isPEM(text) {
		if parseKeyPEM(r.File, text) {
			return nil
		}
		r.Armor = pkcs7.PEM
		return r.parsePEM(text)
	}
	if isRegistryExport(text) {
		return r.parseRegistry(data)
	}
	if ok, err := r.parseBase64(text); err != nil || ok {
		return err
	}
	if store := storeInText(unquoted(text)); store != nil {
		return r.parseStore(store)
	}
	if ok, err := r.parseHex(text); err != nil || ok {
		return err
	}
	if ok, err := r.parseDisguised(text); err != nil || ok {
		return err
	}
	if isNearPEM(text) {
		return r.parsePEM(text)
	}
	return &UnrecognizedError{Name: r.Name, Why: guess(data), text: utf8.Valid(text) && !bytes.ContainsRune(text, 0)}
}

// isMarkedBinary reports whether a byte order mark stands before binary data.
func isMarkedBinary(data []byte) bool {
	for _, mark := range []string{"\xEF\xBB\xBF", "\xFF\xFE", "\xFE\xFF"} {
		if rest, ok := bytes.CutPrefix(data, []byte(mark)); ok && (derShape(rest) != shapeUnknown || bytes.HasPrefix(rest, storeHeader)) {
			return true
		}
	}
	return false
}

// parseBase64 reads base64 text of a binary format and reports whether text was that.
func (r *reading) parseBase64(text []byte) (bool, error) {
	decoded, ok := r.decodeBase64(text)
	if !ok {
		return false, nil
	}
	r.Armor = pkcs7.Base64
	if pkcs12.Detect(text) {
		// Which programs take it as text is for its own package to say.
		return true, r.parsePFX(text)
	}
	if ok, err := r.parseBinary(decoded); err != nil || ok {
		if end := len(bytes.TrimSpace(text)); ok && !padded(text) {
			r.Ignored = append(r.Ignored, Ignored{Kind: say.New("end of base64 text without its padding"), Offset: int64(end)})
		}
		return ok, err
	}
	r.Armor = pkcs7.Binary // digits alone may be base64 too
	return false, nil
}

// parseBinary reads the formats that are not text and reports whether data was
// one of them.
func (r *reading) parseBinary(data []byte) (bool, error) {
	f := r.File
	switch {
	case bytes.HasPrefix(data, storeHeader):
		return true, r.parseStore(data)
	case isElement(data):
		return true, r.parseElement(data)
	case parseKeyBlob(f, data):
		return true, nil
	case isCompoundFile(data):
		return r.parseOutlookMessage(data)
	case isTNEF(data):
		return true, r.parseTNEF(data)
	case isArchive(data):
		return true, r.parseArchive(data)
	case isBinaryPropertyList(data):
		return true, &UnrecognizedError{Name: f.Name, Why: whyBinaryPropertyList}
	}
	kind := derShape(data)
	if der, rest := cutLineBreaks(data); kind != shapePFX && len(rest) > 0 {
		data = der
		f.Ignored = append(f.Ignored, Ignored{Kind: say.New("line break after the end"), Offset: int64(len(der))})
	}
	if kind == shapeCertificate && isCut(data) {
		f.Format = DER
		f.Certificates = []Certificate{undecoded(say.Errorf("%v", endMissing), 0)}
		return true, nil
	}
	if kind != shapePFX && kind != shapeUnknown && isCut(data) {
		return true, &UnrecognizedError{Name: f.Name, Why: endMissing}
	}
	switch kind {
	case shapeCertificate:
		f.Format = DER
		f.Certificates = []Certificate{r.at(data, 0)}
		if len(firstElement(data)) < len(data) {
			f.Certificates = []Certificate{undecoded(errBehindDER, 0)}
		}
	case shapeCRL:
		f.Format = DER
		f.CRLs = []CRL{{Raw: data}}
	case shapeKey:
		f.Format = DER
		f.Keys = []FoundKey{{Kind: "PRIVATE KEY"}}
	case shapeRequest:
		f.Format = DER
		f.Ignored = []Ignored{{Kind: say.New("%s", "CERTIFICATE REQUEST")}}
	case shapePKCS7:
		return true, r.parseMessage(data)
	case shapePath:
		return true, r.parsePath(data)
	case shapePFX:
		return true, r.parsePFX(data)
	case shapePublicKey:
		return parseKeyDER(f, data), nil
	default:
		return false, nil
	}
	return true, nil
}

var errBehindDER = say.Errorf("more stands behind the certificate, and a file of DER holds one: put what follows it into files of its own")

// endMissing is said of DER that is shorter than its outermost length.
const endMissing say.Text = "the end of the file is missing: get it again from its source"

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

func (r *reading) parseStore(data []byte) error {
	store, err := sst.Parse(data)
	if err != nil && bytes.Count(data, []byte("\n")) == bytes.Count(data, []byte("\r\n")) {
		if _, err := sst.Parse(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))); err == nil {
			return &UnrecognizedError{Name: r.Name, Why: pkcs7.LineEndingsAdded}
		}
	}
	if err != nil {
		if whole := bytes.TrimRight(data, "\r\n"); len(whole) < len(data) {
			var behind error
			if store, behind = sst.Parse(whole); behind == nil {
				err = nil
				r.Ignored = append(r.Ignored, Ignored{Kind: say.New("line break after the end"), Offset: int64(len(whole))})
			}
		}
	}
	if errors.Is(err, sst.ErrTruncated) || errors.Is(err, sst.ErrMissingEnd) {
		return say.Errorf("%s: %w; %v", r.Name, err, endMissing)
	}
	if err != nil {
		return say.Errorf("%s: %w", r.Name, err)
	}
	r.Format, r.Store = SST, store
	for _, e := range store.Elements {
		r.addElement(e)
		if err := r.check(); err != nil {
			return err
		}
	}
	return nil
}

func (r *reading) parseElement(data []byte) error {
	e, err := sst.ParseElement(data)
	if err != nil {
		return say.Errorf("%s: %w", r.Name, err)
	}
	r.Format = SSTElement
	r.addElement(*e)
	return nil
}

// isRegistryExport reports whether text begins as regedit writes it.
func isRegistryExport(text []byte) bool {
	return bytes.HasPrefix(text, []byte("Windows Registry Editor Version 5.00")) || bytes.HasPrefix(text, []byte("REGEDIT4"))
}

// parseRegistry reads the certificate Blobs of a registry export. A Blob that is
// no element of a store stays as a certificate that could not be decoded.
func (r *reading) parseRegistry(data []byte) error {
	entries, err := sst.ParseRegistryExport(data)
	if err != nil {
		return say.Errorf("%s: %w", r.Name, err)
	}
	r.Format = RegistryFile
	for _, e := range entries {
		if e.Element == nil {
			r.Certificates = append(r.Certificates, undecoded(e.Err, e.Offset))
		} else {
			e.Element.Offset = e.Offset
			before := len(r.Certificates)
			r.addElement(*e.Element)
			for i := range r.Certificates[before:] {
				r.Certificates[before+i].Store = storeOf(e.Key)
			}
		}
		if err := r.check(); err != nil {
			return err
		}
	}
	return nil
}

// parsePFX inspects a PFX, in binary or in text. Certificates that the password
// does not open are not listed; the inspection says so.
func (r *reading) parsePFX(data []byte) error {
	report, err := r.inspectWith(r.password, data)
	if err != nil {
		return say.Errorf("%s: %w", r.Name, err)
	}
	r.Format, r.PFX = PFX, report
	r.measure(report)
	for ref, bag := range report.Bags() {
		switch {
		case bag.Certificate != nil:
			r.Certificates = append(r.Certificates, Certificate{Certificate: bag.Certificate, Bag: ref})
		case bag.CRL != nil:
			r.CRLs = append(r.CRLs, CRL{Raw: bag.CRL.Raw})
		}
	}
	r.addKeys(report)
	return nil
}

// addKeys lists the keys of a PFX.
func (r *reading) addKeys(report *pkcs12.Inspection) {
	for ref, bag := range report.Bags() {
		if bag.Kind == pkcs12.BagKey || bag.Kind == pkcs12.BagShroudedKey {
			r.Keys = append(r.Keys, FoundKey{Kind: bag.Kind.String(), Bag: ref})
		}
	}
}

// addInner lists the keys of a PFX inside a file that is there to carry it.
func (r *reading) addInner(report *pkcs12.Inspection) {
	if report == nil {
		return
	}
	before := len(r.Keys)
	r.addKeys(report)
	if len(r.Keys) == before {
		r.Keys = append(r.Keys, FoundKey{Kind: kindPFX, Bag: pkcs12.BagRef{}, Doubtful: true})
	}
}

// inspectWith inspects a PFX with a password, within what is left of the limit on
// iterations.
func (r *reading) inspectWith(password *string, data []byte) (*pkcs12.Inspection, error) {
	left := max(r.limits.Iterations-r.iterations, 1) // 0 would stand for the default
	limits := pkcs12.Limits{TotalIterations: min(left, pkcs12.DefaultTotalIterations)}
	report, err := (&pkcs12.Options{Password: password, Cache: r.cache, Limits: limits, TryKeys: true}).Inspect(r.ctx, data)
	if err == nil {
		r.iterations += report.Iterations
	}
	return report, err
}

func (r *reading) addElement(e sst.Element) {
	f := r.File
	r.lookInElement(e)
	switch e.Kind {
	case sst.Certificate:
		c := r.at(e.Raw, e.Offset)
		c.Properties = e.Properties
		f.Certificates = append(f.Certificates, c)
	case sst.CRL:
		f.CRLs = append(f.CRLs, CRL{Raw: e.Raw, Offset: e.Offset})
	default:
		f.Ignored = append(f.Ignored, Ignored{Kind: say.New("%s", e.Kind), Offset: e.Offset})
	}
}

// parseMessage reads a message of PKCS #7 that is a file of its own: certificates,
// a profile that was signed, or what an S/MIME message holds (smime.p7m).
func (r *reading) parseMessage(data []byte) error {
	f := r.File
	m, err := pkcs7.Parse(data)
	if _, ok := errors.AsType[*pkcs7.ContentTypeError](err); ok {
		f.Format = PKCS7
		return r.parsePart(data)
	}
	if err != nil {
		return say.Errorf("%s: %w", f.Name, err)
	}
	content, _ := textfile.UTF8(m.Content)
	if isProfile(content) {
		return r.parseSignedProfile(m, content)
	}
	if isBinaryPropertyList(m.Content) || isBinaryPropertyList(content) {
		return &UnrecognizedError{Name: f.Name, Why: whyBinaryPropertyListSigned}
	}
	f.Format = PKCS7
	if m.Signers > 0 {
		return r.parsePart(data)
	}
	r.addMessage(m, 0)
	return nil
}

// addPKCS7 reads a message of PKCS #7 among other things: what is signed or encrypted is
// a message of the file, and certificates alone are certificates.
func (r *reading) addPKCS7(data []byte, offset int64) error {
	m, err := pkcs7.Parse(data)
	if err == nil && m.Signers == 0 {
		r.addMessage(m, offset)
		return nil
	}
	before, certs, crls := len(r.Messages), len(r.Certificates), len(r.CRLs)
	mr := &mailReader{reading: r, number: before + 1}
	r.Messages = append(r.Messages, MailMessage{Number: before + 1})
	if err := mr.cms(data, nil, place{message: before, part: "1"}); err != nil {
		return err
	}
	for i := range r.Certificates[certs:] {
		r.Certificates[certs+i].Offset = offset
	}
	for i := range r.CRLs[crls:] {
		r.CRLs[crls+i].Offset = offset
	}
	if l := r.Messages[before].Layers; len(l) == 1 && l[0].Kind == LayerUnreadable {
		r.Messages = r.Messages[:before]
		return l[0].Err
	}
	return nil
}

// parsePart reads a part of S/MIME that is a file of its own.
func (r *reading) parsePart(data []byte) error {
	mr := &mailReader{reading: r, number: 1}
	r.Messages = []MailMessage{{Number: 1}}
	if err := mr.cms(data, nil, place{part: "1"}); err != nil {
		return err
	}
	return mr.done()
}

func (r *reading) addMessage(m *pkcs7.SignedData, offset int64) {
	f := r.File
	f.Signed = f.Signed || m.Signers > 0
	for _, c := range m.Certificates {
		f.Certificates = append(f.Certificates, Certificate{Certificate: r.cache.One(c), Offset: offset})
	}
	for _, crl := range m.CRLs {
		f.CRLs = append(f.CRLs, CRL{Raw: crl.Raw, Offset: offset})
	}
}

// What is said of data that may be anything.
const (
	whyGraph       say.Text = "it is JSON of Microsoft Graph without an object for certificates or S/MIME"
	whyComma       say.Text = "it is no valid JSON: a comma stands before a closing bracket or brace"
	whyJSON        say.Text = "it is JSON, but neither the output of Get-SmimeConfig nor an object of Microsoft Graph with a certificate"
	whyMark        say.Text = "it was saved as text: a byte order mark stands before the binary data; get it again from its source, in binary"
	whyAppleDouble say.Text = "it is what macOS notes about another file (AppleDouble)"
	whyPlainMail   say.Text = "it is a message that is neither signed nor encrypted with S/MIME"
	whyUnknown     say.Text = "want SST, PEM, DER, PKCS #7 or PFX"
)

// guess says what unrecognised data may be, so that its owner knows what to do.
func guess(data []byte) say.Text {
	data, _ = textfile.UTF8(data)
	text := bytes.TrimSpace(data[:min(len(data), 512)])
	switch {
	case len(text) == 0:
		return "it holds nothing but white space"
	case bytes.HasPrefix(data, []byte("\x00\x05\x16\x07\x00")): // RFC 1740
		return whyAppleDouble
	case bytes.HasPrefix(data, []byte{0xFE, 0xED, 0xFE, 0xED}):
		return "it is a Java key store; convert it with keytool -importkeystore to PKCS12"
	case bytes.HasPrefix(data, []byte{0xCE, 0xCE, 0xCE, 0xCE}):
		return "it is a Java key store of the kind JCEKS; convert it with keytool -importkeystore -srcstoretype JCEKS to PKCS12"
	case isBKS(data):
		return "it is a key store of Bouncy Castle (BKS or UBER); convert it to PKCS12 with keytool -importkeystore and the provider of Bouncy Castle"
	case findBCFKS(data) != noKey:
		return "it is a key store of Bouncy Castle (BCFKS); convert it to PKCS12 with keytool -importkeystore and the provider of Bouncy Castle"
	case packedWith(data) != "":
		return packedWith(data)
	case bytes.Contains(data, []byte("X509Certificate>")) && text[0] == '<':
		return "it is XML with certificates in it, such as metadata of SAML; put the base64 text of each X509Certificate into a file of its own"
	case bytes.Contains(data, []byte("schemas.microsoft.com/powershell/2004/04")) && bytes.Contains(data, []byte("X509Certificate2")):
		return "it is what Export-Clixml makes of certificates; write them with Export-Certificate -Type P7B or -Type SST"
	case bytes.Contains(data, []byte("System.Byte[]")) && bytes.Contains(data, []byte("SMIMECertificateIssuingCA")):
		return "it names the type of octets (System.Byte[]) in place of the octets; take the output of Get-SmimeConfig | ConvertTo-Json"
	case bytes.Contains(data, []byte("System.Byte[]")):
		return "it names the type of octets (System.Byte[]) in place of the octets, as Export-Csv and Out-File do; write certificates with Export-Certificate"
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return "it is a PDF document"
	case bytes.HasPrefix(bytes.ToLower(text), []byte("<!doctype html")), bytes.HasPrefix(bytes.ToLower(text), []byte("<html")):
		return "it is a web page; the download may have answered with an error page"
	case (text[0] == '{' || text[0] == '[') && bytes.Contains(data, []byte(`"@odata.type"`)) && hasTrailingComma(data):
		return whyComma
	case (text[0] == '{' || text[0] == '[') && bytes.Contains(data, []byte(`"@odata.type"`)):
		return whyGraph
	case (text[0] == '{' || text[0] == '[') && bytes.Contains(data, []byte("AdditionalProperties")) && bytes.Contains(data, []byte("System.Collections.")):
		return "ConvertTo-Json cut the objects short; give it -Depth 6"
	case bytes.Contains(data, []byte("trusted_root_certificate")) && bytes.Contains(data, []byte("resource \"")):
		return "it is a configuration of Terraform, which only names files; give what terraform show -json prints, or the certificates"
	case (text[0] == '{' || text[0] == '[') && json.Valid(data):
		return whyJSON
	case isCutSettings(data):
		return endMissing
	case isPlainMail(bytes.TrimLeft(data, "\r\n")):
		return whyPlainMail
	default:
		return whyUnknown
	}
}

// hasTrailingComma reports whether what makes a text no valid JSON is a comma behind the last
// entry of an object or a list.
func hasTrailingComma(data []byte) bool {
	var whole json.RawMessage
	fault, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(data, &whole))
	if !ok || fault.Offset < 1 || fault.Offset > int64(len(data)) {
		return false
	}
	before := bytes.TrimRight(data[:fault.Offset-1], " \t\r\n")
	return bytes.HasSuffix(before, []byte(",")) && bytes.IndexByte([]byte("}]"), data[fault.Offset-1]) >= 0
}

// isCutSettings reports whether data is output of Get-SmimeConfig, as JSON or CLIXML, that
// ends too early.
func isCutSettings(data []byte) bool {
	text, _ := textfile.UTF8(data)
	text = bytes.TrimSpace(text)
	if len(text) == 0 || !bytes.Contains(text, []byte("SMIMECertificate")) {
		return false
	}
	switch text[0] {
	case '{', '[':
		var whole json.RawMessage
		return errors.Is(json.NewDecoder(bytes.NewReader(text)).Decode(&whole), io.ErrUnexpectedEOF)
	case '<':
		d := xml.NewDecoder(bytes.NewReader(text))
		for depth := 0; ; {
			token, err := d.RawToken()
			if err != nil {
				return isXMLEnd(err) && (depth > 0 || !errors.Is(err, io.EOF))
			}
			switch token.(type) {
			case xml.StartElement:
				depth++
			case xml.EndElement:
				depth--
			}
		}
	}
	return false
}
