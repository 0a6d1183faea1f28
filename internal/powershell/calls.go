package powershell

import "strings"

// fileCalls are the static methods of System.IO that take the path of a file first.
func isFileCall(n *node) bool {
	target := strings.ToLower(n.nodes[0].value)
	switch target[strings.LastIndexByte(target, '.')+1:] {
	case "file", "filestream", "directory", "streamreader", "streamwriter", "fileinfo":
		return true
	case "x509certificate2", "x509certificate":
		return strings.EqualFold(n.value, "new") || strings.EqualFold(n.value, "CreateFromCertFile") || strings.EqualFold(n.value, "CreateFromSignedFile")
	case "x509certificateloader":
		return strings.HasSuffix(strings.ToLower(n.value), "fromfile")
	default:
		return false
	}
}

// call notes what a call, a member or a word says of files and stores.
func (s *scriptReader) call(n *node) {
	switch n.kind {
	case nodeCall:
		if n.static && n.nodes[0].kind == nodeType && isFileCall(n) && len(n.nodes) > 1 {
			s.path(n.value, n.nodes[1])
		}
		if !n.static && (strings.EqualFold(n.value, "Import") || strings.EqualFold(n.value, "ImportFromPemFile")) && len(n.nodes) > 1 {
			if literal, ok := n.nodes[1].inner().literal(); ok && isPath(literal) {
				s.path(n.value, n.nodes[1])
			}
		}
		if !n.static && strings.EqualFold(n.value, "Export") && len(n.nodes) > 1 {
			if kind, ok := n.nodes[1].inner().literal(); ok {
				s.content(kind, n.nodes[1].at)
			}
		}
	case nodeMember:
		if n.static && n.nodes[0].kind == nodeType && strings.HasSuffix(strings.ToLower(n.nodes[0].value), "x509contenttype") {
			s.content(n.value, n.at)
		}
	}
}

// content notes the kind of file that certificates are exported as.
func (s *scriptReader) content(kind string, at int) {
	switch strings.ToLower(kind) {
	case "serializedstore":
		s.script.Stores = append(s.script.Stores, s.line(at))
	case "serializedcert":
		s.script.Elements = append(s.script.Elements, s.line(at))
	}
}

// path notes a path that .NET is given.
func (s *scriptReader) path(name string, n *node) {
	f := FileCall{Name: name, Line: s.line(n.at)}
	if path := n.inner(); path != nil {
		if literal, ok := path.literal(); ok {
			f.Relative = isRelative(literal)
		}
	}
	s.script.Files = append(s.script.Files, f)
}

// isRelative reports whether a path starts at no root, drive, share or variable.
func isRelative(path string) bool {
	switch {
	case path == "", strings.HasPrefix(path, "$"), strings.HasPrefix(path, "/"), strings.HasPrefix(path, `\`):
		return false
	default:
		return !(len(path) > 1 && path[1] == ':')
	}
}
