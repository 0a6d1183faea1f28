package bundle

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-message/textproto"
	"github.com/smimechain/smimechain/internal/textfile"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// Limits on messages.
const (
	maxMailParts  = 1000    // parts of a message in all
	maxMessages   = 1000    // of a file
	maxMailHeader = 1 << 20 // octets of a header
	maxAddresses  = 1000    // of a field
)

// isMail reports whether text begins like a message, or a part of one: header fields,
// one of which says what the content is.
func isMail(text []byte) bool {
	for line := range bytes.SplitSeq(text, []byte("\n")) {
		line = bytes.TrimSuffix(line, []byte("\r"))
		name, _, ok := bytes.Cut(line, []byte(":"))
		switch {
		case len(line) == 0:
			return false // the header ends
		case line[0] == ' ' || line[0] == '\t':
		case !ok || bytes.ContainsAny(name, " \t"):
			return false
		case bytes.EqualFold(name, []byte("Content-Type")):
			return true
		}
	}
	return false
}

// isPlainMail reports whether text begins like a message that says nothing of its content:
// header fields, of which From and another one of mail are there, and an empty line.
func isPlainMail(text []byte) bool {
	from, other := false, false
	for line := range bytes.SplitSeq(text, []byte("\n")) {
		line = bytes.TrimSuffix(line, []byte("\r"))
		name, _, ok := bytes.Cut(line, []byte(":"))
		switch {
		case len(line) == 0:
			return from && other
		case line[0] == ' ' || line[0] == '\t':
		case !ok || bytes.ContainsAny(name, " \t"):
			return false
		case bytes.EqualFold(name, []byte("From")):
			from = true
		default:
			other = other || slices.ContainsFunc([]string{"To", "Date", "Subject", "Message-ID", "Received"}, func(s string) bool { return strings.EqualFold(string(name), s) })
		}
	}
	return false
}

// parseMail reads a message (RFC 5322) with what S/MIME it has (RFC 8551). One without
// any is not recognised.
func (r *reading) parseMail(text []byte) error {
	r.Format = Mail
	mr := &mailReader{reading: r}
	if err := mr.message(text, "", 0); err != nil {
		return err
	}
	return mr.done()
}

// mailReader walks through the parts of messages.
type mailReader struct {
	*reading
	number    int   // of the last message of the file
	parts     int   // of the message
	unpacked  int   // octets that were decoded
	causeWork int   // octets hashed to find what changed texts
	attached  bool  // a part has the name of a file of certificates
	open      int   // multiparts around what is read that have no end
	mbox      bool  // lines of the text that begin with From have a > before them
	first     error // of the parts that could not be read
}

// done says what a file is that holds no S/MIME, and of one that holds nothing
// readable of it, why.
func (r *mailReader) done() error {
	found := false
	for i := range r.Messages {
		for _, l := range r.Messages[i].Layers {
			found = found || l.Kind != LayerUnreadable
		}
	}
	switch {
	case found:
		return nil
	case r.first != nil:
		return say.Errorf("%s: %w", r.Name, r.first)
	case r.attached:
		return &UnrecognizedError{Name: r.Name, Why: "it is a message that is neither signed nor encrypted with S/MIME: save what is attached to it, and give that"}
	default:
		return &UnrecognizedError{Name: r.Name, Why: whyPlainMail}
	}
}

// place is where a part stands.
type place struct {
	message int // index in File.Messages
	part    string
	partial bool // other parts stand beside it
	depth   int
}

func (p place) below(i int) place {
	p.part, p.depth = fmt.Sprintf("%s.%d", p.part, i), p.depth+1
	return p
}

// message reads a message; part says where it stands inside another.
func (r *mailReader) message(text []byte, part string, depth int) error {
	if len(r.Messages) >= maxMessages {
		return say.Errorf("%s: more than %d messages with S/MIME: %w: split it", r.Name, maxMessages, ErrTooLarge)
	}
	r.number++
	if part == "" {
		r.parts = 0
	}
	m := MailMessage{Number: r.number, Part: part}
	header, body, err := splitHeader(text)
	switch {
	case errors.Is(err, ErrTooLarge):
		return say.Errorf("%s: the header of a message has more than %d octets: %w", r.Name, maxMailHeader, err)
	case err != nil:
		return r.badHeader(part)
	}
	m.readHeader(header)
	r.Messages = append(r.Messages, m)
	return r.entity(header, body, place{message: len(r.Messages) - 1, part: "1", depth: depth})
}

func (r *mailReader) badHeader(part string) error {
	if part != "" || r.number > 1 {
		return nil // a part that says nothing
	}
	return &UnrecognizedError{Name: r.Name, Why: "it looks like a message whose header is malformed"}
}

// readHeader reads what a message says of itself.
func (m *MailMessage) readHeader(header message.Header) {
	h := mail.Header{Header: header}
	addresses := func(field string) []string {
		var list []string
		for fields := h.FieldsByKey(field); fields.Next(); {
			all, err := mail.ParseAddressList(fields.Value())
			if err != nil {
				continue
			}
			for _, a := range all[:min(len(all), maxAddresses-len(list))] {
				list = append(list, a.Address)
			}
		}
		return list
	}
	m.From, m.Sender = addresses("From"), addresses("Sender")
	if at, err := h.Date(); err == nil {
		m.Date = at.UTC()
	}
}

// splitHeader reads a header and returns what follows it.
func splitHeader(text []byte) (message.Header, []byte, error) {
	end := len(text)
	for at := 0; at < len(text); {
		line := bytes.IndexByte(text[at:], '\n')
		if line < 0 {
			break
		}
		if blank := text[at : at+line]; len(blank) == 0 || len(blank) == 1 && blank[0] == '\r' {
			end = at + line + 1
			break
		}
		if at += line + 1; at > maxMailHeader {
			return message.Header{}, nil, ErrTooLarge
		}
	}
	if end > maxMailHeader+2 {
		return message.Header{}, nil, ErrTooLarge
	}
	h, err := textproto.ReadHeader(bufio.NewReader(bytes.NewReader(text[:end])))
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return message.Header{}, nil, err
	}
	return message.Header{Header: h}, text[end:], nil
}

// octets reads a part from its octets.
func (r *mailReader) octets(text []byte, at place) error {
	header, body, err := splitHeader(text)
	switch {
	case errors.Is(err, ErrTooLarge):
		return r.unreadable(at, say.Errorf("the header of a part has more than %d octets: %w", maxMailHeader, err))
	case err != nil:
		return nil // a part that says nothing
	}
	return r.entity(header, body, at)
}

// certificateFiles are the endings of files that CAs send, in small letters.
var certificateFiles = []string{".cer", ".crt", ".der", ".pem", ".p7b", ".spc", ".pfx", ".p12", ".sst", ".zip"}

// entity reads one part, and those inside it.
func (r *mailReader) entity(header message.Header, body []byte, at place) error {
	if r.parts++; r.parts > maxMailParts || at.depth > r.limits.Depth {
		return say.Errorf("%s: more than %d parts or %d levels of them: %w", r.Name, maxMailParts, r.limits.Depth, ErrTooLarge)
	}
	if err := r.check(); err != nil {
		return err
	}
	kind, params, err := header.ContentType()
	if err != nil {
		if said := strings.ToLower(header.Get("Content-Type")); strings.Contains(said, "multipart/signed") || strings.Contains(said, "pkcs7-") {
			return r.unreadable(at, say.Errorf("S/MIME part: the Content-Type cannot be read: %v", err))
		}
		return nil // not of S/MIME, whatever it is
	}
	name := strings.ToLower(params["name"])
	if _, disposition, err := header.ContentDisposition(); err == nil && disposition["filename"] != "" {
		name = strings.ToLower(disposition["filename"])
	}
	r.attached = r.attached || slices.Contains(certificateFiles, path.Ext(name))
	switch kind = strings.ToLower(kind); {
	case strings.HasPrefix(kind, "multipart/"):
		return r.multipart(kind, params, body, at)
	case kind == "message/rfc822", kind == "message/global":
		text, err := r.decode(header, body)
		if err != nil {
			return err
		}
		return r.message(text, at.part, at.depth+1)
	case kind == "application/pkcs7-signature", kind == "application/x-pkcs7-signature",
		kind == "application/pkcs7-mime", kind == "application/x-pkcs7-mime":
		data, err := r.decode(header, body)
		if err != nil {
			return r.unreadable(at, err)
		}
		return r.cms(data, nil, at)
	case kind == "application/ms-tnef", kind == "application/vnd.ms-tnef":
		data, err := r.decode(header, body)
		if err != nil {
			return r.unreadable(at, err)
		}
		return r.tnef(data, at)
	case kind == "application/octet-stream":
		return r.byName(header, body, name, at)
	default:
		return nil
	}
}

// byName reads a part that says nothing of itself but its name (RFC 8551, Section
// 3.9): S/MIME, as relays and Exchange send it on, and Outlook's winmail.dat.
func (r *mailReader) byName(header message.Header, body []byte, name string, at place) error {
	of := func(ends ...string) bool {
		for _, e := range ends {
			if strings.HasSuffix(name, e) {
				return true
			}
		}
		return false
	}
	if !of(".p7m", ".p7s", ".p7c", ".p7z", "winmail.dat", ".eml") {
		return nil
	}
	data, err := r.decode(header, body)
	if err != nil {
		return r.unreadable(at, err)
	}
	switch {
	case isTNEF(data):
		return r.tnef(data, at)
	case of(".eml") && isMail(data):
		return r.message(data, at.part, at.depth+1)
	case derShape(data) == shapePKCS7:
		return r.cms(data, nil, at)
	}
	return nil
}

// decode takes the transfer encoding away.
func (r *mailReader) decode(header message.Header, body []byte) ([]byte, error) {
	encoding := strings.ToLower(strings.TrimSpace(header.Get("Content-Transfer-Encoding")))
	if encoding != "base64" && encoding != "quoted-printable" {
		return body, nil
	}
	if encoding == "base64" && !bytes.ContainsAny(body[:min(len(body), 4)], "\r\n ") && len(body) > 0 && body[0] == 0x30 && derShape(body) == shapePKCS7 {
		return body, nil // binary, whatever it says
	}
	// An error is of the charset, which does not matter.
	entity, _ := message.New(header, untilDone{r.ctx, bytes.NewReader(body)})
	var out bytes.Buffer
	size := len(body)
	if encoding == "base64" {
		size = len(body) / 4 * 3
	}
	out.Grow(min(size, r.left()) + 512)
	_, err := out.ReadFrom(io.LimitReader(entity.Body, int64(r.left())+1))
	if err := r.unpack(out.Len()); err != nil {
		return nil, err
	}
	if err != nil {
		if r.ctx.Err() != nil {
			return nil, say.Errorf("%s: %w", r.Name, r.ctx.Err())
		}
		if encoding == "base64" && isUnpadded(body) {
			return nil, say.Errorf("%v", endOfMail)
		}
		return nil, say.Errorf("S/MIME part: malformed %s", encoding)
	}
	return out.Bytes(), nil
}

// left is how many octets may still be decoded: in all, no more than a file may have.
func (r *mailReader) left() int { return max(r.limits.Size-r.unpacked, 0) }

func (r *mailReader) unpack(n int) error {
	if n > r.left() {
		return say.Errorf("%s: %w: more than %d bytes when unpacked", r.Name, ErrTooLarge, r.limits.Size)
	}
	r.unpacked += n
	return nil
}

// endOfMail is said of a message that was cut off, for instance by a limit on its size.
const endOfMail say.Text = "the end of the message is missing: get it again from its source"

// unreadable notes a part of S/MIME that cannot be read; limits and the context end
// the reading.
func (r *mailReader) unreadable(at place, err error) error {
	if errors.Is(err, ErrTooLarge) || r.ctx.Err() != nil {
		return err
	}
	if r.open > 0 {
		err = say.Errorf("%v", endOfMail)
	}
	if r.first == nil {
		r.first = err
	}
	r.addLayer(at, Layer{Kind: LayerUnreadable, Err: err})
	return nil
}

func (r *mailReader) addLayer(at place, l Layer) {
	m := &r.Messages[at.message]
	l.Part, l.Partial = at.part, at.partial
	m.Layers = append(m.Layers, l)
}

// multipart reads the parts of one, and of multipart/signed (RFC 1847) what is signed.
func (r *mailReader) multipart(kind string, params map[string]string, body []byte, at place) error {
	boundary := params["boundary"]
	if boundary == "" {
		return nil
	}
	parts, whole := splitParts(body, boundary, maxMailParts+1)
	if !whole {
		r.open++
		defer func() { r.open-- }()
	}
	if kind == "multipart/signed" && len(parts) >= 2 {
		at.partial = at.partial || len(parts) > 2 // which it must not have (RFC 1847, Section 2.1)
		if ok, err := r.signedParts(parts, at); ok || err != nil {
			return err
		}
	}
	if protocol := strings.ToLower(params["protocol"]); kind == "multipart/signed" && !whole &&
		(protocol == "application/pkcs7-signature" || protocol == "application/x-pkcs7-signature") {
		if err := r.unreadable(at, say.Errorf("%v", endOfMail)); err != nil {
			return err
		}
	}
	for i, p := range parts {
		below := at.below(i + 1)
		below.partial = at.partial || len(parts) > 1
		if err := r.octets(p, below); err != nil {
			return err
		}
	}
	return nil
}

// signedParts reads the two parts of multipart/signed and reports whether they are of
// S/MIME.
func (r *mailReader) signedParts(parts [][]byte, at place) (bool, error) {
	header, body, err := splitHeader(parts[1])
	if err != nil {
		return false, nil
	}
	switch kind, params, _ := header.ContentType(); strings.ToLower(kind) {
	case "application/pkcs7-signature", "application/x-pkcs7-signature":
	case "application/octet-stream":
		if !strings.HasSuffix(strings.ToLower(params["name"]), ".p7s") {
			return false, nil
		}
	default:
		return false, nil
	}
	r.parts++ // the signature
	data, err := r.decode(header, body)
	if err != nil {
		err = r.unreadable(at, err)
	} else {
		err = r.cms(data, parts[0], at)
	}
	if err != nil {
		return true, err
	}
	return true, r.octets(parts[0], at.below(1))
}

// cms reads a part of S/MIME: what is in it, or the signature of what stands before it.
func (r *mailReader) cms(data, signed []byte, at place) error {
	m, err := pkcs7.Parse(data)
	if u, ok := errors.AsType[*pkcs7.ContentTypeError](err); ok {
		switch {
		case u.IsEncrypted():
			return r.encrypted(data, at)
		case u.IsCompressed():
			return r.compressed(data, at)
		}
	}
	if err != nil {
		return r.unreadable(at, orCut(err, data))
	}
	if text, _ := textfile.UTF8(m.Content); m.Signers > 0 && isProfile(text) {
		return r.unreadable(at, say.Errorf("%v", profileInText))
	}
	first := len(r.Certificates)
	r.addMessage(m, 0)
	if m.Signers == 0 {
		r.addLayer(at, Layer{Kind: layerCertificates})
		return r.check()
	}
	signatures, err := r.verify(m, signed, first)
	if err != nil {
		return err
	}
	r.addLayer(at, Layer{Kind: LayerSigned, Detached: m.Detached(), Signatures: signatures})
	if err := r.check(); err != nil || m.Detached() || m.Content == nil {
		return err
	}
	return r.octets(m.Content, at.below(1))
}

// orCut is err, or that the end is missing where data is shorter than it says, or nothing.
func orCut(err error, data []byte) error {
	if len(bytes.TrimSpace(data)) < len("\x30\x80") || isCut(data) {
		return say.Errorf("%v", endOfMail)
	}
	return err
}

func (r *mailReader) encrypted(data []byte, at place) error {
	e, err := pkcs7.ParseEncrypted(data)
	if err != nil {
		return r.unreadable(at, orCut(err, data))
	}
	r.addLayer(at, Layer{Kind: LayerEncrypted, Encrypted: e})
	return nil
}

func (r *mailReader) compressed(data []byte, at place) error {
	inner, err := pkcs7.Decompress(data, r.left())
	switch {
	case errors.Is(err, pkcs7.ErrTooLarge):
		return say.Errorf("%s: %w: more than %d bytes when unpacked", r.Name, ErrTooLarge, r.limits.Size)
	case err != nil:
		return r.unreadable(at, orCut(err, data))
	}
	if err := r.unpack(len(inner)); err != nil {
		return err
	}
	r.addLayer(at, Layer{Kind: layerCompressed})
	return r.octets(inner, at.below(1))
}

// splitParts returns the parts of a multipart body as they stand between the
// boundaries (RFC 2046, Section 5.1.1), at most a number of them. The line ending before
// a boundary belongs to that. Where the last boundary is missing, they are not whole, and
// the last part goes to the end.
func splitParts(body []byte, boundary string, most int) (parts [][]byte, whole bool) {
	delimiter := []byte("--" + boundary)
	start := -1 // of the part that is open
	for at := 0; at <= len(body) && len(parts) < most; {
		i := bytes.Index(body[at:], delimiter)
		if i < 0 {
			break
		}
		i += at
		end := i + len(delimiter)
		at = end
		if i > 0 && body[i-1] != '\n' {
			continue
		}
		line := body[end:]
		if n := bytes.IndexByte(line, '\n'); n >= 0 {
			line = line[:n]
		}
		rest := bytes.TrimRight(line, " \t\r")
		last := bytes.Equal(rest, []byte("--"))
		if !last && len(rest) > 0 {
			continue // of another boundary that begins alike
		}
		if start >= 0 {
			stop := max(i-1, start)
			if stop > start && body[stop-1] == '\r' {
				stop--
			}
			parts = append(parts, body[start:stop])
		}
		at = min(end+len(line)+1, len(body))
		start = at
		if last {
			return parts, true
		}
		if end+len(line) >= len(body) {
			break
		}
	}
	if start >= 0 && start < len(body) && len(parts) < most {
		parts = append(parts, body[start:])
	}
	return parts, false
}
