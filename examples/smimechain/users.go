package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// userFlags name the list of users whose files are checked, each with its password and
// what is known of the user.
type userFlags struct {
	file     string
	template bool
}

func (u *userFlags) register(fs *flagSet) {
	fs.StringVar(&u.file, "users", "", "check the file of every user of the CSV `FILE`: column file and, if wanted, upn, mail, password_file, purpose, oldest_ios and other facts; files count from its folder")
	fs.BoolVar(&u.template, "users-template", false, "write a template of the list of users, and check nothing")
}

// writeTemplate writes a list of users to begin with, as spreadsheets of the language read
// it.
func (u *userFlags) writeTemplate(args []string, out string, force bool, std streams) (int, error) {
	if len(args) > 0 {
		return 0, say.Errorf("check: -users-template takes no file, got %d", len(args))
	}
	return exitClean, render(std, out, force, whole(deploy.UsersTemplate(std.language.Separator())))
}

// userList is a list of users.
type userList struct {
	name  string // of the file
	rows  []deploy.UserRow
	paths map[string]bool // of the files, absolute, once they are asked for
}

// load reads the list; nil where none is given.
func (u *userFlags) load() (*userList, error) {
	if u.file == "" {
		return nil, nil
	}
	rows, err := readUsers(u.file)
	if err != nil {
		return nil, err
	}
	return &userList{name: u.file, rows: rows}, nil
}

// readUsers reads a list with at least one user; need names the columns that have to be
// there.
func readUsers(name string, need ...string) ([]deploy.UserRow, error) {
	data, err := readLimited(name, maxTextFile)
	if err != nil {
		return nil, err
	}
	rows, err := deploy.ParseUsers(data, need...)
	if err != nil {
		return nil, say.Errorf("%s: %w", name, err)
	}
	if len(rows) == 0 {
		return nil, say.Errorf("%s: no user is listed", name)
	}
	return rows, nil
}

// path is where the file of a row lies.
func (l *userList) path(r *deploy.UserRow) string { return beside(filepath.Dir(l.name), r.File) }

// nameOf is what the file of a row is called: by its path, and apart from those of other
// users who have it too.
func (l *userList) nameOf(r *deploy.UserRow) string {
	name := l.path(r)
	if r.Apart != "" {
		name += " (" + r.Apart + ")"
	}
	return name
}

// facts returns what is known of the user of each file, by its name.
func (l *userList) facts() map[string]*lint.Facts {
	if l == nil {
		return nil
	}
	of := map[string]*lint.Facts{}
	for i := range l.rows {
		if r := &l.rows[i]; r.Err == nil {
			of[l.nameOf(r)] = cmp.Or(r.Facts, new(lint.Facts)) // by itself, even if nothing is known
		}
	}
	return of
}

// without returns the files that have no password of their own.
func (l *userList) without() []string {
	if l == nil {
		return nil
	}
	var names []string
	for i := range l.rows {
		if r := &l.rows[i]; r.Err == nil && r.PasswordFile == "" {
			names = append(names, l.path(r))
		}
	}
	return names
}

// sources returns the files of the rows. What is wrong with a row is the error of its
// file.
func (l *userList) sources(opts *bundle.Options) []bundle.Source {
	if l == nil {
		return nil
	}
	list := make([]bundle.Source, len(l.rows))
	for i := range l.rows {
		r := &l.rows[i]
		// Not by its path: where columns were mixed up, that is a password.
		list[i] = bundle.Source{Name: fmt.Sprintf("%s: %s", l.name, r), Read: func(ctx context.Context) (*bundle.File, error) { return l.read(ctx, r, opts) }}
	}
	return list
}

// read reads the file of a row, with its password.
func (l *userList) read(ctx context.Context, r *deploy.UserRow, opts *bundle.Options) (*bundle.File, error) {
	if r.Err != nil {
		return nil, r.Err
	}
	own := *opts
	if r.PasswordFile != "" {
		password, err := readText(beside(filepath.Dir(l.name), r.PasswordFile), maxKeyFile)
		if err != nil {
			return nil, unreadable("password_file", err)
		}
		own.Password = new(trimPassword(password))
	}
	f, err := own.ReadFile(ctx, l.path(r))
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		return nil, unreadable("file", err)
	}
	if err != nil {
		return nil, err
	}
	f.Name = l.nameOf(r)
	return f, nil
}

// lists reports whether a file is that of a row.
func (l *userList) lists(name string) bool {
	if l == nil {
		return false
	}
	at, err := filepath.Abs(name)
	if err != nil {
		return false
	}
	if l.paths == nil {
		l.paths = map[string]bool{}
		for i := range l.rows {
			if r := &l.rows[i]; r.Err == nil {
				if at, err := filepath.Abs(l.path(r)); err == nil {
					l.paths[at] = true
				}
			}
		}
	}
	return l.paths[at]
}
