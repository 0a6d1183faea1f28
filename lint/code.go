package lint

import (
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/pkcs12"
)

// Code says to programs why something is not known. It keeps its meaning, while the
// sentence beside it may change. The list is closed: a new code is named in the
// changelog.
//
//	unrecognized            a file in a folder is no certificate file
//	not_read                a file could not be read or judged
//	nothing_to_check        a file holds nothing that could be judged
//	nothing_given           no certificate was given beside a file that rolls some out
//	blanked                 Microsoft Graph gives a PFX and its password back blank
//	item_ignored            something in a file is no certificate, revocation list or private key
//	password_not_given      a PFX was not opened for want of a password
//	password_wrong          no password that was given opens a PFX
//	not_opened              a part of a PFX was not opened for another reason
//	identity_elsewhere      an identity inside a file is not judged there: its PFX is to be given
//	interrupted             the check was stopped before it came to a file
//	unreadable              a certificate, or what decides in it, cannot be read
//	unseen                  no certificate can be seen that could be judged
//	no_address              a certificate holds no address
//	disputed                programs differ about a part of every path, and it is not known which the target is one of
//	expired_since           a certificate was valid when a message was signed, and is not now
//	signature_unchecked     a signature cannot be checked here
//	recipient_not_given     nothing that was given opens an encrypted message
//	key_not_given           there is no private key in a file: the PFX is to be given
//	may_hold_key            what may hold a private key lies beside what is judged
//	key_unchecked           a private key cannot be checked here
//	lints_not_run           the lints of zlint did not run on a certificate
//	issuer_fetched          an issuing CA is missing, and the target may fetch it
//	no_path                 no path is there to judge
//	name_constraints        constraints of names decide for which addresses
//	collection_not_given    the tenant's collection decides
//	root_not_listed         the root programme does not trust a root, or is not known to
//	other_cas_serve         a CA does not lead to an anchor, and others do
//	revocation_not_checked  no list was given or fetched
//	revocation_unknown      no list says anything that holds of a certificate
//	revocation_list         a revocation list cannot be used
//	catalog_old             the facts about CAs are more than a year older than the time judged
//	fact                    a fact would decide
//	rule_left_out           a rule would decide that was not to run
//	reader                  what a program does with a PFX is not known
//	out_of_sight            no file shows it
//	limit                   a limit cut the work short
//	undecided               a rule could not tell, and says why
type Code string

// The codes.
const (
	// Of files.
	codeUnrecognized      Code = "unrecognized"
	codeNotRead           Code = "not_read"
	codeNothingToCheck    Code = "nothing_to_check"
	codeNothingGiven      Code = "nothing_given"
	codeBlanked           Code = "blanked"
	codeItemIgnored       Code = "item_ignored"
	codePasswordNotGiven  Code = "password_not_given"
	codePasswordWrong     Code = "password_wrong"
	codeNotOpened         Code = "not_opened"
	codeIdentityElsewhere Code = "identity_elsewhere"

	codeInterrupted Code = "interrupted"

	// Of certificates.
	codeUnreadable         Code = "unreadable"
	codeUnseen             Code = "unseen"
	codeNoAddress          Code = "no_address"
	codeDisputed           Code = "disputed"
	codeExpiredSince       Code = "expired_since"
	codeSignatureUnchecked Code = "signature_unchecked"
	codeRecipientNotGiven  Code = "recipient_not_given"
	codeKeyNotGiven        Code = "key_not_given"
	codeMayHoldKey         Code = "may_hold_key"
	codeKeyUnchecked       Code = "key_unchecked"
	codeLintsNotRun        Code = "lints_not_run"

	// Of paths and of trust.
	codeIssuerFetched      Code = "issuer_fetched"
	codeNoPath             Code = "no_path"
	codeNameConstraints    Code = "name_constraints"
	codeCollectionNotGiven Code = "collection_not_given"
	codeRootNotListed      Code = "root_not_listed"
	codeOtherCAsServe      Code = "other_cas_serve"

	// Of revocation.
	codeRevocationNotChecked Code = "revocation_not_checked"
	codeRevocationUnknown    Code = "revocation_unknown"
	codeRevocationList       Code = "revocation_list"

	// Of the check.
	codeCatalogOld  Code = "catalog_old"
	codeFact        Code = "fact"
	codeRuleLeftOut Code = "rule_left_out"
	codeReader      Code = "reader"
	codeOutOfSight  Code = "out_of_sight"
	codeLimit       Code = "limit"
	codeUndecided   Code = "undecided"
)

// closedCode says why a PFX is not open; it is empty where it is.
func closedCode(f *bundle.File) Code {
	if f.PFX == nil || isOpen(f.PFX) {
		return ""
	}
	return passwordCode(f.PFX)
}

// passwordCode says why a part of a PFX was not opened.
func passwordCode(r *pkcs12.Inspection) Code {
	switch r.Password.Status {
	case pkcs12.PasswordNotTried:
		return codePasswordNotGiven
	case pkcs12.PasswordWrong:
		return codePasswordWrong
	default:
		return codeNotOpened
	}
}
