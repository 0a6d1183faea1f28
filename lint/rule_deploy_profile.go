package lint

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
)

const citeProfile = "Apple, device management profiles: TopLevel, CommonPayloadKeys and the payloads for certificates, mail and Exchange"

// profileRules are about Apple configuration profiles.
func profileRules() []Rule {
	wanted := func(wanted func(*artefact.Payload) bool, look func(*Pass, *bundle.File, *artefact.Payload, int)) artefactCheck {
		return eachPart(bundle.MobileConfig, func(f *bundle.File) []artefact.Payload { return f.Profile.Payloads }, wanted, look)
	}
	payloads := func(look func(*Pass, *bundle.File, *artefact.Payload, int)) artefactCheck {
		return wanted(func(*artefact.Payload) bool { return true }, look)
	}
	certificates := func(look func(*Pass, *bundle.File, *artefact.Payload, int)) artefactCheck {
		return wanted(func(pl *artefact.Payload) bool { return pl.Certificate != nil }, look)
	}
	identities := func(look func(*Pass, *bundle.File, *artefact.Payload, int)) artefactCheck {
		return wanted(func(pl *artefact.Payload) bool { return pl.Type == payloadPKCS12 }, look)
	}
	accounts := func(look func(*Pass, *bundle.File, *artefact.Payload, int)) artefactCheck {
		return wanted(func(pl *artefact.Payload) bool { return pl.Account }, look)
	}
	return []Rule{
		deployRule(AppleMail, "e_profile_top", Documented, citeProfile,
			"The profile lacks what every profile has: the type Configuration, version 1, an identifier, a UUID and a list of payloads.",
			"Make the profile anew, which smimechain deploy profile does.", each(bundle.MobileConfig, runProfileTop)),
		forTargets(deployRule(AppleMail, "e_profile_signature", Inferred, "RFC 5652, Section 5.4; "+citeProfile,
			"The signature of the profile does not fit what it signs: the profile was changed after it was signed, or the signature is damaged. Devices do not install such a profile.",
			"Take the profile as it was signed, or sign it anew.",
			artefactCheck{
				applies: func(p *Pass) bool { return len(p.signedProfiles()) > 0 },
				run:     runProfileSignature,
			}), AppleMail, OutlookIOS),
		deployRule(AppleMail, "e_profile_removed", Documented, citeProfile,
			"The profile says that it is removed by itself on a day that has passed. What it installs is gone.",
			"Make the profile anew, without RemovalDate or with a later one.", each(bundle.MobileConfig, runProfileRemoved)),
		deployRule(AppleMail, "n_profile_removal", Documented, citeProfile,
			"The profile is removed by itself, and takes with it what it has installed: certificates, and the key with which mail is read.",
			"Leave out RemovalDate and DurationUntilRemoval, unless the device is to lose it.", each(bundle.MobileConfig, runProfileRemoval)),
		deployRule(AppleMail, "e_profile_payload", Documented, citeProfile,
			"A payload lacks its type, version 1, identifier or UUID.", "Add what is missing.", payloads(runProfilePayload)),
		deployRule(AppleMail, "e_profile_payload_unique", Documented, citeProfile,
			"Two payloads have the same identifier or UUID, so that one replaces the other.", "Give each its own.", each(bundle.MobileConfig, runProfileUnique)),
		deployRule(AppleMail, "e_profile_certificate", Documented, citeProfile,
			"A payload for a certificate holds something else than one certificate.",
			"Put one DER certificate into each payload.", certificates(runProfileCertificate)),
		deployRule(AppleMail, "e_profile_certificate_pem", Documented, citeProfile,
			"A payload for a certificate in DER holds PEM text.", "Use the DER form, or the type com.apple.security.pem.", certificates(runProfilePEM)),
		deployRule(AppleMail, "w_profile_not_ca", Documented, citeProfile,
			"A payload that adds a trusted certificate holds one that is not of a CA.", "Take it out; identities go into com.apple.security.pkcs12.", certificates(runProfileNotCA)),
		deployRule(AppleMail, "e_profile_identity", VendorSource, citeProfile+"; apple-oss-distributions/Security, p12import.c",
			"The identity cannot be installed or used: it is no PFX, does not hold exactly one key with its certificate, does not open with the password in the profile or on the oldest iOS in use, or its certificate has expired.",
			"Export the identity anew.", identities(runProfileIdentity)),
		deployRule(AppleMail, "w_profile_identity_old_ios", VendorSource, "apple-oss-distributions/Security, p12import.c",
			"The identity is in a form that iOS and iPadOS up to 17 cannot open; they say that the password is wrong.",
			"Export it with 3DES and SHA-1 while such devices are in use.", identities(runProfileOldIOS)),
		deployRule(AppleMail, "w_profile_password_inside", Documented, citeProfile,
			"The password of the identity stands in the profile. Whoever has the file has the key.",
			"Leave the password out, so that the user is asked; or encrypt the profile for the device and keep no copy.", identities(runProfilePassword)),
		deployRule(AppleMail, "e_profile_identity_reference", Documented, citeProfile,
			"An account names an identity for S/MIME that is not in the profile.",
			"Use the PayloadUUID of the payload with the identity.", accounts(runProfileReference)),
		deployRule(AppleMail, "e_profile_purpose", Documented, citeProfile+"; RFC 5280, Section 4.2.1.3",
			"The certificate that an account is to sign or encrypt with does not allow that.",
			"Name another identity, or ask the CA for a certificate with the right key usage.", accounts(runProfilePurpose)),
		deployRule(AppleMail, "e_profile_email", VendorSource, citeProfile+"; apple-oss-distributions/Security, SecPolicyServer.c",
			"The certificate that an account is to sign with does not have the address of the account.",
			"Use a certificate for the address of the account.", accounts(runProfileEmail)),
		deployRule(AppleMail, "w_profile_smime_off", Documented, citeProfile,
			"An account for S/MIME has it switched off, which it is on iOS unless the profile says otherwise, and the user cannot switch it on.",
			"Set SMIMESigningEnabled and SMIMEEncryptByDefault to true, or let the user do so with SMIMESigningUserOverrideable and SMIMEEnableEncryptionPerMessageSwitch.", accounts(runProfileSMIMEOff)),
		deployRule(AppleMail, "w_profile_deprecated_key", Documented, citeProfile,
			"The profile has a setting that current systems ignore.",
			"Use SMIMESigningEnabled, SMIMEEncryptByDefault and SMIMEEnableEncryptionPerMessageSwitch.", payloads(runProfileDeprecated)),
		deployRule(AppleMail, "n_profile_mac_only", Documented, citeProfile,
			"The profile has a setting that exists on macOS only.", "Leave it out of profiles for iOS.", payloads(runProfileMacOnly)),
		deployRule(OutlookIOS, "e_profile_outlook", Documented, "Microsoft, S/MIME for Outlook for iOS and Android, certificate delivery",
			"The profile puts an identity into the keychain of the system, which Outlook for iOS cannot read.",
			"Open the PFX inside Outlook, or deliver it with Intune, which smimechain deploy intune-pfx does.", payloads(runProfileOutlook)),
	}
}

func runProfileTop(p *Pass, f *bundle.File) {
	var missing []string
	for _, m := range []struct {
		name string
		ok   bool
	}{
		{"PayloadType Configuration", f.Profile.Type == "Configuration"},
		{"PayloadVersion 1", f.Profile.Version == 1},
		{"PayloadIdentifier", f.Profile.Identifier != ""},
		{"PayloadUUID", f.Profile.UUID != ""},
		{"PayloadContent", f.Profile.HasContent || f.Profile.Encrypted},
	} {
		if !m.ok {
			missing = append(missing, m.name)
		}
	}
	if len(missing) > 0 {
		p.ReportFile(f.Name, "the profile lacks %s", strings.Join(missing, ", "))
	}
}

// signedProfiles returns the files with a profile that was signed.
func (p *Pass) signedProfiles() []*bundle.File {
	return slices.DeleteFunc(p.filesOf(bundle.MobileConfig), func(f *bundle.File) bool { return !f.Profile.Signed })
}

func runProfileSignature(p *Pass) error {
	for _, f := range p.signedProfiles() {
		if why := f.Profile.Altered; !why.IsZero() {
			p.ReportFile(f.Name, "the signature does not fit the profile: %s", why)
		}
	}
	return nil
}

func runProfileRemoved(p *Pass, f *bundle.File) {
	if end := f.Profile.RemovalDate; !end.IsZero() && !p.Time.Before(end) {
		p.ReportFile(f.Name, "the profile is removed by itself on %s (RemovalDate), which has passed", date(end))
	}
}

func runProfileRemoval(p *Pass, f *bundle.File) {
	if end := f.Profile.RemovalDate; p.Time.Before(end) {
		p.ReportFile(f.Name, "the profile is removed by itself on %s (RemovalDate)", date(end))
	}
	if after := f.Profile.DurationUntilRemoval; after > 0 {
		p.ReportFile(f.Name, "the profile is removed by itself %d s after it was installed (DurationUntilRemoval)", int64(after/time.Second))
	}
}

func runProfilePayload(p *Pass, f *bundle.File, pl *artefact.Payload, i int) {
	if pl.Type == "" || pl.Version != 1 || pl.Identifier == "" || pl.UUID == "" {
		p.ReportFile(f.Name, "payload %d lacks PayloadType, PayloadVersion 1, PayloadIdentifier or PayloadUUID", i)
	}
}

func runProfileUnique(p *Pass, f *bundle.File) {
	seen := map[string]int{}
	for i, pl := range f.Profile.Payloads {
		for _, key := range []string{"i" + pl.Identifier, "u" + strings.ToLower(pl.UUID)} {
			if len(key) == 1 {
				continue
			}
			if first, ok := seen[key]; ok {
				p.ReportFile(f.Name, "payloads %d and %d have the same identifier or UUID", first, i)
				break
			}
			seen[key] = i
		}
	}
}

func runProfileCertificate(p *Pass, f *bundle.File, pl *artefact.Payload, i int) {
	if pl.Certificate.Fault != "" && pl.Certificate.Fault != artefact.FaultPEM {
		p.ReportFile(f.Name, "payload %d: %s", i, pl.Certificate.Fault)
	}
}

func runProfilePEM(p *Pass, f *bundle.File, pl *artefact.Payload, i int) {
	if pl.Certificate.Fault == artefact.FaultPEM {
		p.ReportFile(f.Name, "payload %d holds PEM text", i)
	}
}

func runProfileNotCA(p *Pass, f *bundle.File, pl *artefact.Payload, i int) {
	for _, c := range pl.Certificate.Certificates {
		if c.Err() == nil && !c.IsCA() {
			p.ReportFile(f.Name, "payload %d holds the certificate of a user: %s", i, chain.CommonName(c.Subject()))
		}
	}
}

const payloadPKCS12 = "com.apple.security.pkcs12"

func runProfileIdentity(p *Pass, f *bundle.File, pl *artefact.Payload, i int) {
	switch {
	case pl.PFX == nil:
		p.ReportFile(f.Name, "payload %d is no PFX", i)
	case pl.HasPassword && pl.PFX.Password.Status != pkcs12.PasswordRight:
		p.ReportFile(f.Name, "payload %d does not open with the password in the profile", i)
	case pl.PFX.Compatible("ios-18").Answer == pkcs12.No:
		p.ReportFile(f.Name, "payload %d cannot be opened by any version of iOS: %s", i, pl.PFX.Compatible("ios-18").Reasons[0])
	case p.Facts.has(factOldestIOS) && p.Facts.OldestIOS.Major < 18 && isForNewIOS(pl):
		p.ReportFile(f.Name, "payload %d cannot be opened by iOS 17 and older", i)
	}
	if p.outlived(pl.PFX) {
		p.ReportFile(f.Name, "payload %d: the certificate of the identity: %s", i, p.expiry(userCertificate(pl.PFX).NotAfter()))
	}
}

// outlived reports whether the certificate of an identity has expired.
func (p *Pass) outlived(r *pkcs12.Inspection) bool {
	c := userCertificate(r)
	return c != nil && !c.NotAfter().IsZero() && p.expired(c.NotAfter())
}

// isForNewIOS reports whether iOS 18 opens the identity of a payload, or may, and
// iOS 17 does not.
func isForNewIOS(pl *artefact.Payload) bool {
	return pl.PFX != nil && pl.PFX.Compatible("ios-18").Answer != pkcs12.No && pl.PFX.Compatible("ios-17").Answer == pkcs12.No
}

func runProfileOldIOS(p *Pass, f *bundle.File, pl *artefact.Payload, i int) {
	if !p.Facts.has(factOldestIOS) && isForNewIOS(pl) { // else e_profile_identity knows
		p.ReportFile(f.Name, "payload %d cannot be opened by iOS 17 and older", i)
	}
}

func runProfilePassword(p *Pass, f *bundle.File, pl *artefact.Payload, i int) {
	if pl.HasPassword {
		p.ReportFile(f.Name, "payload %d holds the password of its identity", i)
	}
}

var payloadUUID = regexp.MustCompile(`^[0-9A-Za-z]{8}-[0-9A-Za-z]{4}-[0-9A-Za-z]{4}-[0-9A-Za-z]{4}-[0-9A-Za-z]{12}$`)

// identity returns the payload with an identity that an account names.
func identity(f *bundle.File, uuid string) *artefact.Payload {
	i := slices.IndexFunc(f.Profile.Payloads, func(pl artefact.Payload) bool {
		return pl.Identity() && strings.EqualFold(pl.UUID, uuid)
	})
	if i < 0 {
		return nil
	}
	return &f.Profile.Payloads[i]
}

func runProfileReference(p *Pass, f *bundle.File, a *artefact.Payload, i int) {
	for _, r := range []struct{ name, uuid string }{{"SMIMESigningCertificateUUID", a.Signing}, {"SMIMEEncryptionCertificateUUID", a.Encryption}} {
		if r.uuid != "" && (!payloadUUID.MatchString(r.uuid) || identity(f, r.uuid) == nil) {
			p.ReportFile(f.Name, "payload %d: %s names no identity of the profile", i, r.name)
		}
	}
}

// accountCertificate returns the certificate that an account names, nil where it
// cannot be seen.
func accountCertificate(f *bundle.File, uuid string) *chain.Certificate {
	if uuid == "" {
		return nil
	}
	pl := identity(f, uuid)
	if pl == nil {
		return nil
	}
	if c := userCertificate(pl.PFX); c != nil && c.Err() == nil {
		return c
	}
	return nil
}

func runProfilePurpose(p *Pass, f *bundle.File, a *artefact.Payload, i int) {
	if c := accountCertificate(f, a.Signing); c != nil && !c.Allows(chain.Sign) {
		p.ReportFile(f.Name, "payload %d: the certificate to sign with is not for signatures", i)
	}
	if c := accountCertificate(f, a.Encryption); c != nil && !c.Allows(chain.Encrypt) {
		p.ReportFile(f.Name, "payload %d: the certificate to encrypt with is not for encryption", i)
	}
}

func runProfileEmail(p *Pass, f *bundle.File, a *artefact.Payload, i int) {
	c := accountCertificate(f, a.Signing)
	switch {
	case c == nil || a.Email == "" || containsFold(c.Emails(), a.Email):
	case artefact.HasPlaceholder(a.Email) || !strings.Contains(a.Email, "@"):
		p.Undecided(nil, "payload %d: the address of the account is filled in by the management of the device, and is not seen", i)
	default:
		p.ReportFile(f.Name, "payload %d: the certificate to sign with is not for the address of the account", i)
	}
}

// runProfileSMIMEOff judges accounts that say something of S/MIME. Where no purpose is
// stated one of the two suffices.
func runProfileSMIMEOff(p *Pass, f *bundle.File, a *artefact.Payload, i int) {
	if !a.SMIME {
		return
	}
	on := a.Signs || a.Encrypts
	for _, purpose := range p.Facts.Purposes {
		on = on && (purpose != chain.Sign || a.Signs) && (purpose != chain.Encrypt || a.Encrypts)
	}
	if !on {
		const off say.Text = "payload %d: S/MIME is off for the account on iOS, and the user cannot switch it on"
		p.ReportFile(f.Name, off, i)
		p.Undecided(nil, off, i)
	}
}

func runProfileDeprecated(p *Pass, f *bundle.File, pl *artefact.Payload, i int) {
	for _, key := range pl.Keys {
		if strings.HasPrefix(key, "SMIME") {
			p.ReportFile(f.Name, "payload %d has %s", i, key)
		}
	}
}

func runProfileMacOnly(p *Pass, f *bundle.File, pl *artefact.Payload, i int) {
	for _, key := range pl.Keys {
		if !strings.HasPrefix(key, "SMIME") {
			p.ReportFile(f.Name, "payload %d has %s", i, key)
		}
	}
}

func runProfileOutlook(p *Pass, f *bundle.File, pl *artefact.Payload, i int) {
	if pl.Identity() {
		p.ReportFile(f.Name, "payload %d installs an identity where Outlook cannot see it", i)
	}
}
