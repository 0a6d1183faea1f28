package main

import (
	"bufio"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/smimechain/smimechain/examples/smimechain/describe"
	"github.com/smimechain/smimechain/internal/console"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
)

// showPFX lists a PFX: what protects it, safe by safe and bag by bag, and who can
// open it. Errors of writing stay in the buffered writer.
func showPFX(w *bufio.Writer, f *describe.File, page screen) {
	r := f.PFX.Inspection
	fmt.Fprintf(w, "%s (pfx)\n\n", page.color.Strong(report.Printable(f.Name)))
	l := &pfxListing{labelled{w: w, page: page}}
	l.say("encoding", "%s, %s", r.Encoding.String(), say.Count(r.Size, "1 byte", "%d bytes"))
	l.line("integrity", l.integrity(r))
	l.line("password", l.password(r.Password))
	for i := range r.Safes {
		safe := &r.Safes[i]
		fmt.Fprintf(w, "\n%s  %s\n", console.Pad(page.say("safe %d", i), labelColumns), l.safe(safe))
		for j := range safe.Bags {
			l.bag(pkcs12.BagRef{i, j}, &safe.Bags[j])
		}
	}
	l.identities(r)
	if len(r.Observations) > 0 {
		fmt.Fprintf(w, "\n%s\n", page.text("noticed"))
		for _, f := range r.Observations {
			fmt.Fprintf(w, "  %s  %s%s\n", console.Pad(page.say("%s", f.Severity), len("error")), page.say("%s", f), at(f.At))
		}
	}
	l.openers(r, f.Compatible)
}

// pfxListing writes what is in a PFX.
type pfxListing struct{ labelled }

// openers says who can open the file.
func (l *pfxListing) openers(r *pkcs12.Inspection, compatible []pkcs12.Compatibility) {
	width := 0
	var refused []pkcs12.Importer
	for _, a := range []pkcs12.Answer{pkcs12.Yes, pkcs12.No, pkcs12.Unknown} {
		width = max(width, console.Columns(l.page.say("%s", answer(a))))
	}
	fmt.Fprintf(l.w, "\n%s\n", l.page.text("who can open it"))
	for i, t := range pkcs12.Importers() {
		v := compatible[i]
		if v.Answer == pkcs12.No {
			refused = append(refused, t.Importer)
		}
		word := console.Pad(l.page.say("%s", answer(v.Answer)), width)
		fmt.Fprintf(l.w, "  %s  %s\n", l.paint(v.Answer, word), l.page.text(t.Name))
		for _, reason := range v.Reasons {
			fmt.Fprintf(l.w, "    %*s%s\n", width, "", l.page.say("%s", reason))
		}
	}
	if len(refused) > 0 {
		l.remedy(r, refused)
	}
}

// remedy says how those that cannot open a file get one that they can, where rewrite
// would write it, and what to do otherwise.
func (l *pfxListing) remedy(r *pkcs12.Inspection, refused []pkcs12.Importer) {
	command := say.Text("For those that cannot: smimechain rewrite -for TARGET -o OUT.pfx IN.pfx")
	if len(r.Identities) > 1 {
		command = "For those that cannot: smimechain rewrite -for TARGET -identity N -o OUT.pfx IN.pfx, with N from 0 as above"
	}
	var obstacle pkcs12.Obstacle
	for i := range max(len(r.Identities), 1) {
		for _, t := range refused {
			obstacle = max(obstacle, r.RewriteObstacle(i, t))
		}
	}
	if obstacle == pkcs12.ObstacleNone {
		fmt.Fprintf(l.w, "\n%s\n", l.page.text(command))
		return
	}
	fmt.Fprintf(l.w, "\n%s\n", l.page.text(obstacle.Text()))
}

// answer is an answer as people read it.
func answer(a pkcs12.Answer) fmt.Stringer {
	if a == pkcs12.Unknown {
		return say.Text("not known")
	}
	return a
}

func (l *pfxListing) paint(a pkcs12.Answer, s string) string {
	switch a {
	case pkcs12.Yes:
		return l.page.color.Good(s)
	case pkcs12.No:
		return l.page.color.Bad(s)
	default:
		return l.page.color.Warn(s)
	}
}

func at(ref pkcs12.BagRef) string {
	if ref == nil {
		return ""
	}
	return " (" + ref.String() + ")"
}

func (l *pfxListing) integrity(r *pkcs12.Inspection) string {
	m := r.MAC
	if m == nil {
		return l.page.say("%s", r.Integrity)
	}
	s := l.page.say("%s, %s, %s, salt of %s: %s", r.Integrity, m.Digest, iterations(m.Iterations), say.Count(m.SaltLength, "1 byte", "%d bytes"), m.Status)
	if m.Err != nil {
		s += ": " + l.page.say("%s", m.Err)
	}
	return s
}

func (l *pfxListing) password(p pkcs12.Password) string {
	switch {
	case p.MixUp != 0:
		return l.page.say("%s; the password would be right %v", p.Status, p.MixUp)
	case p.Status == pkcs12.PasswordNotTried:
		return l.page.say("%s: -password-file or -password-env gives it", p.Status)
	case p.Status.Right() && p.Charset == pkcs12.CharsetEmpty:
		return l.page.say("%s: it is empty", p.Status)
	default:
		return l.page.say("%s", p.Status)
	}
}

func (l *pfxListing) safe(s *pkcs12.Safe) string {
	var text string
	switch {
	case s.Encryption != nil:
		text = l.page.say("encrypted under the password: %s: %s", l.encryption(s.Encryption), opened(s.Status))
	case s.Privacy == pkcs12.PrivacyNone:
		text = l.page.text("not encrypted as a whole")
	case s.Privacy == pkcs12.PrivacyPublicKey:
		text = l.page.text("encrypted for the owner of a certificate")
	default:
		text = l.page.say("%s", s.Privacy)
	}
	if s.Err != nil {
		text += ": " + l.page.say("%s", s.Err)
	}
	return text
}

func (l *pfxListing) encryption(e *pkcs12.Encryption) string {
	parts := []string{e.Scheme}
	for _, part := range []string{e.Cipher, e.KDF} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if e.PRF != "" {
		parts = append(parts, "HMAC-"+e.PRF)
	}
	return l.page.say("%s, %s, salt of %s", strings.Join(parts, ", "), iterations(e.Iterations), say.Count(e.SaltLength, "1 byte", "%d bytes"))
}

// iterations writes a number of iterations.
func iterations(n int64) say.Message {
	if n == math.MaxInt64 {
		return say.New("%s iterations", ">= 2^48")
	}
	return say.Count(n, "1 iteration", "%d iterations")
}

func (l *pfxListing) bag(ref pkcs12.BagRef, b *pkcs12.Bag) {
	title := l.page.text(bagTitle(b.Kind))
	var facts describe.Certificate
	if c := b.Certificate; c != nil {
		facts = describe.NewCertificate(c)
		title += ": " + l.page.color.Strong(report.Printable(facts.Subject))
	}
	fmt.Fprintf(l.w, "  %-6s  %s\n", ref, title)
	in := &labelled{w: l.w, page: l.page, indent: 10}
	in.line("friendly name", b.FriendlyName)
	if len(b.LocalKeyID) > 0 {
		in.line("localKeyID", fmt.Sprintf("%X (%s)", b.LocalKeyID, l.keyID(b.KeyID)))
	}
	in.line("provider", b.CSPName)
	in.certificate(&facts)
	if c := b.Certificate; c != nil && c.Err() != nil {
		in.line("error", c.Err().Error())
	}
	if b.Encryption != nil {
		in.say("encryption", "%s: %s", l.encryption(b.Encryption), opened(b.Status))
	}
	if k := b.Key; k != nil {
		in.say("private key", "%s, not shown", describeKey(k))
	}
	if b.SecretSize > 0 {
		in.say("secret", "%s, not shown", say.Count(b.SecretSize, "1 byte", "%d bytes"))
	}
	for _, a := range b.Attributes {
		in.line("attribute", l.attribute(a))
	}
	if b.Err != nil {
		in.say("error", "%s", b.Err)
	}
	for i := range b.Bags {
		l.bag(append(append(pkcs12.BagRef{}, ref...), i), &b.Bags[i])
	}
}

// describeKey says what kind of key a private key is, in the words of keyOf.
func describeKey(k *pkcs12.Key) string {
	switch {
	case k.Curve != "":
		return k.Algorithm + " " + k.Curve
	case k.Bits > 0:
		return fmt.Sprintf("%s %d", k.Algorithm, k.Bits)
	default:
		return k.Algorithm
	}
}

// bagTitle says what a bag holds.
func bagTitle(kind pkcs12.BagKind) say.Text {
	switch kind {
	case pkcs12.BagShroudedKey:
		return "private key, encrypted"
	case pkcs12.BagKey:
		return "private key, not encrypted"
	case pkcs12.BagSafeContents:
		return "bags in a bag"
	default:
		return say.Text(kind.String())
	}
}

// opened says how far an encrypted part was decrypted.
func opened(s pkcs12.ProtectionStatus) fmt.Stringer {
	if s == pkcs12.StatusOK {
		return say.Text("decrypted")
	}
	return s
}

// maxAttribute is the longest value of an attribute that is written, in octets.
const maxAttribute = 32

// attribute describes an attribute that no line of its own is about.
func (l *pfxListing) attribute(a pkcs12.Attribute) string {
	switch a.Name {
	case "friendlyName", "localKeyID", "Microsoft CSP name":
		return ""
	case "":
		a.Name = a.OID
	}
	for i, v := range a.Values {
		if i == 0 {
			a.Name += ":"
		}
		if len(v) <= maxAttribute {
			a.Name += fmt.Sprintf(" %X", v)
		} else {
			a.Name += " " + l.page.say("%s", say.Count(len(v), "1 byte", "%d bytes"))
		}
	}
	return a.Name
}

func (l *pfxListing) keyID(id pkcs12.KeyID) string {
	kind := l.page.say("%s", id.Kind)
	switch {
	case !id.Time.IsZero():
		return kind + " " + id.Time.UTC().Format(time.RFC3339)
	case id.Text != "":
		return kind + " " + id.Text
	default:
		return kind
	}
}

func (l *pfxListing) identities(r *pkcs12.Inspection) {
	for i, id := range r.Identities {
		line := func(label string, format say.Text, args ...any) {
			fmt.Fprintf(l.w, "%s  %s\n", console.Pad(label, labelColumns), l.page.say(format, args...))
		}
		name := l.page.say("identity %d", i)
		fmt.Fprintln(l.w)
		switch {
		case id.Leaf != nil:
			line(name, "private key %s and certificate %s, linked by %s; the keys match: %s", id.Key.String(), id.Leaf.String(), id.LinkedBy, id.Matches)
		case r.Password.Status.Right() || r.Password.Status == pkcs12.PasswordNotNeeded:
			line(name, "private key %s, which no certificate here belongs to", id.Key.String())
		default:
			line(name, "private key %s; its certificate is not known, as not everything was decrypted", id.Key.String())
		}
		switch {
		case id.Complete:
			line("", "certificates above it: %d, up to a self-signed one", len(id.Chain))
		case id.Missing != nil:
			line("", "certificates above it: %d; that of %s is missing", len(id.Chain), id.Missing.Issuer)
		}
	}
}
