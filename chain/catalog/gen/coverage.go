package main

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/catalog"
)

// coverage is what is known of one owner.
type coverage struct {
	owner                            string
	roots, crosses, cas, mail, whole int
	mozilla, microsoft, apple        int
	since                            string
}

// coverageTable counts the catalogue by owner: those with CAs that name
// emailProtection, are valid on the date of the catalogue and are no roots.
func coverageTable() []byte {
	c := catalog.Default()
	at := c.Date()
	owners := map[string]*coverage{}
	var total coverage
	for _, e := range c.Entries() {
		o := owners[e.Owner]
		if o == nil {
			o = &coverage{owner: e.Owner}
			owners[e.Owner] = o
		}
		if at.After(e.NotAfter) {
			continue
		}
		for _, o := range []*coverage{o, &total} {
			switch e.Kind {
			case catalog.Root:
				o.roots++
			case catalog.Cross:
				o.crosses++
			default:
				o.cas++
			}
		}
		if e.Kind == catalog.Root || !slices.Contains(e.ExtKeyUsages, chain.EmailProtection.String()) {
			continue
		}
		ways := c.WaysFrom(e, &catalog.WayOptions{Time: at})
		for _, o := range []*coverage{o, &total} {
			o.mail++
			if len(ways) > 0 && ways[0].Complete {
				o.whole++
			}
			any := func(says func(catalog.Entry) catalog.Programme) int {
				if slices.ContainsFunc(ways, func(w catalog.Way) bool { return w.Complete && says(w.Anchor()).Trust == catalog.Yes }) {
					return 1
				}
				return 0
			}
			o.mozilla += any(func(e catalog.Entry) catalog.Programme { return e.Mozilla })
			o.microsoft += any(func(e catalog.Entry) catalog.Programme { return e.Microsoft })
			o.apple += any(func(e catalog.Entry) catalog.Programme { return e.Apple })
		}
	}
	for _, h := range c.Hierarchies() {
		if o := owners[h.Owner]; o != nil {
			o.since = "yes"
		}
	}
	list := slices.SortedFunc(maps.Values(owners), func(a, b *coverage) int {
		return cmp.Or(b.mail-a.mail, strings.Compare(a.owner, b.owner))
	})
	list = slices.DeleteFunc(list, func(o *coverage) bool { return o.mail == 0 })
	var b bytes.Buffer
	fmt.Fprintf(&b, `# What the catalogue knows

As of %s. %d CAs that may serve mail, expired for less than two years or not at all;
those valid then are counted below by owner, where one of them that is no root names
emailProtection. %s

- **CAs for mail**: name emailProtection and are no roots.
- **to a root**: of these, for how many the catalogue names every certificate up to a root.
- **Mozilla, Microsoft, Apple**: for how many it names a way to a root that the programme
  trusts for e-mail; Apple does not publish for what a root in its store serves.
- **today**: whether somebody has looked up which hierarchy the owner issues under.

`+"`smimechain known OWNER`"+` shows them. Go generate writes this file.

| owner | roots | cross-certificates | other CAs | CAs for mail | to a root | Mozilla | Microsoft | Apple | today |
| --- | --: | --: | --: | --: | --: | --: | --: | --: | --- |
`, at.Format("2006-01-02"), len(c.Entries()), "Sources: "+c.Source()+".")
	total.owner = "**all**"
	for _, o := range append([]*coverage{&total}, list...) {
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %d %% | %d | %d | %d | %s |\n", strings.ReplaceAll(o.owner, "|", `\|`),
			o.roots, o.crosses, o.cas, o.mail, 100*o.whole/o.mail, o.mozilla, o.microsoft, o.apple, o.since)
	}
	return b.Bytes()
}
