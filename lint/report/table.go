package report

import (
	"cmp"
	"slices"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// usersOf returns whose file it is, by the name of the file, where that was said.
func usersOf(r *lint.Report) map[string]string {
	users := map[string]string{}
	for i := range r.Files {
		if f := &r.Files[i]; f.User != "" {
			users[f.Name] = f.User
		}
	}
	return users
}

// inNaturalOrder sorts subjects by file, as people sort names, and by certificate.
func inNaturalOrder(list []*judgement) []*judgement {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b *judgement) int {
		return cmp.Or(say.Compare(a.File, b.File), cmp.Compare(a.Index, b.Index), cmp.Compare(a.Message, b.Message))
	})
	return list
}

// verdict returns the verdict for a target; nil where there is none.
func (j *judgement) verdict(t lint.Target) *lint.Verdict {
	if i := slices.IndexFunc(j.verdicts, func(v *lint.Verdict) bool { return v.Target == t }); i >= 0 {
		return j.verdicts[i]
	}
	return nil
}

// first returns the verdict that stands for those that are not good: the first that fails,
// or else that is unknown; nil where all are good.
func (j *judgement) first() *lint.Verdict {
	for _, status := range []lint.VerdictStatus{lint.Fails, lint.Unknown} {
		for _, v := range j.verdicts {
			if v.Status == status {
				return v
			}
		}
	}
	return nil
}

// reason is the one reason of a verdict that is not good.
type reason struct {
	what   say.Message // with the need
	remedy say.Text    // empty where no finding has one
	rule   string      // empty where no finding decides
}

// reasons finds them.
type reasons struct {
	advised advices
	closed  map[string]say.Message
}

func reasonsOf(r *lint.Report) *reasons { return &reasons{advicesOf(r), closedOf(r)} }

// of returns the reason of a verdict: what closes the file, or the first finding of the
// need that decides, or else what was seen or would decide.
func (f *reasons) of(v *lint.Verdict) reason {
	a := deciding(v)
	if a == nil {
		return reason{}
	}
	if closed := f.closed[v.Subject.File]; !closed.IsZero() && v.Status == lint.Unknown {
		return reason{what: say.New("%s: %s", lint.Need("opens"), closed)} // all else follows from what cannot be seen
	}
	for _, rule := range a.Because {
		if found := f.advised.found(v, rule); found != nil {
			what := found.message
			if a.State == lint.Open && len(a.Decide) > 0 {
				what = a.Decide[0]
			}
			return reason{say.New("%s: %s", a.Need, what), found.remedy, rule}
		}
	}
	if texts := said(a); len(texts) > 0 {
		return reason{what: say.New("%s: %s", a.Need, texts[0])}
	}
	return reason{what: say.New("%s", a.Need)}
}
