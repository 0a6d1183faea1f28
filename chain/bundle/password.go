package bundle

import (
	"unicode/utf8"

	passwordvalidator "github.com/wagslane/go-password-validator"

	"github.com/smimechain/smimechain/pkcs12"
)

// PasswordStrength is what is known of a password that opened a PFX. It does not hold
// the password.
type PasswordStrength struct {
	Characters int // Unicode code points
	Bytes      int // in UTF-8

	// Entropy is the binary logarithm of the number of guesses, in bits, if each
	// character had been chosen by chance among all of its kinds (small and
	// capital letters, digits, signs); what repeats or follows on the keyboard or
	// in the alphabet counts little. It is an upper bound: words and names that
	// make it easier to guess are not known. It is -1 where it was not measured:
	// beyond printable ASCII, and above 256 characters.
	Entropy float64
}

// maxMeasured is how many characters a password may have for its entropy to be
// measured.
const maxMeasured = 256

// measure notes what is known of the password if it is proven to have opened a PFX. It is
// measured once for a file, which may hold many PFX.
func (r *reading) measure(report *pkcs12.Inspection) {
	if r.password == nil || report == nil || !report.Password.Status.Right() || r.Password != nil {
		return
	}
	r.Password = &PasswordStrength{
		Characters: utf8.RuneCountInString(*r.password),
		Bytes:      len(*r.password),
		Entropy:    entropy(*r.password),
	}
}

// entropy measures printable ASCII alone: the library counts octets where others
// have characters.
func entropy(password string) float64 {
	if len(password) > maxMeasured {
		return -1
	}
	for i := range len(password) {
		if password[i] < ' ' || password[i] > '~' {
			return -1
		}
	}
	return passwordvalidator.GetEntropy(password)
}
