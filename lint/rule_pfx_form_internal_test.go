package lint

import (
	"slices"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/pkcs12"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// TestPFXForm holds what is found of the form of a PFX, part by part.
func TestPFXForm(t *testing.T) {
	const rc2, names, ids, odd, ber, text = "w_pfx_rc2", "w_pfx_names_collide", "w_pfx_local_key_id_twice", "n_pfx_iterations", "w_pfx_ber", "e_pfx_text"
	safe := func(e *pkcs12.Encryption, bags ...pkcs12.Bag) *pkcs12.Inspection {
		return &pkcs12.Inspection{Safes: []pkcs12.Safe{{Encryption: e, Bags: bags}}}
	}
	pbkdf2 := func(n int64) *pkcs12.Encryption { return &pkcs12.Encryption{KDF: "PBKDF2", Iterations: n} }
	scrypt := func(n int64) *pkcs12.Encryption { return &pkcs12.Encryption{KDF: "scrypt", Iterations: n} }
	mac := func(n int64) *pkcs12.Inspection { return &pkcs12.Inspection{MAC: &pkcs12.MAC{Iterations: n}} }
	old := &pkcs12.Encryption{Scheme: "pbewithSHAAnd40BitRC2-CBC"}
	key := func(e *pkcs12.Encryption) pkcs12.Bag { return pkcs12.Bag{Encryption: e} }
	attributes := func(oids ...string) pkcs12.Bag {
		var b pkcs12.Bag
		for _, oid := range oids {
			b.Attributes = append(b.Attributes, pkcs12.Attribute{OID: oid})
		}
		return b
	}
	const friendly = "1.2.840.113549.1.9.20"
	finding := func(code pkcs12.ObservationCode) *pkcs12.Inspection {
		return &pkcs12.Inspection{Observations: []pkcs12.Observation{{Code: code, At: pkcs12.BagRef{0, 1}}}}
	}
	for _, tt := range []struct {
		rule   string
		report *pkcs12.Inspection
		want   []string // what the messages end in
	}{
		{odd, mac(0), nil},
		{odd, mac(1), []string{"the number of iterations of the MAC is 1"}},
		{odd, mac(2), nil},
		{odd, mac(1_000_000), nil},
		{odd, mac(1_000_001), []string{"the number of iterations of the MAC is 1000001"}},
		{odd, safe(nil), nil},
		{odd, safe(pbkdf2(2048)), nil},
		{odd, safe(pbkdf2(1)), []string{"the number of iterations of part 0 is 1"}},
		{odd, safe(scrypt(1)), nil},
		{odd, safe(scrypt(1 << 21)), nil}, // a cost, not a number of iterations
		{odd, safe(pbkdf2(2048), key(nil), key(pbkdf2(1_000_001))), []string{"the number of iterations of part 0.1 is 1000001"}},
		{rc2, safe(old), []string{"part 0 is encrypted with RC2 of 40 bits"}},
		{rc2, safe(nil, key(old)), []string{"part 0.0 is encrypted with RC2 of 40 bits"}},
		{rc2, safe(pbkdf2(2048), key(pbkdf2(2048))), nil},
		{ids, safe(nil, attributes(oidLocalKeyID, friendly)), nil},
		{ids, safe(nil, attributes(oidLocalKeyID), attributes(oidLocalKeyID)), nil},
		{ids, safe(nil, attributes(friendly, oidLocalKeyID, oidLocalKeyID)), []string{"bag 0.0 has 2 localKeyID attributes"}},
		{names, finding("name_collision"), []string{"bag 0.1: "}},
		{names, finding("key_id_collision"), []string{"bag 0.1: "}},
		{names, finding("another"), nil},
		{ber, &pkcs12.Inspection{Encoding: pkcs7.BER}, []string{"is in BER, not in DER"}},
		{ber, &pkcs12.Inspection{Encoding: 0}, nil},
		{text, &pkcs12.Inspection{Armor: pkcs7.Binary}, nil},
		{text, &pkcs12.Inspection{Armor: pkcs7.Base64}, []string{"is base64 text, not binary"}},
	} {
		rule, ok := FindRule(tt.rule)
		if !ok {
			t.Fatal(tt.rule)
		}
		p := &Pass{Target: OutlookIOS, Time: noon, Facts: new(Facts), Collection: &Collection{Files: []*bundle.File{{Name: "a.pfx", PFX: tt.report}}}, rule: &rule}
		if err := rule.Run(p); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range p.findings {
			got = append(got, f.Message.String())
		}
		if tt.rule == names && len(got) == 1 {
			got[0] = got[0][:min(len(got[0]), len(tt.want[0]))]
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.rule, got, tt.want)
		}
	}
}
