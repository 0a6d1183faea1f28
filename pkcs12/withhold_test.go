package pkcs12

import (
	"testing"
)

// TestTraces holds which octets are known again as those of a private number.
func TestTraces(t *testing.T) {
	number := []byte("\x00\x00abcdefghABCDEFGHijk") // two pieces, and a rest
	var traces traces
	if traces.in([]byte("abcdefgh")) || traces.inText([]byte("abcdefgh")) {
		t.Error("found before anything was noted")
	}
	traces.add(nil)
	traces.add(make([]byte, 40))
	traces.add([]byte("short"))
	traces.add([]byte("abcdabcd")) // of four octets, repeated
	if traces.pieces != nil {
		t.Errorf("%d pieces of nothing that tells", len(traces.pieces))
	}
	traces.add(number)
	if len(traces.pieces) != 2 {
		t.Errorf("%d pieces", len(traces.pieces))
	}
	wide := func(s string) (b []byte) { // in UTF-16
		for _, c := range s {
			b = append(b, 0, byte(c))
		}
		return b
	}
	for _, tt := range []struct {
		text      string
		in, words bool // as octets, and as a string of one or two octets for a character
	}{
		{"", false, false}, {"abcdefg", false, false}, {"abcdefgh", true, true}, {"ABCDEFGH", true, true},
		{"xabcdefgh", true, true}, {"abcdefghx", true, true}, {"bcdefghABCDEFGH", true, true}, {"bcdefghABCDEFG", false, false},
		{"ijk", false, false}, {"hgfedcba", false, false},
		{string(wide("abcdefgh")), false, true}, {"x" + string(wide("abcdefgh")), false, true}, {string(wide("abcdefg")), false, false},
	} {
		if in, text := traces.in([]byte(tt.text)), traces.inText([]byte(tt.text)); in != tt.in || text != tt.words {
			t.Errorf("%q: %v, as text %v", tt.text, in, text)
		}
	}
	for text, want := range map[string]bool{"abcdeabc": true, "abcdabcd": false, "abcdefgh": true, "abcdefg": false, "aaaaaaaa": false} {
		if got := telling([]byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestTracesOfKeys holds which numbers of which keys are private.
func TestTracesOfKeys(t *testing.T) {
	private, public := []byte("a private number"), []byte("a public number.")
	number := func(b []byte) []byte { return tlv(0x02, b) }
	key := func(oid string, inside []byte) []byte { return seq(integer(0), seq(object(oid)), octetString(inside)) }
	for _, tt := range []struct {
		name  string
		pkcs8 []byte
		found bool
		shown bool // the public number is found too
	}{
		{"RSA", key(oidRSA, seq(integer(0), number(public), integer(3), number(private))), true, false},
		{"RSA-PSS", key(oidRSAPSS, seq(integer(0), number(public), integer(3), number(private))), true, false},
		{"RSA, the public exponent", key(oidRSA, seq(integer(0), integer(5), number(public), number(private))), true, true},
		{"EC", key(oidEC, seq(integer(1), octetString(private), tlv(0xa1, tlv(0x03, public)))), true, false},
		{"DSA", key(oidDSA, number(private)), true, false},
		{"Ed25519", key(oidEd25519, octetString(private)), true, false},
		{"X448", key(oidX448, octetString(private)), true, false},
		{"of another kind", key("1.2.3", octetString(private)), false, false},
		{"RSA that is no structure", key(oidRSA, number(private)), false, false},
		{"EC that is no structure", key(oidEC, octetString(private)), false, false},
		{"EC with a broken element", key(oidEC, seq(octetString(private), []byte{4, 99})), true, false},
		{"a text", key(oidDSA, tlv(0x0c, private)), false, false},
		{"no structure", octetString(private), false, false},
		{"nothing inside", seq(), false, false},
		{"no algorithm", seq(integer(0)), false, false},
		{"no key", seq(integer(0), seq(object(oidDSA))), false, false},
	} {
		var traces traces
		traces.addKey(tt.pkcs8)
		if found, shown := traces.in(private), traces.in(public); found != tt.found || shown != tt.shown {
			t.Errorf("%s: %v, the public number %v", tt.name, found, shown)
		}
	}
}

// TestWithhold puts octets of a private key into each place of a file that a report shows.
func TestWithhold(t *testing.T) {
	scalar := []byte("the scalar of a private key, 32.")
	pkcs8 := seq(integer(0), seq(object(oidEC), object("1.2.840.10045.3.1.7")), octetString(seq(integer(1), octetString(scalar))))
	key := bag(oidKeyBag, pkcs8)
	leak, harmless := octetString(scalar), octetString([]byte("something of no account, at all."))
	holds := func(oid, kind string, value []byte, attributes ...[]byte) []byte {
		return bag(oid, seq(object(kind), explicit(octetString(value))), attributes...)
	}
	cert := alice(t).leaf.Raw
	for _, tt := range []struct {
		name   string
		bags   [][]byte
		hidden string // the bags of which something is withheld
	}{
		{"nothing", [][]byte{key, holds(oidCertBag, oidX509Certificate, cert, attribute("1.2.3", harmless))}, ""},
		{"a certificate", [][]byte{key, holds(oidCertBag, oidX509Certificate, scalar)}, "0.1"},
		{"a revocation list", [][]byte{key, holds(oidCRLBag, oidX509CRL, scalar)}, "0.1"},
		{"a harmless list", [][]byte{key, holds(oidCRLBag, oidX509CRL, harmless)}, ""},
		{"an attribute", [][]byte{key, holds(oidCertBag, oidX509Certificate, cert, attribute("1.2.3", leak))}, "0.1"},
		{"the second value of the second", [][]byte{key, holds(oidCertBag, oidX509Certificate, cert, attribute("1.2.4", harmless), seq(object("1.2.3"), setOf(harmless, leak)))}, "0.1"},
		{"a certificate and an attribute", [][]byte{key, holds(oidCertBag, oidX509Certificate, scalar, attribute("1.2.3", leak))}, "0.1"},
		{"two bags", [][]byte{key, holds(oidCertBag, oidX509Certificate, scalar), holds(oidCRLBag, oidX509CRL, scalar)}, "0.10.2"},
		{"an attribute of the key", [][]byte{bag(oidKeyBag, pkcs8, attribute(oidFriendlyName, tlv(0x0c, scalar)))}, "0.0"},
		{"without the key", [][]byte{holds(oidCertBag, oidX509Certificate, scalar)}, ""},
	} {
		r, err := Inspect(pfx(plainSafe(seq(tt.bags...))), "secret")
		if err != nil {
			t.Fatal(err)
		}
		hidden := ""
		for _, f := range r.Observations {
			if f.Message == errWithheld.Error() {
				hidden += f.At.String()
			}
			if f.Code == codeCertificate && tt.hidden != "" {
				t.Errorf("%s: %v %s", tt.name, f.At, f.Message)
			}
		}
		for ref, b := range r.Bags() {
			mine := ref.String() == tt.hidden
			for _, a := range b.Attributes {
				if mine == (a.Values != nil) {
					t.Errorf("%s: an attribute of %v", tt.name, ref)
				}
			}
			if mine && (b.FriendlyName != "" || b.LocalKeyID != nil || b.Kind == bagCRL && b.CRL != nil) {
				t.Errorf("%s: %+v", tt.name, b)
			}
		}
		if hidden != tt.hidden || r.withheld != (tt.hidden != "") {
			t.Errorf("%s: withheld %q", tt.name, hidden)
		}
	}
}
