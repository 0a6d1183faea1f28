# What both stub modules share. The state is a folder: config.json says how to behave,
# value is the collection of the tenant, log holds a line for each call.
function Get-StubSetting {
    param([string] $Name)
    $config = Get-Content -Raw -LiteralPath (Join-Path -Path $env:STUB_STATE -ChildPath 'config.json') | ConvertFrom-Json
    $property = $config.PSObject.Properties[$Name]
    if ($null -eq $property) {
        return $null
    }
    return $property.Value
}

function Write-StubLog {
    param([string] $Name)
    $line = $Name
    if ($WhatIfPreference) {
        $line += ' WhatIf'
    }
    [System.IO.File]::AppendAllText((Join-Path -Path $env:STUB_STATE -ChildPath 'log'), $line + "`n")
}

# Counts calls of a name, from 1.
function Step-StubCount {
    param([string] $Name)
    $file = Join-Path -Path $env:STUB_STATE -ChildPath ('count-' + $Name)
    $n = 1
    if (Test-Path -LiteralPath $file) {
        $n += [int] [System.IO.File]::ReadAllText($file)
    }
    [System.IO.File]::WriteAllText($file, "$n")
    return $n
}
