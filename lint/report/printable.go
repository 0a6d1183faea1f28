package report

import "github.com/smimechain/smimechain/internal/console"

// Printable replaces every character of s that is not printable, such as the
// escape character of terminal commands, and every octet that is not UTF-8, by
// its escape in Go's notation. So it does with the first character of what the
// log of a build takes for a command: "::" at the beginning (GitHub Actions),
// and "##", letters and a bracket anywhere (Azure Pipelines, TeamCity, GitHub).
func Printable(s string) string { return console.Printable(s) }
