package catalog

import (
	"cmp"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"

	"github.com/smimechain/smimechain/chain"
)

// Find returns the entries that people mean by a text, sorted by owner and subject: the
// start of a fingerprint (SHA-256 or SHA-1, from eight hexadecimal digits on, with or
// without colons and spaces), or words of which each is in the subject, the owner or
// another name of the owner, upper and lower case apart. Words that together are the name
// of an owner or a part of it, whatever is between them, stand for that owner alone:
// "Digi Cert". It looks at every entry. An empty text finds nothing.
func (c *Catalog) Find(text string) []Entry {
	found := c.find(text)
	slices.SortStableFunc(found, func(a, b Entry) int {
		return cmp.Or(strings.Compare(a.Owner, b.Owner), strings.Compare(a.Subject, b.Subject))
	})
	return found
}

func (c *Catalog) find(text string) []Entry {
	var found []Entry
	digits := strings.ToLower(strings.NewReplacer(":", "", " ", "").Replace(text))
	if len(digits) >= 8 && strings.Trim(digits, "0123456789abcdef") == "" {
		for _, e := range c.Entries() {
			if strings.HasPrefix(hex.EncodeToString(e.SHA256[:]), digits) || strings.HasPrefix(hex.EncodeToString(e.SHA1), digits) {
				found = append(found, e)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	words := strings.Fields(chain.FoldString(text))
	if len(words) == 0 {
		return nil
	}
	also := map[string]string{}
	for _, h := range c.Hierarchies() {
		also[h.Owner] = strings.Join(h.Also, " ")
	}
	if len(words) > 1 {
		if found = c.ownedBy(text, also); len(found) > 0 {
			return found
		}
	}
	for _, e := range c.Entries() {
		in := chain.FoldString(unescape(e.Subject) + " " + e.Owner + " " + also[e.Owner])
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(in, w) }) {
			found = append(found, e)
		}
	}
	if len(found) == 0 {
		return c.ownedBy(text, also)
	}
	return found
}

// ownedBy returns the entries of owners that are called by a text, or have it in their
// names, whatever stands between its letters: "Digi-Cert", "ssl com".
func (c *Catalog) ownedBy(text string, also map[string]string) []Entry {
	text = letters(text)
	if len(text) < shortestName {
		return nil
	}
	var found, exact []Entry
	means := map[string]int{} // 1 part of a name, 2 a whole name
	for _, e := range c.Entries() {
		how, ok := means[e.Owner]
		if !ok {
			if name := letters(e.Owner); name == text {
				how = 2
			} else if strings.Contains(name, text) || strings.Contains(letters(also[e.Owner]), text) {
				how = 1
			}
			means[e.Owner] = how
		}
		switch how {
		case 2:
			exact = append(exact, e)
		case 1:
			found = append(found, e)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return found
}

// shortestName is how many octets of letters and digits a name has that stands for an
// owner whatever is between them.
const shortestName = 5

// letters returns the letters and digits of a text, folded.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, chain.FoldString(s))
}

// unescape takes the backslashes out of a name, as people write it.
func unescape(name string) string { return strings.ReplaceAll(name, `\`, "") }
