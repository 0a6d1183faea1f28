package lint

import (
	"crypto/sha1"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/internal/msgraph"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
)

const (
	citeUserPFX = "Microsoft Graph, beta, resource userPFXCertificate"
	odataPrefix = "#microsoft.graph."
)

// graphRules are about objects of Microsoft Graph in general and imported PFX
// files.
func graphRules() []Rule {
	graphs := func(f *bundle.File) []artefact.Graph { return f.Graph }
	all := func(look func(*Pass, *bundle.File, *artefact.Graph)) artefactCheck {
		return eachPart(bundle.GraphJSON, graphs, func(*artefact.Graph) bool { return true },
			func(p *Pass, f *bundle.File, g *artefact.Graph, _ int) { look(p, f, g) })
	}
	purposes := func(look func(*Pass, *bundle.File, *artefact.Graph)) artefactCheck {
		return eachPart(bundle.GraphJSON, graphs, func(g *artefact.Graph) bool { return g.IntendedPurpose != "" || g.Number("intendedPurpose") != nil },
			func(p *Pass, f *bundle.File, g *artefact.Graph, _ int) { look(p, f, g) })
	}
	pfx := func(look func(*Pass, *bundle.File, *artefact.Graph, *artefact.UserPFX)) artefactCheck {
		return eachPart(bundle.GraphJSON, graphs, func(g *artefact.Graph) bool { return g.UserPFX != nil },
			func(p *Pass, f *bundle.File, g *artefact.Graph, _ int) { look(p, f, g, g.UserPFX) })
	}
	return []Rule{
		deployRule(Intune, "e_graph_odata_type", Documented, "Microsoft Graph, beta, deviceConfiguration resources",
			"@odata.type is none that Microsoft Graph has for this purpose; its letters must have the right case.",
			"Use the exact name, such as #microsoft.graph.iosTrustedRootCertificate.", all(runODataType)),
		deployRule(Intune, "e_graph_enum_number", Documented, "Microsoft Graph, beta, userPfxIntendedPurpose and intendedPurpose",
			"intendedPurpose is a number. Two enumerations of that name number their values differently, so that the same number means another purpose in the profile.",
			"Write the word: smimeSigning or smimeEncryption.", purposes(runEnumNumber)),
		deployRule(Intune, "e_graph_pfx_fields", Documented, citeUserPFX,
			"A property that an imported PFX needs is missing.", "Add it, or make the object anew, which smimechain deploy intune-pfx does.", pfx(runPFXFields)),
		deployRule(Intune, "e_graph_pfx_padding", Documented, "Microsoft Graph, beta, userPfxPaddingScheme",
			"The padding scheme is no longer supported, or is none. Microsoft's own example shows pkcs1.",
			"Encrypt the password with OAEP and say so: oaepSha256, oaepSha384 or oaepSha512.", pfx(runPFXPadding)),
		deployRule(Intune, "e_graph_pfx_thumbprint", Documented, citeUserPFX,
			"The thumbprint is not the SHA-1 digest of the user's certificate, in 40 lower-case hexadecimal digits.",
			"Take the thumbprint of the user's certificate, without spaces, in lower case.", pfx(runPFXThumbprint)),
		deployRule(Intune, "e_graph_pfx_date_form", Documented, citeUserPFX+", type DateTimeOffset; OData ABNF 4.01, dateTimeOffsetValue; microsoftgraph/msgraph-beta-sdk-dotnet#279",
			"A date is not one that Microsoft Graph reads: Edm.DateTimeOffset, with an offset.",
			"Write the dates of the certificate as 2026-11-22T00:00:00Z.", pfx(runPFXDateForm)),
		deployRule(Intune, "w_graph_pfx_dates", Documented, citeUserPFX,
			"The dates are not those of the user's certificate.",
			"Take the dates from the certificate and write them as 2026-11-22T00:00:00Z.", pfx(runPFXDates)),
		deployRule(Intune, "e_graph_pfx_blob", Documented, citeUserPFX,
			"encryptedPfxBlob is not a PFX with one identity in base64.",
			"Export the identity anew, and encode the file in one piece.", pfx(runPFXBlob)),
		deployRule(Intune, "e_graph_pfx_password", VendorSource, "microsoft/Intune-Resource-Access, ManagedRSAEncryption",
			"encryptedPfxPassword is not what RSA gives for a key of 2048 bits or more; it may be the password itself.",
			"If it is the password, treat it as known to others. Encrypt it with the public key of the connector, which smimechain deploy intune-pfx does.", pfx(runPFXPassword)),
		deployRule(Intune, "e_graph_pfx_password_not_ascii", VendorSource, "microsoft/Intune-Resource-Access, PFXImport module, README",
			"The password of the imported PFX has characters beyond ASCII, which the connector does not get as they are.",
			"Give the PFX a password of ASCII characters, which smimechain rewrite does, and import it anew.", pfx(runPFXPasswordASCII)),
		deployRule(Intune, "e_graph_pfx_purpose", Documented, citeImportedPFX,
			"The intended purpose is none that delivers S/MIME certificates.",
			"Use smimeSigning or smimeEncryption, and the same in the profile.", purposes(runGraphPurpose)),
		deployRule(Intune, "w_graph_pfx_purpose_unassigned", Documented, citeImportedPFX,
			"The intended purpose is unassigned. It is a tag: only a profile with the same one delivers the certificate.",
			"Use smimeSigning or smimeEncryption, and the same in the profile.", purposes(func(p *Pass, f *bundle.File, g *artefact.Graph) {
				if strings.EqualFold(g.IntendedPurpose, "unassigned") {
					p.ReportFile(f.Name, "intendedPurpose is unassigned")
				}
			})),
		deployRule(Intune, "e_graph_pfx_purpose_usage", Documented, citeImportedPFX+"; RFC 5280, Section 4.2.1.3",
			"The key usage of the certificate does not allow what the intended purpose says. The purpose is a tag only; it changes nothing about the certificate.",
			"Use the other purpose, or ask the CA for a certificate with the right key usage.", pfx(runPFXPurposeUsage)),
		deployRule(Intune, "w_graph_pfx_user", Documented, citeUserPFX,
			"userPrincipalName is not a user principal name.",
			"Use the user principal name of Entra, which need not be the mail address.", pfx(runPFXUser)),
		deployRule(Intune, "w_graph_pfx_id", VendorSource, "microsoft/Intune-Resource-Access, README",
			"The object has an id. A new one must have none; an existing one is called by its user and thumbprint.",
			"Leave id out of what is posted.", pfx(runPFXID)),
		withFacts(deployRule(Intune, "e_graph_pfx_key_name", Documented, "Microsoft Intune, prerequisites of the certificate connector; microsoft/Intune-Resource-Access, README",
			"The password is encrypted for a key with another name or provider than the connector has. Every server of the connector must have the key under the same name, because any of them may get the request.",
			"Use the provider and the name of the key on the connector, which smimechain deploy intune-pfx does.", pfx(runPFXKeyName)), factConnectorKeyName),
		deployRule(Intune, "w_graph_pfx_several_keys", Inferred, "Microsoft Intune, prerequisites of the certificate connector",
			"Imported PFX files that were given together name different keys of the connector.",
			"Make sure that every server of the connector has each of these keys, or use one for all.", pfx(runPFXSeveralKeys)),
		deployRule(Intune, "e_graph_pfx_no_profile", Documented, citeImportedPFX,
			"No profile that was given delivers imported certificates with this intended purpose, so that it reaches no device.",
			"Make a profile with the same intended purpose; that of an existing profile cannot be changed.", ofProfiles(pfx(runPFXNoProfile))),
		deployRule(Intune, "w_graph_pfx_user_address", Documented, citeUserPFX+"; "+citeOutlookIOS,
			"The certificate does not have the address that it should have. Intune delivers by user principal name, mail programs compare the primary SMTP address, and the two are easily confused.",
			"Check that userPrincipalName is the user's name in Entra, and that the certificate is for the primary SMTP address.", pfx(runPFXUserAddress)),
		deployRule(Intune, "w_graph_pfx_expires", Documented, citeImportedPFX,
			"The imported certificate has expired or does within 30 days. Intune does not renew it.",
			"Import the successor. An expired certificate is worth importing only to read old mail.", pfx(runPFXExpires)),
	}
}

// runODataType judges what is to be sent. What a service gave has a type that it knows,
// whether or not we do; a list of objects of one type needs none.
func runODataType(p *Pass, f *bundle.File, g *artefact.Graph) {
	t := g.Known()
	switch {
	case g.Form != artefact.Body, g.UserPFX != nil && g.Type == "", t != nil && g.Type == odataPrefix+t.Name:
	case t != nil:
		p.ReportFile(f.Name, "@odata.type must be #microsoft.graph.%s", t.Name)
	default:
		p.ReportFile(f.Name, "@odata.type is none that is known")
	}
}

func runEnumNumber(p *Pass, f *bundle.File, g *artefact.Graph) {
	if g.Form == artefact.Body && g.Number("intendedPurpose") != nil {
		p.ReportFile(f.Name, "intendedPurpose is a number")
	}
}

func runPFXFields(p *Pass, f *bundle.File, _ *artefact.Graph, u *artefact.UserPFX) {
	if len(u.Missing) > 0 {
		p.ReportFile(f.Name, "missing or empty: %s", strings.Join(u.Missing, ", "))
	}
}

func runPFXPadding(p *Pass, f *bundle.File, _ *artefact.Graph, u *artefact.UserPFX) {
	if !oneOf(u.PaddingScheme, "oaepSha256", "oaepSha384", "oaepSha512") {
		p.ReportFile(f.Name, "paddingScheme is none of oaepSha256, oaepSha384 and oaepSha512")
	}
}

func runPFXThumbprint(p *Pass, f *bundle.File, _ *artefact.Graph, u *artefact.UserPFX) {
	raw, err := hex.DecodeString(u.Thumbprint)
	switch {
	case u.Thumbprint == "":
		return
	case err != nil || len(raw) != sha1.Size || strings.ToLower(u.Thumbprint) != u.Thumbprint:
		p.ReportFile(f.Name, "thumbprint is not 40 lower-case hexadecimal digits")
		return
	}
	if c := userCertificate(u.PFX); c != nil {
		if sum := sha1.Sum(c.Raw); !strings.EqualFold(hex.EncodeToString(sum[:]), u.Thumbprint) {
			p.ReportFile(f.Name, "thumbprint is not that of the certificate in the PFX, which is %x", sum)
		}
	}
}

// readsDate reports whether Microsoft Graph reads a date; what printed an object in another
// form has read it.
func readsDate(g *artefact.Graph, date string) bool {
	_, err := msgraph.ParseTime(date)
	return date == "" || err == nil && (g.Form != artefact.Body || !strings.Contains(date, "Date("))
}

func runPFXDateForm(p *Pass, f *bundle.File, g *artefact.Graph, u *artefact.UserPFX) {
	for _, date := range []struct{ property, value string }{{"startDateTime", u.Start}, {"expirationDateTime", u.Expiration}} {
		if !readsDate(g, date.value) {
			p.ReportFile(f.Name, "%s is no date with an offset", date.property)
		}
	}
}

func runPFXDates(p *Pass, f *bundle.File, g *artefact.Graph, u *artefact.UserPFX) {
	if u.Start == "" || u.Expiration == "" || !readsDate(g, u.Start) || !readsDate(g, u.Expiration) {
		return
	}
	start, _ := msgraph.ParseTime(u.Start)
	expiration, _ := msgraph.ParseTime(u.Expiration)
	switch c := userCertificate(u.PFX); {
	case !start.Before(expiration):
		p.ReportFile(f.Name, "startDateTime is not before expirationDateTime")
		p.Undecided(nil, "whether Intune takes the dates: startDateTime is not before expirationDateTime")
	case c != nil && (!start.Equal(c.NotBefore()) || !expiration.Equal(c.NotAfter())):
		p.ReportFile(f.Name, "the dates are not those of the certificate in the PFX")
		if p.Time.Before(start) || p.expired(expiration) {
			p.Undecided(nil, "whether Intune delivers the certificate: by the dates it is not valid now")
		}
	}
}

func runPFXBlob(p *Pass, f *bundle.File, _ *artefact.Graph, u *artefact.UserPFX) {
	switch {
	case slices.Contains(u.Missing, "encryptedPfxBlob"):
	case u.BlobFault != "":
		p.ReportFile(f.Name, "encryptedPfxBlob cannot be used: %s", u.BlobFault)
	case u.PFX != nil && u.PFX.Password.Status.Right() && len(u.PFX.Identities) != 1:
		p.ReportFile(f.Name, "encryptedPfxBlob has %s, not one", say.Count(len(u.PFX.Identities), "1 private key", "%d private keys"))
	}
}

// modulusSizes are the sizes in octets of RSA keys in use, from 2048 bits on.
var modulusSizes = []int{256, 384, 512, 1024}

func runPFXPassword(p *Pass, f *bundle.File, _ *artefact.Graph, u *artefact.UserPFX) {
	switch {
	case u.Blanked, slices.Contains(u.Missing, "encryptedPfxPassword"):
	case u.PasswordFault != "":
		p.ReportFile(f.Name, "encryptedPfxPassword is no ciphertext: %s", u.PasswordFault)
	case p.connectorBits() > 0 && u.PasswordSize != (p.connectorBits()+7)/8:
		p.ReportFile(f.Name, "encryptedPfxPassword has %s, which is not the size of the connector's key of %d bits", say.Count(u.PasswordSize, "1 octet", "%d octets"), p.connectorBits())
	case p.connectorBits() == 0 && !slices.Contains(modulusSizes, u.PasswordSize):
		p.ReportFile(f.Name, "encryptedPfxPassword has %s, which is no size of an RSA key of 2048 bits or more", say.Count(u.PasswordSize, "1 octet", "%d octets"))
	}
}

func runPFXPasswordASCII(p *Pass, f *bundle.File, _ *artefact.Graph, u *artefact.UserPFX) {
	if u.PFX != nil && u.PFX.Password.Status.Right() && u.PFX.Password.Charset > pkcs12.CharsetASCII {
		p.ReportFile(f.Name, "the password has characters beyond ASCII")
	}
}

func runGraphPurpose(p *Pass, f *bundle.File, g *artefact.Graph) {
	if !oneOf(g.IntendedPurpose, "smimeSigning", "smimeEncryption", "unassigned") {
		p.ReportFile(f.Name, "intendedPurpose is neither smimeSigning nor smimeEncryption")
	}
}

func runPFXPurposeUsage(p *Pass, f *bundle.File, g *artefact.Graph, u *artefact.UserPFX) {
	c := userCertificate(u.PFX)
	if c == nil || c.Err() != nil {
		return
	}
	if strings.EqualFold(g.IntendedPurpose, "smimeSigning") && !c.Allows(chain.Sign) {
		p.ReportFile(f.Name, "intendedPurpose is smimeSigning, but the certificate is not for signatures")
	}
	if strings.EqualFold(g.IntendedPurpose, "smimeEncryption") && !c.Allows(chain.Encrypt) {
		p.ReportFile(f.Name, "intendedPurpose is smimeEncryption, but the certificate is not for encryption")
	}
}

func runPFXUser(p *Pass, f *bundle.File, _ *artefact.Graph, u *artefact.UserPFX) {
	if u.UserPrincipalName != "" && !isPrincipal(u.UserPrincipalName) {
		p.ReportFile(f.Name, "userPrincipalName is not of the form user@domain")
		p.Undecided(nil, "whether Intune finds the user: userPrincipalName is not of the form user@domain")
	}
}

// isPrincipal reports whether a name has the form of a user principal name.
func isPrincipal(s string) bool {
	name, domain, _ := strings.Cut(s, "@")
	return name != "" && !strings.Contains(domain, "@") && strings.Contains(domain, ".") && !strings.ContainsAny(s, " <>\t\r\n")
}

func runPFXID(p *Pass, f *bundle.File, g *artefact.Graph, _ *artefact.UserPFX) {
	if g.ID != "" && g.Form == artefact.Body {
		p.ReportFile(f.Name, "the object has an id")
	}
}

// connectorBits returns the size of the connector's key as far as it is known,
// from the facts or from the key given with the other files; 0 where it is not.
func (p *Pass) connectorBits() int {
	if p.Facts.ConnectorKeyBits > 0 {
		return p.Facts.ConnectorKeyBits
	}
	return p.Collection.rollout.keyBits
}

func runPFXKeyName(p *Pass, f *bundle.File, _ *artefact.Graph, u *artefact.UserPFX) {
	if u.KeyName != "" && !strings.EqualFold(u.KeyName, p.Facts.ConnectorKeyName) {
		p.ReportFile(f.Name, "keyName is not the name of the connector's key")
	}
	if u.ProviderName != "" && p.Facts.ConnectorProvider != "" && !strings.EqualFold(u.ProviderName, p.Facts.ConnectorProvider) {
		p.ReportFile(f.Name, "providerName is not the provider of the connector's key")
	}
}

func runPFXSeveralKeys(p *Pass, f *bundle.File, _ *artefact.Graph, u *artefact.UserPFX) {
	first := p.Collection.rollout.record
	if !strings.EqualFold(u.KeyName, first.KeyName) || !strings.EqualFold(u.ProviderName, first.ProviderName) {
		p.ReportFile(f.Name, "providerName or keyName is not that of the first imported PFX given")
	}
}

// ofProfiles makes a check apply only where profiles for imported PFX files are
// given too.
func ofProfiles(check artefactCheck) artefactCheck {
	applies := check.applies
	check.applies = func(p *Pass) bool { return len(p.Collection.rollout.purposes) > 0 && applies(p) }
	return check
}

func runPFXNoProfile(p *Pass, f *bundle.File, g *artefact.Graph, _ *artefact.UserPFX) {
	if !oneOf(g.IntendedPurpose, p.Collection.rollout.purposes...) {
		p.ReportFile(f.Name, "no profile given has the intended purpose of this imported PFX")
	}
}

func runPFXUserAddress(p *Pass, f *bundle.File, _ *artefact.Graph, u *artefact.UserPFX) {
	c := userCertificate(u.PFX)
	if c == nil || len(c.Emails()) == 0 {
		return
	}
	switch primary := p.Facts.PrimarySMTP; {
	case primary != "" && !containsFold(c.Emails(), primary):
		p.ReportFile(f.Name, "the certificate holds %s; the mailbox has %s", listed(distinct(c.Emails())), primary)
	case primary == "" && isPrincipal(u.UserPrincipalName) && !containsFold(c.Emails(), u.UserPrincipalName):
		p.ReportFile(f.Name, "the certificate is for %s, the record for %s; whether the former is the primary SMTP address is not known", listed(distinct(c.Emails())), printable(u.UserPrincipalName))
	}
}

func runPFXExpires(p *Pass, f *bundle.File, _ *artefact.Graph, u *artefact.UserPFX) {
	end, err := msgraph.ParseTime(u.Expiration)
	if c := userCertificate(u.PFX); c != nil {
		end, err = c.NotAfter(), nil
	}
	switch {
	case err != nil || end.After(p.Time.Add(soonUser)):
	case end.After(p.Time):
		p.ReportFile(f.Name, "the certificate expires on %s", date(end))
	default:
		p.ReportFile(f.Name, "the certificate has expired on %s", date(end))
	}
}
