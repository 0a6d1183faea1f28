package lint

import (
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/pkcs12"
)

func (p *Pass) pfx() *pkcs12.Inspection { return p.Collection.Files[0].PFX }

func isPFX(p *Pass) bool { return p.pfx() != nil }

// isOpenPFX reports whether everything in the PFX that could hold a key or a
// certificate was read.
func isOpenPFX(p *Pass) bool { return isPFX(p) && isOpen(p.pfx()) }

// isOpen reports whether everything in a PFX was seen.
func isOpen(r *pkcs12.Inspection) bool {
	_, closed := firstClosed(r)
	return len(r.Safes) > 0 && !closed
}

// firstClosed returns the status of the first part of a PFX that was not opened: a safe,
// or a private key under a password of its own or beyond a limit.
func firstClosed(r *pkcs12.Inspection) (pkcs12.ProtectionStatus, bool) {
	seen := []pkcs12.ProtectionStatus{pkcs12.StatusPlain, pkcs12.StatusOK, pkcs12.StatusDamaged}
	for i := range r.Safes {
		if s := r.Safes[i].Status; !slices.Contains(seen, s) {
			return s, true
		}
	}
	for _, bag := range r.Bags() {
		if bag.Kind == pkcs12.BagShroudedKey && !slices.Contains(seen, bag.Status) {
			return bag.Status, true
		}
	}
	return 0, false
}

// readers returns the programs that import a PFX for the target. Where it is not known
// which releases are in use, those that a fleet may have are in doubt.
func (p *Pass) readers() (sure, doubtful []pkcs12.Importer) {
	for _, r := range p.Target.row().readers {
		switch {
		case r.old:
			doubtful = append(doubtful, r.program)
		case r.before == 0, p.Facts.has(factOldestIOS) && p.Facts.OldestIOS.Major < r.before:
			sure = append(sure, r.program)
		case !p.Facts.has(factOldestIOS):
			doubtful = append(doubtful, r.program)
		}
	}
	return sure, doubtful
}

// toldElsewhere are reasons that a rule of their own speaks of, and that of a
// file that was not opened, which makes every verdict unknown anyway.
var toldElsewhere = []pkcs12.ReasonCode{
	"text", "no_key", "several_identities", "password_characters", "password_empty", "password_long", "closed",
}

// spare reports whether a certificate is that of a CA in a PFX that no user's
// chain depends on: neither one that reaches an anchor nor one that ends where
// this certificate, had it not expired, would lead on. Where the target takes another
// path, or may, none depends on it.
func (p *Pass) spare(m *Member) (bool, error) {
	if !isPFX(p) || p.Target.row().collects || !m.isCA() {
		return false, nil
	}
	starts, err := p.starts()
	if err != nil {
		return false, err
	}
	for _, s := range starts {
		if s.member.isCA() || len(p.good(s.result)) > 0 || !p.doubt(s.result).IsZero() {
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
		if m.isCA() && !used[m.Certificate.SHA256()] {
			p.extras[m] = true
		}
	}
	return p.extras, nil
}
