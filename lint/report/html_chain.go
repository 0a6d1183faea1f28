package report

import (
	"strconv"
	"strings"

	"github.com/smimechain/smimechain/lint"
)

// The types below are the picture of a chain, in pixels.
type (
	htmlChain struct {
		Class, Word, Caption, Label string
		Width, Height               int
		Edges                       []htmlEdge
		Boxes                       []htmlBox
		Rows                        []htmlRow
	}
	htmlEdge struct {
		Class              string
		X1, Y1, X2, Y2, YM int
	}
	htmlBox struct {
		Class, Full, Name, Issuer, Print, Role string
		X, Y, W, H, TX, Y1, Y2, Y3, Y4         int
	}
	htmlRow struct {
		Number                                    int
		Subject, SHA256, URL, Issuer, Until, Role string
	}
)

const (
	boxWidth, boxHeight = 330, 86
	boxGapX, boxGapY    = 24, 46
	boxText             = 40 // columns
)

// picture lays a chain out: the start at the bottom, each certificate above all
// that it has signed.
func (o *Options) picture(c *lint.Chain) htmlChain {
	levels := chainLevels(c.Certificates)
	rows := make([][]int, 0, 4)
	for i, level := range levels {
		for len(rows) <= level {
			rows = append(rows, nil)
		}
		rows[level] = append(rows[level], i)
	}
	widest := 0
	for _, row := range rows {
		widest = max(widest, len(row))
	}
	out := htmlChain{
		Width:  widest*(boxWidth+boxGapX) - boxGapX + 8,
		Height: len(rows)*(boxHeight+boxGapY) - boxGapY + 8,
		Class:  "bad", Word: o.text("no valid chain"),
	}
	if c.Works {
		out.Class, out.Word = "good", o.text("valid chain")
	}
	targets := make([]any, len(c.Targets))
	for i, t := range c.Targets {
		targets[i] = o.targetName(t)
	}
	out.Caption = Printable(c.Collection)
	if len(targets) > 0 {
		out.Caption += " · " + joinAny(targets)
	}
	if c.Truncated {
		out.Caption += " · " + o.text("there is more than is shown")
	}
	boxes := make([]htmlBox, len(c.Certificates))
	for level, row := range rows {
		left := (out.Width - (len(row)*(boxWidth+boxGapX) - boxGapX)) / 2
		for place, i := range row {
			b := o.box(&c.Certificates[i], i == 0)
			b.X, b.Y = left+place*(boxWidth+boxGapX), 4+(len(rows)-1-level)*(boxHeight+boxGapY)
			b.W, b.H, b.TX = boxWidth, boxHeight, b.X+12
			b.Y1, b.Y2, b.Y3, b.Y4 = b.Y+21, b.Y+39, b.Y+57, b.Y+75
			boxes[i] = b
		}
	}
	var said []string
	for i, cert := range c.Certificates {
		var signers []string
		for _, up := range cert.Issuers {
			from, to := boxes[i], boxes[up]
			e := htmlEdge{X1: from.X + boxWidth/2, Y1: from.Y, X2: to.X + boxWidth/2, Y2: to.Y + boxHeight}
			e.YM = (e.Y1 + e.Y2) / 2
			switch {
			case c.Certificates[up].Missing:
				e.Class = "missing"
			case cert.OnPath && c.Certificates[up].OnPath:
				e.Class = "path"
			}
			out.Edges = append(out.Edges, e)
			signers = append(signers, strconv.Itoa(up+1))
		}
		if len(signers) == 0 && cert.Anchor {
			signers = []string{o.text("itself")}
		}
		out.Rows = append(out.Rows, htmlRow{
			Number: i + 1, Subject: Printable(cert.Subject), SHA256: cert.SHA256, URL: cert.URL,
			Issuer: strings.Join(signers, ", "), Until: day(cert.NotAfter), Role: boxes[i].Role,
		})
		said = append(said, boxes[i].Full)
	}
	out.Boxes = boxes
	out.Label = strings.Join(said, "; ")
	return out
}

// chainLevels returns how far above the start each certificate lies: the length
// of the longest way to it. Each is placed once, so that certificates that sign
// each other in a circle do not climb forever.
func chainLevels(certs []lint.ChainCertificate) []int {
	levels := make([]int, len(certs))
	for range certs {
		changed := false
		for i, c := range certs {
			for _, up := range c.Issuers {
				if want := levels[i] + 1; levels[up] < want && want < len(certs) && up != 0 {
					levels[up] = want
					changed = true
				}
			}
		}
		if !changed {
			break
		}
	}
	// Circles leave gaps; close them.
	used := map[int]bool{}
	for _, l := range levels {
		used[l] = true
	}
	rank := make(map[int]int, len(used))
	for l := 0; len(rank) < len(used); l++ {
		if used[l] {
			rank[l] = len(rank)
		}
	}
	for i := range levels {
		levels[i] = rank[levels[i]]
	}
	return levels
}

// box describes one certificate of the picture.
func (o *Options) box(c *lint.ChainCertificate, start bool) htmlBox {
	name := lint.CommonName(c.Subject)
	b := htmlBox{Name: shorten(Printable(name), boxText), Print: o.text("fingerprint not known")}
	if c.Issuer != "" && c.Issuer != c.Subject {
		b.Issuer = shorten(o.say("from %s", Printable(lint.CommonName(c.Issuer))), boxText+4)
	} else if c.Issuer != "" {
		b.Issuer = o.text("self-signed")
	}
	if c.SHA256 != "" {
		b.Print = "SHA-256 " + strings.ToUpper(c.SHA256[:min(16, len(c.SHA256))]) + "…"
	}
	var roles []string
	if c.Missing {
		roles = append(roles, o.text("missing"))
		b.Class = "missing"
	} else {
		if c.OnPath {
			b.Class = "path"
		}
		if start {
			roles = append(roles, o.text("start"))
		}
		if c.Anchor {
			roles = append(roles, o.text("anchor"))
			b.Class = strings.TrimSpace(b.Class + " anchor")
		}
		if c.Support {
			roles = append(roles, o.text("from beside the collection"))
		}
	}
	b.Role = strings.Join(roles, " · ")
	b.Full = Printable(c.Subject)
	if c.SHA256 != "" {
		b.Full += ", SHA-256 " + c.SHA256
	}
	if b.Role != "" {
		b.Full += ": " + b.Role
	}
	if until := day(c.NotAfter); until != "" {
		b.Print += " · " + o.say("until %s", until)
		b.Full += " · " + o.say("until %s", until)
	}
	return b
}

// shorten cuts a text to a number of columns.
func shorten(s string, n int) string {
	if Columns(s) <= n {
		return s
	}
	var b strings.Builder
	used := 0
	for _, r := range s {
		if w := Columns(string(r)); used+w < n {
			b.WriteRune(r)
			used += w
			continue
		}
		break
	}
	return b.String() + "…"
}
