// Package catalog holds facts about the certification authorities of the world that may
// serve mail: which certificates there are for a key, which of them to use, and which
// root programme trusts which form.
//
// # What to call first
//
// [Catalog.Ways] of [Default], with a dead end of the package chain, lists what is
// missing up to an anchor, the recommended way first with its reason.
// [Catalog.Signer] names the issuer alone, and says whether the signature shows it;
// [Catalog.Known] is its short form. [Catalog.Identify] says whether a certificate that
// was found or fetched is the one it claims to be. [Catalog.Find] is for people who ask
// for a CA by its name. A user's own CAs come in through [Parse], which documents the
// file, and [Catalog.With].
//
// # What the facts are
//
// One embedded file, which the folder gen makes: every certificate of a CA that is
// disclosed to the CCADB, may serve mail (emailProtection, any, or no extended key usage)
// and had not been expired for more than two years, with its public key and the key
// under which its signature verified. COVERAGE.md counts them. Certificates themselves
// are not in it. Programmes are about roots; a cross-certificate has no programme of its
// own, its anchor has. Exchange Online has no root programme: its anchors are the
// self-signed certificates of the collection. Where the sources are silent the answer is
// [Unknown], never a guess: a CA that is not here is not thereby a bad one, and a root of
// no list ([Entry.Listed]) not a good one. Apple publishes which roots are in its store,
// and not for which purpose. The dates of [Programme.DistrustAfter] are projections.
//
// [Catalog.Distrusted] knows the certificates of Microsoft's list of distrusted ones, of
// CAs and of users, by their fingerprints alone.
//
// # What it costs
//
// A program that asks nothing pays nothing. The file of 1.5 MB stays where the program is
// mapped; a look-up decodes what it returns, in some ten microseconds for each entry.
// [Catalog.Entries] and [Catalog.Find] decode all of it.
//
// # What is not checked
//
// A key identifier and a name are claims of the certificate at hand; the fingerprint
// tells that a certificate is the one the catalogue means, and a signature that a CA is
// the one. Of revocation only what was reviewed is known ([Entry.Revoked]). Ways are made
// of names, keys, validity and path lengths: name constraints and policies are for
// package chain to judge. The addresses lead to others' sites; nothing is fetched here.
// Facts age: compare [Catalog.Date].
package catalog
