package powershell

import "strings"

// joinedIn notes a statement that PowerShell takes for arguments of a command because
// nothing separates the two. Only shapes are noted that no argument has.
func (s *scriptReader) joinedIn(n *node) {
	name, _ := n.name.literal()
	cmdlet, _ := cmdletOf(name)
	for i, e := range n.nodes {
		if i == 0 || e.at == n.nodes[i-1].end && e.kind != nodeVariable {
			continue
		}
		before := n.nodes[i-1]
		rest := n.nodes[i+1:]
		switch {
		case e.kind == nodeVariable && len(rest) > 1 && rest[0].kind == nodeBareword && rest[0].value == "=" && (!prints(cmdlet) || e.at == before.end):
			s.script.Joined = append(s.script.Joined, s.line(e.at)) // $x = …
			return
		case strings.EqualFold(cmdlet, "New-Object") && e.kind == nodeCall && !e.static && before.kind == nodeParen && i > 1 && n.nodes[i-2].end == before.at:
			s.script.Joined = append(s.script.Joined, s.line(e.at)) // New-Object Type("…") $store.Add($x)
			return
		case e.kind == nodeBareword && startsStatement(e, before, rest) && !prints(cmdlet):
			s.script.Joined = append(s.script.Joined, s.line(e.at))
			s.appended(e, rest)
			return
		}
	}
}

// startsStatement reports whether a word among arguments is a cmdlet of the job with
// something that only a statement has: a value ends before it, and parameters follow.
func startsStatement(word, before *node, rest []*node) bool {
	_, known := cmdletOf(word.value)
	if known == nil || len(rest) == 0 || rest[0].kind != nodeParameter && rest[0].kind != nodeSplat {
		return false
	}
	return before.kind != nodeParameter && (before.kind != nodeBareword || word.at > before.end) && before.kind != nodeList
}

// prints reports whether a command's arguments may be any words.
func prints(cmdlet string) bool {
	lower := strings.ToLower(cmdlet)
	return strings.HasPrefix(lower, "write-") || strings.HasPrefix(lower, "get-help") || strings.HasPrefix(lower, "get-command") ||
		strings.HasPrefix(lower, "set-alias") || strings.HasPrefix(lower, "new-alias") || lower == "echo" || lower == "mock" || lower == "should" || lower == "describe" || lower == "it"
}

// appended notes the command that stands among the arguments of another.
func (s *scriptReader) appended(name *node, elements []*node) {
	c := Command{Name: name.value, Line: s.line(name.at), Unreached: reaches(s.never, name.at), Appended: true}
	c.Column = s.column(name.at, c.Line)
	_, known := cmdletOf(c.Name)
	s.elements(&c, elements, 0)
	known.bind(&c)
	s.script.Commands = append(s.script.Commands, c)
}

// joinedAt notes a statement that begins where PowerShell expects the end of another.
func (s *scriptReader) joinedAt(f scriptFault) {
	if f.before == nil || f.before.kind == nodeNumber || strings.Contains(s.text[f.before.end:f.at], "\n") {
		return
	}
	next := f.after
	switch {
	case next == nil:
	case next.kind == nodeAssign && f.before.kind != nodeSplat:
		s.script.Joined = append(s.script.Joined, s.line(f.at))
	case next.kind == nodeCommand:
		if name, _ := next.name.literal(); name != "" {
			if _, known := cmdletOf(name); known != nil {
				s.script.Joined = append(s.script.Joined, s.line(f.at))
			}
		}
	}
}
