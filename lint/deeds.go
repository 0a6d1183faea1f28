package lint

import (
	"bytes"
	"slices"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/internal/powershell"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// takenArtefact is answered by what a script, settings, an object or a profile brings about.
func (p *Pass) takenArtefact() (NeedAnswer, error) {
	c := p.Collection
	inside := p.inside()
	given := c.rollout.certificates || len(inside) > 0
	issued, unissued := p.enrolled()
	switch does, shown := p.does(); {
	case slices.ContainsFunc(c.Files, sealed):
		return open(codeUnseen, say.New("the payloads of the profile are encrypted for a device, and cannot be seen: give the profile as it was before")), nil
	case slices.ContainsFunc(c.Files, wrapped):
		return open(codeUnseen, say.New("the profile is wrapped in text, as which no device takes it: unwrap it, and give that")), nil
	case unproved(c.Files) != nil:
		return open(codeSignatureUnchecked, say.New("the signature of the profile cannot be checked: %s", unproved(c.Files).Profile.Unchecked)), nil
	case given && len(shown) > 0:
		return open(codeNothingToCheck, shown...), nil
	case len(unissued) > 0:
		return open(codeUnseen, first(unissued, maxListed)...), nil
	case len(inside)+len(issued) > 0:
		return p.delivered(inside, issued)
	case slices.ContainsFunc(c.Members, func(m *Member) bool { return !m.readable() }):
		return open(codeUnreadable, say.New("a certificate cannot be read")), nil
	case slices.ContainsFunc(c.Members, damagedRoot):
		return open(codeUnreadable, say.New("the signature of a root is not that of its own key: the certificate is damaged")), nil
	case len(c.Members) > 0:
		return met(say.Count(len(c.Members), "1 certificate", "%d certificates")), nil
	case slices.ContainsFunc(c.Files, blanked):
		return open(codeBlanked, say.New("Microsoft Graph gives the PFX and its password back blank, so that what was imported cannot be judged: give the PFX")), nil
	case slices.ContainsFunc(c.Files, collectionUnseen):
		return open(codeNothingGiven, say.New("the collection is not shown, or its beginning only: save it with Get-SmimeConfig | ConvertTo-Json -Depth 3")), nil
	case !given:
		return open(codeNothingGiven, append([]say.Message{say.New("no certificate was given: check the files together with what they roll out")}, append(p.objects(), shown...)...)...), nil
	case len(does) == 0:
		return open(codeUnseen, say.New("no certificate can be seen")), nil
	default:
		return met(first(does, maxListed)...), nil
	}
}

// wrapped reports whether a file is a profile in base64.
func wrapped(f *bundle.File) bool {
	return f.Format == bundle.MobileConfig && f.Armor != pkcs7.Binary
}

// damagedRoot reports whether a certificate says that its own key signed it, and the
// signature is another.
func damagedRoot(m *Member) bool {
	c := m.Certificate
	a, s := c.AuthorityKeyID(), c.SubjectKeyID()
	return c.SelfIssued() && !c.SelfSigned() && (len(a) == 0 || bytes.Equal(a, s))
}

// inside returns the identities that files for the target hold, whichever of them.
func (p *Pass) inside() []*pkcs12.Inspection {
	var list []*pkcs12.Inspection
	for _, f := range p.Target.row().takes {
		list = append(list, p.Collection.rollout.identities[f]...)
	}
	return list
}

// idle reports whether an artefact beside certificates brings nothing about for the target.
// By itself it is told that it needs some.
func (p *Pass) idle() bool {
	c := p.Collection
	does, shown := p.does()
	return (c.rollout.certificates || len(p.inside()) > 0) && len(c.Members)+len(does)+len(shown) == 0 && !slices.ContainsFunc(c.Files, carries) && !slices.ContainsFunc(c.Files, sealed)
}

// does says what artefacts without a certificate bring about for the target, and what
// scripts begin and do not do.
func (p *Pass) does() (does, shown []say.Message) {
	for _, f := range p.Collection.Files {
		if f.Script != nil {
			done, only := p.deeds(f.Script)
			does, shown = append(does, done...), append(shown, only...)
		}
		for i := range f.Settings {
			if f.Settings[i].Mailbox {
				does = append(does, say.New("settings of Get-MobileDeviceMailboxPolicy"))
			} else {
				does = append(does, say.New("settings of Get-SmimeConfig"))
			}
		}
		if f.Profile != nil {
			for i := range f.Profile.Payloads {
				if pay := &f.Profile.Payloads[i]; pay.Account || pay.Identity() {
					does = append(does, say.New("payload %s", pay.Type))
				}
			}
		}
		if f.PublicKey != nil {
			does = append(does, say.New("public key, %d bits", f.PublicKey.Bits))
		}
	}
	return append(does, p.objects()...), shown
}

// deeds says what a script does for the target, and what it undoes, begins or shows only.
func (p *Pass) deeds(s *powershell.Script) (does, shown []say.Message) {
	deeds := s.InIntune()
	if p.Target.row().collects {
		deeds = s.InExchange()
	} else if line := s.NotImported(); line > 0 {
		shown = append(shown, say.New("line %d: New-IntuneUserPfxCertificate makes an object, and nothing imports it", line))
	}
	done := map[string]bool{}
	for _, d := range deeds {
		if d.Does() {
			done[d.Name] = true
			does = append(does, say.New("line %d: %s", d.Line, d.Name))
		}
	}
	for _, d := range deeds {
		switch {
		case done[d.Name]: // here or elsewhere
		case d.Doubt == powershell.DoubtBroken:
			shown = append(shown, unreadScript(&s.Broken))
		case d.Unreached == powershell.NotCalled:
			shown = append(shown, say.New("line %d: %s stands in a function or a block that the script does not call", d.Line, d.Name))
		case d.Unreached == powershell.NotReached:
			shown = append(shown, say.New("line %d: %s stands where the script never gets to", d.Line, d.Name))
		case d.Doubt == powershell.DoubtCmdlet:
			shown = append(shown, say.New("line %d: whether %s brings anything about is not known: Set-SmimeConfig does", d.Line, d.Name))
		case d.Doubt == powershell.DoubtName:
			shown = append(shown, say.New("line %d: which command is given %s is not known: Set-SmimeConfig takes it", d.Line, d.Name))
		case d.Doubt == powershell.DoubtPrefix:
			shown = append(shown, say.New("line %d: whether %s stands for Set-SmimeConfig is not known: the script shows no session with this prefix (-Prefix)", d.Line, d.Written))
		case d.Doubt == powershell.DoubtNoPrefix:
			shown = append(shown, say.New("line %d: whether %s reaches Exchange Online is not known: the script connects to it with a prefix for the cmdlets (-Prefix)", d.Line, d.Written))
		case d.Doubt == powershell.DoubtEnded:
			shown = append(shown, say.New("line %d: whether %s reaches Exchange Online is not known: the script disconnects from it before, in line %d", d.Line, d.Written, d.Since))
		case d.Doubt == powershell.DoubtDefault:
			shown = append(shown, say.New("line %d: what %s sets is not known: in line %d $PSDefaultParameterValues gives it another parameter", d.Line, d.Written, d.Since))
		case d.Doubt == powershell.DoubtText:
			shown = append(shown, say.New("line %d: what %s runs is text, which was not read: whether it changes settings of S/MIME is not known", d.Line, d.Name))
		case d.Doubt == powershell.DoubtTable:
			shown = append(shown, say.New("line %d: which parameters %s is given is not known: the text of the script does not show all that the table holds", d.Line, d.Name))
		case d.Removes:
			shown = append(shown, say.New("line %d: %s takes the collection away", d.Line, d.Name))
		case d.Unassigned != "" && !d.Shown:
			shown = append(shown, say.New("line %d: %s uses $%s, to which the script assigns nothing before", d.Line, d.Name, d.Unassigned))
		case d.Made.Kind == powershell.MadeMaybe && !d.Shown:
			shown = append(shown, say.New("line %d: whether a store is uploaded is not known: in line %d %s may write another form to the file", d.Line, d.Made.Line, d.Made.By))
		case unread(d) != nil:
			shown = append(shown, *unread(d))
		case d.Made.Kind == powershell.MadeUnseen && d.Made.By == "" && !d.Shown:
			shown = append(shown, say.New("line %d: what is uploaded was not seen: the text of the script does not show that it is the octets of a store", d.Line))
		case d.Made.Kind == powershell.MadeUnseen && !d.Shown:
			shown = append(shown, say.New("line %d: what is uploaded was not seen: %s makes it in line %d", d.Line, d.Made.By, d.Made.Line))
		default:
			shown = append(shown, say.New("line %d: %s shows what it would do, and does nothing (-WhatIf)", d.Line, d.Name))
		}
	}
	return does, shown
}

// unreadScript says why PowerShell cannot read a script.
func unreadScript(b *powershell.Broken) say.Message {
	var why say.Message
	switch b.Why {
	case powershell.BreachStray:
		return say.New("line %d: what the script does is not known: %s stands without the statement that it goes on with, and PowerShell takes it for a command", b.Line, b.Mark)
	case powershell.BreachOpen:
		why = say.New("the bracket %s is not closed", b.Mark)
	case powershell.BreachClose:
		why = say.New("the bracket %s closes nothing", b.Mark)
	case powershell.BreachString:
		why = say.New("the string does not end")
	case powershell.BreachHere:
		why = say.New("the here-string does not end: its end stands at the very beginning of a line")
	case powershell.BreachHeader:
		why = say.New("text stands behind the beginning of a here-string")
	case powershell.BreachComment:
		why = say.New("the comment does not end")
	case powershell.BreachType:
		why = say.New("the bracket of a type is not closed before ::")
	case powershell.BreachTry:
		why = say.New("try has neither catch nor finally")
	case powershell.BreachBlock:
		why = say.New("a block in braces is missing")
	case powershell.BreachMissing:
		why = say.New("nothing stands behind %s", b.Mark)
	default:
		why = say.New("a word stands behind a value, and nothing joins the two")
	}
	return say.New("line %d: PowerShell cannot read the script: %s", b.Line, why)
}

// unread says why the file that a script uploads is not known to be read whole, nil where it is.
func unread(d powershell.Deed) *say.Message {
	var m say.Message
	switch d.Made.Kind {
	case powershell.MadePart:
		m = say.New("line %d: only a part of what the file holds may be uploaded", d.Line)
	case powershell.NoFileVariable:
		m = say.New("line %d: whether a file is read is not known: PowerShell replaces no variable within single quotation marks", d.Line)
	case powershell.NoFilePercent:
		m = say.New("line %d: whether a file is read is not known: PowerShell does not replace variables such as %%TEMP%% in a path", d.Line)
	case powershell.NoFileHome:
		m = say.New("line %d: whether a file is read is not known: .NET does not replace ~ in a path", d.Line)
	case powershell.NoFilePattern:
		m = say.New("line %d: which files are read is not known: the path holds signs of a pattern (* ? [), which fits several files or none", d.Line)
	case powershell.NoFileWeb:
		m = say.New("line %d: no file is read: the path is an address on the web", d.Line)
	case powershell.NoFileDrive:
		m = say.New("line %d: whether a file is read is not known: .NET does not know the drives of PowerShell", d.Line)
	}
	if d.Shown || m.IsZero() {
		return nil
	}
	return &m
}

// objects names the types of the objects of Microsoft Graph that hold no certificate.
func (p *Pass) objects() []say.Message {
	var names []string
	for _, f := range p.Collection.Files {
		for i := range f.Graph {
			if g := &f.Graph[i]; g.TrustedCertificate == nil && g.UserPFX == nil {
				if t := g.Known(); t != nil {
					names = append(names, t.Name)
				} else if g.Outlook != nil || g.Mail != nil || g.Enrolment != nil {
					names = append(names, g.Type)
				}
			}
		}
	}
	var list []say.Message
	for _, name := range first(sortCompact(names), maxListed) {
		list = append(list, say.New("type %s", name))
	}
	return list
}

// carries reports whether an object in a file is there for an imported PFX or a certificate,
// which may be none.
func carries(f *bundle.File) bool {
	return slices.ContainsFunc(f.Graph, func(g artefact.Graph) bool { return g.UserPFX != nil || g.TrustedCertificate != nil })
}

// sealed reports whether the payloads of a profile are encrypted for a device.
func sealed(f *bundle.File) bool { return f.Profile != nil && f.Profile.Encrypted }

// unproved returns the first file with a profile whose signature could not be checked, nil
// where there is none.
func unproved(files []*bundle.File) *bundle.File {
	i := slices.IndexFunc(files, func(f *bundle.File) bool { return f.Profile != nil && !f.Profile.Unchecked.IsZero() })
	if i < 0 {
		return nil
	}
	return files[i]
}

// blanked reports whether a file holds an imported PFX that was read back blank.
func blanked(f *bundle.File) bool {
	return slices.ContainsFunc(f.Graph, func(g artefact.Graph) bool { return g.UserPFX != nil && g.UserPFX.Blanked })
}

// collectionUnseen reports whether a file shows settings without the collection.
func collectionUnseen(f *bundle.File) bool {
	return slices.ContainsFunc(f.Settings, func(s artefact.Settings) bool { return s.Unseen })
}
