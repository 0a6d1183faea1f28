// Benchmark measures this library and its peers side by side, in one run, and
// prints what it found as two Markdown tables: how long each takes for the same
// work, and what each can do at all.
//
//	go run ./examples/benchmark
//
// It runs in the root of the repository. Peers that are not installed are left
// out, with a line that says so; real files are read from the folder -corpus
// where there is one, otherwise files are generated. Those who are compared
// take turns, and the best of many rounds counts. Ratios are those of the times
// of each to the time of this library.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

type settings struct {
	corpus string
	rounds int
	budget time.Duration // of one comparison
	tools  bool          // run other programs
	out    io.Writer
	temp   string
}

func main() {
	if len(os.Args) > 2 && os.Args[1] == "-probe" {
		os.Exit(probe(os.Args[2:]))
	}
	var s settings
	flag.StringVar(&s.corpus, "corpus", "../shared/corpus", "folder of real files")
	flag.IntVar(&s.rounds, "rounds", 20, "rounds of each comparison")
	flag.DurationVar(&s.budget, "budget", 20*time.Second, "time after which no further round begins")
	flag.BoolVar(&s.tools, "tools", true, "compare with other programs: openssl, Wine")
	flag.Parse()
	w := bufio.NewWriter(os.Stdout)
	s.out = w
	err := s.run()
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "benchmark:", err)
		os.Exit(2)
	}
}

func (s *settings) run() (err error) {
	if s.temp, err = os.MkdirTemp("", "benchmark-*"); err != nil {
		return err
	}
	defer os.RemoveAll(s.temp)
	fmt.Fprintf(s.out, "Measured on %s with %s, %s/%s, %d processors (%s).\n\n",
		time.Now().UTC().Format("2006-01-02 15:04 MST"), runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0), processor())
	fmt.Fprint(s.out, "| work | who | best time | ratio |\n| --- | --- | ---: | ---: |\n")
	for _, compare := range []func() error{s.stores, s.identities, s.chains, s.lints} {
		if err := compare(); err != nil {
			return err
		}
	}
	fmt.Fprint(s.out, "\n| question | who | answer |\n| --- | --- | --- |\n")
	for _, ask := range []func() error{s.opens, s.tells, s.survives, s.solves} {
		if err := ask(); err != nil {
			return err
		}
	}
	return nil
}

// answer writes a row of the second table.
func (s *settings) answer(question, who, format string, args ...any) {
	fmt.Fprintf(s.out, "| %s | %s | %s |\n", question, who, fmt.Sprintf(format, args...))
}

// has reports whether a program can be run.
func (s *settings) has(program string) bool {
	if !s.tools {
		return false
	}
	_, err := exec.LookPath(program)
	return err == nil
}

// processor names the processor where the system tells.
func processor() string {
	data, err := os.ReadFile("/proc/cpuinfo")
	if err == nil {
		for line := range strings.Lines(string(data)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				return strings.TrimSpace(value)
			}
		}
	}
	return "processor unknown"
}
