package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/examples/smimechain/describe"
	"github.com/smimechain/smimechain/lint/say"
)

// pathText writes the report for people: the tree first, then the reasons.
type pathText struct {
	*bufio.Writer
	r     *describe.Paths
	certs map[string]*describe.PathCertificate
	page  screen
}

func writePathText(w io.Writer, r *describe.Paths, page screen) error {
	t := pathText{bufio.NewWriter(page.fold(w)), r, r.BySHA256(), page}
	t.branch(pathTree(r), "", "")
	t.disputed()
	t.rejected()
	t.deadEnds()
	t.notes()
	t.summary()
	return t.Flush()
}

// line writes a sentence on a line of its own, after what the line begins with.
func (t pathText) line(begin string, format say.Text, args ...any) {
	fmt.Fprintln(t, begin+t.page.say(format, args...))
}

// branch writes a certificate and what is above it in the hierarchy, which is
// below it on the page.
func (t pathText) branch(b *branch, first, rest string) {
	c := t.certs[b.sha256]
	var marks string
	if c.Anchor {
		marks += ", " + t.page.text("anchor")
	}
	if c.Fetched {
		marks += ", " + t.page.text("fetched")
	}
	t.line(first, "%s (%s, %s%s)", c.Subject, short(c.SHA256), period(c.NotBefore, c.NotAfter), marks)
	indent := rest
	if len(b.children) > 0 {
		indent += "│"
	} else {
		indent += " "
	}
	for _, i := range b.paths {
		p := t.r.Paths[i]
		// Printable would take the colour away.
		fmt.Fprintf(t, "%s    %s %s, %s\n", indent, t.page.say("path %d", i+1), t.verdict(p.Accepted), t.page.say("%s", window(p)))
		if p.Programmes != nil {
			t.line(indent+"    ", "trusted for e-mail by %s", t.words(p.Programmes))
		}
	}
	for _, i := range b.deadEnds {
		t.line(indent+"    ", "dead end %d: %s", i+1, stopsBecause(t.r.DeadEnds[i]))
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
		t.line("\n", "path %d is rejected", i+1)
		for _, problem := range p.Problems {
			t.line("  ", "%s: %s", t.name(problem.SHA256), problem.Found)
		}
	}
}

// disputed says what some programs refuse of the paths that are accepted.
func (t pathText) disputed() {
	for i, p := range t.r.Paths {
		if !p.Accepted || len(p.Disputed) == 0 {
			continue
		}
		t.line("\n", "path %d is accepted; some programs refuse what is on it", i+1)
		for _, problem := range p.Disputed {
			t.line("  ", "%s: %s", t.name(problem.SHA256), problem.Found)
		}
	}
}

func (t pathText) deadEnds() {
	for i, d := range t.r.DeadEnds {
		t.line("\n", "dead end %d: %s", i+1, t.name(d.SHA256))
		t.line("  ", "%s", stopsBecause(d))
		for _, address := range d.AIA {
			t.line("  ", "the certificate says the issuer is at %s", address)
		}
		for _, k := range d.Known {
			if k.Kind == "root" {
				t.line("  ", "known: the self-signed %s", k.Subject)
			} else {
				t.line("  ", "known: %s issued by %s", k.Subject, k.Issuer)
			}
			t.line("    ", "SHA-256 %s, %s, %s", strings.ToUpper(k.SHA256), period(k.NotBefore, k.NotAfter), k.URL)
			if k.Programmes != nil {
				t.line("    ", "trusted for e-mail by %s", t.words(k.Programmes))
			}
			if k.Reason != "" {
				t.line("    ", "%s: %s", say.Text(k.Advice), say.Text(k.Reason))
			}
		}
		for _, m := range d.NearMisses {
			why := say.New("%s", say.Text(m.Reason))
			if m.Detail != "" {
				why = say.New("%s: %s", say.Text(m.Reason), m.Detail)
			}
			t.line("  ", "near miss: %s: %s", t.name(m.SHA256), why)
		}
	}
}

// notes writes what a reader of the tree might not expect.
func (t pathText) notes() {
	var notes []say.Message
	for _, c := range t.r.Certificates {
		if c.Catalog == "name_only" {
			notes = append(notes, say.New("%s bears the name of a known CA, but is not known to have its key", t.name(c.SHA256)))
		}
		if c.Error.Err != nil {
			notes = append(notes, say.New("%s cannot be read: %v", t.name(c.SHA256), c.Error.Err))
		}
	}
	for _, u := range t.r.Unreadable {
		notes = append(notes, say.New("%s: the certificate at offset %d cannot be read: %v", u.File, u.Offset, u.Error.Err))
	}
	for _, e := range t.r.FetchErrors {
		notes = append(notes, say.New("%v", e.Err))
	}
	if t.r.Revocation == describe.RevocationGiven {
		notes = append(notes, say.New("revocation was checked against the lists in the files alone; what they do not cover counts as good"))
	}
	if t.r.Truncated != "" {
		notes = append(notes, say.New("the search was cut short by its limit of %s: there may be more paths and dead ends", say.Text(t.r.Truncated)))
	}
	for i, n := range notes {
		if i == 0 {
			fmt.Fprintln(t)
		}
		t.line("", "note: %s", n)
	}
}

func (t pathText) summary() {
	accepted := 0
	for _, p := range t.r.Paths {
		if p.Accepted {
			accepted++
		}
	}
	t.line("\n", "%s: %d accepted, %d rejected, %s; %s unused", say.Count(len(t.r.Paths), "1 path", "%d paths"),
		accepted, len(t.r.Paths)-accepted, say.Count(len(t.r.DeadEnds), "1 dead end", "%d dead ends"),
		say.Count(len(t.r.Unused), "1 certificate", "%d certificates"))
	what := say.New("%s for %s", say.Text(t.r.Usage), t.r.EKU)
	if t.r.Mail != "" {
		what = say.New("%s and %s", what, t.r.Mail)
	}
	t.line("", "judged at %s: %s", t.r.Time, what)
}

// name names a certificate in a sentence.
func (t pathText) name(sha256 string) say.Message {
	if c := t.certs[sha256]; c != nil && c.Subject != "" {
		return say.New("%s (%s)", c.Subject, short(sha256))
	}
	return say.New("certificate %s", short(sha256))
}

func stopsBecause(d describe.DeadEnd) say.Message {
	switch {
	case d.Kind == "not_anchor":
		return say.New("the certificate is self-signed, and not an anchor")
	case d.Kind == "no_anchor":
		return say.New("its issuers lead only to each other")
	case d.MissingKeyID != "":
		return say.New("the issuer is missing: %s, key id %s", d.MissingSubject, d.MissingKeyID)
	default:
		return say.New("the issuer is missing: %s", d.MissingSubject)
	}
}

func (t pathText) verdict(accepted bool) string {
	if accepted {
		return t.page.color.Good(t.page.text("is accepted"))
	}
	return t.page.color.Bad(t.page.text("is rejected"))
}

// window says when every certificate of a path is valid.
func window(p describe.Path) say.Message {
	if p.NotAfter < p.NotBefore { // both in the one form of RFC 3339
		return say.New("at no time are all of its certificates valid")
	}
	return say.New("valid %s", period(p.NotBefore, p.NotAfter))
}

// words says which programmes trust a root.
func (t pathText) words(p *describe.Programmes) string {
	one := func(name string, p describe.Programme) string {
		trust := say.Text(p.Trust)
		if p.Trust == catalog.Unknown.String() {
			trust = "not known"
		}
		s := t.page.say("%s: %s", name, trust)
		if p.Since != "" {
			s += t.page.say(" since %s", p.Since)
		}
		if p.DistrustAfter != "" {
			s += t.page.say(" for certificates issued up to %s", p.DistrustAfter[:min(len(p.DistrustAfter), len("2006-01-02"))])
		}
		return s
	}
	return one("Mozilla", p.Mozilla) + ", " + one("Microsoft", p.Microsoft) + ", " + one("Apple", p.Apple)
}

// period writes a period by its days.
func period(from, to string) say.Message {
	day := func(s string) string { return s[:min(len(s), len("2006-01-02"))] }
	return say.New("%s to %s", day(from), day(to))
}

// short is the beginning of a fingerprint.
func short(sha256 string) string { return sha256[:min(len(sha256), 8)] + "…" }
