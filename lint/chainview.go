package lint

import (
	"encoding/hex"
	"reflect"
	"slices"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
)

// Chain shows what leads from one certificate up to the anchors, for people to
// look at: the certificate of a user or, in a collection without any, a CA that
// issues to users. [Options.Chains] asks for it.
type Chain struct {
	Collection   string
	Targets      []Target // that see it so, in the order of [Targets]
	Works        bool     // they take some path to an anchor
	Truncated    bool     // there is more than is shown
	Certificates []ChainCertificate
}

// ChainCertificate is one certificate of a [Chain]. The first one is where the
// chain starts.
type ChainCertificate struct {
	Subject   string // RFC 2253
	Issuer    string // RFC 2253
	SHA256    string // 64 lower-case hexadecimal digits; empty when missing and not known
	NotBefore time.Time
	NotAfter  time.Time
	Anchor    bool   // the target trusts it as a root
	Missing   bool   // is not there, and would lead on
	Support   bool   // comes from beside the collection
	System    bool   // comes from no file: the system has this root
	OnPath    bool   // lies on a valid path
	URL       string // where a missing certificate can be looked up
	Issuers   []int  // what it was signed by: indices of Certificates
}

// CommonName returns how people write a name in the form of RFC 2253, such as the
// subject of a [Certificate]; it is [chain.CommonName].
func CommonName(name string) string { return chain.CommonName(name) }

// Limits of [Report.Chains], for the sake of who looks at them.
const (
	MaxChains            = 20 // of one collection; those that do not work come first
	maxChainCertificates = 24 // of one chain

	// maxChainChecks is how many certificates of the right name are looked at
	// for having signed those of the chains of one collection.
	maxChainChecks = 2000
)

// pictures returns the chains of the collection as the target sees them.
func (p *Pass) pictures() ([]Chain, error) {
	starts, err := p.starts()
	if err != nil {
		return nil, err
	}
	starts = slices.Clone(starts)
	slices.SortStableFunc(starts, func(a, b start) int { return furthest(a.result) - furthest(b.result) })
	v := &viewer{
		pass: p, graph: p.graph(), byName: map[string][]*chain.Certificate{},
		own: map[[32]byte]bool{}, anchors: map[[32]byte]bool{}, checks: maxChainChecks,
	}
	for _, c := range p.candidates() {
		v.byName[c.Subject()] = append(v.byName[c.Subject()], c)
	}
	for _, c := range p.Collection.certificates() {
		v.own[c.SHA256()] = true
	}
	for _, c := range p.anchors() {
		v.anchors[c.SHA256()] = true
	}
	var chains []Chain
	for _, s := range starts[:min(len(starts), MaxChains)] {
		chains = append(chains, v.chain(s))
	}
	return chains, nil
}

// addChains adds the chains as a target sees them, together with those of other
// targets that see the same, to the report on one collection.
func (r *Report) addChains(t Target, chains []Chain) {
	for _, c := range chains {
		i := slices.IndexFunc(r.Chains, func(other Chain) bool {
			return reflect.DeepEqual(other.Certificates, c.Certificates)
		})
		if i < 0 {
			i = len(r.Chains)
			r.Chains = append(r.Chains, c)
		}
		r.Chains[i].Targets = append(r.Chains[i].Targets, t)
	}
}

// viewer draws up the chains of a collection.
type viewer struct {
	pass    *Pass
	graph   *chain.Graph
	byName  map[string][]*chain.Certificate // candidates, by the text
	own     map[[32]byte]bool               // certificates of the collection
	anchors map[[32]byte]bool
	checks  int // that are left
	view    *Chain
	certs   []*chain.Certificate // as Certificates; nil where one is missing
	place   map[[32]byte]int
	onPath  map[*chain.Certificate]bool
}

func (v *viewer) chain(s start) Chain {
	good := v.pass.good(s.result)
	v.view = &Chain{Collection: v.pass.Collection.Name, Works: len(good) > 0}
	v.certs, v.place, v.onPath = nil, map[[32]byte]int{}, map[*chain.Certificate]bool{}
	for _, path := range good {
		for _, c := range path.Certificates {
			v.onPath[c] = true
		}
	}
	v.add(s.member.Certificate)
	for i := 0; i < len(v.certs); i++ { // grows as issuers are found
		v.climb(i)
	}
	v.addMissing(s.result)
	return *v.view
}

// add returns the index of a certificate, and false when there is no more room.
func (v *viewer) add(c *chain.Certificate) (int, bool) {
	sum := c.SHA256()
	if i, ok := v.place[sum]; ok {
		return i, true
	}
	if len(v.view.Certificates) >= maxChainCertificates {
		v.view.Truncated = true
		return 0, false
	}
	v.place[sum] = len(v.view.Certificates)
	shown, system := sum, false
	if e, ok := v.pass.system().entries[sum]; ok {
		shown, system = e.SHA256, true
	}
	v.certs = append(v.certs, c)
	v.view.Certificates = append(v.view.Certificates, ChainCertificate{
		Subject: c.Subject(), Issuer: c.Issuer(), SHA256: hex.EncodeToString(shown[:]),
		NotBefore: c.NotBefore(), NotAfter: c.NotAfter(),
		Anchor:  v.anchors[sum],
		Support: !v.own[sum] && !system,
		System:  system,
		OnPath:  v.onPath[c],
	})
	return len(v.certs) - 1, true
}

// climb adds the certificates that have signed one.
func (v *viewer) climb(i int) {
	c := v.certs[i]
	if c == nil || c.SelfSigned() || v.pass.system().entries[c.SHA256()].Key != nil {
		return
	}
	for _, issuer := range v.graph.Issuers(c) {
		if v.checks--; v.checks < 0 {
			v.view.Truncated = true
			return
		}
		if c.SignedBy(issuer) != nil {
			continue
		}
		if up, ok := v.add(issuer); ok {
			v.view.Certificates[i].Issuers = append(v.view.Certificates[i].Issuers, up)
		}
	}
}

// addMissing adds the certificates that would lead on from dead ends.
func (v *viewer) addMissing(result *chain.Result) {
	for _, end := range result.DeadEnds {
		from, ok := v.place[end.Certificate.SHA256()]
		if !ok || end.Kind != chain.IssuerMissing {
			continue
		}
		add := v.pass.way(&end).add
		for i := range add {
			if from, ok = v.ghost(from, knownMissing(&add[i])); !ok {
				break
			}
		}
		if len(add) == 0 {
			v.ghost(from, ChainCertificate{Subject: end.Issuer, Missing: true})
		}
	}
	if cross := v.pass.crossOfEvery(result.Accepted); cross != nil && !v.pass.holds(cross.SHA256) {
		for i := range v.certs {
			if slices.ContainsFunc(v.view.Certificates[i].Issuers, func(up int) bool {
				c := v.certs[up]
				return c != nil && c.SelfSigned() && c.Subject() == cross.Subject
			}) {
				v.ghost(i, knownMissing(cross))
			}
		}
	}
}

func knownMissing(e *catalog.Entry) ChainCertificate {
	return ChainCertificate{
		Subject: e.Subject, Issuer: e.Issuer, SHA256: hex.EncodeToString(e.SHA256[:]),
		NotBefore: e.NotBefore, NotAfter: e.NotAfter, Missing: true, URL: e.URL(),
	}
}

// ghost adds a missing certificate above another, and returns its index, and false when
// there is no more room.
func (v *viewer) ghost(from int, g ChainCertificate) (int, bool) {
	list := v.view.Certificates
	at := slices.IndexFunc(list, func(c ChainCertificate) bool { return c.Missing && c.Subject == g.Subject && c.SHA256 == g.SHA256 })
	if at < 0 {
		if len(list) >= maxChainCertificates {
			v.view.Truncated = true
			return 0, false
		}
		at = len(list)
		v.view.Certificates = append(list, g)
		v.certs = append(v.certs, nil)
		// What the missing one would lead to may be there already.
		for _, c := range v.byName[g.Issuer] {
			if g.Issuer != "" && g.Issuer != g.Subject {
				if up, ok := v.add(c); ok {
					v.view.Certificates[at].Issuers = append(v.view.Certificates[at].Issuers, up)
				}
			}
		}
	}
	if up := &v.view.Certificates[from].Issuers; !slices.Contains(*up, at) {
		*up = append(*up, at)
	}
	return at, true
}
