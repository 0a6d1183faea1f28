package lint

import (
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/internal/msgraph"
	"github.com/smimechain/smimechain/lint/say"
)

const (
	citeEnrolled  = "Microsoft, S/MIME overview for Intune, signing and encryption certificates"
	citeGraphEnum = "Microsoft Graph, beta, intendedPurpose, userPfxIntendedPurpose, userPfxPaddingScheme and certificateDestinationStore"
)

// graphProfileRules are about where objects of Microsoft Graph are sent, and about
// profiles that hold no certificate: those of mail, and those by which devices ask for one.
func graphProfileRules() []Rule {
	graphs := func(wanted func(*artefact.Graph) bool, look func(*Pass, *bundle.File, *artefact.Graph)) artefactCheck {
		return eachPart(bundle.GraphJSON, func(f *bundle.File) []artefact.Graph { return f.Graph }, wanted,
			func(p *Pass, f *bundle.File, g *artefact.Graph, _ int) { look(p, f, g) })
	}
	sent := func(look func(*Pass, *bundle.File, *artefact.Graph)) artefactCheck {
		return graphs(func(g *artefact.Graph) bool {
			return g.Form == artefact.Body && g.Known() != nil && g.Version+g.List != ""
		}, look)
	}
	enrolled := func(look func(*Pass, *bundle.File, *artefact.Graph)) artefactCheck {
		return graphs(func(g *artefact.Graph) bool { return g.Enrolment != nil }, look)
	}
	mail := func(look func(*Pass, *bundle.File, *artefact.Graph)) artefactCheck {
		return graphs(func(g *artefact.Graph) bool { return g.Mail != nil }, look)
	}
	return []Rule{
		deployRule(Intune, "e_graph_version", Documented, citeGraphBeta,
			"The object is sent to version 1.0 of Microsoft Graph, which does not know its type: what the type has of its own, the certificate above all, is lost without a word.",
			"Send it to https://graph.microsoft.com/beta, and read it back.", sent(runGraphVersion)),
		deployRule(Intune, "e_graph_list", Documented, citeGraphBeta,
			"The object is sent to a list that does not take its type.",
			"Send it to the list of its type: deviceManagement/deviceConfigurations for nearly all profiles.", sent(runGraphList)),
		deployRule(Intune, "n_graph_number", Documented, citeGraphEnum,
			"A value is printed as a number. The numbers that Microsoft documents and those that its SDKs count from 0 are not the same, so that it may mean two words.",
			"Print the word: ConvertTo-Json -EnumsAsStrings, or read the object as Microsoft Graph gives it.",
			graphs(func(g *artefact.Graph) bool { return len(g.Numbers) > 0 }, runGraphNumber)),
		deployRule(Intune, "e_graph_mail_enrolled", Documented, citeEnrolled,
			"A mail profile takes the certificate to encrypt with from SCEP or PKCS, which give each device a key of its own: what one device reads, the others of the user cannot, and a new device reads no old mail.",
			"Import the PFX of the user, and name the profile that delivers it, which smimechain deploy intune-pfx does.", mail(runMailEnrolled)),
		deployRule(Intune, "e_graph_mail_purpose", Documented, citeImportedPFX,
			"A mail profile names a profile that delivers imported certificates for the other purpose.",
			"Name the profile with smimeSigning to sign with, that with smimeEncryption to encrypt with.", mail(runMailPurpose)),
		deployRule(Intune, "e_graph_enrolled_usage", Documented, citeEnrolled+"; RFC 5280, Section 4.2.1.3",
			"A profile of SCEP or PKCS for S/MIME asks for a certificate that cannot sign. To encrypt with, certificates cannot come in this way.",
			"Ask for digitalSignature; to encrypt with, import the PFX of the user.", enrolled(runEnrolledUsage)),
		deployRule(Intune, "e_graph_enrolled_address", Documented, citeEnrolled+"; "+citeOutlookIOS,
			"A profile of SCEP or PKCS for S/MIME asks for no address in the certificate, without which no mail program takes it for a user.",
			"Add the address of the user to the subject alternative names: emailAddress.", enrolled(runEnrolledAddress)),
	}
}

func runGraphVersion(p *Pass, f *bundle.File, g *artefact.Graph) {
	if t := g.Known(); g.Version == "v1.0" && !t.V1 {
		p.ReportFile(f.Name, "%s is sent to version 1.0, which does not have it", t.Name)
	}
}

func runGraphList(p *Pass, f *bundle.File, g *artefact.Graph) {
	if t := g.Known(); g.List != "" && t.List != "" && !strings.EqualFold(g.List, t.List) {
		p.ReportFile(f.Name, "%s is sent to %s; its list is %s", t.Name, g.List, t.List)
	}
}

func runGraphNumber(p *Pass, f *bundle.File, g *artefact.Graph) {
	if g.Form == artefact.Body {
		return // e_graph_enum_number
	}
	for _, n := range g.Numbers {
		if !n.Same() {
			p.ReportFile(f.Name, "%s is %d: %s as documented, %s counted from 0", n.Property, n.Value, orNone(n.Documented), orNone(n.Counted))
		}
	}
}

// orNone returns a word, or that there is none.
func orNone(word string) say.Message {
	if word == "" {
		return say.New("no word")
	}
	return say.New("%s", word)
}

// named returns the kind and the purpose of the profile that another names, where they
// are known: it stands there, or was given too.
func (p *Pass) named(to *artefact.Reference) (kind msgraph.Kind, name, purpose string) {
	if to == nil {
		return 0, "", ""
	}
	name, purpose = to.Type, to.Purpose
	if g := p.Collection.rollout.profiles[strings.ToLower(to.ID)]; g != nil && name == "" {
		name, purpose = g.Type, g.IntendedPurpose
	}
	if t := msgraph.Find(name); t != nil {
		return t.Kind, t.Name, purpose
	}
	return 0, "", ""
}

func isEnrolled(kind msgraph.Kind) bool {
	return kind == msgraph.SCEP || kind == msgraph.PKCS
}

func runMailEnrolled(p *Pass, f *bundle.File, g *artefact.Graph) {
	if kind, name, _ := p.named(g.Mail.Encryption); isEnrolled(kind) {
		p.ReportFile(f.Name, "smimeEncryptionCertificate is a profile of type %s", name)
	}
}

func runMailPurpose(p *Pass, f *bundle.File, g *artefact.Graph) {
	for _, use := range []struct {
		to              *artefact.Reference
		property, other string
	}{
		{g.Mail.Signing, "smimeSigningCertificate", "smimeEncryption"},
		{g.Mail.Encryption, "smimeEncryptionCertificate", "smimeSigning"},
	} {
		if kind, _, purpose := p.named(use.to); kind == msgraph.Imported && strings.EqualFold(purpose, use.other) {
			p.ReportFile(f.Name, "%s is a profile with the intended purpose %s", use.property, use.other)
		}
	}
}

// forMail reports whether a profile asks for certificates for S/MIME: it says so, or a
// mail profile that was given names it.
func (p *Pass) forMail(g *artefact.Graph) bool {
	return g.Enrolment.Mail() || p.Collection.rollout.mailUses[strings.ToLower(g.ID)]
}

func runEnrolledUsage(p *Pass, f *bundle.File, g *artefact.Graph) {
	usages := g.Enrolment.Usages
	if p.forMail(g) && len(usages) > 0 && !slices.ContainsFunc(usages, func(u string) bool { return strings.EqualFold(u, "digitalSignature") }) {
		p.ReportFile(f.Name, "keyUsage is %s, without digitalSignature", strings.Join(usages, ", "))
	}
}

func runEnrolledAddress(p *Pass, f *bundle.File, g *artefact.Graph) {
	if p.forMail(g) && g.Enrolment.Names && !g.Enrolment.Address {
		p.ReportFile(f.Name, "no name that the profile asks for is an address of mail")
	}
}
