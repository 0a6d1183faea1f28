package chain

import (
	"encoding/asn1"
	"strconv"
	"strings"
	"testing"
)

// policyPath is a path for the policies that are drawn, the certificate below the anchor
// first. Of each certificate there are
//
//	1      a policy; *: anyPolicy; -: the extension without a policy
//	1>2    a mapping
//	e0     requireExplicitPolicy; m0: inhibitPolicyMapping; a0: inhibitAnyPolicy
//	s      it is self-issued
func policyPath(t *testing.T, drawing string) []*Certificate {
	t.Helper()
	policy := func(word string) string {
		if word == "*" {
			return oidAnyPolicy
		}
		return "\x2a" + word // 1.2.49 and so on
	}
	certs := []*Certificate{{}} // the anchor
	for words := range strings.SplitSeq(drawing, "|") {
		p := &parsed{subjectKey: nameKey(strconv.Itoa(len(certs))), issuerKey: nameKey(strconv.Itoa(len(certs) - 1)),
			ext: extensions{requireExplicit: -1, inhibitMapping: -1, inhibitAny: -1}}
		for _, word := range strings.Fields(words) {
			from, to, mapping := strings.Cut(word, ">")
			number := int(word[len(word)-1] - '0')
			switch {
			case mapping:
				p.ext.mappings = append(p.ext.mappings, [2]string{policy(from), policy(to)})
			case word == "s":
				p.issuerKey = p.subjectKey
			case word == "-":
			case word[0] == 'e':
				p.ext.requireExplicit = number
			case word[0] == 'm':
				p.ext.inhibitMapping = number
			case word[0] == 'a':
				p.ext.inhibitAny = number
			default:
				p.ext.policies = append(p.ext.policies, policy(word))
			}
		}
		c := new(Certificate)
		c.once.Do(func() { c.parsed = p })
		certs = append([]*Certificate{c}, certs...)
	}
	return certs
}

// TestPolicies holds which paths have a policy (RFC 5280, Section 6.1). The certificate
// that is wrong is counted from the leaf.
func TestPolicies(t *testing.T) {
	const (
		none     = "0 no policy is valid"
		above    = "1 no policy is valid"
		unwanted = "0 none of the policies asked for is valid"
		odd      = "1 anyPolicy in a policy mapping"
	)
	explicit := PolicyInputs{RequireExplicitPolicy: true}
	wants := func(last ...int) PolicyInputs {
		in := PolicyInputs{RequireExplicitPolicy: true}
		for _, n := range last {
			in.InitialPolicies = append(in.InitialPolicies, asn1.ObjectIdentifier{1, 2, '0' + n})
		}
		return in
	}
	anyPolicy := PolicyInputs{RequireExplicitPolicy: true, InitialPolicies: []asn1.ObjectIdentifier{{1, 2, '7'}, {2, 5, 29, 32, 0}}}
	for _, tt := range []struct {
		in      PolicyInputs
		drawing string
		want    string
	}{
		// Nobody asks for a policy.
		{PolicyInputs{}, "1|2", ""},
		{PolicyInputs{}, "|", ""},
		{PolicyInputs{InitialPolicies: wants(7).InitialPolicies}, "1|1", ""},
		// One is asked for, of which no certificate of the path may be without.
		{explicit, "1|1", ""},
		{explicit, "1|1|1", ""},
		{explicit, "1 2|2", ""},
		{explicit, "1|1 1", ""},
		{explicit, "1|2", none},
		{explicit, "1|2|2", above},
		{explicit, "1|", none},
		{explicit, "|1", above},
		{explicit, "1|-", none},
		// anyPolicy is all that are above it, and below it all may be.
		{explicit, "*|1", ""},
		{explicit, "1|*", ""},
		{explicit, "*|*", ""},
		{explicit, "1|2 *", ""},
		{explicit, "1|*|2", none},
		{explicit, "*|1|2", none},
		// Which are asked for.
		{wants(1), "1|1", ""},
		{wants(1, 2), "2|2", ""},
		{wants(2), "1|1", unwanted},
		{wants(1), "1 2|2", unwanted},
		{wants(1), "*|1", ""},
		{wants(1), "1|*", ""},
		{wants(2), "1|*", unwanted},
		{wants(7), "*|*", ""},
		{wants(1), "1|2 *", ""},
		{wants(1), "*|1|*", ""},
		{anyPolicy, "1|1", ""},
		// Mappings: what is valid is named in the words of the anchor.
		{explicit, "1 1>2|2", ""},
		{explicit, "1 1>2|1", none},
		{explicit, "1 1>2 1>3|3", ""},
		{explicit, "1 2>3|1", ""},
		{explicit, "1 2>3|3", none},
		{explicit, "1 1>2|*", ""},
		{wants(1), "1 1>2|2", ""},
		{wants(2), "1 1>2|2", unwanted},
		{wants(1), "1 1>2|2 2>3|3", ""},
		{wants(2), "1 1>2|2 2>3|3", unwanted},
		{wants(1), "* 1>2|2", ""},
		{wants(2), "* 1>2|2", unwanted},
		{wants(2), "1 2 1>3 2>3|3", ""},
		{wants(3), "1 2 1>3 2>3|3", unwanted},
		{wants(1), "1 1>2|*", ""},
		{PolicyInputs{}, "1 *>2|2", odd},
		{PolicyInputs{}, "1 1>*|2", odd},
		{PolicyInputs{}, "1|1 *>2", ""}, // it has issued nothing
		// Mappings that are forbidden take their policies with them.
		{explicit, "1 m0|1 1>2|2", none},
		{explicit, "1 m0|1 1>2|1", none},
		{explicit, "1 m1|1 1>2|2", ""},
		{explicit, "1 m1|1|1 1>2|2", none},
		{explicit, "1 m1|1 s|1 1>2|2", ""},
		{explicit, "1 2 m0|1 2 1>3|2", ""},
		{explicit, "1 2 m0|1 2 1>3|1", none},
		{explicit, "* m0|* 1>2|2", ""},
		{wants(1), "* m0|* 1>2|2", unwanted},
		{PolicyInputs{RequireExplicitPolicy: true, InhibitPolicyMapping: true}, "1 1>2|2", none},
		{PolicyInputs{RequireExplicitPolicy: true, InhibitPolicyMapping: true}, "1 2 1>2|2", ""},
		// anyPolicy that is forbidden.
		{explicit, "1 a0|*", none},
		{explicit, "1 a0|1", ""},
		{explicit, "1 a1|*", ""},
		{explicit, "1 a1|1|*", none},
		{explicit, "1 a1|1 s|*", ""},
		{explicit, "1 a0|* s|1", ""},
		{explicit, "1 a0|* s", none},
		{PolicyInputs{RequireExplicitPolicy: true, InhibitAnyPolicy: true}, "*|1", above},
		{PolicyInputs{RequireExplicitPolicy: true, InhibitAnyPolicy: true}, "1|1", ""},
		// A certificate asks for a policy, of those so many below it.
		{PolicyInputs{}, "1 e0|1", ""},
		{PolicyInputs{}, "1 e0|2", none},
		{PolicyInputs{}, "1 e1|2", unwanted},
		{PolicyInputs{}, "1 e2|2", ""},
		{PolicyInputs{}, "1 e2|1|2", unwanted},
		{PolicyInputs{}, "1 e2|1 s|2", ""},
		{PolicyInputs{}, "1 e5|1 e0|2", none},
		{PolicyInputs{}, "1 e0|1 e5|2", none},
		{PolicyInputs{}, "1|2 e0", unwanted},
		{PolicyInputs{}, "1|2 e1", ""},
		{PolicyInputs{}, "1|1 e0", ""},
	} {
		j := &judge{opts: &Options{Policy: tt.in}, left: 100}
		got := ""
		if p := j.policies(policyPath(t, tt.drawing)); p != nil {
			got = strconv.Itoa(p.Index) + " " + p.Detail
		}
		if got != tt.want {
			t.Errorf("%+v %s: %q, want %q", tt.in, tt.drawing, got, tt.want)
		}
	}
	for left, want := range map[int]bool{4: true, 3: false} {
		j := &judge{opts: &Options{Policy: explicit}, left: left}
		if p := j.policies(policyPath(t, "1 1>1|1 2")); (p == nil) != want {
			t.Errorf("%d left: %v", left, p)
		}
	}
}

// TestMappingsOfNoPolicy holds that a CA which maps policies below none that is valid maps
// nothing, and counts all the same.
func TestMappingsOfNoPolicy(t *testing.T) {
	s := &policyState{explicit: 3}
	s.prepare(&extensions{mappings: [][2]string{{"\x2a\x03", "\x2a\x04"}}, requireExplicit: -1, inhibitMapping: -1, inhibitAny: -1}, false)
	if s.level != nil || s.explicit != 2 {
		t.Errorf("%+v", s)
	}
}

// TestEncodeOID holds that what is no object identifier has no octets.
func TestEncodeOID(t *testing.T) {
	for _, tt := range []struct {
		oid  asn1.ObjectIdentifier
		want string
	}{
		{asn1.ObjectIdentifier{2, 5, 29, 32, 0}, oidAnyPolicy},
		{asn1.ObjectIdentifier{1, 2, 840}, "\x2a\x86\x48"},
		{asn1.ObjectIdentifier{1, 2, -1}, ""},
		{asn1.ObjectIdentifier{-1, 2}, ""},
		{asn1.ObjectIdentifier{3, 1}, ""},
		{asn1.ObjectIdentifier{1, 40}, ""},
		{asn1.ObjectIdentifier{1}, ""},
		{nil, ""},
	} {
		if got := encodeOID(tt.oid); got != tt.want {
			t.Errorf("%v: %x, want %x", tt.oid, got, tt.want)
		}
	}
}
