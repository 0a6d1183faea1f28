package main

import (
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/examples/smimechain/describe"
	"github.com/smimechain/smimechain/internal/console"
	"github.com/smimechain/smimechain/lint/say"
)

func diff(c *command, args []string, std streams) (int, error) {
	var (
		fs     = c.flags()
		at     timeFlag
		format = fs.String("format", "text", "write as `FORMAT`: text or json")
	)
	fs.Var(&at, "at", "say what has expired at `TIME`, a date or RFC 3339; default: now")
	fs.takes("format", []string{"text", "json"})
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	if *format != "text" && *format != "json" {
		return 0, say.Errorf("unknown format %q: want text or json", *format)
	}
	if fs.NArg() != 2 {
		return 0, say.Errorf("diff: want two files, OLD and NEW, got %d", fs.NArg())
	}
	var sides [2][]*bundle.File
	for i, name := range fs.Args() {
		in, err := loadAll([]string{name}, nil, std)
		if err != nil {
			return 0, err
		}
		sides[i] = in.files
	}
	d := describe.NewDiff(sides[0], sides[1])
	write := diffText
	if *format == "json" {
		write = func(std streams, d *describe.Diff, _ time.Time) error {
			return console.EncodeJSON(std.out, d, "", "  ")
		}
	}
	if err := write(std, d, at.orNow()); err != nil {
		return 0, err
	}
	if !d.Same() {
		return exitFindings, nil
	}
	return exitClean, nil
}

// diffText writes a line for each certificate that differs, and one that sums up.
func diffText(std streams, d *describe.Diff, at time.Time) error {
	page := screenOf(std, "")
	var b strings.Builder
	for _, c := range d.Removed {
		fmt.Fprintf(&b, "%s %s\n", page.color.Bad("-"), diffLine(page, &c, at))
	}
	for _, c := range d.Added {
		fmt.Fprintf(&b, "%s %s\n", page.color.Good("+"), diffLine(page, &c, at))
	}
	for _, c := range d.Changed {
		fmt.Fprintf(&b, "~ %s\n", page.say("%s, SHA-256 %s, other properties: %s", c.Subject, strings.ToUpper(c.SHA256), propertyNames(c.Properties)))
	}
	fmt.Fprintln(&b, page.say("%d removed, %d added, %d kept", len(d.Removed), len(d.Added), d.Kept))
	switch {
	case len(d.Changed) == 0:
	case len(d.Removed)+len(d.Added) == 0:
		fmt.Fprintln(&b, page.say("the certificates are the same: only properties differ, those of %d", len(d.Changed)))
	default:
		fmt.Fprintln(&b, page.say("the properties of %d that are kept differ too", len(d.Changed)))
	}
	_, err := io.WriteString(page.fold(std.out), b.String())
	return err
}

// propertyNames lists properties by their names, with a sign for what became of each.
func propertyNames(changes []describe.PropertyChange) string {
	var names []string
	for _, p := range changes {
		switch {
		case p.Old == nil:
			names = append(names, "+"+p.New.Name)
		case p.New == nil:
			names = append(names, "-"+p.Old.Name)
		default:
			names = append(names, "~"+p.New.Name)
		}
	}
	return strings.Join(names, ", ")
}

func diffLine(page screen, c *describe.Certificate, at time.Time) string {
	sum, _ := hex.DecodeString(c.SHA256)
	end, err := time.Parse(time.RFC3339, c.NotAfter)
	switch {
	case err != nil:
		return page.say("%s, SHA-256 %X, validity cannot be read", c.Subject, sum)
	case at.After(end):
		return page.say("%s, SHA-256 %X, expired on %s", c.Subject, sum, end.Format(time.DateOnly))
	default:
		return page.say("%s, SHA-256 %X, valid until %s", c.Subject, sum, end.Format(time.DateOnly))
	}
}
