package main

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/internal/console"
	"github.com/smimechain/smimechain/lint/say"
)

// knownReport is what is known of the CAs that were asked for. Its JSON is what -format
// json writes.
type knownReport struct {
	Version     int          `json:"version"`      // 1
	CatalogDate string       `json:"catalog_date"` // 2006-01-02
	Source      string       `json:"source"`
	Owners      []knownOwner `json:"owners"`
}

// knownOwner is one owner of CAs.
type knownOwner struct {
	Owner string          `json:"owner"`
	Today *knownHierarchy `json:"today,omitempty"` // absent where nobody has looked it up
	CAs   []knownCA       `json:"cas"`             // that were asked for: roots, then cross-certificates, then others
	More  int             `json:"more"`            // further ones, which are not listed
	Add   []knownCA       `json:"add"`             // what to put into a collection, in order
}

// knownHierarchy is what an owner issues under today.
type knownHierarchy struct {
	Roots   []knownCA `json:"roots"`
	Issuing []knownCA `json:"issuing"`
	Old     []knownCA `json:"old"`
	Since   string    `json:"since,omitempty"`
	Source  string    `json:"source"`
	Date    string    `json:"date"`
}

// knownCA is one certificate.
type knownCA struct {
	Kind         string            `json:"kind"`
	Subject      string            `json:"subject"`
	Issuer       string            `json:"issuer"`
	SHA256       string            `json:"sha256"` // 64 lower-case hexadecimal digits
	NotBefore    time.Time         `json:"not_before"`
	NotAfter     time.Time         `json:"not_after"`
	Programmes   map[string]string `json:"programmes,omitempty"` // of a root: yes, no or unknown
	Usages       []string          `json:"ext_key_usages,omitempty"`
	Constraints  []string          `json:"name_constraints,omitempty"`
	URLs         []string          `json:"urls"` // a page about it, and where its issuer's certificate can be had
	Revoked      string            `json:"revoked,omitempty"`
	Advice       string            `json:"advice,omitempty"`
	AdviceReason string            `json:"advice_reason,omitempty"`
	entry        catalog.Entry
}

// maxKnownCAs is how many certificates of an owner are listed.
const maxKnownCAs = 40

func known(c *command, args []string, std streams) (int, error) {
	var (
		fs     = c.flags()
		at     timeFlag
		whole  completer
		all    = fs.Bool("all", false, "print a line for every CA that is known, sorted")
		format = fs.String("format", "text", "write as `FORMAT`: text or json")
	)
	fs.Var(&at, "at", "judge at `TIME`, a date or RFC 3339; default: now")
	whole.addCAs(fs)
	fs.takes("format", []string{"text", "json"})
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	if *format != "text" && *format != "json" {
		return 0, say.Errorf("unknown format %q: want text or json", *format)
	}
	if err := whole.load(std, nil); err != nil {
		return 0, err
	}
	if err := whole.knowAll(); err != nil {
		return 0, err
	}
	cat := whole.known()
	if *all {
		if fs.NArg() > 0 {
			return 0, say.Errorf("known: -all takes no argument")
		}
		var lines []string
		for _, e := range cat.Entries() {
			lines = append(lines, e.Line())
		}
		slices.Sort(lines)
		_, err := fmt.Fprintln(std.out, strings.Join(lines, "\n"))
		return exitClean, err
	}
	if fs.NArg() == 0 {
		return 0, say.Errorf("known: want the name of a CA, such as GlobalSign, a fingerprint, or a file")
	}
	var found []catalog.Entry
	// A folder may have the first word of a name, in upper or lower case.
	isFile := func(name string) bool { _, err := os.Stat(name); return err == nil }
	if !slices.ContainsFunc(fs.Args(), func(name string) bool { return !isFile(name) }) {
		files, err := loadFiles(fs.Args(), std)
		if err != nil {
			return 0, err
		}
		found = knownIn(cat, files)
		if len(found) == 0 {
			return 0, say.Errorf("%s: neither a certificate in it nor the CA that issued one is known: the catalogue is of %s, and a private CA is in none",
				strings.Join(fs.Args(), ", "), cat.Date().Format(time.DateOnly))
		}
	} else {
		found = cat.Find(strings.Join(fs.Args(), " "))
	}
	if len(found) == 0 {
		return 0, errNotKnown(cat, strings.Join(fs.Args(), " "))
	}
	r := reportKnown(cat, found, at.orNow())
	if *format == "json" {
		return exitClean, console.EncodeJSON(std.out, r, "", "  ")
	}
	page := screenOf(std, "")
	_, err := fmt.Fprint(page.fold(std.out), r.text(page))
	return exitClean, err
}

// knownIn returns the CAs that the certificates of files are, or that have issued them.
func knownIn(cat *catalog.Catalog, files []*bundle.File) []catalog.Entry {
	var found []catalog.Entry
	add := func(list ...catalog.Entry) {
		for _, e := range list {
			if !slices.ContainsFunc(found, func(f catalog.Entry) bool { return f.SHA256 == e.SHA256 }) {
				found = append(found, e)
			}
		}
	}
	for _, f := range files {
		for _, c := range f.Certificates {
			if c.Raw == nil {
				continue
			}
			if e, ok := cat.ByFingerprint(c.SHA256()); ok {
				add(e)
				continue
			}
			d := chain.DeadEnd{Certificate: c.Certificate, RawIssuer: c.RawIssuer(), KeyID: c.AuthorityKeyID()}
			if list, proof := cat.Signer(d); proof == catalog.Verified {
				add(list...)
			}
		}
	}
	return found
}

// reportKnown gathers what is known of CAs by owner, as of a time.
func reportKnown(cat *catalog.Catalog, found []catalog.Entry, at time.Time) *knownReport {
	r := &knownReport{Version: 1, CatalogDate: cat.Date().Format(time.DateOnly), Source: cat.Source(), Owners: []knownOwner{}}
	for len(found) > 0 {
		owner := found[0].Owner
		var own []catalog.Entry
		found = slices.DeleteFunc(found, func(e catalog.Entry) bool {
			if e.Owner == owner {
				own = append(own, e)
			}
			return e.Owner == owner
		})
		r.Owners = append(r.Owners, describeOwner(cat, owner, own, at))
	}
	return r
}

func describeOwner(cat *catalog.Catalog, owner string, own []catalog.Entry, at time.Time) knownOwner {
	o := knownOwner{Owner: owner, CAs: []knownCA{}}
	valid := slices.DeleteFunc(slices.Clone(own), func(e catalog.Entry) bool { return at.After(e.NotAfter) })
	if len(valid) > 0 {
		own = valid
	}
	slices.SortStableFunc(own, func(a, b catalog.Entry) int {
		order := []catalog.EntryKind{catalog.Root, catalog.Cross, catalog.Intermediate}
		return cmp.Or(cmp.Compare(slices.Index(order, a.Kind), slices.Index(order, b.Kind)), compareTrue(forMail(a), forMail(b)), strings.Compare(a.Subject, b.Subject), b.NotAfter.Compare(a.NotAfter))
	})
	for _, e := range own[:min(len(own), maxKnownCAs)] {
		o.CAs = append(o.CAs, describeCA(e))
	}
	o.More = len(own) - len(o.CAs)
	var seeds []catalog.Entry // for which a collection is to serve
	for _, h := range cat.Hierarchies() {
		if h.Owner != owner {
			continue
		}
		t := describeHierarchy(cat, h)
		o.Today = t
		if len(own) > fewCAs {
			for _, ca := range append(slices.Clone(t.Issuing), t.Roots...) {
				seeds = append(seeds, ca.entry)
			}
		}
	}
	if seeds == nil && len(own) <= fewCAs {
		seeds = slices.Clone(own)
	}
	o.Add = toAdd(cat, seeds, at)
	return o
}

// describeHierarchy tells under which CAs an owner issues today.
func describeHierarchy(cat *catalog.Catalog, h catalog.Hierarchy) *knownHierarchy {
	t := &knownHierarchy{Source: h.Source, Date: h.Date.Format(time.DateOnly)}
	if !h.Since.IsZero() {
		t.Since = h.Since.Format(time.DateOnly)
	}
	for _, part := range []struct {
		sums [][32]byte
		to   *[]knownCA
	}{{h.Roots, &t.Roots}, {h.Issuing, &t.Issuing}, {h.Old, &t.Old}} {
		*part.to = []knownCA{}
		for _, sum := range part.sums {
			if e, ok := cat.ByFingerprint(sum); ok {
				*part.to = append(*part.to, describeCA(e))
			}
		}
	}
	return t
}

// toAdd returns what a collection has to hold to serve for some CAs, what is below first.
func toAdd(cat *catalog.Catalog, seeds []catalog.Entry, at time.Time) []knownCA {
	slices.SortStableFunc(seeds, func(a, b catalog.Entry) int {
		return compareTrue(a.Kind != catalog.Root, b.Kind != catalog.Root)
	})
	list := []knownCA{}
	added := map[[32]byte]bool{}
	add := func(e catalog.Entry) {
		if !added[e.SHA256] && e.Advice != catalog.LeaveOut && !at.After(e.NotAfter) {
			added[e.SHA256] = true
			list = append(list, describeCA(e))
		}
	}
	for _, e := range seeds {
		ways := cat.WaysFrom(e, &catalog.WayOptions{Time: at})
		add(e)
		if len(ways) == 0 {
			continue
		}
		for _, up := range ways[0].Entries {
			add(up)
		}
	}
	return list
}

// fewCAs is up to how many CAs somebody means these, and not all of their owner.
const fewCAs = 6

// forMail reports whether a root is in a list for e-mail or in Apple's store, or another CA
// names e-mail: what comes first.
func forMail(e catalog.Entry) bool {
	if e.Kind == catalog.Root {
		return e.Mozilla.Trust == catalog.Yes || e.Microsoft.Trust == catalog.Yes || e.Apple.Trust == catalog.Yes
	}
	return slices.Contains(e.ExtKeyUsages, emailProtection)
}

const emailProtection = "1.3.6.1.5.5.7.3.4"

// compareTrue orders true before false.
func compareTrue(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	default:
		return 1
	}
}

func describeCA(e catalog.Entry) knownCA {
	ca := knownCA{
		Kind: e.Kind.String(), Subject: e.Subject, Issuer: e.Issuer, SHA256: fmt.Sprintf("%x", e.SHA256),
		NotBefore: e.NotBefore, NotAfter: e.NotAfter, Constraints: e.Constraints, URLs: append(slices.Clone(e.AIA), e.URL()), entry: e,
	}
	for _, u := range e.ExtKeyUsages {
		ca.Usages = append(ca.Usages, chain.UsageName(u))
	}
	if e.Kind == catalog.Root {
		ca.Programmes = map[string]string{"mozilla": e.Mozilla.Trust.String(), "microsoft": e.Microsoft.Trust.String(), "apple": e.Apple.Trust.String()}
	}
	if e.Revoked != nil {
		ca.Revoked = e.Revoked.Date.Format(time.DateOnly)
	}
	if e.Advice != catalog.Neutral {
		ca.Advice, ca.AdviceReason = e.Advice.String(), e.Reason
	}
	return ca
}
