package locale

import (
	"slices"
	"strings"
	"sync"

	"github.com/smimechain/smimechain/lint/say"
)

// Phrases returns other words for a symptom, as people type them in any language.
func Phrases(symptom say.Text) []string { return search().phrases[symptom] }

// Stopwords returns the words that say nothing in a search, in lower case and in
// any language. The caller may not change the slice.
func Stopwords() []string { return search().stopwords }

// search is what the files of all languages have for a search.
var search = sync.OnceValue(func() (all struct {
	phrases   map[say.Text][]string
	stopwords []string
}) {
	all.phrases = map[say.Text][]string{}
	for _, l := range Languages() {
		h := readHead(l)
		all.stopwords = append(all.stopwords, strings.Fields(h.Stop)...)
		for symptom, phrases := range h.Phrases {
			all.phrases[symptom] = slices.Concat(all.phrases[symptom], phrases)
		}
	}
	return all
})
