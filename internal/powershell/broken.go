package powershell

import (
	"strings"

	"github.com/smimechain/smimechain/internal/lazyregexp"
)

// Broken is the first place at which PowerShell cannot read a script. It reads a script whole
// before it runs any of it, so that nothing of such a one is run (about_Parsing; PowerShell's
// own parser). What only may be wrong is not noted.
type Broken struct {
	Line int // 0 where the script can be read
	Why  Breach
	Mark string // a bracket or a keyword, where there is one

	exchange, intune bool // what cannot be read names cmdlets for the one or the other
}

// Breach is what PowerShell cannot read.
type Breach uint8

// The breaches.
const (
	BreachOpen    Breach = iota + 1 // a bracket is not closed
	BreachClose                     // a bracket closes nothing
	BreachString                    // a string does not end
	BreachHere                      // a here-string does not end
	BreachHeader                    // text stands behind the beginning of a here-string
	BreachComment                   // a remark does not end
	BreachType                      // the bracket of a type is not closed before two colons
	BreachTry                       // try without catch and finally
	BreachBlock                     // a keyword without its block
	BreachValue                     // a word behind a value
	BreachMissing                   // nothing stands behind an operator
	BreachStray                     // a keyword without the statement that it goes on with
)

// breach is a [Broken] with its place in the text.
type breach struct {
	at   int
	why  Breach
	mark string
}

// breaks notes that PowerShell cannot read a place. What the parser meets first is the cause
// of what it meets behind it.
func (p *scriptParser) breaks(at int, why Breach, mark string) {
	if p.broken == nil {
		p.broken = &breach{at, why, mark}
	}
}

// mayStray notes a keyword that goes on with a statement where none stands before. PowerShell
// takes it for a command, and there is none of this name: the script is read, and the command
// fails when it is run.
func (p *scriptParser) mayStray(word string) {
	switch word {
	case "else", "elseif", "catch", "until", "finally":
		if next := strings.TrimLeft(p.text[p.at+len(word):], " \t\n"); next != "" && strings.IndexByte("{([", next[0]) >= 0 {
			p.breaks(p.at, BreachStray, word)
		}
	}
}

// closes notes a bracket that is not closed, where what stands there instead shows that.
func (p *scriptParser) closes(opened int, bracket string) {
	if p.done() || bracket != p.text[p.at:p.at+1] && strings.IndexByte(")}", p.byte()) >= 0 {
		p.breaks(opened, BreachOpen, p.text[opened:opened+1])
	}
}

// followsValue notes a word behind a value that no operator joins to it.
func (p *scriptParser) followsValue(n *node) {
	if n == nil || n.end >= p.at || strings.ContainsAny(p.text[n.end:p.at], "\n`#") {
		return
	}
	switch n.kind {
	case nodeNumber, nodeString, nodeExpandable, nodeVariable, nodeParen, nodeSub, nodeArray:
		if c, _ := p.rune(p.at); isNameStart(c) {
			p.breaks(p.at, BreachValue, "")
		}
	}
}

// lacks notes an operator behind which nothing stands, where a statement ends there.
func (p *scriptParser) lacks(at int, operator string) {
	if p.done() || strings.IndexByte(");}|", p.byte()) >= 0 {
		p.breaks(at, BreachMissing, operator)
	}
}

// hasCatch reports whether what follows a block begins with a keyword that ends try.
func (p *scriptParser) hasCatch() bool {
	at := p.at
	p.newlines()
	rest := p.text[p.at:]
	p.at = at
	return hasFold(rest, "catch") || hasFold(rest, "finally")
}

func hasFold(text, prefix string) bool {
	return len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix)
}

var (
	exchangeWords = lazyregexp.New(`(?i)\bset-\w*smimeconfig\b`)
	intuneWords   = lazyregexp.New(`(?i)\b(?:import-intuneuserpfxcertificate|invoke-mggraphrequest|(?:new|update)-mg\w*devicemanagement\w*|graph\.microsoft\.com)\b`)
	batchEcho     = lazyregexp.New(`(?i)^\s*@?(?:echo|rem)\b`)
)

// brokenAt says where the script cannot be read. Nothing is said of what a console shows, of
// batch files, and of what the parser knows too little of.
func (s *scriptReader) brokenAt() (b Broken) {
	if s.broken == nil || s.unsure || s.inside || batchEcho().MatchString(s.text) {
		return b
	}
	rest := s.text[s.broken.at:]
	return Broken{Line: s.line(s.broken.at), Why: s.broken.why, Mark: s.broken.mark, exchange: exchangeWords().MatchString(rest), intune: intuneWords().MatchString(rest)}
}

// unlessBroken returns what a script does, which nobody can tell of one that cannot be read;
// named says that what was not read may bring something about too.
func (s *Script) unlessBroken(list []Deed, named bool) []Deed {
	if s.Broken.Line == 0 || len(list) == 0 && !named {
		return list
	}
	return []Deed{{Line: s.Broken.Line, Doubt: DoubtBroken}}
}
