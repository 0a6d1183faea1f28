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

// Found is what comes nearest to what somebody wrote.
type Found struct {
	Nearest  []Symptom       // the best first, three at most, in Language; none where nothing is near
	Sure     bool            // the first is meant, as far as words tell; else it is a guess
	Language locale.Language // in which it was written, as far as words tell

	answers []int // symptoms by their places, then rules
}

const (
	maxNearest = 3
	manyWords  = 4000 // about as many as the files have
	maxWords   = 4000 // bytes of what somebody wrote; the rest is not read
)

// The confidence, as the tests measure it. Of what is new (TestHeldOut), a lead of 1.1
// would make 5 in a hundred wrong and sure, and one of 1.4 would have every third
// answer that is right said unsurely.
const (
	minScore  = 0.30 // below it nothing is near
	sureScore = 0.50 // from it on the first is sure, if
	sureLead  = 1.25 // the score of the next is so many times smaller
)

// Find searches for what somebody writes. What equals an id or a rule's name is sure.
func Find(words string) Found {
	if len(words) > maxWords {
		words = strings.ToValidUTF8(words[:maxWords], "")
	}
	return index(words).find(words)
}

func (x *searcher) find(words string) Found {
	ranked, asked, written := x.rank(words)
	if i := x.named(words); i >= 0 {
		ranked = slices.DeleteFunc(ranked, func(r scored) bool { return r.answer == i })
		ranked = slices.Insert(ranked, 0, scored{i, 2})
		asked = question{}
	}
	found := Found{Language: written}
	if len(ranked) == 0 || ranked[0].score < minScore {
		return found
	}
	found.Sure = x.sure(ranked) && !asked.hasNewCode && !x.isElsewhere(ranked[0].answer, asked)
	for _, r := range ranked[:min(maxNearest, len(ranked))] {
		if r.score >= minScore {
			found.answers = append(found.answers, r.answer)
		}
	}
	found.Nearest = found.In(written)
	return found
}

// In returns the answers in a language of choice.
func (f Found) In(l locale.Language) []Symptom {
	var list []Symptom
	rules := lint.Rules()
	for _, i := range f.answers {
		if n := len(read(locale.English).Symptoms); i >= n {
			list = append(list, asSymptom(l, &rules[i-n]))
		} else {
			list = append(list, said(l, i))
		}
	}
	return list
}

// named returns the answer that has a name; -1 if none has.
func (x *searcher) named(name string) int {
	name = strings.ToLower(strings.TrimSpace(name))
	if i := slices.IndexFunc(read(locale.English).Symptoms, func(e entry) bool { return e.ID == name }); i >= 0 {
		return i
	}
	if i := slices.IndexFunc(x.rules, func(r lint.Rule) bool { return r.Name == name }); i >= 0 {
		return x.symptoms + i
	}
	return -1
}

// searcher is the index of everything that can be found.
type searcher struct {
	symptoms int         // the first answers; the others are rules
	rules    []lint.Rule // an answer each

	same      map[string]string // what a word means, by the word
	japanese  map[rune][]string // the Japanese words in same by their first characters, the longest first
	sayings   [][2]string       // of several words, and what they mean
	known     map[string]string // the terms of words that were met while the index was made
	done      bool
	little    map[string]bool // stems of words that say little
	apart     map[int]kind    // the terms that exclude each other
	terms     map[string]int  // by the term
	words     []word          // as they are written, for those that are misspelt
	languages []locale.Language
	written   map[string]uint // every word as it is written, with a bit for each language
	weights   []float64       // of each term: the rarer, the more
	phrases   []phrase
	subjects  []uint  // the products that an answer is about, by its id and titles
	answers   int     // symptoms and rules
	bodies    [][]int // the answers that have a term, texts included, by the term
	place     [][]int // the phrases of each term
}

// word is a word as it is written.
type word struct {
	text    string
	letters uint64
	term    int
}

// phrase is one way to say an answer.
type phrase struct {
	answer int
	terms  []int // each once
	weight float64
	means  kinds
}

// kind is one of the words of a group that exclude each other, such as the products.
type kind struct {
	group int
	bit   uint
}

// kinds are those that a text names, by the group.
type kinds [2]uint

const products = 0 // the group of them

func (k *kinds) add(o kind) { k[o.group] |= o.bit }

// fits returns what is left of the score of a phrase that names other products or
// acts than those asked for, or some where none was asked for.
func (asked kinds) fits(said kinds) float64 {
	share := 1.0
	for i, a := range asked {
		switch s := said[i]; {
		case a == s || a&s == a && i > 0 && a != 0:
		case a&s != 0:
			share *= apartShare[i].some
		case a == 0:
			share *= apartShare[i].unasked
		case s == 0:
			share *= apartShare[i].unsaid
		default:
			share *= apartShare[i].other
		}
	}
	return share
}

// apartShare is what is left of a score, for products and for acts.
var apartShare = [2]struct{ some, unasked, unsaid, other float64 }{
	{some: 0.95, unasked: 0.9, unsaid: 0.85, other: 0.6},
	{some: 0.95, unasked: 0.9, unsaid: 0.9, other: 0.7},
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

// makeIndex makes an index of the files of all languages but one.
func makeIndex(without locale.Language, read func(locale.Language) *file) *searcher {
	x := &searcher{same: map[string]string{}, written: make(map[string]uint, manyWords), terms: make(map[string]int, manyWords), rules: lint.Rules(), known: make(map[string]string, manyWords), japanese: map[rune][]string{}}
	x.symptoms = len(read(locale.English).Symptoms)
	x.languages = slices.DeleteFunc(locale.Languages(), func(l locale.Language) bool { return l == without })
	x.answers = x.symptoms + len(x.rules)
	x.subjects = make([]uint, x.answers)
	x.little = map[string]bool{}
	for _, l := range x.languages {
		for w := range strings.FieldsSeq(fold(read(l).Little)) {
			x.little[stem(w)] = true
		}
		for means, list := range read(l).Same {
			for _, w := range list {
				w = fold(w)
				if isSaying(w) {
					x.sayings = append(x.sayings, [2]string{w, " " + means + " "})
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
	slices.SortFunc(x.sayings, func(a, b [2]string) int {
		return cmp.Or(len(b[0])-len(a[0]), strings.Compare(a[0], b[0]))
	})
	x.apart = map[int]kind{}
	for group, list := range read(locale.English).Apart {
		for i, means := range list {
			x.apart[x.id("="+means, means)] = kind{group, 1 << i}
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
	x.done = true
	return x
}

// isSaying reports whether a text is more than a word or a run of Japanese.
func isSaying(text string) bool {
	n := 0
	split(text, func(string, bool) { n++ })
	return n > 1
}

// id returns the number of a term, and notes how it is written.
func (x *searcher) id(term, written string) int {
	id, ok := x.terms[term]
	if !ok {
		id = len(x.terms)
		x.terms[term] = id
		x.place, x.bodies = append(x.place, nil), append(x.bodies, nil)
	}
	if _, known := x.written[written]; !known {
		x.written[written] = 0
		x.words = append(x.words, word{text: written, term: id})
	}
	return id
}

func isJapaneseWord(w string) bool { return strings.ContainsFunc(w, isJapanese) }

// add adds a text to an answer, as a phrase or as a part of its body alone.
func (x *searcher) add(answer int, l locale.Language, text string, isPhrase bool) {
	spoken := uint(1) << slices.Index(x.languages, l)
	var list []int
	var means kinds
	x.read(text, func(term, written string) {
		id := x.id(term, written)
		x.written[written] |= spoken
		if k, ok := x.apart[id]; ok {
			means.add(k)
		}
		if body := x.bodies[id]; len(body) == 0 || body[len(body)-1] != answer {
			x.bodies[id] = append(body, answer)
		}
		if isPhrase && !slices.Contains(list, id) {
			list = append(list, id)
			x.place[id] = append(x.place[id], len(x.phrases))
		}
	})
	if isPhrase {
		x.phrases = append(x.phrases, phrase{answer: answer, terms: list, means: means})
	}
}

// read breaks a text into terms: what words mean, their stems, and pairs of
// characters in Japanese.
func (x *searcher) read(text string, each func(term, written string)) {
	text = fold(text)
	for _, s := range x.sayings {
		text = strings.ReplaceAll(text, s[0], s[1])
	}
	split(text, func(w string, japanese bool) {
		if !japanese {
			each(x.term(w), w)
			return
		}
		for i, r := range w { // what it means, the longest word first
			for _, same := range x.japanese[r] {
				if strings.HasPrefix(w[i:], same) {
					each("="+x.same[same], "="+x.same[same])
					break
				}
			}
		}
		pairs(w, func(p string) { each(p, p) })
	})
}

// term returns what a word means, or else its stem.
func (x *searcher) term(w string) string {
	if t, ok := x.known[w]; ok {
		return t
	}
	t := x.look(w)
	if !x.done {
		x.known[w] = t
	}
	return t
}

func (x *searcher) look(w string) string {
	const minPrefix = 5
	for n := len(w); n >= minPrefix || n == len(w) && n > 0; n-- {
		if means, ok := x.same[w[:n]]; ok {
			return "=" + means
		}
	}
	return stem(w)
}

// weigh gives the terms their weights, as BM25 does.
func (x *searcher) weigh() {
	x.weights = make([]float64, len(x.terms))
	for t, id := range x.terms {
		var has []int // answers
		for _, p := range x.place[id] {
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
	for i := range x.words {
		x.words[i].letters = letters(x.words[i].text)
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

// scored is an answer with its score, from 0 to 1.
type scored struct {
	answer int
	score  float64
}

// rank returns all answers that share a word with what was written, the best first,
// and the language that it was written in.
func (x *searcher) rank(words string) ([]scored, question, locale.Language) {
	q := x.ask(words)
	asked, total, means := q.terms, q.weight, q.means
	if len(asked) == 0 {
		return nil, q, locale.English
	}
	shared := make([]float64, len(x.phrases))
	for t, f := range asked {
		for _, p := range x.place[t] {
			shared[p] += f * x.weights[t]
		}
	}
	best := make([]float64, x.answers)
	for i, p := range x.phrases {
		if shared[i] == 0 {
			continue
		}
		s := shared[i] / (0.5*total + 0.5*p.weight) * means.fits(p.means)
		best[p.answer] = max(best[p.answer], s)
	}
	var list []scored
	covered := make([]float64, x.answers)
	for t, f := range asked {
		body := slices.Clone(x.bodies[t])
		slices.Sort(body)
		for _, a := range slices.Compact(body) {
			covered[a] += f * x.weights[t]
		}
	}
	for i := range x.answers {
		if best[i] == 0 {
			continue
		}
		s := (1-bodyShare)*best[i] + bodyShare*covered[i]/total
		if i >= x.symptoms {
			s *= ruleShare
		}
		if x.isElsewhere(i, q) {
			s *= elsewhereShare
		}
		list = append(list, scored{i, s})
	}
	slices.SortStableFunc(list, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	return list, q, x.language(words)
}

// language returns the language that something was written in: Japanese has its own
// letters, and any other but English has most words that English has not.
func (x *searcher) language(words string) locale.Language {
	if isJapaneseWord(words) {
		return "ja"
	}
	written, most := locale.English, 0
	for i, l := range x.languages {
		n := 0
		split(fold(words), func(w string, _ bool) {
			switch spoken := x.written[w]; {
			case spoken&1 == 0 && spoken>>i&1 == 1:
				n++
			case spoken&1 == 1 && spoken>>i&1 == 0:
				n--
			}
		})
		if n > most {
			written, most = l, n
		}
	}
	return written
}

// question is what was written.
type question struct {
	terms      map[int]float64 // each with how near it is to the word
	weight     float64         // of all of it
	means      kinds
	hasNewCode bool // a number or name of an error that no text has
}

// isElsewhere reports whether an answer is about other products than were asked about.
func (x *searcher) isElsewhere(answer int, q question) bool {
	asked, about := q.means[products], x.subjects[answer]
	return asked != 0 && about != 0 && asked&about == 0
}

// isCode reports whether a word is the number or name of an error, such as 0x80090016,
// 2016341112 or SEC_ERROR_UNKNOWN_ISSUER.
func isCode(w string) bool {
	const minDigits = 6
	digits := 0
	for i := range len(w) {
		if isDigit(w[i]) {
			digits++
		}
	}
	return digits >= minDigits || strings.HasPrefix(w, "0x") || strings.Count(w, "_") > 1
}

func (x *searcher) ask(words string) question {
	q := question{}
	asked, total, means := map[int]float64{}, 0.0, kinds{}
	seen := map[string]bool{}
	x.read(words, func(t, written string) {
		if seen[t] {
			return
		}
		seen[t] = true
		if id, ok := x.terms[t]; ok {
			asked[id] = 1
			if k, ok := x.apart[id]; ok {
				means.add(k)
			}
			total += x.weights[id]
			return
		}
		q.hasNewCode = q.hasNewCode || isCode(t)
		if isJapaneseWord(t) || x.little[t] {
			total += unknownWeight * x.share(t)
			return
		}
		best, at := 0.0, -1
		set := letters(written)
		for i := range x.words {
			w := &x.words[i]
			if n := near(written, w.text, set, w.letters); n > best {
				best, at = n, w.term
			}
		}
		if at < 0 {
			total += unknownWeight
			return
		}
		total += x.weights[at]
		asked[at] = max(asked[at], best)
		if k, ok := x.apart[at]; ok {
			means.add(k)
		}
	})
	q.terms, q.weight, q.means = asked, total, means
	return q
}

// sure reports whether the first answer is meant: it is near, and nothing else is
// nearly as near but a rule that it names.
func (x *searcher) sure(ranked []scored) bool {
	first := ranked[0]
	if first.score < sureScore {
		return false
	}
	for _, r := range ranked[1:] {
		if r.score*sureLead < first.score {
			break
		}
		if !x.related(first.answer, r.answer) {
			return false
		}
	}
	return true
}

// related reports whether one answer names the other.
func (x *searcher) related(a, b int) bool {
	names := func(a, b int) bool {
		return a < x.symptoms && b >= x.symptoms && slices.Contains(read(locale.English).Symptoms[a].Rules, x.rules[b-x.symptoms].Name)
	}
	return names(a, b) || names(b, a)
}
