package pkcs7

import (
	"bytes"
	"encoding/pem"
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/internal/ber"
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// New returns a message that carries certs and nothing else. None may be nil.
// Certificates given twice are kept twice.
func New(certs ...*chain.Certificate) *SignedData {
	return &SignedData{ContentType: oidData, Certificates: slices.Clone(certs)}
}

// Marshal returns a certificates-only message (RFC 5652, Section 5.2) in DER,
// with the certificates and CRLs of m. A SET OF in DER has an order of its own
// (X.690, clause 11.6), so the result does not depend on the order in m. What
// else m holds, such as the signatures of a message that was parsed, is left
// out. An error says that the Raw of an entry is not one ASN.1 SEQUENCE.
func (m *SignedData) Marshal() ([]byte, error) {
	for i, c := range m.Certificates {
		if err := checkSequence(c.Raw); err != nil {
			return nil, say.Errorf("pkcs7: certificate %d: %w", i, err)
		}
	}
	for i, c := range m.CRLs {
		if err := checkSequence(c.Raw); err != nil {
			return nil, say.Errorf("pkcs7: CRL %d: %w", i, err)
		}
	}
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier([]int{1, 2, 840, 113549, 1, 7, 2})
		b.AddASN1(asn1.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
			b.AddASN1(asn1.SEQUENCE, m.marshalSignedData)
		})
	})
	out, err := b.Bytes()
	if err != nil {
		return nil, say.Errorf("pkcs7: %w", err)
	}
	return out, nil
}

func (m *SignedData) marshalSignedData(b *cryptobyte.Builder) {
	b.AddASN1Int64(1)
	b.AddASN1(asn1.SET, func(*cryptobyte.Builder) {})
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier([]int{1, 2, 840, 113549, 1, 7, 1})
	})
	var certs, crls [][]byte
	for _, c := range m.Certificates {
		certs = append(certs, c.Raw)
	}
	for _, c := range m.CRLs {
		crls = append(crls, c.Raw)
	}
	addSet(b, 0, certs)
	addSet(b, 1, crls)
	b.AddASN1(asn1.SET, func(*cryptobyte.Builder) {})
}

// addSet adds a SET OF with an implicit tag, or nothing when it has no members.
func addSet(b *cryptobyte.Builder, tag uint8, members [][]byte) {
	if len(members) == 0 {
		return
	}
	slices.SortFunc(members, bytes.Compare)
	b.AddASN1(asn1.Tag(tag).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
		for _, m := range members {
			b.AddBytes(m)
		}
	})
}

// MarshalPEM returns what Marshal returns as a PEM block of type PKCS7, the
// label that OpenSSL, Java and Windows read.
func (m *SignedData) MarshalPEM() ([]byte, error) {
	der, err := m.Marshal()
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PKCS7", Bytes: der}), nil
}

func checkSequence(raw []byte) error {
	r := ber.New(raw, nil)
	if _, err := r.Expect(ber.Universal, ber.Sequence); err != nil {
		return err
	}
	return r.End()
}
