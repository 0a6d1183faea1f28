package lint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
)

// AllFacts returns every fact, in the order of the file of facts.
func AllFacts() []Fact {
	return []Fact{
		factPrimarySMTP, factProxyAddresses, factUPN, factPurposes, factOldestIOS, factPlatforms,
		factConnectorKeyBits, factConnectorProvider, factConnectorKeyName, factDirectoryCertificates, factSmimeConfig,
	}
}

// Flag returns the name of the flag of the command smimechain that gives the fact,
// without a hyphen in front: that of the field, but for "mail".
func (f Fact) Flag() string {
	if f == factPrimarySMTP {
		return "mail"
	}
	return strings.ReplaceAll(string(f), "_", "-")
}

// Doc says what the fact is and how its value is written, with the placeholder of the
// value between backquotes, as package flag has it. It is empty for a fact that is not known.
func (f Fact) Doc() say.Message {
	switch f {
	case factPrimarySMTP:
		return say.New("the primary `ADDRESS` of the mailbox")
	case factProxyAddresses:
		return say.New("the other addresses of the mailbox, a `LIST` with commas, as EmailAddresses of Get-Mailbox shows them")
	case factUPN:
		return say.New("the user principal `NAME`, with which the user signs in")
	case factPurposes:
		return say.New("what the certificate is for, a `LIST` with commas: sign, encrypt")
	case factOldestIOS:
		return say.New("the oldest `VERSION` of iOS and iPadOS among the devices, such as 17 or 17.4")
	case factPlatforms:
		return say.New("the platforms that Intune manages, a `LIST` with commas: %s", strings.Join(platformNames(), ", "))
	case factConnectorKeyBits:
		return say.New("the size of the RSA key of the Intune connector, a `NUMBER` of bits")
	case factConnectorProvider:
		return say.New("the `NAME` of the provider of that key on every server of the connector")
	case factConnectorKeyName:
		return say.New("the `NAME` of that key on every server of the connector")
	case factDirectoryCertificates:
		return say.New("the `NUMBER` of values that userCertificate or userSMIMECertificate of the user has in the directory, the higher one of the two")
	case factSmimeConfig:
		return say.New("the output of Get-SmimeConfig | ConvertTo-Json, in `FILE`")
	default:
		return say.Message{}
	}
}

// Set sets a fact as a flag gives it: a list has commas between its values, and
// "smime_config" is the JSON text itself. It replaces what was set before. The error
// holds no other value than the one at fault, and leaves the name of the fact out.
func (f *Facts) Set(fact Fact, value string) error {
	values := []string{value}
	switch fact {
	case factProxyAddresses, factPurposes, factPlatforms:
		values = strings.Split(value, ",")
		for i := range values {
			values[i] = strings.TrimSpace(values[i])
		}
	}
	changed := *f
	if err := changed.set(fact, values); err != nil {
		return err
	}
	if !changed.has(fact) {
		return say.Errorf("%.80q says nothing", value)
	}
	if err := changed.wrong(fact); err != nil {
		return err
	}
	*f = changed
	return nil
}

// set reads the value of a fact, of which all but a list has one, and an empty one is
// none. What is read is not checked.
func (f *Facts) set(fact Fact, values []string) (err error) {
	value := ""
	if len(values) > 0 {
		value = values[0]
	}
	switch fact {
	case factPrimarySMTP:
		if f.PrimarySMTP = ""; value != "" {
			f.PrimarySMTP, err = parseAddress(value)
		}
	case factProxyAddresses:
		f.ProxyAddresses = nil
		for _, a := range values {
			if scheme, _, ok := strings.Cut(a, ":"); ok && slices.Contains(otherAddresses, strings.ToLower(scheme)) {
				continue
			}
			if a, err = parseAddress(a); err != nil {
				return err
			}
			f.ProxyAddresses = append(f.ProxyAddresses, a)
		}
	case factUPN:
		f.UPN = value
	case factPurposes:
		f.Purposes = nil
		for _, word := range values {
			switch word {
			case chain.Sign.String():
				f.Purposes = append(f.Purposes, chain.Sign)
			case chain.Encrypt.String():
				f.Purposes = append(f.Purposes, chain.Encrypt)
			default:
				return say.Errorf("%.80q is neither sign nor encrypt", word)
			}
		}
	case factOldestIOS:
		if f.OldestIOS = (IOSVersion{}); value != "" {
			f.OldestIOS, err = parseIOSVersion(value)
		}
	case factPlatforms:
		f.Platforms = nil
		for _, name := range values {
			if !slices.Contains(f.Platforms, name) {
				f.Platforms = append(f.Platforms, name)
			}
		}
	case factConnectorKeyBits:
		f.ConnectorKeyBits, err = number(value)
	case factConnectorProvider:
		f.ConnectorProvider = value
	case factConnectorKeyName:
		f.ConnectorKeyName = value
	case factDirectoryCertificates:
		f.DirectoryCertificates, err = number(value)
	case factSmimeConfig:
		f.SmimeConfig, err = parseSmimeConfig([]byte(value))
	default:
		return say.Errorf("there is no fact %.80q", string(fact))
	}
	return err
}

func number(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, say.Errorf("%.80q is not a number", s)
	}
	return n, nil
}

// FactsTemplate returns a file of facts that knows none and explains each, in the
// language of tell, such as the Say method of a locale.Language. [ParseFacts] reads it.
func FactsTemplate(tell func(say.Sentence) string) []byte {
	var b bytes.Buffer
	quote := func(s string) string {
		text, err := json.Marshal(s)
		if err != nil {
			return `""` // no string has an error
		}
		return string(text)
	}
	fmt.Fprintf(&b, "{\n  \"version\": %d,\n  \"help\": {\n", FactsVersion)
	facts := AllFacts()
	for i, f := range facts {
		fmt.Fprintf(&b, "    %s: %s%s\n", quote(string(f)), quote(strings.ReplaceAll(tell(f.fieldDoc()), "`", "")), comma(i, len(facts)))
	}
	b.WriteString("  },\n")
	for i, f := range facts {
		fmt.Fprintf(&b, "  %s: %s%s\n", quote(string(f)), f.empty(), comma(i, len(facts)))
	}
	b.WriteString("}\n")
	return b.Bytes()
}

func comma(i, n int) string {
	if i < n-1 {
		return ","
	}
	return ""
}

// empty is how the file says that a fact is not known.
func (f Fact) empty() string {
	switch f {
	case factProxyAddresses, factPurposes, factPlatforms:
		return "[]"
	case factConnectorKeyBits, factDirectoryCertificates, factSmimeConfig:
		return "null"
	default:
		return `""`
	}
}

// fieldDoc is [Fact.Doc] for the file, in which values are written as JSON has them.
func (f Fact) fieldDoc() say.Message {
	switch f {
	case factProxyAddresses:
		return say.New("the other addresses of the mailbox, such as [\"smtp:a.miller@example.com\"], as EmailAddresses of Get-Mailbox shows them")
	case factPurposes:
		return say.New("what the certificate is for: [\"sign\"], [\"encrypt\"] or [\"sign\", \"encrypt\"]")
	case factOldestIOS:
		return say.New("the oldest version of iOS and iPadOS among the devices, such as \"17\" or \"17.4\"")
	case factPlatforms:
		return say.New("the platforms that Intune manages, such as [\"ios\", \"windows\"]; there are %s", strings.Join(platformNames(), ", "))
	case factSmimeConfig:
		return say.New("the output of Get-SmimeConfig | ConvertTo-Json, as it is")
	default:
		return f.Doc()
	}
}
