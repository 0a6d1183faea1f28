package bundle

import (
	"bytes"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// DirectoryEntry is one entry of a directory in LDIF, or one vCard.
type DirectoryEntry struct {
	Name         string   // distinguished name of the entry, or the formatted name of the card
	Addresses    []string // mail addresses, in file order
	Certificates []*chain.Certificate
	Offset       int64 // of its first line in the text
}

// IsDirectory reports whether the file lists the certificates of people: entries of a
// directory, or cards.
func (f *File) IsDirectory() bool { return f.Format == LDIF || f.Format == VCard }

// Limits on directories. What is beyond them is refused.
const (
	maxEntries     = 100_000
	maxEntryMails  = 1000
	maxContentLine = 16 << 20 // octets of a line with what is folded to it
)

var (
	errNoDirectoryValue = say.Errorf("the value is not valid base64")
	errEmptyValue       = say.Errorf("it is empty")
)

// isVCard reports whether text begins as a card does (RFC 6350, Section 6.1.1).
func isVCard(text []byte) bool {
	text = bytes.TrimLeft(text, " \t\r\n")
	const begin = "BEGIN:VCARD"
	return len(text) > len(begin) && strings.EqualFold(string(text[:len(begin)]), begin)
}

// isLDIF reports whether text begins as an entry of LDIF does, behind comments and the
// version (RFC 2849).
func isLDIF(text []byte) bool {
	const sample = 64 << 10
	for line := range bytes.Lines(text[:min(len(text), sample)]) {
		name, _, ok := bytes.Cut(bytes.TrimRight(line, "\r\n"), []byte(":"))
		switch {
		case len(bytes.TrimSpace(line)) == 0, line[0] == '#', line[0] == ' ':
		case ok && bytes.EqualFold(name, []byte("version")):
		default:
			return ok && bytes.EqualFold(name, []byte("dn"))
		}
	}
	return false
}

// A contentLine is a line of LDIF or of a card, unfolded.
type contentLine struct {
	name   string // in lower case, without its group and parameters
	params string // in lower case, as they stand
	value  []byte
	offset int
}

// contentLines calls with each line that names a value. A line that begins with a blank
// goes on with the one before (RFC 2849, Note 2; RFC 6350, Section 3.2); an empty line is
// one without a name.
func contentLines(text []byte, with func(contentLine) error) error {
	var line []byte
	start, at := 0, 0
	emit := func() error {
		name, value, ok := bytes.Cut(line, []byte(":"))
		if len(bytes.TrimSpace(line)) == 0 || line[0] == '#' || !ok {
			return nil
		}
		head, params, _ := strings.Cut(strings.ToLower(string(bytes.TrimSpace(name))), ";")
		if i := strings.LastIndexByte(head, '.'); i >= 0 {
			head = head[i+1:]
		}
		return with(contentLine{head, params, value, start})
	}
	for raw := range bytes.Lines(text) {
		next := bytes.TrimRight(raw, "\r\n")
		if len(next) > 0 && (next[0] == ' ' || next[0] == '\t') {
			if line = append(line, next[1:]...); len(line) > maxContentLine {
				return ErrTooLarge
			}
		} else {
			if err := emit(); err != nil {
				return err
			}
			if len(next) == 0 {
				if err := with(contentLine{offset: at}); err != nil {
					return err
				}
			}
			line, start = append(line[:0], next...), at
		}
		at += len(raw)
	}
	return emit()
}

// addEntry begins an entry.
func (r *reading) addEntry(name string, offset int) (*DirectoryEntry, error) {
	if len(r.Entries) >= maxEntries {
		return nil, say.Errorf("%s: more than %d entries: %w", r.Name, maxEntries, ErrTooLarge)
	}
	r.Entries = append(r.Entries, DirectoryEntry{Name: name, Offset: int64(offset)})
	return &r.Entries[len(r.Entries)-1], r.check()
}

// directory adds the file's name to what stopped the reading of it.
func (r *reading) directory(err error) error {
	if errors.Is(err, ErrTooLarge) && !strings.HasPrefix(err.Error(), r.Name) {
		return say.Errorf("%s: %w", r.Name, err)
	}
	return err
}

// ldifAttributes are the attributes whose values are read: RFC 4523, Section 4, RFC 2798,
// Section 2.8 and 2.9, and userPKCS12 of the same.
var ldifAttributes = map[string]bool{
	"usercertificate": true, "usersmimecertificate": true, "cacertificate": true, "userpkcs12": true,
	"certificaterevocationlist": true, "authorityrevocationlist": true, "deltarevocationlist": true,
}

// parseLDIF reads the certificates of a directory. A value that is damaged stays in its
// place with the reason.
func (r *reading) parseLDIF(text []byte) error {
	r.Format = LDIF
	var entry *DirectoryEntry
	return r.directory(contentLines(text, func(l contentLine) error {
		encoded := bytes.HasPrefix(l.value, []byte(":"))
		value := bytes.TrimSpace(bytes.TrimPrefix(l.value, []byte(":")))
		var err error
		if encoded && (l.name == "dn" || l.name == "mail") { // in UTF-8, RFC 2849
			if value, err = decodeValue(value); err != nil {
				value = nil
			}
		}
		switch {
		case l.name == "":
			entry = nil
			return nil
		case l.name == "dn":
			entry, err = r.addEntry(string(value), l.offset)
			return err
		case entry == nil:
			return nil
		case l.name == "mail":
			entry.addAddress(string(value))
			return nil
		case !ldifAttributes[l.name]:
			return nil
		case bytes.HasPrefix(value, []byte("<")):
			r.Ignored = append(r.Ignored, Ignored{Kind: say.New("%s, whose value is in another file", l.name), Offset: int64(l.offset)})
			return r.check()
		}
		if encoded {
			value, err = decodeValue(value)
		}
		return r.addValue(entry, value, err, l.offset)
	}))
}

// parseVCard reads the certificates of cards. Keys of OpenPGP are none.
func (r *reading) parseVCard(text []byte) error {
	r.Format = VCard
	var entry *DirectoryEntry
	return r.directory(contentLines(text, func(l contentLine) error {
		value := bytes.TrimSpace(l.value)
		var err error
		switch {
		case l.name == "begin" && strings.EqualFold(string(value), "vcard"):
			entry, err = r.addEntry("", l.offset)
			return err
		case entry == nil:
			return nil
		case l.name == "end":
			entry = nil
		case l.name == "fn":
			entry.Name = string(value)
		case l.name == "email":
			entry.addAddress(strings.TrimPrefix(string(value), "mailto:"))
		case l.name != "key":
		case len(value) >= 5 && strings.EqualFold(string(value[:5]), "data:"):
			kind, data, _ := strings.Cut(string(value[5:]), ",")
			if kind = strings.ToLower(kind); strings.Contains(kind, "pgp") {
				return nil
			}
			if strings.HasSuffix(kind, ";base64") {
				value, err = decodeValue([]byte(data))
			} else {
				data, err = url.PathUnescape(data)
				value = []byte(data)
			}
			return r.addValue(entry, value, err, l.offset)
		case strings.Contains(l.params, "pgp"):
		case strings.Contains(l.params, "encoding=b"), strings.Contains(l.params, "base64"):
			value, err = decodeValue(value)
			return r.addValue(entry, value, err, l.offset)
		case bytes.Contains(value, []byte("://")):
			r.Ignored = append(r.Ignored, Ignored{Kind: say.New("%s, whose value is in another file", l.name), Offset: int64(l.offset)})
			return r.check()
		}
		return nil
	}))
}

func (e *DirectoryEntry) addAddress(address string) {
	if address != "" && len(e.Addresses) < maxEntryMails {
		e.Addresses = append(e.Addresses, address)
	}
}

// decodeValue decodes base64 with blanks in it.
func decodeValue(text []byte) ([]byte, error) {
	data, err := base64.StdEncoding.AppendDecode(nil, withoutBlanks(text))
	if err != nil {
		return nil, errNoDirectoryValue
	}
	return data, nil
}

// addValue reads a value of an entry: a certificate, the signed message in which
// programs keep theirs (RFC 2798, Section 2.8), a revocation list or a PFX.
func (r *reading) addValue(entry *DirectoryEntry, der []byte, fault error, offset int) error {
	before := len(r.Certificates)
	if bytes.HasPrefix(bytes.TrimSpace(der), pemBegin) {
		if block, err := decodeBlock(bytes.TrimSpace(der)); err == nil {
			der = block
		}
	}
	switch shape := derShape(der); {
	case fault != nil:
		r.Certificates = append(r.Certificates, undecoded(fault, int64(offset)))
	case len(der) == 0:
		r.Certificates = append(r.Certificates, undecoded(errEmptyValue, int64(offset)))
	case shape == shapeCRL:
		r.CRLs = append(r.CRLs, CRL{Raw: der, Offset: int64(offset)})
	case shape == shapePKCS7:
		m, err := pkcs7.Parse(der)
		if err != nil {
			r.Certificates = append(r.Certificates, undecoded(err, int64(offset)))
			break
		}
		for _, c := range m.Certificates {
			r.Certificates = append(r.Certificates, Certificate{Certificate: r.cache.One(c), Offset: int64(offset)})
		}
	case shape == shapePFX:
		r.addInner(r.inspect(r.password, der))
	case shape == shapeKey:
		r.Keys = append(r.Keys, FoundKey{Kind: "PRIVATE KEY", Offset: int64(offset)})
	default:
		r.Certificates = append(r.Certificates, r.at(der, int64(offset)))
	}
	for i := range r.Certificates[before:] {
		if c := &r.Certificates[before+i]; c.Raw != nil {
			entry.Certificates = append(entry.Certificates, c.Certificate)
		}
	}
	return r.check()
}
