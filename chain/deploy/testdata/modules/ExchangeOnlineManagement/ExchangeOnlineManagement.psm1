# Stands in for the module of that name: it records, and as the real one does it imports
# the commands of a session from another module when it connects.
. (Join-Path -Path $PSScriptRoot -ChildPath 'stub.ps1')

function Connect-ExchangeOnline {
    [CmdletBinding(PositionalBinding = $false)]
    param([string] $UserPrincipalName, [string] $Prefix, [switch] $ShowBanner)
    Write-StubLog -Name 'Connect-ExchangeOnline'
    switch (Get-StubSetting -Name 'connect') {
        'writeerror' { Write-Error -Message 'stub: sign-in failed'; return }
        'throw' { throw 'stub: sign-in failed' }
    }
    $arguments = @{ Name = (Join-Path -Path $PSScriptRoot -ChildPath 'session.psm1'); Global = $true; Force = $true; DisableNameChecking = $true }
    if ($Prefix) {
        $arguments.Prefix = $Prefix
    }
    Import-Module @arguments
}
Export-ModuleMember -Function 'Connect-ExchangeOnline'
