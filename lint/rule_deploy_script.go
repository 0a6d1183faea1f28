package lint

import (
	"strings"

	"github.com/smimechain/smimechain/chain/bundle"
)

// uploadLine is the line that uploads a collection in either edition.
const uploadLine = `Set-SmimeConfig -SMIMECertificateIssuingCA ([System.IO.File]::ReadAllBytes('C:\full\path\smime.sst'))`

const citeGetContent = "Microsoft, Get-Content, parameters Encoding, AsByteStream and Raw"

func scriptRules() []Rule {
	return []Rule{
		deployRule(ExchangeOnline, "e_script_unknown_parameter", Documented, "Microsoft, Set-SmimeConfig, syntax",
			"The script gives Set-SmimeConfig a parameter that it does not have, such as SMIMECertificateList, which some guides print. The command fails.",
			"Write: "+uploadLine, each(bundle.Script, runUnknownParameter)),
		deployRule(ExchangeOnline, "e_script_two_statements", Inferred, "Microsoft, about_Parsing",
			"Two statements stand on one line without a separator, so that PowerShell takes the second for arguments of the first.",
			"Put each statement on a line of its own, or a semicolon between them.", each(bundle.Script, runTwoStatements)),
		deployRule(ExchangeOnline, "w_script_encoding_byte", Documented, citeGetContent,
			"The script reads bytes with -Encoding Byte, which PowerShell 6 and later refuse.",
			"Read the file in a way that works everywhere: "+uploadLine, each(bundle.Script, runEncodingByte(false))),
		deployRule(ExchangeOnline, "e_script_encoding_byte_core", Documented, citeGetContent,
			"The script asks for PowerShell 6 or later and reads bytes with -Encoding Byte, which these refuse.",
			"Read the file in a way that works everywhere: "+uploadLine, each(bundle.Script, runEncodingByte(true))),
		deployRule(ExchangeOnline, "n_script_asbytestream_without_raw", Documented, citeGetContent,
			"The script reads with -AsByteStream but without -Raw: it gets single objects, slowly, that have to be converted.",
			"Add -Raw, or write: "+uploadLine, each(bundle.Script, runAsByteStream)),
		deployRule(ExchangeOnline, "w_script_relative_path", Inferred, "Microsoft, System.IO.File.ReadAllBytes; about_Locations",
			"The script gives .NET a relative path. .NET counts it from the folder in which PowerShell was started, not from the current location, and reads another file or none.",
			"Give the full path, or join it with $PSScriptRoot.", each(bundle.Script, runRelativePath)),
		deployRule(ExchangeOnline, "n_script_store_needs_windows", Inferred, "Microsoft, Export-Certificate; X509ContentType.SerializedStore",
			"The script makes the store with facilities that exist on Windows only.",
			"Run it on Windows, or make the store with: smimechain pack -o smime.sst FILE…", each(bundle.Script, runStoreNeedsWindows)),
	}
}

// smimeConfigParameters are those of Set-SmimeConfig, and the common ones.
var smimeConfigParameters = []string{
	"Identity", "Confirm", "WhatIf", "NoSignOnReply", "SMIMECertificateIssuingCA",
	"OWAAllowUserChoiceOfSigningCertificate", "OWAAlwaysEncrypt", "OWAAlwaysSign", "OWABCCEncryptedEmailForking",
	"OWACheckCRLOnSend", "OWAClearSign", "OWACopyRecipientHeaders", "OWACRLConnectionTimeout", "OWACRLRetrievalTimeout",
	"OWADisableCRLCheck", "OWADLExpansionTimeout", "OWAEncryptionAlgorithms", "OWAEncryptTemporaryBuffers",
	"OWAForceSMIMEClientUpgrade", "OWAIncludeCertificateChainAndRootCertificate",
	"OWAIncludeCertificateChainWithoutRootCertificate", "OWAIncludeSMIMECapabilitiesInMessage", "OWAOnlyUseSmartCard",
	"OWASenderCertificateAttributesToDisplay", "OWASignedEmailCertificateInclusion", "OWASigningAlgorithms",
	"OWATripleWrapSignedEncryptedMail", "OWAUseKeyIdentifier", "OWAUseSecondaryProxiesWhenFindingCertificates",
	"Verbose", "Debug", "ErrorAction", "WarningAction", "InformationAction", "ErrorVariable", "WarningVariable",
	"InformationVariable", "OutVariable", "OutBuffer", "PipelineVariable", "ProgressAction",
	"EA", "WA", "EV", "WV", "OV", "OB", "PV", "VB", "DB", "CF", "WI", "INFA", "IV",
}

// knownParameter reports whether Set-SmimeConfig has a parameter that starts with name.
func knownParameter(name string) bool {
	for _, p := range smimeConfigParameters {
		if len(name) <= len(p) && strings.EqualFold(p[:len(name)], name) {
			return true
		}
	}
	return false
}

func runUnknownParameter(p *Pass, f *bundle.File) {
	sets := false
	for _, c := range f.Script.Commands {
		if !setsSmimeConfig(c.Name) {
			continue
		}
		sets = true
		for _, parameter := range c.Parameters {
			if !knownParameter(parameter.Name) {
				p.ReportFile(f.Name, "line %d: Set-SmimeConfig has no parameter %s", parameter.Line, parameter.Name)
			}
		}
	}
	for _, key := range f.Script.Keys { // splatted
		if sets && len(key.Name) >= len("SMIME") && strings.EqualFold(key.Name[:len("SMIME")], "SMIME") && !knownParameter(key.Name) {
			p.ReportFile(f.Name, "line %d: Set-SmimeConfig has no parameter %s", key.Line, key.Name)
		}
	}
}

// setsSmimeConfig reports whether a command is Set-SmimeConfig, be it with the name
// of its module, or with the prefix under which a session was imported.
func setsSmimeConfig(command string) bool {
	name := strings.ToLower(command[strings.LastIndexByte(command, '\\')+1:])
	return strings.HasPrefix(name, "set-") && strings.HasSuffix(name, "smimeconfig")
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
			if e, ok := c.Parameter("Encoding"); ok && strings.EqualFold(e.Word, "Byte") {
				p.ReportFile(f.Name, "line %d: %s -Encoding Byte works in Windows PowerShell 5.1 only", e.Line, c.Name)
			}
		}
	}
}

func runAsByteStream(p *Pass, f *bundle.File) {
	for _, c := range f.Script.Commands {
		if !strings.EqualFold(c.Name, "Get-Content") {
			continue
		}
		stream, ok := c.Parameter("AsByteStream")
		if _, raw := c.Parameter("Raw"); ok && !raw {
			p.ReportFile(f.Name, "line %d: Get-Content -AsByteStream without -Raw", stream.Line)
		}
	}
}

func runRelativePath(p *Pass, f *bundle.File) {
	for _, r := range f.Script.Reads {
		if r.Relative {
			p.ReportFile(f.Name, "line %d: ReadAllBytes is given a relative path", r.Line)
		}
	}
}

func runStoreNeedsWindows(p *Pass, f *bundle.File) {
	for _, line := range f.Script.Stores {
		p.ReportFile(f.Name, "line %d: makes a serialized store", line)
	}
}
