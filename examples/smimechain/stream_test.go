package main

import (
	"archive/tar"
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/testdata/outside"
)

// bundles are the same certificates as a folder, an archive, PEM and lines.
type bundles struct {
	folder, archive, pem, lines string
	each                        []string // the lines
}

func makeBundles(t testing.TB, n int) bundles {
	t.Helper()
	dir := t.TempDir()
	b := bundles{filepath.Join(dir, "users"), filepath.Join(dir, "users.tar"), filepath.Join(dir, "users.pem"), filepath.Join(dir, "users.b64"), nil}
	makeFiles(t, b.folder, n)
	var archive, blocks bytes.Buffer
	w := tar.NewWriter(&archive)
	err := filepath.WalkDir(b.folder, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		der, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		b.each = append(b.each, base64.StdEncoding.EncodeToString(der)+"\n")
		if err := w.WriteHeader(&tar.Header{Name: d.Name(), Size: int64(len(der)), Mode: 0o644}); err != nil {
			return err
		}
		if _, err := w.Write(der); err != nil {
			return err
		}
		return pem.Encode(&blocks, &pem.Block{Type: "CERTIFICATE", Bytes: der})
	})
	if err == nil {
		err = w.Close()
	}
	for name, data := range map[string][]byte{b.archive: archive.Bytes(), b.pem: blocks.Bytes(), b.lines: []byte(strings.Join(b.each, ""))} {
		if err == nil {
			err = os.WriteFile(name, data, 0o666)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// filter runs the command on what is given to standard input and returns its lines.
func filter(t testing.TB, input string, args ...string) []string {
	t.Helper()
	cmd := exec.Command("smimechain", append([]string{"check", "-at", "2026-11-22"}, args...)...)
	cmd.Stdin = strings.NewReader(input)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		if exit := new(exec.ExitError); !asExit(err, &exit) || exit.ExitCode() != exitFindings {
			t.Fatalf("%v: %v: %s", args, err, errs.String())
		}
	}
	return slices.Collect(strings.Lines(string(out)))
}

func asExit(err error, to **exec.ExitError) bool {
	e, ok := err.(*exec.ExitError)
	if ok {
		*to = e
	}
	return ok
}

// nameless puts the digest of the certificate in the place of the name of the file.
func nameless(list []string) []string {
	name := regexp.MustCompile(`"files":\[\{"name":"((?:[^"\\]|\\.)*)".*?"sha256":"([0-9a-f]+)"`)
	out := make([]string, len(list))
	for i, line := range list {
		if m := name.FindStringSubmatch(line); m != nil {
			line = strings.ReplaceAll(line, m[1], m[2])
			line = strings.ReplaceAll(line, "check FILE ", "check "+m[2]+" ") // of standard input
		}
		out[i] = line
	}
	slices.Sort(out)
	return out
}

// TestStreamsAlike holds that certificates give the same lines in whichever form they come.
func TestStreamsAlike(t *testing.T) {
	const n = 40
	b := makeBundles(t, n)
	want := nameless(filter(t, "", "-format", "ndjson", b.folder))
	if len(want) != n {
		t.Fatalf("%d lines for %d files", len(want), n)
	}
	archive, err := os.ReadFile(b.archive)
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string][]string{
		"archive":          filter(t, "", "-format", "ndjson", b.archive),
		"archive in stdin": filter(t, string(archive), "-format", "ndjson", "-"),
		"PEM":              filter(t, "", "-lines", b.pem),
		"lines":            filter(t, "", "-lines", b.lines),
		"one worker":       filter(t, strings.Join(b.each, ""), "-lines", "-workers", "1"),
		"seven workers":    filter(t, strings.Join(b.each, ""), "-lines", "-workers=7", "-format=ndjson"),
	} {
		if got := nameless(got); !slices.Equal(got, want) {
			t.Errorf("%s gives something else than a folder: %d lines, %d of them", name, len(got), len(want))
		}
	}
}

// TestLinesShared holds that lines which are shared out among processes give what one
// process gives, errors among them.
func TestLinesShared(t *testing.T) {
	const n = 60
	b := makeBundles(t, n)
	b.each[7], b.each[40], b.each[41] = "not base64!\n", "\n", "AAAA\n"
	one := filter(t, strings.Join(b.each, ""), "-lines")
	if len(one) != n {
		t.Fatalf("%d lines for %d", len(one), n)
	}
	lines(t, []byte(strings.Join(one, "")))
	for i, what := range map[int]string{7: "the line is no base64", 40: "the line is empty", 41: "the line is no base64"} {
		if !strings.Contains(one[i], what) {
			t.Errorf("line %d is %s", i, one[i])
		}
	}
	halves := slices.Concat(filter(t, strings.Join(b.each[:n/2], ""), "-lines"), filter(t, strings.Join(b.each[n/2:], ""), "-lines"))
	if !slices.Equal(halves, one) {
		t.Error("two halves give something else than the whole")
	}
	program := outside.Program(t, "parallel", "parallel")
	cmd := exec.Command(program, "--will-cite", "--pipe", "--keep-order", "-N", "7", "-j", "2", "smimechain", "check", "-lines", "-at", "2026-11-22")
	cmd.Stdin, cmd.Stderr = strings.NewReader(strings.Join(b.each, "")), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(slices.Collect(strings.Lines(string(out))), one) {
		t.Error("GNU parallel gives something else than one process")
	}
}

// TestLinesAnswer holds that a line is answered before the next one is there, and that one
// that is not whole is not.
func TestLinesAnswer(t *testing.T) {
	b := makeBundles(t, 3)
	cmd := exec.Command("smimechain", "check", "-lines")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(out)
	for _, line := range b.each {
		if _, err := io.WriteString(in, line); err != nil {
			t.Fatal(err)
		}
		answer, err := r.ReadBytes('\n')
		if err != nil {
			t.Fatal(err)
		}
		lines(t, answer)
	}
	in.Close()
	if rest, err := io.ReadAll(r); err != nil || len(rest) > 0 {
		t.Errorf("there is more: %q, %v", rest, err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// TestLinesDies holds that what is left of a process that is killed, or whose reader goes
// away, is whole lines, and that it says so where it can.
func TestLinesDies(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("processes are ended otherwise on Windows")
	}
	b := makeBundles(t, 200)
	dir := t.TempDir()
	report := filepath.Join(dir, "report.ndjson")
	for _, toFile := range []bool{false, true} {
		args := []string{"check", "-lines", b.lines, b.lines, b.lines}
		if toFile {
			args = append(args, "-o", report)
		}
		cmd := exec.Command("smimechain", args...)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		r := bufio.NewReader(out)
		var first []byte
		if toFile {
			waitForFile(t, dir)
		} else if first, err = r.ReadBytes('\n'); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		rest, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if cmd.Wait() == nil {
			t.Error("ended well")
		}
		rest = rest[:bytes.LastIndexByte(rest, '\n')+1] // behind it is no line, as there is no end of one
		if got := len(lines(t, append(first, rest...))); got >= 600 {
			t.Errorf("killed, it wrote %d lines", got)
		}
		if _, err := os.Stat(report); err == nil {
			t.Error("killed, it wrote a report")
		}
	}

	cmd := exec.Command("smimechain", "check", "-lines", b.lines)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	out.Close()
	exit := new(exec.ExitError)
	if err := cmd.Wait(); !asExit(err, &exit) || exit.ExitCode() != exitFailed || !strings.Contains(errs.String(), "pipe") {
		t.Errorf("without a reader: %v, %s", err, errs.String())
	}
}

// TestTarAmongFiles holds that an archive which is damaged is told, behind what was read.
func TestTarAmongFiles(t *testing.T) {
	b := makeBundles(t, 5)
	data, err := os.ReadFile(b.archive)
	if err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(t.TempDir(), "cut.tar")
	if err := os.WriteFile(cut, data[:len(data)-3000], 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("smimechain", "check", "-format", "ndjson", cut, filepath.Join(b.folder, "0000", "user000000.cer"))
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	exit := new(exec.ExitError)
	if !asExit(err, &exit) || exit.ExitCode() != exitFailed || !strings.Contains(errs.String(), "cut.tar: unexpected EOF") {
		t.Errorf("%v, %s", err, errs.String())
	}
	if names := lines(t, out); len(names) < 3 || names[len(names)-2] != cut || !strings.HasPrefix(names[0], cut+"/user") {
		t.Errorf("lines about %q", fmt.Sprint(names))
	}
}
