package bundle

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"

	"github.com/smimechain/smimechain/lint/say"
)

// Limits of XML that PowerShell writes.
const (
	maxShellElements = 1 << 21 // elements; one for each octet of a collection, at the most
	maxShellDepth    = 64
)

// isShellXML reports whether text begins as Export-Clixml (MS-PSRP, Section 2.2.5) and
// ConvertTo-Xml write.
func isShellXML(text []byte) bool {
	head := bytes.TrimSpace(text)
	head = head[:min(len(head), 1<<10)]
	if bytes.HasPrefix(head, []byte("<?xml")) {
		if i := bytes.Index(head, []byte("?>")); i >= 0 {
			head = bytes.TrimSpace(head[i+2:])
		}
	}
	return bytes.HasPrefix(head, []byte("<Objs")) || bytes.HasPrefix(head, []byte("<Objects"))
}

// shellValue is an element on the way in.
type shellValue struct {
	kind    string
	name    string // of the property that it is
	text    strings.Builder
	items   []string // what nameless elements inside it hold
	members map[string]json.RawMessage
}

// shellObjects returns the objects with settings in such XML, at whatever depth.
func (r *reading) shellObjects(text []byte) ([]map[string]json.RawMessage, error) {
	decoder := xml.NewDecoder(bytes.NewReader(text))
	decoder.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // it is UTF-8 by now
	var objects []map[string]json.RawMessage
	stack := []*shellValue{{}}
	for elements := 0; ; {
		token, err := decoder.RawToken()
		if isXMLEnd(err) {
			return objects, nil
		}
		if err != nil {
			return nil, say.Errorf("%s: XML of PowerShell that cannot be read: %w", r.Name, err)
		}
		top := stack[len(stack)-1]
		switch token := token.(type) {
		case xml.StartElement:
			if elements++; elements > maxShellElements || len(stack) > maxShellDepth {
				return nil, say.Errorf("%s: more than %d elements or %d inside each other: %w", r.Name, maxShellElements, maxShellDepth, ErrTooLarge)
			}
			if elements%1024 == 0 && r.ctx.Err() != nil {
				return nil, r.check()
			}
			v := &shellValue{kind: token.Name.Local}
			for _, a := range token.Attr {
				if a.Name.Local == "N" || a.Name.Local == "Name" && v.kind == "Property" {
					v.name = a.Value
				}
			}
			stack = append(stack, v)
		case xml.CharData:
			top.text.Write(token)
		case xml.EndElement:
			if len(stack) == 1 {
				continue
			}
			stack = stack[:len(stack)-1]
			objects = top.end(stack[len(stack)-1], objects)
		}
	}
}

// end hands an element that is complete to the one around it.
func (v *shellValue) end(outer *shellValue, objects []map[string]json.RawMessage) []map[string]json.RawMessage {
	low := lower(v.members)
	if v.members != nil && (v.kind == "Obj" || v.kind == "Object" || v.kind == "Property") && len(objects) < maxObjects && (isSmimeConfig(low) || isMailboxPolicy(low)) {
		objects = append(objects, v.members)
	}
	switch v.kind {
	case "MS", "Props": // the members of the object around them
		if outer.members == nil {
			outer.members = v.members
		} else {
			for name, value := range v.members {
				outer.members[name] = value
			}
		}
		return objects
	case "LST", "IE", "STK", "QUE":
		outer.items = append(outer.items, v.items...)
		return objects
	}
	if v.name == "" {
		outer.items = append(outer.items, v.text.String())
		return objects
	}
	if outer.members == nil {
		outer.members = map[string]json.RawMessage{}
	}
	outer.members[v.name] = v.value()
	return objects
}

// value returns an element as JSON: null, or text. Of a list it has the items with
// blanks between them.
func (v *shellValue) value() json.RawMessage {
	text := v.text.String()
	if len(v.items) > 0 {
		text = strings.Join(v.items, " ")
	}
	if v.kind == "Nil" {
		return json.RawMessage("null")
	}
	raw, _ := json.Marshal(strings.TrimSpace(text)) // text can always be written
	return raw
}
