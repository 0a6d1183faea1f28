package powershell

import (
	"strings"
	"unicode"
)

// command reads a command with its elements; nil where none begins.
func (p *scriptParser) command() *node {
	n := &node{kind: nodeCommand, at: p.at}
	if c := p.byte(); c == '&' && p.byteAt(p.at+1) != '&' || c == '.' && p.dotSources() {
		n.call = c
		p.at++
		p.blanks()
	}
	n.name = p.argumentAtom()
	if n.name == nil {
		if n.call == 0 {
			return nil
		}
		p.fault(nil)
	}
	for p.commandElement(n) {
	}
	n.end = p.at
	return n
}

// dotSources reports whether a dot runs a script rather than being part of a name.
func (p *scriptParser) dotSources() bool {
	c, size := p.rune(p.at + 1)
	return size > 0 && (isBlank(c) || isQuote(c) || strings.ContainsRune("${(&", c))
}

// commandElement reads one parameter, argument or redirection, and reports whether
// there was one.
func (p *scriptParser) commandElement(n *node) bool {
	p.blanks()
	c, _ := p.rune(p.at)
	switch {
	case p.done(), strings.ContainsRune("\n;|&)}", c):
		return false
	case p.redirections(n):
		return true
	case isDash(c):
		if p.has("--%") { // the rest of the line as it is
			p.unsure = true
			for !p.done() && p.byte() != '\n' && p.byte() != '|' {
				p.at++
			}
			return true
		}
		if parameter := p.parameter(); parameter != nil {
			n.nodes = append(n.nodes, parameter)
			return true
		}
	case c == '@':
		if next, _ := p.rune(p.at + 1); isNameStart(next) {
			n.nodes = append(n.nodes, p.splat())
			return true
		}
	}
	before := p.at
	if argument := p.argument(); argument != nil {
		n.nodes = append(n.nodes, argument)
	}
	if p.at == before {
		p.fault(nil)
		_, size := p.rune(p.at)
		p.at += size
	}
	return true
}

// parameter reads -Name or -Name: with its argument; nil where the word is none.
func (p *scriptParser) parameter() *node {
	start := p.at
	_, size := p.rune(p.at)
	c, first := p.rune(p.at + size)
	if c != '_' && c != '?' && !unicode.IsLetter(c) {
		return nil
	}
	end := p.at + size + first
	for {
		c, size := p.rune(end)
		if isQuote(c) {
			return nil // part of bare text
		}
		if endsWord(c, size) || c == '.' || c == '[' || c == ':' {
			break
		}
		end += size
	}
	n := &node{kind: nodeParameter, at: start, end: end, value: p.text[start+size : end]}
	p.at = end
	if p.take(":") {
		p.blanks()
		if argument := p.argument(); argument != nil {
			n.nodes = []*node{argument}
		}
		n.end = p.at
	}
	return n
}

// redirections reads > file and the like, and reports whether there was any.
func (p *scriptParser) redirections(n *node) bool {
	found := false
	for {
		p.blanks()
		at := p.at
		if c := p.byte(); c >= '1' && c <= '6' || c == '*' {
			p.at++
		}
		if p.byte() != '>' {
			p.at = at
			return found
		}
		found = true
		p.at++
		if p.take(">") || !p.has("&") {
			p.blanks()
			if file := p.argumentAtom(); file != nil {
				n.nodes = append(n.nodes, &node{kind: nodeStatement, at: file.at, end: file.end, nodes: []*node{file}})
			}
			continue
		}
		p.at++ // 2>&1
		if c := p.byte(); c >= '1' && c <= '6' {
			p.at++
		}
	}
}

// argument reads one argument, or several with commas between them.
func (p *scriptParser) argument() *node {
	first := p.argumentAtom()
	n := first
	for {
		at := p.at
		p.blanks()
		if p.byte() != ',' {
			p.at = at
			return n
		}
		p.at++
		if first == nil {
			p.fault(nil)
		}
		p.newlines()
		next := p.argumentAtom()
		if next == nil {
			p.lacks(at, ",")
			return n
		}
		if n == first {
			n = &node{kind: nodeList, at: at}
			if first != nil {
				n.at, n.nodes = first.at, []*node{first}
			}
		}
		n.nodes = append(n.nodes, next)
		n.end = p.at
	}
}

// argumentAtom reads one argument; nil where none begins.
func (p *scriptParser) argumentAtom() *node {
	c, size := p.rune(p.at)
	switch {
	case size == 0:
		return nil
	case c == '$' && !p.has("$("):
		at := p.at
		n := p.variable()
		next, size := p.rune(p.at)
		if n.end > at+1 && (endsWord(next, size) || next == '.' || next == '[' || next == ':' || p.text[p.at-1] == '}') {
			return p.postfix(n)
		}
		p.at = at
		return p.bare()
	case isQuote(c), p.has("$("), p.has("@("), p.has("@{"), c == '(', c == '{', c == '@' && p.hereAhead():
		if !p.enter() {
			return nil
		}
		n := p.primary()
		if n != nil {
			n = p.postfix(n)
		}
		p.leave()
		return n
	}
	if n := p.number(true); n > 0 {
		start := p.at
		p.at += n
		return &node{kind: nodeNumber, at: start, end: p.at, value: p.text[start:p.at]}
	}
	return p.bare()
}

func (p *scriptParser) hereAhead() bool {
	c, _ := p.rune(p.at + 1)
	return isQuote(c)
}
