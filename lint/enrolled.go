package lint

import (
	"cmp"
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/lint/say"
)

// protocols are the names of the ways by which a device gets an identity from a CA, by the
// type of the payload.
var protocols = map[string]string{"com.apple.security.scep": "SCEP", "com.apple.security.acme": "ACME"}

// enrolled returns, for the accounts of profiles whose identity the device gets from a CA by
// itself, the certificates that were issued, where the call has them, and says which it has
// not: what was not seen cannot be judged.
func (p *Pass) enrolled() (issued []delivery, missing []say.Message) {
	told := map[int]bool{}
	for _, f := range p.Collection.Files {
		if f.Profile == nil {
			continue
		}
		clear(told)
		for i := range f.Profile.Payloads {
			account := &f.Profile.Payloads[i]
			if !account.Account {
				continue
			}
			for _, use := range []struct {
				uuid  string
				usage chain.Usage
			}{{account.Signing, chain.Sign}, {account.Encryption, chain.Encrypt}} {
				pl := identity(f, use.uuid)
				if use.uuid == "" || pl == nil || pl.Type == payloadPKCS12 {
					continue
				}
				at := slices.IndexFunc(f.Profile.Payloads, func(o artefact.Payload) bool { return o.UUID == pl.UUID && o.Type == pl.Type })
				if d := p.issuedTo(account, use.usage); d.leaf != nil {
					if !slices.ContainsFunc(issued, func(o delivery) bool { return o.leaf == d.leaf }) {
						issued = append(issued, d)
					}
				} else if !told[at] {
					told[at] = true
					missing = append(missing, say.New("the identity of payload %d comes to the device by %s and was not seen: give the certificate that was issued", at, cmp.Or(protocols[pl.Type], pl.Type)))
				}
			}
		}
	}
	return issued, missing
}

// issuedTo returns a certificate of the call that is for the address of an account and for a
// usage, with those of its file; none where there is none.
func (p *Pass) issuedTo(account *artefact.Payload, u chain.Usage) delivery {
	for _, f := range p.Collection.call {
		for i := range f.Certificates {
			c := &f.Certificates[i]
			if c.Raw == nil || c.Err() != nil || c.IsCA() || !c.Allows(u) {
				continue
			}
			if account.Email != "" && containsFold(c.Emails(), account.Email) {
				return delivery{c.Certificate, supporting([]*bundle.File{f})}
			}
		}
	}
	return delivery{}
}
