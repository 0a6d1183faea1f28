package artefact

import (
	"crypto/rsa"

	"github.com/smimechain/smimechain/lint/say"
)

// The forms in which a public RSA key is written.
const (
	KeyBlob  say.Text = "RSAPUBLICBLOB"          // of CNG: begins with RSA1
	KeyPEM   say.Text = "PEM PUBLIC KEY"         // RFC 7468, Section 13
	KeyPKCS1 say.Text = "PEM RSA PUBLIC KEY"     // RFC 8017, Appendix A.1.1
	KeyDER   say.Text = "DER, without PEM lines" // SubjectPublicKeyInfo
)

// PublicKey is a public RSA key in a file of its own, as the certificate
// connector of Intune exports the one that passwords are encrypted with. A file
// that holds the private key too has it among the Keys of the file.
type PublicKey struct {
	Form say.Text       // empty where the file is the blob of a private key
	Bits int            // of the modulus
	Key  *rsa.PublicKey // nil where the file is the blob of a private key, or a blob whose numbers do not fit
}
