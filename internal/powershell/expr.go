package powershell

import (
	"strings"
	"unicode"
)

// expressionAhead reports whether an expression begins here rather than a command.
func (p *scriptParser) expressionAhead() bool {
	c, size := p.rune(p.at)
	next, _ := p.rune(p.at + size)
	switch {
	case size == 0, c == '&':
		return false
	case strings.ContainsRune("$@({[,!", c), isQuote(c):
		return true
	case c >= '0' && c <= '9', c == '.' && next >= '0' && next <= '9', c == '+' && next >= '0' && next <= '9':
		return p.number(false) > 0
	case c == '+':
		return next == '+' || strings.ContainsRune("$(@[", next)
	case isDash(c):
		if isDash(next) || strings.ContainsRune("$(@[", next) || next >= '0' && next <= '9' {
			return true
		}
		word, _ := p.dashed()
		return unaryWords[word]
	default:
		return false
	}
}

var unaryWords = map[string]bool{"not": true, "bnot": true, "split": true, "isplit": true, "csplit": true, "join": true}

// number returns the octets of a number, 0 where there is none. In the place of an
// argument it has to be a word of its own.
func (p *scriptParser) number(argument bool) int {
	at := p.at
	if c, size := p.rune(at); c == '+' || isDash(c) {
		at += size
	}
	digits := at
	for {
		c := p.byteAt(at)
		switch {
		case c >= '0' && c <= '9', isLetter(c) && at > digits:
			at++
			continue
		case c == '.' && p.byteAt(at+1) != '.' && !isLetter(p.byteAt(at+1)):
			at++
			continue
		case c == '+' || c == '-':
			if prev := p.byteAt(at - 1); (prev == 'e' || prev == 'E') && at > digits+1 && !strings.HasPrefix(p.text[digits:at], "0x") && p.byteAt(at+1) >= '0' && p.byteAt(at+1) <= '9' {
				at++
				continue
			}
		}
		break
	}
	if !isNumber(p.text[digits:at]) {
		return 0
	}
	c, size := p.rune(at)
	if endsWord(c, size) || !argument && (isDash(c) || strings.ContainsRune("!%*+./=]", c)) {
		return at - p.at
	}
	return 0
}

// isNumber reports whether text reads as a number of PowerShell, which may have a
// suffix for its type and one for its size.
func isNumber(s string) bool {
	s = strings.ToLower(s)
	for _, size := range []string{"kb", "mb", "gb", "tb", "pb"} {
		s = strings.TrimSuffix(s, size)
	}
	if hex, ok := strings.CutPrefix(s, "0x"); ok {
		hex = strings.TrimRight(hex, "ulsy")
		return hex != "" && strings.Trim(hex, "0123456789abcdef") == ""
	}
	if bits, ok := strings.CutPrefix(s, "0b"); ok {
		bits = strings.TrimRight(bits, "ulsy")
		return bits != "" && strings.Trim(bits, "01") == ""
	}
	s = strings.TrimRight(s, "uldsyn")
	mantissa, exponent, has := strings.Cut(s, "e")
	if has && strings.Trim(strings.TrimLeft(exponent, "+-"), "0123456789") != "" || has && exponent == "" {
		return false
	}
	whole, part, _ := strings.Cut(mantissa, ".")
	return whole+part != "" && strings.Trim(whole+part, "0123456789") == ""
}

// operation reads operands with operators between them. At the start of a pipeline the
// list of assigned variables is read like any other.
func (p *scriptParser) operation(bool) *node {
	first := p.operand()
	if first == nil {
		return nil
	}
	n := first
	join := func(kind nodeKind, next *node) {
		if n.kind != kind || n == first {
			n = &node{kind: kind, at: first.at, nodes: []*node{n}}
		}
		if next != nil {
			n.nodes = append(n.nodes, next)
		}
		n.end = p.at
	}
	for {
		at := p.at
		p.blanks()
		size, list := p.operator()
		if size == 0 {
			p.at = at
			return n
		}
		p.at += size
		p.newlines()
		kind := nodeOperation
		if list {
			kind = nodeList
		}
		next := p.operand()
		join(kind, next)
		if next == nil {
			if sign := p.text[at:p.at]; strings.ContainsAny(sign, ",+*/%") {
				p.lacks(n.at, strings.TrimSpace(sign))
			}
			return n
		}
	}
}

// operator returns the octets of an operator between two operands, and whether it is
// the comma.
func (p *scriptParser) operator() (size int, list bool) {
	c, one := p.rune(p.at)
	if p.assignment() > 0 {
		return 0, false
	}
	switch {
	case c == ',':
		return 1, true
	case isDash(c):
		word, n := p.dashed()
		if word == "" {
			return one, false
		}
		return n, false
	case c == '+', c == '*', c == '/', c == '%', c == '?', c == ':':
		if p.has("??") {
			return 2, false
		}
		return 1, false
	case p.has(".."):
		return 2, false
	default:
		return 0, false
	}
}

// operand reads a value with what stands before and behind it; nil where there is none.
func (p *scriptParser) operand() *node {
	if !p.enter() {
		return nil
	}
	defer p.leave()
	p.blanks()
	c, size := p.rune(p.at)
	next, _ := p.rune(p.at + size)
	start := p.at
	switch {
	case size == 0:
		return nil
	case c == '!', c == ',':
		p.at += size
		return p.unary(start)
	case c == '+' || isDash(c):
		if n := p.number(false); n > 0 {
			p.at += n
			return &node{kind: nodeNumber, at: start, end: p.at}
		}
		if word, n := p.dashed(); unaryWords[word] {
			p.at += n
			return p.unary(start)
		} else if word != "" {
			return nil
		}
		p.at += size
		if c == next || isDash(c) && isDash(next) {
			_, second := p.rune(p.at)
			p.at += second
		}
		return p.unary(start)
	case c == '[':
		t := p.typeName()
		if p.has("::") {
			return p.postfix(t)
		}
		at := p.at
		p.newlines()
		if p.expressionAhead() {
			if value := p.operand(); value != nil {
				return &node{kind: nodeCast, at: start, end: p.at, value: t.value, nodes: append(t.nodes, value)}
			}
		}
		p.at = at
		return t
	}
	n := p.primary()
	if n == nil {
		return nil
	}
	n = p.postfix(n)
	for p.has("++") || p.has("--") {
		p.at += 2
	}
	return n
}

func (p *scriptParser) unary(start int) *node {
	p.newlines()
	n := &node{kind: nodeOperation, at: start}
	if value := p.operand(); value != nil {
		n.nodes = []*node{value}
	}
	n.end = p.at
	return n
}

// primary reads a value that is one piece; nil where there is none.
func (p *scriptParser) primary() *node {
	c, _ := p.rune(p.at)
	second, _ := p.rune(p.at + 1)
	switch {
	case isSingleQuote(c):
		return p.single()
	case isDoubleQuote(c):
		return p.double()
	case p.has("$("):
		return p.paren(nodeSub, "$(")
	case c == '$':
		return p.variable()
	case p.has("@("):
		return p.paren(nodeArray, "@(")
	case p.has("@{"):
		return p.hash()
	case c == '@' && isQuote(second):
		return p.here()
	case c == '@' && isNameStart(second):
		return p.splat()
	case c == '(':
		return p.paren(nodeParen, "(")
	case c == '{':
		return p.block()
	}
	if n := p.number(false); n > 0 {
		start := p.at
		p.at += n
		return &node{kind: nodeNumber, at: start, end: p.at, value: p.text[start:p.at]}
	}
	return nil
}

func (p *scriptParser) splat() *node {
	n := &node{kind: nodeSplat, at: p.at}
	p.at++
	n.value = p.variableName()
	n.end = p.at
	return n
}

// variable reads $name, ${name}, $scope:name and $ before a sign.
func (p *scriptParser) variable() *node {
	n := &node{kind: nodeVariable, at: p.at}
	p.at++
	switch c, size := p.rune(p.at); {
	case c == '{':
		start := p.at + 1
		for p.at++; !p.done() && p.byte() != '}'; p.at++ {
			if p.byte() == '`' {
				p.at++
			}
		}
		n.value = p.text[min(start, len(p.text)):min(p.at, len(p.text))]
		p.at = min(p.at, len(p.text))
		p.take("}")
	case c == '$' || c == '^':
		p.at += size
		n.value = string(c)
	case c == '?' || c == ':' || isNamePart(c):
		n.value = p.variableName()
	}
	n.end = p.at
	return n
}

// variableName reads the name of a variable, which may begin with a scope or drive.
func (p *scriptParser) variableName() string {
	start := p.at
	for {
		c, size := p.rune(p.at)
		if c == ':' {
			if next, _ := p.rune(p.at + 1); next == ':' || !isNamePart(next) || strings.Contains(p.text[start:p.at], ":") {
				break
			}
		} else if c != '?' && !isNamePart(c) {
			break
		}
		p.at += size
	}
	return p.text[start:p.at]
}

// typeName reads a type or an attribute in square brackets.
func (p *scriptParser) typeName() *node {
	n := &node{kind: nodeType, at: p.at}
	p.at++
	start, depth := p.at, 1
	for !p.done() {
		c, size := p.rune(p.at)
		switch {
		case c == '[':
			depth++
		case c == ']':
			depth--
		case c == '(' && depth == 1: // the arguments of an attribute
			n.value = strings.TrimSpace(p.text[start:p.at])
			if strings.Contains(n.value, "::") {
				p.breaks(n.at, BreachType, "[")
			}
			n.nodes = p.arguments()
			p.blanks()
			if !p.take("]") {
				p.fault(nil)
			}
			n.end = p.at
			return n
		case c == '\n', !isBlank(c) && !isNamePart(c) && !strings.ContainsRune("`.,+*&\\:-=", c):
			p.fault(nil)
			n.end = p.at
			return n
		}
		if depth == 0 {
			n.value = strings.TrimSpace(p.text[start:p.at])
			p.at += size
			break
		}
		p.at += size
	}
	n.end = p.at
	return n
}

// arguments reads the arguments of a call or an attribute with their brackets.
func (p *scriptParser) arguments() []*node {
	opened := p.at
	p.at++
	var list []*node
	if p.enter() {
		for {
			p.newlines()
			if p.done() || p.byte() == ')' || p.byte() == '}' || p.byte() == ']' {
				break
			}
			before := p.at
			n := p.operation(false)
			switch {
			case n != nil && n.kind == nodeList:
				list = append(list, n.nodes...)
			case n != nil:
				list = append(list, n)
			}
			p.newlines()
			if p.byte() == ',' || p.byte() == '=' { // Name = value of an attribute
				p.at++
			} else if p.at == before && p.bare() == nil {
				p.fault(nil)
				_, size := p.rune(p.at)
				p.at += size
			}
		}
		p.leave()
	}
	p.close(opened, ")")
	return list
}

// postfix reads members, calls and indexes that follow a value directly.
func (p *scriptParser) postfix(n *node) *node {
	for {
		static := p.has("::")
		switch {
		case static, p.byte() == '.' && p.byteAt(p.at+1) != '.', p.has("?.") && strings.HasSuffix(p.text[:p.at], "}"):
			at := p.at
			if static || p.byte() == '?' {
				p.at++
			}
			p.at++
			if static {
				p.newlines()
			}
			m := p.member(n, static)
			if m == nil {
				p.at = at
				return n
			}
			n = m
		case p.byte() == '[':
			index := &node{kind: nodeIndex, at: n.at, nodes: []*node{n}}
			opened := p.at
			p.at++
			if p.enter() {
				p.newlines()
				if by := p.operation(false); by != nil {
					index.nodes = append(index.nodes, by)
				}
				p.leave()
			}
			p.close(opened, "]")
			index.end = p.at
			n = index
		default:
			return n
		}
	}
}

// member reads the name of a member and the arguments of a call.
func (p *scriptParser) member(target *node, static bool) *node {
	n := &node{kind: nodeMember, at: target.at, static: static, nodes: []*node{target}}
	switch c, _ := p.rune(p.at); {
	case isNameStart(c):
		start := p.at
		for c, size := p.rune(p.at); isNamePart(c); c, size = p.rune(p.at) {
			p.at += size
		}
		n.value = p.text[start:p.at]
	case isQuote(c):
		name := p.primary()
		n.value = name.value
		n.nodes = append(n.nodes, name)
	case c == '$', c == '(':
		n.nodes = append(n.nodes, p.primary())
	case unicode.IsDigit(c) && !static:
		return nil
	default:
		return nil
	}
	switch p.byte() {
	case '(':
		n.kind = nodeCall
		n.nodes = append(n.nodes, p.arguments()...)
	case '{':
		n.kind = nodeCall
		n.nodes = append(n.nodes, p.block())
	}
	n.end = p.at
	return n
}

// hash reads @{ … }.
func (p *scriptParser) hash() *node {
	n := &node{kind: nodeHash, at: p.at}
	p.at += 2
	if !p.enter() {
		p.close(n.at+1, "}")
		n.end = p.at
		return n
	}
	for {
		p.separators()
		if p.done() || p.byte() == '}' || p.byte() == ')' {
			break
		}
		before := p.at
		key := p.key()
		p.blanks()
		if key == nil || p.byte() != '=' {
			p.fault(nil)
			if p.at == before {
				_, size := p.rune(p.at)
				p.at += size
			}
			continue
		}
		p.at++
		p.newlines()
		value := p.statement()
		if value == nil {
			value = &node{kind: nodeStatement, at: p.at, end: p.at}
		}
		n.nodes = append(n.nodes, key, value)
		p.blanks()
		if c := p.byte(); c != '\n' && c != ';' && c != '}' && !p.done() {
			p.fault(value)
		}
	}
	p.leave()
	p.close(n.at+1, "}")
	n.end = p.at
	return n
}

// key reads the key of an entry.
func (p *scriptParser) key() *node {
	if c, _ := p.rune(p.at); isNameStart(c) {
		start := p.at
		for c, size := p.rune(p.at); size > 0 && c != '=' && !endsWord(c, size); c, size = p.rune(p.at) {
			p.at += size
		}
		return &node{kind: nodeBareword, at: start, end: p.at, value: p.text[start:p.at]}
	}
	return p.operand()
}
