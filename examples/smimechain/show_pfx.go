package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/pkcs12"
)

// shownPFX is the output of show -format json for a PFX: the inspection, and
// which programs can open the file.
type shownPFX struct {
	Name   string `json:"name"`
	Format string `json:"format"`
	*pkcs12.Report
	Compatible []pkcs12.Verdict `json:"compatible"`
}

// showPFX lists a PFX: what protects it, safe by safe and bag by bag, and who can
// open it.
func showPFX(w *bufio.Writer, name, format string, r *pkcs12.Report, color report.Colors) error {
	var compatible []pkcs12.Verdict
	for _, t := range pkcs12.Targets() {
		compatible = append(compatible, r.Compatible(t.Target))
	}
	if format == "json" {
		return writeJSON(w, shownPFX{name, "pfx", r, compatible})
	}
	fmt.Fprintf(w, "%s (pfx)\n\n", color.Strong(report.Printable(name)))
	fmt.Fprintf(w, "encoding   %s, %d bytes\n", r.Encoding, r.Size)
	fmt.Fprintf(w, "integrity  %s\n", describeMAC(r))
	fmt.Fprintf(w, "password   %s\n", describePassword(r.Password))
	for i, safe := range r.Safes {
		fmt.Fprintf(w, "\nsafe %d     %s\n", i, describeSafe(safe))
		for j := range safe.Bags {
			showBag(w, pkcs12.BagRef{i, j}, &safe.Bags[j])
		}
	}
	showIdentities(w, r)
	if len(r.Findings) > 0 {
		fmt.Fprint(w, "\nnoticed\n")
		for _, f := range r.Findings {
			fmt.Fprintf(w, "  %-7s  %s%s\n", f.Severity, report.Printable(f.Message), at(f.At))
		}
	}
	fmt.Fprint(w, "\nwho can open it\n")
	for i, t := range pkcs12.Targets() {
		fmt.Fprintf(w, "  %s  %s\n", paintAnswer(color, compatible[i].Answer), t.Name)
		for _, reason := range compatible[i].Reasons {
			fmt.Fprintf(w, "           %s\n", report.Printable(reason.Message))
		}
	}
	return nil
}

// paintAnswer writes an answer in the width of the longest.
func paintAnswer(color report.Colors, a pkcs12.Answer) string {
	s := fmt.Sprintf("%-7s", a)
	switch a {
	case pkcs12.Yes:
		return color.Good(s)
	case pkcs12.No:
		return color.Bad(s)
	default:
		return color.Warn(s)
	}
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func at(ref pkcs12.BagRef) string {
	if ref == nil {
		return ""
	}
	return " (" + ref.String() + ")"
}

func describeMAC(r *pkcs12.Report) string {
	m := r.MAC
	if m == nil {
		return r.Integrity.String()
	}
	s := fmt.Sprintf("%s, %s, %s iterations, salt of %d bytes: %s", r.Integrity, m.Digest, iterations(m.Iterations), m.SaltLength, m.Status)
	if m.Err != nil {
		s += ": " + m.Err.Error()
	}
	return report.Printable(s)
}

func describePassword(p pkcs12.Password) string {
	s := p.Status.String()
	if p.Hint != pkcs12.HintNone {
		s += "; it would be right " + p.Hint.String()
	}
	return s
}

func describeSafe(s pkcs12.Safe) string {
	text := s.Privacy.String()
	if s.Encryption != nil {
		text += ", " + describeEncryption(s.Encryption)
	}
	if s.Status != pkcs12.StatusPlain {
		text += ": " + s.Status.String()
	}
	if s.Err != nil {
		text += ": " + s.Err.Error()
	}
	return report.Printable(text)
}

func describeEncryption(e *pkcs12.Encryption) string {
	parts := []string{e.Scheme}
	for _, part := range []string{e.Cipher, e.KDF} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if e.PRF != "" {
		parts = append(parts, "HMAC-"+e.PRF)
	}
	return strings.Join(parts, ", ") + fmt.Sprintf(", %s iterations", iterations(e.Iterations))
}

// iterations writes a number of iterations.
func iterations(n int64) string {
	if n == math.MaxInt64 {
		return "more than 2^63"
	}
	return fmt.Sprint(n)
}

func showBag(w io.Writer, ref pkcs12.BagRef, b *pkcs12.Bag) {
	fmt.Fprintf(w, "  %-6s  %s\n", ref, b.Kind)
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "          %-13s  %s\n", name, report.Printable(value))
		}
	}
	line("friendly name", b.FriendlyName)
	if len(b.LocalKeyID) > 0 {
		line("localKeyID", fmt.Sprintf("%X (%s)", b.LocalKeyID, describeKeyID(b.KeyID)))
	}
	line("provider", b.CSPName)
	if c := b.Certificate; c != nil {
		named := &chain.Certificate{Raw: c.Raw, Cert: c.Cert, Err: c.Err}
		line("subject", named.Subject())
		line("issuer", named.Issuer())
		if !named.NotAfter().IsZero() {
			line("valid", named.NotBefore().UTC().Format(time.RFC3339)+" to "+named.NotAfter().UTC().Format(time.RFC3339))
		}
		line("SHA-256", fingerprint(c.Raw))
		if c.Err != nil {
			line("error", c.Err.Error())
		}
	}
	if b.Encryption != nil {
		line("encryption", describeEncryption(b.Encryption)+": "+b.Status.String())
	}
	if k := b.Key; k != nil {
		line("key", strings.TrimSpace(fmt.Sprintf("%s %d bits %s", k.Algorithm, k.Bits, k.Curve)))
	}
	if b.SecretSize > 0 {
		line("secret", fmt.Sprintf("%d bytes", b.SecretSize))
	}
	for _, a := range b.Attributes {
		if a.Name == "" {
			line("attribute", a.OID)
		}
	}
	if b.Err != nil {
		line("error", b.Err.Error())
	}
	for i := range b.Bags {
		showBag(w, append(append(pkcs12.BagRef{}, ref...), i), &b.Bags[i])
	}
}

func describeKeyID(id pkcs12.KeyID) string {
	switch {
	case !id.Time.IsZero():
		return id.Kind.String() + " " + id.Time.UTC().Format(time.RFC3339)
	case id.Text != "":
		return id.Kind.String() + " " + id.Text
	default:
		return id.Kind.String()
	}
}

func showIdentities(w io.Writer, r *pkcs12.Report) {
	for i, id := range r.Identities {
		fmt.Fprintf(w, "\nidentity %d  key %s", i, id.Key)
		if id.Leaf == nil {
			fmt.Fprint(w, ", no certificate\n")
			continue
		}
		fmt.Fprintf(w, ", certificate %s, linked by %s; keys match: %s\n", id.Leaf, id.LinkedBy, id.Matches)
		switch {
		case id.Complete:
			fmt.Fprintf(w, "            chain of %d certificates above it, to a self-signed one\n", len(id.Chain))
		case id.Missing != nil:
			fmt.Fprintf(w, "            chain of %d certificates above it; missing is %s\n", len(id.Chain), report.Printable(id.Missing.Issuer))
		}
	}
}
