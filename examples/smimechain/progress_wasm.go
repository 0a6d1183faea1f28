//go:build js || wasip1

package main

import "github.com/smimechain/smimechain/lint/say"

// progress shows nothing where there is no terminal.
type progress struct{}

func newBar(streams, say.Message, say.Message) progress { return progress{} }

func newProgress(streams, string, say.Message, say.Message) progress { return progress{} }

func (progress) expect(int)  {}
func (progress) add(int)     {}
func (progress) at(int, int) {}
func (progress) finish()     {}
