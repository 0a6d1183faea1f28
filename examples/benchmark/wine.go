package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// wine runs the CryptoAPI of Wine, through the program that the tests of package
// sst use.
type wine struct {
	absent string // why it cannot be run, if so
	temp   string
	env    []string
}

// newWine builds the program.
func (s *settings) newWine() (*wine, error) {
	const mingw = "x86_64-w64-mingw32-gcc"
	for _, tool := range []string{"wine", mingw} {
		if why := s.absent(tool); why != "" {
			return &wine{absent: tool + " " + why}, nil
		}
	}
	w := &wine{temp: s.temp}
	source := filepath.Join("sst", "testdata", "win32", "storeio.c")
	if out, err := exec.Command(mingw, "-O1", "-o", filepath.Join(w.temp, "storeio.exe"), source, "-lcrypt32").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	prefix := filepath.Join(s.temp, "prefix")
	if cache, err := os.UserCacheDir(); err == nil {
		prefix = filepath.Join(cache, "smimechain", "wine")
	}
	w.env = append(os.Environ(), "WINEPREFIX="+prefix, "WINEDEBUG=-all", "WINEDLLOVERRIDES=mscoree,mshtml=")
	return w, os.MkdirAll(prefix, 0o700)
}

// run returns what the program prints.
func (w *wine) run(ctx context.Context, args ...string) (string, error) {
	out, err := os.Create(filepath.Join(w.temp, "stdout")) // no pipe: the services of Wine keep it open
	if err != nil {
		return "", err
	}
	defer out.Close()
	cmd := exec.CommandContext(ctx, "wine", append([]string{"storeio.exe"}, args...)...)
	cmd.Dir, cmd.Env, cmd.Stdout = w.temp, w.env, out
	err = cmd.Run()
	text, readErr := os.ReadFile(out.Name())
	return string(text), errors.Join(err, readErr)
}

// lists reports whether Wine opens a store. It is abnormal if it neither does nor
// says that it cannot.
func (w *wine) lists(name string) (ok, abnormal bool) {
	data, err := os.ReadFile(name)
	if err == nil {
		err = os.WriteFile(filepath.Join(w.temp, "listed.sst"), data, 0o600)
	}
	if err != nil {
		return false, true
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second) // a first start is slow
	defer cancel()
	text, _ := w.run(ctx, "file", "listed.sst")
	ok = strings.Contains(text, "done ")
	return ok, !ok && !strings.Contains(text, "error ")
}
