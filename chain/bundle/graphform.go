package bundle

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/internal/lazyregexp"
	"github.com/smimechain/smimechain/internal/msgraph"
	"github.com/smimechain/smimechain/lint/say"
)

// graphValues are the properties of an object by their names in lower case.
type graphValues map[string]json.RawMessage

// graphObject is an object that was found, in whatever was around it.
type graphObject struct {
	values graphValues
	odata  string // the type as written, or by what is around it
	form   artefact.Form
	wrap   graphWrap
}

// graphWrap is what is known of an object from what is around it.
type graphWrap struct {
	form     artefact.Form
	odata    string // the type that @odata.context or a resource names
	version  string // of Microsoft Graph, from an address it is sent to
	list     string // the list that it is sent to
	resource string // the type of a resource of Terraform
	depth    int
}

// maxWraps is how many objects may lie around one of Microsoft Graph.
const maxWraps = 12

// graphSearch looks for objects of Microsoft Graph in what services and tools wrap
// around them.
type graphSearch struct {
	*reading
	found []graphObject
	other int // objects of other types
}

// wrappers are the names, in lower case, of what holds objects: lists of Microsoft Graph,
// a $batch of requests or of replies.
var wrappers = []string{"value", "requests", "responses", "body"}

// terraformWrappers are those in the state of Terraform, as it is kept and as it is
// shown.
var terraformWrappers = []string{"values", "planned_values", "root_module", "child_modules", "resources", "instances", "attributes"}

func (s *graphSearch) add(object map[string]json.RawMessage, w graphWrap) error {
	if err := s.check(); err != nil {
		return err
	}
	if w.depth++; w.depth > maxWraps {
		s.other++
		return nil
	}
	if len(s.found)+s.other > maxObjects {
		return say.Errorf("%s: more than %d objects: %w", s.Name, maxObjects, ErrTooLarge)
	}
	o := graphValues(lower(object))
	w = w.in(jsonText(o["@odata.context"]))
	printed := unwrapPrinted(o) || hasPascalNames(object)
	g := graphObject{values: o, odata: jsonText(o["@odata.type"]), wrap: w}
	if w.resource != "" && !g.ofTerraform() {
		return nil
	}
	if g.odata == "" {
		g.odata = w.odata
	}
	if isGraphObject(&g) {
		switch {
		case w.form == artefact.Desired:
			g.form = artefact.Desired
		case printed:
			g.form = artefact.Printed
		case w.form != 0:
			g.form = w.form
		case wasRead(o):
			g.form = artefact.Read
		default:
			g.form = artefact.Body
		}
		s.found = append(s.found, g)
		return nil
	}
	inside, err := s.inside(g.values, w)
	if !inside && w.resource == "" {
		s.other++
	}
	return err
}

// inside looks into what an object holds, and reports whether it holds objects.
func (s *graphSearch) inside(o graphValues, w graphWrap) (bool, error) {
	names := wrappers
	if _, ok := o["terraform_version"]; ok || w.form == artefact.Desired {
		w.form, names = artefact.Desired, terraformWrappers
		if kind := jsonText(o["type"]); kind != "" {
			w.resource = kind
		}
		if w.resource != "" {
			names = slices.Sorted(maps.Keys(o)) // a block of a resource may hold the object
		}
	}
	for _, name := range []string{"url", "uri"} {
		if url := jsonText(o[name]); url != "" {
			w = w.sentTo(url)
		}
	}
	held := false
	for _, name := range names {
		raw := bytes.TrimSpace(o[name])
		if name == "body" && len(raw) > 0 && raw[0] == '"' {
			raw = bodyInText(jsonText(raw))
		}
		if len(raw) == 0 {
			continue
		}
		inner := w
		if name == "responses" {
			inner.form = artefact.Read
		}
		var object map[string]json.RawMessage
		if raw[0] == '{' {
			if json.Unmarshal(raw, &object) != nil {
				continue
			}
			held = true
			if err := s.add(object, inner); err != nil {
				return held, err
			}
			continue
		}
		list, err := s.jsonArray(raw)
		if err != nil {
			return held, err
		}
		for _, object := range list {
			held = true
			if err := s.add(object, inner); err != nil {
				return held, err
			}
		}
	}
	return held, nil
}

// bodyInText returns what should be JSON, which a body of a $batch holds as text, in
// base64 or as it is.
func bodyInText(text string) json.RawMessage {
	if data, err := base64.StdEncoding.DecodeString(text); err == nil {
		text = string(data)
	}
	text = strings.TrimSpace(text)
	if beyondJSON([]byte(text)) {
		return nil
	}
	return json.RawMessage(text)
}

// unwrapPrinted puts the properties that an SDK keeps apart, because it does not know
// them, beside those that it knows, and reports whether there were such.
func unwrapPrinted(o graphValues) bool {
	printed := false
	for _, name := range []string{"additionalproperties", "additionaldata"} {
		var apart map[string]json.RawMessage
		if json.Unmarshal(o[name], &apart) != nil || apart == nil {
			continue
		}
		printed = true
		delete(o, name)
		for inner, raw := range lower(apart) {
			if isNull(o[inner]) {
				o[inner] = raw
			}
		}
	}
	if odata := o["odatatype"]; !isNull(odata) {
		printed = true
		if isNull(o["@odata.type"]) {
			o["@odata.type"] = odata
		}
	}
	return printed
}

// hasPascalNames reports whether the names of an object are those of .NET: all begin
// with a capital.
func hasPascalNames(object map[string]json.RawMessage) bool {
	names := 0
	for name := range object {
		if strings.HasPrefix(name, "@") || strings.Contains(name, "@odata.") {
			continue
		}
		if first, _ := utf8.DecodeRuneInString(name); !unicode.IsUpper(first) {
			return false
		}
		names++
	}
	return names > 0
}

// wasRead reports whether an object has what the service alone writes.
func wasRead(o graphValues) bool {
	return slices.ContainsFunc([]string{"createddatetime", "lastmodifieddatetime", "creationdatetime"}, func(name string) bool { return !isNull(o[name]) })
}

// listContext returns the context of a list of Microsoft Graph.
func listContext(text []byte) string {
	var list struct {
		Context string `json:"@odata.context"`
	}
	if bytes.Contains(text, []byte("@odata.context")) {
		_ = json.Unmarshal(text, &list) // it stays empty where there is none
	}
	return list.Context
}

// in adds what a context says, which stands in what was read back alone.
func (w graphWrap) in(context string) graphWrap {
	if context != "" {
		w.form, w.odata = artefact.Read, contextType(context)
	}
	return w
}

// contextCast is the type that a list was asked for.
var contextCast = lazyregexp.New(`(?i)/microsoft\.graph\.(\w+)`)

// contextType returns the type that all objects behind @odata.context have, empty where
// each has one of its own.
func contextType(context string) string {
	_, fragment, _ := strings.Cut(context, "#")
	if m := contextCast().FindStringSubmatch(fragment); m != nil {
		return msgraph.Prefix + m[1]
	}
	if strings.Contains(strings.ToLower(fragment), "userpfxcertificates") {
		return msgraph.Prefix + "userPFXCertificate"
	}
	return ""
}

// sentTo adds what the address says to which an object is sent. A request of a $batch has
// the version of the $batch.
func (w graphWrap) sentTo(url string) graphWrap {
	version, list := msgraph.Address(url)
	w.version, w.list = cmp.Or(version, w.version), cmp.Or(list, w.list)
	if strings.EqualFold(w.list, "userPfxCertificates") {
		w.odata = msgraph.Prefix + "userPFXCertificate" // the list has no other type
	}
	return w
}
