// Package powershell takes PowerShell scripts apart as far as rules about roll-outs ask. It
// runs nothing.
package powershell

import (
	"cmp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/smimechain/smimechain/internal/lazyregexp"
)

// maxScriptNesting is how many brackets may lie inside brackets; what lies deeper is
// passed over.
const maxScriptNesting = 100

// Script is a script, taken apart as far as rules ask. It holds no literal
// text of the script but for a few words such as Byte: a script may contain passwords.
type Script struct {
	Commands []Command   // in the order of the text
	Files    []FileCall  // calls of .NET that are given the path of a file
	Joined   []int       // lines on which a second statement follows without a separator
	Stores   []int       // lines that make a store with the means of Windows
	Elements []int       // lines that make one element of a store, X509ContentType SerializedCert
	Replaced []int       // lines that upload a collection, in whose place a later one uploads another
	Looped   []int       // lines that upload a collection for each of several things
	Broken   Broken      // where PowerShell cannot read the script
	unread   []Deed      // text that is run and was not read
	DryRun   bool        // $WhatIfPreference is set for all: commands show what they would do
	Graph    []GraphCall // commands that write to Microsoft Graph

	// Version is the major version of PowerShell that a #Requires line asks for,
	// 0 without one; Core and Desktop say that it asks for this edition.
	Version       int
	Core, Desktop bool
}

// Command is one command of a script.
type Command struct {
	Name       string // as written, empty where it is computed
	Line       int    // from 1
	Column     int    // from 1, in UTF-16 units
	Parameters []Parameter
	Arguments  []Value // without a name
	Splats     []Splat

	Unreached  Unreached // why the script never runs it
	Unassigned string    // a variable that it stands on and the script does not assign before, as written; of what brings something about

	// Versioned says that the command stands under a condition on the version or the edition.
	Versioned bool

	// Appended says that the command stands behind another without a separator.
	// PowerShell takes it for arguments.
	Appended bool

	means   string // what the name stands for in the script, where that is another
	session Doubt  // of the sessions that the script shows
	since   int    // the line of what the doubt comes from
	own     own
}

// called returns what the name stands for in the script, empty where that is not known.
func (c *Command) called() string { return cmp.Or(c.means, c.Name) }

// Cmdlet returns the name without its module, with aliases and the prefix of an imported
// session resolved for the cmdlets of the job, which it spells as Microsoft does.
func (c *Command) Cmdlet() string {
	name, _ := cmdletOf(c.called())
	return name
}

// Judged reports whether the cmdlet is one of the job, whose parameters are known.
func (c *Command) Judged() bool {
	_, known := cmdletOf(c.called())
	return known != nil
}

// Stray returns the setting of Set-SmimeConfig that stands where a command ought to, behind a
// dash, as a line begins with it and the one before does not go on; "" for any other command.
func (c *Command) Stray() string {
	dash, size := utf8.DecodeRuneInString(c.Name)
	if !isDash(dash) {
		return ""
	}
	return SmimeSetting(c.Name[size:])
}

// Parameter returns the parameter that PowerShell takes for the name, in either
// case: by its full name, an alias or an abbreviation, or splatted.
func (c *Command) Parameter(name string) (Parameter, bool) {
	if p, ok := parameterIn(c.Parameters, name); ok {
		return p, true
	}
	for _, s := range c.Splats {
		if p, ok := parameterIn(s.Keys, name); ok {
			return p, true
		}
	}
	return Parameter{}, false
}

func parameterIn(list []Parameter, name string) (Parameter, bool) {
	for _, p := range list {
		if strings.EqualFold(p.Full, name) || p.Full == "" && p.Name != "" && len(p.Name) <= len(name) && strings.EqualFold(p.Name, name[:len(p.Name)]) {
			return p, true
		}
	}
	return Parameter{}, false
}

// Parameter is one parameter of a command, or a key that is splatted.
type Parameter struct {
	Name    string // as written, without the dash
	Full    string // the name in full, where the cmdlet is one of the job and has it
	Type    ParameterType
	Fault   ParameterFault
	Matches []string // of an ambiguous one
	Value   Value
	Line    int
}

// ParameterFault says why the binder of PowerShell refuses a parameter.
type ParameterFault uint8

// The faults. Each makes the command fail before anything is done.
const (
	ParameterUnknown   ParameterFault = iota + 1 // NamedParameterNotFound
	ParameterAmbiguous                           // AmbiguousParameter
	ParameterTwice                               // ParameterAlreadyBound
)

// Splat is a variable whose entries become parameters.
type Splat struct {
	Variable string
	Line     int
	Known    bool        // the text shows all entries
	Open     bool        // the script makes the table, and the text does not show all entries
	Keys     []Parameter // the entries that are known
}

// ValueKind is what a value of a script is, as far as its text shows. The zero value is
// what only running the script would tell.
type ValueKind uint8

// The kinds.
const (
	valueOther   ValueKind = iota
	ValueNone              // there is no value
	ValueNull              // $null
	ValueBool              // $true or $false
	ValueNumber            //
	ValueText              // text, with or without quotation marks
	ValueList              // several values
	ValueHash              // a hash table
	ValueLines             // Get-Content without bytes
	ValueFile              // the octets of a file
	ValueFiles             // the octets of several files, as several values
	ValueJoined            // the octets of several files, one behind the other
	ValueEncoded           // the octets that text is encoded in
	ValueExport            // certificates in a form that is no store
	ValueObjects           // certificates, files or other objects
	ValueBlock             // a script block
	ValueEmpty             // an array without elements
)

// Value is a value in a script.
type Value struct {
	Kind ValueKind
	Line int

	// Word is the text of parameters that name something, such as Byte or 6610, of at
	// most 64 octets and without white space.
	Word string

	// Extension is the end of the file's name after the last dot, in lower case,
	// of ValueFile, and of ValueText that is a path.
	Extension string

	// File is the name of the file of a ValueFile without its folder, in lower case, where
	// the text shows it.
	File string

	// Path says that a ValueText reads as a path of a file.
	Path bool

	// Form is that of a ValueExport: a member of X509ContentType, or of a certificate.
	Form string

	// NoCount says that literal text or a number cannot become a number of zero or more.
	NoCount bool

	// AllRoots says that certutil -generateSSTFromWU made the file in this script.
	AllRoots bool

	// Made says what else is known of the file from the script that writes it.
	Made Made
}

// FileCall is a call of .NET with a path.
type FileCall struct {
	Name     string // such as ReadAllBytes
	Line     int
	Relative bool // the path is a literal that does not start at a root
}

// Read takes a script apart. Text that is no UTF-8 is taken for the code page of a machine.
func Read(text []byte) *Script {
	script, prompts := scriptLines(text)
	return read(script, readAs{console: prompts})
}

// readAs says what text stands for a script.
type readAs struct {
	console bool // what a console shows
	inside  bool // another script hands it on
	same    bool // and it is run among the variables of that
}

// read takes text apart.
func read(text string, as readAs) *Script {
	p := scriptParser{text: text, unsure: as.console}
	s := scriptReader{scriptParser: &p, script: new(Script), list: p.statements(false), inside: as.inside, same: as.same}
	s.requires()
	s.read()
	return s.script
}

var (
	requiresVersion = lazyregexp.New(`(?im)^\s*#requires\b.*-version\s+(\d+)`)
	requiresCore    = lazyregexp.New(`(?im)^\s*#requires\b.*-psedition\s+core`)
	requiresDesktop = lazyregexp.New(`(?im)^\s*#requires\b.*-psedition\s+desktop`)
)

func (s *scriptReader) requires() {
	if m := requiresVersion().FindStringSubmatch(s.text); m != nil {
		s.script.Version, _ = strconv.Atoi(m[1])
	}
	s.script.Core = requiresCore().MatchString(s.text)
	s.script.Desktop = requiresDesktop().MatchString(s.text)
}

// scriptReader finds in the parts of a script what rules ask for.
type scriptReader struct {
	*scriptParser
	script         *Script
	list           []*node
	assigned       map[string][]*node // assignments by the variable's name in lower case
	members        map[string][]*node // assignments to members and entries of a variable
	blocks         []*node
	beta           map[string]int     // where a command chose beta of Microsoft Graph, by its name
	followed       int                // values that stand for others
	roots          map[string]bool    // files that certutil makes of all roots of Windows Update
	lines          []int              // where lines begin
	never          []stretch          // parts that are never run
	versioned      []stretch          // statements with a condition on the version
	called         *called            // what names of commands stand for
	writes         map[string][]write // by the path, as pathOf writes it
	local          map[string]bool    // variables that may be another in each place, by variableKey
	followedValues int                // values that were looked at
	followedPaths  int                // values that paths were looked for in
	assigns        *assignments       // nil before the first question
	tables         *tables            // nil before the first question
	inside         bool               // the text stands in that of another script
	same           bool               // and is run among the variables of that
	setting        *setting           // what stands before Set-SmimeConfig
	lastAt         int                // column cursor
	lastLine       int
	lastCol        int
}

func (s *scriptReader) read() {
	s.assigned, s.members = map[string][]*node{}, map[string][]*node{}
	s.roots, s.beta = map[string]bool{}, map[string]int{}
	s.lines = make([]int, 1, 1+strings.Count(s.text, "\n"))
	for at, c := range []byte(s.text) {
		if c == '\n' {
			s.lines = append(s.lines, at+1)
		}
	}
	s.script.Broken = s.brokenAt()
	var commands, calls []*node
	var loops []*loop
	piped := map[*node][]*node{}
	for _, n := range s.list {
		n.walk(func(n *node) {
			if l := loopOf(n); l != nil {
				loops = append(loops, l)
			}
			switch n.kind {
			case nodeStatement:
				if s.asksVersion(n) {
					s.versioned = append(s.versioned, stretch{from: n.at, to: n.end})
				}
			case nodeCommand:
				commands = append(commands, n)
			case nodeBlock:
				s.blocks = append(s.blocks, n)
			case nodePipeline:
				if last := len(n.nodes) - 1; last > 0 {
					piped[n.nodes[last]] = n.nodes[:last:last]
				}
			case nodeAssign:
				if name := variableOf(n.nodes[0]); name != "" {
					s.assigned[name] = append(s.assigned[name], n)
				} else if target := n.nodes[0]; (target.kind == nodeMember || target.kind == nodeIndex) && target.nodes[0].kind == nodeVariable {
					name := variableKey(target.nodes[0].value)
					s.members[name] = append(s.members[name], n)
				}
			case nodeCall, nodeMember:
				calls = append(calls, n)
			}
		})
	}
	sort.SliceStable(commands, func(i, j int) bool { return commands[i].at < commands[j].at })
	for _, c := range commands {
		s.allRoots(c)
		s.chooses(c)
	}
	s.never = s.unreached()
	s.called = newCalled(s, commands)
	s.setting = newSetting(s, commands)
	s.findWrites()
	s.script.Commands = slices.Grow(s.script.Commands, len(commands))
	places := make([]int, len(commands)) // in the list: behind a command may be one that is appended to it
	for i, c := range commands {
		places[i] = len(s.script.Commands)
		s.command(c)
		s.graphCall(c, places[i], piped[c])
		s.standsOn(places[i], append(piped[c], c))
	}
	s.called.functionsSpeak(commands, places)
	for _, c := range calls {
		s.call(c)
		s.makesBlock(c)
	}
	if set := s.assigned["whatifpreference"]; len(set) == 1 && s.blockOf(set[0].at) == nil {
		s.script.DryRun = len(set[0].nodes) == 2 && s.shape(set[0].nodes[1], 0).Word == "true"
	}
	s.replaced(commands, places, loops)
	for _, f := range s.faults {
		s.joinedAt(f)
	}
	for _, c := range commands {
		s.handedOn(c)
		s.runsText(c)
	}
	for _, list := range []*[]int{&s.script.Joined, &s.script.Stores, &s.script.Elements} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
}

// line returns the line of a place, from 1.
func (s *scriptReader) line(at int) int {
	i, found := slices.BinarySearch(s.lines, at)
	if found {
		i++
	}
	return i
}

// column returns the column of a place, from 1. Places come in order.
func (s *scriptReader) column(at, line int) int {
	if line != s.lastLine || at < s.lastAt {
		s.lastLine, s.lastAt, s.lastCol = line, s.lines[line-1], 1
	}
	for _, c := range s.text[s.lastAt:at] {
		s.lastCol += max(utf16.RuneLen(c), 1)
	}
	s.lastAt = at
	return s.lastCol
}

// variableOf returns the name of the variable that is assigned, in lower case and
// without its scope.
func variableOf(n *node) string {
	for n.kind == nodeCast {
		n = n.nodes[len(n.nodes)-1]
	}
	if n.kind != nodeVariable {
		return ""
	}
	return variableKey(n.value)
}

func variableKey(name string) string {
	name = strings.ToLower(name)
	for _, scope := range []string{"script:", "global:", "local:", "private:", "variable:"} {
		name = strings.TrimPrefix(name, scope)
	}
	return name
}

func (s *scriptReader) command(n *node) {
	name, _ := n.name.literal()
	c := Command{Name: name, Line: s.line(n.at), Unreached: reaches(s.never, n.at), means: s.called.means(n)}
	c.Versioned = slices.ContainsFunc(s.versioned, func(v stretch) bool { return v.from <= n.at && n.at < v.to })
	c.Column, c.session = s.column(n.at, c.Line), s.called.session(c.called())
	if c.session == 0 && c.Cmdlet() == setSmime {
		c.session, c.since = s.setting.doubt(n)
	}
	_, known := cmdletOf(c.called())
	s.elements(&c, n.nodes, 0)
	known.bind(&c)
	index := len(s.script.Commands)
	s.script.Commands = append(s.script.Commands, c)
	s.exports(&s.script.Commands[index])
	s.joinedIn(n)
}

// elements notes what a command is given.
func (s *scriptReader) elements(c *Command, elements []*node, hops int) {
	for i, e := range elements {
		switch e.kind {
		case nodeParameter:
			p := Parameter{Name: e.value, Line: s.line(e.at), Value: Value{Kind: ValueNone}}
			if len(e.nodes) > 0 {
				p.Value = s.value(e.nodes[0], hops)
			}
			c.Parameters = append(c.Parameters, p)
		case nodeSplat:
			c.Splats = append(c.Splats, s.splatted(e))
		case nodeStatement: // a redirection
		default:
			v := s.value(e, hops)
			if i > 0 && elements[i-1].kind == nodeParameter && len(elements[i-1].nodes) == 0 && !c.switched(len(c.Parameters)-1) {
				c.Parameters[len(c.Parameters)-1].Value = v
				continue
			}
			c.Arguments = append(c.Arguments, v)
		}
	}
}

// switched reports whether a parameter is known to take no value.
func (c *Command) switched(i int) bool {
	_, known := cmdletOf(c.called())
	if known == nil {
		return false
	}
	found := known.match(c.Parameters[i].Name)
	return len(found) == 1 && found[0].Type == TypeSwitch
}

// bind gives each parameter its full name, or the fault by which PowerShell refuses it.
// Words are kept of those only that name something.
func (c *Cmdlet) bind(command *Command) {
	bound := map[string]bool{}
	one := func(p *Parameter) {
		defer p.forget()
		if c == nil {
			return
		}
		switch found := c.match(p.Name); {
		case len(found) == 0:
			p.Fault = ParameterUnknown
		case len(found) > 1:
			p.Fault = ParameterAmbiguous
			for _, f := range found {
				p.Matches = append(p.Matches, f.Name)
			}
		default:
			p.Full, p.Type = found[0].Name, found[0].Type
			if bound[p.Full] {
				p.Fault = ParameterTwice
			}
			bound[p.Full] = true
		}
	}
	for i := range command.Parameters {
		one(&command.Parameters[i])
	}
	for i := range command.Splats {
		for k := range command.Splats[i].Keys {
			one(&command.Splats[i].Keys[k])
		}
	}
	for i := range command.Arguments {
		v := &command.Arguments[i]
		name := strings.TrimLeftFunc(v.Word, func(r rune) bool { return !isNameStart(r) })
		if c != nil && slices.ContainsFunc(c.Parameters, func(p CmdletParameter) bool { return strings.EqualFold(p.Name, name) }) {
			continue // was meant for a parameter
		}
		if !strings.EqualFold(v.Word, "pkcs1") {
			v.Word = ""
		}
	}
}

// forget drops the text of a value unless it is one of a few that the parameter names.
func (p *Parameter) forget() {
	switch p.Full {
	case "WhatIf", "Encoding", "Type", "PaddingScheme", "OWAEncryptionAlgorithms", "OWASigningAlgorithms":
	default:
		p.Value.Word = ""
	}
}

// splatted looks up what the table of a splat holds.
func (s *scriptReader) splatted(e *node) Splat {
	found := s.table(e)
	splat := Splat{Variable: e.value, Line: s.line(e.at), Known: found.known, Open: found.made && !found.known}
	for _, entry := range found.entries {
		splat.Keys = append(splat.Keys, Parameter{Name: entry.key, Line: s.line(entry.at), Value: s.value(entry.value, 0)})
	}
	return splat
}

// exports notes a command that makes a store with the means of Windows.
func (s *scriptReader) exports(c *Command) {
	if c.Cmdlet() == "Export-Certificate" {
		if kind, ok := c.Parameter("Type"); ok && strings.EqualFold(kind.Value.Word, "SST") {
			s.script.Stores = append(s.script.Stores, kind.Line)
		}
	}
}
