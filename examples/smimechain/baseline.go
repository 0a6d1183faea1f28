package main

import (
	"github.com/smimechain/smimechain/lint"
)

// loadBaseline reads the file of -accept; nil without one.
func loadBaseline(name string) (*lint.Baseline, error) {
	if name == "" {
		return nil, nil
	}
	data, err := readText(name, maxTextFile)
	if err != nil {
		return nil, err
	}
	return lint.ParseBaseline(name, data)
}

// applyBaseline takes what is accepted out of the findings, and adds what is to
// be said of the baseline itself.
func applyBaseline(b *lint.Baseline, r *lint.Report) {
	if b == nil {
		return
	}
	used := map[int]bool{}
	for _, i := range b.Apply(r) {
		used[i] = true
	}
	b.Review(r, used)
}
