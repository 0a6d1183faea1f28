// Smimechain checks whether an S/MIME roll-out will work, offline.
//
//	smimechain check FILE|DIR…    what is wrong, and for which target
//	smimechain show FILE          what is inside
//	smimechain paths LEAF FILE…   every path to an anchor, and why others fail
//	smimechain pack -o OUT FILE…  a clean public collection
//	smimechain unpack -d DIR FILE one DER .cer for each certificate
//	smimechain diff OLD NEW       what an upload would add and remove
//	smimechain rewrite -for TARGET -o OUT IN  the same identity, as TARGET can open it
//	smimechain deploy TARGET …    what a target takes
//	smimechain version            which build this is
//	smimechain explain RULE       what a finding or a symptom means
//
// The exit status is 0 when nothing was found, 1 when there are findings, and
// 2 when the check could not be made.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/smimechain/smimechain/lint/report"
)

// Exit statuses.
const (
	exitClean    = 0
	exitFindings = 1
	exitFailed   = 2
)

func main() {
	// A reader of the output that has gone away is an error like any other.
	signal.Ignore(syscall.SIGPIPE)
	os.Exit(run(os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
}

// streams are the three standard streams.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// command is one subcommand: it returns the exit status, or an error that says
// why nothing could be done.
type command struct {
	name, args, summary string
	run                 func(c *command, args []string, std streams) (int, error)
}

func commands() []*command {
	return []*command{
		{"check", "[flags] FILE|DIR…", "say whether certificates work, target by target", check},
		{"show", "[flags] FILE", "list what a file holds", show},
		{"pack", "[flags] -o OUT.sst|OUT.p7b|OUT.pem FILE…", "write a clean public collection", pack},
		{"unpack", "[flags] -d DIR FILE…", "write each certificate as a DER .cer file", unpack},
		{"diff", "[flags] OLD NEW", "say what an upload of NEW over OLD would add and remove", diff},
		{"rewrite", "[flags] -for TARGET -o OUT.pfx IN.pfx", "write the same identity in a form that TARGET can open", rewrite},
		{"deploy", "TARGET [flags] FILE…", "make what a target takes: " + deployTargetNames(), deployTarget},
		{"paths", "[flags] LEAF [FILE…]", "list every path to an anchor, and why others fail", paths},
		{"version", "", "say which build this is", version},
		{"explain", "RULE|\"SYMPTOM\"", "say what a finding means and what to do", explain},
	}
}

func run(args []string, std streams) int {
	out := &sink{Writer: std.out}
	std.out = out
	status, err := dispatch(args, std)
	if err == nil {
		err = out.err
	}
	if err != nil {
		text := strings.ReplaceAll(err.Error(), "\n", "; ")
		fmt.Fprintf(std.err, "smimechain: %s\n", report.Printable(text))
		return exitFailed
	}
	return status
}

// sink remembers that something could not be written, so that no command can
// forget it.
type sink struct {
	io.Writer
	err error
}

func (s *sink) Write(p []byte) (int, error) {
	n, err := s.Writer.Write(p)
	if s.err == nil {
		s.err = err
	}
	return n, err
}

func dispatch(args []string, std streams) (int, error) {
	if len(args) == 0 {
		return 0, fmt.Errorf("no command: want one of %s", names())
	}
	switch args[0] {
	case "-version", "--version":
		args = append([]string{"version"}, args[1:]...)
	case "help", "-h", "-help", "--help":
		return exitClean, help(std.out)
	}
	all := commands()
	i := slices.IndexFunc(all, func(c *command) bool { return c.name == args[0] })
	if i < 0 {
		return 0, fmt.Errorf("unknown command %q: want one of %s", args[0], names())
	}
	status, err := all[i].run(all[i], args[1:], std)
	if errors.Is(err, flag.ErrHelp) {
		return exitClean, nil
	}
	return status, err
}

func names() string {
	var list []string
	for _, c := range commands() {
		list = append(list, c.name)
	}
	return strings.Join(list, ", ")
}

func help(w io.Writer) error {
	var b strings.Builder
	b.WriteString("smimechain checks whether an S/MIME roll-out will work, offline.\n\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "  %s\n        %s\n", strings.TrimRight("smimechain "+c.name+" "+c.args, " "), c.summary)
	}
	b.WriteString("\nA FILE may be - for standard input. Flags may stand before and after files; behind\n-- all are files. \"smimechain COMMAND -h\" lists the flags.\n" +
		"Exit status: 0 clean, 1 findings, 2 could not check.\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// flags returns the flag set of the command. It prints nothing by itself: an
// error becomes one line on standard error.
func (c *command) flags() *flag.FlagSet {
	fs := flag.NewFlagSet(c.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	return fs
}

// parse parses the flags, and prints them when asked for help. Package flag stops
// at the first file; users of other commands write flags behind files too, so the
// rest is parsed again, except after "--".
func (c *command) parse(fs *flag.FlagSet, args []string, std streams) error {
	var files []string
	err := fs.Parse(args)
	for err == nil && fs.NArg() > 0 {
		parsed := len(args) - fs.NArg()
		if parsed > 0 && args[parsed-1] == "--" {
			files = append(files, fs.Args()...)
			break
		}
		files = append(files, fs.Arg(0))
		args = fs.Args()[1:]
		err = fs.Parse(args)
	}
	if err == nil {
		err = fs.Parse(append([]string{"--"}, files...)) // for Args
	}
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(std.out, "usage: smimechain %s %s\n", c.name, c.args)
		fs.SetOutput(std.out)
		fs.PrintDefaults()
		return err
	}
	if err != nil {
		return fmt.Errorf("%s: %w (smimechain %s -h lists the flags)", c.name, err, c.name)
	}
	return nil
}
