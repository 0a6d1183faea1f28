package main

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
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
	entrants := []entrant{
		{name: "pkcs12", run: func() (err error) { sink, err = pkcs12.Inspect(modern, password); return err }},
		{name: "go-pkcs12", run: func() (err error) { _, sink, _, err = decodeChain(modern); return err }},
		{name: "the bare key derivations", run: bare},
	}
	if s.has("openssl") {
		file := filepath.Join(s.temp, "identity.p12")
		if err := os.WriteFile(file, modern, 0o600); err != nil {
			return err
		}
		entrants = append(entrants, entrant{name: "openssl pkcs12, less its start", took: timed(func() error {
			return exec.Command("openssl", "pkcs12", "-in", file, "-passin", "pass:"+password, "-nodes").Run()
		}), start: opensslStart})
	}
	if err := s.compare("open a PFX, three derivations of 2,048 iterations", entrants...); err != nil {
		return err
	}
	return s.compare("the same without a password",
		entrant{name: "pkcs12", run: func() (err error) { sink, err = pkcs12.InspectStructure(modern); return err }})
}

func decodeChain(data []byte) (any, *x509.Certificate, []*x509.Certificate, error) {
	return gopkcs12.DecodeChain(data, password)
}
