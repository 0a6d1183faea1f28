package powershell

import (
	"path"
	"slices"
	"strings"
)

// setting finds what of a script, standing before Set-SmimeConfig, leaves open what that does:
// the session with Exchange Online has ended, or $PSDefaultParameterValues gives it a parameter.
type setting struct {
	s        *scriptReader
	sessions []*node // commands that begin or end a session, in order
	ends     map[*node]bool
	defaults []*node // where a parameter is given
}

func newSetting(s *scriptReader, commands []*node) *setting {
	w := &setting{s: s, ends: map[*node]bool{}}
	for _, n := range commands {
		name := lowerName(n)
		switch {
		case n.name != nil && n.name.kind == nodeBlock: // its commands come by themselves
			continue
		case name == "disconnect-exchangeonline":
			if s.argument(n, "connectionid", "moduleprefix", "whatif") != nil || reaches(s.never, n.at) != 0 {
				continue // not all sessions
			}
			w.ends[n] = true
		case name == "import-pssession", name == "ipsn", s.called.functions[name], n.call != 0, name == "", strings.HasSuffix(name, ".ps1"):
		case strings.HasPrefix(name, "connect-") && !strings.HasPrefix(name, "connect-mg") && !strings.HasPrefix(name, "connect-az") && !strings.HasPrefix(name, "connect-msol"):
		default:
			continue
		}
		w.sessions = append(w.sessions, n)
	}
	const variable = "psdefaultparametervalues"
	for _, a := range s.assigned[variable] {
		if table := a.nodes[len(a.nodes)-1].inner(); table != nil && table.kind == nodeHash {
			for i := 0; i+1 < len(table.nodes); i += 2 {
				w.byDefault(table.nodes[i])
			}
		}
	}
	for _, a := range s.members[variable] {
		if target := a.nodes[0]; len(target.nodes) > 1 {
			w.byDefault(target.nodes[1])
		}
	}
	for _, n := range s.list {
		n.walk(func(n *node) {
			if n.kind == nodeCall && strings.EqualFold(n.value, "Add") && len(n.nodes) > 1 && variableOf(n.nodes[0]) == variable {
				w.byDefault(n.nodes[1])
			}
		})
	}
	return w
}

// byDefault notes a key of $PSDefaultParameterValues, cmdlet:parameter with wildcards in the
// cmdlet's name, where it gives Set-SmimeConfig a parameter that changes what it does
// (about_Parameters_Default_Values).
func (w *setting) byDefault(key *node) {
	text, _ := key.inner().literal()
	name, parameter, _ := strings.Cut(text, ":")
	if ok, err := path.Match(strings.ToLower(strings.TrimSpace(name)), strings.ToLower(setSmime)); !ok || err != nil {
		return
	}
	_, cmdlet := cmdletOf(setSmime)
	found := cmdlet.match(strings.TrimSpace(parameter))
	if len(found) == 1 && found[0].Name != "Confirm" && !strings.Contains(" "+commonParameters, " "+found[0].Name+",") && !strings.Contains(" "+commonParameters, " "+found[0].Name+"?,") {
		w.defaults = append(w.defaults, key)
	}
}

// doubt says why it is not known what a command does to the settings of S/MIME, and where the
// reason stands.
func (w *setting) doubt(n *node) (Doubt, int) {
	var ended *node
	for _, e := range w.sessions {
		switch {
		case e.at >= n.at:
		case !w.ends[e]:
			ended = nil
		case w.runs(e, n):
			ended = e
		}
	}
	if ended != nil {
		return DoubtEnded, w.s.line(ended.at)
	}
	for _, key := range w.defaults {
		if key.at < n.at && reaches(w.s.never, key.at) == 0 {
			return DoubtDefault, w.s.line(key.at)
		}
	}
	return 0, 0
}

// runs reports whether a command may be run before another that stands behind it: not where it
// stands in a function or in a block that is kept, or where the script ends behind it.
func (w *setting) runs(e, n *node) bool {
	holds := func(from, to int) bool { return from <= e.at && e.at < to && (n.at < from || n.at >= to) }
	if slices.ContainsFunc(w.s.assignments().later, func(l stretch) bool { return holds(l.from, l.to) }) {
		return false
	}
	return !slices.ContainsFunc(w.s.blocks, func(b *node) bool {
		return holds(b.at, b.end) && slices.ContainsFunc(b.nodes, func(last *node) bool {
			return last.at > e.at && (slices.Contains(endings, last.value) || last.value == "break" || last.value == "continue")
		})
	})
}
