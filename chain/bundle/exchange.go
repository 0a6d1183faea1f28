package bundle

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/sst"
)

// Limits of JSON files.
const (
	maxObjects    = 10_000  // that one file may list
	maxJSONValues = 1 << 19 // objects, lists and named values in one file
	maxJSONItems  = 1 << 22 // all of these and what lists hold, such as octets
)

const collectionSetting = "smimecertificateissuingca"

// parseJSON reads JSON that this package knows and reports whether it did.
func (r *reading) parseJSON(text []byte) (bool, error) {
	objects, err := r.jsonObjects(text)
	if err != nil || len(objects) == 0 {
		return false, err
	}
	r.json = true
	if isExchange(objects) {
		return true, r.parseExchange(objects)
	}
	if ok, err := r.parseGraph(objects, listContext(text)); ok || err != nil {
		return ok, err
	}
	nested, err := r.nestedSettings(objects)
	if err != nil || len(nested) == 0 {
		return false, err
	}
	return true, r.parseExchange(nested)
}

// jsonObjects returns the object of a file, those of its array, or those of the
// "value" array in which Microsoft Graph lists.
func (r *reading) jsonObjects(text []byte) ([]map[string]json.RawMessage, error) {
	if beyondJSON(text) {
		if !json.Valid(text) {
			return nil, nil
		}
		return nil, say.Errorf("%s: more than %d values or %d items: %w", r.Name, maxJSONValues, maxJSONItems, ErrTooLarge)
	}
	var list []map[string]json.RawMessage
	if text[0] == '[' {
		var err error
		if list, err = r.jsonArray(text); err != nil || list == nil {
			return nil, err
		}
	} else {
		var object map[string]json.RawMessage
		if json.Unmarshal(text, &object) != nil {
			return nil, nil
		}
		list = []map[string]json.RawMessage{object}
		if raw := bytes.TrimSpace(object["value"]); len(raw) > 0 && raw[0] == '[' {
			values, err := r.jsonArray(raw)
			if err != nil {
				return nil, err
			}
			if values != nil {
				list = values
			}
		}
	}
	if len(list) > maxObjects {
		return nil, say.Errorf("%s: more than %d objects: %w", r.Name, maxObjects, ErrTooLarge)
	}
	return list, nil
}

// jsonArray returns the objects of an array, nil if the text is anything else. The
// error is that of the context.
func (r *reading) jsonArray(text []byte) ([]map[string]json.RawMessage, error) {
	list := []map[string]json.RawMessage{}
	decoder := json.NewDecoder(bytes.NewReader(text))
	if _, err := decoder.Token(); err != nil {
		return nil, nil
	}
	for decoder.More() {
		if err := r.check(); err != nil {
			return nil, err
		}
		var object map[string]json.RawMessage
		if decoder.Decode(&object) != nil {
			return nil, nil
		}
		list = append(list, object)
	}
	if _, err := decoder.Token(); err != nil {
		return nil, nil
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, nil // something follows
	}
	return list, nil
}

// beyondJSON reports whether text has more values than this package decodes,
// each of which costs many times its octets.
func beyondJSON(text []byte) bool {
	values, items, quoted := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++
		case quoted:
		case c == '{' || c == '[' || c == ':':
			values++
		case c == ',':
			items++
		}
	}
	return values > maxJSONValues || items > maxJSONItems
}

// lower returns an object with its names in lower case. Of names that differ in
// case only the last in the order of octets counts.
func lower(object map[string]json.RawMessage) map[string]json.RawMessage {
	folded := make(map[string]json.RawMessage, len(object))
	from := make(map[string]string, len(object))
	for name, value := range object {
		low := strings.ToLower(name)
		if earlier, ok := from[low]; !ok || earlier < name {
			folded[low], from[low] = value, name
		}
	}
	return folded
}

// nestedSettings returns the objects with settings inside others, as in a report that
// holds more than those.
func (r *reading) nestedSettings(objects []map[string]json.RawMessage) ([]map[string]json.RawMessage, error) {
	const deepest = 8
	var found []map[string]json.RawMessage
	var look func(raw json.RawMessage, depth int) error
	look = func(raw json.RawMessage, depth int) error {
		raw = bytes.TrimSpace(raw)
		if depth > deepest || len(found) >= maxObjects || len(raw) == 0 || raw[0] != '{' && raw[0] != '[' && raw[0] != '"' || !mentionsSettings(raw) {
			return r.ctx.Err()
		}
		if inner, ok := quotedJSON(raw); ok { // JSON in a string of JSON
			if beyondJSON(inner) {
				return nil
			}
			return look(inner, depth+1)
		}
		if raw[0] == '"' {
			return nil
		}
		if raw[0] == '[' {
			list, err := r.jsonArray(raw)
			for _, o := range list {
				if err == nil {
					err = nestedIn(o, &found, look, depth)
				}
			}
			return err
		}
		var object map[string]json.RawMessage
		if json.Unmarshal(raw, &object) != nil {
			return nil
		}
		return nestedIn(object, &found, look, depth)
	}
	for _, o := range objects {
		if err := nestedIn(o, &found, look, 0); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// nestedIn notes an object with settings, or looks into another.
func nestedIn(o map[string]json.RawMessage, found *[]map[string]json.RawMessage, look func(json.RawMessage, int) error, depth int) error {
	if low := lower(o); isSmimeConfig(low) || isMailboxPolicy(low) {
		*found = append(*found, o)
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(o)) {
		if err := look(o[name], depth+1); err != nil {
			return err
		}
	}
	return nil
}

func isExchange(objects []map[string]json.RawMessage) bool {
	for _, object := range objects {
		if o := lower(object); !isSmimeConfig(o) && !isMailboxPolicy(o) {
			return false
		}
	}
	return true
}

func isSmimeConfig(o map[string]json.RawMessage) bool {
	if _, ok := o[collectionSetting]; ok {
		return true
	}
	_, ok := o["owasigningalgorithms"]
	return ok
}

func isMailboxPolicy(o map[string]json.RawMessage) bool {
	_, ok := o["allowsmimesoftcerts"]
	return ok
}

func (r *reading) parseExchange(objects []map[string]json.RawMessage) error {
	f := r.File
	f.Format = ExchangeJSON
	for _, object := range objects {
		s := artefact.Settings{Values: lower(object)}
		s.Mailbox = !isSmimeConfig(s.Values)
		s.Name, _ = s.Text("Identity")
		raw, ok := s.Values[collectionSetting]
		switch {
		case !ok:
			s.Unseen = !s.Mailbox
		case bytes.Equal(raw, notShown) && !r.json:
			s.HasCollection, s.Unseen = true, true
			delete(s.Values, collectionSetting)
		default:
			data, err := jsonBytes(raw)
			if err != nil {
				return say.Errorf("%s: SMIMECertificateIssuingCA: %w", f.Name, err)
			}
			if s.HasCollection = len(data) > 0; s.HasCollection {
				if err := r.parseCollectionValue(data); err != nil {
					return err
				}
			}
			delete(s.Values, collectionSetting)
		}
		f.Settings = append(f.Settings, s)
	}
	return nil
}

// parseCollectionValue reads the store that is the value of the setting.
func (r *reading) parseCollectionValue(data []byte) error {
	store, err := sst.Parse(data)
	if err != nil {
		return say.Errorf("%s: SMIMECertificateIssuingCA: %w", r.Name, err)
	}
	r.Store = store
	for _, e := range store.Elements {
		r.addElement(e)
		if err := r.check(); err != nil {
			return err
		}
	}
	return nil
}

// jsonBytes reads octets as ConvertTo-Json writes them: base64 text, an array of
// numbers, or an object that wraps such an array.
func jsonBytes(raw json.RawMessage) ([]byte, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || bytes.Equal(raw, []byte("null")) {
		return nil, nil
	}
	switch raw[0] {
	case '"':
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return nil, errJSONBytes
		}
		if strings.TrimSpace(text) == "" {
			return nil, nil
		}
		if data, ok := octetsOf([]byte(text)); ok {
			return data, nil
		}
		data, err := base64.StdEncoding.AppendDecode(nil, withoutBlanks([]byte(text))) // too short to be anything
		if err != nil {
			return nil, errJSONBytes
		}
		return data, nil
	case '{':
		var wrapped struct {
			Value json.RawMessage `json:"value"`
		}
		if json.Unmarshal(raw, &wrapped) != nil || len(wrapped.Value) == 0 || wrapped.Value[0] != '[' {
			return nil, errJSONBytes
		}
		raw = wrapped.Value
	}
	var numbers []uint8Number
	if json.Unmarshal(raw, &numbers) != nil {
		return nil, errJSONBytes
	}
	data := make([]byte, len(numbers))
	for i, n := range numbers {
		data[i] = byte(n)
	}
	return data, nil
}

// uint8Number keeps encoding/json from taking a slice of octets for base64.
type uint8Number uint8

var errJSONBytes = say.Errorf("neither base64 text nor a list of octets: a cmdlet has cut it off or left it out; save it with Get-SmimeConfig | ConvertTo-Json -Depth 3")
