package lint_test

import (
	"bytes"
	"crypto/rsa"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint"
)

// A second opinion on needs and verdicts, written from the design and from what makers
// publish of their programs.

// trait is what there is to know about a target, as far as roll-outs are generated for it.
type trait struct {
	store            bool // it anchors in the tenant's store, else in what is rolled out
	proxies          bool // other addresses of the mailbox count, where the tenant's setting says so
	anyAddress       bool // they count
	digitalSignature bool // nonRepudiation alone does not sign
	ios              bool // a PFX with AES opens from iOS 18 on alone
	noPFX            bool // it is given none
	noAny            bool // a usage for anything does not stand for mail, or may not
	anyKeyID         bool // an issuer with another key identifier than the one that is named is known to be one
}

var traits = map[lint.Target]trait{
	lint.ExchangeOnline: {store: true, proxies: true, noPFX: true},
	lint.OutlookIOS:     {store: true, ios: true},
	lint.OutlookAndroid: {store: true},
	lint.AppleMail:      {digitalSignature: true, ios: true, noAny: true},
	lint.Intune:         {anyAddress: true},
	lint.Windows:        {anyAddress: true, anyKeyID: true},
	lint.Thunderbird:    {anyAddress: true, noAny: true, anyKeyID: true},
}

// pool returns what paths may lead through, and what they may end in.
func (ro *rollOut) pool(o *opinion) (all, anchors []*signer) {
	g := &ro.given
	all = slices.Concat(g.inner, g.store, g.with, g.roots)
	from := all
	if len(g.store) > 0 {
		from = g.store
	}
	for _, c := range from {
		if o.of(c).selfSigned() {
			anchors = append(anchors, c)
		}
	}
	return all, anchors
}

// trusted returns the anchors that make a path trusted.
func (ro *rollOut) trusted(anchors []*signer) []*signer {
	if len(ro.given.store) > 0 {
		return anchors
	}
	return ro.given.roots
}

// endsIn reports whether a path ends in one of some anchors.
func endsIn(path []*signer, anchors []*signer) bool {
	last := path[len(path)-1]
	return slices.ContainsFunc(anchors, func(a *signer) bool { return slices.Equal(a.Raw, last.Raw) })
}

// written reports whether the names on a path are the same in their octets, which of no
// target is known not to be asked for, and the key identifiers too unless any is taken.
func (o *opinion) written(path []*signer, anyKeyID bool) bool {
	for i, s := range path[:len(path)-1] {
		c, issuer := o.of(s), o.of(path[i+1])
		if !bytes.Equal(c.TBS.Issuer.FullBytes, issuer.TBS.Subject.FullBytes) {
			return false
		}
		if id := c.keyIDOfIssuer(); !anyKeyID && id != nil && issuer.keyID() != nil && !bytes.Equal(id, issuer.keyID()) {
			return false
		}
	}
	return true
}

// belief is what the second opinion holds of each need: true that it is given, false
// that nothing shows it. What is not in it, it has no opinion of.
type belief map[lint.Need]bool

// needs says what holds for a target.
func (o *opinion) needs(ro *rollOut, target lint.Target, paths [][]*signer, anchors []*signer) belief {
	g, t, leaf := &ro.given, traits[target], o.of(ro.leaf)
	b := belief{}
	good := func(ends []*signer, worst standing) bool {
		return slices.ContainsFunc(paths, func(p []*signer) bool {
			return endsIn(p, ends) && o.accepts(p, today) && o.worst(g.lists, p) <= worst &&
				!(t.noAny && slices.ContainsFunc(p, func(c *signer) bool { return o.of(c).forAnything() })) && o.written(p, t.anyKeyID)
		})
	}
	if b["trusted"] = good(ro.trusted(anchors), revoked); leaf.forMail() { // else signs and decrypts say so
		b["path"] = good(anchors, revoked)
	}
	if good(anchors, revoked) && (g.pfx.encoder == nil || g.pfx.password == strong) { // else there is no path to speak of
		b["revocation"] = good(anchors, namedInVain)
	}
	b["valid"] = !today.Before(leaf.TBS.Validity.NotBefore) && !today.After(leaf.TBS.Validity.NotAfter)

	key, isRSA := ro.leaf.key.Public().(*rsa.PublicKey)
	able := leaf.forMail() && (!isRSA || key.N.BitLen() >= 2048)
	b["signs"] = able && (leaf.uses(0) || !t.digitalSignature && leaf.uses(1))
	b["decrypts"] = able && (leaf.uses(2) || !isRSA && leaf.uses(4))

	san, subject := leaf.emails()
	has := func(address string) bool {
		return slices.ContainsFunc(slices.Concat(san, subject), func(a string) bool { return strings.EqualFold(a, address) })
	}
	switch f := &g.facts; {
	case g.kind == "message":
		b["address"] = has(g.message.from)
		b["signature"] = !g.message.changed && !g.message.otherKey
	case f.PrimarySMTP == "":
		b["address"] = len(san)+len(subject) > 0
	default:
		b["address"] = has(f.PrimarySMTP) ||
			(t.anyAddress || t.proxies && (f.SmimeConfig == nil || f.SmimeConfig.UseSecondaryProxies)) && slices.ContainsFunc(f.ProxyAddresses, has)
	}
	switch {
	case g.kind == "identity" && !t.noPFX:
		opened := g.pfx.password == strong
		old := g.facts.OldestIOS != lint.IOSVersion{} && g.facts.OldestIOS.Major < 18
		b["identity"] = opened && !g.mismatch
		if !g.mismatch { // programs differ in whether they say so of the key or of the file
			b["opens"] = opened && !(t.ios && old && g.pfx.name == "AES")
		}
	case strings.HasPrefix(g.name, "PKCS #7"):
		b["identity"] = false // people import it as an identity, and there is no key
	case g.kind == "identity":
		b["identity"] = g.pfx.password == strong // what was not opened shows nothing
	}
	return b
}

// works reports whether every need is given. Without a purpose that was told one of the
// two suffices.
func (b belief) works(ro *rollOut) bool {
	for need, given := range b {
		if !given && need != "signs" && need != "decrypts" {
			return false
		}
	}
	purposes := ro.given.facts.Purposes
	if ro.given.kind == "message" {
		return b["signs"]
	}
	if len(purposes) == 0 {
		return b["signs"] || b["decrypts"]
	}
	return !slices.Contains(purposes, chain.Sign) && b["decrypts"] || !slices.Contains(purposes, chain.Encrypt) && b["signs"] ||
		b["signs"] && b["decrypts"]
}

// hangs reports whether what a roll-out is worth hangs on a list that may count or not.
func (o *opinion) hangs(ro *rollOut, paths [][]*signer) standing {
	for _, c := range ro.given.store {
		paths = append(slices.Clone(paths), o.paths(c, ro.given.store)...)
	}
	worst := notRevoked
	for _, p := range paths {
		for i := range p {
			if s := o.standing(ro.given.lists, p, i); s != revoked {
				worst = max(worst, s)
			}
		}
	}
	return worst
}

// collectionWorks reports whether the store serves Exchange Online: nothing in it has
// expired, every CA in it leads to an anchor of it, and one that is no root does.
func (o *opinion) collectionWorks(ro *rollOut) (works bool, lost []*signer) {
	store := ro.given.store
	serves := false
	works = true
	for _, c := range store {
		r := o.of(c)
		if today.After(r.TBS.Validity.NotAfter) {
			works = false
		}
		if !r.isCA() {
			continue // left out of what is asked here
		}
		reached, root := false, false
		for _, other := range store {
			if form := o.of(other); form.sameCA(r) {
				root = root || sameName(form.TBS.Issuer, form.TBS.Subject) // a root, or its next key
				reached = reached || slices.ContainsFunc(o.paths(other, store), func(p []*signer) bool {
					return o.acceptsBelow(p, today) && o.written(p, traits[lint.ExchangeOnline].anyKeyID) && o.worst(ro.given.lists, p) < disputed
				})
			}
		}
		if !reached {
			lost = append(lost, c)
		}
		serves = serves || reached && !root
	}
	return works && serves && len(lost) == 0, lost
}

// sameCA reports whether certificates are forms of one CA: its name and key are the same.
func (c *readCert) sameCA(o *readCert) bool {
	return sameName(c.TBS.Subject, o.TBS.Subject) && slices.Equal(c.TBS.Key.FullBytes, o.TBS.Key.FullBytes)
}

func (c *readCert) isCA() bool {
	value, ok := c.extension(19)
	return ok && readDER[struct {
		CA      bool `asn1:"optional"`
		PathLen int  `asn1:"optional,default:-1"`
	}](value).CA
}
