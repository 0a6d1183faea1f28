package bundle

import (
	"fmt"
	"unicode/utf8"

	"github.com/trustelem/zxcvbn"

	"github.com/smimechain/smimechain/pkcs12"
)

// Password is what is known of a password that opened a PFX. It does not hold
// the password.
type Password struct {
	Characters int // Unicode code points
	Bytes      int // in UTF-8
	Strength   Strength
}

// Strength says how hard a password is to guess for a program that knows how
// people choose theirs: the score of zxcvbn 4.4.2, whose dictionaries are
// English. It is an estimate from above: what is special to a company or its
// people, such as a name or a year of birth, is not known to it.
type Strength uint8

// The strengths. The zero value is not the weakest: it says nothing.
const (
	StrengthUnknown   Strength = iota // not measured: no characters, more than [MaxMeasured], or some beyond printable ASCII
	StrengthVeryWeak                  // fewer than 10³ guesses; score 0
	StrengthWeak                      // fewer than 10⁶; score 1
	StrengthMedium                    // fewer than 10⁸; score 2
	StrengthGood                      // fewer than 10¹⁰; score 3
	StrengthExcellent                 // 10¹⁰ guesses or more; score 4
)

// String returns the word for it.
func (s Strength) String() string {
	switch s {
	case StrengthUnknown:
		return "unknown"
	case StrengthVeryWeak:
		return "very weak"
	case StrengthWeak:
		return "weak"
	case StrengthMedium:
		return "medium"
	case StrengthGood:
		return "good"
	case StrengthExcellent:
		return "excellent"
	default:
		return fmt.Sprintf("Strength(%d)", uint8(s))
	}
}

// MaxMeasured is how many characters a password may have for its strength to be
// measured. The time that takes grows with the square of the length and with the
// number of signs that stand for letters; at this length it is below 50 ms at
// worst, and 2 ms for random letters and digits.
const MaxMeasured = 32

// measure returns what is known of the password that opened a PFX, nil if it was
// not proven right. It is measured once for a file, which may hold many PFX.
func (o *Options) measure(f *File, report *pkcs12.Report) *Password {
	if o.Password == nil || report == nil || !report.Password.Status.Right() {
		return nil
	}
	if f.measured == nil {
		f.measured = &Password{
			Characters: utf8.RuneCountInString(*o.Password),
			Bytes:      len(*o.Password),
			Strength:   strength(*o.Password),
		}
	}
	return f.measured
}

// strength measures printable ASCII alone: the library counts octets where
// others have characters, which makes what repeats in them look weak.
func strength(password string) Strength {
	if password == "" || len(password) > MaxMeasured {
		return StrengthUnknown
	}
	for i := range len(password) {
		if password[i] < ' ' || password[i] > '~' {
			return StrengthUnknown
		}
	}
	return StrengthVeryWeak + Strength(min(max(zxcvbn.PasswordStrength(password, nil).Score, 0), 4))
}
