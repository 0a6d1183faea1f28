package pkcs12

import (
	"bytes"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/internal/ber"
)

// Object identifiers of attributes. RFC 2985, Section 5.5; wincrypt.h for
// szOID_PKCS_12_KEY_PROVIDER_NAME_ATTR and szOID_LOCAL_MACHINE_KEYSET.
const (
	oidFriendlyName = "1.2.840.113549.1.9.20"
	oidLocalKeyID   = "1.2.840.113549.1.9.21"
	oidCSPName      = "1.3.6.1.4.1.311.17.1"
	oidLocalKeySet  = "1.3.6.1.4.1.311.17.2"
	oidJavaTrust    = "2.16.840.1.113894.746875.1.1"
	oidKeyUsage     = "2.5.29.15"
)

var attributeNames = map[string]string{
	oidFriendlyName: "friendlyName",
	oidLocalKeyID:   "localKeyID",
	oidCSPName:      "Microsoft CSP name",
	oidLocalKeySet:  "Microsoft local key set",
	oidJavaTrust:    "Java trusted key usage",
	oidKeyUsage:     "keyUsage",
}

// parseAttributes reads
//
//	bagAttributes ::= SET OF SEQUENCE {
//	  attrId      OBJECT IDENTIFIER,
//	  attrValues  SET OF ANY }
//
// into b: RFC 7292, Section 4.2. Of several attributes of one kind the last
// counts, as with Apple's reader.
func (in *inspector) parseAttributes(b *Bag, r *ber.Reader, at BagRef) error {
	for !r.Empty() {
		if len(b.Attributes) >= in.limits.Attributes {
			in.find(codeAttributes, severityWarning, at, "more than %d attributes: the rest was not read", in.limits.Attributes)
			return nil
		}
		seq, err := r.Sequence()
		if err != nil {
			return err
		}
		var a Attribute
		if a.OID, err = seq.OID(); err != nil {
			return err
		}
		a.Name = attributeNames[a.OID]
		values, err := seq.Inside(ber.Universal, ber.Set)
		if err != nil {
			return err
		}
		var first *ber.Element
		for !values.Empty() {
			e, err := values.Next()
			if err != nil {
				return err
			}
			if first == nil {
				first = &e
			}
			a.Values = append(a.Values, in.keep(e.Raw))
		}
		in.ended(at, seq)
		a.Err = b.interpret(a.OID, first)
		if a.OID == oidLocalKeyID {
			b.LocalKeyID = in.keep(b.LocalKeyID)
		}
		if a.Err == nil && len(a.Values) > 1 && (a.OID == oidFriendlyName || a.OID == oidLocalKeyID) {
			a.Err = say.Errorf("%s where one belongs", say.Count(len(a.Values), "1 value", "%d values"))
		}
		if a.Err != nil {
			in.find(codeMalformed, severityWarning, at, "attribute %s: %v", a.Name, a.Err)
		}
		b.Attributes = append(b.Attributes, a)
	}
	return nil
}

// interpret sets the fields of b that attributes with known object identifiers
// stand for.
func (b *Bag) interpret(oid string, value *ber.Element) error {
	switch oid {
	case oidFriendlyName, oidLocalKeyID, oidCSPName:
		if value == nil {
			return say.Errorf("no value")
		}
	}
	var err error
	switch oid {
	case oidFriendlyName:
		b.FriendlyName, err = decodeString(*value)
	case oidCSPName:
		b.CSPName, err = decodeString(*value)
	case oidLocalKeyID:
		if !value.Is(ber.Universal, ber.OctetString) {
			return say.Errorf("not an OCTET STRING")
		}
		b.LocalKeyID, err = value.Octets()
		b.KeyID = readKeyID(b.LocalKeyID)
	}
	return err
}

// decodeString returns the text of a BMPString, or of the other string types
// that writers use in its place. What is not text becomes U+FFFD, with an error.
func decodeString(e ber.Element) (string, error) {
	if e.Class != ber.Universal {
		return "", say.Errorf("not a string")
	}
	if e.Constructed {
		return "", say.Errorf("a string in segments")
	}
	b := e.Content
	switch e.Tag {
	case ber.BMPString:
		units := make([]uint16, len(b)/2)
		for i := range units {
			units[i] = uint16(b[2*i])<<8 | uint16(b[2*i+1])
		}
		// Some writers add a terminator.
		if n := len(units); n > 0 && units[n-1] == 0 {
			units = units[:n-1]
		}
		s := string(utf16.Decode(units))
		switch {
		case len(b)%2 != 0:
			return s, say.Errorf("a BMPString with half a character")
		case strings.ContainsRune(s, utf8.RuneError):
			return s, say.Errorf("a BMPString with half a surrogate pair")
		}
		return s, nil
	case ber.UTF8String, ber.PrintableString, ber.IA5String:
		s := strings.ToValidUTF8(string(b), "\ufffd")
		if !utf8.Valid(b) {
			return s, say.Errorf("a string that is not UTF-8")
		}
		return s, nil
	case ber.T61String:
		r := make([]rune, len(b))
		for i, c := range b {
			r[i] = rune(c)
		}
		return string(r), nil
	}
	return "", say.Errorf("not a string")
}

// A KeyID is a reading of a localKeyID: writers agree only that it is equal in
// a key and its certificate.
type KeyID struct {
	Kind KeyIDKind `json:"kind"`
	Time time.Time `json:"time,omitzero"`  // of kind "java-time"
	Text string    `json:"text,omitempty"` // of kinds "text" and "counter"
}

// KeyIDKind is what a localKeyID was made from, in the words of String. The zero value
// says that there is none.
type KeyIDKind int

const (
	keyIDNone            KeyIDKind = iota // no localKeyID
	keyIDOther                            // not known
	keyIDCertificateSHA1                  // SHA-1 of a certificate in the file: OpenSSL, NSS, go-pkcs12
	keyIDPublicKeyID                      // subject key identifier of a certificate in the file: Bouncy Castle; or SHA-1 of its SubjectPublicKeyInfo: GnuTLS
	keyIDJavaTime                         // "Time" and the milliseconds since 1970: Java
	keyIDCounter                          // a number, little-endian: Windows
	keyIDText                             // printable ASCII
)

// String returns the word for it that reports and JSON use.
func (k KeyIDKind) String() string {
	return enumName(int(k), "KeyIDKind", "none", "other", "SHA-1 of a certificate", "identifier of a public key",
		"Java time stamp", "counter", "text")
}

// MarshalText returns what String returns.
func (k KeyIDKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// readKeyID reads a localKeyID without regard to the certificates in the file.
func readKeyID(id []byte) KeyID {
	if s, ok := bytes.CutPrefix(id, []byte("Time ")); ok {
		if ms, err := strconv.ParseInt(string(s), 10, 64); err == nil {
			return KeyID{Kind: keyIDJavaTime, Time: time.UnixMilli(ms).UTC()}
		}
	}
	printable := true
	for _, c := range id {
		printable = printable && c >= ' ' && c <= '~'
	}
	switch {
	case len(id) == 0:
		return KeyID{}
	case printable:
		return KeyID{Kind: keyIDText, Text: string(id)}
	case len(id) == 4 && id[2] == 0 && id[3] == 0:
		return KeyID{Kind: keyIDCounter, Text: strconv.Itoa(int(id[0]) | int(id[1])<<8)}
	}
	return KeyID{Kind: keyIDOther}
}
