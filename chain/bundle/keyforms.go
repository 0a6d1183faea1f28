package bundle

import (
	"bytes"
	"regexp"
)

// keyForm is one form in which a private key may lie in a file.
type keyForm struct {
	kind   string // the word for it, as in Key.Kind
	source string // where the form is described
	text   bool   // a form of text, which may begin anywhere; otherwise one of octets

	// find looks into a piece of a file. Octets begin at their start for a form of
	// octets. It returns the place of the key and how sure it is.
	find func(p *piece) (at int, s certainty)
}

// certainty is how sure it is that there is a private key.
type certainty uint8

const (
	noKey   certainty = iota
	mayHold           // the form can hold one, and whether it does cannot be seen
	holdsKey
)

// piece is a part of a file in which keys are looked for.
type piece struct {
	data  []byte // octets; of text in UTF-16 the UTF-8 that it stands for
	lower []byte // the same with ASCII letters in lower case; only for forms of text
}

// keyForms are the forms that are neither a DER structure nor a bag of a PFX. What
// wraps them is taken away before: UTF-16, base64 and hexadecimal digits.
var keyForms = []keyForm{
	{"PVK", "MS-PVK as read by OpenSSL, PEM_read_bio_PrivateKey: magic B0B5F11E", false, findPVK},
	{"PRIVATEKEYBLOB", "Microsoft, wincrypt.h: BLOBHEADER, RSAPUBKEY, DSSPUBKEY", false, findCryptoBlob},
	{"BCRYPT private key blob", "Microsoft, bcrypt.h: BCRYPT_RSAKEY_BLOB, BCRYPT_ECCKEY_BLOB, BCRYPT_DSA_KEY_BLOB, BCRYPT_DH_KEY_BLOB", false, findCNGBlob},
	{"DPAPI blob", "Microsoft, CryptProtectData: provider DF9D8CD0-1501-11D1-8C7A-00C04FC297EB", false, findDPAPI},
	{"OPENSSH PRIVATE KEY", "OpenSSH, PROTOCOL.key", false, startsWith("openssh-key-v1\x00")},
	{"SSH1 private key", "OpenSSH, authfile: SSH PRIVATE KEY FILE FORMAT 1.1", false, startsWith("SSH PRIVATE KEY FILE FORMAT 1.1\n\x00")},
	{"SSH2 private key", "SSH Communications, private key blob: magic 3F6FF9EB", false, startsWith("\x3F\x6F\xF9\xEB\x00\x00")},
	{"OpenPGP secret key", "RFC 9580, Sections 4.2 and 5.5.3", false, findOpenPGP},
	{"GnuPG private key", "GnuPG, agent/keyformat.txt", false, startsWith("(11:private-key(", "(21:protected-private-key(", "Key: (private-key", "Key: (protected-private-key", "(private-key", "(protected-private-key")},
	{"JKS key store", "OpenJDK, JavaKeyStore: magic FEEDFEED", false, findJKS},
	{"JCEKS key store", "OpenJDK, JceKeyStore: magic CECECECE", false, findJKS},
	{"BKS key store", "Bouncy Castle, BcKeyStoreSpi", false, findBKS},
	{"BCFKS key store", "Bouncy Castle, org.bouncycastle.asn1.bc.ObjectStore", false, findBCFKS},
	{"NSS key database", "Mozilla, NSS shared database design: key4.db", false, findNSS},
	{"Apple keychain", "Apple, AppleDatabase.cpp: signature kych", false, startsWithMay("kych\x00\x01\x00\x00")},

	{"PRIVATE KEY in text", "RFC 7468, Sections 10 and 11; RFC 4716; RFC 9580, Section 6.2", true, findLabel},
	{"PPK", "PuTTY, documentation, Appendix C: PPK file format", true, findPPK},
	{"JWK", "RFC 7517, Section 4; RFC 7518, Section 6", true, findJWK},
	{"XML RSAKeyValue", "Microsoft, .NET, RSA.ToXmlString; W3C, XKMS 2.0, RSAKeyPair", true, findXML},
	{"private key in numbers", "OpenSSL, openssl-pkey -text; GnuTLS, certtool --key-info", true, findNumbers},
	{"BIND private key", "ISC, BIND 9, dnssec-keygen: Private-key-format", true, findBIND},
}

// startsWith finds what begins with one of the texts.
func startsWith(texts ...string) func(*piece) (int, certainty) {
	return func(p *piece) (int, certainty) {
		for _, t := range texts {
			if bytes.HasPrefix(p.data, []byte(t)) {
				return 0, holdsKey
			}
		}
		return 0, noKey
	}
}

// startsWithMay is startsWith for what may hold a key.
func startsWithMay(text string) func(*piece) (int, certainty) {
	return func(p *piece) (int, certainty) {
		if bytes.HasPrefix(p.data, []byte(text)) {
			return 0, mayHold
		}
		return 0, noKey
	}
}

// findLabel finds the words BEGIN … PRIVATE KEY and text like a key after them,
// however the dashes, blanks and letters around are written.
func findLabel(p *piece) (int, certainty) {
	const longest = 160 // octets before the word: dashes, BEGIN, a word or two, and blanks that take three octets
	for at := 0; ; {
		i := bytes.Index(p.lower[at:], []byte("private"))
		if i < 0 {
			return 0, noKey
		}
		word := at + i
		at = word + len("private")
		before := p.lower[max(0, word-longest):word]
		if n := bytes.LastIndexAny(before, "\r\n"); n >= 0 {
			before = before[n+1:]
		}
		b := bytes.LastIndex(before, []byte("begin"))
		if b < 0 || !isLabelText(before[b+len("begin"):]) {
			continue
		}
		rest, ok := cutKeyWord(p.data[at:], p.lower[at:])
		if !ok {
			continue
		}
		dashed := endsInDash(before[:b]) || startsWithDash(rest)
		alone := len(trimBlanks(before[:b])) == 0
		if (dashed || alone) && isKeyBody(rest, dashed) {
			return word - len(before) + b, holdsKey
		}
	}
}

// blanks are what stands for a blank in text from elsewhere: among it the
// no-break space and the byte order mark, and the escapes of JSON and C.
func trimBlanks(b []byte) []byte {
	for {
		n := len(b)
		b = bytes.TrimLeft(b, " \t\r\n\"'>|#*,;`")
		for _, s := range []string{"\u00A0", "\uFEFF", "\u200B", "\xA0", `\n`, `\r`, `\t`, `\\`, "&#10;", "&#13;", "&#xA;", "&#xD;", "<br>", "<br/>", "<br />", "=0A", "=0D"} {
			b = bytes.TrimPrefix(b, []byte(s))
		}
		if len(b) == n {
			return b
		}
	}
}

// isLabelText reports whether text may stand between BEGIN and PRIVATE.
func isLabelText(b []byte) bool {
	for _, r := range string(b) {
		if !(r == ' ' || r == '\t' || r == '_' || r == '-' || r == '.' || r == '\u00A0' || r == '\u200B' || r == '\uFFFD' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z') {
			return false
		}
	}
	return true
}

// cutKeyWord returns what follows the word KEY.
func cutKeyWord(data, lower []byte) ([]byte, bool) {
	const most = 12 // octets between the words
	i := bytes.Index(lower[:min(len(lower), most+len("key"))], []byte("key"))
	if i < 0 || len(bytes.Trim(lower[:i], " \t-_\u00A0\xA0\xC2\u200B")) > 0 {
		return nil, false
	}
	return data[i+len("key"):], true
}

var dashes = []string{"-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212", "\x96", "\x97"}

func endsInDash(b []byte) bool {
	b = bytes.TrimRight(b, " \t\u00A0")
	for _, d := range dashes {
		if bytes.HasSuffix(b, []byte(d)) {
			return true
		}
	}
	return false
}

func startsWithDash(b []byte) bool {
	b = bytes.TrimLeft(bytes.TrimPrefix(bytes.TrimLeft(b, " \t\u00A0"), []byte("block")), " \t\u00A0")
	for _, d := range dashes {
		if bytes.HasPrefix(b, []byte(d)) {
			return true
		}
	}
	return false
}

// isKeyBody reports whether text after the label reads like a key: base64, with
// headers before it or without. Without the dashes of PEM it has to begin as a key
// does.
func isKeyBody(b []byte, dashed bool) bool {
	const (
		headers = 8    // lines
		most    = 2048 // octets to look at
		line    = 16   // characters in one piece
		least   = 40   // characters in all
	)
	b = b[:min(len(b), most)]
	if upper := bytes.TrimLeft(b, " \t"); len(upper) >= 5 && bytes.EqualFold(upper[:5], []byte("block")) {
		b = upper[5:]
	}
	for n := len(b) + 1; n != len(b); {
		n = len(b)
		b = trimBlanks(b)
		for _, d := range dashes {
			b = bytes.TrimPrefix(b, []byte(d))
		}
	}
	for range headers {
		if bytes.HasPrefix(b, []byte("Proc-Type:")) || bytes.HasPrefix(b, []byte("DEK-Info:")) {
			return true
		}
		colon := bytes.IndexByte(b, ':')
		stop := bytes.IndexAny(b, "\r\n\\")
		if colon < 0 || stop < colon || colon > 32 {
			break
		}
		b = trimBlanks(b[stop:])
	}
	compact := make([]byte, 0, least+line)
	first := -1 // length of the first piece
	for len(b) > 0 && len(compact) < cap(compact) {
		if base64Value(b[0]) >= 0 {
			compact = append(compact, b[0])
			b = b[1:]
			continue
		}
		if first < 0 {
			first = len(compact)
		}
		rest := trimBlanks(b)
		if len(rest) == len(b) {
			break
		}
		b = rest
	}
	if first < 0 {
		first = len(compact)
	}
	if len(compact) < least {
		return false
	}
	if _, s := derKey(decodeLoose(compact)); s == holdsKey {
		return true
	}
	return dashed && first >= line
}

// findPPK finds a key of PuTTY, which has its private part under a name of its own.
func findPPK(p *piece) (int, certainty) {
	i := bytes.Index(p.data, []byte("PuTTY-User-Key-File-"))
	if i >= 0 && regexpPPK.Match(p.data[i:]) {
		return i, holdsKey
	}
	return 0, noKey
}

var (
	regexpPPK = regexp.MustCompile(`Private-Lines: *[1-9][0-9]*\s+[A-Za-z0-9+/=]{16}`)

	// The private part of a JSON Web Key: d of RSA, EC and OKP, priv of AKP.
	regexpJWK     = regexp.MustCompile(`\\?["'](?:d|priv)\\?["']\s*:\s*\\?["'][A-Za-z0-9_\-]{20}`)
	regexpJWKType = regexp.MustCompile(`^["']kty\\?["']\s*:\s*\\?["'](?:RSA|EC|OKP|AKP)\\?["']`)

	regexpXML = regexp.MustCompile(`(?:<|&lt;)(?:\w+:)?(?:D|X)(?:>|&gt;)\s*[A-Za-z0-9+/\s]{20}`)

	// The numbers of a key as programs print them: octets in hexadecimal digits with
	// colons, under a name.
	regexpNumbers = regexp.MustCompile(`^(?:private ?exponent|priv|private[ _-]?key|secret ?key|seed)[a-z0-9() ]{0,12}:\s+(?:[0-9a-f]{2}:\s*){12}`)
	regexpBIND    = regexp.MustCompile(`Private-key-format: v1\.[0-9](?s:.{1,200}?)(?:Modulus|PrivateKey|Prime\(p\)|Private_value\(x\)): *[A-Za-z0-9+/]{16}`)
)

// findJWK finds the private number of a JSON Web Key in the object that says which
// kind of key it is.
func findJWK(p *piece) (int, certainty) {
	for from := 0; ; {
		i := bytes.Index(p.data[from:], []byte("kty"))
		if i < 0 {
			return 0, noKey
		}
		at := from + i
		end := objectEnd(p.data[at:])
		if at > 0 && regexpJWKType.Match(p.data[at-1:at+end]) {
			start := at - objectStart(p.data[from:at])
			if regexpJWK.Match(p.data[start : at+end]) {
				return start, holdsKey
			}
		}
		from = at + max(end, len("kty"))
	}
}

// largestJWK is how far the members of a JSON Web Key may be apart, in octets: a key
// of 16384 bits has some 13,000.
const largestJWK = 16 << 10

// objectEnd returns where the object ends that text stands in.
func objectEnd(text []byte) int {
	depth := 0
	for i, c := range text[:min(len(text), largestJWK)] {
		switch c {
		case '{':
			depth++
		case '}':
			if depth--; depth < 0 {
				return i
			}
		}
	}
	return min(len(text), largestJWK)
}

// objectStart returns how many octets before the end of text the object begins that
// is open there.
func objectStart(text []byte) int {
	depth := 0
	for n := 1; n <= min(len(text), largestJWK); n++ {
		switch text[len(text)-n] {
		case '}':
			depth++
		case '{':
			if depth--; depth < 0 {
				return n
			}
		}
	}
	return min(len(text), largestJWK)
}

// findXML finds the private number of a key in XML.
func findXML(p *piece) (int, certainty) {
	const largest = 32 << 10 // octets between the element of the key and the number
	for _, name := range []string{"RSAKeyValue", "RSAKeyPair", "RSAParameters", "DSAKeyValue", "DSAKeyPair"} {
		for at := 0; ; {
			i := bytes.Index(p.data[at:], []byte(name))
			if i < 0 {
				break
			}
			start := at + i
			at = start + len(name)
			body := p.data[at:min(len(p.data), at+largest)]
			if end := bytes.Index(body, []byte(name)); end >= 0 {
				body = body[:end]
			}
			if regexpXML.Match(body) {
				return start, holdsKey
			}
			at += len(body)
		}
	}
	return 0, noKey
}

// findNumbers finds the private number of a key as programs print it for people.
func findNumbers(p *piece) (int, certainty) {
	const longest = 160 // octets of the name and the first line
	for _, name := range []string{"priv", "secret", "seed"} {
		for at := 0; ; at++ {
			i := bytes.Index(p.lower[at:], []byte(name))
			if i < 0 {
				break
			}
			at += i
			if regexpNumbers.Match(p.lower[at:min(len(p.lower), at+longest)]) {
				return at, holdsKey
			}
		}
	}
	return 0, noKey
}

func findBIND(p *piece) (int, certainty) {
	if !bytes.Contains(p.data, []byte("Private-key-format")) {
		return 0, noKey
	}
	if at := regexpBIND.FindIndex(p.data); at != nil {
		return at[0], holdsKey
	}
	return 0, noKey
}
