package pkcs12

import (
	"slices"

	"github.com/smimechain/smimechain/lint/say"
)

// An Importer is a program, or a range of its versions, that imports PFX files, by its
// name:
//
//	ios-17               iOS and iPadOS up to 17
//	ios-18               iOS and iPadOS from 18
//	macos-14             macOS up to 14
//	macos-15             macOS from 15
//	macos-import         macOS, "security import" without -f pkcs12
//	windows-before-1709  up to Windows 10 1703 and Server 2016
//	windows-1709         from Windows 10 1709 and Server 2019
//	dotnet-9             X509CertificateLoader with its default limits
//	java-8               before 8u301 and 11.0.12
//	java-11              from 8u301 and 11.0.12 up to 25
//	java-26              from 26
//	openssl-3            the default provider, up to 3.3
//	openssl-3-legacy     the same with the option -legacy
//	openssl-3.4          the default provider, from 3.4
//	nss                  Thunderbird and Firefox, from NSS 3.101
//	nss-3.100            the same up to NSS 3.100
//	gnutls               certtool
//	gnupg-2.2            gpgsm, as in Kleopatra
//	bouncy-castle        its key store for Java
//	android-13           up to 13
//	android-14           from 14
//	intune-import        the PowerShell module that imports PFX files to Intune
//
// [Importers] lists them.
type Importer string

// The importers that [Inspection.Compatible] knows.
const (
	targetIOS17             Importer = "ios-17"
	targetIOS18             Importer = "ios-18"
	targetMacOS14           Importer = "macos-14"
	targetMacOS15           Importer = "macos-15"
	targetMacOSImport       Importer = "macos-import"
	targetWindowsBefore1709 Importer = "windows-before-1709"
	targetWindows1709       Importer = "windows-1709"
	targetDotNet9           Importer = "dotnet-9"
	targetJava8             Importer = "java-8"
	targetJava11            Importer = "java-11"
	targetJava26            Importer = "java-26"
	targetOpenSSL3          Importer = "openssl-3"
	targetOpenSSL3Legacy    Importer = "openssl-3-legacy"
	targetOpenSSL34         Importer = "openssl-3.4"
	targetNSS               Importer = "nss"
	targetNSS3100           Importer = "nss-3.100"
	targetGnuTLS            Importer = "gnutls"
	targetGnuPG22           Importer = "gnupg-2.2"
	targetBouncyCastle      Importer = "bouncy-castle"
	targetAndroid13         Importer = "android-13"
	targetAndroid14         Importer = "android-14"
	targetIntuneImport      Importer = "intune-import"
)

// What a row of the table rests on, in the words of lint.Confidence.
const (
	documented   = "documented"    // the vendor's documentation
	vendorSource = "vendor-source" // read in the vendor's published source
	observed     = "observed"      // measured, or reported by users
	inferred     = "inferred"      // concluded from similar versions
)

// ImporterInfo describes an importer.
type ImporterInfo struct {
	Importer   Importer `json:"target"`
	Name       say.Text `json:"name"`
	Citation   string   `json:"citation"`
	Confidence string   `json:"confidence"` // what it rests on, as in [Compatibility]
}

// Importers returns all importers, in the order of the table.
func Importers() []ImporterInfo {
	list := make([]ImporterInfo, len(rows))
	for i, r := range rows {
		list[i] = ImporterInfo{r.target, r.name, r.citation, r.confidence}
	}
	return list
}

// A set3 says which of many names are accepted.
type set3 struct {
	yes, no []string
	other   Answer // about names in neither list
}

func (s set3) answer(name string) Answer {
	switch {
	case slices.Contains(s.yes, name):
		return Yes
	case slices.Contains(s.no, name):
		return No
	default:
		return s.other
	}
}

// A row is what is known about a target. The zero Answer is Unknown.
type row struct {
	target     Importer
	name       say.Text
	symptom    say.Text // what a user sees instead of the reason
	citation   string
	confidence string

	mac    set3   // digests of a MAC with the key derivation of PKCS #12
	noMAC  Answer // a file without MAC
	pbmac1 set3   // digests of PBMAC1
	scheme set3   // PBES1
	cipher set3   // PBES2
	prf    set3   // of PBKDF2 in PBES2
	scrypt Answer // as key derivation of PBES2

	maxIterations int64 // of one derivation; 0: no limit known
	maxTotal      int64 // without the MAC
	maxMAC        int64
	minSalt       int     // octets of the salt of a MAC
	minKeySalt    int     // octets of the salt of another derivation
	minPBES2Salt  int     // octets of the salt of PBES2
	fewIterations Answer  // less than one
	malformed     Answer  // parameters of a derivation or cipher that make no sense
	limits        *counts // nil: none are known

	plainKey    Answer                  // a private key that is not encrypted
	hiddenKey   bool                    // such a key counts in a safe that is encrypted, and nowhere else
	keyScheme   *set3                   // PBES1 of a key; nil: as that of a safe
	keys        set3                    // algorithms of keys
	curves      *set3                   // of keys of type EC; nil: no limit known
	pair        func(*judge, *Identity) // judges which certificate the target gives a key; nil: not known
	apple       bool                    // certificates are kept as Apple's importer does it
	oneKey      bool                    // exactly one identity
	several     bool                    // every identity of a file
	bmpName     bool                    // a friendly name that is no BMPString fails
	noCRL       bool                    // a CRL fails
	secrets     Answer                  // a secret does no harm
	trustedOnly bool                    // without a key, certificates count that are marked as trusted
	namedOnly   bool                    // without a key, certificates count that have a friendly name
	fullPBES2   bool                    // PBES2 takes no empty password

	brokenCertificate Answer // a certificate that cannot be read
	otherCertificate  Answer // a certificate that is not X.509
	nested            Answer // bags inside bags
	deeplyNested      Answer // bags inside bags beyond Limits.Nesting

	password    Charset // the largest character set of a password; 0: no limit known
	bytes       Answer  // a password in another encoding than the standard one
	noEmpty     bool    // an empty password is unreliable
	maxPassword bool    // the password must fit RSA-OAEP
	characters  int     // of the longest password; 0: no limit known
	bytesPBES2  Answer  // as bytes, with PBES2
}

var (
	sha2     = []string{"SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"}
	pbes12   = []string{triple, rc2x40, rc2x128, rc4x128, rc4x40}
	oldPKCS5 = []string{"pbeWithMD2AndDES-CBC", "pbeWithMD5AndDES-CBC", "pbeWithMD2AndRC2-CBC", "pbeWithMD5AndRC2-CBC",
		"pbeWithSHA1AndDES-CBC", "pbeWithSHA1AndRC2-CBC"}
	md2     = []string{"pbeWithMD2AndDES-CBC", "pbeWithMD2AndRC2-CBC"}
	sha3    = []string{"SHA3-224", "SHA3-256", "SHA3-384", "SHA3-512"}
	gcm     = []string{"AES-128-GCM", "AES-192-GCM", "AES-256-GCM"}
	aesCBCs = []string{"AES-128-CBC", "AES-192-CBC", "AES-256-CBC"}
)

// Curves, as [Key] names them.
var (
	nist      = []string{"P-256", "P-384", "P-521"}
	brainpool = []string{"brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1"}
	twisted   = []string{"brainpoolP256t1", "brainpoolP384t1", "brainpoolP512t1"}
)

const (
	secp256k1     = "secp256k1"
	sm2           = "1.2.156.10197.1.301"
	explicitCurve = "explicit parameters"
)

// Short forms of the names in RFC 7292, Appendix C.
const (
	triple  = "pbeWithSHAAnd3-KeyTripleDES-CBC"
	double  = "pbeWithSHAAnd2-KeyTripleDES-CBC"
	rc2x40  = "pbewithSHAAnd40BitRC2-CBC"
	rc2x128 = "pbeWithSHAAnd128BitRC2-CBC"
	rc4x40  = "pbeWithSHAAnd40BitRC4"
	rc4x128 = "pbeWithSHAAnd128BitRC4"
)

func only(names ...string) set3 { return set3{yes: names, other: No} }

func surely(names ...string) set3 { return set3{yes: names, other: Unknown} }

func without(s set3, names ...string) set3 {
	s.no = append(slices.Clip(s.no), names...)
	return s
}

const (
	phoneSymptom   say.Text = "the phone will say that the password is wrong"
	macSymptom     say.Text = "the Mac will say that the password is wrong"
	windowsSymptom say.Text = "Windows will say that the password is wrong"
	importSymptom  say.Text = "the import will fail"
)

// rows is the table. Each row cites what it rests on.
var rows = []row{
	apple17(targetIOS17, "iOS 17 and older", phoneSymptom),
	apple18(targetIOS18, "iOS 18 and later", phoneSymptom),
	apple17(targetMacOS14, "macOS 14 and older", macSymptom),
	apple18(targetMacOS15, "macOS 15 and later", macSymptom),
	{
		target: targetMacOSImport, name: "security import without -f pkcs12", symptom: macSymptom,
		citation:   "libsecurity_pkcs12/lib/pkcs12Utils.cpp and keychain_import.c in apple-oss-distributions/Security; tauri#15844, alt-tab-macos#3170",
		confidence: vendorSource,
		mac:        set3{yes: []string{"SHA-1"}, no: []string{"MD5"}, other: Unknown}, noMAC: No, pbmac1: only(),
		scheme: surely(pbes12...), cipher: only(), prf: only(), scrypt: No,
		plainKey: Unknown, keys: surely("RSA", "EC"), curves: &set3{yes: nist}, noEmpty: true,
	},
	{
		target: targetWindowsBefore1709, name: "Windows before 10 1709 and Server before 2019", symptom: windowsSymptom,
		citation:   "PKCS12_PBES2_EXPORT_PARAMS, minimum supported server Windows Server 2019; acme.sh#6805, openssl#27035, ansible.windows#582; PfxFormatTests in dotnet/runtime",
		confidence: documented,
		mac:        only("SHA-1"), noMAC: Yes, pbmac1: only(),
		scheme: surely(triple, rc2x40, rc2x128), cipher: only(), prf: only(), scrypt: No,
		maxIterations: 600_000, maxMAC: 600_000,
		plainKey: Yes, keys: surely("RSA", "EC"), curves: &set3{yes: nist}, secrets: Yes, several: true,
	},
	{
		target: targetWindows1709, name: "Windows 10 1709 and Server 2019 or later", symptom: windowsSymptom,
		citation:   "PKCS12_PBES2_EXPORT_PARAMS; CertificateDsc (build 1709 or later), CertificateDsc#261; Mozilla bug 1436873 for the iterations; PfxFormatTests in dotnet/runtime; CNG Named Elliptic Curves",
		confidence: documented,
		mac:        surely("SHA-1", "SHA-256"), noMAC: Yes, pbmac1: surely(),
		scheme: surely(triple, rc2x40, rc2x128), cipher: surely("AES-256-CBC"), prf: surely("SHA-256"), scrypt: Unknown,
		maxIterations: 600_000, maxMAC: 600_000,
		plainKey: Yes, keys: surely("RSA", "EC"), curves: &set3{yes: slices.Concat(nist, brainpool, twisted, []string{secp256k1})}, secrets: Yes, several: true,
	},
	{
		target: targetDotNet9, name: ".NET 9 and later (X509CertificateLoader)", symptom: importSymptom,
		citation:   "measured with .NET 9.0.20 and 10.0.12 on Linux; Pkcs12LoaderLimits.cs and X509CertificateLoader in dotnet/runtime",
		confidence: observed,
		mac:        only("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512"), noMAC: Yes, pbmac1: only(),
		scheme: only(triple, double, rc2x40, rc2x128, "pbeWithMD5AndDES-CBC", "pbeWithMD5AndRC2-CBC", "pbeWithSHA1AndDES-CBC", "pbeWithSHA1AndRC2-CBC"),
		cipher: only(append([]string{"3DES-CBC", "DES-CBC", "RC2-40-CBC", "RC2-64-CBC", "RC2-128-CBC"}, aesCBCs...)...),
		prf:    only("SHA-1", "SHA-256", "SHA-384", "SHA-512"), scrypt: No,
		maxIterations: 300_000, maxMAC: 300_000, maxTotal: 1_000_000, fewIterations: No, malformed: No, limits: &counts{200, 200},
		plainKey: Yes, keys: only("RSA", "EC", "DSA"), curves: &set3{yes: slices.Concat(nist, brainpool, []string{secp256k1, explicitCurve}), no: []string{sm2}},
		pair: (*judge).pairDotNet, secrets: Yes, brokenCertificate: No, otherCertificate: Yes, bytes: No, several: true,
	},
	{
		target: targetJava8, name: "Java before 8u301 and 11.0.12", symptom: "keytool will say that the keystore password was incorrect",
		citation:   "JDK-8076190 (PBES2), JDK-8153005, JDK-8267880; MacData.java",
		confidence: inferred,
		mac:        surely("SHA-1"), noMAC: Yes, pbmac1: only(),
		scheme: without(surely(append(slices.Clip(pbes12), "pbeWithMD5AndDES-CBC")...), double), cipher: only(), prf: only(), scrypt: No,
		maxIterations: 5_000_000, maxMAC: 5_000_000, minSalt: 1, minKeySalt: 8, fewIterations: No, malformed: No,
		plainKey: No, keys: surely("RSA", "EC", "DSA"), curves: &set3{yes: nist, no: []string{explicitCurve, sm2}}, bmpName: true, password: CharsetASCII,
		pair: (*judge).pairJava, secrets: Yes, trustedOnly: true, brokenCertificate: No, otherCertificate: No, nested: No, bytes: No,
	},
	java(targetJava11, "Java 8u301, 11.0.12 and later, up to 25", only()),
	java(targetJava26, "Java 26 and later", surely("SHA-256", "SHA-512")),
	openSSL(targetOpenSSL3, "OpenSSL 3.0 to 3.3", No, only()),
	openSSL(targetOpenSSL3Legacy, "OpenSSL 3.0 to 3.3 with -legacy", Yes, only()),
	openSSL(targetOpenSSL34, "OpenSSL 3.4 and later", No, surely("SHA-256")),
	nss(targetNSS, "Thunderbird and Firefox from 128 (NSS 3.101 and later)", surely("SHA-256")),
	nss(targetNSS3100, "Thunderbird and Firefox up to 127 (NSS 3.100 and older)", only()),
	{
		target: targetGnuTLS, name: "GnuTLS (certtool)", symptom: importSymptom,
		citation:   "measured by imports with GnuTLS 3.7.9",
		confidence: observed,
		mac:        only(sha2...), noMAC: No, pbmac1: only(),
		scheme: only(triple, rc2x40, rc4x128, "pbeWithMD5AndDES-CBC"),
		cipher: only(append([]string{"3DES-CBC", "DES-CBC"}, aesCBCs...)...), prf: only(sha2...), scrypt: No,
		fewIterations: No, malformed: No, plainKey: Yes, keys: surely("RSA", "EC", "DSA"), curves: &set3{yes: nist, other: No},
		secrets: Yes, brokenCertificate: Yes, otherCertificate: No, deeplyNested: Yes, bytes: No,
	},
	{
		target: targetGnuPG22, name: "GnuPG 2.2 (gpgsm, Kleopatra)", symptom: "gpgsm will say that the object cannot be parsed or decrypted",
		citation:   "measured by imports with gpgsm 2.2.40",
		confidence: observed,
		mac:        surely(slices.Concat(sha2, sha3, []string{"MD4", "MD5", "SHA-512/224", "SHA-512/256"})...), noMAC: Yes, pbmac1: surely("SHA-256"),
		scheme: only(triple, rc2x40), cipher: only("AES-128-CBC"), prf: only("SHA-1"), scrypt: No,
		minKeySalt: 8, plainKey: Yes, hiddenKey: true, keyScheme: &set3{yes: []string{triple}, other: No},
		keys: only("RSA"), pair: (*judge).pairPublicKey, password: CharsetLatin1, characters: 31, bytes: Yes, bytesPBES2: Yes,
	},
	{
		target: targetBouncyCastle, name: "Bouncy Castle for Java", symptom: importSymptom,
		citation:   "measured by imports with Bouncy Castle 1.72",
		confidence: observed,
		mac:        only("SHA-1", "SHA-256"), noMAC: No, pbmac1: only(),
		scheme: only(append(slices.Clip(pbes12), double)...),
		cipher: only(append([]string{"3DES-CBC", "CAST5-CBC", "Camellia-128-CBC", "Camellia-192-CBC", "Camellia-256-CBC"}, aesCBCs...)...),
		prf:    only(slices.Concat(sha2, sha3)...), scrypt: Yes,
		fewIterations: No, malformed: No, plainKey: Yes, hiddenKey: true, keys: surely("RSA", "EC", "DSA", "RSA-PSS"), pair: (*judge).pairPublicKey, secrets: Yes, bytes: No,
		minPBES2Salt: 1, namedOnly: true, bmpName: true, brokenCertificate: No, otherCertificate: No, fullPBES2: true,
	},
	{
		target: targetAndroid13, name: "Android 13 and older", symptom: phoneSymptom,
		citation:   "strongswan-docs#5 (Android 12), clip_share#48 (13 and older), home-assistant#3924 (API 33)",
		confidence: observed,
		mac:        surely("SHA-1"), noMAC: Unknown, pbmac1: only(),
		scheme: surely(triple, rc2x40), cipher: only(), prf: only(), scrypt: No,
		plainKey: Unknown, keys: surely("RSA", "EC"), curves: &set3{yes: nist}, noEmpty: true,
	},
	{
		target: targetAndroid14, name: "Android 14 and later", symptom: phoneSymptom,
		citation:   "ucm#331 (Android 16 opens PBES2); 14 and 15 concluded from it",
		confidence: inferred,
		mac:        surely("SHA-1", "SHA-256"), noMAC: Unknown, pbmac1: surely(),
		scheme: surely(triple, rc2x40), cipher: surely("AES-256-CBC", "AES-128-CBC"), prf: surely("SHA-1", "SHA-256"), scrypt: Unknown,
		plainKey: Unknown, keys: surely("RSA", "EC"), curves: &set3{yes: nist}, noEmpty: true,
	},
	{
		target: targetIntuneImport, name: "Intune's PFX import module", symptom: "the device will get a file that its password does not open",
		citation:   "NewUserPFXCertificate.cs in microsoft/Intune-Resource-Access; RFC 8017, Section 7.1.1; CertificateDsc and PfxFormatTests in dotnet/runtime for the Windows that it runs on",
		confidence: vendorSource,
		mac:        surely("SHA-1", "SHA-256"), noMAC: Yes, pbmac1: surely(),
		scheme: surely(triple, rc2x40, rc2x128), cipher: surely("AES-256-CBC"), prf: surely("SHA-256"), scrypt: Unknown,
		maxIterations: 600_000, maxMAC: 600_000,
		plainKey: Yes, keys: surely("RSA", "EC"), curves: &set3{yes: nist}, secrets: Yes, oneKey: true,
		password: CharsetLatin1, noEmpty: true, maxPassword: true,
	},
}

// apple17 is the importer of Apple's systems before PBES2.
func apple17(t Importer, name, symptom say.Text) row {
	return row{
		target: t, name: name, symptom: symptom,
		citation:   "OSX/sec/Security/p12import.c in apple-oss-distributions/Security, tag Security-61123.140.15; openssl#19871, xca#559",
		confidence: vendorSource,
		mac:        only("SHA-1"), noMAC: No, pbmac1: only(),
		scheme: only(pbes12...), cipher: only(), prf: only(), scrypt: No,
		minSalt: 1, plainKey: No, keys: only("RSA", "EC"), curves: &set3{yes: nist, other: No}, apple: true, pair: (*judge).pairApple,
		bmpName: true, noEmpty: true, nested: No, bytes: No,
	}
}

// apple18 is the same importer with PBES2, which it takes to be AES-256-CBC with
// PBKDF2 and HMAC-SHA-256 whatever the file says.
func apple18(t Importer, name, symptom say.Text) row {
	r := apple17(t, name, symptom)
	r.citation = "OSX/sec/Security/p12import.c in apple-oss-distributions/Security, tags Security-61439.1.1 and Security-61901; codemagic#428"
	r.mac = only(sha2...)
	r.cipher = only("AES-256-CBC")
	r.prf = only("SHA-256")
	return r
}

// nss is the importer of Mozilla.
func nss(t Importer, name say.Text, pbmac1 set3) row {
	r := row{
		target: t, name: name, symptom: "NSS will say that the password is wrong",
		citation:   "measured by imports with NSS 3.87, and with 3.110; NSS 3.101 release notes for PBMAC1",
		confidence: observed,
		mac:        only(append([]string{"MD5"}, sha2...)...), noMAC: No, pbmac1: pbmac1,
		scheme: without(surely(pbes12...), append([]string{double}, oldPKCS5...)...),
		cipher: set3{
			yes: slices.Concat(aesCBCs, []string{"Camellia-128-CBC", "Camellia-192-CBC", "Camellia-256-CBC", "SEED-CBC",
				"3DES-CBC", "DES-CBC", "RC2-40-CBC", "RC2-64-CBC", "RC2-128-CBC"}),
			no:    []string{"ARIA-128-CBC", "ARIA-192-CBC", "ARIA-256-CBC", "Blowfish-CBC", "CAST5-CBC", "IDEA-CBC"},
			other: Unknown,
		},
		prf: without(surely(sha2...), append([]string{"MD5", "SHA-512/224", "SHA-512/256"}, sha3...)...), scrypt: No,
		fewIterations: No,
		plainKey:      Yes, keys: surely("RSA", "EC", "DSA", "RSA-PSS"), curves: &set3{yes: nist, other: No},
		pair: (*judge).pairNSS, bmpName: true, noCRL: true, secrets: Yes,
		brokenCertificate: No, otherCertificate: No, deeplyNested: Yes, bytes: No,
	}
	return r
}

func java(t Importer, name say.Text, pbmac1 set3) row {
	r := row{
		target: t, name: name, symptom: "keytool will say that the keystore password was incorrect",
		citation:   "measured with JDK 17 by imports, and 25; JDK-8076190; JDK-8235540 for the curves, from 16 on; MacData.java",
		confidence: observed,
		mac:        set3{yes: append([]string{"SHA-512/224", "SHA-512/256"}, sha2...), other: No}, noMAC: Yes, pbmac1: pbmac1,
		scheme: only(append(slices.Clip(pbes12), "pbeWithMD5AndDES-CBC")...),
		cipher: only("AES-128-CBC", "AES-256-CBC"),
		prf:    without(surely(sha2...), append([]string{"MD5"}, sha3...)...), scrypt: No,
		maxIterations: 5_000_000, maxMAC: 5_000_000, minSalt: 1, minKeySalt: 8, fewIterations: No, malformed: No,
		plainKey: No, keys: surely("RSA", "EC", "DSA", "RSA-PSS"), curves: &set3{yes: nist, other: No}, bmpName: true, password: CharsetASCII,
		pair: (*judge).pairJava, secrets: Yes, trustedOnly: true, brokenCertificate: No, otherCertificate: No, nested: No, bytes: No,
	}
	if t == targetJava11 {
		r.prf.no = append(r.prf.no, "SHA-512/224", "SHA-512/256")
	}
	if t == targetJava26 {
		r.citation += "; JDK 26 release notes for PBMAC1"
		r.confidence = inferred
	}
	return r
}

// openSSL is OpenSSL 3 with or without the legacy provider.
func openSSL(t Importer, name say.Text, legacy Answer, pbmac1 set3) row {
	old := slices.Concat(oldPKCS5, []string{rc2x40, rc2x128, rc4x40, rc4x128})
	weak := []string{"DES-CBC", "RC2-40-CBC", "RC2-64-CBC", "RC2-128-CBC", "SEED-CBC", "Blowfish-CBC", "CAST5-CBC"}
	modern := slices.Concat(aesCBCs, []string{"3DES-CBC", "Camellia-128-CBC", "Camellia-192-CBC", "Camellia-256-CBC",
		"ARIA-128-CBC", "ARIA-192-CBC", "ARIA-256-CBC"})
	r := row{
		target: t, name: name, symptom: "the message is \"unsupported\"",
		citation:   "measured by imports with OpenSSL 3.0.19, and with 3.5.7; PBMAC1 from 3.4",
		confidence: observed,
		mac:        surely(slices.Concat(sha2, []string{"MD5", "SHA-512/224", "SHA-512/256", "SHA3-224", "SHA3-256", "SHA3-384", "SHA3-512"})...),
		noMAC:      Yes, pbmac1: pbmac1,
		prf:    without(surely(slices.Concat(sha2, []string{"MD5", "SHA-512/224", "SHA-512/256"})...), sha3...),
		scrypt: Yes, secrets: Yes, plainKey: Yes, keys: surely("RSA", "EC", "DSA", "RSA-PSS", "Ed25519", "Ed448", "X25519", "X448"),
		fewIterations: No, malformed: No, brokenCertificate: No, otherCertificate: Yes, deeplyNested: No, bytes: Yes,
	}
	if t == targetOpenSSL34 {
		r.prf.no = nil // later versions may know them
	}
	if legacy == Yes {
		r.scheme = without(surely(slices.Concat([]string{triple, double}, old)...), md2...)
		r.scheme.yes = slices.DeleteFunc(r.scheme.yes, func(name string) bool { return slices.Contains(md2, name) })
		r.cipher = without(surely(slices.Concat(modern, weak)...), append(gcm, "IDEA-CBC")...)
		r.mac.yes = append(r.mac.yes, "MD4")
	} else {
		r.scheme = set3{yes: []string{triple, double}, no: old}
		r.cipher = set3{yes: modern, no: slices.Concat(weak, gcm, []string{"IDEA-CBC"})}
		r.mac.no = []string{"MD4"}
	}
	return r
}
