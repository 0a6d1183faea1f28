package lint_test

import (
	"context"
	"crypto/elliptic"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// givenForm is how a roll-out is handed over. Certificates lie in one of the lists,
// each for what it counts there.
type givenForm struct {
	name  string
	kind  lint.SubjectKind // of the user
	inner []*signer        // beside the certificate of the user, in its own file
	store []*signer        // in the tenant's store; none: there is none
	with  []*signer        // that help and are not judged
	roots []*signer        // that are said to be rolled out

	pfx      pfxForm
	data     []byte // the PFX or message
	mismatch bool   // the key of the PFX is another one
	message  messageForm

	lists   []*rolledList
	files   []*bundle.File
	facts   lint.Facts
	targets []lint.Target
}

// pfxForm is how a PFX is written, and with what it is opened.
type pfxForm struct {
	encoder  *gopkcs12.Encoder // nil: there is no PFX
	name     string
	password string // that is given
}

// messageForm is what is done to a message.
type messageForm struct {
	changed, otherKey bool
	from              string
}

var (
	pfxForms = []pfxForm{
		{gopkcs12.LegacyDES.WithIterations(2048), "3DES", strong},
		{gopkcs12.Modern2023.WithIterations(2048), "AES", strong},
		{gopkcs12.LegacyDES.WithIterations(2048), "3DES", "another"},
	}
	byProgramme  = []lint.Target{lint.AppleMail, lint.Windows, lint.Thunderbird}
	byCollection = []lint.Target{lint.ExchangeOnline, lint.OutlookIOS, lint.OutlookAndroid}
)

// How many forms there are, the first half with roots that are rolled out and the other
// with a store; the last of each half is mail.
const (
	forms    = 2 * mailForm
	mailForm = 4
)

// give puts the certificates into files.
func (m *maker) give() {
	g := &m.given
	g.kind = "certificate"
	g.targets = byProgramme
	rest := slices.Clone(m.cas)
	// split takes each of the CAs that are left once in n times.
	split := func(n int) (taken []*signer) {
		rest = slices.DeleteFunc(rest, func(c *signer) bool {
			if !m.in(n) {
				return false
			}
			taken = append(taken, c)
			return true
		})
		return taken
	}
	if m.form >= mailForm {
		g.targets = byCollection
		if m.form != mailForm && m.in(3) {
			g.inner = split(2)
		}
		if m.in(6) {
			g.with = split(3)
		}
		g.store = rest
		if len(g.store) == 0 {
			g.store = []*signer{newCA(m.name("Stranger", 1), nil, ecKey(elliptic.P256(), 151))}
		}
	} else {
		if m.in(4) {
			g.with = split(3)
		}
		g.inner = rest
		for _, c := range m.cas {
			if selfSignedHere(c) && !m.in(6) {
				g.roots = append(g.roots, c)
			}
		}
	}
	m.tell()
	switch m.form {
	case 0, mailForm:
		g.name = "loose"
		g.files = loose(append([]*signer{m.leaf}, g.inner...)...)
	case 1:
		g.name = "PEM bundle"
		g.files = pemBundle(append([]*signer{m.leaf}, g.inner...)...)
		if m.in(4) {
			g.name = "PKCS #7"
			g.files = p7b(append([]*signer{m.leaf}, g.inner...)...)
		}
	case 2, mailForm + 1, mailForm + 2:
		g.kind = "identity"
		if m.form == 2 {
			g.targets = append(slices.Clone(g.targets), lint.Intune)
		}
		m.identity()
	default:
		g.kind = "message"
		m.mail()
	}
	if len(g.store) > 0 {
		g.name += " beside a store"
		g.files = append(g.files, store(g.store...)...)
	}
}

// selfSignedHere reports whether the generator made a certificate with its own key.
func selfSignedHere(c *signer) bool {
	return c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}

// tell makes facts.
func (m *maker) tell() {
	f := &m.given.facts
	switch m.IntN(6) {
	case 0:
		f.PrimarySMTP = "user@example.com"
	case 1:
		f.PrimarySMTP, f.ProxyAddresses = "primary@example.com", []string{"user@example.com"}
		if m.in(2) {
			f.SmimeConfig = &lint.SmimeConfig{UseSecondaryProxies: m.in(2)}
		}
	}
	switch m.IntN(8) {
	case 0:
		f.Purposes = []chain.Usage{chain.Sign}
	case 1:
		f.Purposes = []chain.Usage{chain.Encrypt}
	case 2:
		f.Purposes = []chain.Usage{chain.Sign, chain.Encrypt}
	}
	switch m.IntN(4) {
	case 0:
		f.OldestIOS = lint.IOSVersion{Major: 16}
	case 1:
		f.OldestIOS = lint.IOSVersion{Major: 18}
	}
}

// identity writes a PFX.
func (m *maker) identity() {
	g := &m.given
	g.pfx = pfxForms[m.IntN(2)]
	if m.in(10) {
		g.pfx = pfxForms[2]
	}
	g.name = "PFX " + g.pfx.name
	owner := *m.leaf
	if m.in(12) {
		m.did("the key of another")
		g.mismatch, owner.key = true, ecKey(elliptic.P256(), 99)
	}
	g.data = encode(g.pfx.encoder, strong, &owner, g.inner...)
	f, err := (&bundle.Options{Password: &g.pfx.password}).Parse(context.Background(), "user.pfx", g.data)
	if err != nil {
		panic(err)
	}
	g.files = []*bundle.File{f}
}

// mail writes a message that the user signed, today.
func (m *maker) mail() {
	g := &m.given
	g.name = "mail"
	g.message.from = "user@example.com"
	by, text := *m.leaf, mailText
	if m.in(12) {
		m.did("signed with the key of another")
		g.message.otherKey, by.key = true, ecKey(elliptic.P256(), 98)
	}
	if m.in(10) {
		m.did("from another")
		g.message.from = "boss@example.com"
	}
	p7s := signature([]byte(mailText), &by, today, append([]*signer{m.leaf}, g.inner...)...)
	if m.in(10) {
		m.did("text changed")
		g.message.changed = true
		text = text[:len(text)-3] + "!\r\n"
	}
	var lines strings.Builder
	for line := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString(p7s)), 64) {
		lines.WriteString(string(line) + "\r\n")
	}
	g.data = fmt.Appendf(nil, "From: %s\r\nMIME-Version: 1.0\r\nContent-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=b\r\n\r\n--b\r\n%s\r\n--b\r\nContent-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n--b--\r\n",
		g.message.from, text, lines.String())
	g.files = []*bundle.File{parse("m.eml", g.data, nil)}
}
