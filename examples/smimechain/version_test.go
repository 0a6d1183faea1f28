package main

import (
	"runtime/debug"
	"testing"
)

func TestDescribeBuild(t *testing.T) {
	info := &debug.BuildInfo{GoVersion: "go1.26.0", Settings: []debug.BuildSetting{{Key: "GOOS", Value: "linux"}, {Key: "GOARCH", Value: "arm64"}}}
	info.Main.Version = "v1.2.3"
	if got, want := describeBuild(info), "smimechain v1.2.3 go1.26.0 linux/arm64"; got.String() != want {
		t.Errorf("got %q, want %q", got, want)
	}
	info.Settings = append(info.Settings, debug.BuildSetting{Key: "vcs.revision", Value: "0123abcd"}, debug.BuildSetting{Key: "vcs.modified", Value: "true"})
	if got, want := describeBuild(info), "smimechain v1.2.3 commit 0123abcd with changes go1.26.0 linux/arm64"; got.String() != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := describeBuild(nil), "smimechain (unknown build)"; got.String() != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
