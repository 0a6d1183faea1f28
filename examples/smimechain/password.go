package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
	"golang.org/x/term"
)

// passwordFlags say where the password of PFX files comes from. It is never an
// argument: arguments are seen by other users and kept in histories.
type passwordFlags struct {
	file, env string
}

func (p *passwordFlags) register(fs *flagSet) {
	fs.StringVar(&p.file, "password-file", "", "read the password of PFX files from `FILE`, without the line ending at its end")
	fs.StringVar(&p.env, "password-env", "", "read the password of PFX files from the environment variable `NAME`")
}

// given returns the password that the flags lead to; nil when there is none.
func (p *passwordFlags) given() (*string, error) {
	switch {
	case p.file != "" && p.env != "":
		return nil, say.Errorf("-password-file and -password-env exclude each other")
	case p.file != "":
		data, err := readText(p.file, maxKeyFile)
		if err != nil {
			return nil, err
		}
		password := trimPassword(data)
		return &password, nil
	case p.env != "":
		password, ok := os.LookupEnv(p.env)
		if !ok {
			return nil, say.Errorf("-password-env: there is no environment variable %s", p.env)
		}
		return &password, nil
	default:
		return nil, nil
	}
}

// trimPassword drops the one line ending that editors add to a file.
func trimPassword(text []byte) string {
	return strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r")
}

// options returns how to read the files of a command. When PFX files are among them,
// or in a folder among them, and no flag gives a password, a person at a terminal is
// asked once, and told for which.
func (p *passwordFlags) options(names []string, std streams) (*bundle.Options, error) {
	password, err := p.given()
	if err != nil {
		return nil, err
	}
	if password == nil && canAsk(std) {
		if closed := pfxAmong(names); len(closed) > 0 {
			if password, err = prompt(closed, std); err != nil {
				return nil, err
			}
		}
	}
	return &bundle.Options{Password: password}, nil
}

// pfxAmong returns those of the named files, and of the files in folders, that begin like
// a PFX.
func pfxAmong(names []string) []string {
	var found []string
	for s, err := range new(bundle.Options).Walk(context.Background(), names...) {
		if err == nil && isPFX(s.Name) {
			found = append(found, s.Name)
		}
	}
	return found
}

func isPFX(name string) bool {
	const enough = 512 // octets; the first elements tell
	if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() {
		return false // opening a pipe, and closing it, ends its writer
	}
	file, err := os.Open(name)
	if err != nil {
		return false // it will be said when the file is read
	}
	defer file.Close()
	head, err := io.ReadAll(io.LimitReader(file, enough))
	return err == nil && pkcs12.Detect(head)
}

// canAsk reports whether there is a terminal to ask at.
func canAsk(std streams) bool {
	in, ok := std.in.(*os.File)
	return ok && term.IsTerminal(int(in.Fd()))
}

// prompt asks for the password of files on the terminal, without showing it.
func prompt(names []string, std streams) (*string, error) {
	in := std.in.(*os.File)
	fmt.Fprint(std.err, report.Printable(std.language.Say(say.New("password of %s: ", listed(names)))))
	typed, err := term.ReadPassword(int(in.Fd()))
	fmt.Fprintln(std.err)
	if err != nil {
		return nil, say.Errorf("reading the password: %w", err)
	}
	password := string(typed)
	return &password, nil
}

// failClosed counts a PFX that was not opened for want of the right password among
// the files that could not be read.
func (in *inputs) failClosed() {
	for _, f := range in.files {
		in.failed.add(closed(f)...)
	}
}

// closed says that a PFX was not opened for want of the right password, if so.
func closed(f *bundle.File) []error {
	switch {
	case f.PFX == nil:
		return nil
	case f.PFX.Password.Status == pkcs12.PasswordWrong:
		return []error{say.Errorf("%s: the password is wrong", f.Name)}
	case f.PFX.Password.Status == pkcs12.PasswordNotTried:
		return []error{say.Errorf("%s: it was not opened, as no password was given; give -password-file", f.Name)}
	default:
		return nil
	}
}
