package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/smimechain/smimechain/lint/report"
)

// pathText writes the report for people: the tree first, then the reasons.
type pathText struct {
	*bufio.Writer
	r     *pathReport
	certs map[string]*pathCertificate
	color report.Colors
}

func writePathText(w io.Writer, r *pathReport, page screen) error {
	t := pathText{bufio.NewWriter(page.fold(w)), r, r.byHash(), page.color}
	t.branch(r.tree(), "", "")
	t.rejected()
	t.deadEnds()
	t.notes()
	t.summary()
	return t.Flush()
}

// line writes one line; what comes from a certificate is made printable.
func (t pathText) line(format string, args ...any) {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = report.Printable(s)
		}
	}
	fmt.Fprintf(t, format+"\n", args...)
}

// branch writes a certificate and what is above it in the hierarchy, which is
// below it on the page.
func (t pathText) branch(b *branch, first, rest string) {
	c := t.certs[b.sha256]
	mark := ""
	if c.Anchor {
		mark += ", anchor"
	}
	if c.Fetched {
		mark += ", fetched"
	}
	t.line("%s%s (%s, %s%s)", first, c.Subject, short(c.SHA256), span(c.NotBefore, c.NotAfter), mark)
	indent := rest
	if len(b.children) > 0 {
		indent += "│"
	} else {
		indent += " "
	}
	for _, i := range b.paths {
		p := t.r.Paths[i]
		t.line("%s    path %d: %s, %s", indent, i+1, t.verdict(p.Accepted), window(p))
		if p.Programmes != nil {
			t.line("%s    trusted for e-mail by %s", indent, p.Programmes.words())
		}
	}
	for _, i := range b.deadEnds {
		t.line("%s    dead end %d: %s", indent, i+1, stopsBecause(t.r.DeadEnds[i]))
	}
	for i, child := range b.children {
		if i < len(b.children)-1 {
			t.branch(child, rest+"├── ", rest+"│   ")
		} else {
			t.branch(child, rest+"└── ", rest+"    ")
		}
	}
}

func (t pathText) rejected() {
	for i, p := range t.r.Paths {
		if p.Accepted {
			continue
		}
		t.line("\npath %d is rejected", i+1)
		for _, problem := range p.Problems {
			why := strings.ReplaceAll(problem.Code, "_", " ")
			if problem.Detail != "" {
				why += ": " + problem.Detail
			}
			if problem.Clause != "" {
				why += " (" + problem.Clause + ")"
			}
			t.line("  %s: %s", t.name(problem.SHA256), why)
		}
	}
}

func (t pathText) deadEnds() {
	for i, d := range t.r.DeadEnds {
		t.line("\ndead end %d: %s", i+1, t.name(d.SHA256))
		t.line("  %s", stopsBecause(d))
		for _, address := range d.AIA {
			t.line("  the certificate says the issuer is at %s", address)
		}
		for _, k := range d.Known {
			if k.Kind == "root" {
				t.line("  known: the self-signed %s", k.Subject)
			} else {
				t.line("  known: %s issued by %s", k.Subject, k.Issuer)
			}
			t.line("    SHA-256 %s, %s, %s", strings.ToUpper(k.SHA256), span(k.NotBefore, k.NotAfter), k.URL)
			if k.Programmes != nil {
				t.line("    trusted for e-mail by %s", k.Programmes.words())
			}
			if k.Reason != "" {
				t.line("    %s: %s", k.Advice, k.Reason)
			}
		}
		for _, m := range d.NearMisses {
			why := m.Reason
			if m.Detail != "" {
				why += ": " + m.Detail
			}
			t.line("  near miss: %s: %s", t.name(m.SHA256), why)
		}
	}
}

// notes writes what a reader of the tree might not expect.
func (t pathText) notes() {
	var notes []string
	for _, c := range t.r.Certificates {
		if c.Catalog == "name_only" {
			notes = append(notes, t.name(c.SHA256)+" bears the name of a known CA, but is not known to have its key")
		}
		if c.Error != "" {
			notes = append(notes, t.name(c.SHA256)+" cannot be read: "+c.Error)
		}
	}
	for _, u := range t.r.Unreadable {
		notes = append(notes, fmt.Sprintf("%s: the certificate at offset %d cannot be read: %s", u.File, u.Offset, u.Error))
	}
	notes = append(notes, t.r.FetchErrors...)
	if t.r.Revocation == revocationGiven {
		notes = append(notes, "revocation was checked against the lists in the files alone; what they do not cover counts as good")
	}
	if t.r.Truncated != "" {
		notes = append(notes, "the search was cut short by its limit of "+t.r.Truncated+": there may be more paths and dead ends")
	}
	for i, n := range notes {
		if i == 0 {
			t.line("")
		}
		t.line("note: %s", n)
	}
}

func (t pathText) summary() {
	accepted := 0
	for _, p := range t.r.Paths {
		if p.Accepted {
			accepted++
		}
	}
	what := t.r.Usage + " for " + t.r.EKU
	if t.r.Mail != "" {
		what += " and " + t.r.Mail
	}
	t.line("\n%s: %d accepted, %d rejected, %s; %s unused", count(len(t.r.Paths), "path"),
		accepted, len(t.r.Paths)-accepted, count(len(t.r.DeadEnds), "dead end"), count(len(t.r.Unused), "certificate"))
	t.line("judged at %s: %s", t.r.Time, what)
}

// name names a certificate in a sentence.
func (t pathText) name(sha256 string) string {
	if c := t.certs[sha256]; c != nil && c.Subject != "" {
		return c.Subject + " (" + short(sha256) + ")"
	}
	return "certificate " + short(sha256)
}

func stopsBecause(d pathDeadEnd) string {
	switch d.Kind {
	case "not_anchor":
		return "the certificate is self-signed, and not an anchor"
	case "no_anchor":
		return "its issuers lead only to each other"
	}
	s := "the issuer is missing: " + d.MissingSubject
	if d.MissingKeyID != "" {
		s += ", key id " + d.MissingKeyID
	}
	return s
}

// painted is text of our own that may hold colours.
type painted string

func (t pathText) verdict(accepted bool) painted {
	if accepted {
		return painted(t.color.Good("accepted"))
	}
	return painted(t.color.Bad("rejected"))
}

// window says when every certificate of a path is valid.
func window(p pathFound) string {
	if p.NotAfter < p.NotBefore { // both in the one form of RFC 3339
		return "at no time are all of its certificates valid"
	}
	return "valid " + span(p.NotBefore, p.NotAfter)
}

// words says which programmes trust a root.
func (p *pathProgrammes) words() string {
	one := func(name string, p pathProgramme) string {
		s := name + ": " + p.Trust
		if p.Since != "" {
			s += " since " + p.Since
		}
		if p.DistrustAfter != "" {
			s += " for certificates issued up to " + p.DistrustAfter[:min(len(p.DistrustAfter), len("2006-01-02"))]
		}
		return s
	}
	return one("Mozilla", p.Mozilla) + ", " + one("Microsoft", p.Microsoft) + ", " + one("Apple", p.Apple)
}

// span writes a period by its days.
func span(from, to string) string {
	day := func(s string) string { return s[:min(len(s), len("2006-01-02"))] }
	return day(from) + " to " + day(to)
}

// short is the beginning of a fingerprint.
func short(sha256 string) string { return sha256[:min(len(sha256), 8)] + "…" }

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
