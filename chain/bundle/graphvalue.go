package bundle

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/internal/lazyregexp"
	"github.com/smimechain/smimechain/lint/say"
)

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
func enum(g *artefact.Graph, o graphValues, property string, e *graphEnum) string {
	raw := o[strings.ToLower(property)]
	text := jsonText(raw)
	value, err := strconv.Atoi(text)
	if text != "" && err != nil {
		return text
	}
	if text == "" && (isNull(raw) || json.Unmarshal(raw, &value) != nil) {
		return ""
	}
	n := artefact.Number{Property: property, Value: value, Documented: e.word(slices.Index(e.numbers, value)), Counted: e.word(value)}
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
	_ = json.Unmarshal(raw, &text)
	return text
}

// decimals are octets that ConvertTo-Json wrote as one text, beyond its depth.
var decimals = lazyregexp.New(`^\d{1,3}( \d{1,3})+$`)

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
		return nil, artefact.FaultEmpty
	}
	data, err := jsonBytes(raw)
	switch {
	case err != nil:
		return nil, artefact.FaultOther
	case len(data) == 0:
		return nil, artefact.FaultEmpty
	default:
		return data, artefact.FaultNumbers
	}
}

// graphDate returns the text of a date, also of one that Windows PowerShell 5.1 prints
// as an object.
func graphDate(raw json.RawMessage) string {
	var object map[string]json.RawMessage
	_ = json.Unmarshal(raw, &object)
	o := lower(object)
	for _, name := range []string{"utcdatetime", "value"} {
		if text := jsonText(o[name]); text != "" {
			return text
		}
	}
	return jsonText(raw)
}
