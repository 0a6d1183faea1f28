//go:build ignore

// Gen writes catalog.json from the table of known CAs beside it, as go generate
// runs it.
//
// The table gives names, fingerprints, key identifiers, dates and two root
// programmes. What it does not hold (advice, Apple, distrust dates) is below,
// each with its reason. The output depends on the input alone.
package main

import (
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"strings"
	"time"
)

type programme struct {
	Trust         string `json:"trust"`
	Since         string `json:"since,omitempty"`
	DistrustAfter string `json:"distrust_after,omitempty"`
	Note          string `json:"note,omitempty"`
}

type entry struct {
	Kind        string     `json:"kind"`
	Subject     string     `json:"subject"`
	Issuer      string     `json:"issuer"`
	SHA256      string     `json:"sha256"`
	SHA1        string     `json:"sha1,omitempty"`
	KeyID       string     `json:"key_id,omitempty"`
	IssuerKeyID string     `json:"issuer_key_id,omitempty"`
	SPKISHA256  string     `json:"spki_sha256,omitempty"`
	NotBefore   string     `json:"not_before"`
	NotAfter    string     `json:"not_after"`
	Mozilla     *programme `json:"mozilla,omitempty"`
	MozillaTLS  *programme `json:"mozilla_tls,omitempty"`
	Microsoft   *programme `json:"microsoft,omitempty"`
	Apple       *programme `json:"apple,omitempty"`
	Advice      string     `json:"advice,omitempty"`
	Reason      string     `json:"reason,omitempty"`
	Source      string     `json:"source"`
}

type file struct {
	Version      int     `json:"version"`
	Source       string  `json:"source"`
	Date         string  `json:"date"`
	Certificates []entry `json:"certificates"`
}

// advice by the start of the fingerprint.
var advice = map[string][2]string{
	"BC386A5C": {"recommended", "Takes clients and collections that know USERTrust RSA but not the self-signed root R46 (iOS before 17.4) to an anchor; valid until 2038-01-18."},
	"D5917A77": {"recommended", "The self-signed form, an anchor for Exchange Online and current systems; add it beside the cross-certificate by USERTrust RSA."},
	"9582BE14": {"leave-out", "Ends 2028-12-31 and leads to AAA Certificate Services only; use the cross-certificate by USERTrust RSA, valid until 2038-01-18."},
	"E793C9B0": {"recommended", "The self-signed root, where the cross-certificate of R46 and the issuing CAs of before March 2025 lead to; valid until 2038-01-18."},
	"68B9C761": {"leave-out", "Ends 2028-12-31 and leads to AAA Certificate Services only; use the self-signed USERTrust RSA."},
	"BFC1593F": {"recommended", "Takes clients and collections that know USERTrust ECC but not the self-signed root E46 to an anchor; valid until 2038-01-18."},
	"22D95992": {"recommended", "The self-signed form, an anchor for Exchange Online; add it beside the cross-certificate by USERTrust ECC."},
	"D14A75EE": {"leave-out", "Ends 2028-12-31 and leads to AAA Certificate Services only; use the cross-certificate by USERTrust ECC, valid until 2038-01-18."},
	"4FF460D5": {"recommended", "The self-signed root, where the cross-certificate of E46 leads to; valid until 2038-01-18."},
	"A6CF64DB": {"leave-out", "Ends 2028-12-31 and leads to AAA Certificate Services only; use the self-signed USERTrust ECC."},
	"D7A7A0FB": {"leave-out", "Ends 2028-12-31; from then on it makes every update of an Exchange Online collection that holds it fail. The paths through USERTrust last longer."},
	"11878370": {"recommended", "The issuing CA of Sectigo for S/MIME since 2025-03-01 (RSA)."},
	"F0C60046": {"recommended", "The issuing CA of Sectigo for S/MIME since 2025-03-01 (ECC)."},
	"AAF25230": {"neutral", "Only while certificates that it issued before 2025-03-01 are in use; ends 2030-12-31."},
}

const (
	appleSource   = "apple-oss-distributions/security_certificates 55349.0.11 (2025-10)"
	entrustIntro  = "Apple does not accept S/MIME certificates under this root that were issued after 2024-11-15"
	presumedByR46 = "not in the sources; that the cross-certificate helps older iOS presumes it"
)

// apple by the start of the fingerprint.
var apple = map[string]programme{
	"D5917A77": {Trust: "yes", Since: "iOS 17.4 and macOS 14.4 (security_certificates-55297.100.4, 2024-03-26)"},
	"319AF0A7": {Trust: "yes", Since: "2022-02"},
	"5CBF6FB8": {Trust: "yes", Since: "2022-02"},
	"90370D3E": {Trust: "yes", Since: "iOS 18 (2024-09)"},
	"E8E81765": {Trust: "yes", Since: "iOS 18 (2024-09)"},
	"1BE7ABE3": {Trust: "yes", Since: "2022-05"},
	"8DD4B537": {Trust: "yes", Since: "2022-05"},
	"1D4CA4A2": {Trust: "yes"},
	"AD7DD58D": {Trust: "yes"},
	"9A12C392": {Trust: "no", Note: "a path over an older root of the CA is needed"},
	"D92C171F": {Trust: "no", Note: "a path over an older root of the CA is needed"},
	"DBA84DD7": {Trust: "no", Note: "a path over an older root of the CA is needed"},
	"E793C9B0": {Trust: "unknown", Note: presumedByR46},
}

func main() {
	log.SetFlags(0)
	in := flag.String("csv", "", "table of known CAs")
	out := flag.String("o", "catalog.json", "output")
	date := flag.String("date", "", "date of the table")
	flag.Parse()
	f, err := os.Open(*in)
	if err != nil {
		log.Fatal(err)
	}
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		log.Fatal(err)
	}
	if len(rows) == 0 {
		log.Fatalf("%s is empty", *in)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	rows = rows[1:]
	get := func(row []string, name string) string {
		i, ok := column[name]
		if !ok {
			log.Fatalf("no column %s", name)
		}
		return row[i]
	}

	// Roots by common name and by key identifier, to link what they issued.
	rootByCN := map[string][]string{}
	rootByKey := map[string]bool{}
	for _, row := range rows {
		if get(row, "kind") == "root" {
			rootByCN[commonName(get(row, "subject"))] = row
			if ski := get(row, "ski"); ski != "" {
				rootByKey[ski] = true
			}
		}
	}
	var c file
	c.Version = 1
	c.Date = *date
	c.Source = "NSS certdata.txt 9d75dfde (2026-05-01); sectigo/ca_certificate_lists 658d1e99 (2026-06-30); " +
		"Microsoft root store of 2025-07 as certutil writes it; " + appleSource + "; mozilla/pkipolicy, Section 7.4"
	for i, row := range rows {
		if s := get(row, "sha256"); len(s) != 64 || strings.Trim(s, "0123456789abcdefABCDEF") != "" {
			log.Fatalf("row %d: sha256 is not of 64 hexadecimal digits", i+1)
		}
		e := entry{
			Kind:       get(row, "kind"),
			Subject:    name(get(row, "subject")),
			Issuer:     name(get(row, "issuer")),
			SHA256:     strings.ToLower(get(row, "sha256")),
			SHA1:       strings.ToLower(get(row, "sha1")),
			KeyID:      strings.ToLower(get(row, "ski")),
			SPKISHA256: strings.ToLower(get(row, "spki_sha256")),
			NotBefore:  get(row, "not_before"),
			NotAfter:   get(row, "not_after"),
			Source:     get(row, "source"),
		}
		id := strings.ToUpper(e.SHA256[:8])
		if e.Kind == "root" {
			e.IssuerKeyID = e.KeyID
			e.Mozilla = &programme{Trust: trust(get(row, "mozilla_email"))}
			if e.Mozilla.Trust == "yes" {
				e.Mozilla.DistrustAfter = distrustAfter(e.NotBefore)
			}
			e.MozillaTLS = &programme{Trust: trust(get(row, "mozilla_tls"))}
			e.Microsoft = &programme{Trust: trust(get(row, "microsoft_email_2025_07"))}
		} else {
			if rootByKey[get(row, "ski")] {
				e.Kind = "cross"
			}
			cn := get(row, "issuer")
			// There are two CAs of this name; which one is meant is not known.
			if root := rootByCN[cn]; root != nil && cn != "COMODO Certification Authority" {
				e.Issuer = name(get(root, "subject"))
				e.IssuerKeyID = strings.ToLower(get(root, "ski"))
			} else {
				e.Issuer = "CN=" + cn
			}
		}
		if a, ok := apple[id]; ok {
			e.Apple = &a
		}
		if strings.HasPrefix(commonName(e.Subject), "Entrust") && e.Kind == "root" {
			e.Apple = &programme{Trust: "unknown", Note: entrustIntro}
		}
		if a, ok := advice[id]; ok {
			e.Advice, e.Reason = a[0], a[1]
			delete(advice, id)
		}
		c.Certificates = append(c.Certificates, e)
	}
	for id := range advice {
		log.Fatalf("advice for %s, which is not in the table", id)
	}
	data, err := json.MarshalIndent(c, "", "\t")
	if err != nil {
		log.Fatal(err)
	}
	data = []byte(strings.ReplaceAll(string(data), `\u0026`, "&"))
	if err := os.WriteFile(*out, append(data, '\n'), 0o666); err != nil {
		log.Fatal(err)
	}
}

func trust(s string) string {
	switch s {
	case "yes", "no":
		return s
	}
	return "unknown"
}

// distrustAfter is Mozilla's schedule for S/MIME.
func distrustAfter(notBefore string) string {
	t, err := time.Parse(time.RFC3339, notBefore)
	if err != nil {
		log.Fatal(err)
	}
	switch y := t.Year(); {
	case y < 2006:
		return "2028-04-15"
	case y < 2008:
		return "2029-04-15"
	case y < 2010:
		return "2030-04-15"
	case y < 2012:
		return "2031-04-15"
	case t.Before(time.Date(2014, 4, 15, 0, 0, 0, 0, time.UTC)):
		return "2032-04-15"
	}
	return t.AddDate(18, 0, 0).Format(time.DateOnly)
}

// parts splits a name of the table. One source escapes commas in values, the
// other does not and puts a space between attributes.
func parts(s string) []string {
	var out []string
	start := 0
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' {
			i++
			continue
		}
		if s[i] != ',' {
			continue
		}
		rest := strings.TrimPrefix(s[i+1:], " ")
		key, _, ok := strings.Cut(rest, "=")
		if ok && key != "" && strings.Trim(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == "" {
			out = append(out, s[start:i])
			start = len(s) - len(rest)
		}
	}
	return append(out, s[start:])
}

func commonName(s string) string {
	for _, p := range parts(s) {
		if v, ok := strings.CutPrefix(p, "CN="); ok {
			return v
		}
	}
	return ""
}

// name writes a name of the table in the form of RFC 2253.
func name(s string) string {
	if !strings.Contains(s, "=") {
		return s
	}
	var out []string
	for _, p := range parts(s) {
		key, value, ok := strings.Cut(p, "=")
		if !ok {
			log.Fatalf("name %q", s)
		}
		switch key {
		case "emailAddress":
			key = "EMAILADDRESS"
		case "organizationIdentifier":
			key = "ORGANIZATIONID"
		}
		out = append(out, key+"="+escape(value))
	}
	return strings.Join(out, ",")
}

// escape turns hexadecimal escapes into characters, and escapes the commas
// that the source left alone.
func escape(s string) string {
	var b []byte
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			var v byte
			fmt.Sscanf(s[i+1:i+3], "%02X", &v)
			b = append(b, v)
			i += 2
		case s[i] == '\\' && i+1 < len(s):
			b = append(b, s[i], s[i+1])
			i++
		case strings.IndexByte(`,+"<>;`, s[i]) >= 0:
			b = append(b, '\\', s[i])
		default:
			b = append(b, s[i])
		}
	}
	return string(b)
}

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'A' <= c && c <= 'F' || 'a' <= c && c <= 'f' }
