package main

import (
	"github.com/smimechain/smimechain/chain/deploy"
)

// checklistFlags are those that every target of deploy has.
type checklistFlags struct {
	show bool
}

func (c *checklistFlags) register(fs *flagSet) {
	fs.BoolVar(&c.show, "checklist", false, "print what no file can show, and make nothing")
}

// print prints the checklist of a target.
func (c *checklistFlags) print(target string, std streams) (int, error) {
	d, err := deploy.Checklist(target, std.language)
	if err != nil {
		return 0, err
	}
	_, err = std.out.Write(d.Markdown())
	return exitClean, err
}
