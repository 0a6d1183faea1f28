package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// On a terminal lines are folded to its width and coloured, unless the user does
// not want that; in a pipe they are as they always were.
func TestTerminal(t *testing.T) {
	t.Setenv("TERM", "xterm")
	t.Chdir("../..")
	escapes := regexp.MustCompile(`\x1b\[[0-9;]*m`)
	for _, args := range []string{
		"check -for exchange-online -at 2026-11-22 testdata/collections/sectigo-without-r46.sst",
		"show testdata/collections/complete.sst",
		"show testdata/pfx/modern-without-root.pfx",
		"show -lang ja testdata/pfx/modern-without-root.pfx",
		"paths -at 2026-11-22 testdata/example/leaf.pem testdata/collections/complete.sst",
		"paths -lang ja -at 2026-11-22 testdata/example/leaf.pem testdata/collections/complete.sst",
		"diff -at 2026-11-22 testdata/collections/complete.sst testdata/collections/root-missing.sst",
		"explain e_chain_cross_certificate_missing",
		"explain -lang ja w_pfx_old_windows",
	} {
		var piped, errs bytes.Buffer
		run(strings.Fields(args), streams{in: strings.NewReader(""), out: &piped, err: &errs})
		if errs.Len() > 0 || escapes.Match(piped.Bytes()) {
			t.Errorf("%s writes %s%s into a pipe", args, errs.String(), piped.String())
		}
		for _, tt := range []struct {
			noColor string
			width   uint16
			colored bool
		}{{"", 0, true}, {"", 72, true}, {"1", 72, false}, {"1", 0, false}} {
			t.Setenv("NO_COLOR", tt.noColor)
			got := onTerminal(t, tt.width, strings.Fields(args))
			if colored := escapes.MatchString(got); colored != tt.colored {
				t.Errorf("%s, NO_COLOR=%s: coloured is %v", args, tt.noColor, colored)
			}
			plain := escapes.ReplaceAllString(got, "")
			if tt.width == 0 && plain != piped.String() {
				t.Errorf("%s: without a known width it writes\n%s\nwant\n%s", args, plain, piped.String())
			}
			for line := range strings.Lines(plain) {
				words := strings.Fields(strings.Trim(line, " │├└─\n"))
				if tt.width > 0 && len(words) > 1 && len([]rune(line)) > int(tt.width)+1 {
					t.Errorf("%s: a line longer than %d: %s", args, tt.width, line)
				}
			}
		}
	}
	if got := onTerminal(t, 72, []string{"show", "-format", "json", "testdata/collections/complete.sst"}); escapes.MatchString(got) {
		t.Error("JSON is coloured")
	}
}

// onTerminal runs the command on a pseudo-terminal and returns what it shows.
func onTerminal(t *testing.T, width uint16, args []string) string {
	t.Helper()
	master, slave := openTerminal(t, width)
	defer master.Close()
	shown := make(chan string)
	go func() {
		b, _ := io.ReadAll(master) // ends with an error when the other side is closed
		shown <- strings.ReplaceAll(string(b), "\r\n", "\n")
	}()
	run(args, streams{in: strings.NewReader(""), out: slave, err: io.Discard})
	slave.Close()
	return <-shown
}

// openTerminal returns the two ends of a pseudo-terminal: that of the person, and that of
// the program.
func openTerminal(t *testing.T, width uint16) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo-terminal here: %v", err)
	}
	control := func(request uintptr, argument unsafe.Pointer) {
		t.Helper()
		if _, _, e := syscall.Syscall(syscall.SYS_IOCTL, master.Fd(), request, uintptr(argument)); e != 0 {
			t.Skipf("no pseudo-terminal here: %v", e)
		}
	}
	var number, unlock int32
	control(syscall.TIOCGPTN, unsafe.Pointer(&number))
	control(syscall.TIOCSPTLCK, unsafe.Pointer(&unlock))
	size := [4]uint16{25, width}
	control(syscall.TIOCSWINSZ, unsafe.Pointer(&size))
	slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo-terminal here: %v", err)
	}
	return master, slave
}

// TestBars holds that commands that may take long show how far they are, on standard
// error, where that is a terminal.
func TestBars(t *testing.T) {
	t.Setenv("TERM", "xterm")
	t.Chdir("../..")
	defer func(after time.Duration) { showAfter = after }(showAfter)
	showAfter = 0
	dir := t.TempDir()
	for args, want := range map[string]string{
		"check -at 2026-11-22 testdata/collections/complete.sst":                                      "reading, checking",
		"check -at 2026-11-22 -format ndjson testdata/collections/complete.sst":                       "checking",
		"show -format json testdata/collections/complete.sst":                                         "reading",
		"show testdata/example/leaf.pem":                                                              "reading",
		"paths -at 2026-11-22 testdata/example/leaf.pem testdata/collections/complete.sst":            "reading",
		"pack -at 2026-11-22 -o " + dir + "/out.sst testdata/collections/complete.sst":                "reading, checking",
		"unpack -d " + dir + "/cer testdata/collections/complete.sst":                                 "reading, writing",
		"diff -at 2026-11-22 testdata/collections/complete.sst testdata/collections/root-missing.sst": "reading",
	} {
		master, slave := openTerminal(t, 100)
		shown := make(chan string)
		go func() {
			b, _ := io.ReadAll(master)
			shown <- string(b)
		}()
		run(strings.Fields(args), streams{in: strings.NewReader(""), out: io.Discard, err: slave})
		slave.Close()
		got := <-shown
		master.Close()
		for _, word := range strings.Split(want, ", ") {
			if !strings.Contains(got, word) {
				t.Errorf("%s shows %q, want %q", args, got, word)
			}
		}
	}
}
