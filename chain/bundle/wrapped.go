package bundle

import (
	"bytes"
	"encoding/hex"
	"errors"
	"regexp"
	"strconv"

	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// parseWrapped reads what stands in the one block of PEM that is labelled as a
// certificate and is none, and reports whether it was recognised.
func (r *reading) parseWrapped(text []byte) (bool, error) {
	start := bytes.Index(text, pemBegin)
	if start < 0 || bytes.Contains(text[start+1:], pemBegin) {
		return false, nil
	}
	label, _ := pemLabel(text[start+len(pemBegin):])
	if !isCertificateLabel(label) {
		return false, nil
	}
	end := bytes.Index(text, []byte("-----END "+label+"-----"))
	if end < start {
		return false, nil
	}
	data, err := decodeBlock(text[start : end+len("-----END ")+len(label)+len(pemDash)])
	if err != nil || len(data) == 0 || derShape(data) == shapeCertificate {
		return false, nil
	}
	return r.unwrap(data, pkcs7.PEM)
}

// unwrap reads what was wrapped in text. What is not recognised leaves no trace.
func (r *reading) unwrap(data []byte, armor pkcs7.Armor) (bool, error) {
	before := *r.File
	err := r.parse(data)
	if u, unknown := errors.AsType[*UnrecognizedError](err); unknown && !u.propertyList() {
		*r.File = before
		return false, nil
	}
	if r.Armor == pkcs7.Binary {
		r.Armor = armor
	}
	return true, err
}

// parsePath reads a PkiPath (ITU-T X.509; RFC 6066, Section 10.1): certificates, each of
// which issued the next.
func (r *reading) parsePath(data []byte) error {
	s := cryptobyte.String(data)
	var path cryptobyte.String
	if !s.ReadASN1(&path, asn1.SEQUENCE) || !s.Empty() {
		return &UnrecognizedError{Name: r.Name, Why: endMissing}
	}
	r.Format = PKIPath
	for at := len(data) - len(path); !path.Empty(); {
		var c cryptobyte.String
		if !path.ReadASN1Element(&c, asn1.SEQUENCE) {
			r.Certificates = append(r.Certificates, undecoded(say.Errorf("%v", endMissing), int64(at)))
			return nil
		}
		r.Certificates = append(r.Certificates, r.at(c, int64(at)))
		at += len(c)
		if err := r.check(); err != nil {
			return err
		}
	}
	return nil
}

// hexLine is a line of a dump in hexadecimal digits: the place, the octets, and the
// characters that they are, as certutil, xxd, hexdump, od and Format-Hex print it.
var hexLine = regexp.MustCompile(`^[ \t]*(?:0x)?([0-9A-Fa-f]{4,16}):?[ \t]+((?:[0-9A-Fa-f]{2,4} {1,3})*[0-9A-Fa-f]{2,4})(?:[ \t]{2,}.*|[ \t]*\|.*|[ \t]*)$`)

const whyHexPFX say.Text = "it is a PFX printed in hexadecimal digits, which no program imports; make it binary with certutil -decodehex"

// parseHex reads what hexadecimal digits show, with places before them or without, and
// reports whether it was recognised.
func (r *reading) parseHex(text []byte) (bool, error) {
	data := hexDump(text)
	if data == nil {
		data = digitsOnly(text)
	}
	switch {
	case isPrinted(data): // or nothing
		return false, nil
	case derShape(data) == shapePFX:
		return false, &UnrecognizedError{Name: r.Name, Why: whyHexPFX}
	}
	return r.unwrap(data, pkcs7.Hex)
}

// digitsOnly decodes text that is nothing but hexadecimal digits with what is put between
// them.
func digitsOnly(text []byte) []byte {
	const shortest = 32 // digits
	compact := make([]byte, 0, len(text))
	for field := range bytes.FieldsFuncSeq(text, func(c rune) bool {
		return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ':' || c == '-' || c == ','
	}) {
		compact = append(compact, bytes.TrimPrefix(bytes.TrimPrefix(field, []byte("0x")), []byte("0X"))...)
	}
	if len(compact) < shortest {
		return nil
	}
	data, err := hex.AppendDecode(nil, compact)
	if err != nil {
		return nil
	}
	return data
}

// hexDump decodes the first dump in text whose places follow each other; nil where there
// is none.
func hexDump(text []byte) []byte {
	const longest, least = 200, 2 // characters of a line; lines
	var data []byte
	lines := 0
	for line := range bytes.Lines(text) {
		if len(line) > longest {
			continue
		}
		m := hexLine.FindSubmatch(bytes.TrimRight(line, "\r\n"))
		if m == nil {
			continue
		}
		at, _ := strconv.ParseUint(string(m[1]), 16, 64) // 16 digits at most
		if at == 0 && lines < least {
			data, lines = nil, 0 // an example of the line that follows
		}
		if at != uint64(len(data)) {
			break
		}
		octets, err := hex.AppendDecode(nil, bytes.ReplaceAll(m[2], []byte(" "), nil))
		if err != nil {
			break
		}
		data = append(data, octets...)
		lines++
	}
	if lines < least {
		return nil
	}
	return data
}
