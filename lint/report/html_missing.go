package report

import (
	"strings"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// htmlMissing is a certificate that is not there.
type htmlMissing struct {
	Name, Subject, Kind, SHA256 string
	Page                        string     // about it, by fingerprint
	Addresses                   []htmlPart // where it, or another form of it, can be had
	Until                       string
	For                         string   // whose chains stop
	Others                      []string // other ways
}

// missing lists the missing certificates for people.
func (o *Options) missing(r *lint.Report, names names) []htmlMissing {
	var list []htmlMissing
	for i := range r.Missing {
		m := &r.Missing[i]
		h := htmlMissing{Name: Printable(names.short(m.Subject)), Subject: Printable(m.Subject), Kind: o.Language.Say(kindOf(m.Kind)), SHA256: m.SHA256}
		for _, u := range m.URLs {
			if h.Page == "" && m.SHA256 != "" && crtsh.MatchString(u) && strings.HasSuffix(strings.ToLower(u), m.SHA256) {
				h.Page = u
			} else {
				h.Addresses = append(h.Addresses, htmlPart{Printable(u), u})
			}
		}
		if until := day(m.NotAfter); until != "" {
			h.Until = o.say("valid until %s", until)
		}
		for _, w := range m.Others {
			h.Others = append(h.Others, o.say("another way ends in %s, which is in the list of %s", Printable(names.short(w.Root)), listsOf(w)))
		}
		var whom []string
		for _, f := range m.For {
			name := Printable(names.of(f.Subject))
			if len(r.Files) > 1 {
				name = Printable(f.File) + ": " + name
			}
			whom = append(whom, name)
		}
		if len(whom) > 0 {
			h.For = o.say("chains that stop: %s", o.someOf(whom))
		}
		list = append(list, h)
	}
	return list
}

// listsOf names the root programmes as people write them.
func listsOf(w lint.MissingWay) string {
	list := make([]string, len(w.Lists))
	for i, name := range w.Lists {
		list[i] = strings.ToUpper(name[:1]) + name[1:]
	}
	return strings.Join(list, ", ")
}

// kindOf says what a missing certificate is.
func kindOf(k lint.MissingKind) say.Message {
	switch k {
	case "root":
		return say.New("root")
	case "intermediate":
		return say.New("intermediate")
	case "cross":
		return say.New("cross-certificate")
	default:
		return say.Message{}
	}
}
