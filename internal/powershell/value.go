package powershell

import (
	"slices"
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
	cast := n
	n = n.inner()
	if n == nil {
		return Value{}
	}
	if hops > 0 {
		s.followedValues++
	}
	if hops > most || s.followedValues > maxFollowed {
		return s.unseen(n)
	}
	for ; cast != n; cast = cast.nodes[0] {
		if cast.kind == nodeCast && isText(cast.value) && n.kind != nodeBareword && n.kind != nodeString && n.kind != nodeExpandable && n.kind != nodeNumber {
			return Value{Kind: ValueText}
		}
	}
	switch n.kind {
	case nodeNumber, nodeHash, nodeBareword, nodeString, nodeExpandable, nodeBlock:
		return s.constant(n)
	case nodeList, nodeArray:
		return s.several(n, hops)
	case nodeSub:
		if len(n.nodes) == 0 {
			return Value{Kind: ValueNull}
		}
	case nodeOperation:
		return s.operation(n, hops)
	case nodeVariable:
		switch name := variableKey(n.value); name {
		case "null":
			return Value{Kind: ValueNull}
		case "true", "false":
			return Value{Kind: ValueBool, Word: name}
		default:
			return s.assignedTo(n, hops)
		}
	case nodeAssign:
		return s.shape(n.nodes[len(n.nodes)-1], hops+1)
	case nodeCall:
		return s.result(n, hops)
	case nodeMember:
		if !n.static {
			return s.member(n, n.value, hops)
		}
	case nodeIndex:
		return s.indexed(n, hops)
	case nodePipeline:
		if len(n.nodes) > 1 {
			return s.piped(n, hops)
		}
	case nodeStatement:
		if n.value == "if" || n.value == "switch" || n.value == "try" {
			return s.alternatives(n, hops)
		}
	case nodeCommand:
		return s.output(n, hops)
	}
	return s.unseen(n)
}

// constant says what is written out.
func (s *scriptReader) constant(n *node) Value {
	switch n.kind {
	case nodeNumber:
		return Value{Kind: ValueNumber, Word: shown(n.value), NoCount: !isCount(s.text[n.at:n.end])}
	case nodeHash:
		return Value{Kind: ValueHash}
	case nodeBlock:
		return Value{Kind: ValueBlock}
	}
	v := Value{Kind: ValueText, Path: isPath(n.value), Extension: extension(n.value)}
	if n.kind != nodeExpandable {
		v.Word, v.NoCount = shown(n.value), !isCount(n.value)
	}
	return v
}

// several says what a list with commas or @( ) gives.
func (s *scriptReader) several(n *node, hops int) Value {
	switch {
	case n.kind == nodeList && s.files(n, hops):
		return Value{Kind: ValueFiles}
	case n.kind == nodeArray && len(n.nodes) == 0:
		return Value{Kind: ValueEmpty}
	case n.kind == nodeArray && len(n.nodes) == 1:
		if v := s.shape(n.nodes[0], hops+1); v.Kind == ValueFile || v.octets() {
			return Value{Kind: ValueList, Made: v.Made}
		}
	}
	return Value{Kind: ValueList, Made: s.unseen(n).Made}
}

// files reports whether operands are the octets of files. Of many it does not ask.
func (s *scriptReader) files(n *node, hops int) bool {
	const most = 16
	return len(n.nodes) > 1 && len(n.nodes) <= most && !slices.ContainsFunc(n.nodes, func(o *node) bool { return s.shape(o, hops+1).Kind != ValueFile })
}

// adds reports whether a plus stands between operands.
func (s *scriptReader) adds(n *node) bool {
	for i, next := range n.nodes[1:] {
		if strings.TrimSpace(strings.Trim(s.text[n.nodes[i].end:next.at], "()")) != "+" {
			return false
		}
	}
	return true
}

// outputs are commands that give neither octets nor numbers.
var outputs = map[string]ValueKind{
	"out-string": ValueText, "convertto-json": ValueText, "convertto-csv": ValueText, "read-host": ValueText,
	"get-item": ValueObjects, "gi": ValueObjects, "get-childitem": ValueObjects, "gci": ValueObjects, "dir": ValueObjects, "ls": ValueObjects,
	"get-pfxcertificate": ValueObjects, "get-pfxdata": ValueObjects, "import-certificate": ValueObjects, "import-pfxcertificate": ValueObjects,
	"get-smimeconfig": ValueObjects, "get-filehash": ValueObjects, "measure-object": ValueObjects, "measure": ValueObjects, "select-string": ValueObjects,
	"format-hex": ValueObjects, "format-list": ValueObjects, "fl": ValueObjects, "format-table": ValueObjects, "ft": ValueObjects, "get-date": ValueObjects,
	"join-path": ValueText, "split-path": ValueText, "convert-path": ValueText, "join-string": ValueText, "convertto-html": ValueText,
	"convertfrom-securestring": ValueText, "test-path": ValueBool,
}

// isCount reports whether text can become a number of zero or more, as an empty one does.
func isCount(text string) bool {
	text = strings.TrimSpace(text)
	return text == "" || isNumber(strings.TrimPrefix(text, "+"))
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
	switch lower := strings.ToLower(bareName(name)); {
	case s.called != nil && s.called.functions[lower], lower == "import-clixml":
		return Value{}
	case outputs[lower] != valueOther:
		return Value{Kind: outputs[lower]}
	case lower == "new-object" && len(n.nodes) > 0 && isCertificateType(s.pathText(n.nodes[0], hops)):
		return Value{Kind: ValueObjects}
	case lower == "new-object":
		given := slices.Concat(nonNil(s.argument(n, "typename")), loose(n), nonNil(s.argument(n, "argumentlist", "args")))
		if len(given) == 2 && isEmptyArray(s.plain(given[0], hops), given[1]) {
			return Value{Kind: ValueEmpty}
		}
		return s.unseen(n)
	case lower == "write-output" || lower == "echo":
		if given := loose(n); len(given) == 1 {
			return s.shape(given[0], hops+1)
		}
		return s.unseen(n)
	case n.name != nil && n.name.kind == nodeBlock && len(n.name.nodes) > 0:
		return s.shape(n.name.nodes[len(n.name.nodes)-1], hops+1)
	case full != "Get-Content":
		return s.unseen(n)
	}
	c := Command{Name: name}
	s.elements(&c, n.nodes, hops+1)
	known.bind(&c)
	if slices.ContainsFunc(c.Splats, func(s Splat) bool { return !s.Known }) {
		return s.unseen(n)
	}
	v := Value{Kind: ValueLines}
	path, ok := c.Parameter("Path")
	_, literal := c.Parameter("LiteralPath")
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
			return s.unseen(n)
		}
	}
	if v.Kind == ValueFile {
		given := s.pathGiven(n)
		v.Made, v.File = s.madeAt(n, given, false, literal), s.fileOf(given, hops)
		for _, some := range []string{"TotalCount", "Tail"} {
			if _, ok := c.Parameter(some); ok && v.Made.Kind != MadeNoStore {
				return s.part(n)
			}
		}
	}
	return v
}

func nonNil(n *node) []*node {
	if n == nil {
		return nil
	}
	return []*node{n}
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

// fileOf returns the name of a file without its folder, in lower case, where the text shows
// all of it and it ends in an extension.
func (s *scriptReader) fileOf(path *node, hops int) string {
	for _, text := range []string{s.plain(path, hops), s.pathText(path, hops)} {
		name := text[strings.LastIndexAny(text, `\/`)+1:]
		if extension(name) != "" && !strings.ContainsAny(name, "$`*?[(\"'’‘“”") {
			return strings.ToLower(name)
		}
	}
	return ""
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
