# The commands that a session brings.
. (Join-Path -Path $PSScriptRoot -ChildPath 'stub.ps1')

function Get-OrganizationConfig {
    [CmdletBinding()] param()
    return [pscustomobject] @{ Name = 'tenant.example'; DisplayName = 'Tenant' }
}

function Get-SmimeConfig {
    [CmdletBinding()] param()
    $n = Step-StubCount -Name 'get'
    Write-StubLog -Name 'Get-SmimeConfig'
    if (@(Get-StubSetting -Name 'getErrorAt') -contains $n) {
        Write-Error -Message 'stub: cannot read'
        return
    }
    $file = Join-Path -Path $env:STUB_STATE -ChildPath 'value'
    # Another administrator is at work: the n-th read and those behind it see another value.
    if ((Get-StubSetting -Name 'changesAt') -eq $n) {
        [System.IO.File]::Copy((Join-Path -Path $env:STUB_STATE -ChildPath 'other'), $file, $true)
    }
    # The service answers late: so many reads behind Set see the old value.
    $late = Join-Path -Path $env:STUB_STATE -ChildPath 'late'
    if ((Test-Path -LiteralPath $late) -and (Step-StubCount -Name 'late') -le [int] (Get-StubSetting -Name 'late')) {
        $file = $late
    }
    $value = $null
    if ((Test-Path -LiteralPath $file) -and (Get-Item -LiteralPath $file).Length -gt 0) {
        $value = [System.IO.File]::ReadAllBytes($file)
    }
    switch (Get-StubSetting -Name 'getType') {
        'noobject' { return }
        'noproperty' { return [pscustomobject] @{ Name = 'Smime Configuration' } }
        'base64' { if ($null -ne $value) { $value = [System.Convert]::ToBase64String($value) } }
        'numbers' { if ($null -ne $value) { $value = [object[]] @($value | ForEach-Object { [int] $_ }) } }
        'typename' { $value = 'System.Byte[]' }
        'nested' { if ($null -ne $value) { $value = @([System.Convert]::ToBase64String($value)) } }
        'two' { [pscustomobject] @{ SMIMECertificateIssuingCA = $value } }
    }
    return [pscustomobject] @{ Name = 'Smime Configuration'; SMIMECertificateIssuingCA = $value }
}

function Set-SmimeConfig {
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'Medium', PositionalBinding = $false)]
    param([byte[]] $SMIMECertificateIssuingCA)
    if (-not $PSCmdlet.ShouldProcess('Smime Configuration', 'Set-SmimeConfig')) {
        Write-StubLog -Name 'Set-SmimeConfig not done'
        return
    }
    Write-StubLog -Name 'Set-SmimeConfig'
    $mode = Get-StubSetting -Name 'setMode'
    switch ($mode) {
        'throw' { throw 'stub: set failed' }
        'writeerror' { Write-Error -Message 'stub: set failed'; return }
        'nothing' { return }
    }
    $file = Join-Path -Path $env:STUB_STATE -ChildPath 'value'
    if ($null -ne (Get-StubSetting -Name 'late')) {
        $late = Join-Path -Path $env:STUB_STATE -ChildPath 'late'
        if (Test-Path -LiteralPath $file) {
            [System.IO.File]::Copy($file, $late, $true)
        }
        else {
            [System.IO.File]::WriteAllBytes($late, [byte[]]::new(0))
        }
    }
    switch ($mode) {
        'clear' { $SMIMECertificateIssuingCA = $null }
        'truncate' { $SMIMECertificateIssuingCA = [byte[]] $SMIMECertificateIssuingCA[0..99] }
        'anew' { $SMIMECertificateIssuingCA = [System.IO.File]::ReadAllBytes((Join-Path -Path $env:STUB_STATE -ChildPath 'anew')) }
        'other' { $SMIMECertificateIssuingCA = [System.IO.File]::ReadAllBytes((Join-Path -Path $env:STUB_STATE -ChildPath 'other')) }
    }
    if ($null -eq $SMIMECertificateIssuingCA -or $SMIMECertificateIssuingCA.Length -eq 0) {
        [System.IO.File]::Delete($file)
    }
    else {
        [System.IO.File]::WriteAllBytes($file, $SMIMECertificateIssuingCA)
    }
    if ($mode -eq 'error-but-done') {
        Write-Error -Message 'stub: an error behind the change'
    }
}
Export-ModuleMember -Function 'Get-OrganizationConfig', 'Get-SmimeConfig', 'Set-SmimeConfig'
