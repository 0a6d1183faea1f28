package main

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"
)

// entrant is one who does the work of a comparison.
type entrant struct {
	name string
	// run does the work once. An error means that it cannot be done.
	run func() error
	// took, if set, stands for run where that measures itself; start is what
	// has to be subtracted, such as the start of a program.
	took, start func() (time.Duration, error)
	// pairs, if set, is how often it is run at most.
	pairs int
	// absent, if set, says why it takes no part.
	absent string
}

// estimate is a ratio measured in many pairs: the median, and the bounds of the
// middle half of the pairs.
type estimate struct {
	Median float64 `json:"median"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
}

// timing is a row of the first table.
type timing struct {
	Work string `json:"work"`
	Peer string `json:"peer"`
	// Ours and Theirs are median times in nanoseconds.
	Ours   time.Duration `json:"ours,omitempty"`
	Theirs time.Duration `json:"theirs,omitempty"`
	Pairs  int           `json:"pairs,omitempty"`
	// Ratio is Theirs to Ours. There is none where Note says why.
	Ratio *estimate `json:"ratio,omitempty"`
	Again *estimate `json:"again,omitempty"` // in the second run
	Note  string    `json:"note,omitempty"`
}

// leastPairs are measured even where the time is up.
const leastPairs = 5

// compare measures ours against each of the peers, in pairs: one batch of calls
// of ours, one of theirs, then the other way round. What slows the machine down
// for a while slows both halves of a pair, and a pair in which it began or ended
// does not move the median.
func (s *settings) compare(work string, ours entrant, peers ...entrant) error {
	for _, peer := range peers {
		row := timing{Work: work, Peer: peer.name, Note: peer.absent}
		if row.Note == "" {
			if err := s.pairs(&row, ours, peer); err != nil {
				return fmt.Errorf("%s: %w", work, err)
			}
		}
		s.found.Times = append(s.found.Times, row)
		s.say("%s", row)
	}
	return nil
}

func (s *settings) pairs(row *timing, ours, peer entrant) error {
	first, err := batch(ours)
	if err != nil {
		return err
	}
	second, err := batch(peer)
	if err != nil {
		row.Note = "fails: " + err.Error()
		return nil
	}
	most := s.pairsMost
	if peer.pairs > 0 {
		most = min(most, peer.pairs)
	}
	runtime.GC()
	var mine, theirs []time.Duration
	var ratios []float64
	start := time.Now()
	for len(ratios) < most && (len(ratios) < leastPairs || time.Since(start) < s.budget) {
		var a, b time.Duration
		var errA, errB error
		if len(ratios)%2 == 0 {
			a, errA = first()
			b, errB = second()
		} else {
			b, errB = second()
			a, errA = first()
		}
		if errA != nil {
			return errA
		}
		if errB != nil {
			row.Note = "fails: " + errB.Error()
			return nil
		}
		mine, theirs = append(mine, a), append(theirs, b)
		ratios = append(ratios, float64(b)/float64(max(a, 1)))
	}
	runtime.KeepAlive(sink)
	slices.Sort(mine)
	slices.Sort(theirs)
	slices.Sort(ratios)
	n := len(ratios)
	row.Ours, row.Theirs, row.Pairs = mine[n/2], theirs[n/2], n
	row.Ratio = &estimate{Median: ratios[n/2], Low: ratios[n/4], High: ratios[n-1-n/4]}
	return nil
}

// batch returns a function that measures one call, as the mean of as many as
// make a batch long enough. It calls once or a few times to find out how many.
func batch(e entrant) (func() (time.Duration, error), error) {
	if e.took != nil {
		return func() (time.Duration, error) {
			d, err := e.took()
			if err != nil || e.start == nil {
				return d, err
			}
			less, err := e.start()
			return max(d-less, 0), err
		}, nil
	}
	const long = 5 * time.Millisecond
	once := time.Hour
	for i := 0; i < 3 && (i == 0 || once < long); i++ {
		start := time.Now()
		if err := e.run(); err != nil {
			return nil, err
		}
		once = min(once, time.Since(start))
	}
	calls := max(1, min(10_000, long/max(once, time.Microsecond/10)))
	return func() (time.Duration, error) {
		start := time.Now()
		for range calls {
			if err := e.run(); err != nil {
				return 0, err
			}
		}
		return time.Since(start) / calls, nil
	}, nil
}

// timed runs a program and returns how long that takes.
func timed(run func() error) func() (time.Duration, error) {
	return func() (time.Duration, error) {
		start := time.Now()
		err := run()
		return time.Since(start), err
	}
}

// opensslStart is the time of a start of openssl.
var opensslStart = timed(func() error { return exec.Command("openssl", "version").Run() })

// spoken runs a command. Its error is the first line of what it says that speaks
// of one.
func spoken(cmd *exec.Cmd) error {
	out, err := cmd.CombinedOutput()
	if err == nil && bytes.Contains(out, []byte("contains 0 entries")) {
		return errors.New("nothing in it") // keytool
	}
	if err == nil {
		return nil
	}
	for line := range strings.Lines(string(out)) {
		for _, sign := range []string{"rror", "erif", "SEC_"} {
			if strings.Contains(line, sign) {
				return errors.New(strings.TrimSpace(line))
			}
		}
	}
	return err
}
