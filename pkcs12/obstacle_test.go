package pkcs12

import (
	"testing"

	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// TestObstacles holds what keeps an identity from being written anew: a file that is
// written without one is changed in one thing.
func TestObstacles(t *testing.T) {
	keyAt := BagRef{1, 0}
	key := func(change func(*Bag)) func(*Inspection) { return func(r *Inspection) { change(r.Bag(keyAt)) } }
	password := func(s PasswordStatus) func(*Inspection) { return func(r *Inspection) { r.Password.Status = s } }
	rsaKey := func(bits int, algorithm string) func(*Inspection) {
		return key(func(b *Bag) {
			b.Key.Public, b.Key.Algorithm, b.Key.Curve, b.Key.Bits = &testRSA(t).PublicKey, algorithm, "", bits
		})
	}
	for _, tt := range []struct {
		name   string
		change func(*Inspection)
		index  int
		target Importer
		want   Obstacle
	}{
		{"nothing", func(*Inspection) {}, 0, targetIOS18, ObstacleNone},
		{"no target", func(*Inspection) {}, 0, "", ObstacleNone},
		{"a target that is not known", func(*Inspection) {}, 0, "windows-3.11", ObstacleNone},
		{"a damaged file", func(r *Inspection) { r.damaged = true }, 0, targetIOS18, obstacleDamaged},
		{"an altered file", password(passwordRightAltered), 0, targetIOS18, obstacleDamaged},
		{"a wrong password", password(PasswordWrong), 0, targetIOS18, obstaclePassword},
		{"no password", password(PasswordNotTried), 0, targetIOS18, obstaclePassword},
		{"no password, none needed", password(PasswordNotNeeded), 0, targetIOS18, ObstacleNone},
		{"a password for a part", password(passwordRightPartly), 0, targetIOS18, ObstacleNone},
		{"before the first identity", func(*Inspection) {}, -1, targetIOS18, obstacleNoKey},
		{"after the last identity", func(*Inspection) {}, 1, targetIOS18, obstacleNoKey},
		{"a key with another password", key(func(b *Bag) { b.Key, b.Status = nil, statusFailed }), 0, targetIOS18, ObstacleKeyPassword},
		{"a key that was not decrypted", key(func(b *Bag) { b.Key, b.Status = nil, statusUnsupported }), 0, targetIOS18, obstacleClosed},
		{"no certificate", func(r *Inspection) { r.Identities[0].Leaf = nil }, 0, targetIOS18, obstacleNoCertificate},
		{"a certificate for another key", func(r *Inspection) { r.Identities[0].Matches = No }, 0, targetIOS18, obstacleMismatch},
		{"a key that contradicts itself", key(func(b *Bag) { b.Key.Err = errInconsistent }), 0, targetIOS18, obstacleMismatch},
		{"a key that cannot be compared", func(r *Inspection) { r.Identities[0].Matches = Unknown }, 0, targetIOS18, obstacleKeyType},
		{"a key that is not written", key(func(b *Bag) { b.Key.Public = nil }), 0, targetIOS18, obstacleKeyType},
		{"a short RSA key", rsaKey(1023, "RSA"), 0, targetIOS18, obstacleKeyType},
		{"an RSA key that is just long enough", rsaKey(1024, "RSA"), 0, targetIOS18, ObstacleNone},
		{"a key for RSASSA-PSS", rsaKey(2048, "RSA-PSS"), 0, "", obstacleKeyType},
		{"a type of key that the target has not", func(*Inspection) {}, 0, targetGnuPG22, obstacleTarget},
		{"a type of key that the target may not have", key(func(b *Bag) { b.Key.Algorithm, b.Key.Curve = "Ed25519", "" }), 0, targetWindows1709, ObstacleNone},
		{"a curve that the target has not", key(func(b *Bag) { b.Key.Curve = secp256k1 }), 0, targetIOS18, obstacleTarget},
		{"a curve that another has not", key(func(b *Bag) { b.Key.Curve = secp256k1 }), 0, targetBouncyCastle, ObstacleNone},
		{"a curve that the target may not have", key(func(b *Bag) { b.Key.Curve = secp256k1 }), 0, targetWindowsBefore1709, ObstacleNone},
	} {
		r, err := Inspect(alice(t).encode(t, gopkcs12.LegacyDES, "secret"), "secret")
		if err != nil {
			t.Fatal(err)
		}
		tt.change(r)
		if got := r.RewriteObstacle(tt.index, tt.target); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	for want, key := range map[string]Key{"RSA-PSS": {Algorithm: "RSA-PSS"}, "EC (P-224)": {Algorithm: "EC", Curve: "P-224"}} {
		if got := key.name(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
