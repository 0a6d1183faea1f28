package main

import (
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
)

// formatHTML is the format that shows chains as pictures.
const formatHTML = "html"

// formatNDJSON is the format in which every file is its own collection.
const formatNDJSON = "ndjson"

// formatCSV is the format that spreadsheets read.
const formatCSV = "csv"

// renderers are the formats of reports.
var renderers = map[string]func(*report.Options, io.Writer, *lint.Report) error{
	"text":       (*report.Options).Text,
	"json":       (*report.Options).JSON,
	formatNDJSON: (*report.Options).NDJSON,
	"sarif":      (*report.Options).SARIF,
	"junit":      (*report.Options).JUnit,
	formatCSV:    (*report.Options).CSV,
	formatHTML:   (*report.Options).HTML,
}

// forPeople are the formats that speak the language of the system unasked; the
// others are read by programs, and compared from machine to machine.
var forPeople = []string{"text", formatHTML, formatCSV}

func formatNames() string {
	return strings.Join(slices.Sorted(maps.Keys(renderers)), ", ")
}

// renderer returns the renderer of a report format.
func renderer(format string) (func(*report.Options, io.Writer, *lint.Report) error, error) {
	if write, ok := renderers[format]; ok {
		return write, nil
	}
	return nil, didYouMean(say.Errorf("unknown format %q: want one of %s", format, formatNames()), format, slices.Sorted(maps.Keys(renderers)))
}

// reportOptions returns the options of renderers: code scanning wants names
// relative to the folder that the command runs in.
func reportOptions(failOn *levelFlag, s screen) *report.Options {
	root, err := os.Getwd()
	if err != nil {
		root = "" // names stay as they were given
	}
	return &report.Options{
		Language: s.language, Tool: report.Tool{Name: "smimechain", Version: buildVersion()},
		Root: root, FailOn: failOn.level, FailOnUnknown: failOn.unknown, FailOnRemark: failOn.remark, Width: s.width, Color: bool(s.color),
	}
}

// writeSchema writes the JSON Schema of reports.
func writeSchema(args []string, out string, force bool, std streams) (int, error) {
	if len(args) > 0 {
		return 0, say.Errorf("check: -schema takes no file, got %d", len(args))
	}
	return exitClean, render(std, out, force, whole(report.Schema()))
}
