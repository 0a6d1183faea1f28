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
	n = n.inner()
	if n == nil || hops > most {
		return Value{}
	}
	switch n.kind {
	case nodeNumber:
		return Value{Kind: ValueNumber, Word: shown(n.value), NoCount: !isCount(s.text[n.at:n.end])}
	case nodeHash:
		return Value{Kind: ValueHash}
	case nodeBareword, nodeString, nodeExpandable:
		v := Value{Kind: ValueText, Path: isPath(n.value), Extension: extension(n.value)}
		if n.kind != nodeExpandable {
			v.Word, v.NoCount = shown(n.value), !isCount(n.value)
		}
		return v
	case nodeBlock:
		return Value{Kind: ValueBlock}
	case nodeList:
		if s.files(n, hops) {
			return Value{Kind: ValueFiles}
		}
		return Value{Kind: ValueList}
	case nodeArray:
		return Value{Kind: ValueList}
	case nodeOperation:
		if s.files(n, hops) && s.adds(n) {
			return Value{Kind: ValueJoined}
		}
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
		return s.result(n, hops)
	case nodeMember:
		if !n.static && strings.EqualFold(n.value, "RawData") {
			return Value{Kind: ValueExport, Form: n.value}
		}
	case nodePipeline:
		if last := n.nodes[len(n.nodes)-1]; last.kind == nodeCommand {
			name, _ := last.name.literal()
			if kind := outputs[strings.ToLower(name)]; kind == ValueText {
				return Value{Kind: kind}
			}
		}
	case nodeCommand:
		return s.output(n, hops)
	}
	return Value{}
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

// result says what a call of .NET gives.
func (s *scriptReader) result(n *node, hops int) Value {
	method := strings.ToLower(n.value)
	target := n.nodes[0]
	switch {
	case n.static && method == "readallbytes" && len(n.nodes) == 2:
		text := s.pathText(n.nodes[1], hops)
		return Value{Kind: ValueFile, Extension: extension(text), File: s.fileOf(n.nodes[1], hops), AllRoots: s.roots[strings.ToLower(text)] && text != "", Made: s.made(n, n.nodes[1])}
	case n.static && (method == "readalltext" || method == "tobase64string"):
		return Value{Kind: ValueText}
	case n.static && (method == "readalllines" || method == "readlines"):
		return Value{Kind: ValueLines}
	case n.static && method == "new" && isCertificateType(target.value):
		return Value{Kind: ValueObjects}
	case n.static:
	case method == "getbytes" && target.kind == nodeMember && target.static && unicodeEncodings[strings.ToLower(target.value)]:
		return Value{Kind: ValueEncoded}
	case method == "getrawcertdata":
		return Value{Kind: ValueExport, Form: n.value}
	case method == "export" && len(n.nodes) > 1:
		kind := n.nodes[1].inner()
		if kind != nil && (kind.kind == nodeString || kind.kind == nodeMember && kind.static) && exportForms[strings.ToLower(kind.value)] {
			return Value{Kind: ValueExport, Form: kind.value}
		}
	}
	return Value{}
}

// unicodeEncodings are the members of System.Text.Encoding in which not every sequence of
// octets is text, or a text never begins as a store does.
var unicodeEncodings = map[string]bool{"utf8": true, "ascii": true, "unicode": true, "bigendianunicode": true, "utf32": true, "utf7": true}

// exportForms are the members of X509ContentType that are no store. SerializedCert is an
// element of one, which [Script.Elements] tells of.
var exportForms = map[string]bool{"cert": true, "pfx": true, "pkcs12": true, "pkcs7": true, "authenticode": true}

func isCertificateType(name string) bool {
	name = strings.ToLower(name)
	switch name[strings.LastIndexByte(name, '.')+1:] {
	case "x509certificate", "x509certificate2", "x509certificate2collection", "x509certificatecollection", "x509store":
		return true
	}
	return false
}

// outputs are commands that give neither octets nor numbers.
var outputs = map[string]ValueKind{
	"out-string": ValueText, "convertto-json": ValueText, "convertto-csv": ValueText, "read-host": ValueText,
	"get-item": ValueObjects, "gi": ValueObjects, "get-childitem": ValueObjects, "gci": ValueObjects, "dir": ValueObjects, "ls": ValueObjects,
	"get-pfxcertificate": ValueObjects, "get-pfxdata": ValueObjects, "import-certificate": ValueObjects, "import-pfxcertificate": ValueObjects,
	"get-smimeconfig": ValueObjects,
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
	switch {
	case outputs[strings.ToLower(name)] != valueOther:
		return Value{Kind: outputs[strings.ToLower(name)]}
	case strings.EqualFold(name, "New-Object") && len(n.nodes) > 0 && isCertificateType(s.pathText(n.nodes[0], hops)):
		return Value{Kind: ValueObjects}
	case full != "Get-Content":
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
	if v.Kind == ValueFile {
		given := s.pathGiven(n)
		v.Made, v.File = s.made(n, given), s.fileOf(given, hops)
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
