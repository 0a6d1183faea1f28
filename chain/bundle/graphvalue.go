package bundle

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/smimechain/smimechain/lint/say"
)

// GraphNumber is an enumeration that is written as a number. The numbers that
// Microsoft documents are not always those that its SDKs count from 0, and a file does
// not say which were meant.
type GraphNumber struct {
	Property   string // the name of the property
	Value      int
	Documented string // the word that the documents give the number; empty for none
	Counted    string // the word with the number where words are counted from 0; empty for none
}

// Same reports whether the number means one word either way.
func (n *GraphNumber) Same() bool { return n.Documented == n.Counted && n.Counted != "" }

// graphEnum is an enumeration: its words in the order of the SDKs, and their documented
// numbers.
type graphEnum struct {
	words   []string
	numbers []int
}

// Microsoft Graph, beta, the enumerations of these names.
var (
	userPFXPurposes   = graphEnum{[]string{"unassigned", "smimeEncryption", "smimeSigning", "vpn", "wifi"}, []int{0, 1, 2, 4, 8}}
	profilePurposes   = graphEnum{[]string{"unassigned", "smimeEncryption", "smimeSigning", "vpn", "wifi"}, []int{1, 2, 3, 4, 5}}
	paddingSchemes    = graphEnum{[]string{"none", "pkcs1", "oaepSha1", "oaepSha256", "oaepSha384", "oaepSha512"}, []int{0, 1, 2, 3, 4, 5}}
	destinationStores = graphEnum{[]string{"computerCertStoreRoot", "computerCertStoreIntermediate", "userCertStoreIntermediate"}, []int{0, 1, 2}}
)

func (e *graphEnum) word(i int) string {
	if i < 0 || i >= len(e.words) {
		return ""
	}
	return e.words[i]
}

// enum reads an enumeration: a word in any case, as it is written, or a number. Of a
// number that may mean two words none is returned.
func (g *Graph) enum(o graphValues, property string, e *graphEnum) string {
	raw := o[strings.ToLower(property)]
	text := jsonText(raw)
	value, err := strconv.Atoi(text)
	if text != "" && err != nil {
		return text
	}
	if text == "" && (isNull(raw) || json.Unmarshal(raw, &value) != nil) {
		return ""
	}
	n := GraphNumber{property, value, e.word(slices.Index(e.numbers, value)), e.word(value)}
	g.Numbers = append(g.Numbers, n)
	if n.Same() {
		return n.Counted
	}
	return ""
}

// enumWords reads words that may stand together, in a text with commas or a list.
// Numbers are left out, and known tells that there was none.
func enumWords(raw json.RawMessage) (words []string, known bool) {
	var list []string
	if json.Unmarshal(raw, &list) != nil || list == nil {
		text := jsonText(raw)
		if text == "" {
			return nil, false
		}
		list = strings.Split(text, ",")
	}
	for _, w := range list {
		w = strings.TrimSpace(w)
		if _, err := strconv.Atoi(w); err == nil {
			return nil, false
		}
		words = append(words, w)
	}
	return words, true
}

// isNull reports whether a value is absent or null.
func isNull(raw json.RawMessage) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) == 0 || bytes.Equal(raw, []byte("null"))
}

// jsonText returns the text of a value, empty where it is none.
func jsonText(raw json.RawMessage) (text string) {
	if json.Unmarshal(raw, &text) != nil {
		return ""
	}
	return text
}

// FaultNumbers is the fault of octets that stand as a list of numbers in a body to be
// sent: Microsoft Graph takes base64.
const FaultNumbers say.Text = "it is a list of numbers, as ConvertTo-Json makes of octets, not base64 text"

// decimals are octets that ConvertTo-Json wrote as one text, beyond its depth.
var decimals = pattern(`^\d{1,3}( \d{1,3})+$`)

// graphOctets reads octets as Microsoft Graph takes them, base64 text, and as PowerShell
// prints them: a list of numbers, one inside an object, or one text of decimals.
func graphOctets(raw json.RawMessage) ([]byte, say.Text) {
	raw = bytes.TrimSpace(raw)
	if len(raw) > 0 && raw[0] == '"' {
		text := jsonText(raw)
		if !decimals().MatchString(text) {
			return decodeBinary(text)
		}
		raw = []byte("[" + strings.ReplaceAll(text, " ", ",") + "]")
	}
	if isNull(raw) {
		return nil, FaultEmpty
	}
	if raw[0] != '[' && raw[0] != '{' {
		return nil, FaultOther
	}
	data, err := jsonBytes(raw)
	switch {
	case err != nil:
		return nil, FaultOther
	case len(data) == 0:
		return nil, FaultEmpty
	default:
		return data, FaultNumbers
	}
}

// dateOfJSON is a date as Windows PowerShell 5.1 prints it: milliseconds since 1970 in
// UTC, whatever offset follows.
var dateOfJSON = pattern(`^\\?/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\\?/$`)

// GraphTime reads a date as Microsoft Graph writes it, RFC 3339 with an offset, or as
// Windows PowerShell 5.1 prints one, /Date(1764181827000)/.
func GraphTime(s string) (time.Time, error) {
	if m := dateOfJSON().FindStringSubmatch(s); m != nil {
		ms, err := strconv.ParseInt(m[1], 10, 64)
		return time.UnixMilli(ms).UTC(), err
	}
	return time.Parse(time.RFC3339Nano, s)
}

// graphDate returns the text of a date, also of one that Windows PowerShell 5.1 prints
// as an object.
func graphDate(raw json.RawMessage) string {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) == nil && object != nil {
		o := lower(object)
		for _, name := range []string{"utcdatetime", "value"} {
			if text := jsonText(o[name]); text != "" {
				return text
			}
		}
	}
	return jsonText(raw)
}
