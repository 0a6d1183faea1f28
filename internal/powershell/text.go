package powershell

import (
	"bytes"
	"strings"

	"github.com/smimechain/smimechain/internal/lazyregexp"
	"github.com/smimechain/smimechain/internal/textfile"
)

// scriptText returns the text of a script with line feeds only. Text that is no UTF-8 is
// in the code page of a machine, in which Windows PowerShell reads it: that of Japan,
// where it reads so, else that of Western Europe. Prompts of a console are taken off.
func scriptText(text []byte) string {
	lines, _ := scriptLines(text)
	return lines
}

// scriptLines is scriptText, and says whether there were prompts.
func scriptLines(text []byte) (script string, prompts bool) {
	text = []byte(textfile.FromCodePage(text))
	lines := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(text))
	if !strings.Contains(lines, "PS ") && !strings.Contains(lines, "PS>") {
		return lines, false
	}
	script = prompt().ReplaceAllStringFunc(lines, func(s string) string { return strings.Repeat(" ", len(s)) })
	return script, script != lines
}

// prompt is what the console prints before each line that is typed.
var prompt = lazyregexp.New(`(?m)^(?:\[[^\]\n]+\]: )?PS(?: [^>\n]{1,200})?> ?`)

// fence is what stands around code in Markdown.
var fence = lazyregexp.New("(?m)^[ \t]*```")

// IsName reports whether a file is a script by its name.
func IsName(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, ".ps1") || strings.HasSuffix(name, ".psm1") || strings.HasSuffix(name, ".psd1")
}

// scriptWords tell a script about certificates from other text.
var scriptWords = lazyregexp.New(`(?i)\b(?:[gs]et-\w*smimeconfig|connect-exchangeonline|get-content|new-object|export-(?:pfx)?certificate|import-(?:pfx)?certificate|(?:new|import)-intuneuserpfxcertificate|invoke-mggraphrequest|connect-mggraph)\b`)

// Is reports whether text is PowerShell that deals with stores or certificates: a
// cmdlet of the job begins a statement, and what stands around it are statements too.
func Is(text []byte) bool {
	const most = 1 << 20 // octets searched for a cmdlet
	sample := text[:min(len(text), most)]
	if !hasScriptWord(sample) || bytes.IndexByte(text, 0) >= 0 || isMarkup(text) || prompt().Match(sample) || fence().Match(sample) {
		return false
	}
	p := scriptParser{text: scriptText(sample)}
	return likelyScript(&p, p.statements(false))
}

// likelyScript reports whether the parts of text are a script rather than prose in which
// a cmdlet is named.
func likelyScript(p *scriptParser, list []*node) bool {
	job, like, unlike := false, 0, len(p.faults)
	for _, n := range list {
		n.walk(func(n *node) {
			if n.kind != nodeCommand {
				return
			}
			name, _ := n.name.literal()
			switch {
			case strings.Trim(name, commandLetters) != "", proseAfter(n):
				unlike++
			case scriptWords().MatchString(name):
				job = true
				like++
			default:
				like++
			}
		})
	}
	return job && unlike <= like/4
}

// commandLetters are what names of commands are made of.
const commandLetters = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.\/:%?~`

// proseAfter reports whether the first arguments of a command read as words of a sentence.
func proseAfter(n *node) bool {
	for i, e := range n.nodes {
		if e.kind != nodeBareword || e.value == "" {
			return false
		}
		word := strings.TrimRight(e.value, ".,;:!?")
		if i == 1 {
			return word != "" && !strings.ContainsAny(word, `\/:=`)
		}
		if strings.Trim(strings.ToLower(word), "abcdefghijklmnopqrstuvwxyz") != "" {
			return false
		}
	}
	return false
}

// hasScriptWord is scriptWords().Match, which takes longer over a text than all else
// that is done with it, and so is asked only where a verb stands before a hyphen.
func hasScriptWord(text []byte) bool {
	const before, behind, tail = 8, 64, 3 // octets
	for at, c := range text {
		if c != '-' {
			continue
		}
		switch string(bytes.ToLower(text[max(0, at-tail):at])) {
		case "get", "set", "new", "ect", "ort", "oke":
			if scriptWords().Match(text[max(0, at-before):min(len(text), at+behind)]) {
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
