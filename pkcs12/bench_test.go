package pkcs12

import (
	"context"
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/x509"
	"testing"

	"github.com/smimechain/smimechain/pkcs12/internal/pkcs12kdf"
	"github.com/smimechain/smimechain/testdata/outside"
)

// The cost of an inspection with a password, beside that of the three key
// derivations that it cannot do without.
func BenchmarkInspect(b *testing.B) {
	data := outside.Read(b, "pfx", "o30-default.p12")
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := Inspect(data, "secret"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInspectDerivationsOnly(b *testing.B) {
	data := outside.Read(b, "pfx", "o30-default.p12")
	b.SetBytes(int64(len(data)))
	in := sealed(b, data)
	boxes := boxesOf(in)
	password := secrets("secret")[0]
	for b.Loop() {
		pkcs12kdf.Key(b.Context(), sha256.New, password.bmp, in.mac.kdf.salt, 2048, pkcs12kdf.ForMAC, 32)
		for _, box := range boxes {
			if _, err := pbkdf2.Key(sha256.New, "secret", box.kdf.salt, 2048, 32); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// sealed reads the structure of data without unlocking it.
func sealed(t testing.TB, data []byte) *inspector {
	t.Helper()
	in := &inspector{
		deriver: deriver{ctx: context.Background(), limits: Limits{}.withDefaults()},
		report:  new(Inspection),
	}
	if err := in.read(data); err != nil {
		t.Fatal(err)
	}
	return in
}

func boxesOf(in *inspector) []*lockbox {
	var list []*lockbox
	for i := range in.report.Safes {
		if box := in.report.Safes[i].box; box != nil {
			list = append(list, box)
		}
	}
	for _, bag := range in.report.Bags() {
		if bag.box != nil {
			list = append(list, bag.box)
		}
	}
	return list
}

func BenchmarkInspectStructure(b *testing.B) {
	data := outside.Read(b, "pfx", "o30-default.p12")
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := new(Options).Inspect(context.Background(), data); err != nil {
			b.Fatal(err)
		}
	}
}

// A file of 5,001 certificates, beside crypto/x509 parsing them.
func BenchmarkInspectManyCertificates(b *testing.B) {
	data := outside.Read(b, "pfx", "syn-5000certs.p12")
	password := "secret"
	o := &Options{Password: &password, Limits: Limits{Size: 16 << 20, Bags: 10_000}}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := o.Inspect(context.Background(), data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseManyCertificates(b *testing.B) {
	data := outside.Read(b, "pfx", "syn-5000certs.p12")
	password := "secret"
	o := &Options{Password: &password, Limits: Limits{Size: 16 << 20, Bags: 10_000}}
	r, err := o.Inspect(context.Background(), data)
	if err != nil {
		b.Fatal(err)
	}
	certs := r.Certificates()
	if len(certs) != 5001 {
		b.Fatalf("%d certificates", len(certs))
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		for _, c := range certs {
			if _, err := x509.ParseCertificate(c.Raw); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// The inspection of files that ask for 2³¹−1 or more iterations.
func BenchmarkIterationBombs(b *testing.B) {
	for _, name := range bombs {
		data := outside.Read(b, "pfx", name)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Inspect(data, "secret"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
