package lint

import (
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
)

// Target is a place that certificates are rolled out to. The verdict of a
// report is per target.
type Target string

// The targets.
const (
	ExchangeOnline Target = "exchange-online" // virtual certificate collection
	OutlookIOS     Target = "outlook-ios"     // Outlook for iOS and iPadOS
	OutlookAndroid Target = "outlook-android" // Outlook for Android, judged when named
	AppleMail      Target = "apple-mail"      // Mail on iOS, iPadOS and macOS
	Intune         Target = "intune"          // trusted certificates and imported PFX
	Windows        Target = "windows"         // certificate stores, classic Outlook
	Thunderbird    Target = "thunderbird"     // its own store, NSS
	Gmail          Target = "gmail"           // hosted S/MIME of Google Workspace, judged when named
)

// row is what there is to know about a target. What differs between targets is
// here, and nothing else asks which target it is.
type row struct {
	target Target
	title  say.Text // as its maker writes it

	// Takes are the formats of files that it judges when it is named, usual those
	// that it judges unasked.
	takes, usual []bundle.Format

	// Collects says that it takes a public collection, in which neither keys nor
	// certificates of users have a place, and whose self-signed certificates are
	// all that it anchors in.
	collects bool

	// Programme is what the root programme that it goes by says of a root; nil for
	// targets that go by the tenant's collection.
	programme        func(catalog.Entry) catalog.Programme
	unpublished      bool // the list of roots that it goes by is not in the catalogue: any root may be in it
	digitalSignature bool // to sign asks for that key usage, or none; nonRepudiation alone does not do (Apple, SecPolicy.c, SecPolicyCreateSMIME)

	// Fetches says that it gets the certificate of a CA that is missing from the
	// address in the one below it.
	fetches bool

	// Readers are the programs that import a PFX for it, the oldest first; none where it
	// takes no PFX, or where its maker does not say which it takes.
	readers []reader

	// Oldest is the oldest of the programs that are in use, for which an identity
	// is written where nothing else is said; empty where there is no reader.
	oldest pkcs12.Importer

	// Weak says that it takes signatures of CAs with SHA-1.
	weak bool

	// Stances are what it is known to make of what programs treat in different ways
	// on a path, the first that fits; keys the same of the keys of users.
	stances, keys []stance

	// Proxies says that it compares the other addresses of a mailbox too, unless the
	// tenant has that switched off; anyAddress that nothing is known of it by which one
	// address of a mailbox is better than another.
	proxies, anyAddress bool

	// Reads is what it is known to make of encrypted messages.
	reads reading

	// Needs are what has to hold, by what is judged.
	needs map[SubjectKind][]Need

	// Delivery is what is taken for granted of the way to it.
	delivery say.Text

	// OutOfSight is what no file shows about it, said where the certificates of
	// users are judged, or of CAs too; the settings only while none are given.
	outOfSight outOfSightOf
}

// reader is a program that imports a PFX. Where it serves devices older than a
// release of their system, it counts if there are any.
type reader struct {
	program pkcs12.Importer
	before  int  // the first major release of iOS that it does not stand for; 0: it counts always
	old     bool // it stands for old releases of a system of which no fact says whether any are in use
}

// outOfSightOf is something that no file shows.
type outOfSightOf struct {
	text     say.Text
	users    bool // only of certificates of users
	settings bool // unless the settings of the tenant are known
}

var (
	// withoutKeys are the forms in which certificates are handed over by
	// themselves, loose or in a list.
	withoutKeys = slices.Concat(plain, ofMail)
	plain       = []bundle.Format{bundle.PEM, bundle.DER, bundle.PKCS7, bundle.PKIPath}
	ofMail      = []bundle.Format{bundle.Mail, bundle.Mbox, bundle.OutlookMessage, bundle.TNEF}
	ofDirectory = []bundle.Format{bundle.LDIF, bundle.VCard}
	noMail      = slices.Concat(plain, []bundle.Format{bundle.PFX})
	withKeys    = slices.Concat(withoutKeys, ofDirectory, []bundle.Format{bundle.PFX})
	forExchange = slices.Concat(withoutKeys, []bundle.Format{bundle.SST, bundle.SSTElement, bundle.RegistryFile, bundle.Script, bundle.ExchangeJSON, bundle.PrivateKey})
)

// What a target needs, by what is judged.
var (
	identityNeeds    = []Need{needOpens, needIdentity, needAddress, needSigns, needDecrypts, needValid, needPath, needTrusted, needRevocation, needDelivery}
	certificateNeeds = []Need{needIdentity, needAddress, needSigns, needDecrypts, needValid, needPath, needTrusted, needRevocation}
	messageNeeds     = []Need{needSignature, needAddress, needReads, needRecipient, needSigns, needValid, needPath, needTrusted, needRevocation}
	artefactNeeds    = []Need{needTaken, needValid, needPath, needRevocation, needDelivery}

	needsOfProgrammes = map[SubjectKind][]Need{
		kindCollection:  {needTaken, needValid, needPath, needRevocation, needDelivery},
		kindIdentity:    identityNeeds,
		kindCertificate: certificateNeeds,
		kindMessage:     messageNeeds,
		kindArtefact:    artefactNeeds,
	}
	needsOfIntune = map[SubjectKind][]Need{
		kindCollection:  {needTaken, needValid, needPath, needRevocation, needDelivery},
		kindIdentity:    slices.Concat([]Need{needTaken}, identityNeeds),
		kindCertificate: certificateNeeds,
		kindMessage:     messageNeeds,
		kindArtefact:    artefactNeeds,
	}
	needsOfCollections = map[SubjectKind][]Need{
		kindCollection:  {needTaken, needValid, needPath, needServes, needRevocation, needSettings},
		kindIdentity:    {needAddress, needSigns, needDecrypts, needValid, needPath, needTrusted, needRevocation, needSettings},
		kindCertificate: {needAddress, needSigns, needDecrypts, needValid, needPath, needTrusted, needRevocation, needSettings},
		kindMessage:     slices.Concat(messageNeeds, []Need{needSettings}),
		kindArtefact:    {needTaken, needValid, needPath, needServes, needRevocation, needSettings},
	}
)

const (
	toDevice   say.Text = "it reaches the device by a way that the target takes"
	toGroup    say.Text = "it is assigned to those who need it"
	toComputer say.Text = "it is imported on the computer"
	toAccount  say.Text = "it is uploaded to the account of the user, in a domain where the administrator has switched S/MIME on"
)

// onlyNamed are the formats of a target that judges nothing unasked.
var onlyNamed = []bundle.Format{}

// rows are the targets in the order of reports.
var rows = []row{
	{
		reads:  readsOWA,
		target: ExchangeOnline, title: "Exchange Online",
		needs: needsOfCollections, delivery: toGroup,
		// A PFX when it is named, so that a private key on its way there is found.
		takes: slices.Concat(forExchange, ofDirectory, []bundle.Format{bundle.PFX}), usual: forExchange,
		collects: true, fetches: true, weak: true, proxies: true,
		stances: ofMicrosoft, keys: nothingKnown,
		outOfSight: outOfSightOf{"the settings of the tenant, which the output of Get-SmimeConfig | ConvertTo-Json would show", false, true},
	},
	{
		reads:  readsEvery,
		target: OutlookIOS, title: "Outlook for iOS",
		needs: needsOfProgrammes, delivery: toDevice,
		takes: slices.Concat(withKeys, []bundle.Format{bundle.MobileConfig}), usual: withKeys,
		fetches: true, weak: true,
		stances: ofMicrosoft, keys: ofAppleImport,
		readers: []reader{{program: "ios-17", before: 18}, {program: "ios-18"}}, oldest: "ios-17",
		outOfSight: outOfSightOf{"the way by which the identity reaches the device, and the settings there", true, false},
	},
	{
		reads:  readsEvery,
		target: OutlookAndroid, title: "Outlook for Android",
		needs: needsOfProgrammes, delivery: toDevice,
		takes: withKeys, usual: onlyNamed,
		fetches: true, weak: true,
		stances: ofMicrosoft, keys: nothingKnown,
		readers: []reader{{program: "android-13", old: true}, {program: "android-14"}}, oldest: "android-13",
		outOfSight: outOfSightOf{"the way by which the identity reaches the device, and the settings there", true, false},
	},
	{
		reads:  readsApple,
		target: AppleMail, title: "Apple Mail",
		needs: needsOfProgrammes, delivery: toDevice,
		takes: slices.Concat(withKeys, []bundle.Format{bundle.MobileConfig}), usual: slices.Concat(withKeys, []bundle.Format{bundle.MobileConfig}),
		programme: ofApple, digitalSignature: true,
		stances: ofAppleMail, keys: ofAppleImport,
		readers: []reader{{program: "ios-17", before: 18}, {program: "ios-18"}}, oldest: "ios-17",
		outOfSight: outOfSightOf{"the way by which the identity reaches the device, and the settings there", true, false},
	},
	{
		target: Intune, title: "Intune",
		anyAddress: true,
		needs:      needsOfIntune, delivery: toGroup,
		takes: slices.Concat(noMail, []bundle.Format{bundle.GraphJSON, bundle.ConnectorKey, bundle.Script}), usual: slices.Concat(noMail, []bundle.Format{bundle.GraphJSON, bundle.ConnectorKey}),
		programme: func(e catalog.Entry) catalog.Programme { return e.Microsoft },
		weak:      true,
		stances:   ofMicrosoft, keys: nothingKnown,
		readers: []reader{{program: "intune-import"}}, oldest: "intune-import",
		outOfSight: outOfSightOf{"the groups that profiles are assigned to, and what devices report", false, false},
	},
	{
		reads:  readsEvery,
		target: Windows, title: "Windows",
		anyAddress: true,
		needs:      needsOfProgrammes, delivery: toComputer,
		takes: withKeys, usual: withKeys,
		programme: func(e catalog.Entry) catalog.Programme { return e.Microsoft },
		fetches:   true, weak: true,
		stances: ofWindows, keys: ofWindows,
		readers: []reader{{program: "windows-1709"}}, oldest: "windows-before-1709",
	},
	{
		reads:  readsNSS,
		target: Thunderbird, title: "Thunderbird",
		anyAddress: true,
		needs:      needsOfProgrammes, delivery: toComputer,
		takes: withKeys, usual: withKeys,
		programme: func(e catalog.Entry) catalog.Programme { return e.Mozilla },
		stances:   ofNSS, keys: ofNSS,
		readers: []reader{{program: "nss"}}, oldest: "nss",
	},
	{
		reads:  readsEvery,
		target: Gmail, title: "Gmail",
		anyAddress: true,
		needs:      needsOfProgrammes, delivery: toAccount,
		takes: withKeys, usual: onlyNamed,
		programme: ofNobody, unpublished: true,
		stances: ofGmail, keys: ofGmail,
		outOfSight: outOfSightOf{"the settings for S/MIME in Google's Admin console, and which roots were added there", true, false},
	},
}

// row returns the row of the target; it is nil for none of [Targets].
func (t Target) row() *row {
	for i := range rows {
		if rows[i].target == t {
			return &rows[i]
		}
	}
	return nil
}

// Targets returns every target in the order of reports.
func Targets() []Target {
	list := make([]Target, len(rows))
	for i := range rows {
		list[i] = rows[i].target
	}
	return list
}

// Title returns the name of the target as its maker writes it, to be said in
// another language; for none of [Targets] it is the target itself.
func (t Target) Title() say.Message {
	if r := t.row(); r != nil {
		return say.New(r.title)
	}
	return say.New("%s", string(t))
}

// OldestReader returns the oldest program in use that imports a PFX for the target;
// empty where it takes none, or where its maker does not say which it takes.
func (t Target) OldestReader() pkcs12.Importer {
	if r := t.row(); r != nil {
		return r.oldest
	}
	return ""
}

// Collects reports whether the target takes a public collection of CA certificates.
func (t Target) Collects() bool {
	r := t.row()
	return r != nil && r.collects
}

// ParseTargets reads a list of target names separated by commas. White space and
// upper and lower case do not count, nor does a name that is there twice; one that
// is unknown, or empty, is an error.
func ParseTargets(list string) ([]Target, error) {
	var targets []Target
	for name := range strings.SplitSeq(list, ",") {
		t := Target(strings.ToLower(strings.TrimSpace(name)))
		if t.row() == nil {
			return nil, unknownTarget(name)
		}
		if !slices.Contains(targets, t) {
			targets = append(targets, t)
		}
	}
	return targets, nil
}

func unknownTarget(name string) error {
	return say.Errorf("unknown target %q: want one or more of %s", name, joined(Targets()))
}

// joined writes words one after the other.
func joined[W ~string](words []W) string {
	names := make([]string, len(words))
	for i, w := range words {
		names[i] = string(w)
	}
	return strings.Join(names, ", ")
}

// takes reports whether the target is given files of the format when it is named.
func (t Target) takes(f bundle.Format) bool { return slices.Contains(t.row().takes, f) }

// usual reports whether the target judges the file without being named. A script is
// judged by what it does.
func (t Target) usual(f *bundle.File) bool {
	if f.Format == bundle.Script && t == Intune {
		return f.Script.ForIntune()
	}
	if f.Format == bundle.Script && !f.Script.ForExchange() {
		return false
	}
	return slices.Contains(t.row().usual, f.Format)
}

// identityTargets are the targets that keep keys.
var identityTargets = func() []Target {
	var list []Target
	for i := range rows {
		if slices.Contains(rows[i].needs[kindIdentity], needOpens) {
			list = append(list, rows[i].target)
		}
	}
	return list
}()

// outlookMobile are the targets that look for the root in the tenant's collection.
var outlookMobile = []Target{OutlookIOS, OutlookAndroid}

// sortTargets orders targets as [Targets] does and drops repetitions.
func sortTargets(targets []Target) []Target {
	var sorted []Target
	for i := range rows {
		if slices.Contains(targets, rows[i].target) {
			sorted = append(sorted, rows[i].target)
		}
	}
	return sorted
}
