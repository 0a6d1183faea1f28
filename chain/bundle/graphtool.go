package bundle

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/internal/lazyregexp"
	"github.com/smimechain/smimechain/internal/msgraph"
)

// toolPlatforms are the words for platforms in the names that tools give profiles, in
// lower case without underscores, and what @odata.type calls them; the longer word of
// two goes first.
var toolPlatforms = []struct{ word, trusted, imported, scep, pkcs, mail string }{
	{"androiddeviceowner", "androidDeviceOwner", "androidDeviceOwner", "androidDeviceOwner", "androidDeviceOwner", ""},
	{"androidworkprofile", "androidWorkProfile", "", "androidWorkProfile", "androidWorkProfile", ""},
	{"androidforwork", "androidForWork", "androidForWork", "androidForWork", "androidForWork", ""},
	{"androidwork", "androidWorkProfile", "", "androidWorkProfile", "androidWorkProfile", ""},
	{"aospdeviceowner", "aospDeviceOwner", "", "aospDeviceOwner", "aospDeviceOwner", ""},
	{"windowsphone81", "windowsPhone81", "windowsPhone81", "windowsPhone81", "", ""},
	{"windows10x", "windows10X", "", "windows10X", "", ""},
	{"windows", "windows81", "windows10", "windows81", "windows10", "windows10"},
	{"macos", "macOS", "macOS", "macOS", "macOS", ""},
	{"ios", "ios", "ios", "ios", "ios", "ios"},
}

// toolType returns the value of @odata.type that a tool's name for a profile stands for,
// empty where that is not known for sure.
func toolType(name string, o graphValues) string {
	name = strings.ReplaceAll(strings.ToLower(name), "_", "")
	for _, p := range toolPlatforms {
		if !strings.Contains(name, p.word) {
			continue
		}
		platform, rest := "", ""
		switch {
		case strings.Contains(name, "trustedroot"), strings.Contains(name, "trustedcertificate"), !isNull(o["trustedrootcertificate"]):
			platform, rest = p.trusted, "TrustedRootCertificate"
		case strings.Contains(name, "importedpfx"), strings.Contains(name, "pfximport"):
			platform, rest = p.imported, "ImportedPFXCertificateProfile"
		case strings.Contains(name, "scep"):
			platform, rest = p.scep, "ScepCertificateProfile"
		case strings.Contains(name, "pkcs"):
			platform, rest = p.pkcs, "PkcsCertificateProfile"
		case strings.Contains(name, "emailprofile"):
			platform, rest = p.mail, "EasEmailProfileConfiguration"
		}
		if t := msgraph.Find(platform + rest); t != nil {
			return msgraph.Prefix + t.Name
		}
		return ""
	}
	return ""
}

// ofTerraform gives what is inside a resource of Terraform the names of Microsoft Graph
// and the type that the resource stands for, and reports whether the resource is one of
// a provider for Microsoft Graph.
func (g *graphObject) ofTerraform() bool {
	kind := strings.ToLower(g.wrap.resource)
	if !strings.Contains(kind, "graph") && !strings.Contains(kind, "intune") && !strings.Contains(kind, "microsoft365") {
		return false
	}
	folded := graphValues{}
	for name, raw := range g.values {
		folded[strings.ReplaceAll(name, "_", "")] = raw
	}
	g.values = folded
	if g.odata == "" && isNull(folded["attributes"]) { // not what merely holds the object
		g.odata = toolType(kind, folded)
	}
	return true
}

// httpLine begins a request to Microsoft Graph or a reply from a server, as documents,
// the tools of browsers and files of requests show them.
var httpLine = lazyregexp.New(`^(?:(POST|PATCH|PUT|GET)[ \t]+(\S+)(?:[ \t]+HTTP/[0-9.]+)?|HTTP/[0-9.]+ \d{3}\b[^\r\n]*)[ \t]*\r?\n`)

// httpBetween stands between the requests of one file.
var httpBetween = lazyregexp.New(`(?m)^###.*$`)

// httpBody is where the JSON of a request or reply begins.
var httpBody = lazyregexp.New(`\n[ \t]*[{\[]`)

// isHTTP reports whether text begins as requests and replies do.
func isHTTP(text []byte) bool {
	return httpLine().Match(text) || bytes.HasPrefix(text, []byte("###"))
}

// parseHTTP reads requests and replies in text, one or several with ### between them,
// and reports whether there was an object of Microsoft Graph in one.
func (r *reading) parseHTTP(text []byte) (bool, error) {
	s := &graphSearch{reading: r}
	for len(text) > 0 {
		part := text
		text = nil
		if at := httpBetween().FindIndex(part); at != nil {
			part, text = part[:at[0]], part[at[1]:]
		}
		part = bytes.TrimSpace(part)
		m := httpLine().FindSubmatch(part)
		if m == nil {
			continue
		}
		w := graphWrap{form: artefact.Read}
		if len(m[1]) > 0 && !bytes.Equal(m[1], []byte("GET")) {
			w.form = artefact.Body
			w = w.sentTo(string(m[2]))
		}
		at := httpBody().FindIndex(part)
		if at == nil {
			continue
		}
		raw, ok := firstJSON(part[at[1]-1:])
		if !ok {
			continue
		}
		objects, err := r.jsonObjects(raw)
		if err != nil {
			return false, err
		}
		for _, object := range objects {
			if err := s.add(object, w); err != nil {
				return false, err
			}
		}
	}
	return s.keep()
}

// firstJSON returns the value at the beginning of text.
func firstJSON(text []byte) (json.RawMessage, bool) {
	if beyondJSON(text) {
		return nil, false
	}
	var raw json.RawMessage
	err := json.NewDecoder(bytes.NewReader(text)).Decode(&raw)
	return raw, err == nil
}

// desired is a resource of Microsoft365DSC about certificates.
var desired = lazyregexp.New(`(?im)^[ \t]*(Intune\w*(?:TrustedRootCertificate|TrustedCertificate|ImportedPfxCertificate|PkcsCertificate|ScepCertificate|EmailProfile)\w*)[ \t]+(?:"[^"\r\n]*"|'[^'\r\n]*'|[\w-]+)\s*\{`)

// anyDesired is a resource of Microsoft365DSC.
var anyDesired = lazyregexp.New(`(?m)^[ \t]*\w+[ \t]+(?:"[^"\r\n]*"|'[^'\r\n]*')\s*\{`)

// isDesired reports whether text is a configuration of Microsoft365DSC with certificates
// in it.
func isDesired(text []byte) bool {
	return bytes.Contains(text, []byte("Microsoft365DSC")) && desired().Match(text)
}

// parseDesired reads the resources of a configuration of Microsoft365DSC, in which each
// property is a literal. What is none is passed over: nothing is run.
func (r *reading) parseDesired(text []byte) (bool, error) {
	if len(text) > maxScriptSize {
		return false, nil
	}
	s := &graphSearch{reading: r}
	blocks := desired().FindAllSubmatchIndex(text, maxObjects+1)
	s.other = max(len(anyDesired().FindAllIndex(text, maxObjects))-len(blocks), 0)
	for i, m := range blocks {
		end := len(text)
		if i+1 < len(blocks) {
			end = blocks[i+1][0]
		}
		values := literals(text[m[1]:end])
		object := map[string]json.RawMessage{}
		for name, value := range values {
			if strings.EqualFold(name, "Ensure") && strings.EqualFold(value, "Absent") {
				object = nil // it is to be taken away
				break
			}
			object[name], _ = json.Marshal(value) // text can always be written
		}
		if object == nil {
			s.other++
			continue
		}
		w := graphWrap{form: artefact.Desired, odata: toolType(string(text[m[2]:m[3]]), nil)}
		if err := s.add(object, w); err != nil {
			return false, err
		}
	}
	return s.keep()
}

// property is the name of a property before its value.
var property = lazyregexp.New(`^[ \t]*(\w+)[ \t]*=[ \t]*`)

// literals returns the properties of a resource that are text in quotation marks, up to
// the brace that closes it.
func literals(text []byte) map[string]string {
	found := map[string]string{}
	depth, start := 0, true
	for i := 0; i < len(text); {
		if depth == 0 && start {
			if m := property().FindSubmatch(text[i:]); m != nil {
				i += len(m[0])
				start = false
				if value, n := quotedText(text[i:]); n > 0 {
					found[string(m[1])] = value
					i += n
				}
				continue
			}
		}
		switch c := text[i]; c {
		case '\n', ';':
			start = true
		case '"', '\'':
			_, n := quotedText(text[i:])
			if n == 0 {
				return found // nothing closes it
			}
			i += n
			continue
		case '#':
			end := bytes.IndexByte(text[i:], '\n')
			if end < 0 {
				return found
			}
			i += end
			continue
		case '{', '(':
			depth++
		case '}', ')':
			if depth--; depth < 0 {
				return found
			}
		}
		i++
	}
	return found
}

// quotedText reads a text in quotation marks and returns how long it is with them, 0
// where there is none. A mark inside is doubled; "`" escapes in double ones.
func quotedText(text []byte) (string, int) {
	if len(text) == 0 || text[0] != '"' && text[0] != '\'' {
		return "", 0
	}
	mark := text[0]
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '`' && mark == '"' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
		case c == mark && i+1 < len(text) && text[i+1] == mark:
			i++
			b.WriteByte(mark)
		case c == mark:
			return b.String(), i + 1
		default:
			b.WriteByte(c)
		}
	}
	return "", 0
}
