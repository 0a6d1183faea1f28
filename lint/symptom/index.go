package symptom

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/locale"
)

// searcher is the index of everything that can be found.
type searcher struct {
	symptoms int         // the first answers; the others are rules
	rules    []lint.Rule // an answer each

	same      map[string]string // what a word means, by the word
	japanese  map[rune][]string // the Japanese words in same by their first characters, the longest first
	sayings   *strings.Replacer // of several words, by what they mean
	little    map[string]bool   // stems of words that say little
	apart     map[int]kind      // the terms that exclude each other
	terms     map[string]int    // by the term
	words     []word            // as they are written
	written   map[string]int    // their places, by the word
	languages []locale.Language
	weights   []float64 // of each term: the rarer, the more
	phrases   []phrase
	subjects  []uint  // the products that an answer is about, by its id and titles
	answers   int     // symptoms and rules
	bodies    [][]int // the answers that have a term, texts included, by the term
	phrased   [][]int // the phrases of each term
}

// word is a word as it is written.
type word struct {
	text    string
	letters uint64 // for those that are misspelt
	term    int
	spoken  uint // a bit for each language that has it
}

// phrase is one way to say an answer.
type phrase struct {
	answer int
	terms  []int // each once
	weight float64
	means  kinds
}

// The indexes are made when first asked for. Nothing in the letters of Europe comes
// near to a Japanese phrase, nor does anything in Japanese come near to a German one.
var (
	european = sync.OnceValue(func() *searcher { return makeIndex("ja", read) })
	japanese = sync.OnceValue(func() *searcher { return makeIndex("de", read) })
)

// index returns the one for what somebody writes.
func index(words string) *searcher {
	if isJapaneseWord(words) {
		return japanese()
	}
	return european()
}

const manyWords = 4000 // about as many as the files have

// makeIndex makes an index of the files of all languages but one.
func makeIndex(without locale.Language, read func(locale.Language) *file) *searcher {
	x := &searcher{same: map[string]string{}, written: make(map[string]int, manyWords), terms: make(map[string]int, manyWords), rules: lint.Rules(), japanese: map[rune][]string{}}
	x.symptoms = len(read(locale.English).Symptoms)
	x.languages = slices.DeleteFunc(locale.Languages(), func(l locale.Language) bool { return l == without })
	x.answers = x.symptoms + len(x.rules)
	x.subjects = make([]uint, x.answers)
	x.little = map[string]bool{}
	var sayings [][2]string
	for _, l := range x.languages {
		for w := range strings.FieldsSeq(fold(read(l).Little)) {
			x.little[stem(w)] = true
		}
		for means, list := range read(l).Same {
			for _, w := range list {
				w = fold(w)
				if isSaying(w) {
					sayings = append(sayings, [2]string{w, " " + means + " "})
					continue
				}
				x.same[w] = means
				if isJapaneseWord(w) {
					first, _ := utf8.DecodeRuneInString(w)
					x.japanese[first] = append(x.japanese[first], w)
				}
			}
		}
	}
	for _, list := range x.japanese {
		slices.SortFunc(list, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	}
	slices.SortFunc(sayings, func(a, b [2]string) int {
		return cmp.Or(len(b[0])-len(a[0]), strings.Compare(a[0], b[0]))
	})
	var pairs []string
	for _, s := range sayings {
		pairs = append(pairs, s[:]...)
	}
	x.sayings = strings.NewReplacer(pairs...)
	x.apart = map[int]kind{}
	for group, list := range read(locale.English).Apart {
		for i, means := range list {
			x.apart[x.words[x.place("="+means, means)].term] = kind{group, 1 << i}
			x.same[means] = means
		}
	}
	for _, l := range x.languages {
		for _, e := range read(l).Symptoms {
			answer := slices.IndexFunc(read(locale.English).Symptoms, func(o entry) bool { return o.ID == e.ID })
			for i, text := range append([]string{e.Title, strings.ReplaceAll(e.ID, "-", " ")}, e.Phrases...) {
				x.add(answer, l, text, true)
				if i < 2 {
					x.subjects[answer] |= x.phrases[len(x.phrases)-1].means[products]
				}
			}
			x.add(answer, l, e.Text, false)
		}
	}
	for i, r := range x.rules {
		_, name, _ := strings.Cut(r.Name, "_")
		x.add(x.symptoms+i, locale.English, r.Name, true)
		x.add(x.symptoms+i, locale.English, strings.ReplaceAll(name, "_", " "), true)
		x.add(x.symptoms+i, locale.English, string(r.Description), true)
		x.add(x.symptoms+i, locale.English, string(r.Remedy), false)
	}
	x.weigh()
	return x
}

// isSaying reports whether a text is more than a word or a run of Japanese.
func isSaying(text string) bool {
	n := 0
	split(text, func(string, bool) { n++ })
	return n > 1
}

// place returns the place of a word, which it notes where it is new.
func (x *searcher) place(term, written string) int {
	id, ok := x.terms[term]
	if !ok {
		id = len(x.terms)
		x.terms[term] = id
		x.phrased, x.bodies = append(x.phrased, nil), append(x.bodies, nil)
	}
	x.written[written] = len(x.words)
	x.words = append(x.words, word{text: written, term: id, letters: letters(written)})
	return x.written[written]
}

func isJapaneseWord(w string) bool { return strings.ContainsFunc(w, isJapanese) }

// add adds a text to an answer, as a phrase or as a part of its body alone.
func (x *searcher) add(answer int, l locale.Language, text string, isPhrase bool) {
	spoken := uint(1) << slices.Index(x.languages, l)
	var list []int
	var means kinds
	x.read(text, func(written string, plain bool) {
		i, ok := x.written[written]
		if !ok {
			i = x.place(x.term(written, plain), written)
		}
		x.words[i].spoken |= spoken
		id := x.words[i].term
		if k, ok := x.apart[id]; ok {
			means.add(k)
		}
		if body := x.bodies[id]; len(body) == 0 || body[len(body)-1] != answer {
			x.bodies[id] = append(body, answer)
		}
		if isPhrase && !slices.Contains(list, id) {
			list = append(list, id)
			x.phrased[id] = append(x.phrased[id], len(x.phrases))
		}
	})
	if isPhrase {
		x.phrases = append(x.phrases, phrase{answer: answer, terms: list, means: means})
	}
}

// read breaks a text into words as they are written. Those that are not plain are their
// own terms: what Japanese words mean, and pairs of characters.
func (x *searcher) read(text string, each func(written string, plain bool)) {
	split(x.sayings.Replace(fold(text)), func(w string, japanese bool) {
		if !japanese {
			each(w, true)
			return
		}
		for i, r := range w { // what it means, the longest word first
			for _, same := range x.japanese[r] {
				if strings.HasPrefix(w[i:], same) {
					each("="+x.same[same], false)
					break
				}
			}
		}
		pairs(w, func(p string) { each(p, false) })
	})
}

// term returns what a word means, or else its stem.
func (x *searcher) term(written string, plain bool) string {
	if !plain {
		return written
	}
	const minPrefix = 5
	for n := len(written); n >= minPrefix || n == len(written) && n > 0; n-- {
		if means, ok := x.same[written[:n]]; ok {
			return "=" + means
		}
	}
	return stem(written)
}

// weigh gives the terms their weights, as BM25 does.
func (x *searcher) weigh() {
	x.weights = make([]float64, len(x.terms))
	for t, id := range x.terms {
		var has []int // answers
		for _, p := range x.phrased[id] {
			if a := x.phrases[p].answer; !slices.Contains(has, a) {
				has = append(has, a)
			}
		}
		n := float64(len(has))
		x.weights[id] = math.Log(1 + (float64(x.answers)-n+0.5)/(n+0.5))
		x.weights[id] *= x.share(t)
	}
	for i := range x.phrases {
		for _, t := range x.phrases[i].terms {
			x.phrases[i].weight += x.weights[t]
		}
	}
}

// share returns the share of its weight that a term has.
func (x *searcher) share(term string) float64 {
	switch {
	case x.little[term]:
		return littleWeight
	case !isJapaneseWord(term):
		return 1
	case !strings.ContainsFunc(term, isNoHiragana):
		return pairWeight * littleWeight // grammar
	default:
		return pairWeight
	}
}

func isNoHiragana(r rune) bool { return !unicode.In(r, unicode.Hiragana) }

const (
	littleWeight  = 0.3 // of a word that says little
	pairWeight    = 0.5 // of a pair of characters, for a word has several
	unknownWeight = 3.0 // of a word that is nowhere
	bodyShare     = 0.3 // of the score, by what the whole text of an answer has
	ruleShare     = 0.8 // of the score of a rule, whose words are less those of users

	elsewhereShare = 0.8 // of the score of an answer about another product
)
