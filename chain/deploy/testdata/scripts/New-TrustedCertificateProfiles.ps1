#Requires -Version 5.1
# Creates the trusted-certificate profiles of this folder in Intune.
#
#   .\New-TrustedCertificateProfiles.ps1 -WhatIf                  connects, and shows what would be done
#   .\New-TrustedCertificateProfiles.ps1 -GroupId ID1, ID2        creates and assigns
#
# It can be run again: a profile whose name is there already is compared, and assigned to the groups that it lacks. Assign the profiles to the same groups as the profile for imported certificates, before that one.

[CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium')]
param(
    # The object ids of the groups to assign to.
    [string[]] $GroupId = @(),

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

$profiles = @(
    @{ File = 'graph/ios/Example-Email-Protection-Root-2021-D331F2E1.json'; Name = 'S/MIME Example Email Protection Root 2021 D331F2E1 (iOS)'; Hash = 'a54e02d25938479d0fe61b2f513fed778a4114a05e4d67442b5bbdbbca95ac4e' },
    @{ File = 'graph/macos/Example-Email-Protection-Root-2021-D331F2E1.json'; Name = 'S/MIME Example Email Protection Root 2021 D331F2E1 (macOS)'; Hash = '8970876a44cb50cea17c52d4c39339c2371645a5df751e522dffddb86dcc4af8' },
    @{ File = 'graph/windows/Example-Email-Protection-Root-2021-D331F2E1.json'; Name = 'S/MIME Example Email Protection Root 2021 D331F2E1 (Windows)'; Hash = '7903e2af9bd2d890ad01e931c0c0d5418bda6777d5ec562ea7f3e3d55f769c0a' },
    @{ File = 'graph/android-device-owner/Example-Email-Protection-Root-2021-D331F2E1.json'; Name = 'S/MIME Example Email Protection Root 2021 D331F2E1 (Android fully managed)'; Hash = '0dcd7e9581679333f275c4a1f808200ba060873ec9c5841e104ab040cec9dbb0' },
    @{ File = 'graph/android-work-profile/Example-Email-Protection-Root-2021-D331F2E1.json'; Name = 'S/MIME Example Email Protection Root 2021 D331F2E1 (Android work profile)'; Hash = '4b6001d5c62d92b330088e34ded008d0ad41de6160fbe2ea227ce97197bf18c5' },
    @{ File = 'graph/ios/Example-Old-Root-4C62AB6A.json'; Name = 'S/MIME Example Old Root 4C62AB6A (iOS)'; Hash = 'ad4cdd5a168eac0ff8402b88316ff7ab2fd2a3f0eac12d612e1a6c15a6f06847' },
    @{ File = 'graph/macos/Example-Old-Root-4C62AB6A.json'; Name = 'S/MIME Example Old Root 4C62AB6A (macOS)'; Hash = '9c86626c9ff2c801edce0d009ef277dc9abdb213a1e1f9eff78706cfef6813a6' },
    @{ File = 'graph/windows/Example-Old-Root-4C62AB6A.json'; Name = 'S/MIME Example Old Root 4C62AB6A (Windows)'; Hash = 'd27d5079fbc564f2e6debf615d2dee412de0d15409a8f2a5828047053788c711' },
    @{ File = 'graph/android-device-owner/Example-Old-Root-4C62AB6A.json'; Name = 'S/MIME Example Old Root 4C62AB6A (Android fully managed)'; Hash = '6e2adea57c8ff58ec9bf01937c8542e4d8005e5505712a9c820e48404bca642f' },
    @{ File = 'graph/android-work-profile/Example-Old-Root-4C62AB6A.json'; Name = 'S/MIME Example Old Root 4C62AB6A (Android work profile)'; Hash = '6aa920c4cf06df2b2026c943d47a409cf0998c334cb34ee7632daf9cfd6f41a5' },
    @{ File = 'graph/ios/Example-Email-Protection-Root-2021-311D9026.json'; Name = 'S/MIME Example Email Protection Root 2021 311D9026 (iOS)'; Hash = '3e000394113b8111eadf57cc791ab5bde8a633af310d4b77720c09cae4b8fffa' },
    @{ File = 'graph/macos/Example-Email-Protection-Root-2021-311D9026.json'; Name = 'S/MIME Example Email Protection Root 2021 311D9026 (macOS)'; Hash = 'a881c1cb01ed1c85cb8f2fa8465b60c52c4a943b06214818845f5612485dc114' },
    @{ File = 'graph/windows/Example-Email-Protection-Root-2021-311D9026.json'; Name = 'S/MIME Example Email Protection Root 2021 311D9026 (Windows)'; Hash = '6d7e2746289b21a5a8c9cbdae8b50d97142b379235a7af93f513520d7c0ad847' },
    @{ File = 'graph/android-device-owner/Example-Email-Protection-Root-2021-311D9026.json'; Name = 'S/MIME Example Email Protection Root 2021 311D9026 (Android fully managed)'; Hash = '47edd69cc4f76655c02ac83974695d9592605bfede649c4b2a802e70a8b2c226' },
    @{ File = 'graph/android-work-profile/Example-Email-Protection-Root-2021-311D9026.json'; Name = 'S/MIME Example Email Protection Root 2021 311D9026 (Android work profile)'; Hash = 'cb2fa6217be611b8f660d4c95d1094adaf2676472daadbf9c83cc1816dc268d9' },
    @{ File = 'graph/ios/Example-Secure-Email-CA-1-3D942C1C.json'; Name = 'S/MIME Example Secure Email CA 1 3D942C1C (iOS)'; Hash = 'a9c53d609d83db223a657b050d4780cbfb6040ef9e04e23d3ee5e37ca22de144' },
    @{ File = 'graph/macos/Example-Secure-Email-CA-1-3D942C1C.json'; Name = 'S/MIME Example Secure Email CA 1 3D942C1C (macOS)'; Hash = 'acbd5d1caa61151351b69001f41fcc1e727512429a7d9735e0dbb12da0239029' },
    @{ File = 'graph/windows/Example-Secure-Email-CA-1-3D942C1C.json'; Name = 'S/MIME Example Secure Email CA 1 3D942C1C (Windows)'; Hash = 'b2f735a55a4cd7dbc480ac20c1a04ae76cc72309b65baa5fd91e7e43d3d79593' },
    @{ File = 'graph/android-device-owner/Example-Secure-Email-CA-1-3D942C1C.json'; Name = 'S/MIME Example Secure Email CA 1 3D942C1C (Android fully managed)'; Hash = '6ff63d067901326821b8e0cb4c3fcc77b7ff328187e26285112a68937943994d' },
    @{ File = 'graph/android-work-profile/Example-Secure-Email-CA-1-3D942C1C.json'; Name = 'S/MIME Example Secure Email CA 1 3D942C1C (Android work profile)'; Hash = '024c740067058851b45e2bc27817fcf8040e47ae5de5546babceeee4d4af81ce' }
)
$endpoint = 'https://graph.microsoft.com/beta/deviceManagement/deviceConfigurations'
$json = 'application/json; charset=utf-8'

function Get-SmimeHash {
    param([string] $Algorithm, [byte[]] $Bytes)
    if ($Algorithm -eq 'SHA1') {
        $hash = [System.Security.Cryptography.SHA1]::Create()
    }
    else {
        $hash = [System.Security.Cryptography.SHA256]::Create()
    }
    try {
        return [System.BitConverter]::ToString($hash.ComputeHash($Bytes)).Replace('-', '')
    }
    finally {
        $hash.Dispose()
    }
}

function Get-SmimeFingerprint {
    param([byte[]] $Bytes)
    return (Get-SmimeHash -Algorithm 'SHA256' -Bytes $Bytes).ToLowerInvariant()
}

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

# The groups are judged before anything is done. A list may have come as one text.
$groups = @()
if ($null -ne $GroupId) {
    foreach ($given in @($GroupId)) {
        foreach ($text in "$given".Split(',')) {
            $id = [System.Guid]::Empty
            if (-not [System.Guid]::TryParse($text.Trim(), [ref] $id)) {
                throw ('''{0}'' is no object id of a group. Nothing was changed.' -f $text.Trim())
            }
            $groups += $id.ToString()
        }
    }
}
$groups = @($groups | Sort-Object -Unique)

# All files are read before anything is changed.
if (-not $PSScriptRoot) {
    throw 'Run the script as a file: what it sends lies beside it. Nothing was changed.'
}
$bodies = @{}
foreach ($item in $profiles) {
    $path = Join-Path -Path $PSScriptRoot -ChildPath $item.File -ErrorAction Stop
    try {
        $bytes = [System.IO.File]::ReadAllBytes($path)
    }
    catch {
        throw ('A file cannot be read: {0} Nothing was changed.' -f $_.Exception.Message)
    }
    if ((Get-SmimeFingerprint -Bytes $bytes) -cne $item.Hash) {
        throw ('{0} is not the file that was checked. Nothing was changed.' -f $path)
    }
    $bodies[$item.File] = [System.Text.Encoding]::UTF8.GetString($bytes)
}

try {
    Connect-SmimeGraph
    $existing = Invoke-SmimeReading -Reading { Get-SmimeList -Uri $endpoint }
}
catch {
    throw ('Intune cannot be read: {0} Nothing was changed.' -f $_.Exception.Message)
}

$count = @{ created = 0; assigned = 0; there = 0; unassigned = 0; skipped = 0 }
$problems = New-Object -TypeName System.Collections.ArrayList -ErrorAction Stop

function Get-SmimeSummary {
    return ('Created: {0}, assigned now: {1}, there already: {2}, without an assignment: {3}, not done: {4}.' -f $count.created, $count.assigned, $count.there, $count.unassigned, $count.skipped)
}

# The profiles of a name. Names are compared as Intune shows them, in any case.
function Find-SmimeProfile {
    param($List, [string] $Name)
    return , @($List | Where-Object { (Get-SmimeField -Object $_ -Name 'displayName') -eq $Name })
}

# Whether a profile holds the certificate of a file: nothing where Intune does not say.
function Test-SmimeCertificate {
    param($Found, [string] $Body)
    $wanted = (ConvertFrom-Json -InputObject $Body -ErrorAction Stop).PSObject.Properties['trustedRootCertificate']
    $value = Get-SmimeField -Object $Found -Name 'trustedRootCertificate'
    if ($null -eq $value) {
        try {
            $uri = $endpoint + '/' + (Get-SmimeField -Object $Found -Name 'id')
            $value = Get-SmimeField -Object (Invoke-MgGraphRequest -Method GET -Uri $uri -OutputType Hashtable -ErrorAction Stop) -Name 'trustedRootCertificate'
        }
        catch {
            return $null
        }
    }
    if ($null -eq $value -or $null -eq $wanted) {
        return $null
    }
    if ($value -isnot [string]) {
        $value = [System.Convert]::ToBase64String([byte[]] $value)
    }
    return ($value -replace '\s', '') -ceq $wanted.Value
}

# The assignments of a profile. Only what it is assigned to is sent again.
function Get-SmimeTarget {
    param([string] $Id)
    $targets = New-Object -TypeName System.Collections.ArrayList -ErrorAction Stop
    foreach ($assignment in (Get-SmimeList -Uri ($endpoint + '/' + $Id + '/assignments'))) {
        $target = Get-SmimeField -Object $assignment -Name 'target'
        if ($null -ne $target) {
            [void] $targets.Add($target)
        }
    }
    return , $targets
}

# The groups that a profile is not assigned to yet.
function Get-SmimeMissing {
    param($Targets)
    $has = @($Targets | Where-Object { (Get-SmimeField -Object $_ -Name '@odata.type') -eq '#microsoft.graph.groupAssignmentTarget' } | ForEach-Object { Get-SmimeField -Object $_ -Name 'groupId' })
    return , @($groups | Where-Object { $has -notcontains $_ })
}

foreach ($item in $profiles) {
    $name = $item.Name
    try {
        $found = Find-SmimeProfile -List $existing -Name $name
        $isNew = $found.Count -eq 0
        if ($found.Count -gt 1) {
            [void] $problems.Add(('{0}: the name is there {1} times; nothing was done with it' -f $name, $found.Count))
            continue
        }
        if (-not $isNew) {
            $id = Get-SmimeField -Object $found[0] -Name 'id'
            $same = Invoke-SmimeReading -Reading { Test-SmimeCertificate -Found $found[0] -Body $bodies[$item.File] }
            if ($same -eq $false) {
                [void] $problems.Add(('{0}: a profile of this name holds another certificate; nothing was done with it' -f $name))
                continue
            }
            $count.there++
            if ($null -eq $same) {
                [void] $problems.Add(('{0}: there already, but Intune does not say with which certificate' -f $name))
            }
            else {
                Write-Host ('there already: {0}' -f $name)
            }
        }
        else {
            $action = 'Create the profile'
            if ($groups.Count -gt 0) {
                $action = 'Create the profile and assign it to {0}' -f ($groups -join ', ')
            }
            if (-not $PSCmdlet.ShouldProcess($name, $action)) {
                $count.skipped++
                continue
            }
            $created = Invoke-MgGraphRequest -Method POST -Uri $endpoint -Body $bodies[$item.File] -ContentType $json -OutputType Hashtable -ErrorAction Stop
            $id = Get-SmimeField -Object $created -Name 'id'
            if (-not $id) {
                # An answer without a body: the profile is looked for.
                $found = Find-SmimeProfile -List (Get-SmimeList -Uri $endpoint) -Name $name
                if ($found.Count -ne 1) {
                    [void] $problems.Add(('{0}: sent, but there are {1} profiles of this name' -f $name, $found.Count))
                    continue
                }
                $id = Get-SmimeField -Object $found[0] -Name 'id'
            }
            $count.created++
            Write-Host ('created: {0} {1}' -f $name, $id)
        }

        $targets = Invoke-SmimeReading -Reading { Get-SmimeTarget -Id $id }
        $missing = Get-SmimeMissing -Targets $targets
        if ($missing.Count -gt 0) {
            if (-not $isNew -and -not $PSCmdlet.ShouldProcess($name, ('Assign the profile to {0}' -f ($missing -join ', ')))) {
                $count.skipped++
                continue
            }
            # What is sent replaces the whole list, so that the others are sent too.
            $list = @($targets | ForEach-Object { @{ target = $_ } })
            $list += @($missing | ForEach-Object { @{ target = @{ '@odata.type' = '#microsoft.graph.groupAssignmentTarget'; groupId = $_ } } })
            $body = ConvertTo-Json -InputObject @{ assignments = @($list) } -Depth 10 -Compress -ErrorAction Stop
            Invoke-MgGraphRequest -Method POST -Uri ($endpoint + '/' + $id + '/assign') -Body $body -ContentType $json -ErrorAction Stop | Out-Null
            $targets = Get-SmimeTarget -Id $id
            $missing = Get-SmimeMissing -Targets $targets
            if ($missing.Count -gt 0) {
                [void] $problems.Add(('{0}: not assigned to {1}, though it was sent' -f $name, ($missing -join ', ')))
                continue
            }
            $count.assigned++
            Write-Host ('assigned: {0}' -f $name)
        }
        if ($targets.Count -eq 0) {
            $count.unassigned++
        }
    }
    catch {
        throw ('{0}: {1} Run the script again: what is done already is found.' -f $name, $_.Exception.Message) + ' ' + (Get-SmimeSummary)
    }
}

$summary = Get-SmimeSummary
if ($problems.Count -gt 0 -or ($count.skipped -gt 0 -and -not $WhatIfPreference)) {
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
        Remove-Variable -Name 'GroupId', 'Connected' -WhatIf:$false -Confirm:$false -ErrorAction SilentlyContinue
    }
}
