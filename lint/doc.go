// Package lint judges certificates and whole collections before they are rolled
// out, and gives a verdict for each [Target].
//
// Call [Run] with files that package bundle has read. The [Report] has the
// findings, each with what to do about it, the verdicts with the rules that
// decided them, and what could not be checked. A finding is not an error: Run
// returns an error only when the check could not be made, and a check of
// nothing is such an error.
//
// # Rules
//
// [Rules] lists the rules of this package. They are described in the words of
// zlint: a name that begins with e_ is an error, with w_ a warning, with n_ a
// notice. The lints of zlint itself run on each certificate too, chosen by its
// kind: the certificate of a CA and that of a user under a private PKI are not
// held to the rules for public certificates, and none is held to those for web
// servers. Findings of zlint speak of no target and decide no verdict. Three of
// its lints that take most of the time are left out.
//
// # Collections
//
// A container (a store, a PKCS #7 file, a PEM file with several certificates) is
// judged as one collection. Loose certificates of one call or folder are one
// collection together; beside a store they are judged against it.
//
// # Anchors
//
// Exchange Online trusts the self-signed certificates of its collection and
// nothing else. The other targets are judged by the self-signed certificates of
// the file, of Options.With and of Options.Roots: the question is whether the
// chain in the file is complete.
//
// # What is not checked
//
// Whether revocation lists can be reached, the settings of a tenant or device,
// and how files are delivered: no file shows that.
//
// # Limits
//
// The budgets of package chain apply to each search; where one is cut short the
// verdict is unknown, never works.
package lint
