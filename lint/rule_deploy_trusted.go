package lint

import (
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/lint/say"
)

const citeGraphTrusted = "Microsoft Graph, beta, resource windows81TrustedRootCertificate and its siblings"

// trustedRules are about profiles that give devices one trusted certificate.
func trustedRules() []Rule {
	trusted := func(look func(*Pass, *bundle.File, *artefact.Graph)) artefactCheck {
		return eachPart(bundle.GraphJSON, func(f *bundle.File) []artefact.Graph { return f.Graph },
			func(g *artefact.Graph) bool { return g.TrustedCertificate != nil },
			func(p *Pass, f *bundle.File, g *artefact.Graph, _ int) { look(p, f, g) })
	}
	fault := func(format say.Text, faults ...say.Text) artefactCheck {
		return trusted(func(p *Pass, f *bundle.File, g *artefact.Graph) {
			if slices.Contains(faults, g.TrustedCertificate.Fault) {
				p.ReportFile(f.Name, format, g.TrustedCertificate.Fault)
			}
		})
	}
	return []Rule{
		deployRule(Intune, "e_graph_base64", Documented, citeGraphTrusted,
			"The value of trustedRootCertificate is not the base64 text of one certificate.",
			"Encode the DER file in one piece: [System.Convert]::ToBase64String([System.IO.File]::ReadAllBytes('C:\\full\\path\\ca.cer'))",
			fault("trustedRootCertificate cannot be used: %s", artefact.FaultEmpty, artefact.FaultDataURI, artefact.FaultLines, artefact.FaultAlphabet, artefact.FaultNumbers, artefact.FaultTrailing, artefact.FaultOther)),
		deployRule(Intune, "w_graph_certificate_pem", Documented, citeTrusted,
			"The certificate is PEM text. Intune asks for DER.",
			"Convert it.", fault("trustedRootCertificate: %s", artefact.FaultPEM)),
		deployRule(Intune, "e_graph_certificate_several", Documented, citeTrusted,
			"A profile holds exactly one certificate, and this one has several: of a chain all but one would be lost.",
			"Make one profile for each certificate.", fault("trustedRootCertificate: %s", artefact.FaultSeveral)),
		deployRule(Intune, "e_graph_certificate_private_key", Documented, citeTrusted,
			"The profile would send a private key to every device.",
			"Do not upload it. Export the certificate without its key; if the file has left your hands, have the certificate revoked.",
			fault("trustedRootCertificate: %s", artefact.FaultPFX, artefact.FaultKey)),
		deployRule(Intune, "e_graph_certificate_not_ca", Documented, citeTrusted,
			"The certificate is not that of a CA. Intune does not support others in these profiles.",
			"Take the certificates of the root and of the CAs below it.", trusted(runTrustedNotCA)),
		deployRule(Intune, "e_graph_destination_store", Documented, citeGraphTrusted,
			"The destination store is missing, misspelt, or given for another platform than Windows, which alone has one.",
			"Use computerCertStoreRoot, computerCertStoreIntermediate or userCertStoreIntermediate, on Windows only.", trusted(runDestinationStore)),
		deployRule(Intune, "e_graph_windows_store", Documented, citeGraphTrusted,
			"The destination store does not fit the certificate: a self-signed root belongs in the store of roots, every other one, cross-certificates too, in a store of intermediates. A root among the intermediates harms nothing where another profile that was given puts it among the roots.",
			"Use computerCertStoreRoot for self-signed certificates, computerCertStoreIntermediate for all others.", trusted(runWindowsStore)),
		deployRule(Intune, "n_graph_file_name", Inferred, citeGraphTrusted,
			"certFileName does not end in .cer.", "Name the file after the subject, with .cer at the end.", trusted(runFileName)),
		deployRule(Intune, "w_graph_android_administrator", Documented, citeTrusted,
			"The profile is for Android device administrator. From Android 11 on such devices cannot be given a root, but for those with Samsung Knox, and Intune ended that kind of management for devices with Google Mobile Services on 2024-12-31.",
			"Make profiles for Android Enterprise: androidDeviceOwnerTrustedRootCertificate or androidWorkProfileTrustedRootCertificate.", trusted(runAndroidAdministrator)),
	}
}

func runTrustedNotCA(p *Pass, f *bundle.File, g *artefact.Graph) {
	for _, c := range g.TrustedCertificate.Certificates {
		if c.Err() == nil && !c.IsCA() {
			p.ReportFile(f.Name, "trustedRootCertificate is the certificate of a user: %s", chain.CommonName(c.Subject()))
		}
	}
}

func runDestinationStore(p *Pass, f *bundle.File, g *artefact.Graph) {
	switch {
	case g.Platform() == "" || g.Number("destinationStore") != nil && g.DestinationStore == "":
	case isWindowsTrusted(g) && (g.DestinationStore == "" || !oneOf(g.DestinationStore, destinationStores...)):
		p.ReportFile(f.Name, "destinationStore is not one of the three values that there are")
	case !isWindowsTrusted(g) && g.DestinationStore != "":
		p.ReportFile(f.Name, "destinationStore is given, but the profile is not for Windows")
	}
}

func runWindowsStore(p *Pass, f *bundle.File, g *artefact.Graph) {
	certs := g.TrustedCertificate.Certificates
	if !isWindowsTrusted(g) || len(certs) != 1 || certs[0].Raw == nil || g.DestinationStore == "" || !oneOf(g.DestinationStore, destinationStores...) {
		return
	}
	switch selfSigned := certs[0].SelfSigned(); {
	case selfSigned && !p.Collection.rollout.rootStore[string(certs[0].Raw)]: // of this profile or another
		p.ReportFile(f.Name, "a self-signed root goes to %s, where it is not trusted", g.DestinationStore)
	case !selfSigned && isRootStore(g):
		p.ReportFile(f.Name, "a certificate that another CA has issued goes to %s", g.DestinationStore)
	}
}

func runFileName(p *Pass, f *bundle.File, g *artefact.Graph) {
	if !strings.HasSuffix(strings.ToLower(g.FileName), ".cer") {
		p.ReportFile(f.Name, "certFileName does not end in .cer")
	}
}

func runAndroidAdministrator(p *Pass, f *bundle.File, g *artefact.Graph) {
	if g.Platform() == "android" {
		p.ReportFile(f.Name, "the profile is for Android device administrator")
	}
}
