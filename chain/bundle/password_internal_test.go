package bundle

import (
	"math"
	"strings"
	"testing"
)

func TestEntropy(t *testing.T) {
	random := func(characters, length int) float64 { return float64(length) * math.Log2(float64(characters)) }
	for _, tt := range []struct {
		password string
		atLeast  float64
		below    float64
	}{
		{"", 0, 1},
		{strings.Repeat("a", maxMeasured+1), -1, 0},
		{"ぱすわーど", -1, 0},
		{"secret\n", -1, 0},
		{"\xFF", -1, 0},
		{"secret", 28, random(26, 6) + 1},
		{strings.Repeat("a", maxMeasured), 0, 20},
		{"qwertyuiop123456789", 0, 40},
		{"Winter2026!", 50, 70},
		{"smime-2026", 40, 60},
		{"VQ8mC0b1rT4kZxW2nH6sYd3L", random(62, 23), random(62, 25)}, // of the form that openssl rand -base64 18 prints
	} {
		if got := entropy(tt.password); got < tt.atLeast || got >= tt.below {
			t.Errorf("%q: %.1f bits, want from %.1f to %.1f", tt.password, got, tt.atLeast, tt.below)
		}
	}
}

func FuzzEntropy(f *testing.F) {
	for _, s := range []string{"", "secret", "aabaab", "1991-11-11", "qwertyuiop", "drowssap", "\x80", "ぱぱ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, password string) {
		if e := entropy(password); e < -1 || e > maxMeasured*7 || math.IsNaN(e) {
			t.Error(e)
		}
	})
}
