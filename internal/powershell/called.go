package powershell

import "strings"

// called tells what the names of commands stand for in one script: those that it gives to
// others, functions of its own, and the prefixes of sessions that it imports.
type called struct {
	s         *scriptReader
	aliases   map[string]string   // in lower case, by Set-Alias and the like
	prefixes  map[string]bool     // in lower case
	prefixed  bool                // Exchange Online is connected to with a prefix, and nothing is without one
	functions map[string]bool     // by functionName
	callers   map[string][]string // functions that call one
}

// own says what a command does that is a function of the script.
type own uint8

// The zero value is that of any other command.
const (
	ownSilent own = iota + 1 // nothing of S/MIME stands in it
	ownSpeaks                // what stands in it is looked at by itself
)

func newCalled(s *scriptReader, commands []*node) *called {
	c := &called{s: s, aliases: map[string]string{}, prefixes: map[string]bool{}, functions: map[string]bool{}, callers: map[string][]string{}}
	online, plain := false, false
	for _, n := range commands {
		switch name := lowerName(n); name {
		case "set-alias", "sal", "new-alias", "nal":
			c.alias(n)
		case "connect-exchangeonline", "import-pssession", "ipsn", "import-module", "ipmo":
			prefix := s.plain(s.argument(n, "prefix"), 0)
			if prefix != "" {
				c.prefixes[strings.ToLower(prefix)] = true
			}
			online = online || prefix != "" && name == "connect-exchangeonline"
			plain = plain || prefix == "" && name != "import-module" && name != "ipmo"
		}
	}
	c.prefixed = online && !plain
	for _, n := range s.list {
		n.walk(func(n *node) {
			if n.kind == nodeStatement && isFunction(n) {
				c.functions[functionName(n)] = true
			}
		})
	}
	return c
}

// lowerName returns the name that a command is called by, where the text shows it, in lower
// case and without its module.
func lowerName(n *node) string {
	name, _ := n.name.literal()
	return strings.ToLower(bareName(name))
}

// bareName takes off the module before the name of a cmdlet.
func bareName(name string) string { return name[strings.LastIndexByte(name, '\\')+1:] }

// alias notes another name that the script gives to a command.
func (c *called) alias(n *node) {
	name, value := c.s.argument(n, "name"), c.s.argument(n, "value")
	for _, e := range loose(n) {
		switch {
		case name == nil:
			name = e
		case value == nil:
			value = e
		}
	}
	if from, to := c.s.plain(name, 0), c.s.plain(value, 0); from != "" && to != "" {
		c.aliases[strings.ToLower(from)] = to
	}
}

// means returns what the name of a command stands for in the script, empty where it stands
// for itself or that is not known.
func (c *called) means(n *node) string {
	const most = 4 // names that stand for each other
	written, literal := n.name.literal()
	name := written
	if !literal && n.name != nil && n.name.kind != nodeBlock {
		name = c.s.plain(n.name, 0)
	}
	for range most {
		to, ok := c.aliases[strings.ToLower(name)]
		if !ok {
			break
		}
		name = to
	}
	if name == written || strings.Contains(name, "$") {
		return ""
	}
	return name
}

// session says why a name is not that which the cmdlets for S/MIME have in the sessions that
// the script shows: it has another prefix than they, or none and they have one.
func (c *called) session(name string) Doubt {
	full, known := cmdletOf(name)
	name = bareName(name)
	switch {
	case known == nil, !strings.HasSuffix(strings.ToLower(full), "smimeconfig"):
		return 0
	case len(name) <= len(full):
		if c.prefixed {
			return DoubtNoPrefix
		}
		return 0
	case !c.prefixes[strings.ToLower(name[len("Set-"):len(name)-len("SmimeConfig")])]:
		return DoubtPrefix
	}
	return 0
}

// functionsSpeak says of each command that is a function of the script whether anything of
// S/MIME stands in the function, or in another that it calls. The commands are those of the
// script, in order, with their places in its list.
func (c *called) functionsSpeak(commands []*node, places []int) {
	if len(c.functions) == 0 {
		return
	}
	speaks := map[string]bool{}
	var next []string
	speak := func(name string) {
		if !speaks[name] {
			speaks[name] = true
			next = append(next, name)
		}
	}
	name := func(i int) string { return strings.ToLower(bareName(c.s.script.Commands[places[i]].called())) }
	c.s.within(commands, func(i int, around []string) {
		own := name(i)
		if c.functions[own] {
			c.callers[own] = append(c.callers[own], around...)
			return
		}
		if change, _, _ := c.s.script.Commands[places[i]].changes(); change != "" {
			for _, f := range around {
				speak(f)
			}
		}
	})
	for len(next) > 0 {
		f := next[0]
		next = next[1:]
		for _, caller := range c.callers[f] {
			speak(caller)
		}
	}
	for i := range commands {
		if own := name(i); c.functions[own] {
			c.s.script.Commands[places[i]].own = ownSilent
			if speaks[own] {
				c.s.script.Commands[places[i]].own = ownSpeaks
			}
		}
	}
}

// within calls look for each command with the names of the functions around it.
func (s *scriptReader) within(commands []*node, look func(i int, around []string)) {
	place := make(map[*node]int, len(commands))
	for i, n := range commands {
		place[n] = i
	}
	var visit func(n *node, around []string)
	visit = func(n *node, around []string) {
		if n == nil {
			return
		}
		if i, ok := place[n]; ok {
			look(i, around)
		}
		if n.kind == nodeStatement && isFunction(n) {
			around = append(around[:len(around):len(around)], functionName(n))
		}
		visit(n.name, around)
		for _, child := range n.nodes {
			visit(child, around)
		}
	}
	for _, n := range s.list {
		visit(n, nil)
	}
}

// argument returns what a command is given for a parameter, which may be abbreviated or
// splatted; nil where there is none.
func (s *scriptReader) argument(command *node, names ...string) *node {
	is := func(written string) bool {
		written = strings.ToLower(written)
		for _, name := range names {
			if written != "" && strings.HasPrefix(name, written) {
				return true
			}
		}
		return false
	}
	for i, e := range command.nodes {
		switch {
		case e.kind == nodeParameter && is(e.value) && len(e.nodes) > 0:
			return e.nodes[0]
		case e.kind == nodeParameter && is(e.value) && i+1 < len(command.nodes) && command.nodes[i+1].kind != nodeParameter && command.nodes[i+1].kind != nodeSplat:
			return command.nodes[i+1]
		case e.kind == nodeSplat:
			for _, entry := range s.table(e).entries {
				if is(entry.key) {
					return entry.value
				}
			}
		}
	}
	return nil
}

// loose returns what a command is given without the name of a parameter before it.
func loose(command *node) (list []*node) {
	for i, e := range command.nodes {
		switch {
		case e.kind == nodeParameter, e.kind == nodeSplat, e.kind == nodeStatement:
		case i > 0 && command.nodes[i-1].kind == nodeParameter && len(command.nodes[i-1].nodes) == 0:
		default:
			list = append(list, e)
		}
	}
	return list
}
