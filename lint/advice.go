package lint

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/internal/filename"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
)

// advice is what to do about a finding where the rule alone does not know it: what the
// file allows, and the commands that do it, none of which smimechain would refuse.
type advice struct {
	remedy   say.Text // empty: that of the rule
	commands []string
}

// adviser finds the advice for a finding about a file.
type adviser func(p *Pass, file string) advice

// advise completes a finding.
func (p *Pass) advise(f *Finding) {
	if p.rule.advise == nil {
		return
	}
	a := p.rule.advise(p, f.File)
	if a.remedy != "" {
		f.Remedy = a.remedy
	}
	f.Commands = a.commands
	if p.isNoFile(f.File) {
		f.Commands = nil
	}
}

// isNoFile reports whether a name is of what no program finds in the system of files:
// standard input, a line of it, or a file in an archive.
func (p *Pass) isNoFile(name string) bool {
	return name == "-" || slices.ContainsFunc(p.Collection.Files, func(f *bundle.File) bool { return f.Name == name && f.Inner })
}

// command is a call of smimechain as it can be pasted into a shell; none where a name
// cannot be written for every shell, or is that of no file.
func command(args ...string) []string {
	words := []string{"smimechain"}
	for _, a := range args {
		word, ok := filename.ShellWord(a)
		if !ok {
			return nil
		}
		words = append(words, word)
	}
	return []string{strings.Join(words, " ")}
}

// fileWord is the name of a file as an argument, which is no flag.
func fileWord(name string) string {
	if strings.HasPrefix(name, "-") {
		return "./" + name
	}
	return name
}

// beside names a file beside another one, which none of the collection has.
func (p *Pass) beside(name, suffix string) string {
	stem := strings.TrimSuffix(name, filepath.Ext(name))
	out := stem + suffix
	for n := 2; slices.ContainsFunc(p.Collection.Files, func(f *bundle.File) bool { return f.Name == out }); n++ {
		out = fmt.Sprintf("%s-%d%s", stem, n, suffix)
	}
	return fileWord(out)
}

// rewriteProgram returns the program to write an identity for: one for all findings
// about a file, so that no two contradict each other. It is the oldest in use of the
// first target that was asked for or, where none was, the one whose form all can open.
func (p *Pass) rewriteProgram() pkcs12.Importer {
	for _, t := range Targets() {
		row := t.row()
		if row.oldest == "" || len(p.Collection.named) > 0 && !slices.Contains(p.Collection.named, t) {
			continue
		}
		for _, r := range row.readers {
			if p.Facts.OldestIOS.Major < r.before { // or it is not known
				return r.program
			}
			if r.before == 0 && p.Facts.has(factOldestIOS) && len(row.readers) > 1 {
				return r.program
			}
		}
		return row.oldest
	}
	return "ios-17"
}

// adviseRewrite names the command that writes the identity of a PFX anew, or else what
// keeps it from being written.
func adviseRewrite(p *Pass, file string) advice {
	return p.rewriting(file, p.pfx())
}

func (p *Pass) rewriting(file string, r *pkcs12.Inspection) advice {
	if r == nil {
		return advice{}
	}
	program := p.rewriteProgram()
	if len(r.Identities) > 1 {
		return p.splitting(file, r, program)
	}
	switch o := r.RewriteObstacle(0, program); {
	case o == pkcs12.ObstacleNone && !keepsPassword(r, program):
		return advice{remedy: "Write it anew with another password of ASCII characters, which rewrite takes with -new-password-file."}
	case o == pkcs12.ObstacleNone:
		return advice{commands: command("rewrite", "-for", string(program), "-o", p.beside(file, "-"+string(program)+".pfx"), fileWord(file))}
	case o == pkcs12.ObstacleKeyPassword:
		return advice{remedy: "The private key has a password of its own: rewrite writes the identity anew where it is given both, with -password-file and -key-password-file."}
	default:
		return advice{remedy: o.Text()}
	}
}

// keepsPassword reports whether the new file may have the password of the old one.
func keepsPassword(r *pkcs12.Inspection, program pkcs12.Importer) bool {
	c := r.Password.Charset
	return c != pkcs12.CharsetEmpty && r.Password.Status != pkcs12.PasswordNotNeeded && (c <= pkcs12.CharsetASCII || program != "intune-import")
}

// splitting writes each identity of a PFX to a file of its own.
func (p *Pass) splitting(file string, r *pkcs12.Inspection, program pkcs12.Importer) advice {
	const most = 20
	a := advice{remedy: "Split it: one PFX for each private key, with the certificates above it."}
	for i := range r.Identities {
		if keepsPassword(r, program) && r.RewriteObstacle(i, program) == pkcs12.ObstacleNone && len(a.commands) < most {
			a.commands = append(a.commands, command("rewrite", "-for", string(program), "-identity", fmt.Sprint(i),
				"-o", p.beside(file, fmt.Sprintf("-%s-%d.pfx", program, i)), fileWord(file))...)
		}
	}
	return a
}

// advisePack names the command that makes a clean store of the files of a collection.
func advisePack(p *Pass, file string) advice {
	args := []string{"pack", "-o", p.beside(p.Collection.Files[0].Name, "-new.sst")}
	for _, f := range p.Collection.Files {
		if p.isNoFile(f.Name) || len(f.Keys) > 0 { // a file with a key is not packed
			return advice{}
		}
		args = append(args, fileWord(f.Name))
	}
	if !slices.ContainsFunc(p.Collection.Members, func(m *Member) bool { return m.readable() && m.isCA() && p.valid(m) }) {
		return advice{} // nothing would be left to pack
	}
	return advice{commands: command(args...)}
}

func (p *Pass) valid(m *Member) bool {
	_, notAfter, ok := m.validity()
	return ok && !p.Time.After(notAfter)
}

// adviseUnpack names the command that writes each certificate of a file in DER.
func adviseUnpack(p *Pass, file string) advice {
	for _, f := range p.Collection.Files {
		if f.Name == file && !slices.ContainsFunc(f.Certificates, func(c bundle.Certificate) bool { return c.Raw != nil }) {
			return advice{} // nothing to unpack
		}
	}
	return advice{commands: command("unpack", "-d", p.beside(file, "-der"), fileWord(file))}
}

// adviseTrusted names the command that makes a profile of each certificate of a file.
func adviseTrusted(p *Pass, file string) advice {
	return advice{commands: command("deploy", "intune-trusted", "-o", p.beside(file, "-profiles"), fileWord(file))}
}

// adviseProfile names the command that writes the identity of a profile anew, where the
// profile has one and opens it. Nothing that is written anew lasts longer.
func adviseProfile(p *Pass, file string) advice {
	var found []*artefact.Payload
	if profile := p.Collection.Files[0].Profile; profile != nil {
		for i := range profile.Payloads {
			if pl := &profile.Payloads[i]; pl.PFX != nil {
				found = append(found, pl)
			}
		}
	}
	switch {
	case len(found) != 1 || len(found[0].PFX.Identities) > 1:
		return advice{}
	case p.outlived(found[0].PFX):
		return advice{remedy: "Put the identity with the successor of the certificate into the profile. The user keeps the old key to read old mail."}
	default:
		return p.rewriting(file, found[0].PFX)
	}
}
