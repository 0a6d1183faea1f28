package lint_test

import (
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"time"
)

// Revocation lists of generated roll-outs, and a second opinion on what they show. It is
// written from RFC 5280, Section 6.3, for lists without distribution points.

// rolledList is a revocation list in a roll-out.
type rolledList struct {
	by         *signer // whose name it has and, unless it is forged, whose key signed it
	this, next time.Time
	forged     bool
	critical   bool // it has an extension that nobody knows
	scope      byte // 1: users only, 2: CAs only
	names      []*signer
}

// lists adds revocation lists to one in four cases. They are drawn apart from all else,
// so that a case without them is the one that it always was.
func (m *maker) lists() {
	if draw := rand.New(rand.NewPCG(rollOutSeed+1, m.number)); draw.IntN(4) == 0 {
		m.Rand = draw
		for _, by := range slices.Clone(m.cas) {
			if m.in(3) {
				continue
			}
			m.list(by)
			if m.in(6) {
				m.list(by)
			}
		}
	}
}

// list makes a list of the issuer that a CA is, be the certificates of that issuer given
// or not.
func (m *maker) list(by *signer) {
	l := &rolledList{by: by, this: today.AddDate(0, 0, -1-m.IntN(3)), next: today.AddDate(0, 0, 7)}
	switch m.IntN(12) {
	case 0:
		l.this, l.next = today.AddDate(0, -2, 0), today.AddDate(0, -1, 0)
	case 1:
		l.this = today.AddDate(0, 0, 1)
	case 2:
		l.forged = true
	case 3:
		l.critical = true
	case 4:
		l.scope = 1
	case 5:
		l.scope = 2
	}
	template := &x509.RevocationList{Number: big.NewInt(int64(m.IntN(100)) + 1), ThisUpdate: l.this, NextUpdate: l.next}
	for _, c := range append(slices.Clone(m.cas), m.leaf) {
		if c.Issuer.CommonName != by.Subject.CommonName || !m.in(4) {
			continue
		}
		l.names = append(l.names, c)
		template.RevokedCertificateEntries = append(template.RevokedCertificateEntries, x509.RevocationListEntry{
			SerialNumber: c.SerialNumber, RevocationTime: today.AddDate(0, 0, -5), ReasonCode: []int{0, 1, 4, 6}[m.IntN(4)],
		})
	}
	if l.critical {
		template.ExtraExtensions = append(template.ExtraExtensions, pkix.Extension{Id: []int{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}})
	}
	if l.scope != 0 {
		template.ExtraExtensions = append(template.ExtraExtensions, pkix.Extension{Id: []int{2, 5, 29, 28}, Critical: true, Value: []byte{0x30, 3, 0x80 + l.scope, 1, 0xff}})
	}
	key := by.key
	if l.forged {
		key = ecKey(elliptic.P256(), 201)
	}
	issuer := *by.Certificate
	issuer.KeyUsage |= x509.KeyUsageCRLSign
	if len(issuer.SubjectKeyId) == 0 {
		issuer.SubjectKeyId = []byte{1}
	}
	der, err := x509.CreateRevocationList(nil, template, &issuer, key)
	m.did("%s", l)
	m.given.lists = append(m.given.lists, l)
	m.given.files = append(m.given.files, parse(fmt.Sprintf("%d.crl", len(m.given.lists)), der, err))
}

func (l *rolledList) String() string {
	text := fmt.Sprintf("list of %s (%s) from %s to %s", l.by.Subject.CommonName, l.by.SerialNumber, l.this.Format(time.DateOnly), l.next.Format(time.DateOnly))
	if l.forged {
		text += ", forged"
	}
	if l.critical {
		text += ", with an unknown critical extension"
	}
	text += []string{"", ", of users only", ", of CAs only"}[l.scope] + ", names"
	for _, c := range l.names {
		text += fmt.Sprintf(" %s (%s)", c.Subject.CommonName, c.SerialNumber)
	}
	return text
}

// standing is what lists show of a certificate.
type standing int

const (
	notRevoked  standing = iota // or nothing is known
	namedInVain                 // by a list that proves nothing
	disputed                    // what names it may count or not: there is no opinion
	revoked
)

// standing says what the lists show of the certificate at a place of a path.
func (o *opinion) standing(lists []*rolledList, path []*signer, i int) standing {
	if i+1 >= len(path) {
		return notRevoked // an anchor
	}
	c, issuer := o.of(path[i]), path[i+1]
	var newest [3]*rolledList // of each scope
	var idle, other, otherNames bool
	for _, l := range lists {
		if !sameName(o.of(l.by).TBS.Subject, c.TBS.Issuer) {
			continue
		}
		names := l.has(path[i])
		switch proves := !l.forged && !l.critical && !today.Before(l.this) && !today.After(l.next); {
		case l.scope == 1 && c.isCA() || l.scope == 2 && !c.isCA():
		case !proves || slices.Equal(l.by.RawSubjectPublicKeyInfo, issuer.RawSubjectPublicKeyInfo) && !o.of(issuer).uses(6):
			idle = idle || names
		case !slices.Equal(l.by.RawSubjectPublicKeyInfo, issuer.RawSubjectPublicKeyInfo):
			other, otherNames = true, otherNames || names
		case newest[l.scope] == nil || l.this.After(newest[l.scope].this):
			newest[l.scope] = l
		case l.this.Equal(newest[l.scope].this) && names:
			newest[l.scope] = l
		}
	}
	own := slices.ContainsFunc(newest[:], func(l *rolledList) bool { return l != nil && l.has(path[i]) })
	switch {
	case otherNames, own && other:
		return disputed
	case own:
		return revoked
	case idle:
		return namedInVain
	default:
		return notRevoked
	}
}

func (l *rolledList) has(c *signer) bool {
	return slices.ContainsFunc(l.names, func(n *signer) bool { return n.SerialNumber.Cmp(c.SerialNumber) == 0 })
}

// worst returns what lists show of a path.
func (o *opinion) worst(lists []*rolledList, path []*signer) standing {
	worst := notRevoked
	for i := range path {
		worst = max(worst, o.standing(lists, path, i))
	}
	return worst
}
