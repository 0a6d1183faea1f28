package powershell

import "strings"

// Deed is a command of a script that brings something about for S/MIME.
type Deed struct {
	Name    string // the cmdlet, with the parameter that matters where there is one
	Line    int
	Shown   bool // PowerShell shows what it would do and does nothing: -WhatIf
	Removes bool // it takes the collection away

	Unreached  Unreached // why the script never runs it
	Unassigned string    // a variable that it stands on and the script does not assign before
}

// Does reports whether running the script brings it about.
func (d *Deed) Does() bool { return !d.Shown && !d.Removes && d.Unreached == 0 && d.Unassigned == "" }

// InExchange returns what a script does for Exchange Online: it uploads a collection or
// changes settings of S/MIME, or makes a store.
func (s *Script) InExchange() []Deed {
	var list []Deed
	for i := range s.Commands {
		c := &s.Commands[i]
		if name, removes := c.changes(); name != "" {
			list = append(list, Deed{Name: name, Line: c.Line, Shown: s.shown(c), Removes: removes, Unreached: c.Unreached, Unassigned: c.Unassigned})
		}
	}
	for _, line := range s.Stores {
		list = append(list, Deed{Name: "SerializedStore", Line: line})
	}
	return list
}

// The cmdlets of the module IntunePfxImport that bring PFX files to Intune.
const (
	NewIntunePFX    = "New-IntuneUserPfxCertificate"    // makes an object
	ImportIntunePFX = "Import-IntuneUserPfxCertificate" // imports some
)

// InIntune returns what a script does in Intune: it imports PFX files, makes the objects of
// some that it hands on, or writes to lists of Microsoft Graph that a roll-out touches.
func (s *Script) InIntune() []Deed {
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

// changes names the change of S/MIME that a cmdlet of Exchange Online makes: the cmdlet with
// the parameter that says so. It is empty where there is none. It says whether the change
// takes the collection away.
func (c *Command) changes() (name string, removes bool) {
	name = c.Cmdlet()
	verb, noun, ok := strings.Cut(name, "-")
	if !ok || strings.EqualFold(verb, "Get") || strings.Contains(strings.ToLower(noun), "intune") {
		return "", false
	}
	own := name == "Set-SmimeConfig"
	setting := ""
	look := func(p *Parameter) {
		switch {
		case p.Type == TypeBytes:
			setting, removes = " -"+p.Full, p.Value.Kind == ValueNull
		case setting == "" && (SmimeSetting(p.Name) != "" || strings.Contains(strings.ToLower(p.Name), "smime") || own && p.Fault != 0):
			setting = " -" + p.Name
		case setting == "" && own && p.Full == "NoSignOnReply":
			setting = " -" + p.Full
		}
	}
	for i := range c.Parameters {
		look(&c.Parameters[i])
	}
	for i := range c.Splats {
		if own && setting == "" {
			setting = " @" + c.Splats[i].Variable
		}
		for k := range c.Splats[i].Keys {
			look(&c.Splats[i].Keys[k])
		}
	}
	if setting == "" && !(own && len(c.Arguments) > 0) {
		return "", false
	}
	return name + setting, removes
}

// shown reports whether PowerShell is told to show what a command would do.
func (s *Script) shown(c *Command) bool {
	p, ok := c.Parameter("WhatIf")
	if !ok {
		return s.DryRun
	}
	return p.Value.Kind == ValueNone || p.Value.Word == "true"
}
