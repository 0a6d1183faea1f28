//go:build race

package pkcs12

const raceEnabled = true
