package lint

import (
	"encoding/hex"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
)

// notNeeded is the answer to a need that does not apply.
var notNeeded = NeedAnswer{}

func met(evidence ...say.Message) NeedAnswer { return NeedAnswer{State: Met, Evidence: evidence} }
func open(code Code, decide ...say.Message) NeedAnswer {
	return NeedAnswer{State: Open, Code: code, Decide: decide}
}
func assumed(provided ...say.Message) NeedAnswer { return NeedAnswer{State: Assumed, Decide: provided} }
func failed(evidence ...say.Message) NeedAnswer  { return NeedAnswer{State: Failed, Evidence: evidence} }

// collectionNotGiven is the answer where the tenant's collection decides.
func collectionNotGiven() NeedAnswer {
	return open(codeCollectionNotGiven, say.New("give the tenant's collection too: its SST, or the output of Get-SmimeConfig | ConvertTo-Json, beside the files"))
}

// evidence answers a need from what was seen, whatever rules have found.
func (p *Pass) evidence(n Need, s *subject) (NeedAnswer, error) {
	if n != needTaken && !slices.ContainsFunc(p.Collection.Files, func(f *bundle.File) bool { return f.Format != bundle.PrivateKey }) {
		return notNeeded, nil // there is no certificate to ask it of
	}
	if s.encrypted != nil && n != needReads && n != needRecipient {
		return notNeeded, nil // these are of the signer
	}
	if s.Kind == kindArtefact && len(p.Collection.Members) == 0 && n != needTaken && aboutChain(n) {
		return notNeeded, nil // it rolls out no certificate, or an identity, for which it is taken
	}
	switch n {
	case needTaken:
		return p.taken(s)
	case needOpens:
		return p.opens(), nil
	case needIdentity:
		return p.paired(s), nil
	case needSignature:
		return p.unchanged(s), nil
	case needReads:
		return p.readsMessage(s), nil
	case needRecipient:
		return p.openedBy(s), nil
	case needAddress:
		if s.Kind == kindMessage {
			return p.fromSigner(s), nil
		}
		return p.addressed(s), nil
	case needSigns:
		return p.usable(s, chain.Sign), nil
	case needDecrypts:
		return p.usable(s, chain.Encrypt), nil
	case needValid:
		if s.signature != nil {
			return p.validWhenSigned(s), nil
		}
		return p.validNow(s), nil
	case needPath:
		return p.leads(s)
	case needTrusted:
		return p.trusted(s), nil
	case needServes:
		return p.serves()
	case needRevocation:
		return p.unrevoked(s), nil
	case needSettings:
		if p.smimeConfig() != nil {
			return met(say.New("the settings of the tenant were judged")), nil
		}
		return assumed(say.New("the settings of the tenant allow it (Get-SmimeConfig | ConvertTo-Json shows them)")), nil
	case needDelivery:
		return assumed(say.New(p.Target.row().delivery)), nil
	default:
		return open(codeUndecided, say.New("nothing is known of this need")), nil
	}
}

// limitCodes are the findings of a part of a PFX that was not opened for its size or
// the work that it asks for.
var limitCodes = []pkcs12.ObservationCode{"size_limit", "safes_limit", "bags_limit", "nesting_limit", "salt_limit",
	"iterations_limit", "total_iterations_limit", "scrypt_memory_limit"}

// overLimit returns the finding of the limit that kept a part of a PFX closed, nil if
// none did.
func overLimit(r *pkcs12.Inspection) *pkcs12.Observation {
	for i := range r.Observations {
		if slices.Contains(limitCodes, r.Observations[i].Code) {
			return &r.Observations[i]
		}
	}
	return nil
}

// taken is answered for what a target takes as a file.
func (p *Pass) taken(s *subject) (NeedAnswer, error) {
	c := p.Collection
	if s.Kind == kindArtefact {
		return p.takenArtefact()
	}
	if slices.ContainsFunc(c.Members, func(m *Member) bool { return m.Certificate == nil }) {
		return open(codeUnreadable, say.New("a certificate cannot be read")), nil
	}
	if f := c.Files[0]; f.PFX != nil && !isOpenPFX(p) {
		return open(closedCode(f), closedPFX(f)), nil
	}
	return met(say.New("%s, %s", strings.ToUpper(c.Files[0].Format.String()), say.Count(len(c.Members), "1 certificate", "%d certificates"))), nil
}

// closedPFX says what would open a PFX; nothing where it is open.
func closedPFX(f *bundle.File) say.Message {
	if f.PFX == nil || isOpen(f.PFX) {
		return say.Message{}
	}
	switch f.PFX.Password.Status {
	case pkcs12.PasswordNotTried:
		return say.New("no password was given (-password-file)")
	case pkcs12.PasswordWrong:
		return say.New("the password is wrong")
	default:
		status, _ := firstClosed(f.PFX)
		return say.New("a part of the PFX was not opened: %s", status)
	}
}

// opens is answered by the programs that import a PFX for the target.
func (p *Pass) opens() NeedAnswer {
	f := p.Collection.Files[0]
	if f.PFX == nil {
		return notNeeded
	}
	if !isOpenPFX(p) {
		return open(closedCode(f), closedPFX(f))
	}
	if len(p.Target.row().readers) == 0 {
		return assumed(say.New("%s opens the PFX: which it opens is not published", p.Target.Title()))
	}
	sure, doubtful := p.readers()
	a := NeedAnswer{State: Met}
	for _, t := range sure {
		v := f.PFX.Compatible(t)
		switch v.Answer {
		case pkcs12.Yes:
			a.Evidence = append(a.Evidence, programName(t))
		case pkcs12.No:
			// What a rule of its own speaks of is that rule's to refute.
			if own := slices.IndexFunc(v.Reasons, func(r pkcs12.Reason) bool {
				return r.Answer == pkcs12.No && !slices.Contains(toldElsewhere, r.Code)
			}); own < 0 {
				if a.State == Met {
					a.State, a.Code = Open, codeReader
				}
				for _, r := range v.Reasons {
					a.Decide = append(a.Decide, r.Sentence())
				}
				continue
			}
			a.State, a.Code = Failed, ""
			a.Evidence = append(a.Evidence, say.New("%s: no", programName(t)))
		default:
			if a.State == Met {
				a.State, a.Code = Open, codeReader
			}
			for _, r := range v.Reasons {
				a.Decide = append(a.Decide, r.Sentence())
			}
		}
	}
	for _, t := range doubtful {
		if f.PFX.Compatible(t).Answer != pkcs12.Yes {
			a.Evidence = append(a.Evidence, say.New("%s, if any are in use: no", programName(t)))
		}
	}
	return a
}

// programName is the name of a program that imports PFX files.
func programName(t pkcs12.Importer) say.Message {
	for _, info := range pkcs12.Importers() {
		if info.Importer == t {
			return say.New(info.Name)
		}
	}
	return say.New("%s", string(t))
}

// paired is answered by a private key that has its certificate.
func (p *Pass) paired(s *subject) NeedAnswer {
	f := p.Collection.Files[0]
	switch {
	case s.Kind == kindCertificate && f.Format == bundle.PKCS7:
		return open(codeKeyNotGiven, say.New("the file holds no private key: give the PFX"))
	case s.Kind == kindCertificate && namedPFX(f.Name):
		return open(codeKeyNotGiven, say.New("the file has the name of a PFX and is a certificate without a private key: give the PFX"))
	case f.PFX == nil:
		return notNeeded
	case s.identity != nil && s.identity.Matches == pkcs12.Yes && !p.whole(s):
		return open(codeKeyUnchecked, say.New("whether the private key is whole: keys of its kind (%s) cannot be checked here", f.PFX.Bag(s.identity.Key).Key.Algorithm+" "+f.PFX.Bag(s.identity.Key).Key.Curve))
	case s.identity != nil && s.identity.Matches == pkcs12.Yes:
		return met(say.New("key and certificate of %s", quoteName(s.Name)))
	case !isOpenPFX(p):
		return open(closedCode(f), closedPFX(f))
	}
	if i := slices.IndexFunc(f.PFX.Identities, func(id pkcs12.Identity) bool {
		return id.Matches == pkcs12.Unknown && (id.Leaf == nil || s.identity != nil && slices.Equal(id.Key, s.identity.Key))
	}); i >= 0 {
		if key := f.PFX.Bag(f.PFX.Identities[i].Key).Key; key != nil { // decrypted, and we cannot compute its public half
			return open(codeKeyUnchecked, say.New("whether the private key is for the certificate: keys of its kind (%s) cannot be checked here", strings.TrimSpace(key.Algorithm+" "+key.Curve)))
		}
	}
	return failed(say.New("no private key has its certificate beside it"))
}

// namedPFX reports whether a file has one of the names that PFX files have.
func namedPFX(name string) bool {
	return slices.Contains([]string{".pfx", ".p12"}, strings.ToLower(path.Ext(name)))
}

// whole reports whether nothing speaks against the private key of an identity, whose
// damage is a rule's to tell of, and it was computed with.
func (p *Pass) whole(s *subject) bool {
	bag := p.Collection.Files[0].PFX.Bag(s.identity.Key)
	return bag != nil && bag.Key != nil && bag.Key.Whole() != pkcs12.Unknown
}

// addressed is answered by the addresses of the certificate and of the mailbox.
func (p *Pass) addressed(s *subject) NeedAnswer {
	if s.member == nil || s.member.Certificate == nil {
		return unseen(s.member)
	}
	addresses := distinct(addressesOf(s.member.Certificate))
	switch {
	case len(addresses) == 0 && !s.member.readable() && s.member.subject == "":
		return unseen(s.member)
	case len(addresses) == 0:
		return open(codeNoAddress, say.New("the certificate holds no address"))
	case !p.Facts.has(factPrimarySMTP):
		return assumed(say.New("the mailbox has the address %s (-mail)", listed(addresses)))
	case p.matches(addresses):
		return met(say.New("%s", listed(addresses)))
	default:
		return failed(say.New("%s", listed(addresses)))
	}
}

// usable is answered by the usages of the certificate. Where no purpose is stated
// one of the two suffices.
func (p *Pass) usable(s *subject, u chain.Usage) NeedAnswer {
	stated := len(p.Facts.Purposes) > 0
	made := s.signature != nil && u == chain.Sign // it did sign, whatever it is meant for
	switch {
	case !made && stated && !slices.Contains(p.Facts.Purposes, u):
		return notNeeded
	case s.member == nil, !s.member.readable():
		return unseen(s.member)
	}
	c := s.member.Certificate
	able, other := p.allows(c, chain.Sign), c.Allows(chain.Encrypt)
	if u == chain.Encrypt {
		able, other = other, able
	}
	switch {
	case !allowsEmail(c):
		return failed(say.New("is for %s, not for e-mail", usageNames(c)))
	case able:
		return met()
	case !made && (other && !stated || p.servedByOther(s.member, u)):
		return notNeeded
	default:
		return failed()
	}
}

// servedByOther reports whether another certificate for the same address may be
// used so.
func (p *Pass) servedByOther(m *Member, u chain.Usage) bool {
	return slices.ContainsFunc(p.users, func(o *Member) bool {
		return o != m && p.can(o, u) && containsAnyFold(addressesOf(o.Certificate), addressesOf(m.Certificate))
	})
}

// validNow is answered by dates: of the certificate, or of every one of a
// collection, which is refused for one that has expired.
func (p *Pass) validNow(s *subject) NeedAnswer {
	members := p.Collection.Members
	if s.member != nil {
		members = []*Member{s.member}
	}
	var end time.Time
	for _, m := range members {
		notBefore, notAfter, ok := m.validity()
		switch {
		case !ok && s.member != nil:
			return unseen(m)
		case !ok:
			return open(codeUnreadable, say.New("the dates of a certificate cannot be read"))
		case p.expired(notAfter):
			return failed(p.expiry(notAfter))
		case p.Time.Before(notBefore) && s.member != nil:
			return failed(say.New("valid from %s", date(notBefore)))
		}
		if end.IsZero() || notAfter.Before(end) {
			end = notAfter
		}
	}
	if end.IsZero() {
		return open(codeUnseen, say.New("no certificate can be seen"))
	}
	return met(say.New("until %s", date(end)))
}

// leads is answered by the paths that lead from the certificate, or from each CA of
// a collection, to an anchor.
func (p *Pass) leads(s *subject) (NeedAnswer, error) {
	if s.together() {
		nodes, err := p.nodes()
		if err != nil {
			return NeedAnswer{}, err
		}
		return nodes.path(p), nil
	}
	if s.Kind == kindMessage && p.lacksCollection() {
		return collectionNotGiven(), nil
	}
	switch {
	case s.start != nil:
		return p.ofResult(s.start.result), nil
	case s.member != nil && s.member.readable() && s.member.isCA():
		return open(codeUnseen, say.New("the certificate is that of a CA, and chains are looked for from those of users")), nil
	default:
		return unseen(s.member), nil
	}
}

// unseen is the answer where there is no certificate to ask.
func unseen(m *Member) NeedAnswer {
	if m != nil && m.Err != nil {
		return open(codeUnreadable, say.New("the certificate cannot be read: %v", m.Err))
	}
	return open(codeUnseen, say.New("no certificate can be seen"))
}

// ofResult answers whether a path was found.
func (p *Pass) ofResult(r *chain.Result) NeedAnswer {
	if good := p.good(r); len(good) > 0 {
		path := good[0]
		names := make([]string, len(path.Certificates))
		for i, c := range path.Certificates {
			names[i] = chain.CommonName(c.Subject())
		}
		evidence := []say.Message{say.New("%s", strings.Join(names, " < "))}
		if a := path.Anchor(); p.ofSystem(a) {
			evidence = append(evidence, p.inSystem([]string{chain.CommonName(a.Subject())}))
		}
		var ways [][]*chain.Certificate // but for their anchors, of which "trusted" is asked
		for _, path := range good {
			ways = append(ways, path.Certificates[:len(path.Certificates)-1])
		}
		if lacks := p.onlyInStore(ways); !lacks.IsZero() {
			return NeedAnswer{State: Assumed, Evidence: evidence, Decide: []say.Message{lacks}}
		}
		return met(evidence...)
	}
	if !r.Complete() {
		return open(codeLimit, say.New("the search was cut short by its limit of %s", r.Truncated))
	}
	// A fault on the way to an anchor refutes, unless it is one that programs treat in
	// different ways.
	if doubt := p.doubt(r); !doubt.IsZero() {
		return open(codeDisputed, doubt)
	}
	var decide, apart []say.Message
	var codes []Code
	for _, end := range r.DeadEnds {
		if where := p.elsewhere(&end); !where.IsZero() {
			apart = append(apart, where)
		}
		if i := slices.IndexFunc(end.NearMisses, unchecked); i >= 0 {
			miss := end.NearMisses[i]
			return open(codeSignatureUnchecked, say.New("the issuer of %s is there, but the signature cannot be checked here: %s", quoteName(end.Certificate.Subject()), miss.Detail))
		}
		if e, ok := p.claimsSystemRoot(&end); ok {
			if p.Target.row().unpublished {
				return open(codeSignatureUnchecked, say.New("%s is known as a root, but not its key: give its certificate (-with)", quoteName(e.Subject)))
			}
			return open(codeSignatureUnchecked, say.New("the system has a root %s, and the catalogue does not know its key: give its certificate (-with)", quoteName(e.Subject)))
		}
		if code, what := p.mayComplete(&end); code != "" {
			decide, codes = append(decide, what), append(codes, code)
		}
	}
	if len(decide) > 0 && len(r.Rejected) == 0 {
		return open(codes[0], append(decide, apart...)...)
	}
	return failed(apart...)
}

// unchecked reports whether a certificate may be the issuer for all that can be told
// here.
func unchecked(m chain.NearMiss) bool {
	return m.Code == chain.MissUnparseable || m.Code == chain.MissUnsupportedAlgorithm
}

// fetchable returns the public address at which a missing issuer can be had, where
// the target fetches it: an issuing CA, but not a root.
func (p *Pass) fetchable(end *chain.DeadEnd) string {
	if end.Kind != chain.IssuerMissing || !p.Target.row().fetches {
		return ""
	}
	if p.onlyRoots(end) {
		return ""
	}
	for _, a := range end.AIA {
		if hasPublic([]string{a}) {
			return a
		}
	}
	return ""
}

// mayComplete says by what a path may go on for all that was seen where an issuer is
// missing: the target fetches it, the tenant's collection has it, or it is a root that is
// rolled out; the code is empty where none of them can be.
func (p *Pass) mayComplete(end *chain.DeadEnd) (Code, say.Message) {
	address := p.fetchable(end)
	switch issuer := quoteName(end.Issuer); {
	case address != "":
		return codeIssuerFetched, say.New("%s, which can be fetched from %s", issuer, address)
	case end.Kind != chain.IssuerMissing:
		return "", say.Message{}
	case p.unseenCollection():
		return codeCollectionNotGiven, say.New("whether the tenant's collection has %s: give it too, its SST or the output of Get-SmimeConfig | ConvertTo-Json, beside the files", issuer)
	case p.Target.row().programme != nil && p.mayBeRoot(end):
		return codeRootNotListed, say.New("whether %s is a root that is rolled out: give its certificate if it is (-roots)", issuer)
	}
	return "", say.Message{}
}

// onlyRoots reports whether the issuer that is missing at an end is known, and in no other
// form than that of a root.
func (p *Pass) onlyRoots(end *chain.DeadEnd) bool {
	forms := p.Catalog.Known(*end)
	return len(forms) > 0 && !slices.ContainsFunc(forms, func(e catalog.Entry) bool { return e.Kind != catalog.Root })
}

// mayBeRoot reports whether the issuer that is missing may be a root: the catalogue knows
// it as one, or does not know it.
func (p *Pass) mayBeRoot(end *chain.DeadEnd) bool {
	forms := p.Catalog.Known(*end)
	return len(forms) == 0 || slices.ContainsFunc(forms, func(e catalog.Entry) bool { return e.Kind == catalog.Root })
}

// unseenCollection reports whether the target goes by the tenant's collection, which may
// have what the files lack, and none was given.
func (p *Pass) unseenCollection() bool {
	row := p.Target.row()
	return row.programme == nil && !row.collects && len(p.Collection.stores) == 0
}

// trusted is answered by the tenant's collection, by a root programme, or by the
// roots that are rolled out.
func (p *Pass) trusted(s *subject) NeedAnswer {
	row := p.Target.row()
	if p.unseenCollection() {
		return collectionNotGiven()
	}
	var good []*chain.Path
	if s.start != nil {
		good = p.good(s.start.result)
	}
	if len(good) == 0 {
		if s.start != nil && row.programme != nil {
			return open(codeNoPath, say.New("no path is there to judge the root of"))
		}
		return notNeeded // the path says so
	}
	if row.programme == nil {
		if row.collects && !p.Collection.BesideStore && s.Kind == kindMessage {
			return collectionNotGiven()
		}
		return met(say.New("by the collection: %s", quoteName(good[0].Anchor().Subject())))
	}
	var unknown NeedAnswer
	for i, path := range good {
		a := p.trustedRoot(path)
		if a.State == Met {
			return a
		}
		if i == 0 {
			unknown = a
		}
	}
	return unknown
}

// trustedRoot answers whether the root of a path is rolled out, or trusted by the root
// programme of the target.
func (p *Pass) trustedRoot(path *chain.Path) NeedAnswer {
	row, anchor := p.Target.row(), path.Anchor()
	name := quoteName(anchor.Subject())
	if slices.ContainsFunc(p.roots, func(c *chain.Certificate) bool { return c.SHA256() == anchor.SHA256() }) {
		return met(say.New("%s is rolled out (-roots)", name))
	}
	var says catalog.Programme
	if e, ok := p.entryOf(anchor); ok {
		says = row.programme(e)
	}
	switch end := says.DistrustAfter; {
	case row.unpublished:
		return open(codeRootNotListed, say.New("whether %s is in the list of roots of %s is not known here; -roots says that it is added there", name, p.Target.Title()))
	case says.Trust == catalog.Yes && !end.IsZero() && path.Certificates[0].NotBefore().After(end):
		return open(codeRootNotListed, say.New("the root programme takes no certificate from after %s under %s; -roots says that it is rolled out", date(end), name))
	case says.Trust == catalog.Yes:
		return met(say.New("%s, by the root programme", name))
	case says.Trust == catalog.No:
		return open(codeRootNotListed, say.New("the root programme does not trust %s; -roots says that it is rolled out", name))
	default:
		return open(codeRootNotListed, say.New("%s is in no list of the root programme that is known here; -roots says that it is rolled out", name))
	}
}

// unrevoked is answered by the revocation lists, for each certificate of the path.
func (p *Pass) unrevoked(s *subject) NeedAnswer {
	if p.revocation == nil {
		return assumed(say.New("no certificate of the chain is revoked: none was checked (-fetch)"))
	}
	var uncovered, unfetched, revoked []say.Message
	var contested []say.Message // what is revoked where the target may take another path
	covered := 0
	count := func(c *chain.Certificate) {
		switch t := p.revocation.of(c); {
		case t.status == chain.RevocationGood:
			covered++
		case t.named:
			unfetched = append(unfetched, say.New("%s: a revocation list names it, which proves nothing: %s", quoteName(c.Subject()), t.detail))
		case p.revocation.fetches && len(c.CRLDistributionPoints()) > 0:
			unfetched = append(unfetched, say.New("%s: %s", quoteName(c.Subject()), t.detail))
		default:
			uncovered = append(uncovered, say.New("%s: %s", quoteName(c.Subject()), t.detail))
		}
	}
	look := func(r *chain.Result) {
		good := p.good(r)
		if len(good) == 0 {
			doubt := p.doubt(r)
			for _, path := range r.Rejected {
				for i, c := range path.Certificates {
					t := p.revocation.of(c)
					what := say.New("%s is revoked: %s", quoteName(c.Subject()), t.detail)
					switch {
					case s.together() && p.Collection.hasUser(hexSum(c)): // it serves what its CAs issue
					case t.status == chain.Revoked && doubt.IsZero():
						revoked = append(revoked, what)
					case t.status == chain.Revoked:
						contested = append(contested, what, doubt)
					case s.together() && i+1 < len(path.Certificates):
						count(c)
					}
				}
			}
			return
		}
		certs := good[0].Certificates
		for _, c := range certs[:len(certs)-1] {
			count(c)
		}
	}
	if s.start != nil {
		look(s.start.result)
	} else {
		for _, st := range p.Collection.starts[p.anchorSet()] {
			look(st.result)
		}
	}
	switch {
	case len(revoked) > 0:
		return failed(first(revoked, 1)...)
	case len(contested) > 0:
		return open(codeDisputed, first(contested, 2)...)
	case len(unfetched) > 0:
		return open(codeRevocationUnknown, first(unfetched, maxListed)...)
	case len(uncovered) > 0:
		return assumed(first(uncovered, maxListed)...)
	case covered > 0:
		return met(say.Count(covered, "1 certificate is on no revocation list", "%d certificates are on no revocation list"))
	default:
		return assumed(say.New("no certificate of the chain is revoked: none was checked (-fetch)"))
	}
}

// first returns the first n of a list.
func first[S ~[]E, E any](list S, n int) S { return list[:min(len(list), n)] }

// hexSum returns the SHA-256 of a certificate as findings write it.
func hexSum(c *chain.Certificate) string {
	sum := c.SHA256()
	return hex.EncodeToString(sum[:])
}
