package powershell

import (
	"strings"
)

// value says what a value is as far as the text shows it. A variable is followed where
// it is assigned once.
func (s *scriptReader) value(n *node, hops int) Value {
	v := s.shape(n, hops)
	v.Line = s.line(n.at)
	return v
}

func (s *scriptReader) shape(n *node, hops int) Value {
	const most = 4 // variables and commands that stand for each other
	n = n.inner()
	if n == nil || hops > most {
		return Value{}
	}
	switch n.kind {
	case nodeNumber:
		return Value{Kind: ValueNumber, Word: shown(n.value)}
	case nodeHash:
		return Value{Kind: ValueHash}
	case nodeBareword, nodeString, nodeExpandable:
		v := Value{Kind: ValueText, Path: isPath(n.value), Extension: extension(n.value)}
		if n.kind != nodeExpandable {
			v.Word = shown(n.value)
		}
		return v
	case nodeList, nodeArray:
		return Value{Kind: ValueList}
	case nodeVariable:
		switch name := variableKey(n.value); name {
		case "null":
			return Value{Kind: ValueNull}
		case "true", "false":
			return Value{Kind: ValueBool, Word: name}
		default:
			name = strings.TrimPrefix(name, "using:")
			if list := s.assigned[name]; len(list) == 1 && len(list[0].nodes) == 2 {
				return s.shape(list[0].nodes[1], hops+1)
			}
		}
	case nodeCall:
		if len(n.nodes) == 2 && n.static && strings.EqualFold(n.value, "ReadAllBytes") {
			path := n.nodes[1].inner()
			text := s.pathText(path, hops)
			return Value{Kind: ValueFile, Extension: extension(text), AllRoots: s.roots[strings.ToLower(text)] && text != ""}
		}
	case nodeCommand:
		return s.output(n, hops)
	}
	return Value{}
}

// pathText returns the text of a path, "" where it is not known.
func (s *scriptReader) pathText(n *node, hops int) string {
	const most = 4
	n = n.inner()
	if n == nil || hops > most {
		return ""
	}
	switch n.kind {
	case nodeBareword, nodeString, nodeExpandable:
		return strings.Trim(s.text[n.at:n.end], `'"‘’‚‛“”„`)
	case nodeVariable:
		if list := s.assigned[variableKey(n.value)]; len(list) == 1 && len(list[0].nodes) == 2 {
			return s.pathText(list[0].nodes[1], hops+1)
		}
		return "$" + variableKey(n.value)
	case nodeCommand: // Join-Path, Resolve-Path
		if len(n.nodes) > 0 {
			return s.pathText(n.nodes[len(n.nodes)-1], hops+1)
		}
	}
	return ""
}

// output says what a command gives, as far as Get-Content is concerned.
func (s *scriptReader) output(n *node, hops int) Value {
	name, _ := n.name.literal()
	full, known := cmdletOf(name)
	if full != "Get-Content" {
		return Value{}
	}
	c := Command{Name: name}
	for _, e := range n.nodes {
		if e.kind == nodeSplat {
			return Value{}
		}
	}
	s.elements(&c, n.nodes, hops+1)
	known.bind(&c)
	v := Value{Kind: ValueLines}
	path, ok := c.Parameter("Path")
	if !ok {
		path, ok = c.Parameter("LiteralPath")
	}
	switch {
	case ok:
		v.Extension = path.Value.Extension
	case len(c.Arguments) > 0:
		v.Extension = c.Arguments[0].Extension
	}
	if _, ok := c.Parameter("AsByteStream"); ok {
		v.Kind = ValueFile
	}
	if e, ok := c.Parameter("Encoding"); ok {
		switch {
		case strings.EqualFold(e.Value.Word, "Byte"):
			v.Kind = ValueFile
		case e.Value.Word == "":
			return Value{}
		}
	}
	return v
}

// allRoots notes a file that certutil makes of all roots of Windows Update.
func (s *scriptReader) allRoots(n *node) {
	name, _ := n.name.literal()
	name = strings.ToLower(name)
	if name != "certutil" && name != "certutil.exe" && !strings.HasSuffix(name, `\certutil.exe`) {
		return
	}
	for i, e := range n.nodes {
		word := e.value
		if (e.kind == nodeParameter || e.kind == nodeBareword) && strings.EqualFold(strings.TrimLeft(word, "-/"), "generateSSTFromWU") && i+1 < len(n.nodes) {
			if text := s.pathText(n.nodes[i+1], 0); text != "" {
				s.roots[strings.ToLower(text)] = true
			}
		}
	}
}

// shown returns text that names something, and "" for any other, which may be a secret.
func shown(text string) string {
	const longest = 64
	if len(text) > longest || strings.ContainsAny(text, " \t\n") {
		return ""
	}
	return text
}

// isPath reports whether text reads as the path of a file.
func isPath(text string) bool {
	return strings.ContainsAny(text, `\/`) || extension(text) != ""
}

// extension returns what follows the last dot of a file's name, in lower case, where it
// reads as the kind of a file.
func extension(path string) string {
	path = strings.TrimRight(path, `'"’‘“”`)
	i := strings.LastIndexAny(path, `.\/`)
	if i < 0 || path[i] != '.' {
		return ""
	}
	ext := strings.ToLower(path[i+1:])
	if len(ext) < 2 || len(ext) > 4 || strings.Trim(ext, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
		return ""
	}
	return ext
}
