// Package describe says what files hold, and which paths lead from a certificate in
// them to the anchors: the documents that the command writes as JSON, as Go types.
//
// # What to call first
//
// [NewFile] describes one file, as the command show does: certificates, revocation lists, their
// properties in a store, and what is in a PFX and who can open it. For stores of any
// size [NewElement] describes what sst.NewReader reads, one element at a time.
//
// [NewPool] takes the certificates of many files, and the one that paths start from;
// [Pool.Build] finds the paths, and [Pool.Paths] describes the result as the command
// paths does. [Paths.WriteDOT] draws it.
//
// [NewDiff] compares the certificates of files, and their properties in stores, as the
// command diff does.
//
// # The documents
//
// [File], [Paths] and [Diff] are documents for programs, with encoding/json: names, order and
// meaning of what is in them stay as they are, and what is added later has a name of
// its own; where that cannot be kept, [PathsVersion] or [DiffVersion] changes. Written with
// an indent of two blanks they are what the command writes.
//
// Certificates are named by their SHA-256 fingerprint and, as key identifiers, serial
// numbers and SHA-1 thumbprints, written in lower-case hexadecimal digits without
// separators. Times are RFC 3339 in UTC, and names as RFC 2253 writes them. Texts
// come from files as they are: who shows them to people makes them printable first.
// What is said in words is English.
//
// Of a private key, and of a property that may hold one, a document says the kind, the
// size and the place, and nothing of the value.
//
// # Limits and concurrency
//
// The package opens no file and no connection and reads no clock. It has no limits of
// its own: those of packages bundle, sst and pkcs12 bound what files hold, and
// chain.Limits a search; [Paths].Truncated says which of these cut it short. A
// document takes memory in proportion to what it describes. All functions are safe
// for concurrent use, and what they return may be read by many goroutines as long as
// none changes it.
package describe
