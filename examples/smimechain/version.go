package main

import (
	"fmt"
	"runtime/debug"
	"time"

	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
)

// version says which build this is, and how old what it knows of CAs is.
func version(c *command, args []string, std streams) (int, error) {
	fs := c.flags()
	if err := c.parse(fs, args, std); err != nil {
		return 0, err
	}
	if fs.NArg() > 0 {
		return 0, say.Errorf("version: want no argument, got %d", fs.NArg())
	}
	info, _ := debug.ReadBuildInfo() // nil in a binary without modules
	_, err := fmt.Fprintf(std.out, "%s\n%s\n", std.language.Say(describeBuild(info)),
		std.language.Say(say.New("catalogue of CAs as of %s", catalog.Default().Date().Format(time.DateOnly))))
	return exitClean, err
}

// buildVersion returns the version of the module that the Go tool has put into the
// binary; empty if there is none.
func buildVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	return info.Main.Version
}

// describeBuild writes what the Go tool has put into the binary: the version of
// the module, the commit, the Go version and the platform.
func describeBuild(info *debug.BuildInfo) say.Message {
	if info == nil {
		return say.New("smimechain (unknown build)")
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	toolchain := info.GoVersion + " " + settings["GOOS"] + "/" + settings["GOARCH"]
	switch revision := settings["vcs.revision"]; {
	case revision == "":
		return say.New("smimechain %s %s", info.Main.Version, toolchain)
	case settings["vcs.modified"] == "true":
		return say.New("smimechain %s commit %s with changes %s", info.Main.Version, revision, toolchain)
	default:
		return say.New("smimechain %s commit %s %s", info.Main.Version, revision, toolchain)
	}
}
