package bundle

import (
	"bytes"
	"encoding/json"

	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/internal/lazyregexp"
)

// maxPasted is the greatest text, in octets, in which objects of Microsoft Graph are
// searched for, and maxBeginnings how often one is taken to begin in it.
const (
	maxPasted     = 4 << 20
	maxBeginnings = 64
)

// graphHint stands in all text that holds an object for certificates.
var graphHint = lazyregexp.New(`(?i)\\?"(?:trustedRootCertificate|encryptedPfxBlob|@?odata\.?type)\\?"[ \t\r\n]*:`)

// pastedStart is where an object or a list of them begins, and in the string of a shell
// too, where quotation marks have a backslash before them.
var pastedStart = lazyregexp.New(`(?:\[\s*)?\{\s*\\?"`)

// pastedPlace says where an object goes to or comes from: an address, after the method
// of a request or alone, or the first line of a reply.
var pastedPlace = lazyregexp.New(`(?i)\b(?:(POST|PATCH|PUT|GET)["']?[ \t]+["']?)?(https://[a-z0-9.-]*graph\.[a-z0-9.-]+/[^\s"'` + "`" + `<>]+)|\b(HTTP/[0-9.]+ \d{3}\b)`)

// parseGraphText reads the objects of Microsoft Graph in what somebody pasted: in
// documents with code in them, quoted mail and commands of a shell such as curl's. It
// reports whether there was one.
func (r *reading) parseGraphText(text []byte) (bool, error) {
	if len(text) > maxPasted || bytes.IndexByte(text, 0) >= 0 || !graphHint().Match(text) {
		return false, nil
	}
	s := &graphSearch{reading: r}
	rest := unquoted(text)
	w := graphWrap{}
	for range maxBeginnings {
		at := pastedStart().FindIndex(rest)
		if at == nil {
			break
		}
		w = w.pasted(rest[:at[0]])
		begun, end := rest[at[0]:], at[1]-at[0]
		raw, n := pastedJSON(begun)
		if raw == nil {
			rest = begun[end:]
			continue
		}
		objects, err := r.jsonObjects(raw)
		if err != nil {
			return false, err
		}
		for _, object := range objects {
			if err := s.add(object, w.pastedBefore(begun[n:])); err != nil {
				return false, err
			}
		}
		rest = begun[n:]
	}
	return s.keep()
}

// pastedJSON returns the value at the beginning of text and how many octets of text it
// takes, none where there is no whole value. Of a string of a shell that is until its
// end.
func pastedJSON(text []byte) (json.RawMessage, int) {
	clean, end := text, 0
	if open := pastedStart().Find(text); bytes.HasSuffix(open, []byte(`\"`)) {
		end = shellStringEnd(text)
		clean = bytes.ReplaceAll(text[:end], []byte(`\"`), []byte(`"`))
	}
	if beyondJSON(clean) {
		return nil, 0
	}
	decoder := json.NewDecoder(bytes.NewReader(clean))
	var raw json.RawMessage
	if decoder.Decode(&raw) != nil {
		return nil, 0
	}
	if end == 0 {
		end = int(decoder.InputOffset())
	}
	return raw, end
}

// shellStringEnd returns where the string ends that text is within: at the first
// quotation mark without a backslash before it.
func shellStringEnd(text []byte) int {
	for i, c := range text {
		if c == '"' && i > 0 && text[i-1] != '\\' {
			return i
		}
	}
	return len(text)
}

// pasted adds what stands between one object and the next: the last place named there
// counts.
func (w graphWrap) pasted(between []byte) graphWrap {
	all := pastedPlace().FindAllSubmatch(between, -1)
	if len(all) == 0 {
		return w
	}
	return graphWrap{}.at(all[len(all)-1])
}

// pastedBefore adds what a command says behind its object, where nothing was said before.
func (w graphWrap) pastedBefore(after []byte) graphWrap {
	line, _, _ := bytes.Cut(after, []byte("\n"))
	if m := pastedPlace().FindSubmatch(line); w.form == 0 && w.version == "" && m != nil {
		return graphWrap{}.at(m)
	}
	return w
}

func (w graphWrap) at(place [][]byte) graphWrap {
	if len(place[3]) > 0 || bytes.EqualFold(place[1], []byte("GET")) {
		w.form = artefact.Read
		return w
	}
	if len(place[1]) > 0 {
		w.form = artefact.Body
	}
	return w.sentTo(string(place[2]))
}
