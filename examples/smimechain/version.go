package main

import (
	"fmt"
	"runtime/debug"
	"strings"
)

// version says which build this is.
func version(c *command, args []string, std streams) (int, error) {
	fs := c.flags()
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	if fs.NArg() > 0 {
		return 0, fmt.Errorf("version: want no argument, got %d", fs.NArg())
	}
	info, _ := debug.ReadBuildInfo() // nil in a binary without modules
	_, err := fmt.Fprintln(std.out, describeBuild(info))
	return exitClean, err
}

// describeBuild writes what the Go tool has put into the binary: the version of
// the module, the commit, the Go version and the platform.
func describeBuild(info *debug.BuildInfo) string {
	if info == nil {
		return "smimechain (unknown build)"
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	parts := []string{"smimechain", info.Main.Version}
	if revision := settings["vcs.revision"]; revision != "" {
		if settings["vcs.modified"] == "true" {
			revision += " with changes"
		}
		parts = append(parts, "commit "+revision)
	}
	parts = append(parts, info.GoVersion, settings["GOOS"]+"/"+settings["GOARCH"])
	return strings.Join(parts, " ")
}
