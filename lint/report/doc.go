// Package report renders the reports of package lint: [Text] for people,
// [JSON] for programs.
//
// A renderer writes to the writer it is given and returns the first error of
// it; it reads no clock and no environment. The same report gives the same
// bytes. Names in certificates come from whoever made them: text output
// replaces everything in them that a terminal might act on.
package report
