package powershell

import "strings"

// nodeKind is what a piece of a script is.
type nodeKind uint8

const (
	nodeBareword   nodeKind = iota + 1 // text without marks in the place of an argument
	nodeString                         // literal text
	nodeExpandable                     // text in which something is replaced
	nodeNumber
	nodeVariable
	nodeType      // [name] or an attribute
	nodeParen     // ( … )
	nodeSub       // $( … )
	nodeArray     // @( … )
	nodeHash      // @{ … }, its children keys and values by turns
	nodeBlock     // { … }
	nodeList      // a, b
	nodeMember    // target.name, target::name
	nodeCall      // target.name(arguments): the target and the arguments
	nodeIndex     // target[…]
	nodeOperation // operands and their operators
	nodeCast      // [type] operand
	nodeAssign    // target = statement
	nodeCommand   // elements in order
	nodePipeline
	nodeParameter // -name, or -name: with its argument as child
	nodeSplat     // @name
	nodeStatement // any other statement
)

// node is a piece of a script with what it is made of.
type node struct {
	kind   nodeKind
	static bool // of a member and a call: after two colons
	call   byte // of a command: & or a dot, or 0
	at     int  // in the text, like end
	end    int
	value  string // literal text, or the name
	name   *node  // of a command: what it is called by
	nodes  []*node
}

// literal returns the text of a node that is nothing but text.
func (n *node) literal() (string, bool) {
	if n == nil || n.kind != nodeBareword && n.kind != nodeString {
		return "", false
	}
	return n.value, true
}

// inner takes off brackets and casts that do not change what a value is.
func (n *node) inner() *node {
	for n != nil && len(n.nodes) == 1 && (n.kind == nodeParen || n.kind == nodeSub || n.kind == nodeCast || n.kind == nodePipeline || n.kind == nodeStatement) {
		n = n.nodes[0]
	}
	return n
}

// walk calls visit for a node and all it is made of, in the order of the text.
func (n *node) walk(visit func(*node)) {
	if n == nil {
		return
	}
	visit(n)
	n.name.walk(visit)
	for _, child := range n.nodes {
		child.walk(visit)
	}
}

// scriptParser takes a script apart as PowerShell does (its language specification,
// Section 2 and appendix B; about_Parsing; about_Quoting_Rules). It refuses nothing:
// what cannot be parsed is noted, and a new statement begins there.
type scriptParser struct {
	text   string
	at     int
	depth  int
	faults []scriptFault
	broken *breach // what PowerShell cannot read
	unsure bool    // there is something of which the parser knows too little to say so
}

// scriptFault is a place at which a statement ought to have ended.
type scriptFault struct {
	at     int
	before *node // the statement that stands before it, nil where none does
	after  *node // what follows that statement
}

func (p *scriptParser) fault(before *node) {
	if len(p.faults) == 0 || p.faults[len(p.faults)-1].at < p.at {
		p.faults = append(p.faults, scriptFault{at: p.at, before: before})
	}
}

func (p *scriptParser) done() bool { return p.at >= len(p.text) }

// byte returns the next octet, 0 at the end.
func (p *scriptParser) byte() byte { return p.byteAt(p.at) }

func (p *scriptParser) byteAt(at int) byte {
	if at < len(p.text) {
		return p.text[at]
	}
	return 0
}

func (p *scriptParser) has(prefix string) bool { return strings.HasPrefix(p.text[p.at:], prefix) }

// take steps over a prefix where it is there.
func (p *scriptParser) take(prefix string) bool {
	if !p.has(prefix) {
		return false
	}
	p.at += len(prefix)
	return true
}

// close steps over the bracket that closes one, and notes where it is missing.
func (p *scriptParser) close(opened int, bracket string) {
	p.newlines()
	if !p.take(bracket) {
		p.closes(opened, bracket)
		p.fault(nil)
	}
}

// enter reports whether brackets may lie this deep; otherwise it passes over them.
func (p *scriptParser) enter() bool {
	if p.depth >= maxScriptNesting {
		p.unsure = true
		p.skipBrackets()
		return false
	}
	p.depth++
	return true
}

func (p *scriptParser) leave() { p.depth-- }

// skipBrackets passes over what lies too deep, up to the bracket that closes it,
// which it leaves.
func (p *scriptParser) skipBrackets() {
	for depth := 0; !p.done(); p.at++ {
		switch p.byte() {
		case '(', '{', '[':
			depth++
		case ')', '}', ']':
			if depth == 0 {
				return
			}
			depth--
		}
	}
}
