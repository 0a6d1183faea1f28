package pkcs12

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"

	"github.com/smimechain/smimechain/lint/say"
)

// An Obstacle is why [Options.Rewrite] does not write an identity for a target.
// String says what to do about it.
type Obstacle int

// The obstacles.
const (
	ObstacleNone          Obstacle = iota // nothing speaks against it
	obstaclePassword                      // the password is missing or not right
	obstacleDamaged                       // the file was altered or damaged
	obstacleNoKey                         // there is no such identity
	obstacleNoCertificate                 // no certificate belongs to the key
	obstacleMismatch                      // the certificate is for another key
	ObstacleKeyPassword                   // the key has a password of its own
	obstacleClosed                        // the key was not decrypted for another reason
	obstacleKeyType                       // a type of key that is not written
	obstacleTarget                        // the target takes no such key
)

// String returns a sentence that says what to do, and "" for [ObstacleNone].
func (o Obstacle) String() string {
	if o < ObstacleNone || o > obstacleTarget {
		return enumName(int(o), "Obstacle")
	}
	return string(o.Text())
}

// MarshalText returns what String returns.
func (o Obstacle) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// Text returns what String returns, to be said in another language.
func (o Obstacle) Text() say.Text {
	switch o {
	case ObstacleNone:
		return ""
	case obstaclePassword:
		return "Give the password of the file first."
	case obstacleDamaged:
		return "Get the file again from its source, in binary: what is damaged cannot be written anew."
	case obstacleNoKey:
		return "Export the certificate again, with its private key."
	case obstacleNoCertificate:
		return "Export the private key again, with the certificate that was issued for it."
	case obstacleMismatch:
		return "Export again the certificate that was issued for this key; a renewed certificate often has a new one."
	case ObstacleKeyPassword:
		return "The private key has a password of its own. Give both: smimechain rewrite -for TARGET -password-file FILE -key-password-file FILE -o OUT.pfx IN.pfx."
	case obstacleClosed:
		return "Export it anew with the program that wrote it, with AES-256 or 3DES for the private key: smimechain does not decrypt it."
	case obstacleKeyType:
		return "Write it anew with a program that knows this type of key, such as OpenSSL, or have a certificate issued for an RSA key."
	case obstacleTarget:
		return "Have a certificate issued for a key that the target can use, such as RSA."
	default:
		return "What keeps it from being written anew is not known."
	}
}

// RewriteObstacle returns what keeps [Options.Rewrite] from writing an identity, by its
// index in Identities, for a target: with the passwords that the report was made with,
// and a new password that is good. A target that is not one of [Importers] has none of its
// own. Nothing is decrypted for the answer.
func (r *Inspection) RewriteObstacle(identity int, target Importer) Obstacle {
	switch s := r.Password.Status; {
	case s == passwordRightAltered, r.damaged:
		return obstacleDamaged
	case !s.Right() && s != PasswordNotNeeded:
		return obstaclePassword
	case identity < 0 || identity >= len(r.Identities):
		return obstacleNoKey
	}
	id := r.Identities[identity]
	key := r.Bag(id.Key)
	switch {
	case key.Status == statusFailed:
		return ObstacleKeyPassword
	case key.Key == nil:
		return obstacleClosed
	case id.Leaf == nil:
		return obstacleNoCertificate
	case id.Matches == No || key.Key.Damaged():
		return obstacleMismatch
	case !key.Key.writable(), id.Matches != Yes:
		return obstacleKeyType
	}
	for i := range rows {
		if row := &rows[i]; row.target == target {
			if row.keys.answer(key.Key.Algorithm) == No || row.curves != nil && key.Key.Curve != "" && row.curves.answer(key.Key.Curve) == No {
				return obstacleTarget
			}
		}
	}
	return ObstacleNone
}

// leastRSA is the length in bits of the shortest RSA key that crypto/x509 reads.
const leastRSA = 1024

// writable reports whether go-pkcs12 writes keys of this kind.
func (k *Key) writable() bool {
	switch k.Public.(type) {
	case *rsa.PublicKey:
		return k.Algorithm == "RSA" && k.Bits >= leastRSA
	case *ecdsa.PublicKey, ed25519.PublicKey:
		return true
	default:
		return false
	}
}

// name says what kind of key it is.
func (k *Key) name() string {
	if k.Curve != "" {
		return k.Algorithm + " (" + k.Curve + ")"
	}
	return k.Algorithm
}
