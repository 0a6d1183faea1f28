package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/smimechain/smimechain/internal/console"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// The types below are the picture of a chain, in pixels.
type (
	htmlChains struct {
		Legend   []string // of the styles that are in the pictures
		Pictures []htmlChain
		More     int // that are not drawn
	}
	htmlChain struct {
		Class, Word, Label string
		Collection         htmlPath
		Caption            string // the targets, and what is left out
		More               string // of the same shape
		Wide               bool   // wider than a telephone
		Width, Height      int
		Edges              []htmlEdge
		Boxes              []htmlBox
		Rows               []htmlRow
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
		Number                                          int
		Name, Subject, SHA256, URL, Issuer, Until, Role string
	}
)

// maxPictures bounds the pictures of a page.
const maxPictures = 20

// chains draws the chains, those that do not work first, and each shape once: which
// certificates a chain leads through, whoever it starts at.
func (o *Options) chains(r *lint.Report) *htmlChains {
	if len(r.Chains) == 0 {
		return nil
	}
	type shape struct {
		first *lint.Chain
		names []string // of the others
	}
	var shapes []*shape
	of, full := map[string]*shape{}, map[string]int{}
	for i := range r.Chains {
		c := &r.Chains[i]
		k := shapeOf(c)
		full[c.Collection]++
		if of[k] == nil {
			of[k] = &shape{first: c}
			shapes = append(shapes, of[k])
			continue
		}
		of[k].names = append(of[k].names, startOf(c, of[k].first))
	}
	slices.SortStableFunc(shapes, func(a, b *shape) int {
		switch {
		case a.first.Works == b.first.Works:
			return 0
		case b.first.Works:
			return -1
		default:
			return 1
		}
	})
	out := new(htmlChains)
	var styles chainStyles
	for i, s := range shapes {
		if i >= maxPictures {
			out.More = len(shapes) - maxPictures
			break
		}
		picture := o.picture(s.first)
		if n := len(s.names); n > 0 {
			picture.More = Printable(o.say("%s of the same shape: %s", say.Count(n, "1 more", "%d more"), o.someOf(s.names)))
			if full[s.first.Collection] >= lint.MaxChains {
				picture.More += " · " + o.text("there is more than is shown")
			}
		}
		styles.add(s.first)
		out.Pictures = append(out.Pictures, picture)
	}
	out.Legend = o.legend(styles)
	return out
}

// startOf names a chain by where it starts: the file, where that tells it from
// another.
func startOf(c, other *lint.Chain) string {
	if c.Collection != other.Collection {
		return c.Collection
	}
	return lint.CommonName(c.Certificates[0].Subject)
}

// shapeOf is the same for chains that differ in where they start alone.
func shapeOf(c *lint.Chain) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%t %t %q\n", c.Works, c.Truncated, c.Targets)
	for i, cert := range c.Certificates {
		if i > 0 {
			fmt.Fprintf(&b, "%s %q ", cert.SHA256, cert.Subject)
		}
		fmt.Fprintln(&b, cert.Anchor, cert.Missing, cert.Support, cert.OnPath, cert.Issuers)
	}
	return b.String()
}

// chainStyles are the styles of lines that are in pictures.
type chainStyles struct{ missing, path, anchor, beside bool }

func (s *chainStyles) add(c *lint.Chain) {
	levels := map[int]int{}
	for i, level := range chainLevels(c.Certificates) {
		cert := &c.Certificates[i]
		s.missing = s.missing || cert.Missing
		s.path = s.path || cert.OnPath && !cert.Missing
		s.anchor = s.anchor || cert.Anchor && !cert.Missing
		levels[level]++
		s.beside = s.beside || levels[level] > 1
	}
}

// legend explains the styles that are there, and no others.
func (o *Options) legend(s chainStyles) []string {
	list := []string{o.text("Each box is a certificate; lines lead up to the certificates that signed it.")}
	if s.path {
		list = append(list, o.text("Green boxes lie on a valid chain."))
	}
	if s.anchor {
		list = append(list, o.text("A thick frame is a trust anchor."))
	}
	if s.missing {
		list = append(list, o.text("Dashed boxes are missing."))
	}
	if s.beside {
		list = append(list, o.text("A CA with several certificates has several boxes side by side."))
	}
	return list
}

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
	out.Wide = widest > 1
	out.Collection = pathOf(c.Collection)
	if len(c.Targets) > 0 {
		out.Caption += " · " + o.targetNames(c.Targets)
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
			Number: i + 1, Name: boxes[i].Name, Subject: Printable(cert.Subject), SHA256: cert.SHA256,
			URL: cert.URL, Issuer: strings.Join(signers, ", "), Until: day(cert.NotAfter), Role: boxes[i].Role,
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
	if console.Columns(s) <= n {
		return s
	}
	var b strings.Builder
	used := 0
	for _, r := range s {
		if w := console.Columns(string(r)); used+w < n {
			b.WriteRune(r)
			used += w
			continue
		}
		break
	}
	return b.String() + "…"
}
