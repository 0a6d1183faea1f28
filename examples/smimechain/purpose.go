package main

import (
	"crypto/x509"
	"encoding/asn1"
	"slices"
	"strconv"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
)

// usages are those that -purpose takes.
var usages = []chain.Usage{chain.SignOrEncrypt, chain.Sign, chain.Encrypt, chain.Issue, chain.AnyUsage}

// ekus are the extended key usages that -purpose takes by name (RFC 5280,
// Section 4.2.1.12).
var ekus = []struct {
	name string
	oid  asn1.ObjectIdentifier
}{
	{"emailProtection", chain.EmailProtection},
	{"clientAuth", chain.ClientAuth},
	{"serverAuth", chain.ServerAuth},
	{"anyExtendedKeyUsage", chain.AnyEKU},
}

// parsePurpose reads the value of -purpose: a usage, an extended key usage by
// name or object identifier, or both with a comma between them. "any" alone
// turns both checks off; an extended key usage alone does not look at
// keyUsage, and a CA is asked whether it may issue for it.
func parsePurpose(s string, ca bool) (chain.Purpose, error) {
	var p chain.Purpose
	if ca {
		p.Usage = chain.Issue
	}
	if s == "" {
		return p, nil
	}
	first, second, both := strings.Cut(s, ",")
	i := slices.IndexFunc(usages, func(u chain.Usage) bool { return u.String() == first })
	if i >= 0 {
		p.Usage = usages[i]
		if !both {
			if p.Usage == chain.AnyUsage {
				p.EKU = chain.AnyEKU
			}
			return p, nil
		}
		first = second
	} else if both {
		return p, errPurpose(s)
	} else if !ca {
		p.Usage = chain.AnyUsage
	}
	if p.EKU = parseEKU(first); p.EKU == nil {
		return p, errPurpose(s)
	}
	return p, nil
}

func parseEKU(s string) asn1.ObjectIdentifier {
	for _, e := range ekus {
		if strings.EqualFold(e.name, s) {
			return e.oid
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

// ekuName returns the name of an extended key usage, its digits if it has none.
func ekuName(oid asn1.ObjectIdentifier) string {
	if oid == nil {
		oid = chain.EmailProtection
	}
	return chain.UsageName(oid.String())
}
