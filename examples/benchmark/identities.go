package main

import (
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/smimechain/smimechain/pkcs12"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

const password = "secret"

// identity makes a PFX with a chain.
func identity(encoder *gopkcs12.Encoder) ([]byte, error) {
	p, err := ladder(0)
	if err != nil {
		return nil, err
	}
	user, err := fixedAuthority("User", 0)
	if err != nil {
		return nil, err
	}
	return encoder.Encode(user.key, p.leaf, append(p.between, p.root), password)
}

func (s *settings) identities() error {
	modern, err := identity(gopkcs12.Modern2023.WithIterations(2048).WithRand(rand.Reader))
	if err != nil {
		return err
	}
	// What cannot be avoided: the key of the MAC, one digest for each
	// iteration, and two keys of PBKDF2.
	bare := func() error {
		sum := sha256.Sum256(modern[:64])
		for range 2048 {
			sum = sha256.Sum256(sum[:])
		}
		for range 2 {
			key, err := pbkdf2.Key(sha256.New, password, sum[:8], 2048, 32)
			if err != nil {
				return err
			}
			sum[0] ^= key[0]
		}
		sink = sum
		return nil
	}
	file := filepath.Join(s.temp, "identity.p12")
	if err := os.WriteFile(file, modern, 0o600); err != nil {
		return err
	}
	inspect := func() (err error) { sink, err = pkcs12.Inspect(modern, password); return err }
	if err := s.compare("open a PFX, three derivations of 2,048 iterations",
		entrant{run: inspect},
		entrant{name: "go-pkcs12", run: func() (err error) { _, sink, _, err = gopkcs12.DecodeChain(modern, password); return err }},
		entrant{name: "the bare key derivations", run: bare},
		entrant{name: "openssl pkcs12, less its start", absent: s.absent("openssl"), took: timed(func() error {
			return spoken(exec.Command("openssl", "pkcs12", "-in", file, "-passin", "pass:"+password, "-nodes"))
		}), start: opensslStart}); err != nil {
		return err
	}
	return s.compare("the same PFX without its password",
		entrant{run: func() (err error) { sink, err = new(pkcs12.Options).Inspect(context.Background(), modern); return err }},
		entrant{name: "pkcs12 with the password", run: inspect})
}
