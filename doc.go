// Package smimechain is the guide to the module; it holds no code.
//
// The module answers one question about an S/MIME roll-out before anything is
// uploaded: will it work, and if not, what exactly is missing? It works on files,
// offline, and judges for each target by itself: Exchange Online, Outlook for iOS,
// Apple Mail, Intune and Windows.
//
// # Where to begin
//
// To check what you have, read it with
// [github.com/smimechain/smimechain/chain/bundle] and give it to
// [github.com/smimechain/smimechain/lint]; the example below does that in ten
// lines. [github.com/smimechain/smimechain/lint/report] writes the result as text,
// JSON, SARIF, JUnit or HTML, and
// [github.com/smimechain/smimechain/lint/linttest] makes a Go test of it.
//
// To work with one format, import its package alone; it brings nothing of the
// rest:
//
//   - [github.com/smimechain/smimechain/sst] reads and writes the Serialized
//     Certificate Store that Exchange Online takes as its virtual certificate
//     collection. The page FORMAT.md beside it describes the format.
//   - [github.com/smimechain/smimechain/pkcs12] inspects PFX files without
//     exposing a key, says which programs can open one, and rewrites it.
//   - [github.com/smimechain/smimechain/pkcs12/pkcs7] reads and writes .p7b files.
//
// To build paths, use [github.com/smimechain/smimechain/chain]: it finds every path
// through cross-signed CAs, says why the others fail, and where one stops.
// [github.com/smimechain/smimechain/chain/catalog] names the certificate that is
// missing there. [github.com/smimechain/smimechain/chain/deploy] makes what a target
// takes.
//
// # Terms
//
// A target is a product with rules of its own. A collection is a set of
// certificates that is judged as one: a store, a PFX, a PKCS #7 or PEM file, or the
// loose certificates of one call. An anchor is a certificate that is trusted without
// another: for Exchange Online the self-signed certificates of the collection and
// nothing else, for the other targets those of the file and those that are named as
// roots. A cross-certificate is a CA's certificate issued by another CA; the same
// name and key then have more than one certificate, and a chain more than one path.
// A finding is what a rule has to say; a verdict is what all of them mean for a
// target. A fact is what the administrator knows and no file shows.
//
// # Findings are not errors
//
// An error says that the check could not be made: a file that is in no known format,
// a bad option, nothing to check. What is wrong with a certificate is a finding. What
// cannot be decoded is kept in its place with the reason, never dropped. What could
// not be judged is listed, and a verdict that depends on it is unknown, not a guess.
//
// # Languages
//
// What people read, errors among it, is a sentence of
// [github.com/smimechain/smimechain/lint/say], English where it is written, with its
// values apart. [github.com/smimechain/smimechain/lint/locale] says it in other
// languages, each of which is one file.
//
// # Times, names and fingerprints
//
// Nothing reads the clock but lint.Run, lint.Each and lint.EachAs where Options.Time is
// zero. Times in output are RFC 3339 in UTC. Names are written as RFC 2253 does. Fingerprints are
// SHA-256 over the whole certificate; in JSON they are 64 lower-case hexadecimal
// digits.
//
// # What is not done
//
// The library opens no connection, prints nothing and shows no private key.
// Revocation is judged only by the lists that are given to it. The settings of
// tenants and devices, and whether files arrive, are beyond what files show.
//
// # Limits and concurrency
//
// Each count and size that comes from a file has a named limit in its package, and
// each search a budget; what was cut short says so. Functions are safe for concurrent
// use. What they return may be read by many goroutines as long as none changes it.
//
// # The command
//
// The command is in examples/smimechain; the README there shows it at work. Repositories
// and scripts to copy are beside it in examples.
package smimechain
