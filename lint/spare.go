package lint

import (
	"slices"

	"github.com/smimechain/smimechain/chain"
)

// spare reports whether a certificate is that of a CA in a PFX that no user's
// chain depends on: neither one that reaches an anchor nor one that ends where
// this certificate, had it not expired, would lead on.
func (p *Pass) spare(m *Member) (bool, error) {
	if !isPFX(p) || p.Target.row().collects || !m.isCA() {
		return false, nil
	}
	starts, err := p.starts()
	if err != nil {
		return false, err
	}
	for _, s := range starts {
		if s.member.isCA() || len(s.result.Accepted) > 0 {
			continue
		}
		if slices.ContainsFunc(s.result.Rejected, func(path *chain.Path) bool {
			return slices.Contains(path.Certificates, m.Certificate)
		}) {
			return false, nil
		}
		for _, end := range s.result.DeadEnds {
			if slices.ContainsFunc(end.NearMisses, func(n chain.NearMiss) bool {
				return n.Code == chain.MissExpired && n.Certificate == m.Certificate
			}) {
				return false, nil
			}
		}
	}
	return true, nil
}

// extra returns the certificates of CAs in a PFX that are on no path of its user, be
// that a good one or not. No other rule about a certificate has to speak of them: the
// identity is the same without.
func (p *Pass) extra() (map[*Member]bool, error) {
	if p.extras != nil || !isPFX(p) || p.Target.row().collects || !hasUsers(p) {
		return p.extras, nil
	}
	starts, err := p.userStarts()
	if err != nil {
		return nil, err
	}
	p.extras = map[*Member]bool{}
	used := map[[32]byte]bool{} // a second copy is the business of another rule
	for _, s := range starts {
		if furthest(s.result) == 0 {
			return p.extras, nil // what is missing may need it
		}
		for _, path := range slices.Concat(s.result.Accepted, s.result.Rejected) {
			for _, c := range path.Certificates {
				used[c.SHA256()] = true
			}
		}
	}
	for _, m := range p.Collection.Members {
		if m.Certificate != nil && m.isCA() && !used[m.Certificate.SHA256()] {
			p.extras[m] = true
		}
	}
	return p.extras, nil
}
