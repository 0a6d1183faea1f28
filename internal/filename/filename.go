// Package filename makes names of files, and writes them into commands.
package filename

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Part makes of what a certificate calls itself a part of the name of a file that
// every file system and shell takes: its letters and digits, in whatever script, with
// a dash in place of anything else. It is not empty and has 48 characters at most; it
// says nothing of names that are alike.
func Part(name string) string {
	const longest = 48 // characters, of four octets at most
	var b strings.Builder
	dash, n := false, 0
	for _, r := range norm.NFC.String(name) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !(unicode.IsMark(r) && n > 0) {
			dash = n > 0
			continue
		}
		if dash {
			b.WriteByte('-')
		}
		dash = false
		b.WriteRune(r)
		if n++; n == longest {
			break
		}
	}
	if n == 0 {
		return "certificate"
	}
	return b.String()
}
