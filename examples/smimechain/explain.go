package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/lint/symptom"
)

// ruleName is how names of rules look; everything else is a symptom.
var ruleName = regexp.MustCompile(`^[ewn]_[a-z0-9_]+$`)

func explain(c *command, args []string, std streams) (int, error) {
	var (
		fs   = c.flags()
		list = fs.Bool("list", false, "list everything that can be asked for, one a line")
	)
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	page := screenOf(std, "")
	asked := strings.TrimSpace(strings.Join(fs.Args(), " "))
	var text string
	switch {
	case *list && asked != "":
		return 0, say.Errorf("explain: -list takes nothing to search for")
	case *list:
		text = explainList(page)
	case asked == "":
		return 0, say.Errorf("explain: want the name of a rule, such as %s, or a symptom, such as \"wrong password on iPhone\"", lint.Rules()[0].Name)
	default:
		if rule, ok := lint.FindRule(strings.ToLower(asked)); ok {
			text = explainRule(page, rule)
			break
		}
		if ruleName.MatchString(asked) {
			if similar := suggest(asked); len(similar) > 0 {
				return 0, didYouMean(say.Errorf("unknown rule %q; similar: %s", asked, strings.Join(similar, ", ")), asked, ruleNames())
			}
			return 0, didYouMean(say.Errorf("unknown rule %q", asked), asked, ruleNames())
		}
		found := symptom.Find(asked)
		if len(found.Nearest) == 0 {
			return 0, say.Errorf("no rule and no symptom is like %q; \"smimechain explain -list\" lists what is known", asked)
		}
		if !std.asked && (found.Sure || found.Language == "ja") {
			page.language = found.Language
		}
		text = explainFound(page, found)
	}
	_, err := fmt.Fprint(page.fold(std.out), text)
	return exitClean, err
}

func explainRule(l screen, rule lint.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n\n%s\n\n", l.color.Strong(rule.Name), l.text(say.Text(rule.Status().String())), l.text(rule.Description))
	var rows [][2]string
	if rule.Remedy != "" {
		rows = append(rows, [2]string{l.text("What to do"), strings.TrimSpace(l.text(rule.Remedy) + " " + rule.Command)})
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

// explainFound tells the first in full where it is sure to be meant, and the titles
// of those that come near, one a line.
func explainFound(l screen, found symptom.Found) string {
	var b strings.Builder
	nearest := found.In(l.language)
	if found.Sure {
		b.WriteString(explainSymptom(l, nearest[0]))
		nearest = nearest[1:]
		if len(nearest) > 0 {
			fmt.Fprintf(&b, "\n%s\n", l.text("Also near:"))
		}
	} else {
		fmt.Fprintf(&b, "%s\n", l.text("nearest, unsure:"))
	}
	for _, s := range nearest {
		fmt.Fprintf(&b, "  %s: %s\n", s.ID, s.Title)
	}
	if !found.Sure {
		fmt.Fprintf(&b, "%s\n", l.text("\"smimechain explain NAME\" tells one in full; none of these? \"smimechain explain -list\""))
	}
	return b.String()
}

func explainSymptom(l screen, s symptom.Symptom) string {
	if rule, ok := lint.FindRule(s.ID); ok {
		return explainRule(l, rule)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%s\n", l.color.Strong(s.Title), s.Text)
	for _, name := range s.Rules {
		rule, ok := lint.FindRule(name)
		if !ok {
			continue
		}
		fmt.Fprintf(&b, "\n  %s\n    %s\n", name, l.text(rule.Description))
		if rule.Remedy != "" {
			fmt.Fprintf(&b, "    %s: %s\n", l.text("What to do"), strings.TrimSpace(l.text(rule.Remedy)+" "+rule.Command))
		}
	}
	return b.String()
}

// explainList lists what can be asked for.
func explainList(l screen) string {
	var b strings.Builder
	for _, s := range symptom.All(l.language) {
		fmt.Fprintf(&b, "%s: %s\n", s.ID, s.Title)
	}
	for _, r := range lint.Rules() {
		fmt.Fprintf(&b, "%s: %s\n", r.Name, l.text(r.Description))
	}
	return b.String()
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
