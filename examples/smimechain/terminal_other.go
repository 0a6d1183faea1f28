//go:build !windows

package main

import "os"

// showsColor reports whether a terminal understands colours.
func showsColor(*os.File) bool { return true }
