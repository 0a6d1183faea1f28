package pkcs12

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"testing"
)

// long reports whether tests are to run at full length.
func long() bool { return os.Getenv("SMIMECHAIN_LONG") != "" }

// A wrong password is never taken for a right one.
func TestWrongPasswords(t *testing.T) {
	n := 20_000
	if long() {
		n = 1_000_000
	}
	data := corpusFile(t, "pfx", "o30-noiter.p12")
	for i := range n {
		r, err := Inspect(data, fmt.Sprintf("wrong %d", i))
		if err != nil {
			t.Fatal(err)
		}
		if r.Password.Status != PasswordWrong {
			t.Fatalf("wrong password %d: %v", i, r.Password.Status)
		}
	}
	t.Logf("%d wrong passwords", n)
}

// With the right password, single bits that flip are recognized as what they
// are, not as a wrong password.
func TestBitFlips(t *testing.T) {
	for _, name := range []string{"o30-noiter.p12", "o30-legacy.p12", "nss387-default.p12"} {
		step := 17
		if long() {
			step = 1
		}
		if name == "nss387-default.p12" {
			step = 997 // 600,000 iterations
		}
		data := corpusFile(t, "pfx", name)
		counts := make(map[string]int)
		total := 0
		for bit := 0; bit < len(data)*8; bit += step {
			damaged := bytes.Clone(data)
			damaged[bit/8] ^= 1 << (bit % 8)
			total++
			password := "secret"
			r, err := (&Options{Password: &password}).Inspect(context.Background(), damaged)
			switch {
			case err != nil:
				counts["not a PFX"]++
			case r.Password.Status == PasswordRightAltered:
				counts["right, altered"]++
			case r.Has(CodeMalformed) || r.Has(CodeTruncated) || r.Has(CodeTrailing):
				counts["structure"]++
			default:
				counts[r.Password.Status.String()]++
			}
		}
		recognized := counts["right, altered"] + counts["structure"] + counts["not a PFX"]
		t.Logf("%s: %d flips: %v: %.2f%%", name, total, counts, 100*float64(recognized)/float64(total))
		if recognized*100 < total*98 {
			t.Errorf("%s: %d of %d flips recognized: %v", name, recognized, total, counts)
		}
	}
}
