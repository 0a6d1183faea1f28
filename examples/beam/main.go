// Command beam checks certificates by the hundred million: the rules of package lint in
// a pipeline of Apache Beam, on this machine or on many.
//
//	go run . -in 'certs/*.pem,certs/*.csv' -out out
//
// It writes a line of JSON for each entry, as "smimechain check -lines" does, in files
// part-000000.ndjson and so on, and counts.csv: how many certificates of each CA and
// month of issue there are, and how many of them each rule has something to say of.
// README.md has the options for other runners, and what it costs.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/transforms/stats"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/x/beamx"
)

// job is what the flags say.
type job struct {
	in, out     string
	at, targets string
	shard       int64
	workers     int
	lints       string
}

func (j *job) register(flags *flag.FlagSet) {
	flags.StringVar(&j.in, "in", "", "files of certificates: patterns with commas between them")
	flags.StringVar(&j.out, "out", "", "the folder to write to, in which no earlier output may be")
	flags.StringVar(&j.at, "at", "", "the moment to judge, as 2006-01-02 or RFC 3339; now where it is empty")
	flags.StringVar(&j.targets, "for", "", "targets with commas between them; those that take the files where it is empty")
	flags.StringVar(&j.lints, "zlint", "", "lints of zlint with commas between them, as check -zlint takes them")
	flags.Int64Var(&j.shard, "shard", 8<<20, "octets that are one piece of work")
	flags.IntVar(&j.workers, "workers", 0, "how many entries of a piece are checked at the same time; 0 for one on each CPU")
}

// check returns what each worker is told. It fails where a worker would.
func (j *job) check(ctx context.Context) (*lintFn, error) {
	moment := time.Now().UTC() // one for all workers
	if j.at != "" {
		var err error
		if moment, err = time.Parse(time.DateOnly, j.at); err != nil {
			if moment, err = time.Parse(time.RFC3339, j.at); err != nil {
				return nil, fmt.Errorf("-at: %q is neither 2006-01-02 nor RFC 3339", j.at)
			}
		}
	}
	fn := &lintFn{Out: strings.TrimSuffix(j.out, "/"), Time: moment, Targets: j.targets, ZLint: list(j.lints), Workers: j.workers}
	switch _, err := fn.options(); {
	case err != nil:
		return nil, err
	case len(list(j.in)) == 0:
		return nil, errors.New("no files: say which with -in")
	case fn.Out == "":
		return nil, errors.New("no folder to write to: name one with -out")
	case j.shard < 1:
		return nil, errors.New("-shard: want a number of octets above 0")
	}
	fsys, err := filesystem.New(ctx, fn.Out)
	if err != nil {
		return nil, err
	}
	defer fsys.Close()
	for _, pattern := range []string{partPattern, countsName} {
		there, err := fsys.List(ctx, fn.Out+"/"+pattern)
		if err != nil {
			return nil, err
		}
		if len(there) > 0 {
			return nil, fmt.Errorf("%s is there from an earlier job: name another folder with -out", there[0])
		}
	}
	return fn, nil
}

// build makes the pipeline. Nothing larger than the name of a shard, and the counts of
// one, goes from step to step: what is read and what is written stays where it is done.
func (j *job) build(ctx context.Context) (*beam.Pipeline, error) {
	fn, err := j.check(ctx)
	if err != nil {
		return nil, err
	}
	p, s := beam.NewPipelineWithRoot()
	patterns := beam.Create(s.Scope("Patterns"), j.in)
	shards := beam.Reshuffle(s.Scope("Spread"), beam.ParDo(s.Scope("Shards"), &shardFn{Size: j.shard}, patterns))
	counts := beam.ParDo(s.Scope("Lint"), fn, shards)
	rows := beam.ParDo(s.Scope("Rows"), row, stats.SumPerKey(s.Scope("Count"), counts))
	beam.ParDo0(s.Scope("Write"), &countsFn{Out: fn.Out}, beam.GroupByKey(s, beam.AddFixedKey(s, rows)))
	return p, nil
}

// list takes a flag apart.
func list(s string) []string {
	parts := strings.Split(s, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}

func main() {
	var j job
	j.register(flag.CommandLine)
	flag.Parse()
	beam.Init() // from here on a worker on another machine does what it is told
	ctx := context.Background()
	p, err := j.build(ctx)
	if err == nil {
		err = beamx.Run(ctx, p)
	}
	if err != nil {
		log.SetFlags(0)
		log.Print(err)
		os.Exit(2)
	}
}
