package lint_test

import (
	"bytes"
	"crypto"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

var wrapped = asn1.Tag(0).ContextSpecific().Constructed()

func oid(b *cryptobyte.Builder, last ...int) {
	b.AddASN1ObjectIdentifier(append([]int{1, 2, 840, 113549, 1}, last...))
}

// manner is how a message is signed.
type manner struct {
	hash      crypto.Hash
	digest    []int // its identifier
	algorithm []int // of the signature
	pss       bool
}

// usual is how messages are signed with an elliptic key.
var usual = manner{hash: crypto.SHA256, digest: []int{2, 16, 840, 1, 101, 3, 4, 2, 1}, algorithm: []int{1, 2, 840, 10045, 4, 3, 2}}

func (m manner) sum(b []byte) []byte {
	h := m.hash.New()
	h.Write(b)
	return h.Sum(nil)
}

func (m manner) digestAlgorithm(b *cryptobyte.Builder) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(m.digest) })
}

// parameters writes those of RSASSA-PSS, with one hash and as many octets of salt.
func (m manner) parameters(b *cryptobyte.Builder) {
	if !m.pss {
		return
	}
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(wrapped, m.digestAlgorithm)
		b.AddASN1(asn1.Tag(1).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
			b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
				oid(b, 1, 8)
				m.digestAlgorithm(b)
			})
		})
		b.AddASN1(asn1.Tag(2).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) { b.AddASN1Int64(int64(m.hash.Size())) })
	})
}

func (m manner) opts() crypto.SignerOpts {
	if m.pss {
		return &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: m.hash}
	}
	return m.hash
}

// signature makes a detached SignedData message over content, made at a time with an
// elliptic key, with certificates.
func signature(content []byte, by *signer, at time.Time, certs ...*signer) []byte {
	return usual.signedData(content, nil, by, at, certs...)
}

// signature makes one in this manner.
func (m manner) signature(content []byte, by *signer, at time.Time, certs ...*signer) []byte {
	return m.signedData(content, nil, by, at, certs...)
}

// signedData is like signature, with what is said to be the content inside; nil for none.
func signedData(content, inside []byte, by *signer, at time.Time, certs ...*signer) []byte {
	return usual.signedData(content, inside, by, at, certs...)
}

// signedData makes one in this manner.
func (m manner) signedData(content, inside []byte, by *signer, at time.Time, certs ...*signer) []byte {
	var attrs cryptobyte.Builder
	attribute := func(last int, value func(*cryptobyte.Builder)) {
		attrs.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			oid(b, 9, last)
			b.AddASN1(asn1.SET, value)
		})
	}
	attribute(3, func(b *cryptobyte.Builder) { oid(b, 7, 1) })
	attribute(5, func(b *cryptobyte.Builder) { b.AddASN1UTCTime(at) })
	attribute(4, func(b *cryptobyte.Builder) { b.AddASN1OctetString(m.sum(content)) })
	body := attrs.BytesOrPanic()
	var set cryptobyte.Builder
	set.AddASN1(asn1.SET, func(b *cryptobyte.Builder) { b.AddBytes(body) })
	sig, err := by.key.Sign(rand.Reader, m.sum(set.BytesOrPanic()), m.opts())
	if err != nil {
		panic(err)
	}
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		oid(b, 7, 2)
		b.AddASN1(wrapped, func(b *cryptobyte.Builder) {
			b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1Int64(1)
				b.AddASN1(asn1.SET, m.digestAlgorithm)
				b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
					oid(b, 7, 1)
					if inside != nil {
						b.AddASN1(wrapped, func(b *cryptobyte.Builder) { b.AddASN1OctetString(inside) })
					}
				})
				b.AddASN1(wrapped, func(b *cryptobyte.Builder) {
					for _, c := range certs {
						b.AddBytes(c.Raw)
					}
				})
				b.AddASN1(asn1.SET, func(b *cryptobyte.Builder) {
					b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
						b.AddASN1Int64(1)
						identifier(b, by)
						m.digestAlgorithm(b)
						b.AddASN1(wrapped, func(b *cryptobyte.Builder) { b.AddBytes(body) })
						b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
							b.AddASN1ObjectIdentifier(m.algorithm)
							m.parameters(b)
						})
						b.AddASN1OctetString(sig)
					})
				})
			})
		})
	})
	return b.BytesOrPanic()
}

func identifier(b *cryptobyte.Builder, of *signer) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(of.RawIssuer)
		b.AddASN1BigInt(of.SerialNumber)
	})
}

const mailText = "Content-Type: text/plain\r\n\r\nFigures\r\n"

func mail(from, text string, p7s []byte) []*bundle.File {
	return []*bundle.File{parse("m.eml", fmt.Appendf(nil, "From: %s\r\nMIME-Version: 1.0\r\nContent-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=b\r\n\r\n--b\r\n%s\r\n--b\r\nContent-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n--b--\r\n",
		from, text, base64.StdEncoding.EncodeToString(p7s)), nil)}
}

// signedMail is a message of the user, with the certificates above.
func signedMail(changes ...change) []*bundle.File {
	u := user(changes...)
	return mail("user@example.com", mailText, signature([]byte(mailText), u, today, u, issuing(), root()))
}

func damagedMail() []*bundle.File {
	u := user()
	p7s := signature([]byte(mailText), u, today, u, issuing(), root())
	p7s[len(p7s)-1] ^= 1
	return mail("user@example.com", mailText, p7s)
}

// encryptedMail is a message for somebody, with a cipher by its identifier.
func encryptedMail(to *signer, gcm bool, cipher ...int) []*bundle.File {
	return encryptedFor([]*signer{to}, gcm, cipher...)
}

func encryptedFor(recipients []*signer, gcm bool, cipher ...int) []*bundle.File {
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		if gcm {
			oid(b, 9, 16, 1, 23)
		} else {
			oid(b, 7, 3)
		}
		b.AddASN1(wrapped, func(b *cryptobyte.Builder) {
			b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1Int64(0)
				b.AddASN1(asn1.SET, func(b *cryptobyte.Builder) {
					for _, to := range recipients {
						b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
							b.AddASN1Int64(0)
							identifier(b, to)
							b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { oid(b, 1, 1); b.AddASN1NULL() })
							b.AddASN1OctetString(make([]byte, 256))
						})
					}
				})
				b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
					oid(b, 7, 1)
					b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(cipher) })
				})
			})
		})
	})
	return []*bundle.File{parse("e.eml", fmt.Appendf(nil, "From: other@example.com\r\nMIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n", base64.StdEncoding.EncodeToString(b.BytesOrPanic())), nil)}
}

var (
	aes256    = []int{2, 16, 840, 1, 101, 3, 4, 1, 42}
	aes256GCM = []int{2, 16, 840, 1, 101, 3, 4, 1, 46}
	rc2       = []int{1, 2, 840, 113549, 3, 2}
)

// partialMail has a footer beside what is signed.
func partialMail() []*bundle.File {
	u := user()
	p7s := base64.StdEncoding.EncodeToString(signature([]byte(mailText), u, today, u, issuing(), root()))
	return []*bundle.File{parse("m.eml", fmt.Appendf(nil, "From: user@example.com\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n%s\r\n--b\r\nContent-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n--b--\r\n\r\n--a\r\nContent-Type: text/plain\r\n\r\na footer\r\n--a--\r\n", mailText, p7s), nil)}
}

// thirdPart has a footer inside multipart/signed, which has no place for it.
func thirdPart() []*bundle.File {
	u := user()
	p7s := base64.StdEncoding.EncodeToString(signature([]byte(mailText), u, today, u, issuing(), root()))
	return []*bundle.File{parse("m.eml", fmt.Appendf(nil, "From: user@example.com\r\nContent-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n%s\r\n--b\r\nContent-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n--b\r\nContent-Type: text/plain\r\n\r\na footer\r\n--b--\r\n", mailText, p7s), nil)}
}

// messageCases are those of the rules about messages.
func messageCases() []ruleCase {
	good := func() given { return give(signedMail()) }
	other := noPFX
	return []ruleCase{
		{"e_message_changed", func() given {
			u := user()
			return give(mail("user@example.com", strings.Replace(mailText, "Figures", "Numbers", 1), signature([]byte(mailText), u, today, u, issuing(), root())))
		}, good, other},
		{"e_message_signature_wrong", func() given { return give(damagedMail()) }, good, other},
		{"e_message_sender", func() given {
			u := user()
			return give(mail("mallory@example.com", mailText, signature([]byte(mailText), u, today, u, issuing(), root())))
		}, good, other},
		{"e_message_signer_usage", func() given { return give(signedMail(keyUsage(x509.KeyUsageKeyAgreement))) }, good, other},
		{"w_message_partial", func() given { return give(partialMail()) }, good, other},
		{"w_message_partial", func() given { return give(thirdPart()) }, good, other},
		{"e_message_not_readable", func() given {
			return with(encryptedMail(user(), true, aes256GCM...), lint.Options{Targets: []lint.Target{lint.Thunderbird}})
		}, func() given { return give(encryptedMail(user(), false, aes256...)) }, other},
		{"w_message_cipher_weak", func() given { return give(encryptedMail(user(), false, rc2...)) }, func() given { return give(encryptedMail(user(), false, aes256...)) }, other},
	}
}

// TestMessageWorks: a good message works for whoever reads mail, and its own root makes
// Exchange Online work for none.
func TestMessageWorks(t *testing.T) {
	r := run(t, signedMail(), &lint.Options{Time: today.AddDate(0, 0, 1), Roots: loose(root())})
	for _, target := range lint.Targets() {
		v := verdict(r, target)
		switch {
		case slices.Contains([]lint.Target{lint.Intune, lint.OutlookAndroid, lint.Gmail}, target): // two are judged when named
			if v.Status != lint.NotApplicable {
				t.Errorf("%s: %s", target, v.Status)
			}
		case target.Collects() || target == lint.OutlookIOS:
			if v.Status != lint.Unknown {
				t.Errorf("%s: %s", target, v.Status)
			}
		case v.Status != lint.Works:
			t.Errorf("%s: %s because %v", target, v.Status, v.Because)
		}
	}
	r = run(t, append(signedMail(), store(root(), issuing())...), &lint.Options{Time: today.AddDate(0, 0, 1)})
	if v := verdict(r, lint.ExchangeOnline); v.Status != lint.Works {
		t.Errorf("beside its store: %s because %v", v.Status, v.Because)
	}
}

// TestMessageTime holds that a certificate is judged when it signed and now.
func TestMessageTime(t *testing.T) {
	for _, tt := range []struct {
		name     string
		signed   time.Time
		now      time.Time
		want     lint.State
		code     lint.Code
		finding  string
		evidence string
	}{
		{"both", today, today, lint.Met, "", "", "when it was signed"},
		{"expired since", today, today.AddDate(3, 0, 0), lint.Open, "expired_since", "", ""},
		{"expired before", today.AddDate(2, 0, 0), today.AddDate(3, 0, 0), lint.Failed, "", "e_certificate_expired", ""},
		{"in the future", today.AddDate(3, 0, 0), today, lint.Met, "", "", "until"},
	} {
		u := user()
		files := mail("user@example.com", mailText, signature([]byte(mailText), u, tt.signed, u, issuing(), root()))
		r := run(t, files, &lint.Options{Time: tt.now, Roots: loose(root()), Targets: []lint.Target{lint.Windows}})
		a := answerOf(r, lint.Windows, "valid")
		if a.State != tt.want || a.Code != tt.code || slices.Contains(rulesOf(r), "e_certificate_expired") != (tt.finding != "") {
			t.Errorf("%s: %s %s %v, rules %v", tt.name, a.State, a.Code, a.Evidence, rulesOf(r))
		}
		if tt.evidence != "" && !strings.Contains(fmt.Sprint(a.Evidence), tt.evidence) {
			t.Errorf("%s: %v", tt.name, a.Evidence)
		}
	}
}

// TestRecipient holds which file is said to open an encrypted message.
func TestRecipient(t *testing.T) {
	message := func() []*bundle.File { return encryptedMail(user(), false, aes256...) }
	serial := strings.ToUpper(hex.EncodeToString(user().SerialNumber.Bytes()))
	for _, tt := range []struct {
		name  string
		files []*bundle.File
		want  lint.State
		code  lint.Code
		says  string
	}{
		{"alone", nil, lint.Open, "recipient_not_given", serial},
		{"its PFX", openPFX(des("secret"), "secret"), lint.Met, "", "is a recipient"},
		{"the key alone", openPFX(plainPFX(keyBag(user().key)), ""), lint.Open, "recipient_not_given", serial},
		{"its PFX, closed", []*bundle.File{parse("closed.pfx", des("secret"), nil)}, lint.Open, "recipient_not_given", "not opened"},
		{"a profile with it", profileWith(t, des("secret")), lint.Met, "", "is a recipient"},
		{"a profile with it, closed", profileWith(t, des("other")), lint.Open, "recipient_not_given", "not opened"},
		{"a profile with its certificate", opened(t, "secret", withPayload(profileText(encode(gopkcs12.LegacyDES, "secret", newUser(root(), otherKey()))), "pkcs1", user())), lint.Open, "key_not_given", "give the PFX"},
		{"a PFX with another key", openPFX(plainPFX(keyBag(otherKey()), certBag(user())), ""), lint.Open, "key_not_given", "give the PFX"},
		{"the PFX of another", openPFX(encode(gopkcs12.LegacyDES, "secret", newUser(root(), otherKey())), "secret"), lint.Open, "recipient_not_given", "the 1 certificate given is of no recipient"},
		{"its certificate", loose(user()), lint.Open, "key_not_given", "give the PFX"},
		{"another certificate", loose(newUser(root(), user().key)), lint.Open, "recipient_not_given", "of no recipient"},
	} {
		r := run(t, append(message(), tt.files...), &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}})
		var a *lint.NeedAnswer
		for i := range r.Subjects {
			if r.Subjects[i].Subject.File == "e.eml" {
				for j := range r.Subjects[i].Needs {
					if r.Subjects[i].Needs[j].Need == "recipient" {
						a = &r.Subjects[i].Needs[j]
					}
				}
			}
		}
		if a == nil || a.State != tt.want || a.Code != tt.code || !strings.Contains(fmt.Sprint(a.Evidence, a.Decide), tt.says) {
			t.Errorf("%s: %+v", tt.name, a)
		}
	}
	r := run(t, message(), &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}})
	if !slices.ContainsFunc(r.NotChecked, func(n lint.NotChecked) bool { return strings.Contains(n.Why.String(), "encrypted") }) {
		t.Errorf("not checked: %v", r.NotChecked)
	}
}

// TestReadsForMany holds that what a target reads of a message is said once, for however
// many it is encrypted.
func TestReadsForMany(t *testing.T) {
	reads := func(recipients ...*signer) string {
		a := answerOf(run(t, encryptedFor(recipients, false, aes256...), &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}}), lint.Windows, "reads")
		return fmt.Sprint(a.State, a.Evidence, a.Decide)
	}
	one := reads(user())
	if got := reads(user(), user(serial(0x2001)), user(serial(0x2002))); got != one || one != "met[aes256-cbc rsaEncryption] []" {
		t.Errorf("for three: %s; for one: %s", got, one)
	}
}

// TestSignatureAnswer holds what the signature of a message says of the need, whatever the
// rules find.
func TestSignatureAnswer(t *testing.T) {
	u := user()
	p7s := signature([]byte(mailText), u, today, u, issuing(), root())
	for _, tt := range []struct {
		name  string
		files []*bundle.File
		want  lint.State
		says  string
	}{
		{"good", signedMail(), lint.Met, "signed on"},
		{"changed", mail("user@example.com", strings.Replace(mailText, "Figures", "Numbers", 1), p7s), lint.Failed, "the text: "},
		{"damaged", damagedMail(), lint.Failed, "the signature: "},
	} {
		a := answerOf(run(t, tt.files, &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}}), lint.Windows, "signature")
		if a.State != tt.want || !strings.Contains(fmt.Sprint(a.Evidence), tt.says) {
			t.Errorf("%s: %s %v", tt.name, a.State, a.Evidence)
		}
	}
}

// TestSignatureRead holds for real messages that a signature which is good is met for those
// targets alone that are known to check it.
func TestSignatureRead(t *testing.T) {
	sha2, sha3 := []int{2, 16, 840, 1, 101, 3, 4, 2, 1}, []int{2, 16, 840, 1, 101, 3, 4, 2, 8}
	plain, pss := []int{1, 2, 840, 113549, 1, 1, 1}, []int{1, 2, 840, 113549, 1, 1, 10}
	every := []lint.Target{lint.ExchangeOnline, lint.OutlookIOS, lint.OutlookAndroid, lint.AppleMail, lint.Windows, lint.Thunderbird, lint.Gmail}
	u := newUser(issuing(), rsaKey(2048))
	for _, tt := range []struct {
		name   string
		manner manner
		met    []lint.Target
		open   string // what the others are not known to read
	}{
		{"SHA-256", manner{crypto.SHA256, sha2, plain, false}, every, ""},
		{"SHA-224", manner{crypto.SHA224, []int{2, 16, 840, 1, 101, 3, 4, 2, 4}, plain, false}, []lint.Target{lint.Thunderbird}, "sha224"},
		{"SHA3-256", manner{crypto.SHA3_256, sha3, plain, false}, nil, "sha3-256"},
		{"RSASSA-PSS", manner{crypto.SHA256, sha2, pss, true}, []lint.Target{lint.Thunderbird}, "RSASSA-PSS sha256"},
	} {
		files := append(mail("user@example.com", mailText, tt.manner.signature([]byte(mailText), u, today, u, issuing(), root())), store(root(), issuing())...)
		r := run(t, files, &lint.Options{Time: today, Roots: loose(root()), Targets: every})
		for _, target := range every {
			a := answerOf(r, target, "signature")
			if met := slices.Contains(tt.met, target); met && a.State != lint.Met || !met && said(a) != fmt.Sprintf("unknown reader: whether %s reads %s is not known here", target.Title(), tt.open) {
				t.Errorf("%s: %s: %s", tt.name, target, said(a))
			}
			if met := slices.Contains(tt.met, target); !met && verdict(r, target).Status != lint.Unknown {
				t.Errorf("%s: %s %s", tt.name, target, verdict(r, target).Status)
			}
		}
	}
}

// TestMailThatCarries holds that mail which carries certificates, and is neither signed nor
// encrypted, is judged as a list of them.
func TestMailThatCarries(t *testing.T) {
	data, err := pkcs7.New(chain.FromX509(user().Certificate), chain.FromX509(issuing().Certificate)).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	carries := parse("m.eml", fmt.Appendf(nil, "From: user@example.com\r\nMIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; smime-type=certs-only\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n", base64.StdEncoding.EncodeToString(data)), nil)
	r := run(t, []*bundle.File{carries}, &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}})
	if len(r.Subjects) != 1 || r.Subjects[0].Subject.Kind != "certificate" {
		t.Errorf("%+v", r.Subjects)
	}
}

// TestSignerBeside holds that a signer whose certificate is not in the message is looked
// for in the other files.
func TestSignerBeside(t *testing.T) {
	files := mail("user@example.com", mailText, signature([]byte(mailText), user(), today))
	opts := &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}}
	state := func(files []*bundle.File) lint.NeedAnswer {
		r := run(t, files, opts)
		for i := range r.Subjects {
			if r.Subjects[i].Subject.Kind == "message" {
				return r.Subjects[i].Needs[0]
			}
		}
		return lint.NeedAnswer{}
	}
	if a := state(files); a.State != lint.Open || a.Code != "signature_unchecked" {
		t.Errorf("alone: %+v", a)
	}
	if a := state(append(files, loose(user())...)); a.State != lint.Met || !strings.Contains(said(a), "is not in the message but in a.cer") {
		t.Errorf("with the certificate: %+v", a)
	}
	others := append(loose(issuing(), root()), pemBundle(user(), root())...) // which are not the signer's but for one
	others[len(others)-1].Name = "users.pem"
	if a := state(append(files, others...)); a.State != lint.Met || !strings.Contains(said(a), "is not in the message but in users.pem") {
		t.Errorf("with the certificate behind others: %+v", a)
	}
	damaged := signature([]byte(mailText), user(), today)
	damaged[len(damaged)-1] ^= 1
	if a := state(append(mail("user@example.com", mailText, damaged), loose(user())...)); a.State != lint.Failed || !strings.Contains(said(a), "the signature: ") {
		t.Errorf("damaged, with the certificate: %+v", a)
	}
	if bytes.Equal(files[0].SHA256[:], make([]byte, 32)) {
		t.Error("no digest")
	}
}

// TestJudgedBySignerBeside holds that a message whose signature was checked with a certificate
// from another file is judged by that certificate, as if it had been sent along.
func TestJudgedBySignerBeside(t *testing.T) {
	const from = "user@example.com"
	named := func(name string, files []*bundle.File) []*bundle.File {
		files[len(files)-1].Name = name
		return files
	}
	pfx := func(u *signer) []*bundle.File {
		return openPFX(encode(gopkcs12.Modern2023, "secret", u), "secret")
	}
	expired := func(c *x509.Certificate) { c.NotBefore, c.NotAfter = today.AddDate(-2, 0, 0), today.AddDate(-1, 0, 0) }
	for _, tt := range []struct {
		name  string
		from  string
		user  *signer
		give  func(*signer) []*bundle.File
		works bool
		want  map[lint.Need]lint.State
	}{
		{"a certificate", from, user(), func(u *signer) []*bundle.File { return loose(u) }, true, nil},
		{"among others", from, user(), func(u *signer) []*bundle.File { return named("users.pem", pemBundle(root(), u)) }, true, nil},
		{"a PFX", from, user(), pfx, true, nil},
		{"the same in two files", from, user(), func(u *signer) []*bundle.File { return append(loose(u), pfx(u)...) }, true, nil},
		{"for another address", "boss@example.com", user(), func(u *signer) []*bundle.File { return loose(u) }, false, map[lint.Need]lint.State{"address": lint.Failed}},
		{"for another address, in a PFX", "boss@example.com", user(), pfx, false, map[lint.Need]lint.State{"address": lint.Failed}},
		{"expired", from, user(expired), func(u *signer) []*bundle.File { return loose(u) }, false, map[lint.Need]lint.State{"valid": lint.Failed}},
		{"soon expired", from, user(func(c *x509.Certificate) { c.NotAfter = today.AddDate(0, 0, 3) }), func(u *signer) []*bundle.File { return loose(u) }, true, nil},
		{"not to sign", from, user(keyUsage(x509.KeyUsageKeyEncipherment)), func(u *signer) []*bundle.File { return loose(u) }, false, map[lint.Need]lint.State{"signs": lint.Failed}},
		{"of another CA", from, newUser(root(), ecKey(elliptic.P256(), 3), func(c *x509.Certificate) { c.SerialNumber = big.NewInt(77) }), func(u *signer) []*bundle.File { return loose(u) }, true, nil},
	} {
		for _, way := range []string{"beside", "with"} {
			p7s := signature([]byte(mailText), tt.user, today)
			files, opts := append(mail(tt.from, mailText, p7s), store(root(), issuing())...), &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}}
			if way == "with" {
				opts.With = tt.give(tt.user)
			} else {
				files = append(files, tt.give(tt.user)...)
			}
			alone := run(t, append(mail(tt.from, mailText, signature([]byte(mailText), tt.user, today, tt.user)), store(root(), issuing())...), &lint.Options{Time: today, Targets: opts.Targets})
			beside := run(t, files, opts)
			got, along := messageOf(beside), messageOf(alone)
			if way == "with" && !slices.Equal(rulesOf(beside), rulesOf(alone)) { // what is given so is judged for nothing else
				t.Errorf("%s: rules %v; sent along %v", tt.name, rulesOf(beside), rulesOf(alone))
			}
			if got.Subject.File != "m.eml" || got.Subject.Index != -1 || got.Subject.SHA256 != along.Subject.SHA256 || got.Subject.Name != along.Subject.Name {
				t.Errorf("%s, %s: %+v", tt.name, way, got.Subject)
			}
			if (got.Status == lint.Works) != tt.works || got.Status != along.Status || !slices.Equal(got.Because, along.Because) {
				t.Errorf("%s, %s: %s because %v; sent along %s because %v", tt.name, way, got.Status, got.Because, along.Status, along.Because)
			}
			for i, a := range got.Needs {
				b := along.Needs[i]
				if a.Need != b.Need || a.State != b.State || a.Code != b.Code || a.Need != "signature" && said(a) != said(b) {
					t.Errorf("%s, %s: %s: %s; sent along %s", tt.name, way, a.Need, said(a), said(b))
				}
				if want := tt.want[a.Need]; want != "" && a.State != want {
					t.Errorf("%s, %s: %s", tt.name, way, said(a))
				}
			}
		}
	}
}

// messageOf returns the verdict about the first message.
func messageOf(r *lint.Report) lint.Verdict {
	i := slices.IndexFunc(r.Subjects, func(v lint.Verdict) bool { return v.Subject.Kind == "message" })
	return r.Subjects[i]
}

// TestSender holds whom a message is from against the addresses of who signed it. With
// several authors it says who sent it (RFC 5322, Section 3.6.2), and has one field From;
// programs differ in what they make of others.
func TestSender(t *testing.T) {
	u := user()
	one := signature([]byte(mailText), u, today, u, issuing(), root())
	for from, want := range map[string]lint.State{
		"user@example.com":                   lint.Met,
		"User <USER@example.com>":            lint.Met,
		"boss@example.com":                   lint.Failed,
		"boss@example.com, user@example.com": lint.Open,
		"user@example.com, boss@example.com": lint.Open,
		"boss@example.com, user@example.com\r\nSender: user@example.com":    lint.Met,
		"boss@example.com, user@example.com\r\nSender: boss@example.com":    lint.Open,
		"boss@example.com\r\nSender: user@example.com":                      lint.Met,
		"boss@example.com\r\nSender: chair@example.com":                     lint.Failed,
		"user@example.com\r\nFrom: boss@example.com":                        lint.Open,
		"boss@example.com\r\nFrom: user@example.com":                        lint.Open,
		"user@example.com\r\nFrom: user@example.com":                        lint.Met,
		"user@example.com\r\nFrom: boss@example.com, chair@example.com":     lint.Open,
		"boss@example.com\r\nFrom: chair@example.com":                       lint.Failed,
		"\"boss@example.com\" <user@example.com>":                           lint.Met,
		"\"user@example.com\" <boss@example.com>":                           lint.Failed,
		"user@example.com, other@example.com":                               lint.Open,
		"user@example.com\r\nReply-To: boss@example.com":                    lint.Met,
		"boss@example.com\r\nReply-To: user@example.com":                    lint.Failed,
		"boss@example.com\r\nResent-From: user@example.com":                 lint.Failed,
		"=?utf-8?q?boss=40example=2Ecom?= <user@example.com>":               lint.Met,
		"=?utf-8?q?user=40example=2Ecom?= <boss@example.com>":               lint.Failed,
		"The Users: user@example.com, boss@example.com;":                    lint.Open,
		"user@example.com (boss@example.com)":                               lint.Met,
		"boss@example.com (user@example.com)\r\nX-Sender: user@example.com": lint.Failed,
	} {
		r := run(t, mail(from, mailText, one), &lint.Options{Time: today, Targets: []lint.Target{lint.Thunderbird}, Roots: loose(root())})
		if a := answerOf(r, lint.Thunderbird, "address"); a.State != want {
			t.Errorf("From: %s: %s %v %v, want %s", from, a.State, a.Evidence, a.Decide, want)
		}
		if failed := slices.Contains(rulesOf(r), "e_message_sender"); failed != (want == lint.Failed) {
			t.Errorf("From: %s: e_message_sender: %t", from, failed)
		}
	}
}

// TestSignerAmongLookAlikes holds that of several certificates with the issuer and the serial
// number of a signer the one counts that made the signature.
func TestSignerAmongLookAlikes(t *testing.T) {
	u := user()
	other := newUser(issuing(), ecKey(elliptic.P256(), 77), func(c *x509.Certificate) { c.SerialNumber = u.SerialNumber })
	for name, certs := range map[string][]*signer{"before it": {other, u}, "behind it": {u, other}} {
		files := append(mail("user@example.com", mailText, signature([]byte(mailText), u, today)), pemBundle(append(certs, issuing())...)...)
		r := run(t, files, &lint.Options{Time: today, Targets: []lint.Target{lint.AppleMail}, Roots: loose(root()), ZLint: []string{"none"}})
		found := false
		for _, v := range r.Subjects {
			if v.Subject.Kind == "message" {
				i := slices.IndexFunc(v.Needs, func(a lint.NeedAnswer) bool { return a.Need == "signature" })
				if found = true; v.Needs[i].State != lint.Met {
					t.Errorf("%s: the signature is %s: %v", name, v.Needs[i].State, v.Needs[i].Decide)
				}
			}
		}
		if !found {
			t.Errorf("%s: no verdict about the message", name)
		}
	}
}
