package main

import "github.com/smimechain/smimechain/lint"

// say makes a sentence that the catalogue of package report has in every language.
func say(format string, args ...any) lint.Message { return lint.Message{Format: format, Args: args} }

// fixed is a text of a fixed list, which the catalogue may have.
type fixed string

// String returns the text in English.
func (f fixed) String() string { return string(f) }

// label returns a text that the catalogue has, to be translated where it is shown.
func label(english string) string { return english }
