#Requires -Version 5.1
# Sends the imported PFX certificates of this folder to Intune.
#
#   .\Import-UserPfx.ps1 -WhatIf     connects, and shows what would be done
#   .\Import-UserPfx.ps1             does it, after asking for each user
#
# The files hold identities: delete them when all are delivered. It can be run again: what Intune has already is not sent anew.

[CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High')]
param(
    # The files to send; all beside this script unless some are named.
    [string[]] $File = @(),

    # The session is connected already.
    [switch] $Connected
)

# A script that is dot-sourced shares its scope with the caller: nothing is left in it.
if ($MyInvocation.InvocationName -ne '.') {
    $ErrorActionPreference = 'Stop'
}
try {
& {
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$endpoint = 'https://graph.microsoft.com/beta/deviceManagement/userPfxCertificates'
$json = 'application/json; charset=utf-8'

# Nothing is pretended while connecting and reading, which change nothing.
function Invoke-SmimeReading {
    param([scriptblock] $Reading)
    $kept = $global:WhatIfPreference
    $global:WhatIfPreference = $false
    $WhatIfPreference = $false
    try {
        return , (& $Reading)
    }
    finally {
        $global:WhatIfPreference = $kept
    }
}

# All pages of a list.
function Get-SmimeList {
    param([string] $Uri)
    $all = New-Object -TypeName System.Collections.ArrayList -ErrorAction Stop
    while ($Uri) {
        $page = Invoke-MgGraphRequest -Method GET -Uri $Uri -OutputType Hashtable -ErrorAction Stop
        foreach ($entry in @($page['value'])) {
            if ($null -ne $entry) {
                [void] $all.Add($entry)
            }
        }
        $Uri = $page['@odata.nextLink']
    }
    return , $all
}

# Without an answer there is no hash table.
function Get-SmimeField {
    param($Object, [string] $Name)
    if ($Object -is [System.Collections.IDictionary] -and $Object.Contains($Name)) {
        return $Object[$Name]
    }
    return $null
}

function Connect-SmimeGraph {
    if (-not $Connected) {
        Invoke-SmimeReading -Reading {
            Import-Module -Name Microsoft.Graph.Authentication -ErrorAction Stop
            Connect-MgGraph -Scopes 'DeviceManagementConfiguration.ReadWrite.All' -ErrorAction Stop
        } | Out-Null
    }
    # The tenant that it is about.
    if ($null -ne (Get-Command -Name 'Get-MgContext' -ErrorAction SilentlyContinue)) {
        $context = Get-MgContext -ErrorAction Stop
        if ($null -ne $context) {
            $account = $context.PSObject.Properties['Account']
            $id = $context.PSObject.Properties['TenantId']
            if ($null -ne $account -and $null -ne $id) {
                Write-Host (("{0}, {1}" -f $account.Value, $id.Value) -replace '\p{C}', '?')
            }
        }
    }
}

function Get-SmimeText {
    param($Object, [string] $Name)
    $property = $Object.PSObject.Properties[$Name]
    if ($null -eq $property) {
        return ''
    }
    return "$($property.Value)" -replace '\p{C}', '?'
}

# What tells imports apart: the user, the certificate and the purpose.
function Get-SmimeKey {
    param([string] $User, [string] $Thumbprint, [string] $Purpose)
    return ($User + '|' + $Thumbprint + '|' + $Purpose).ToLowerInvariant()
}

# All files are read once, before anything is sent: what is shown is what is sent.
if (-not $PSScriptRoot) {
    throw 'Run the script as a file: what it sends lies beside it. Nothing was changed.'
}
$names = @($File | Where-Object { $_ })
if ($names.Count -eq 0) {
    $names = @(Get-ChildItem -LiteralPath $PSScriptRoot -Filter '*.json' -File -ErrorAction Stop | ForEach-Object { $_.FullName })
}
$imports = New-Object -TypeName System.Collections.ArrayList -ErrorAction Stop
$keys = @{}
foreach ($name in @($names | Sort-Object)) {
    $path = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($name)
    $body = $null
    $text = ''
    try {
        $text = [System.IO.File]::ReadAllText($path)
        $body = ConvertFrom-Json -InputObject $text -ErrorAction Stop
    }
    catch {
        # The message could hold a part of the file.
        throw ('{0} cannot be read as JSON. Nothing was changed.' -f $path)
    }
    if ($null -eq $body -or (Get-SmimeText -Object $body -Name '@odata.type') -ne '#microsoft.graph.userPFXCertificate') {
        throw ('{0} is no imported PFX certificate. Nothing was changed.' -f $path)
    }
    $import = @{
        Text = $text
        Secrets = @((Get-SmimeText -Object $body -Name 'encryptedPfxBlob'), (Get-SmimeText -Object $body -Name 'encryptedPfxPassword') | Where-Object { $_ })
        User = Get-SmimeText -Object $body -Name 'userPrincipalName'
        Thumbprint = Get-SmimeText -Object $body -Name 'thumbprint'
        Purpose = Get-SmimeText -Object $body -Name 'intendedPurpose'
    }
    $import.Key = Get-SmimeKey -User $import.User -Thumbprint $import.Thumbprint -Purpose $import.Purpose
    $import.Title = '{0} {1} {2}' -f $import.User, $import.Thumbprint, $import.Purpose
    if ($keys.ContainsKey($import.Key)) {
        throw ('{0} is there in two files. Nothing was changed.' -f $import.Title)
    }
    $keys[$import.Key] = $true
    [void] $imports.Add($import)
}
if ($imports.Count -eq 0) {
    throw 'There is no file to send. Nothing was changed.'
}

# The imports that Intune has.
function Get-SmimeImports {
    $has = @{}
    foreach ($entry in (Get-SmimeList -Uri $endpoint)) {
        $key = Get-SmimeKey -User (Get-SmimeField -Object $entry -Name 'userPrincipalName') -Thumbprint (Get-SmimeField -Object $entry -Name 'thumbprint') -Purpose (Get-SmimeField -Object $entry -Name 'intendedPurpose')
        $has[$key] = $true
    }
    return $has
}

try {
    Connect-SmimeGraph
    $has = Invoke-SmimeReading -Reading { Get-SmimeImports }
}
catch {
    throw ('Intune cannot be read: {0} Nothing was changed.' -f $_.Exception.Message)
}

$sent = New-Object -TypeName System.Collections.ArrayList -ErrorAction Stop
$problems = New-Object -TypeName System.Collections.ArrayList -ErrorAction Stop
$there = 0
$skipped = 0
foreach ($import in $imports) {
    if ($has.ContainsKey($import.Key)) {
        $there++
        Write-Host ('there already: {0}' -f $import.Title)
        continue
    }
    if (-not $PSCmdlet.ShouldProcess($import.User, ('Send the PFX with the certificate {0} for {1}' -f $import.Thumbprint, $import.Purpose))) {
        $skipped++
        continue
    }
    try {
        Invoke-MgGraphRequest -Method POST -Uri $endpoint -Body $import.Text -ContentType $json -ErrorAction Stop | Out-Null
        [void] $sent.Add($import)
    }
    catch {
        # An answer may repeat what was sent.
        $message = $_.Exception.Message
        foreach ($secret in $import.Secrets) {
            $message = $message.Replace($secret, '...')
        }
        [void] $sent.Add($import)
        [void] $problems.Add(('{0}: {1}' -f $import.Title, $message))
    }
}

# Only what is read back was imported.
$imported = 0
if ($sent.Count -gt 0) {
    try {
        $has = Invoke-SmimeReading -Reading { Get-SmimeImports }
    }
    catch {
        throw ('{0} were sent, but Intune cannot be read: {1} Run the script again: what is there is found.' -f $sent.Count, $_.Exception.Message)
    }
    foreach ($import in $sent) {
        if ($has.ContainsKey($import.Key)) {
            $imported++
            Write-Host ('imported: {0}' -f $import.Title)
        }
        else {
            [void] $problems.Add(('{0}: sent, but Intune does not show it' -f $import.Title))
        }
    }
}

$summary = 'Imported: {0}, there already: {1}, not done: {2}.' -f $imported, $there, ($imports.Count - $imported - $there)
if ($problems.Count -gt 0 -or ($skipped -gt 0 -and -not $WhatIfPreference)) {
    throw $summary + [System.Environment]::NewLine + ($problems -join [System.Environment]::NewLine)
}
Write-Output $summary
if ($WhatIfPreference) {
    Write-Output 'Nothing was changed.'
}
}
}
finally {
    if ($MyInvocation.InvocationName -eq '.') {
        Remove-Variable -Name 'File', 'Connected' -WhatIf:$false -Confirm:$false -ErrorAction SilentlyContinue
    }
}
