// Package bundle reads every form in which certificates reach an
// administrator: Serialized Certificate Stores and registry exports, PEM, DER,
// PKCS #7 and PFX files, mail (.eml, mbox, .msg of Outlook, winmail.dat), the output of
// Get-SmimeConfig in every form that holds it, PowerShell scripts, objects of Microsoft
// Graph for Intune (bodies, requests and replies, what SDKs, modules, Microsoft365DSC and
// Terraform write of them), Apple configuration profiles,
// public keys of Intune's connector, and folders of them. The content decides what
// a file is; only one that is named .ps1, .psm1 or .psd1 is a script by its name.
//
// Call [Parse] on bytes, [ReadFile] on one file of the system, [Options.ReadDir] on a
// folder, or [Options.ReadFS] on any file system; [Options] has all with a password
// for PFX files. Each gives [File] values that list the certificates in file order
// and say where private keys lie, without ever holding or printing one.
// [Options.Walk] names the files below folders without reading them, for those who
// have more than they want to hold; [Options.Tar] and [Options.Lines] take the files
// of an archive and of a stream one after the other.
//
// A file in no known format is an [*UnrecognizedError]; in a folder it is listed
// as [Skipped].
//
// # What is kept
//
// A certificate that cannot be decoded stays in its place with the reason in
// [Certificate].Fault, so that nothing disappears between a file and a report.
// Blocks that are neither certificate, revocation list nor key are listed in
// [File].Ignored.
//
// # Private keys
//
// Private keys are looked for in every form: PEM and DER; blobs of Windows, files of
// PuTTY, SSH, OpenPGP and GnuPG; JWK and XML; the numbers that openssl -text prints;
// and key stores of Java, Bouncy Castle, NSS and Apple; and in base64, hexadecimal
// digits, lists of numbers and UTF-16 of these, up to three inside each other, in the
// properties and elements of a store too. Of each file one is listed that was found
// so. A file that is nothing but a key has the Format [PrivateKey].
// [FoundKey].Doubtful tells of what may hold a key and cannot be looked into. In a file of
// more than 4 MiB only the first and the last 2 MiB are searched. Not found are keys
// in archives, in what is compressed, in pictures, and under a cipher that leaves no
// trace.
//
// # Passwords
//
// A password is used and not kept. [File].Password says how long the one is that
// opened a PFX, and how hard to guess; of one that is wrong nothing is said.
//
// # Text
//
// PEM and base64 text may be UTF-8 or UTF-16, with or without a byte order
// mark, with any line ending: Windows PowerShell 5.1 writes UTF-16 when its
// output is redirected. Offsets then count in the text after its conversion
// to UTF-8.
//
// Base64 around a binary format, and PEM around a single PFX, are taken away;
// [File].Armor and [File].UTF16 tell of it, because what this package reads is
// not what every program reads. So are quotation marks, lists of numbers, escapes of
// strings, quoted-printable and base64 in base64, up to three one in another and 16 MiB,
// with an entry in [File].Ignored; a PFX in such a form is named, and not opened. What
// programs for text have damaged beyond that is an error that names the damage.
//
// A certificate in a file of PEM that stands outside of its blocks, as where the BEGIN line
// is missing or its hyphens are dashes, is a [Certificate] with a Fault: programs step over
// it in silence.
//
// # Mail
//
// [File].Messages has each message with its layers of S/MIME, the outermost first.
// Signatures are verified over the octets between the boundaries, with line endings of
// CRLF; [Signature].Cause says what changed a text where undoing that brings back what was
// signed. Encrypted messages are not opened; their recipients and ciphers are named. A
// message inside another, and one in an mbox, is a message of its own. What Outlook keeps
// of a message that was not saved as it came, such as its text beside S/MIME, is not looked
// at.
//
// # What is not checked
//
// Whether a certificate is valid, complete or trusted is the business of the
// packages chain and lint. Signatures of profiles are not verified.
//
// # Scripts
//
// A script is taken apart by the grammar of PowerShell 7, of which that of Windows
// PowerShell 5.1 is a part; what neither parses is read as far as it goes. Scripts are not
// run. A variable is followed where the script assigns it once; of what is splatted, the
// last literal hash table before it counts, in whichever scope. Text that has no name of a
// script is one where a cmdlet of the job begins a statement and the rest reads as
// statements too: prose, lists of names, transcripts and Markdown are none. Text in no
// UTF-8 is taken for code page 932 where it reads so, else for 1252.
//
// # Settings
//
// Output of Get-SmimeConfig is read as ConvertTo-Json, Export-Clixml, ConvertTo-Xml and
// Format-List write it, also inside a transcript, a quoted message, a Markdown fence or a
// report, and the octets of the collection by themselves as numbers, hexadecimal digits or
// base64. Tables, CSV and HTML do not hold the octets; such a file is an
// [*UnrecognizedError] that names the command that keeps them.
//
// # Limits
//
// [Limits] hold for every file; what is read stops soon after its context has ended. A
// JSON file may have 10,000 objects and 524,288 values, XML of PowerShell 2,097,152
// elements, a script 1 MiB, a message 1000 parts and a file 1000 messages, which
// unpacked may be no larger than a file, a profile 16 MiB, 131,072 elements and 1000
// payloads; beyond that the error wraps [ErrTooLarge]. Stores and
// PKCS #7 messages have the limits of their packages; sst.NewReader reads stores
// of any size. A PFX is inspected within the default limits of package pkcs12,
// which may take some seconds; all PFX files inside one file share Limits.Iterations.
//
// All functions are safe for concurrent use; a File may be read from many
// goroutines as long as none changes it.
package bundle
