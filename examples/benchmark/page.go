package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
)

// page compares the checker as a page in Chromium with this library in this program:
// how long the report about a small store takes.
func (s *settings) page() error {
	const work = "the report about a small store"
	absent := s.absent("node")
	if absent == "" {
		absent = s.absent("chromium")
	}
	for _, name := range []string{"out/smimechain.html", "examples/web/node_modules"} {
		if _, err := os.Stat(name); absent == "" && errors.Is(err, fs.ErrNotExist) {
			absent = name + " is not there"
		}
	}
	peer := entrant{name: "the page in Chromium", absent: absent}
	if absent == "" {
		browser := exec.Command("node", filepath.Join("examples", "web", "test", "reports.js"))
		browser.Stderr = os.Stderr
		in, err := browser.StdinPipe()
		if err != nil {
			return err
		}
		out, err := browser.StdoutPipe()
		if err != nil {
			return err
		}
		if err := browser.Start(); err != nil {
			return err
		}
		defer browser.Wait()
		defer in.Close() // it ends with its input
		lines := bufio.NewReader(out)
		peer.took = func() (time.Duration, error) {
			if _, err := io.WriteString(in, "again\n"); err != nil {
				return 0, err
			}
			line, err := lines.ReadString('\n')
			if err != nil {
				return 0, err
			}
			ms, err := strconv.ParseFloat(strings.TrimSpace(line), 64)
			return time.Duration(ms * float64(time.Millisecond)), err
		}
	}
	data, err := os.ReadFile(filepath.Join("testdata", "collections", "complete.sst"))
	if errors.Is(err, fs.ErrNotExist) { // a test runs in its own folder
		peer.absent, err = "the store is not there", nil
	}
	if err != nil {
		return err
	}
	return s.compare(work, entrant{run: func() error {
		f, err := bundle.Parse("complete.sst", data)
		if err != nil {
			return err
		}
		r, err := lint.Run(context.Background(), []*bundle.File{f}, &lint.Options{Chains: true})
		if err != nil {
			return err
		}
		return new(report.Options).HTML(io.Discard, r)
	}}, peer)
}
