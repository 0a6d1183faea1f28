package lint

import (
	"sync"

	"github.com/smimechain/smimechain/lint/say"
)

// work counts what Run has done. Nil counts nothing.
type work struct {
	mu        sync.Mutex
	done, all int
	tell      func(done, all int)
}

// work returns what there is to do: of each collection one, of each of its certificates
// one, and one more for each target.
func (o *Options) work(collections []*Collection) *work {
	if o.Progress == nil {
		return nil
	}
	w := &work{tell: o.Progress}
	for _, c := range collections {
		w.all++
		if targets := len(c.targets(o.Targets)); targets > 0 {
			w.all += len(c.Members) * (1 + targets)
		}
	}
	w.all = max(w.all, 1)
	w.add(0)
	return w
}

// add counts work that is done.
func (w *work) add(n int) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done += n
	w.tell(min(w.done, w.all), w.all)
}

// namesOf returns the names of the files of collections.
func namesOf(collections []*Collection) []string {
	var names []string
	for _, c := range collections {
		for _, f := range c.Files {
			names = append(names, f.Name)
		}
	}
	return names
}

// join adds what came of a collection.
func (r *Report) join(part *Report) {
	if len(r.Files) == 0 { // the first one, and mostly the only one
		r.Files, r.Findings, r.Subjects, r.Outcomes, r.Chains = part.Files, part.Findings, part.Subjects, part.Outcomes, part.Chains
		r.NotChecked = append(r.NotChecked, part.NotChecked...)
		return
	}
	r.Files = append(r.Files, part.Files...)
	r.Findings = append(r.Findings, part.Findings...)
	r.Subjects = append(r.Subjects, part.Subjects...)
	r.NotChecked = append(r.NotChecked, part.NotChecked...)
	r.Outcomes = append(r.Outcomes, part.Outcomes...)
	r.Chains = append(r.Chains, part.Chains...)
}

// Interrupted says in the report that the check was stopped before it came to the files
// named; see [Report.Unread].
func (r *Report) Interrupted(names ...string) {
	var files []NotChecked
	for _, name := range names {
		files = append(files, NotChecked{Code: codeInterrupted, What: say.New("%s", name), Why: say.New("the check was interrupted before it came to this file")})
	}
	r.Unread(files...)
}

// Unread says in the report which of the files given were not read, and that no target
// works: what was not looked at may not. Without files it changes nothing.
func (r *Report) Unread(files ...NotChecked) {
	if len(files) == 0 {
		return
	}
	r.NotChecked = append(r.NotChecked, files...)
	r.NotChecked = sortNotChecked(r.NotChecked)
	r.incomplete = true
	r.lower()
}

// lower takes back that a target works where not every file was read.
func (r *Report) lower() {
	if !r.incomplete {
		return
	}
	for i := range r.Verdicts {
		v := &r.Verdicts[i]
		for _, status := range []*VerdictStatus{&v.Status, &v.Sign, &v.Encrypt} {
			if *status == Works {
				*status = Unknown
			}
		}
	}
}
