package main

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/smimechain/smimechain/chain/bundle"
)

// mail compares how long it takes to read a signed message and to check its signature,
// in both forms. OpenSSL makes it.
func (s *settings) mail() error {
	if why := s.absent("openssl"); why != "" {
		return s.compare("read a signed message", entrant{}, entrant{name: "openssl cms", absent: why})
	}
	p, err := ladder(0)
	if err != nil {
		return err
	}
	user, err := fixedAuthority("User", 0)
	if err != nil {
		return err
	}
	key, err := x509.MarshalPKCS8PrivateKey(user.key)
	if err != nil {
		return err
	}
	line := strings.Repeat("0123456789abcdef", 4) + "\r\n"
	text := "Content-Type: text/plain\r\n\r\n" + strings.Repeat(line, s.sizes.mail/len(line))
	for name, data := range map[string][]byte{
		"text.txt": []byte(text), "user.pem": blocks(p.leaf), "user.key": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}),
	} {
		if err := os.WriteFile(filepath.Join(s.temp, name), data, 0o600); err != nil {
			return err
		}
	}
	cms := func(args ...string) error {
		cmd := exec.Command("openssl", append([]string{"cms"}, args...)...)
		cmd.Dir = s.temp
		return spoken(cmd)
	}
	for _, form := range []struct {
		name string
		args []string
	}{{"clear", nil}, {"opaque", []string{"-nodetach"}}} {
		if err := cms(append([]string{"-sign", "-in", "text.txt", "-signer", "user.pem", "-inkey", "user.key", "-out", "signed.eml"}, form.args...)...); err != nil {
			return err
		}
		data, err := os.ReadFile(filepath.Join(s.temp, "signed.eml"))
		if err != nil {
			return err
		}
		if err := s.compare(fmt.Sprintf("read a signed message of %d octets, %s", s.sizes.mail, form.name),
			entrant{run: func() error {
				f, err := bundle.Parse("signed.eml", data)
				if err == nil && !f.Messages[0].Outermost()[0].Good() {
					err = errors.New("its signature is not good")
				}
				return err
			}},
			entrant{name: "openssl cms -verify -noverify, less its start", took: timed(func() error {
				return cms("-verify", "-noverify", "-in", "signed.eml", "-out", "read.txt")
			}), start: opensslStart}); err != nil {
			return err
		}
	}
	return nil
}
