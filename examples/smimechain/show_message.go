package main

import (
	"fmt"
	"strings"

	"github.com/smimechain/smimechain/examples/smimechain/describe"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
)

// word is a word of a document, which is said in the language of the page.
type word string

func (w word) String() string { return string(w) }

// showMessages lists mail: from whom it is, who signed it and for whom it is encrypted.
func showMessages(messages []describe.Message, l *labelled) {
	for i := range messages {
		m := &messages[i]
		if len(m.Layers) == 0 {
			continue
		}
		title := l.page.say("message %d", m.Number)
		if m.Part != "" {
			title = l.page.say("message %d, in part %s", m.Number, m.Part)
		}
		fmt.Fprintf(l.w, "\n%s\n", l.page.color.Strong(title))
		l.line("from", strings.Join(m.From, ", "))
		l.line("sender", strings.Join(m.Sender, ", "))
		l.line("date", m.Date)
		for j := range m.Layers {
			layer := &m.Layers[j]
			kind := l.page.say("%s", word(layer.Kind))
			if layer.Partial {
				kind += ", " + l.page.text("with parts beside it that it says nothing of")
			}
			l.line("part", layer.Part+" "+kind)
			for k := range layer.Signatures {
				l.signature(&layer.Signatures[k])
			}
			l.line("cipher", layer.Cipher)
			for k := range layer.Recipients {
				r := &layer.Recipients[k]
				l.line("recipient", l.identifier(&r.Identifier))
				l.line("", l.page.say("%s, %s", word(r.Kind), r.Algorithm))
			}
			l.because("error", layer.Error)
		}
	}
}

// signature writes what is known of a signature.
func (l *labelled) signature(s *describe.Signature) {
	who := s.Signer
	if who == "" {
		who = l.identifier(&s.Identifier)
	}
	l.line("signed by", who)
	l.line("signed at", s.SignedAt)
	if s.Algorithm != "" {
		l.say("signed with", "%s, digest %s", s.Algorithm, s.Digest)
	}
	l.outcome("text", s.Content, s.ContentWhy)
	l.because("cause", s.ChangedBy)
	l.outcome("signature", s.Signature, s.SignatureWhy)
}

// outcome writes what a check came to, and why.
func (l *labelled) outcome(label say.Text, outcome string, why describe.Cause) {
	if why.Err != nil {
		l.say(label, "%s: %v", word(outcome), why.Err)
		return
	}
	l.say(label, "%s", word(outcome))
}

func (l *labelled) because(label say.Text, why describe.Cause) {
	if why.Err != nil {
		l.say(label, "%s", why.Err)
	}
}

// identifier says whose certificate is meant.
func (l *labelled) identifier(i *describe.Identifier) string {
	if i.KeyID != "" {
		return l.page.say("the subject key identifier %s", report.Printable(i.KeyID))
	}
	if i.SerialNumber == "" {
		return l.page.text("not named")
	}
	return l.page.say("the serial number %s, issued by %s", i.SerialNumber, i.Issuer)
}
