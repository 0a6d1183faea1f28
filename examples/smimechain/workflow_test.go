package main

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// workflowStep writes the script of a step of the workflow to a file:
//
//	workflow-step NAME OUT
func workflowStep(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: workflow-step NAME OUT")
	}
	workflow := ts.ReadFile(filepath.Join(ts.Getenv("REPO"), "examples", "github-actions", "smimechain.yml"))
	_, step, ok := strings.Cut(workflow, "      - name: "+args[0]+"\n        run: |\n")
	if !ok {
		ts.Fatalf("the workflow has no step %q", args[0])
	}
	var script strings.Builder
	for line := range strings.Lines(step) {
		text, ok := strings.CutPrefix(line, "          ")
		if !ok {
			break
		}
		script.WriteString(text)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(script.String()), 0o644))
}
