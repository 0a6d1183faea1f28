package lint

import "github.com/smimechain/smimechain/lint/say"

// Need is something that has to hold for a target to work with what is judged. The
// words are those of reports.
type Need string

// The needs.
const (
	NeedTaken      Need = "taken"      // the target takes the file: its form, its size, and no key in a public collection
	NeedOpens      Need = "opens"      // the PFX can be imported
	NeedIdentity   Need = "identity"   // one private key, with its certificate
	NeedSignature  Need = "signature"  // the signature of a message, over the text that is there
	NeedAddress    Need = "address"    // the address of the mailbox, or that a message is from
	NeedReads      Need = "reads"      // the cipher of an encrypted message, and the way of its key
	NeedRecipient  Need = "recipient"  // a private key that opens an encrypted message
	NeedSigns      Need = "signs"      // the certificate may be used to sign mail
	NeedDecrypts   Need = "decrypts"   // and to have mail encrypted for it
	NeedValid      Need = "valid"      // at the time that is judged
	NeedPath       Need = "path"       // an accepted path to what the target anchors in
	NeedTrusted    Need = "trusted"    // by the tenant's collection, a root programme, or for being rolled out
	NeedServes     Need = "serves"     // CAs under which signatures will be trusted
	NeedRevocation Need = "revocation" // nothing on the path is revoked
	NeedSettings   Need = "settings"   // of the tenant
	NeedDelivery   Need = "delivery"   // to the device or group
)

// State is what is known of a need.
type State string

// The states. A need that does not apply is not listed.
const (
	Met     State = "met"     // shown by something that was seen
	Failed  State = "failed"  // refuted, by findings
	Open    State = "unknown" // could not be decided
	Assumed State = "assumed" // not shown, and normally so
)

// Answer is what is known of one need.
type Answer struct {
	Need     Need
	State    State
	Evidence []say.Message // what was seen
	Decide   []say.Message // where the state is Open, what would decide; where it is Assumed, what that takes for granted
	Code     Code          // where the state is Open, why: the first reason of several; empty otherwise
	Because  []string      // names of the rules that refute it or could not tell, sorted
	Facts    []Fact        // that would decide, sorted

	refuting []refuting // the findings
	without  State      // the state if none of them counted
	why      Code       // the code of that state
}

// refuting is a finding that refutes a need, as it stands in a report.
type refuting struct {
	rule, file string
	index      int
}

// Sentence returns the word for people, to be said in another language.
func (n Need) Sentence() say.Message {
	switch n {
	case NeedTaken:
		return say.New("taken")
	case NeedOpens:
		return say.New("opens")
	case NeedIdentity:
		return say.New("identity")
	case NeedSignature:
		return say.New("signature")
	case NeedAddress:
		return say.New("address")
	case NeedReads:
		return say.New("reads")
	case NeedRecipient:
		return say.New("recipient")
	case NeedSigns:
		return say.New("signs")
	case NeedDecrypts:
		return say.New("decrypts")
	case NeedValid:
		return say.New("valid")
	case NeedPath:
		return say.New("path")
	case NeedTrusted:
		return say.New("trusted")
	case NeedServes:
		return say.New("serves")
	case NeedRevocation:
		return say.New("not revoked")
	case NeedSettings:
		return say.New("settings")
	case NeedDelivery:
		return say.New("delivery")
	default:
		return say.New("%s", string(n))
	}
}

// SubjectKind is what a verdict is about.
type SubjectKind string

// The kinds of subject.
const (
	KindCollection  SubjectKind = "collection"  // certificates of CAs that are handed over together
	KindIdentity    SubjectKind = "identity"    // a private key with its certificate
	KindCertificate SubjectKind = "certificate" // of a user, without its key
	KindMessage     SubjectKind = "message"     // mail that is signed or encrypted
	KindArtefact    SubjectKind = "artefact"    // a script, settings, a body for Microsoft Graph, a profile, a connector's key
)

// Subject is what one verdict is about.
type Subject struct {
	Kind   SubjectKind
	File   string // or the name of the collection
	Index  int    // of the certificate in the file, from 0; -1 for the whole
	Name   string // its subject, RFC 2253; empty for the whole
	SHA256 string // of the certificate, 64 lower-case hexadecimal digits; empty for the whole

	Message int // the number of the message in the file, from 1; 0 for what is no message
}
