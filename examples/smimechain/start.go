//go:build !js && !wasip1

package main

import (
	"os/signal"
	"syscall"
)

// start makes a reader of the output that has gone away an error like any other.
func start() { signal.Ignore(syscall.SIGPIPE) }
