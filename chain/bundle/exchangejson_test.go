package bundle

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// settingsLine says what settings a file holds.
func settingsLine(f *File) string {
	var list []string
	for _, s := range f.Settings {
		word := "config"
		if s.Mailbox {
			word = "mailbox"
		}
		for name, is := range map[string]bool{"collection": s.HasCollection, "unseen": s.Unseen, "twice": s.Values[collectionSetting] != nil} {
			if is {
				word += " " + name
			}
		}
		parts := strings.Fields(word)
		slices.Sort(parts[1:])
		if s.Name != "" {
			parts = append(parts, s.Name)
		}
		list = append(list, strings.Join(parts, " "))
	}
	return strings.Join(list, "; ")
}

type settingsRow struct{ name, text, want string } // want "error" for an error

func checkSettingsRows(t *testing.T, rows []settingsRow, parse func(*reading, []byte) (bool, error)) {
	t.Helper()
	for _, tt := range rows {
		r := newReading(t)
		ok, err := parse(r, []byte(tt.text))
		got := settingsLine(r.File)
		if err != nil {
			got = "error"
		}
		if got != tt.want || err == nil && ok != (tt.want != "") {
			t.Errorf("%s: %q, %t, %v, want %q", tt.name, got, ok, err, tt.want)
		}
	}
}

// TestExchangeObjects holds which JSON is settings of Exchange Online, and what is read of it.
func TestExchangeObjects(t *testing.T) {
	files, _ := damageSubjects(t)
	store := b64(files["SST"])
	const (
		config = `{"SMIMECertificateIssuingCA": null}`
		policy = `{"AllowSMIMESoftCerts": true}`
	)
	inside := func(n int) string {
		return `{"a":` + strings.Repeat(`{"b":`, n-1) + config + strings.Repeat("}", n)
	}
	text := func(s string) string { raw, _ := json.Marshal(s); return string(raw) }
	checkSettingsRows(t, []settingsRow{
		{"none", `{"a": 1}`, ""},
		{"nothing", `[]`, ""},
		{"no JSON", `{`, ""},
		{"config", config, "config"},
		{"config without the collection", `{"OWASigningAlgorithms": null, "Identity": "x"}`, "config unseen x"},
		{"policy", policy, "mailbox"},
		{"config with a store", `{"SMIMECertificateIssuingCA": "` + store + `"}`, "config collection"},
		{"config with true", `{"SMIMECertificateIssuingCA": true}`, "error"},
		{"config with no store", `{"SMIMECertificateIssuingCA": "AQIDBAUGBwgJCgsM"}`, "error"},
		{"config with an empty store", `{"SMIMECertificateIssuingCA": []}`, "config"},
		{"both", `[` + config + `,` + policy + `]`, "config; mailbox"},
		{"with something else", `[` + config + `,{"a": 1}]`, "config"},
		{"inside", `{"a": ` + config + `}`, "config"},
		{"inside a list", `{"a": [1, ` + config + `]}`, ""},
		{"inside a list of objects", `{"a": [{"x": 1}, ` + config + `]}`, "config"},
		{"a policy inside", `{"b": ` + policy + `, "a": ` + config + `}`, "config; mailbox"},
		{"inside text", `{"a": ` + text(" "+config) + `}`, "config"},
		{"inside text that is none", `{"a": "smimecertificateissuingca"}`, ""},
		{"inside text that is too much", `{"a": ` + text(`{"SMIMECertificateIssuingCA": null, "a":[`+strings.Repeat("[],", maxJSONValues)+`[]]}`) + `}`, ""},
		{"as deep as may be", inside(8), "config"},
		{"deeper", inside(9), ""},
		{"in Microsoft Graph, which goes first", `{"trustedRootCertificate": "", "a": ` + config + `}`, ""},
	}, func(r *reading, text []byte) (bool, error) {
		ok, err := r.parseJSON(text)
		return ok && len(r.Graph) == 0, err
	})
	for _, text := range []string{`{"SMIMECertificateIssuingCA": "` + store + `"}`, `[` + config + `]`, `{"a": [` + config + `]}`, `{"a": {"b": ` + config + `}}`} {
		checkEnded(t, text, func(r *reading, data []byte) (bool, error) {
			_, err := r.parseJSON(data)
			return false, err
		})
	}
	shown := newReading(t)
	if err := shown.parseExchange([]map[string]json.RawMessage{{"SMIMECertificateIssuingCA": notShown}}); err != nil || settingsLine(shown.File) != "config collection unseen" {
		t.Errorf("what is not shown: %q, %v", settingsLine(shown.File), err)
	}

	for text, want := range map[string]int{
		`{}`: 1, `[{}]`: 1, `[{}, {}]`: 2, `[]`: 0, `[1]`: 0, `[{}`: 0, `[{}] x`: 0, `{`: 0, `{"value": [{}, {}]}`: 2, `{"value": [1]}`: 1, `{"value": 1}`: 1, `{"value": []}`: 0, `{} x`: 0, `[{},]`: 0,
	} {
		if list, err := newReading(t).jsonObjects([]byte(text)); len(list) != want || err != nil {
			t.Errorf("%s: %d objects, %v", text, len(list), err)
		}
	}
	for _, n := range []int{maxObjects, maxObjects + 1} {
		many := strings.TrimSuffix(strings.Repeat("{},", n), ",")
		for _, text := range []string{`[` + many + `]`, `{"value": [` + many + `]}`} {
			if list, err := newReading(t).jsonObjects([]byte(text)); errors.Is(err, ErrTooLarge) != (n > maxObjects) || err == nil && len(list) != n {
				t.Errorf("%d objects: %v", n, err)
			}
		}
	}
	huge := "[" + strings.Repeat("[],", maxJSONValues) + "[]]"
	if _, err := newReading(t).jsonObjects([]byte(huge)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too many values: %v", err)
	}
	if list, err := newReading(t).jsonObjects([]byte(huge[1:])); list != nil || err != nil {
		t.Errorf("too many values of what is no JSON: %v", err)
	}
	for _, one := range []string{"{", "[", ":"} {
		for _, n := range []int{maxJSONValues, maxJSONValues + 1} {
			many := strings.Repeat(one, n)
			for text, beyond := range map[string]bool{many: n > maxJSONValues, `"` + many: false, `"\"` + many: false, `"\\"` + many: n > maxJSONValues, `\"` + many: false, `"a"` + many: n > maxJSONValues} {
				if beyondJSON([]byte(text)) != beyond {
					t.Errorf("%.8s… of %d: %t", text, n, !beyond)
				}
			}
		}
	}
	for _, n := range []int{maxJSONItems, maxJSONItems + 1} {
		if beyondJSON([]byte(strings.Repeat(",", n))) != (n > maxJSONItems) {
			t.Errorf("%d items", n)
		}
	}
	for range 20 { // in whichever order
		if got := lower(map[string]json.RawMessage{"Ab": []byte("1"), "aB": []byte("2"), "AB": []byte("3")}); len(got) != 1 || string(got["ab"]) != "2" {
			t.Errorf("%s", got)
		}
	}
	for raw, want := range map[string]string{
		``: "", `null`: "", `""`: "", `" "`: "", `"1 2 3 4 5 6 7 8"`: "\x01\x02\x03\x04\x05\x06\x07\x08", `"AQ ID"`: "\x01\x02\x03", `"A"`: "!", `"\x"`: "!",
		`[1, 2]`: "\x01\x02", `[]`: "", `[256]`: "!", `["a"]`: "!", `{"value": [1]}`: "\x01", `{"value": 1}`: "!", `{}`: "!", `{"value": "AQ=="}`: "!", `1`: "!", `true`: "!", `{`: "!",
	} {
		if got, err := jsonBytes(json.RawMessage(raw)); (err != nil) != (want == "!") || err == nil && string(got) != want {
			t.Errorf("octets of %s: %x, %v", raw, got, err)
		}
	}
}

// TestExchangeTexts holds which text is settings of Exchange Online, in each form.
func TestExchangeTexts(t *testing.T) {
	const config = `{"SMIMECertificateIssuingCA": null}`
	for _, name := range []string{"SMIMECertificateIssuingCA", "owaSigningAlgorithms", "OWAEncryptionAlgorithms", "OWACheckCRLOnSend", "AllowSMIMESoftCerts"} {
		for _, before := range []int{0, 64<<10 - len(name), 64<<10 - 1, 64 << 10, 128<<10 - 70} {
			text := strings.Repeat(" ", before) + name
			if !mentionsSettings([]byte(text)) || mentionsSettings([]byte(text[:len(text)-1])) {
				t.Errorf("%s behind %d octets", name, before)
			}
		}
	}
	list := "SMIMECertificateIssuingCA : {}\nIdentity : x\n"
	checkSettingsRows(t, []settingsRow{
		{"nothing", "words", ""},
		{"words", "The setting SMIMECertificateIssuingCA is empty", ""},
		{"a list", list, "config x"},
		{"a list in mail", "> > " + strings.ReplaceAll(list, "\n", "\r\n> > "), "config x"},
		{"JSON behind words", "PS C:\\> x\n" + config + "\n", "config"},
		{"JSON behind what is none", "{ no\n[no\n" + config, "config"},
		{"JSON behind other JSON", "{\"a\": 1}\n" + config, "config"},
		{"JSON behind JSON with the name", "{\"a\": \"smimecertificateissuingca\"}\n" + config, "config"},
		{"JSON behind fifteen beginnings", strings.Repeat("{ no\n", 15) + config, "config"},
		{"JSON behind sixteen", strings.Repeat("{ no\n", 16) + config, ""},
		{"JSON that is not at the start of a line", "x " + config, ""},
		{"JSON in a string", "words\n\"{\\\"SMIMECertificateIssuingCA\\\": null}\"", ""},
		{"JSON with too much in it", "{\"SMIMECertificateIssuingCA\": null, \"a\":[" + strings.Repeat("[],", maxJSONValues) + "[]]}", ""},
		{"JSON with a fault", "words\n{\"SMIMECertificateIssuingCA\": true}", "error"},
		{"a table", "Identity SMIMECertificateIssuingCA\n-------- ----\nx        {}\n", "error"},
		{"XML without objects", "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\"><S>smimecertificateissuingca</S></Objs>", ""},
	}, (*reading).parseExchangeText)

	for text, want := range map[string]string{
		`"{}"`: "{}", `" [] "`: "[]", `"\"a\""`: "", `""`: "", `"a"`: "a", `{}`: "", `"a`: "", `1`: "",
	} {
		if got, ok := quotedJSON([]byte(text)); ok != (want != "") || ok && string(got) != want {
			t.Errorf("in the string %s: %q, %t", text, got, ok)
		}
	}
	for _, tt := range []struct {
		name, text string
		want       []map[string]string
	}{
		{"two values", "OWASigningAlgorithms : 1\nIdentity : x", []map[string]string{{"OWASigningAlgorithms": `"1"`, "Identity": `"x"`}}},
		{"one value", "OWASigningAlgorithms : 1\n", nil},
		{"others", "A : 1\nB : 2\n", nil},
		{"a policy", "AllowSMIMESoftCerts:True\nIdentity:x", []map[string]string{{"AllowSMIMESoftCerts": `"True"`, "Identity": `"x"`}}},
		{"a line that goes on", "Identity : x\nOWASigningAlgorithms : 1\n      2\n\t3", []map[string]string{{"OWASigningAlgorithms": `"123"`, "Identity": `"x"`}}},
		{"a line with a comma that goes on", "Identity : x\nOWASigningAlgorithms : 1,\n  2", []map[string]string{{"OWASigningAlgorithms": `"1, 2"`, "Identity": `"x"`}}},
		{"a line that goes on before all", "  2\nIdentity : x\nOWASigningAlgorithms : 1", []map[string]string{{"OWASigningAlgorithms": `"1"`, "Identity": `"x"`}}},
		{"a line of words", "Identity : x\nwords\nOWASigningAlgorithms : 1\nA : 2", []map[string]string{{"OWASigningAlgorithms": `"1"`, "A": `"2"`}}},
		{"an empty line", "Identity : x\n\nOWASigningAlgorithms : 1\nA : 2", []map[string]string{{"OWASigningAlgorithms": `"1"`, "A": `"2"`}}},
		{"a blank line, and one that goes on", "OWASigningAlgorithms : 1\nA : 2\n \n  3", []map[string]string{{"OWASigningAlgorithms": `"1"`, "A": `"2"`}}},
		{"a name again", "OWASigningAlgorithms : 1\nA : 2\nA : 3\nOWASigningAlgorithms : 4", []map[string]string{{"OWASigningAlgorithms": `"1"`, "A": `"2"`}, {"OWASigningAlgorithms": `"4"`, "A": `"3"`}}},
		{"line ends of Windows", "OWASigningAlgorithms : 1\r\nA : 2\r\n", []map[string]string{{"OWASigningAlgorithms": `"1"`, "A": `"2"`}}},
	} {
		got := listObjects([]byte(tt.text))
		if !slices.EqualFunc(got, tt.want, func(a map[string]json.RawMessage, b map[string]string) bool {
			return maps.EqualFunc(a, b, func(x json.RawMessage, y string) bool { return string(x) == y })
		}) {
			t.Errorf("%s: %s", tt.name, got)
		}
	}
	var many strings.Builder
	for i := range maxObjects + 1 {
		fmt.Fprintf(&many, "OWASigningAlgorithms : %d\nA : 2\n\n", i)
	}
	if got := listObjects([]byte(many.String())); len(got) != maxObjects {
		t.Errorf("%d objects of a list", len(got))
	}
	for _, tt := range []struct{ name, value, want string }{
		{"A", " b ", `"b"`}, {"A", "{}", `"{}"`}, {"SMIMECertificateIssuingCA", "{}", "null"}, {"smimecertificateissuingca", " { } ", "null"}, {"SMIMECertificateIssuingCA", "", "null"},
		{"SMIMECertificateIssuingCA", "{0, 0, 0, 0...}", "true"}, {"SMIMECertificateIssuingCA", "{0, 0, 0, 0, 67, 69, 82, 84}", `"0, 0, 0, 0, 67, 69, 82, 84"`},
	} {
		if got := listValue(tt.name, tt.value); string(got) != tt.want {
			t.Errorf("%s : %s is %s", tt.name, tt.value, got)
		}
	}
	for text, want := range map[string]bool{
		"<html><td>": true, "<html><TH>": true, " <html>": false, "<# <td> #>": false, "words <td>": false,
		"A   B\n--- ---\n": true, "A\n---\n": false, "A B\n-- --\n": false, "   TypeName: X\n": true, "typename: X": true, "x TypeName: X": false,
		"owaSigningAlgorithms,b": true, "b;\"OWAx\"": true, "\"SmimeCertX\"\tb": true, "allowSMIMESoftCerts,b": true, "allowSMIMESoftCertsX,b": false,
		"owaSigningAlgorithms": false, "a,b": false, "owaSigningAlgorithms,b c": false, "owaSigningAlgorithms,b=": false, "owaSigningAlgorithms,$b": false, "owaSigningAlgorithms,b(": false,
		"x\n owaSigningAlgorithms,b \n": true, strings.Repeat(" \n", 1) + strings.Repeat("x\n", 40<<10) + "owaSigningAlgorithms,b": false, "": false,
	} {
		if losesOctets([]byte(text)) != want {
			t.Errorf("loses octets, %.40q: %t", text, !want)
		}
	}
}
