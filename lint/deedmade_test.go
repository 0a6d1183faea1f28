package lint_test

import (
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
)

// TestUploadsWhatItMakes holds what is said of a script that uploads a file which it makes
// itself: a form that is no store is a fault, what may be one or was not seen leaves open
// whether it works.
func TestUploadsWhatItMakes(t *testing.T) {
	const read = "\nSet-SmimeConfig -SMIMECertificateIssuingCA ([IO.File]::ReadAllBytes('C:\\w\\a.sst'))"
	const certs = `dir Cert:\LocalMachine\CA | Export-Certificate -FilePath C:\w\a.sst`
	const one = `dir Cert:\LocalMachine\CA\ABC | Export-Certificate -FilePath C:\w\a.sst`
	const p7b = certs + " -Type P7B"
	const update = `certutil -generateSSTFromWU C:\w\a.sst`
	const works, fails, unknown = lint.Works, lint.Fails, lint.Unknown
	fault := func(by string) string {
		return "line 2: the file that is uploaded was written in line 1 with " + by + ", which makes no store; Exchange Online takes SST"
	}
	maybe := func(line int, by string) string {
		return fmt.Sprintf("unknown nothing_to_check: line %d: whether a store is uploaded is not known: in line 1 %s may write another form to the file", line, by)
	}
	const unseen = "unknown nothing_to_check: line 2: what is uploaded was not seen: certutil -generateSSTFromWU makes it in line 1"
	for _, tt := range []struct {
		name, text string
		status     lint.VerdictStatus
		says       string // the finding, or the answer where it is unknown
	}{
		{"nothing written", read, works, ""},
		{"P7B", p7b + read, fails, fault("Export-Certificate -Type P7B")},
		{"CERT", certs + " -Type:cert" + read, fails, fault("Export-Certificate -Type CERT")},
		{"abbreviated", "dir Cert:\\LocalMachine\\CA | Export-Certificate -File C:\\w\\a.sst -Ty P7B" + read, fails, fault("Export-Certificate -Type P7B")},
		{"SST", certs + " -Type SST" + read, works, ""},
		{"a type that is not known", certs + " -Type $args[0]" + read, works, ""},
		{"one certificate without a type", one + read, fails, fault("Export-Certificate")},
		{"one certificate as a parameter", "Export-Certificate -Cert (Get-Item Cert:/CurrentUser/My/ABC) -FilePath C:\\w\\a.sst" + read, fails, fault("Export-Certificate")},
		{"any number without a type", certs + read, unknown, maybe(2, "Export-Certificate")},
		{"those with a pattern", `dir Cert:\LocalMachine\CA\A* | Export-Certificate -FilePath C:\w\a.sst` + read, unknown, maybe(2, "Export-Certificate")},
		{"splatted", "$p = @{ Type = 'P7B'; FilePath = 'C:\\w\\a.sst' }; dir Cert:\\LocalMachine\\CA | Export-Certificate @p" + read, fails, fault("Export-Certificate -Type P7B")},
		{"PFX", `Export-PfxCertificate -Cert $args[0] -FilePath C:\w\a.sst` + read, fails, fault("Export-PfxCertificate")},
		{"Base64", `certutil -f -encode C:\w\b.sst C:\w\a.sst` + read, fails, fault("certutil -encode")},
		{"from Base64", `certutil -decode C:\w\b.txt C:\w\a.sst` + read, works, ""},
		{"a copy of PKCS #7", `Copy-Item C:\w\cas.p7b C:\w\a.sst` + read, fails, fault("Copy-Item")},
		{"a copy of a store", `Copy-Item C:\w\cas.sst C:\w\a.sst` + read, works, ""},
		{"Windows Update", update + read, unknown, unseen},
		{"Windows Update, with another path", `certutil -generateSSTFromWU C:\w\b.sst` + read, works, ""},

		{"PKCS #12 of .NET", "[IO.File]::WriteAllBytes('C:\\w\\a.sst', $args[0].Export('Pkcs12'))" + read, fails, fault("Export(Pkcs12)")},
		{"PKCS #7 of .NET", "[System.IO.File]::WriteAllBytes('C:\\w\\a.sst', $args[0].Export([Security.Cryptography.X509Certificates.X509ContentType]::Pkcs7))" + read, fails, fault("Export(Pkcs7)")},
		{"one certificate of .NET", "$b = $args[0].RawData; [IO.File]::WriteAllBytes('C:\\w\\a.sst', $b)" + read, fails, fault("RawData")},
		{"a store of .NET", "[IO.File]::WriteAllBytes('C:\\w\\a.sst', $args[0].Export('SerializedStore'))" + read, works, ""},
		{"octets that are not known", "[IO.File]::WriteAllBytes('C:\\w\\a.sst', $args[0])" + read, works, ""},
		{"with Set-Content", "Set-Content C:\\w\\a.sst -AsByteStream -Value $args[0].RawData" + read, fails, fault("RawData")},
		{"piped to Set-Content", "$args[0].Export('Pfx') | Set-Content -Path C:\\w\\a.sst -Encoding Byte" + read, fails, fault("Export(Pfx)")},
		{"read with Get-Content", p7b + "\nSet-SmimeConfig -SMIMECertificateIssuingCA (Get-Content C:\\w\\a.sst -Encoding Byte)", fails, fault("Export-Certificate -Type P7B")},

		{"in another case, with other slashes", `dir Cert:\LocalMachine\CA | Export-Certificate -Type P7B -FilePath c:/W/A.sst` + read, fails, fault("Export-Certificate -Type P7B")},
		{"another path", `dir Cert:\LocalMachine\CA | Export-Certificate -Type P7B -FilePath C:\w\b.p7b` + read, works, ""},
		{"a variable", "$f = 'C:\\w\\a.sst'; dir Cert:\\LocalMachine\\CA | Export-Certificate -Type P7B -FilePath $f\nSet-SmimeConfig -SMIMECertificateIssuingCA ([IO.File]::ReadAllBytes($f))", fails, fault("Export-Certificate -Type P7B")},
		{"in text", "$d = 'C:\\w'; dir Cert:\\LocalMachine\\CA | Export-Certificate -Type P7B -FilePath \"$d\\a.sst\"" + read, fails, fault("Export-Certificate -Type P7B")},
		{"joined", "$f = Join-Path $PSScriptRoot 'a.sst'; dir Cert:\\LocalMachine\\CA | Export-Certificate -Type P7B -FilePath $f\nSet-SmimeConfig -SMIMECertificateIssuingCA ([IO.File]::ReadAllBytes(\"$PSScriptRoot\\a.sst\"))", fails, fault("Export-Certificate -Type P7B")},
		{"resolved", "dir Cert:\\LocalMachine\\CA | Export-Certificate -Type P7B -FilePath .\\a.sst\nSet-SmimeConfig -SMIMECertificateIssuingCA ([IO.File]::ReadAllBytes((Resolve-Path .\\a.sst).ProviderPath))", fails, fault("Export-Certificate -Type P7B")},
		{"the same name in two folders", "$f = Join-Path $env:TEMP 'a.sst'; dir Cert:\\LocalMachine\\CA | Export-Certificate -Type P7B -FilePath $f\nSet-SmimeConfig -SMIMECertificateIssuingCA ([IO.File]::ReadAllBytes((Join-Path $PSScriptRoot 'a.sst')))", works, ""},
		{"a parameter of the script", "param($f); dir Cert:\\LocalMachine\\CA | Export-Certificate -Type P7B -FilePath $f\nSet-SmimeConfig -SMIMECertificateIssuingCA ([IO.File]::ReadAllBytes($f))", fails, fault("Export-Certificate -Type P7B")},
		{"parameters of two functions", "function A($f) { " + `dir Cert:\LocalMachine\CA | Export-Certificate -Type P7B -FilePath $f` + " }\nfunction B($f) { Set-SmimeConfig -SMIMECertificateIssuingCA ([IO.File]::ReadAllBytes($f)) }\nA a.p7b; B a.sst", works, ""},
		{"assigned twice", "$f = 'C:\\w\\a.p7b'; dir Cert:\\LocalMachine\\CA | Export-Certificate -Type P7B -FilePath $f; $f = 'C:\\w\\a.sst'\nSet-SmimeConfig -SMIMECertificateIssuingCA ([IO.File]::ReadAllBytes($f))", works, ""},

		{"written anew as a store", p7b + "; " + certs + " -Type SST" + read, works, ""},
		{"written anew by another", p7b + "; & smimechain pack -o C:\\w\\a.sst C:\\w" + read, works, ""},
		{"downloaded anew", p7b + "; (New-Object Net.WebClient).DownloadFile($args[0], 'C:\\w\\a.sst')" + read, works, ""},
		{"written anew by redirection", p7b + "; & tool > C:\\w\\a.sst" + read, works, ""},
		{"looked at between", p7b + "; Test-Path C:\\w\\a.sst; Write-Host C:\\w\\a.sst; [IO.File]::Exists('C:\\w\\a.sst')" + read, fails, fault("Export-Certificate -Type P7B")},
		{"a store first", certs + " -Type SST; " + p7b + read, fails, fault("Export-Certificate -Type P7B")},
		{"written behind", read + "; " + p7b, works, ""},
		{"with -WhatIf", p7b + " -WhatIf" + read, works, ""},
		{"never reached", "if ($false) { " + p7b + " }" + read, works, ""},
		{"in a branch", "if (-not (Test-Path C:\\w\\a.sst)) { " + p7b + " }" + read, unknown, maybe(2, "Export-Certificate -Type P7B")},
		{"in the branch that uploads", "if ($args) { " + p7b + read + " }", fails, fault("Export-Certificate -Type P7B")},
		{"when something failed", "try { Get-Date } catch { " + p7b + " }" + read, unknown, maybe(2, "Export-Certificate -Type P7B")},
		{"tried", "try { " + p7b + " } catch { exit 1 }" + read, fails, fault("Export-Certificate -Type P7B")},
		{"in a loop", "foreach ($c in $args) { Export-Certificate -Cert $c -Type CERT -FilePath C:\\w\\a.sst }" + read, fails, fault("Export-Certificate -Type CERT")},
		{"in a function", "function A { " + p7b + " }; A" + read, fails, fault("Export-Certificate -Type P7B")},
		{"read into a variable", p7b + "; $b = [IO.File]::ReadAllBytes('C:\\w\\a.sst')\nSet-SmimeConfig -SMIMECertificateIssuingCA $b", fails, fault("Export-Certificate -Type P7B")},
		{"splatted to the cmdlet", p7b + "; $b = @{\nSMIMECertificateIssuingCA = [IO.File]::ReadAllBytes('C:\\w\\a.sst') }; Set-SmimeConfig @b", fails, fault("Export-Certificate -Type P7B")},
		{"handed to another PowerShell", "powershell -Command '" + `dir Cert:\LocalMachine\CA | Export-Certificate -Type P7B -FilePath C:\w\a.sst` + "\nSet-SmimeConfig -SMIMECertificateIssuingCA ([IO.File]::ReadAllBytes(\"C:\\w\\a.sst\"))'", fails, fault("Export-Certificate -Type P7B")},
	} {
		files := append(scriptFile(t, tt.text), loose(root())...)
		opts := lint.Options{Time: today, ZLint: []string{"none"}, Targets: []lint.Target{lint.ExchangeOnline}}
		answer := seen(t, "taken", files[0].Name, files, opts)
		got, says := run(t, files, &opts), ""
		for _, f := range got.Findings {
			if f.Rule == "e_script_not_a_store" {
				says += f.Message.String()
			}
		}
		if tt.status == unknown {
			says += answer
		}
		status := got.Verdict(lint.ExchangeOnline).Status
		if status == unknown && strings.HasPrefix(answer, "met ") { // the loose root leaves more open
			status = works
		}
		if status != tt.status || says != tt.says {
			t.Errorf("%s: %s, %q, want %s, %q", tt.name, status, says, tt.status, tt.says)
		}
	}
}

// TestUploadsWhatIsGiven holds what is said of a script that uploads a file which is given
// beside it: the file is a store as it stands, or the upload fails.
func TestUploadsWhatIsGiven(t *testing.T) {
	binary, err := elements([]*signer{root(), issuing()}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	file := func(name string, data []byte) *bundle.File {
		t.Helper()
		f, err := bundle.Parse(name, data)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	asPEM := slices.Concat(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root().Raw}), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: issuing().Raw}))
	text := []byte(base64.StdEncoding.EncodeToString(binary))
	const upload, within = "Set-SmimeConfig -SMIMECertificateIssuingCA ", "a.sst is uploaded, and the file of that name is a store within text; Exchange Online takes SST"
	const of = "a.sst is uploaded, and the file of that name is of format pem; Exchange Online takes SST"
	for _, tt := range []struct {
		name, script string
		given        []*bundle.File
		want         string
	}{
		{"a store", upload + `([IO.File]::ReadAllBytes('C:\w\a.sst'))`, []*bundle.File{file("a.sst", binary)}, ""},
		{"a store in another folder", upload + `([IO.File]::ReadAllBytes('C:\w\a.sst'))`, []*bundle.File{file("C:\\u\\A.SST", binary)}, ""},
		{"PEM", upload + `([IO.File]::ReadAllBytes('C:\w\a.sst'))`, []*bundle.File{file("a.sst", asPEM)}, "line 1: " + of},
		{"PEM of another name", upload + `([IO.File]::ReadAllBytes('C:\w\a.sst'))`, []*bundle.File{file("b.sst", asPEM)}, ""},
		{"one of each", upload + `([IO.File]::ReadAllBytes('C:\w\a.sst'))`, []*bundle.File{file("u/a.sst", asPEM), file("w/a.sst", binary)}, ""},
		{"base64", upload + `([IO.File]::ReadAllBytes('C:\w\a.sst'))`, []*bundle.File{file("w/A.sst", text)}, "line 1: " + within},
		{"in a variable", `$b = [IO.File]::ReadAllBytes("$PSScriptRoot\a.sst")` + "\n" + upload + "$b", []*bundle.File{file("a.sst", text)}, "line 2: " + within},
		{"joined", `$p = Join-Path -Path C:\w -ChildPath a.sst` + "\n" + upload + "([IO.File]::ReadAllBytes($p))", []*bundle.File{file("a.sst", text)}, "line 2: " + within},
		{"joined within", upload + `(Get-Content (Join-Path $PSScriptRoot 'a.sst') -AsByteStream -Raw)`, []*bundle.File{file("a.sst", text)}, "line 1: " + within},
		{"put together", `$n = 'a'` + "\n" + upload + `(Get-Content -LiteralPath "C:/$n.sst" -Encoding Byte)`, []*bundle.File{file("a.sst", text)}, "line 2: " + within},
		{"named by who runs it", "param($n)\n" + upload + `([IO.File]::ReadAllBytes("C:\$n.sst"))`, []*bundle.File{file("a.sst", text)}, ""},
		{"any", upload + `(Get-Content C:\w\*.sst -AsByteStream)`, []*bundle.File{file("a.sst", text)}, ""},
		{"made by the script", `dir Cert:\LocalMachine\CA | Export-Certificate -Type SST -FilePath C:\w\a.sst` + "\n" + upload + `([IO.File]::ReadAllBytes('C:\w\a.sst'))`, []*bundle.File{file("a.sst", text)}, ""},
	} {
		files := append(scriptFile(t, tt.script), tt.given...)
		got, says := run(t, files, &lint.Options{Time: today, ZLint: []string{"none"}, Targets: []lint.Target{lint.ExchangeOnline}}), ""
		for _, f := range got.Findings {
			if f.Rule == "e_script_not_a_store" {
				says += f.Message.String()
			}
		}
		if fails := got.Verdict(lint.ExchangeOnline).Status == lint.Fails; says != tt.want || fails != (says != "") {
			t.Errorf("%s: %q, want %q; fails: %t", tt.name, says, tt.want, fails)
		}
	}
}
