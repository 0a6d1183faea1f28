package powershell

import (
	"cmp"
	"strings"
)

// handedOn takes apart the text that a script hands to another PowerShell, as batch files
// do: powershell -Command "…". What is found is on the line where the text begins.
func (s *scriptReader) handedOn(n *node) {
	name, _ := n.name.literal()
	name = strings.ToLower(name[strings.LastIndexAny(name, `\/`)+1:])
	if name = strings.TrimSuffix(name, ".exe"); name != "powershell" && name != "pwsh" || s.inside {
		return
	}
	for i, e := range n.nodes {
		if e.kind != nodeString && e.kind != nodeExpandable || i > 0 && n.nodes[i-1].kind == nodeParameter && !isCommandParameter(n.nodes[i-1].value) {
			continue
		}
		s.takeApart(n, e, readAs{inside: true})
	}
}

// takeApart reads the text of a node that a command runs, and adds what is found.
func (s *scriptReader) takeApart(n, e *node, as readAs) {
	inner := read(e.value, as)
	before, never := s.line(e.at)-1, reaches(s.never, n.at)
	first := len(s.script.Commands)
	for _, c := range inner.Commands {
		c.move(before)
		c.Unreached = cmp.Or(never, c.Unreached)
		if c.since > 0 {
			c.since += before
		}
		if as.same && c.session == 0 && c.Cmdlet() == setSmime {
			if c.session, c.since = s.called.session(c.called()), 0; c.session == 0 {
				c.session, c.since = s.setting.doubt(n)
			}
		}
		s.script.Commands = append(s.script.Commands, c)
	}
	for _, f := range inner.Files {
		f.Line += before
		s.script.Files = append(s.script.Files, f)
	}
	for _, g := range inner.Graph {
		g.Line += before
		g.command += first
		g.Unreached = cmp.Or(never, g.Unreached)
		s.script.Graph = append(s.script.Graph, g)
	}
	for _, l := range []struct{ to, from *[]int }{{&s.script.Joined, &inner.Joined}, {&s.script.Stores, &inner.Stores}, {&s.script.Elements, &inner.Elements},
		{&s.script.Replaced, &inner.Replaced}, {&s.script.Looped, &inner.Looped}} {
		for _, line := range *l.from {
			*l.to = append(*l.to, line+before)
		}
	}
}

// isCommandParameter reports whether a parameter of PowerShell's own program takes text to
// run (about_PowerShell_exe, about_Pwsh): -Command or what it is abbreviated to.
func isCommandParameter(name string) bool {
	name = strings.ToLower(name)
	return name != "" && strings.HasPrefix("command", name)
}

// move counts the lines of a command from another place.
func (c *Command) move(by int) {
	c.Line += by
	list := [][]Parameter{c.Parameters}
	for i := range c.Splats {
		c.Splats[i].Line += by
		list = append(list, c.Splats[i].Keys)
	}
	for _, parameters := range list {
		for i := range parameters {
			parameters[i].Line += by
			parameters[i].Value.move(by)
		}
	}
	for i := range c.Arguments {
		c.Arguments[i].move(by)
	}
}

// move counts the lines of a value from another place.
func (v *Value) move(by int) {
	v.Line += by
	if v.Made.Kind != 0 {
		v.Made.Line += by
	}
}
