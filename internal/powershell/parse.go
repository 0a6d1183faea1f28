package powershell

import "strings"

// statements reads up to a closing bracket, which it leaves.
func (p *scriptParser) statements(inside bool) []*node {
	var list []*node
	for {
		p.separators()
		if p.done() {
			return list
		}
		if c := p.byte(); c == ')' || c == '}' {
			if inside {
				return list
			}
			p.fault(nil)
			p.breaks(p.at, BreachClose, string(c))
			p.at++
			continue
		}
		before := p.at
		n := p.statement()
		if n != nil {
			list = append(list, n)
			if last := len(p.faults) - 1; last >= 0 && p.faults[last].at == before {
				p.faults[last].after = n
			}
		}
		if p.at == before {
			_, size := p.rune(p.at)
			p.fault(nil)
			p.at += size
			continue
		}
		p.blanks()
		if c := p.byte(); !p.done() && c != '\n' && c != ';' && c != ')' && c != '}' {
			if n != nil && n.kind == nodeStatement {
				continue // after a block the next statement may follow
			}
			p.fault(n)
			p.followsValue(n)
		}
	}
}

// block reads { … }.
func (p *scriptParser) block() *node {
	p.newlines()
	n := &node{kind: nodeBlock, at: p.at}
	if !p.take("{") {
		p.fault(nil)
		p.breaks(p.at, BreachBlock, "")
		n.end = p.at
		return n
	}
	if p.enter() {
		n.nodes = p.statements(true)
		p.leave()
	}
	p.close(n.at, "}")
	n.end = p.at
	return n
}

// paren reads ( … ), $( … ) or @( … ), which hold statements.
func (p *scriptParser) paren(kind nodeKind, open string) *node {
	n := &node{kind: kind, at: p.at}
	p.at += len(open)
	if p.enter() {
		for {
			n.nodes = append(n.nodes, p.statements(true)...)
			if p.byte() != '}' { // one too many
				break
			}
			p.fault(nil)
			p.closes(n.at+len(open)-1, ")")
			p.at++
		}
		p.leave()
	}
	p.close(n.at+len(open)-1, ")")
	n.end = p.at
	return n
}

// statement reads one statement. What follows a keyword that is none here is a command.
func (p *scriptParser) statement() *node {
	start := p.at
	if p.byte() == ':' { // a label
		p.at++
		for c, size := p.rune(p.at); isNamePart(c); c, size = p.rune(p.at) {
			p.at += size
		}
		p.newlines()
	}
	word := p.word()
	p.mayStray(word)
	read := statementWord(word)
	if read == nil {
		return p.chain()
	}
	at := p.at
	p.at += len(word)
	n := &node{kind: nodeStatement, at: start, value: word}
	if !read(p, n) {
		p.at = at
		return p.chain()
	}
	n.end = p.at
	return n
}

// statementWord returns what reads the rest of a statement that a keyword begins, nil
// for any other word. False says that the word is no keyword in this place.
func statementWord(word string) func(*scriptParser, *node) bool {
	switch word {
	case "if":
		return readIf
	case "while", "for":
		return func(p *scriptParser, n *node) bool { return p.clause(n) && p.body(n) }
	case "foreach":
		return readForeach
	case "do":
		return readDo
	case "switch":
		return readSwitch
	case "function", "filter", "workflow", "configuration":
		return readFunction
	case "class", "enum":
		return readClass
	case "try":
		return readTry
	case "trap":
		return readTrap
	case "param":
		return readParam
	case "data":
		return readData
	case "begin", "process", "end", "clean", "dynamicparam", "parallel", "sequence", "inlinescript", "finally", "else":
		return func(p *scriptParser, n *node) bool { return p.follows('{') && p.body(n) }
	case "return", "throw", "exit":
		return readValue
	case "break", "continue":
		return readLabel
	case "using":
		return readUsing
	default:
		return nil
	}
}

// follows reports whether a character comes next, line ends aside.
func (p *scriptParser) follows(c byte) bool {
	at := p.at
	p.newlines()
	found := p.byte() == c
	p.at = at
	return found
}

// clause reads a condition in brackets.
func (p *scriptParser) clause(n *node) bool {
	if !p.follows('(') {
		return false
	}
	p.newlines()
	n.nodes = append(n.nodes, p.paren(nodeParen, "("))
	return true
}

func (p *scriptParser) body(n *node) bool {
	n.nodes = append(n.nodes, p.block())
	return true
}

// takeWord steps over a keyword, on this line or a later one, where it is there.
func (p *scriptParser) takeWord(words ...string) string {
	at := p.at
	p.newlines()
	if found := p.word(); found != "" {
		for _, w := range words {
			if w == found {
				p.at += len(w)
				return w
			}
		}
	}
	p.at = at
	return ""
}

func readIf(p *scriptParser, n *node) bool {
	if !p.clause(n) {
		return false
	}
	p.body(n)
	for p.takeWord("elseif") != "" {
		if !p.clause(n) {
			p.fault(nil)
			return true
		}
		p.body(n)
	}
	if p.takeWord("else") != "" {
		p.body(n)
	}
	return true
}

// flags steps over the parameters of a keyword, such as switch -Regex.
func (p *scriptParser) flags(n *node) {
	for {
		p.blanks()
		word, size := p.dashed()
		if word == "" {
			return
		}
		p.at += size
		if word == "file" || word == "throttlelimit" || word == "timeout" {
			p.blanks()
			n.nodes = append(n.nodes, p.argumentAtom())
		}
	}
}

func readForeach(p *scriptParser, n *node) bool {
	p.flags(n)
	if !p.follows('(') {
		return false
	}
	p.newlines()
	opened := p.at
	p.at++
	p.newlines()
	if p.byte() == '$' {
		n.nodes = append(n.nodes, p.variable())
	}
	if p.takeWord("in") != "" && p.enter() {
		n.nodes = append(n.nodes, p.statements(true)...)
		p.leave()
	}
	p.close(opened, ")")
	return p.body(n)
}

func readDo(p *scriptParser, n *node) bool {
	if !p.follows('{') {
		return false
	}
	p.body(n)
	if p.takeWord("while", "until") != "" && !p.clause(n) {
		p.fault(nil)
	}
	return true
}

func readSwitch(p *scriptParser, n *node) bool {
	p.flags(n)
	if p.follows('(') {
		p.clause(n)
	}
	if !p.follows('{') {
		return false
	}
	p.newlines()
	opened := p.at
	p.at++
	if !p.enter() {
		p.close(opened, "}")
		return true
	}
	for {
		p.separators()
		if p.done() || p.byte() == '}' {
			break
		}
		before := p.at
		if clause := p.argument(); clause != nil {
			n.nodes = append(n.nodes, clause)
		}
		if p.follows('{') {
			p.body(n)
		} else if p.fault(nil); p.at == before {
			p.at++
		}
	}
	p.leave()
	p.close(opened, "}")
	return true
}

func readFunction(p *scriptParser, n *node) bool {
	p.blanks()
	name := p.bare()
	if name == nil {
		return false
	}
	if p.follows('(') {
		p.newlines()
		n.nodes = append(n.nodes, p.parameters())
	}
	if !p.follows('{') {
		return false
	}
	n.value += " " + name.value
	return p.body(n)
}

func readParam(p *scriptParser, n *node) bool {
	if !p.follows('(') {
		return false
	}
	p.newlines()
	n.nodes = append(n.nodes, p.parameters())
	return true
}

// parameters reads the declared parameters of a function: attributes, types, names
// and what they are without a value.
func (p *scriptParser) parameters() *node {
	n := &node{kind: nodeStatement, at: p.at, value: "param"}
	p.at++
	if p.enter() {
		for {
			p.newlines()
			if p.done() || p.byte() == ')' || p.byte() == '}' {
				break
			}
			before := p.at
			switch p.byte() {
			case ',':
				p.at++
			case '=':
				p.at++
				p.newlines()
				n.nodes = append(n.nodes, p.operation(false))
			case '[':
				n.nodes = append(n.nodes, p.typeName())
			case '$':
				n.nodes = append(n.nodes, p.variable())
			}
			if p.at == before {
				p.fault(nil)
				p.at++
			}
		}
		p.leave()
	}
	p.close(n.at, ")")
	n.end = p.at
	return n
}

// readClass reads a class or an enumeration: its members may hold blocks.
func readClass(p *scriptParser, n *node) bool {
	p.blanks()
	name := p.bare()
	if name == nil {
		return false
	}
	at := p.at
	for c := p.byte(); !p.done() && c != '{' && c != ';' && c != '}'; c = p.byte() { // : base classes
		p.at++
	}
	if p.byte() != '{' || strings.Contains(p.text[at:p.at], "\n\n") {
		return false
	}
	n.value += " " + name.value
	p.unsure = true // members are read roughly
	opened := p.at
	p.at++
	if p.enter() {
		p.members(n)
		p.leave()
	}
	p.close(opened, "}")
	return true
}

func (p *scriptParser) members(n *node) {
	for {
		p.separators()
		switch p.byte() {
		case 0:
			if p.done() {
				return
			}
			p.at++
		case '}':
			return
		case '[':
			n.nodes = append(n.nodes, p.typeName())
		case '$':
			n.nodes = append(n.nodes, p.variable())
		case '(':
			n.nodes = append(n.nodes, p.parameters())
		case '{':
			p.body(n)
		case '=':
			p.at++
			p.newlines()
			if s := p.statement(); s != nil {
				n.nodes = append(n.nodes, s)
			}
		default:
			if p.bare() == nil {
				_, size := p.rune(p.at)
				p.at += size
			}
		}
	}
}

func readTry(p *scriptParser, n *node) bool {
	if !p.follows('{') {
		return false
	}
	p.body(n)
	if !p.hasCatch() {
		p.breaks(n.at, BreachTry, "")
	}
	for p.takeWord("catch") != "" {
		for p.newlines(); p.byte() == '[' || p.byte() == ','; p.newlines() {
			if p.byte() == ',' {
				p.at++
				continue
			}
			n.nodes = append(n.nodes, p.typeName())
		}
		p.body(n)
	}
	if p.takeWord("finally") != "" {
		p.body(n)
	}
	return true
}

func readTrap(p *scriptParser, n *node) bool {
	p.newlines()
	if p.byte() == '[' {
		n.nodes = append(n.nodes, p.typeName())
	}
	return p.follows('{') && p.body(n)
}

func readData(p *scriptParser, n *node) bool {
	p.blanks()
	p.bare()
	for p.blanks(); ; p.blanks() {
		word, size := p.dashed()
		if word == "" {
			break
		}
		p.at += size
		p.blanks()
		n.nodes = append(n.nodes, p.argument())
	}
	return p.follows('{') && p.body(n)
}

// readValue reads return, throw and exit with the pipeline that may follow.
func readValue(p *scriptParser, n *node) bool {
	p.blanks()
	if c := p.byte(); p.done() || c == '\n' || c == ';' || c == ')' || c == '}' || c == '|' {
		n.kind = nodePipeline // ends like one
		return true
	}
	value := p.chain()
	n.kind = nodePipeline
	if value != nil {
		n.nodes = append(n.nodes, value)
	}
	return true
}

func readLabel(p *scriptParser, n *node) bool {
	p.blanks()
	if c := p.byte(); c != '\n' && c != ';' && c != '}' && c != ')' {
		p.argument()
	}
	return true
}

// readUsing reads a line such as "using namespace System".
func readUsing(p *scriptParser, n *node) bool {
	p.blanks()
	switch p.word() {
	case "namespace", "module", "assembly", "type", "command":
	default:
		return false
	}
	for !p.done() && p.byte() != '\n' && p.byte() != ';' {
		p.at++
	}
	return true
}

// chain reads pipelines joined by && and ||.
func (p *scriptParser) chain() *node {
	first := p.pipeline()
	for {
		p.blanks()
		at := p.at
		p.newlines()
		if !p.take("&&") && !p.take("||") {
			p.at = at
			return first
		}
		p.newlines()
		next := p.pipeline()
		if first != nil && next != nil {
			first = &node{kind: nodePipeline, at: first.at, end: p.at, nodes: []*node{first, next}}
		}
	}
}

// pipeline reads elements with | between them, or an assignment.
func (p *scriptParser) pipeline() *node {
	n := &node{kind: nodePipeline, at: p.at}
	for {
		element := p.element(len(n.nodes) == 0)
		if element != nil {
			n.nodes = append(n.nodes, element)
		}
		if element != nil && element.kind == nodeAssign {
			break
		}
		p.redirections(n)
		at := p.at
		p.newlines()
		if p.byte() != '|' || p.byteAt(p.at+1) == '|' {
			p.at = at
			break
		}
		pipe := p.at
		p.at++
		p.newlines()
		p.lacks(pipe, "|")
	}
	p.blanks()
	if p.byte() == '&' && p.byteAt(p.at+1) != '&' { // in the background
		p.at++
	}
	n.end = p.at
	switch len(n.nodes) {
	case 0:
		return nil
	case 1:
		return n.nodes[0]
	default:
		return n
	}
}

// element reads a command or, where one may stand, an expression.
func (p *scriptParser) element(first bool) *node {
	p.blanks()
	if !p.expressionAhead() {
		return p.command()
	}
	n := p.operation(true)
	p.blanks()
	if size := p.assignment(); size > 0 && first && n != nil {
		p.at += size
		p.newlines()
		assign := &node{kind: nodeAssign, at: n.at, nodes: []*node{n}}
		if value := p.statement(); value != nil {
			assign.nodes = append(assign.nodes, value)
		} else {
			p.lacks(assign.at, "=")
		}
		assign.end = p.at
		return assign
	}
	return n
}

// assignment returns the octets of an operator that assigns, 0 where there is none.
func (p *scriptParser) assignment() int {
	switch c, size := p.rune(p.at); {
	case c == '=':
		return 1
	case (c == '+' || c == '*' || c == '/' || c == '%' || isDash(c)) && p.byteAt(p.at+size) == '=':
		return size + 1
	case p.has("??="):
		return 3
	default:
		return 0
	}
}
