package pkcs7

import (
	"bytes"
	"context"
	"crypto"
	"errors"
	"fmt"
	"io"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/internal/ber"
)

// maxSigners is how many signatures of one message are read; those beyond have an Err.
const maxSigners = 64

// maxSameIdentifier is how many certificates with one identifier a signature is tried with.
const maxSameIdentifier = 8

// Outcome is what a check came to.
type Outcome int

const (
	Unchecked Outcome = iota // nothing can be told
	Good                     // it is right
	Wrong                    // it is not
)

// String names it.
func (o Outcome) String() string { return string(o.text()) }

func (o Outcome) text() say.Text {
	switch o {
	case Unchecked:
		return "not checked"
	case Good:
		return "good"
	case Wrong:
		return "wrong"
	default:
		return say.Text(fmt.Sprintf("Outcome(%d)", int(o)))
	}
}

// MarshalText returns what String returns.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// A Verification is what is known of one signature. Content and Signature are two
// statements: a body that was changed on the way has a good signature, over the digest
// of another body, and a signature that is damaged says nothing of the body.
type Verification struct {
	Info        *SignerInfo
	Certificate *chain.Certificate // of the signer; nil if it was not given

	// Content says whether what is there is what was signed: its digest and its type
	// are those of the signed attributes. Without these it is Unchecked where the
	// signature is not Good.
	Content    Outcome
	ContentWhy say.Message // where Content is not Good

	// Signature says whether the signature was made with the key of the certificate.
	Signature    Outcome
	SignatureWhy say.Message // where Signature is not Good
}

// Good reports whether the content is what the holder of the certificate's key signed.
func (v *Verification) Good() bool { return v.Content == Good && v.Signature == Good }

// Verify checks the signatures of a message, in their order. Of a message that is
// detached, content writes what was signed, and may be called several times; nil stands
// for what is in the message itself. Certificates of signers are looked for among certs
// and in the message. Whether they are valid, trusted or may sign is not looked at, nor
// are attributes that are not signed.
//
// The error is that of the context or of content. Verify is safe for concurrent use if
// content is.
func (m *SignedData) Verify(ctx context.Context, content func(io.Writer) error, certs []*chain.Certificate) ([]Verification, error) {
	if m.malformed {
		content = nil // there is one, and it cannot be read
	} else if content == nil && m.signed != nil {
		content = func(w io.Writer) error { _, err := w.Write(m.signed); return err }
	}
	digests := &digester{ctx: ctx, content: content, sums: map[crypto.Hash][]byte{}}
	list := make([]Verification, len(m.SignerInfos))
	for i := range m.SignerInfos {
		s, v := &m.SignerInfos[i], &list[i]
		v.Info = s
		if s.Err != nil {
			why := say.New("the signature cannot be read: %v", s.Err)
			v.ContentWhy, v.SignatureWhy = why, why
			continue
		}
		if err := m.checkContent(v, digests); err != nil {
			return nil, err
		}
		if err := m.checkSignature(v, digests, certs); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// checkContent compares what is there with the signed attributes.
func (m *SignedData) checkContent(v *Verification, d *digester) error {
	s := v.Info
	if s.attributes == nil && m.ContentType != oidData {
		v.Content, v.ContentWhy = Wrong, say.New("its type is %s, for which signed attributes have to be there", m.ContentType) // RFC 5652, Section 5.3
		return nil
	}
	if s.attributes == nil {
		return nil // the signature says it
	}
	unchecked := func(format say.Text, args ...any) { v.ContentWhy = say.New(format, args...) }
	wrong := func(format say.Text, args ...any) { v.Content, v.ContentWhy = Wrong, say.New(format, args...) }
	switch {
	case s.messageDigest == nil:
		wrong("the digest is missing among the signed attributes")
		return nil
	case s.contentType == "":
		wrong("the type of the content is missing among the signed attributes")
		return nil
	case s.contentType != m.ContentType:
		wrong("the type of the content is %s, and %s was signed", m.ContentType, s.contentType)
		return nil
	case m.malformed:
		unchecked("what was signed cannot be read: it is malformed")
		return nil
	case d.content == nil:
		unchecked("what was signed is not in the file")
		return nil
	}
	hash, ok := hashOf(s.Digest)
	if !ok {
		unchecked("the digest %s is not known here", s.Digest)
		return nil
	}
	if !m.digests[s.Digest.OID] {
		unchecked("the digest %s is not among those that the message says it has, for which some programs refuse it", s.Digest)
		return nil
	}
	sum, err := d.sum(hash)
	if err != nil {
		return err
	}
	if !bytes.Equal(sum, s.messageDigest) {
		wrong("it was changed after it was signed: its digest is another one")
		return nil
	}
	v.Content = Good
	return nil
}

func hashOf(a Algorithm) (crypto.Hash, bool) {
	d, ok := digests[a.OID]
	return d.hash, ok && d.hash.Available()
}

// checkSignature finds the certificate of the signer and checks with its key.
func (m *SignedData) checkSignature(v *Verification, d *digester, certs []*chain.Certificate) error {
	s := v.Info
	signed := s.attributes
	if signed == nil {
		switch {
		case m.malformed:
			v.ContentWhy = say.New("what was signed cannot be read: it is malformed")
			v.SignatureWhy = v.ContentWhy
		case d.content == nil:
			v.ContentWhy = say.New("what was signed is not in the file")
			v.SignatureWhy = v.ContentWhy
		default:
			var err error
			if signed, err = d.whole(); err != nil {
				return err
			}
		}
	}
	tried := map[[32]byte]bool{}
	for _, given := range [][]*chain.Certificate{certs, m.Certificates} {
		for _, c := range given {
			if len(tried) >= maxSameIdentifier || !s.Signer.Means(c) || tried[c.SHA256()] {
				continue
			}
			tried[c.SHA256()] = true
			if err := d.ctx.Err(); err != nil {
				return err
			}
			if v.Certificate == nil {
				v.Certificate = c
			}
			if signed == nil {
				continue
			}
			err := c.CheckSignature(combined(s.Signature, digests[s.Digest.OID]), signed, s.value)
			v.note(m, c, err)
			if err == nil {
				return nil
			}
		}
	}
	if len(tried) == 0 {
		v.SignatureWhy = say.New("the certificate of the signer is not in the message: the one with %s", &s.Signer)
	}
	if s.attributes == nil && v.Content != Good && v.ContentWhy.IsZero() {
		v.ContentWhy = say.New("the signature has no digest of its own")
	}
	return nil
}

// note notes what checking the signature with the key of a certificate gave.
func (v *Verification) note(m *SignedData, c *chain.Certificate, err error) {
	s := v.Info
	switch {
	case errors.Is(err, chain.ErrUnsupportedAlgorithm):
		if v.Signature == Unchecked {
			v.Certificate, v.SignatureWhy = c, say.New("%v", err)
		}
	case err != nil:
		v.Certificate, v.Signature, v.SignatureWhy = c, Wrong, say.New("it was not made with the key of the certificate, or it is damaged")
		if s.attributes == nil {
			v.SignatureWhy = say.New("the text was changed after it was signed, or the signature is damaged")
		}
	default:
		v.Certificate, v.Signature, v.SignatureWhy = c, Good, say.Message{}
		switch {
		case s.attributes != nil || v.Content != Unchecked:
		case !m.digests[s.Digest.OID] && s.Signature.OID != oidEd25519:
			v.ContentWhy = say.New("the digest %s is not among those that the message says it has, for which some programs refuse it", s.Digest)
		default:
			v.Content, v.ContentWhy = Good, say.Message{}
		}
	}
}

// digester hashes the content, once for each hash.
type digester struct {
	ctx     context.Context
	content func(io.Writer) error
	sums    map[crypto.Hash][]byte
	all     []byte
}

func (d *digester) sum(h crypto.Hash) ([]byte, error) {
	if sum := d.sums[h]; sum != nil {
		return sum, nil
	}
	w := h.New()
	if err := d.content(untilDone{d.ctx, w}); err != nil {
		return nil, err
	}
	d.sums[h] = w.Sum(nil)
	return d.sums[h], nil
}

// whole returns the content in one piece.
func (d *digester) whole() ([]byte, error) {
	if d.all == nil {
		var b bytes.Buffer
		if err := d.content(untilDone{d.ctx, &b}); err != nil {
			return nil, err
		}
		d.all = append([]byte{}, b.Bytes()...)
	}
	return d.all, nil
}

// untilDone writes as long as the context lasts, a piece at a time.
type untilDone struct {
	ctx context.Context
	w   io.Writer
}

func (u untilDone) Write(b []byte) (int, error) {
	const piece = 1 << 20
	n := 0
	for {
		if err := u.ctx.Err(); err != nil {
			return n, err
		}
		m, err := u.w.Write(b[:min(len(b), piece)])
		n += m
		if b = b[m:]; err != nil || len(b) == 0 {
			return n, err
		}
	}
}

// parseSigners reads the signatures. One that is malformed takes nothing from the
// certificates.
func (m *SignedData) parseSigners(signed *ber.Reader) error {
	signers, err := signed.Inside(ber.Universal, ber.Set)
	if err != nil {
		return err
	}
	for ; !signers.Empty(); m.Signers++ {
		e, err := signers.Expect(ber.Universal, ber.Sequence)
		if err != nil {
			return err
		}
		var s SignerInfo
		switch {
		case m.Signers > maxSigners:
			continue
		case m.Signers == maxSigners:
			s.Err = say.Errorf("more than %d signatures", maxSigners)
		default:
			s.Err = s.parse(e)
		}
		m.SignerInfos = append(m.SignerInfos, s)
	}
	return nil
}

// With checks the signature with a certificate that was not given before, and returns
// what is known then. Where there are no signed attributes, nothing is added: the text
// would be needed again.
func (v *Verification) With(c *chain.Certificate) Verification {
	again, s := *v, v.Info
	if s.Err != nil || s.attributes == nil || !s.Signer.Means(c) {
		return again
	}
	again.Certificate = c
	switch err := c.CheckSignature(combined(s.Signature, digests[s.Digest.OID]), s.attributes, s.value); {
	case err == nil:
		again.Signature, again.SignatureWhy = Good, say.Message{}
	case errors.Is(err, chain.ErrUnsupportedAlgorithm):
		again.SignatureWhy = say.New("%v", err)
	default:
		again.Signature, again.SignatureWhy = Wrong, say.New("it was not made with the key of the certificate, or it is damaged")
	}
	return again
}
