package pkcs12

import (
	"bytes"
	"context"
	"errors"
	"testing"

	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// fuzzSeeds are files of every kind that can be generated, 3 of them with odd
// ends.
func fuzzSeeds(f *testing.F) [][]byte {
	p := alice(f)
	seeds := [][]byte{
		p.encode(f, gopkcs12.LegacyDES, "secret"),
		p.encode(f, gopkcs12.LegacyRC2, "secret"),
		p.encode(f, gopkcs12.Modern2023, "secret"),
		p.encode(f, gopkcs12.Modern2026, "secret"),
		p.encode(f, gopkcs12.Modern2023, ""),
		p.encode(f, gopkcs12.Passwordless, ""),
		indefinite(p.encode(f, gopkcs12.Modern2023, "secret")),
	}
	seeds = append(seeds, seeds[0][:len(seeds[0])/2], append(bytes.Clone(seeds[2]), "\r\n"...), nil)
	if len(seeds) != 10 {
		f.Fatalf("%d seeds", len(seeds))
	}
	return seeds
}

// indefinite gives the outermost element an indefinite length.
func indefinite(der []byte) []byte {
	out := append([]byte{0x30, 0x80}, der[4:]...)
	return append(out, 0, 0)
}

func fuzzInspect(t *testing.T, data []byte, password *string) {
	input := bytes.Clone(data)
	limits := Limits{Iterations: 100, TotalIterations: 1000, ScryptMemory: 1 << 16}
	in, err := (&Options{Password: password, Limits: limits}).inspect(context.Background(), data, false)
	if !bytes.Equal(input, data) {
		t.Error("the input was changed")
	}
	if err != nil {
		var format *FormatError
		if !errors.As(err, &format) || in != nil {
			t.Fatalf("error of type %T", err)
		}
		return
	}
	if in.spent > limits.TotalIterations {
		t.Fatalf("%d iterations", in.spent)
	}
	r := in.report
	bags := 0
	for ref, b := range r.Bags() {
		bags++
		if r.Bag(ref) != b {
			t.Fatalf("bag %v is not where it is", ref)
		}
		if b.box != nil || b.pkcs8 != nil {
			t.Fatal("the report keeps what it must not")
		}
	}
	if bags > defaultBags {
		t.Fatalf("%d bags", bags)
	}
	// What the documentation of the fields says.
	unexplained := func(s ProtectionStatus, err error) bool {
		return (err == nil) != (s == StatusPlain || s == StatusOK || s == statusNotTried)
	}
	if m := r.MAC; m != nil && unexplained(m.Status, m.Err) {
		t.Fatalf("MAC %v, %v", m.Status, m.Err)
	}
	if p := r.Password; p.MixUp != hintNone && p.Status != PasswordWrong && p.Status != passwordUnknown ||
		p.Variant != variantStandard && !p.Status.Right() ||
		password == nil && p.Charset != charsetNone && (p.Charset != CharsetEmpty || !p.Status.Right()) {
		t.Fatalf("password %+v", p)
	}
	for _, id := range r.Identities {
		if r.Bag(id.Key) == nil || id.Leaf != nil && r.Bag(id.Leaf).Certificate == nil ||
			(id.Leaf == nil) != (id.LinkedBy == 0) || (id.Matches == Yes) != (id.LinkedBy&linkPublicKey != 0) ||
			id.Leaf == nil && id.Missing != nil || id.Complete && id.Missing != nil {
			t.Fatalf("identity %+v", id)
		}
	}
	for _, info := range Importers() {
		v := r.Compatible(info.Importer)
		if (v.Answer == Yes) != (len(v.Reasons) == 0) {
			t.Fatalf("%v with %d reasons", v.Answer, len(v.Reasons))
		}
	}
}

func FuzzInspectStructure(f *testing.F) {
	for _, s := range fuzzSeeds(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) { fuzzInspect(t, data, nil) })
}

func FuzzInspect(f *testing.F) {
	for _, s := range fuzzSeeds(f) {
		f.Add(s, "secret")
	}
	f.Fuzz(func(t *testing.T, data []byte, password string) { fuzzInspect(t, data, &password) })
}

// FuzzDecrypted fuzzes what comes out of a decryption, where random changes to a
// whole file rarely get to.
func FuzzDecrypted(f *testing.F) {
	seeds := fuzzSeeds(f)
	for _, s := range seeds[:6] {
		password := "secret"
		r, err := (&Options{Password: &password}).Inspect(context.Background(), s)
		if err != nil {
			f.Fatal(err)
		}
		for _, c := range r.Certificates() {
			f.Add(c.Raw)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in := &inspector{deriver: deriver{ctx: context.Background(), limits: Limits{}.withDefaults()}, report: new(Inspection)}
		in.report.Safes = []Safe{{}}
		in.report.Safes[0].Bags, _ = in.parseBags(in.nested(data), BagRef{0}, 0)
		parseKey(data, true)
		spkiFingerprint(data)
		in.identify()
	})
}
