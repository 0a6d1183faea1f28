package powershell

import (
	"slices"
	"strings"
)

// Made says how a script makes the file itself whose octets a value is. The zero value is
// that of a file which it does not make, or of which nothing is known.
type Made struct {
	Kind MadeKind
	By   string // the command, or what of .NET gives the octets
	Line int
}

// MadeKind is what is known of a file that a script makes.
type MadeKind uint8

// The kinds.
const (
	MadeNoStore MadeKind = iota + 1 // its form is none of a store
	MadeMaybe                       // perhaps
	MadeUnseen                      // a store of what others give, or what the text does not show
	MadePart                        // a part of a file is taken

	// The path names no file, as it is written.
	NoFileVariable // a variable within single quotation marks
	NoFilePercent  // a variable as cmd.exe has them
	NoFileHome     // ~, which .NET does not know
	NoFilePattern  // a pattern, which fits any number of files
	NoFileWeb      // an address
	NoFileDrive    // a drive of PowerShell, which .NET does not know
)

// open reports whether the file leaves open what is uploaded.
func (m *Made) open() bool { return m.Kind > MadeNoStore }

// madeAt says how the script makes the file that a node reads, or why none has its path.
func (s *scriptReader) madeAt(n, path *node, net, literal bool) Made {
	if why := s.noFile(path, net, literal); why != 0 {
		return Made{Kind: why, Line: s.line(n.at)}
	}
	return s.made(n, path)
}

// write is a place that writes a file.
type write struct {
	at    int     // its end
	under stretch // the innermost branch around it, which may not be run; zero where none is
	made  Made    // zero where the form is not known
}

// findWrites notes what the script writes to files whose paths its text shows.
func (s *scriptReader) findWrites() {
	s.writes, s.local = map[string][]write{}, map[string]bool{}
	for _, n := range s.list {
		if n.kind != nodeStatement || n.value != "param" {
			n.walk(s.locals)
		}
	}
	for _, n := range s.list {
		s.writesIn(n, nil, stretch{})
	}
	for _, list := range s.writes {
		slices.SortStableFunc(list, func(a, b write) int { return a.at - b.at })
	}
}

// locals notes the variables that functions are given and loops change.
func (s *scriptReader) locals(n *node) {
	switch {
	case n.kind != nodeStatement:
	case n.value == "param":
		for _, p := range n.nodes {
			if p != nil && p.kind == nodeVariable {
				s.local[variableKey(p.value)] = true
			}
		}
	case n.value == "foreach":
		if loopOf(n) != nil {
			s.local[variableKey(n.nodes[0].value)] = true
		}
	}
}

// writesIn notes what a node writes; before is what is piped to it.
func (s *scriptReader) writesIn(n *node, before []*node, under stretch) {
	if n == nil {
		return
	}
	switch n.kind {
	case nodeCommand:
		s.commandWrites(n, before, under)
	case nodeCall:
		s.callWrites(n, under)
	case nodePipeline:
		for _, e := range n.nodes[min(1, len(n.nodes)):] {
			if e.kind == nodeStatement && e.value == "" { // the redirection of an expression
				s.wrote(n, e, under, Made{Kind: MadeNoStore, By: ">"})
			}
		}
	}
	s.writesIn(n.name, nil, under)
	for i, child := range n.nodes {
		switch {
		case n.kind == nodePipeline:
			s.writesIn(child, n.nodes[:i], under)
		case child != nil && child.kind == nodeBlock && isBranch(n, i):
			s.writesIn(child, nil, stretch{from: child.at, to: child.end})
		default:
			s.writesIn(child, nil, under)
		}
	}
}

// isBranch reports whether the block at a place in a statement may be passed over where all
// goes well. Loops are taken to run.
func isBranch(n *node, i int) bool {
	if n.kind != nodeStatement {
		return false
	}
	return n.value == "if" || n.value == "switch" || n.value == "trap" || n.value == "try" && i > 0
}

// wrote notes that a path is written to.
func (s *scriptReader) wrote(n, path *node, under stretch, made Made) {
	if key := s.pathOf(path); key != "" && reaches(s.never, n.at) == 0 {
		made.Line = s.line(n.at)
		s.writes[key] = append(s.writes[key], write{at: n.end, under: under, made: made})
	}
}

// made says how the script makes the file that a node reads: by what was last written before.
func (s *scriptReader) made(n, path *node) Made {
	list := s.writes[s.pathOf(path)]
	i, _ := slices.BinarySearchFunc(list, n.at+1, func(w write, at int) int { return w.at - at })
	if i == 0 {
		return Made{}
	}
	w := list[i-1]
	if w.made.Kind == MadeNoStore && w.under.to > 0 && (n.at < w.under.from || n.at >= w.under.to) {
		w.made.Kind = MadeMaybe
	}
	return w.made
}

// readers are the beginnings of the names of commands, in lower case, that leave a file as it
// is when they are given its path.
var readers = []string{
	"get-", "test-", "write-", "join-", "resolve-", "convert-path", "import-", "remove-", "new-object", "select-", "unblock-", "connect-",
	"gc", "gi", "gci", "cat", "type", "ls", "dir", "echo",
}

// commandWrites notes the files that a command writes. One that is not known may write to
// each path that it is given.
func (s *scriptReader) commandWrites(n *node, before []*node, under stretch) {
	name := lowerName(n)
	name = strings.TrimSuffix(name[strings.LastIndexByte(name, '/')+1:], ".exe")
	if s.shows(n) {
		return
	}
	switch name {
	case "export-certificate":
		s.wrote(n, s.argument(n, "filepath"), under, s.exported(n, before))
	case "export-pfxcertificate":
		s.wrote(n, s.argument(n, "filepath"), under, Made{Kind: MadeNoStore, By: "Export-PfxCertificate"})
	case "certutil":
		s.certutilWrites(n, under)
	case "set-content", "sc", "add-content", "ac", "out-file", "tee-object", "tee", "export-clixml", "export-csv":
		path := s.argument(n, "filepath")
		if path == nil {
			path = s.pathGiven(n)
		}
		s.wrote(n, path, under, s.contentOf(n, name, before))
	case "copy-item", "copy", "cp", "cpi", "move-item", "move", "mv", "mi", "rename-item", "ren", "rni":
		s.copyWrites(n, under)
	case "openssl":
		for i, e := range n.nodes[:max(len(n.nodes)-1, 0)] {
			if e.kind == nodeParameter && strings.EqualFold(e.value, "out") {
				s.wrote(n, n.nodes[i+1], under, Made{Kind: MadeNoStore, By: "openssl"})
			}
		}
	default:
		for _, e := range n.nodes {
			switch {
			case e.kind == nodeStatement: // a redirection
				s.wrote(n, e, under, redirected(name))
			case slices.ContainsFunc(readers, func(r string) bool { return name == r || len(r) > 3 && strings.HasPrefix(name, r) }):
			case e.kind != nodeParameter:
				s.wrote(n, e, under, Made{})
			case len(e.nodes) > 0:
				s.wrote(n, e.nodes[0], under, Made{})
			}
		}
	}
}

// pathGiven returns the path that a cmdlet for the content of files is given.
func (s *scriptReader) pathGiven(n *node) *node {
	if path := s.argument(n, "path", "literalpath"); path != nil {
		return path
	}
	if given := loose(n); len(given) > 0 {
		return given[0]
	}
	return nil
}

// shows reports whether a command is told to show what it would do.
func (s *scriptReader) shows(n *node) bool {
	return slices.ContainsFunc(n.nodes, func(e *node) bool {
		return e.kind == nodeParameter && len(e.nodes) == 0 && (strings.EqualFold(e.value, "WhatIf") || strings.EqualFold(e.value, "wi"))
	})
}

// exported says what Export-Certificate writes: without a type one certificate as it is, and
// of several a store (Microsoft, Export-Certificate, parameter Type).
func (s *scriptReader) exported(n *node, before []*node) Made {
	const cmdlet = "Export-Certificate"
	kind := s.argument(n, "type")
	if kind != nil {
		switch word := strings.ToUpper(s.plain(kind, 0)); word {
		case "CERT", "P7B":
			return Made{Kind: MadeNoStore, By: cmdlet + " -Type " + word}
		default:
			return Made{}
		}
	}
	source := s.argument(n, "cert")
	if source == nil && len(before) == 1 {
		source = before[0]
	}
	if s.isOne(source, 0) {
		return Made{Kind: MadeNoStore, By: cmdlet}
	}
	return Made{Kind: MadeMaybe, By: cmdlet}
}

// isOne reports whether a value is a single certificate of Windows: that of a path with
// location, store and thumbprint.
func (s *scriptReader) isOne(n *node, hops int) bool {
	const most = 4
	if n = n.inner(); n == nil || hops > most {
		return false
	}
	switch n.kind {
	case nodeVariable:
		value := s.once(n)
		return value != nil && s.isOne(value, hops+1)
	case nodeCommand:
		switch lowerName(n) {
		case "get-item", "gi", "get-childitem", "gci", "dir", "ls":
			parts := strings.Split(strings.Trim(s.pathOf(s.pathGiven(n)), `\`), `\`)
			return len(parts) == 4 && parts[0] == "cert:" && !strings.ContainsAny(parts[3], "*?[")
		}
	}
	return false
}

// certutilWrites notes the files that certutil writes.
func (s *scriptReader) certutilWrites(n *node, under stretch) {
	for i, e := range n.nodes {
		verb := strings.ToLower(strings.TrimLeft(e.value, "-/"))
		rest := n.nodes[i+1:]
		switch {
		case e.kind != nodeParameter && e.kind != nodeBareword:
		case verb == "generatesstfromwu" && len(rest) > 0:
			s.wrote(n, rest[0], under, Made{Kind: MadeUnseen, By: "certutil -generateSSTFromWU"})
			return
		case verb == "encode" && len(rest) > 1:
			s.wrote(n, rest[1], under, Made{Kind: MadeNoStore, By: "certutil -encode"})
			return
		}
	}
	for _, e := range n.nodes {
		s.wrote(n, e, under, Made{})
	}
}

// callWrites notes the files that a call of .NET writes.
func (s *scriptReader) callWrites(n *node, under stretch) {
	method, target := strings.ToLower(n.value), strings.ToLower(n.nodes[0].value)
	given := n.nodes[1:]
	switch {
	case n.static && method == "writeallbytes" && len(given) == 2:
		s.wrote(n, given[0], under, s.madeOf(given[1], n.value))
		return
	case n.static && (method == "copy" || method == "move") && len(given) >= 2 && (strings.HasSuffix(target, "file")):
		s.wrote(n, given[1], under, s.copied(n, given[0], n.value))
		return
	case n.static && (strings.HasPrefix(method, "writealltext") || strings.HasPrefix(method, "writealllines")) && len(given) >= 2:
		s.wrote(n, given[0], under, Made{Kind: MadeNoStore, By: n.value})
		return
	case slices.ContainsFunc([]string{"read", "exists", "open", "get", "import", "add", "load", "combine", "new"}, func(r string) bool { return strings.HasPrefix(method, r) && method != "openwrite" }),
		n.static && strings.Contains(target, "x509certificate"):
		return
	}
	for _, e := range given {
		s.wrote(n, e, under, Made{})
	}
}

// madeOf says what octets that are written make; by names what writes them.
func (s *scriptReader) madeOf(n *node, by string) Made {
	switch v := s.shape(n, 0); {
	case v.Kind == ValueExport && strings.HasSuffix(strings.ToLower(v.Form), "data"): // a member
		return Made{Kind: MadeNoStore, By: v.Form}
	case v.Kind == ValueExport:
		return Made{Kind: MadeNoStore, By: "Export(" + v.Form + ")"}
	case v.Kind == ValueEncoded:
		return Made{Kind: MadeNoStore, By: "GetBytes"}
	case v.Kind == ValueFile && NoStore(v.Extension):
		return Made{Kind: MadeNoStore, By: by}
	default:
		return v.Made
	}
}
