package lint

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
)

// Fact names something that no file shows and that a rule has to know. The name
// is that of the field in the JSON file that [ParseFacts] reads; String returns more.
// [AllFacts] lists them.
type Fact string

// The facts.
const (
	factPrimarySMTP           Fact = "primary_smtp"
	factProxyAddresses        Fact = "proxy_addresses"
	factUPN                   Fact = "upn"
	factPurposes              Fact = "purposes"
	factOldestIOS             Fact = "oldest_ios"
	factPlatforms             Fact = "platforms"
	factConnectorKeyBits      Fact = "connector_key_bits"
	factConnectorProvider     Fact = "connector_provider"
	factConnectorKeyName      Fact = "connector_key_name"
	factDirectoryCertificates Fact = "directory_certificates"
	factSmimeConfig           Fact = "smime_config"
)

// String returns the name, the flag that gives it, and what it means.
func (f Fact) String() string { return string(f.text()) }

func (f Fact) text() say.Text {
	switch f {
	case factPrimarySMTP:
		return "primary_smtp (-mail ADDRESS: the primary SMTP address of the mailbox)"
	case factProxyAddresses:
		return "proxy_addresses (-proxy-addresses LIST: the other addresses of the mailbox)"
	case factUPN:
		return "upn (-upn NAME: the user principal name)"
	case factPurposes:
		return "purposes (-purposes LIST: whether the certificate is to sign, to encrypt, or both)"
	case factOldestIOS:
		return "oldest_ios (-oldest-ios VERSION: the oldest version of iOS among the devices)"
	case factPlatforms:
		return "platforms (-platforms LIST: the platforms that Intune manages)"
	case factConnectorKeyBits:
		return "connector_key_bits (-connector-key-bits NUMBER: the size of the RSA key of the Intune connector)"
	case factConnectorProvider:
		return "connector_provider (-connector-provider NAME: the provider of that key on the servers of the Intune connector)"
	case factConnectorKeyName:
		return "connector_key_name (-connector-key-name NAME: the name of the key on the servers of the Intune connector)"
	case factDirectoryCertificates:
		return "directory_certificates (-directory-certificates NUMBER: how many certificates the directory holds for the user)"
	case factSmimeConfig:
		return "smime_config (-smime-config FILE: what Get-SmimeConfig says)"
	default:
		return say.Text(f)
	}
}

// Facts are what the administrator knows and no file shows. Nil and the zero
// value know nothing. [Run] refuses values that [ParseFacts] would.
type Facts struct {
	PrimarySMTP      string        // primary address of the mailbox, empty if not known
	ProxyAddresses   []string      // its other addresses, without "smtp:"
	UPN              string        // user principal name, empty if not known
	Purposes         []chain.Usage // [chain.Sign], [chain.Encrypt] or both; none if not known
	OldestIOS        IOSVersion    // the oldest in the fleet; zero if not known
	SmimeConfig      *SmimeConfig  // nil if not known
	ConnectorKeyBits int           // size of the RSA key that encrypts passwords for Intune, zero if not known

	ConnectorProvider     string   // provider of that key on every server, empty if not known
	ConnectorKeyName      string   // its name there, empty if not known
	Platforms             []string // that Intune manages, in the words of [ParseFacts]; none if not known
	DirectoryCertificates int      // values of userCertificate or userSMIMECertificate, the longer one; zero if not known
}

// SmimeConfig is what matters here of the settings that Get-SmimeConfig shows.
type SmimeConfig struct {
	Collection          []*chain.Certificate // SMIMECertificateIssuingCA: the collection in use
	HasCollection       bool                 // whether the output had it, be it empty
	UseSecondaryProxies bool                 // OWAUseSecondaryProxiesWhenFindingCertificates; true unless said
	DisableCRLCheck     bool                 // OWADisableCRLCheck

	AllowUserChoice       bool // OWAAllowUserChoiceOfSigningCertificate
	ShowsSenderAttributes bool // OWASenderCertificateAttributesToDisplay has a value
}

// platforms are the words for platforms, and what @odata.type calls them.
var platforms = []struct{ name, odata string }{
	{"ios", "ios"},
	{"macos", "macOS"},
	{"windows", "windows81"},
	{"android-device-owner", "androidDeviceOwner"},
	{"android-work-profile", "androidWorkProfile"},
	{"android-for-work", "androidForWork"},
	{"android-device-admin", "android"},
}

// platformNames returns the words for platforms.
func platformNames() []string {
	var names []string
	for _, p := range platforms {
		names = append(names, p.name)
	}
	return names
}

// IOSVersion is a version of iOS or iPadOS. The zero value is none.
type IOSVersion struct{ Major, Minor int }

// String returns the version as "17.4".
func (v IOSVersion) String() string { return fmt.Sprintf("%d.%d", v.Major, v.Minor) }

// Apple numbered iOS up to 18 and then went over to the number of the year to come.
const (
	lastNumbered = 18
	firstOfYear  = 26
	lastOfYear   = 49 // what is beyond is no version, but a slip
)

// parseIOSVersion reads a version such as "16", "17.4" or "17.4.1".
func parseIOSVersion(s string) (IOSVersion, error) {
	parts := strings.Split(s, ".")
	var numbers [2]int
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 8)
		if err != nil || i > 2 || i == 0 && n == 0 {
			return IOSVersion{}, say.Errorf("iOS version %.80q: want a version such as 17 or 17.4", s)
		}
		if i < len(numbers) {
			numbers[i] = int(n)
		}
	}
	v := IOSVersion{numbers[0], numbers[1]}
	return v, v.check()
}

// check finds numbers of which there is no version.
func (v IOSVersion) check() error {
	if n := v.Major; n < 1 || n > lastNumbered && n < firstOfYear || n > lastOfYear || v.Minor < 0 {
		return say.Errorf("iOS version %.80q: there is none with that number; 26 follows 18", v.String())
	}
	return nil
}

// has reports whether the fact is known.
func (f *Facts) has(name Fact) bool {
	switch name {
	case factPrimarySMTP:
		return f.PrimarySMTP != ""
	case factUPN:
		return f.UPN != ""
	case factPurposes:
		return len(f.Purposes) > 0
	case factOldestIOS:
		return f.OldestIOS != IOSVersion{}
	case factSmimeConfig:
		return f.SmimeConfig != nil
	case factConnectorKeyBits:
		return f.ConnectorKeyBits > 0
	case factProxyAddresses:
		return len(f.ProxyAddresses) > 0
	case factConnectorProvider:
		return f.ConnectorProvider != ""
	case factConnectorKeyName:
		return f.ConnectorKeyName != ""
	case factPlatforms:
		return len(f.Platforms) > 0
	case factDirectoryCertificates:
		return f.DirectoryCertificates > 0
	default:
		return false
	}
}

// Limits on a file of facts.
const (
	maxFactsSize      = 4 << 20
	maxProxyAddresses = 1000
)

// FactsVersion is the one version of the file of facts.
const FactsVersion = 1

// factsFile is the file field by field.
type factsFile struct {
	Version          int             `json:"version"`
	Help             json.RawMessage `json:"help"`
	PrimarySMTP      string          `json:"primary_smtp"`
	ProxyAddresses   []string        `json:"proxy_addresses"`
	UPN              string          `json:"upn"`
	Purposes         []string        `json:"purposes"`
	OldestIOS        string          `json:"oldest_ios"`
	ConnectorKeyBits int             `json:"connector_key_bits"`
	SmimeConfig      json.RawMessage `json:"smime_config"`

	ConnectorProvider     string   `json:"connector_provider"`
	ConnectorKeyName      string   `json:"connector_key_name"`
	Platforms             []string `json:"platforms"`
	DirectoryCertificates int      `json:"directory_certificates"`
}

// ParseFacts reads a file of facts: a JSON object with
//
//	version             1
//	help                anything: what [FactsTemplate] explains there is passed over
//	primary_smtp        the primary address of the mailbox
//	proxy_addresses     a list of its other addresses, as EmailAddresses of Get-Mailbox
//	                    shows them: "smtp:" in front is allowed, and addresses of other
//	                    kinds, such as X500 and SIP, are passed over
//	upn                 the user principal name
//	purposes            a list of "sign" and "encrypt"
//	oldest_ios          the oldest version of iOS in the fleet, as "16" or "17.4"
//	connector_key_bits  the size of the RSA key of the Intune connector
//	connector_provider  the provider of that key on every server of the connector
//	connector_key_name  the name of that key on every server
//	platforms           a list of platforms that Intune manages: ios, macos, windows,
//	                    android-device-owner, android-work-profile, android-for-work,
//	                    android-device-admin
//	directory_certificates
//	                    how many values userCertificate or userSMIMECertificate of the
//	                    user has in the directory, the higher number of the two
//	smime_config        the output of Get-SmimeConfig | ConvertTo-Json
//
// All but the version may be left out; nothing else is allowed, save within
// smime_config, of which what is not needed is skipped. Byte order marks are
// skipped. Errors hold no value of the file other than the one at fault.
func ParseFacts(data []byte) (*Facts, error) {
	f, err := parseFacts(data)
	if err != nil {
		return nil, say.Errorf("facts: %w", err)
	}
	return f, nil
}

// jsonError puts what package json quotes at length, or says in terms of Go,
// into a few words.
func jsonError(err error) error {
	const longest = 120
	t, mistyped := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case mistyped && t.Field == "":
		return say.Errorf("want a JSON object, not a JSON %.40s", t.Value)
	case mistyped:
		return say.Errorf("%.80s is a JSON %.40s", t.Field, t.Value)
	case len(err.Error()) > longest: // an unknown field
		return say.Errorf("%.100s…", err)
	default:
		return err
	}
}

func parseFacts(data []byte) (*Facts, error) {
	if len(data) > maxFactsSize {
		return nil, say.Errorf("%d bytes are more than the limit of %d", len(data), maxFactsSize)
	}
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))))
	d.DisallowUnknownFields()
	var in factsFile
	if err := d.Decode(&in); err != nil {
		return nil, jsonError(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, say.Errorf("data after the object")
	}
	if in.Version != FactsVersion {
		return nil, say.Errorf(`"version" is %d or missing; write "version": %d`, in.Version, FactsVersion)
	}
	f := &Facts{PrimarySMTP: in.PrimarySMTP, UPN: in.UPN, ConnectorKeyBits: in.ConnectorKeyBits,
		ConnectorProvider: in.ConnectorProvider, ConnectorKeyName: in.ConnectorKeyName, DirectoryCertificates: in.DirectoryCertificates}
	for _, given := range []struct {
		fact   Fact
		values []string
	}{
		{factPrimarySMTP, []string{in.PrimarySMTP}}, {factProxyAddresses, in.ProxyAddresses},
		{factPurposes, in.Purposes}, {factOldestIOS, []string{in.OldestIOS}}, {factPlatforms, in.Platforms},
	} {
		if err := f.set(given.fact, given.values); err != nil {
			return nil, say.Errorf("%s: %w", string(given.fact), err)
		}
	}
	if len(in.SmimeConfig) > 0 && string(in.SmimeConfig) != "null" {
		if err := f.set(factSmimeConfig, []string{string(in.SmimeConfig)}); err != nil {
			return nil, say.Errorf("%s: %w", string(factSmimeConfig), err)
		}
	}
	return f, f.check()
}

// check finds values that no fact has, wherever they come from.
func (f *Facts) check() error {
	if f == nil {
		return nil
	}
	for _, fact := range AllFacts() {
		if err := f.wrong(fact); err != nil {
			return say.Errorf("%s: %w", string(fact), err)
		}
	}
	return nil
}

// wrong says what is wrong with the value of a fact.
func (f *Facts) wrong(fact Fact) error {
	switch fact {
	case factPrimarySMTP:
		if f.PrimarySMTP != "" && !isAddress(f.PrimarySMTP) {
			return notAddress(f.PrimarySMTP)
		}
	case factProxyAddresses:
		if len(f.ProxyAddresses) > maxProxyAddresses {
			return say.Errorf("more than %d", maxProxyAddresses)
		}
		for _, a := range f.ProxyAddresses {
			if !isAddress(a) {
				return notAddress(a)
			}
		}
	case factUPN:
		if f.UPN != "" && !isUPN(f.UPN) {
			return say.Errorf("%.80q is no user principal name: want one such as anna@example.com", f.UPN)
		}
	case factPurposes:
		for _, u := range f.Purposes {
			if u != chain.Sign && u != chain.Encrypt {
				return say.Errorf("%.80q is neither sign nor encrypt", u)
			}
		}
	case factConnectorKeyBits:
		if bits := f.ConnectorKeyBits; bits != 0 && (bits < 1024 || bits > 16384) {
			return say.Errorf("%d is no size of an RSA key", bits)
		}
	case factOldestIOS:
		if f.OldestIOS != (IOSVersion{}) {
			return f.OldestIOS.check()
		}
	case factPlatforms:
		for _, name := range f.Platforms {
			if !slices.Contains(platformNames(), name) {
				return say.Errorf("%.80q is none of %s", name, strings.Join(platformNames(), ", "))
			}
		}
	case factDirectoryCertificates:
		if f.DirectoryCertificates < 0 {
			return say.Errorf("%d is less than none", f.DirectoryCertificates)
		}
	}
	return nil
}

// otherAddresses are the kinds of proxy addresses of a mailbox that no mail goes to
// by SMTP.
var otherAddresses = []string{"x500", "x400", "sip", "spo", "eum", "notes", "mrs"}

// parseAddress reads the SMTP address of a mailbox, with or without the "smtp:" or
// "SMTP:" in front that Get-Mailbox shows, and returns it without.
func parseAddress(s string) (string, error) {
	address := strings.TrimSpace(s)
	if scheme, rest, ok := strings.Cut(address, ":"); ok && strings.EqualFold(scheme, "smtp") {
		address = rest
	}
	if !isAddress(address) {
		return "", notAddress(s)
	}
	return address, nil
}

func notAddress(s string) error { return say.Errorf("%.80q is not an SMTP address", s) }

// isAddress reports whether s is an address and nothing more.
func isAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}

// isUPN reports whether s looks like a user principal name: a name and a domain.
func isUPN(s string) bool {
	name, domain, ok := strings.Cut(s, "@")
	return ok && name != "" && domain != "" && !strings.ContainsAny(domain, "@/\\") && !strings.ContainsFunc(s, unicode.IsSpace)
}

// parseSmimeConfig reads the output of Get-SmimeConfig | ConvertTo-Json, within
// the limits of package bundle. The collection may be base64 text or, as
// PowerShell writes bytes, a list of numbers, with or without an object around
// it; null is an empty one. Settings that are not needed are skipped. Text is in
// UTF-8, with or without a byte order mark; of a file in UTF-16, as the ">" of
// Windows PowerShell writes, bundle.Parse makes one that [Run] takes as it is. The
// error holds no value of the input.
func parseSmimeConfig(data []byte) (*SmimeConfig, error) {
	var settings map[string]json.RawMessage
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	if err := json.Unmarshal(data, &settings); err != nil {
		return nil, jsonError(err)
	}
	const collection = "SMIMECertificateIssuingCA"
	given := false
	for name := range settings {
		given = given || strings.EqualFold(name, collection)
	}
	if settings == nil {
		return nil, say.Errorf("null instead of settings")
	}
	if !given {
		settings[collection] = json.RawMessage("null") // by which package bundle knows the output
		var err error
		if data, err = json.Marshal(settings); err != nil {
			return nil, err
		}
	}
	f, err := bundle.Parse("Get-SmimeConfig", data)
	if err != nil {
		return nil, err
	}
	if len(f.Settings) != 1 {
		return nil, say.Errorf("not the settings of one tenant")
	}
	c := configOf(f, &f.Settings[0])
	c.HasCollection = given
	return c, nil
}
