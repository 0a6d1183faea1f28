package lint

import (
	"cmp"
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
	zlint "github.com/zmap/zlint/v3/lint"
)

const (
	citeAppleImport  = "Apple, p12import.c and p12pbegen.c"
	citeIntuneModule = "Microsoft, Intune-Resource-Access, NewUserPFXCertificate.cs"
)

// wrongPassword is what people see when a phone cannot read a PFX, whatever the
// reason.
var wrongPassword = []say.Text{"The iPhone says that the password is wrong, though it is right."}

// pfxRules are about a PFX as the carrier of an identity. Whether its
// certificates are good is a matter of the other rules.
func pfxRules() []Rule {
	return []Rule{
		{
			Name:        "e_pfx_target_cannot_open",
			Need:        needOpens,
			Description: "The target cannot import the PFX: it does not know an algorithm in it, insists on a part that is missing, or does not find the certificate of the private key.",
			Citation:    citeAppleImport + "; Microsoft, PKCS12_PBES2_EXPORT_PARAMS; package pkcs12, which cites a source for each target",
			Targets:     identityTargets,
			Remedy:      "Write the same identity in a form that the target can open. 3DES with a SHA-1 MAC is what all can open.",
			Command:     "smimechain rewrite -for TARGET -o OUT.pfx IN.pfx",
			advise:      adviseRewrite,
			Confidence:  VendorSource,
			Symptoms: append(slices.Clone(wrongPassword),
				"Outlook for iOS: no certificate is available, though the import said nothing.",
				"Windows says that the password is wrong."),
			Applies: isPFX,
			Run:     runCannotOpen,
		},
		{
			Name:        "e_pfx_text",
			Need:        needOpens,
			Description: "The PFX is wrapped in text, base64 or PEM. Programs that import a PFX expect it in binary.",
			Citation:    "RFC 7292, Section 4; " + citeAppleImport,
			Targets:     identityTargets,
			Remedy:      "Make it binary, which writing it anew does too; otherwise certutil -decode or base64 -d makes it so.",
			Command:     "smimechain rewrite -for TARGET -o OUT.pfx IN.pfx",
			advise:      adviseRewrite,
			Confidence:  VendorSource,
			Symptoms:    []say.Text{"The program says that the file is invalid, or offers it as text."},
			Applies:     isPFX,
			Run: func(p *Pass) error {
				if armor := p.pfx().Armor; armor != pkcs7.Binary {
					p.Report(nil, "is %s text, not binary", armor.String())
				}
				return nil
			},
		},
		{
			Name:        "w_pfx_old_windows",
			Need:        needOpens,
			Description: "Windows 10 before 1709 and Windows Server before 2019 cannot open the PFX. A server with the certificate connector may be one of them.",
			Citation:    "Microsoft, PKCS12_PBES2_EXPORT_PARAMS, minimum supported server",
			Targets:     []Target{Windows, Intune},
			Remedy:      "Where such a machine is in the way, write it anew with 3DES and SHA-1, or export it with TripleDES_SHA1.",
			Command:     "smimechain rewrite -for windows -o OUT.pfx IN.pfx",
			advise:      adviseRewrite,
			Confidence:  Documented,
			Symptoms:    []say.Text{"Windows says that the password is wrong."},
			Applies:     isPFX,
			Run: func(p *Pass) error {
				report := p.pfx()
				if report.Compatible(pkcs12.Windows1709).Answer != pkcs12.Yes {
					return nil
				}
				if v := report.Compatible(pkcs12.WindowsBefore1709); v.Answer == pkcs12.No {
					p.Report(nil, "%s", v.Reasons[0])
				}
				return nil
			},
		},
		{
			Name:        "e_pfx_no_private_key",
			Need:        needIdentity,
			Description: "The PFX holds no private key. It is a list of certificates and gives nobody an identity.",
			Citation:    "RFC 7292, Section 4.2; Apple, com.apple.security.pkcs12",
			Targets:     identityTargets,
			Remedy:      "Export the certificate again, with its private key.",
			Confidence:  Documented,
			Symptoms:    []say.Text{"The import says nothing, and no certificate is offered for signing."},
			Applies:     isOpenPFX,
			Run: func(p *Pass) error {
				if len(p.pfx().Identities) == 0 {
					p.Report(nil, "holds no private key")
				}
				return nil
			},
		},
		{
			Name:        "e_pfx_several_identities",
			Need:        needIdentity,
			Description: "The PFX holds more than one private key. Apple's profiles and Intune take one identity for each file, and which one is not said.",
			Citation:    "Apple, com.apple.security.pkcs12: only one certificate may be included; " + citeIntuneModule,
			Targets:     []Target{OutlookIOS, AppleMail, Intune},
			Remedy:      "Split it: one PFX for each private key, with the certificates above it.",
			Command:     "smimechain rewrite -for TARGET -identity N -o OUT.pfx IN.pfx",
			advise:      adviseRewrite,
			Confidence:  Documented,
			Applies:     isOpenPFX,
			Run: func(p *Pass) error {
				if n := len(p.pfx().Identities); n > 1 {
					p.Report(nil, "holds %s", say.Count(n, "1 private key", "%d private keys"))
				}
				return nil
			},
		},
		{
			Name:        "e_pfx_key_certificate_mismatch",
			Need:        needIdentity,
			Description: "A private key of the PFX fits none of its certificates, is paired with one for another key, or is damaged.",
			Citation:    "RFC 7292, Section 4.2; " + citeAppleImport,
			Targets:     identityTargets,
			Remedy:      "Export again the certificate that was issued for this key; a renewed certificate often has a new one.",
			Confidence:  Inferred,
			Symptoms:    []say.Text{"The import says nothing, and no certificate is offered for signing.", "Mail cannot be decrypted."},
			Applies:     func(p *Pass) bool { return isOpenPFX(p) && len(p.pfx().Identities) > 0 },
			Run: func(p *Pass) error {
				for _, id := range p.pfx().Identities {
					bag := p.pfx().Bag(id.Key)
					switch {
					case bag != nil && bag.Key != nil && bag.Key.Damaged():
						p.Report(nil, "the private key in bag %s is damaged: its private half does not belong to its public one", id.Key)
					case id.Matches == pkcs12.No:
						p.Report(nil, "the private key in bag %s does not belong to the certificate in bag %s", id.Key, id.Leaf)
					case id.Leaf == nil:
						p.Report(nil, "no certificate belongs to the private key in bag %s", id.Key)
					}
				}
				return nil
			},
		},
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
		{
			Name:        "w_pfx_names_collide",
			Need:        needOpens,
			Description: "Different certificates have one friendly name or one localKeyID. Apple's importer keeps the last of them, so that a certificate disappears.",
			Citation:    citeAppleImport,
			Targets:     []Target{OutlookIOS, AppleMail},
			Remedy:      "Write it anew, without the friendly names of the CA certificates.",
			Command:     "smimechain rewrite -for outlook-ios -o OUT.pfx IN.pfx",
			advise:      adviseRewrite,
			Confidence:  VendorSource,
			Symptoms:    []say.Text{"Mail signed on the iPhone lacks certificates of the chain."},
			Applies:     isOpenPFX,
			Run: func(p *Pass) error {
				for _, f := range p.pfx().Findings {
					if f.Code == "name_collision" || f.Code == "key_id_collision" {
						p.Report(nil, "bag %s: %s", f.At, f)
					}
				}
				return nil
			},
		},
		{
			Name:        "w_pfx_local_key_id_twice",
			Need:        needOpens,
			Description: "A bag has two localKeyID attributes. Apple's importer takes the last one, which may not be the one that leads to the certificate.",
			Citation:    citeAppleImport + "; dotnet/corefx issue 30946",
			Targets:     []Target{OutlookIOS, AppleMail},
			Remedy:      "Export it with another program, or write it anew.",
			Command:     "smimechain rewrite -for outlook-ios -o OUT.pfx IN.pfx",
			advise:      adviseRewrite,
			Confidence:  VendorSource,
			Applies:     isPFX,
			Run: func(p *Pass) error {
				for ref, bag := range p.pfx().Bags() {
					n := 0
					for _, a := range bag.Attributes {
						if a.OID == oidLocalKeyID {
							n++
						}
					}
					if n > 1 {
						p.Report(nil, "bag %s has %s", ref, say.Count(n, "1 localKeyID attribute", "%d localKeyID attributes"))
					}
				}
				return nil
			},
		},
		{
			Name:        "w_pfx_rc2",
			Need:        needOpens,
			Description: "A part of the PFX is encrypted with RC2 of 40 bits, which OpenSSL 3 and Windows in FIPS mode refuse, and which protects nothing.",
			Citation:    "RFC 7292, Appendix C; " + citeAppleImport,
			Targets:     identityTargets,
			Remedy:      "Write it anew with 3DES for certificates and key, or with AES where every device knows that.",
			Command:     "smimechain rewrite -for TARGET -o OUT.pfx IN.pfx",
			advise:      adviseRewrite,
			Confidence:  Documented,
			Applies:     isPFX,
			Run: func(p *Pass) error {
				for at, e := range encryptions(p.pfx()) {
					if e.Scheme == "pbewithSHAAnd40BitRC2-CBC" {
						p.Report(nil, "part %s is encrypted with RC2 of 40 bits", at)
					}
				}
				return nil
			},
		},
		{
			Name:        "w_pfx_ber",
			Need:        needOpens,
			Description: "The PFX is in BER with indefinite lengths. Apple and Windows read that; programs in Go do not.",
			Citation:    "RFC 7292, Section 4; X.690, Section 8.1.3.6",
			Targets:     identityTargets,
			Remedy:      "Write it anew.",
			Command:     "smimechain rewrite -for TARGET -o OUT.pfx IN.pfx",
			advise:      adviseRewrite,
			Confidence:  Inferred,
			Applies:     isPFX,
			Run: func(p *Pass) error {
				if p.pfx().Encoding == pkcs7.BER {
					p.Report(nil, "is in BER, not in DER")
				}
				return nil
			},
		},
		{
			Name:        "n_pfx_iterations",
			Need:        needOpens,
			Description: "The number of iterations by which a key is made of the password is 1, which makes guessing cheap, or above a million, which is slow and beyond the limit of some programs.",
			Citation:    "RFC 8018, Section 4.2",
			Targets:     identityTargets,
			Remedy:      "Write it anew, or export it with 2048 iterations or a few thousand more.",
			Command:     "smimechain rewrite -for TARGET -o OUT.pfx IN.pfx",
			advise:      adviseRewrite,
			Confidence:  Inferred,
			Applies:     isPFX,
			Run:         runIterations,
		},
		{
			Name:        "w_pfx_expired_ca",
			Need:        needValid,
			Description: "The PFX holds a CA certificate that has expired and that the chain does not need.",
			Citation:    "RFC 5280, Section 4.1.2.5",
			Source:      zlint.RFC5280,
			Targets:     identityTargets,
			Remedy:      "Leave it out: writing the PFX anew does, as does the next export.",
			Command:     "smimechain rewrite -for TARGET -o OUT.pfx IN.pfx",
			advise:      adviseRewrite,
			Confidence:  Inferred,
			Applies:     isPFX,
			Run: func(p *Pass) error {
				for _, m := range p.Collection.Members {
					if _, notAfter, ok := m.validity(); ok && p.expired(notAfter) {
						spare, err := p.spare(m)
						if err != nil {
							return err
						}
						if spare {
							p.Report(m, "%s", p.expiry(notAfter))
						}
					}
				}
				return nil
			},
		},
		{
			Name:        "n_pfx_extra_certificate",
			Need:        needIdentity,
			Description: "The PFX holds a certificate that is on no path of its user. An iPhone leaves it aside.",
			Citation:    citeAppleImport,
			Targets:     identityTargets,
			Remedy:      "Leave it out: writing the PFX anew does, as does the next export.",
			Command:     "smimechain rewrite -for TARGET -o OUT.pfx IN.pfx",
			advise:      adviseRewrite,
			Confidence:  VendorSource,
			Applies:     func(p *Pass) bool { return isPFX(p) && hasUsers(p) },
			Run:         runExtra,
		},
	}
}

// oidLocalKeyID is localKeyId of PKCS #9.
const oidLocalKeyID = "1.2.840.113549.1.9.21"

func (p *Pass) pfx() *pkcs12.Report { return p.Collection.Files[0].PFX }

func isPFX(p *Pass) bool { return p.pfx() != nil }

// isOpenPFX reports whether everything in the PFX that could hold a key or a
// certificate was read.
func isOpenPFX(p *Pass) bool { return isPFX(p) && isOpen(p.pfx()) }

// isOpen reports whether everything in a PFX was seen.
func isOpen(r *pkcs12.Report) bool {
	_, closed := firstClosed(r)
	return len(r.Safes) > 0 && !closed
}

// firstClosed returns the status of the first part of a PFX that was not opened: a safe,
// or a private key under a password of its own or beyond a limit.
func firstClosed(r *pkcs12.Report) (pkcs12.Status, bool) {
	seen := []pkcs12.Status{pkcs12.StatusPlain, pkcs12.StatusOK, pkcs12.StatusDamaged}
	for i := range r.Safes {
		if s := r.Safes[i].Status; !slices.Contains(seen, s) {
			return s, true
		}
	}
	for _, bag := range r.Bags() {
		if bag.Kind == pkcs12.BagShroudedKey && !slices.Contains(seen, bag.Status) {
			return bag.Status, true
		}
	}
	return 0, false
}

// isUnprotected reports whether everything in the PFX is open to anybody. What is
// encrypted for the owner of a certificate takes no password to be closed, and
// what is damaged may hold anything.
func isUnprotected(r *pkcs12.Report) bool {
	return r.Password.Status == pkcs12.PasswordNotNeeded && len(r.Safes) > 0 &&
		!slices.ContainsFunc(r.Safes, func(s pkcs12.Safe) bool { return s.Privacy == pkcs12.PrivacyPublicKey })
}

// protectsKey reports whether a password that is right is that of a private key
// or of the MAC. It may be that of certificates alone, with the key under another.
func protectsKey(r *pkcs12.Report) bool {
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
	*bundle.Password
}

// measured reports whether the entropy says something. A password that is empty
// is left to a rule of its own.
func (f foundPassword) measured() bool { return f.Characters > 0 && f.Entropy >= 0 }

// passwords lists the passwords that are right, of a PFX as a file of its own or
// inside what a roll-out makes of it. A file has one, for everything in it.
func (p *Pass) passwords() []foundPassword {
	var list []foundPassword
	for _, f := range p.Collection.Files {
		password := f.Password
		for i := range f.Graph {
			if u := f.Graph[i].UserPFX; u != nil && u.Password != nil {
				password = u.Password
			}
		}
		if f.Profile != nil {
			for i := range f.Profile.Payloads {
				password = cmp.Or(f.Profile.Payloads[i].Password, password)
			}
		}
		if password != nil {
			list = append(list, foundPassword{f.Name, password})
		}
	}
	return list
}

// readers returns the programs that import a PFX for the target. Where it is not known
// which releases are in use, those that a fleet may have are in doubt.
func (p *Pass) readers() (sure, doubtful []pkcs12.Target) {
	for _, r := range p.Target.row().readers {
		switch {
		case r.old:
			doubtful = append(doubtful, r.program)
		case r.before == 0, p.Facts.has(factOldestIOS) && p.Facts.OldestIOS.Major < r.before:
			sure = append(sure, r.program)
		case !p.Facts.has(factOldestIOS):
			doubtful = append(doubtful, r.program)
		}
	}
	return sure, doubtful
}

// toldElsewhere are reasons that a rule of their own speaks of, and that of a
// file that was not opened, which makes every verdict unknown anyway.
var toldElsewhere = []pkcs12.ReasonCode{
	"text", "no_key", "several_identities", "password_characters", "password_empty", "password_long", "closed",
}

func runCannotOpen(p *Pass) error {
	told := map[string]bool{}
	judge := func(t pkcs12.Target) {
		for _, r := range p.pfx().Compatible(t).Reasons {
			if told[r.Message] || slices.Contains(toldElsewhere, r.Code) {
				continue
			}
			told[r.Message] = true
			switch {
			case r.Answer != pkcs12.No:
				p.undecided(codeReader, nil, "%s", r)
			default:
				p.Report(nil, "%s", r)
			}
		}
	}
	sure, _ := p.readers() // what is in doubt stands in the evidence
	for _, t := range sure {
		judge(t)
	}
	return nil
}

// encryptions lists what protects the parts and the keys of a PFX, by place.
func encryptions(r *pkcs12.Report) func(func(pkcs12.BagRef, *pkcs12.Encryption) bool) {
	return func(yield func(pkcs12.BagRef, *pkcs12.Encryption) bool) {
		for i := range r.Safes {
			if e := r.Safes[i].Encryption; e != nil && !yield(pkcs12.BagRef{i}, e) {
				return
			}
		}
		for ref, bag := range r.Bags() {
			if bag.Encryption != nil && !yield(ref, bag.Encryption) {
				return
			}
		}
	}
}

func runIterations(p *Pass) error {
	const many = 1_000_000
	odd := func(n int64) bool { return n == 1 || n > many }
	if mac := p.pfx().MAC; mac != nil && odd(mac.Iterations) {
		p.Report(nil, "the number of iterations of the MAC is %d", mac.Iterations)
	}
	for at, e := range encryptions(p.pfx()) {
		if e.KDF != "scrypt" && odd(e.Iterations) {
			p.Report(nil, "the number of iterations of part %s is %d", at, e.Iterations)
		}
	}
	return nil
}

// spare reports whether a certificate is that of a CA in a PFX that no user's
// chain depends on: neither one that reaches an anchor nor one that ends where
// this certificate, had it not expired, would lead on.
func (p *Pass) spare(m *Member) (bool, error) {
	if !isPFX(p) || p.Target.row().collects || !m.isCA() {
		return false, nil
	}
	starts, err := p.starts()
	if err != nil {
		return false, err
	}
	for _, s := range starts {
		if s.member.isCA() || len(s.result.Accepted) > 0 {
			continue
		}
		if slices.ContainsFunc(s.result.Rejected, func(path *chain.Path) bool {
			return slices.Contains(path.Certificates, m.Certificate)
		}) {
			return false, nil
		}
		for _, end := range s.result.DeadEnds {
			if slices.ContainsFunc(end.NearMisses, func(n chain.NearMiss) bool {
				return n.Code == chain.MissExpired && n.Certificate == m.Certificate
			}) {
				return false, nil
			}
		}
	}
	return true, nil
}

func runExtra(p *Pass) error {
	extra, err := p.extra()
	if err != nil {
		return err
	}
	for _, m := range p.Collection.Members {
		if extra[m] {
			p.Report(m, "is on no path of a user")
		}
	}
	return nil
}

// extra returns the certificates of CAs in a PFX that are on no path of its user, be
// that a good one or not. No other rule about a certificate has to speak of them: the
// identity is the same without.
func (p *Pass) extra() (map[*Member]bool, error) {
	if p.extras != nil || !isPFX(p) || p.Target.row().collects || !hasUsers(p) {
		return p.extras, nil
	}
	starts, err := p.userStarts()
	if err != nil {
		return nil, err
	}
	p.extras = map[*Member]bool{}
	used := map[[32]byte]bool{} // a second copy is the business of another rule
	for _, s := range starts {
		if furthest(s.result) == 0 {
			return p.extras, nil // what is missing may need it
		}
		for _, path := range slices.Concat(s.result.Accepted, s.result.Rejected) {
			for _, c := range path.Certificates {
				used[c.SHA256()] = true
			}
		}
	}
	for _, m := range p.Collection.Members {
		if m.Certificate != nil && m.isCA() && !used[m.Certificate.SHA256()] {
			p.extras[m] = true
		}
	}
	return p.extras, nil
}
