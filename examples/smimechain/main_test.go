package main

import (
	"encoding/binary"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"unicode/utf16"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/smimechain/smimechain/sst"
	"github.com/smimechain/smimechain/testdata/outside"
	"github.com/smimechain/smimechain/testdata/schemas"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"smimechain": main})
}

// TestScript runs the sessions in testdata/script. In them $REPO is the root of
// the repository, so that a session reads as the README shows it. Not under the race
// detector, as most of what it would watch is hundreds of starts: what runs beside each
// other is asked by TestBulkOrder, TestLinesShared, TestStreamsAlike and TestManyUsers.
func TestScript(t *testing.T) {
	outside.SkipUnderRace(t)
	repo, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { holdWritten(t) }) // when every session has ended
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Setup: func(e *testscript.Env) error {
			e.Setenv("REPO", repo+"/../..")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "cut": cut, "friendly-name": friendlyName, "hook-entry": hookEntry, "workflow-step": workflowStep},
	})
}

// exits runs a command and requires its exit status, which "! exec" cannot tell:
//
//	exits STATUS COMMAND [ARGUMENT…]
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND [ARGUMENT…]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := err.(interface{ ExitCode() int })
		if !ok {
			ts.Fatalf("%s: %v", args[1], err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("%v exits with %d, want %d", args[1:], got, want)
	}
	remember(ts, args[2:])
}

// written are the reports that sessions write for programs, by format.
var written struct {
	sync.Mutex
	reports map[string][][]byte
}

// remember keeps what a command has written where it is a report for programs.
func remember(ts *testscript.TestScript, args []string) {
	i := slices.Index(args, "-format") + 1
	if i == 0 || i == len(args) || args[0] != "check" {
		return
	}
	data := ts.ReadFile("stdout")
	if o := slices.Index(args, "-o"); o >= 0 {
		data = ts.ReadFile(args[o+1])
	}
	if data == "" {
		return
	}
	written.Lock()
	defer written.Unlock()
	if written.reports == nil {
		written.reports = map[string][][]byte{}
	}
	written.reports[args[i]] = append(written.reports[args[i]], []byte(data))
}

// holdWritten holds everything that was remembered to its schema.
func holdWritten(t *testing.T) {
	for format, reports := range written.reports {
		for _, data := range reports {
			switch format {
			case "json", "ndjson":
				schemas.Report(t, data)
			case "sarif":
				schemas.SARIF(t, data)
			case "junit":
				schemas.JUnit(t, data)
			}
		}
	}
}

// cut writes the first bytes of a file to another:
//
//	cut FILE BYTES OUT
func cut(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: cut FILE BYTES OUT")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(ts.ReadFile(args[0])[:n]), 0o644))
}

// friendlyName names the first element of a store:
//
//	friendly-name STORE NAME OUT
func friendlyName(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: friendly-name STORE NAME OUT")
	}
	store, err := sst.Parse([]byte(ts.ReadFile(args[0])))
	ts.Check(err)
	var value []byte
	for _, u := range append(utf16.Encode([]rune(args[1])), 0) {
		value = binary.LittleEndian.AppendUint16(value, u)
	}
	store.Elements[0].Properties = append(slices.Clone(store.Elements[0].Properties), sst.Property{ID: sst.PropFriendlyName, Value: value})
	data, err := store.Marshal()
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), data, 0o644))
}
