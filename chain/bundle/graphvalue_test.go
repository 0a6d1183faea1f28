package bundle

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/lint/say"
)

// TestGraphValues holds how values of Microsoft Graph are read, in each form.
func TestGraphValues(t *testing.T) {
	for _, tt := range []struct {
		raw     string
		want    string
		numbers []artefact.Number
	}{
		{``, "", nil},
		{`null`, "", nil},
		{`"smimeSigning"`, "smimeSigning", nil},
		{`""`, "", nil},
		{`{}`, "", nil},
		{`2`, "", []artefact.Number{{Property: "aB", Value: 2, Documented: "smimeEncryption", Counted: "smimeSigning"}}},
		{`"2"`, "", []artefact.Number{{Property: "aB", Value: 2, Documented: "smimeEncryption", Counted: "smimeSigning"}}},
		{`-1`, "", []artefact.Number{{Property: "aB", Value: -1}}},
		{`5`, "", []artefact.Number{{Property: "aB", Value: 5, Documented: "wifi"}}},
		{`4`, "", []artefact.Number{{Property: "aB", Value: 4, Documented: "vpn", Counted: "wifi"}}},
		{`0`, "", []artefact.Number{{Property: "aB", Value: 0, Counted: "unassigned"}}},
	} {
		var g artefact.Graph
		if got := enum(&g, graphValues{"ab": json.RawMessage(tt.raw)}, "aB", &profilePurposes); got != tt.want || !slices.Equal(g.Numbers, tt.numbers) {
			t.Errorf("%s: %q %+v", tt.raw, got, g.Numbers)
		}
	}
	var g artefact.Graph
	if got := enum(&g, graphValues{"ab": []byte("5")}, "aB", &paddingSchemes); got != "oaepSha512" {
		t.Errorf("a number that is counted as it is documented: %q", got)
	}
	for raw, want := range map[string]struct {
		words []string
		known bool
	}{
		`"a, b"`: {[]string{"a", "b"}, true}, `["a", " b"]`: {[]string{"a", "b"}, true}, `[]`: {nil, true}, `"a,2"`: {nil, false}, `"2"`: {nil, false},
		`["a", "2"]`: {nil, false}, `""`: {nil, false}, `null`: {nil, false}, `2`: {nil, false}, ``: {nil, false}, `[2]`: {nil, false},
	} {
		if words, known := enumWords(json.RawMessage(raw)); !slices.Equal(words, want.words) || known != want.known {
			t.Errorf("%s: %q, %t", raw, words, known)
		}
	}
	for raw, want := range map[string]bool{"": true, " null ": true, "0": false, `""`: false, `"null"`: false} {
		if isNull(json.RawMessage(raw)) != want {
			t.Errorf("null: %q", raw)
		}
	}
	for raw, want := range map[string]struct {
		data  string
		fault say.Text
	}{
		`"AQID"`: {"\x01\x02\x03", ""}, ` "AQID" `: {"\x01\x02\x03", ""}, `"1 2 3"`: {"\x01\x02\x03", artefact.FaultNumbers}, `"123"`: {"", artefact.FaultAlphabet},
		`[1,2]`: {"\x01\x02", artefact.FaultNumbers}, `{"value":[1,2]}`: {"\x01\x02", artefact.FaultNumbers}, `{"value":1}`: {"", artefact.FaultOther},
		`[]`: {"", artefact.FaultEmpty}, `null`: {"", artefact.FaultEmpty}, ``: {"", artefact.FaultEmpty}, `1`: {"", artefact.FaultOther}, `true`: {"", artefact.FaultOther},
		`"1 300"`: {"", artefact.FaultOther},
	} {
		if data, fault := graphOctets(json.RawMessage(raw)); string(data) != want.data || fault != want.fault {
			t.Errorf("octets %s: %x %q", raw, data, fault)
		}
	}
	for raw, want := range map[string]string{
		`"x"`: "x", `{"value":"x"}`: "x", `{"Value":"x","UtcDateTime":"y"}`: "y", `{"utcDateTime":"","value":"x"}`: "x", `{"a":"x"}`: "", `null`: "", `1`: "", ``: "",
	} {
		if got := graphDate(json.RawMessage(raw)); got != want {
			t.Errorf("date %s: %q", raw, got)
		}
	}
}

// TestGraphNamesAsked holds what a profile asks a CA for, and what a mail profile names.
func TestGraphNamesAsked(t *testing.T) {
	values := func(text string) graphValues {
		var object map[string]json.RawMessage
		if err := json.Unmarshal([]byte(text), &object); err != nil {
			t.Fatal(text, err)
		}
		return lower(object)
	}
	for _, tt := range []struct {
		text           string
		names, address bool
	}{
		{`{}`, false, false},
		{`{"subjectAlternativeNameType": null}`, false, false},
		{`{"subjectAlternativeNameType": 2}`, false, true},
		{`{"subjectAlternativeNameType": "userPrincipalName"}`, true, false},
		{`{"subjectAlternativeNameType": "EmailAddress"}`, true, true},
		{`{"subjectAlternativeNameType": "customAzureADAttribute"}`, true, true},
		{`{"customSubjectAlternativeNames": [{"sanType": "emailAddress"}]}`, true, true},
		{`{"subjectAlternativeNameFormats": [{"sanType": "domainNameService"}]}`, true, false},
		{`{"subjectAlternativeNameFormats": [{"sanType": 2}]}`, true, true},
		{`{"subjectAlternativeNameFormats": [{"sanType": 2}, {"sanType": "none"}]}`, true, true},
		{`{"customSubjectAlternativeNames": null}`, false, false},
		{`{"customSubjectAlternativeNames": 1}`, false, false},
		{`{"customSubjectAlternativeNames": []}`, true, false},
		{`{"subjectAlternativeNameFormatString": "x"}`, true, false},
		{`{"subjectAlternativeNameFormatString": "{{Mail}}"}`, true, true},
		{`{"subjectNameFormat": "commonNameIncludingEmail"}`, false, true},
		{`{"subjectNameFormatString": "CN=x,E={{y}}"}`, false, true},
		{`{"subjectNameFormatString": "CN={{mail}}"}`, false, true},
		{`{"subjectNameFormatString": "CN=x"}`, false, false},
	} {
		if e := graphEnrolment(values(tt.text)); e.Names != tt.names || e.Address != tt.address {
			t.Errorf("%s: %+v", tt.text, e)
		}
	}
	for text, want := range map[string][]string{
		`{"extendedKeyUsages": [{"objectIdentifier": "1.2"}, {"objectIdentifier": ""}, {"objectIdentifier": "1.3"}]}`: {"1.2", "1.3"},
		`{"extendedKeyUsages": [{"objectIdentifier": "1.2"}, 1]}`:                                                     nil,
		`{}`: nil,
	} {
		if e := graphEnrolment(values(text)); !slices.Equal(e.OIDs, want) {
			t.Errorf("%s: %q", text, e.OIDs)
		}
	}
	for text, want := range map[string]*artefact.Reference{
		`{}`:          nil,
		`{"a": null}`: nil,
		`{"a": 1}`:    nil,
		`{"a@odata.bind": "https://graph.microsoft.com/beta/deviceManagement/deviceConfigurations('0a-1')"}`: {ID: "0a-1"},
		`{"a@odata.bind": "x", "#CustomRef_a": "n|:|t"}`:                                                     {Type: "t"},
		`{"#CustomRef_a": "n", "a": {"id": "2"}}`:                                                            {ID: "2"},
		`{"a": {"Id": "2", "AdditionalData": {"@odata.type": "t", "intendedPurpose": "vpn"}}}`:               {ID: "2", Type: "t", Purpose: "vpn"},
	} {
		got := graphReference(values(text), "a")
		if (got == nil) != (want == nil) || got != nil && *got != *want {
			t.Errorf("%s: %+v", text, got)
		}
	}
}
