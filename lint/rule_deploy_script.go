package lint

import (
	"maps"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/internal/powershell"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// uploadLine is the line that uploads a collection in either edition.
const uploadLine = `Set-SmimeConfig -SMIMECertificateIssuingCA ([System.IO.File]::ReadAllBytes('C:\full\path\smime.sst'))`

const citeGetContent = "Microsoft, Get-Content, parameters Encoding, AsByteStream and Raw"

func scriptRules() []Rule {
	return []Rule{
		deployRule(ExchangeOnline, "e_script_unknown_parameter", Documented, "Microsoft, Set-SmimeConfig, syntax",
			"The script gives Set-SmimeConfig a parameter that it does not have, such as SMIMECertificateList, which some guides print. The command fails.",
			"Write: "+uploadLine, each(bundle.Script, runUnknownParameter)),
		anyScript(deployRule(ExchangeOnline, "e_script_two_statements", Inferred, "Microsoft, about_Parsing",
			"Two statements stand on one line without a separator, so that PowerShell takes the second for arguments of the first.",
			"Put each statement on a line of its own, or a semicolon between them.", each(bundle.Script, runTwoStatements))),
		anyScript(deployRule(ExchangeOnline, "w_script_encoding_byte", Documented, citeGetContent,
			"The script reads bytes with -Encoding Byte, which PowerShell 6 and later refuse.",
			"Read the file in a way that works everywhere: "+uploadLine, each(bundle.Script, runEncodingByte(false)))),
		anyScript(deployRule(ExchangeOnline, "e_script_encoding_byte_core", Documented, citeGetContent,
			"The script asks for PowerShell 6 or later and reads bytes with -Encoding Byte, which these refuse.",
			"Read the file in a way that works everywhere: "+uploadLine, each(bundle.Script, runEncodingByte(true)))),
		anyScript(deployRule(ExchangeOnline, "e_script_asbytestream_desktop", Documented, citeGetContent,
			"The script asks for the edition Desktop, which is Windows PowerShell 5.1, and reads or writes bytes with -AsByteStream, which this does not have.",
			"Read the file in a way that works everywhere: "+uploadLine, each(bundle.Script, runAsByteStreamDesktop))),
		anyScript(deployRule(ExchangeOnline, "n_script_asbytestream_without_raw", Documented, citeGetContent,
			"The script reads with -AsByteStream but without -Raw: it gets single objects, slowly, that have to be converted.",
			"Add -Raw, or write: "+uploadLine, each(bundle.Script, runAsByteStream))),
		deployRule(ExchangeOnline, "e_script_ambiguous_parameter", Documented, "Microsoft, about_Parameters; Set-SmimeConfig, syntax",
			"The script abbreviates a parameter so far that it may be several. The command fails.",
			"Write the name of the parameter in full.", each(bundle.Script, runFault(powershell.ParameterAmbiguous))),
		deployRule(ExchangeOnline, "e_script_parameter_twice", Documented, "Microsoft, about_Parameters; Set-SmimeConfig, syntax",
			"The script gives a command one parameter twice. The command fails.",
			"Give the parameter once.", each(bundle.Script, runFault(powershell.ParameterTwice))),
		deployRule(ExchangeOnline, "e_script_boolean_text", Documented, "Microsoft, about_Booleans; Set-SmimeConfig, syntax",
			"The script gives text or $null where PowerShell takes $true, $false and numbers only. The command fails.",
			"Write $true or $false, without quotation marks.", each(bundle.Script, runBooleanText)),
		deployRule(ExchangeOnline, "e_script_no_number", Documented, "Microsoft, Set-SmimeConfig, syntax: UInt32",
			"The script gives text, or a number below zero, where PowerShell takes a number. The command fails.",
			"Write a number: times are in milliseconds, so that a minute is 60000.", each(bundle.Script, runNoNumber)),
		deployRule(ExchangeOnline, "e_script_not_splatted", Documented, "Microsoft, about_Splatting",
			"The script gives Set-SmimeConfig a hash table as a value. None of its entries becomes a parameter, and no setting is changed.",
			"Put the table in a variable, and write @ before its name: Set-SmimeConfig @parameters", each(bundle.Script, runNotSplatted)),
		deployRule(ExchangeOnline, "e_script_positional", Documented, "Microsoft, about_Parameters; Set-SmimeConfig, syntax",
			"The script gives Set-SmimeConfig values without the name of a parameter. It takes one, the identity. The command fails.",
			"Write the name of the parameter before each value, behind a hyphen such as the keyboard has it.", each(bundle.Script, runPositional)),
		deployRule(ExchangeOnline, "e_script_line_ends", Inferred, "Microsoft, about_Special_Characters, line continuation",
			"The script goes on with a parameter on a new line, and the line before does not end in a backtick, or has a blank behind it. PowerShell takes the parameter for a command, and sets nothing.",
			"Put a backtick at the very end of each line but the last, or write the command in one line.", each(bundle.Script, runLineEnds)),
		deployRule(ExchangeOnline, "e_script_value_missing", Documented, "Microsoft, about_Parameters; Set-SmimeConfig, syntax",
			"The script gives Set-SmimeConfig a parameter without its value. The command fails.",
			"Write the value behind the parameter, such as $true.", each(bundle.Script, runValueMissing)),
		deployRule(ExchangeOnline, "e_script_not_octets", Documented, "Microsoft, Set-SmimeConfig, parameter SMIMECertificateIssuingCA",
			"The script gives text, such as a path, or a hash table where the octets of the store belong. The command fails.",
			"Write: "+uploadLine, each(bundle.Script, runNotOctets)),
		deployRule(ExchangeOnline, "e_script_list_for_text", Documented, "Microsoft, Set-SmimeConfig, syntax",
			"The script gives several values to a parameter that takes one text. The command fails.",
			"Write the values in one text with semicolons between them, such as '6610;6603'.", each(bundle.Script, runListForText)),
		deployRule(ExchangeOnline, "e_script_not_a_store", Documented, "Microsoft, Set-SmimeConfig, parameter SMIMECertificateIssuingCA",
			"The script uploads a file that is no store, such as .p7b or .cer, or one element of a store.",
			"Make a store of it, and upload that.", each(bundle.Script, runNotAStore)),
		deployRule(ExchangeOnline, "w_script_removes_collection", Documented, "Microsoft, Set-SmimeConfig, parameter SMIMECertificateIssuingCA",
			"The script empties the virtual certificate collection. Exchange Online then trusts no signature.",
			"Leave the parameter out unless the collection is to be removed.", each(bundle.Script, runRemovesCollection)),
		deployRule(ExchangeOnline, "w_script_upload_replaced", Documented, "Microsoft, Set-SmimeConfig, parameter SMIMECertificateIssuingCA",
			"The script uploads a collection, and then another in its place or none. Each takes the place of the one before, and only the last stays.",
			"Put all certificates in one store, which smimechain pack does, and upload that once.", each(bundle.Script, runUploadReplaced)),
		deployRule(ExchangeOnline, "w_script_all_roots", Documented, "Microsoft, certutil -generateSSTFromWU",
			"The script uploads all roots of Windows Update: some 500 certificates, most of them not for mail, more than a collection is meant to hold.",
			"Upload the CAs whose signatures are to be trusted.", each(bundle.Script, runAllRoots)),
		deployRule(ExchangeOnline, "e_script_wrong_cmdlet", Documented, "Microsoft, Set-SmimeConfig, syntax",
			"The script gives a setting of S/MIME to another cmdlet, which has no such parameter. The command fails.",
			"Give it to Set-SmimeConfig.", each(bundle.Script, runWrongCmdlet)),
		deployRule(ExchangeOnline, "w_script_algorithm_value", Documented, "Microsoft, Set-SmimeConfig, parameters OWAEncryptionAlgorithms and OWASigningAlgorithms",
			"The script or the settings name algorithms otherwise than by the numbers that these settings take. Outlook on the web then takes its default.",
			"Write numbers: 6610 for AES-256, 660E for AES-128; 800C for SHA-256.", either(each(bundle.Script, runAlgorithmValue), each(bundle.ExchangeJSON, runAlgorithmSetting))),
		deployRule(Intune, "w_script_import_missing", Inferred, "Microsoft, Intune-Resource-Access, PFXImport PowerShell module",
			"The script makes objects of PFX files with New-IntuneUserPfxCertificate and imports none with Import-IntuneUserPfxCertificate, without which nothing reaches Intune.",
			"Add: Import-IntuneUserPfxCertificate -CertificateList $userPFXObject", each(bundle.Script, runImportMissing)),
		deployRule(Intune, "e_script_intune_parameter", Documented, "Microsoft, Intune-Resource-Access, PFXImport PowerShell module",
			"The script gives a cmdlet of the module IntunePfxImport a parameter or value that today's module does not take, such as -AuthenticationResult or pkcs1. The command fails.",
			"Sign in with Set-IntuneAuthenticationToken, and leave out what the module has no longer.", each(bundle.Script, runIntuneParameter)),
		deployRule(Intune, "e_script_graph_version", Documented, citeGraphBeta,
			"The script sends an object to version 1.0 of Microsoft Graph, which does not know its type: what the type has of its own, the certificate above all, is lost without a word.",
			"Send it to https://graph.microsoft.com/beta, or use the cmdlet with Beta in its name, and read it back.", each(bundle.Script, runScriptGraphVersion)),
		anyScript(deployRule(ExchangeOnline, "w_script_relative_path", Inferred, "Microsoft, System.IO.File.ReadAllBytes; about_Locations",
			"The script gives .NET a relative path. .NET counts it from the folder in which PowerShell was started, not from the current location, and reads another file or none.",
			"Give the full path, or join it with $PSScriptRoot.", each(bundle.Script, runRelativePath))),
		deployRule(ExchangeOnline, "n_script_store_needs_windows", Inferred, "Microsoft, Export-Certificate; X509ContentType.SerializedStore",
			"The script makes the store with facilities that exist on Windows only.",
			"Run it on Windows, or make the store with smimechain pack, which does so everywhere.", each(bundle.Script, runStoreNeedsWindows)),
	}
}

// anyScript makes a rule one about scripts for Intune too.
func anyScript(r Rule) Rule {
	r.Targets = append(r.Targets, Intune)
	return r
}

func runScriptGraphVersion(p *Pass, f *bundle.File) {
	for _, call := range f.Script.Graph {
		if call.Version == "v1.0" && len(call.BetaTypes) > 0 {
			p.ReportFile(f.Name, "line %d: %s sends %s to version 1.0, which does not have it", call.Line, call.Name, strings.Join(first(call.BetaTypes, maxListed), ", "))
		}
	}
}

// ofOldPages are names that one edition of the documentation gave a parameter which has
// another name today. The service is not asked.
var ofOldPages = []string{"OWANoSignOnReply"}

// given calls look for each parameter of the commands that name one cmdlet, also for those
// that are splatted.
func given(f *bundle.File, cmdlet string, look func(*powershell.Command, *powershell.Parameter)) {
	for i := range f.Script.Commands {
		c := &f.Script.Commands[i]
		if !strings.EqualFold(c.Cmdlet(), cmdlet) {
			continue
		}
		for k := range c.Parameters {
			look(c, &c.Parameters[k])
		}
		for s := range c.Splats {
			for k := range c.Splats[s].Keys {
				look(c, &c.Splats[s].Keys[k])
			}
		}
	}
}

// judgedCmdlets are those of which each parameter is known for certain.
var judgedCmdlets = []string{setSmimeConfig, "Get-SmimeConfig"}

const setSmimeConfig = "Set-SmimeConfig"

func runUnknownParameter(p *Pass, f *bundle.File) {
	given(f, setSmimeConfig, func(_ *powershell.Command, parameter *powershell.Parameter) {
		if parameter.Fault == powershell.ParameterUnknown && !slices.ContainsFunc(ofOldPages, func(s string) bool { return strings.EqualFold(s, parameter.Name) }) {
			p.ReportFile(f.Name, "line %d: Set-SmimeConfig has no parameter %s; PowerShell: %s", parameter.Line, parameter.Name,
				say.New("A parameter cannot be found that matches parameter name '%s'.", parameter.Name))
		}
	})
}

// runFault reports what else the binder of PowerShell refuses.
func runFault(fault powershell.ParameterFault) func(*Pass, *bundle.File) {
	return func(p *Pass, f *bundle.File) {
		for _, cmdlet := range judgedCmdlets {
			given(f, cmdlet, func(_ *powershell.Command, parameter *powershell.Parameter) {
				switch {
				case parameter.Fault != fault:
				case fault == powershell.ParameterAmbiguous:
					p.ReportFile(f.Name, "line %d: %s -%s may be several parameters; PowerShell: %s", parameter.Line, cmdlet, parameter.Name,
						say.New("Parameter cannot be processed because the parameter name '%s' is ambiguous. Possible matches include: %s.", parameter.Name, "-"+strings.Join(parameter.Matches, " -")))
				default:
					p.ReportFile(f.Name, "line %d: %s is given -%s twice; PowerShell: %s", parameter.Line, cmdlet, parameter.Full,
						say.New("Cannot bind parameter because parameter '%s' is specified more than once.", parameter.Name))
				}
			})
		}
	}
}

func runBooleanText(p *Pass, f *bundle.File) {
	given(f, setSmimeConfig, func(_ *powershell.Command, parameter *powershell.Parameter) {
		switch {
		case parameter.Type != powershell.TypeBool:
		case parameter.Value.Kind == powershell.ValueText:
			p.ReportFile(f.Name, "line %d: -%s is given text; PowerShell: %s", parameter.Line, parameter.Full,
				say.New("Cannot process argument transformation on parameter '%s'. Cannot convert value \"System.String\" to type \"System.Boolean\".", parameter.Full))
		case parameter.Value.Kind == powershell.ValueNull:
			p.ReportFile(f.Name, "line %d: -%s is given $null; PowerShell: %s", parameter.Line, parameter.Full,
				say.New("Cannot bind argument to parameter '%s' because it is null.", parameter.Full))
		}
	})
}

func runNoNumber(p *Pass, f *bundle.File) {
	given(f, setSmimeConfig, func(_ *powershell.Command, parameter *powershell.Parameter) {
		if parameter.Type == powershell.TypeCount && parameter.Value.NoCount {
			p.ReportFile(f.Name, "line %d: -%s takes a number of zero or more; PowerShell: %s", parameter.Line, parameter.Full,
				say.New("Cannot process argument transformation on parameter '%s'. Cannot convert value to type \"System.UInt32\".", parameter.Full))
		}
	})
}

func runLineEnds(p *Pass, f *bundle.File) {
	for i := range f.Script.Commands {
		if c := &f.Script.Commands[i]; c.Stray() != "" {
			p.ReportFile(f.Name, "line %d: begins with the parameter %s; PowerShell: %s", c.Line, c.Name,
				say.New("The term '%s' is not recognized as a name of a cmdlet, function, script file, or executable program.", c.Name))
		}
	}
}

// valued calls look for each Set-SmimeConfig that has values without names. In a line of
// two statements these are the second, of which another rule tells.
func valued(f *bundle.File, look func(c *powershell.Command, table int)) {
	for i := range f.Script.Commands {
		c := &f.Script.Commands[i]
		if c.Cmdlet() == setSmimeConfig && len(c.Arguments) > 0 && !slices.Contains(f.Script.Joined, c.Arguments[0].Line) {
			look(c, slices.IndexFunc(c.Arguments, func(v powershell.Value) bool { return v.Kind == powershell.ValueHash }))
		}
	}
}

func runNotSplatted(p *Pass, f *bundle.File) {
	valued(f, func(c *powershell.Command, table int) {
		if table >= 0 {
			p.ReportFile(f.Name, "line %d: Set-SmimeConfig is given a hash table that is not splatted", c.Arguments[table].Line)
		}
	})
}

func runPositional(p *Pass, f *bundle.File) {
	valued(f, func(c *powershell.Command, table int) {
		allowed := 1
		if _, named := c.Parameter("Identity"); named {
			allowed = 0
		}
		if table >= 0 || len(c.Arguments) <= allowed {
			return
		}
		if i := slices.IndexFunc(c.Arguments, func(v powershell.Value) bool { return v.Word != "" }); i >= 0 {
			p.ReportFile(f.Name, "line %d: %s begins with no hyphen that PowerShell takes; PowerShell: %s", c.Arguments[i].Line, c.Arguments[i].Word,
				say.New("A positional parameter cannot be found that accepts argument '%s'.", c.Arguments[i].Word))
			return
		}
		p.ReportFile(f.Name, "line %d: Set-SmimeConfig is given values without a parameter; PowerShell: %s", c.Arguments[allowed].Line,
			say.New("A positional parameter cannot be found."))
	})
}

func runValueMissing(p *Pass, f *bundle.File) {
	given(f, setSmimeConfig, func(_ *powershell.Command, parameter *powershell.Parameter) {
		if parameter.Full != "" && parameter.Type != powershell.TypeSwitch && parameter.Value.Kind == powershell.ValueNone {
			p.ReportFile(f.Name, "line %d: -%s has no value; PowerShell: %s", parameter.Line, parameter.Full,
				say.New("Missing an argument for parameter '%s'.", parameter.Full))
		}
	})
}

// octets calls look for each value that a script uploads as the collection.
func octets(f *bundle.File, look func(*powershell.Parameter)) {
	given(f, setSmimeConfig, func(_ *powershell.Command, parameter *powershell.Parameter) {
		if parameter.Type == powershell.TypeBytes {
			look(parameter)
		}
	})
}

func runNotOctets(p *Pass, f *bundle.File) {
	octets(f, func(parameter *powershell.Parameter) {
		var what say.Text
		switch parameter.Value.Kind {
		case powershell.ValueText:
			if what = "text"; parameter.Value.Path {
				what = "the path of a file"
			}
		case powershell.ValueLines:
			what = "the lines of a file as text"
		case powershell.ValueHash:
			what = "a hash table"
		case powershell.ValueBool:
			what = "$true or $false"
		case powershell.ValueFiles:
			what = "several files"
		case powershell.ValueObjects:
			what = "objects, such as certificates"
		case powershell.ValueBlock:
			what = "a script block"
		case powershell.ValueNumber:
			p.ReportFile(f.Name, "line %d: -%s is given a number, not the octets of a store", parameter.Line, parameter.Full)
			return
		default:
			return
		}
		p.ReportFile(f.Name, "line %d: -%s is given %s, not octets; PowerShell: %s", parameter.Line, parameter.Full, what,
			say.New("Cannot process argument transformation on parameter '%s'. Cannot convert value to type \"System.Byte[]\".", parameter.Full))
	})
}

func runListForText(p *Pass, f *bundle.File) {
	given(f, setSmimeConfig, func(_ *powershell.Command, parameter *powershell.Parameter) {
		if parameter.Type == powershell.TypeText && (parameter.Value.Kind == powershell.ValueList || parameter.Value.Kind == powershell.ValueEmpty) {
			p.ReportFile(f.Name, "line %d: -%s is given several values; PowerShell: %s", parameter.Line, parameter.Full,
				say.New("Cannot convert 'System.Object[]' to the type 'System.String' required by parameter '%s'.", parameter.Full))
		}
	})
}

func runNotAStore(p *Pass, f *bundle.File) {
	uploads := false
	octets(f, func(parameter *powershell.Parameter) {
		uploads = true
		switch v := parameter.Value; {
		case v.Kind == powershell.ValueFile && powershell.NoStore(v.Extension):
			p.ReportFile(f.Name, "line %d: a file that ends in .%s is uploaded; Exchange Online takes SST", parameter.Line, v.Extension)
		case v.Made.Kind == powershell.MadeNoStore:
			p.ReportFile(f.Name, "line %d: the file that is uploaded was written in line %d with %s, which makes no store; Exchange Online takes SST", parameter.Line, v.Made.Line, v.Made.By)
		case v.Made.Line == 0 && p.noStore(v.File) != nil:
			switch given := p.noStore(v.File); given.Format {
			case bundle.SST:
				p.ReportFile(f.Name, "line %d: %s is uploaded, and the file of that name is a store within text; Exchange Online takes SST", parameter.Line, v.File)
			default:
				p.ReportFile(f.Name, "line %d: %s is uploaded, and the file of that name is of format %s; Exchange Online takes SST", parameter.Line, v.File, given.Format)
			}
		case v.Kind == powershell.ValueExport:
			p.ReportFile(f.Name, "line %d: %s makes no store; Exchange Online takes SST", parameter.Line, v.Form)
		case v.Kind == powershell.ValueEncoded:
			p.ReportFile(f.Name, "line %d: octets of text are uploaded, which is no store: text does not keep the octets of a file", parameter.Line)
		case v.Kind == powershell.ValueJoined:
			p.ReportFile(f.Name, "line %d: files are put one behind the other, which makes no store: what follows the first is not read", parameter.Line)
		}
	})
	if !uploads {
		return
	}
	for _, line := range f.Script.Elements {
		p.ReportFile(f.Name, "line %d: SerializedCert makes one element of a store, not a store", line)
	}
}

// noStore returns the file of the call with a name where it is no store as it stands, nil
// where none has the name or one with it is a store.
func (p *Pass) noStore(name string) (found *bundle.File) {
	for _, f := range p.Collection.call {
		if name == "" || !strings.EqualFold(f.Name[strings.LastIndexAny(f.Name, `\/`)+1:], name) {
			continue
		}
		if f.Format == bundle.SST && f.Armor == pkcs7.Binary {
			return nil
		}
		found = f
	}
	return found
}

func runRemovesCollection(p *Pass, f *bundle.File) {
	octets(f, func(parameter *powershell.Parameter) {
		switch parameter.Value.Kind {
		case powershell.ValueNull:
			p.ReportFile(f.Name, "line %d: -%s $null removes the collection", parameter.Line, parameter.Full)
		case powershell.ValueEmpty:
			p.ReportFile(f.Name, "line %d: -%s with an empty array removes the collection", parameter.Line, parameter.Full)
		}
	})
}

func runUploadReplaced(p *Pass, f *bundle.File) {
	for _, line := range f.Script.Replaced {
		p.ReportFile(f.Name, "line %d: a later line replaces or removes what this one uploads", line)
	}
	for _, line := range f.Script.Looped {
		p.ReportFile(f.Name, "line %d: uploads in a loop, and each upload takes the place of the one before", line)
	}
	if len(f.Script.Replaced)+len(f.Script.Looped) > 0 {
		p.Undecided(nil, "whether what the last line leaves is the whole collection, as nothing else stays")
	}
}

func runAllRoots(p *Pass, f *bundle.File) {
	octets(f, func(parameter *powershell.Parameter) {
		if parameter.Value.AllRoots {
			p.ReportFile(f.Name, "line %d: uploads what certutil -generateSSTFromWU made, all roots of Windows Update", parameter.Line)
		}
	})
}

func runWrongCmdlet(p *Pass, f *bundle.File) {
	look := func(c *powershell.Command, parameter *powershell.Parameter) {
		if full := powershell.SmimeSetting(parameter.Name); full != "" {
			p.ReportFile(f.Name, "line %d: %s has no parameter %s, which belongs to Set-SmimeConfig; PowerShell: %s", parameter.Line, c.Cmdlet(), full,
				say.New("A parameter cannot be found that matches parameter name '%s'.", parameter.Name))
		}
	}
	for i := range f.Script.Commands {
		c := &f.Script.Commands[i]
		if !settingCmdlet(c.Cmdlet()) {
			continue
		}
		for k := range c.Parameters {
			look(c, &c.Parameters[k])
		}
		for s := range c.Splats {
			for k := range c.Splats[s].Keys {
				look(c, &c.Splats[s].Keys[k])
			}
		}
	}
}

// settingCmdlet reports whether a cmdlet of Exchange Online is taken for Set-SmimeConfig.
func settingCmdlet(name string) bool {
	switch strings.ToLower(name) {
	case "set-organizationconfig", "set-owamailboxpolicy", "set-mobiledevicemailboxpolicy", "set-casmailbox", "set-mailbox", "set-transportconfig",
		"set-owavirtualdirectory", "set-mailboxmessageconfiguration", "set-irmconfiguration", "get-smimeconfig":
		return true
	default:
		return false
	}
}

// algorithmSettings are the settings that take algorithms, each with an example.
var algorithmSettings = map[string]string{"OWAEncryptionAlgorithms": "6610", "OWASigningAlgorithms": "800C"}

// isAlgorithms reports whether a list of algorithms is one that the settings take: of
// numbers of four hexadecimal digits, with a length or an object identifier.
func isAlgorithms(list string) bool {
	return !slices.ContainsFunc(algorithms(list), func(id string) bool {
		return len(id) != 4 || strings.Trim(id, "0123456789ABCDEF") != ""
	})
}

func runAlgorithmSetting(p *Pass, f *bundle.File) {
	for _, name := range slices.Sorted(maps.Keys(algorithmSettings)) {
		for i := range f.Settings {
			if list, ok := f.Settings[i].Text(name); ok && !isAlgorithms(list) {
				p.ReportFile(f.Name, "%s takes numbers such as %s", name, algorithmSettings[name])
			}
		}
	}
}

// runAlgorithmValue holds what a script gives to these settings.
func runAlgorithmValue(p *Pass, f *bundle.File) {
	given(f, setSmimeConfig, func(_ *powershell.Command, parameter *powershell.Parameter) {
		if example := algorithmSettings[parameter.Full]; example != "" && !isAlgorithms(parameter.Value.Word) {
			p.ReportFile(f.Name, "line %d: -%s takes numbers such as %s", parameter.Line, parameter.Full, example)
		}
	})
}

func runImportMissing(p *Pass, f *bundle.File) {
	if line := f.Script.NotImported(); line > 0 {
		p.ReportFile(f.Name, "line %d: New-IntuneUserPfxCertificate without Import-IntuneUserPfxCertificate", line)
	}
}

func runIntuneParameter(p *Pass, f *bundle.File) {
	for _, cmdlet := range []string{powershell.NewIntunePFX, powershell.ImportIntunePFX} {
		given(f, cmdlet, func(_ *powershell.Command, parameter *powershell.Parameter) {
			switch {
			case parameter.Fault == powershell.ParameterUnknown:
				p.ReportFile(f.Name, "line %d: %s has no parameter %s; PowerShell: %s", parameter.Line, cmdlet, parameter.Name,
					say.New("A parameter cannot be found that matches parameter name '%s'.", parameter.Name))
			case strings.EqualFold(parameter.Value.Word, "pkcs1"): // only of PaddingScheme the word is kept
				p.ReportFile(f.Name, "line %d: %s takes pkcs1 as padding no longer", parameter.Line, cmdlet)
			}
		})
	}
	for i := range f.Script.Commands {
		c := &f.Script.Commands[i]
		if c.Cmdlet() != powershell.NewIntunePFX {
			continue
		}
		for _, v := range c.Arguments {
			if strings.EqualFold(v.Word, "pkcs1") {
				p.ReportFile(f.Name, "line %d: %s takes pkcs1 as padding no longer", v.Line, powershell.NewIntunePFX)
			}
		}
	}
}

func runTwoStatements(p *Pass, f *bundle.File) {
	for _, line := range f.Script.Joined {
		p.ReportFile(f.Name, "line %d: a second statement begins without a line break or semicolon", line)
	}
}

func runEncodingByte(core bool) func(*Pass, *bundle.File) {
	return func(p *Pass, f *bundle.File) {
		if (f.Script.Core || f.Script.Version >= 6) != core {
			return
		}
		for _, c := range f.Script.Commands {
			if e, _ := c.Parameter("Encoding"); !c.Versioned && strings.EqualFold(e.Value.Word, "Byte") {
				p.ReportFile(f.Name, "line %d: %s -Encoding Byte works in Windows PowerShell 5.1 only", e.Line, c.Cmdlet())
			}
		}
	}
}

func runAsByteStreamDesktop(p *Pass, f *bundle.File) {
	if !f.Script.Desktop || f.Script.Core || f.Script.Version >= 6 {
		return
	}
	for _, c := range f.Script.Commands {
		if e, ok := c.Parameter("AsByteStream"); ok && c.Judged() && c.Unreached == 0 && !c.Versioned {
			p.ReportFile(f.Name, "line %d: Windows PowerShell 5.1 has no %s -AsByteStream; PowerShell: %s", e.Line, c.Cmdlet(),
				say.New("A parameter cannot be found that matches parameter name '%s'.", e.Name))
		}
	}
}

func runAsByteStream(p *Pass, f *bundle.File) {
	for _, c := range f.Script.Commands {
		if c.Cmdlet() != "Get-Content" {
			continue
		}
		stream, ok := c.Parameter("AsByteStream")
		if _, raw := c.Parameter("Raw"); ok && !raw {
			p.ReportFile(f.Name, "line %d: Get-Content -AsByteStream without -Raw", stream.Line)
		}
	}
}

func runRelativePath(p *Pass, f *bundle.File) {
	for _, call := range f.Script.Files {
		if call.Relative {
			p.ReportFile(f.Name, "line %d: %s is given a relative path", call.Line, call.Name)
		}
	}
}

func runStoreNeedsWindows(p *Pass, f *bundle.File) {
	for _, line := range f.Script.Stores {
		p.ReportFile(f.Name, "line %d: makes a serialized store", line)
	}
}
