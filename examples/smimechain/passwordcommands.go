package main

import (
	"path/filepath"
	"strings"

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
		word, ok := inShell(value)
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

// inShell writes the name of a file or a variable as it can stand in a command, for shells
// of Unix and for PowerShell alike; not all can.
func inShell(name string) (string, bool) {
	switch plain := !strings.ContainsFunc(name, func(r rune) bool {
		return r != filepath.Separator && !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-+/:", r)
	}); {
	case name == "", strings.ContainsAny(name, "\r\n\u2018\u2019\u201a\u201b\u201c\u201d\u201e"): // PowerShell takes these for its own
		return "", false
	case plain:
		return name, true
	case !strings.Contains(name, "'"):
		return "'" + name + "'", true
	case !strings.ContainsAny(name, "\"$`!\\"):
		return `"` + name + `"`, true
	default:
		return "", false
	}
}
