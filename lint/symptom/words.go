package symptom

import (
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// umlauts are written in two ways.
var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss")

// fold writes a text in one of the ways in which it can be written.
func fold(text string) string {
	text = strings.ToLower(strings.ReplaceAll(text, "’", "'"))
	if strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) {
		text = umlauts.Replace(norm.NFKC.String(text))
	}
	return strings.ReplaceAll(text, "n't", "nt")
}

// split breaks a folded text into words of letters and digits and into runs of Japanese,
// which has no blanks. A name that is written together, such as
// SMIMECertificateIssuingCA or SEC_ERROR_UNKNOWN_ISSUER, is one word, and an object
// identifier is too.
func split(text string, each func(word string, japanese bool)) {
	start, kind := -1, 0
	flush := func(end int) {
		if start >= 0 {
			if word := strings.Trim(text[start:end], "._"); word != "" {
				each(word, kind == 2)
			}
		}
		start = -1
	}
	for i, r := range text {
		k := 0
		switch {
		case isJapanese(r):
			k = 2
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_':
			k = 1
		case r == '.' && start >= 0 && kind == 1 && isDigit(text[i-1]) && i+1 < len(text) && isDigit(text[i+1]):
			k = 1
		}
		if k != kind || k == 0 {
			flush(i)
		}
		if k != 0 && start < 0 {
			start = i
		}
		kind = k
	}
	flush(len(text))
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

func isJapanese(r rune) bool {
	const firstOfCJK = 0x2e80
	if r < firstOfCJK {
		return false
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r == 'ー'
}

// stem cuts the endings of words off that do not change what is meant.
func stem(w string) string {
	if strings.ContainsAny(w, "0123456789_") {
		return w
	}
	for _, ending := range []string{"ing", "ed", "es", "en", "er", "s", "e", "n", "t"} {
		if cut, ok := strings.CutSuffix(w, ending); ok && len(cut) > 3 {
			return cut
		}
	}
	return w
}

// pairs calls each for every two neighbouring characters of a run of Japanese, or
// for its only one.
func pairs(run string, each func(string)) {
	before := ""
	for i, r := range run {
		n := utf8.RuneLen(r)
		if before == "" && n == len(run) {
			each(run)
			return
		}
		if before != "" {
			each(run[i-len(before) : i+n])
		}
		before = run[i : i+n]
	}
}

// letters is a set of the letters of a word, by which most words are seen to differ.
func letters(w string) (set uint64) {
	for i := range len(w) {
		set |= 1 << (w[i] & 63)
	}
	return set
}

// near reports how near two words are that are not the same, from 0 to 1: misspelt,
// or one with something before or after it. Numbers and codes are the same or not.
func near(a, b string, la, lb uint64) float64 {
	if len(a) < 4 || len(b) < 4 || strings.ContainsAny(a, "0123456789") {
		return 0
	}
	short, long := a, b
	if len(short) > len(long) {
		short, long = long, short
	}
	if len(short) >= 6 && strings.Contains(long, short) {
		return 0.5 + 0.4*float64(len(short))/float64(len(long))
	}
	limit := 1
	if len(short) >= 8 {
		limit = 2
	}
	if len(long)-len(short) > limit || bits.OnesCount64(la^lb) > 2*limit {
		return 0
	}
	if d := distance(a, b, limit); d <= limit {
		return 1 - 1.2*float64(d)/float64(len(long))
	}
	return 0
}

// distance counts the letters to be inserted, taken away, replaced or exchanged with
// their neighbour, up to a limit (optimal string alignment).
func distance(a, b string, limit int) int {
	var rows [3][64]int
	if len(a) >= 64 || len(b) >= 64 {
		return limit + 1
	}
	before, last, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j] = d
			least = min(least, d)
		}
		if least > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
