// Package report renders the reports of package lint: [Text] and [HTML] for people, [JSON]
// and [NDJSON] for programs, [SARIF] for code scanning, [JUnit] for build servers.
//
// The functions write English; the methods of [Options] of the same names write
// any [Language]. A renderer writes to the writer it is given and returns the
// first error of it; it reads no clock and no environment. The same report gives
// the same bytes. Names in certificates come from whoever made them: each format
// escapes them in its own way, and everything that a terminal might act on is
// replaced.
//
// All functions are safe for concurrent use as long as nobody changes the
// report.
package report
