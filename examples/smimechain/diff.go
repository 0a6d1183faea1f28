package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/report"
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
		return 0, fmt.Errorf("diff: want two files, OLD and NEW, got %d", fs.NArg())
	}
	var sides [2][]*chain.Certificate
	for i, name := range fs.Args() {
		in, err := load([]string{name}, nil, std)
		if err != nil {
			return 0, err
		}
		if err := in.err(); err != nil {
			return 0, err
		}
		sides[i] = certificates(in.files)
	}
	removed := without(sides[0], sides[1])
	added := without(sides[1], sides[0])
	var b strings.Builder
	for _, c := range removed {
		b.WriteString(diffLine('-', c, at.orNow()))
	}
	for _, c := range added {
		b.WriteString(diffLine('+', c, at.orNow()))
	}
	fmt.Fprintf(&b, "%d removed, %d added, %d kept\n", len(removed), len(added), len(sides[0])-len(removed))
	if _, err := fmt.Fprint(std.out, b.String()); err != nil {
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
			named := &chain.Certificate{Raw: c.Raw, Cert: c.Cert, Err: c.Err}
			if !seen[named.SHA256()] {
				seen[named.SHA256()] = true
				list = append(list, named)
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

func diffLine(sign rune, c *chain.Certificate, at time.Time) string {
	state := "valid until "
	if at.After(c.NotAfter()) {
		state = "expired on "
	}
	return fmt.Sprintf("%c %s, SHA-256 %X, %s%s\n", sign, report.Printable(c.Subject()), c.SHA256(), state, c.NotAfter().UTC().Format(time.DateOnly))
}
