package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/internal/console"
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/say"
)

// flagSet holds the flags of a command. Their descriptions can be said in any
// language, and so can what is wrong with their values.
type flagSet struct {
	*flag.FlagSet
	usages map[string]say.Message
	values map[string]choice    // of flags that take one of a few words
	wrong  error                // of the last value that was refused
	notes  func(streams) string // behind the flags; nil for none
}

// flags returns the flag set of the command, with the flag that all have. It
// prints nothing by itself: an error becomes one line on standard error.
func (c *command) flags() *flagSet {
	fs := &flagSet{FlagSet: flag.NewFlagSet(c.name, flag.ContinueOnError), usages: map[string]say.Message{}, values: map[string]choice{}}
	fs.SetOutput(io.Discard)
	fs.Var(new(languageFlag), "lang", "write sentences in `LANG`: %s; default: the language of the system for what people read, English for programs", locale.Codes())
	fs.takes("lang", strings.Split(locale.Codes(), ", "))
	return fs
}

// choice are the words that a flag takes.
type choice struct {
	words   []string
	several bool // separated by commas
}

// takes says which words a flag takes.
func (fs *flagSet) takes(name string, words []string) { fs.values[name] = choice{words: words} }

// takesList says which words a flag takes a list of.
func (fs *flagSet) takesList(name string, words []string) {
	fs.values[name] = choice{words: words, several: true}
}

// String adds a flag, as that of package flag does. The values of its description
// follow it.
func (fs *flagSet) String(name, value string, usage say.Text, args ...any) *string {
	p := new(string)
	fs.StringVar(p, name, value, usage, args...)
	return p
}

// StringVar adds a flag; see [flagSet.String].
func (fs *flagSet) StringVar(p *string, name, value string, usage say.Text, args ...any) {
	fs.FlagSet.StringVar(p, name, value, "")
	fs.usages[name] = say.New(usage, args...)
}

// Int adds a flag; see [flagSet.String].
func (fs *flagSet) Int(name string, value int, usage say.Text, args ...any) *int {
	p := fs.FlagSet.Int(name, value, "")
	fs.usages[name] = say.New(usage, args...)
	return p
}

// given reports whether the arguments hold a flag.
func (fs *flagSet) given(name string) (given bool) {
	fs.Visit(func(f *flag.Flag) { given = given || f.Name == name })
	return given
}

// Bool adds a flag; see [flagSet.String].
func (fs *flagSet) Bool(name string, value bool, usage say.Text) *bool {
	p := new(bool)
	fs.BoolVar(p, name, value, usage)
	return p
}

// BoolVar adds a flag; see [flagSet.String].
func (fs *flagSet) BoolVar(p *bool, name string, value bool, usage say.Text) {
	fs.FlagSet.BoolVar(p, name, value, "")
	fs.usages[name] = say.New(usage)
}

// Var adds a flag; see [flagSet.String].
func (fs *flagSet) Var(value flag.Value, name string, usage say.Text, args ...any) {
	fs.FlagSet.Var(watched{value, fs}, name, "")
	fs.usages[name] = say.New(usage, args...)
}

// watched keeps the error of a value, of which package flag keeps but the text.
type watched struct {
	flag.Value
	fs *flagSet
}

func (w watched) Set(s string) error {
	w.fs.wrong = w.Value.Set(s)
	return w.fs.wrong
}

// parse parses the flags, and prints them when asked for help. Package flag stops
// at the first file; users of other commands write flags behind files too, so the
// rest is parsed again, except after "--".
func (c *command) parse(fs *flagSet, args []string, std streams) error {
	if c.tell != nil {
		c.tell(fs)
		return flag.ErrHelp
	}
	var files []string
	err := fs.Parse(args)
	for err == nil && fs.NArg() > 0 {
		parsed := len(args) - fs.NArg()
		if parsed > 0 && args[parsed-1] == "--" {
			files = append(files, fs.Args()...)
			break
		}
		files = append(files, fs.Arg(0))
		args = fs.Args()[1:]
		err = fs.Parse(args)
	}
	if err == nil {
		err = fs.Parse(append([]string{"--"}, files...)) // for Args
	}
	if errors.Is(err, flag.ErrHelp) {
		return errors.Join(err, fs.help(c, std))
	}
	if err != nil {
		return say.Errorf("%s: %w (smimechain %s -h lists the flags)", c.name, fs.reason(err), c.name)
	}
	return nil
}

// reason puts what package flag says into words that can be translated.
func (fs *flagSet) reason(err error) error {
	text := err.Error()
	if name, ok := strings.CutPrefix(text, "flag provided but not defined: "); ok {
		return fs.unknown(name)
	}
	if name, ok := strings.CutPrefix(text, "flag needs an argument: "); ok {
		return say.Errorf("the flag %s needs a value", name)
	}
	if value, name, ok := cutInvalid(text); ok && fs.wrong != nil {
		return say.Errorf("invalid value %s for flag %s: %w", value, name, fs.wrong)
	} else if ok && isNumber(fs.Lookup(strings.TrimPrefix(name, "-"))) {
		return say.Errorf("invalid value %s for flag %s: want a number", value, name)
	} else if ok {
		return say.Errorf("invalid value %s for flag %s: want true or false", value, name)
	}
	return err
}

// unknown says that there is no such flag, and which may be meant: one of a similar name,
// or else one or two that begin as it does, whose value is called so, or that take it for
// a value; or the command of that name.
func (fs *flagSet) unknown(name string) error {
	err := say.Errorf("there is no flag %s", name)
	word := strings.ToLower(strings.TrimLeft(name, "-"))
	var names, akin []string
	fs.VisitAll(func(f *flag.Flag) {
		names = append(names, "-"+f.Name)
		value, _ := fs.describe(f, locale.English)
		value = strings.ToLower(value)
		switch {
		case len(word) < 4:
		case strings.HasPrefix(f.Name, word), strings.HasPrefix(value, word), len(value) >= 4 && strings.HasPrefix(word, value):
			akin = append(akin, "-"+f.Name)
		case slices.Contains(fs.values[f.Name].words, word):
			akin = append(akin, "-"+f.Name+" "+word)
		}
	})
	switch {
	case nearestName(name, names) != "":
		return didYouMean(err, name, names)
	case slices.ContainsFunc(commands(), func(c *command) bool { return c.name == word }):
		return mayMean(err, "smimechain "+word)
	}
	return mayMean(err, akin...)
}

// isNumber reports whether a flag takes one.
func isNumber(f *flag.Flag) bool {
	if f == nil {
		return false
	}
	value, ok := f.Value.(flag.Getter)
	if !ok {
		return false
	}
	_, ok = value.Get().(int)
	return ok
}

// cutInvalid takes the value, in quotation marks, and the flag out of what package
// flag says of a wrong value.
func cutInvalid(text string) (value, name string, ok bool) {
	rest, ok := strings.CutPrefix(text, "invalid ")
	if !ok {
		return "", "", false
	}
	rest = strings.TrimPrefix(strings.TrimPrefix(rest, "boolean "), "value ")
	for _, mark := range []string{" for flag -", " for -"} {
		if i := strings.LastIndex(rest, mark); i >= 0 {
			name, _, _ = strings.Cut(rest[i+len(mark):], ":")
			return rest[:i], "-" + name, true
		}
	}
	return "", "", false
}

// describe returns the placeholder of a flag's value, empty for a switch, and what the
// flag does.
func (fs *flagSet) describe(f *flag.Flag, l locale.Language) (placeholder, usage string) {
	said := *f
	said.Usage = l.Say(fs.usages[f.Name])
	placeholder, usage = flag.UnquoteUsage(&said)
	if isSwitch(f) {
		placeholder = ""
	}
	return placeholder, usage
}

// help lists the flags on standard output.
func (fs *flagSet) help(c *command, std streams) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", std.language.Say(say.New("usage: smimechain %s %s", c.name, c.args)))
	fs.VisitAll(func(f *flag.Flag) {
		name, usage := fs.describe(f, std.language)
		fmt.Fprintf(&b, "  -%s\n", strings.TrimSpace(f.Name+" "+name))
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" {
			usage = std.language.Say(say.New("%s (default: %s)", usage, f.DefValue))
		}
		fmt.Fprintf(&b, "        %s\n", usage)
	})
	if fs.notes != nil {
		b.WriteString(fs.notes(std))
	}
	_, err := io.WriteString(console.Fold(std.out, screenOf(std, "").width), b.String())
	return err
}
