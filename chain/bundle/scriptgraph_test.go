package bundle_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestScriptGraph holds what is seen of commands that write to Microsoft Graph: version,
// list and types that only beta has.
func TestScriptGraph(t *testing.T) {
	const (
		ios  = "@{ '@odata.type' = '#microsoft.graph.iosTrustedRootCertificate'; trustedRootCertificate = $c }"
		list = "deviceManagement/deviceConfigurations"
	)
	v1 := "v1.0 deviceConfigurations iosTrustedRootCertificate"
	for text, want := range map[string]string{
		"$b = " + ios + " | ConvertTo-Json\nInvoke-MgGraphRequest -Method POST -Uri 'https://graph.microsoft.com/v1.0/" + list + "' -Body $b":                                              v1,
		"Invoke-MgGraphRequest POST v1.0/" + list + " (" + ios + " | ConvertTo-Json -Depth 5)":                                                                                             v1,
		ios + " | ConvertTo-Json | Invoke-MgGraphRequest -Method Post -Uri /v1.0/" + list:                                                                                                  v1,
		"$v = 'v1.0'\n$r = '" + list + "'\n$u = \"https://graph.microsoft.com/$v/$($r)\"\nirm -Me post -Ur $u -Headers $h -Bod (" + ios + " | ConvertTo-Json)":                             v1,
		"$u = 'https://graph.microsoft.com/{0}/{1}' -f 'v1.0', '" + list + "'\nInvoke-RestMethod $u -Method 'POST' -Body (ConvertTo-Json " + ios + ")":                                     v1,
		"$u = $root + 'v1.0/" + list + "'\n$root = 1\nInvoke-MgGraphRequest -Method POST -Uri $u -Body " + ios:                                                                             " iosTrustedRootCertificate",
		"$u = 'https://graph.microsoft.com/' + 'v1.0/' + '" + list + "'\nInvoke-MgGraphRequest -Method POST -Uri $u -Body " + ios:                                                          v1,
		"$p = @{ Method = 'POST'; Uri = 'https://graph.microsoft.com/v1.0/" + list + "'; Body = " + ios + " }\nInvoke-MgGraphRequest @p":                                                   v1,
		"$j = @'\n{ \"@odata.type\": \"#microsoft.graph.iosTrustedRootCertificate\" }\n'@\nInvoke-WebRequest -Uri \"https://graph.microsoft.com/v1.0/" + list + "\" -Method POST -Body $j": v1,
		"$b = @{}\n$b['@odata.type'] = '#microsoft.graph.iosTrustedRootCertificate'\nInvoke-MgGraphRequest -Method PATCH -Uri 'v1.0/" + list + "/1' -Body $b":                              v1,
		"New-MgDeviceManagementDeviceConfiguration -BodyParameter " + ios:                                                                                                                  v1,
		"New-MgDeviceManagementDeviceConfiguration -DisplayName x -AdditionalProperties " + ios:                                                                                            v1,
		"$params = " + ios + "\nUpdate-MgDeviceManagementDeviceConfiguration -DeviceConfigurationId $id -BodyParameter $params":                                                            v1,
		"Microsoft.Graph.DeviceManagement\\New-MgDeviceManagementDeviceConfiguration -Body " + ios:                                                                                         v1,
		"Invoke-MgGraphRequest -Method POST -Uri 'https://graph.microsoft.com/v1.0/deviceManagement/userPfxCertificates' -Body $json":                                                      "v1.0 userPfxCertificates userPFXCertificate",
		"foreach ($os in 'ios', 'macOS') { Invoke-MgGraphRequest -Method POST -Uri v1.0/" + list + " -Body @{ '@odata.type' = \"#microsoft.graph.${os}TrustedRootCertificate\" } }":        "v1.0 deviceConfigurations …TrustedRootCertificate",
		"Invoke-MSGraphRequest -HttpMethod POST -Url " + list + " -Content (" + ios + " | ConvertTo-Json)":                                                                                 v1,

		"Invoke-MgGraphRequest -Method POST -Uri beta/" + list + " -Body " + ios:                                                                                           "beta deviceConfigurations iosTrustedRootCertificate",
		"New-MgBetaDeviceManagementDeviceConfiguration -BodyParameter " + ios:                                                                                              "beta deviceConfigurations iosTrustedRootCertificate",
		"Select-MgProfile -Name beta\nNew-MgDeviceManagementDeviceConfiguration -BodyParameter " + ios:                                                                     "beta deviceConfigurations iosTrustedRootCertificate",
		"Update-MSGraphEnvironment -SchemaVersion 'beta'\nInvoke-MSGraphRequest -HttpMethod POST -Url " + list + " -Content $x":                                            "beta deviceConfigurations",
		"Invoke-MgGraphRequest -Method GET -Uri \"v1.0/" + list + "?`$filter=isof('microsoft.graph.iosTrustedRootCertificate')\"":                                          "none",
		"Invoke-MgGraphRequest -Method $m -Uri v1.0/" + list + " -Body " + ios:                                                                                             "none",
		"$u = 'v1.0/x'\nif ($new) { $u = 'beta/" + list + "' }\nInvoke-MgGraphRequest -Method POST -Uri $u -Body " + ios:                                                   " iosTrustedRootCertificate",
		"$b = " + ios + "\n$b = @{ '@odata.type' = '#microsoft.graph.iosGeneralDeviceConfiguration' }\nInvoke-MgGraphRequest -Method POST -Uri v1.0/" + list + " -Body $b": "v1.0 deviceConfigurations",
		"Invoke-MgGraphRequest -Method POST -Uri v1.0/deviceAppManagement/mobileAppConfigurations -Body @{ '@odata.type' = '#microsoft.graph.iosMobileAppConfiguration' }": "v1.0 mobileAppConfigurations",
		"Invoke-RestMethod -Method POST -Uri https://example.com/v2/upload -Body $b":                                                                                       "none",
	} {
		f, err := bundle.Parse("x.ps1", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		got := "none"
		for _, g := range f.Script.Graph {
			got = strings.TrimRight(g.Version+" "+g.List, " ")
			if len(g.BetaTypes) > 0 {
				got += " " + strings.Join(g.BetaTypes, " ")
			}
		}
		if got != want {
			t.Errorf("%s\ngives %q, want %q", text, got, want)
		}
		if want != "none" && !f.Script.ForIntune() && strings.Contains(want, " ") {
			t.Errorf("%s\nis not for Intune", text)
		}
	}
}

// TestScriptServices holds whom a script is for.
func TestScriptServices(t *testing.T) {
	for text, want := range map[string][]bool{
		"Set-SmimeConfig -OWAAlwaysSign $true":                            {true, false},
		"Get-Service":                                                     {true, false},
		"Import-IntuneUserPfxCertificate -CertificateList $c":             {false, true},
		"Connect-ExchangeOnline\nGet-IntuneUserPfxCertificate":            {true, true},
		"New-MgBetaDeviceManagementDeviceConfiguration -BodyParameter $p": {false, true},
	} {
		f, err := bundle.Parse("x.ps1", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := []bool{f.Script.ForExchange(), f.Script.ForIntune()}; !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

// TestScriptGraphBounds holds that values which stand for each other take no long time.
func TestScriptGraphBounds(t *testing.T) {
	outside.SkipUnderRace(t)
	post := "Invoke-MgGraphRequest -Method POST -Uri \"$a/$a\" -Body $b\n"
	for name, text := range map[string]string{
		"doubled":     "$a = \"$a$a$a$a$a$a$a$a\"\n$b = \"$a$a$a$a\"\n" + strings.Repeat("$a = \"$a$a$a$a$a$a$a$a\"\n", 30) + post,
		"many":        strings.Repeat("{ $a = 'v1.0' }\n"+post, 8000),
		"many others": strings.Repeat("$m = 'GET'; Invoke-MgGraphRequest -Method $m $a\n", 15000),
		"large body":  "$b = @{" + strings.Repeat("a = 'microsoft.graph.x'; ", 20000) + "}\n" + strings.Repeat(post, 5000),
		"members":     strings.Repeat("$b.x = $b\n", 20000) + strings.Repeat(post, 2000),
		"choosers":    strings.Repeat("Select-MgProfile $x\nNew-MgDeviceManagementDeviceConfiguration -Body $b\n", 9000),
	} {
		start := time.Now()
		if _, err := bundle.Parse("x.ps1", []byte(text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s: %s", name, took)
		} else {
			t.Logf("%s: %s", name, took)
		}
	}
}
