package powershell

import (
	"cmp"
	"slices"
	"strings"
)

// Deed is a command of a script that brings something about for S/MIME.
type Deed struct {
	Name    string // the cmdlet, with the parameter that matters where there is one
	Written string // the name of the cmdlet as the script has it, without its module
	Line    int
	Shown   bool // PowerShell shows what it would do and does nothing: -WhatIf
	Removes bool // it takes the collection away

	Unreached  Unreached // why the script never runs it
	Unassigned string    // a variable that it stands on and the script does not assign before
	Doubt      Doubt     // why it is not known that it does
	Since      int       // the line of what the doubt comes from, of some
	Made       Made      // where the script uploads a file that it makes itself
}

// Doubt says why a command that is given settings of S/MIME is not known to change any.
type Doubt uint8

// The zero value is that of a cmdlet which does.
const (
	DoubtCmdlet   Doubt = iota + 1 // it is another than the one that has them
	DoubtName                      // which command it is cannot be seen; Name is that of the parameter
	DoubtPrefix                    // its name has a prefix that the script shows nowhere
	DoubtNoPrefix                  // its name has none, where cmdlets of Exchange Online get one
	DoubtEnded                     // the session has ended before, in line Since
	DoubtDefault                   // it gets a parameter in line Since
	DoubtText                      // it runs text that was not read
	DoubtBroken                    // PowerShell cannot read the script, see [Script.Broken]
	DoubtTable                     // it is given entries of a table that the text does not show
)

// Does reports whether running the script brings it about.
func (d *Deed) Does() bool {
	return !d.Shown && !d.Removes && d.Unreached == 0 && d.Unassigned == "" && d.Doubt == 0 && !d.Made.open()
}

// InExchange returns what a script does for Exchange Online: it uploads a collection or
// changes settings of S/MIME, or makes a store.
func (s *Script) InExchange() []Deed {
	return s.unlessBroken(s.inExchange(), s.Broken.exchange)
}

func (s *Script) inExchange() []Deed {
	var list, vague []Deed
	for i := range s.Commands {
		c := &s.Commands[i]
		name, removes, setting := c.changes()
		if name == "" || c.own == ownSpeaks {
			continue
		}
		d := Deed{Name: name, Written: bareName(c.called()), Line: c.Line, Shown: s.shown(c), Removes: removes, Unreached: c.Unreached, Unassigned: c.Unassigned, Doubt: c.doubt(setting), Since: c.since, Made: c.made()}
		if d.Doubt == DoubtName || d.Doubt == DoubtCmdlet && !setting {
			vague = append(vague, d)
			continue
		}
		list = append(list, d)
	}
	for _, line := range s.Stores {
		list = append(list, Deed{Name: "SerializedStore", Line: line})
	}
	if slices.ContainsFunc(list, func(d Deed) bool { return d.Does() }) {
		return list
	}
	return append(append(list, vague...), s.unread...)
}

// The cmdlets of the module IntunePfxImport that bring PFX files to Intune.
const (
	NewIntunePFX    = "New-IntuneUserPfxCertificate"    // makes an object
	ImportIntunePFX = "Import-IntuneUserPfxCertificate" // imports some
)

// InIntune returns what a script does in Intune: it imports PFX files, makes the objects of
// some that it hands on, or writes to lists of Microsoft Graph that a roll-out touches.
func (s *Script) InIntune() []Deed {
	return s.unlessBroken(s.inIntune(), s.Broken.intune)
}

func (s *Script) inIntune() []Deed {
	var list []Deed
	handedOn := s.NotImported() == 0
	for i := range s.Commands {
		c := &s.Commands[i]
		if name := c.Cmdlet(); name == ImportIntunePFX || name == NewIntunePFX && handedOn {
			list = append(list, Deed{Name: name, Line: c.Line, Unreached: c.Unreached, Unassigned: c.Unassigned})
		}
	}
	for _, g := range s.Graph {
		if g.List != "" || len(g.BetaTypes) > 0 {
			c := &s.Commands[g.command]
			list = append(list, Deed{Name: g.Name, Line: g.Line, Shown: s.shown(c), Unreached: g.Unreached, Unassigned: c.Unassigned})
		}
	}
	return list
}

// NotImported returns the line on which a script makes the last object of a PFX file, where it
// neither imports such objects nor hands them on; otherwise 0.
func (s *Script) NotImported() int {
	made := 0
	for i := range s.Commands {
		switch c := &s.Commands[i]; c.Cmdlet() {
		case NewIntunePFX:
			made = c.Line
		case ImportIntunePFX, "ConvertTo-Json", "Export-Clixml", "Invoke-MgGraphRequest", "Invoke-RestMethod", "Invoke-WebRequest":
			return 0
		}
	}
	return made
}

// setSmime is the cmdlet that changes the settings of S/MIME.
const setSmime = "Set-SmimeConfig"

// devicePolicies are the other cmdlets of Exchange Online with parameters for S/MIME, in lower
// case.
var devicePolicies = []string{
	"set-mobiledevicemailboxpolicy", "new-mobiledevicemailboxpolicy", "set-activesyncmailboxpolicy", "new-activesyncmailboxpolicy", "set-owamailboxpolicy",
}

// changes names the change of S/MIME that a command is to make: the cmdlet with the parameter
// that says so. It is empty where there is none. It says whether the change takes the
// collection away, and whether the parameter is one of Set-SmimeConfig, not one that only
// names S/MIME. Of a command whose name cannot be seen it names the parameter.
func (c *Command) changes() (name string, removes, setting bool) {
	name = c.Cmdlet()
	verb, _, cmdlet := strings.Cut(name, "-")
	if cmdlet && strings.EqualFold(verb, "Get") || strings.Contains(strings.ToLower(name), "intune") || prints(name) || c.Stray() != "" {
		return "", false, false
	}
	ours := name == setSmime
	parameter := ""
	look := func(p *Parameter) {
		switch {
		case p.Type == TypeBytes:
			parameter, removes = "-"+p.Full, p.Value.Nothing()
		case parameter == "" && (SmimeSetting(p.Name) != "" || ours && p.Fault != 0):
			parameter = "-" + p.Name
		case parameter == "" && ours && p.Full == "NoSignOnReply":
			parameter = "-" + p.Full
		default:
			return
		}
		setting = true
	}
	var lists [][]Parameter
	lists = append(lists, c.Parameters)
	for i := range c.Splats {
		if ours && parameter == "" {
			parameter, setting = "@"+c.Splats[i].Variable, true
		}
		lists = append(lists, c.Splats[i].Keys)
	}
	for _, list := range lists {
		for i := range list {
			look(&list[i])
		}
	}
	for _, list := range lists {
		for i := range list {
			if parameter == "" && cmdlet && strings.Contains(strings.ToLower(list[i].Name), "smime") {
				parameter = "-" + list[i].Name
			}
		}
	}
	if parameter == "" && !(ours && len(c.Arguments) > 0) {
		return "", false, false
	}
	return strings.TrimSpace(name + " " + parameter), removes, setting || ours
}

// doubt says why the command is not known to change what [Command.changes] names; setting
// says that it is given a parameter of Set-SmimeConfig.
func (c *Command) doubt(setting bool) Doubt {
	name := c.Cmdlet()
	switch {
	case c.own == 0 && name == setSmime:
		return cmp.Or(c.session, c.tableDoubt())
	case !setting && slices.Contains(devicePolicies, strings.ToLower(name)):
		return c.tableDoubt()
	case name == "":
		return DoubtName
	default:
		return DoubtCmdlet
	}
}

// tableDoubt says whether the command is given a table that cannot be followed.
func (c *Command) tableDoubt() Doubt {
	if slices.ContainsFunc(c.Splats, func(s Splat) bool { return s.Open }) {
		return DoubtTable
	}
	return 0
}

// made says how the script makes the file that the command uploads.
func (c *Command) made() (m Made) {
	look := func(list []Parameter) {
		for i := range list {
			if list[i].Type == TypeBytes {
				m = list[i].Value.Made
			}
		}
	}
	look(c.Parameters)
	for i := range c.Splats {
		look(c.Splats[i].Keys)
	}
	return m
}

// shown reports whether PowerShell is told to show what a command would do.
func (s *Script) shown(c *Command) bool {
	p, ok := c.Parameter("WhatIf")
	if !ok {
		return s.DryRun
	}
	return p.Value.Kind == ValueNone || p.Value.Word == "true"
}
