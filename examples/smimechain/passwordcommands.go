package main

import (
	"path/filepath"
	"strings"

	"github.com/smimechain/smimechain/internal/filename"
	"github.com/smimechain/smimechain/lint"
)

// inCommands puts the flag that gave the password of a PFX into the commands of a report
// that open it, so that they run as they are printed. Files of a list of users may have
// passwords of their own.
func (p *passwordFlags) inCommands(r *lint.Report, users *userList) {
	own := map[string]string{}
	if users != nil {
		for i := range users.rows {
			if row := &users.rows[i]; row.Err == nil && row.PasswordFile != "" {
				own[users.nameOf(row)] = beside(filepath.Dir(users.name), row.PasswordFile)
			}
		}
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		flag, value := "-password-file", p.file
		if p.env != "" {
			flag, value = "-password-env", p.env
		}
		if file := own[f.File]; file != "" {
			flag, value = "-password-file", file
		}
		word, ok := filename.ShellWord(value)
		if !ok {
			continue
		}
		var commands []string
		for _, c := range f.Commands {
			if before, after, ok := strings.Cut(c, " -o "); ok && strings.HasPrefix(c, "smimechain rewrite ") {
				c = before + " " + flag + " " + word + " -o " + after
			}
			commands = append(commands, c)
		}
		f.Commands = commands
	}
}
