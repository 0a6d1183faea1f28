package describe

import (
	"encoding/hex"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
)

// Message is one mail of a file, or a part of S/MIME that is a file of its own and has
// no sender.
type Message struct {
	Number int      `json:"number"`           // in the file, from 1
	Part   string   `json:"part,omitempty"`   // where it stands inside another message
	From   []string `json:"from,omitempty"`   // addresses
	Sender []string `json:"sender,omitempty"` // addresses
	Date   string   `json:"date,omitempty"`   // as the message says: RFC 3339, UTC
	Layers []Layer  `json:"layers"`           // of S/MIME, the outermost first
}

// Layer is one wrapping of S/MIME.
type Layer struct {
	Kind       string      `json:"kind"`                 // as bundle.LayerKind is written
	Part       string      `json:"part"`                 // of the message; "1" is the message itself
	Partial    bool        `json:"partial,omitempty"`    // other parts stand beside it, which it says nothing of
	Signatures []Signature `json:"signatures,omitempty"` // of one that is signed
	Cipher     string      `json:"cipher,omitempty"`     // of one that is encrypted
	Recipients []Recipient `json:"recipients,omitempty"` // of one that is encrypted
	Error      Cause       `json:"error,omitzero"`       // of one that cannot be read
}

// Identifier says whose certificate is meant: by issuer and serial number, or by key
// identifier. All are empty where nothing says it.
type Identifier struct {
	Issuer       string `json:"issuer,omitempty"`
	SerialNumber string `json:"serial_number,omitempty"`
	KeyID        string `json:"key_id,omitempty"` // of the subject
}

// Signature is what is known of one signature. Whether its certificate is valid or
// trusted is not said.
type Signature struct {
	Identifier
	Signer    string `json:"signer,omitempty"`    // subject of the certificate, where that is in the file
	SHA256    string `json:"sha256,omitempty"`    // of that certificate
	Algorithm string `json:"algorithm,omitempty"` // of the signature
	Digest    string `json:"digest,omitempty"`    // of what is signed
	SignedAt  string `json:"signed_at,omitempty"` // as the signer says: RFC 3339, UTC

	// Content says whether it is what was signed, and Signature whether the key of the
	// certificate made it: good, wrong or not checked. Where one is not good, the next
	// field says why, and ChangedBy what changed the content, if that can be seen.
	Content      string `json:"content"`
	ContentWhy   Cause  `json:"content_why,omitzero"`
	ChangedBy    Cause  `json:"changed_by,omitzero"`
	Signature    string `json:"signature"`
	SignatureWhy Cause  `json:"signature_why,omitzero"`
}

// Recipient is one of those who can open an encrypted message.
type Recipient struct {
	Identifier
	Kind      string `json:"kind"`                // as pkcs7.RecipientKind is written
	Algorithm string `json:"algorithm,omitempty"` // by which the key is encrypted or agreed on
}

func describeMessages(messages []bundle.MailMessage) []Message {
	var list []Message
	for i := range messages {
		m := &messages[i]
		d := Message{Number: m.Number, Part: m.Part, From: m.From, Sender: m.Sender, Date: moment(m.Date), Layers: []Layer{}}
		for j := range m.Layers {
			d.Layers = append(d.Layers, describeLayer(&m.Layers[j]))
		}
		list = append(list, d)
	}
	return list
}

func describeLayer(l *bundle.Layer) Layer {
	d := Layer{Kind: l.Kind.String(), Part: l.Part, Partial: l.Partial, Error: Cause{l.Err}}
	for i := range l.Signatures {
		d.Signatures = append(d.Signatures, describeSignature(&l.Signatures[i]))
	}
	if e := l.Encrypted; e != nil {
		d.Cipher = e.CipherName()
		for i := range e.Recipients {
			r := &e.Recipients[i]
			d.Recipients = append(d.Recipients, Recipient{Identifier: identifier(r.Issuer, r.Serial, r.KeyID), Kind: r.Kind.String(), Algorithm: r.AlgorithmName()})
		}
	}
	return d
}

func describeSignature(s *bundle.Signature) Signature {
	info := s.Info
	d := Signature{
		Identifier: identifier(info.Signer.Issuer, info.Signer.Serial, info.Signer.KeyID),
		Algorithm:  info.Signature.Name, Digest: info.Digest.Name, SignedAt: moment(info.SigningTime),
		Content: s.Content.String(), ContentWhy: because(s.ContentWhy), ChangedBy: because(s.Cause),
		Signature: s.Verification.Signature.String(), SignatureWhy: because(s.SignatureWhy),
	}
	if c := s.Certificate; c != nil {
		d.Signer, d.SHA256 = c.Subject(), fingerprint(c)
	}
	return d
}

func identifier(issuer, serial, key []byte) Identifier {
	d := Identifier{SerialNumber: hex.EncodeToString(serial), KeyID: hex.EncodeToString(key)}
	if issuer != nil {
		d.Issuer = chain.NameString(issuer)
	}
	return d
}

func because(m say.Message) Cause {
	if m.IsZero() {
		return Cause{}
	}
	return Cause{say.Errorf("%s", m)}
}
