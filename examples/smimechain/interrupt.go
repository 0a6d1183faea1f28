package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/smimechain/smimechain/lint/say"
)

// errInterrupted says that the user stopped the command.
var errInterrupted = say.Errorf("interrupted: not complete")

// interruptible returns a context that ends when the user interrupts the command,
// so that no line is written by half. A second interrupt ends the process.
func interruptible() (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}
