package powershell

import (
	"slices"
	"strings"
)

// Cmdlet is what a script is judged by: a cmdlet of the job with its parameters.
type Cmdlet struct {
	Name       string
	Parameters []CmdletParameter // without the common ones
}

// CmdletParameter is one parameter of a cmdlet.
type CmdletParameter struct {
	Name    string
	Aliases []string
	Type    ParameterType
}

// ParameterType is what a parameter takes.
type ParameterType uint8

// The types that rules ask for; anything else is typeOther.
const (
	typeOther  ParameterType = iota
	TypeSwitch               // nothing
	TypeBool                 // $true, $false or a number
	TypeBytes                // octets
	TypeText                 // one text
	TypeCount                // a number of zero or more
)

// Types of parameters in the lists below, behind the name. Aliases follow with commas.
const (
	markSwitch = "?"
	markBool   = "="
	markBytes  = "#"
	markText   = "'"
	markCount  = "+"
)

// cmdlet makes a cmdlet of its name and a list of parameters such as "Raw?".
func cmdlet(name, parameters string) Cmdlet {
	c := Cmdlet{Name: name}
	for field := range strings.FieldsSeq(parameters) {
		name, aliases, _ := strings.Cut(field, ",")
		p := CmdletParameter{Name: strings.TrimRight(name, markSwitch+markBool+markBytes+markText+markCount)}
		switch name[len(p.Name):] {
		case markSwitch:
			p.Type = TypeSwitch
		case markBool:
			p.Type = TypeBool
		case markBytes:
			p.Type = TypeBytes
		case markText:
			p.Type = TypeText
		case markCount:
			p.Type = TypeCount
		}
		if aliases != "" {
			p.Aliases = strings.Split(aliases, ",")
		}
		c.Parameters = append(c.Parameters, p)
	}
	return c
}

const (
	commonParameters = "Verbose?,vb Debug?,db ErrorAction,ea WarningAction,wa InformationAction,infa ErrorVariable,ev WarningVariable,wv InformationVariable,iv OutVariable,ov OutBuffer,ob PipelineVariable,pv ProgressAction,proga "
	riskParameters   = "WhatIf?,wi Confirm?,cf "
	itemParameters   = "Path LiteralPath,PSPath,LP Filter Include Exclude Force? Credential Encoding AsByteStream? Stream "
)

// cmdlets are those that are judged: their parameters as Microsoft's reference gives
// them, and as the source of the module IntunePfxImport does.
var cmdlets = []Cmdlet{
	cmdlet("Set-SmimeConfig", "Identity NoSignOnReply= SMIMECertificateIssuingCA# "+
		"OWAAllowUserChoiceOfSigningCertificate= OWAAlwaysEncrypt= OWAAlwaysSign= OWABCCEncryptedEmailForking+ "+
		"OWACheckCRLOnSend= OWAClearSign= OWACopyRecipientHeaders= OWACRLConnectionTimeout+ OWACRLRetrievalTimeout+ "+
		"OWADisableCRLCheck= OWADLExpansionTimeout+ OWAEncryptionAlgorithms' OWAEncryptTemporaryBuffers= "+
		"OWAForceSMIMEClientUpgrade= OWAIncludeCertificateChainAndRootCertificate= "+
		"OWAIncludeCertificateChainWithoutRootCertificate= OWAIncludeSMIMECapabilitiesInMessage= OWAOnlyUseSmartCard= "+
		"OWASenderCertificateAttributesToDisplay' OWASignedEmailCertificateInclusion= OWASigningAlgorithms' "+
		"OWATripleWrapSignedEncryptedMail= OWAUseKeyIdentifier= OWAUseSecondaryProxiesWhenFindingCertificates= "+
		riskParameters+commonParameters),
	cmdlet("Get-SmimeConfig", "Identity "+commonParameters),
	cmdlet("Get-Content", itemParameters+"ReadCount TotalCount,First,Head Tail,Last Delimiter Wait? Raw? "+commonParameters),
	cmdlet("Set-Content", itemParameters+"Value PassThru? NoNewline? "+riskParameters+commonParameters),
	cmdlet("Add-Content", itemParameters+"Value PassThru? NoNewline? "+riskParameters+commonParameters),
	cmdlet("Connect-ExchangeOnline", "ConnectionUri AzureADAuthorizationEndpointUri ExchangeEnvironmentName PSSessionOption "+
		"DelegatedOrganization Prefix CommandName FormatTypeName AccessToken AppId BypassMailboxAnchoring? Certificate "+
		"CertificateFilePath CertificatePassword CertificateThumbprint Credential Device? DisableWAM? "+
		"EnableErrorReporting? InlineCredential? LoadCmdletHelp? LogDirectoryPath LogLevel ManagedIdentity? "+
		"ManagedIdentityAccountId Organization PageSize ShowBanner= ShowProgress= SigningCertificate SkipLoadingCmdletHelp? "+
		"SkipLoadingFormatData? TrackPerformance= UseMultithreading= UserPrincipalName UseRPSSession? "+
		"EnableSearchOnlySession? "+commonParameters),
	cmdlet("Disconnect-ExchangeOnline", "ConnectionId ModulePrefix "+riskParameters+commonParameters),
	cmdlet("Export-Certificate", "Cert FilePath Type NoClobber? Force? "+riskParameters+commonParameters),
	cmdlet("New-IntuneUserPfxCertificate", "PathToPfxFile Base64EncodedPfx PfxPassword UPN ProviderName KeyName "+
		"IntendedPurpose PaddingScheme KeyFilePath "+commonParameters),
	cmdlet("Import-IntuneUserPfxCertificate", "CertificateList IsUpdate? "+commonParameters),
	cmdlet("Get-IntuneUserPfxCertificate", "UserThumbprintList UserList "+commonParameters),
}

// aliasesOf are the aliases of Windows PowerShell 5.1 for cmdlets that rules ask for.
var aliasesOf = map[string]string{
	"gc": "Get-Content", "cat": "Get-Content", "type": "Get-Content", "sc": "Set-Content", "ac": "Add-Content",
	"gci": "Get-ChildItem", "dir": "Get-ChildItem", "ls": "Get-ChildItem",
}

// cmdletOf returns what a command's name stands for: without the module, aliases
// resolved, and with the prefix of an imported session taken off. It is nil for
// commands that are not judged.
func cmdletOf(written string) (name string, c *Cmdlet) {
	name = written[strings.LastIndexByte(written, '\\')+1:]
	if full := aliasesOf[strings.ToLower(name)]; full != "" {
		name = full
	}
	find := func(name string) *Cmdlet {
		i := slices.IndexFunc(cmdlets, func(c Cmdlet) bool { return strings.EqualFold(c.Name, name) })
		if i < 0 {
			return nil
		}
		return &cmdlets[i]
	}
	if c = find(name); c == nil {
		if lower := strings.ToLower(name); (strings.HasPrefix(lower, "set-") || strings.HasPrefix(lower, "get-")) && strings.HasSuffix(lower, "smimeconfig") {
			c = find(lower[:4] + "smimeconfig")
		}
	}
	if c != nil {
		name = c.Name
	}
	return name, c
}

// match returns the parameters that a name may stand for: the one that has it as name
// or alias, else all that begin with it (about_Command_Syntax, about_Parameters).
func (c *Cmdlet) match(name string) []*CmdletParameter {
	var starts []*CmdletParameter
	for i := range c.Parameters {
		p := &c.Parameters[i]
		begins := false
		for _, known := range append([]string{p.Name}, p.Aliases...) {
			if strings.EqualFold(known, name) {
				return []*CmdletParameter{p}
			}
			begins = begins || len(name) < len(known) && strings.EqualFold(known[:len(name)], name)
		}
		if begins {
			starts = append(starts, p)
		}
	}
	return starts
}

// SmimeSetting returns the full name of the parameter of Set-SmimeConfig that no other
// cmdlet has and that a name stands for, in full or abbreviated; "" where there is none.
func SmimeSetting(name string) string {
	if len(name) < len("SMIMECert") || !strings.EqualFold(name[:3], "OWA") && !strings.EqualFold(name[:9], "SMIMECert") {
		return ""
	}
	if found := cmdlets[0].match(name); len(found) == 1 {
		return found[0].Name
	}
	return ""
}
