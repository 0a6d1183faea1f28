//go:build !race

package pkcs12

// raceEnabled says that the race detector is on, under which a key derivation
// takes many times as long.
const raceEnabled = false
