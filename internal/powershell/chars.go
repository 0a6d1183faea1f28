package powershell

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// rune returns the character at a place and its octets, 0 and 0 at the end.
func (p *scriptParser) rune(at int) (rune, int) {
	if at >= len(p.text) {
		return 0, 0
	}
	if c := p.text[at]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(p.text[at:])
}

// isBlank reports what PowerShell takes for white space within a line.
func isBlank(c rune) bool {
	switch c {
	case ' ', '\t', '\v', '\f', 0x85, 0xA0:
		return true
	}
	return c >= utf8.RuneSelf && unicode.In(c, unicode.Z)
}

// isDash reports what PowerShell takes for a hyphen: also the en dash, the em dash
// and the horizontal bar.
func isDash(c rune) bool { return c == '-' || c >= 0x2013 && c <= 0x2015 }

// isSingleQuote and isDoubleQuote report what PowerShell takes for such a mark.
func isSingleQuote(c rune) bool { return c == '\'' || c >= 0x2018 && c <= 0x201B }
func isDoubleQuote(c rune) bool { return c == '"' || c >= 0x201C && c <= 0x201E }

func isQuote(c rune) bool { return isSingleQuote(c) || isDoubleQuote(c) }

// isNameStart and isNamePart report what names of variables and members are made of.
func isNameStart(c rune) bool { return c == '_' || unicode.IsLetter(c) }
func isNamePart(c rune) bool  { return isNameStart(c) || unicode.IsDigit(c) }

// endsWord reports whether a character ends bare text.
func endsWord(c rune, size int) bool {
	return size == 0 || c == '\n' || isBlank(c) || c < utf8.RuneSelf && strings.IndexByte("&(),;{|}<>", byte(c)) >= 0
}

// blanks steps over white space, comments, and line ends after a backtick.
func (p *scriptParser) blanks() {
	for {
		switch c, size := p.rune(p.at); {
		case size == 0:
			return
		case isBlank(c):
			p.at += size
		case c == '`' && p.byteAt(p.at+1) == '\n':
			p.at += 2
		case c == '#':
			if i := strings.IndexByte(p.text[p.at:], '\n'); i >= 0 {
				p.at += i
			} else {
				p.at = len(p.text)
			}
		case c == '<' && p.byteAt(p.at+1) == '#':
			if i := strings.Index(p.text[p.at:], "#>"); i >= 0 {
				p.at += i + 2
			} else {
				p.breaks(p.at, BreachComment, "")
				p.at = len(p.text)
			}
		default:
			return
		}
	}
}

// newlines steps over white space and line ends.
func (p *scriptParser) newlines() {
	for p.blanks(); p.byte() == '\n'; p.blanks() {
		p.at++
	}
}

// separators steps over what stands between statements.
func (p *scriptParser) separators() {
	for p.blanks(); p.byte() == '\n' || p.byte() == ';'; p.blanks() {
		p.at++
	}
}

// word returns the letters at a place, in lower case, where they are a word of their
// own.
func (p *scriptParser) word() string {
	end := p.at
	for end < len(p.text) && isLetter(p.text[end]) {
		end++
	}
	if c, size := p.rune(end); end == p.at || !endsWord(c, size) {
		return ""
	}
	return strings.ToLower(p.text[p.at:end])
}

// dashed returns the letters after a dash at a place, in lower case, and its octets.
func (p *scriptParser) dashed() (string, int) {
	c, size := p.rune(p.at)
	if !isDash(c) {
		return "", 0
	}
	end := p.at + size
	for end < len(p.text) && isLetter(p.text[end]) {
		end++
	}
	return strings.ToLower(p.text[p.at+size : end]), end - p.at
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }
