package pkcs12

import (
	"slices"

	"github.com/smimechain/smimechain/lint/say"
)

// A Target is a program, or a range of its versions, that imports PFX files.
type Target string

// The targets that [Report.Compatible] knows.
const (
	IOS17             Target = "ios-17"              // iOS and iPadOS up to 17
	IOS18             Target = "ios-18"              // iOS and iPadOS from 18
	MacOS14           Target = "macos-14"            // macOS up to 14
	MacOS15           Target = "macos-15"            // macOS from 15
	MacOSImport       Target = "macos-import"        // macOS, "security import" without -f pkcs12
	WindowsBefore1709 Target = "windows-before-1709" // up to Windows 10 1703 and Server 2016
	Windows1709       Target = "windows-1709"        // from Windows 10 1709 and Server 2019
	DotNet9           Target = "dotnet-9"            // X509CertificateLoader with its default limits
	Java8             Target = "java-8"              // before 8u301 and 11.0.12
	Java11            Target = "java-11"             // from 8u301 and 11.0.12 up to 25
	Java26            Target = "java-26"             // from 26
	OpenSSL3          Target = "openssl-3"           // the default provider
	OpenSSL3Legacy    Target = "openssl-3-legacy"    // with the option -legacy
	NSS               Target = "nss"                 // Thunderbird and Firefox
	Android13         Target = "android-13"          // up to 13
	Android14         Target = "android-14"          // from 14
	IntuneImport      Target = "intune-import"       // the PowerShell module that imports PFX files to Intune
)

// Confidence says what a row of the table rests on.
type Confidence int

const (
	Inferred     Confidence = iota // concluded from similar versions
	Observed                       // measured, or reported by users
	VendorSource                   // read in the vendor's published source
	Documented                     // in the vendor's documentation
)

// String returns the word that reports and JSON use.
func (c Confidence) String() string {
	return enumName(int(c), "Confidence", "inferred", "observed", "vendor-source", "documented")
}

// MarshalText returns what String returns.
func (c Confidence) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// TargetInfo describes a target.
type TargetInfo struct {
	Target     Target     `json:"target"`
	Name       say.Text   `json:"name"`
	Citation   string     `json:"citation"`
	Confidence Confidence `json:"confidence"`
}

// Targets returns all targets, in the order of the table.
func Targets() []TargetInfo {
	list := make([]TargetInfo, len(rows))
	for i, r := range rows {
		list[i] = TargetInfo{r.target, r.name, r.citation, r.confidence}
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
	target     Target
	name       say.Text
	symptom    say.Text // what a user sees instead of the reason
	citation   string
	confidence Confidence

	mac    set3   // digests of a MAC with the key derivation of PKCS #12
	noMAC  Answer // a file without MAC
	pbmac1 set3   // digests of PBMAC1
	scheme set3   // PBES1
	cipher set3   // PBES2
	prf    set3   // of PBKDF2 in PBES2
	scrypt Answer // as key derivation of PBES2

	maxIterations int64 // of one derivation; 0: no limit known
	maxTotal      int64
	maxMAC        int64
	minSalt       int // octets of the salt of a MAC

	plainKey     Answer  // a private key that is not encrypted
	keys         set3    // algorithms of keys
	apple        bool    // key and certificate are paired as Apple's importer does it
	oneKey       bool    // exactly one identity
	noDuplicates bool    // the certificate of a key must not be there twice
	bmpName      bool    // a friendly name that is no BMPString fails
	noCRL        bool    // a CRL fails
	secrets      Answer  // a secret does no harm
	password     Charset // the largest character set of a password; 0: no limit known
	noEmpty      bool    // an empty password is unreliable
	maxPassword  bool    // the password must fit RSA-OAEP
}

var (
	sha2     = []string{"SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"}
	pbes12   = []string{triple, rc2x40, rc2x128, rc4x128, rc4x40}
	oldPKCS5 = []string{"pbeWithMD2AndDES-CBC", "pbeWithMD5AndDES-CBC", "pbeWithMD2AndRC2-CBC", "pbeWithMD5AndRC2-CBC",
		"pbeWithSHA1AndDES-CBC", "pbeWithSHA1AndRC2-CBC"}
	aesCBCs = []string{"AES-128-CBC", "AES-192-CBC", "AES-256-CBC"}
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
	apple17(IOS17, "iOS 17 and older", phoneSymptom),
	apple18(IOS18, "iOS 18 and later", phoneSymptom),
	apple17(MacOS14, "macOS 14 and older", macSymptom),
	apple18(MacOS15, "macOS 15 and later", macSymptom),
	{
		target: MacOSImport, name: "security import without -f pkcs12", symptom: macSymptom,
		citation:   "libsecurity_pkcs12/lib/pkcs12Utils.cpp and keychain_import.c in apple-oss-distributions/Security; tauri#15844, alt-tab-macos#3170",
		confidence: VendorSource,
		mac:        set3{yes: []string{"SHA-1"}, no: []string{"MD5"}, other: Unknown}, noMAC: No, pbmac1: only(),
		scheme: surely(pbes12...), cipher: only(), prf: only(), scrypt: No,
		plainKey: Unknown, keys: surely("RSA", "EC"), noEmpty: true,
	},
	{
		target: WindowsBefore1709, name: "Windows before 10 1709 and Server before 2019", symptom: windowsSymptom,
		citation:   "PKCS12_PBES2_EXPORT_PARAMS, minimum supported server Windows Server 2019; acme.sh#6805, openssl#27035, ansible.windows#582",
		confidence: Documented,
		mac:        only("SHA-1"), noMAC: Unknown, pbmac1: only(),
		scheme: surely(triple, rc2x40, rc2x128), cipher: only(), prf: only(), scrypt: No,
		maxIterations: 600_000, maxMAC: 600_000,
		plainKey: Unknown, keys: surely("RSA", "EC"),
	},
	{
		target: Windows1709, name: "Windows 10 1709 and Server 2019 or later", symptom: windowsSymptom,
		citation:   "PKCS12_PBES2_EXPORT_PARAMS; CertificateDsc (build 1709 or later), CertificateDsc#261; Mozilla bug 1436873 for the iterations",
		confidence: Documented,
		mac:        surely("SHA-1", "SHA-256"), noMAC: Unknown, pbmac1: surely(),
		scheme: surely(triple, rc2x40, rc2x128), cipher: surely("AES-256-CBC"), prf: surely("SHA-256"), scrypt: Unknown,
		maxIterations: 600_000, maxMAC: 600_000,
		plainKey: Unknown, keys: surely("RSA", "EC"), noDuplicates: true,
	},
	{
		target: DotNet9, name: ".NET 9 and later (X509CertificateLoader)", symptom: importSymptom,
		citation:   "Pkcs12LoaderLimits.cs and X509CertificateLoader in dotnet/runtime",
		confidence: VendorSource,
		mac:        surely(sha2...), noMAC: Yes, pbmac1: surely(),
		scheme: surely(triple, rc2x40, rc2x128), cipher: surely(aesCBCs...), prf: surely("SHA-1", "SHA-256", "SHA-384", "SHA-512"), scrypt: No,
		maxIterations: 300_000, maxMAC: 300_000, maxTotal: 1_000_000,
		plainKey: Yes, keys: surely("RSA", "EC", "DSA"),
	},
	{
		target: Java8, name: "Java before 8u301 and 11.0.12", symptom: "keytool will say that the keystore password was incorrect",
		citation:   "JDK-8076190 (PBES2), JDK-8153005, JDK-8267880; MacData.java",
		confidence: Inferred,
		mac:        surely("SHA-1"), noMAC: Yes, pbmac1: only(),
		scheme: without(surely(append(slices.Clip(pbes12), "pbeWithMD5AndDES-CBC")...), double), cipher: only(), prf: only(), scrypt: No,
		maxIterations: 5_000_000, maxMAC: 5_000_000, minSalt: 1,
		plainKey: Yes, keys: surely("RSA", "EC", "DSA"), bmpName: true, password: CharsetASCII,
	},
	java(Java11, "Java 8u301, 11.0.12 and later, up to 25", only()),
	java(Java26, "Java 26 and later", surely("SHA-256", "SHA-512")),
	openSSL(OpenSSL3, "OpenSSL 3", No),
	openSSL(OpenSSL3Legacy, "OpenSSL 3 with -legacy", Yes),
	{
		target: NSS, name: "Thunderbird and Firefox (NSS)", symptom: "NSS will say that the password is wrong",
		citation:   "measured with NSS 3.87 and 3.110; NSS 3.101 release notes for PBMAC1",
		confidence: Observed,
		mac:        only(sha2...), noMAC: No, pbmac1: surely("SHA-256"),
		scheme: without(surely(append(slices.Clip(pbes12), double)...), oldPKCS5...),
		cipher: set3{
			yes:   append([]string{"Camellia-128-CBC", "Camellia-192-CBC", "Camellia-256-CBC"}, aesCBCs...),
			no:    []string{"ARIA-128-CBC", "ARIA-192-CBC", "ARIA-256-CBC"},
			other: Unknown,
		},
		prf: surely("SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"), scrypt: No,
		plainKey: Unknown, keys: surely("RSA", "EC"), bmpName: true, noCRL: true, secrets: Yes,
	},
	{
		target: Android13, name: "Android 13 and older", symptom: phoneSymptom,
		citation:   "strongswan-docs#5 (Android 12), clip_share#48 (13 and older), home-assistant#3924 (API 33)",
		confidence: Observed,
		mac:        surely("SHA-1"), noMAC: Unknown, pbmac1: only(),
		scheme: surely(triple, rc2x40), cipher: only(), prf: only(), scrypt: No,
		plainKey: Unknown, keys: surely("RSA", "EC"), noEmpty: true,
	},
	{
		target: Android14, name: "Android 14 and later", symptom: phoneSymptom,
		citation:   "ucm#331 (Android 16 opens PBES2); 14 and 15 concluded from it",
		confidence: Inferred,
		mac:        surely("SHA-1", "SHA-256"), noMAC: Unknown, pbmac1: surely(),
		scheme: surely(triple, rc2x40), cipher: surely("AES-256-CBC", "AES-128-CBC"), prf: surely("SHA-1", "SHA-256"), scrypt: Unknown,
		plainKey: Unknown, keys: surely("RSA", "EC"), noEmpty: true,
	},
	{
		target: IntuneImport, name: "Intune's PFX import module", symptom: "the device will get a file that its password does not open",
		citation:   "NewUserPFXCertificate.cs in microsoft/Intune-Resource-Access; RFC 8017, Section 7.1.1; CertificateDsc for the Windows that it runs on",
		confidence: VendorSource,
		mac:        surely("SHA-1", "SHA-256"), noMAC: Unknown, pbmac1: surely(),
		scheme: surely(triple, rc2x40, rc2x128), cipher: surely("AES-256-CBC"), prf: surely("SHA-256"), scrypt: Unknown,
		maxIterations: 600_000, maxMAC: 600_000,
		plainKey: Unknown, keys: surely("RSA", "EC"), noDuplicates: true, oneKey: true,
		password: CharsetLatin1, noEmpty: true, maxPassword: true,
	},
}

// apple17 is the importer of Apple's systems before PBES2.
func apple17(t Target, name, symptom say.Text) row {
	return row{
		target: t, name: name, symptom: symptom,
		citation:   "OSX/sec/Security/p12import.c in apple-oss-distributions/Security, tag Security-61123.140.15; openssl#19871, xca#559",
		confidence: VendorSource,
		mac:        only("SHA-1"), noMAC: No, pbmac1: only(),
		scheme: only(pbes12...), cipher: only(), prf: only(), scrypt: No,
		minSalt: 1, plainKey: No, keys: only("RSA", "EC"), apple: true, bmpName: true, noEmpty: true,
	}
}

// apple18 is the same importer with PBES2, which it takes to be AES-256-CBC with
// PBKDF2 and HMAC-SHA-256 whatever the file says.
func apple18(t Target, name, symptom say.Text) row {
	r := apple17(t, name, symptom)
	r.citation = "OSX/sec/Security/p12import.c in apple-oss-distributions/Security, tags Security-61439.1.1 and Security-61901; codemagic#428"
	r.mac = only(sha2...)
	r.cipher = only("AES-256-CBC")
	r.prf = only("SHA-256")
	return r
}

func java(t Target, name say.Text, pbmac1 set3) row {
	r := row{
		target: t, name: name, symptom: "keytool will say that the keystore password was incorrect",
		citation:   "measured with JDK 17 and 25; JDK-8076190; MacData.java",
		confidence: Observed,
		mac:        set3{yes: append([]string{"SHA-512/224", "SHA-512/256"}, sha2...), other: No}, noMAC: Yes, pbmac1: pbmac1,
		scheme: without(surely(append(slices.Clip(pbes12), "pbeWithMD5AndDES-CBC")...), double),
		cipher: only("AES-128-CBC", "AES-256-CBC"),
		prf:    surely(append([]string{"SHA-512/224", "SHA-512/256"}, sha2...)...), scrypt: No,
		maxIterations: 5_000_000, maxMAC: 5_000_000, minSalt: 1,
		plainKey: Yes, keys: surely("RSA", "EC", "DSA", "RSA-PSS"), bmpName: true, password: CharsetASCII,
	}
	if t == Java26 {
		r.citation += "; JDK 26 release notes for PBMAC1"
		r.confidence = Inferred
	}
	return r
}

// openSSL is OpenSSL 3 with or without the legacy provider.
func openSSL(t Target, name say.Text, legacy Answer) row {
	old := slices.Concat(oldPKCS5, []string{rc2x40, rc2x128, rc4x40, rc4x128})
	weak := []string{"DES-CBC", "RC2-40-CBC", "RC2-64-CBC", "RC2-128-CBC", "SEED-CBC", "IDEA-CBC", "Blowfish-CBC", "CAST5-CBC"}
	modern := slices.Concat(aesCBCs, []string{"3DES-CBC", "Camellia-128-CBC", "Camellia-192-CBC", "Camellia-256-CBC",
		"ARIA-128-CBC", "ARIA-192-CBC", "ARIA-256-CBC"})
	r := row{
		target: t, name: name, symptom: "the message is \"unsupported\"",
		citation:   "measured with OpenSSL 3.0.22 and 3.5.7; PBMAC1 from 3.4",
		confidence: Observed,
		mac:        surely(slices.Concat(sha2, []string{"MD5", "SHA-512/224", "SHA-512/256", "SHA3-224", "SHA3-256", "SHA3-384", "SHA3-512"})...),
		noMAC:      Yes, pbmac1: surely(),
		prf:    surely(slices.Concat(sha2, []string{"MD5", "SHA-512/224", "SHA-512/256", "SHA3-224", "SHA3-256", "SHA3-384", "SHA3-512"})...),
		scrypt: Yes, secrets: Yes, plainKey: Yes, keys: surely("RSA", "EC", "DSA", "RSA-PSS", "Ed25519", "Ed448", "X25519", "X448"),
	}
	if legacy == Yes {
		r.scheme = surely(slices.Concat([]string{triple, double}, old)...)
		r.cipher = surely(slices.Concat(modern, weak)...)
	} else {
		r.scheme = set3{yes: []string{triple, double}, no: old}
		r.cipher = set3{yes: modern, no: weak}
	}
	return r
}
