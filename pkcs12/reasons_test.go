package pkcs12

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/internal/ber"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// TestReasons holds what each property of a file is to targets that mind it and to
// those that do not. The file is the same each time, one that all targets open, and
// one thing in it is changed: the reasons are those of the change and no others.
func TestReasons(t *testing.T) {
	const phone, windows = ": the phone will say that the password is wrong", ": Windows will say that the password is wrong"
	leafAt, caAt, keyAt := BagRef{0, 0}, BagRef{0, 1}, BagRef{1, 0}
	damaged := &ber.Error{Problem: say.New("not DER")}
	// Both encryptions, in PBES2, with a change.
	inPBES2 := func(change func(*Encryption)) func(*Inspection) {
		return func(r *Inspection) {
			for _, e := range []*Encryption{r.Safes[0].Encryption, r.Bag(keyAt).Encryption} {
				*e = Encryption{Scheme: "PBES2", KDF: "PBKDF2", PRF: "SHA-256", Cipher: "AES-256-CBC", Iterations: 2048}
				change(e)
			}
		}
	}
	mac := func(change func(*MAC)) func(*Inspection) { return func(r *Inspection) { change(r.MAC) } }
	pbmac1 := func(m *MAC) { m.OID, m.Digest, m.KDF = oidPBMAC1, "SHA-256", "PBKDF2" }
	key := func(change func(*Bag)) func(*Inspection) { return func(r *Inspection) { change(r.Bag(keyAt)) } }
	identity := func(change func(*Identity)) func(*Inspection) {
		return func(r *Inspection) { change(&r.Identities[0]) }
	}
	password := func(p Password) func(*Inspection) { return func(r *Inspection) { r.Password = p } }
	withBag := func(b Bag) func(*Inspection) {
		return func(r *Inspection) { r.Safes[1].Bags = append(r.Safes[1].Bags, b) }
	}
	// withoutKey takes the private key away, and makes a change to the rest.
	withoutKey := func(change func(*Inspection)) func(*Inspection) {
		return func(r *Inspection) {
			r.Safes, r.Identities = r.Safes[:1], nil
			if change != nil {
				change(r)
			}
		}
	}
	salts := func(n int) func(*Inspection) {
		return func(r *Inspection) { r.Safes[0].Encryption.SaltLength, r.Bag(keyAt).Encryption.SaltLength = n, n }
	}
	clear := func(b *Bag) { b.Kind, b.Encryption = BagKey, nil }
	attributes := func(list ...Attribute) func(*Bag) {
		return func(b *Bag) { b.Attributes = append(b.Attributes, list...) }
	}
	// bags fills a safe until the file has n bags of a kind.
	bags := func(kind BagKind, n int) func(*Inspection) {
		return func(r *Inspection) {
			for _, b := range r.Bags() {
				if b.Kind == kind {
					n--
				}
			}
			for range n {
				withBag(Bag{Kind: kind})(r)
			}
		}
	}
	trust := func(r *Inspection) {
		b := r.Bag(caAt)
		b.Attributes = append(b.Attributes, Attribute{OID: oidTrustedKeyUsage})
	}
	named := func(r *Inspection) { r.Bag(caAt).FriendlyName = "a" }
	for _, tt := range []struct {
		name   string
		target Importer
		change func(*Inspection)
		want   []string // the answer and the message of each reason
	}{
		{"text around it", targetIOS17, func(r *Inspection) { r.Armor = pkcs7.PEM }, []string{"no: iOS 17 and older expects a binary file; this one is PEM text"}},
		{"cut off", targetIOS17, func(r *Inspection) { r.Missing = 1 }, []string{"no: the end of the file is missing"}},
		{"cut off at an unknown place", targetIOS17, func(r *Inspection) { r.Missing = -1 }, []string{"no: the end of the file is missing"}},
		{"too large", targetWindows1709, func(r *Inspection) { *r = Inspection{Version: 3, Observations: []Observation{{Code: codeSize}}} }, []string{"unknown: not confirmed: the file is too large to have been read"}},
		{"damaged", targetWindows1709, func(r *Inspection) { r.damaged = true }, []string{"no: the structure of the file is damaged"}},
		{"damaged before the MAC", targetWindows1709, func(r *Inspection) { r.damaged, r.MAC = true, nil }, []string{"no: the structure of the file is damaged"}},
		{"damaged before the MAC", targetIOS18, func(r *Inspection) { r.damaged, r.MAC = true, nil }, []string{"no: the structure of the file is damaged"}},
		{"more in it than belongs there", targetOpenSSL3, func(r *Inspection) { r.surplus = true }, []string{"unknown: not known: whether OpenSSL 3.0 to 3.3 takes a file with more in it than belongs there"}},
		{"without safes", targetOpenSSL3, func(r *Inspection) { r.Safes, r.Identities = nil, nil }, []string{"no: the structure of the file is damaged"}},
		{"altered", targetWindows1709, func(r *Inspection) { r.Password.Status = passwordRightAltered }, []string{"no: the file was altered or damaged after it was written; Windows will say that the password is wrong"}},
		{"another version", targetWindows1709, func(r *Inspection) { r.Version = 4 }, []string{"unknown: not known: whether Windows 10 1709 and Server 2019 or later takes version 4 of the format"}},
		{"octets after it", targetIOS18, func(r *Inspection) { r.Trailing = 2 }, []string{"unknown: not known: whether iOS 18 and later takes a file with 2 octets after its end"}},
		{"octets after it", targetOpenSSL3, func(r *Inspection) { r.Trailing = 2 }, nil},
		{"octets after it", targetOpenSSL3Legacy, func(r *Inspection) { r.Trailing = 2 }, nil},
		{"a key among what is public", targetIOS18, func(r *Inspection) { r.withheld = true; r.Identities = nil }, []string{"unknown: not known: whether iOS 18 and later takes a file with octets of a private key where something public belongs"}},

		{"signed", targetIOS18, func(r *Inspection) { r.Integrity, r.MAC, r.Safes, r.Identities = integritySignature, nil, nil, nil }, []string{"no: iOS 18 and later needs a MAC; this file is signed instead"}},
		{"signed", targetWindows1709, func(r *Inspection) { r.Integrity, r.MAC = integritySignature, nil }, []string{"unknown: not confirmed: Windows 10 1709 and Server 2019 or later needs a MAC; this file is signed instead"}},
		{"signed", targetWindowsBefore1709, func(r *Inspection) { r.Integrity, r.MAC = integritySignature, nil }, []string{"unknown: not confirmed: Windows before 10 1709 and Server before 2019 needs a MAC; this file is signed instead"}},
		{"no MAC", targetIOS18, func(r *Inspection) { r.MAC = nil }, []string{"no: iOS 18 and later needs a MAC; this file has none"}},
		{"no MAC", targetWindows1709, func(r *Inspection) { r.MAC = nil }, nil},
		{"no MAC", targetAndroid14, func(r *Inspection) { r.MAC = nil }, []string{"unknown: not confirmed: Android 14 and later needs a MAC; this file has none"}},
		{"no MAC", targetDotNet9, func(r *Inspection) { r.MAC = nil }, nil},
		{"MAC with another digest", targetIOS18, mac(func(m *MAC) { m.Digest = "MD5" }), []string{"no: iOS 18 and later can check a MAC with SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512 only; this file uses MD5" + phone}},
		{"MAC with another digest", targetWindows1709, mac(func(m *MAC) { m.Digest = "SHA-512" }), []string{"unknown: not confirmed: Windows 10 1709 and Server 2019 or later can check a MAC with SHA-1 and SHA-256 only; this file uses SHA-512" + windows}},
		{"MAC without salt", targetIOS18, mac(func(m *MAC) { m.SaltLength = 0 }), []string{"no: iOS 18 and later refuses a MAC with an empty salt"}},
		{"MAC with a salt of one octet", targetIOS18, mac(func(m *MAC) { m.SaltLength = 1 }), nil},
		{"MAC without salt", targetWindows1709, mac(func(m *MAC) { m.SaltLength = 0 }), nil},
		{"PBMAC1", targetIOS18, mac(pbmac1), []string{"no: iOS 18 and later cannot check a MAC of the new type PBMAC1 with SHA-256; the phone will say that the password is wrong"}},
		{"PBMAC1", targetNSS, mac(pbmac1), nil},
		{"PBMAC1 with bad parameters", targetNSS, mac(func(m *MAC) { pbmac1(m); m.Status = statusMalformed }), []string{"no: Thunderbird and Firefox from 128 (NSS 3.101 and later) cannot check a MAC of the new type PBMAC1 with SHA-256; NSS will say that the password is wrong"}},

		{"safe for a certificate's owner", targetDotNet9, func(r *Inspection) {
			r.Safes = append(r.Safes, Safe{Privacy: PrivacyPublicKey, Status: statusUnsupported})
		}, []string{"no: a part of the file is encrypted for the owner of a certificate, not under a password"}},
		{"safe of an unknown type", targetDotNet9, func(r *Inspection) {
			r.Safes = append(r.Safes, Safe{Privacy: privacyUnknown, Status: statusUnsupported})
		}, []string{"no: a part of the file has a type that no program reads"}},
		{"damaged safe", targetDotNet9, func(r *Inspection) { r.Safes[1].Err = damaged }, []string{"no: the structure of the file is damaged"}},
		{"safe with another error", targetDotNet9, func(r *Inspection) { r.Safes[1].Err = errors.New("other") }, nil},

		{"parameters that make no sense", targetDotNet9, func(r *Inspection) { r.Safes[0].Encryption.Err = damaged }, []string{"no: the certificates are encrypted with parameters that make no sense; .NET 9 and later (X509CertificateLoader) refuses them"}},
		{"parameters that make no sense", targetNSS, func(r *Inspection) { r.Safes[0].Encryption.Err = damaged }, []string{"unknown: not confirmed: the certificates are encrypted with parameters that make no sense"}},
		{"another scheme of PBES1", targetOpenSSL3, func(r *Inspection) { r.Bag(keyAt).Encryption.Scheme = rc2x40 }, []string{"no: the private key is encrypted with pbewithSHAAnd40BitRC2-CBC, which OpenSSL 3.0 to 3.3 cannot decrypt: the message is \"unsupported\""}},
		{"PBES2", targetIOS17, inPBES2(func(*Encryption) {}), []string{
			"no: the certificates are encrypted with PBES2 (AES-256-CBC), which iOS 17 and older cannot decrypt" + phone,
			"no: the private key is encrypted with PBES2 (AES-256-CBC), which iOS 17 and older cannot decrypt" + phone,
		}},
		{"PBES2", targetIOS18, inPBES2(func(*Encryption) {}), nil},
		{"another cipher", targetIOS18, inPBES2(func(e *Encryption) { e.Cipher = "AES-128-CBC" }), []string{
			"no: the certificates are encrypted with AES-128-CBC; of PBES2 iOS 18 and later can decrypt AES-256-CBC only" + phone,
			"no: the private key is encrypted with AES-128-CBC; of PBES2 iOS 18 and later can decrypt AES-256-CBC only" + phone,
		}},
		{"another PRF", targetIOS18, inPBES2(func(e *Encryption) { e.PRF = "SHA-1" }), []string{
			"no: the certificates are encrypted under a key from PBKDF2 with SHA-1; iOS 18 and later knows SHA-256 only" + phone,
			"no: the private key is encrypted under a key from PBKDF2 with SHA-1; iOS 18 and later knows SHA-256 only" + phone,
		}},
		{"scrypt", targetDotNet9, inPBES2(func(e *Encryption) { e.KDF = "scrypt" }), []string{
			"no: the certificates are encrypted under a key from scrypt, which .NET 9 and later (X509CertificateLoader) does not know: the import will fail",
			"no: the private key is encrypted under a key from scrypt, which .NET 9 and later (X509CertificateLoader) does not know: the import will fail",
		}},
		{"scrypt", targetOpenSSL3, inPBES2(func(e *Encryption) { e.KDF, e.PRF = "scrypt", "" }), nil},
		{"scrypt of a high cost", targetOpenSSL3, inPBES2(func(e *Encryption) { e.KDF, e.Iterations = "scrypt", math.MaxInt64 }), nil},
		{"another derivation", targetOpenSSL3, inPBES2(func(e *Encryption) { e.KDF = "1.2.3" }), []string{
			"unknown: not confirmed: the certificates are encrypted under a key from 1.2.3",
			"unknown: not confirmed: the private key is encrypted under a key from 1.2.3",
		}},

		{"salt of the least length", targetJava11, salts(8), nil},
		{"short salt", targetJava11, salts(7), []string{
			"no: the certificates are encrypted under a key from a salt of 7 octets; Java 8u301, 11.0.12 and later, up to 25 refuses less than 8",
			"no: the private key is encrypted under a key from a salt of 7 octets; Java 8u301, 11.0.12 and later, up to 25 refuses less than 8",
		}},
		{"no salt", targetBouncyCastle, salts(0), nil},
		{"salt of one octet in PBES2", targetBouncyCastle, inPBES2(func(e *Encryption) { e.SaltLength = 1 }), nil},
		{"no salt in PBES2", targetBouncyCastle, inPBES2(func(*Encryption) {}), []string{
			"no: the certificates are encrypted under a key from a salt of 0 octets; Bouncy Castle for Java refuses less than 1",
			"no: the private key is encrypted under a key from a salt of 0 octets; Bouncy Castle for Java refuses less than 1",
		}},
		{"short salt in PBES2", targetJava11, inPBES2(func(e *Encryption) { e.SaltLength = 7 }), []string{
			"no: the certificates are encrypted under a key from a salt of 7 octets; Java 8u301, 11.0.12 and later, up to 25 refuses less than 8",
			"no: the private key is encrypted under a key from a salt of 7 octets; Java 8u301, 11.0.12 and later, up to 25 refuses less than 8",
		}},
		{"a scheme for safes alone", targetGnuPG22, func(r *Inspection) { r.Safes[0].Encryption.Scheme = rc2x40 }, nil},
		{"a scheme for safes alone, with a key", targetGnuPG22, func(r *Inspection) { r.Bag(keyAt).Encryption.Scheme = rc2x40 }, []string{
			"no: the private key is encrypted with pbewithSHAAnd40BitRC2-CBC, which GnuPG 2.2 (gpgsm, Kleopatra) cannot decrypt: gpgsm will say that the object cannot be parsed or decrypted",
		}},

		{"no iterations", targetDotNet9, mac(func(m *MAC) { m.Iterations = 0 }), []string{"no: the number of iterations for the MAC is 0, which .NET 9 and later (X509CertificateLoader) refuses"}},
		{"one iteration", targetDotNet9, mac(func(m *MAC) { m.Iterations = 1 }), nil},
		{"more iterations than are allowed by default", targetDotNet9, func(r *Inspection) { r.Safes[0].Encryption.Iterations = 300_001 }, []string{
			"no: .NET 9 and later (X509CertificateLoader) allows 300000 iterations for the certificates by default; this file has 300001: Pkcs12LoaderLimits.IndividualKdfIterationLimit lets it in",
		}},
		{"more in all than can be counted", targetDotNet9, func(r *Inspection) {
			r.Safes[0].Encryption.Iterations, r.Bag(keyAt).Encryption.Iterations = math.MaxInt64, 1
		}, []string{
			"no: .NET 9 and later (X509CertificateLoader) allows 300000 iterations for the certificates by default; this file has 9223372036854775807: Pkcs12LoaderLimits.IndividualKdfIterationLimit lets it in",
			"no: .NET 9 and later (X509CertificateLoader) allows 1000000 iterations in all by default, without the MAC; this file has 9223372036854775807: Pkcs12LoaderLimits.TotalKdfIterationLimit lets it in",
		}},
		{"as many iterations as are allowed", targetWindows1709, mac(func(m *MAC) { m.Iterations = 600_000 }), nil},
		{"more iterations than are allowed", targetWindows1709, mac(func(m *MAC) { m.Iterations = 600_001 }), []string{"no: Windows 10 1709 and Server 2019 or later allows 600000 iterations; this file has 600001 for the MAC"}},
		{"more iterations for certificates", targetWindows1709, func(r *Inspection) { r.Safes[0].Encryption.Iterations = 600_001 }, []string{"no: Windows 10 1709 and Server 2019 or later allows 600000 iterations; this file has 600001 for the certificates"}},
		{"more iterations for the key", targetWindows1709, func(r *Inspection) { r.Bag(keyAt).Encryption.Iterations = 600_001 }, []string{"no: Windows 10 1709 and Server 2019 or later allows 600000 iterations; this file has 600001 for the private key"}},
		{"no iterations", targetWindows1709, mac(func(m *MAC) { m.Iterations = 0 }), []string{"unknown: not known: what Windows 10 1709 and Server 2019 or later does with 0 iterations for the MAC"}},
		{"one iteration", targetWindows1709, mac(func(m *MAC) { m.Iterations = 1 }), nil},
		{"many iterations and no limit", targetIOS18, mac(func(m *MAC) { m.Iterations = defaultIterations }), nil},
		{"too many iterations and no limit", targetIOS18, mac(func(m *MAC) { m.Iterations = defaultIterations + 1 }), []string{"unknown: not confirmed: 5000001 iterations for the MAC keep iOS 18 and later busy for a very long time"}},
		{"as many in all as are allowed", targetDotNet9, func(r *Inspection) {
			r.MAC.Iterations, r.Safes[0].Encryption.Iterations, r.Bag(keyAt).Encryption.Iterations = 300_000, 300_000, 300_000
			extra := *r.Bag(keyAt)
			extra.Encryption = &Encryption{Scheme: triple, Iterations: 200_000}
			withBag(extra)(r)
			withBag(extra)(r)
		}, nil},
		{"more in all than are allowed", targetDotNet9, func(r *Inspection) {
			r.MAC.Iterations, r.Safes[0].Encryption.Iterations, r.Bag(keyAt).Encryption.Iterations = 300_000, 300_000, 300_000
			extra := *r.Bag(keyAt)
			extra.Encryption = &Encryption{Scheme: triple, Iterations: 200_001}
			withBag(extra)(r)
			extra.Encryption = &Encryption{Scheme: triple, Iterations: 200_000}
			withBag(extra)(r)
		}, []string{"no: .NET 9 and later (X509CertificateLoader) allows 1000000 iterations in all by default, without the MAC; this file has 1000001: Pkcs12LoaderLimits.TotalKdfIterationLimit lets it in"}},
		{"more in all than can be counted", targetDotNet9, mac(func(m *MAC) { m.Iterations = math.MaxInt64 }), []string{
			"no: .NET 9 and later (X509CertificateLoader) allows 300000 iterations for the MAC by default; this file has 9223372036854775807: Pkcs12LoaderLimits.MacIterationLimit lets it in",
		}},

		{"key in the clear", targetIOS18, key(clear), []string{"no: iOS 18 and later ignores a private key that is not encrypted, without a message"}},
		{"key in the clear", targetWindows1709, key(clear), nil},
		{"key in the clear", targetAndroid14, key(clear), []string{"unknown: not confirmed: Android 14 and later ignores a private key that is not encrypted, without a message"}},
		{"key in the clear", targetOpenSSL3, key(clear), nil},
		{"key without encryption that is known", targetOpenSSL3, key(func(b *Bag) { b.Encryption = nil }), nil},
		{"key in the clear in a safe that is encrypted", targetBouncyCastle, func(r *Inspection) {
			key(clear)(r)
			r.Safes[keyAt[0]].Encryption = &Encryption{Scheme: triple, KDF: "PKCS12", Iterations: 8, SaltLength: 8}
		}, nil},
		{"key in the clear", targetBouncyCastle, key(clear), []string{"no: Bouncy Castle for Java ignores a private key that is not encrypted, without a message"}},
		{"as many certificates as are allowed", targetDotNet9, bags(bagCertificate, 200), nil},
		{"more certificates than are allowed", targetDotNet9, bags(bagCertificate, 201), []string{
			"no: .NET 9 and later (X509CertificateLoader) allows 200 certificates by default; this file has 201: Pkcs12LoaderLimits.MaxCertificates lets it in",
		}},
		{"more certificates than .NET allows", targetNSS, bags(bagCertificate, 201), []string{
			"no: Thunderbird and Firefox from 128 (NSS 3.101 and later) refuses a file with a certificate that is not X.509",
		}},
		{"as many keys as are allowed", targetDotNet9, bags(BagShroudedKey, 200), nil},
		{"more keys than are allowed", targetDotNet9, bags(BagShroudedKey, 201), []string{
			"no: .NET 9 and later (X509CertificateLoader) allows 200 private keys by default; this file has 201: Pkcs12LoaderLimits.MaxKeys lets it in",
		}},
		{"as many bags of another kind as there are", targetDotNet9, bags(bagSecret, 300), nil},
		{"attributes, each once", targetDotNet9, key(attributes(Attribute{OID: "1.2.3", Values: [][]byte{{5, 0}}}, Attribute{OID: "1.2.4"})), nil},
		{"an attribute twice", targetDotNet9, key(attributes(Attribute{OID: "1.2.3"}, Attribute{OID: "1.2.3"})), []string{
			"no: a bag has an attribute twice, which .NET 9 and later (X509CertificateLoader) refuses by default: Pkcs12LoaderLimits.AllowDuplicateAttributes lets it in",
		}},
		{"an attribute of two values", targetDotNet9, key(attributes(Attribute{OID: "1.2.3", Values: [][]byte{{5, 0}, {5, 0}}})), []string{
			"no: a bag has an attribute twice, which .NET 9 and later (X509CertificateLoader) refuses by default: Pkcs12LoaderLimits.AllowDuplicateAttributes lets it in",
		}},
		{"an attribute twice", targetOpenSSL3, key(attributes(Attribute{OID: "1.2.3"}, Attribute{OID: "1.2.3"})), nil},
		{"key on another curve", targetIOS18, key(func(b *Bag) { b.Key.Algorithm, b.Key.Curve = "EC", secp256k1 }), []string{"no: iOS 18 and later cannot use a private key on the curve secp256k1"}},
		{"key on a curve", targetIOS18, key(func(b *Bag) { b.Key.Algorithm, b.Key.Curve = "EC", "P-256" }), nil},
		{"key on any curve", targetBouncyCastle, key(func(b *Bag) { b.Key.Algorithm, b.Key.Curve = "EC", secp256k1 }), nil},
		{"key of another type", targetIOS18, key(func(b *Bag) { b.Key.Algorithm = "Ed25519" }), []string{"no: iOS 18 and later cannot import a private key of type Ed25519"}},
		{"key that was not decrypted", targetWindows1709, key(func(b *Bag) { b.Key = nil }), nil},
		{"certificate of another kind", targetIOS18, withBag(Bag{Kind: bagCertificate}), []string{"unknown: not known: whether iOS 18 and later skips a certificate that is not X.509"}},
		{"certificate that is damaged", targetIOS18, withBag(Bag{Kind: bagCertificate, Err: damaged}), []string{"no: the structure of the file is damaged"}},
		{"certificate that nobody reads", targetIOS18, withBag(Bag{Kind: bagCertificate, Certificate: &chain.Certificate{Raw: []byte{0x30, 0}}}), []string{"unknown: not known: whether iOS 18 and later skips a certificate that cannot be read"}},
		{"secret", targetIOS18, withBag(Bag{Kind: bagSecret}), []string{"unknown: not known: whether iOS 18 and later skips a secret"}},
		{"secret", targetOpenSSL3, withBag(Bag{Kind: bagSecret}), nil},
		{"unknown bag", targetOpenSSL3, withBag(Bag{Kind: bagUnknown}), []string{"unknown: not known: whether OpenSSL 3.0 to 3.3 skips a bag of an unknown type"}},
		{"revocation list", targetNSS, withBag(Bag{Kind: bagCRL}), []string{"no: Thunderbird and Firefox from 128 (NSS 3.101 and later) refuses a file with a revocation list: NSS will say that the password is wrong"}},
		{"revocation list", targetIOS18, withBag(Bag{Kind: bagCRL}), nil},
		{"nested bags", targetIOS18, withBag(Bag{Kind: BagSafeContents}), []string{"no: iOS 18 and later ignores bags inside bags"}},
		{"nested bags", targetOpenSSL3, withBag(Bag{Kind: BagSafeContents}), nil},
		{"nested too deep", targetOpenSSL3, withBag(Bag{Kind: BagSafeContents, Err: &LimitError{codeNesting, 9, 8}}), []string{"no: OpenSSL 3.0 to 3.3 reads no bags so many levels deep"}},
		{"two damaged bags", targetOpenSSL3, func(r *Inspection) {
			withBag(Bag{Kind: bagSecret, Err: damaged})(r)
			withBag(Bag{Kind: bagSecret, Err: damaged})(r)
		}, []string{"no: the structure of the file is damaged"}},
		{"damaged bag", targetOpenSSL3, withBag(Bag{Kind: bagSecret, Err: damaged}), []string{"no: the structure of the file is damaged"}},

		{"friendly name in UTF-8", targetIOS18, key(func(b *Bag) {
			b.Attributes = append(b.Attributes, Attribute{OID: oidFriendlyName, Name: "friendlyName", Values: [][]byte{{0x0c, 1, 'a'}}})
		}), []string{"no: the attribute friendlyName is not of the type that iOS 18 and later expects" + phone}},
		{"friendly name in UTF-8", targetWindows1709, key(func(b *Bag) {
			b.Attributes = append(b.Attributes, Attribute{OID: oidFriendlyName, Values: [][]byte{{0x0c, 1, 'a'}}})
		}), nil},
		{"friendly name in UTF-8 that is withheld", targetIOS18, func(r *Inspection) {
			r.withheld = true
			b := r.Bag(keyAt)
			b.Attributes = append(b.Attributes, Attribute{OID: oidFriendlyName, Values: [][]byte{nil}})
		}, []string{"unknown: not known: whether iOS 18 and later takes a file with octets of a private key where something public belongs"}},
		{"friendly name twice", targetNSS, key(func(b *Bag) {
			b.Attributes = append(b.Attributes, Attribute{OID: oidFriendlyName, Name: "friendlyName", Values: [][]byte{{0x1e, 2, 0, 'a'}, {0x1e, 2, 0, 'b'}}})
		}), []string{"no: the attribute friendlyName is not of the type that Thunderbird and Firefox from 128 (NSS 3.101 and later) expects: NSS will say that the password is wrong"}},
		{"friendly name without a value", targetNSS, key(func(b *Bag) {
			b.Attributes = append(b.Attributes, Attribute{OID: oidFriendlyName, Name: "friendlyName"})
		}), []string{"no: the attribute friendlyName is not of the type that Thunderbird and Firefox from 128 (NSS 3.101 and later) expects: NSS will say that the password is wrong"}},
		{"friendly name without octets", targetNSS, key(func(b *Bag) {
			b.Attributes = append(b.Attributes, Attribute{OID: oidFriendlyName, Name: "friendlyName", Values: [][]byte{{}}})
		}), []string{"no: the attribute friendlyName is not of the type that Thunderbird and Firefox from 128 (NSS 3.101 and later) expects: NSS will say that the password is wrong"}},
		{"friendly name of half a character", targetNSS, key(func(b *Bag) {
			b.Attributes = append(b.Attributes, Attribute{OID: oidFriendlyName, Name: "friendlyName", Values: [][]byte{{0x1e, 1, 'a'}}, Err: damaged})
		}), []string{"no: the attribute friendlyName is not of the type that Thunderbird and Firefox from 128 (NSS 3.101 and later) expects: NSS will say that the password is wrong"}},
		{"friendly name", targetNSS, key(func(b *Bag) {
			b.Attributes = append(b.Attributes, Attribute{OID: oidFriendlyName, Values: [][]byte{{0x1e, 2, 0, 'a'}}})
		}), nil},
		{"localKeyID of another type", targetIOS18, key(func(b *Bag) {
			b.Attributes = append(b.Attributes, Attribute{OID: oidLocalKeyID, Name: "localKeyID", Err: damaged})
		}), []string{"no: the attribute localKeyID is not of the type that iOS 18 and later expects" + phone}},
		{"another attribute of another type", targetIOS18, key(func(b *Bag) {
			b.Attributes = append(b.Attributes, Attribute{OID: oidCSPName, Err: damaged})
		}), nil},
		{"localKeyID of another type", targetNSS, key(func(b *Bag) {
			b.Attributes = append(b.Attributes, Attribute{OID: oidLocalKeyID, Err: damaged})
		}), nil},

		{"parts were not decrypted", targetIOS18, func(r *Inspection) { r.Safes[0].Status = statusNotTried }, []string{"unknown: not known: whether key and certificate find each other on iOS 18 and later: parts of the file were not decrypted"}},
		{"parts were not decrypted", targetIntuneImport, func(r *Inspection) { r.Safes[0].Status = statusNotTried }, []string{"unknown: not known: whether key and certificate find each other on Intune's PFX import module: parts of the file were not decrypted"}},
		{"parts are damaged", targetIOS18, func(r *Inspection) { r.Safes[0].Status = StatusDamaged }, nil},
		{"parts were not decrypted", targetWindows1709, func(r *Inspection) { r.Safes[0].Status = statusNotTried }, nil},
		{"no key", targetIOS18, func(r *Inspection) { r.Safes, r.Identities = r.Safes[:1], nil }, []string{"no: iOS 18 and later needs a private key; this file has none"}},
		{"no key", targetIntuneImport, func(r *Inspection) { r.Safes, r.Identities = r.Safes[:1], nil }, []string{"no: Intune's PFX import module needs a private key; this file has none"}},
		{"no key", targetWindows1709, func(r *Inspection) { r.Safes, r.Identities = r.Safes[:1], nil }, nil},
		{"no key", targetJava8, withoutKey(nil), []string{"no: without a private key Java before 8u301 and 11.0.12 imports only certificates that are marked as trusted; this file has none"}},
		{"no key", targetJava11, withoutKey(nil), []string{"no: without a private key Java 8u301, 11.0.12 and later, up to 25 imports only certificates that are marked as trusted; this file has none"}},
		{"no key", targetJava26, withoutKey(nil), []string{"no: without a private key Java 26 and later imports only certificates that are marked as trusted; this file has none"}},
		{"no key, a trusted certificate", targetJava8, withoutKey(trust), nil},
		{"no key, a trusted certificate", targetJava11, withoutKey(trust), nil},
		{"no key, a trusted certificate", targetJava26, withoutKey(trust), nil},
		{"no key, a certificate with a name", targetJava11, withoutKey(named), []string{"no: without a private key Java 8u301, 11.0.12 and later, up to 25 imports only certificates that are marked as trusted; this file has none"}},
		{"no key", targetBouncyCastle, withoutKey(nil), []string{"no: without a private key Bouncy Castle for Java imports only certificates with a friendly name; this file has none"}},
		{"no key, a trusted certificate", targetBouncyCastle, withoutKey(trust), []string{"no: without a private key Bouncy Castle for Java imports only certificates with a friendly name; this file has none"}},
		{"no key, a certificate with a name", targetBouncyCastle, withoutKey(named), nil},
		{"no key, what is named is a secret", targetBouncyCastle, func(r *Inspection) {
			withoutKey(nil)(r)
			r.Safes[0].Bags = append(r.Safes[0].Bags, Bag{Kind: bagSecret, FriendlyName: "a"})
		}, []string{"no: without a private key Bouncy Castle for Java imports only certificates with a friendly name; this file has none"}},
		{"neither key nor certificate", targetOpenSSL3, withoutKey(func(r *Inspection) { r.Safes[0].Bags = nil }), []string{"no: the file holds neither a private key nor a certificate"}},
		{"neither key nor certificate", targetJava11, withoutKey(func(r *Inspection) { r.Safes[0].Bags = nil }), []string{"no: the file holds neither a private key nor a certificate"}},
		{"neither key nor certificate that can be read", targetOpenSSL3, withoutKey(func(r *Inspection) {
			r.Safes[0].Bags = nil
			r.Observations = append(r.Observations, Observation{Code: codeCertificate})
		}), nil},
		{"neither key nor certificate that is not too deep", targetOpenSSL3, withoutKey(func(r *Inspection) {
			r.Safes[0].Bags = nil
			r.Observations = append(r.Observations, Observation{Code: codeNesting})
		}), nil},
		{"neither key nor certificate, cut off", targetOpenSSL3, withoutKey(func(r *Inspection) { r.Safes[0].Bags, r.Missing = nil, 1 }), []string{"no: the end of the file is missing"}},
		{"neither key nor certificate, damaged", targetOpenSSL3, withoutKey(func(r *Inspection) { r.Safes[0].Bags, r.damaged = nil, true }), []string{"no: the structure of the file is damaged"}},
		{"two keys", targetIntuneImport, func(r *Inspection) { r.Identities = append(r.Identities, r.Identities[0]) }, []string{"no: Intune's PFX import module takes one identity; this file has 2"}},
		{"two keys", targetIOS18, func(r *Inspection) { r.Identities = append(r.Identities, r.Identities[0]) }, nil},
		{"certificate of the key twice", targetWindows1709, func(r *Inspection) {
			r.Safes[0].Bags = append(r.Safes[0].Bags, Bag{Kind: bagCertificate, Certificate: r.Bag(leafAt).Certificate})
		}, nil}, // an import for one use alone fails then
		{"certificate of the key twice", targetIOS18, func(r *Inspection) {
			r.Safes[0].Bags = append(r.Safes[0].Bags, Bag{Kind: bagCertificate, Certificate: r.Bag(leafAt).Certificate})
		}, nil},
		{"certificate of a CA twice", targetWindows1709, func(r *Inspection) {
			r.Safes[0].Bags = append(r.Safes[0].Bags, Bag{Kind: bagCertificate, Certificate: r.Bag(caAt).Certificate})
		}, nil},
		{"no certificate for the key", targetWindows1709, identity(func(id *Identity) { id.Leaf = nil }), nil},

		{"no certificate for the key among what was read", targetNSS, func(r *Inspection) {
			r.Identities[0].ByLocalKeyID = nil
			r.Observations = append(r.Observations, Observation{Code: codeNesting})
		}, nil},
		{"no certificate for the key among what was read", targetBouncyCastle, func(r *Inspection) {
			r.Identities[0].Leaf = nil
			r.Observations = append(r.Observations, Observation{Code: codeNesting})
		}, []string{"no: Bouncy Castle for Java finds no certificate that belongs to the private key, and imports no key without one"}},
		{"no link", targetIOS18, func(r *Inspection) {
			r.Bag(keyAt).LocalKeyID = nil
			r.Identities[0].ByLocalKeyID = nil
		}, []string{"no: the private key has neither localKeyID nor friendly name, so iOS 18 and later imports no identity, without a message"}},
		{"no link, the key in the clear", targetIOS18, func(r *Inspection) {
			b := r.Bag(keyAt)
			b.Kind, b.Encryption, b.LocalKeyID = BagKey, nil, nil
		}, []string{"no: iOS 18 and later ignores a private key that is not encrypted, without a message"}},
		{"link by name", targetIOS18, func(r *Inspection) {
			r.Bag(keyAt).LocalKeyID, r.Bag(keyAt).FriendlyName = nil, "a"
			r.Bag(leafAt).LocalKeyID, r.Bag(leafAt).FriendlyName = nil, "a"
			r.Identities[0].ByLocalKeyID, r.Identities[0].ByFriendlyName = nil, []BagRef{leafAt}
		}, nil},
		{"link by name to a certificate with a localKeyID", targetIOS18, func(r *Inspection) {
			r.Bag(keyAt).LocalKeyID, r.Bag(keyAt).FriendlyName = nil, "a"
			r.Bag(leafAt).FriendlyName = "a"
			r.Identities[0].ByLocalKeyID, r.Identities[0].ByFriendlyName = nil, []BagRef{leafAt}
		}, []string{"no: no certificate has the localKeyID or friendly name of the private key, so iOS 18 and later imports no identity, without a message"}},
		{"localKeyID of none", targetIOS18, identity(func(id *Identity) { id.ByLocalKeyID, id.ByFriendlyName = nil, []BagRef{leafAt} }), []string{"no: no certificate has the localKeyID or friendly name of the private key, so iOS 18 and later imports no identity, without a message"}},
		{"localKeyID of another", targetIOS18, identity(func(id *Identity) { id.ByLocalKeyID = []BagRef{caAt} }), []string{"no: on iOS 18 and later the private key is paired with a certificate for another key"}},
		{"the last of several", targetIOS18, identity(func(id *Identity) { id.ByLocalKeyID = []BagRef{caAt, leafAt} }), nil},
		{"not the last of several", targetIOS18, identity(func(id *Identity) { id.ByLocalKeyID = []BagRef{leafAt, caAt} }), []string{"no: on iOS 18 and later the private key is paired with a certificate for another key"}},
		{"a certificate for another key", targetIOS18, identity(func(id *Identity) { id.ByPublicKey, id.Matches = nil, No }), []string{"no: on iOS 18 and later the private key is paired with a certificate for another key"}},
		{"a key that nobody compared", targetIOS18, identity(func(id *Identity) { id.ByPublicKey, id.Matches = nil, Unknown }), nil},
		{"one localKeyID for two", targetIOS18, func(r *Inspection) { r.Bag(caAt).LocalKeyID = r.Bag(leafAt).LocalKeyID }, []string{"no: certificates share a localKeyID or friendly name, and iOS 18 and later keeps only the last of them"}},
		{"one localKeyID for one certificate twice", targetIOS18, func(r *Inspection) {
			r.Bag(caAt).LocalKeyID, r.Bag(caAt).Certificate = r.Bag(leafAt).LocalKeyID, r.Bag(leafAt).Certificate
		}, nil},
		{"one localKeyID for two", targetWindows1709, func(r *Inspection) { r.Bag(caAt).LocalKeyID = r.Bag(leafAt).LocalKeyID }, nil},
		{"one name for two", targetIOS18, func(r *Inspection) { r.Bag(caAt).FriendlyName, r.Bag(BagRef{0, 2}).FriendlyName = "a", "a" }, []string{"no: certificates share a localKeyID or friendly name, and iOS 18 and later keeps only the last of them"}},
		{"one name for two, one with a localKeyID", targetIOS18, func(r *Inspection) { r.Bag(leafAt).FriendlyName, r.Bag(caAt).FriendlyName = "a", "a" }, nil},

		{"password beyond ASCII", targetJava11, password(Password{Status: PasswordRight, Charset: CharsetLatin1}), []string{"no: the password has characters that Java 8u301, 11.0.12 and later, up to 25 does not handle: use ASCII"}},
		{"password beyond ASCII", targetIntuneImport, password(Password{Status: PasswordRight, Charset: CharsetLatin1}), nil},
		{"password beyond ASCII", targetIOS18, password(Password{Status: PasswordRight, Charset: charsetUnicode}), nil},
		{"password beyond Latin-1", targetIntuneImport, password(Password{Status: PasswordRight, Charset: charsetBMP}), []string{"no: the password has characters that Intune's PFX import module does not handle: use ASCII"}},
		{"empty password", targetIOS18, password(Password{Status: PasswordRight, Charset: CharsetEmpty}), []string{"unknown: not confirmed: iOS 18 and later may read an empty password differently from the program that wrote the file"}},
		{"empty password", targetWindows1709, password(Password{Status: PasswordRight, Charset: CharsetEmpty}), nil},
		{"empty password without a MAC", targetAndroid14, func(r *Inspection) { r.MAC, r.Password.Charset = nil, CharsetEmpty }, []string{"unknown: not confirmed: Android 14 and later needs a MAC; this file has none"}},
		{"long password", targetIntuneImport, password(Password{Status: PasswordRight, Charset: CharsetASCII, tooLong: true}), []string{"no: the password is longer than the 126 octets that Intune's PFX import module can encrypt with a key of 2048 bits"}},
		{"long password", targetIOS18, password(Password{Status: PasswordRight, Charset: CharsetASCII, tooLong: true}), nil},
		{"another password for a part", targetOpenSSL3, password(Password{Status: passwordRightPartly, Charset: CharsetASCII}), []string{"no: parts of the file are encrypted under another password; OpenSSL 3.0 to 3.3 asks for one: the message is \"unsupported\""}},
		{"no password given", targetJava11, password(Password{Charset: charsetNone, Status: passwordRightPartly}), nil},
		{"password in another encoding", targetIOS18, password(Password{Status: PasswordRight, Charset: CharsetLatin1, Variant: variantUTF8Bytes}), []string{"no: the file was written with the password in an encoding that iOS 18 and later does not expect"}},
		{"password in Latin-1", targetWindows1709, password(Password{Status: PasswordRight, Charset: CharsetLatin1, Variant: variantLatin1}), []string{"unknown: not confirmed: the file was written with the password in an encoding that Windows 10 1709 and Server 2019 or later does not expect"}},
		{"octets of UTF-8", targetOpenSSL3, password(Password{Status: PasswordRight, Charset: charsetBMP, Variant: variantUTF8Bytes}), nil},
		{"octets of UTF-8", targetJava11, password(Password{Status: PasswordRight, Charset: CharsetLatin1, Variant: variantUTF8Bytes}), []string{
			"no: the password has characters that Java 8u301, 11.0.12 and later, up to 25 does not handle: use ASCII",
			"no: the file was written with the password in an encoding that Java 8u301, 11.0.12 and later, up to 25 does not expect",
		}},
		{"octets of UTF-8", targetGnuPG22, password(Password{Status: PasswordRight, Charset: charsetBMP, Variant: variantUTF8Bytes}), nil},
		{"octets of Latin-1", targetOpenSSL3, password(Password{Status: PasswordRight, Charset: CharsetLatin1, Variant: variantLatin1}), []string{
			"no: the file was written with the password in an encoding that OpenSSL 3.0 to 3.3 does not expect",
		}},
		{"octets of UTF-8 under PBES2", targetOpenSSL3, func(r *Inspection) {
			inPBES2(func(*Encryption) {})(r)
			r.Password = Password{Status: PasswordRight, Charset: charsetBMP, Variant: variantUTF8Bytes}
		}, []string{"no: the file was written with the password in an encoding that OpenSSL 3.0 to 3.3 does not expect"}},
		{"octets of UTF-8 under PBES2", targetGnuPG22, func(r *Inspection) {
			inPBES2(func(e *Encryption) { e.Cipher, e.PRF, e.SaltLength = "AES-128-CBC", "SHA-1", 8 })(r)
			r.Password = Password{Status: PasswordRight, Charset: charsetBMP, Variant: variantUTF8Bytes}
		}, nil},
		{"characters beyond Latin-1", targetGnuPG22, password(Password{Status: PasswordRight, Charset: charsetBMP}), []string{
			"no: the password has characters that GnuPG 2.2 (gpgsm, Kleopatra) does not handle: use ASCII",
		}},
		{"password of the greatest length", targetGnuPG22, password(Password{Status: PasswordRight, Charset: CharsetASCII, characters: 31}), nil},
		{"password that is too long", targetGnuPG22, password(Password{Status: PasswordRight, Charset: CharsetASCII, characters: 32}), []string{
			"no: the password is longer than the 31 characters that GnuPG 2.2 (gpgsm, Kleopatra) takes",
		}},
		{"empty password", targetBouncyCastle, password(Password{Status: PasswordRight, Charset: CharsetEmpty}), nil},
		{"empty password under PBES2", targetOpenSSL3, func(r *Inspection) {
			inPBES2(func(e *Encryption) { e.SaltLength = 8 })(r)
			r.Password.Charset = CharsetEmpty
		}, nil},
		{"empty password under PBES2", targetBouncyCastle, func(r *Inspection) {
			inPBES2(func(e *Encryption) { e.SaltLength = 8 })(r)
			r.Password.Charset = CharsetEmpty
		}, []string{
			"no: the certificates are encrypted under an empty password, which Bouncy Castle for Java does not take",
			"no: the private key is encrypted under an empty password, which Bouncy Castle for Java does not take",
		}},
		{"wrong password", targetIOS18, password(Password{Status: PasswordWrong, Charset: CharsetLatin1, Variant: variantLatin1}), nil},
		{"empty password in another form", targetWindows1709, password(Password{Status: PasswordRight, Charset: CharsetEmpty, Variant: variantNull}), nil},
	} {
		t.Run(tt.name+" "+string(tt.target), func(t *testing.T) {
			r, err := Inspect(alice(t).encode(t, gopkcs12.LegacyDES, "secret"), "secret")
			if err != nil {
				t.Fatal(err)
			}
			r.Bag(keyAt).Key.Algorithm, r.Bag(keyAt).Key.Curve = "RSA", "" // GnuPG takes no other
			if v := r.Compatible(tt.target); v.Answer != Yes {
				t.Fatalf("before the change: %v", v.Reasons)
			}
			tt.change(r)
			v := r.Compatible(tt.target)
			var got []string
			answer := Yes
			for _, reason := range v.Reasons {
				got = append(got, reason.Answer.String()+": "+reason.Message)
				if answer != No {
					answer = reason.Answer
				}
			}
			if !slices.Equal(got, tt.want) || v.Answer != answer {
				t.Errorf("%v\n got %q\nwant %q", v.Answer, got, tt.want)
			}
		})
	}
}
