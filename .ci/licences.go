//go:build ignore

// Licences writes the licence texts of everything that is linked into the command, on
// any of the systems that are released, and of Go itself, to standard output. It fails
// where a module has none.
//
//	go run .ci/licences.go
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// own is the module whose licence lies beside the file that is written.
const own = "github.com/smimechain/smimechain"

// text is how files with licences are named.
var text = regexp.MustCompile(`(?i)^(licen[cs]es?|copying|notice|patents)([-.].*)?$`)

func main() {
	if err := write(); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

func write() error {
	files := map[string][]string{} // by module and version
	for _, system := range []string{"linux", "windows", "darwin", "js"} {
		if err := linked(system, files); err != nil {
			return err
		}
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return err
	}
	for _, name := range []string{"LICENSE", "PATENTS"} {
		files["Go"] = append(files["Go"], filepath.Join(strings.TrimSpace(string(root)), name))
	}
	out := bufio.NewWriter(os.Stdout)
	fmt.Fprintln(out, "smimechain is under the Apache License 2.0, in the file LICENSE. These are the licences of\nwhat is linked into it.")
	for _, name := range slices.Sorted(maps.Keys(files)) {
		list := files[name]
		slices.Sort(list)
		if len(list) == 0 {
			return fmt.Errorf("%s has no licence", name)
		}
		for _, file := range slices.Compact(list) {
			data, err := os.ReadFile(file)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			data = bytes.ReplaceAll(bytes.TrimSpace(data), []byte("\r\n"), []byte("\n"))
			fmt.Fprintf(out, "\n%s\n%s: %s\n%[1]s\n\n%[4]s\n", strings.Repeat("=", 80), name, filepath.Base(file), data)
		}
	}
	return out.Flush()
}

// linked adds the modules that the command has on a system, with the files that hold
// their licences: from the folders of its packages up to that of the module.
func linked(system string, files map[string][]string) error {
	list := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}\t{{.Version}}\t{{.Dir}}\t{{$.Dir}}{{end}}", "./examples/smimechain")
	list.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0", "GOARCH=amd64")
	if system == "js" {
		list.Env = append(list.Env, "GOARCH=wasm")
	}
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return fmt.Errorf("go list: %w", err)
	}
	for line := range strings.Lines(string(out)) {
		part := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(part) != 4 || part[0] == own {
			continue
		}
		name := part[0] + " " + part[1]
		if _, seen := files[name]; !seen {
			files[name] = nil
		}
		for dir := part[3]; ; dir = filepath.Dir(dir) {
			entries, err := os.ReadDir(dir)
			if err != nil {
				return err
			}
			for _, e := range entries {
				if e.Type().IsRegular() && text.MatchString(e.Name()) && filepath.Ext(e.Name()) != ".go" {
					files[name] = append(files[name], filepath.Join(dir, e.Name()))
				}
			}
			if dir == part[2] {
				break
			}
		}
	}
	return nil
}
