package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
)

func diff(c *command, args []string, std streams) (int, error) {
	var (
		fs = c.flags()
		at timeFlag
	)
	fs.Var(&at, "at", "say what has expired at `TIME`, a date or RFC 3339; default: now")
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	if fs.NArg() != 2 {
		return 0, say.Errorf("diff: want two files, OLD and NEW, got %d", fs.NArg())
	}
	var sides [2][]*chain.Certificate
	for i, name := range fs.Args() {
		in, err := load([]string{name}, nil, std)
		if err != nil {
			return 0, err
		}
		if err := in.failed.err(); err != nil {
			return 0, err
		}
		sides[i] = certificates(in.files)
	}
	removed := without(sides[0], sides[1])
	added := without(sides[1], sides[0])
	page := screenOf(std, "")
	var b strings.Builder
	for _, c := range removed {
		fmt.Fprintf(&b, "%s %s\n", page.color.Bad("-"), diffLine(page, c, at.orNow()))
	}
	for _, c := range added {
		fmt.Fprintf(&b, "%s %s\n", page.color.Good("+"), diffLine(page, c, at.orNow()))
	}
	fmt.Fprintln(&b, page.say("%d removed, %d added, %d kept", len(removed), len(added), len(sides[0])-len(removed)))
	if _, err := fmt.Fprint(page.fold(std.out), b.String()); err != nil {
		return 0, err
	}
	if len(removed)+len(added) > 0 {
		return exitFindings, nil
	}
	return exitClean, nil
}

// certificates returns the certificates of files, each once.
func certificates(files []*bundle.File) []*chain.Certificate {
	var list []*chain.Certificate
	seen := map[[32]byte]bool{}
	for _, f := range files {
		for _, c := range f.Certificates {
			if c.Raw == nil {
				continue
			}
			if !seen[c.SHA256()] {
				seen[c.SHA256()] = true
				list = append(list, c.Certificate)
			}
		}
	}
	return list
}

// without returns the certificates of a that are not in b, sorted by subject.
func without(a, b []*chain.Certificate) []*chain.Certificate {
	there := map[[32]byte]bool{}
	for _, c := range b {
		there[c.SHA256()] = true
	}
	var list []*chain.Certificate
	for _, c := range a {
		if !there[c.SHA256()] {
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b *chain.Certificate) int { return strings.Compare(a.Subject(), b.Subject()) })
	return list
}

func diffLine(page screen, c *chain.Certificate, at time.Time) string {
	day := c.NotAfter().UTC().Format(time.DateOnly)
	if at.After(c.NotAfter()) {
		return page.say("%s, SHA-256 %X, expired on %s", c.Subject(), c.SHA256(), day)
	}
	return page.say("%s, SHA-256 %X, valid until %s", c.Subject(), c.SHA256(), day)
}
