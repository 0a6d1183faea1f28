package deploy

import (
	"slices"
	"strings"

	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/say"
)

// checklists hold what no file can show, by the target of the command.
// Sources: reference pages of Microsoft and Apple that the rules of package lint cite.
var checklists = map[string][]say.Text{
	"exchange": {
		"Every CA below the root names a revocation list at an HTTP address, and it can be fetched from the internet.",
		"The CAs of your correspondents are in the collection too: it validates the mail that you receive.",
		"The value in use was saved before the upload, and it is known who can put it back.",
		"The date on which the first certificate of the collection expires is in the calendar: from then on every upload fails.",
		"An hour has passed, or users have signed in anew, before it is tested.",
		"Outlook on the web: Windows with Edge or Chrome, the extension is installed by policy, and the S/MIME control on each machine.",
		"The same settings govern the new Outlook for Windows, and NoSignOnReply that program alone. Sensitivity labels with protection switch S/MIME off in Outlook on the web.",
		"Recipients' certificates are in the global address list, 15 for each user at most.",
	},
	"intune-trusted": {
		"There is a profile for the root and for every intermediate and cross-certificate, on each platform in use.",
		"The profiles are assigned before the profile for imported certificates, and to the same groups.",
		"For Windows 10 and 11 the portal shows these profiles as \"Windows 8.1 and later\".",
		"Nobody expects them to change what Outlook for iOS trusts: Exchange Online decides that.",
		"Android: device administrator from Android 11 on cannot be given a root.",
	},
	"intune-pfx": {
		"Every connector server has the key under the same provider and name: any of them may get a request.",
		"The intended purpose of the profile is the one of the imported certificates. It cannot be changed once the profile exists.",
		"The app registration has the permissions, and an administrator has consented to them. Microsoft's module has none of its own: it needs your client id and, in a national cloud, the addresses of that cloud.",
		"Old encryption certificates are imported too, so that old mail can be read.",
		"Where derived credentials are used, users fetch them through Intune: no PFX is imported for them.",
		"Successors are imported before the certificates expire: Intune does not renew them.",
		"The JSON files, the PFX files and the password files are destroyed when the import has been seen to work. The service does not give them back for a check.",
		"Users know that they have to open Company Portal.",
		"App configuration: com.microsoft.outlook.Mail.SMIMEEnabled is true, and the keys for signing and encrypting all mail are as wanted.",
	},
	"profile": {
		"Everybody knows that the profile serves Apple Mail only: Outlook for iOS cannot see its identity.",
		"The profile is delivered by device management, or signed; a profile with an identity is not sent by mail.",
		"The password of the identity goes another way than the profile.",
		"Roots that users install by hand are switched on under Settings > General > About > Certificate Trust Settings, where TLS needs them.",
		"S/MIME is switched on in the account, and signing and encryption are chosen.",
	},
	"handout": {
		"The collection of Exchange Online is complete, and revocation lists can be reached from the internet, before any device is touched.",
		"The identity reaches Outlook inside Outlook or through Intune. Other device management, Apple Configurator and profiles do not work.",
		"The password goes another way than the PFX.",
		"An LDAP directory, if there is one, is given as ldaps://host or host, with TLS and without a login.",
		"Recipients' certificates are found on the device, in the directory and by LDAP; Microsoft's page gives two orders: the device first, and for sending the global address list first. One whose revocation cannot be checked is not used.",
		"Users know that Organize By Thread goes off, and that only clear-signed mail is sent.",
		"AllowSMIMESoftCerts is true in the mailbox policy for mobile devices.",
	},
}

// checklistTargets returns the targets that there are checklists for, sorted.
func checklistTargets() []string {
	var names []string
	for name := range checklists {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Checklist makes the list of what no file can show about a target: how files are
// delivered, settings, order and groups. The error for a target without one names
// those that have one.
func Checklist(target string, language locale.Language) (*Guide, error) {
	items, ok := checklists[target]
	if !ok {
		return nil, say.Errorf("unknown target %q: want one of %s", target, strings.Join(checklistTargets(), ", "))
	}
	s := Section{Title: language.Text("What no file can show"), Boxes: true}
	for _, item := range items {
		s.Items = append(s.Items, language.Text(item))
	}
	return &Guide{Language: language, Title: language.Say(say.New("Checklist: %s", target)), Sections: []Section{s}}, nil
}
