package deploy

import (
	"strings"
	"time"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/say"
)

// Delivery is how an identity reaches Outlook for iOS.
type Delivery string

// The ways that work. That through the settings of iOS does not.
const (
	InOutlook     Delivery = "outlook"        // the user opens the PFX inside Outlook
	CompanyPortal Delivery = "company-portal" // Intune delivers it
)

// HandoutOptions says for whom a hand-out is. The zero value is for everybody who
// is sent a PFX, in English.
type HandoutOptions struct {
	Language locale.Language // zero means English
	Delivery Delivery        // empty means [InOutlook]
	Address  string          // of the user; may be empty
	Contact  string          // whom to ask; may be empty
	// Report is that of the user's certificates and the collection, for [lint.OutlookIOS]
	// and [lint.ExchangeOnline]: what their chains lack up to a root is listed for the
	// administrator. May be nil.
	Report *lint.Report
}

// Handout makes the instructions that a user of Outlook for iOS is given: how
// the certificate is installed, what to switch on, the test mail, what becomes
// of the PFX, and why the way through the settings of iOS serves Apple Mail
// only. It never holds a password. What is listed as missing are facts of the
// catalogue that the report was made with: nobody has looked at the addresses. The
// error names an unknown way.
//
// The steps follow Microsoft's page on S/MIME for Outlook for iOS and Android.
func Handout(opts *HandoutOptions) (*Guide, error) {
	if opts == nil {
		opts = new(HandoutOptions)
	}
	way := opts.Delivery
	if way == "" {
		way = InOutlook
	}
	if way != InOutlook && way != CompanyPortal {
		return nil, say.Errorf("unknown way %q: want %s or %s", way, InOutlook, CompanyPortal)
	}
	l := opts.Language
	mailbox := l.Text("Outlook is up to date and your mailbox is set up in it.")
	if opts.Address != "" {
		mailbox = l.Say(say.New("Outlook is up to date and the mailbox %s is set up in it.", opts.Address))
	}
	install := Section{Title: l.Text("Install the certificate"), Steps: true, Items: []string{
		l.Text("Open the mail with the PFX file inside Outlook on this device, not in Apple Mail, Files or a browser."),
		l.Text("Tap the attachment that ends in .pfx. Outlook offers to install the certificate."),
		l.Text("Enter the password. It reached you by another way than this mail."),
	}}
	keep := []string{
		l.Text("When the test mail has worked, delete the mail with the PFX file, also from the deleted items, and every copy in Files or in the cloud."),
		l.Text("The file itself is kept by the administrator, or by you where you were told so, in a safe place and without its password beside it. Whoever has both can sign in your name and read your mail."),
	}
	if way == CompanyPortal {
		install = Section{Title: l.Text("Install the certificate"), Steps: true, Items: []string{
			l.Text("Open Company Portal and sign in. Wait until the device is checked; the certificates arrive with that."),
			l.Text("Open Outlook. When it says that certificates are available, let it install them."),
			l.Text("If nothing is offered, open Company Portal again and check the status of the device."),
		}}
		keep = []string{l.Text("You have no PFX file and need none. If you were sent one, delete it and tell your administrator.")}
	}
	keep = append(keep, l.Text("Never remove an old encryption certificate: without it, old encrypted mail cannot be read."))
	d := &Guide{Language: l, Title: l.Text("S/MIME in Outlook for iOS and iPadOS"), Sections: []Section{
		{Title: l.Text("Before you begin"), Items: []string{
			mailbox,
			l.Text("The certificate is for that address, and it is the primary address of the mailbox."),
		}},
		install,
		{Title: l.Text("Switch S/MIME on"), Steps: true, Items: []string{
			l.Text("In Outlook open the settings, then the account, then Security."),
			l.Text("Switch on S/MIME. It is off by default. Organize By Thread goes off for all accounts with it."),
			l.Text("Check that a certificate is shown for signing and one for encryption."),
			l.Text("Choose whether all mail is to be signed or encrypted. If the switches are grey, your administrator has decided."),
		}},
		{Title: l.Text("Send a test mail"), Steps: true, Items: []string{
			l.Text("Write to yourself, open the options of the message and choose to sign it. Send it and open it again: Outlook shows that the signature is valid."),
			l.Text("Write to a colleague who has a certificate, signed and encrypted, and have it answered."),
			l.Text("If Outlook says that no certificate is available, the address of the certificate is not your primary address, or the certificate was installed elsewhere than in Outlook. If it cannot verify a signature, the administrator has to look at the collection of Exchange Online."),
		}},
		{Title: l.Text("What becomes of the PFX file"), Items: keep},
		{Title: l.Text("Why not through the settings of iOS"), Text: l.Text("A PFX file that is opened in Mail, Files or Safari becomes a profile under Settings > General > VPN & Device Management. iOS gives such a certificate to Apple Mail, and does not let Outlook read it. A configuration profile and other device management do the same. A profile that was installed by mistake can be removed there; keep the certificate if you use Apple Mail.")},
	}}
	if s := missing(l, opts.Report); len(s.Items) > 0 {
		d.Sections = append(d.Sections, s)
	}
	if opts.Contact != "" {
		d.Sections = append(d.Sections, Section{Title: l.Text("Help"), Text: opts.Contact})
	}
	return d, nil
}

// missing is the part for the administrator: what has to be added to the collection,
// in order. It has no items where nothing is known to be missing.
func missing(l locale.Language, r *lint.Report) Section {
	s := Section{Title: l.Text("For your administrator: what is missing up to the root")}
	if r == nil {
		return s
	}
	for i := range r.Missing {
		s.Items = append(s.Items, l.Say(missingItem(&r.Missing[i])))
	}
	if len(s.Items) > 0 {
		s.Steps = true
		s.Text = l.Text("The chain needs these certificates to reach a root, and they are not among the files that were given. Outlook takes them from the collection of Exchange Online: they have to be in it. What comes first is nearest to the user. Compare the fingerprint before you add one.")
	}
	for i := range r.Files {
		if f := &r.Files[i]; f.ClosedCode != "" {
			s.Items = append(s.Items, l.Say(say.New("%s was not opened: what its chains lack is not known", f.Name)))
		}
	}
	return s
}

func missingItem(m *lint.Missing) say.Message {
	where := strings.Join(m.URLs, ", ")
	switch {
	case m.SHA256 == "" && where == "":
		return say.New("%s, of which nothing more is known: ask the CA for it and for what leads from there to a root", m.Subject)
	case m.SHA256 == "":
		return say.New("%s, of which no more is known than an address, %s: ask the CA for what leads from there to a root", m.Subject, where)
	}
	sum, until := strings.ToUpper(m.SHA256), m.NotAfter.UTC().Format(time.DateOnly)
	if m.Kind == "cross" {
		return say.New("%s as a cross-certificate: SHA-256 %s, valid until %s, %s", m.Subject, sum, until, where)
	}
	return say.New("%s: SHA-256 %s, valid until %s, %s", m.Subject, sum, until, where)
}
