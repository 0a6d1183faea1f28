package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
	zx509 "github.com/zmap/zcrypto/x509"
	"github.com/zmap/zlint/v3"
	zlints "github.com/zmap/zlint/v3/lint"
)

// streams compares with zlint over a stream of certificates of users, each a line of
// base64, of each of which a line of JSON is made.
func (s *settings) streams() error {
	ca, err := fixedAuthority("Issuing CA", 1)
	if err != nil {
		return err
	}
	user, err := fixedAuthority("User", 0)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	for i := range s.sizes.users {
		c, err := issue(user, ca, int64(i+1), true)
		if err != nil {
			return err
		}
		fmt.Fprintln(&text, base64.StdEncoding.EncodeToString(c.Raw))
	}
	opts := &lint.Options{Time: at, Workers: 1}
	ours := func() error {
		lines := new(bundle.Options).Lines(context.Background(), bytes.NewReader(text.Bytes()))
		for line := range lint.EachAs(context.Background(), lines, opts, func(c lint.Checked, r *lint.Report) []byte {
			var b bytes.Buffer
			if c.Err != nil || new(report.Options).NDJSON(&b, r) != nil {
				return nil
			}
			return b.Bytes()
		}) {
			if line == nil {
				return errors.New("a certificate was not judged")
			}
		}
		return nil
	}
	mail, err := plain(zlints.RFC3279, zlints.RFC5280, zlints.RFC5480, zlints.RFC5891, zlints.RFC8813,
		zlints.CABFSMIMEBaselineRequirements, zlints.MozillaRootStorePolicy, zlints.EtsiEsi, zlints.Community)
	if err != nil {
		return err
	}
	lintAll := func(registry zlints.Registry) func() error {
		return func() error {
			return eachLine(text.Bytes(), func(der []byte) error {
				c, err := zx509.ParseCertificate(der)
				if err != nil {
					return err
				}
				sink, err = json.Marshal(zlint.LintCertificateEx(c, registry))
				return err
			})
		}
	}
	return s.compare(fmt.Sprintf("a stream of %d certificates of users, judged for every target, one core", s.sizes.users),
		entrant{run: ours},
		entrant{name: "crypto/x509, which reads them", run: func() error {
			return eachLine(text.Bytes(), func(der []byte) (err error) { sink, err = x509.ParseCertificate(der); return err })
		}},
		entrant{name: "zlint, the same lints and nothing else", run: lintAll(mail)},
		entrant{name: "zlint, all its lints", run: lintAll(zlints.GlobalRegistry())})
}

// eachLine calls do with what each line of base64 holds.
func eachLine(text []byte, do func(der []byte) error) error {
	for line := range bytes.Lines(text) {
		der, err := base64.StdEncoding.AppendDecode(nil, bytes.TrimSpace(line))
		if err != nil {
			return err
		}
		if err := do(der); err != nil {
			return err
		}
	}
	return nil
}
