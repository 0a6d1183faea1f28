package symptom

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/locale"
)

// tally is what came of questions.
type tally struct{ right, rightUnsure, otherUnsure, wrong, none int }

func (c tally) all() int   { return c.right + c.rightUnsure + c.otherUnsure + c.wrong + c.none }
func (c tally) first() int { return c.right + c.rightUnsure }

// ask counts what comes of a question that any of the answers is right for; a rule
// that such an answer names is right too.
func (c *tally) ask(words, right string) (string, bool) { return c.judge(Find(words), right) }

func (c *tally) judge(found Found, right string) (string, bool) {
	if len(found.Nearest) == 0 {
		c.none++
		return "", right == ""
	}
	first := found.Nearest[0].ID
	fits := false
	for id := range strings.FieldsSeq(right) {
		fits = fits || id == first || slices.ContainsFunc(All(locale.English), func(s Symptom) bool { return s.ID == id && slices.Contains(s.Rules, first) })
	}
	switch {
	case fits && found.Sure:
		c.right++
	case fits:
		c.rightUnsure++
	case !found.Sure:
		c.otherUnsure++
	default:
		c.wrong++
		return first + ", sure", false
	}
	return first, fits
}

// TestPhrases holds the search to what people wrote: nine in ten are answered first,
// and none is answered wrongly and surely.
func TestPhrases(t *testing.T) {
	var c tally
	for _, a := range asked {
		if first, ok := c.ask(a.words, a.right); !ok {
			t.Logf("%s: %s, want %s", a.words, first, a.right)
		}
	}
	t.Logf("%+v", c)
	if c.wrong > 0 || c.right*10 < c.all()*9 {
		t.Errorf("%d of %d are answered surely and rightly, %d wrongly", c.right, c.all(), c.wrong)
	}
	corpus := os.Getenv("SMIMECHAIN_CORPUS")
	if corpus == "" {
		return
	}
	data, err := os.ReadFile(filepath.Join(corpus, "field", "phrases.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" && !slices.ContainsFunc(asked, func(a judged) bool { return a.words == line }) {
			t.Errorf("no judgement of %q", line)
		}
	}
}

// TestOthers asks more of what people may write, and what is no matter of the files.
func TestOthers(t *testing.T) {
	var c, foreign tally
	for _, a := range slices.Concat(others, programs, unseen) {
		if a.right == "" {
			if first, ok := foreign.ask(a.words, a.right); !ok {
				t.Logf("%s: %s, want nothing", a.words, first)
			}
			continue
		}
		if first, ok := c.ask(a.words, a.right); !ok {
			t.Logf("%s: %s, want %s", a.words, first, a.right)
		}
	}
	t.Logf("ours %+v, foreign %+v", c, foreign)
	if c.first()*10 < c.all()*9 || c.wrong > 0 {
		t.Errorf("of %d first answers %d are right, and %d wrong and sure", c.all(), c.first(), c.wrong)
	}
	if foreign.wrong > 0 {
		t.Errorf("%d of %d questions about other matters are answered surely", foreign.wrong, foreign.all())
	}
}

// TestChanged measures what is still found when somebody writes it another way.
func TestChanged(t *testing.T) {
	changes := []struct {
		name   string
		change func(r *rand.Rand, words []string) []string
		least  int // of a hundred, answered first
	}{
		{"a word misspelt", misspell, 93},
		{"a word left out", func(r *rand.Rand, words []string) []string {
			i := r.IntN(len(words))
			return slices.Concat(words[:i], words[i+1:])
		}, 88},
		{"in another order", func(r *rand.Rand, words []string) []string {
			words = slices.Clone(words)
			r.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
			return words
		}, 95},
	}
	for _, change := range changes {
		r := rand.New(rand.NewPCG(1, 2))
		var c tally
		for _, a := range asked {
			words := strings.Fields(a.words)
			if len(words) < 3 { // Japanese, and single codes
				continue
			}
			for range 3 {
				changed := strings.Join(change.change(r, words), " ")
				if first, ok := c.ask(changed, a.right); !ok && strings.HasSuffix(first, "sure") {
					t.Logf("%s: %s, want %s", changed, first, a.right)
				}
			}
		}
		t.Logf("%s: first %d of %d, %+v", change.name, c.first(), c.all(), c)
		if c.first()*100 < c.all()*change.least || c.wrong*100 > c.all()*2 {
			t.Errorf("%s: %d of %d are answered, %d wrongly", change.name, c.first(), c.all(), c.wrong)
		}
	}
}

// misspell exchanges two letters of the longest word, or takes one away.
func misspell(r *rand.Rand, words []string) []string {
	words = slices.Clone(words)
	longest := 0
	for i, w := range words {
		if len(w) > len(words[longest]) && !strings.ContainsAny(w, "0123456789") {
			longest = i
		}
	}
	w := []rune(words[longest])
	if len(w) < 5 {
		return words
	}
	i := 1 + r.IntN(len(w)-3)
	if r.IntN(2) == 0 {
		w[i], w[i+1] = w[i+1], w[i]
	} else {
		w = slices.Delete(w, i, i+1)
	}
	words[longest] = string(w)
	return words
}

// TestFiles holds each language to the English file.
func TestFiles(t *testing.T) {
	english := read(locale.English)
	var ids []string
	for _, e := range english.Symptoms {
		ids = append(ids, e.ID)
		for _, name := range e.Rules {
			if _, ok := lint.FindRule(name); !ok {
				t.Errorf("%s: there is no rule %s", e.ID, name)
			}
		}
	}
	if len(ids) < 60 {
		t.Errorf("%d symptoms, want 60 or more", len(ids))
	}
	meant := map[string]string{}
	for _, l := range locale.Languages() {
		f := read(l)
		if f.Language != l {
			t.Errorf("%s.json calls itself %q", l, f.Language)
		}
		has := slices.Clone(f.Lacks)
		for _, e := range f.Symptoms {
			has = append(has, e.ID)
			if e.Title == "" || e.Text == "" || l != locale.English && len(e.Rules) > 0 {
				t.Errorf("%s: %s lacks its title or text, or names rules, which en.json alone does", l, e.ID)
			}
			if found := Find(e.ID); !found.Sure || found.Nearest[0].ID != e.ID {
				t.Errorf("%s is not found by its id", e.ID)
			}
			if found := Find(e.Title); len(found.Nearest) == 0 || found.Nearest[0].ID != e.ID {
				t.Errorf("%s: %q is not found by its title", l, e.ID)
			}
		}
		sorted, want := slices.Sorted(slices.Values(has)), slices.Sorted(slices.Values(ids))
		if !slices.Equal(sorted, want) {
			t.Errorf("%s.json has or says that it lacks %v, want %v", l, sorted, want)
		}
		for means, words := range f.Same {
			for _, w := range words {
				if other, ok := meant[fold(w)]; ok && other != means {
					t.Errorf("%s.json: %q means %q and %q", l, w, means, other)
				}
				meant[fold(w)] = means
			}
			if _, ok := english.Same[means]; !ok {
				t.Errorf("%s.json: en.json has no word %q", l, means)
			}
		}
	}
}

// TestHostile holds that nothing that is written takes long or breaks the search.
func TestHostile(t *testing.T) {
	start := time.Now()
	for _, words := range []string{"", " ", "!?", "\x00\xff\xfe", "ー", strings.Repeat("x", 1<<20), strings.Repeat("証", 1<<18),
		strings.Repeat("passwrod certifcate ", 1<<12), strings.Repeat("\u0301", 1<<12), "1.2.", "...", "_"} {
		Find(words)
	}
	if d := time.Since(start); d > time.Minute {
		t.Errorf("it took %v", d)
	}
}

func BenchmarkIndex(b *testing.B) {
	for b.Loop() {
		makeIndex("ja", read)
	}
}

func BenchmarkFind(b *testing.B) {
	for b.Loop() {
		Find("after I renewd the certficate my old encrypted mails cannot be opend on the iPhone any more")
	}
}
