package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/lint"
)

func explain(c *command, args []string, std streams) (int, error) {
	fs := c.flags()
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	if fs.NArg() != 1 {
		return 0, fmt.Errorf("explain: want the name of one rule, such as %s", lint.Rules()[0].Name)
	}
	name := fs.Arg(0)
	rule, ok := lint.Find(name)
	if !ok {
		return 0, fmt.Errorf("unknown rule %q%s", name, suggest(name))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n\n%s\n", rule.Name, rule.Status(), rule.Description)
	if rule.Remedy != "" {
		fmt.Fprintf(&b, "\nwhat to do   %s\n", rule.Remedy)
	}
	if len(rule.Targets) > 0 {
		fmt.Fprintf(&b, "targets      %v\n", rule.Targets)
	}
	fmt.Fprintf(&b, "source       %s\nconfidence   %s\n", rule.Citation, rule.Confidence)
	_, err := fmt.Fprint(std.out, b.String())
	return exitClean, err
}

// suggest names the rules that share a word with an unknown name.
func suggest(name string) string {
	var similar []string
	for _, r := range lint.Rules() {
		for word := range strings.SplitSeq(strings.ToLower(name), "_") {
			if len(word) > 3 && strings.Contains(r.Name, word) {
				similar = append(similar, r.Name)
				break
			}
		}
	}
	slices.Sort(similar)
	if len(similar) == 0 {
		return ""
	}
	return "; similar: " + strings.Join(slices.Compact(similar), ", ")
}
