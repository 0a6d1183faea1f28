package powershell

import (
	"slices"
	"strings"
)

// pathOf returns a path in a form in which two that are written alike are the same: in lower
// case and with backslashes. It is empty where the text does not show it. What the machine
// decides stands as it is written, such as $env:TEMP.
func (s *scriptReader) pathOf(n *node) string {
	text := strings.ToLower(strings.ReplaceAll(s.plain(n, 0), "/", `\`))
	return strings.TrimPrefix(text, `.\`)
}

// plain returns the text of a value, empty where it is not known. Variables are followed that
// are assigned once.
func (s *scriptReader) plain(n *node, hops int) string {
	const most = 6
	n = n.inner()
	if s.followedPaths++; n == nil || hops > most || s.followedPaths > maxFollowed {
		return ""
	}
	switch n.kind {
	case nodeBareword, nodeString:
		return n.value
	case nodeExpandable:
		return s.expanded(n, hops)
	case nodeVariable:
		if value := s.once(n); value != nil {
			return s.plain(value, hops+1)
		}
		if key := variableKey(n.value); s.isSame(key) {
			return "$" + key
		}
	case nodeOperation:
		return s.together(n.nodes, "", hops, func(left, right *node) bool { return s.operatorBetween(left, right) == "+" })
	case nodeMember:
		if !n.static && slices.Contains([]string{"path", "providerpath", "fullname"}, strings.ToLower(n.value)) {
			return s.plain(n.nodes[0], hops+1)
		}
	case nodeCall:
		if n.static && strings.EqualFold(n.value, "Combine") {
			return s.together(n.nodes[1:], `\`, hops, nil)
		}
	case nodeCommand:
		switch given := loose(n); lowerName(n) {
		case "join-path":
			if parent, child := s.argument(n, "path"), s.argument(n, "childpath"); parent != nil && child != nil {
				given = []*node{parent, child}
			}
			if len(given) < 2 {
				return ""
			}
			return s.together(given, `\`, hops, nil)
		case "resolve-path", "convert-path", "get-item", "gi":
			return s.plain(s.pathGiven(n), hops+1)
		}
	}
	return ""
}

// together puts the texts of values together, where all are known.
func (s *scriptReader) together(list []*node, between string, hops int, fits func(left, right *node) bool) string {
	var b strings.Builder
	for i, n := range list {
		text := s.plain(n, hops+1)
		if text == "" || b.Len() > maxFollowText || i > 0 && fits != nil && !fits(list[i-1], n) {
			return ""
		}
		if i > 0 {
			b.WriteString(between)
		}
		b.WriteString(text)
	}
	return b.String()
}

// expanded returns text with its variables replaced, where all are known.
func (s *scriptReader) expanded(n *node, hops int) string {
	var b strings.Builder
	at := n.at
	for _, part := range n.nodes {
		text := s.plain(part, hops+1)
		if text == "" || part.at < at || b.Len() > maxFollowText {
			return ""
		}
		b.WriteString(s.text[at:part.at] + text)
		at = part.end
	}
	b.WriteString(s.text[at:n.end])
	return strings.Trim(b.String(), `"“”„`)
}

// once returns the value of a variable that is assigned in one place only, nil for any other.
func (s *scriptReader) once(n *node) *node {
	key := strings.TrimPrefix(variableKey(n.value), "using:")
	list := s.assigned[key]
	if len(list) != 1 || len(list[0].nodes) != 2 || s.local[key] || s.operatorBetween(list[0].nodes[0], list[0].nodes[1]) != "=" {
		return nil
	}
	return list[0].nodes[1]
}

// isSame reports whether a variable that the script does not assign has one value in all of
// it: a parameter of the script, one of the machine, or one of PowerShell's own.
func (s *scriptReader) isSame(key string) bool {
	switch key {
	case "_", "psitem", "this", "args", "input", "matches", "null", "true", "false", "error", "?":
		return false
	}
	return !s.local[key] && len(s.assigned[key]) == 0
}
