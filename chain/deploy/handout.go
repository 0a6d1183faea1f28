package deploy

import (
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/say"
)

// Way is how an identity reaches Outlook for iOS.
type Way string

// The ways that work. That through the settings of iOS does not.
const (
	InOutlook     Way = "outlook"        // the user opens the PFX inside Outlook
	CompanyPortal Way = "company-portal" // Intune delivers it
)

// HandoutOptions says for whom a hand-out is. The zero value is for everybody who
// is sent a PFX, in English.
type HandoutOptions struct {
	Language locale.Language // zero means English
	Way      Way             // empty means [InOutlook]
	Address  string          // of the user; may be empty
	Contact  string          // whom to ask; may be empty
}

// Handout makes the instructions that a user of Outlook for iOS is given: how
// the certificate is installed, what to switch on, the test mail, what becomes
// of the PFX, and why the way through the settings of iOS serves Apple Mail
// only. It never holds a password. The error names an unknown way.
//
// The steps follow Microsoft's page on S/MIME for Outlook for iOS and Android.
func Handout(opts *HandoutOptions) (*Document, error) {
	if opts == nil {
		opts = new(HandoutOptions)
	}
	way := opts.Way
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
	d := &Document{Language: l, Title: l.Text("S/MIME in Outlook for iOS and iPadOS"), Sections: []Section{
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
	if opts.Contact != "" {
		d.Sections = append(d.Sections, Section{Title: l.Text("Help"), Text: opts.Contact})
	}
	return d, nil
}
