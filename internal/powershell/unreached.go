package powershell

import (
	"cmp"
	"slices"
	"strings"
)

// Unreached says why a script never runs a command of its own.
type Unreached uint8

// The reasons. The zero value is that of a command that it may run.
const (
	NotReached Unreached = iota + 1 // behind exit, return or throw, or under a condition that is never true
	NotCalled                       // in a function or a block that the script does not call
)

// stretch is a part of the text that is never run.
type stretch struct {
	from, to int
	why      Unreached
}

// unreached returns the parts of the script that are never run, as far as its text shows.
func (s *scriptReader) unreached() []stretch {
	list := s.behindEnds(s.list, len(s.text))
	var functions []*node
	var kept []*node // blocks that a variable stands for
	computed := false
	words := map[string]bool{}    // that may call a function, in lower case
	variables := map[string]int{} // how often one is read or assigned
	for _, n := range s.list {
		n.walk(func(n *node) {
			switch n.kind {
			case nodeBlock:
				list = append(list, s.behindEnds(n.nodes, n.end)...)
			case nodeStatement:
				list = append(list, untrue(n)...)
				if isFunction(n) {
					functions = append(functions, n)
				}
			case nodeAssign:
				if b := n.nodes[len(n.nodes)-1].inner(); b != nil && b.kind == nodeBlock && len(n.nodes) == 2 && variableOf(n.nodes[0]) != "" {
					kept = append(kept, n)
				}
			case nodeCommand:
				if _, ok := n.name.literal(); !ok && n.name != nil && n.name.kind != nodeBlock {
					computed = true
				}
			case nodeBareword, nodeString:
				words[strings.ToLower(n.value)] = true
			case nodeVariable, nodeSplat:
				key := variableKey(n.value)
				variables[key]++
				if name, ok := strings.CutPrefix(key, "function:"); ok {
					words[name] = true
				}
			}
		})
	}
	for _, f := range functions {
		if !computed && !words[functionName(f)] {
			list = append(list, stretch{f.at, f.end, NotCalled})
		}
	}
	for _, a := range kept {
		if variables[variableOf(a.nodes[0])] == 1 {
			list = append(list, stretch{a.at, a.end, NotCalled})
		}
	}
	// What begins first contains what begins later, or ends before it.
	slices.SortFunc(list, func(a, b stretch) int { return cmp.Or(a.from-b.from, b.to-a.to) })
	return slices.CompactFunc(list, func(a, b stretch) bool { return b.to <= a.to })
}

// behindEnds returns what follows a statement that ends the list it stands in.
func (s *scriptReader) behindEnds(list []*node, end int) []stretch {
	for _, n := range list {
		if n.kind == nodePipeline && slices.Contains(endings, n.value) {
			return []stretch{{n.end, end, NotReached}}
		}
	}
	return nil
}

// endings are the keywords behind which nothing of a list is run.
var endings = []string{"return", "exit", "throw"}

// untrue returns the bodies of if and while whose condition is literally never true.
func untrue(n *node) (list []stretch) {
	if n.value != "if" && n.value != "while" {
		return nil
	}
	for i := 0; i+1 < len(n.nodes); i += 2 {
		c := n.nodes[i].inner()
		if c != nil && (c.kind == nodeVariable && variableKey(c.value) == "false" || c.kind == nodeNumber && c.value == "0") {
			list = append(list, stretch{n.nodes[i+1].at, n.nodes[i+1].end, NotReached})
		}
	}
	return list
}

// asksVersion reports whether a statement chooses by the version or the edition of PowerShell.
func (s *scriptReader) asksVersion(n *node) bool {
	if n.value != "if" && n.value != "switch" || len(n.nodes) == 0 {
		return false
	}
	condition := strings.ToLower(s.text[n.nodes[0].at:n.nodes[0].end])
	return slices.ContainsFunc([]string{"$psversiontable", "$psedition", "$iscoreclr"}, func(name string) bool { return strings.Contains(condition, name) })
}

func isFunction(n *node) bool {
	word, _, _ := strings.Cut(n.value, " ")
	return slices.Contains([]string{"function", "filter", "workflow"}, word) && functionName(n) != ""
}

// functionName returns the name of a function in lower case, without its scope.
func functionName(n *node) string {
	_, name, _ := strings.Cut(n.value, " ")
	return variableKey(name)
}

// reaches returns why a place is never run; zero where it may be.
func reaches(list []stretch, at int) Unreached {
	i, found := slices.BinarySearchFunc(list, at, func(s stretch, at int) int { return s.from - at })
	if !found {
		i--
	}
	if i >= 0 && at < list[i].to {
		return list[i].why
	}
	return 0
}
