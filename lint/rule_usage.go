package lint

import (
	"crypto/x509"
	"maps"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	zlint "github.com/zmap/zlint/v3/lint"
)

const citeKeyUsageBR = "S/MIME Baseline Requirements 7.1.2.3 e; RFC 5280, Section 4.2.1.3"

// usageRules are about what the certificate of a user is good for. Signing and
// encrypting are judged apart: a certificate may be for one of them only, and
// then another one has to be there for the other.
func usageRules() []Rule {
	return []Rule{
		{
			Name:        "e_eku_without_email_protection",
			Need:        needSigns,
			decrypts:    true,
			Description: "The certificate of a user lists extended key usages, and e-mail protection is not among them.",
			Citation:    "S/MIME Baseline Requirements 7.1.2.3 f; RFC 5280, Section 4.2.1.12; Apple, SecPolicyCheckEmailProtectionEKU",
			Source:      zlint.CABFSMIMEBaselineRequirements,
			Remedy:      "Have a certificate issued for e-mail; one for another purpose does not serve.",
			Confidence:  Documented,
			Symptoms:    slices.Concat(cannotSign, cannotEncrypt),
			certificate: &certificateCheck{
				applies: func(c *chain.Certificate) bool { return isUser(c) && hasUsages(c) },
				find: func(c *chain.Certificate) *say.Message {
					if allowsEmail(c) {
						return nil
					}
					return wrong("is for %s, not for e-mail", usageNames(c))
				},
			},
		},
		{
			Name:        "w_eku_absent",
			Need:        needSigns,
			Description: "The certificate of a user has no extended key usage. Under a private root it serves for mail all the same; under a root of Apple's store it does not from 2022-04-01 on.",
			Citation:    "S/MIME Baseline Requirements 7.1.2.3 f; Apple, SecPolicyCheckEmailProtectionEKU",
			Source:      zlint.CABFSMIMEBaselineRequirements,
			Remedy:      "Have the next certificate issued with the extended key usage emailProtection.",
			Confidence:  Documented,
			certificate: &certificateCheck{
				applies: isUser,
				find:    withoutUsages,
			},
		},
		{
			Name:          "e_eku_absent_apple",
			Need:          needSigns,
			decrypts:      true,
			Description:   "The certificate of a user, from 2022-04-01 on and under a root of Apple's store, has no extended key usage. Apple asks for e-mail protection there.",
			Citation:      "Apple, SecPolicyCheckEmailProtectionEKU",
			Source:        zlint.AppleRootStorePolicy,
			EffectiveDate: appleSANOnly,
			Targets:       []Target{AppleMail},
			Remedy:        "Have a certificate issued with the extended key usage emailProtection.",
			Confidence:    VendorSource,
			Symptoms:      []say.Text{"Apple Mail shows the signature as not trusted."},
			Applies:       hasUserUnderApple,
			Run: func(p *Pass) error {
				return p.underAppleFind(withoutUsages)
			},
			alone: underAppleRoot(withoutUsages),
		},
		{
			Name:        "w_eku_forbidden",
			Need:        needSigns,
			Description: "The certificate of a user has an extended key usage that does not go with mail: for web servers, code, time stamps, or any; from 2027-07-01 on, under a policy of the S/MIME Baseline Requirements, any but e-mail protection and client authentication.",
			Citation:    "S/MIME Baseline Requirements 7.1.2.3 f; " + citeSMC018,
			Source:      zlint.CABFSMIMEBaselineRequirements,
			Remedy:      "Use separate certificates: programs and root programmes refuse the mixture.",
			Confidence:  Documented,
			certificate: &certificateCheck{
				applies: func(c *chain.Certificate) bool { return isUser(c) && hasUsages(c) },
				find: func(c *chain.Certificate) *say.Message {
					for _, u := range c.ExtKeyUsages() {
						name := chain.UsageName(u)
						soon := notForMailSoon(u) && underBaseline(c) && !c.NotBefore().Before(onlyMail)
						if soon || slices.Contains([]string{"serverAuth", "codeSigning", "timeStamping", "anyExtendedKeyUsage"}, name) {
							return wrong("is also for %s", name)
						}
					}
					return nil
				},
			},
		},
		{
			Name:        "w_key_usage_other_bits",
			Need:        needSigns,
			Description: "The key usage has bits that do not go with the kind of key, or that only CAs may have.",
			Citation:    citeKeyUsageBR,
			Source:      zlint.CABFSMIMEBaselineRequirements,
			Remedy:      "Have the next certificate issued with digitalSignature, and keyEncipherment for an RSA key or keyAgreement for one on an elliptic curve.",
			Confidence:  Documented,
			certificate: &certificateCheck{
				applies: func(c *chain.Certificate) bool { return isUser(c) && usageOf(c) != 0 },
				find:    findOtherBits,
			},
		},
		{
			Name:        "e_key_usage_no_mail",
			Need:        needSigns,
			decrypts:    true,
			Description: "The key usage of the certificate allows neither to sign nor to encrypt mail.",
			Citation:    citeKeyUsageBR,
			Source:      zlint.CABFSMIMEBaselineRequirements,
			Remedy:      "Have a certificate issued for e-mail.",
			Confidence:  Documented,
			Symptoms:    slices.Concat(cannotSign, cannotEncrypt),
			certificate: &certificateCheck{
				applies: func(c *chain.Certificate) bool { return isUser(c) && usageOf(c) != 0 },
				find: func(c *chain.Certificate) *say.Message {
					if c.Allows(chain.Sign) || c.Allows(chain.Encrypt) {
						return nil
					}
					return wrong("the key usage allows neither to sign nor to encrypt mail")
				},
			},
		},
		{
			Name:        "e_usage_cannot_sign",
			Need:        needSigns,
			Description: "The certificate is to sign mail, and neither it nor another one here for the same address can: the key usage has neither digitalSignature nor nonRepudiation.",
			Citation:    citeKeyUsageBR,
			Source:      zlint.CABFSMIMEBaselineRequirements,
			Remedy:      "Use this certificate for encryption only, and roll out one for signing beside it.",
			Confidence:  Documented,
			Symptoms:    cannotSign,
			Facts:       []Fact{factPurposes},
			Applies:     hasUsers,
			Run:         func(p *Pass) error { return p.wants(chain.Sign) },
		},
		{
			Name:        "e_usage_cannot_encrypt",
			Need:        needDecrypts,
			Description: "The certificate is to encrypt mail, and neither it nor another one here for the same address can: the key usage has no keyEncipherment for an RSA key, neither keyAgreement nor keyEncipherment for one on an elliptic curve.",
			Citation:    citeKeyUsageBR,
			Source:      zlint.CABFSMIMEBaselineRequirements,
			Remedy:      "Use this certificate for signing only, and roll out one for encryption beside it.",
			Confidence:  Documented,
			Symptoms:    cannotEncrypt,
			Facts:       []Fact{factPurposes},
			Applies:     hasUsers,
			Run:         func(p *Pass) error { return p.wants(chain.Encrypt) },
		},
		{
			Name:        "w_usage_cannot_sign",
			Need:        needSigns,
			Description: "Neither the certificate nor another one here for the same address can sign. That is right where it is for encryption only.",
			Citation:    citeKeyUsageBR,
			Source:      zlint.CABFSMIMEBaselineRequirements,
			Remedy:      "Roll out a certificate for signing beside it, unless the user is not to sign.",
			Confidence:  Documented,
			Symptoms:    cannotSign,
			Applies:     func(p *Pass) bool { return hasUsers(p) && !p.Facts.has(factPurposes) },
			Run:         func(p *Pass) error { return p.lacksUsage(chain.Sign) },
		},
		{
			Name:        "w_usage_cannot_encrypt",
			Need:        needDecrypts,
			Description: "Neither the certificate nor another one here for the same address can encrypt. That is right where it is for signing only.",
			Citation:    citeKeyUsageBR,
			Source:      zlint.CABFSMIMEBaselineRequirements,
			Remedy:      "Roll out a certificate for encryption beside it, unless nobody is to encrypt mail to this user.",
			Confidence:  Documented,
			Symptoms:    cannotEncrypt,
			Applies:     func(p *Pass) bool { return hasUsers(p) && !p.Facts.has(factPurposes) },
			Run:         func(p *Pass) error { return p.lacksUsage(chain.Encrypt) },
		},
		{
			Name:        "w_usage_split_addresses",
			Need:        needSigns,
			Description: "The certificates for signing and for encryption are separate and hold different addresses, so that one of them is not found.",
			Citation:    citeOutlookIOS + ", signing and encryption profiles",
			Remedy:      "Have both certificates issued for the same addresses.",
			Confidence:  Documented,
			Symptoms:    noCertificate,
			Applies:     hasSplit,
			Run:         runSplit,
		},
	}
}

// withoutUsages says that a certificate has no extended key usage.
func withoutUsages(c *chain.Certificate) *say.Message {
	if hasUsages(c) {
		return nil
	}
	return wrong("has no extended key usage")
}

// wants reports users without a certificate for a purpose, if it is one of those
// that the certificates are for.
func (p *Pass) wants(u chain.Usage) error {
	if !slices.Contains(p.Facts.Purposes, u) {
		return nil
	}
	return p.lacksUsage(u)
}

// lacksUsage reports the certificates of users who have none here that may be
// used so. One that allows nothing is left to other rules.
func (p *Pass) lacksUsage(u chain.Usage) error {
	served := map[string]bool{} // addresses that some certificate may be used for so
	for _, m := range p.users {
		if p.can(m, u) {
			for _, a := range addressesOf(m.Certificate) {
				served[lowerASCII(a)] = true
			}
		}
	}
	for _, m := range p.users {
		if p.allows(m.Certificate, u) || slices.ContainsFunc(addressesOf(m.Certificate), func(a string) bool { return served[lowerASCII(a)] }) {
			continue
		}
		p.Report(m, "the key usage does not allow to %s, and no other certificate for the same address does", u)
	}
	return nil
}

// split returns the certificates that can only sign, and that can only encrypt.
func (p *Pass) split() (sign, encrypt []*Member) {
	for _, m := range p.users {
		s, e := p.allows(m.Certificate, chain.Sign), m.Certificate.Allows(chain.Encrypt)
		switch {
		case s && !e:
			sign = append(sign, m)
		case e && !s:
			encrypt = append(encrypt, m)
		}
	}
	return sign, encrypt
}

func hasSplit(p *Pass) bool {
	sign, encrypt := p.split()
	return len(sign) > 0 && len(encrypt) > 0
}

func runSplit(p *Pass) error {
	sign, encrypt := p.split()
	sets := make([][]string, len(encrypt))
	byAddress, bySubject := map[string][]int{}, map[string][]int{} // in encrypt
	for i, e := range encrypt {
		sets[i] = addressSet(e)
		bySubject[e.subject] = append(bySubject[e.subject], i)
		for _, a := range sets[i] {
			byAddress[a] = append(byAddress[a], i)
		}
	}
	for _, s := range sign {
		own := addressSet(s)
		partners := map[int]bool{}
		add := func(list []int) {
			for _, i := range list {
				if len(partners) > maxPartners {
					break
				}
				partners[i] = true
			}
		}
		add(bySubject[s.subject])
		for _, a := range own {
			add(byAddress[a])
		}
		for _, i := range first(slices.Sorted(maps.Keys(partners)), maxPartners) {
			if theirs := sets[i]; !slices.Equal(own, theirs) {
				p.Report(s, "signs for %s, while %s encrypts for %s", listed(own), quoteName(encrypt[i].subject), listed(theirs))
			}
		}
		if len(partners) > maxPartners {
			p.cutShort(s, "only %d of the certificates that encrypt for the same user were compared", maxPartners)
		}
	}
	return nil
}

// maxPartners is how many certificates that encrypt are compared with one that
// signs.
const maxPartners = 16

func findOtherBits(c *chain.Certificate) *say.Message {
	if underBaseline(c) {
		return nil // zlint's lints of the same source speak
	}
	bad := x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	if c.PublicKey().Algorithm == "RSA" {
		bad |= x509.KeyUsageKeyAgreement | x509.KeyUsageEncipherOnly | x509.KeyUsageDecipherOnly
	} else {
		bad |= x509.KeyUsageKeyEncipherment | x509.KeyUsageDataEncipherment
	}
	var names []string
	for _, bit := range keyUsageBits {
		if usageOf(c)&bad&bit.bit != 0 {
			names = append(names, bit.name)
		}
	}
	if names == nil {
		return nil
	}
	return wrong("the key usage has %s", strings.Join(names, ", "))
}

var keyUsageBits = []struct {
	bit  x509.KeyUsage
	name string
}{
	{x509.KeyUsageKeyEncipherment, "keyEncipherment"},
	{x509.KeyUsageDataEncipherment, "dataEncipherment"},
	{x509.KeyUsageKeyAgreement, "keyAgreement"},
	{x509.KeyUsageCertSign, "keyCertSign"},
	{x509.KeyUsageCRLSign, "cRLSign"},
	{x509.KeyUsageEncipherOnly, "encipherOnly"},
	{x509.KeyUsageDecipherOnly, "decipherOnly"},
}

// usageOf returns the bits of the key usage, none where there is no such extension.
func usageOf(c *chain.Certificate) x509.KeyUsage {
	usage, _ := c.KeyUsage()
	return usage
}
