package chain

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"slices"
	"time"

	"github.com/smimechain/smimechain/lint/say"
)

// Answers of the cross-check that are not crypto/x509's own.
var (
	errOtherPath = say.Errorf("chain: crypto/x509 does not return this path")
	errZeroTime  = say.Errorf("chain: crypto/x509 takes the zero time for now")
)

// knownUsages are the extended key usages that crypto/x509 has numbers for.
var knownUsages = map[string]x509.ExtKeyUsage{
	"1.3.6.1.5.5.7.3.1": x509.ExtKeyUsageServerAuth,
	"1.3.6.1.5.5.7.3.2": x509.ExtKeyUsageClientAuth,
	"1.3.6.1.5.5.7.3.3": x509.ExtKeyUsageCodeSigning,
	"1.3.6.1.5.5.7.3.4": x509.ExtKeyUsageEmailProtection,
	"1.3.6.1.5.5.7.3.8": x509.ExtKeyUsageTimeStamping,
	"1.3.6.1.5.5.7.3.9": x509.ExtKeyUsageOCSPSigning,
	"2.5.29.37.0":       x509.ExtKeyUsageAny,
}

// crossCheck asks crypto/x509 whether it accepts exactly this path for this
// extended key usage. Addresses, key usage and revocation it does not know.
func crossCheck(certs []*Certificate, at time.Time, purpose Purpose) error {
	if at.IsZero() {
		return errZeroTime
	}
	roots, intermediates := x509.NewCertPool(), x509.NewCertPool()
	var leaf *x509.Certificate
	for i, c := range certs {
		read, err := c.X509()
		switch {
		case err != nil:
			return err
		case i == 0:
			leaf = read
		}
		switch i {
		case len(certs) - 1:
			roots.AddCert(read)
		case 0:
		default:
			intermediates.AddCert(read)
		}
	}
	want := purpose.EKU
	if want == nil {
		want = EmailProtection
	}
	usage, known := knownUsages[want.String()]
	if !known {
		usage = x509.ExtKeyUsageAny
	}
	chains, err := leaf.Verify(x509.VerifyOptions{
		Roots:         roots,
		Intermediates: intermediates,
		CurrentTime:   at,
		KeyUsages:     []x509.ExtKeyUsage{usage},
	})
	if err != nil {
		return err
	}
	for _, chain := range chains {
		if !slices.EqualFunc(chain, certs, func(a *x509.Certificate, b *Certificate) bool { return bytes.Equal(a.Raw, b.Raw) }) {
			continue
		}
		for _, c := range chain {
			if !known && !allows(c, want) {
				return x509.CertificateInvalidError{Cert: c, Reason: x509.IncompatibleUsage}
			}
		}
		return nil
	}
	return errOtherPath
}

// allows reports whether c allows an extended key usage that crypto/x509 has
// no number for.
func allows(c *x509.Certificate, want asn1.ObjectIdentifier) bool {
	return len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage) == 0 ||
		slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageAny) ||
		slices.ContainsFunc(c.UnknownExtKeyUsage, want.Equal)
}
