package chain

import (
	"crypto/x509"
	"encoding/asn1"
	"strconv"
	"strings"

	"github.com/smimechain/smimechain/lint/say"
)

// ParsePurpose reads a purpose as people write it: a usage in the words of
// [Usage.String], an extended key usage as emailProtection, clientAuth, serverAuth or
// anyExtendedKeyUsage in any case or as an object identifier in dotted form, or both
// with a comma between them: "sign,clientAuth". The empty string is S/MIME.
//
// What is left out depends on whether the certificate at the start of the paths is
// that of a CA: such a one is asked whether it may issue, any other whether it may
// sign or encrypt; and where only an extended key usage is named, its keyUsage is not
// looked at. "any" alone turns both checks off.
//
// The error of anything else says what is understood. An arc of an object identifier
// is below 2^31.
func ParsePurpose(s string, ca bool) (Purpose, error) {
	var p Purpose
	if ca {
		p.Usage = Issue
	}
	if s == "" {
		return p, nil
	}
	first, second, both := strings.Cut(s, ",")
	if u, ok := parseUsage(first); ok {
		p.Usage = u
		if !both {
			if u == AnyUsage {
				p.EKU = AnyEKU
			}
			return p, nil
		}
		first = second
	} else if both {
		return Purpose{}, errPurpose(s)
	} else if !ca {
		p.Usage = AnyUsage
	}
	if p.EKU = parseEKU(first); p.EKU == nil {
		return Purpose{}, errPurpose(s)
	}
	return p, nil
}

// EKUName returns the name of the extended key usage as [UsageName] does; that of nil
// is emailProtection.
func (p Purpose) EKUName() string {
	if p.EKU == nil {
		p.EKU = EmailProtection
	}
	return UsageName(p.EKU.String())
}

func parseUsage(s string) (Usage, bool) {
	for u := range usageEnd {
		if u.String() == s {
			return u, true
		}
	}
	return 0, false
}

// parseEKU returns nil for what is no extended key usage.
func parseEKU(s string) asn1.ObjectIdentifier {
	for _, oid := range []asn1.ObjectIdentifier{EmailProtection, clientAuth, serverAuth, AnyEKU} {
		if strings.EqualFold(UsageName(oid.String()), s) {
			return oid
		}
	}
	if _, err := x509.ParseOID(s); err != nil {
		return nil
	}
	var oid asn1.ObjectIdentifier
	for arc := range strings.SplitSeq(s, ".") {
		n, err := strconv.ParseUint(arc, 10, 31)
		if err != nil {
			return nil
		}
		oid = append(oid, int(n))
	}
	return oid
}

func errPurpose(s string) error {
	return say.Errorf("unknown purpose %q: want sign-or-encrypt, sign, encrypt, issue or any, "+
		"an extended key usage such as emailProtection or 1.3.6.1.5.5.7.3.4, or both: sign,clientAuth", s)
}
