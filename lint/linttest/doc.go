// Package linttest puts the rules of package lint into Go tests.
//
// # For a company that keeps its certificates in a repository
//
// Call [Clean] from a test, with the targets that you deploy for:
//
//	func TestTenant(t *testing.T) {
//		exchange := lint.Options{Targets: []lint.Target{lint.ExchangeOnline}}
//		linttest.Clean(t, &linttest.Options{Lint: exchange}, "tenant.sst")
//	}
//
// It fails when a rule finds an error, when a verdict that was asked for is not
// "works", and 30 days before a certificate expires. Each message says what to
// do. Warnings fail only when asked for.
//
// A PFX needs Options.Password, and its verdict the facts that no file shows, in
// Options.Lint.Facts: without the address of the mailbox, for instance, it is not
// known whether Outlook for iOS works, and the test says so. Options.Baseline
// accepts for a limited time what cannot be remedied yet.
//
// # For authors of rules
//
// Call [Run] with a rule and a folder of cases, each a file and what the rule is
// to say about it.
//
// # What is not checked
//
// What package lint does not check: whether addresses can be reached, the
// settings of a tenant or device, and how files are delivered.
//
// # Nothing passes by accident
//
// No file, no certificate, a file that cannot be read, a rule that cannot run or
// a folder without cases is a failure, never a test that passes.
package linttest
