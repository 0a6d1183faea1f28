package lint

import (
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
)

// advisedCross returns the cross-certificate among the forms of a CA that one
// is advised to add, if it is valid at the time of the check.
func (p *Pass) advisedCross(forms []catalog.Entry) *catalog.Entry {
	for i, e := range forms {
		if e.Kind == catalog.Cross && e.Advice == catalog.Recommended && !p.Time.Before(e.NotBefore) && p.unfitEntry(e).IsZero() {
			return &forms[i]
		}
	}
	return nil
}

// crossOfEvery returns the advised cross-certificate of the anchor that every
// accepted path ends in; nil when some path ends in another anchor.
func (p *Pass) crossOfEvery(accepted []*chain.Path) *catalog.Entry {
	var cross *catalog.Entry
	for _, path := range accepted {
		c := p.advisedCross(p.Catalog.ByKeyID(path.Anchor().SubjectKeyID()))
		if c == nil || cross != nil && cross.SHA256 != c.SHA256 {
			return nil
		}
		cross = c
	}
	return cross
}

// holds reports whether a certificate is among those that paths may lead
// through.
func (p *Pass) holds(sha256 [32]byte) bool {
	return slices.ContainsFunc(p.candidates(), func(c *chain.Certificate) bool {
		return c.SHA256() == sha256
	})
}

// describeCross describes a cross-certificate so that it can be found.
func describeCross(e *catalog.Entry) say.Message {
	return say.New("%s cross-signed by %s: SHA-256 %X, valid until %s, %s",
		quoteName(e.Subject), quoteName(e.Issuer), e.SHA256, date(e.NotAfter), e.URL())
}
