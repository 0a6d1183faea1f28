package main

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
	"golang.org/x/term"
)

// isFile reports whether an argument stands for a file or a folder rather than for a
// command: such as are dropped onto the program.
func isFile(arg string) bool {
	if arg == "-" || strings.ContainsAny(arg, `./\*?`) {
		return !strings.HasPrefix(arg, "-") || arg == "-"
	}
	_, err := os.Stat(arg)
	return err == nil
}

// ofOneUser are the facts that differ from user to user.
var ofOneUser = []lint.Fact{"primary_smtp", "proxy_addresses", "upn", "purposes", "directory_certificates"}

// askFacts asks a person for the facts that would decide what a report leaves open, and
// adds them to those that are known; ok is false where nothing was learnt. Of several files
// it asks for no fact of one user. An answer that cannot be one is asked for again; an
// empty one leaves the fact unknown.
func askFacts(r *lint.Report, known *lint.Facts, std streams) (facts *lint.Facts, ok bool) {
	var open []lint.Fact
	for _, v := range r.Subjects {
		open = append(open, v.Facts...)
	}
	for _, n := range r.NotChecked {
		for _, arg := range n.Why.Args {
			if fact, ok := arg.(lint.Fact); ok && n.Code == "fact" {
				open = append(open, fact) // without which rules did not run
			}
		}
	}
	in := bufio.NewReader(std.in)
	facts = new(lint.Facts)
	if known != nil {
		*facts = *known
	}
	for _, fact := range lint.AllFacts() {
		if !slices.Contains(open, fact) || len(r.Files) > 1 && slices.Contains(ofOneUser, fact) {
			continue
		}
		doc := strings.ReplaceAll(std.language.Say(fact.Doc()), "`", "") // the marks of its placeholder
		for range maxAsked {
			fmt.Fprint(std.err, report.Printable(std.language.Say(say.New("%s (Enter: not known): ", doc))))
			line, err := in.ReadString('\n')
			answer := strings.TrimSpace(line)
			if answer == "" && err != nil {
				fmt.Fprintln(std.err)
				return facts, ok // the end: nobody answers
			}
			if answer == "" {
				break
			}
			value, wrong := factValue(fact, answer)
			if wrong == nil {
				wrong = facts.Set(fact, value)
			}
			if wrong == nil {
				ok = true
				break
			}
			std.note("%s", wrong)
		}
	}
	return facts, ok
}

// maxAsked is how often a fact is asked for.
const maxAsked = 3

// waitForKey waits at a terminal until a key is pressed.
func (std streams) waitForKey() {
	if !canAsk(std) {
		return
	}
	in := std.in.(*os.File)
	fmt.Fprint(std.err, "\n"+std.language.Text("Press any key to close this window."))
	if before, err := term.MakeRaw(int(in.Fd())); err == nil {
		defer term.Restore(int(in.Fd()), before)
	}
	_, _ = in.Read(make([]byte, 1))
}
