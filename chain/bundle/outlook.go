package bundle

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/internal/textfile"
	"github.com/smimechain/smimechain/lint/say"
)

// outlookPrefix begins the names of the settings of Outlook for iOS and Android
// that matter here, in lower case.
const outlookPrefix = "com.microsoft.outlook.mail.smimeenabled"

// outlookSettings returns the settings about S/MIME that an app configuration
// gives Outlook, by what follows com.microsoft.outlook.Mail.SMIMEEnabled in their
// names, in lower case: "" is the switch itself, ".ldaphostname" the directory.
// Nil means that it has none.
//
//	settings         [{appConfigKey, appConfigKeyValue}]   iosMobileAppConfiguration
//	encodedSettingXml  base64 of a property list           the same
//	customSettings   [{name, value}]                       targetedManagedAppConfiguration
//	payloadJson      base64 of {managedProperty: [{key, valueBool, valueString}]}   Android
func outlookSettings(object graphValues) map[string]string {
	found := map[string]string{}
	note := func(name string, value any) {
		if rest, ok := strings.CutPrefix(strings.ToLower(name), outlookPrefix); ok {
			found[rest] = settingText(value)
		}
	}
	var list []struct {
		AppConfigKey, AppConfigKeyValue, Name, Value string
	}
	for _, property := range []string{"settings", "customsettings"} {
		list = nil
		if json.Unmarshal(object[property], &list) == nil {
			for _, s := range list {
				note(s.AppConfigKey, s.AppConfigKeyValue)
				note(s.Name, s.Value)
			}
		}
	}
	text := decodeSetting(object["encodedsettingxml"])
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("<dict")) { // as portals write it
		text = slices.Concat(plistStart, []byte(">"), text, []byte("</plist>"))
	}
	if isPropertyList(text) {
		values, _ := parsePropertyList(text)
		for name, value := range values {
			note(name, value)
		}
	}
	var android struct {
		ManagedProperty []struct {
			Key         string
			ValueBool   *bool
			ValueString string
		}
	}
	if json.Unmarshal(decodeSetting(object["payloadjson"]), &android) == nil {
		for _, p := range android.ManagedProperty {
			if p.ValueBool != nil {
				note(p.Key, *p.ValueBool)
			} else {
				note(p.Key, p.ValueString)
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	return found
}

// settingText returns a value as text. Only booleans and text come up.
func settingText(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case bool:
		return fmt.Sprint(v)
	default:
		return ""
	}
}

// decodeSetting decodes a property in base64.
func decodeSetting(raw json.RawMessage) []byte {
	const largest = 1 << 20 // octets; real ones have some thousand
	data, err := base64.StdEncoding.DecodeString(jsonText(raw))
	if err != nil || len(data) > largest {
		return nil
	}
	text, _ := textfile.UTF8(data)
	return text
}

// ldapFault says what is wrong with the address of a directory. It has to be a
// host, or ldaps:// and a host, with the port 636 or none.
func ldapFault(address string) say.Text {
	address = strings.TrimSpace(address)
	scheme, host, ok := strings.Cut(address, "://")
	if !ok {
		scheme, host = "ldaps", address
	}
	name := strings.TrimSuffix(host, ":636")
	switch {
	case address == "":
		return ""
	case strings.Contains(host, "@"):
		return artefact.FaultLogin
	case strings.EqualFold(scheme, "ldap"), strings.HasSuffix(host, ":389"):
		return artefact.FaultNoTLS
	case !strings.EqualFold(scheme, "ldaps"), name == "", strings.ContainsAny(name, ":/?# \t\r\n\\"):
		return artefact.FaultOther
	default:
		return ""
	}
}

// outlookSMIME returns what an app configuration says about S/MIME, nil where it
// says nothing.
func outlookSMIME(object graphValues) *artefact.Outlook {
	settings := outlookSettings(object)
	if settings == nil {
		return nil
	}
	return &artefact.Outlook{
		Enabled:   strings.EqualFold(settings[""], "true"),
		Locked:    strings.EqualFold(settings[".userchangeallowed"], "false"),
		LDAPFault: ldapFault(settings[".ldaphostname"]),
	}
}
