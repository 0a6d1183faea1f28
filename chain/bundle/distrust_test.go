package bundle

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/sst"
)

// ticks is a time as a FILETIME.
func ticks(t time.Time) []byte {
	return binary.LittleEndian.AppendUint64(nil, uint64(t.Unix()+11_644_473_600)*1e7)
}

// TestDistrust holds what properties and stores of Windows hold against a certificate.
func TestDistrust(t *testing.T) {
	mail, server, all := mustHex("300a06082b06010505070304"), mustHex("300a06082b06010505070301"), mustHex("30060604551d2500")
	day := func(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC) }
	property := func(id sst.PropID, v []byte) sst.Property { return sst.Property{ID: id, Value: v} }
	disabled, usages := sst.PropDisallowedFileTime, sst.PropDisallowedEnhKeyUsage
	own, none := sst.PropEnhKeyUsage, mustHex("3000")
	notBefore, limited := sst.PropNotBeforeFileTime, sst.PropNotBeforeEnhKeyUsage
	for _, test := range []struct {
		name       string
		store      string
		properties []sst.Property
		begins     time.Time // of the leaf
		why        string
	}{
		{"nothing", "", nil, day(1), ""},
		{"another store", "Root", nil, day(1), ""},
		{"Disallowed", "Disallowed", nil, day(1), "it lies in the store Disallowed of Windows"},
		{"in small letters", "disallowed", nil, day(1), "it lies in the store Disallowed of Windows"},
		{"disabled", "", []sst.Property{property(disabled, ticks(day(9)))}, day(1), "Windows has disabled it since 2026-11-09"},
		{"disabled today", "", []sst.Property{property(disabled, ticks(day(10)))}, day(1), "Windows has disabled it since 2026-11-10"},
		{"disabled tomorrow", "", []sst.Property{property(disabled, ticks(day(11)))}, day(1), ""},
		{"disabled for mail", "", []sst.Property{property(disabled, ticks(day(9))), property(usages, mail)}, day(1), "Windows has disabled it since 2026-11-09"},
		{"disabled for mail tomorrow", "", []sst.Property{property(disabled, ticks(day(11))), property(usages, mail)}, day(1), ""},
		{"disabled for servers", "", []sst.Property{property(usages, server), property(disabled, ticks(day(9)))}, day(1), ""},
		{"disallowed for mail", "", []sst.Property{property(usages, mail)}, day(1), "Windows has disallowed it for e-mail"},
		{"disallowed for all", "", []sst.Property{property(usages, all)}, day(1), "Windows has disallowed it for e-mail"},
		{"disallowed for servers", "", []sst.Property{property(usages, server)}, day(1), ""},
		{"disallowed for what is malformed", "", []sst.Property{property(usages, []byte{0x30, 5})}, day(1), ""},
		{"no date", "", []sst.Property{property(disabled, nil)}, day(1), ""},
		{"half a date", "", []sst.Property{property(disabled, make([]byte, 4))}, day(1), ""},
		{"a date of zero", "", []sst.Property{property(disabled, make([]byte, 8))}, day(1), ""},
		{"issued after", "", []sst.Property{property(notBefore, ticks(day(5)))}, day(6), "Windows takes no certificate for e-mail under it from after 2026-11-05"},
		{"issued before", "", []sst.Property{property(notBefore, ticks(day(5)))}, day(5), ""},
		{"issued after, for mail", "", []sst.Property{property(notBefore, ticks(day(5))), property(limited, mail)}, day(6), "Windows takes no certificate for e-mail under it from after 2026-11-05"},
		{"allowed for mail", "", []sst.Property{property(own, mail)}, day(1), ""},
		{"allowed for all", "", []sst.Property{property(own, all)}, day(1), ""},
		{"allowed for servers", "", []sst.Property{property(own, server)}, day(1), "Windows takes it for no e-mail, by the property CERT_ENHKEY_USAGE_PROP_ID of the store"},
		{"allowed for nothing", "", []sst.Property{property(own, none)}, day(1), "Windows takes it for no e-mail, by the property CERT_ENHKEY_USAGE_PROP_ID of the store"},
		{"allowed for what is malformed", "", []sst.Property{property(own, []byte{0x30, 5})}, day(1), "what the property CERT_ENHKEY_USAGE_PROP_ID of the store does to it is not known"},
		{"constraints on names", "", []sst.Property{property(sst.PropRootProgramNameConstraints, none)}, day(1), "what the property CERT_ROOT_PROGRAM_NAME_CONSTRAINTS_PROP_ID of the store does to it is not known"},
		{"disallowed as a CA", "", []sst.Property{property(sst.PropDisallowedCAFileTime, ticks(day(9)))}, day(1), "what the property CERT_DISALLOWED_CA_FILETIME_PROP_ID of the store does to it is not known"},
		{"allowed for servers, and disabled", "", []sst.Property{property(own, server), property(disabled, ticks(day(9)))}, day(1), "Windows has disabled it since 2026-11-09"},
		{"a name and a policy", "", []sst.Property{property(sst.PropFriendlyName, none), property(sst.PropRootProgramCertPolicies, none)}, day(1), ""},
		{"issued after, for servers", "", []sst.Property{property(notBefore, ticks(day(5))), property(limited, server)}, day(6), ""},
	} {
		c := Certificate{Certificate: chain.ParseCertificate(nil), Store: test.store, Properties: test.properties}
		if got := c.Distrust().Why(day(10), test.begins).String(); got != test.why {
			t.Errorf("%s: %q, want %q", test.name, got, test.why)
		}
	}
	late := Distrust{Disabled: day(30)}
	if late.Why(time.Time{}, time.Time{}).IsZero() {
		t.Error("at the zero time what is to come has not come")
	}
}

func mustHex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

// registry is a registry export with a certificate in each of some keys.
func registry(t *testing.T, der []byte, keys ...string) []byte {
	t.Helper()
	element := binary.LittleEndian.AppendUint32(nil, 32)
	element = binary.LittleEndian.AppendUint32(element, 1)
	element = binary.LittleEndian.AppendUint32(element, uint32(len(der)))
	element = append(element, der...)
	var octets []string
	for _, b := range element {
		octets = append(octets, fmt.Sprintf("%02x", b))
	}
	text := "Windows Registry Editor Version 5.00\r\n"
	for _, key := range keys {
		text += "\r\n[" + key + "]\r\n\"Blob\"=hex:" + strings.Join(octets, ",") + "\r\n"
	}
	return []byte(text)
}

// TestRegistryStores holds that the store of a key is kept, and that one certificate in
// two stores is distrusted for the one.
func TestRegistryStores(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "example", "root-self-signed.pem"))
	if err != nil {
		t.Fatal(err)
	}
	whole, err := new(Options).Parse(t.Context(), "root.pem", text)
	if err != nil {
		t.Fatal(err)
	}
	der := whole.Certificates[0].Raw
	for key, want := range map[string]string{
		`HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SystemCertificates\Disallowed\Certificates\A1`:         "Disallowed",
		`HKEY_CURRENT_USER\Software\Policies\Microsoft\SystemCertificates\disallowed\certificates\A1`: "disallowed",
		`HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SystemCertificates\ROOT\Certificates\A1`:               "ROOT",
		`HKEY_LOCAL_MACHINE\SOFTWARE\Disallowed`:                                                      "",
		`Certificates\A1`:                                                                             "",
	} {
		f, err := new(Options).Parse(t.Context(), "x.reg", registry(t, der, key))
		if err != nil || len(f.Certificates) != 1 || f.Certificates[0].Store != want {
			t.Errorf("%s: %v %v", key, err, f)
		}
	}
	const root, disallowed = `HKEY_LOCAL_MACHINE\X\ROOT\Certificates\A1`, `HKEY_LOCAL_MACHINE\X\Disallowed\Certificates\A1`
	both, err := new(Options).Parse(t.Context(), "x.reg", registry(t, der, root, disallowed))
	if err != nil {
		t.Fatal(err)
	}
	path := []*chain.Certificate{both.Certificates[0].Certificate}
	if code, why := NewDistrusts([]*File{both, nil}).Of(path, 0, time.Time{}); code != "distrusted" || why.IsZero() {
		t.Errorf("%s, %s", code, why)
	}
	if _, why := NewDistrusts([]*File{whole}).Of(path, 0, time.Time{}); !why.IsZero() {
		t.Errorf("%s", why)
	}
}
