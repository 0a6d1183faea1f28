package bundle

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"github.com/smimechain/smimechain/lint/say"
)

// Limits of scripts.
const (
	MaxScriptSize    = 1 << 20 // bytes of text
	MaxScriptNesting = 100     // brackets inside brackets; what lies deeper is passed over
)

// PowerShell is a script, taken apart as far as rules ask. It holds no literal
// text of the script: a script may contain passwords.
type PowerShell struct {
	Commands []Command  // in the order of the text
	Keys     []Name     // of hash tables, which may be splatted onto a command
	Reads    []FileRead // calls of System.IO.File.ReadAllBytes
	Joined   []int      // lines on which a second statement follows without a separator
	Stores   []int      // lines that make a store with the means of Windows

	// Version is the major version of PowerShell that a #Requires line asks for,
	// 0 without one; Core says that it asks for the edition Core.
	Version int
	Core    bool
}

// Command is one command of a script.
type Command struct {
	Name       string // as written
	Line       int    // from 1
	Parameters []Parameter
}

// Parameter returns the parameter that PowerShell takes for the name: one whose
// spelling is the name or the start of it, letters of either case.
func (c *Command) Parameter(name string) (Parameter, bool) {
	for _, p := range c.Parameters {
		if p.Name != "" && len(p.Name) <= len(name) && strings.EqualFold(p.Name, name[:len(p.Name)]) {
			return p, true
		}
	}
	return Parameter{}, false
}

// Parameter is one parameter of a command.
type Parameter struct {
	Name string // without the dash
	Word string // the value, where it is a bare word; literal text is not kept
	Line int
}

// Name is a name and the line it stands on.
type Name struct {
	Name string
	Line int
}

// FileRead is a call that reads a file.
type FileRead struct {
	Line     int
	Relative bool // the path is a literal that does not start at a root
}

// scriptWords tell a script about certificates from other text.
var scriptWords = regexp.MustCompile(`(?i)\b(?:[gs]et-\w*smimeconfig|connect-exchangeonline|get-content|new-object|export-(?:pfx)?certificate|import-(?:pfx)?certificate|import-intuneuserpfxcertificate|invoke-mggraphrequest|connect-mggraph)\b`)

// scriptLine is a line that begins with one of these words as a statement.
var scriptLine = regexp.MustCompile(`(?im)^\s*(?:\$[\w:]+\s*=\s*)?` + strings.TrimPrefix(scriptWords.String(), `(?i)\b`))

// isScript reports whether text looks like PowerShell that deals with stores
// or certificates. Text with PEM blocks may mention a command in a remark; it is
// a script only where a line begins with one.
func isScript(text []byte) bool {
	const most = 1 << 20 // octets searched for a cmdlet
	sample := text[:min(len(text), most)]
	return hasScriptWord(sample) && (!isPEM(text) || scriptLine.Match(sample)) && !bytes.Contains(text, []byte{0}) && !isMarkup(text)
}

// hasScriptWord is scriptWords.Match, which takes longer over a text than all else
// that is done with it, and so is asked only where a verb stands before a hyphen.
func hasScriptWord(text []byte) bool {
	const before, behind, tail = 8, 64, 3 // octets
	for at := range places(text, "-") {
		switch string(bytes.ToLower(text[max(0, at-tail):at])) {
		case "get", "set", "new", "ect", "ort", "oke":
			if scriptWords.Match(text[max(0, at-before):min(len(text), at+behind)]) {
				return true
			}
		}
	}
	return false
}

// isMarkup reports whether text begins as XML and HTML do. So does the remark
// with the help of a script.
func isMarkup(text []byte) bool {
	text = bytes.TrimSpace(text)
	return bytes.HasPrefix(text, []byte("<")) && !bytes.HasPrefix(text, []byte("<#"))
}

func (r *reading) parseScript(text []byte) error {
	f := r.File
	if len(text) > MaxScriptSize {
		return say.Errorf("%s: script of more than %d bytes: %w", f.Name, MaxScriptSize, ErrTooLarge)
	}
	if isPEM(text) { // certificates and keys that stand in the script
		if err := r.parsePEM(text); err != nil {
			return err
		}
	}
	lines := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(text))
	p := scriptParser{tokens: scanScript(lines), script: new(PowerShell)}
	p.script.requires(lines)
	for p.at < len(p.tokens) {
		p.statements("", 0)
		p.at++ // a closing bracket too many
	}
	f.Format, f.Script = Script, p.script
	return nil
}

var (
	requiresVersion = regexp.MustCompile(`(?im)^\s*#requires\b.*-version\s+(\d+)`)
	requiresCore    = regexp.MustCompile(`(?im)^\s*#requires\b.*-psedition\s+core`)
)

func (s *PowerShell) requires(text string) {
	if m := requiresVersion.FindStringSubmatch(text); m != nil {
		s.Version, _ = strconv.Atoi(m[1])
	}
	s.Core = requiresCore.MatchString(text)
}

// scriptParser finds the commands in the tokens of a script.
type scriptParser struct {
	tokens []token
	at     int
	script *PowerShell
}

// peek returns the next token; its zero value stands for the end.
func (p *scriptParser) peek() token {
	if p.at < len(p.tokens) {
		return p.tokens[p.at]
	}
	return token{}
}

// assigned reports whether an assignment follows the next token.
func (p *scriptParser) assigned() bool {
	return p.at+1 < len(p.tokens) && p.tokens[p.at+1].kind == tokenAssign
}

// statements reads up to the bracket that closes, which it leaves.
func (p *scriptParser) statements(closer string, depth int) {
	for p.at < len(p.tokens) {
		t := p.peek()
		switch {
		case t.kind == tokenClose && (closer != "" || depth > 0):
			return
		case t.kind == tokenEnd || t.kind == tokenClose:
			p.at++
		case t.kind == tokenWord && keywords[strings.ToLower(t.text)]:
			p.at++ // a statement follows
		case t.kind == tokenWord && isCommandName(t.text) && !p.assigned():
			p.command(depth)
		default:
			p.expression(depth)
		}
	}
}

// expression reads tokens up to the end of the statement. What follows an
// assignment is a statement again.
func (p *scriptParser) expression(depth int) {
	for p.at < len(p.tokens) {
		t := p.peek()
		switch t.kind {
		case tokenEnd, tokenClose:
			return
		case tokenAssign:
			p.at++
			if next := p.peek(); next.kind == tokenWord && isCommandName(next.text) {
				p.command(depth)
				return
			}
		case tokenOpen:
			p.group(depth)
		case tokenWord:
			p.key()
			p.at++
			if strings.EqualFold(t.text, "in") { // foreach ($x in …)
				return
			}
		default:
			p.at++
		}
	}
}

// keywords stand before statements and are no commands.
var keywords = map[string]bool{
	"return": true, "throw": true, "try": true, "finally": true, "else": true, "do": true, "begin": true,
	"process": true, "end": true, "if": true, "elseif": true, "while": true, "until": true, "foreach": true,
	"for": true, "switch": true, "catch": true, "param": true, "function": true, "exit": true,
}

// key notes a word that an assignment follows, as in a hash table, and text
// that names a format of stores.
func (p *scriptParser) key() {
	t := p.peek()
	if p.assigned() {
		p.script.Keys = append(p.script.Keys, Name{t.text, t.line})
	}
	if strings.Contains(strings.ToLower(t.text), "serializedstore") {
		p.script.Stores = append(p.script.Stores, t.line)
	}
}

// group reads a bracket, what is in it and its end.
func (p *scriptParser) group(depth int) {
	open := p.peek()
	p.reads()
	p.at++
	if depth >= MaxScriptNesting {
		p.skip()
		return
	}
	p.statements(open.text, depth+1)
	p.at++
}

// skip passes over a bracket that lies too deep.
func (p *scriptParser) skip() {
	for depth := 1; p.at < len(p.tokens) && depth > 0; p.at++ {
		switch p.tokens[p.at].kind {
		case tokenOpen:
			depth++
		case tokenClose:
			depth--
		}
	}
}

// reads notes a bracket that holds the argument of ReadAllBytes.
func (p *scriptParser) reads() {
	if p.at == 0 || !strings.HasSuffix(strings.ToLower(p.tokens[p.at-1].text), "::readallbytes") {
		return
	}
	read := FileRead{Line: p.peek().line}
	if p.at+2 < len(p.tokens) && p.tokens[p.at+1].kind == tokenString && p.tokens[p.at+2].kind == tokenClose {
		read.Relative = p.tokens[p.at+1].relative
	}
	p.script.Reads = append(p.script.Reads, read)
}

// command reads one command with its parameters and arguments.
func (p *scriptParser) command(depth int) {
	name := p.peek()
	p.at++
	index := len(p.script.Commands)
	p.script.Commands = append(p.script.Commands, Command{Name: name.text, Line: name.line})
	var parameters []Parameter
	joined := joinedDetector{command: name.text}
	for p.at < len(p.tokens) {
		t := p.peek()
		if t.kind == tokenEnd || t.kind == tokenClose {
			break
		}
		if joined.next(p.tokens, p.at) {
			p.script.Joined = append(p.script.Joined, t.line)
			if t.kind != tokenWord || !isCommandName(t.text) {
				p.expression(depth)
			}
			break // the rest is a statement of its own
		}
		switch {
		case t.kind == tokenOpen:
			p.group(depth)
			continue
		case t.kind == tokenWord && isParameter(t.text):
			parameter, value, _ := strings.Cut(t.text[1:], ":")
			parameters = append(parameters, Parameter{Name: parameter, Word: value, Line: t.line})
		case t.kind == tokenWord && len(parameters) > 0 && isParameter(p.tokens[p.at-1].text) && p.tokens[p.at-1].kind == tokenWord:
			parameters[len(parameters)-1].Word = t.text
		case t.kind == tokenString && len(parameters) > 0 && isParameter(p.tokens[p.at-1].text) && t.encoding:
			parameters[len(parameters)-1].Word = "Byte"
		}
		if t.kind == tokenWord && strings.Contains(strings.ToLower(t.text), "serializedstore") {
			p.script.Stores = append(p.script.Stores, t.line)
		}
		p.at++
	}
	p.script.Commands[index].Parameters = parameters
	if c := &p.script.Commands[index]; strings.EqualFold(c.Name, "Export-Certificate") {
		if kind, ok := c.Parameter("Type"); ok && strings.EqualFold(kind.Word, "SST") {
			p.script.Stores = append(p.script.Stores, kind.Line)
		}
	}
}

// joinedDetector finds the place in a command at which a new statement begins
// although nothing separates the two.
type joinedDetector struct {
	command string
	groups  int // brackets that follow the name of a type directly
}

func (d *joinedDetector) next(tokens []token, at int) bool {
	t := tokens[at]
	following := token{}
	if at+1 < len(tokens) {
		following = tokens[at+1]
	}
	switch t.kind {
	case tokenOpen:
		if !t.space {
			d.groups++
		}
	case tokenVariable:
		// $store.Add($x) after New-Object Type("…"), or $x = … after anything.
		if following.kind == tokenAssign {
			return true
		}
		return strings.EqualFold(d.command, "New-Object") && d.groups > 0 && t.space &&
			strings.Contains(t.text, ".") && following.kind == tokenOpen && !following.space
	case tokenWord:
		lower := strings.ToLower(d.command)
		return t.space && knownCmdlets[strings.ToLower(t.text)] && !strings.HasPrefix(lower, "get-help") && !strings.HasPrefix(lower, "get-command") && !strings.HasPrefix(lower, "set-alias") &&
			!isParameter(tokens[at-1].text)
	}
	return false
}

// knownCmdlets are commands that are no plausible argument of another.
var knownCmdlets = map[string]bool{
	"set-smimeconfig": true, "get-smimeconfig": true, "get-content": true, "new-object": true,
	"connect-exchangeonline": true, "disconnect-exchangeonline": true, "export-certificate": true,
	"export-pfxcertificate": true, "get-childitem": true,
}

func isParameter(word string) bool {
	return len(word) > 1 && word[0] == '-' && isLetter(word[1])
}

// isCommandName reports whether a word in the place of a command may be one.
func isCommandName(word string) bool { return word != "" && isLetter(word[0]) }

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }
