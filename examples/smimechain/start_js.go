package main

import (
	"os"
	"syscall/js"
)

// start serves a host that has a function smimechain, and does not return there: it
// gives that function another, which runs the command with the arguments in its
// first argument and calls its second with the exit status. A page starts the
// program once, and has the next answer without starting it again. One call at a
// time; it has the file system and the standard streams of the host.
func start() {
	host := js.Global().Get("smimechain")
	if host.Type() != js.TypeFunction {
		return
	}
	host.Invoke(js.FuncOf(func(_ js.Value, call []js.Value) any {
		args := make([]string, call[0].Length())
		for i := range args {
			args[i] = call[0].Index(i).String()
		}
		done := call[1]
		go func() {
			done.Invoke(run(args, streams{in: os.Stdin, out: os.Stdout, err: os.Stderr}))
		}()
		return nil
	}))
	select {}
}
