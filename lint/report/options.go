package report

import (
	"github.com/smimechain/smimechain/internal/console"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/say"
)

// Options says how to render. The zero value, and nil, are the right choice for
// readers of English.
type Options struct {
	// Language is the language of sentences; zero means English. Names of
	// rules, targets and fields, and the words of the JSON report, do not
	// change.
	Language locale.Language

	// Tool is the program that writes, as machines are told; zero means smimechain in
	// a version that is not known.
	Tool Tool

	// Root is the folder that the URIs of the SARIF report are relative to;
	// empty leaves names as they are. GitHub wants the root of the repository.
	Root string

	// FailOn is the status from which on a finding is a failure in the JUnit
	// report; zero means [lint.Error].
	FailOn lint.Status

	// FailOnUnknown says that every verdict that is unknown is a failure in the JUnit
	// report, and not only those of what works for no target; FailOnRemark that every
	// remark is.
	FailOnUnknown, FailOnRemark bool

	// Width folds the lines of the text report at spaces to that many columns, of which
	// there are 40 at least; zero means not to.
	Width int

	// Color colours the text report with the sequences of ECMA-48; zero means not to.
	Color bool
}

func (o *Options) color() console.Colors { return console.Colors(o.Color) }

// or returns the options, the zero value for nil.
func (o *Options) or() *Options {
	if o == nil {
		return new(Options)
	}
	return o
}

// say says a sentence of a renderer in the language of the options.
func (o *Options) say(format say.Text, args ...any) string {
	return o.Language.Say(say.New(format, args...))
}

// text says a fixed text in the language of the options.
func (o *Options) text(english say.Text) string { return o.Language.Text(english) }
