package main

import (
	"strings"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// didYouMean adds to what is wrong with a word the name that it may be a misspelling
// of, if there is one.
func didYouMean(err error, word string, names []string) error {
	if name := nearestName(word, names); name != "" {
		return mayMean(err, name)
	}
	return err
}

// mayMean adds to what is wrong one or two names that may be meant; more help nobody.
func mayMean(err error, names ...string) error {
	switch len(names) {
	case 1:
		return say.Errorf("%w; did you mean %s?", err, names[0])
	case 2:
		return say.Errorf("%w; did you mean %s or %s?", err, names[0], names[1])
	}
	return err
}

// nearestName returns the name that differs from a word the least, the first of several:
// in a letter of four at most, and in one letter of a word of three. Upper and lower
// case do not count. It is empty where none is near.
func nearestName(word string, names []string) string {
	asked := []rune(strings.ToLower(word))
	if len(asked) < 3 || len(asked) > longestName {
		return ""
	}
	best, least := "", max(1, len(asked)/4)+1
	for _, name := range names {
		if d := distance(asked, []rune(strings.ToLower(name))); d < least {
			best, least = name, d
		}
	}
	return best
}

// parseTargets reads the value of -for.
func parseTargets(list string) ([]lint.Target, error) {
	targets, err := lint.ParseTargets(list)
	if err == nil {
		return targets, nil
	}
	for word := range strings.SplitSeq(list, ",") {
		if _, wrong := lint.ParseTargets(word); wrong != nil {
			return nil, didYouMean(err, strings.TrimSpace(word), targetNames())
		}
	}
	return nil, err
}

func targetNames() []string {
	var names []string
	for _, t := range lint.Targets() {
		names = append(names, string(t))
	}
	return names
}

func ruleNames() []string {
	var names []string
	for _, r := range lint.Rules() {
		names = append(names, r.Name)
	}
	return names
}
