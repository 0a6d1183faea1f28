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
// # The JSON report
//
// Programs may rely on these fields; there are more. Times are RFC 3339 in UTC,
// statuses the words of zlint: error, warn, info, fatal.
//
//	version        JSONVersion
//	time           of the check
//	files[]        name, format, certificates[]: index, subject, issuer, sha256, not_after
//	findings[]     rule, status, targets[], file, index, subject, sha256,
//	               message, remedy, citation, confidence
//	verdicts[]     target, status: works, fails, unknown or not_applicable, because[];
//	               facts[] that would decide, where there are any, by their names in a
//	               file of facts; sign, encrypt where they apply: a status for each
//	not_checked[]  what, why
//
// The sha256 of a certificate has 64 lower-case hexadecimal digits. The index is
// null where a finding is about a whole file. Messages change; rules, statuses
// and field names do not.
//
// # Terminals
//
// [Fold], [Pad], [Columns] and [Colors] are what the text report is written with,
// for programs that print beside it.
//
// # Limits and concurrency
//
// A report is rendered in memory that grows with its findings and certificates;
// the pictures of the HTML page are bounded. All functions are safe for concurrent
// use as long as nobody changes the report.
package report
