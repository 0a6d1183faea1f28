package deploy

import (
	"cmp"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/internal/filename"
	"github.com/smimechain/smimechain/lint/locale"
	"github.com/smimechain/smimechain/lint/say"
)

// Platform is a kind of device that Intune has trusted-certificate profiles for, one
// of "ios", "macos", "windows", "android-device-owner" (fully managed and
// dedicated), "android-work-profile" (personally owned), "android-for-work" (the older
// name of the same), "android-device-admin" (which has ended).
type Platform string

// The platforms.
const (
	platformIOS                Platform = "ios"
	platformMacOS              Platform = "macos"
	platformWindows            Platform = "windows"
	platformAndroidDeviceOwner Platform = "android-device-owner" // fully managed and dedicated
	platformAndroidWorkProfile Platform = "android-work-profile" // personally owned
	platformAndroidForWork     Platform = "android-for-work"     // the older name of the same
	platformAndroidAdmin       Platform = "android-device-admin" // device administrator, which has ended
)

// platformFact is what there is to know about the profiles of a platform.
type platformFact struct {
	platform Platform
	odata    string
	name     string   // in display names
	portal   say.Text // in the portal
	channel  string   // deploymentChannel, which macOS alone has
}

var platformFacts = []platformFact{
	{platformIOS, "iosTrustedRootCertificate", "iOS", "iOS/iPadOS", ""},
	{platformMacOS, "macOSTrustedRootCertificate", "macOS", "macOS", "deviceChannel"},
	{platformWindows, "windows81TrustedRootCertificate", "Windows", "Windows 8.1 and later (also for Windows 10 and 11)", ""},
	{platformAndroidDeviceOwner, "androidDeviceOwnerTrustedRootCertificate", "Android fully managed", "Android Enterprise: fully managed, dedicated and corporate-owned work profile", ""},
	{platformAndroidWorkProfile, "androidWorkProfileTrustedRootCertificate", "Android work profile", "Android Enterprise: personally-owned work profile", ""},
	{platformAndroidForWork, "androidForWorkTrustedRootCertificate", "Android for Work", "Android Enterprise: personally-owned work profile (older resource)", ""},
	{platformAndroidAdmin, "androidTrustedRootCertificate", "Android administrator", "Android device administrator", ""},
}

// allPlatforms returns every platform, in the order of the index.
func allPlatforms() []Platform {
	var all []Platform
	for _, f := range platformFacts {
		all = append(all, f.platform)
	}
	return all
}

// defaultPlatforms are those that Intune still enrols.
var defaultPlatforms = []Platform{platformIOS, platformMacOS, platformWindows, platformAndroidDeviceOwner, platformAndroidWorkProfile}

// IntuneTrustedOptions says which profiles to make.
type IntuneTrustedOptions struct {
	// Platforms are those in use; none means all but the two older kinds of
	// Android.
	Platforms []Platform

	// Language is that of what people read in the index, the script and the
	// descriptions of profiles; zero means English. Names do not change.
	Language locale.Language
}

// trustedProfile is the body that creates one profile.
type trustedProfile struct {
	Type             string `json:"@odata.type"`
	DisplayName      string `json:"displayName"`
	Description      string `json:"description"`
	FileName         string `json:"certFileName"`
	Certificate      []byte `json:"trustedRootCertificate"` // base64
	DestinationStore string `json:"destinationStore,omitempty"`
	Channel          string `json:"deploymentChannel,omitempty"` // macOS alone
}

// Windows stores.
const (
	storeRoot         = "computerCertStoreRoot"
	storeIntermediate = "computerCertStoreIntermediate"
)

// IntuneTrusted makes what Intune takes for trusted certificates: each
// certificate in DER, a body for Microsoft Graph for each certificate and
// platform, an index for those who use the portal, and a script for those who
// do not. Names depend on the certificates alone, so that a second run replaces
// the files of the first. Roots come first.
//
// The script judges the ids of groups before it connects, creates what is not there,
// compares the certificate of a profile whose name is there already, and adds the groups
// that a profile lacks to those it has. It ends with counts, and with an error where
// something was not done; it can be run again.
//
//	index.csv                              in the order in which to create the profiles
//	New-TrustedCertificateProfiles.ps1
//	certificates/NAME.cer                  NAME ends in the last 8 digits of the thumbprint
//	graph/PLATFORM/NAME.json
//
// The error wraps [ErrEmpty]; it also names an unknown platform.
func IntuneTrusted(c *PublicCollection, opts *IntuneTrustedOptions) ([]Output, error) {
	if opts == nil {
		opts = new(IntuneTrustedOptions)
	}
	if len(c.Certificates) == 0 {
		return nil, ErrEmpty
	}
	facts, err := factsOf(opts.Platforms)
	if err != nil {
		return nil, err
	}
	l := opts.Language
	var certificates, bodies []Output
	index := [][]string{{l.Text("order"), l.Text("file"), l.Text("subject"), "sha1", l.Text("profile type"), l.Text("platform"),
		l.Text("destination store"), l.Text("graph body"), l.Text("assign to")}}
	var listed []scriptProfile
	for i, cert := range rootsFirst(c.Certificates) {
		base := baseName(cert)
		file := base + ".cer"
		certificates = append(certificates, Output{Name: "certificates/" + file, Data: cert.Raw})
		for _, f := range facts {
			profile := trustedProfile{
				Type:        "#microsoft.graph." + f.odata,
				DisplayName: fmt.Sprintf("S/MIME %s %s (%s)", commonName(cert), tail(cert), f.name),
				Description: l.Say(say.New("SHA-256 %x, valid until %s", cert.SHA256(), cert.NotAfter().UTC().Format(time.DateOnly))),
				FileName:    file,
				Certificate: cert.Raw,
				Channel:     f.channel,
			}
			if f.platform == platformWindows {
				profile.DestinationStore = storeIntermediate
				if cert.SelfSigned() {
					profile.DestinationStore = storeRoot
				}
			}
			body, err := marshalJSON(profile)
			if err != nil {
				return nil, say.Errorf("intune: %w", err)
			}
			name := "graph/" + string(f.platform) + "/" + base + ".json"
			bodies = append(bodies, Output{Name: name, Data: body})
			sum := sha256.Sum256(body)
			listed = append(listed, scriptProfile{name, profile.DisplayName, hex.EncodeToString(sum[:])})
			index = append(index, []string{strconv.Itoa(i + 1), file, cert.Subject(), strings.ToLower(thumbprint(cert.Raw)),
				l.Text("Trusted certificate"), l.Text(f.portal), profile.DestinationStore, name, l.Text("the groups of the imported-certificate profile")})
		}
	}
	indexCSV, err := csvFile(index)
	if err != nil {
		return nil, say.Errorf("intune: %w", err)
	}
	outputs := append(certificates, bodies...)
	return append(outputs, Output{Name: "index.csv", Data: indexCSV}, Output{Name: "New-TrustedCertificateProfiles.ps1", Data: scriptFile(script(l).trusted(listed))}), nil
}

// scriptProfile is what the script knows about one body.
type scriptProfile struct{ File, DisplayName, SHA256 string }

func factsOf(platforms []Platform) ([]platformFact, error) {
	if len(platforms) == 0 {
		platforms = defaultPlatforms
	}
	var facts []platformFact
	for _, f := range platformFacts {
		if slices.Contains(platforms, f.platform) {
			facts = append(facts, f)
		}
	}
	for _, p := range platforms {
		if !slices.Contains(allPlatforms(), p) {
			return nil, say.Errorf("unknown platform %q: want one of %v", p, allPlatforms())
		}
	}
	return facts, nil
}

// rootsFirst returns self-signed certificates first, then the others in an order
// in which a CA comes before what it has issued, as far as names tell.
func rootsFirst(certs []*chain.Certificate) []*chain.Certificate {
	ordered := slices.Clone(certs)
	rank := func(c *chain.Certificate) int {
		if c.SelfSigned() {
			return 0
		}
		if slices.ContainsFunc(certs, func(o *chain.Certificate) bool {
			return !o.SelfSigned() && string(o.RawSubject()) == string(c.RawIssuer())
		}) {
			return 2
		}
		return 1
	}
	slices.SortStableFunc(ordered, func(a, b *chain.Certificate) int { return rank(a) - rank(b) })
	return ordered
}

// commonName returns the name that people are shown: no longer than RFC 5280
// (ub-common-name) allows, and without what turns the direction of a text or
// does something to a terminal or to the log of a build.
func commonName(c *chain.Certificate) string {
	const longest = 64 // characters
	name := cmp.Or(c.CommonName(), c.Subject())
	var b strings.Builder
	n := 0
	var last rune
	for _, r := range name {
		if r == '#' && last == '#' {
			continue // "##vso[" is a command to the log of Azure Pipelines
		}
		if last = r; !unicode.IsGraphic(r) {
			r = unicode.ReplacementChar
		}
		if n++; n > longest {
			b.WriteRune('…')
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}

// tail returns the last digits of the thumbprint, which tell the forms of one CA
// apart.
func tail(c *chain.Certificate) string {
	full := thumbprint(c.Raw)
	return full[len(full)-8:]
}

// baseName names the files of a certificate: by its subject, and the end of the
// thumbprint.
func baseName(c *chain.Certificate) string { return filename.Part(commonName(c)) + "-" + tail(c) }

// marshalJSON writes JSON for people and Microsoft Graph alike.
func marshalJSON(v any) ([]byte, error) {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(data, '\n'), nil
}

// csvFile writes a table that Excel opens: UTF-8 with a byte order mark. What a
// spreadsheet would take for a formula gets an apostrophe in front: at the
// beginning of a cell, and behind a character that separates cells where the
// file is opened with another separator, a semicolon in many countries.
func csvFile(rows [][]string) ([]byte, error) {
	var b strings.Builder
	b.WriteString(byteOrderMark)
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	for _, row := range rows {
		safe := slices.Clone(row)
		for i, cell := range safe {
			safe[i] = noFormula(cell)
		}
		if err := w.Write(safe); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return []byte(b.String()), w.Error()
}

func noFormula(cell string) string {
	var b strings.Builder
	first := true
	for _, r := range cell {
		if first && strings.ContainsRune("=+-@\t\r＝＋－＠", r) {
			b.WriteByte('\'')
		}
		b.WriteRune(r)
		// Spaces and quotation marks are dropped by some programs.
		first = strings.ContainsRune(";\t|,\n\r", r) || first && (r == ' ' || r == '"')
	}
	return b.String()
}
