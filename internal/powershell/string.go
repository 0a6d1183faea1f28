package powershell

import (
	"strings"
)

// single reads text in single quotation marks; two of them stand for one.
func (p *scriptParser) single() *node {
	n := &node{kind: nodeString, at: p.at}
	_, size := p.rune(p.at)
	p.at += size
	closed := false
	var b strings.Builder
	for !p.done() {
		c, size := p.rune(p.at)
		p.at += size
		if isSingleQuote(c) {
			if c, size = p.rune(p.at); !isSingleQuote(c) {
				closed = true
				break
			}
			p.at += size
		}
		b.WriteString(p.text[p.at-size : p.at])
	}
	if p.done() && !closed {
		p.breaks(n.at, BreachString, "")
	}
	n.value, n.end = b.String(), p.at
	return n
}

// double reads text in double quotation marks.
func (p *scriptParser) double() *node {
	n := &node{kind: nodeString, at: p.at}
	_, size := p.rune(p.at)
	p.at += size
	var b strings.Builder
	for !p.done() {
		c, size := p.rune(p.at)
		switch {
		case isDoubleQuote(c):
			p.at += size
			if next, more := p.rune(p.at); isDoubleQuote(next) {
				b.WriteString(p.text[p.at : p.at+more])
				p.at += more
				continue
			}
			n.value, n.end = b.String(), p.at
			return n
		default:
			p.expand(n, &b)
		}
	}
	p.breaks(n.at, BreachString, "")
	n.value, n.end = b.String(), p.at
	return n
}

// expand reads one piece of text in which variables and commands are replaced.
func (p *scriptParser) expand(n *node, b *strings.Builder) {
	c, size := p.rune(p.at)
	next, more := p.rune(p.at + size)
	switch {
	case c == '`' && more > 0:
		p.at += size + more
		b.WriteRune(next)
	case c == '$' && next == '(':
		n.kind = nodeExpandable
		n.nodes = append(n.nodes, p.paren(nodeSub, "$("))
	case c == '$' && (next == '{' || next == '$' || next == '^' || next == '?' || next == ':' || isNamePart(next)):
		n.kind = nodeExpandable
		n.nodes = append(n.nodes, p.variable())
	default:
		b.WriteString(p.text[p.at : p.at+size])
		p.at += size
	}
}

// here reads a here-string, whose ends stand on lines of their own.
func (p *scriptParser) here() *node {
	n := &node{kind: nodeString, at: p.at}
	mark, size := p.rune(p.at + 1)
	p.at += 1 + size
	header := p.at
	for c, size := p.rune(p.at); isBlank(c); c, size = p.rune(p.at) {
		p.at += size
	}
	if p.byte() != '\n' {
		p.at = header
		p.fault(nil)
		p.breaks(n.at, BreachHeader, "")
	}
	same := isDoubleQuote
	if isSingleQuote(mark) {
		same = isSingleQuote
	}
	closed := false
	var b strings.Builder
	for !p.done() {
		if p.byte() == '\n' {
			if c, size := p.rune(p.at + 1); same(c) && p.byteAt(p.at+1+size) == '@' {
				p.at += 2 + size
				closed = true
				break
			}
		}
		if isDoubleQuote(mark) {
			p.expand(n, &b)
			continue
		}
		_, size := p.rune(p.at)
		b.WriteString(p.text[p.at : p.at+size])
		p.at += size
	}
	if !closed {
		p.breaks(n.at, BreachHere, "")
	}
	n.value, n.end = strings.TrimPrefix(b.String(), "\n"), p.at
	return n
}

// bare reads bare text, parts of which may be in quotation marks; nil where there is
// none.
func (p *scriptParser) bare() *node {
	n := &node{kind: nodeBareword, at: p.at}
	var b strings.Builder
	for {
		c, size := p.rune(p.at)
		if endsWord(c, size) {
			break
		}
		switch {
		case isSingleQuote(c):
			b.WriteString(p.single().value)
		case isDoubleQuote(c):
			part := p.double()
			if part.kind == nodeExpandable {
				n.kind = nodeExpandable
			}
			n.nodes = append(n.nodes, part.nodes...)
			b.WriteString(part.value)
		default:
			p.expand(n, &b)
		}
	}
	if p.at == n.at {
		return nil
	}
	n.value, n.end = b.String(), p.at
	return n
}
