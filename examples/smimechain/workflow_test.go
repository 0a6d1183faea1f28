package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

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
	_, step, named := strings.Cut(workflow, "      - name: "+args[0]+"\n")
	_, step, runs := strings.Cut(step, "        run: |\n")
	if !named || !runs {
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

// TestWorkflowPins: an action is named by a commit, which nobody can move, with its
// version beside it.
func TestWorkflowPins(t *testing.T) {
	data, err := os.ReadFile("../github-actions/smimechain.yml")
	if err != nil {
		t.Fatal(err)
	}
	pinned := regexp.MustCompile(`^[a-z-]+/[a-z/-]+@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+$`)
	uses := 0
	for line := range strings.Lines(string(data)) {
		if _, action, ok := strings.Cut(line, "uses: "); ok {
			uses++
			if !pinned.MatchString(strings.TrimSpace(action)) {
				t.Errorf("not pinned: %s", action)
			}
		}
	}
	if uses != 3 {
		t.Errorf("%d actions", uses)
	}
}
