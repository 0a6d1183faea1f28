package main

import (
	"flag"

	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/lint/report"
)

// checklistFlags are those that every target of deploy has.
type checklistFlags struct {
	show     bool
	language string
}

func (c *checklistFlags) register(fs *flag.FlagSet) {
	fs.BoolVar(&c.show, "checklist", false, "print what no file can show, and make nothing")
	fs.StringVar(&c.language, "lang", "en", "write texts for people in `LANG`: en or ja")
}

// page returns how to write to standard output.
func (c *checklistFlags) page(std streams) screen {
	return screenOf(std, "", languageFlag{report.Language(c.language)})
}

// print prints the checklist of a target.
func (c *checklistFlags) print(target string, std streams) (int, error) {
	d, err := deploy.Checklist(target, deploy.Language(c.language))
	if err != nil {
		return 0, err
	}
	_, err = std.out.Write(d.Markdown())
	return exitClean, err
}
