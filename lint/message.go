package lint

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// ofMessages returns a subject for each signature of the outermost signed layer of each
// message, and one for what is encrypted. What is inside an encryption is not seen.
func (p *Pass) ofMessages() ([]*subject, error) {
	f := p.Collection.Files[0]
	var list []*subject
	for i := range f.Messages {
		m := &f.Messages[i]
		signatures := m.Outermost()
		for j := range signatures {
			sig := &signatures[j]
			w := p.Collection.signedWith[sig]
			if w != nil {
				sig = &w.Signature
			}
			s := &subject{Subject: Subject{Kind: kindMessage, File: f.Name, Index: -1}}
			if m := p.Collection.memberOf(sig.Certificate); m != nil {
				var err error
				if s, err = p.ofMember(kindMessage, m); err != nil {
					return nil, err
				}
			}
			if w != nil {
				s.File, s.Index, s.signerIn = f.Name, -1, w.file
			}
			s.message, s.signature, s.Message = m, sig, m.Number
			list = append(list, s)
		}
		if e := m.Encrypted(); e != nil {
			list = append(list, &subject{Subject: Subject{Kind: kindMessage, File: f.Name, Index: -1, Message: m.Number}, message: m, encrypted: e})
		}
	}
	return list, nil
}

// lacksCollection reports whether a message is judged for a target that goes by the
// tenant's collection, which was not given.
func (p *Pass) lacksCollection() bool {
	return p.Collection.Files[0].IsMessage() && p.Target.row().collects && len(p.Collection.stores) == 0
}

// signedAt returns when a message says that it was signed, where the signature is good
// and the time has come; the zero time otherwise.
func (p *Pass) signedAt(s *bundle.Signature) time.Time {
	if at := s.Info.SigningTime; s.Good() && !at.After(p.Time) {
		return at
	}
	return time.Time{}
}

// timeOf returns when a certificate is judged: one in a message at the time of the
// signature that it made, or of the first one there, anything else now.
func (p *Pass) timeOf(m *Member) time.Time {
	f := p.Collection.Files[0]
	if !f.IsMessage() {
		return p.Time
	}
	if p.signed == nil {
		p.signed = map[string]time.Time{}
		for i := range f.Messages {
			for _, s := range p.Collection.outermost(&f.Messages[i]) {
				at := p.signedAt(s)
				if at.IsZero() { // else it has a certificate
					continue
				}
				for _, key := range []string{hexSum(s.Certificate), ""} {
					if p.signed[key].IsZero() {
						p.signed[key] = at
					}
				}
			}
		}
	}
	if at := p.signed[m.sha256]; !at.IsZero() {
		return at
	}
	if at := p.signed[""]; !at.IsZero() {
		return at
	}
	return p.Time
}

// expiredFor is expired at the time at which the certificate is judged.
func (p *Pass) expiredFor(m *Member, end time.Time) bool {
	if at := p.timeOf(m); !at.Equal(p.Time) {
		return at.After(end)
	}
	return p.expired(end)
}

// unchanged is answered by the signature of a message: over what is there, made with the
// key of the certificate, and in a way that the target is known to check.
func (p *Pass) unchanged(s *subject) NeedAnswer {
	switch {
	case s.encrypted != nil:
		return notNeeded
	case s.signature == nil:
		return open(codeSignatureUnchecked, say.New("the signature of the message was not verified"))
	}
	v := &s.signature.Verification
	switch {
	case v.Content == pkcs7.Wrong:
		return failed(say.New("the text: %s", v.ContentWhy))
	case v.Signature == pkcs7.Wrong:
		return failed(say.New("the signature: %s", v.SignatureWhy))
	case !v.ContentWhy.IsZero():
		return open(codeSignatureUnchecked, v.ContentWhy)
	case !v.Good():
		return open(codeSignatureUnchecked, v.SignatureWhy)
	}
	if unknown := p.unknownSignature(v.Info); len(unknown) > 0 {
		return open(codeReader, unknown...)
	}
	if s.signerIn != "" {
		return met(say.New("made with the key of %s, whose certificate is not in the message but in %s", quoteName(v.Certificate.Subject()), s.signerIn))
	}
	if t := v.Info.SigningTime; !t.IsZero() {
		return met(say.New("%s with %s, signed on %s", v.Info.Signature.Name, v.Info.Digest.Name, t.Format(time.DateTime)+" UTC"))
	}
	return met(say.New("%s with %s", v.Info.Signature.Name, v.Info.Digest.Name))
}

// fromSigner is answered by the sender of a message and the addresses of the signer's
// certificate (RFC 8550, Section 3). Of several signers one is enough.
func (p *Pass) fromSigner(s *subject) NeedAnswer {
	if s.encrypted != nil {
		return notNeeded
	}
	if s.message == nil || len(s.message.From) == 0 {
		if p.fromSomebody() || s.message != nil && slices.Contains([]bundle.Format{bundle.Mail, bundle.Mbox, bundle.OutlookMessage}, p.Collection.Files[0].Format) {
			return open(codeNoAddress, say.New("the message does not say whom it is from"))
		}
		return p.addressed(s) // a part of a message that does not say who sent it
	}
	if s.member == nil || s.member.Certificate == nil {
		return open(codeUnseen, say.New("the certificate of the signer, which says whether it has the address %s", listed(s.message.From)))
	}
	addresses := mailAddresses(s.member.Certificate)
	m := s.message
	if containsAnyFold(addresses, m.Sender) && !containsAnyFold(addresses, m.From) {
		return met(say.New("Sender: %s; From: %s", listed(m.Sender), listed(m.From)))
	}
	all, others := addresses, false // what good signers have
	for _, other := range p.Collection.outermost(m) {
		if other.Good() && other.Certificate != nil {
			has := mailAddresses(other.Certificate)
			all, others = append(all, has...), others || containsAnyFold(has, m.From)
		}
	}
	switch lacks := slices.ContainsFunc(m.From, func(a string) bool { return !containsAnyFold(all, []string{a}) }); {
	case lacks && containsAnyFold(all, m.From) && !containsAnyFold(all, m.Sender):
		// RFC 5322, Section 3.6.2, asks for a Sender.
		return open(codeNoAddress, say.New("From: %s; the certificate is for one of them, and the message does not say who sent it", listed(m.From)))
	case containsAnyFold(addresses, m.From):
		return met(say.New("From: %s", listed(m.From)))
	case others:
		return met(say.New("From: %s, which another signer has", listed(m.From)))
	case len(addresses) == 0:
		return failed(say.New("From: %s; the certificate holds no address", listed(m.From)))
	default:
		return failed(say.New("From: %s; the certificate is for %s", listed(m.From), listed(distinct(addresses))))
	}
}

// mailAddresses returns the addresses of a certificate, those in UTF-8 too.
func mailAddresses(c *chain.Certificate) []string {
	a := c.Addresses()
	return slices.Concat(a.RFC822, a.Subject, a.SmtpUTF8)
}

// validWhenSigned is answered by the dates of the signer's certificate, when it signed
// and now.
func (p *Pass) validWhenSigned(s *subject) NeedAnswer {
	at := p.signedAt(s.signature)
	if at.IsZero() || s.member == nil {
		return p.validNow(s)
	}
	notBefore, notAfter, ok := s.member.validity()
	switch {
	case !ok:
		return open(codeUnreadable, say.New("the dates of a certificate cannot be read"))
	case at.After(notAfter):
		return failed(say.New("it had expired on %s when the message was signed, on %s", date(notAfter), date(at)))
	case at.Before(notBefore):
		return failed(say.New("it was valid from %s on, and the message was signed on %s", date(notBefore), date(at)))
	case p.expired(notAfter):
		return open(codeExpiredSince, say.New("it was valid when the message was signed, on %s, and expired on %s: a program may judge by either", date(at), date(notAfter)))
	}
	return met(say.New("when it was signed, on %s, and until %s", date(at), date(notAfter)))
}

// openedBy is answered by the files of the call: a private key whose certificate is among
// the recipients of an encrypted message. Nothing is decrypted.
func (p *Pass) openedBy(s *subject) NeedAnswer {
	if s.encrypted == nil {
		return notNeeded
	}
	var closed, keyless []say.Message
	seen := 0
	for _, f := range p.Collection.call {
		if f == p.Collection.Files[0] {
			continue
		}
		reports := identitiesOf(f)
		if slices.ContainsFunc(reports, func(r *pkcs12.Inspection) bool { return !isOpen(r) }) {
			closed = append(closed, say.New("%s, which was not opened", f.Name))
		}
		for _, c := range certificatesOf(f) {
			seen++
			if !isRecipient(s.encrypted, c) {
				continue
			}
			if slices.ContainsFunc(reports, func(r *pkcs12.Inspection) bool { return hasKeyOf(r, c) }) {
				return met(say.New("%s, in %s, is a recipient", quoteName(c.Subject()), f.Name))
			}
			keyless = append(keyless, say.New("the private key of %s: give the PFX of the certificate in %s", quoteName(c.Subject()), f.Name))
		}
	}
	if len(keyless) > 0 {
		return open(codeKeyNotGiven, slices.Concat(first(keyless, maxListed), first(closed, maxListed))...)
	}
	var wanted []say.Message
	for i := range s.encrypted.Recipients {
		r := &s.encrypted.Recipients[i]
		switch {
		case r.ByCertificate():
			wanted = append(wanted, say.New("give the PFX with %s", &r.Identifier))
		case r.ByPassword():
			wanted = append(wanted, say.New("its password, which the sender has to tell"))
		default:
			wanted = append(wanted, say.New("the key that both sides share"))
		}
	}
	if len(wanted) == 0 {
		wanted = append(wanted, say.New("the key: the message names no recipient"))
	}
	more := len(wanted) - maxListed
	wanted = first(wanted, maxListed)
	if more > 0 {
		wanted = append(wanted, say.Count(more, "1 more recipient", "%d more recipients"))
	}
	wanted = append(wanted, first(closed, maxListed)...)
	if seen > 0 {
		wanted = append(wanted, say.Count(seen, "the 1 certificate given is of no recipient", "none of the %d certificates given is of a recipient"))
	}
	return open(codeRecipientNotGiven, wanted...)
}

// isRecipient reports whether a message is encrypted for a certificate.
func isRecipient(e *pkcs7.Encrypted, c *chain.Certificate) bool {
	return slices.ContainsFunc(e.Recipients, func(r pkcs7.Recipient) bool {
		return r.ByCertificate() && r.Means(c)
	})
}

// identitiesOf returns the PFX that a file is, or those that a profile carries.
func identitiesOf(f *bundle.File) []*pkcs12.Inspection {
	if f.PFX != nil {
		return []*pkcs12.Inspection{f.PFX}
	}
	var list []*pkcs12.Inspection
	if f.Profile != nil {
		for i := range f.Profile.Payloads {
			if r := f.Profile.Payloads[i].PFX; r != nil {
				list = append(list, r)
			}
		}
	}
	return list
}

// certificatesOf returns the certificates of a file that can be decoded, those of the
// identities in a profile too.
func certificatesOf(f *bundle.File) []*chain.Certificate {
	var list []*chain.Certificate
	for i := range f.Certificates {
		if c := &f.Certificates[i]; c.Raw != nil {
			list = append(list, c.Certificate)
		}
	}
	if f.Profile != nil {
		for _, r := range identitiesOf(f) {
			list = append(list, r.Certificates()...)
		}
	}
	return list
}

// hasKeyOf reports whether a PFX holds the private key of a certificate in it.
func hasKeyOf(r *pkcs12.Inspection, c *chain.Certificate) bool {
	return slices.ContainsFunc(r.Identities, func(id pkcs12.Identity) bool {
		bag := r.Bag(id.Leaf)
		return bag != nil && bytes.Equal(bag.Certificate.Raw, c.Raw)
	})
}

// readsMessage is answered by what the target is known to read: the cipher of an encrypted
// message and the way of its key.
func (p *Pass) readsMessage(s *subject) NeedAnswer {
	if s.encrypted == nil {
		return notNeeded
	}
	reads := p.Target.row().reads
	var evidence, unknown, no []say.Message
	judge := func(name string, known map[string]bool) {
		if name == "" {
			return
		}
		switch yes, ok := known[plainName(name)]; {
		case !ok:
			unknown = append(unknown, p.notKnown(name))
		case yes:
			evidence = append(evidence, say.New("%s", name))
		default:
			no = append(no, say.New("%s does not read %s", p.Target.Title(), name))
		}
	}
	if s.encrypted.IsAuthenticated() {
		judge("AuthEnvelopedData", reads.forms)
	}
	judge(s.encrypted.CipherName(), reads.ciphers)
	var keys []string
	for i := range s.encrypted.Recipients {
		r := &s.encrypted.Recipients[i]
		if name := r.AlgorithmName(); name != "" && !slices.Contains(keys, name) && len(keys) < maxListed {
			keys = append(keys, name)
			judge(name, reads.keys)
		}
	}
	switch {
	case len(no) > 0:
		return failed(no...)
	case len(unknown) > 0:
		return open(codeReader, unknown...)
	default:
		return met(evidence...)
	}
}

// plainName takes the parameters off the name of an algorithm.
func plainName(name string) string {
	name, _, _ = strings.Cut(name, ",")
	return name
}
