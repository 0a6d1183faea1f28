package bundle

import (
	"encoding/binary"
	"maps"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/internal/textfile"
	"github.com/smimechain/smimechain/lint/say"
)

// Names of streams and storages of a message of Outlook (MS-OXMSG, Section 2.2): of
// properties, the identifier and the type in hexadecimal digits.
const (
	propertyPrefix   = "__substg1.0_"
	attachmentPrefix = "__attach_version1.0_#"
	propertyStream   = "__properties_version1.0"

	propHeaders       = "007D" // of the message as it came
	propClass         = "001A"
	propSender        = "0C1F" // an address of the type in 0C1E
	propSenderType    = "0C1E"
	propSenderSMTP    = "5D01"
	propAuthor        = "0065" // the same, of who it was sent for
	propAuthorType    = "0064"
	propAuthorSMTP    = "5D02"
	propData          = "3701" // of an attachment
	propLongFilename  = "3707"
	propShortFilename = "3704"
)

// outlookMessage is a storage of properties.
type outlookMessage struct {
	file    *compound
	entries map[string]*compoundFile
}

// parseOutlookMessage reads a message that Outlook saved, and reports whether the
// compound file is one.
func (r *reading) parseOutlookMessage(data []byte) (bool, error) {
	c, err := readCompound(data)
	if err != nil {
		return true, say.Errorf("%s: %w", r.Name, err)
	}
	m := outlookMessage{c, c.children(&c.entries[0])}
	if m.entries[propertyStream] == nil {
		return true, &UnrecognizedError{Name: r.Name, Why: "it is a compound file of another program, such as an old Word document"}
	}
	r.Format = OutlookMessage
	mr := &mailReader{reading: r}
	if err := mr.outlook(m, "", 0); err != nil {
		return true, err
	}
	return true, mr.done()
}

// text returns a property of text, "" where it is missing or damaged.
func (m outlookMessage) text(id string) string {
	if e := m.entries[propertyPrefix+id+"001F"]; e != nil {
		b, _ := m.file.stream(e)
		return strings.TrimRight(string(textfile.UTF16(b, binary.LittleEndian)), "\x00")
	}
	if e := m.entries[propertyPrefix+id+"001E"]; e != nil {
		b, _ := m.file.stream(e)
		return strings.TrimRight(string(b), "\x00")
	}
	return ""
}

// outlook reads a message; part says where it stands inside another.
func (r *mailReader) outlook(m outlookMessage, part string, depth int) error {
	if r.parts++; r.parts > maxMailParts || depth > r.limits.Depth {
		return say.Errorf("%s: more than %d parts or %d levels of them: %w", r.Name, maxMailParts, r.limits.Depth, ErrTooLarge)
	}
	r.number++
	r.Messages = append(r.Messages, m.envelope(r.number, part))
	at := place{message: len(r.Messages) - 1, part: "1", depth: depth}
	names := slices.Sorted(maps.Keys(m.entries))
	names = slices.DeleteFunc(names, func(n string) bool { return !strings.HasPrefix(n, attachmentPrefix) })
	smime := strings.HasPrefix(strings.ToUpper(m.text(propClass)), "IPM.NOTE.SMIME")
	for i, name := range names {
		if err := r.check(); err != nil {
			return err
		}
		below := at.below(i + 1)
		below.partial = len(names) > 1 || !smime
		if smime && len(names) == 1 {
			below.part = at.part
		}
		if err := r.outlookAttachment(outlookMessage{m.file, m.file.children(m.entries[name])}, below); err != nil {
			return err
		}
	}
	return nil
}

// envelope returns what a message says of itself: its own header, where it came over
// the internet, else who Outlook says sent it.
func (m outlookMessage) envelope(number int, part string) MailMessage {
	e := MailMessage{Number: number, Part: part}
	if header, _, err := splitHeader([]byte(m.text(propHeaders))); err == nil {
		e.readHeader(header)
	}
	address := func(smtp, kind, other string) []string {
		if a := m.text(smtp); a != "" {
			return []string{a}
		}
		if a := m.text(other); strings.EqualFold(m.text(kind), "SMTP") && a != "" {
			return []string{a}
		}
		return nil
	}
	if len(e.From) == 0 {
		e.From = address(propAuthorSMTP, propAuthorType, propAuthor)
		e.Sender = address(propSenderSMTP, propSenderType, propSender)
		if len(e.From) == 0 {
			e.From = e.Sender
		}
	}
	return e
}

// outlookAttachment reads an attachment, which may be a message itself.
func (r *mailReader) outlookAttachment(a outlookMessage, at place) error {
	if inner := a.entries[propertyPrefix+propData+"000D"]; inner != nil {
		return r.outlook(outlookMessage{a.file, a.file.children(inner)}, at.part, at.depth+1)
	}
	e := a.entries[propertyPrefix+propData+"0102"]
	if e == nil {
		return nil
	}
	data, err := a.file.stream(e)
	if err != nil {
		return r.unreadable(at, err)
	}
	name := a.text(propLongFilename)
	if name == "" {
		name = a.text(propShortFilename)
	}
	return r.attachment(data, name, at)
}
