package catalog

import (
	"cmp"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain"
)

// Find returns the entries that people mean by a text, sorted by owner and subject: the
// start of a fingerprint (SHA-256 or SHA-1, from eight hexadecimal digits on, with or
// without colons and spaces), or words of which each is in the subject, the owner or
// another name of the owner, upper and lower case apart. It looks at every entry. An empty text
// finds nothing.
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
	for _, e := range c.Entries() {
		in := chain.FoldString(unescape(e.Subject) + " " + e.Owner + " " + also[e.Owner])
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(in, w) }) {
			found = append(found, e)
		}
	}
	return found
}

// unescape takes the backslashes out of a name, as people write it.
func unescape(name string) string { return strings.ReplaceAll(name, `\`, "") }
