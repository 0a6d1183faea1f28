package main

import (
	"os"
	"strings"

	"github.com/smimechain/smimechain/lint/locale"
)

// languageFlag is the value of -lang. [chosen] has read it before any flag is
// parsed, because even what is wrong with a flag is said in the language.
type languageFlag struct{}

func (languageFlag) String() string { return "" }

func (languageFlag) Set(code string) error {
	_, err := locale.Parse(code)
	return err
}

// chosen returns the language that -lang asks for among the arguments; ok is false
// where it asks for none.
func chosen(args []string) (l locale.Language, ok bool) {
	for i, arg := range args {
		if arg == "--" {
			break
		}
		name, value, given := strings.Cut(strings.TrimPrefix(arg, "-"), "=")
		if name != "-lang" && name != "lang" || !strings.HasPrefix(arg, "-") {
			continue
		}
		if !given && i+1 < len(args) {
			value = args[i+1]
		}
		if found, err := locale.Parse(value); err == nil {
			l, ok = found, true
		}
	}
	return l, ok
}

// systemLanguage returns the language of the user: that of the variables of POSIX
// for messages, in their order, else that which the system tells.
func systemLanguage() locale.Language {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := os.Getenv(name); value != "" {
			return locale.Match(value)
		}
	}
	return locale.Match(userInterfaceLanguage())
}
