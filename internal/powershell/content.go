package powershell

import (
	"slices"
	"strings"
)

// noStores are the ends of names of files that are no stores.
var noStores = []string{"p7b", "p7c", "p7s", "cer", "crt", "der", "pem", "pfx", "p12", "txt", "json", "zip", "stl"}

// NoStore reports whether the end of a file's name is that of a form that is no store.
func NoStore(extension string) bool { return slices.Contains(noStores, extension) }

// contentOf says what a cmdlet makes of a file that it writes text to, or octets where it is
// told to; name is that in lower case.
func (s *scriptReader) contentOf(n *node, name string, before []*node) Made {
	by, _ := n.name.literal()
	text := Made{Kind: MadeNoStore, By: bareName(by)}
	if !slices.Contains([]string{"set-content", "sc", "add-content", "ac"}, name) {
		return text
	}
	encoding := s.argument(n, "encoding")
	word := strings.ToLower(s.plain(encoding, 0))
	switch {
	case s.isSwitched(n, "asbytestream"), word == "byte":
	case s.isOpen(n):
		return Made{}
	case encoding == nil, word == "utf8", word == "utf8bom", word == "utf8nobom", word == "ascii", word == "unicode", word == "bigendianunicode", word == "utf32", word == "utf7":
		return text
	default: // of which some keep octets
		return Made{Kind: MadeMaybe, By: bareName(by)}
	}
	if name == "add-content" || name == "ac" {
		return Made{Kind: MadeMaybe, By: bareName(by)}
	}
	value := s.argument(n, "value")
	given := loose(n)
	switch {
	case value != nil:
	case len(before) > 0:
		value = before[len(before)-1]
	case len(given) > 0:
		value = given[len(given)-1]
	}
	return s.madeOf(value, bareName(by))
}

// isSwitched reports whether a command is given a parameter, which may be abbreviated.
func (s *scriptReader) isSwitched(n *node, name string) bool {
	return slices.ContainsFunc(n.nodes, func(e *node) bool {
		return e.kind == nodeParameter && len(e.value) > 1 && strings.HasPrefix(name, strings.ToLower(e.value)) ||
			e.kind == nodeSplat && slices.ContainsFunc(s.table(e).entries, func(e entry) bool { return strings.EqualFold(e.key, name) })
	})
}

// isOpen reports whether a command is given a table that cannot be followed.
func (s *scriptReader) isOpen(n *node) bool {
	return slices.ContainsFunc(n.nodes, func(e *node) bool { return e.kind == nodeSplat && !s.table(e).known })
}

// copyWrites notes the file that a cmdlet copies or moves another to.
func (s *scriptReader) copyWrites(n *node, under stretch) {
	from, to := s.argument(n, "path", "literalpath"), s.argument(n, "destination", "newname")
	for _, e := range loose(n) {
		switch {
		case from == nil:
			from = e
		case to == nil:
			to = e
		}
	}
	if from == nil || to == nil {
		return
	}
	by, _ := n.name.literal()
	made := s.copied(n, from, bareName(by))
	s.wrote(n, to, under, made)
	name, folder := s.pathOf(to), s.pathOf(from)
	folder = folder[:strings.LastIndexByte(folder, '\\')+1]
	if name != "" && folder != "" && !strings.Contains(name, `\`) { // a new name in the same folder
		s.wrote(n, &node{kind: nodeString, at: to.at, end: to.end, value: folder + name}, under, made)
	}
}

// copied says what a copy of a file is.
func (s *scriptReader) copied(n, from *node, by string) Made {
	if NoStore(extension(s.pathOf(from))) {
		return Made{Kind: MadeNoStore, By: by}
	}
	return s.made(n, from)
}

// redirected says what a file is that the output of a command is redirected to. PowerShell
// writes what cmdlets give as text; what a program writes it may keep as it is.
func redirected(name string) Made {
	verb, _, cmdlet := strings.Cut(name, "-")
	if cmdlet && strings.Trim(verb, "abcdefghijklmnopqrstuvwxyz") == "" || name == "gc" || name == "cat" || name == "type" {
		return Made{Kind: MadeNoStore, By: ">"}
	}
	return Made{}
}
