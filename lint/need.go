package lint

import "github.com/smimechain/smimechain/lint/say"

// Need is something that has to hold for a target to work with what is judged. The
// words are those of reports.
//
//	taken       the target takes the file: its form, its size, and no key in a public collection
//	opens       the PFX can be imported
//	identity    one private key, with its certificate
//	signature   the signature of a message, over the text that is there, in a way that the target checks
//	address     the address of the mailbox, or that a message is from
//	reads       the cipher of an encrypted message, and the way of its key
//	recipient   a private key that opens an encrypted message
//	signs       the certificate may be used to sign mail
//	decrypts    and to have mail encrypted for it
//	valid       at the time that is judged
//	path        an accepted path to what the target anchors in
//	trusted     by the tenant's collection, a root programme, or for being rolled out
//	serves      CAs under which signatures will be trusted
//	revocation  nothing on the path is revoked
//	settings    of the tenant
//	delivery    to the device or group
type Need string

// The needs.
const (
	needTaken      Need = "taken"
	needOpens      Need = "opens"
	needIdentity   Need = "identity"
	needSignature  Need = "signature"
	needAddress    Need = "address"
	needReads      Need = "reads"
	needRecipient  Need = "recipient"
	needSigns      Need = "signs"
	needDecrypts   Need = "decrypts"
	needValid      Need = "valid"
	needPath       Need = "path"
	needTrusted    Need = "trusted"
	needServes     Need = "serves"
	needRevocation Need = "revocation"
	needSettings   Need = "settings"
	needDelivery   Need = "delivery"
)

// needs are all of them.
var needs = []Need{needTaken, needOpens, needIdentity, needSignature, needAddress, needReads, needRecipient, needSigns, needDecrypts,
	needValid, needPath, needTrusted, needServes, needRevocation, needSettings, needDelivery}

// State is what is known of a need.
type State string

// The states. A need that does not apply is not listed.
const (
	Met     State = "met"     // shown by something that was seen
	Failed  State = "failed"  // refuted, by findings
	Open    State = "unknown" // could not be decided
	Assumed State = "assumed" // not shown, and normally so
)

// NeedAnswer is what is known of one need.
type NeedAnswer struct {
	Need     Need
	State    State
	Evidence []say.Message // what was seen
	Decide   []say.Message // where the state is Open, what would decide; where it is Assumed, what that takes for granted
	Code     Code          // where the state is Open, why: the first reason of several; empty otherwise
	Because  []string      // names of the rules that refute it or could not tell, sorted
	Facts    []Fact        // that would decide, sorted

	added    bool       // the target does not ask it: see [Verdict.addOwn]
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
	case needTaken:
		return say.New("taken")
	case needOpens:
		return say.New("opens")
	case needIdentity:
		return say.New("identity")
	case needSignature:
		return say.New("signature")
	case needAddress:
		return say.New("address")
	case needReads:
		return say.New("reads")
	case needRecipient:
		return say.New("recipient")
	case needSigns:
		return say.New("signs")
	case needDecrypts:
		return say.New("decrypts")
	case needValid:
		return say.New("valid")
	case needPath:
		return say.New("path")
	case needTrusted:
		return say.New("trusted")
	case needServes:
		return say.New("serves")
	case needRevocation:
		return say.New("not revoked")
	case needSettings:
		return say.New("settings")
	case needDelivery:
		return say.New("delivery")
	default:
		return say.New("%s", string(n))
	}
}

// SubjectKind is what a verdict is about.
//
//	collection   certificates of CAs that are handed over together
//	identity     a private key with its certificate
//	certificate  of a user, without its key
//	message      mail that is signed or encrypted
//	artefact     a script, settings, a body for Microsoft Graph, a profile, a connector's key
type SubjectKind string

// The kinds of subject.
const (
	kindCollection  SubjectKind = "collection"
	kindIdentity    SubjectKind = "identity"
	kindCertificate SubjectKind = "certificate"
	kindMessage     SubjectKind = "message"
	kindArtefact    SubjectKind = "artefact"
)

// Subject is what one verdict is about.
type Subject struct {
	Kind   SubjectKind
	File   string // or the name of the collection
	Index  int    // of the certificate in the file, from 0; -1 for the whole, and for one from another file
	Name   string // its subject, RFC 2253; empty for the whole
	SHA256 string // of the certificate, 64 lower-case hexadecimal digits; empty for the whole

	Message int // the number of the message in the file, from 1; 0 for what is no message
}
