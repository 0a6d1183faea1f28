package locale

import (
	"bytes"
	"encoding/json"
	"sync"

	"github.com/smimechain/smimechain/lint/say"
)

// table is the file of a language. Its entries are found at once and decoded one by
// one, when they are first said: a report says a few dozen of two thousand.
type table struct {
	head
	entries map[string][]byte // JSON, by the id as it stands in the file, in quotation marks
	decoded sync.Map          // from say.Text to *entry; nil where there is none
}

// head is what stands before the texts.
type head struct {
	Language Language `json:"language"`
	Name     string   `json:"name"`
	Partial  bool     `json:"partial,omitempty"`
}

// entry is one text in the language.
type entry struct {
	ID          say.Text          `json:"id"`
	Translation string            `json:"translation,omitempty"`
	Plural      map[string]string `json:"plural,omitempty"` // by the form in CLDR
	Where       []string          `json:"where"`
	Note        string            `json:"note,omitempty"`
}

// tables are read when first asked for.
var tables = sync.OnceValue(func() map[Language]func() *table {
	all := map[Language]func() *table{}
	for _, l := range Languages() {
		all[l] = sync.OnceValue(func() *table { return read(l) })
	}
	return all
})

// table returns the file of the language; nil for English, whose texts are their own
// translations.
func (l Language) table() *table {
	if l == "" || l == English {
		return nil
	}
	if read, ok := tables()[l]; ok {
		return read()
	}
	return nil
}

// The form of a file, which a test holds: one member a line, indented by tabs.
const (
	startOfTexts = ",\n\t\"texts\": ["
	startOfEntry = "\n\t\t{\n\t\t\t\"id\": "
	endOfID      = ",\n"
	endOfEntry   = "\n\t\t}"
)

func read(l Language) *table {
	data, err := files.ReadFile(string(l) + ".json")
	if err != nil {
		panic(err) // it was listed
	}
	before, rest, _ := bytes.Cut(data, []byte(startOfTexts))
	t := &table{head: decodeHead(before), entries: map[string][]byte{}}
	for {
		i := bytes.Index(rest, []byte(startOfEntry))
		if i < 0 {
			return t
		}
		rest = rest[i:]
		id, _, _ := bytes.Cut(rest[len(startOfEntry):], []byte(endOfID))
		end := bytes.Index(rest, []byte(endOfEntry)) + len(endOfEntry)
		t.entries[string(id)] = rest[:end]
		rest = rest[end:]
	}
}

// decodeHead decodes what stands before the texts.
func decodeHead(before []byte) (h head) {
	if err := json.Unmarshal(append(bytes.Clone(before), '}'), &h); err != nil {
		panic(err) // a test reads each file
	}
	return h
}

// lookup returns the entry of a text; nil where it has no translation.
func (t *table) lookup(id say.Text) *entry {
	if t == nil || id == "" {
		return nil
	}
	if e, ok := t.decoded.Load(id); ok {
		return e.(*entry)
	}
	var e *entry
	if data := t.entries[quoted(id)]; data != nil {
		e = new(entry)
		if err := json.Unmarshal(data, e); err != nil {
			panic(err) // a test reads each file
		}
		if e.Translation == "" && len(e.Plural) == 0 {
			e = nil
		}
		t.decoded.Store(id, e)
	}
	return e
}

// quoted writes a text as files of languages do.
func quoted(id say.Text) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(id); err != nil {
		panic(err) // a string
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}
