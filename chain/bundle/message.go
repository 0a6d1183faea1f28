package bundle

import (
	"fmt"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// MailMessage is one mail of a file, or a part of S/MIME that is a file of its own and has
// no sender.
type MailMessage struct {
	Number int    // in the file, from 1; those inside others and those without S/MIME count
	Part   string // where it stands inside another message, such as "1.2"; empty for one that is not inside another

	From   []string  // addresses of the authors, in the order of the field; of all fields, where there are several
	Sender []string  // of who sent it for them, where that is said
	Date   time.Time // as it says itself; zero where it does not

	Layers []Layer // of S/MIME, the outermost first
}

// LayerKind is what a layer of S/MIME does.
type LayerKind int

const (
	LayerSigned       LayerKind = iota + 1 // SignedData with signatures
	layerCertificates                      // SignedData without any
	LayerEncrypted                         // EnvelopedData and its kin
	layerCompressed                        // CompressedData
	LayerUnreadable                        // something of S/MIME that cannot be read
)

// String names it.
func (k LayerKind) String() string { return string(k.text()) }

func (k LayerKind) text() say.Text {
	switch k {
	case LayerSigned:
		return "signed"
	case layerCertificates:
		return "certificates only"
	case LayerEncrypted:
		return "encrypted"
	case layerCompressed:
		return "compressed"
	case LayerUnreadable:
		return "unreadable"
	default:
		return say.Text(fmt.Sprintf("LayerKind(%d)", int(k)))
	}
}

// MarshalText returns what String returns.
func (k LayerKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Layer is one wrapping of S/MIME around a message, or around a part of it.
type Layer struct {
	Kind       LayerKind
	Part       string // of the message; "1" is the message itself
	Partial    bool   // other parts stand beside it, which it says nothing of
	Detached   bool   // what is signed stands beside the signature
	Signatures []Signature
	Encrypted  *pkcs7.Encrypted // of LayerEncrypted
	Err        error            // of LayerUnreadable
}

// Signature is what is known of one signature of a message.
type Signature struct {
	pkcs7.Verification // whose Certificate, if there is one, is among File.Certificates

	// Cause is by what the text was changed on its way, where the file shows it: what
	// was signed is found when that is undone.
	Cause say.Message
}

// Messages with a signature or under encryption are judged as messages; one that only
// carries certificates is as good as a list of them.

// IsMessage reports whether the file is mail, or a part of it, that is signed or
// encrypted.
func (f *File) IsMessage() bool {
	if f.Signed {
		return true
	}
	for i := range f.Messages {
		for _, l := range f.Messages[i].Layers {
			if l.Kind == LayerEncrypted {
				return true
			}
		}
	}
	return false
}

// Signers returns the certificates in the file that belong to signatures of messages
// that are not inside others, those of the outermost layer that is signed, each once.
func (f *File) Signers() []*chain.Certificate {
	var list []*chain.Certificate
	seen := map[[32]byte]bool{}
	for i := range f.Messages {
		m := &f.Messages[i]
		if m.Part != "" {
			continue
		}
		for _, s := range m.Outermost() {
			if s.Certificate != nil && !seen[s.Certificate.SHA256()] {
				seen[s.Certificate.SHA256()] = true
				list = append(list, s.Certificate)
			}
		}
	}
	return list
}

// Outermost returns the signatures of the outermost layer that is signed.
func (m *MailMessage) Outermost() []Signature {
	for i := range m.Layers {
		if m.Layers[i].Kind == LayerSigned {
			return m.Layers[i].Signatures
		}
	}
	return nil
}

// Encrypted returns what is known of the encryption, nil where none is seen.
func (m *MailMessage) Encrypted() *pkcs7.Encrypted {
	for i := range m.Layers {
		if m.Layers[i].Kind == LayerEncrypted {
			return m.Layers[i].Encrypted
		}
	}
	return nil
}
