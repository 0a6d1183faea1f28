package powershell

import (
	"cmp"
	"slices"
	"strings"
)

// assignments tells which variables a script assigns, and where first, as far as its text
// shows. One that it reads without that is $null for PowerShell: mostly a name with a slip,
// or a line in the wrong place.
type assignments struct {
	s       *scriptReader
	now     int                // which statement of the script is looked at
	first   map[string]int     // in which statement a variable may first be assigned, by variableKey
	within  []stretch          // functions
	outside map[string]bool    // variables that something assigns outside functions, or for all
	later   []stretch          // what may be run in another place than where it stands
	each    map[string][]*node // what a variable of foreach goes through
	more    bool               // others may be assigned, which cannot be seen
	lacking map[string]string  // what an assigned variable stands on and nothing assigns
}

func newAssignments(s *scriptReader) *assignments {
	a := &assignments{s: s, first: map[string]int{}, outside: map[string]bool{}, each: map[string][]*node{}, lacking: map[string]string{}, more: len(s.faults) > 0 || s.same}
	for _, n := range s.list {
		n.walk(func(n *node) {
			if n.kind == nodeStatement && isFunction(n) {
				a.within = append(a.within, stretch{from: n.at, to: n.end})
			}
		})
	}
	slices.SortFunc(a.within, func(x, y stretch) int { return cmp.Or(x.from-y.from, y.to-x.to) })
	a.within = slices.CompactFunc(a.within, func(x, y stretch) bool { return y.to <= x.to })
	for i, n := range s.list {
		a.now = i
		n.walk(a.note)
	}
	return a
}

// at notes that a variable may be assigned in the statement that is looked at.
func (a *assignments) at(key string) {
	if _, ok := a.first[key]; !ok {
		a.first[key] = a.now
	}
}

// note notes what a node may assign.
func (a *assignments) note(n *node) {
	switch n.kind {
	case nodeAssign:
		n.nodes[0].walk(a.assign)
	case nodeCast:
		if strings.EqualFold(n.value, "ref") {
			n.walk(a.assign)
		}
	case nodeStatement:
		a.statement(n)
	case nodeVariable:
		switch after := strings.TrimLeft(a.s.text[n.end:], " \t"); {
		case strings.HasPrefix(after, "++"), strings.HasPrefix(after, "--"), strings.HasPrefix(after, "="):
			a.assign(n)
		}
	case nodeBareword, nodeString: // of -OutVariable, Set-Variable and the like
		key := variableKey(strings.TrimPrefix(n.value, "+"))
		a.outside[key] = true
		a.at(key)
	case nodeCommand:
		a.more = a.more || assignsUnseen(n)
	}
	for _, child := range append(n.nodes, n.name) {
		if child != nil && child.kind == nodeBlock && (n.kind != nodeStatement || isFunction(n)) {
			a.later = append(a.later, stretch{from: child.at, to: child.end})
		}
	}
}

func (a *assignments) statement(n *node) {
	switch word, _, _ := strings.Cut(n.value, " "); word {
	case "param":
		for _, p := range n.nodes {
			a.assign(p)
		}
	case "foreach":
		if l := loopOf(n); l != nil {
			a.assign(n.nodes[0])
			key := variableKey(n.nodes[0].value)
			a.each[key] = append(a.each[key], n.nodes[1:len(n.nodes)-1]...)
		}
	case "data", "class":
		a.more = true
	case "using":
		a.more = a.more || strings.Contains(strings.ToLower(a.s.text[n.at:n.end]), "module")
	}
}

func (a *assignments) assign(n *node) {
	if n != nil && n.kind == nodeVariable {
		key := variableKey(n.value)
		scope, _, scoped := strings.Cut(strings.ToLower(n.value), ":")
		a.outside[key] = a.outside[key] || !a.inFunction(n.at) || scoped && scope != "local" && scope != "private"
		a.at(key)
	}
}

// assignsUnseen reports whether a command may assign variables whose names the script does
// not show: it runs other text or another script in the same scope, or computes the name.
func assignsUnseen(n *node) bool {
	if n.call == '.' {
		return true
	}
	name, _ := n.name.literal()
	switch strings.ToLower(name) {
	case "invoke-expression", "iex":
		return true
	case "import-module", "ipmo", "set-variable", "sv", "set", "new-variable", "nv", "set-item", "si", "new-item", "ni":
		return slices.ContainsFunc(n.nodes, func(e *node) bool {
			text, ok := e.literal()
			return !ok && e.kind != nodeParameter || strings.ContainsAny(text, `\/`)
		})
	}
	return false
}

// lacks returns a variable that nodes read, or what was assigned to one that they read, and
// that nothing assigns before; empty where none is seen.
func (a *assignments) lacks(hops int, nodes ...*node) (name string) {
	const most = 16 // variables that stand for each other
	if a.more || hops > most {
		return ""
	}
	for _, n := range nodes {
		n.walk(func(n *node) {
			if name == "" && (n.kind == nodeVariable || n.kind == nodeSplat) {
				name = a.variable(n, hops)
			}
		})
	}
	return name
}

func (a *assignments) variable(n *node, hops int) string {
	key := strings.TrimPrefix(variableKey(n.value), "using:")
	if first, ok := a.first[key]; !ok || a.before(n.at, first) || !a.outside[key] && !a.inFunction(n.at) {
		if isAutomatic(key) || shown(key) == "" || strings.ContainsFunc(key, func(r rune) bool { return !isNamePart(r) }) {
			return ""
		}
		return n.value
	}
	if found, ok := a.lacking[key]; ok {
		return found
	}
	a.lacking[key] = "" // while it is looked for, as an assignment may read what it assigns
	sources := slices.Clone(a.each[key])
	for _, n := range slices.Concat(a.s.assigned[key], a.s.members[key]) {
		sources = append(sources, n.nodes[1:]...)
	}
	found := a.lacks(hops+1, sources...)
	a.lacking[key] = found
	return found
}

// inFunction reports whether a place stands in a function, which has variables of its own.
func (a *assignments) inFunction(at int) bool {
	i, found := slices.BinarySearchFunc(a.within, at, func(s stretch, at int) int { return s.from - at })
	if !found {
		i--
	}
	return i >= 0 && at < a.within[i].to
}

// before reports whether a place is run before a statement of the script: it stands in one
// before that, and not in what is run when it is called.
func (a *assignments) before(at, statement int) bool {
	return at < a.s.list[statement].at && !slices.ContainsFunc(a.later, func(s stretch) bool { return s.from <= at && at < s.to })
}

// automatic are the variables that PowerShell or its hosts set (about_Automatic_Variables,
// about_Preference_Variables), but for those whose names end in Preference.
var automatic = []string{
	"_", "args", "consolefilename", "enabledexperimentalfeatures", "error", "errorview", "event", "eventargs",
	"eventsubscriber", "executioncontext", "false", "foreach", "formatenumerationlimit", "home", "host",
	"input", "iscoreclr", "islinux", "ismacos", "iswindows", "lastexitcode", "matches", "maximumaliascount",
	"maximumdrivecount", "maximumerrorcount", "maximumfunctioncount", "maximumhistorycount",
	"maximumvariablecount", "myinvocation", "nestedpromptlevel", "null", "ofs", "outputencoding", "pid",
	"profile", "psboundparameters", "pscmdlet", "pscommandpath", "psculture", "psdebugcontext",
	"psdefaultparametervalues", "psedition", "pseditor", "psemailserver", "pshome", "psise", "psitem",
	"psnativecommandargumentpassing", "psscriptroot", "pssenderinfo",
	"pssessionapplicationname", "pssessionconfigurationname", "pssessionoption", "psstyle", "pstransportoption",
	"psuiculture", "psversiontable", "pwd", "sender", "shellid", "stacktrace", "switch", "this", "transcript",
	"true",
}

func isAutomatic(key string) bool {
	return slices.Contains(automatic, key) || strings.HasSuffix(key, "preference")
}

// assignments returns what the script assigns.
func (s *scriptReader) assignments() *assignments {
	if s.assigns == nil {
		s.assigns = newAssignments(s)
	}
	return s.assigns
}

// standsOn notes what a command that brings something about lacks: what is piped to it
// counts too.
func (s *scriptReader) standsOn(index int, nodes []*node) {
	c := &s.script.Commands[index]
	change, _, _ := c.changes()
	last := len(s.script.Graph) - 1
	if change != "" || c.Judged() || last >= 0 && s.script.Graph[last].command == index {
		c.Unassigned = s.assignments().lacks(0, nodes...)
	}
}
