package main

import (
	"encoding/json"
	"os"
	"testing"
)

// recorded reads the run that is kept.
func recorded(t *testing.T) *results {
	t.Helper()
	data, err := os.ReadFile(resultsJSON)
	if err != nil {
		t.Fatal(err)
	}
	r := new(results)
	if err := json.Unmarshal(data, r); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestResults holds that RESULTS.md is what results.json gives.
func TestResults(t *testing.T) {
	want := recorded(t).Markdown()
	if *update {
		if err := os.WriteFile(resultsPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(resultsPage)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what %s gives: go test ./%s -update", resultsPage, resultsJSON, folder)
	}
}
