package bundle

import (
	"encoding/binary"
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/sst"
	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Distrust is what a store of Windows holds against a certificate. The zero value is
// nothing.
type Distrust struct {
	// Disallowed says that the certificate lies in the store Disallowed, whose
	// certificates Windows trusts for nothing.
	Disallowed bool

	// Disabled is the time from which on the certificate is not trusted for e-mail, by
	// the properties 104 and 122; zero for none.
	Disabled time.Time

	// NotForMail says that e-mail is among the usages that property 122 disallows,
	// without a time.
	NotForMail bool

	// NotAfter is the time after which certificates that are issued under it are not
	// trusted for e-mail, by the properties 126 and 127; zero for none.
	NotAfter time.Time

	// otherUses says that property 9 allows usages, or none, and that e-mail is not among
	// them; unclear is a property of which it is not known what it does to e-mail.
	otherUses bool
	unclear   sst.PropID
}

// Why says why a certificate of a path is not trusted at a time, where the leaf of the
// path begins at another: zero if it is. At the zero time all that is to come has come.
func (d Distrust) Why(at, begins time.Time) say.Message {
	_, why := d.problem(at, begins)
	return why
}

// problem is Why with the code of the problem.
func (d Distrust) problem(at, begins time.Time) (chain.ProblemCode, say.Message) {
	switch {
	case d.Disallowed:
		return "distrusted", say.New("it lies in the store Disallowed of Windows")
	case !d.Disabled.IsZero() && (at.IsZero() || !at.Before(d.Disabled)):
		return "disabled", say.New("Windows has disabled it since %s", d.Disabled.Format(time.DateOnly))
	case d.NotForMail:
		return "disabled", say.New("Windows has disallowed it for e-mail")
	case !d.NotAfter.IsZero() && begins.After(d.NotAfter):
		return "disabled", say.New("Windows takes no certificate for e-mail under it from after %s", d.NotAfter.Format(time.DateOnly))
	case d.otherUses:
		return "restricted", say.New("Windows takes it for no e-mail, by the property %s of the store", sst.PropEnhKeyUsage)
	case d.unclear != 0:
		return "restricted", say.New("what the property %s of the store does to it is not known", d.unclear)
	default:
		return "", say.Message{}
	}
}

// Distrust returns what the store that the certificate was found in holds against it:
// the name of the store in a registry export, and its properties (Microsoft, Deprecation
// Definitions of the Trusted Root Program: Disallow, Disable, EKU Removal, NotBefore;
// wincrypt.h, CERT_ENHKEY_USAGE_PROP_ID). A time that is empty or malformed says nothing
// here.
func (c *Certificate) Distrust() Distrust {
	d := Distrust{Disallowed: strings.EqualFold(c.Store, "Disallowed")}
	var disabled, notAfter time.Time
	var usages, limited []byte
	for _, p := range c.Properties {
		switch p.ID {
		case sst.PropDisallowedFileTime:
			disabled = fileTime(p.Value)
		case sst.PropDisallowedEnhKeyUsage:
			usages = p.Value
		case sst.PropNotBeforeFileTime:
			notAfter = fileTime(p.Value)
		case sst.PropNotBeforeEnhKeyUsage:
			limited = p.Value
		case sst.PropEnhKeyUsage:
			if _, err := p.OIDs(); err != nil {
				d.unclear = p.ID
			} else {
				d.otherUses = !concernsMail(p.Value)
			}
		case sst.PropRootProgramNameConstraints, sst.PropDisallowedCAFileTime:
			d.unclear = p.ID
		}
	}
	if len(usages) == 0 || concernsMail(usages) {
		d.Disabled = disabled
		d.NotForMail = len(usages) > 0 && disabled.IsZero()
	}
	if len(limited) == 0 || concernsMail(limited) {
		d.NotAfter = notAfter
	}
	return d
}

// fileTime reads a FILETIME; zero for anything else.
func fileTime(b []byte) time.Time {
	if len(b) != 8 {
		return time.Time{}
	}
	ticks := binary.LittleEndian.Uint64(b)
	if ticks == 0 || ticks > 1<<62 {
		return time.Time{}
	}
	const epoch = 11_644_473_600 // seconds from 1601 to 1970
	return time.Unix(int64(ticks/1e7)-epoch, int64(ticks%1e7)*100).UTC()
}

// concernsMail reports whether e-mail protection, or any usage, is among those of an
// extended key usage.
func concernsMail(der []byte) bool {
	input := cryptobyte.String(der)
	var seq cryptobyte.String
	if !input.ReadASN1(&seq, casn1.SEQUENCE) {
		return false
	}
	for !seq.Empty() {
		var oid cryptobyte.String
		if !seq.ReadASN1(&oid, casn1.OBJECT_IDENTIFIER) {
			return false
		}
		if slices.Contains(mailUsages, string(oid)) {
			return true
		}
	}
	return false
}

// mailUsages are the contents of the identifiers of [chain.EmailProtection] and
// [chain.AnyEKU].
var mailUsages = []string{"\x2b\x06\x01\x05\x05\x07\x03\x04", "\x55\x1d\x25\x00"}

// Distrusts finds what files hold against certificates. It answers
// [chain.Options].Distrust.
type Distrusts struct {
	bySum map[[32]byte][]Distrust
}

// NewDistrusts goes through the certificates of files.
func NewDistrusts(files []*File) *Distrusts {
	d := new(Distrusts)
	for _, f := range files {
		if f == nil {
			continue
		}
		for i := range f.Certificates {
			c := &f.Certificates[i]
			found := c.Distrust()
			if found == (Distrust{}) || c.Raw == nil {
				continue
			}
			if d.bySum == nil {
				d.bySum = make(map[[32]byte][]Distrust)
			}
			d.bySum[c.SHA256()] = append(d.bySum[c.SHA256()], found)
		}
	}
	return d
}

// Of says why the certificate at an index of a path is not trusted at a time: the first
// of the gravest reasons.
func (d *Distrusts) Of(path []*chain.Certificate, i int, at time.Time) (chain.ProblemCode, say.Message) {
	grave := []chain.ProblemCode{"", "restricted", "disabled", "distrusted"}
	var code chain.ProblemCode
	var why say.Message
	for _, found := range d.bySum[path[i].SHA256()] {
		if c, m := found.problem(at, path[0].NotBefore()); slices.Index(grave, c) > slices.Index(grave, code) {
			code, why = c, m
		}
	}
	return code, why
}

// storeOf returns the name of the store in the path of a registry key, such as
// HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SystemCertificates\Disallowed\Certificates\A1…:
// what comes before the kind of the element; empty if there is none.
func storeOf(key string) string {
	parts := strings.Split(key, `\`)
	for i := len(parts) - 1; i > 0; i-- {
		if slices.ContainsFunc([]string{"Certificates", "CRLs", "CTLs"}, func(kind string) bool { return strings.EqualFold(kind, parts[i]) }) {
			return parts[i-1]
		}
	}
	return ""
}
