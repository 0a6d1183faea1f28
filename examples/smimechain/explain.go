package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/say"
)

// ruleName is how names of rules look; everything else is a symptom.
var ruleName = regexp.MustCompile(`^[ewn]_[a-z0-9_]+$`)

func explain(c *command, args []string, std streams) (int, error) {
	var (
		fs = c.flags()
	)
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	asked := strings.TrimSpace(strings.Join(fs.Args(), " "))
	if asked == "" {
		return 0, say.Errorf("explain: want the name of a rule, such as %s, or a symptom, such as \"wrong password on iPhone\"", lint.Rules()[0].Name)
	}
	page := screenOf(std, "")
	var text string
	if rule, ok := lint.Find(strings.ToLower(asked)); ok {
		text = explainRule(page, rule)
	} else if ruleName.MatchString(asked) {
		if similar := suggest(asked); len(similar) > 0 {
			return 0, say.Errorf("unknown rule %q; similar: %s", asked, strings.Join(similar, ", "))
		}
		return 0, say.Errorf("unknown rule %q", asked)
	} else {
		if !std.asked && strings.ContainsFunc(asked, isKana) {
			page.language = "ja"
		}
		found := lint.FindSymptoms(asked)
		if len(found) == 0 {
			return 0, say.Errorf("no rule and no symptom is like %q; these are known: %s", asked, symptomTitles(page.language))
		}
		text = explainSymptoms(page, found)
	}
	_, err := fmt.Fprint(page.fold(std.out), text)
	return exitClean, err
}

func explainRule(l screen, rule lint.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n\n%s\n\n", l.color.Strong(rule.Name), l.text(say.Text(rule.Status().String())), l.text(rule.Description))
	var rows [][2]string
	if rule.Remedy != "" {
		rows = append(rows, [2]string{l.text("What to do"), l.text(rule.Remedy)})
	}
	for _, s := range rule.Symptoms {
		rows = append(rows, [2]string{l.text("Seen as"), l.text(s)})
	}
	if len(rule.Targets) > 0 {
		rows = append(rows, [2]string{l.text("Target"), strings.Trim(fmt.Sprint(rule.Targets), "[]")})
	}
	rows = append(rows, [2]string{l.text("Source"), rule.Citation}, [2]string{l.text("Confidence"), l.say("%s", rule.Confidence)})
	for _, row := range rows {
		fmt.Fprintf(&b, "%s: %s\n", row[0], row[1])
	}
	return b.String()
}

func explainSymptoms(l screen, symptoms []lint.Symptom) string {
	var b strings.Builder
	for i, s := range symptoms {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s\n", l.color.Strong(l.text(s.Title)))
		if s.Text != "" {
			fmt.Fprintf(&b, "\n%s\n", l.text(s.Text))
		}
		for _, name := range s.Rules {
			rule, ok := lint.Find(name)
			if !ok {
				continue
			}
			fmt.Fprintf(&b, "\n  %s\n    %s\n", name, l.text(rule.Description))
			if rule.Remedy != "" {
				fmt.Fprintf(&b, "    %s: %s\n", l.text("What to do"), l.text(rule.Remedy))
			}
		}
	}
	return b.String()
}

// symptomTitles lists what can be asked for.
func symptomTitles(l locale.Language) string {
	var titles []string
	for _, s := range lint.Symptoms() {
		titles = append(titles, fmt.Sprintf("%q", l.Text(s.Title)))
	}
	return strings.Join(titles, ", ")
}

// suggest names the rules that share a word with an unknown name.
func suggest(name string) []string {
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
	return slices.Compact(similar)
}

// isKana reports whether a letter is of a script that only Japanese uses.
func isKana(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana) }
