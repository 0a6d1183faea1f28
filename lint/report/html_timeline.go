package report

import (
	"slices"
	"strconv"
	"time"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// The types below are the picture of validity periods, in pixels.
type (
	htmlTimeline struct {
		Width, Height, NowX, LimitX, DateX int
		Label                              string
		Notes                              []htmlNote
		Years                              []htmlYear
		Bars                               []htmlBar
	}
	htmlNote struct{ Class, Text string }
	htmlYear struct {
		X    int
		Text string
	}
	htmlBar struct {
		Class, Name, Until, Full string
		X, W, Y, TY              int
	}
)

const (
	timelineRows  = 60 // those that expire first
	timelineName  = 300
	timelineBars  = 560
	timelineDates = 100
	rowHeight     = 24
)

// timeline draws the validity of every certificate, those that expire first on
// top, and says when uploads start to fail.
func (o *Options) timeline(r *lint.Report) *htmlTimeline {
	type entry struct {
		lint.Certificate
		file string
	}
	var list []entry
	seen := map[string]bool{}
	for _, f := range r.Files {
		for _, c := range f.Certificates {
			if !c.NotAfter.IsZero() && !seen[c.SHA256] {
				seen[c.SHA256] = true
				list = append(list, entry{c, f.Name})
			}
		}
	}
	if len(list) == 0 {
		return nil
	}
	slices.SortStableFunc(list, func(a, b entry) int { return a.NotAfter.Compare(b.NotAfter) })
	t := &htmlTimeline{Width: timelineName + timelineBars + timelineDates, DateX: timelineName + timelineBars + 10}
	limit := o.uploads(r, t)
	if more := len(list) - timelineRows; more > 0 {
		list = list[:timelineRows]
		t.Notes = append(t.Notes, htmlNote{"soft", o.say("Shown are the %d certificates that expire first; %d more are in the contents.", timelineRows, more)})
	}
	first, last := r.Time, r.Time
	for _, e := range list {
		last = later(last, e.NotAfter)
		if !e.NotBefore.IsZero() {
			first = earlier(first, e.NotBefore)
		}
	}
	span := last.Sub(first).Seconds()
	at := func(when time.Time) int {
		if span <= 0 {
			return timelineName
		}
		return timelineName + int(when.Sub(first).Seconds()/span*timelineBars)
	}
	step := max(1, (last.Year()-first.Year())/8)
	for y := first.Year() + 1; y <= last.Year(); y++ {
		if x := at(time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)); y%step == 0 && x >= timelineName+15 {
			t.Years = append(t.Years, htmlYear{x, strconv.Itoa(y)})
		}
	}
	for i, e := range list {
		b := htmlBar{Class: "", Name: shorten(Printable(lint.CommonName(e.Subject)), 40), Until: day(e.NotAfter), Y: 30 + i*rowHeight, TY: 42 + i*rowHeight}
		from := e.NotBefore
		if from.IsZero() {
			from = first
		}
		b.X = at(from)
		b.W = max(2, at(e.NotAfter)-b.X)
		state := ""
		switch {
		case r.Time.After(e.NotAfter):
			b.Class, state = "bad", o.text("expired")
		case r.Time.Before(e.NotBefore):
			b.Class, state = "note", o.text("not yet valid")
		case e.NotAfter.Sub(r.Time) < 90*24*time.Hour:
			b.Class, state = "warn", o.text("expires soon")
		}
		b.Full = Printable(e.Subject) + ": " + day(e.NotBefore) + " – " + day(e.NotAfter)
		if state != "" {
			b.Full += ", " + state
			b.Until += " ⚠"
		}
		t.Bars = append(t.Bars, b)
	}
	t.Height = 36 + len(list)*rowHeight
	t.NowX = at(r.Time)
	if !limit.IsZero() && limit.After(first) && !limit.After(last) {
		t.LimitX = at(limit)
	}
	t.Label = o.say("validity periods of %s", say.Count(len(list), "1 certificate", "%d certificates"))
	return t
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
		if first.IsZero() || len(f.Certificates) < 2 {
			continue
		}
		note := htmlNote{"bad", o.say("Exchange Online refuses an upload of %s: a certificate in it expired on %s.", Printable(f.Name), day(first))}
		if first.After(r.Time) {
			note = htmlNote{"", o.say("From %s on Exchange Online refuses an upload of %s as it is.", day(first), Printable(f.Name))}
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
