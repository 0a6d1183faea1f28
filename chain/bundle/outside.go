package bundle

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"

	"github.com/smimechain/smimechain/internal/lazyregexp"
	"github.com/smimechain/smimechain/lint/say"
)

// errPEMBegin is the fault of a certificate that stands outside of the blocks of PEM:
// programs step over it in silence.
var errPEMBegin = say.Errorf("no line -----BEGIN CERTIFICATE----- stands before the base64 text")

// nearArmor is the line before a certificate where it is not quite that of PEM: with
// dashes for hyphens, say, or in small letters.
var nearArmor = lazyregexp.New(`(?i)BEGIN\W{1,8}(X509\W{1,8}|TRUSTED\W{1,8})?(CERTIFICATE|PKCS ?#?7|CMS)\W`)

// isNearPEM reports whether text has a certificate as PEM would hold it, but for the
// lines around it.
func isNearPEM(text []byte) bool {
	at, _ := certificateIn(text, 0)
	return at >= 0 && nearArmor().Match(text)
}

// between lists the certificates in a part of text that is in no block of PEM.
func (r *reading) between(text []byte, from, to int) error {
	for next := from; ; {
		at, end := certificateIn(text[:to], next)
		if at < 0 {
			break
		}
		r.Certificates = append(r.Certificates, undecoded(errPEMBegin, int64(at)))
		if err := r.check(); err != nil {
			return err
		}
		next = end
	}
	if at := bytes.LastIndexAny(text[from:to], "\r\n") + 1 + from; to == len(text) && at < to && strings.HasPrefix("-----BEGIN CERTIFICATE-----", string(text[at:])) {
		r.Certificates = append(r.Certificates, undecoded(say.Errorf("%v", endMissing), int64(at)))
	}
	return nil
}

// certificateIn returns where the base64 text of the first certificate from a place of
// text on begins and ends, or that of several in PKCS #7; -1 if there is none.
func certificateIn(text []byte, from int) (at, end int) {
	begins := []byte("MI") // 30 8.: a SEQUENCE of more than 127 octets
	for end = from; ; {
		i := bytes.Index(text[end:], begins)
		if i < 0 {
			return -1, -1
		}
		if at, end = end+i, end+i+len(begins); !beginsBase64(text, at) {
			continue
		}
		var run []byte
		run, end = base64At(text, at)
		switch derShape(decodeLoose(run)) {
		case shapeCertificate, shapePKCS7:
			return at, end
		}
	}
}

// beginsBase64 reports whether at a place of text base64 begins that may be that of a
// certificate, by the first of its characters alone.
func beginsBase64(text []byte, at int) bool {
	if at > 0 && base64Values[text[at-1]] >= 0 && text[at-1] != '-' && !bytes.HasSuffix(text[:at], []byte(`\n`)) {
		return false // it is the end of a word
	}
	const some = 16 // characters; the lines of base64 are longer
	head, _ := appendToken(nil, text[:min(len(text), at+some)], at)
	if len(head) < some {
		return false
	}
	der := decodeLoose(head)
	inner := der[2+der[1]&7:]                   // behind the tag and the length
	return inner[0] == 0x30 || inner[0] == 0x06 // what is signed, or the type of PKCS #7
}

// base64At returns the characters of base64 at a place of text, without what stands
// between its lines, and where they end.
func base64At(text []byte, at int) (run []byte, end int) {
	for next := at; ; {
		before := len(run)
		if run, end = appendToken(run, text, next); len(run) == before {
			return run, end
		}
		if next, _ = skipBreak(text, end); next == end {
			return run, end
		}
	}
}

// asNamed makes of a file in a folder or an archive that is not recognised what its name
// says that it is: a certificate that cannot be read, or another file that is damaged. It
// belongs to what is rolled out.
func asNamed(name string, f *File, err error) (*File, error) {
	unrecognized, ok := errors.AsType[*UnrecognizedError](err)
	if !ok || unrecognized.Why == whyAppleDouble {
		return f, err
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".cer", ".crt", ".der", ".pem":
		return &File{Name: name, Format: DER, Certificates: []Certificate{undecoded(say.Errorf("%v", unrecognized.Reason()), 0)}}, nil
	case ".p7b", ".p7c", ".spc", ".p7m", ".p7s", ".crl", ".sst", ".pfx", ".p12":
		return nil, say.Errorf("%s: %v", name, unrecognized.Reason())
	}
	return f, err
}
