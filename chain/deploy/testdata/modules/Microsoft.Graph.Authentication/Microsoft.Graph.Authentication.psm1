# Stands in for the module of that name, with a small Intune behind it: a list of objects
# in the file "objects", which it pages, creates, reads by id and assigns.
. (Join-Path -Path (Split-Path -Parent -Path $PSScriptRoot) -ChildPath 'ExchangeOnlineManagement/stub.ps1')

function Connect-MgGraph {
    [CmdletBinding()] param([string[]] $Scopes)
    Write-StubLog -Name 'Connect-MgGraph'
    if ((Get-StubSetting -Name 'connect') -eq 'writeerror') {
        Write-Error -Message 'stub: sign-in failed'
        return
    }
    return 'Welcome To Microsoft Graph!'
}

function Get-MgContext {
    [CmdletBinding()] param()
    return [pscustomobject] @{ Account = 'admin@tenant.example'; TenantId = '00000000-0000-0000-0000-000000000001' }
}

# Hash tables, as the real command gives them.
function ConvertTo-StubTable {
    param($Value)
    if ($Value -is [System.Management.Automation.PSCustomObject]) {
        $table = @{}
        foreach ($property in $Value.PSObject.Properties) {
            $table[$property.Name] = ConvertTo-StubTable -Value $property.Value
        }
        return $table
    }
    if ($Value -is [array]) {
        return , [object[]] @($Value | ForEach-Object { ConvertTo-StubTable -Value $_ })
    }
    return $Value
}

function Invoke-MgGraphRequest {
    [CmdletBinding()]
    param([string] $Method = 'GET', [string] $Uri, $Body, [string] $ContentType, [string] $OutputType)
    $n = Step-StubCount -Name 'graph'
    $uriPath = ([uri] $Uri).AbsolutePath
    Write-StubLog -Name ('{0} {1}' -f $Method, $uriPath.Substring($uriPath.IndexOf('/deviceManagement/') + 18))
    if (@(Get-StubSetting -Name 'failAt') -contains $n) {
        throw 'Response status code does not indicate success: 503 (stub).'
    }
    $file = Join-Path -Path $env:STUB_STATE -ChildPath 'objects'
    $objects = @()
    if (Test-Path -LiteralPath $file) {
        $read = ConvertFrom-Json -InputObject ([System.IO.File]::ReadAllText($file))
        $objects = @($read | ForEach-Object { $_ })
    }
    $parts = @($uriPath.Split('/'))
    $last = $parts[-1]
    $result = $null
    if ($Method -eq 'GET' -and ($last -eq 'deviceConfigurations' -or $last -eq 'userPfxCertificates')) {
        $size = 3
        $skip = 0
        if (([uri] $Uri).Query -match 'skip=(\d+)') {
            $skip = [int] $Matches[1]
        }
        $page = [pscustomobject] @{ value = @($objects | Select-Object -Skip $skip -First $size | Select-Object -Property 'id', 'displayName', 'userPrincipalName', 'thumbprint', 'intendedPurpose') }
        if ($skip + $size -lt $objects.Count) {
            $page | Add-Member -MemberType NoteProperty -Name '@odata.nextLink' -Value ('https://graph.microsoft.com' + $uriPath + '?skip=' + ($skip + $size))
        }
        $result = $page
    }
    elseif ($Method -eq 'GET' -and $last -eq 'assignments') {
        $object = @($objects | Where-Object { $_.id -eq $parts[-2] })[0]
        $result = [pscustomobject] @{ value = @($object.assignments) }
    }
    elseif ($Method -eq 'GET') {
        $result = @($objects | Where-Object { $_.id -eq $last })[0]
        if ($null -eq $result) {
            throw 'Response status code does not indicate success: 404 (Not Found).'
        }
    }
    elseif ($last -eq 'assign') {
        $sent = (ConvertFrom-Json -InputObject $Body).assignments
        if ($sent -isnot [array]) {
            throw 'Response status code does not indicate success: 400 (assignments is no collection).'
        }
        foreach ($object in $objects) {
            if ($object.id -eq $parts[-2]) {
                $object.assignments = $sent
            }
        }
    }
    else {
        $result = ConvertFrom-Json -InputObject $Body
        $result | Add-Member -MemberType NoteProperty -Name 'id' -Value ([guid]::NewGuid().ToString())
        $result | Add-Member -MemberType NoteProperty -Name 'assignments' -Value @()
        $objects += $result
        if ((Get-StubSetting -Name 'answer') -eq 'none') {
            $result = $null
        }
    }
    if ($Method -eq 'POST') {
        [System.IO.File]::WriteAllText($file, (ConvertTo-Json -InputObject @($objects) -Depth 10))
        if (@(Get-StubSetting -Name 'lateFailAt') -contains $n) {
            throw 'Response status code does not indicate success: 504 (Gateway Timeout).'
        }
    }
    if ($null -ne $result) {
        return ConvertTo-StubTable -Value $result
    }
}
Export-ModuleMember -Function 'Connect-MgGraph', 'Get-MgContext', 'Invoke-MgGraphRequest'
