package bundle

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"strings"

	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

var (
	pemBegin = []byte("-----BEGIN ")
	pemDash  = []byte("-----")
)

// errPEM says why a block is kept without its content. It never quotes the
// content: the block may hold a key.
var (
	errPEMEnd    = say.Errorf("PEM block has no matching END line")
	errPEMBase64 = say.Errorf("PEM block is not valid base64")
	errPEMLabel  = say.Errorf("the label of the PEM block is not that of a certificate, -----BEGIN CERTIFICATE-----")
)

func isPEM(text []byte) bool { return bytes.Contains(text, pemBegin) }

// pfxInPEM returns the one block of text, with its lines, if it is a PFX, and
// nil otherwise.
func pfxInPEM(text []byte) []byte {
	i := bytes.Index(text, pemBegin)
	if i < 0 || bytes.Contains(text[i+1:], pemBegin) || !pkcs12.Detect(text[i:]) {
		return nil
	}
	return text[i:]
}

// parsePEM reads the blocks of text, and looks for certificates between them.
func (r *reading) parsePEM(text []byte) error {
	r.Format = PEM
	return r.parseBlocks(text, func(from, to int) error { return r.between(text, from, to) })
}

// parseBlocks reads the blocks of text and keeps those it cannot decode, and calls
// between with each part of text that is in none. It finds the blocks itself because
// encoding/pem steps over damaged ones in silence.
func (r *reading) parseBlocks(text []byte, between func(from, to int) error) error {
	read := 0 // up to where text belongs to blocks
	for at := 0; ; {
		i := bytes.Index(text[at:], pemBegin)
		if i < 0 {
			break
		}
		start := at + i
		at = start + len(pemBegin)
		label, ok := pemLabel(text[at:])
		if !ok {
			continue
		}
		if err := r.check(); err != nil {
			return err
		}
		if err := between(read, start); err != nil {
			return err
		}
		read = start
		told := isCertificateLabel(label) || isMessageLabel(label) // as a certificate, also where it is damaged
		end := []byte("-----END " + label + "-----")
		body := text[start:]
		if next := bytes.Index(text[at:], pemBegin); next >= 0 {
			body = text[start : at+next]
		}
		j := bytes.Index(body, end)
		if j < 0 {
			r.addBlock(label, nil, errPEMEnd, int64(start))
			if told {
				read = start + len(body)
			}
			continue
		}
		body = body[:j+len(end)]
		at = start + len(body)
		der, err := decodeBlock(body)
		if told || err == nil {
			read = at
		}
		r.addBlock(label, der, err, int64(start))
	}
	return between(read, len(text))
}

// pemLabel returns the label that starts at text, up to the closing dashes.
func pemLabel(text []byte) (string, bool) {
	const longest = 64 // octets; RFC 7468 labels are far shorter
	i := bytes.Index(text[:min(len(text), longest)], pemDash)
	if i < 0 {
		return "", false
	}
	for _, b := range text[:i] {
		if b < ' ' || b > '~' {
			return "", false
		}
	}
	return string(text[:i]), true
}

// decodeBlock decodes one block. White space before a line, which mail programs
// and YAML files add, and the mark of quoted text are no part of the format and are
// taken away first. A block on one line, or with the line ends of JSON, is read too.
func decodeBlock(block []byte) ([]byte, error) {
	clean := make([]byte, 0, len(block)+1)
	for line := range bytes.SplitSeq(block, []byte("\n")) {
		for part := range bytes.SplitSeq(bytes.TrimSuffix(line, []byte("\r")), []byte("\r")) {
			if part = bytes.TrimSpace(bytes.TrimLeft(part, "> \t")); len(part) > 0 || !bytes.HasSuffix(clean, []byte("\n\n")) {
				clean = append(append(clean, part...), '\n')
			}
		}
	}
	decoded, _ := pem.Decode(clean)
	if decoded == nil {
		return decodeOneLine(clean)
	}
	return decoded.Bytes, nil
}

// decodeOneLine decodes a block without line ends, or with those of JSON and of
// environment variables.
func decodeOneLine(block []byte) ([]byte, error) {
	start := bytes.Index(block[len(pemBegin):], pemDash)
	end := bytes.LastIndex(block, []byte("-----END "))
	if start < 0 || start+len(pemBegin)+len(pemDash) > end {
		return nil, errPEMBase64
	}
	body := block[start+len(pemBegin)+len(pemDash) : end]
	for _, lineEnd := range []string{`\r`, `\n`} {
		body = bytes.ReplaceAll(body, []byte(lineEnd), nil)
	}
	der, err := base64.StdEncoding.AppendDecode(nil, withoutBlanks(body))
	if err != nil || len(der) == 0 {
		return nil, errPEMBase64
	}
	return der, nil
}

// addBlock files one block under what its label says (RFC 7468, section 4 to
// 13, and the older labels of OpenSSL).
func (r *reading) addBlock(label string, der []byte, err error, offset int64) {
	f := r.File
	switch {
	case isCertificateLabel(label):
		if err != nil {
			f.Certificates = append(f.Certificates, undecoded(err, offset))
			return
		}
		if derShape(der) == shapePKCS7 && r.addPKCS7(der, offset) == nil {
			return
		}
		f.Certificates = append(f.Certificates, r.at(ofLabel(label, der), offset))
	case label == "PGP PRIVATE KEY BLOCK":
		// It is no PEM, and findLabel tells a key from what only knows the words.
	case strings.HasSuffix(label, "PRIVATE KEY"):
		// Even a damaged key block is a key that does not belong here.
		f.Keys = append(f.Keys, FoundKey{Kind: label, Offset: offset})
	case isMessageLabel(label):
		if err == nil {
			err = r.addPKCS7(der, offset)
		}
		if err != nil {
			f.Certificates = append(f.Certificates, undecoded(err, offset))
		}
	case err != nil:
		f.Ignored = append(f.Ignored, Ignored{Kind: say.New("damaged %s", label), Offset: offset})
	case label == "X509 CRL":
		f.CRLs = append(f.CRLs, CRL{Raw: der, Offset: offset})
	case derShape(der) == shapeCertificate:
		f.Certificates = append(f.Certificates, undecoded(errPEMLabel, offset))
	default:
		f.Ignored = append(f.Ignored, Ignored{Kind: say.New("%s", label), Offset: offset})
	}
}

// isCertificateLabel reports whether PEM with the label holds a certificate. certutil
// -encode gives any file such a label.
func isCertificateLabel(label string) bool {
	return label == "CERTIFICATE" || label == "X509 CERTIFICATE" || label == labelTrusted
}

// isMessageLabel reports whether PEM with the label holds PKCS #7, and in it certificates.
func isMessageLabel(label string) bool {
	return label == "PKCS7" || label == "PKCS #7 SIGNED DATA" || label == "CMS"
}

// labelTrusted is that of OpenSSL for a certificate with settings behind it.
const labelTrusted = "TRUSTED CERTIFICATE"

// ofLabel returns the certificate in a block of a certificate.
func ofLabel(label string, der []byte) []byte {
	if label == labelTrusted {
		return firstElement(der)
	}
	return der
}

// firstElement drops the trust settings that OpenSSL appends to the certificate
// in a TRUSTED CERTIFICATE block.
func firstElement(der []byte) []byte {
	s := cryptobyte.String(der)
	var element cryptobyte.String
	if !s.ReadASN1Element(&element, asn1.SEQUENCE) {
		return der
	}
	return element
}
