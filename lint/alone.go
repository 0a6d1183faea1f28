package lint

import (
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
)

// What rules that otherwise look at a collection, a target or the catalogue say of one
// certificate by itself, for [Registry]: what holds for some target whatever else is
// rolled out. What the catalogue knows counts where a signature shows it.

// foundCRL says that the certificate of a user names no revocation list on the internet.
func foundCRL(c *chain.Certificate) *say.Message {
	switch n := len(c.CRLDistributionPoints()); {
	case hasPublic(c.CRLDistributionPoints()):
		return nil
	case n == 0:
		return wrong("names no revocation list")
	case hasBlank(c.CRLDistributionPoints()):
		return wrong("the address of its revocation list is malformed: a blank stands before or after it")
	default:
		return wrong("names %s, none of them on the internet and of the kind http", say.Count(n, "1 address of a revocation list", "%d addresses of revocation lists"))
	}
}

// oddKey says what a key is, if it is none that every program takes and that has the size
// of such a key: of smaller ones, e_key_size speaks. Each is refused by some target.
func oddKey(k chain.PublicKey) *say.Message {
	switch {
	case k.Algorithm == "RSA" || slices.Contains([]string{"P-256", "P-384", "P-521"}, k.Curve):
		return nil
	case k.Algorithm != "EC":
		return wrong("has a key of the algorithm %s", k.Algorithm)
	case k.Bits == 0 || k.Bits >= 256:
		return wrong("has a key on the curve %s", k.Curve)
	}
	return nil
}

// underRoots returns a check of the certificate of a user that counts only where it leads
// to a root of the kind, and, if all is set, to no other.
func underRoots(all bool, is func(catalog.Entry) bool, find func(*chain.Certificate) *say.Message) *certificateCheck {
	return &certificateCheck{
		applies: isUser,
		find: func(c *chain.Certificate) *say.Message {
			m := find(c) // first: it takes far less time
			if m == nil {
				return nil
			}
			roots := rootsOf(c)
			if !slices.ContainsFunc(roots, is) || all && slices.ContainsFunc(roots, func(e catalog.Entry) bool { return !is(e) }) {
				return nil
			}
			return m
		},
	}
}

// underAppleRoot is underRoots for what Apple asks of certificates from 2022-04-01 on.
func underAppleRoot(find func(*chain.Certificate) *say.Message) *certificateCheck {
	check := underRoots(false, func(e catalog.Entry) bool { return e.Apple.Trust == catalog.Yes }, find)
	check.applies = func(c *chain.Certificate) bool { return isUser(c) && !c.NotBefore().Before(appleSANOnly) }
	return check
}

// deadEndOf is what there is to look up of the issuer of a certificate.
func deadEndOf(c *chain.Certificate) chain.DeadEnd {
	return chain.DeadEnd{
		Certificate: c, Way: []*chain.Certificate{c}, Kind: chain.IssuerMissing,
		Issuer: c.Issuer(), RawIssuer: c.RawIssuer(), KeyID: c.AuthorityKeyID(), AIA: c.AIA(),
	}
}

// rootsOf returns the roots that a certificate is known to lead to: its signature verifies
// under the key of a CA of the default catalogue.
func rootsOf(c *chain.Certificate) []catalog.Entry {
	if c.SelfIssued() {
		return nil
	}
	var roots []catalog.Entry
	for _, w := range catalog.Default().Ways(deadEndOf(c), nil) {
		if w.Complete && w.Proof == catalog.Verified {
			roots = append(roots, w.Anchor())
		}
	}
	return roots
}

// knownRevoked says that the certificate of a CA is known to be revoked, or that each form
// of the issuer is that is known by its signature.
func knownRevoked(c *chain.Certificate) *say.Message {
	return ofKnown(c, func(e catalog.Entry, own bool) *say.Message {
		if e.Revoked == nil {
			return nil
		}
		m := revokedCA(e, own)
		return &m
	})
}

// ofKnown says what is found of a CA that is known, or of its issuer, if it is found of
// each form of it that is known by its signature.
func ofKnown(c *chain.Certificate, find func(e catalog.Entry, own bool) *say.Message) *say.Message {
	if e, ok := catalog.Default().ByFingerprint(c.SHA256()); ok {
		if m := find(e, true); m != nil {
			return m
		}
	}
	lacks := func(e catalog.Entry) bool { return find(e, false) == nil }
	if named := catalog.Default().ByName(c.RawIssuer()); c.SelfIssued() || !slices.ContainsFunc(named, func(e catalog.Entry) bool { return !lacks(e) }) {
		return nil
	}
	forms, proof := catalog.Default().Signer(deadEndOf(c))
	if proof != catalog.Verified || slices.ContainsFunc(forms, lacks) {
		return nil
	}
	return find(forms[0], false)
}

// revokedCA says when a CA was revoked: the certificate itself, or its issuer.
func revokedCA(e catalog.Entry, own bool) say.Message {
	r := e.Revoked
	text := say.New("its issuer %s was revoked on %s (%s)", quoteName(e.Subject), date(r.Date), r.Source)
	if own {
		text = say.New("was revoked on %s (%s)", date(r.Date), r.Source)
	}
	if r.Reason != "" {
		text = say.Join(text, say.New("%s", say.Text(r.Reason)))
	}
	return text
}
