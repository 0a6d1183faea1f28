package main

import (
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/say"
)

// man writes the manual page in the language of roff. Its date is that of the
// catalogue of CAs, so that the same build writes the same page.
func man(c *command, args []string, std streams) (int, error) {
	fs := c.flags()
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	if fs.NArg() > 0 {
		return 0, say.Errorf("man: want no argument, got %d", fs.NArg())
	}
	l := std.language
	if !std.asked {
		l = locale.English
	}
	p := &manual{language: l}
	p.write(std)
	_, err := io.WriteString(std.out, p.String())
	return exitClean, err
}

// manual is a page in the macros of man.
type manual struct {
	strings.Builder
	language locale.Language
}

// plain makes a text one line that roff shows as it is.
func plain(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", "\\(ga", "^", `\(ha`, "~", `\(ti`, `"`, `\(dq`).Replace(strings.Join(strings.Fields(text), " "))
	if strings.HasPrefix(text, ".") {
		text = `\&` + text
	}
	return text
}

func (p *manual) line(text string) { p.WriteString(plain(text) + "\n") }

func (p *manual) section(title say.Text) {
	fmt.Fprintf(p, ".SH \"%s\"\n", plain(p.language.Text(title)))
}

func (p *manual) write(std streams) {
	l := p.language
	fmt.Fprintf(p, ".TH SMIMECHAIN 1 %s \"%s\"\n", catalog.Default().Date().Format("2006-01-02"), plain("smimechain "+buildVersion()))
	p.section("NAME")
	p.line("smimechain - " + l.Text("smimechain checks whether an S/MIME roll-out will work, offline."))
	p.section("SYNOPSIS")
	for _, c := range commands() {
		fmt.Fprintf(p, ".br\n.B smimechain %s\n", plain(c.name))
		if c.args != "" {
			p.line(c.args)
		}
	}
	p.section("DESCRIPTION")
	p.line(l.Text("A FILE may be - for standard input. Flags may stand before and after files; behind -- all are files. \"smimechain COMMAND -h\" lists the flags."))
	p.section("COMMANDS")
	for _, c := range commands() {
		if c.name == "deploy" {
			for _, t := range deployTargets() {
				t.name = c.name + " " + t.name
				p.command(t, std)
			}
			continue
		}
		p.command(c, std)
	}
	p.section("EXIT STATUS")
	p.line(l.Text("Exit status: 0 works, 1 fails, is unknown or has findings, 2 could not check."))
}

func (p *manual) command(c *command, std streams) {
	fmt.Fprintf(p, ".SS \"smimechain %s\"\n", plain(strings.TrimSpace(c.name+" "+c.args)))
	p.line(p.language.Say(c.summary))
	fs := c.flagTable()
	fs.VisitAll(func(f *flag.Flag) {
		placeholder, usage := fs.describe(f, p.language)
		fmt.Fprintf(p, ".TP\n.BR \\-%s", plain(f.Name))
		if placeholder != "" {
			fmt.Fprintf(p, " \" %s\"", plain(placeholder))
		}
		p.WriteString("\n")
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" {
			usage = p.language.Say(say.New("%s (default: %s)", usage, f.DefValue))
		}
		p.line(usage)
	})
	if fs.notes != nil {
		std.language = p.language
		for line := range strings.Lines(fs.notes(std)) {
			if strings.TrimSpace(line) != "" {
				p.WriteString(".PP\n")
				p.line(line)
			}
		}
	}
}
