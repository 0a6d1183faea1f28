package main

import (
	"fmt"
	"strings"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// writeFacts writes a file of facts to fill in.
func writeFacts(c *command, args []string, std streams) (int, error) {
	fs := c.flags()
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	if fs.NArg() > 0 {
		return 0, say.Errorf("facts: want no arguments; it writes a template, and check -facts FILE reads it")
	}
	_, err := std.out.Write(lint.FactsTemplate(std.language.Say))
	return exitClean, err
}

// factFlags give what the administrator knows and no file shows: in a file, or one by
// one, which goes before the file.
type factFlags struct {
	file  string
	given []givenFact
}

type givenFact struct {
	fact  lint.Fact
	value string
}

func (f *factFlags) register(fs *flagSet) {
	fs.StringVar(&f.file, "facts", "", "know the facts in the JSON `FILE`, of which \"smimechain facts\" writes a template; flags go before it")
	for _, fact := range lint.AllFacts() {
		fs.Var(&factFlag{f, fact}, fact.Flag(), "know %s", fact.Doc())
	}
}

// factFlag is the flag of one fact.
type factFlag struct {
	all  *factFlags
	fact lint.Fact
}

func (f *factFlag) String() string { return "" }

func (f *factFlag) Set(value string) error {
	value, err := factValue(f.fact, value)
	if err != nil {
		return err
	}
	if err := new(lint.Facts).Set(f.fact, value); err != nil {
		return err
	}
	f.all.given = append(f.all.given, givenFact{f.fact, value})
	return nil
}

// factValue returns the value of a fact, which that of one of them names a file with.
func factValue(fact lint.Fact, typed string) (string, error) {
	if fact != "smime_config" {
		return typed, nil
	}
	data, err := readText(typed, maxTextFile)
	return string(data), err
}

// facts returns the facts that the flags lead to; nil when there is none.
func (f *factFlags) facts() (*lint.Facts, error) {
	var facts *lint.Facts
	if f.file != "" {
		data, err := readText(f.file, maxTextFile)
		if err != nil {
			return nil, err
		}
		if facts, err = lint.ParseFacts(data); err != nil {
			return nil, say.Errorf("%s: %w", f.file, err)
		}
	}
	for _, g := range f.given {
		if facts == nil {
			facts = new(lint.Facts)
		}
		if err := facts.Set(g.fact, g.value); err != nil {
			return nil, say.Errorf("-%s: %w", g.fact.Flag(), err)
		}
	}
	return facts, nil
}

// factsHelp says what the file of facts is, behind the flags of a command that reads it.
func factsHelp(std streams) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s\n", std.language.Say(say.New("The FILE of -facts is a JSON object with \"version\": %d and any of these fields, each of which means what the flag beside it does; \"smimechain facts > facts.json\" writes one to fill in:", lint.FactsVersion)))
	for _, fact := range lint.AllFacts() {
		fmt.Fprintf(&b, "  %-24s-%s\n", string(fact), fact.Flag())
	}
	return b.String()
}
