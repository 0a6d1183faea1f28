package lint

import (
	"slices"

	"github.com/smimechain/smimechain/lint/say"
	"github.com/zmap/zcrypto/encoding/asn1"
	"github.com/zmap/zcrypto/x509"
	zlint "github.com/zmap/zlint/v3/lint"
)

// keyRules are about the key and the signature of the certificate of a user.
func keyRules() []Rule {
	return []Rule{
		{
			Name:        "e_key_size",
			Need:        NeedSigns,
			Description: "The key is too small or of an odd size: RSA needs at least 2048 bits, in whole bytes; elliptic curves are P-256, P-384 and P-521.",
			Citation:    "S/MIME Baseline Requirements 6.1.5; Apple, SecPolicy.c",
			Source:      zlint.CABFSMIMEBaselineRequirements,
			Remedy:      "Make a new key, of RSA with 2048 bits or more or on the curve P-256, and have a certificate issued for it.",
			Confidence:  Documented,
			Symptoms:    slices.Concat(cannotSign, cannotEncrypt),
			certificate: &certificateCheck{
				applies: func(c *x509.Certificate) bool { return isUser(c) && (rsaBits(c) > 0 || isEC(c)) },
				find: func(c *x509.Certificate) *say.Message {
					if bits := rsaBits(c); bits > 0 {
						if bits < 2048 || bits%8 != 0 {
							return wrong("has an RSA key of %d bits", bits)
						}
						return nil
					}
					switch bits := curveBits(c); bits {
					case 256, 384, 521:
						return nil
					case 0:
						return wrong("has a key on a curve that is not P-256, P-384 or P-521")
					default:
						return wrong("has a key on a curve of %d bits", bits)
					}
				},
			},
		},
		{
			Name:        "e_key_algorithm",
			Need:        NeedSigns,
			Description: "The key is neither an ordinary RSA key nor one on an elliptic curve of the NIST. Apple's importer takes no other: not Ed25519, not Ed448, not an RSA key marked for PSS alone.",
			Citation:    "Apple, p12import.c",
			Source:      zlint.AppleRootStorePolicy,
			Targets:     []Target{OutlookIOS, AppleMail},
			Remedy:      "Make a new RSA key of 2048 bits or more and have a certificate issued for it.",
			Confidence:  VendorSource,
			Symptoms:    []say.Text{"The import on an iPhone fails, or says that the password is wrong."},
			certificate: &certificateCheck{
				applies: isUser,
				find: func(c *x509.Certificate) *say.Message {
					if oid := keyAlgorithm(c); !oid.Equal(oidRSA) && !oid.Equal(oidEC) {
						return wrong("has a key of the algorithm %s", algorithmName(oid))
					}
					return nil
				},
			},
		},
		{
			Name:        "e_signature_weak",
			Need:        NeedSigns,
			Description: "The certificate of a user is signed with MD5 or SHA-1.",
			Citation:    citeWeakHash,
			Source:      zlint.AppleRootStorePolicy,
			Remedy:      "Have the certificate issued anew, signed with SHA-256 or better.",
			Confidence:  Documented,
			certificate: &certificateCheck{
				applies: isUser,
				find:    findWeakSignature,
			},
		},
	}
}

// Algorithms of keys, in the arcs of PKCS #1, X9.62 and RFC 8410.
var (
	oidRSA     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidRSAPSS  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
	oidEC      = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
	oidEd25519 = asn1.ObjectIdentifier{1, 3, 101, 112}
	oidEd448   = asn1.ObjectIdentifier{1, 3, 101, 113}
)

// keyAlgorithm returns the algorithm of the key as the certificate says it.
func keyAlgorithm(c *x509.Certificate) asn1.ObjectIdentifier { return c.PublicKeyAlgorithmOID }

func isEC(c *x509.Certificate) bool { return keyAlgorithm(c).Equal(oidEC) }

func algorithmName(oid asn1.ObjectIdentifier) string {
	switch {
	case oid.Equal(oidRSAPSS):
		return "RSASSA-PSS"
	case oid.Equal(oidEd25519):
		return "Ed25519"
	case oid.Equal(oidEd448):
		return "Ed448"
	default:
		return oid.String()
	}
}
