package pkcs12

import (
	"bytes"
	"errors"
	"strings"

	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/internal/ber"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// Compatibility says whether an importer can import a file. Confidence says what that rests on:
// "documented" by the vendor, "vendor-source" (read in the vendor's published source),
// "observed" (measured, or reported by users) or "inferred" from similar versions; it is
// empty where nothing is known.
type Compatibility struct {
	Importer   Importer `json:"target"`
	Answer     Answer   `json:"answer"`
	Reasons    []Reason `json:"reasons"` // empty exactly if Answer is Yes
	Citation   string   `json:"citation"`
	Confidence string   `json:"confidence"`
}

// A Reason is one thing that a target refuses, or that is not known about it.
type Reason struct {
	Code    ReasonCode `json:"code"`
	Answer  Answer     `json:"answer"` // No or Unknown
	At      BagRef     `json:"at,omitempty"`
	Message string     `json:"message"`

	words say.Message // Message
}

// String returns the message.
func (r Reason) String() string { return r.Message }

// Sentence returns the message, to be said in another language.
func (r Reason) Sentence() say.Message { return r.words.Or(r.Message) }

// A ReasonCode names a kind of reason. Codes keep their names.
//
//	text                 base64 or PEM
//	damaged              truncated, altered or malformed
//	integrity            signed, not with a MAC
//	no_mac               no MAC where one is needed
//	mac_digest           digest of the MAC
//	pbmac1               MAC of RFC 9579
//	salt                 empty salt of the MAC
//	encryption_scheme    PBES1, or public-key privacy
//	cipher               of PBES2
//	prf                  digest of PBKDF2
//	scrypt               key derivation scrypt
//	iterations           too many, or none
//	plain_key            a key that is not encrypted
//	key_type             such as Ed25519
//	no_key               no private key
//	several_identities   more than one private key
//	pairing              key and certificate do not find each other
//	collision            certificates overwrite each other
//	attribute            of the wrong type
//	content              a bag of a kind that is ignored, or may not be read
//	several_passwords    parts under another password
//	crl                  a revocation list
//	password_characters  characters of the password
//	password_empty       an empty password
//	password_long        a password longer than the target can encrypt
//	closed               not decrypted, so not judged
//	unknown_target       not one of Importers
type ReasonCode string

const (
	reasonText       ReasonCode = "text"
	reasonDamaged    ReasonCode = "damaged"
	reasonIntegrity  ReasonCode = "integrity"
	reasonNoMAC      ReasonCode = "no_mac"
	reasonMAC        ReasonCode = "mac_digest"
	reasonPBMAC1     ReasonCode = "pbmac1"
	reasonSalt       ReasonCode = "salt"
	reasonScheme     ReasonCode = "encryption_scheme"
	reasonCipher     ReasonCode = "cipher"
	reasonPRF        ReasonCode = "prf"
	reasonScrypt     ReasonCode = "scrypt"
	reasonIterations ReasonCode = "iterations"
	reasonPlainKey   ReasonCode = "plain_key"
	reasonKeyType    ReasonCode = "key_type"
	reasonNoKey      ReasonCode = "no_key"
	reasonIdentities ReasonCode = "several_identities"
	reasonPairing    ReasonCode = "pairing"
	reasonCollision  ReasonCode = "collision"
	reasonAttribute  ReasonCode = "attribute"
	reasonContent    ReasonCode = "content"
	reasonPasswords  ReasonCode = "several_passwords"
	reasonCRL        ReasonCode = "crl"
	reasonCharset    ReasonCode = "password_characters"
	reasonEmpty      ReasonCode = "password_empty"
	reasonLong       ReasonCode = "password_long"
	reasonClosed     ReasonCode = "closed"
	reasonTarget     ReasonCode = "unknown_target"
)

// Compatible says whether the target can import the file, as far as its
// structure, algorithms, links and password are concerned. Without the password
// the algorithms are judged; where the target minds what is inside, the answer
// is then No or Unknown. A target that is not one of [Importers] gives Unknown.
// Reasons are in the order of the file.
//
// What the target does after it has opened the file is not checked: whether it
// trusts the certificates, or has a use for them.
func (r *Inspection) Compatible(t Importer) Compatibility {
	for i := range rows {
		if rows[i].target == t {
			j := &judge{report: r, row: &rows[i]}
			return j.verdict()
		}
	}
	words := say.New("nothing is known about this target")
	return Compatibility{Importer: t, Reasons: []Reason{{Code: reasonTarget, Message: words.String(), words: words}}}
}

// A judge compares a report with a row of the table.
type judge struct {
	report  *Inspection
	row     *row
	reasons []Reason
}

func (j *judge) verdict() Compatibility {
	j.file()
	if !j.report.Has(codeSize) { // then nothing is known
		j.mac()
		for i := range j.report.Safes {
			j.safe(&j.report.Safes[i], BagRef{i})
		}
		j.iterations()
		j.counts()
		for ref, b := range j.report.Bags() {
			j.bag(ref, b)
		}
		if j.report.withheld {
			j.add(Unknown, reasonContent, nil, "whether %s takes a file with octets of a private key where something public belongs", j.row.name)
		} else {
			j.identities()
		}
	}
	j.password()
	v := Compatibility{
		Importer: j.row.target, Answer: Yes, Reasons: j.reasons,
		Citation: j.row.citation, Confidence: j.row.confidence,
	}
	for _, r := range j.reasons {
		if r.Answer == No {
			v.Answer = No
		} else if v.Answer == Yes {
			v.Answer = Unknown
		}
	}
	return v
}

// add notes a reason unless the answer is Yes.
func (j *judge) add(a Answer, code ReasonCode, at BagRef, format say.Text, args ...any) {
	if a == Yes {
		return
	}
	words := say.New(format, args...)
	if a == Unknown {
		if strings.HasPrefix(string(format), "whether ") || strings.HasPrefix(string(format), "what ") {
			words = say.New("not known: %s", words)
		} else {
			words = say.New("not confirmed: %s", words)
		}
	}
	message := words.String()
	for _, r := range j.reasons {
		if r.Message == message {
			return
		}
	}
	j.reasons = append(j.reasons, Reason{Code: code, Answer: a, At: at, Message: message, words: words})
}

func (j *judge) file() {
	r := j.report
	if r.Armor != pkcs7.Binary {
		j.add(No, reasonText, nil, "%s expects a binary file; this one is %v text", j.row.name, r.Armor)
	}
	switch {
	case r.Missing != 0:
		j.add(No, reasonDamaged, nil, "the end of the file is missing")
	case r.Has(codeSize):
		j.add(Unknown, reasonDamaged, nil, "the file is too large to have been read")
	case r.damaged, len(r.Safes) == 0 && r.Integrity != integritySignature:
		j.add(No, reasonDamaged, nil, "the structure of the file is damaged")
	case r.Password.Status == passwordRightAltered:
		j.add(No, reasonDamaged, nil, "the file was altered or damaged after it was written; %s", j.row.symptom)
	case r.Version != 3:
		j.add(Unknown, reasonDamaged, nil, "whether %s takes version %d of the format", j.row.name, r.Version)
	}
	if r.Trailing > 0 && j.row.target != targetOpenSSL3 && j.row.target != targetOpenSSL3Legacy {
		j.add(Unknown, reasonDamaged, nil, "whether %s takes a file with %s after its end", j.row.name, say.Count(r.Trailing, "1 octet", "%d octets"))
	}
	if r.surplus {
		j.add(Unknown, reasonDamaged, nil, "whether %s takes a file with more in it than belongs there", j.row.name)
	}
}

func (j *judge) mac() {
	row, m := j.row, j.report.MAC
	if j.report.Integrity == integritySignature {
		a := No
		if row.target == targetWindowsBefore1709 || row.target == targetWindows1709 {
			a = Unknown
		}
		j.add(a, reasonIntegrity, nil, "%s needs a MAC; this file is signed instead", row.name)
		return
	}
	if m == nil {
		if j.report.damaged {
			return // there may be one that cannot be read
		}
		j.add(row.noMAC, reasonNoMAC, nil, "%s needs a MAC; this file has none", row.name)
		return
	}
	if m.OID == oidPBMAC1 {
		a := row.pbmac1.answer(m.Digest)
		if m.Status == statusMalformed {
			a = No
		}
		j.add(a, reasonPBMAC1, nil, "%s cannot check a MAC of the new type PBMAC1 with %s; %s", row.name, m.Digest, row.symptom)
		return
	}
	j.add(row.mac.answer(m.Digest), reasonMAC, nil, "%s can check a MAC with %s only; this file uses %s: %s",
		row.name, joined(row.mac.yes), m.Digest, row.symptom)
	if m.SaltLength < row.minSalt {
		j.add(No, reasonSalt, nil, "%s refuses a MAC with an empty salt", row.name)
	}
}

// joined is a list of names for a sentence, one at least.
type joined []string

// String returns the names with "and" before the last.
func (j joined) String() string {
	last := len(j) - 1
	if last == 0 {
		return j[0]
	}
	return strings.Join(j[:last], ", ") + " and " + j[last]
}

// Sentence returns the names with commas, as other languages list them.
func (j joined) Sentence() say.Message { return say.New("%s", strings.Join(j, ", ")) }

func (j *judge) safe(s *Safe, at BagRef) {
	switch {
	case s.Encryption != nil:
		j.encryption(s.Encryption, at, "the certificates are")
	case s.Privacy == PrivacyPublicKey:
		j.add(No, reasonScheme, at, "a part of the file is encrypted for the owner of a certificate, not under a password")
	case s.Privacy == privacyUnknown:
		j.add(No, reasonDamaged, at, "a part of the file has a type that no program reads")
	}
	var syntax *ber.Error
	if errors.As(s.Err, &syntax) {
		j.add(No, reasonDamaged, at, "the structure of the file is damaged")
	}
}

func (j *judge) encryption(e *Encryption, at BagRef, what say.Text) {
	row := j.row
	if row.fullPBES2 && e.Scheme == "PBES2" && j.report.Password.Charset == CharsetEmpty {
		j.add(No, reasonEmpty, at, "%s encrypted under an empty password, which %s does not take", what, row.name)
	}
	least := row.minKeySalt
	if e.Scheme == "PBES2" {
		least = max(least, row.minPBES2Salt)
	}
	if e.SaltLength < least {
		j.add(No, reasonSalt, at, "%s encrypted under a key from a salt of %s; %s refuses less than %d", what, say.Count(e.SaltLength, "1 octet", "%d octets"), row.name, least)
	}
	if statusOf(e.Err) == statusMalformed && row.malformed == No {
		j.add(No, reasonScheme, at, "%s encrypted with parameters that make no sense; %s refuses them", what, row.name)
	} else if statusOf(e.Err) == statusMalformed {
		j.add(Unknown, reasonScheme, at, "%s encrypted with parameters that make no sense", what)
	}
	if e.Scheme != "PBES2" {
		schemes := row.scheme
		if len(at) > 1 && row.keyScheme != nil {
			schemes = *row.keyScheme
		}
		j.add(schemes.answer(e.Scheme), reasonScheme, at, "%s encrypted with %s, which %s cannot decrypt: %s",
			what, e.Scheme, row.name, row.symptom)
		return
	}
	a := row.cipher.answer(e.Cipher)
	if len(row.cipher.yes) == 0 {
		j.add(a, reasonCipher, at, "%s encrypted with PBES2 (%s), which %s cannot decrypt: %s", what, e.Cipher, row.name, row.symptom)
		return
	}
	j.add(a, reasonCipher, at, "%s encrypted with %s; of PBES2 %s can decrypt %s only: %s",
		what, e.Cipher, row.name, joined(row.cipher.yes), row.symptom)
	switch e.KDF {
	case "scrypt":
		j.add(row.scrypt, reasonScrypt, at, "%s encrypted under a key from scrypt, which %s does not know: %s", what, row.name, row.symptom)
	case "PBKDF2":
		j.add(row.prf.answer(e.PRF), reasonPRF, at, "%s encrypted under a key from PBKDF2 with %s; %s knows %s only: %s",
			what, e.PRF, row.name, joined(row.prf.yes), row.symptom)
	default:
		j.add(Unknown, reasonPRF, at, "%s encrypted under a key from %s", what, e.KDF)
	}
}

// iterations compares the numbers of iterations with the limits of the target.
func (j *judge) iterations() {
	r, row := j.report, j.row
	var total int64
	check := func(n, limit int64, at BagRef, what say.Text) {
		switch {
		case n < 1 && row.fewIterations == No:
			j.add(No, reasonIterations, at, "the number of iterations for %s is %d, which %s refuses", what, n, row.name)
			return
		case n < 1:
			j.add(Unknown, reasonIterations, at, "what %s does with %s for %s", row.name, say.Count(n, "1 iteration", "%d iterations"), what)
			return
		case limit > 0 && n > limit:
			if row.limits != nil {
				j.add(No, reasonIterations, at, "%s allows %d iterations for %s by default; this file has %d: %s lets it in",
					row.name, limit, what, n, row.limits.iterations(at))
				break
			}
			j.add(No, reasonIterations, at, "%s allows %d iterations; this file has %d for %s", row.name, limit, n, what)
		case n > defaultIterations:
			j.add(Unknown, reasonIterations, at, "%s for %s keep %s busy for a very long time", say.Count(n, "1 iteration", "%d iterations"), what, row.name)
		}
		if at == nil {
			return // the MAC is counted alone
		}
		if total += n; total < 0 {
			total = 1<<63 - 1
		}
	}
	if r.MAC != nil {
		check(r.MAC.Iterations, row.maxMAC, nil, "the MAC")
	}
	for i := range r.Safes {
		if e := r.Safes[i].Encryption; e != nil && e.KDF != "scrypt" {
			check(e.Iterations, row.maxIterations, BagRef{i}, "the certificates")
		}
	}
	for ref, b := range r.Bags() {
		if e := b.Encryption; e != nil && e.KDF != "scrypt" {
			check(e.Iterations, row.maxIterations, ref, "the private key")
		}
	}
	if row.maxTotal > 0 && total > row.maxTotal {
		j.add(No, reasonIterations, nil, "%s allows %d iterations in all by default, without the MAC; this file has %d: %s lets it in",
			row.name, row.maxTotal, total, totalLimit)
	}
}

func (j *judge) bag(ref BagRef, b *Bag) {
	row := j.row
	switch b.Kind {
	case BagShroudedKey:
		if b.Encryption != nil {
			j.encryption(b.Encryption, ref, "the private key is")
		}
	case BagKey:
		a := row.plainKey
		if row.hiddenKey && j.report.Safes[ref[0]].Encryption == nil {
			a = No
		}
		j.add(a, reasonPlainKey, ref, "%s ignores a private key that is not encrypted, without a message", row.name)
	case bagCertificate:
		switch {
		case b.Certificate == nil && b.Err == nil:
			j.skips(row.otherCertificate, ref, "%s refuses a file with a certificate that is not X.509", "whether %s skips a certificate that is not X.509")
		case b.Certificate != nil && b.Certificate.RawSubject() == nil:
			j.skips(row.brokenCertificate, ref, "%s refuses a file with a certificate that cannot be read", "whether %s skips a certificate that cannot be read")
		}
	case bagSecret:
		j.add(row.secrets, reasonContent, ref, "whether %s skips a secret", row.name)
	case bagUnknown:
		j.add(Unknown, reasonContent, ref, "whether %s skips a bag of an unknown type", row.name)
	case bagCRL:
		if row.noCRL {
			j.add(No, reasonCRL, ref, "%s refuses a file with a revocation list: %s", row.name, row.symptom)
		}
	case BagSafeContents:
		var limit *LimitError
		switch {
		case row.nested == No:
			j.add(No, reasonContent, ref, "%s ignores bags inside bags", row.name)
		case errors.As(b.Err, &limit):
			j.skips(row.deeplyNested, ref, "%s reads no bags so many levels deep", "whether %s reads bags so many levels deep")
		}
	}
	var syntax *ber.Error
	if errors.As(b.Err, &syntax) {
		j.add(No, reasonDamaged, ref, "the structure of the file is damaged")
	}
	if row.limits != nil {
		j.attributes(ref, b)
	}
	if b.Key != nil {
		j.key(ref, b.Key)
	}
	if row.bmpName && !j.report.withheld {
		j.names(ref, b)
	}
}

// skips notes what the target does with a content that it may skip.
func (j *judge) skips(a Answer, ref BagRef, refuses, whether say.Text) {
	if a == Unknown {
		refuses = whether
	}
	j.add(a, reasonContent, ref, refuses, j.row.name)
}

func (j *judge) key(ref BagRef, k *Key) {
	row := j.row
	j.add(row.keys.answer(k.Algorithm), reasonKeyType, ref, "%s cannot import a private key of type %s", row.name, k.Algorithm)
	if k.Curve != "" && row.curves != nil {
		j.add(row.curves.answer(k.Curve), reasonKeyType, ref, "%s cannot use a private key on the curve %s", row.name, k.Curve)
	}
}

// names judges the types of the attributes that name a bag.
func (j *judge) names(ref BagRef, b *Bag) {
	for _, a := range b.Attributes {
		if a.OID == oidFriendlyName && !isBMPString(a) || j.row.apple && a.OID == oidLocalKeyID && a.Err != nil {
			j.add(No, reasonAttribute, ref, "the attribute %s is not of the type that %s expects: %s", a.Name, j.row.name, j.row.symptom)
		}
	}
}

// isBMPString reports whether an attribute has one BMPString for a value.
func isBMPString(a Attribute) bool {
	return len(a.Values) == 1 && len(a.Values[0]) > 0 && a.Values[0][0] == ber.BMPString && a.Err == nil
}

// identities judges what the target makes of the keys.
func (j *judge) identities() {
	r, row := j.report, j.row
	mindsContents := row.apple || row.oneKey
	if !r.open() {
		if mindsContents {
			j.add(Unknown, reasonClosed, nil, "whether key and certificate find each other on %s: parts of the file were not decrypted", row.name)
		}
		return
	}
	if mindsContents && len(r.Identities) == 0 && len(r.Safes) > 0 {
		j.add(No, reasonNoKey, nil, "%s needs a private key; this file has none", row.name)
	}
	j.contents()
	if row.oneKey && len(r.Identities) > 1 {
		j.add(No, reasonIdentities, nil, "%s takes one identity; this file has %d", row.name, len(r.Identities))
	}
	for _, id := range r.Identities {
		if row.pair != nil {
			row.pair(j, &id)
		}
	}
	if row.apple {
		j.collisions()
	}
}

// open reports whether everything that could hold keys or certificates was read.
func (r *Inspection) open() bool {
	for i := range r.Safes {
		if s := &r.Safes[i]; s.Status != StatusPlain && s.Status != StatusOK && s.Status != StatusDamaged {
			return false
		}
	}
	return true
}

// collisions judges certificates that overwrite each other in the dictionary
// that Apple's importer builds.
func (j *judge) collisions() {
	seen := make(map[string]*Bag)
	for ref, b := range j.report.Bags() {
		if b.Certificate == nil {
			continue
		}
		id := "i" + string(b.LocalKeyID)
		if len(b.LocalKeyID) == 0 {
			id = "n" + b.FriendlyName
		}
		if id == "n" {
			continue
		}
		if other, ok := seen[id]; ok && !bytes.Equal(other.Certificate.Raw, b.Certificate.Raw) {
			j.add(No, reasonCollision, ref, "certificates share a localKeyID or friendly name, and %s keeps only the last of them", j.row.name)
		}
		seen[id] = b
	}
}

// encoded says whether the target opens a file whose password is in another encoding than
// the standard one. OpenSSL tries the octets of UTF-8 as characters, and then takes those
// for PBES2 too, which is wrong.
func (r *row) encoded(report *Inspection) Answer {
	if r.bytes != Yes || r.bytesPBES2 == Yes {
		return r.bytes
	}
	if report.Password.Variant != variantUTF8Bytes {
		return No
	}
	for i := range report.Safes {
		if e := report.Safes[i].Encryption; e != nil && e.Scheme == "PBES2" {
			return No
		}
	}
	return Yes
}

func (j *judge) password() {
	row, p := j.row, &j.report.Password
	if p.Charset == charsetNone {
		return
	}
	octets := p.Variant == variantUTF8Bytes && row.bytes == Yes // whatever they stand for
	if row.password > 0 && p.Charset > row.password && !octets {
		j.add(No, reasonCharset, nil, "the password has characters that %s does not handle: use ASCII", row.name)
	}
	if row.characters > 0 && p.characters > row.characters {
		j.add(No, reasonLong, nil, "the password is longer than the %d characters that %s takes", row.characters, row.name)
	}
	if p.Charset == CharsetEmpty && row.noEmpty && j.report.MAC != nil {
		j.add(Unknown, reasonEmpty, nil, "%s may read an empty password differently from the program that wrote the file", row.name)
	}
	if row.maxPassword && p.tooLong {
		j.add(No, reasonLong, nil, "the password is longer than the %d octets that %s can encrypt with a key of %d bits", IntunePasswordSize(intuneKeyBits, 0), row.name, intuneKeyBits)
	}
	if p.Status == passwordRightPartly {
		j.add(No, reasonPasswords, nil, "parts of the file are encrypted under another password; %s asks for one: %s", row.name, row.symptom)
	}
	if p.Status.Right() && (p.Variant == variantUTF8Bytes || p.Variant == variantLatin1) {
		j.add(row.encoded(j.report), reasonCharset, nil, "the file was written with the password in an encoding that %s does not expect", row.name)
	}
}
