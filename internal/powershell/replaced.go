package powershell

import (
	"slices"
	"strings"
)

// maxUploads is how many uploads of one script are compared.
const maxUploads = 1000

// replaced notes the uploads of a collection that another upload of the same script takes the
// place of, as a collection is replaced whole: of several in a row all but the last, and one
// for each of several things. The commands are those of the script, in order.
func (s *scriptReader) replaced(commands []*node, loops []*loop) {
	var uploads []*node
	var connects []int // places at which the script may go to another tenant
	for i, n := range commands {
		c := &s.script.Commands[i]
		if strings.HasPrefix(strings.ToLower(c.Name), "connect-") {
			connects = append(connects, n.at)
		}
		if c.uploads() && !s.script.shown(c) && len(uploads) < maxUploads {
			uploads = append(uploads, n)
		}
	}
	leaves := func(from, to int) bool {
		i, _ := slices.BinarySearch(connects, from)
		return i < len(connects) && connects[i] < to
	}
	before := map[*node]*node{} // the last upload in a block
	for _, n := range uploads {
		block := s.blockOf(n.at)
		if b := before[block]; b != nil && s.text[b.at:b.end] != s.text[n.at:n.end] && !leaves(b.at, n.at) {
			s.script.Replaced = append(s.script.Replaced, s.line(b.at))
		}
		before[block] = n
		if slices.ContainsFunc(loops, func(l *loop) bool {
			return l.body.at <= n.at && n.at < l.body.end && !leaves(l.body.at, l.body.end) && l.varies(n)
		}) {
			s.script.Looped = append(s.script.Looped, s.line(n.at))
		}
	}
}

// uploads reports whether a command uploads a collection.
func (c *Command) uploads() bool {
	upload := func(p Parameter) bool { return p.Type == TypeBytes && p.Value.Kind != ValueNull }
	return slices.ContainsFunc(c.Parameters, upload) ||
		slices.ContainsFunc(c.Splats, func(s Splat) bool { return slices.ContainsFunc(s.Keys, upload) })
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
			switch n.kind {
			case nodeAssign:
				l.changes[variableOf(n.nodes[0])] = true
			case nodeStatement:
				l.ends = l.ends || slices.Contains([]string{"break", "return", "exit", "throw"}, n.value)
			}
		})
	}
	command.walk(func(n *node) {
		found = found || (n.kind == nodeVariable || n.kind == nodeSplat) && l.changes[variableKey(n.value)]
	})
	return found && !l.ends
}
