package lint

import (
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// mailTargets are the targets that read mail.
var mailTargets = func() []Target {
	var list []Target
	for i := range rows {
		if slices.Contains(rows[i].takes, bundle.Mail) {
			list = append(list, rows[i].target)
		}
	}
	return list
}()

// brokenCiphers are those whose text others than the recipients can have.
var brokenCiphers = []string{"rc2-cbc", "des-cbc", "rc4"}

// messageRules are about mail itself: whether it is what was signed and by whom, and
// what it takes to open it.
func messageRules() []Rule {
	rule := func(name string, need Need, description say.Text, cite string, remedy say.Text, run func(*Pass, *subject)) Rule {
		return Rule{
			Name: name, Need: need, Description: description, Citation: cite, Remedy: remedy,
			Targets: mailTargets, Confidence: Documented,
			Applies: func(p *Pass) bool { return p.Collection.Files[0].IsMessage() },
			Run: func(p *Pass) error {
				list, err := p.subjects()
				for _, s := range list {
					if s.message != nil {
						before := len(p.findings)
						run(p, s)
						for i := range p.findings[before:] {
							p.findings[before+i].about = s
						}
					}
				}
				return err
			},
		}
	}
	signed := func(run func(*Pass, *subject, *bundle.Signature)) func(*Pass, *subject) {
		return func(p *Pass, s *subject) {
			if s.signature != nil {
				run(p, s, s.signature)
			}
		}
	}
	return []Rule{
		rule("e_message_changed", needSignature,
			"The text of a message is not what was signed: its digest, or its type, is another one than that in the signature, which is whole. Somebody or something has changed it on its way.",
			"RFC 5652, Sections 5.4 and 5.6",
			"Do not rely on the text: ask the sender to send it again, and have what changes mail on the way (lists, disclaimers, scanners) leave signed messages alone.",
			signed(func(p *Pass, s *subject, v *bundle.Signature) {
				switch {
				case v.Content != pkcs7.Wrong:
				case !v.Cause.IsZero():
					p.Report(s.member, "the text: %s (%s)", v.ContentWhy, v.Cause)
				default:
					p.Report(s.member, "the text: %s", v.ContentWhy)
				}
			})),
		rule("e_message_signature_wrong", needSignature,
			"The signature of a message does not fit the certificate that it names, or is damaged.",
			"RFC 5652, Section 5.6",
			"Do not rely on the sender: ask for the message again.",
			signed(func(p *Pass, s *subject, v *bundle.Signature) {
				if v.Signature == pkcs7.Wrong {
					p.Report(s.member, "the signature: %s", v.SignatureWhy)
				}
			})),
		rule("e_message_sender", needAddress,
			"The certificate of the signer does not have the address that the message is from. Programs warn, and somebody may have written it in another's name.",
			"RFC 8550, Section 3",
			"Do not take the message for one of the sender it shows. Where both are one person, have the certificate issued for the address that mail is sent from.",
			signed(func(p *Pass, s *subject, _ *bundle.Signature) {
				if len(s.message.From) == 0 {
					return
				}
				if a := p.fromSigner(s); a.State == Failed {
					p.ReportMessage(s.member, a.Evidence[0])
				}
			})),
		rule("e_message_signer_usage", needSigns,
			"A message is signed with a key that its certificate does not allow to sign: the key usage has neither digitalSignature nor nonRepudiation, or for Apple not the former.",
			"RFC 8550, Section 4.4.2; Apple, SecPolicy.c, SecPolicyCreateSMIME",
			"Have the sender sign with a certificate for signing: this one is for encryption.",
			signed(func(p *Pass, s *subject, _ *bundle.Signature) {
				if s.member != nil && s.member.readable() && !p.allows(s.member.Certificate, chain.Sign) {
					p.Report(s.member, "the key usage does not allow to sign")
				}
			})),
		rule("w_message_partial", needSignature,
			"A message is signed in part: other parts stand beside what is signed, such as a footer that a list has put there, and nothing vouches for them.",
			"RFC 8551, Section 3.5",
			"Rely on the signed part alone.",
			signed(func(p *Pass, s *subject, _ *bundle.Signature) {
				if slices.ContainsFunc(s.message.Layers, func(l bundle.Layer) bool { return l.Kind == bundle.LayerSigned && l.Partial }) {
					p.Report(s.member, "a part of the message is not signed")
				}
			})),
		rule("e_message_not_readable", needReads,
			"A message is encrypted in a way that the target does not read, whoever has the key.",
			readsNSS.cite,
			"Have it sent again with AES in CBC mode and, for RSA keys, without OAEP, or read it with another program.",
			func(p *Pass, s *subject) {
				if a := p.readsMessage(s); a.State == Failed {
					for _, m := range a.Evidence {
						p.ReportMessage(nil, m)
					}
				}
			}),
		rule("w_message_cipher_weak", needReads,
			"A message is encrypted with a cipher that others than the recipients can break.",
			"RFC 8551, Section 2.7 and Appendix B",
			"Have the sender's program renewed, and its certificate of the recipient: it may hold what the recipient's program said long ago.",
			func(p *Pass, s *subject) {
				if s.encrypted == nil {
					return
				}
				name := s.encrypted.CipherName()
				if slices.ContainsFunc(brokenCiphers, func(c string) bool { return strings.HasPrefix(name, c) }) {
					p.Report(nil, "encrypted with %s", name)
				}
			}),
	}
}
