package lint

import (
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/pkcs12"
)

// Code says to programs why something is not known. It keeps its meaning, while the
// sentence beside it may change. The list is closed: a new code is named in the
// changelog.
type Code string

// The codes.
const (
	// Of files.
	codeUnrecognized      Code = "unrecognized"       // a file in a folder is no certificate file
	codeNotRead           Code = "not_read"           // a file could not be read or judged
	codeNothingToCheck    Code = "nothing_to_check"   // a file holds nothing that could be judged
	codeNothingGiven      Code = "nothing_given"      // no certificate was given beside a file that rolls some out
	codeBlanked           Code = "blanked"            // Microsoft Graph gives a PFX and its password back blank
	codeItemIgnored       Code = "item_ignored"       // something in a file is no certificate, revocation list or private key
	codePasswordNotGiven  Code = "password_not_given" // a PFX was not opened for want of a password
	codePasswordWrong     Code = "password_wrong"     // no password that was given opens a PFX
	codeNotOpened         Code = "not_opened"         // a part of a PFX was not opened for another reason
	codeIdentityElsewhere Code = "identity_elsewhere" // an identity inside a file is not judged there: its PFX is to be given

	codeInterrupted Code = "interrupted" // the check was stopped before it came to a file

	// Of certificates.
	codeUnreadable         Code = "unreadable"          // a certificate, or what decides in it, cannot be read
	codeUnseen             Code = "unseen"              // no certificate can be seen that could be judged
	codeNoAddress          Code = "no_address"          // a certificate holds no address
	codeDisputed           Code = "disputed"            // programs differ about a part of every path, and it is not known which the target is one of
	codeExpiredSince       Code = "expired_since"       // a certificate was valid when a message was signed, and is not now
	codeSignatureUnchecked Code = "signature_unchecked" // a signature cannot be checked here
	codeRecipientNotGiven  Code = "recipient_not_given" // nothing that was given opens an encrypted message
	codeKeyNotGiven        Code = "key_not_given"       // there is no private key in a file: the PFX is to be given
	codeMayHoldKey         Code = "may_hold_key"        // what may hold a private key lies beside what is judged
	codeKeyUnchecked       Code = "key_unchecked"       // a private key cannot be checked here
	codeLintsNotRun        Code = "lints_not_run"       // the lints of zlint did not run on a certificate

	// Of paths and of trust.
	codeIssuerFetched      Code = "issuer_fetched"       // an issuing CA is missing, and the target may fetch it
	codeNoPath             Code = "no_path"              // no path is there to judge
	codeNameConstraints    Code = "name_constraints"     // constraints of names decide for which addresses
	codeCollectionNotGiven Code = "collection_not_given" // the tenant's collection decides
	codeRootNotListed      Code = "root_not_listed"      // the root programme does not trust a root, or is not known to
	codeOtherCAsServe      Code = "other_cas_serve"      // a CA does not lead to an anchor, and others do

	// Of revocation.
	codeRevocationNotChecked Code = "revocation_not_checked" // no list was given or fetched
	codeRevocationUnknown    Code = "revocation_unknown"     // no list says anything that holds of a certificate
	codeRevocationList       Code = "revocation_list"        // a revocation list cannot be used

	// Of the check.
	codeCatalogOld  Code = "catalog_old"   // the facts about CAs are more than a year older than the time judged
	codeFact        Code = "fact"          // a fact would decide
	codeRuleLeftOut Code = "rule_left_out" // a rule would decide that was not to run
	codeReader      Code = "reader"        // what a program does with a PFX is not known
	codeOutOfSight  Code = "out_of_sight"  // no file shows it
	codeLimit       Code = "limit"         // a limit cut the work short
	codeUndecided   Code = "undecided"     // a rule could not tell, and says why
)

// closedCode says why a PFX is not open; it is empty where it is.
func closedCode(f *bundle.File) Code {
	if f.PFX == nil || isOpen(f.PFX) {
		return ""
	}
	return passwordCode(f.PFX)
}

// passwordCode says why a part of a PFX was not opened.
func passwordCode(r *pkcs12.Report) Code {
	switch r.Password.Status {
	case pkcs12.PasswordNotTried:
		return codePasswordNotGiven
	case pkcs12.PasswordWrong:
		return codePasswordWrong
	default:
		return codeNotOpened
	}
}
