package pkcs12

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"strings"

	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/internal/ber"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// Hint says what an input that is not a PFX seems to be, in the words of String. The
// zero value is none of what is recognised.
type Hint int

// What is recognised.
const (
	foundUnknown     Hint = iota // none of those below
	foundEmpty                   // no octets
	foundCertificate             // an X.509 certificate
	foundPKCS7                   // a PKCS #7 message
	foundPrivateKey              // a private key in DER
	foundPEM                     // PEM text
	foundKeyStore                // a Java key store of type JKS or JCEKS
	foundSST                     // a serialized certificate store
	foundText                    // other text
	foundReencoded               // a binary file that was written in UTF-8 or UTF-16
)

// String returns the word for it that reports and JSON use.
func (f Hint) String() string {
	return enumName(int(f), "Found", "unknown data", "an empty file", "a certificate without a private key",
		"a PKCS #7 message (.p7b)", "a private key", "PEM text", "a Java key store (JKS)",
		"a serialized certificate store (.sst)", "text", "a binary file that was written as text")
}

// MarshalText returns what String returns.
func (f Hint) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// Detect reports whether data looks like a PFX, in binary, PEM or base64, by
// its first elements.
func Detect(data []byte) bool {
	body, _ := unwrap(data)
	return body != nil
}

func looksLikePFX(b []byte) bool { return notPFX(b) == nil }

// notPFX returns nil if b starts with a SEQUENCE that has an INTEGER and a
// SEQUENCE inside that starts with the object identifier of a content type, and
// what is missing otherwise. A PKCS #1 or PKCS #8 key has more integers, or a key
// algorithm, there.
func notPFX(b []byte) error {
	var form ber.Form
	r, err := ber.NewClipping(b, &form).Sequence()
	if err != nil {
		return err
	}
	version, err := r.Expect(ber.Universal, ber.Integer)
	if err != nil {
		return err
	}
	if len(version.Content) > 4 {
		return &ber.Error{Offset: version.Offset, Problem: say.New("the version is not a small number")}
	}
	content, err := r.Sequence()
	if err != nil {
		return err
	}
	oid, err := content.OID()
	if err != nil {
		return err
	}
	if !strings.HasPrefix(oid, "1.2.840.113549.1.7.") {
		return say.Errorf("the content is not of a type of PKCS #7")
	}
	return nil
}

// formatError says what data is, or, where nobody knows, what is missing for a
// PFX.
func formatError(data []byte) error {
	e := &FormatError{Hint: sniff(data)}
	if e.Hint == foundUnknown {
		e.Err = notPFX(data)
		var syntax *ber.Error
		if errors.As(e.Err, &syntax) {
			e.Offset = int64(syntax.Offset)
		}
	}
	return e
}

// unwrap returns the binary PFX in data, nil if there is none.
func unwrap(data []byte) ([]byte, pkcs7.Armor) {
	if looksLikePFX(data) {
		return data, pkcs7.Binary
	}
	text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	if bytes.HasPrefix(text, []byte("-----BEGIN ")) {
		for {
			block, rest := pem.Decode(text)
			if block == nil {
				return nil, pkcs7.PEM
			}
			if looksLikePFX(block.Bytes) {
				return block.Bytes, pkcs7.PEM
			}
			text = rest
		}
	}
	if !bytes.HasPrefix(text, []byte("MI")) {
		return nil, pkcs7.Binary
	}
	compact := bytes.Join(bytes.Fields(withPlus(text)), nil)
	body := make([]byte, len(compact))
	n, err := unpadded(body, compact)
	if err != nil || !looksLikePFX(body[:n]) {
		return nil, pkcs7.Base64
	}
	return body[:n], pkcs7.Base64
}

// withPlus puts the plus signs back into base64 that went through a form of a web page,
// which reads + as a blank: text with blanks and without a single plus, so long that chance
// does not explain it (1 of 64 characters is one), whose blanks stand between characters.
func withPlus(text []byte) []byte {
	const least = 1024
	if len(text) < least || bytes.IndexByte(text, '+') >= 0 || bytes.IndexByte(text, ' ') < 0 {
		return text
	}
	lines := bytes.Split(text, []byte("\n"))
	for i, line := range lines {
		lines[i] = bytes.ReplaceAll(bytes.TrimRight(line, "\r"), []byte(" "), []byte("+"))
	}
	restored := bytes.Join(lines, []byte("\n"))
	// Blanks at regular places, or before every line, are layout.
	if n := len(bytes.ReplaceAll(restored, []byte("\n"), nil)); n%4 != 0 {
		return text
	}
	return restored
}

// unpadded decodes base64 that may have lost its padding, or its end with it: of the last
// group what is whole.
func unpadded(to, text []byte) (int, error) {
	text = bytes.TrimRight(text, "=")
	if len(text)%4 == 1 {
		text = text[:len(text)-1]
	}
	return base64.RawStdEncoding.Decode(to, text)
}

// sniff names what is not a PFX.
func sniff(b []byte) Hint {
	switch {
	case len(b) == 0:
		return foundEmpty
	case bytes.HasPrefix(b, []byte("\xfe\xed\xfe\xed")), bytes.HasPrefix(b, []byte("\xce\xce\xce\xce")):
		return foundKeyStore
	case bytes.HasPrefix(b, []byte("\x00\x00\x00\x00CERT")):
		return foundSST
	case bytes.HasPrefix(bytes.TrimSpace(b), []byte("-----BEGIN ")):
		return foundPEM
	}
	if r, err := ber.NewClipping(b, nil).Sequence(); err == nil {
		switch e, _ := r.Next(); { // one that cannot be read is nothing of these
		case e.Is(ber.Universal, ber.ObjectIdentifier):
			return foundPKCS7
		case e.Is(ber.Universal, ber.Integer):
			return foundPrivateKey
		case e.Is(ber.Universal, ber.Sequence):
			// TBSCertificate or, in an encrypted key, an algorithm.
			if in, err := e.Inside(); err == nil {
				if _, ok, _ := in.Optional(ber.Universal, ber.ObjectIdentifier); ok {
					return foundPrivateKey
				}
			}
			return foundCertificate
		}
	}
	for _, c := range b[:min(len(b), 512)] {
		if c < ' ' && c != '\t' && c != '\r' && c != '\n' {
			return foundUnknown
		}
	}
	return foundText
}
