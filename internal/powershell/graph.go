package powershell

import (
	"slices"
	"strings"

	"github.com/smimechain/smimechain/internal/lazyregexp"
	"github.com/smimechain/smimechain/internal/msgraph"
)

// GraphCall is a command of a script that writes to Microsoft Graph.
type GraphCall struct {
	Name string // of the cmdlet
	Line int

	Unreached Unreached // why the script never runs it

	command int // its place in the commands of the script

	// Version and List are those of the address, such as v1.0 and deviceConfigurations;
	// empty where the text does not show them.
	Version, List string

	// BetaTypes are the types in what is sent that only beta has. Of a name that is put
	// together it is the end, behind "…".
	BetaTypes []string
}

// ForIntune reports whether a script does something in Intune, and ForExchange whether
// it does something in Exchange Online, or nothing that is known.
func (s *Script) ForIntune() bool {
	return len(s.InIntune()) > 0 || slices.ContainsFunc(s.Commands, func(c Command) bool { return c.Judged() && strings.Contains(c.Cmdlet(), "-Intune") })
}

// ForExchange is described at [Script.ForIntune].
func (s *Script) ForExchange() bool {
	return !s.ForIntune() || slices.ContainsFunc(s.Commands, func(c Command) bool {
		return strings.HasSuffix(c.Cmdlet(), "-SmimeConfig") || strings.HasSuffix(c.Cmdlet(), "-ExchangeOnline")
	})
}

// graphRequests are the cmdlets that are given an address and a method.
var graphRequests = map[string]bool{
	"invoke-mggraphrequest": true, "invoke-graphrequest": true, "invoke-mgrestmethod": true, "invoke-msgraphrequest": true,
	"invoke-restmethod": true, "irm": true, "invoke-webrequest": true, "iwr": true, "curl": true, "wget": true,
}

// graphNoun is a cmdlet that is made of the address it writes to: one for version 1.0, and
// one with Beta in its name.
var graphNoun = lazyregexp.New(`(?i)^(?:New|Update|Set)-Mg(Beta)?Device(?:App)?Management([A-Za-z]+)$`)

// graphCall notes a command that writes to Microsoft Graph, with its place in the list of
// commands. Bodies are what is piped to it.
func (s *scriptReader) graphCall(command *node, place int, bodies []*node) {
	name, _ := command.name.literal()
	name, _ = cmdletOf(name)
	low := strings.ToLower(name)
	noun := graphNoun().FindStringSubmatch(name)
	if noun == nil && !graphRequests[low] || len(s.script.Graph) >= maxGraphCalls {
		return
	}
	call := GraphCall{Name: name, Line: s.line(command.at), Unreached: reaches(s.never, command.at), command: place}
	given := s.given(command)
	switch {
	case noun != nil:
		call.Version, call.List = "v1.0", strings.ToLower(noun[2][:1])+noun[2][1:]+"s"
		if noun[1] != "" || s.betaChosen(betaChoosers[0], command.at) {
			call.Version = "beta"
		}
	case !s.request(&call, low, given, command.at):
		return
	}
	if strings.EqualFold(call.List, "userPfxCertificates") {
		call.BetaTypes = append(call.BetaTypes, "userPFXCertificate") // the list has no other
	}
	if body := given.named["body"]; body != nil {
		bodies = append(bodies, body)
	}
	for _, body := range bodies {
		s.betaTypes(body, &call.BetaTypes, map[*node]bool{})
	}
	if call.Version == "" && call.List == "" && len(call.BetaTypes) == 0 {
		return
	}
	s.script.Graph = append(s.script.Graph, call)
}

// request notes the address that a cmdlet with a method and an address writes to, and
// reports whether it writes.
func (s *scriptReader) request(call *GraphCall, cmdlet string, given givenNodes, at int) bool {
	places := []string{"uri", "", ""} // of Invoke-RestMethod
	if strings.Contains(cmdlet, "graph") || strings.Contains(cmdlet, "-mg") {
		places = []string{"method", "uri", "body"}
	}
	for i, n := range given.loose {
		if i < len(places) && places[i] != "" && given.named[places[i]] == nil {
			given.named[places[i]] = n
		}
	}
	switch method, _ := s.textOf(given.named["method"], 0); strings.ToUpper(method) {
	case "POST", "PATCH", "PUT":
	default:
		return false
	}
	address, _ := s.textOf(given.named["uri"], 0)
	call.Version, call.List = msgraph.Address(address)
	if cmdlet == "invoke-msgraphrequest" && call.Version == "" && call.List != "" {
		call.Version = "v1.0"
		if s.betaChosen(betaChoosers[1], at) {
			call.Version = "beta"
		}
	}
	return true
}

// givenNodes are what a command is given, by what it is for.
type givenNodes struct {
	named map[string]*node
	loose []*node
}

// graphParameters are the names of parameters of these cmdlets, in lower case, by what
// they are for.
var graphParameters = map[string]string{
	"uri": "uri", "url": "uri", "method": "method", "httpmethod": "method",
	"body": "body", "bodyparameter": "body", "content": "body", "additionalproperties": "body",
}

// given sorts out what a command is given, also by the hash table that is splatted.
func (s *scriptReader) given(command *node) givenNodes {
	g := givenNodes{named: map[string]*node{}}
	put := func(name string, value *node) {
		name = strings.ToLower(name)
		for full, use := range graphParameters {
			if name != "" && strings.HasPrefix(full, name) {
				g.named[use] = value
			}
		}
	}
	for i := 0; i < len(command.nodes); i++ {
		switch e := command.nodes[i]; e.kind {
		case nodeParameter:
			switch {
			case len(e.nodes) > 0:
				put(e.value, e.nodes[0])
			case i+1 < len(command.nodes) && command.nodes[i+1].kind != nodeParameter && command.nodes[i+1].kind != nodeSplat:
				i++
				put(e.value, command.nodes[i])
			}
		case nodeSplat:
			table := s.last(variableKey(e.value), e.at)
			if table == nil || table.kind != nodeHash {
				continue
			}
			for k := 0; k+1 < len(table.nodes); k += 2 {
				if key, ok := table.nodes[k].literal(); ok {
					put(key, table.nodes[k+1])
				}
			}
		case nodeStatement: // a redirection
		default:
			g.loose = append(g.loose, e)
		}
	}
	return g
}

// betaChoosers are the cmdlets that choose beta for those behind them.
var betaChoosers = []string{"select-mgprofile", "update-msgraphenvironment"}

// chooses notes a command that chooses beta, or what is not known.
func (s *scriptReader) chooses(command *node) {
	name, _ := command.name.literal()
	name = strings.ToLower(name[strings.LastIndexByte(name, '\\')+1:])
	if _, chosen := s.beta[name]; chosen || !slices.Contains(betaChoosers, name) {
		return
	}
	for _, e := range command.nodes {
		if text, ok := s.textOf(e, 0); e.kind != nodeParameter && (!ok || strings.EqualFold(text, "beta")) {
			s.beta[name] = command.at
		}
	}
}

// betaChosen reports whether beta was chosen before a place.
func (s *scriptReader) betaChosen(chooser string, at int) bool {
	chosen, ok := s.beta[chooser]
	return ok && chosen < at
}

// last returns the value that a variable has at a place: that of the last assignment
// before it, where that is sure to have been made, nil where it is not.
func (s *scriptReader) last(variable string, at int) *node {
	if s.followed > maxFollowed {
		return nil
	}
	list := s.assigned[variable]
	s.followed += len(s.blocks) / 8
	for _, assign := range slices.Backward(list) {
		if s.followed++; assign.at >= at {
			continue
		}
		if len(assign.nodes) < 2 || s.operatorBetween(assign.nodes[0], assign.nodes[1]) != "=" {
			return nil
		}
		if b := s.blockOf(assign.at); b == nil || b.at <= at && at < b.end || len(list) == 1 {
			return assign.nodes[1].inner()
		}
		return nil
	}
	return nil
}

// blockOf returns the innermost block around a place, nil where there is none.
func (s *scriptReader) blockOf(at int) *node {
	var found *node
	for _, b := range s.blocks {
		if b.at <= at && at < b.end && (found == nil || b.at >= found.at) {
			found = b
		}
	}
	return found
}

// unknownText stands for what only running the script would tell.
const unknownText = "\x01"

// Bounds of what is followed in one script.
const (
	maxGraphCalls = 1000
	maxFollowed   = 1 << 18 // values
	maxFollowText = 1 << 12 // octets that values are put together to
)

// follow counts a value that is followed, and reports whether it may be.
func (s *scriptReader) follow() bool {
	s.followed++
	return s.followed <= maxFollowed
}

// textOf returns the text of a value, with unknownText for each piece that is not known,
// and whether all is known.
func (s *scriptReader) textOf(n *node, hops int) (string, bool) {
	const most = 6
	n = n.inner()
	if n == nil || hops > most || !s.follow() {
		return unknownText, false
	}
	switch n.kind {
	case nodeString, nodeBareword:
		return n.value, true
	case nodeVariable:
		return s.textOf(s.last(variableKey(n.value), n.at), hops+1)
	case nodeExpandable:
		var b strings.Builder
		known, at := true, n.at
		for _, part := range n.nodes {
			if part.at < at || b.Len() > maxFollowText {
				return unknownText, false
			}
			text, ok := s.textOf(part, hops+1)
			b.WriteString(s.text[at:part.at] + text)
			known, at = known && ok, part.end
		}
		b.WriteString(s.text[at:n.end])
		return strings.Trim(b.String(), `"“”„@`), known
	case nodeOperation:
		return s.joinedText(n, hops)
	case nodeList: // '{0}/{1}' -f $a, $b
		if first := n.nodes[0]; first.kind == nodeOperation && len(first.nodes) == 2 && s.operatorBetween(first.nodes[0], first.nodes[1]) == "-f" {
			return s.formatted(append([]*node{first.nodes[0], first.nodes[1]}, n.nodes[1:]...), hops)
		}
	}
	return unknownText, false
}

// operatorBetween returns what stands between two operands, in lower case.
func (s *scriptReader) operatorBetween(left, right *node) string {
	if left.end > right.at {
		return ""
	}
	return strings.ToLower(strings.TrimSpace(s.text[left.end:right.at]))
}

// joinedText returns the text of operands that are put together.
func (s *scriptReader) joinedText(n *node, hops int) (string, bool) {
	if len(n.nodes) == 2 && s.operatorBetween(n.nodes[0], n.nodes[1]) == "-f" {
		return s.formatted(n.nodes, hops)
	}
	var b strings.Builder
	known := true
	for i, part := range n.nodes {
		if i > 0 && s.operatorBetween(n.nodes[i-1], part) != "+" || b.Len() > maxFollowText {
			return unknownText, false
		}
		text, ok := s.textOf(part, hops+1)
		b.WriteString(text)
		known = known && ok
	}
	return b.String(), known && len(n.nodes) > 1
}

var formatItem = lazyregexp.New(`\{(\d)\}`)

// formatted returns the text of a format, the first node, and what is put into it.
func (s *scriptReader) formatted(nodes []*node, hops int) (string, bool) {
	format, known := s.textOf(nodes[0], hops+1)
	return formatItem().ReplaceAllStringFunc(format, func(item string) string {
		i := int(item[1]-'0') + 1
		if i >= len(nodes) {
			known = false
			return unknownText
		}
		text, ok := s.textOf(nodes[i], hops+1)
		known = known && ok
		return text
	}), known
}

// graphTypeName is the name of a type in text.
var graphTypeName = lazyregexp.New(`(?i)microsoft\.graph\.([\w\x01]+)`)

// betaTypes adds the types that a value names and only beta has. Variables are followed.
func (s *scriptReader) betaTypes(value *node, types *[]string, seen map[*node]bool) {
	const most = 200 // values that are looked at
	if value == nil || seen[value] || len(seen) > most {
		return
	}
	seen[value] = true
	value.walk(func(n *node) {
		if !s.follow() {
			return
		}
		switch n.kind {
		case nodeString, nodeBareword, nodeExpandable:
			text := n.value
			if n.kind == nodeExpandable {
				text, _ = s.textOf(n, 0)
			}
			for _, m := range graphTypeName().FindAllStringSubmatch(text, -1) {
				if name := msgraph.BetaType(m[1], unknownText); name != "" && !slices.Contains(*types, name) {
					*types = append(*types, name)
				}
			}
		case nodeVariable:
			key := variableKey(n.value)
			s.betaTypes(s.last(key, n.at), types, seen)
			for _, set := range s.members[key] { // $body['@odata.type'] = …
				if !s.follow() || len(seen) > most {
					return
				}
				if set.at < n.at && len(set.nodes) > 1 {
					s.betaTypes(set.nodes[1], types, seen)
				}
			}
		}
	})
}
