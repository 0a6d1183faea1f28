package bundle

import (
	"bytes"
	"iter"
	"regexp"

	"github.com/smimechain/smimechain/internal/lazyregexp"
)

// What stands around the words of a label, in text from elsewhere. A � stands for
// an octet that is no UTF-8: the dashes and the no-break space of Windows-1252.
const (
	labelDash  = `[-\x{2010}-\x{2014}\x{2212}�]`
	labelBlank = `(?:[ \t_\x{A0}\x{200B}�+]|%20)`
)

var (
	regexpLabel   = lazyregexp.New(`(?i)^begin(?:[a-z0-9.-]|` + labelBlank + `)*private(?:-|` + labelBlank + `){0,8}key` + labelBlank + `*(?:block)?` + labelBlank + `*(` + labelDash + `*)`)
	regexpDashes  = lazyregexp.New(labelDash + `+` + labelBlank + `*$`)
	regexpPPK     = lazyregexp.New(`^Private-Lines: *[1-9][0-9]*\s+[A-Za-z0-9+/=]{16}`)
	regexpBIND    = lazyregexp.New(`^Private-key-format: v1\.[0-9]\s[A-Za-z0-9:() \r\n]+(?:Modulus|PrivateKey|Prime\(p\)|Private_value\(x\)): *[A-Za-z0-9+/]{16}`)
	regexpGnuPG   = lazyregexp.New(`^private-key\s*\((?:[1-9][0-9]?:)?(?:rsa|dsa|elg|openpgp-elg|ecc|ecdsa|eddsa|dh)[a-z0-9-]*(?:\s*\([^()#@]{1,60}\))*\s*\((?:1:)?[a-z]\s*(?:#[0-9A-Fa-f]{32}|[0-9]{2,4}:)`)
	regexpJWKType = lazyregexp.New(`^["']kty\\?["']\s*:\s*\\?["'](?:RSA|EC|OKP|AKP)\\?["']`)
	regexpJWK     = lazyregexp.New(`\\?["'](?:d|priv)\\?["']\s*:\s*\\?["'][A-Za-z0-9_\-]{20}`) // the private part: d, priv of AKP
	regexpXML     = lazyregexp.New(`(?:<|&lt;)(?:\w+:)?(?:D|X)(?:>|&gt;)\s*[A-Za-z0-9+/\s]{20}`)

	// The numbers of a key as programs print them: octets in hexadecimal digits with
	// colons, under a name.
	regexpNumbersName = lazyregexp.New(`(?i)(?:private ?exponent|priv|private[ _-]?key|secret ?key|seed)[a-z0-9() ]{0,12}:\s+$`)
	regexpNumbers     = lazyregexp.New(`^(?:[0-9A-Fa-f]{2}:\s*){12}`)
)

// places are the places of a word in text.
func places(text []byte, word string) iter.Seq[int] {
	return func(yield func(int) bool) {
		for at := 0; ; at += len(word) {
			i := bytes.Index(text[at:], []byte(word))
			if i < 0 {
				return
			}
			if at += i; !yield(at) {
				return
			}
		}
	}
}

// after returns what finds a word that a pattern begins with, which goes on for no
// more than a few lines.
func after(word string, follows func() *regexp.Regexp) func([]byte) int {
	const longest = 400 // octets
	return func(text []byte) int {
		for at := range places(text, word) {
			if follows().Match(text[at:min(len(text), at+longest)]) {
				return at
			}
		}
		return -1
	}
}

// findLabel finds the words BEGIN … PRIVATE KEY and text like a key after them,
// however the dashes, blanks and letters around are written.
func findLabel(text []byte) int {
	const (
		before = 160 // octets in front of the word: dashes, BEGIN, a word or two, and blanks that take three octets
		behind = 64
	)
	v := [2]int{-1, -1} // the next v and V, the rarest letter of the word
	for at := 0; ; at++ {
		for i, c := range []byte("vV") {
			if v[i] < at {
				if v[i] = bytes.IndexByte(text[at:], c); v[i] < 0 {
					v[i] = len(text)
				} else {
					v[i] += at
				}
			}
		}
		at = min(v[0], v[1])
		if at == len(text) {
			return -1
		}
		const word, inFront = "private", 3
		start := at - inFront
		if start < 0 || start+len(word) > len(text) || !bytes.EqualFold(text[start:start+len(word)], []byte(word)) {
			continue
		}
		if !bytes.Contains(lowerASCII(text[start:min(len(text), start+behind)]), []byte("key")) {
			continue
		}
		from := max(0, start-before)
		if i := bytes.LastIndexAny(text[from:start], "\r\n"); i >= 0 {
			from += i + 1
		}
		begin := bytes.LastIndex(lowerASCII(text[from:start]), []byte("begin"))
		if begin < 0 {
			continue
		}
		m := regexpLabel().FindSubmatchIndex(text[from+begin : min(len(text), start+behind)])
		if m == nil {
			continue
		}
		body := text[from+begin+m[1]:]
		dashes := regexpDashes().FindIndex(text[from : from+begin])
		if dashes != nil {
			begin = dashes[0]
		}
		dashed := dashes != nil || m[2] < m[3]
		alone := len(trimBlanks(text[from:from+begin])) == 0
		if (dashed || alone) && isKeyBody(body, dashed) {
			return from + begin
		}
	}
}

// lowerASCII returns text with ASCII letters in lower case, each octet in its place.
func lowerASCII(text []byte) []byte {
	lower := bytes.Clone(text)
	for i, c := range lower {
		if 'A' <= c && c <= 'Z' {
			lower[i] = c + 'a' - 'A'
		}
	}
	return lower
}

// labelBlanks are what stands for a blank or the end of a line after a label, in
// text from elsewhere, in JSON, in the source of a program, in HTML and in mail.
var labelBlanks = []string{"\u00A0", "\uFEFF", "\u200B", "\xA0", `\n`, `\r`, `\t`, `\\`, "&#10;", "&#13;", "&#xA;", "&#xD;", "<br>", "<br/>", "<br />", "=0A", "=0D", "%0A", "%0D", "%0a", "%0d", "%20"}

func trimBlanks(b []byte) []byte {
	for {
		n := len(b)
		b = bytes.TrimLeft(b, " \t\r\n\"'>|#*,;`")
		for _, s := range labelBlanks {
			b = bytes.TrimPrefix(b, []byte(s))
		}
		if len(b) == n {
			return b
		}
	}
}

// isKeyBody reports whether text after the label reads like a key: base64, with
// headers before it or without. Without the dashes of PEM it has to begin as a key
// does.
func isKeyBody(b []byte, dashed bool) bool {
	const (
		headers = 8    // lines
		name    = 32   // characters of a header
		most    = 2048 // octets to look at
		line    = 16   // characters in one piece
		least   = 40   // characters in all
	)
	b = trimBlanks(b[:min(len(b), most)])
	for range headers {
		if bytes.HasPrefix(b, []byte("Proc-Type:")) || bytes.HasPrefix(b, []byte("DEK-Info:")) {
			return true
		}
		colon, stop := bytes.IndexByte(b, ':'), bytes.IndexAny(b, "\r\n\\")
		if colon < 0 || stop < colon || colon > name {
			break
		}
		b = trimBlanks(b[stop:])
	}
	compact := make([]byte, 0, least+line)
	first := -1 // length of the first piece
	for len(b) > 0 && len(compact) < cap(compact) {
		if base64Values[b[0]] >= 0 {
			compact = append(compact, b[0])
			b = b[1:]
			continue
		}
		if first < 0 {
			first = len(compact)
		}
		rest := trimBlanks(b)
		if len(rest) == len(b) {
			break
		}
		b = rest
	}
	if first < 0 {
		first = len(compact)
	}
	return len(compact) >= least && (dashed && first >= line || derKey(decodeLoose(compact)) != "")
}

// findJWK finds the private number of a JSON Web Key in the object that says which
// kind of key it is.
func findJWK(text []byte) int {
	for from := 0; ; {
		i := bytes.Index(text[from:], []byte("kty"))
		if i < 0 {
			return -1
		}
		at := from + i
		end := objectEnd(text[at:])
		if at > 0 && regexpJWKType().Match(text[at-1:at+end]) {
			start := at - objectStart(text[from:at])
			if regexpJWK().Match(text[start : at+end]) {
				return start
			}
		}
		from = at + max(end, len("kty"))
	}
}

// largestJWK is how far the members of a JSON Web Key may be apart, in octets: a key
// of 16384 bits has some 13,000.
const largestJWK = 16 << 10

// objectEnd returns where the object ends that text stands in.
func objectEnd(text []byte) int {
	depth := 0
	for i, c := range text[:min(len(text), largestJWK)] {
		switch c {
		case '{':
			depth++
		case '}':
			if depth--; depth < 0 {
				return i
			}
		}
	}
	return min(len(text), largestJWK)
}

// objectStart returns how many octets before the end of text the object begins that
// is open there.
func objectStart(text []byte) int {
	depth := 0
	for n := 1; n <= min(len(text), largestJWK); n++ {
		switch text[len(text)-n] {
		case '}':
			depth++
		case '{':
			if depth--; depth < 0 {
				return n
			}
		}
	}
	return min(len(text), largestJWK)
}

// findXML finds the private number of a key in XML, between two of the same name.
func findXML(text []byte) int {
	const largest = 32 << 10                                                  // octets between the element of the key and the number
	for _, name := range []string{"AKeyValue", "AKeyPair", "RSAParameters"} { // RSA, DSA
		for at := 0; ; {
			i := bytes.Index(text[at:], []byte(name))
			if i < 0 {
				break
			}
			start := at + i
			at = start + len(name)
			body := text[at:min(len(text), at+largest)]
			if end := bytes.Index(body, []byte(name)); end >= 0 {
				body = body[:end]
			}
			if regexpXML().Match(body) {
				return start
			}
			at += len(body)
		}
	}
	return -1
}

// findNumbers finds the private number of a key as programs print it for people. It
// looks for the colons, which are rarer than the names.
func findNumbers(text []byte) int {
	const name, line = 64, 160 // octets of the name, and of twelve octets with what stands between
	pair := func(at int) bool {
		return at >= 0 && at+2 < len(text) && isHex[text[at]] && isHex[text[at+1]] && text[at+2] == ':'
	}
	for at := range places(text, ":") {
		first := at - 2
		if pair(first) && !pair(first-3) && pair(first+3) && first > 0 && text[first-1] <= ' ' {
			if m := regexpNumbersName().FindIndex(text[max(0, first-name):first]); m != nil && regexpNumbers().Match(text[first:min(len(text), first+line)]) {
				return max(0, first-name) + m[0]
			}
		}
	}
	return -1
}
