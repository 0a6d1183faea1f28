package bundle

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"mime/quotedprintable"
	"strconv"
	"strings"

	"github.com/smimechain/smimechain/internal/textfile"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// What people copy out of programs, mails and source code is a file in a form that nothing
// imports: in quotation marks, as a list of numbers, in base64 twice. Where that can be
// undone, it is, with a notice of what was undone. A PFX is named and not opened: what it
// is in this form no program takes.

const whyDisguisedPFX say.Text = "it is a PFX, but as numbers, in base64 twice, in quoted-printable or with something around it, which no program imports; get it again from its source as a file, or make it binary"

// Limits on undoing.
const (
	maxDisguises    = 3        // forms, one in another
	maxDisguiseSize = 16 << 20 // octets of such a form
)

// disguises are the forms, with what is said of each where it was undone. The functions
// return nil for what does not have the form.
var disguises = []struct {
	notice say.Text
	armor  pkcs7.Armor
	undo   func(r *reading, text []byte) []byte
}{
	{"something before the binary data", pkcs7.Binary, func(_ *reading, text []byte) []byte { return undressed(text) }},
	{"quotation marks or the like around base64 text, or base64 of text", pkcs7.Base64, (*reading).base64Within},
	{"a list of numbers", pkcs7.Binary, func(_ *reading, text []byte) []byte { return numbersWithin(text) }},
	{"escapes of a string", pkcs7.Hex, func(_ *reading, text []byte) []byte { return escapesWithin(text) }},
	{"quoted-printable", pkcs7.Binary, func(_ *reading, text []byte) []byte { return quotedPrintable(text) }},
}

// parseDisguised reads what text or binary data is in such a form, and reports whether it
// was recognised.
func (r *reading) parseDisguised(text []byte) (bool, error) {
	if r.disguises == maxDisguises || len(text) > maxDisguiseSize {
		return false, nil
	}
	r.disguises++
	defer func() { r.disguises-- }()
	for _, d := range disguises {
		inner := d.undo(r, text)
		binary := derShape(inner) != shapeUnknown || bytes.HasPrefix(inner, storeHeader) || isBinaryPropertyList(inner)
		plain, _ := textfile.UTF8(inner)
		if len(inner) == 0 || !binary && !isPrinted(plain) {
			continue
		}
		if derShape(inner) == shapePFX {
			return false, &UnrecognizedError{Name: r.Name, Why: whyDisguisedPFX}
		}
		before := *r.File
		err := r.parse(inner)
		unrecognized, unknown := errors.AsType[*UnrecognizedError](err)
		if r.PFX != nil || unknown && unrecognized.Why == whyDisguisedPFX {
			*r.File = before
			return false, &UnrecognizedError{Name: r.Name, Why: whyDisguisedPFX}
		}
		if unknown {
			*r.File = before
			if binary && unrecognized.Why != whyUnknown {
				return false, err
			}
			continue
		}
		if err != nil {
			return false, err
		}
		if r.Armor == pkcs7.Binary {
			r.Armor = d.armor
		}
		r.Ignored = append(r.Ignored, Ignored{Kind: say.New(d.notice)})
		return true, nil
	}
	return false, nil
}

// undressed returns binary data without white space before it, or without quotation marks
// around it.
func undressed(data []byte) []byte {
	const most = 16 // octets before it
	inner := bytes.TrimLeft(data[:min(len(data), most)], " \t\r\n\"'")
	at := min(len(data), most) - len(inner)
	if at == 0 {
		return nil
	}
	rest := data[at:]
	if derShape(rest) == shapeUnknown && !bytes.HasPrefix(rest, storeHeader) {
		return nil
	}
	if mark := data[at-1]; mark == '"' || mark == '\'' {
		rest = bytes.TrimSuffix(bytes.TrimRight(rest, "\r\n"), []byte{mark})
	}
	return rest
}

// around are characters that stand around base64 text and between its parts, in mails,
// documents and source code.
var around = strings.NewReplacer(
	"=3D", "=", "=\r\n", "", "=\n", "", `\r`, "", `\n`, "", `\t`, "", `\/`, "/", `"`, "", `'`, "", "`", "", ",", "", ";", "", "(", "", ")", "", "[", "", "]", "", "{", "", "}", "", "<", "", ">", "", "|", "",
	"“", "", "”", "", "„", "", "‘", "", "’", "", "‚", "", "«", "", "»", "", "「", "", "」", "",
	"\u00a0", "", "\u200b", "", "\u2060", "", "\ufeff", "", "\x00", "", "-", "+", "_", "/",
)

// base64Within returns what base64 text holds once all is gone that stands around it; the
// alphabet may be that of addresses (RFC 4648, Section 5).
func (r *reading) base64Within(text []byte) []byte {
	const shortest = 64 // characters
	if isBinary(text) {
		return nil
	}
	if bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n\"'"), []byte("data:")) { // RFC 2397
		if comma := bytes.IndexByte(text, ','); comma < 200 {
			text = text[comma+1:]
		}
	}
	inner := around.Replace(string(text))
	if len(inner) < shortest {
		return nil
	}
	data, _ := r.decodeBase64([]byte(inner))
	return data
}

// isBinary reports whether data begins with what no text has.
func isBinary(data []byte) bool {
	return bytes.ContainsFunc(data[:min(len(data), 64)], func(c rune) bool { return c < ' ' && c != '\t' && c != '\r' && c != '\n' })
}

// numbersWithin returns the octets of a list of numbers: decimal ones, those of Java below
// zero too, or hexadecimal ones with 0x.
func numbersWithin(text []byte) []byte {
	const least = 32 // numbers
	if isBinary(text) {
		return nil
	}
	text = text[bytes.LastIndexAny(text, "([{")+1:]
	text = bytes.TrimRight(text, ")]}; \t\r\n")
	var data []byte
	for field := range bytes.FieldsFuncSeq(text, func(c rune) bool { return c == ',' || c == ';' || c == ' ' || c == '\t' || c == '\r' || c == '\n' }) {
		n, err := int64(0), error(nil)
		if digits, ok := bytes.CutPrefix(bytes.ToLower(field), []byte("0x")); ok {
			n, err = strconv.ParseInt(string(digits), 16, 16)
		} else {
			n, err = strconv.ParseInt(string(field), 10, 16)
		}
		if err != nil || n < -128 || n > 255 {
			return nil
		}
		data = append(data, byte(n))
	}
	if len(data) < least {
		return nil
	}
	return data
}

// escapesWithin returns the octets of a string of source code in which each is \x and two
// digits.
func escapesWithin(text []byte) []byte {
	if !bytes.Contains(text[:min(len(text), 64)], []byte(`\x`)) {
		return nil
	}
	compact := withoutBlanks([]byte(strings.NewReplacer(`\x`, "", `"`, "", "'", "", ";", "", ",", "", "b'", "").Replace(string(text))))
	data, err := hex.AppendDecode(nil, compact)
	if err != nil {
		return nil
	}
	return data
}

// quotedPrintable decodes binary data in quoted-printable (RFC 2045, Section 6.7).
func quotedPrintable(text []byte) []byte {
	begins := bytes.TrimLeft(text, " \t\r\n")
	if !bytes.HasPrefix(begins, []byte("0=8")) && !bytes.HasPrefix(begins, []byte("=30=8")) && !bytes.HasPrefix(begins, []byte("=00=00=00=00")) {
		return nil
	}
	data, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(begins)))
	if err != nil {
		return nil
	}
	return data
}
