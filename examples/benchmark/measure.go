package main

import (
	"fmt"
	"math"
	"os/exec"
	"runtime"
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

// compare lets the entrants take turns and writes a row for each. The first is
// this library, of whose time the ratios are.
func (s *settings) compare(work string, entrants ...entrant) error {
	best, starts := make([]time.Duration, len(entrants)), make([]time.Duration, len(entrants))
	calls := make([]int, len(entrants))
	failed := make([]error, len(entrants))
	for i, e := range entrants {
		best[i], starts[i] = math.MaxInt64, math.MaxInt64
		if e.took == nil {
			calls[i], failed[i] = calibrate(e.run)
		}
	}
	runtime.GC()
	start := time.Now()
	for round := 0; round < s.rounds && (round == 0 || time.Since(start) < s.budget); round++ {
		for i, e := range entrants {
			switch {
			case failed[i] != nil:
			case e.took != nil:
				d, err := e.took()
				if failed[i] = err; err == nil {
					best[i] = min(best[i], d)
				}
				if e.start != nil {
					if d, err := e.start(); err == nil {
						starts[i] = min(starts[i], d)
					}
				}
			default:
				t := time.Now()
				for range calls[i] {
					if failed[i] = e.run(); failed[i] != nil {
						break
					}
				}
				best[i] = min(best[i], time.Since(t)/time.Duration(calls[i]))
			}
		}
	}
	runtime.KeepAlive(sink)
	if failed[0] != nil {
		return fmt.Errorf("%s: %w", work, failed[0])
	}
	for i, e := range entrants {
		if e.start != nil {
			best[i] = max(best[i]-starts[i], 0)
		}
		if failed[i] != nil {
			fmt.Fprintf(s.out, "| %s | %s | fails: %v | |\n", work, e.name, failed[i])
			continue
		}
		fmt.Fprintf(s.out, "| %s | %s | %s | %s |\n", work, e.name, duration(best[i]), ratio(best[i], best[0]))
	}
	return nil
}

// calibrate returns how many calls make a batch long enough to be measured.
func calibrate(run func() error) (int, error) {
	const batch = 5 * time.Millisecond
	start := time.Now()
	if err := run(); err != nil {
		return 0, err
	}
	once := max(time.Since(start), time.Microsecond/10)
	return int(max(1, min(10_000, batch/once))), nil
}

func duration(d time.Duration) string {
	switch {
	case d < 10*time.Microsecond:
		return fmt.Sprintf("%.2f µs", float64(d)/1e3)
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.0f µs", float64(d)/1e3)
	default:
		return fmt.Sprintf("%.0f ms", float64(d)/1e6)
	}
}

func ratio(d, of time.Duration) string {
	r := float64(d) / float64(max(of, 1))
	switch {
	case r < 10:
		return fmt.Sprintf("%.2f", r)
	default:
		return fmt.Sprintf("%.0f", r)
	}
}
