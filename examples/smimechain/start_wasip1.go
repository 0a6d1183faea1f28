package main

// start does nothing: WASI has no signals.
func start() {}
