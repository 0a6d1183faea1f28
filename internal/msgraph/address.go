package msgraph

import (
	"strconv"
	"strings"
	"time"

	"github.com/smimechain/smimechain/internal/lazyregexp"
)

// Words that are in the names of types of which there may be newer ones, in lower case.
const (
	TrustedWord  = "trustedrootcertificate"
	ImportedWord = "importedpfxcertificateprofile"
	RecordWord   = "userpfxcertificate"
)

// IsLike reports whether a type is one for certificates by its name, known or not.
func IsLike(odata string) bool {
	odata = strings.ToLower(odata)
	return strings.Contains(odata, TrustedWord) || strings.Contains(odata, ImportedWord) || strings.Contains(odata, RecordWord)
}

// BetaType returns the name of a type that only beta has, "" for any other. Of a name
// that is put together, as what is known of it begins and as it ends, the end decides.
func BetaType(name string, unknown string) string {
	if t := Find(name); t != nil && !t.V1 {
		return t.Name
	}
	i := strings.LastIndex(name, unknown)
	if i < 0 {
		return ""
	}
	switch end := name[i+len(unknown):]; strings.ToLower(end) {
	case TrustedWord, ImportedWord, RecordWord:
		return "…" + end
	}
	return ""
}

// addressVersion and addressList take an address of Microsoft Graph apart.
var (
	addressVersion = lazyregexp.New(`(?i)^(?:https?://[^/\s]+)?/?(v1\.0|beta)(?:/|$)`)
	addressList    = lazyregexp.New(`(?i)^(?:https?://[^/\s]+)?/?(?:(?:v1\.0|beta)/)?device(?:App)?Management/([A-Za-z]+)`)
)

// Address returns the version and the list that an address names, such as v1.0 and
// deviceConfigurations, each empty where it does not.
func Address(url string) (version, list string) {
	if m := addressVersion().FindStringSubmatch(url); m != nil {
		version = strings.ToLower(m[1])
	}
	if m := addressList().FindStringSubmatch(url); m != nil {
		list = m[1]
	}
	return version, list
}

// dateOfJSON is a date as Windows PowerShell 5.1 prints it: milliseconds since 1970 in
// UTC, whatever offset follows.
var dateOfJSON = lazyregexp.New(`^\\?/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\\?/$`)

// ParseTime reads a date as Microsoft Graph does, RFC 3339 with an offset, where seconds may
// be left out and either case is taken (OData ABNF 4.01, dateTimeOffsetValue), or as
// Windows PowerShell 5.1 prints one, /Date(1764181827000)/.
func ParseTime(s string) (time.Time, error) {
	if m := dateOfJSON().FindStringSubmatch(s); m != nil {
		ms, err := strconv.ParseInt(m[1], 10, 64)
		return time.UnixMilli(ms).UTC(), err
	}
	s = strings.ToUpper(s)
	if t, err := time.Parse("2006-01-02T15:04Z07:00", s); err == nil {
		return t, nil
	}
	return time.Parse(time.RFC3339Nano, s)
}
