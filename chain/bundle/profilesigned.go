package bundle

import (
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// parseSignedProfile reads a profile that is the content of a signed message, given in
// UTF-8 too, and checks the signatures with the certificates of the message. Whether these
// are valid and trusted is not looked at.
func (r *reading) parseSignedProfile(m *pkcs7.SignedData, text []byte) error {
	if err := r.parseProfile(text, true); err != nil {
		return err
	}
	list, err := m.Verify(r.ctx, nil, nil)
	if err != nil {
		return say.Errorf("%s: %w", r.Name, err)
	}
	p := r.Profile
	if len(list) == 0 {
		p.Unchecked = say.New("the message around the profile holds none")
	}
	for i := range list {
		v := &list[i]
		switch {
		case v.Content == pkcs7.Wrong:
			p.Altered = v.ContentWhy
		case v.Signature == pkcs7.Wrong:
			p.Altered = v.SignatureWhy
		case v.Content != pkcs7.Good && !v.ContentWhy.IsZero():
			p.Unchecked = v.ContentWhy
		case !v.Good():
			p.Unchecked = v.SignatureWhy
		}
	}
	if !p.Altered.IsZero() {
		p.Unchecked = say.Message{}
	}
	return nil
}
