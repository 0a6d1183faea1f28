#Requires -Version 5.1
# Uploads the virtual certificate collection to Exchange Online.
#
#   .\Set-SmimeCollection.ps1 -WhatIf     connects, and shows what would be done
#   .\Set-SmimeCollection.ps1             does it, after asking
#
# The value in use is saved before it is replaced. The store must lie beside this script. It holds:
#   CN=Example Secure Email CA 1,O=Example Limited,C=GB
#   CN=Example Email Protection Root 2021,O=Example Limited,C=GB
#   CN=Example Email Protection Root 2021,O=Example Limited,C=GB
#   CN=Example Old Root,O=Example Limited,C=GB

[CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High')]
param(
    # The store that was checked.
    [string] $Path,

    # The file that the value in use is saved to. It must not exist.
    [string] $SaveTo,

    # Replaces the value in use whatever it is.
    [switch] $Replace,

    # The session is connected already.
    [switch] $Connected,

    # The prefix that the session was connected with.
    [string] $Prefix,

    # How long to wait until the new value is read back, in seconds.
    [ValidateRange(0, 3600)]
    [int] $WaitSeconds = 60
)

# A script that is dot-sourced shares its scope with the caller: nothing is left in it.
if ($MyInvocation.InvocationName -ne '.') {
    $ErrorActionPreference = 'Stop'
}
try {
& {
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$expectedHash = 'c64454216cdf37f8d6592e1471e102d90a5ff134b5c2b2cc0425c4058da83376'
$expectedThumbprints = @(
    '1561953A4FCF83246D9EDD09927BE2003D942C1C',
    '6D6712D8DD26F7D12C82FB7FD44F9737311D9026',
    '29C015EF086B605EE97C2390CDE26B16D331F2E1',
    '526F83EDFFFB82C05BAA9699C296A40A4C62AB6A'
)
# The value that the collection was compared with: SHA-256, and the thumbprints of its certificates; empty if unknown.
$comparedHash = 'c64454216cdf37f8d6592e1471e102d90a5ff134b5c2b2cc0425c4058da83376'
$comparedThumbprints = @(
    '1561953A4FCF83246D9EDD09927BE2003D942C1C',
    '6D6712D8DD26F7D12C82FB7FD44F9737311D9026',
    '29C015EF086B605EE97C2390CDE26B16D331F2E1',
    '526F83EDFFFB82C05BAA9699C296A40A4C62AB6A'
)

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

# Reads the records of a serialized store, on every system: the subject of each certificate under its thumbprint. Nothing where it is no store.
function Read-SmimeStore {
    param([byte[]] $Bytes)
    $certificates = @{}
    if ($Bytes.Length -lt 8 -or [System.BitConverter]::ToUInt32($Bytes, 0) -ne 0 -or [System.BitConverter]::ToUInt32($Bytes, 4) -ne 0x54524543) {
        return $null
    }
    [long] $at = 8
    while ($at + 12 -le $Bytes.Length) {
        $id = [System.BitConverter]::ToUInt32($Bytes, $at)
        [long] $size = [System.BitConverter]::ToUInt32($Bytes, $at + 8)
        $at += 12
        if ($id -eq 0) {
            return $certificates
        }
        if ($at + $size -gt $Bytes.Length) {
            return $null
        }
        if ($id -eq 32) {
            $der = [byte[]]::new([int] $size)
            [System.Array]::Copy($Bytes, $at, $der, 0, $size)
            $name = ''
            try {
                $certificate = New-Object -TypeName System.Security.Cryptography.X509Certificates.X509Certificate2 -ArgumentList (, $der) -ErrorAction Stop
                $name = $certificate.Subject -replace '\p{C}', '?'
            }
            catch {
                $name = 'a certificate that cannot be read'
            }
            $certificates[(Get-SmimeHash -Algorithm 'SHA1' -Bytes $der)] = $name
        }
        $at += $size
    }
    return $null
}

# The same octets, or the same certificates: the service may write the store anew.
function Test-SmimeSame {
    param([byte[]] $Bytes, [string] $Hash, [string[]] $Thumbprints)
    if ($Bytes.Length -eq 0) {
        return $Hash -eq '' -and $Thumbprints.Count -eq 0
    }
    if ((Get-SmimeFingerprint -Bytes $Bytes) -ceq $Hash) {
        return $true
    }
    $certificates = Read-SmimeStore -Bytes $Bytes
    if ($null -eq $certificates -or $Thumbprints.Count -eq 0) {
        return $false
    }
    $wanted = @($Thumbprints | Sort-Object -Unique)
    return $certificates.Count -eq $wanted.Count -and @($wanted | Where-Object { -not $certificates.ContainsKey($_) }).Count -eq 0
}

# The value in use, in octets; none where there is none. It comes as octets or as base64 text, whichever the module gives.
function Read-SmimeValue {
    $settings = @(Get-SmimeConfig -ErrorAction Stop)
    if ($settings.Count -ne 1 -or $null -eq $settings[0]) {
        throw ('{0} gave {1} objects instead of one.' -f $getConfig, $settings.Count)
    }
    $property = $settings[0].PSObject.Properties['SMIMECertificateIssuingCA']
    if ($null -eq $property) {
        throw ('{0} gave no SMIMECertificateIssuingCA.' -f $getConfig)
    }
    $value = $property.Value
    if ($null -eq $value) {
        return , [byte[]]::new(0)
    }
    try {
        if ($value -is [string]) {
            return , [System.Convert]::FromBase64String($value)
        }
        return , [byte[]] $value
    }
    catch {
        # Its message would hold the whole value.
        throw ('{0} gave a value that is neither octets nor base64.' -f $getConfig)
    }
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

# The name of the tenant that the session is connected to.
function Get-SmimeTenant {
    $names = @()
    foreach ($command in ('Get-' + $usedPrefix + 'OrganizationConfig'), 'Get-ConnectionInformation') {
        if ($null -eq (Get-Command -Name $command -ErrorAction SilentlyContinue)) {
            continue
        }
        try {
            foreach ($object in @(& $command -ErrorAction Stop)) {
                foreach ($field in 'Name', 'Organization', 'TenantID', 'UserPrincipalName') {
                    if ($command -like '*ConnectionInformation' -and $field -eq 'Name') {
                        continue
                    }
                    $property = $object.PSObject.Properties[$field]
                    if ($null -ne $property -and "$($property.Value)" -ne '') {
                        $names += ("$($property.Value)" -replace '\p{C}', '?')
                        break
                    }
                }
            }
        }
        catch {
            # A name is for the question only.
            $names = @()
        }
        if ($names.Count -gt 0) {
            return 'Exchange Online, ' + (@($names | Sort-Object -Unique) -join ', ')
        }
    }
    return 'Exchange Online (the session does not say which tenant)'
}

function Assert-SmimeReplaceable {
    param([byte[]] $Bytes)
    if ($Replace) {
        return
    }
    if ($Bytes.Length -eq 0) {
        if ($comparedHash -ne '') {
            throw 'The tenant has no collection, and this one was compared with one that it had: is it the right tenant? Use -Replace if so. Nothing was changed.'
        }
        return
    }
    if (-not (Test-SmimeSame -Bytes $Bytes -Hash $comparedHash -Thumbprints $comparedThumbprints)) {
        throw ('The tenant has another collection (SHA-256 {0}) than this one was compared with; an upload would replace it. Merge it first, or use -Replace. Nothing was changed.' -f (Get-SmimeFingerprint -Bytes $Bytes))
    }
}

# A relative path counts from the location of PowerShell, not of .NET.
function Resolve-SmimePath {
    param([string] $Name)
    return $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Name)
}

if (-not $PSScriptRoot) {
    throw 'Run the script as a file: what it sends lies beside it. Nothing was changed.'
}
if (-not $Path) {
    $Path = Join-Path -Path $PSScriptRoot -ChildPath 'smime.sst' -ErrorAction Stop
}
if (-not $SaveTo) {
    $stamp = [System.DateTime]::UtcNow.ToString('yyyyMMddTHHmmssZ', [System.Globalization.CultureInfo]::InvariantCulture)
    $SaveTo = Join-Path -Path $PSScriptRoot -ChildPath ('smime-before-' + $stamp + '.sst') -ErrorAction Stop
}
try {
    $Path = Resolve-SmimePath -Name $Path
    $SaveTo = Resolve-SmimePath -Name $SaveTo
}
catch {
    throw ('{0} Nothing was changed.' -f $_.Exception.Message)
}

try {
    $store = [System.IO.File]::ReadAllBytes($Path)
}
catch {
    throw ('The store cannot be read: {0} Nothing was changed.' -f $_.Exception.Message)
}
$hash = Get-SmimeFingerprint -Bytes $store
if ($hash -cne $expectedHash) {
    throw ('This is not the store that was checked: SHA-256 is {0}, not {1}. Nothing was changed.' -f $hash, $expectedHash)
}

if (-not $Connected) {
    try {
        Invoke-SmimeReading -Reading {
            Import-Module -Name ExchangeOnlineManagement -ErrorAction Stop
            if ($Prefix) {
                Connect-ExchangeOnline -ShowBanner:$false -Prefix $Prefix -ErrorAction Stop
            }
            else {
                Connect-ExchangeOnline -ShowBanner:$false -ErrorAction Stop
            }
        } | Out-Null
    }
    catch {
        throw ('The session cannot be connected: {0} Nothing was changed.' -f $_.Exception.Message)
    }
}

# A session may have given its commands a prefix: Get-PREFIXSmimeConfig.
$usedPrefix = $Prefix
if (-not $Prefix -and $null -eq (Get-Command -Name 'Get-SmimeConfig' -ErrorAction SilentlyContinue)) {
    $found = @(Get-Command -Name 'Get-*SmimeConfig' -ListImported -ErrorAction SilentlyContinue)
    if ($found.Count -ne 1) {
        throw 'There is no Get-SmimeConfig: the session is not connected to Exchange Online, or was connected with a prefix (-Prefix). Nothing was changed.'
    }
    $usedPrefix = $found[0].Name.Substring(4, $found[0].Name.Length - 4 - 'SmimeConfig'.Length)
}
$getConfig = 'Get-' + $usedPrefix + 'SmimeConfig'
$setConfig = 'Set-' + $usedPrefix + 'SmimeConfig'
if ($usedPrefix) {
    # An alias of this script alone, also where it shows only what it would do.
    New-Alias -Name 'Get-SmimeConfig' -Value $getConfig -Scope Local -WhatIf:$false -Confirm:$false -ErrorAction Stop
    New-Alias -Name 'Set-SmimeConfig' -Value $setConfig -Scope Local -WhatIf:$false -Confirm:$false -ErrorAction Stop
}

try {
    $before = Invoke-SmimeReading -Reading { Read-SmimeValue }
}
catch {
    throw ('The value in use cannot be read: {0} Nothing was changed.' -f $_.Exception.Message)
}
if (Test-SmimeSame -Bytes $before -Hash $expectedHash -Thumbprints $expectedThumbprints) {
    Write-Output ('The collection is in use already (SHA-256 {0}). Nothing was changed.' -f (Get-SmimeFingerprint -Bytes $before))
    return
}
Assert-SmimeReplaceable -Bytes $before

# What is shown goes past the pipeline: a caller who takes the first lines only would end the script before it is done.
$tenant = Invoke-SmimeReading -Reading { Get-SmimeTenant }
$new = Read-SmimeStore -Bytes $store
$old = @{}
Write-Host $tenant
if ($before.Length -eq 0) {
    Write-Host 'The tenant has no collection.'
}
else {
    $old = Read-SmimeStore -Bytes $before
    if ($null -eq $old) {
        Write-Host ('The value in use is no store that can be read: {0} bytes, SHA-256 {1}.' -f $before.Length, (Get-SmimeFingerprint -Bytes $before))
        $old = @{}
    }
    else {
        Write-Host ('The value in use: {0} certificates, {1} bytes, SHA-256 {2}.' -f $old.Count, $before.Length, (Get-SmimeFingerprint -Bytes $before))
    }
}
$beforeHash = ''
if ($before.Length -gt 0) {
    $beforeHash = Get-SmimeFingerprint -Bytes $before
}
$beforeThumbprints = @($old.Keys)
Write-Host ('The new value: {0} certificates, {1} bytes, SHA-256 {2}.' -f $new.Count, $store.Length, $expectedHash)
foreach ($thumbprint in @($new.Keys | Where-Object { -not $old.ContainsKey($_) } | Sort-Object)) {
    Write-Host ('  added: {0} ({1})' -f $new[$thumbprint], $thumbprint)
}
foreach ($thumbprint in @($old.Keys | Where-Object { -not $new.ContainsKey($_) } | Sort-Object)) {
    Write-Host ('  removed: {0} ({1})' -f $old[$thumbprint], $thumbprint)
}
if ($before.Length -gt 0) {
    if ([System.IO.File]::Exists($SaveTo) -or [System.IO.Directory]::Exists($SaveTo)) {
        throw ('{0}, which the value in use is to be saved to, exists already. Nothing was changed.' -f $SaveTo)
    }
    Write-Host ('The value in use is saved to {0} first.' -f $SaveTo)
}

if (-not $PSCmdlet.ShouldProcess($tenant, 'Replace the virtual certificate collection')) {
    if ($WhatIfPreference) {
        Write-Output 'Nothing was changed.'
        return
    }
    throw 'Declined. Nothing was changed.'
}

# A question may stand for hours: what is replaced must be what was shown, and it is what is saved.
try {
    $now = Invoke-SmimeReading -Reading { Read-SmimeValue }
}
catch {
    throw ('The value in use cannot be read: {0} Nothing was changed.' -f $_.Exception.Message)
}
if (-not (Test-SmimeSame -Bytes $now -Hash $beforeHash -Thumbprints $beforeThumbprints)) {
    throw 'The value in use was changed by somebody else since it was shown. Nothing was changed by this script; run it again.'
}

$setName = $setConfig + ' -SMIMECertificateIssuingCA '
if ($now.Length -gt 0) {
    try {
        $file = New-Object -TypeName System.IO.FileStream -ArgumentList $SaveTo, ([System.IO.FileMode]::CreateNew), ([System.IO.FileAccess]::Write) -ErrorAction Stop
        try {
            $file.Write($now, 0, $now.Length)
            $file.Flush($true)
        }
        finally {
            $file.Dispose()
        }
        $saved = [System.IO.File]::ReadAllBytes($SaveTo)
    }
    catch {
        throw ('The value in use could not be saved to {0}: {1} Nothing was changed.' -f $SaveTo, $_.Exception.Message)
    }
    if ((Get-SmimeFingerprint -Bytes $saved) -cne (Get-SmimeFingerprint -Bytes $now)) {
        throw ('The value in use could not be saved to {0}: {1} Nothing was changed.' -f $SaveTo, 'what was written is not what is read.')
    }
    $rollback = $setName + '([System.IO.File]::ReadAllBytes(''' + [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($SaveTo) + '''))'
    Write-Host ('The value in use was saved to {0} (SHA-256 {1}).' -f $SaveTo, (Get-SmimeFingerprint -Bytes $now))
}
else {
    $rollback = $setName + '$null'
}
$goBack = 'To go back, after Connect-ExchangeOnline:'
Write-Host $goBack
Write-Host "  $rollback"
$wayBack = [System.Environment]::NewLine + $goBack + [System.Environment]::NewLine + '  ' + $rollback

# The very octets that were compared, not the file read again. It was asked already.
$failure = ''
try {
    Set-SmimeConfig -SMIMECertificateIssuingCA $store -WhatIf:$false -Confirm:$false -ErrorAction Stop | Out-Null
}
catch {
    $failure = 'Set-SmimeConfig reported an error: {0} ' -f $_.Exception.Message
}

# The service may answer with the old value for a while, or not at all: one answer decides nothing but that the new value is there.
$after = $null
$reading = ''
$clock = [System.Diagnostics.Stopwatch]::StartNew()
while ($true) {
    try {
        $after = Invoke-SmimeReading -Reading { Read-SmimeValue }
        $reading = ''
        if (Test-SmimeSame -Bytes $after -Hash $expectedHash -Thumbprints $expectedThumbprints) {
            break
        }
    }
    catch {
        $reading = $_.Exception.Message
    }
    if ($clock.Elapsed.TotalSeconds -ge $WaitSeconds) {
        break
    }
    Start-Sleep -Seconds 5 -ErrorAction Stop
}

if ($null -eq $after -or $reading -ne '') {
    throw ($failure + ('The upload was made, but the value cannot be read back: {0} Look at it before you go back.' -f $reading) + $wayBack)
}
if (-not (Test-SmimeSame -Bytes $after -Hash $expectedHash -Thumbprints $expectedThumbprints)) {
    if (Test-SmimeSame -Bytes $after -Hash $beforeHash -Thumbprints $beforeThumbprints) {
        throw ($failure + ('The value read back is the old one for {0} seconds: it was not changed, or is not shown yet. Do not go back; read it again later with {1}.' -f $WaitSeconds, $getConfig) + $wayBack)
    }
    if ($after.Length -eq 0) {
        throw ($failure + 'The value read back is empty: the tenant has no collection now.' + $wayBack)
    }
    throw ($failure + ('The value read back is neither the old nor the new one: {0} bytes, SHA-256 {1}.' -f $after.Length, (Get-SmimeFingerprint -Bytes $after)) + $wayBack)
}
if ($failure -ne '') {
    throw ($failure + 'All the same the value read back is the new collection.' + $wayBack)
}
Write-Output ('Uploaded and read back: {0} certificates, {1} bytes, SHA-256 {2}.' -f @($expectedThumbprints | Sort-Object -Unique).Count, $after.Length, (Get-SmimeFingerprint -Bytes $after))
if ($now.Length -gt 0) {
    Write-Output ('The value in use before was saved to {0} (SHA-256 {1}).' -f $SaveTo, (Get-SmimeFingerprint -Bytes $now))
}
Write-Output $goBack
Write-Output "  $rollback"
Write-Output 'Outlook on the web reads settings again after about an hour, or when users sign in anew.'
}
}
finally {
    if ($MyInvocation.InvocationName -eq '.') {
        Remove-Variable -Name 'Path', 'SaveTo', 'Replace', 'Connected', 'Prefix', 'WaitSeconds' -WhatIf:$false -Confirm:$false -ErrorAction SilentlyContinue
    }
}
