package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
)

// knownText writes what is known of CAs for people.
type knownText struct {
	strings.Builder
	page  screen
	names shortNames
}

// text writes the report for people.
func (r *knownReport) text(page screen) string {
	t := &knownText{page: page, names: shortNames{}}
	for _, o := range r.Owners {
		t.names.add(o.CAs)
		t.names.add(o.Add)
		if h := o.Today; h != nil {
			t.names.add(slices.Concat(h.Roots, h.Issuing, h.Old))
		}
	}
	for i, o := range r.Owners {
		if i > 0 {
			t.WriteString("\n")
		}
		t.owner(&o)
	}
	t.WriteString("\n")
	t.line(0, "as of %s: %s", r.CatalogDate, r.Source)
	return t.String()
}

func (t *knownText) line(indent int, format say.Text, args ...any) {
	fmt.Fprintf(t, "%s%s\n", strings.Repeat("  ", indent), report.Printable(t.page.say(format, args...)))
}

func (t *knownText) owner(o *knownOwner) {
	fmt.Fprintf(t, "%s\n", t.page.color.Strong(report.Printable(o.Owner)))
	if o.Today != nil {
		t.today(o.Today)
	}
	switch {
	case len(o.Add) > 0 && len(o.CAs)+o.More > fewCAs:
		t.line(1, "To trust what it issues today, put these into the collection, in this order:")
	case len(o.Add) > 0:
		t.line(1, "For a collection, in this order:")
	default:
		t.line(1, "Nobody has looked up which of these it issues under today: smimechain known FILE tells which a certificate needs.")
	}
	for n, c := range o.Add {
		t.line(2, "%d. %s, SHA-256 %X, until %s", n+1, t.names.of(c.Subject), c.entry.SHA256, c.NotAfter.Format(time.DateOnly))
	}
	for _, k := range []struct {
		kind  catalog.EntryKind
		title say.Text
	}{{catalog.Root, "Roots"}, {catalog.Cross, "Cross-certificates"}, {catalog.Intermediate, "Other CAs"}} {
		first := true
		for _, c := range o.CAs {
			if c.entry.Kind != k.kind {
				continue
			}
			if first {
				t.line(1, "%s", k.title)
			}
			first = false
			t.ca(&c)
		}
	}
	if o.More > 0 {
		t.line(1, "%s", say.Count(o.More, "1 more is not listed: smimechain known -all", "%d more are not listed: smimechain known -all"))
	}
}

// today tells under which CAs an owner issues today.
func (t *knownText) today(h *knownHierarchy) {
	if h.Since != "" {
		t.line(1, "issues under %s since %s (%s, %s)", t.listed(h.Roots), h.Since, h.Source, h.Date)
	} else {
		t.line(1, "issues under %s today (%s, %s)", t.listed(h.Roots), h.Source, h.Date)
	}
	if len(h.Issuing) > 0 {
		t.line(1, "its issuing CAs are, among others: %s", t.listed(h.Issuing))
	}
	if len(h.Old) > 0 {
		t.line(1, "replaced are %s", t.listed(h.Old))
	}
}

func (t *knownText) listed(list []knownCA) string {
	var s []string
	for _, c := range list {
		s = append(s, t.names.of(c.Subject))
	}
	return strings.Join(s, ", ")
}

// ca tells of one CA.
func (t *knownText) ca(c *knownCA) {
	e := c.entry
	t.line(2, "%s, until %s", t.names.of(e.Subject), e.NotAfter.Format(time.DateOnly))
	if e.Kind != catalog.Root {
		t.line(3, "issued by %s", t.names.of(e.Issuer))
	}
	t.line(3, "SHA-256 %X", e.SHA256)
	switch {
	case e.Kind == catalog.Root && e.Listed():
		t.line(3, "for e-mail: Mozilla %s, Microsoft %s; in Apple's store %s", e.Mozilla.Trust, e.Microsoft.Trust, e.Apple.Trust)
	case e.Kind == catalog.Root:
		t.line(3, "in no list of a root programme")
	}
	if e.Revoked != nil {
		t.line(3, "revoked on %s (%s)", e.Revoked.Date.Format(time.DateOnly), e.Revoked.Source)
	}
	if e.Advice != catalog.Neutral {
		t.line(3, "%s: %s", e.Advice, say.Text(e.Reason))
	}
	for _, u := range c.URLs {
		t.line(3, "%s", u)
	}
}

// shortNames are the common names of CAs, each with its organisational unit, or the whole
// subject, where another CA has the same.
type shortNames map[string]map[string]bool

func (n shortNames) add(list []knownCA) {
	for _, c := range list {
		for _, s := range []string{c.Subject, c.Issuer} {
			name := chain.CommonName(s)
			if n[name] == nil {
				n[name] = map[string]bool{}
			}
			n[name][s] = true
		}
	}
}

func (n shortNames) of(subject string) string {
	name := chain.CommonName(subject)
	if len(n[name]) < 2 {
		return name
	}
	units := map[string]int{}
	for s := range n[name] {
		units[unitOf(s)]++
	}
	if unit := unitOf(subject); unit != "" && units[unit] == 1 {
		return name + " (" + unit + ")"
	}
	return subject
}

// unitOf returns the organisational unit of a name, empty where it has none or an
// escaped one.
func unitOf(subject string) string {
	for part := range strings.SplitSeq(subject, ",") {
		if unit, ok := strings.CutPrefix(part, "OU="); ok && !strings.Contains(subject, "\\") {
			return unit
		}
	}
	return ""
}
