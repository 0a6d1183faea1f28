// Package deploy makes what a target takes from certificates that were checked:
// the public collection of Exchange Online with a script that uploads it,
// profiles and imported PFX files of Intune, configuration profiles of Apple,
// and texts for people.
//
// Call [Pack] first; it makes the [PublicCollection] that [Exchange], [IntuneTrusted]
// and [MobileConfig] start from. [Diff] and [Merge] compare with the collection in use,
// because an upload replaces it; [CurrentCollection] reads that one.
//
// Identities go other ways: [IntunePFX] takes one and the [Connector] that is to
// decrypt its password, [ParseUsers] reads a list of many, [MobileConfig] puts one into
// a profile, and [Rewrite] gives one the form that a target can open.
//
// [Handout] and [Checklist] make a [Guide], to be read rather than uploaded.
//
// What is to be uploaded comes as [Output] values; nothing is written. An Output
// that says Secret holds a key: write it with mode 0600 and never over another
// file unasked.
//
// Arguments that are pointers to options may be nil, which stands for the zero
// value. Other pointers may not.
//
// # What is checked
//
// What cannot work is refused: an empty or too large collection, key material in
// a collection, an identity that does not open or is not one, a password that
// Intune would garble or that the key of the connector cannot encrypt, a key of the
// connector that is too small, a certificate whose key usage does not allow the
// purpose. The same input gives the same bytes, save for encrypted passwords and
// identities that are written anew.
//
// Scripts are written for Windows PowerShell 5.1 and PowerShell 7; tests parse them
// with a PowerShell grammar, and run them where there is a PowerShell. But for the words of
// a language that needs more they are ASCII, and every text in them is quoted so that
// nothing in it runs. Before they change anything they
// compare each file with the SHA-256 of the one that was made.
//
// No error says anything of a password, a key or the content of a PFX. Go cannot
// wipe memory: a password and a plain key stay there until they are overwritten.
//
// # What is not checked
//
// Whether chains are complete and certificates good: judge the outputs with
// package lint, which reads them like any other file. Whether a service takes
// them: nothing is sent. What no file shows is in the checklists.
//
// # Limits
//
// A collection for Exchange has [sst.MaxExchangeSize] bytes, a list of users
// 100,000 rows, the key of a connector 2048 to 16384 bits. The package reads
// no clock and no file, and opens no connection; the moment to judge is an
// argument, and at the zero time nothing has expired. All functions are safe for
// concurrent use as long as nobody changes their arguments. What they return may
// share memory with these.
package deploy
