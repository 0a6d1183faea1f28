package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/smimechain/smimechain/sst"
	"github.com/zmap/zcrypto/x509/revocation/microsoft"
)

// storeFile returns the largest real store, or one that is generated.
func (s *settings) storeFile() (name string, data []byte, err error) {
	if data, err := os.ReadFile(filepath.Join(s.corpus, "sst", "certutil-roots-2025-07.sst")); err == nil {
		return "the roots of Windows, 514 certificates", data, nil
	}
	data, err = plainStore(s.sizes.store)
	return fmt.Sprintf("a store of %d certificates", s.sizes.store), data, err
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
		entrant{run: func() (err error) { sink, err = sst.Parse(data); return err }},
		entrant{name: "copy of the file in memory", run: duplicate}); err != nil {
		return err
	}
	if err := s.compare("write it",
		entrant{run: func() (err error) { sink, err = store.Marshal(); return err }},
		entrant{name: "copy of the file in memory", run: duplicate}); err != nil {
		return err
	}
	name, disallowed := "Windows' disallowed certificates", data
	if disallowed, err = os.ReadFile(filepath.Join(s.corpus, "sst", "windows-update-disallowedcert.sst")); err != nil {
		name, disallowed = fmt.Sprintf("a store of %d certificates", s.sizes.store), data
	}
	if err := s.compare("issuers and serial numbers of "+name,
		entrant{run: func() error { return serials(disallowed) }},
		entrant{name: "zcrypto", run: func() (err error) { sink, err = microsoft.Parse(disallowed); return err }}); err != nil {
		return err
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

// wine compares with CertOpenStore of Wine.
func (s *settings) wine() error {
	w, err := s.newWine()
	if err != nil {
		return err
	}
	data, err := plainStore(s.sizes.large)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(s.temp, "time.sst"), data, 0o600); err != nil {
		return err
	}
	return s.compare(fmt.Sprintf("read a store of %d certificates", s.sizes.large),
		entrant{run: func() (err error) { sink, err = sst.Parse(data); return err }},
		entrant{name: "CertOpenStore of Wine", absent: w.absent, pairs: 5, took: func() (time.Duration, error) { // a start takes seconds
			text, err := w.run(context.Background(), "time", "time.sst")
			if err != nil {
				return 0, err
			}
			for line := range strings.Lines(text) {
				if us, ok := strings.CutPrefix(strings.TrimSpace(line), "microseconds "); ok {
					n, err := strconv.Atoi(us)
					return time.Duration(n) * time.Microsecond, err
				}
			}
			return 0, errors.New("the program gives no time")
		}})
}
