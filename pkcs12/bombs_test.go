package pkcs12

import (
	"testing"

	"github.com/smimechain/smimechain/testdata/outside"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// bombs ask for absurd numbers of iterations or absurdly long keys.
var bombs = []string{
	"syn-iter-max.p12", "syn-iter-2e40.p12", "syn-iter-neg.p12",
	"syn-enciter-max-nomac.p12", "syn-pbmac1-itermax.p12", "syn-pbmac1-keyhuge.p12",
}

// A bomb costs no more than the parts of the file that are reasonable: the work
// is counted, because time depends on the machine.
func TestIterationBombs(t *testing.T) {
	for _, name := range bombs {
		t.Run(name, func(t *testing.T) {
			data := outside.Read(t, "pfx", name)
			for _, password := range []string{"secret", "wrong"} {
				in, err := (&Options{Password: &password}).inspect(t.Context(), data, false)
				if err != nil {
					t.Fatal(err)
				}
				// Two parts with 2,048 iterations each, twice for key
				// and vector, and once more with a mix-up.
				if in.spent > 3*2*2*2048 {
					t.Errorf("password %q: %d iterations", password, in.spent)
				}
				refused := in.report.MAC != nil && in.report.MAC.Err != nil
				for i := range in.report.Safes {
					refused = refused || in.report.Safes[i].Status == statusOverLimit
				}
				if !refused {
					t.Error("nothing was refused")
				}
			}
		})
	}
}

// The limit on all iterations together stops what each derivation alone may do.
func TestTotalIterations(t *testing.T) {
	data := outside.Read(t, "pfx", "o30-default.p12")
	password := "secret"
	in, err := (&Options{Password: &password, Limits: Limits{TotalIterations: 5000}}).inspect(t.Context(), data, false)
	if err != nil {
		t.Fatal(err)
	}
	if in.spent > 5000 {
		t.Errorf("%d iterations", in.spent)
	}
	if !in.report.Has(codeTotalIterations) || in.report.Bag(BagRef{1, 0}).Status != statusOverLimit {
		t.Errorf("findings %v, key %v", in.report.Observations, in.report.Bag(BagRef{1, 0}).Status)
	}
	if in.report.Password.Status != PasswordRight {
		t.Errorf("password %v", in.report.Password.Status)
	}
}

// A MAC that the limit leaves no iterations for, be it for the second form of an
// empty password only, was not checked, and is not wrong.
func TestTotalIterationsMAC(t *testing.T) {
	data := alice(t).encode(t, gopkcs12.LegacyDES, "secret") // 8 iterations each
	for limit, want := range map[int64]ProtectionStatus{7: statusOverLimit, 8: statusOverLimit, 15: statusOverLimit, 16: statusFailed} {
		r, err := (&Options{Password: new(""), Limits: Limits{TotalIterations: limit}}).Inspect(t.Context(), data)
		if err != nil {
			t.Fatal(err)
		}
		if r.MAC.Status != want || r.MAC.Err == nil || r.Password.Status != passwordUnknown || !r.Has(codeTotalIterations) {
			t.Errorf("%d iterations: MAC %v, %v; password %v, findings %v", limit, r.MAC.Status, r.MAC.Err, r.Password.Status, codes(r))
		}
	}
}

// A safe and a key that the limit leaves nothing for are said to be over it.
func TestTotalIterationsParts(t *testing.T) {
	data := alice(t).encode(t, gopkcs12.LegacyDES, "secret") // 8 iterations each, the parts twice
	for limit, want := range map[int64][2]ProtectionStatus{
		8:  {statusOverLimit, statusOverLimit},
		24: {StatusOK, statusOverLimit},
		40: {StatusOK, StatusOK},
	} {
		r, err := (&Options{Password: new("secret"), Limits: Limits{TotalIterations: limit}}).Inspect(t.Context(), data)
		if err != nil {
			t.Fatal(err)
		}
		key := r.Bag(BagRef{1, 0})
		said := make(map[string]bool)
		for _, f := range r.Observations {
			if f.Code == codeTotalIterations {
				said[f.At.String()] = true
			}
		}
		if got := [2]ProtectionStatus{r.Safes[0].Status, key.Status}; got != want || said["0"] != (want[0] != StatusOK) || said["1.0"] != (want[1] != StatusOK) {
			t.Errorf("%d iterations: %v, findings %v", limit, got, r.Observations)
		}
		if r.MAC.Status != StatusOK || r.Password.Status != PasswordRight {
			t.Errorf("%d iterations: MAC %v, password %v", limit, r.MAC.Status, r.Password.Status)
		}
	}
}

// Derivations with equal parameters run once.
func TestDerivationsRunOnce(t *testing.T) {
	data := outside.Read(t, "pfx", "o30-default.p12")
	password := "secret"
	in, err := (&Options{Password: &password}).inspect(t.Context(), data, false)
	if err != nil {
		t.Fatal(err)
	}
	if in.spent != 3*2048 {
		t.Errorf("%d iterations for a MAC and two parts of 2048 each", in.spent)
	}
	k := kdf{name: "PBKDF2", digest: lookup(prfs, "1.2.840.113549.2.9"), salt: []byte("salt"), iterations: 10}
	d := deriver{ctx: t.Context(), limits: Limits{}.withDefaults()}
	for range 3 {
		if _, err := d.run(&k, &secret{octets: []byte("p")}, 0, 32); err != nil {
			t.Fatal(err)
		}
	}
	if d.spent != 10 {
		t.Errorf("%d iterations instead of 10", d.spent)
	}
}
