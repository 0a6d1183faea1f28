package pkcs12

import (
	"bytes"
	"errors"
	"slices"

	"github.com/smimechain/smimechain/chain"
)

// issuers finds the certificates above others in one file, along the edges of a
// graph. It builds no paths: these want a time, and verify every signature, which
// takes longer than all else beside the key derivations.
type issuers struct {
	in      *inspector
	graph   *chain.Graph
	holders map[*chain.Certificate]*holder
	checked int  // signatures
	cut     bool // Limits.Signatures was reached
}

func newIssuers(in *inspector, holders []*holder) *issuers {
	s := &issuers{in: in, holders: map[*chain.Certificate]*holder{}}
	var certs []*chain.Certificate
	for _, h := range holders {
		certs, s.holders[h.cert] = append(certs, h.cert), h
	}
	s.graph = chain.NewGraph(certs, nil, chain.Limits{})
	return s
}

// buildChain finds the chain of leaf, breadth first.
func (s *issuers) buildChain(id *Identity, leaf *holder) {
	type visit struct {
		*holder
		below int // index of the visit below; -1 for the leaf
	}
	queue := []visit{{leaf, -1}}
	seen := map[*holder]bool{leaf: true}
	last := 0
	for i := 0; i < len(queue); i++ {
		h := queue[i].holder
		last = i // of those that are furthest away, the last
		if s.selfSigned(h) {
			id.Complete = true
			break
		}
		for _, issuer := range s.of(h) {
			if !seen[issuer] {
				seen[issuer] = true
				queue = append(queue, visit{issuer, i})
			}
		}
	}
	if end := queue[last].holder; !id.Complete && end.cert.RawSubject() != nil {
		id.Missing = missing(end)
	}
	for i := last; i > 0; i = queue[i].below {
		id.Chain = append(id.Chain, queue[i].ref)
	}
	slices.Reverse(id.Chain)
}

// selfSigned reports whether h ends a chain. Only a self-signed certificate may
// do without the key identifier of its issuer (RFC 5280, Section 4.2.1.1), so
// that its signature is in doubt only where the file has another key of its name.
func (s *issuers) selfSigned(h *holder) bool {
	if h.selfSigned == Unknown {
		h.selfSigned = No
		if h.cert.SelfIssued() && (keyIDs(h, h) != No && len(s.graph.Issuers(h.cert)) == 0 || s.signed(h, h)) {
			h.selfSigned = Yes
		}
	}
	return h.selfSigned == Yes
}

// oneKey reports whether all have the same key.
func oneKey(list []*holder) bool {
	return !slices.ContainsFunc(list, func(h *holder) bool { return !bytes.Equal(h.spki, list[0].spki) })
}

// of returns the certificates that h was issued under, self-issued ones first.
// Those whose key identifier is another one are looked at only where no other is
// the issuer.
func (s *issuers) of(h *holder) []*holder {
	if h.asked {
		return h.issuers
	}
	h.asked = true
	var agree, disagree []*holder
	for _, c := range s.graph.Issuers(h.cert) {
		if issuer := s.holders[c]; keyIDs(h, issuer) == No {
			disagree = append(disagree, issuer)
		} else {
			agree = append(agree, issuer)
		}
	}
	if h.issuers = s.among(h, agree); h.issuers == nil {
		h.issuers = s.among(h, disagree)
	}
	slices.SortStableFunc(h.issuers, func(a, b *holder) int { return selfIssued(b) - selfIssued(a) })
	return h.issuers
}

// among returns those of a list whose key made the signature of h.
func (s *issuers) among(h *holder, list []*holder) []*holder {
	one := oneKey(list)
	keys := make(map[string]bool) // by SubjectPublicKeyInfo: whether it made the signature
	var issuers []*holder
	for _, c := range list {
		made, known := keys[string(c.spki)]
		if !known {
			made = one && keyIDs(h, c) == Yes || s.signed(h, c)
			keys[string(c.spki)] = made
		}
		if made {
			issuers = append(issuers, c)
		}
	}
	return issuers
}

// selfIssued is 1 for a self-issued certificate, 0 for others.
func selfIssued(h *holder) int {
	if h.cert.SelfIssued() {
		return 1
	}
	return 0
}

// signed reports whether the key of c made the signature of h. Where that cannot
// be computed, the key identifiers decide.
func (s *issuers) signed(h, c *holder) bool {
	if s.checked >= s.in.limits.Signatures {
		if !s.cut {
			s.cut = true
			s.in.find(codeSignatures, severityWarning, nil, "more than %d signatures of certificates: the rest was not verified", s.in.limits.Signatures)
		}
		return keyIDs(h, c) == Yes
	}
	s.checked++
	err := h.cert.SignedBy(c.cert)
	if errors.Is(err, chain.ErrUnsupportedAlgorithm) {
		return keyIDs(h, c) != No
	}
	return err == nil
}

// keyIDs says whether the key identifiers of h and its issuer c agree; Unknown
// where one of them is missing.
func keyIDs(h, c *holder) Answer {
	authority, subject := h.cert.AuthorityKeyID(), c.cert.SubjectKeyID()
	switch {
	case len(authority) == 0 || len(subject) == 0:
		return Unknown
	case bytes.Equal(authority, subject):
		return Yes
	default:
		return No
	}
}
