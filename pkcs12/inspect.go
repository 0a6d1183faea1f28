package pkcs12

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"unicode/utf8"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/internal/ber"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// Options are what an inspection is given beside the file. The zero value
// inspects without a password, within the default limits.
type Options struct {
	// Password opens the file; nil leaves closed what is encrypted, unless the
	// MAC shows that the password is empty: then the file is opened with that. An
	// empty password is tried with and without its terminator, which are
	// two different passwords in PKCS #12.
	// The password is in UTF-8; another encoding is read as ISO 8859-1.
	Password *string

	// KeyPassword is tried on what Password does not decrypt: the password
	// of a single key in a Java key store, or the privacy password that
	// RFC 7292 lets differ from that of the MAC. Nil is none.
	KeyPassword *string

	// TryKeys says to make a signature with each private key and to verify it, in
	// memory: the last word on whether a key is whole, which [Key.Whole] has. For an
	// RSA key of 2048 bits that takes as long as all the rest of an inspection, for
	// one of 4096 seven times as long. The first 16 of a file are tried,
	// RSA keys of up to 8192 bits; the others are judged by their numbers alone.
	TryKeys bool

	// Limits bound the work. The zero value stands for the defaults.
	Limits Limits

	// Cache, if set, gives one certificate for the same octets, in whichever
	// files they are.
	Cache *chain.Cache
}

// Inspect reports what is in a PFX, opened with the password, within the default
// limits. See [Options.Inspect].
func Inspect(data []byte, password string) (*Inspection, error) {
	return (&Options{Password: &password}).Inspect(context.Background(), data)
}

// Inspect reports what is in a PFX in DER, BER, PEM or base64; text is in ASCII or
// UTF-8. Of several PEM blocks the first that looks like a PFX counts.
//
// The error is a [*FormatError] when data is not a PFX at all, or the error of
// ctx, within milliseconds of its end.
// Everything else that is wrong is in the report: in Status and Err of the part
// that it concerns, and in Observations.
//
// The password is judged by the MAC and by what the decrypted parts look like.
// When the MAC does not fit, every part is decrypted all the same: if that gives
// what belongs there, the password is right and the file was altered or damaged
// after it was written; if nothing does, the password is wrong. The chance that
// a wrong password passes for a right one is below 1 in 2^30 for each part that
// holds a key or a bag.
//
// The MAC is computed over the octets as they are in the file. Signatures on
// certificates are verified only where names and key identifiers leave a doubt
// about the issuer, and dates are not looked at.
//
// Inspect does not change data; the report shares its memory.
func (o *Options) Inspect(ctx context.Context, data []byte) (*Inspection, error) {
	in, err := o.inspect(ctx, data, false)
	if err != nil {
		return nil, err
	}
	return in.report, nil
}

func (o *Options) inspect(ctx context.Context, data []byte, keepKeys bool) (*inspector, error) {
	if o == nil {
		o = new(Options)
	}
	in := &inspector{
		deriver:  deriver{ctx: ctx, limits: o.Limits.withDefaults()},
		report:   &Inspection{Size: len(data)},
		keepKeys: keepKeys,

		certificates: o.Cache,
	}
	if o.TryKeys {
		in.tries = maxTriedKeys
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := in.read(data); err != nil {
		return nil, err
	}
	password := o.Password
	if password == nil && in.emptyFits() {
		password = new(string)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if password != nil {
		in.report.Password.Charset = PasswordCharset(*password)
		in.report.Password.characters = utf8.RuneCountInString(*password)
		in.report.Password.tooLong = utf8.RuneCountInString(*password) > IntunePasswordSize(intuneKeyBits, 0)
	}
	if err := in.unlock(password, o.KeyPassword); err != nil {
		return nil, err
	}
	in.report.Iterations = in.spent
	in.withhold()
	in.identify()
	return in, nil
}

// An inspector makes one report.
type inspector struct {
	deriver
	report   *Inspection
	form     ber.Form // of what is not encrypted
	mac      *macCheck
	bags     int
	keepKeys bool // in Bag.pkcs8, for Rewrite
	tries    int  // keys that a signature is still to be made with
	traces   traces

	certificates *chain.Cache // may be nil

	restored  bool     // line endings that were converted were put back
	decrypted bool     // the safe that is being read was encrypted
	torn      bool     // and what came out is damaged
	plains    [][]byte // such safes, to be overwritten at the end
}

// keep returns b, or a copy if it lies among what was decrypted: the capacity of
// a slice of that would reach to private keys.
func (in *inspector) keep(b []byte) []byte {
	if in.decrypted {
		return slices.Clone(b)
	}
	return b
}

func (in *inspector) find(code ObservationCode, severity Severity, at BagRef, format say.Text, args ...any) {
	words := say.New(format, args...)
	in.report.Observations = append(in.report.Observations, Observation{
		Code: code, Severity: severity, At: at, Message: words.String(), words: words,
	})
}

// read fills in what is not encrypted.
func (in *inspector) read(data []byte) error {
	if len(data) > in.limits.Size {
		if !looksLikePFX(data) {
			return formatError(data)
		}
		in.find(codeSize, severityError, nil, "the file has %d octets, more than the limit of %d: not read", len(data), in.limits.Size)
		return nil
	}
	body, armor := unwrap(data)
	switch damage, was := pkcs7.FindTextDamage(data); {
	case damage == pkcs7.LineEndingsAdded:
		if looksLikePFX(was) { // what the file was is known: it is read, and it stays damaged
			body, in.restored = was, true
		}
	case damage != "":
		return &FormatError{Hint: foundReencoded, Err: say.Errorf("%s", damage)}
	}
	if body == nil {
		return formatError(data)
	}
	in.report.Armor = armor
	if armor != pkcs7.Binary {
		in.find(codeText, severityError, nil, "the file is %v text: programs that import a PFX expect it in binary", armor)
	}
	err := in.parsePFX(body)
	if !in.form.DER() {
		in.report.Encoding = pkcs7.BER
	}
	in.report.Missing = in.form.Missing
	switch missing := in.report.Missing; {
	case missing > 0:
		in.find(codeTruncated, severityError, nil, "the end of the file is missing: %s or more", say.Count(missing, "1 octet", "%d octets"))
	case missing < 0:
		in.find(codeTruncated, severityError, nil, "the end of the file is missing")
	}
	if err != nil {
		in.report.damaged = true
		in.find(codeMalformed, severityError, nil, "the structure of the file is damaged: %v", err)
	}
	if in.report.Trailing > 0 {
		in.find(codeTrailing, severityWarning, nil, "after the PFX the file has %s: GnuTLS and Go refuse such a file", say.Count(in.report.Trailing, "1 octet", "%d octets"))
	}
	if in.restored || (err != nil || in.report.Missing != 0 || in.report.Trailing > 0) && textMode(body) {
		in.report.damaged = true
		in.find(codeTextMode, severityError, nil, pkcs7.LineEndingsAdded)
	}
	return nil
}

// textMode reports whether every line feed in binary data has a carriage return
// before it, or whether octets were replaced by the mark for invalid UTF-8.
func textMode(b []byte) bool {
	n := bytes.Count(b, []byte("\n"))
	return n >= 4 && n == bytes.Count(b, []byte("\r\n")) || bytes.Count(b, []byte("\xef\xbf\xbd")) >= 4
}

// parsePFX reads
//
//	PFX ::= SEQUENCE {
//	  version   INTEGER,
//	  authSafe  ContentInfo,
//	  macData   MacData OPTIONAL }
//
// RFC 7292, Section 4.
func (in *inspector) parsePFX(data []byte) error {
	r := in.report
	top := ber.New(data, &in.form)
	pfx, err := top.Sequence()
	if err != nil { // notPFX has read it so far, in this way
		top = ber.NewClipping(data, &in.form)
		pfx, err = top.Sequence()
	}
	if err != nil {
		return err
	}
	r.Trailing = len(top.Rest())
	version, err := pfx.Int()
	if err != nil {
		return err
	}
	if r.Version = clamp(version); r.Version != 3 {
		in.find(codeVersion, severityWarning, nil, "version %d instead of 3", r.Version)
	}
	content, err := in.parseAuthSafe(pfx)
	if content != nil {
		err = in.parseSafes(content)
	}
	if pfx.Empty() {
		return err
	}
	macData, macErr := pfx.Sequence()
	if macErr == nil {
		r.MAC, in.mac, macErr = in.parseMAC(macData)
	}
	if macErr != nil {
		r.damaged, r.brokenMAC = true, true
		in.find(codeMalformed, severityError, nil, "the MAC of the file is damaged: %v", macErr)
		return err
	}
	in.mac.content = content
	if r.Integrity == integrityNone {
		r.Integrity = integrityMAC
		if r.MAC.OID == oidPBMAC1 {
			r.Integrity = integrityPBMAC1
		}
	}
	in.explain(say.New("MAC"), nil, r.MAC.Err)
	if err == nil {
		err = pfx.End()
	}
	return err
}

// explain makes a finding of the reason why something was not tried.
func (in *inspector) explain(what say.Message, at BagRef, err error) {
	var unsupported *UnsupportedError
	var limit *LimitError
	switch {
	case err == nil:
	case errors.As(err, &unsupported):
		in.find(codeUnsupported, severityWarning, at, "%s: %v here", what, err)
	case errors.As(err, &limit):
		in.find(limit.Code, severityError, at, "%s: %v", what, err)
	default:
		in.find(codeParameters, severityError, at, "%s: %v", what, err)
	}
}

// parseAuthSafe reads the ContentInfo around the authenticated safe and returns
// the octets that MAC or signature are over, nil if there are none.
func (in *inspector) parseAuthSafe(pfx *ber.Reader) ([]byte, error) {
	info, err := pfx.Sequence()
	if err != nil {
		return nil, err
	}
	contentType, err := info.OID()
	if err != nil {
		return nil, err
	}
	if info.Empty() {
		in.find(codeContentAbsent, severityError, nil, "the file has no content")
		return nil, nil
	}
	value, err := info.Inside(ber.ContextSpecific, 0)
	if err != nil {
		return nil, err
	}
	switch contentType {
	case oidData:
		content, err := value.Octets()
		if err == nil {
			in.ended(nil, info, value)
		}
		return content, err
	case oidSignedData:
		in.report.Integrity = integritySignature
		content, err := in.signedContent(value)
		if err != nil {
			in.find(codeMalformed, severityError, nil, "the signed content: %v", err)
			return nil, nil
		}
		return content, nil
	default:
		in.report.Integrity = integrityUnknown
		in.find(codeContentType, severityError, nil, "content type %s is not one of a PFX", contentType)
		return nil, nil
	}
}

// signedContent returns the content of a SignedData message. RFC 5652, Section
// 5. The signature is not verified.
func (in *inspector) signedContent(r *ber.Reader) ([]byte, error) {
	signed, err := r.Sequence()
	if err != nil {
		return nil, err
	}
	if _, err := signed.Int(); err != nil {
		return nil, err
	}
	if _, err := signed.Expect(ber.Universal, ber.Set); err != nil {
		return nil, err
	}
	oid, value, err := in.typed(signed, nil)
	if err != nil {
		return nil, err
	}
	if oid != oidData {
		return nil, say.Errorf("content type %s", oid)
	}
	return value.Octets()
}

// Object identifiers of content types. RFC 5652.
const (
	oidData          = "1.2.840.113549.1.7.1"
	oidSignedData    = "1.2.840.113549.1.7.2"
	oidEnvelopedData = "1.2.840.113549.1.7.3"
	oidEncryptedData = "1.2.840.113549.1.7.6"
)

// nested returns a Reader for encoding inside an octet string.
func (in *inspector) nested(data []byte) *ber.Reader {
	if in.form.Missing != 0 {
		return ber.NewClipping(data, &in.form)
	}
	return ber.New(data, &in.form)
}

// parseSafes reads
//
//	AuthenticatedSafe ::= SEQUENCE OF ContentInfo
//
// RFC 7292, Section 4.1.
func (in *inspector) parseSafes(content []byte) error {
	top := in.nested(content)
	list, err := top.Sequence()
	if err != nil {
		return err
	}
	for !list.Empty() {
		n := len(in.report.Safes)
		if n >= in.limits.Safes {
			in.find(codeSafes, severityError, nil, "more than %d safes: the rest was not read", in.limits.Safes)
			return nil
		}
		info, err := list.Sequence()
		if err != nil {
			return err
		}
		var s Safe
		at := BagRef{n}
		if err := in.parseSafe(&s, info, at); err != nil {
			s.Err, s.box = err, nil
			in.find(codeMalformed, severityError, at, "safe %d: %v", n, err)
		}
		in.report.Safes = append(in.report.Safes, s)
	}
	return top.End()
}

func (in *inspector) parseSafe(s *Safe, info *ber.Reader, at BagRef) error {
	var err error
	if s.ContentType, err = info.OID(); err != nil {
		return err
	}
	switch s.ContentType {
	case oidData:
	case oidEncryptedData:
		s.Privacy = privacyPassword
	case oidEnvelopedData:
		s.Privacy, s.Status = PrivacyPublicKey, statusUnsupported
		s.Err = &UnsupportedError{say.New("encryption for the owner of a certificate")}
		in.find(codeUnsupported, severityWarning, at, "safe %d is encrypted for the owner of a certificate, not under a password", at[0])
		return nil
	default:
		s.Privacy, s.Status = privacyUnknown, statusUnsupported
		in.find(codeContentType, severityError, at, "safe %d has content type %s, which is not one of a PFX", at[0], s.ContentType)
		return nil
	}
	if info.Empty() {
		in.find(codeContentAbsent, severityError, at, "safe %d has no content", at[0])
		return nil
	}
	value, err := info.Inside(ber.ContextSpecific, 0)
	if err != nil {
		return err
	}
	if s.Privacy == privacyPassword {
		in.ended(at, info)
		return in.parseEncryptedData(s, value, at)
	}
	content, err := value.Octets()
	if err != nil {
		return err
	}
	in.ended(at, info, value)
	s.Bags, err = in.parseBags(in.nested(content), at, 0)
	in.explainBags(s.Bags, at)
	return err
}

// explainBags makes findings of what keeps shrouded keys closed.
func (in *inspector) explainBags(bags []Bag, at BagRef) {
	walk(at, bags, func(ref BagRef, b *Bag) bool {
		if b.Encryption != nil {
			in.explain(say.New("private key"), ref, b.Encryption.Err)
		}
		return true
	})
}

// parseEncryptedData reads
//
//	EncryptedData ::= SEQUENCE {
//	  version               INTEGER,
//	  encryptedContentInfo  SEQUENCE {
//	    contentType                 OBJECT IDENTIFIER,
//	    contentEncryptionAlgorithm  AlgorithmIdentifier,
//	    encryptedContent            [0] IMPLICIT OCTET STRING OPTIONAL },
//	  unprotectedAttrs      [1] IMPLICIT SET OF Attribute OPTIONAL }
//
// RFC 5652, Section 8.
func (in *inspector) parseEncryptedData(s *Safe, value *ber.Reader, at BagRef) error {
	data, err := value.Sequence()
	if err != nil {
		return err
	}
	if _, err := data.Int(); err != nil {
		return err
	}
	info, err := data.Sequence()
	if err != nil {
		return err
	}
	if _, err := info.OID(); err != nil {
		return err
	}
	if s.Encryption, s.box, err = in.parseEncryption(info, safeContents); err != nil {
		return err
	}
	s.Status = statusOf(s.Encryption.Err)
	in.explain(say.New("safe %d", at[0]), at, s.Encryption.Err)
	e, ok, err := info.Optional(ber.ContextSpecific, 0)
	if err != nil {
		return err
	}
	if !ok {
		s.box = nil
		in.find(codeContentAbsent, severityError, at, "safe %d has no content", at[0])
		return nil
	}
	ciphertext, err := e.Octets()
	if err != nil {
		return err
	}
	if _, _, err := data.Optional(ber.ContextSpecific, 1); err != nil {
		return err
	}
	in.ended(at, info, data, value)
	if s.box != nil {
		s.box.ciphertext, s.box.cutOff = ciphertext, in.form.Missing != 0
	}
	return nil
}
