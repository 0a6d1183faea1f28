// Package deploy makes what a target takes: so far the public collection of
// certificates that Exchange Online is given.
//
// It reads no clock and no file, and opens no connection. What it leaves out of
// a collection it says.
package deploy
