package filename

import (
	"path/filepath"
	"strings"
	"unicode"
)

// ShellWord writes a word as it can stand in a command, for shells of Unix and for
// PowerShell alike: as it is, or in quotation marks of one kind or the other.
func ShellWord(word string) (string, bool) {
	plain := !strings.ContainsFunc(word, func(r rune) bool {
		return r != filepath.Separator && !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-+/:", r)
	})
	switch {
	case word == "":
		return "", false
	case plain:
		return word, true
	case strings.ContainsFunc(word, func(r rune) bool {
		return !unicode.IsPrint(r) || r > unicode.MaxASCII && unicode.Is(unicode.Quotation_Mark, r)
	}):
		return "", false // PowerShell takes typographic ones for its own
	case !strings.Contains(word, "'"):
		return "'" + word + "'", true
	case !strings.ContainsAny(word, "\"$`!\\"):
		return `"` + word + `"`, true
	default:
		return "", false
	}
}
