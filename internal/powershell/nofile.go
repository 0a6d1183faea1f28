package powershell

import (
	"slices"
	"strings"

	"github.com/smimechain/smimechain/internal/lazyregexp"
)

// noFile says why a path names no file as far as its text goes, 0 where it may name one.
// The path is given to .NET, which replaces nothing in it, or to a cmdlet.
func (s *scriptReader) noFile(n *node, net, literal bool) MadeKind {
	return s.noFileIn(n, net, literal, true, 0)
}

func (s *scriptReader) noFileIn(n *node, net, literal, first bool, hops int) (why MadeKind) {
	const most = 6
	if n = n.inner(); n == nil || hops > most {
		return 0
	}
	each := func(list []*node) {
		for i, part := range list {
			if why == 0 {
				why = s.noFileIn(part, net, literal, first && i == 0, hops+1)
			}
		}
	}
	switch n.kind {
	case nodeBareword, nodeString:
		if n.kind == nodeString && variableWithin().MatchString(n.value) {
			return NoFileVariable
		}
		return noFileText(n.value, net, literal, first)
	case nodeExpandable:
		at, text := n.at, ""
		for _, part := range n.nodes {
			if part.at >= at {
				text, at = text+s.text[at:part.at]+"x", part.end
			}
		}
		return noFileText(strings.Trim(text+s.text[at:max(at, n.end)], `"“”„`), net, literal, first)
	case nodeVariable:
		each([]*node{s.once(n)})
	case nodeOperation:
		for i := range n.nodes[1:] {
			if s.operatorBetween(n.nodes[i], n.nodes[i+1]) != "+" {
				return 0
			}
		}
		each(n.nodes)
	case nodeCall:
		if n.static && strings.EqualFold(n.value, "Combine") {
			each(n.nodes[1:])
		}
	case nodeCommand:
		if lowerName(n) == "join-path" {
			each(slices.Concat(nonNil(s.argument(n, "path")), loose(n), nonNil(s.argument(n, "childpath"))))
		}
	}
	return why
}

var (
	variableWithin = lazyregexp.New(`(?:^|[\\/])\$(?:\{|\(|[A-Za-z_])`)
	percentWithin  = lazyregexp.New(`%[A-Za-z_][A-Za-z0-9_()]*%`)
	web            = lazyregexp.New(`^[A-Za-z]{2,}://`)
	drive          = lazyregexp.New(`^[A-Za-z]{2,}:`)
)

// noFileText says so of text; first says that the path begins with it.
func noFileText(text string, net, literal, first bool) MadeKind {
	patterns := "*?"
	if !net && !literal {
		patterns = "*?["
	}
	long := strings.HasPrefix(text, `\\?\`)
	switch {
	case percentWithin().MatchString(text):
		return NoFilePercent
	case first && web().MatchString(text):
		return NoFileWeb
	case !long && strings.ContainsAny(text, patterns):
		return NoFilePattern
	case first && net && (text == "~" || strings.HasPrefix(text, `~\`) || strings.HasPrefix(text, "~/")):
		return NoFileHome
	case first && net && drive().MatchString(text):
		return NoFileDrive
	}
	return 0
}
