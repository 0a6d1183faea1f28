// Package catalog holds facts about known S/MIME certification authorities:
// which certificates there are for a key, which of them to use, and which
// root programme trusts which form.
//
// # What to call first
//
// [Catalog.Known] of [Default], with a dead end of the package chain, names
// every known form of the issuer that is missing, the one to add first.
// [Catalog.Identify] says whether a certificate that was found or fetched is
// the one it claims to be. A user's own CAs come in through [Parse], which
// documents the file, and [Catalog.With].
//
// # What the facts are
//
// One data file, catalog.json, with its source and date in it: roots that
// Mozilla trusts for e-mail, and the S/MIME CAs and cross-certificates of
// Sectigo. Programmes are about roots; a cross-certificate has no programme of
// its own, its anchor has. Exchange Online has no root programme: its anchors
// are the self-signed certificates of the collection. Where the sources are
// silent the answer is [Unknown], never a guess: a CA that is not here is not
// thereby a bad one.
//
// # What is not checked
//
// A key identifier and a name are claims of the certificate at hand; only the
// fingerprint tells that a certificate is the one the catalogue means. The
// addresses of [Entry.URL] lead to a third party's site; nothing is fetched
// here. Facts age: compare [Catalog.Date].
package catalog

// The table that catalog.json is made from is not part of the module:
//
//	go run gen.go -csv known-cas.csv -date 2026-11-22 -o catalog.json
