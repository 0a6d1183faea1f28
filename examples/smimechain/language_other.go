//go:build !windows

package main

// userInterfaceLanguage is for Windows, which has no variables for it.
func userInterfaceLanguage() string { return "" }
