package lint

import "github.com/smimechain/smimechain/lint/say"

// noCertificate is what people see when no certificate fits an address.
var noCertificate = []say.Text{
	"Outlook for iOS: no certificate is available.",
	"OWA and Outlook: no certificate is found for the sender or the recipient.",
}

// untrusted is what people see when Exchange Online knows no anchor for a chain.
var untrusted = []say.Text{
	"OWA, sending: the certificate used to sign this message isn't trusted by your organization.",
	"OWA, reading: the signature is shown as not trusted.",
	"Outlook for iOS and Android: can't verify signature, while classic Outlook finds nothing wrong.",
}

// cannotEncrypt is what people see when mail to somebody cannot be encrypted.
var cannotEncrypt = []say.Text{
	"Encrypt is greyed out.",
	"Mail cannot be encrypted: no certificate is found for the recipient.",
}

// cannotSign is what people see when they have no certificate to sign with.
var cannotSign = []say.Text{
	"Sign is greyed out, or the certificate is not offered for signing.",
}

// wrongPassword is what people see when a phone cannot read a PFX, whatever the
// reason.
var wrongPassword = []say.Text{"The iPhone says that the password is wrong, though it is right."}
