package bundle

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/internal/msgraph"
)

// TestGraphWraps holds what is found in what services and tools put around objects, and in
// which form.
func TestGraphWraps(t *testing.T) {
	const (
		in    = `"@odata.type": "#microsoft.graph.iosScepCertificateProfile"`
		body  = `{` + in + `}`
		plain = "iosScepCertificateProfile body"
		read  = "iosScepCertificateProfile read"
		shown = "iosScepCertificateProfile printed"
		state = "iosScepCertificateProfile desired"
		list  = `"url": "/deviceManagement/deviceConfigurations"`
		sent  = "iosScepCertificateProfile body to=deviceConfigurations"
	)
	resource := func(kind, values string) string {
		return `{"terraform_version": "1", "resources": [{"type": "` + kind + `", "instances": [{"attributes": ` + values + `}]}]}`
	}
	deep := func(n int) string { return strings.Repeat(`{"body":`, n) + body + strings.Repeat("}", n) }
	text := func(s string) string { raw, _ := json.Marshal(s); return string(raw) }
	checkGraphRows(t, []graphRow{
		{"body", body, plain},
		{"created", `{` + in + `, "createdDateTime": "x"}`, read},
		{"changed", `{` + in + `, "lastModifiedDateTime": "x"}`, read},
		{"begun", `{` + in + `, "creationDateTime": "x"}`, read},
		{"created by nobody", `{` + in + `, "createdDateTime": null}`, plain},
		{"names of .NET", `{"OdataType": "#microsoft.graph.iosScepCertificateProfile"}`, shown},
		{"names of .NET and one more", `{"OdataType": "#microsoft.graph.iosScepCertificateProfile", "id": "1"}`, shown + " id=1"},
		{"names of .NET but for those of OData", `{` + in + `, "Id": "1", "id@odata.x": 1, "@microsoft.graph.x": 1}`, shown + " id=1"},
		{"names of both kinds", `{` + in + `, "Id": "1", "b": 1}`, plain + " id=1"},
		{"an empty name", `{` + in + `, "": 1}`, plain},
		{"both types", `{` + in + `, "odataType": "x"}`, shown},
		{"apart", `{"additionalProperties": {` + in + `}}`, shown},
		{"apart, and beside", `{"id": "1", "additionalData": {` + in + `, "Id": "2"}}`, shown + " id=1"},
		{"apart, and null beside", `{"id": null, "additionalData": {` + in + `, "Id": "2"}}`, shown + " id=2"},
		{"nothing apart", `{` + in + `, "additionalData": null}`, plain},
		{"something apart", `{` + in + `, "additionalData": 1}`, plain},
		{"in value", `{"value": [` + body + `]}`, plain},
		{"a value that is no list", `{"value": ` + body + `}`, plain},
		{"a value that is none", `{"value": 1, "body": ` + body + `}`, plain},
		{"a value that is damaged", `{"value": [1], "body": ` + body + `}`, plain},
		{"no value", `{"value": [], "a": 1}`, ""},
		{"nothing in it", `{"value": [{"a": 1}, ` + body + `]}`, plain + "; 1 other"},
		{"another name", `{"values": [` + body + `]}`, ""},
		{"context", `{"@odata.context": "x", "value": [` + body + `]}`, read},
		{"context of an object", `{"@odata.context": "x", ` + in + `}`, read},
		{"context with a type", `{"@odata.context": "x#a/microsoft.graph.iosScepCertificateProfile", "value": [{"id": "1"}]}`, read + " id=1"},
		{"context of records", `{"@odata.context": "x#deviceManagement/userPfxCertificates", "value": [{"id": "1"}]}`, "userPFXCertificate read id=1 pfx"},
		{"context of something else", `{"@odata.context": "x/microsoft.graph.iosScepCertificateProfile", "value": [{"id": "1"}]}`, ""},
		{"context with a type, and one of its own", `{"@odata.context": "x#a/microsoft.graph.iosPkcsCertificateProfile", "value": [` + body + `]}`, read},
		{"requests", `{"requests": [{` + list + `, "body": ` + body + `}]}`, sent},
		{"requests by uri", `{"requests": [{"uri": "/deviceManagement/deviceConfigurations", "body": ` + body + `}]}`, sent},
		{"requests of records, which are blank", `{"requests": [{"url": "beta/deviceManagement/userPfxCertificates", "body": {"id": "1"}}]}`, "userPFXCertificate read id=1 pfx to=userPfxCertificates v=beta"},
		{"requests without a type", `{"requests": [{` + list + `, "body": {"id": "1"}}]}`, ""},
		{"responses", `{"responses": [{"body": ` + body + `}]}`, read},
		{"responses and a body", `{"responses": [{"body": ` + body + `}], "body": ` + body + `}`, read + "; " + plain},
		{"a body in text", `{"requests": [{` + list + `, "body": ` + text(" "+body+"\n") + `}]}`, sent},
		{"a body in base64", `{"requests": [{` + list + `, "body": "` + b64([]byte(body)) + `"}]}`, sent},
		{"a body in text that is none", `{"requests": [{` + list + `, "body": "x"}]}`, ""},
		{"a value in text", `{"value": ` + text(body) + `}`, ""},
		{"a body in text that is too much", `{"body": ` + text(`{"a": [`+strings.Repeat("[],", maxJSONValues)+`[]], `+body[1:]) + `}`, ""},
		{"as deep as may be", deep(maxWraps - 1), plain},
		{"deeper", deep(maxWraps), ""},
		{"state", resource("graph_ios_scep", "{}"), state},
		{"state of others", resource("aws_ios_scep", body), ""},
		{"state in a block", resource("graph_x", `{"a": {"b": 1}, "c": `+body+`}`), state},
		{"state with other values", resource("graph_x", `{"a": 1}`), ""},
		{"state that is shown", `{"terraform_version": "1", "values": {"root_module": {"resources": [{"type": "graph_ios_scep", "values": {}}]}}}`, state},
		{"state with something else", `{"terraform_version": "1", "a": ` + body + `}`, ""},
		{"state without a version", `{"resources": [{"type": "graph_ios_scep", "instances": [{"attributes": {}}]}]}`, ""},
	}, func(r *reading, text []byte) (bool, error) {
		objects, err := r.jsonObjects(text)
		if err != nil {
			return false, err
		}
		return r.parseGraph(objects, listContext(text))
	})
	for _, ended := range []string{body, `{"body": ` + body + `}`, `{"body": [` + body + `]}`} {
		checkEnded(t, ended, func(r *reading, text []byte) (bool, error) {
			var object map[string]json.RawMessage
			if err := json.Unmarshal(text, &object); err != nil {
				return false, err
			}
			return r.parseGraph([]map[string]json.RawMessage{object}, "")
		})
	}
	for _, n := range []int{maxObjects, maxObjects + 1} { // beside the last
		s := &graphSearch{reading: newReading(t), other: n}
		if err := s.add(map[string]json.RawMessage{"a": nil}, graphWrap{}); errors.Is(err, ErrTooLarge) != (n > maxObjects) {
			t.Errorf("%d objects: %v", n, err)
		}
		s = &graphSearch{reading: newReading(t), found: make([]graphObject, n)}
		if err := s.add(map[string]json.RawMessage{"a": nil}, graphWrap{}); errors.Is(err, ErrTooLarge) != (n > maxObjects) {
			t.Errorf("%d objects: %v", n, err)
		}
	}
	for _, inner := range []string{`[{"a": 1}, {"a": 2}]`, `{"value": [{"a": 1}, {"a": 2}]}`} {
		s := &graphSearch{reading: newReading(t), other: maxObjects}
		if err := s.add(map[string]json.RawMessage{"body": []byte(inner)}, graphWrap{}); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s beside as many as may be: %v", inner, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	r := newReading(t)
	r.ctx = ended
	if _, err := (&graphSearch{reading: r, found: make([]graphObject, 1)}).keep(); !errors.Is(err, context.Canceled) {
		t.Errorf("what was found is kept: %v", err)
	}
	if got := contextType("x#a/Microsoft.Graph.b"); got != msgraph.Prefix+"b" {
		t.Errorf("type %s", got)
	}
	for text, want := range map[string]string{`{"@odata.context": "x"}`: "x", `{"a": "@odata.context"}`: "", `{"@odata.context": 1}`: "", `[]`: "", `{"@ODATA.CONTEXT": "x"}`: ""} {
		if got := listContext([]byte(text)); got != want {
			t.Errorf("context of %s: %q", text, got)
		}
	}
}
