package main

import (
	"os"
	"syscall"
)

// virtualTerminal is ENABLE_VIRTUAL_TERMINAL_PROCESSING of SetConsoleMode.
const virtualTerminal = 0x0004

var setConsoleMode = syscall.NewLazyDLL("kernel32.dll").NewProc("SetConsoleMode")

// showsColor makes the console understand colours, and reports whether it does:
// one of Windows before 10 1511 does not.
func showsColor(out *os.File) bool {
	var mode uint32
	console := syscall.Handle(out.Fd())
	if err := syscall.GetConsoleMode(console, &mode); err != nil {
		return false
	}
	if mode&virtualTerminal != 0 {
		return true
	}
	ok, _, _ := setConsoleMode.Call(uintptr(console), uintptr(mode|virtualTerminal))
	return ok != 0
}
