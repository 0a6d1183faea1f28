// Package report renders the reports of package lint: [Options.Text] and [Options.HTML] for people, [Options.JSON]
// and [Options.NDJSON] for programs, [Options.SARIF] for code scanning, [Options.JUnit] for build servers.
//
// The language is that of [Options]. A renderer writes to the writer it is given and returns the
// first error of it; it reads no clock and no environment. The same report gives
// the same bytes. Names in certificates come from whoever made them: each format
// escapes them in its own way, and everything that a terminal might act on is
// replaced.
//
// # The JSON report
//
// [Document] is the report field by field, [Decode] reads one back, and [Schema] is its
// JSON Schema, for programs in other languages. Names of fields, rules, targets and
// needs, states and codes are the same in every language and keep their meaning within
// a [JSONVersion]; messages and other texts change. A later version of the package may
// write further fields, which Decode passes over and its schema names.
//
//	version         JSONVersion
//	tool            name, version
//	lang            of texts
//	time            that was judged
//	catalog_date    of the facts about CAs
//	files[]         name, format, certificates[]; closed: why a PFX was not opened
//	targets[]       the verdict for each target, about all subjects
//	verdicts[]      the verdict for each subject and target, with needs[]: need, state,
//	                code, evidence, decide, because[]
//	findings[]      rule, status, targets[], file, index, subject, sha256, message, …
//	remarks[]       the same of lints of zlint, which decide no verdict
//	missing[]       certificates that chains lack: subject, sha256, urls[], kind, for[]
//	not_checked[]   code, what, why
//	revocation[]    what is known of each certificate
//	accepted[]      findings that a baseline accepts
//
// # For build servers
//
// A file that was not opened is red in every format: its verdicts are unknown in JSON,
// it is an error in JUnit, and in SARIF the invocation was not successful and says why.
//
// # Limits and concurrency
//
// A report is rendered in memory that grows with its findings and certificates;
// the pictures of the HTML page are bounded. All functions are safe for concurrent
// use as long as nobody changes the report.
package report
