package report

import (
	"slices"
	"strconv"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
)

// The types below are the picture of validity periods. Places along the time are in
// percent, so that it fits any page.
type (
	htmlTimeline struct {
		Now, Limit string
		Notes      []htmlNote
		Years      []htmlYear
		Bars       []htmlBar
		Legend     []string // of the lines that are there
	}
	htmlNote struct{ Class, Text string }
	htmlYear struct {
		X, Text string
		Often   bool // shown where there is little room too
	}
	htmlBar struct {
		htmlLook
		Name, Until, X, W string
	}
)

// timelineRows are those that expire first.
const timelineRows = 20

// timeline draws the validity of every certificate, those that expire first on
// top, and says when uploads start to fail.
func (o *Options) timeline(r *lint.Report, names names) *htmlTimeline {
	var list []lint.Certificate
	seen := map[string]bool{}
	for i := range r.Files {
		for _, c := range r.Files[i].Certificates {
			if !c.NotAfter.IsZero() && !seen[c.SHA256] {
				seen[c.SHA256] = true
				list = append(list, c)
			}
		}
	}
	if len(list) == 0 {
		return nil
	}
	slices.SortStableFunc(list, func(a, b lint.Certificate) int { return a.NotAfter.Compare(b.NotAfter) })
	t := new(htmlTimeline)
	limit := o.uploads(r, t)
	if more := len(list) - timelineRows; more > 0 {
		list = list[:timelineRows]
		t.Notes = append(t.Notes, htmlNote{"soft", o.say("Shown are the %d certificates that expire first; %d more are in the contents.", timelineRows, more)})
	}
	first, last := r.Time, r.Time
	for _, c := range list {
		last = later(last, c.NotAfter)
		if !c.NotBefore.IsZero() {
			first = earlier(first, c.NotBefore)
		}
	}
	s := scale{first, last}
	t.years(s)
	for _, c := range list {
		b := htmlBar{Name: Printable(names.of(c.Subject)), Until: day(c.NotAfter)}
		from := c.NotBefore
		if from.IsZero() {
			from = first
		}
		b.X, b.W = percent(s.at(from)), percent(max(0.5, s.at(c.NotAfter)-s.at(from)))
		switch {
		case r.Time.After(c.NotAfter):
			b.htmlLook = htmlLook{"bad", "✘", o.text("expired")}
		case r.Time.Before(c.NotBefore):
			b.htmlLook = htmlLook{"note", "!", o.text("not yet valid")}
		case c.NotAfter.Sub(r.Time) < 90*24*time.Hour:
			b.htmlLook = htmlLook{"warn", "!", o.text("expires soon")}
		}
		t.Bars = append(t.Bars, b)
	}
	t.Now = percent(s.at(r.Time))
	t.Legend = []string{o.text("The solid line is the time of the check.")}
	if !limit.IsZero() && limit.After(first) && !limit.After(last) {
		t.Limit = percent(s.at(limit))
		t.Legend = append(t.Legend, o.text("The dashed line is the day on which uploads start to fail."))
	}
	return t
}

// scale is a span of time.
type scale struct{ first, last time.Time }

// at returns the place of a time, from 0 to 100. Spans of time do not fit into a
// Duration where years have four digits.
func (s scale) at(t time.Time) float64 {
	span := float64(s.last.Unix() - s.first.Unix())
	if span <= 0 {
		return 0
	}
	return 100 * float64(t.Unix()-s.first.Unix()) / span
}

// percent writes a place for SVG.
func percent(p float64) string { return strconv.FormatFloat(p, 'f', 1, 64) + "%" }

// years puts some years above the bars, and marks every other for where there is
// little room.
func (t *htmlTimeline) years(s scale) {
	step := max(1, (s.last.Year()-s.first.Year())/8)
	shown := 0
	for y := s.first.Year() + 1; y <= s.last.Year(); y++ {
		// A label near an edge would be cut off.
		if at := s.at(time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)); y%step == 0 && at > 3 && at < 97 {
			t.Years = append(t.Years, htmlYear{percent(at), strconv.Itoa(y), shown%2 == 0})
			shown++
		}
	}
}

// uploads notes on which day uploads to Exchange Online start to fail, and
// returns the first of those days: it looks at every certificate of a store.
func (o *Options) uploads(r *lint.Report, t *htmlTimeline) time.Time {
	judged := slices.ContainsFunc(r.Verdicts, func(v lint.Verdict) bool {
		return v.Target.Collects() && v.Status != lint.NotApplicable
	})
	var limit time.Time
	if !judged {
		return limit
	}
	for _, f := range r.Files {
		var first time.Time
		for _, c := range f.Certificates {
			if !c.NotAfter.IsZero() && (first.IsZero() || c.NotAfter.Before(first)) {
				first = c.NotAfter
			}
		}
		if first.IsZero() || len(f.Certificates) < 2 || f.Format == bundle.PFX { // which nobody uploads there
			continue
		}
		name := Printable(f.Name)
		if len(r.Files) == 1 {
			name = Printable(baseName(f.Name))
		}
		note := htmlNote{"bad", o.say("Exchange Online refuses an upload of %s: a certificate in it expired on %s.", name, day(first))}
		if first.After(r.Time) {
			note = htmlNote{"", o.say("From %s on Exchange Online refuses an upload of %s as it is.", day(first), name)}
		}
		t.Notes = append(t.Notes, note)
		if limit.IsZero() || first.Before(limit) {
			limit = first
		}
	}
	return limit
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
