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
//	smimechain known CA|FILE      what is known about a CA, and what to roll out for it
//	smimechain version            which build this is
//	smimechain explain RULE       what a finding or a symptom means
//	smimechain completion SHELL   the script that completes words in a shell
//	smimechain man                the manual page
//	smimechain FILE…              check, with questions at a terminal: for files that are dropped onto it
//
// The exit status is 0 when it works and nothing was found, 1 when it does not, when
// that is not known or there are findings, and 2 when the check could not be made.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/internal/console"
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
)

// Exit statuses.
const (
	exitClean    = 0
	exitFindings = 1
	exitFailed   = 2
)

func main() {
	start()
	std := streams{in: os.Stdin, out: os.Stdout, err: os.Stderr, language: systemLanguage()}
	status := run(os.Args[1:], std)
	if ownConsole() {
		std.waitForKey()
	}
	os.Exit(status)
}

// streams are the three standard streams, and the language that they speak.
type streams struct {
	in       io.Reader
	out, err io.Writer
	language locale.Language
	dropped  bool // files were given without a command
	asked    bool // -lang asks for the language: what programs read speaks it too

	certificates *chain.Cache // of everything that is read, and read back, in this call
}

// note writes a line on standard error.
func (s streams) note(format say.Text, args ...any) {
	fmt.Fprintf(s.err, "smimechain: %s\n", report.Printable(s.language.Say(say.New(format, args...))))
}

// command is one subcommand: it returns the exit status, or an error that says
// why nothing could be done.
type command struct {
	name, args string
	summary    say.Message
	run        func(c *command, args []string, std streams) (int, error)
	tell       func(*flagSet) // is given the flags, in place of a run; nil: the command runs
}

// flagTable returns the flags of a command without running it; nil where it has none of
// its own, as deploy, whose targets have them.
func (c *command) flagTable() *flagSet {
	var table *flagSet
	asked := *c
	asked.tell = func(fs *flagSet) { table = fs }
	_, _ = asked.run(&asked, nil, streams{})
	return table
}

func commands() []*command {
	return []*command{
		{"check", "[flags] FILE|DIR…", say.New("say whether certificates work, target by target"), check, nil},
		{"show", "[flags] FILE", say.New("list what a file holds"), show, nil},
		{"pack", "[flags] -o OUT.sst|OUT.p7b|OUT.pem FILE…", say.New("write a clean public collection"), pack, nil},
		{"unpack", "[flags] -d DIR FILE…", say.New("write each certificate as a DER .cer file"), unpack, nil},
		{"diff", "[flags] OLD NEW", say.New("say what an upload of NEW over OLD would add and remove"), diff, nil},
		{"rewrite", "[flags] -for TARGET -o OUT.pfx IN.pfx", say.New("write the same identity in a form that TARGET can open"), rewrite, nil},
		{"deploy", "TARGET [flags] FILE…", say.New("make what a target takes: %s", deployTargetNames()), deployTarget, nil},
		{"paths", "[flags] LEAF [FILE…]", say.New("list every path to an anchor, and why others fail"), paths, nil},
		{"known", "[flags] NAME|FINGERPRINT|FILE…", say.New("say what is known about a CA, and what to roll out for it"), known, nil},
		{"facts", "", say.New("write a template of the facts that no file shows"), writeFacts, nil},
		{"version", "", say.New("say which build this is"), version, nil},
		{"explain", "RULE|\"SYMPTOM\"", say.New("say what a finding means and what to do"), explain, nil},
		{"completion", strings.Join(shellNames(), "|"), say.New("write the script that completes words in a shell"), completion, nil},
		{"man", "", say.New("write the manual page, for man"), man, nil},
	}
}

func run(args []string, std streams) int {
	std.certificates = new(chain.Cache)
	out := &sink{Writer: std.out}
	std.out = out
	if l, ok := chosen(args); ok {
		std.language, std.asked = l, true
	}
	status, err := dispatch(args, std)
	if err == nil {
		err = out.err
	}
	if err != nil {
		text := strings.ReplaceAll(std.language.Error(err), "\n", "; ")
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
		return 0, say.Errorf("no command: want one of %s", names())
	}
	switch args[0] {
	case "-version", "--version":
		args = append([]string{"version"}, args[1:]...)
	case completeWords:
		return exitClean, completeCommand(args[1:], std)
	case "help", "-h", "-help", "--help":
		return exitClean, help(std)
	}
	all := commands()
	i := slices.IndexFunc(all, func(c *command) bool { return c.name == args[0] })
	if i < 0 && isFile(args[0]) {
		std.dropped = true
		return check(all[0], args, std)
	}
	if i < 0 {
		return 0, didYouMean(say.Errorf("unknown command %q: want one of %s", args[0], names()), args[0], strings.Split(names(), ", "))
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

func help(std streams) error {
	var b strings.Builder
	l := std.language
	fmt.Fprintf(&b, "%s\n\n", l.Text("smimechain checks whether an S/MIME roll-out will work, offline."))
	for _, c := range commands() {
		fmt.Fprintf(&b, "  %s\n        %s\n", strings.TrimRight("smimechain "+c.name+" "+c.args, " "), l.Say(c.summary))
	}
	fmt.Fprintf(&b, "\n%s\n%s\n",
		l.Text("A FILE may be - for standard input. Flags may stand before and after files; behind -- all are files. \"smimechain COMMAND -h\" lists the flags."),
		l.Text("Exit status: 0 works, 1 fails, is unknown or has findings, 2 could not check."))
	_, err := io.WriteString(console.Fold(std.out, screenOf(std, "").width), b.String())
	return err
}
