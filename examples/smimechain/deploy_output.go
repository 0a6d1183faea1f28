package main

import (
	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/lint"
)

// writeOutputs writes the files of a roll-out into a folder, as [writeAll] does, and
// lists them on standard error.
func writeOutputs(std streams, dir string, outputs []deploy.Output, force bool) error {
	names, err := writeShown(dir, outputs, force, std)
	if err != nil {
		return err
	}
	for i, name := range names {
		list(std, name, outputs[i].Secret)
	}
	return nil
}

// listLeftOut says on standard error what a public collection does not take.
func listLeftOut(std streams, left []deploy.LeftOut) {
	for _, l := range left {
		std.note("%s", l)
	}
}

func list(std streams, name string, secret bool) {
	if secret {
		std.note("wrote %s (secret: for its owner only)", name)
		return
	}
	std.note("wrote %s", name)
}

// printJudged prints the report about what was written. Its findings decide the status.
func printJudged(r *lint.Report, std streams) (int, error) {
	failOn := new(levelFlag)
	return failOn.statusOfFindings(r.Worst()), reportOptions(failOn, screenOf(std, "")).Text(std.out, r)
}
