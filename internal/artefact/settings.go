package artefact

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// Settings is one object of Exchange Online's settings, of Get-SmimeConfig or of
// Get-MobileDeviceMailboxPolicy, as ConvertTo-Json, Export-Clixml, ConvertTo-Xml or
// Format-List writes it.
type Settings struct {
	Mailbox bool   // of Get-MobileDeviceMailboxPolicy
	Name    string // the identity, where it has one

	Values map[string]json.RawMessage // by name in lower case

	// HasCollection says that SMIMECertificateIssuingCA has a value. What the
	// value holds is in the Certificates and the Store of the file.
	HasCollection bool

	// Unseen says that there is a collection of which the output shows only the
	// beginning or nothing, as Format-List cuts it off, or that the setting was left
	// out. HasCollection is true in the first case.
	Unseen bool
}

// Bool returns the value of a setting and whether it is there as a boolean.
func (s *Settings) Bool(name string) (value, ok bool) {
	raw := s.Values[strings.ToLower(name)]
	if json.Unmarshal(raw, &value) == nil && !bytes.Equal(raw, []byte("null")) {
		return value, true
	}
	text, ok := s.Text(name)
	value, err := strconv.ParseBool(text)
	return value, ok && err == nil
}

// Number returns the value of a setting and whether it is there as a number.
func (s *Settings) Number(name string) (value uint64, ok bool) {
	raw := s.Values[strings.ToLower(name)]
	if json.Unmarshal(raw, &value) == nil && !bytes.Equal(raw, []byte("null")) {
		return value, true
	}
	text, ok := s.Text(name)
	value, err := strconv.ParseUint(text, 10, 32)
	return value, ok && err == nil
}

// Text returns the value of a setting and whether it is there as text; null
// counts as empty text.
func (s *Settings) Text(name string) (value string, ok bool) {
	raw, ok := s.Values[strings.ToLower(name)]
	return value, ok && json.Unmarshal(raw, &value) == nil
}

// Time returns the value of a setting and whether it is there as a date: in ISO 8601, or
// as ConvertTo-Json of Windows PowerShell writes it. A date in the words of a language
// is not read.
func (s *Settings) Time(name string) (value time.Time, ok bool) {
	text, ok := s.Text(name)
	if !ok {
		var wrapped struct {
			Value string `json:"value"`
		}
		if json.Unmarshal(s.Values[strings.ToLower(name)], &wrapped) != nil {
			return time.Time{}, false
		}
		text = wrapped.Value
	}
	if inner, found := strings.CutPrefix(text, "/Date("); found {
		inner, found = strings.CutSuffix(inner, ")/")
		n, err := strconv.ParseInt(inner, 10, 64)
		return time.UnixMilli(n), found && err == nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", time.DateTime, time.DateOnly} {
		if value, err := time.Parse(layout, strings.TrimSpace(text)); err == nil {
			return value, true
		}
	}
	return time.Time{}, false
}

// Has reports whether the setting is there at all.
func (s *Settings) Has(name string) bool {
	_, ok := s.Values[strings.ToLower(name)]
	return ok
}
