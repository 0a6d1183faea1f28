package bundle

import (
	"strings"
	"testing"
	"time"
)

func TestStrength(t *testing.T) {
	for _, tt := range []struct {
		password string
		want     Strength
	}{
		{"", StrengthUnknown},
		{strings.Repeat("a", MaxMeasured+1), StrengthUnknown},
		{"ぱすわーど", StrengthUnknown},
		{"secret\n", StrengthUnknown},
		{"\xFF", StrengthUnknown},
		{"secret", StrengthVeryWeak},
		{strings.Repeat("a", MaxMeasured), StrengthVeryWeak},
		{"qwerty99", StrengthWeak},
		{"Winter2026!", StrengthMedium},
		{"smime-2026", StrengthGood},
		{"VQ8mC0b1rT4kZxW2nH6sYd3L", StrengthExcellent}, // of the form that openssl rand -base64 18 prints
	} {
		if got := strength(tt.password); got != tt.want {
			t.Errorf("%q: %v, want %v", tt.password, got, tt.want)
		}
	}
}

// costly is as dear as a password can be: signs that stand for letters, each of
// them in several ways.
const costly = "4@8({[<369 1!|70$5+%24@8({[<369 1!|70$5+%2"

func TestStrengthTime(t *testing.T) {
	for _, password := range []string{costly[:MaxMeasured], strings.Repeat("ab", MaxMeasured/2), strings.Repeat("1!", MaxMeasured/2), strings.Repeat("aab", 10)} {
		start := time.Now()
		strength(password)
		if d := time.Since(start); d > time.Second {
			t.Errorf("%q took %v", password, d)
		}
	}
}

func TestStrengthString(t *testing.T) {
	for s := StrengthUnknown; s <= StrengthExcellent; s++ {
		if strings.HasPrefix(s.String(), "Strength(") {
			t.Errorf("%d has no name", s)
		}
	}
}

func FuzzStrength(f *testing.F) {
	seeds := []string{"", "secret", costly[:MaxMeasured], "aabaab", "1991-11-11", "qwertyuiop", "drowssap", "\x80", "ぱぱ"}
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, password string) {
		if s := strength(password); s > StrengthExcellent {
			t.Error(s)
		}
	})
}

func BenchmarkStrength(b *testing.B) {
	for name, password := range map[string]string{"random": "VQ8mC0b1rT4kZxW2nH6sYd3L", "costly": costly[:MaxMeasured]} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				strength(password)
			}
		})
	}
}
