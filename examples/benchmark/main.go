// Benchmark measures this library and its peers side by side, in one run, and
// prints what it found as two Markdown tables: how long each takes for the same
// work, and what each can do at all.
//
//	go run ./examples/benchmark
//
// It runs in the root of the repository. Programs that are not installed stand
// in the tables as such; real files are read from the folder -corpus where there
// is one, otherwise files are generated.
//
// With -twice the times are measured twice, and the page says in which rows the
// two runs do not agree about who is faster. With -record the run is kept in
// results.json and RESULTS.md beside this program:
//
//	go run ./examples/benchmark -twice -record
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

type settings struct {
	corpus    string
	pairsMost int
	budget    time.Duration // of one row
	look      func(program string) (string, error)
	sizes     sizes
	progress  io.Writer // nil for none
	temp      string
	found     results
}

// sizes is how much work is measured.
type sizes struct {
	store, large int64         // certificates of the generated stores
	rsa          []int         // bits of the keys of chains
	meshes       []int         // CAs of the meshes that are timed
	solve        []int         // CAs of the meshes that are asked for a path
	mutants      int           // changed roll-outs
	mail         int           // octets of a message
	users        int           // certificates of users in a stream
	patience     time.Duration // for one file or mesh
}

var full = sizes{
	store: 514, large: 5000, rsa: []int{2048, 4096}, meshes: []int{5, 7, 10},
	solve: []int{4, 6, 8, 10, 12, 14}, mutants: 1200, mail: 20e6, users: 200, patience: 5 * time.Second,
}

const noCorpus = "there is no corpus"

var errLeftOut = errors.New("left out by -tools=false")

func main() {
	if len(os.Args) > 2 && os.Args[1] == "-probe" {
		os.Exit(probe(os.Args[2:]))
	}
	s := settings{look: exec.LookPath, sizes: full, progress: os.Stderr}
	flag.StringVar(&s.corpus, "corpus", "../shared/corpus", "folder of real files")
	flag.IntVar(&s.pairsMost, "pairs", 101, "pairs of measurements for each row")
	flag.DurationVar(&s.budget, "budget", 10*time.Second, "time after which no further pair of a row begins")
	tools := flag.Bool("tools", true, "ask other programs: openssl, certtool, pk12util, keytool, Wine")
	twice := flag.Bool("twice", false, "measure the times twice, and compare")
	record := flag.Bool("record", false, "keep the run in "+folder)
	flag.Parse()
	if !*tools {
		s.look = func(string) (string, error) { return "", errLeftOut }
	}
	err := s.run(*twice)
	if err == nil {
		_, err = os.Stdout.WriteString(s.found.Markdown())
	}
	if err == nil && *record {
		err = s.found.record()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "benchmark:", err)
		os.Exit(2)
	}
}

func (s *settings) run(twice bool) (err error) {
	if s.temp, err = os.MkdirTemp("", "benchmark-*"); err != nil {
		return err
	}
	defer os.RemoveAll(s.temp)
	s.begin()
	if err := s.times(); err != nil {
		return err
	}
	if twice {
		first := s.found.Times
		s.found.Times = nil
		if err := s.times(); err != nil {
			return err
		}
		for i, t := range s.found.Times {
			first[i].Again = t.Ratio
		}
		s.found.Times, s.found.Twice = first, true
	}
	for _, ask := range []func() error{s.opens, s.tells, s.survives, s.solves, s.names, s.lies} {
		if err := ask(); err != nil {
			return err
		}
	}
	return nil
}

// times fills the first table.
func (s *settings) times() error {
	for _, compare := range []func() error{s.stores, s.identities, s.chains, s.public, s.lints, s.streams, s.mail, s.page} {
		if err := compare(); err != nil {
			return err
		}
	}
	return nil
}

// answer adds a row to the second table.
func (s *settings) answer(question, who, short, format string, args ...any) {
	a := answer{question, who, short, fmt.Sprintf(format, args...)}
	s.found.Answers = append(s.found.Answers, a)
	s.say("%s: %s: %s", a.Question, a.Who, a.Short)
}

// say tells on the side how far the run is.
func (s *settings) say(format string, args ...any) {
	if s.progress != nil {
		fmt.Fprintf(s.progress, format+"\n", args...)
	}
}

// absent says why a program cannot be run, if so.
func (s *settings) absent(program string) string {
	switch _, err := s.look(program); {
	case err == nil:
		return ""
	case errors.Is(err, errLeftOut):
		return err.Error()
	default:
		return "not installed"
	}
}
