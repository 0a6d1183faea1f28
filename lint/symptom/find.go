package symptom

import (
	"cmp"
	"slices"
	"strings"

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
	maxWords   = 4000 // bytes of what somebody wrote; the rest is not read
)

// The confidence, as the tests measure it. Of what is new (TestHeldOut), a lead of 1.1
// would make 5 in a hundred wrong and sure, and one of 1.4 would have every third
// answer that is right said unsurely.
const (
	minScore  = 0.30 // below it nothing is near
	sureScore = 0.51 // from it on the first is sure, if
	sureLead  = 1.26 // the score of the next is so many times smaller
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
		for _, p := range x.phrased[t] {
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
			p, ok := x.written[w]
			if !ok {
				return
			}
			switch spoken := x.words[p].spoken; {
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
	x.read(words, func(written string, plain bool) {
		t := x.term(written, plain)
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
