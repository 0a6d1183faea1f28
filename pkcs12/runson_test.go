package pkcs12

import (
	"errors"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/pkcs12/internal/ber"
)

// TestRunsOn holds that an identifier which goes on behind that of a key type or a curve is
// shown nowhere, nor one that is too long: the private key may be in it.
func TestRunsOn(t *testing.T) {
	const secret = ".271828.31"
	atMost := "1.3." + strings.Repeat("7", maxKeyOID-len("1.3..9999")) + ".9999"
	known := []string{}
	for oid := range keyAlgorithms {
		known = append(known, oid)
	}
	for oid := range curves {
		known = append(known, oid)
	}
	if len(known) != len(keyAlgorithms)+len(curves) || len(known) < 20 {
		t.Fatalf("%d identifiers", len(known))
	}
	runOn := []string{atMost + "9"}
	for _, oid := range known {
		runOn = append(runOn, oid+secret)
	}
	goOn := append([]string{"1.2.3", atMost}, known...)
	for _, oid := range known {
		goOn = append(goOn, oid+"1") // not behind a point: another arc
	}
	for _, oid := range runOn {
		if !runsOn(oid) {
			t.Errorf("%s does not run on", oid)
		}
	}
	for _, oid := range goOn {
		if runsOn(oid) {
			t.Errorf("%s runs on", oid)
		}
	}
	// As the type of a key and as its curve.
	var unsupported *UnsupportedError
	scalar := octetString([]byte{3})
	for _, oid := range runOn[1:] {
		k := parseKey(seq(integer(0), seq(object(oid)), octetString(seq(integer(1), scalar))), false)
		if k.Algorithm != "unknown" || k.OID != "" || k.Err == nil || errors.As(k.Err, &unsupported) || strings.Contains(k.Err.Error(), secret) {
			t.Errorf("key type %s: %q, %q, %v", oid, k.Algorithm, k.OID, k.Err)
		}
		k = parseKey(seq(integer(0), seq(object(oidEC), object(oid)), octetString(seq(integer(1), scalar))), false)
		if k.Curve != "unknown" || k.Err == nil || errors.As(k.Err, &unsupported) || strings.Contains(k.Err.Error(), secret) {
			t.Errorf("curve %s: %q, %v", oid, k.Curve, k.Err)
		}
	}
	k := parseKey(seq(integer(0), seq(object("1.2.3")), octetString(nil)), false)
	if k.Algorithm != "1.2.3" || k.OID != "1.2.3" || !errors.As(k.Err, &unsupported) {
		t.Errorf("a key type that nobody knows: %q, %q, %v", k.Algorithm, k.OID, k.Err)
	}
	e, err := ber.New(object("1.2.3"), nil).Next()
	if err != nil {
		t.Fatal(err)
	}
	if c, err := parseCurve(&e); err != nil || c.name != "1.2.3" {
		t.Errorf("a curve that nobody knows: %q, %v", c.name, err)
	}
}
