package powershell

import (
	"slices"
	"strings"
)

// tables tells what stands in the hash tables that a script splats: what it assigns to a
// variable, and what it puts in later.
type tables struct {
	s         *scriptReader
	functions map[string]bool          // of the script, by functionName
	changes   map[string][]tableChange // by variableKey, in the order of the text
	places    map[*node]*place         // of splats
	read      map[*node]table          // those that were asked for
}

// table is what is known of the variable of a splat.
type table struct {
	entries []entry
	known   bool // there are no others
	made    bool // the script assigns to the variable
}

type entry struct {
	key   string
	at    int
	value *node
}

// tableChange is a place that assigns to a variable or changes its entries.
type tableChange struct {
	at    int
	place *place
	kind  changeKind
	key   string
	value *node
}

type changeKind uint8

const (
	changeUnseen changeKind = iota // it cannot be followed
	changeWhole                    // the variable is assigned
	changeGiven                    // it is a parameter
	changeMerge                    // +=
	changeEntry                    // of one key
	changeAdd                      // of one key that is not there
)

// place is where something stands: in which block within which.
type place struct {
	up      *place
	kind    placeKind
	assigns map[string]bool // what a function assigns itself, and so changes for no other
}

type placeKind uint8

const (
	placePlain    placeKind = iota // runs where it stands
	placeBranch                    // may not be run
	placeLoop                      // may be run again
	placeFunction                  // is run when it is called, with variables of its own
)

// holds reports whether another place is this one or within it.
func (p *place) holds(other *place) bool {
	for ; other != nil; other = other.up {
		if other == p {
			return true
		}
	}
	return false
}

func newTables(s *scriptReader) *tables {
	t := &tables{s: s, functions: map[string]bool{}, changes: map[string][]tableChange{}, places: map[*node]*place{}, read: map[*node]table{}}
	for _, n := range s.list {
		n.walk(func(n *node) {
			if n.kind == nodeStatement && isFunction(n) {
				t.functions[functionName(n)] = true
			}
		})
	}
	root := &place{}
	for _, n := range s.list {
		t.visit(n, root)
	}
	return t
}

func (t *tables) visit(n *node, at *place) {
	if n == nil {
		return
	}
	t.note(n, at)
	t.visit(n.name, at)
	for i, child := range n.nodes {
		if child != nil && child.kind == nodeBlock {
			t.visit(child, &place{up: at, kind: placeOf(n, i), assigns: map[string]bool{}})
			continue
		}
		t.visit(child, at)
	}
}

// placeOf says how the block at a place in a node is run.
func placeOf(n *node, i int) placeKind {
	switch {
	case n.kind == nodeCommand && loopOf(n) != nil:
		return placeLoop
	case n.kind != nodeStatement || isFunction(n):
		return placeFunction
	case isBranch(n, i) || n.value == "else":
		return placeBranch
	case slices.Contains([]string{"while", "for", "foreach", "do", "process"}, n.value):
		return placeLoop
	}
	return placePlain
}

// note notes what a node changes.
func (t *tables) note(n *node, at *place) {
	switch n.kind {
	case nodeSplat:
		t.places[n] = at
	case nodeAssign:
		t.assign(n, at)
	case nodeCall:
		if !n.static && n.nodes[0].kind == nodeVariable {
			t.call(n, at)
		}
	case nodeCast:
		if strings.EqualFold(n.value, "ref") {
			n.walk(func(v *node) { t.unseen(v, at) })
		}
	case nodeStatement:
		switch {
		case n.value == "param":
			for _, v := range n.nodes {
				if v != nil && v.kind == nodeVariable {
					t.change(v, at, tableChange{kind: changeGiven})
				}
			}
		case n.value == "foreach" && loopOf(n) != nil:
			t.unseen(n.nodes[0], at)
		}
	case nodeCommand:
		t.command(n, at)
	}
}

// change notes a change of a variable.
func (t *tables) change(variable *node, at *place, c tableChange) {
	key := strings.TrimPrefix(variableKey(variable.value), "using:")
	c.at, c.place = variable.at, at
	t.changes[key] = append(t.changes[key], c)
	if scope, _, ok := strings.Cut(strings.ToLower(variable.value), ":"); c.kind != changeWhole && c.kind != changeGiven || ok && (scope == "script" || scope == "global") {
		return
	}
	for f := at; f != nil; f = f.up {
		if f.kind == placeFunction {
			f.assigns[key] = true
			return
		}
	}
}

// unseen notes that a variable is assigned something that is not known.
func (t *tables) unseen(n *node, at *place) {
	if n != nil && n.kind == nodeVariable {
		t.change(n, at, tableChange{kind: changeWhole})
	}
}

func (t *tables) assign(n *node, at *place) {
	target := n.nodes[0]
	for target.kind == nodeCast {
		target = target.nodes[len(target.nodes)-1]
	}
	operator, value := "", (*node)(nil)
	if len(n.nodes) > 1 {
		value, operator = n.nodes[1], t.s.operatorBetween(n.nodes[0], n.nodes[1])
	}
	switch {
	case target.kind == nodeVariable && operator == "+=":
		t.change(target, at, tableChange{kind: changeMerge, value: value})
	case target.kind == nodeVariable && operator == "=":
		t.change(target, at, tableChange{kind: changeWhole, value: value})
	case target.kind == nodeMember || target.kind == nodeIndex:
		if target.nodes[0].kind != nodeVariable {
			return
		}
		c := tableChange{kind: changeEntry, key: target.value, value: value}
		if target.kind == nodeIndex && len(target.nodes) > 1 {
			c.key = t.key(target.nodes[1])
		}
		if c.key == "" || operator != "=" || value == nil {
			c.kind = changeUnseen
		}
		t.change(target.nodes[0], at, c)
	default:
		target.walk(func(v *node) { t.unseen(v, at) })
	}
}

// key returns the text of a key, empty where it is not known.
func (t *tables) key(n *node) string {
	text := t.s.plain(n, 0)
	if strings.Contains(text, "$") {
		return ""
	}
	return text
}

// call notes what a method changes.
func (t *tables) call(n *node, at *place) {
	c := tableChange{}
	switch method := strings.ToLower(n.value); {
	case slices.Contains([]string{"contains", "containskey", "containsvalue", "getenumerator", "tostring", "gettype", "get_item", "clone", "copyto", "trygetvalue"}, method):
		return
	case (method == "add" || method == "set_item") && len(n.nodes) == 3:
		if c.key, c.value = t.key(n.nodes[1]), n.nodes[2]; c.key == "" {
			break
		}
		if c.kind = changeEntry; method == "add" {
			c.kind = changeAdd
		}
	}
	t.change(n.nodes[0], at, c)
}

// command notes what a command may change: one that sets variables, and a function of the
// script that is given the table itself.
func (t *tables) command(n *node, at *place) {
	name := lowerName(n)
	sets := slices.Contains([]string{"set-variable", "sv", "set", "new-variable", "nv", "clear-variable", "clv", "remove-variable", "rv"}, name)
	for _, e := range n.nodes {
		if e.kind == nodeParameter && len(e.nodes) > 0 {
			e = e.nodes[0]
		}
		switch {
		case sets && (e.kind == nodeBareword || e.kind == nodeString):
			t.change(&node{kind: nodeVariable, at: e.at, value: e.value}, at, tableChange{kind: changeWhole})
		case t.functions[name] && e.inner() != nil && e.inner().kind == nodeVariable:
			t.change(e.inner(), at, tableChange{})
		}
	}
}

// table returns what is in the variable of a splat where the splat stands.
func (s *scriptReader) table(e *node) table {
	if s.tables == nil {
		s.tables = newTables(s)
	}
	t := s.tables
	found, ok := t.read[e]
	if !ok {
		found = t.find(e)
		t.read[e] = found
	}
	return found
}

func (t *tables) find(e *node) (found table) {
	const most = 256 // changes of one variable
	key := strings.TrimPrefix(variableKey(e.value), "using:")
	changes := t.changes[key]
	found.made = slices.ContainsFunc(changes, func(c tableChange) bool { return c.kind != changeGiven })
	if len(changes) > most {
		return found
	}
	here := t.places[e]
	var base *place
	for _, c := range changes {
		applies, maybe := c.reaches(here, key)
		switch {
		case !applies, c.at >= e.at:
		case maybe:
			found.doubt(c)
		default:
			if t.apply(&found, c); c.kind == changeWhole {
				base = c.place
			}
		}
	}
	// What is run again may come behind what stands later.
	for p := here; p != nil && !p.holds(base); p = p.up {
		if p.kind != placeLoop && p.kind != placeFunction {
			continue
		}
		for _, c := range changes {
			if applies, _ := c.reaches(here, key); applies && c.at > e.at && (p.kind == placeFunction || p.holds(c.place)) {
				found.doubt(c)
			}
		}
	}
	return found
}

// reaches reports whether a change may be one of the table that is splatted in a place, and
// whether that is not certain.
func (c *tableChange) reaches(here *place, key string) (applies, maybe bool) {
	for p := c.place; !p.holds(here); p = p.up {
		if p.kind == placeFunction && p.assigns[key] {
			return false, false
		}
		maybe = maybe || p.kind != placePlain
	}
	return true, maybe
}

// doubt takes out what a change may have changed.
func (t *table) doubt(c tableChange) {
	t.known = false
	if c.kind == changeEntry || c.kind == changeAdd {
		t.entries = slices.DeleteFunc(slices.Clone(t.entries), func(e entry) bool { return strings.EqualFold(e.key, c.key) })
		return
	}
	t.entries = nil
}

// apply makes a change.
func (t *tables) apply(found *table, c tableChange) {
	has := func(key string) int {
		return slices.IndexFunc(found.entries, func(e entry) bool { return strings.EqualFold(e.key, key) })
	}
	switch c.kind {
	case changeWhole:
		found.entries, found.known = t.literal(c.value)
	case changeMerge:
		more, known := t.literal(c.value)
		if !known || slices.ContainsFunc(more, func(e entry) bool { return has(e.key) >= 0 }) {
			found.doubt(c)
			return
		}
		found.entries = append(found.entries, more...)
	case changeEntry, changeAdd:
		i := has(c.key)
		switch next := (entry{key: c.key, at: c.at, value: c.value}); {
		case i < 0:
			found.entries = append(found.entries, next)
		case c.kind == changeAdd: // it fails
			found.doubt(c)
		default:
			found.entries[i] = next
		}
	default:
		found.doubt(c)
	}
}

// literal returns the entries of a hash table that is written out, and whether these are all.
func (t *tables) literal(n *node) (list []entry, known bool) {
	n = n.inner()
	switch {
	case n == nil:
		return nil, false
	case n.kind == nodeCommand && lowerName(n) == "new-object" && len(n.nodes) == 1:
		return nil, isTable(t.s.plain(n.nodes[0], 0))
	case n.kind == nodeCall && n.static && strings.EqualFold(n.value, "new") && len(n.nodes) == 1:
		return nil, isTable(n.nodes[0].value)
	case n.kind != nodeHash:
		return nil, false
	}
	known = true
	for i := 0; i+1 < len(n.nodes); i += 2 {
		key, ok := n.nodes[i].literal()
		if !ok {
			known = false
			continue
		}
		list = append(list, entry{key: key, at: n.nodes[i].at, value: n.nodes[i+1]})
	}
	return list, known
}

// isTable reports whether a type of .NET is one that can be splatted as a hash table is.
func isTable(name string) bool {
	name, _, _ = strings.Cut(strings.ToLower(name), "[")
	name, _, _ = strings.Cut(name, "`")
	switch name[strings.LastIndexByte(name, '.')+1:] {
	case "hashtable", "ordereddictionary", "dictionary", "sorteddictionary", "sortedlist":
		return true
	}
	return false
}
