package lint

import (
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
	zlint "github.com/zmap/zlint/v3/lint"
)

// keyRules are about the key and the signature of the certificate of a user.
func keyRules() []Rule {
	return []Rule{
		{
			Name:        "e_key_size",
			Need:        needSigns,
			decrypts:    true,
			Description: "The key is too small or of an odd size: RSA needs at least 2048 bits, in whole bytes; elliptic curves at least 256. Apple and Google take no other, and Thunderbird no smaller curve; of the rest it is not known.",
			Citation:    "S/MIME Baseline Requirements 6.1.5; Apple, SecPolicy.c; NSS, ecl-curve.h; " + citeGmail,
			Source:      zlint.CABFSMIMEBaselineRequirements,
			Remedy:      "Make a new key, of RSA with 2048 bits or more or on the curve P-256, and have a certificate issued for it.",
			Confidence:  Documented,
			Symptoms:    slices.Concat(cannotSign, cannotEncrypt),
			Applies:     hasUsers,
			Run: func(p *Pass) error {
				for _, m := range p.users {
					k := m.Certificate.PublicKey()
					if small := smallKey(k); small != nil {
						p.refusedKey(m, k, *small, stanceOn(p.Target.row().stances, "key_size", k.String()))
					}
				}
				return nil
			},
			alone: &certificateCheck{
				applies: func(c *chain.Certificate) bool {
					return isUser(c) && slices.Contains([]string{"RSA", "EC"}, c.PublicKey().Algorithm)
				},
				find: func(c *chain.Certificate) *say.Message { return smallKey(c.PublicKey()) },
			},
		},
		{
			Name:        "e_key_algorithm",
			Need:        needSigns,
			decrypts:    true,
			Description: "The key is neither an ordinary RSA key nor one on the curves P-256, P-384 and P-521. Apple's importer takes no other: not Ed25519, not Ed448, not an RSA key marked for PSS alone. Thunderbird knows no other curve; Windows knows the brainpool curves from Windows 10 on. Of the rest it is not known.",
			Citation:    "Apple, p12import.c and SecECKey.m; NSS, ecl-curve.h; Microsoft, CNG Named Elliptic Curves",
			Source:      zlint.AppleRootStorePolicy,
			Remedy:      "Make a new RSA key of 2048 bits or more and have a certificate issued for it.",
			Confidence:  VendorSource,
			Symptoms:    []say.Text{"The import on an iPhone fails, or says that the password is wrong."},
			Applies:     hasUsers,
			Run: func(p *Pass) error {
				for _, m := range p.users {
					k := m.Certificate.PublicKey()
					if odd := oddKey(k); odd != nil {
						p.refusedKey(m, k, *odd, stanceOn(p.Target.row().keys, "key_algorithm", k.String()))
					}
				}
				return nil
			},
			alone: &certificateCheck{applies: isUser, find: func(c *chain.Certificate) *say.Message { return oddKey(c.PublicKey()) }},
		},
		{
			Name:        "e_signature_weak",
			Need:        needSigns,
			decrypts:    true,
			Description: "The certificate of a user is signed with MD5 or SHA-1. Apple, Google and Thunderbird refuse that; of Microsoft's programs it is not known.",
			Citation:    citeWeakHash,
			Source:      zlint.AppleRootStorePolicy,
			Remedy:      "Have the certificate issued anew, signed with SHA-256 or better.",
			Confidence:  Documented,
			Applies:     hasUsers,
			Run: func(p *Pass) error {
				for _, m := range p.users {
					switch weak := findWeakSignature(m.Certificate); {
					case weak == nil:
					case p.Target.row().weak:
						p.Undecided(m, "whether %s takes it is not known: %s", p.Target.Title(), *weak)
					default:
						p.ReportMessage(m, *weak)
					}
				}
				return nil
			},
			alone: &certificateCheck{applies: isUser, find: findWeakSignature},
		},
	}
}

// smallKey says that a key is too small or of an odd size.
func smallKey(k chain.PublicKey) *say.Message {
	switch {
	case k.Algorithm == "RSA" && (k.Bits < 2048 || k.Bits%8 != 0):
		return wrong("has an RSA key of %d bits", k.Bits)
	case k.Algorithm == "EC" && k.Bits != 0 && k.Bits < 256:
		return wrong("has a key on the curve %s", k.Curve)
	}
	return nil
}

// refusedKey reports what is wrong with a key that the target is known to refuse, and
// leaves one open of which nothing is known.
func (p *Pass) refusedKey(m *Member, k chain.PublicKey, message say.Message, takes pkcs12.Answer) {
	switch takes {
	case pkcs12.No:
		p.ReportMessage(m, message)
	case pkcs12.Unknown:
		p.Undecided(m, "whether %s takes keys of the kind %s is not known", p.Target.Title(), k)
	}
}
