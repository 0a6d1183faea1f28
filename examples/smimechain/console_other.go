//go:build !windows

package main

// ownConsole reports whether the window that shows the output closes with the program.
func ownConsole() bool { return false }
