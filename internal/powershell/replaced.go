package powershell

import (
	"slices"
	"strings"
)

// maxUploads is how many uploads of one script are compared.
const maxUploads = 1000

// replaced notes the uploads of a collection that do not stay, as a collection is replaced
// whole: those behind which another stands, or a command that takes the collection away, and
// one for each of several things. The commands are those of the script, in order, with their
// places in its list.
func (s *scriptReader) replaced(commands []*node, places []int, loops []*loop) {
	var uploads []*node
	removes := map[*node]bool{}
	var connects []int // where the script may go to another tenant
	for i, n := range commands {
		c := &s.script.Commands[places[i]]
		if strings.HasPrefix(strings.ToLower(c.Name), "connect-") {
			connects = append(connects, n.at)
		}
		if octets := c.octets(); octets > 0 && !s.script.shown(c) && c.Unreached == 0 && len(uploads) < maxUploads {
			uploads = append(uploads, n)
			removes[n] = octets == removal
		}
	}
	leaves := func(from, to int) bool {
		i, _ := slices.BinarySearch(connects, from)
		return i < len(connects) && connects[i] < to
	}
	before := map[*node]*node{} // the last upload in a block
	for _, n := range uploads {
		block := s.blockOf(n.at)
		if b := before[block]; b != nil && !removes[b] && s.text[b.at:b.end] != s.text[n.at:n.end] && !leaves(b.at, n.at) {
			s.script.Replaced = append(s.script.Replaced, s.line(b.at))
		}
		before[block] = n
		if !removes[n] && slices.ContainsFunc(loops, func(l *loop) bool {
			return l.body.at <= n.at && n.at < l.body.end && !leaves(l.body.at, l.body.end) && l.varies(n)
		}) {
			s.script.Looped = append(s.script.Looped, s.line(n.at))
		}
	}
}

// What a command does with the collection.
const (
	removal = iota + 1
	upload
)

// octets returns whether a command uploads a collection or takes it away, 0 for neither.
func (c *Command) octets() (does int) {
	look := func(list []Parameter) {
		for _, p := range list {
			switch {
			case p.Type != TypeBytes:
			case p.Value.Nothing():
				does = removal
			default:
				does = upload
			}
		}
	}
	look(c.Parameters)
	for _, s := range c.Splats {
		look(s.Keys)
	}
	return does
}

// loop is what runs once for each of several things.
type loop struct {
	body    *node
	changes map[string]bool // variables that may be another each time, as variableKey writes them
	walked  bool
	ends    bool // something may end it before it is done
}

// loopOf returns the loop that a node is, nil where it is none: foreach as a statement, or
// ForEach-Object.
func loopOf(n *node) *loop {
	switch {
	case n.kind == nodeStatement && n.value == "foreach":
		first, last := n.nodes[0], n.nodes[len(n.nodes)-1]
		if first != nil && first.kind == nodeVariable && last != nil {
			return &loop{body: last, changes: map[string]bool{variableKey(first.value): true}}
		}
	case n.kind == nodeCommand:
		name, _ := n.name.literal()
		i := slices.IndexFunc(n.nodes, func(e *node) bool { return e.kind == nodeBlock })
		if i >= 0 && slices.Contains([]string{"foreach-object", "foreach", "%"}, strings.ToLower(name)) {
			return &loop{body: n.nodes[i], changes: map[string]bool{"_": true, "psitem": true}}
		}
	}
	return nil
}

// varies reports whether a command in the loop may be given something else each time: the
// thing itself, or a variable that the loop assigns. A loop that may end early is taken for
// one that looks for the right thing.
func (l *loop) varies(command *node) (found bool) {
	if !l.walked {
		l.walked = true
		l.body.walk(func(n *node) {
			switch {
			case n.kind == nodeAssign:
				l.changes[variableOf(n.nodes[0])] = true
			case n.kind == nodeStatement && n.value == "break", n.kind == nodePipeline && slices.Contains(endings, n.value):
				l.ends = true
			}
		})
	}
	command.walk(func(n *node) {
		found = found || (n.kind == nodeVariable || n.kind == nodeSplat) && l.changes[variableKey(n.value)]
	})
	return found && !l.ends
}
