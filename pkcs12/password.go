package pkcs12

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Password is what an inspection found out about the password. It does not hold
// the password.
type Password struct {
	Status  PasswordStatus `json:"status"`
	Variant Variant        `json:"variant"` // with a right password: how the file encodes it
	MixUp   MixUp          `json:"hint"`    // with a wrong password: the mix-up that explains it
	Charset Charset        `json:"charset"` // of the password given

	characters int
	tooLong    bool // for the key that Intune's import module makes unless told otherwise
}

// PasswordStatus is the answer to the question whether the password is right.
// [Inspect] says how it is found.
type PasswordStatus int

const (
	PasswordNotTried     PasswordStatus = iota // none was given
	PasswordNotNeeded                          // nothing is protected
	PasswordRight                              // opens everything that was tried
	PasswordWrong                              // opens nothing, and the MAC does not fit
	passwordRightAltered                       // it opens the file, but the file was altered or damaged after it was written
	passwordRightPartly                        // right for the MAC or some parts; another password protects the rest
	passwordUnknown                            // nothing could be tried, or a MAC that does not fit is all there is
)

// String returns the word for it that reports and JSON use.
func (s PasswordStatus) String() string {
	return enumName(int(s), "PasswordStatus", "not tried", "not needed", "right", "wrong",
		"right, file altered", "right for some parts", "unknown")
}

// MarshalText returns what String returns.
func (s PasswordStatus) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Right reports whether the password is proven, be it for a part of the file or
// for a file that was altered.
func (s PasswordStatus) Right() bool {
	return s == PasswordRight || s == passwordRightAltered || s == passwordRightPartly
}

// Variant says how a right password is encoded in a file, in the words of String. RFC
// 7292, Appendix B.1 asks for a BMPString with a terminator, RFC 8018 and 9579 for
// UTF-8. The zero value is as the standards say, or not known.
type Variant int

const (
	variantStandard  Variant = iota // as the standards say, or not known
	variantNull                     // an empty password without the terminator
	variantUTF8Bytes                // each octet of the UTF-8 form as a character: OpenSSL before 1.1
	variantLatin1                   // ISO 8859-1 where UTF-8 belongs
)

// String returns the word for it that reports and JSON use.
func (v Variant) String() string {
	return enumName(int(v), "Variant", "standard", "null password", "UTF-8 octets as characters", "ISO 8859-1")
}

// MarshalText returns what String returns.
func (v Variant) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// MixUp names a mix-up: with this change, which String says, the password would be
// right.
type MixUp int

const (
	hintNone       MixUp = iota // none of those below
	hintTrimmed                 // without the space or line ending at its ends
	hintNewline                 // with a line feed at its end
	hintComposed                // in Unicode normal form C
	hintDecomposed              // in Unicode normal form D
)

// String returns the word for it that reports and JSON use.
func (h MixUp) String() string {
	return enumName(int(h), "Hint", "", "without spaces and line endings around it",
		"with a line feed at its end", "in Unicode normal form C", "in Unicode normal form D")
}

// MarshalText returns what String returns.
func (h MixUp) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// Charset is the smallest of the character sets that programs agree on which
// holds the whole password, in this order: none was given, empty, ASCII, ISO 8859-1,
// the BMP, Unicode (two BMPString units for one character), invalid (not UTF-8).
type Charset int

const (
	charsetNone    Charset = iota // no password was given
	CharsetEmpty                  // no characters
	CharsetASCII                  // up to U+007F
	CharsetLatin1                 // up to U+00FF
	charsetBMP                    // up to U+FFFF
	charsetUnicode                // beyond: two BMPString units for one character
	charsetInvalid                // not valid UTF-8
)

// String returns the word for it that reports and JSON use.
func (c Charset) String() string {
	return enumName(int(c), "Charset", "none", "empty", "ASCII", "ISO 8859-1", "BMP", "Unicode", "invalid")
}

// MarshalText returns what String returns.
func (c Charset) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// PasswordCharset returns the character set of a password, which is in UTF-8. It
// never returns the zero value.
func PasswordCharset(password string) Charset {
	if !utf8.ValidString(password) {
		return charsetInvalid
	}
	c := CharsetEmpty
	for _, r := range password {
		switch {
		case r < 0x80:
			c = max(c, CharsetASCII)
		case r < 0x100:
			c = max(c, CharsetLatin1)
		case r < 0x10000:
			c = max(c, charsetBMP)
		default:
			c = charsetUnicode
		}
	}
	return c
}

// A secret is a password in the two forms that key derivations take.
type secret struct {
	bmp     []byte // for the key derivation of PKCS #12
	octets  []byte // for PBKDF1, PBKDF2 and scrypt
	variant Variant
}

// secrets returns the forms in which writers have encoded password, the
// standard one first.
func secrets(password string) []secret {
	octets := []byte(password)
	charset := PasswordCharset(password)
	if charset == charsetInvalid {
		// OpenSSL reads such a password as ISO 8859-1.
		return []secret{{bmp: bmpBytes(octets), octets: octets}}
	}
	list := []secret{{bmp: bmpString(password), octets: octets}}
	switch charset {
	case CharsetEmpty:
		list = append(list, secret{variant: variantNull})
	case CharsetASCII:
	default:
		list = append(list, secret{bmp: bmpBytes(octets), octets: octets, variant: variantUTF8Bytes})
		if charset == CharsetLatin1 {
			list = append(list, secret{bmp: list[0].bmp, octets: latin1(password), variant: variantLatin1})
		}
	}
	return list
}

// bmpString encodes s in UTF-16 with a terminator. RFC 7292, Appendix B.1.
// Characters beyond the BMP become surrogates, as all programs do it.
func bmpString(s string) []byte {
	b := make([]byte, 0, 2*len(s)+2)
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return append(b, 0, 0)
}

// bmpBytes encodes each octet as a character.
func bmpBytes(s []byte) []byte {
	b := make([]byte, 0, 2*len(s)+2)
	for _, c := range s {
		b = append(b, 0, c)
	}
	return append(b, 0, 0)
}

func latin1(s string) []byte {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		b = append(b, byte(r))
	}
	return b
}

type mixUp struct {
	hint     MixUp
	password string
}

// mixUps returns passwords that are easily confused with the given one.
func mixUps(password string) []mixUp {
	var list []mixUp
	add := func(h MixUp, p string) {
		if p != password {
			list = append(list, mixUp{h, p})
		}
	}
	add(hintTrimmed, strings.TrimRight(password, "\r\n"))
	if t := strings.Trim(password, " \t\r\n\ufeff"); len(list) == 0 || t != list[0].password {
		add(hintTrimmed, t)
	}
	add(hintComposed, norm.NFC.String(password))
	add(hintDecomposed, norm.NFD.String(password))
	if password != "" && !strings.HasSuffix(password, "\n") {
		add(hintNewline, password+"\n")
	}
	return list
}
