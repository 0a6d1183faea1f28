package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"crypto/x509"

	"github.com/smimechain/smimechain/sst"
	"github.com/zmap/zcrypto/x509/revocation/microsoft"
)

// storeFile returns the largest real store, or one that is generated.
func (s *settings) storeFile() (name string, data []byte, err error) {
	if data, err := os.ReadFile(filepath.Join(s.corpus, "sst", "certutil-roots-2025-07.sst")); err == nil {
		return "the roots of Windows, 514 certificates", data, nil
	}
	data, err = plainStore(514)
	return "a store of 514 certificates", data, err
}

// plainStore returns a store of n different certificates without properties.
func plainStore(n int64) ([]byte, error) {
	ca, err := fixedAuthority("Example CA", 1)
	if err != nil {
		return nil, err
	}
	var certs []*x509.Certificate
	for i := range n {
		c, err := issue(ca, ca, i+1, false)
		if err != nil {
			return nil, err
		}
		certs = append(certs, c)
	}
	return sst.New(certs...).Marshal()
}

//lint:ignore U1000 it is only written to, so that results are not optimised away
var sink any

func (s *settings) stores() error {
	name, data, err := s.storeFile()
	if err != nil {
		return err
	}
	store, err := sst.Parse(data)
	if err != nil {
		return err
	}
	duplicate := func() error { sink = bytes.Clone(data); return nil }
	if err := s.compare("read "+name,
		entrant{name: "sst", run: func() (err error) { sink, err = sst.Parse(data); return err }},
		entrant{name: "copy of the file in memory", run: duplicate}); err != nil {
		return err
	}
	if err := s.compare("write it",
		entrant{name: "sst", run: func() (err error) { sink, err = store.Marshal(); return err }},
		entrant{name: "copy of the file in memory", run: duplicate}); err != nil {
		return err
	}
	if disallowed, err := os.ReadFile(filepath.Join(s.corpus, "sst", "windows-update-disallowedcert.sst")); err == nil {
		if err := s.compare("issuers and serial numbers of Windows' disallowed certificates",
			entrant{name: "sst", run: func() error { return serials(disallowed) }},
			entrant{name: "zcrypto", run: func() (err error) { sink, err = microsoft.Parse(disallowed); return err }}); err != nil {
			return err
		}
	}
	return s.wine()
}

// serials finds what zcrypto's reader finds: the serial numbers of each issuer.
func serials(data []byte) error {
	store, err := sst.Parse(data)
	if err != nil {
		return err
	}
	found := map[string][]*big.Int{}
	for i := range store.Elements {
		issuer, serial, err := store.Elements[i].IssuerSerial()
		if err != nil {
			return err
		}
		found[string(issuer)] = append(found[string(issuer)], new(big.Int).SetBytes(serial))
	}
	sink = found
	return nil
}

// wine compares with CertOpenStore of Wine, through the program that the tests
// of package sst use.
func (s *settings) wine() error {
	const mingw, count = "x86_64-w64-mingw32-gcc", 5000
	if !s.has("wine") || !s.has(mingw) {
		fmt.Fprintln(s.out, "| read a store of 5,000 certificates | Wine | not installed | |")
		return nil
	}
	data, err := plainStore(count)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(s.temp, "time.sst"), data, 0o600); err != nil {
		return err
	}
	source := filepath.Join("sst", "testdata", "win32", "storeio.c")
	if out, err := exec.Command(mingw, "-O1", "-o", filepath.Join(s.temp, "storeio.exe"), source, "-lcrypt32").CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	prefix := filepath.Join(s.temp, "prefix")
	if cache, err := os.UserCacheDir(); err == nil {
		prefix = filepath.Join(cache, "smimechain", "wine")
	}
	if err := os.MkdirAll(prefix, 0o700); err != nil {
		return err
	}
	env := append(os.Environ(), "WINEPREFIX="+prefix, "WINEDEBUG=-all", "WINEDLLOVERRIDES=mscoree,mshtml=")
	runs := 0
	took := func() (time.Duration, error) {
		if runs++; runs > 3 {
			return time.Hour, nil // three are enough, a start takes seconds
		}
		out, err := os.Create(filepath.Join(s.temp, "stdout")) // no pipe: the services of Wine keep it open
		if err != nil {
			return 0, err
		}
		defer out.Close()
		cmd := exec.Command("wine", "storeio.exe", "time", "time.sst")
		cmd.Dir, cmd.Env, cmd.Stdout = s.temp, env, out
		if err := cmd.Run(); err != nil {
			return 0, err
		}
		text, err := os.ReadFile(out.Name())
		if err != nil {
			return 0, err
		}
		for line := range strings.Lines(string(text)) {
			if us, ok := strings.CutPrefix(strings.TrimSpace(line), "microseconds "); ok {
				n, err := strconv.Atoi(us)
				return time.Duration(n) * time.Microsecond, err
			}
		}
		return 0, errors.New("the program gives no time")
	}
	return s.compare("read a store of 5,000 certificates",
		entrant{name: "sst", run: func() (err error) { sink, err = sst.Parse(data); return err }},
		entrant{name: "CertOpenStore of Wine", took: took})
}
