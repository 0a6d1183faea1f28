package lint_test

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/testdata/outside"
)

// onceWrong are cases beyond the first thousand in which a verdict or a judge was wrong:
// they are judged in every run.
var onceWrong = []uint64{1554, 1640, 5632, 7044, 13312, 20155, 30312}

var firstRollOut = flag.Int("firstrollout", 0, "number of the first generated roll-out that is judged")

var rollOuts = flag.Int("rollouts", 0, "number of generated roll-outs that are judged; 0: 1,000 where tools are required, else 60")

// rate counts what was said about a target, or about one need of it.
type rate struct {
	asked, works, fails int
	lies                int // it works, or is met, and a judge has seen that it cannot be
	falseFails          int // it fails, and every judge accepts
	shy                 int // unknown, and every judge accepts
}

// tally gathers rates and disagreements. It is safe for concurrent use.
type tally struct {
	sync.Mutex
	rates   map[string]*rate // by target, or target and need
	judges  map[string]int   // answers of judges, and their disagreements by reason
	details map[string][]string
}

func (t *tally) count(name string) *rate {
	if t.rates[name] == nil {
		t.rates[name] = new(rate)
	}
	return t.rates[name]
}

// TestRollOuts judges generated roll-outs and holds the verdicts and needs against what
// OpenSSL, crypto/x509 and a second opinion of the test's own say. Nothing works for which
// one of them has evidence against it, nothing fails that all accept.
//
// Without OpenSSL the other two judge. A run of 20,000:
//
//	go test ./lint -run TestRollOuts -v -timeout 60m -rollouts 20000
func TestRollOuts(t *testing.T) {
	outside.SkipUnderRace(t)
	cases := *rollOuts
	switch {
	case cases > 0:
	case outside.Required():
		cases = 1000
	default:
		cases = 60
	}
	program := ""
	if *rollOuts > 0 || cases >= 1000 {
		program = outside.Program(t, "openssl", "openssl")
	}
	start := time.Now()
	all := &tally{rates: map[string]*rate{}, judges: map[string]int{}, details: map[string][]string{}}
	const block, workers = 100, 2
	var group sync.WaitGroup
	for w := range workers {
		judge := openSSL{program, t.TempDir()}
		group.Go(func() {
			for first := w * block; first < cases; first += workers * block {
				from := uint64(*firstRollOut)
				judgeRollOuts(t, all, judge, from+uint64(first), from+uint64(min(cases, first+block)))
			}
		})
	}
	group.Wait()
	for _, number := range onceWrong {
		judgeRollOuts(t, all, openSSL{program, t.TempDir()}, number, number+1)
	}
	t.Logf("%d roll-outs in %s", cases, time.Since(start).Round(time.Second))
	t.Logf("%-34s %6s %6s %6s %6s %5s %5s", "", "asked", "works", "fails", "shy", "lies", "false")
	for _, name := range slices.Sorted(maps.Keys(all.rates)) {
		r := all.rates[name]
		t.Logf("%-34s %6d %6d %6d %6d %5d %5d", name, r.asked, r.works, r.fails, r.shy, r.lies, r.falseFails)
		if verdict := !strings.Contains(name, " "); verdict && cases >= 1000 && (r.works < 10 || r.fails < 10 || r.shy > r.works/20) {
			t.Errorf("%s: %d of %d work and %d fail, %d are unknown for no reason", name, r.works, r.asked, r.fails, r.shy)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(all.judges)) {
		t.Logf("%6d %s", all.judges[name], name)
	}
}

// judged is a roll-out with all that is said of it.
type judged struct {
	*rollOut
	opinion   *opinion
	anchors   []*signer
	paths     [][]*signer
	questions []*question // about paths, in their order
	ofStore   []*question // about CAs of the store, by the certificate that path begins with
	verdicts  map[lint.Target]*lint.Verdict
	collected *lint.Verdict // of the store; nil without one
	hang      standing      // what lists that prove nothing say
}

// judgeRollOuts judges the cases from a number to below another.
func judgeRollOuts(t *testing.T, all *tally, openssl openSSL, from, to uint64) {
	var list []*judged
	var questions [][]*question
	for number := from; number < to; number++ {
		j := &judged{rollOut: newRollOut(number), opinion: new(opinion), verdicts: map[lint.Target]*lint.Verdict{}}
		pool, anchors := j.pool(j.opinion)
		j.anchors = anchors
		for _, p := range j.opinion.paths(j.leaf, pool) {
			if endsIn(p, anchors) {
				j.paths = append(j.paths, p)
				j.questions = append(j.questions, &question{path: p, purpose: j.opinion.of(j.leaf).purposeFor()})
			}
		}
		for _, c := range j.given.store {
			for _, p := range j.opinion.paths(c, j.given.store) {
				j.ofStore = append(j.ofStore, &question{path: p, purpose: "any"})
			}
		}
		j.run(t)
		list = append(list, j)
		questions = append(questions, slices.Concat(j.questions, j.ofStore))
	}
	if openssl.program != "" {
		openssl.verify(t, questions)
	}
	for _, j := range list {
		j.compare(t, all, openssl)
	}
}

// run asks package lint.
func (j *judged) run(t *testing.T) {
	g := &j.given
	opts := &lint.Options{Time: today, Targets: g.targets, Facts: &g.facts, ZLint: []string{"none"}, Workers: 1}
	if len(g.with) > 0 {
		opts.With = pemBundle(g.with...)
		opts.With[0].Name = "with.pem"
	}
	if len(g.roots) > 0 {
		opts.Roots = pemBundle(g.roots...)
		opts.Roots[0].Name = "roots.pem"
	}
	r, err := lint.Run(context.Background(), g.files, opts)
	if err != nil {
		t.Errorf("%s: %v", j, err)
		return
	}
	sum := fmt.Sprintf("%x", sha256.Sum256(j.leaf.Raw))
	for i := range r.Subjects {
		v := &r.Subjects[i]
		if v.Subject.Kind == g.kind && (v.Subject.SHA256 == sum || v.Subject.SHA256 == "") {
			j.verdicts[v.Target] = v
		}
		if v.Subject.Kind == "collection" && v.Target == lint.ExchangeOnline {
			j.collected = v
		}
		if v.Status == lint.Fails && len(v.Because) == 0 {
			t.Errorf("%s: %s: %s fails because of nothing: %s", j, v.Target, v.Subject.Name, failing(v))
		}
	}
	for _, target := range g.targets {
		if j.verdicts[target] == nil {
			t.Errorf("%s: %s: no verdict about the user", j, target)
		}
	}
}

func (j *judged) String() string {
	f := j.given.facts
	return fmt.Sprintf("case %d, %s, facts %s %v %v %v: %s", j.number, j.given.name, f.PrimarySMTP, f.ProxyAddresses, f.Purposes, f.OldestIOS, strings.Join(j.what, ", "))
}

// x509Accepts reports whether crypto/x509 has a path to one of some anchors.
func (j *judged) x509Accepts(pool, anchors []*signer) error {
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	for _, c := range anchors {
		roots.AddCert(c.Certificate)
	}
	for _, c := range pool {
		between.AddCert(c.Certificate)
	}
	_, err := j.leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: today, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}})
	return err
}

// asks returns what OpenSSL says of the paths to some anchors: accepted where it accepts
// one, abstained where it leaves one open, notAsked where it is not there.
func (j *judged) asks(anchors []*signer) judgement {
	says := rejected
	for _, q := range j.questions {
		switch {
		case q.says == notAsked:
			return notAsked
		case !endsIn(q.path, anchors):
		case q.says == accepted:
			return accepted
		case q.says == abstained:
			says = abstained
		}
	}
	return says
}

// compare holds what lint says of a roll-out against the judges.
func (j *judged) compare(t *testing.T, all *tally, openssl openSSL) {
	all.Lock()
	defer all.Unlock()
	pool, _ := j.pool(j.opinion)
	if j.hang = j.opinion.hangs(j.rollOut, j.paths); j.hang == disputed {
		all.judges["revocation lists of which there is no opinion"]++
		return
	}
	for _, target := range j.given.targets {
		v := j.verdicts[target]
		if v == nil {
			continue
		}
		believed := j.opinion.needs(j.rollOut, target, j.paths, j.anchors)
		for _, a := range v.Needs {
			holds, known := believed[a.Need]
			if !known || a.Need == "trusted" && !believed["signs"] && !believed["decrypts"] {
				continue // a certificate that is not for mail has a path for something else
			}
			if unrevoked, known := believed["revocation"]; known && !unrevoked && (a.Need == "path" || a.Need == "trusted") {
				continue // the way is there, and lists close it
			}
			r := all.count(string(target) + " " + string(a.Need))
			r.asked++
			j.score(t, r, fmt.Sprintf("%s, %s", target, a.Need), a.State == lint.Met || a.State == lint.Assumed, a.State == lint.Failed, holds, fmt.Sprint(v.Status, v.Because, a.Evidence, a.Decide))
		}
		ends := j.trusted(j.anchors)
		ours := j.opinion.acceptsOne(j.paths, ends) // whatever the target makes of it
		theirs, err := j.asks(ends), j.x509Accepts(pool, ends)
		all.judges["OpenSSL "+[]string{"not asked", "accepts", "rejects", "abstains"}[theirs]]++
		if theirs != notAsked && theirs != abstained && ours != (theirs == accepted) {
			j.differ(t, all, "OpenSSL", ours, fmt.Sprint(j.whys()))
			theirs = abstained
		}
		if ours != (err == nil) {
			j.differ(t, all, "crypto/x509", ours, fmt.Sprint(err))
		}
		r := all.count(string(target))
		r.asked++
		j.score(t, r, string(target), v.Status == lint.Works, v.Status == lint.Fails, believed.works(j.rollOut) && theirs != rejected, fmt.Sprint(v.Because, failing(v)))
	}
	j.compareStore(t, all)
	if openssl.program == "" {
		return
	}
	g := &j.given
	switch {
	case g.pfx.encoder != nil:
		opened, paired := openssl.opensPFX(t, g.data, g.pfx.password, j.leaf)
		all.judges[fmt.Sprintf("OpenSSL: a PFX opens: %t, with its certificate: %t", opened, paired)]++
		if opened != (g.pfx.password == strong) || paired != (opened && !g.mismatch) {
			t.Errorf("%s: OpenSSL opens the PFX: %t, and the key fits: %t", j, opened, paired)
		}
	case g.kind == "message":
		good := openssl.verifiesMail(t, g.data)
		all.judges[fmt.Sprintf("OpenSSL: a message verifies: %t", good)]++
		if good != (!g.message.changed && !g.message.otherKey) {
			t.Errorf("%s: OpenSSL verifies the message: %t", j, good)
		}
	}
}

// score counts an answer.
func (j *judged) score(t *testing.T, r *rate, about string, works, fails, holds bool, said string) {
	switch {
	case works:
		r.works++
	case fails:
		r.fails++
	case holds && j.hang != namedInVain: // which is unknown
		r.shy++
	}
	switch {
	case works && !holds:
		r.lies++
		t.Errorf("LIE about %s: %s: %s", about, j, said)
	case fails && holds:
		r.falseFails++
		t.Errorf("FALSE FAIL of %s: %s: %s", about, j, said)
	}
}

// acceptsOne reports whether there is a good path to one of some anchors.
func (o *opinion) acceptsOne(paths [][]*signer, ends []*signer) bool {
	return slices.ContainsFunc(paths, func(p []*signer) bool { return endsIn(p, ends) && o.accepts(p, today) })
}

// compareStore holds the verdict about the store against the judges.
func (j *judged) compareStore(t *testing.T, all *tally) {
	v := j.collected
	if v == nil {
		return
	}
	r := all.count("exchange-online's-store")
	r.asked++
	holds, lost := j.opinion.collectionWorks(j.rollOut)
	if j.ofStore != nil && j.ofStore[0].says != notAsked && holds {
		// OpenSSL has to accept a path of each CA, be it of another form of it.
		for _, c := range j.given.store {
			if !j.opinion.of(c).isCA() {
				continue
			}
			found := false
			var whys []string
			for _, q := range j.ofStore {
				if j.opinion.of(q.path[0]).sameCA(j.opinion.of(c)) {
					found, whys = found || q.says == accepted, append(whys, fmt.Sprint(len(q.path), " certificates: ", q.why))
				}
			}
			if !found {
				j.differ(t, all, "OpenSSL about the store", true, fmt.Sprint(c.Subject, whys))
			}
		}
	}
	var names []string
	for _, c := range lost {
		names = append(names, c.Subject.CommonName)
	}
	j.score(t, r, "the store", v.Status == lint.Works, v.Status == lint.Fails, holds, fmt.Sprint(v.Because, failing(v), " lost: ", names))
}

// whys returns why OpenSSL rejects each path.
func (j *judged) whys() []string {
	var list []string
	for _, q := range j.questions {
		list = append(list, q.why)
	}
	return list
}
