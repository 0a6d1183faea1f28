package lint

import (
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/internal/artefact"
)

const (
	citeConnectorKey     = "microsoft/Intune-Resource-Access, PemHelper and ExportPublicKey; " + citeImportedPFX
	minConnectorBits     = 2048
	citeOutlookAppConfig = "Microsoft, Outlook for iOS and Android in Exchange Online, app configuration, S/MIME settings"
)

// connectorRules are about the public key of Intune's certificate connector and
// the app configuration of Outlook.
func connectorRules() []Rule {
	outlook := func(look func(*Pass, *bundle.File, *artefact.Outlook)) artefactCheck {
		return eachPart(bundle.GraphJSON, func(f *bundle.File) []artefact.Graph { return f.Graph },
			func(g *artefact.Graph) bool { return g.Outlook != nil },
			func(p *Pass, f *bundle.File, g *artefact.Graph, _ int) { look(p, f, g.Outlook) })
	}
	return []Rule{
		deployRule(Intune, "w_connector_key_form", VendorSource, citeConnectorKey,
			"The public key of the connector is in a form that Microsoft's module does not read. It reads the blob of CNG, whatever its file is called, and PEM text with PUBLIC KEY. The name ends in .pfx in Microsoft's documents; the file is no PFX.",
			"Export the key anew with Export-IntunePublicKey, or convert it to PEM with PUBLIC KEY.",
			each(bundle.ConnectorKey, func(p *Pass, f *bundle.File) {
				switch f.PublicKey.Form {
				case artefact.KeyPKCS1, artefact.KeyDER:
					p.ReportFile(f.Name, "the key is written as: %s", f.PublicKey.Form)
				}
			})),
		deployRule(Intune, "w_connector_key_small", VendorSource, citeConnectorKey,
			"The key of the connector has less than 2048 bits. It protects the password of every identity.",
			"Make a key of 2048 bits or more on the connector: Add-IntuneKspKey.",
			each(bundle.ConnectorKey, func(p *Pass, f *bundle.File) {
				if bits := f.PublicKey.Bits; bits < minConnectorBits {
					p.ReportFile(f.Name, "the key has %d bits", bits)
				}
			})),
		deployRule(Intune, "w_graph_outlook_smime_off", Documented, citeOutlookAppConfig,
			"The app configuration has settings for S/MIME in Outlook and does not switch S/MIME on, which it is not by default. Where it does not let users do so either, the verdict is unknown.",
			"Set com.microsoft.outlook.Mail.SMIMEEnabled to true, or tell users to switch it on.",
			outlook(func(p *Pass, f *bundle.File, o *artefact.Outlook) {
				if o.Enabled {
					return
				}
				p.ReportFile(f.Name, "com.microsoft.outlook.Mail.SMIMEEnabled is not true")
				if o.Locked {
					p.Undecided(nil, "S/MIME is off in Outlook, and the user cannot switch it on")
				}
			})),
		deployRule(Intune, "e_graph_outlook_ldap_host", Documented, citeOutlookAppConfig,
			"Outlook cannot use the LDAP directory that the app configuration names: it connects with TLS only, to port 636, and without a login.",
			"Write ldaps://host or host, with :636 at the end or nothing.",
			outlook(func(p *Pass, f *bundle.File, o *artefact.Outlook) {
				if o.LDAPFault != "" {
					p.ReportFile(f.Name, "com.microsoft.outlook.Mail.SMIMEEnabled.LDAPHostName cannot be used: %s", o.LDAPFault)
				}
			})),
	}
}
