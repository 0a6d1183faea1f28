package lint

import (
	"slices"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
)

// pfxPasswordRules are about the password of a PFX.
func pfxPasswordRules() []Rule {
	return []Rule{
		{
			Name:        "e_pfx_password_empty",
			Need:        needOpens,
			Description: "No password protects the PFX. Profiles of Apple and Intune ask for one, and programs disagree on what an empty password is.",
			Citation:    "Apple, com.apple.security.pkcs12: password-protected identity; Microsoft, Outlook for iOS and Android: ensure a strong password; " + citeAppleImport,
			Targets:     identityTargets,
			Remedy:      "Export it with a password that nobody can guess, and send the two by separate ways.",
			Confidence:  Documented,
			Symptoms:    wrongPassword,
			Applies:     isPFX,
			Run: func(p *Pass) error {
				switch report := p.pfx(); {
				case isUnprotected(report):
					p.Report(nil, "is not protected by a password")
				case report.Password.Charset == pkcs12.CharsetEmpty && report.Password.Status.Right() && protectsKey(report):
					p.Report(nil, "the password is empty")
				}
				return nil
			},
		},
		{
			Name:        "w_pfx_password_weak",
			Description: "The password has less than 70 bits of entropy, those of 12 letters and digits chosen by chance. Whoever gets hold of the file can try passwords on it for as long as it takes, without anybody noticing, and then has the private key.",
			Citation:    "Microsoft, Outlook for iOS and Android: ensure a strong password",
			Targets:     identityTargets,
			Remedy:      "Export it with a random password: openssl rand -base64 18 makes one, as does PowerShell with $b = New-Object byte[] 18; [Security.Cryptography.RandomNumberGenerator]::Create().GetBytes($b); [Convert]::ToBase64String($b). Send file and password by separate ways.",
			Confidence:  Inferred,
			Applies: func(p *Pass) bool {
				return slices.ContainsFunc(p.passwords(), func(f foundPassword) bool { return f.measured() })
			},
			Run: func(p *Pass) error {
				for _, f := range p.passwords() {
					if f.measured() && f.Entropy < leastPasswordEntropy {
						p.ReportFile(f.file, "the password is weaker than 12 letters and digits chosen by chance")
					}
				}
				return nil
			},
		},
		{
			Name:        "w_pfx_password_not_ascii",
			Description: "The password has characters beyond ASCII. Programs encode them in different ways, and some refuse them.",
			Citation:    "RFC 7292, Appendix B.1; RFC 8018, Section 3",
			Targets:     identityTargets,
			Remedy:      "Export it with a password of letters, digits and signs of ASCII.",
			Confidence:  Documented,
			Symptoms:    wrongPassword,
			Applies:     hasPassword,
			Run: func(p *Pass) error {
				if c := p.pfx().Password.Charset; c > pkcs12.CharsetASCII {
					p.Report(nil, "the password has characters beyond ASCII")
				}
				return nil
			},
		},
		{
			Name:        "e_pfx_password_beyond_ascii",
			Need:        needOpens,
			Description: "The password has characters from U+0080 to U+00FF. The import module of Intune makes one byte of each, and the connector does not get them as they are.",
			Citation:    citeIntuneModule + ", ConvertSecureStringToByteArray",
			Targets:     []Target{Intune},
			Remedy:      "Export it with a password of letters, digits and signs of ASCII.",
			Confidence:  Inferred,
			Symptoms:    []say.Text{"The certificate was imported and never reaches the device."},
			Applies:     hasPassword,
			Run: func(p *Pass) error {
				if p.pfx().Password.Charset == pkcs12.CharsetLatin1 {
					p.Report(nil, "the password has characters beyond ASCII")
				}
				return nil
			},
		},
		{
			Name:        "e_pfx_password_not_latin1",
			Description: "The password has characters beyond U+00FF. The import module of Intune makes one byte of each and so destroys them.",
			Citation:    citeIntuneModule + ", ConvertSecureStringToByteArray",
			Targets:     []Target{Intune},
			Remedy:      "Export it with a password of letters, digits and signs of ASCII.",
			Confidence:  VendorSource,
			Symptoms:    []say.Text{"The certificate was imported and never reaches the device."},
			Applies:     hasPassword,
			Run: func(p *Pass) error {
				if c := p.pfx().Password.Charset; c > pkcs12.CharsetLatin1 {
					p.Report(nil, "the password has characters beyond U+00FF")
				}
				return nil
			},
		},
		{
			Name:        "e_pfx_password_too_long",
			Description: "The password is longer than what the key of the Intune connector can encrypt: 126 bytes with a key of 2048 bits and OAEP with SHA-512, the default.",
			Citation:    citeIntuneModule + "; RFC 8017, Section 7.1.1",
			Targets:     []Target{Intune},
			Remedy:      "Use a shorter password, or a larger key.",
			Confidence:  VendorSource,
			Symptoms:    []say.Text{"Import-IntuneUserPfxCertificate fails."},
			Facts:       []Fact{factConnectorKeyBits},
			Decisive:    []Target{Intune},
			Applies: func(p *Pass) bool {
				// Where the key is not known, it matters to long passwords alone.
				f := p.Collection.Files[0]
				return isPFX(p) && f.Password != nil &&
					(p.Facts.has(factConnectorKeyBits) || f.Password.Characters > pkcs12.IntunePasswordSize(smallestConnectorKey, 0))
			},
			Run: func(p *Pass) error {
				bits := p.Facts.ConnectorKeyBits
				if n := pkcs12.IntunePasswordSize(bits, 0); p.Collection.Files[0].Password.Characters > n {
					p.Report(nil, "the password is longer than the %d bytes that a key of %d bits can encrypt", n, bits)
				}
				return nil
			},
		},
	}
}

// isUnprotected reports whether everything in the PFX is open to anybody. What is
// encrypted for the owner of a certificate takes no password to be closed, and
// what is damaged may hold anything.
func isUnprotected(r *pkcs12.Inspection) bool {
	return r.Password.Status == pkcs12.PasswordNotNeeded && len(r.Safes) > 0 &&
		!slices.ContainsFunc(r.Safes, func(s pkcs12.Safe) bool { return s.Privacy == pkcs12.PrivacyPublicKey })
}

// protectsKey reports whether a password that is right is that of a private key
// or of the MAC. It may be that of certificates alone, with the key under another.
func protectsKey(r *pkcs12.Inspection) bool {
	if r.MAC != nil && r.MAC.Status == pkcs12.StatusOK {
		return true
	}
	for _, bag := range r.Bags() {
		if bag.Key != nil {
			return true
		}
	}
	return false
}

func hasPassword(p *Pass) bool { return isPFX(p) && p.pfx().Password.Status.Right() }

// smallestConnectorKey is the size in bits of the smallest key in use.
const smallestConnectorKey = 2048

// leastPasswordEntropy is in bits: what 12 letters and digits have, chosen by
// chance (71.5), but for a little. A file can be tried without limit: a thousand
// million guesses a second take three days for the 48 bits of eight characters, and
// 37,000 years for 70.
const leastPasswordEntropy = 70

// foundPassword is the password of a PFX and the file that holds the PFX.
type foundPassword struct {
	file string
	*bundle.PasswordStrength
}

// measured reports whether the entropy says something. A password that is empty
// is left to a rule of its own.
func (f foundPassword) measured() bool { return f.Characters > 0 && f.Entropy >= 0 }

// passwords lists the passwords that are right, of a PFX as a file of its own or
// inside what a roll-out makes of it. A file has one, for everything in it.
func (p *Pass) passwords() []foundPassword {
	var list []foundPassword
	for _, f := range p.Collection.Files {
		if f.Password != nil {
			list = append(list, foundPassword{f.Name, f.Password})
		}
	}
	return list
}
