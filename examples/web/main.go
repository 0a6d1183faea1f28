// Web builds the checker as one page: the command smimechain as WebAssembly in one
// HTML file that asks nothing of any network. See README.md.
//
//	go run ./examples/web                      out/smimechain.html
//	go run ./examples/web -wasi -o FILE.wasm   the command for a runtime of WASI
//
// It needs git, which applies the change to zcrypto that is in zcrypto.patch. The
// same commit and the same Go give the same bytes.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	out := flag.String("o", filepath.Join("out", "smimechain.html"), "write to `FILE`")
	wasi := flag.Bool("wasi", false, "build the command for WASI preview 1, not the page")
	flag.Parse()
	if err := build(*out, *wasi); err != nil {
		fmt.Fprintln(os.Stderr, "web:", err)
		os.Exit(1)
	}
}

func build(out string, wasi bool) error {
	root, err := command("", "go", "env", "GOMOD")
	if err != nil {
		return err
	}
	root = filepath.Dir(root)
	if out, err = filepath.Abs(out); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o777); err != nil {
		return err
	}
	if err := prepare(root); err != nil {
		return err
	}
	if wasi {
		return compile(root, "wasip1", out)
	}
	program := filepath.Join(root, work, "smimechain.wasm")
	if err := compile(root, "js", program); err != nil {
		return err
	}
	page, err := assemble(root, program)
	if err != nil {
		return err
	}
	return os.WriteFile(out, page, 0o666)
}

// work is the folder of what is made on the way. It is in the module, so that paths
// in the build do not depend on the machine, and Go and git look past it.
const work = ".build"

// zcrypto is the module that lacks what WebAssembly needs.
const zcrypto = "github.com/zmap/zcrypto"

// prepare makes a copy of zcrypto with the change, and a go.mod that uses it.
func prepare(root string) error {
	dir, err := command(root, "go", "list", "-m", "-f", "{{.Dir}}", zcrypto)
	if err == nil && dir == "" {
		_, err = command(root, "go", "mod", "download", zcrypto)
		if err == nil {
			dir, err = command(root, "go", "list", "-m", "-f", "{{.Dir}}", zcrypto)
		}
	}
	if err != nil {
		return err
	}
	patched := filepath.Join(root, work, "zcrypto")
	if err := os.RemoveAll(patched); err != nil {
		return err
	}
	// Files of the module cache are read only: only their contents are copied.
	if err := copyFolder(patched, dir); err != nil {
		return err
	}
	// git applies nothing in a folder that it ignores, so that it must not look up.
	patch := exec.Command("git", "apply", filepath.Join(root, "examples", "web", "zcrypto.patch"))
	patch.Dir = patched
	patch.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Join(root, work))
	if text, err := patch.CombinedOutput(); err != nil {
		return fmt.Errorf("%v: %w: %s", patch, err, text)
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(root, work, name), data, 0o666); err != nil {
			return err
		}
	}
	_, err = command(root, "go", "mod", "edit", "-replace", zcrypto+"=./"+work+"/zcrypto", filepath.Join(work, "go.mod"))
	return err
}

// copyFolder copies the contents of files.
func copyFolder(to, from string) error {
	return filepath.WalkDir(from, func(name string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o777)
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), data, 0o666)
	})
}

// compile builds the command for a system that runs on WebAssembly.
func compile(root, system, out string) error {
	build := exec.Command("go", "build", "-modfile="+filepath.Join(work, "go.mod"), "-trimpath", "-buildvcs=auto", "-ldflags=-s -w -buildid=", "-o", out, "./examples/smimechain")
	build.Dir = root
	build.Env = append(os.Environ(), "GOOS="+system, "GOARCH=wasm", "CGO_ENABLED=0", "GOFLAGS=", "GOWASM=", "GOEXPERIMENT=", "GOFIPS140=off", "GOWORK=off")
	if text, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("%v: %w: %s", build, err, text)
	}
	return nil
}

// command returns the one line that a program prints.
func command(dir, name string, args ...string) (string, error) {
	c := exec.Command(name, args...)
	c.Dir = dir
	text, err := c.Output()
	if err != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			err = fmt.Errorf("%w: %s", err, exit.Stderr)
		}
		return "", fmt.Errorf("%v: %w", c, err)
	}
	return strings.TrimSpace(string(text)), nil
}
