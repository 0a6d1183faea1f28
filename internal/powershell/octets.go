package powershell

import (
	"slices"
	"strings"
)

// unseen is a value of which the text does not show that it is the octets of a store.
func (s *scriptReader) unseen(n *node) Value {
	m := Made{Kind: MadeUnseen, Line: s.line(n.at)}
	switch n.kind {
	case nodeCommand:
		name, _ := n.name.literal()
		m.By = shown(bareName(name))
	case nodeCall, nodeMember:
		if m.By = n.value; n.static && n.nodes[0].kind == nodeType {
			m.By = shown("[" + n.nodes[0].value + "]::" + n.value)
		}
	case nodePipeline:
		return s.unseen(n.nodes[len(n.nodes)-1])
	}
	return Value{Made: m}
}

// part is a part of what a file holds.
func (s *scriptReader) part(n *node) Value {
	return Value{Made: Made{Kind: MadePart, Line: s.line(n.at)}}
}

// octets reports whether a value may be the octets of a store: those of a file, or what is
// given to the script.
func (v *Value) octets() bool {
	return (v.Kind == valueOther || v.Kind == ValueFile) && v.Made.Kind == 0
}

// Nothing reports whether a value is $null or an array without elements.
func (v *Value) Nothing() bool { return v.Kind == ValueNull || v.Kind == ValueEmpty }

// stands returns what a node stands for where it is a variable that is assigned once.
func (s *scriptReader) stands(n *node) *node {
	const most = 4
	for range most {
		if n = n.inner(); n == nil || n.kind != nodeVariable || s.once(n) == nil {
			return n
		}
		n = s.once(n)
	}
	return n
}

// isGiven reports whether a node is a variable that the script assigns nothing to, such as
// one of its parameters.
func (s *scriptReader) isGiven(n *node) bool {
	n = n.inner()
	return n != nil && n.kind == nodeVariable && len(s.assigned[strings.TrimPrefix(variableKey(n.value), "using:")]) == 0
}

// assignedTo says what a variable is that the script assigns.
func (s *scriptReader) assignedTo(n *node, hops int) Value {
	const most = 16 // assignments
	list := s.assigned[strings.TrimPrefix(variableKey(n.value), "using:")]
	if len(list) == 0 {
		return Value{}
	}
	if len(list) == 1 && len(list[0].nodes) == 2 {
		return s.shape(list[0].nodes[1], hops+1)
	}
	if len(list) > most {
		return Value{}
	}
	if i := s.lastBefore(list, n.at); i >= 0 && len(list[i].nodes) == 2 {
		v := s.shape(list[i].nodes[1], hops+1)
		switch s.operatorBetween(list[i].nodes[0], list[i].nodes[1]) {
		case "=":
			return v
		case "+=":
			if before := s.lastBefore(list, list[i].at); before >= 0 && v.octets() {
				if first := s.shape(list[before].nodes[len(list[before].nodes)-1], hops+1); first.Nothing() {
					return v
				}
			}
		}
		return s.unseen(n)
	}
	if slices.ContainsFunc(list, func(a *node) bool {
		v := s.shape(a.nodes[len(a.nodes)-1], hops+1)
		return v.octets()
	}) {
		return Value{}
	}
	return s.unseen(n)
}

// lastBefore returns which of a variable's assignments is the last before a place, where all
// stand in the same block as the place; else -1.
func (s *scriptReader) lastBefore(list []*node, at int) int {
	found, block := -1, s.blockOf(at)
	for i, a := range list {
		if s.blockOf(a.at) != block {
			return -1
		}
		if a.end <= at && (found < 0 || a.at > list[found].at) {
			found = i
		}
	}
	return found
}

// alternatives says what a statement gives that has several blocks, one of which is run.
func (s *scriptReader) alternatives(n *node, hops int) Value {
	found := false
	for _, block := range n.nodes {
		if block == nil || block.kind != nodeBlock || len(block.nodes) == 0 {
			continue
		}
		last := block.nodes[len(block.nodes)-1]
		if last.kind == nodePipeline && (last.value == "throw" || last.value == "exit") {
			continue
		}
		v := s.shape(last, hops+1)
		if found = true; !v.octets() {
			return s.unseen(n)
		}
	}
	if !found {
		return s.unseen(n)
	}
	return Value{}
}

// operation says what operands give with what stands between them.
func (s *scriptReader) operation(n *node, hops int) Value {
	if s.files(n, hops) && s.adds(n) {
		return Value{Kind: ValueJoined}
	}
	operator := ""
	switch len(n.nodes) {
	case 1:
		operator = s.text[n.at:n.nodes[0].at]
	case 2:
		operator = s.text[n.nodes[0].end:max(n.nodes[0].end, n.nodes[1].at)]
	}
	switch operator = strings.ToLower(strings.Trim(operator, " \t\n()-–—―")); operator {
	case "join", "f":
		return Value{Kind: ValueText}
	case "as":
		switch to := n.nodes[1].inner(); {
		case to.kind != nodeType:
		case isText(to.value):
			return Value{Kind: ValueText}
		case strings.EqualFold(to.value, "byte[]"):
			return s.shape(n.nodes[0], hops+1)
		}
	}
	return s.unseen(n)
}

func isText(name string) bool {
	return strings.EqualFold(name, "string") || strings.EqualFold(name, "System.String")
}

// member says what a property or an entry of a value is; key is empty where it is not known.
func (s *scriptReader) member(n *node, key string, hops int) Value {
	key = strings.ToLower(key)
	target := s.stands(n.nodes[0])
	if target == nil {
		return s.unseen(n)
	}
	switch key {
	case "rawdata":
		if n.kind == nodeMember {
			return Value{Kind: ValueExport, Form: n.value}
		}
	case "length", "longlength", "count":
		if v := s.shape(target, hops+1); v.Kind != valueOther && v.Kind != ValueHash {
			return Value{Kind: ValueNumber}
		}
	case "smimecertificateissuingca":
		return Value{}
	}
	switch {
	case target.kind == nodeHash:
		list, _ := (&tables{s: s}).literal(target)
		if i := slices.IndexFunc(list, func(e entry) bool { return strings.EqualFold(e.key, key) }); i >= 0 {
			return s.shape(list[i].value, hops+1)
		}
	case s.isGiven(target), target.kind == nodeCommand && lowerName(target) == "import-clixml":
		return Value{}
	}
	return s.unseen(n)
}

// indexed says what an index gives.
func (s *scriptReader) indexed(n *node, hops int) Value {
	if v := s.shape(n.nodes[0], hops+1); v.Kind == ValueFile {
		return s.part(n)
	}
	key := ""
	if len(n.nodes) > 1 {
		key, _ = n.nodes[1].inner().literal()
	}
	return s.member(n, key, hops)
}

// piped says what comes out of a pipeline.
func (s *scriptReader) piped(n *node, hops int) Value {
	last := n.nodes[len(n.nodes)-1]
	if last.kind != nodeCommand || n.value != "" {
		return s.unseen(n)
	}
	before := n.nodes[len(n.nodes)-2]
	switch lowerName(last) {
	case "select-object", "select":
		if property := s.argument(last, "expandproperty"); property != nil {
			name, _ := property.literal()
			return s.member(&node{kind: nodeIndex, at: n.at, end: n.end, nodes: []*node{before}}, name, hops)
		}
		if v := s.shape(before, hops+1); v.Kind == ValueFile {
			return s.part(n)
		}
		return s.unseen(last)
	case "tee-object", "tee", "write-output", "echo", "write":
		return s.shape(before, hops+1)
	}
	return s.output(last, hops)
}

// isEmptyArray reports whether New-Object or new makes an array without elements.
func isEmptyArray(of string, size *node) bool {
	size = size.inner()
	return strings.HasSuffix(of, "[]") && size != nil && size.kind == nodeNumber && strings.Trim(size.value, "0x") == ""
}
