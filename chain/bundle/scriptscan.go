package bundle

import "strings"

// tokenKind is what a piece of a script is, as far as finding commands asks.
type tokenKind uint8

const (
	tokenWord     tokenKind = iota + 1 // bare text: a command, a parameter, a type, a number
	tokenVariable                      // $name with the members that follow it
	tokenString                        // literal text, whose content is not kept
	tokenOpen                          // ( { @( @{ $(
	tokenClose                         // ) }
	tokenAssign                        // = += and the like
	tokenEnd                           // of a line or statement, ; and |
	tokenOther                         // any other sign
)

type token struct {
	kind     tokenKind
	text     string // empty for strings
	line     int
	space    bool // white space stands before it
	relative bool // of a string: it reads as a path that starts at no root
	encoding bool // of a string: it says Byte
}

// scanner takes a script apart.
type scanner struct {
	text   string
	at     int
	line   int
	space  bool
	tokens []token
}

// scanScript returns the tokens of a script without its comments (about_Parsing
// and about_Quoting_Rules of PowerShell). It refuses nothing: what is cut short
// ends with the text.
func scanScript(text string) []token {
	s := scanner{text: text, line: 1}
	for s.at < len(s.text) {
		s.next()
	}
	return s.tokens
}

func (s *scanner) add(kind tokenKind, text string) {
	s.tokens = append(s.tokens, token{kind: kind, text: text, line: s.line, space: s.space})
	s.space = false
}

func (s *scanner) has(prefix string) bool { return strings.HasPrefix(s.text[s.at:], prefix) }

func (s *scanner) next() {
	switch c := s.text[s.at]; {
	case c == '\r' || c == '\n':
		s.add(tokenEnd, "")
		s.newline()
	case c == ' ' || c == '\t':
		s.space = true
		s.at++
	case c == '`':
		s.escape()
	case c == '#':
		s.skipTo("\n", false)
	case s.has("<#"):
		s.skipTo("#>", true)
	case s.has("@'") || s.has("@\""):
		s.hereString()
	case s.quote(s.at) != 0:
		s.quoted()
	case s.has("$("), s.has("@("), s.has("@{"):
		s.add(tokenOpen, s.text[s.at:s.at+2])
		s.at += 2
	case c == '(' || c == '{':
		s.add(tokenOpen, string(c))
		s.at++
	case c == ')' || c == '}':
		s.add(tokenClose, string(c))
		s.at++
	case c == ';' || c == '|' || s.has("&&"):
		s.add(tokenEnd, "")
		s.at++
	case c == '=':
		s.add(tokenAssign, "")
		s.at++
	case (c == '+' || c == '-' || c == '*' || c == '/') && s.at+1 < len(s.text) && s.text[s.at+1] == '=':
		s.add(tokenAssign, "")
		s.at += 2
	case c == '$' || c == '@':
		s.word(tokenVariable)
	case c == ',' || c == '&':
		s.add(tokenOther, string(c))
		s.at++
	default:
		s.word(tokenWord)
	}
}

// newline steps over one line ending.
func (s *scanner) newline() {
	if s.has("\r\n") {
		s.at++
	}
	s.at++
	s.line++
}

// escape steps over a backtick: before a line ending it joins two lines.
func (s *scanner) escape() {
	s.at++
	if s.at >= len(s.text) {
		return
	}
	s.space = true
	if c := s.text[s.at]; c == '\r' || c == '\n' {
		s.newline()
	} else {
		s.at++
	}
}

// skipTo passes over text up to an end, and over that too if asked.
func (s *scanner) skipTo(end string, over bool) {
	i := strings.Index(s.text[s.at:], end)
	stop := len(s.text)
	if i >= 0 {
		stop = s.at + i
		if over {
			stop += len(end)
		}
	}
	s.line += strings.Count(s.text[s.at:stop], "\n")
	s.at = stop
}

// hereString reads @' … '@, whose ends stand on lines of their own.
func (s *scanner) hereString() {
	end := "\n" + s.text[s.at+1:s.at+2] + "@"
	s.tokens = append(s.tokens, token{kind: tokenString, line: s.line, space: s.space})
	s.space = false
	s.skipTo(end, true)
}

// quote returns the number of octets of the quotation mark at a place, 0 where
// there is none. PowerShell takes typographic marks for plain ones.
func (s *scanner) quote(at int) int {
	rest := s.text[at:]
	if rest[0] == '\'' || rest[0] == '"' {
		return 1
	}
	if len(rest) >= 3 && rest[0] == 0xE2 && rest[1] == 0x80 && (rest[2] >= 0x98 && rest[2] <= 0x9B || rest[2] >= 0x9C && rest[2] <= 0x9E) {
		return 3
	}
	return 0
}

// double reports whether the mark at a place opens text in which variables are
// replaced.
func (s *scanner) double(at int) bool {
	return s.text[at] == '"' || s.text[at] == 0xE2 && s.text[at+2] >= 0x9C
}

// quoted reads a literal. A doubled mark stands for the mark itself; a backtick
// escapes in double quotes only.
func (s *scanner) quoted() {
	double := s.double(s.at)
	t := token{kind: tokenString, line: s.line, space: s.space}
	s.space = false
	s.at += s.quote(s.at)
	start := s.at
	end := len(s.text)
	for s.at < len(s.text) {
		if double && s.text[s.at] == '`' {
			s.at = min(s.at+2, len(s.text))
			continue
		}
		if n := s.quote(s.at); n > 0 && s.double(s.at) == double {
			if next := s.at + n; next < len(s.text) && s.quote(next) > 0 && s.double(next) == double {
				s.at = next + s.quote(next)
				continue
			}
			end = s.at
			s.at += n
			break
		}
		if s.text[s.at] == '\n' {
			s.line++
		}
		s.at++
	}
	literal := s.text[start:min(end, len(s.text))]
	t.relative = isRelative(literal)
	t.encoding = strings.EqualFold(literal, "Byte")
	s.tokens = append(s.tokens, t)
}

// isRelative reports whether a path starts at no root, drive, share or variable.
func isRelative(path string) bool {
	switch {
	case path == "", strings.HasPrefix(path, "$"), strings.HasPrefix(path, "/"), strings.HasPrefix(path, `\`):
		return false
	default:
		return !(len(path) > 1 && path[1] == ':')
	}
}

// word reads bare text, a variable with its members, or a type in brackets.
func (s *scanner) word(kind tokenKind) {
	start := s.at
	s.at++
	for s.at < len(s.text) {
		if c := s.text[s.at]; strings.IndexByte(" \t\r\n;|(){},`'\"=", c) >= 0 || s.quote(s.at) > 0 {
			break
		}
		s.at++
	}
	s.add(kind, s.text[start:s.at])
}
