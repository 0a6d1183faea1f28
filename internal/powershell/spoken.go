package powershell

import "strings"

// runsText reads the text that a command runs as part of the script, as Invoke-Expression does,
// where the script has it word for word. Otherwise it notes that it was not read, where a string
// of the script names the cmdlet for the settings.
func (s *scriptReader) runsText(n *node) {
	switch strings.ToLower(s.calledBy(n)) {
	case "invoke-expression", "iex":
	default:
		return
	}
	text := s.argument(n, "command")
	if list := loose(n); text == nil && len(list) > 0 {
		text = list[0]
	}
	if text = text.inner(); text != nil && text.kind == nodeVariable {
		text = s.once(text).inner()
	}
	if text != nil && text.kind == nodeString && !s.inside {
		s.takeApart(n, text, readAs{inside: true, same: true})
		return
	}
	s.unreadText(n.at, "Invoke-Expression")
}

// calledBy returns the name that a command is called by, or what that stands for.
func (s *scriptReader) calledBy(n *node) string {
	if means := s.called.means(n); means != "" {
		return bareName(means)
	}
	return lowerName(n)
}

// makesBlock notes a call that makes code of text.
func (s *scriptReader) makesBlock(n *node) {
	if n.kind != nodeCall || len(n.nodes) == 0 {
		return
	}
	switch target := n.nodes[0]; {
	case n.static && target.kind == nodeType && strings.HasSuffix(strings.ToLower(target.value), "scriptblock") && strings.EqualFold(n.value, "Create"):
		s.unreadText(n.at, "[scriptblock]::Create")
	case strings.EqualFold(n.value, "InvokeScript"), strings.EqualFold(n.value, "NewScriptBlock"):
		s.unreadText(n.at, n.value)
	}
}

func (s *scriptReader) unreadText(at int, by string) {
	named := false
	for _, n := range s.list {
		n.walk(func(n *node) {
			named = named || (n.kind == nodeString || n.kind == nodeExpandable) && exchangeWords().MatchString(s.text[n.at:n.end])
		})
	}
	if named {
		s.script.unread = append(s.script.unread, Deed{Name: by, Line: s.line(at), Unreached: reaches(s.never, at), Doubt: DoubtText})
	}
}
