package powershell

import "strings"

// result says what a call of .NET gives.
func (s *scriptReader) result(n *node, hops int) Value {
	if n.static {
		return s.staticResult(n, hops)
	}
	target := n.nodes[0]
	switch strings.ToLower(n.value) {
	case "tostring", "getstring":
		return Value{Kind: ValueText}
	case "clone", "toarray":
		return s.shape(target, hops+1)
	case "getbytes":
		if target.kind == nodeMember && target.static && unicodeEncodings[strings.ToLower(target.value)] {
			return Value{Kind: ValueEncoded}
		}
	case "getrawcertdata":
		return Value{Kind: ValueExport, Form: n.value}
	case "export":
		return s.certificateExport(n)
	}
	return s.unseen(n)
}

// staticResult says what a call of a type gives.
func (s *scriptReader) staticResult(n *node, hops int) Value {
	of, given := "", n.nodes[1:]
	if t := n.nodes[0]; t.kind == nodeType {
		of = strings.ToLower(t.value[strings.LastIndexByte(t.value, '.')+1:])
	}
	switch strings.ToLower(n.value) {
	case "readallbytes":
		switch {
		case len(given) == 1 && (of == "file" || of == ""):
			text := s.pathText(given[0], hops)
			return Value{Kind: ValueFile, Extension: extension(text), File: s.fileOf(given[0], hops), AllRoots: s.roots[strings.ToLower(text)] && text != "", Made: s.madeAt(n, given[0], true, true)}
		case len(given) == 0 && s.inside: // the text around replaces the path
			return Value{}
		}
	case "frombase64string", "fromhexstring":
		if of == "convert" || of == "" {
			return Value{}
		}
	case "readalltext", "tobase64string", "tohexstring", "tostring":
		return Value{Kind: ValueText}
	case "join", "concat", "format":
		if of == "string" {
			return Value{Kind: ValueText}
		}
	case "readalllines", "readlines":
		return Value{Kind: ValueLines}
	case "new":
		switch {
		case isCertificateType(n.nodes[0].value):
			return Value{Kind: ValueObjects}
		case len(given) == 1 && isEmptyArray(of, given[0]):
			return Value{Kind: ValueEmpty}
		}
	}
	return s.unseen(n)
}

// certificateExport says what Export of a certificate or of a collection of them gives.
func (s *scriptReader) certificateExport(n *node) Value {
	if len(n.nodes) < 2 {
		return s.unseen(n)
	}
	switch form := s.stands(n.nodes[1]); {
	case form == nil:
	case form.kind != nodeString && !(form.kind == nodeMember && form.static):
		if s.isGiven(form) {
			return Value{}
		}
	case exportForms[strings.ToLower(form.value)]:
		return Value{Kind: ValueExport, Form: form.value}
	case strings.HasPrefix(strings.ToLower(form.value), "serialized"):
		return Value{}
	}
	return s.unseen(n)
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
