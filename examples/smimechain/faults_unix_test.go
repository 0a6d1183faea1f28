//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/deploy"
	"github.com/smimechain/smimechain/testdata/outside"
)

// fault runs the command and holds what is true of every failure: status 2, one
// line on standard error, no trace of a panic.
func fault(t *testing.T, stdout *os.File, args ...string) {
	t.Helper()
	cmd := exec.Command("smimechain", args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if stdout != nil {
		cmd.Stdout = stdout
	}
	err := cmd.Run()
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok || exit.ExitCode() != exitFailed {
		t.Errorf("%v: %v, want exit status %d; standard error: %s", args, err, exitFailed, errs.String())
	}
	text := errs.String()
	failures := 0
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "smimechain: ") {
			t.Errorf("%v: standard error has the line %q", args, line)
		}
		if !strings.HasPrefix(line, "smimechain: wrote ") {
			failures++
		}
	}
	if failures != 1 || strings.Contains(text+out.String(), "goroutine ") {
		t.Errorf("%v: want one line on standard error, got %q", args, text)
	}
}

// nothing holds that a folder has just the files named.
func nothing(t *testing.T, dir string, but ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if strings.Join(names, " ") != strings.Join(but, " ") {
		t.Errorf("the folder holds %q, want %q", names, but)
	}
}

func testFile(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "testdata", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestUnreadable gives every command a file that cannot be read, wherever it
// takes one. Permissions would not do: root may read everything.
func TestUnreadable(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "folder.sst")
	dangling := filepath.Join(dir, "dangling.sst")
	if err := errors.Join(os.Mkdir(folder, 0o777), os.Symlink(filepath.Join(dir, "gone"), dangling)); err != nil {
		t.Fatal(err)
	}
	bad := map[string]string{"folder": folder, "dangling link": dangling, "absent": filepath.Join(dir, "absent.sst")}
	const mem = "/proc/self/mem" // reading its start is an I/O error
	if f, err := os.Open(mem); err == nil {
		if _, err := f.Read(make([]byte, 1)); errors.Is(err, syscall.EIO) {
			bad["I/O error"] = mem
		}
		f.Close()
	}
	good, leaf, pfx := testFile(t, "collections/complete.sst"), testFile(t, "example/leaf.pem"), testFile(t, "pfx/widest.pfx")
	out := filepath.Join(dir, "out")
	for name, file := range bad {
		t.Run(name, func(t *testing.T) {
			for _, args := range [][]string{
				{"check", file},
				{"check", "-format", "json", good, file},
				{"check", "-format", "ndjson", file},
				{"check", "-with", file, good},
				{"check", "-roots", file, good},
				{"check", "-cas", file, good},
				{"check", "-accept", file, good},
				{"check", "-password-file", file, pfx},
				{"check", "-o", filepath.Join(file, "x"), good},
				{"show", file},
				{"show", "-mmap", file},
				{"paths", file, good},
				{"paths", leaf, file},
				{"pack", "-o", out + ".sst", good, file},
				{"unpack", "-d", out, file},
				{"diff", good, file},
				{"rewrite", "-for", "windows", "-password-file", file, "-o", out + ".pfx", pfx},
				{"rewrite", "-for", "windows", "-o", out + ".pfx", file},
				{"deploy", "exchange", "-o", out, file},
			} {
				if name == "folder" && (args[0] == "check" && len(args) == 4 && args[1] == "-o") {
					continue // a folder is a good place to write to
				}
				t.Run(strings.Join(args[:len(args)-1], " "), func(t *testing.T) { fault(t, nil, args...) })
			}
			nothing(t, dir, "dangling.sst", "folder.sst")
		})
	}
}

// TestPipes: a named pipe in a folder is passed over and not waited for; one
// that is named is read.
func TestPipes(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe.sst")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skipf("no named pipes here: %v", err)
	}
	store, err := os.ReadFile(testFile(t, "collections/complete.sst"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a.sst"), store, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"text", "ndjson"} {
		var out, errs bytes.Buffer
		if status := run([]string{"check", "-at", "2026-11-22", "-format", format, dir}, streams{in: nil, out: &out, err: &errs}); status != exitClean {
			t.Errorf("%s: status %d, %s", format, status, errs.String())
		}
	}
	done := make(chan error)
	go func() {
		f, err := os.OpenFile(pipe, os.O_WRONLY, 0)
		if err == nil {
			_, err = f.Write(store)
			err = errors.Join(err, f.Close())
		}
		done <- err
	}()
	var out, errs bytes.Buffer
	if status := run([]string{"check", "-at", "2026-11-22", pipe}, streams{in: nil, out: &out, err: &errs}); status != exitClean {
		t.Errorf("named: status %d, %s", status, errs.String())
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// TestVanishing: a file of a folder that is gone when its turn comes is an
// error, and what else is there is reported.
func TestVanishing(t *testing.T) {
	outside.AtLength(t, "checks a thousand files")
	dir := t.TempDir()
	makeFiles(t, dir, 1000)
	var out bytes.Buffer
	removed := 0
	w := writerFunc(func(p []byte) (int, error) {
		if removed == 0 { // the first lines are out: the last files are still to come
			for i := range 100 {
				if os.Remove(filepath.Join(dir, "0000", fmt.Sprintf("user%06d.cer", 900+i))) == nil {
					removed++
				}
			}
		}
		return out.Write(p)
	})
	b := newBulk(1)
	result, err := b.run(t.Context(), []string{dir}, streams{}, w)
	if err != nil {
		t.Fatal(err)
	}
	if result.files != 1000 || len(lines(t, out.Bytes())) != 1000 {
		t.Errorf("%d files, want a line for each of 1000", result.files)
	}
	if got := result.failed.count; got != 100 || removed != 100 {
		t.Errorf("%d failures of %d files that vanished", got, removed)
	}
	if err := result.failed.err(); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v", err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// outputs are commands that write to standard output.
func outputs(t *testing.T) [][]string {
	good, leaf, pfx := testFile(t, "collections/complete.sst"), testFile(t, "example/leaf.pem"), testFile(t, "pfx/widest.pfx")
	list := [][]string{
		{"help"}, {"check", "-h"}, {"deploy", "-h"}, {"explain", "e_collection_no_root"},
		{"show", good}, {"show", "-format", "json", good}, {"show", pfx},
		{"paths", leaf, good}, {"paths", "-format", "json", leaf, good}, {"paths", "-format", "dot", leaf, good},
		{"diff", good, leaf},
	}
	for format := range renderers {
		list = append(list, []string{"check", "-at", "2026-11-22", "-format", format, good})
	}
	return list
}

// TestFullOutput writes to a device that is always full.
func TestFullOutput(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skipf("no full device here: %v", err)
	}
	defer full.Close()
	good := testFile(t, "collections/complete.sst")
	for _, args := range outputs(t) {
		t.Run(strings.Join(args, " "), func(t *testing.T) { fault(t, full, args...) })
	}
	dir := t.TempDir()
	fault(t, full, "unpack", "-d", filepath.Join(dir, "d"), good)
	fault(t, full, "pack", "-at", "2026-11-22", "-o", filepath.Join(dir, "p.sst"), good)
	fault(t, full, "deploy", "exchange", "-diff", "-current", good, "-at", "2026-11-22", good)
	// The device itself is never replaced.
	fault(t, nil, "check", "-o", "/dev/full", good)
}

// TestForceSpecialFile: what is not a regular file is not replaced, -force or not.
func TestForceSpecialFile(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skipf("no named pipes here: %v", err)
	}
	fault(t, nil, "check", "-force", "-o", pipe, testFile(t, "collections/complete.sst"))
	if info, err := os.Lstat(pipe); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Errorf("the pipe was replaced: %v", err)
	}
}

// TestClosedOutput writes to a pipe that nobody reads.
func TestClosedOutput(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	defer w.Close()
	for _, args := range outputs(t) {
		t.Run(strings.Join(args, " "), func(t *testing.T) { fault(t, w, args...) })
	}
}

// tinyDisk mounts a file system of 64 KiB, of which all but a few bytes are
// taken.
func tinyDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("a file system cannot be mounted here: %v: %s", err, bytes.TrimSpace(out))
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, out)
		}
	})
	return dir
}

// TestFullDisk fills a disk: no part of a file stays, and what was there before
// stays as it was.
func TestFullDisk(t *testing.T) {
	dir := tinyDisk(t)
	files := t.TempDir()
	makeFiles(t, files, 200)
	store, pfx := testFile(t, "collections/complete.sst"), testFile(t, "pfx/widest.pfx")
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte("example-lemon-orbit-velvet\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	old := []byte("what was there before")
	names := []string{"old.ndjson", "old.pfx", "old.sst"}
	for _, name := range names {
		if err := os.WriteFile(filepath.Join(dir, name), old, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	filler, err := os.Create(filepath.Join(dir, "zz"))
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = filler.Write(make([]byte, 4096))
	}
	filler.Close()
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("filling the disk: %v", err)
	}
	names = append(names, "zz")
	for _, suffix := range []string{"new", "old"} {
		force := "-force=" + fmt.Sprint(suffix == "old")
		at := filepath.Join(dir, suffix)
		fault(t, nil, "check", force, "-format", "ndjson", "-at", "2026-11-22", "-o", at+".ndjson", files)
		fault(t, nil, "check", force, "-at", "2026-11-22", "-o", at+".ndjson", files)
		fault(t, nil, "pack", force, "-at", "2026-11-22", "-o", at+".sst", store)
		fault(t, nil, "rewrite", force, "-for", "windows", "-at", "2026-11-22", "-password-file", password, "-o", at+".pfx", pfx)
		fault(t, nil, "deploy", "exchange", force, "-at", "2026-11-22", "-o", at+"-folder", store)
		fault(t, nil, "unpack", force, "-d", at+"-folder", store)
		nothing(t, dir, names...)
	}
	for _, name := range names[:3] {
		if data, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.Equal(data, old) {
			t.Errorf("%s has changed: %q, %v", name, data, err)
		}
	}
}

// TestFullDiskHalfWay: a disk that is full after some files of many keeps none of them.
func TestFullDiskHalfWay(t *testing.T) {
	dir := tinyDisk(t)
	var outputs []deploy.Output
	for i := range 40 {
		outputs = append(outputs, deploy.Output{Name: fmt.Sprintf("folder/%d.cer", i), Data: make([]byte, 3000)})
	}
	if err := os.WriteFile(filepath.Join(dir, "old"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := writeAll(filepath.Join(dir, "new"), outputs, false, progress{})
	if path, ok := errors.AsType[*fs.PathError](err); !ok || !errors.Is(err, syscall.ENOSPC) || strings.Contains(path.Path, ".smimechain-") {
		t.Errorf("got %v", err)
	}
	nothing(t, dir, "old")
}

// TestInterruptedDeploy interrupts a roll-out at many moments: its folder is whole or
// not there, and nothing else is left.
func TestInterruptedDeploy(t *testing.T) {
	files := t.TempDir()
	makeFiles(t, files, 200)
	store := testFile(t, "collections/complete.sst")
	call := func(i int, dir string) []string {
		if i%2 == 1 {
			return []string{"deploy", "intune-trusted", "-at", "2026-11-22", "-o", dir, store}
		}
		return []string{"unpack", "-d", dir, files}
	}
	var all [2]int // files and folders, where nobody interrupts
	for i := range all {
		parent := t.TempDir()
		if out, err := exec.Command("smimechain", call(i, filepath.Join(parent, "new"))...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		all[i] = len(tree(t, parent))
	}
	kinds := map[int]int{}
	for i := range 30 {
		parent := t.TempDir()
		dir := filepath.Join(parent, "new")
		args := call(i, dir)
		cmd := exec.Command("smimechain", args...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for began := time.Now(); i%3 != 0 && time.Since(began) < 10*time.Second; time.Sleep(time.Millisecond) {
			if _, err := os.Stat(dir); err == nil {
				break // it has begun to write
			}
		}
		time.Sleep(time.Duration(i) * time.Millisecond)
		if err := cmd.Process.Signal(syscall.SIGINT); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Fatal(err)
		}
		err := cmd.Wait()
		got := tree(t, parent)
		kinds[len(got)]++
		// An interrupt behind the last file finds all in place.
		if whole := len(got) == all[i%2]; !whole && (len(got) != 1 || err == nil) {
			t.Errorf("%v after %d ms: %v, and %d files and folders are left", args[:2], i, err, len(got))
		}
		for name := range got {
			if strings.Contains(name, ".smimechain-") {
				t.Errorf("%s is left", name)
			}
		}
	}
	t.Logf("files and folders, and how often: %v", kinds)
}

// TestCreateFileFails holds the same for any failure while a file is written.
func TestCreateFileFails(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "x")
	if err := os.WriteFile(name, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	err := createFile(name, modePublic, true, func(w io.Writer) error {
		if _, err := w.Write([]byte("half")); err != nil {
			return err
		}
		return errDiskFull
	})
	if !errors.Is(err, errDiskFull) {
		t.Errorf("got %v", err)
	}
	// An interrupt while the file is written.
	got := make(chan os.Signal, 1)
	signal.Notify(got, os.Interrupt)
	defer signal.Stop(got)
	err = createFile(name, modePublic, true, func(w io.Writer) error {
		if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
			return err
		}
		<-got
		time.Sleep(100 * time.Millisecond)
		_, err := w.Write([]byte("half"))
		return err
	})
	if !errors.Is(err, errInterrupted) {
		t.Errorf("got %v", err)
	}
	nothing(t, dir, "x")
	if data, err := os.ReadFile(name); err != nil || string(data) != "old" {
		t.Errorf("the file holds %q, %v", data, err)
	}
}

// TestInterruptWhileReading: the first interrupt ends a command that waits for
// its input.
func TestInterruptWhileReading(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skipf("no named pipes here: %v", err)
	}
	cmd := exec.Command("smimechain", "check", "-o", filepath.Join(dir, "out"), pipe)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w, err := os.OpenFile(pipe, os.O_WRONLY, 0) // returns when the command has opened it
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		if err == nil {
			t.Error("the command succeeds")
		}
	case <-time.After(20 * time.Second):
		_ = cmd.Process.Kill()
		t.Error("the command does not end")
	}
	nothing(t, dir, "pipe")
}

// TestNamesOfFiles: the name of a file does not reach a terminal as it is.
func TestNamesOfFiles(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a\x1b[31m\nb.sst")
	if err := os.WriteFile(name, []byte("no store"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"check", name}, {"check", name + "x"}, {"check", "-format", "ndjson", name}, {"show", name}} {
		var out, errs bytes.Buffer
		if status := run(args, streams{in: nil, out: &out, err: &errs}); status != exitFailed {
			t.Errorf("%q: status %d", args, status)
		}
		if s := errs.String(); strings.Contains(s, "\x1b") || strings.Count(s, "\n") != 1 {
			t.Errorf("%q: %q", args, s)
		}
		if strings.Contains(out.String(), "\x1b") {
			t.Errorf("%q prints %q", args, out.String())
		}
	}
}

// TestNamesOfOutputs writes files whose names leave no room for more, and names
// the file that was asked for where it cannot be made.
func TestNamesOfOutputs(t *testing.T) {
	dir := t.TempDir()
	long := filepath.Join(dir, strings.Repeat("a", 255-len(".sst"))+".sst")
	if err := writeFile(long, []byte("x"), false); err != nil {
		t.Errorf("a name of 255 octets: %v", err)
	}
	missing := filepath.Join(dir, "missing", "a.sst")
	err := writeFile(missing, []byte("x"), false)
	if path, ok := errors.AsType[*fs.PathError](err); !ok || path.Path != missing || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("%d entries are left, %v", len(entries), err)
	}
}
