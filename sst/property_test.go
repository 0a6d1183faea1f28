package sst

import (
	"bytes"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestPropIDs(t *testing.T) {
	assigned := 0
	names := make(map[string]PropID)
	for id := PropID(0); id <= MaxPropID+1; id++ {
		s := id.String()
		known := id >= 1 && id <= 30 || id >= 64 && id <= 129
		if known != id.Assigned() || known == strings.HasPrefix(s, "CERT_PROP_ID(") {
			t.Errorf("%d: assigned %v, %q", id, id.Assigned(), s)
		}
		if known {
			assigned++
			if !strings.HasPrefix(s, "CERT_") || !strings.HasSuffix(s, "_PROP_ID") {
				t.Errorf("%d: %q", id, s)
			}
			if other, ok := names[s]; ok {
				t.Errorf("%d and %d: %q", id, other, s)
			}
			names[s] = id
		} else if id.Class() != 0 || id.Form() != formOpaque {
			t.Errorf("%d: class %v, form %v", id, id.Class(), id.Form())
		}
		if want := id != 0 && id <= 0xffff && (id < 32 || id > 62); id.Valid() != want {
			t.Errorf("%d: valid %v", id, id.Valid())
		}
	}
	if assigned != 96 {
		t.Errorf("%d ids, want 96", assigned)
	}
	if got := PropID(130).String(); got != "CERT_PROP_ID(130)" {
		t.Error(got)
	}
	if PropKeyProvInfo.String() != "CERT_KEY_PROV_INFO_PROP_ID" || PropFriendlyName.OID() != "1.3.6.1.4.1.311.10.11.11" {
		t.Error("name or OID")
	}
}

// TestPropClasses holds the classes of the ids that decide what is refused.
func TestPropClasses(t *testing.T) {
	tests := []struct {
		class Class
		ids   []PropID
	}{
		{KeyMaterial, []PropID{118}},
		{KeyReference, []PropID{2, 6, 12, 16, 17, 18, 65, 69, 74, 76, 90, 91, 101, 103, 106, 117, 120}},
		{processHandle, []PropID{1, 5, 6, 14, 78, 79, 99, 100, 117}},
		{SideEffect, []PropID{19, 82, 86, 125}},
		{privateData, []PropID{21, 26, 27, 64, 66, 71, 72, 73, 87, 88, 108, 109, 110, 111, 112, 113, 116}},
		{recomputable, []PropID{3, 4, 8, 15, 20, 22, 24, 25, 28, 29, 89, 92, 93, 94, 95, 96, 98, 107, 121, 124, 129}},
	}
	for _, test := range tests {
		var got []PropID
		for id := PropID(1); id < 130; id++ {
			if id.Class().Has(test.class) {
				got = append(got, id)
			}
		}
		if len(got) != len(test.ids) {
			t.Errorf("%v: %v", test.class, got)
			continue
		}
		for i := range got {
			if got[i] != test.ids[i] {
				t.Errorf("%v: %v", test.class, got)
				break
			}
		}
	}
	// The list of ids that a publisher of trust stores must not write.
	for _, id := range []PropID{1, 2, 5, 6, 12, 16, 17, 18, 65, 69, 74, 76, 78, 79, 90, 91, 99, 100, 101, 103, 106, 117, 118, 120, 125} {
		if id.Class()&^recomputable == 0 {
			t.Errorf("%v has no class", id)
		}
	}
}

// TestStrings checks that no value of an enumeration takes the default branch,
// and that others do.
func TestStrings(t *testing.T) {
	for k := unknownKind; k <= CTL; k++ {
		if strings.Contains(k.String(), "(") {
			t.Error(k)
		}
	}
	for f := formOpaque; f <= FormKeyProvider; f++ {
		if strings.Contains(f.String(), "(") {
			t.Error(f)
		}
	}
	for h := noHint + 1; h < numHints; h++ {
		if strings.HasPrefix(h.String(), "Hint(") || h.String() == "" {
			t.Error(h)
		}
	}
	for r := dropProperty; r < numDropReasons; r++ {
		if strings.Contains(r.String(), "(") {
			t.Error(r)
		}
	}
	for c := KeyMaterial; c <= recomputable; c <<= 1 {
		if strings.Contains(c.String(), "(") {
			t.Error(c)
		}
	}
	for _, s := range []string{Kind(9).String(), FormKeyProvider.next().String(), numHints.String(), numDropReasons.String(), DropReason(0).String(), Class(0x80).String()} {
		if !strings.Contains(s, "(") {
			t.Error(s)
		}
	}
	if s := (KeyReference | processHandle).String(); s != "key reference, process handle" {
		t.Error(s)
	}
	if Class(0).String() != "none" {
		t.Error(Class(0))
	}
}

func (f Form) next() Form { return f + 1 }

func TestText(t *testing.T) {
	tests := []struct {
		value string
		want  string
		ok    bool
	}{
		{"W\x00i\x00\x00\x00", "Wi", true},
		{"\x00\x00", "", true},
		{"\x0e\x20A\x00\x00\x00", "\u200eA", true},
		{"\x3d\xd8\x11\xdd\x00\x00", "\U0001F511", true},
		{"", "", false},
		{"A\x00", "", false},
		{"A\x00\x00", "", false},
		{"A\x00\x00\x00B\x00", "", false},
		{"A\x00\x00\x00\x00\x00", "", false},
		{"\x3d\xd8\x00\x00", "", false},
		{"\x11\xdd\x00\x00", "", false},
		{"\x3d\xd8", "", false},
	}
	for _, test := range tests {
		p := Property{ID: PropFriendlyName, Value: []byte(test.value)}
		got, err := p.Text()
		var fe *FormatError
		if got != test.want || (err == nil) != test.ok || err != nil && !errors.As(err, &fe) {
			t.Errorf("%q: %q, %v", test.value, got, err)
		}
		if !test.ok {
			continue
		}
		q, err := newText(PropFriendlyName, test.want)
		if err != nil || !bytes.Equal(q.Value, p.Value) {
			t.Errorf("%q: newText gives %q, %v", test.want, q.Value, err)
		}
	}
	for _, s := range []string{"a\x00b", "a\xff", "\xed\xa0\x80"} {
		if _, err := newText(PropFriendlyName, s); err == nil {
			t.Errorf("%q is written", s)
		}
	}
	if q, err := newText(PropFriendlyName, "\uFFFD"); err != nil || len(q.Value) != 4 {
		t.Error("U+FFFD is a character like any other")
	}
}

func TestTime(t *testing.T) {
	le := func(v uint64) []byte { return binary.LittleEndian.AppendUint64(nil, v) }
	tests := []struct {
		value []byte
		want  time.Time
	}{
		{nil, time.Time{}},
		{le(0), time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC)},
		{le(116444736000000000), time.Unix(0, 0)},
		{le(133801632000000000), time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)},
		{le(133801632000000001), time.Date(2025, 1, 1, 0, 0, 0, 100, time.UTC)},
		{le(1<<64 - 1), time.Unix(1833029933770, 955161500)},
	}
	for _, test := range tests {
		p := Property{ID: PropNotBeforeFileTime, Value: test.value}
		got, err := p.Time()
		if err != nil || !got.Equal(test.want) || got.Location() != time.UTC {
			t.Errorf("%x: %v, %v", test.value, got, err)
		}
		q, err := newTime(p.ID, got)
		if err != nil || !bytes.Equal(q.Value, test.value) {
			t.Errorf("%v: %x, %v", got, q.Value, err)
		}
	}
	for _, n := range []int{1, 4, 7, 9, 16} {
		if _, err := (Property{ID: PropDateStamp, Value: make([]byte, n)}).Time(); !errors.Is(err, errValue) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	for _, v := range []time.Time{time.Date(1600, 12, 31, 0, 0, 0, 0, time.UTC), time.Unix(1833029933771, 0), time.Unix(1<<62, 0)} {
		if _, err := newTime(PropNotBeforeFileTime, v); err == nil {
			t.Errorf("%v is written", v)
		}
	}
}

func TestOtherForms(t *testing.T) {
	if v, err := (Property{ID: PropKeySpec, Value: []byte{1, 2, 0, 0}}).Uint32(); err != nil || v != 513 {
		t.Error(v, err)
	}
	if _, err := (Property{ID: PropKeySpec, Value: []byte{1, 2, 0}}).Uint32(); !errors.Is(err, errValue) {
		t.Error(err)
	}
	for _, test := range []struct {
		value string
		want  bool
	}{{"", true}, {"\x00\x00\x00\x00", false}, {"\x01\x00\x00\x00", true}} {
		if got := (Property{ID: PropArchived, Value: []byte(test.value)}).Flag(); got != test.want {
			t.Errorf("flag %q: %v", test.value, got)
		}
	}
	for _, v := range []string{"", "\x30", "\x30\x80\x00\x00", "\x30\x01", "\x30\x00\x00", "\x30\x81\x01\x00", "\x1f\x01\x00", "\x30\x84\x00\x00\x00\x00", "\x30\x85\x01\x00\x00\x00\x00"} {
		if _, err := (Property{ID: PropPubKeyAlgPara, Value: []byte(v)}).DER(); !errors.Is(err, errValue) {
			t.Errorf("DER %q: %v", v, err)
		}
	}
	if v, err := (Property{ID: PropPubKeyAlgPara, Value: []byte("\x05\x00")}).DER(); err != nil || len(v) != 2 {
		t.Error(err)
	}
	eku := Property{ID: PropEnhKeyUsage, Value: []byte("\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x04")}
	oids, err := eku.OIDs()
	if err != nil || len(oids) != 1 || oids[0].String() != "1.3.6.1.5.5.7.3.4" {
		t.Error(oids, err)
	}
	if q, err := newOIDs(PropEnhKeyUsage, oids...); err != nil || !bytes.Equal(q.Value, eku.Value) {
		t.Error(q, err)
	}
	if oids, err := (Property{ID: PropEnhKeyUsage, Value: []byte("\x30\x00")}).OIDs(); err != nil || len(oids) != 0 {
		t.Error(oids, err)
	}
	for _, v := range []string{"", "\x30\x01\x06", "\x30\x02\x06\x00", "\x30\x03\x06\x01\x80", "\x30\x00\x00", "\x30\x02\x05\x00", "\x31\x00"} {
		if _, err := (Property{ID: PropEnhKeyUsage, Value: []byte(v)}).OIDs(); !errors.Is(err, errValue) {
			t.Errorf("OIDs %q: %v", v, err)
		}
	}
	for id, n := range map[PropID]int{3: 20, 4: 16, 29: 16, 98: 32, 107: 32, 124: 32, 129: 52} {
		if _, err := (Property{ID: id, Value: make([]byte, n)}).Hash(); err != nil {
			t.Errorf("%v: %v", id, err)
		}
		if _, err := (Property{ID: id, Value: make([]byte, n-1)}).Hash(); !errors.Is(err, errValue) {
			t.Errorf("%v: %v", id, err)
		}
	}
}

func TestKeyProvInfo(t *testing.T) {
	s, err := Parse(corpus(t, "dotnet-store.sst"))
	if err != nil {
		t.Fatal(err)
	}
	k, err := s.Elements[0].KeyProvInfo()
	if err != nil || k == nil {
		t.Fatal(err)
	}
	if len(k.Container) != 38 || k.Container[0] != '{' || k.Provider != "Microsoft Strong Cryptographic Provider" || k.ProvType != 1 || k.KeySpec != 2 && k.KeySpec != 1 || k.Params != nil {
		t.Errorf("got %+v", k)
	}
	if none, err := s.Elements[1].KeyProvInfo(); none != nil || err != nil {
		t.Error("a certificate without the property has one")
	}
	// The value of Windows is written again as it was.
	p, _ := s.Elements[0].Property(PropKeyProvInfo)
	q, err := newKeyProvInfo(k)
	if err != nil || !bytes.Equal(q.Value, p.Value) {
		t.Errorf("written differently: %d bytes for %d, %v", len(q.Value), len(p.Value), err)
	}
	s, err = Parse(corpus(t, "wine/wine_keyprov.sst"))
	if err != nil {
		t.Fatal(err)
	}
	if k, err := s.Elements[0].KeyProvInfo(); err != nil || k.Container != "TestContainer" {
		t.Errorf("Wine's: %v", err)
	}
}

func TestKeyProvInfoDamage(t *testing.T) {
	good := must(newKeyProvInfo(&KeyProvInfo{Container: "C", Provider: "P", Params: []KeyProvParam{{Param: 1, Data: []byte{1, 2, 3}}, {Param: 2}}}))
	if k, err := good.KeyProvInfo(); err != nil || len(k.Params) != 2 || len(k.Params[0].Data) != 3 {
		t.Fatal(err)
	}
	set := func(off int, v uint32) Property {
		b := bytes.Clone(good.Value)
		binary.LittleEndian.PutUint32(b[off:], v)
		return Property{ID: PropKeyProvInfo, Value: b}
	}
	n := uint32(len(good.Value))
	bad := map[string]Property{
		"empty":               {ID: PropKeyProvInfo},
		"short":               {ID: PropKeyProvInfo, Value: good.Value[:27]},
		"container in header": set(0, 27),
		"container at end":    set(0, n),
		"container past end":  set(0, 0xffffffff),
		"provider, no NUL":    set(4, n-1),
		"params, huge count":  set(16, 0x10000001),
		"params past end":     set(20, n-15),
		"params in header":    set(20, 4),
		"data past end":       set(28+4, n-2),
		"data, huge length":   set(28+8, 0xffffffff),
		"data in header":      set(28+4, 8),
	}
	for name, p := range bad {
		var fe *FormatError
		if k, err := p.KeyProvInfo(); k != nil || !errors.As(err, &fe) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Odd offsets are as good as even ones.
	odd := append(bytes.Clone(good.Value), 0, 'X', 0, 0, 0)
	binary.LittleEndian.PutUint32(odd, n+1)
	if k, err := (Property{ID: PropKeyProvInfo, Value: odd}).KeyProvInfo(); err != nil || k.Container != "X" {
		t.Errorf("odd offset: %v", err)
	}
}

// TestCorpusValues reads every property of the stores that Windows wrote with
// the accessor of its form.
func TestCorpusValues(t *testing.T) {
	read := 0
	for name := range corpusStores {
		s, err := Parse(corpus(t, name))
		if err != nil {
			t.Fatal(err)
		}
		for i := range s.Elements {
			e := &s.Elements[i]
			if bad := e.VerifyHashes(); bad != nil {
				t.Errorf("%s: element %d: %v is wrong", name, i, bad[0].ID)
			}
			for _, p := range e.Properties {
				var err error
				switch p.ID.Form() {
				case FormText:
					_, err = p.Text()
				case FormFileTime:
					_, err = p.Time()
				case FormDWORD:
					_, err = p.Uint32()
				case FormHash:
					_, err = p.Hash()
				case FormOIDList:
					_, err = p.OIDs()
				case formDER:
					_, err = p.DER()
				case FormKeyProvider:
					_, err = p.KeyProvInfo()
				default:
					t.Errorf("%s: %v is opaque", name, p.ID)
				}
				if err != nil {
					t.Errorf("%s: element %d: %v", name, i, err)
				}
				read++
			}
		}
	}
	if read < 3000 {
		t.Errorf("%d properties read", read)
	}
}

func TestVerifyHashes(t *testing.T) {
	c := newCert(t, 1, func(c *x509.Certificate) { c.IsCA = false; c.KeyUsage = 0 })
	e := &Element{Kind: Certificate, Raw: c.Raw}
	ids := []PropID{3, 4, 15, 20, 29, 98, 107, 124, 129}
	for _, id := range ids {
		e.setProperty(must(newHash(id, e)))
	}
	if bad := e.VerifyHashes(); bad != nil {
		t.Errorf("wrong: %v", bad[0].ID)
	}
	for i := range e.Properties {
		b := e.Properties[i].Value
		b[len(b)-1] ^= 1
	}
	// Not compared: nobody knows what these should be.
	e.setProperty(Property{ID: PropIssuerPublicKeyMD5Hash, Value: make([]byte, 16)})
	bad := e.VerifyHashes()
	if len(bad) != len(ids) {
		t.Fatalf("%d mismatches, want %d", len(bad), len(ids))
	}
	for i, m := range bad {
		if m.ID != ids[i] || bytes.Equal(m.Stored, m.Computed) {
			t.Errorf("%v", m.ID)
		}
	}
	for _, n := range []int{16, 20, 32, 48, 64} {
		h := hasher{e: e}
		v, ok := h.compute(PropSignatureHash, n)
		if !ok || len(v) != n {
			t.Errorf("signature hash of %d bytes: %d", n, len(v))
		}
	}
	// Of garbage, only the hashes of the whole are compared.
	g := &Element{Kind: Certificate, Raw: []byte("garbage"), Properties: []Property{{ID: 3, Value: make([]byte, 20)}, {ID: 20, Value: make([]byte, 20)}, {ID: 15, Value: make([]byte, 20)}}}
	if bad := g.VerifyHashes(); len(bad) != 1 || bad[0].ID != 3 {
		t.Errorf("garbage: %v", bad)
	}
}
