package report

import (
	"strconv"
	"strings"

	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/say"
)

// The types below are what was checked: each certificate once.
type (
	htmlContents struct {
		Count        string
		Certificates []htmlCertificate
		Files        []htmlFile
		Several      bool // files
	}
	htmlCertificate struct {
		Number                               int
		Subject, Issuer, SHA256, From, Until string
	}
	htmlFile struct {
		Name                  htmlPath
		Kind, Numbers, SHA256 string
	}
)

// contents lists certificates and files.
func (o *Options) contents(r *lint.Report, names names) htmlContents {
	c := htmlContents{Several: len(r.Files) > 1}
	number := map[lint.Certificate]int{}
	for i := range r.Files {
		f := &r.Files[i]
		var numbers []int
		for _, cert := range f.Certificates {
			n := number[cert]
			if n == 0 || cert.SHA256 == "" {
				n = len(c.Certificates) + 1
				number[cert] = n
				c.Certificates = append(c.Certificates, htmlCertificate{n, Printable(cert.Subject), Printable(names.short(cert.Issuer)), cert.SHA256, day(cert.NotBefore), day(cert.NotAfter)})
			}
			numbers = append(numbers, n)
		}
		c.Files = append(c.Files, htmlFile{
			Name: pathOf(f.Name), SHA256: f.SHA256, Numbers: ranges(numbers),
			Kind: o.say("%s, %s", strings.ToUpper(f.Format.String()), say.Count(len(f.Certificates), "1 certificate", "%d certificates")),
		})
	}
	c.Count = o.Language.Say(say.Count(len(c.Certificates), "1 certificate", "%d certificates"))
	return c
}

// ranges writes numbers as people do: 1–3, 7.
func ranges(numbers []int) string {
	var parts []string
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		switch text := strconv.Itoa(numbers[i]); {
		case j > i+1:
			parts = append(parts, text+"–"+strconv.Itoa(numbers[j]))
			i = j + 1
		default:
			parts = append(parts, text)
			i++
		}
	}
	return strings.Join(parts, ", ")
}
