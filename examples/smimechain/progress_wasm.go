//go:build js || wasip1

package main

// progress shows nothing where there is no terminal.
type progress struct{}

func newProgress(streams, string) progress { return progress{} }

func (progress) expect(int) {}
func (progress) add(int)    {}
func (progress) finish()    {}
