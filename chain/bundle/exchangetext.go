package bundle

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/smimechain/smimechain/internal/lazyregexp"
	"github.com/smimechain/smimechain/lint/say"
)

// whole names the command whose output holds the collection as it is.
const whole say.Text = "it is output of Get-SmimeConfig in a form that does not hold the collection; save it with Get-SmimeConfig | ConvertTo-Json -Depth 3"

// namesSettings are the settings of which one at least is in what is taken for output of
// Get-SmimeConfig or Get-MobileDeviceMailboxPolicy.
var namesSettings = [][]byte{[]byte("smimecertificateissuingca"), []byte("owasigningalgorithms"), []byte("owaencryptionalgorithms"), []byte("owacheckcrlonsend"), []byte("allowsmimesoftcerts")}

// mentionsSettings reports whether text names one of the settings.
func mentionsSettings(text []byte) bool {
	const window, overlap = 64 << 10, 64 // octets that are looked at in one go; more than the longest name
	for at := 0; ; at += window - overlap {
		low := bytes.ToLower(text[at:min(at+window, len(text))])
		for _, name := range namesSettings {
			if bytes.Contains(low, name) {
				return true
			}
		}
		if at+window >= len(text) {
			return false
		}
	}
}

// parseExchangeText reads settings in text that is not JSON alone, and reports whether
// text was that: a list, XML, and what a console, a message or a page puts around them.
func (r *reading) parseExchangeText(text []byte) (bool, error) {
	if !mentionsSettings(text) {
		return false, nil
	}
	if isShellXML(text) {
		objects, err := r.shellObjects(text)
		if err != nil || len(objects) == 0 {
			return false, err
		}
		return true, r.parseExchange(objects)
	}
	lines := unquoted(text)
	if ok, err := r.embeddedJSON(lines); ok || err != nil {
		return ok, err
	}
	if objects := listObjects(lines); len(objects) > 0 {
		r.json = false
		return true, r.parseExchange(objects)
	}
	if losesOctets(lines) {
		return true, &UnrecognizedError{Name: r.Name, Why: whole}
	}
	return false, nil
}

// unquoted takes the marks of quoted mail off lines, and the ends of lines to one form.
func unquoted(text []byte) []byte {
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	return quoteMark().ReplaceAll(text, nil)
}

var quoteMark = lazyregexp.New(`(?m)^(?:[ \t]*> ?)+`)

// embeddedJSON reads the first object or list of JSON that holds settings, and begins on
// a line of its own.
func (r *reading) embeddedJSON(text []byte) (bool, error) {
	const most = 16 // beginnings that are tried
	rest := text
	for tries := 0; tries < most; tries++ {
		at := jsonStart().FindIndex(rest)
		if at == nil {
			return false, nil
		}
		rest = rest[at[1]-1:]
		if beyondJSON(rest) {
			return false, nil
		}
		decoder := json.NewDecoder(bytes.NewReader(rest))
		var raw json.RawMessage
		if decoder.Decode(&raw) != nil {
			rest = rest[1:]
			continue
		}
		if mentionsSettings(raw) {
			if ok, err := r.parseJSON(raw); ok || err != nil {
				return ok, err
			}
		}
		rest = rest[decoder.InputOffset():]
	}
	return false, nil
}

var jsonStart = lazyregexp.New(`(?m)^[ \t]*[{\["]`)

// quotedJSON returns the text in a string of JSON.
func quotedJSON(text []byte) ([]byte, bool) {
	var inner string
	if text[0] != '"' || json.Unmarshal(text, &inner) != nil {
		return nil, false
	}
	trimmed := bytes.TrimSpace([]byte(inner))
	return trimmed, len(trimmed) > 0 && trimmed[0] != '"'
}

var listLine = lazyregexp.New(`^([A-Za-z][A-Za-z0-9_]*) *: ?(.*)$`)

// listObjects returns the objects of lists as Format-List writes them, those with
// settings. What a console has cut off is kept as it is shown.
func listObjects(text []byte) []map[string]json.RawMessage {
	var objects []map[string]json.RawMessage
	values, name := map[string]string{}, ""
	finish := func() {
		if len(values) == 0 {
			return
		}
		object := make(map[string]json.RawMessage, len(values))
		for name, value := range values {
			object[name] = listValue(name, value)
		}
		if low := lower(object); len(values) > 1 && len(objects) < maxObjects && (isSmimeConfig(low) || isMailboxPolicy(low)) {
			objects = append(objects, object)
		}
		values, name = map[string]string{}, ""
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\r\n")
		m := listLine().FindStringSubmatch(line)
		switch {
		case strings.TrimSpace(line) == "":
			finish()
		case m != nil:
			if _, again := values[m[1]]; again {
				finish()
			}
			name = m[1]
			values[name] = m[2]
		case name != "" && (line[0] == ' ' || line[0] == '\t'): // goes on from the line before
			if value := values[name]; strings.HasSuffix(value, ",") {
				values[name] = value + " " + strings.TrimSpace(line)
			} else {
				values[name] = value + strings.TrimSpace(line)
			}
		default:
			finish()
		}
	}
	finish()
	return objects
}

// listValue returns the value of a list as JSON. Of the collection null says that it is
// empty, and true that it is not shown.
func listValue(name, value string) json.RawMessage {
	value = strings.TrimSpace(value)
	if strings.EqualFold(name, collectionSetting) {
		inner := strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(value, "{"), "}"))
		if inner == "" {
			return json.RawMessage("null")
		}
		if _, ok := octetsOf([]byte(inner)); !ok {
			return notShown
		}
		value = inner
	}
	raw, _ := json.Marshal(value) // text can always be written
	return raw
}

// notShown stands for a collection of which not all is shown.
var notShown = json.RawMessage("true")

var (
	tableRule  = lazyregexp.New(`(?m)^ *-{3,}(?: +-{3,})+ *$`)
	memberRule = lazyregexp.New(`(?mi)^ *TypeName: `)
)

// losesOctets reports whether text is output of Get-SmimeConfig in a form that does not
// hold the octets of a value: a table, the list of members, CSV and HTML.
func losesOctets(text []byte) bool {
	trimmed := bytes.TrimSpace(text)
	head := bytes.ToLower(trimmed[:min(len(trimmed), 64<<10)])
	switch {
	case bytes.HasPrefix(trimmed, []byte("<")) && !bytes.HasPrefix(trimmed, []byte("<#")): // XML and HTML, not the help of a script
		return bytes.Contains(head, []byte("<th>")) || bytes.Contains(head, []byte("<td>"))
	case tableRule().Match(text), memberRule().Match(text):
		return true
	}
	for line := range bytes.Lines(head) {
		fields := bytes.FieldsFunc(bytes.TrimSpace(line), func(c rune) bool { return c == ',' || c == ';' || c == '\t' })
		names := 0
		for _, field := range fields {
			field = bytes.Trim(field, `" `)
			if bytes.HasPrefix(field, []byte("owa")) || bytes.HasPrefix(field, []byte("smimecert")) || bytes.Equal(field, []byte("allowsmimesoftcerts")) {
				names++
			}
			if bytes.ContainsAny(field, " =$(") {
				names = 0
				break
			}
		}
		if names > 0 && len(fields) > 1 {
			return true
		}
	}
	return false
}
