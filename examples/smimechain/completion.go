package main

import (
	"embed"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/lint/symptom"
)

// completeWords is the word with which the scripts of shells ask for what may follow.
// They write the word that is typed, so far, last and with a plus sign before it: some
// shells drop an argument that is empty.
const completeWords = "__complete"

// completeFiles is the line that asks a script to complete names of files.
const completeFiles = ":files"

//go:embed completion/smimechain.*
var shellScripts embed.FS

func shellNames() []string { return []string{"bash", "zsh", "fish", "powershell"} }

// completion writes the script of a shell.
func completion(c *command, args []string, std streams) (int, error) {
	fs := c.flags()
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	if fs.NArg() != 1 {
		return 0, say.Errorf("completion: want one shell: %s", strings.Join(shellNames(), ", "))
	}
	if !slices.Contains(shellNames(), fs.Arg(0)) {
		return 0, didYouMean(say.Errorf("unknown shell %q: want one of %s", fs.Arg(0), strings.Join(shellNames(), ", ")), fs.Arg(0), shellNames())
	}
	script, err := shellScripts.ReadFile("completion/smimechain." + fs.Arg(0))
	if err != nil {
		return 0, err
	}
	_, err = std.out.Write(script)
	return exitClean, err
}

// completeCommand answers a script: what the last of the words may become, one a line
// with a tab and a description behind it, and [completeFiles]. It reads no file.
func completeCommand(words []string, std streams) error {
	if len(words) == 0 {
		return nil
	}
	last := len(words) - 1
	l := line{language: std.language}
	l.complete(words[:last], strings.TrimPrefix(words[last], "+"))
	_, err := io.WriteString(std.out, l.answer.String())
	return err
}

// line is a command line that is being typed.
type line struct {
	language locale.Language
	answer   strings.Builder
	typed    string // the word that is completed
	before   string // what stands before the part of it that changes
}

// add answers with a word if it goes on from what was typed.
func (l *line) add(word, about string) {
	if strings.HasPrefix(word, l.typed) {
		fmt.Fprintf(&l.answer, "%s%s\t%s\n", l.before, word, strings.Join(strings.Fields(about), " "))
	}
}

func (l *line) files() { l.answer.WriteString(completeFiles + "\n") }

// complete answers for a word behind others.
func (l *line) complete(words []string, typed string) {
	l.typed = typed
	commands, name := commands(), ""
	if len(words) == 0 {
		l.commands(commands)
		l.add("help", l.language.Text("list the commands"))
		l.files() // are checked
		return
	}
	if words[0] == "deploy" {
		if commands = deployTargets(); len(words) == 1 {
			l.commands(commands)
			return
		}
		words = words[1:]
	}
	name, words = words[0], words[1:]
	i := slices.IndexFunc(commands, func(c *command) bool { return c.name == name })
	if i < 0 {
		i = slices.IndexFunc(commands, func(c *command) bool { return c.name == "check" })
	}
	if i < 0 {
		return
	}
	c := commands[i]
	fs := c.flagTable()
	open, ended := pending(fs, words)
	flagged, value, equal := strings.Cut(strings.TrimLeft(typed, "-"), "=")
	switch {
	case ended:
		l.files()
	case open != nil:
		l.typed = strings.TrimPrefix(typed, "=") // which is a word for bash
		l.value(fs, open)
	case equal && strings.HasPrefix(typed, "-"):
		if f := fs.Lookup(flagged); f != nil {
			l.before, l.typed = strings.TrimSuffix(typed, value), value
			l.value(fs, f)
		}
	case strings.HasPrefix(typed, "-"):
		l.flags(fs)
	default:
		l.argument(c)
	}
}

// pending returns the flag whose value comes next, and whether flags have ended.
func pending(fs *flagSet, words []string) (open *flag.Flag, ended bool) {
	for _, word := range words {
		switch {
		case word == "=" && open != nil: // so bash splits -flag=value
		case open != nil:
			open = nil
		case word == "--":
			return nil, true
		case len(word) > 1 && strings.HasPrefix(word, "-"):
			if f := fs.Lookup(strings.TrimLeft(word, "-")); f != nil && !isSwitch(f) {
				open = f
			}
		}
	}
	return open, false
}

// isSwitch reports whether a flag takes no value.
func isSwitch(f *flag.Flag) bool {
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}

func (l *line) commands(list []*command) {
	for _, c := range list {
		l.add(c.name, l.language.Say(c.summary))
	}
}

func (l *line) flags(fs *flagSet) {
	l.before = "-"
	if strings.HasPrefix(l.typed, "--") {
		l.before = "--"
	}
	l.typed = strings.TrimPrefix(l.typed, l.before)
	fs.VisitAll(func(f *flag.Flag) {
		_, about := fs.describe(f, l.language)
		l.add(f.Name, about)
	})
}

// value answers with the words that a flag takes, or with names of files.
func (l *line) value(fs *flagSet, f *flag.Flag) {
	choice, ok := fs.values[f.Name]
	if !ok {
		if placeholder, _ := fs.describe(f, locale.English); placeholder == "FILE" || placeholder == "DIR" {
			l.files()
		}
		return
	}
	var given []string
	if i := strings.LastIndex(l.typed, ","); choice.several && i >= 0 {
		given = strings.Split(l.typed[:i], ",")
		l.before, l.typed = l.before+l.typed[:i+1], l.typed[i+1:]
	}
	for _, word := range choice.words {
		if !slices.Contains(given, word) {
			l.add(word, "")
		}
	}
}

// argument answers with what a command takes that is no flag.
func (l *line) argument(c *command) {
	switch c.name {
	case "explain":
		for _, r := range lint.Rules() {
			l.add(r.Name, l.language.Text(r.Description))
		}
		for _, s := range symptom.All(l.language) {
			l.add(s.ID, s.Title)
		}
	case "completion":
		for _, shell := range shellNames() {
			l.add(shell, "")
		}
	case "version", "facts", "man":
	default:
		l.files()
	}
}
