// Package lint judges certificates and whole collections before they are rolled
// out, and gives a verdict for each [Target].
//
// A verdict is a proof. Each target has needs, by what is judged: that the file is
// taken, that a PFX opens, a path to what the target anchors in. Each need is met, by
// something that was seen; failed, refuted by findings; unknown, with what would
// decide; or assumed, as the target takes for granted. It works if every need is met
// or assumed, fails if one is refuted, and is unknown otherwise. What is judged is a
// [Subject]: one identity, certificate, message, collection or artefact.
//
// Call [Run] with files that package bundle has read. The [Report] has the
// findings, each with what to do about it, the verdicts with the rules that
// decided them, and what could not be checked. A finding is not an error: Run
// returns an error only when the check could not be made, and a check of
// nothing is such an error. [Each] does the same for any number of files, each by
// itself, several at the same time.
//
// # Rules
//
// [Rules] lists the rules of this package. They are described in the words of
// zlint: a name that begins with e_ is an error, with w_ a warning, with n_ a
// notice. What is observed and not documented says so, and is never an error.
// Signing and encrypting are judged apart, and each target compares addresses in
// its own way.
//
// A rule of your own is a value of type [Rule], which [Options].Rules takes after
// those of [Rules]; package linttest runs it on cases.
//
// # Facts
//
// Some rules have to know what no file shows: the addresses of the mailbox, the
// oldest iOS, what Get-SmimeConfig says. [Facts] tells them; [ParseFacts] reads
// them from a file. Without its fact a rule is not applicable, the report says
// so, and where the fact decides, the verdict is unknown and names it.
//
// Files of one call speak to each other too: the output of Get-SmimeConfig beside
// the certificate of a user, the public key of Intune's connector beside imported
// PFX files, the profiles of one platform beside those of another. A fact goes
// before what a file says.
//
// # Lints of zlint
//
// The lints of zlint run on each certificate too, chosen by its kind: the
// certificate of a CA and that of a user under a private PKI are not held to the
// rules for public certificates, and none is held to those for web servers.
// Three lints that take most of the time run only when asked for, as do two that the
// S/MIME Baseline Requirements contradict. Findings of zlint are remarks: they speak
// of no target and decide no verdict; there are none on anchors, and on the
// certificates of other CAs they are notices. The other way round,
// [Registry] gives those rules that look at one certificate at a time to zlint.
//
// # Collections
//
// A container (a store, a PFX, a PKCS #7 file, a PEM file with several
// certificates) is judged as one collection. Loose certificates of one call or
// folder are one collection together; beside a store they are judged against it.
//
// # Anchors
//
// Exchange Online trusts the self-signed certificates of its collection and
// nothing else; what is given beside a store is no anchor. Outlook for iOS goes by
// the same collection. The other targets lead to the self-signed certificates of the
// file, of Options.With and of Options.Roots, and trust those that the catalogue knows
// to be in their root programme, or that Options.Roots says are rolled out.
//
// # What is not checked
//
// Whether revocation lists can be reached, unless Options.Revocation is given; the
// settings of a tenant or device that no file and no fact tells; and how files are
// delivered. The checklists of package deploy list what remains: what users have to
// do, order and groups in a service, what a machine or a product does by itself.
// What is no fault has no rule either, such as both forms of a cross-signed CA side
// by side, or certificates in another order than that of a chain.
//
// # Limits
//
// The budgets of package chain apply to each search, and the searches of one
// collection share another; where one is cut short the verdict is unknown, never
// works. The lints of zlint run on certificates of up to 1 MiB, with up to
// 1000 policies and RSA keys of up to 16,384 bits. A certificate that signs
// is compared with 16 that encrypt for the same user, and a message lists 20
// addresses. What is left out for a limit is in Report.NotChecked. Facts may
// have 4 MiB and 1000 proxy addresses, a baseline 10,000 entries, a report [MaxChains]
// chains of 24 certificates; files have the limits of package bundle.
package lint
