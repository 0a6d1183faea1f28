package lint_test

import (
	"crypto/elliptic"
	"crypto/x509"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint"
	zlint "github.com/zmap/zlint/v3/lint"
)

// TestUsageConditions holds the rules about usages to each of their conditions.
func TestUsageConditions(t *testing.T) {
	const (
		signs, agrees   = x509.KeyUsageDigitalSignature, x509.KeyUsageKeyAgreement
		enciphers, data = x509.KeyUsageKeyEncipherment, x509.KeyUsageDataEncipherment
	)
	soon := time.Date(2027, 7, 1, 0, 0, 0, 0, time.UTC)
	from := func(at time.Time) change { return valid(at, at.AddDate(1, 0, 0)) }
	baseline := policy(2, 23, 140, 1, 5, 1, 3)
	other := policy(1, 2, 3, 4)
	usage := func(u x509.KeyUsage, changes ...change) given { return loneUser(append(changes, keyUsage(u))...) }
	ofRSA := func(u x509.KeyUsage) given {
		return give(loose(newUser(issuing(), rsaKey(2048), keyUsage(u))))
	}
	several := func(f lint.Facts, certs ...*signer) given { return facts(f, pemBundle(certs...)) }
	sign, encrypt := lint.Facts{Purposes: []chain.Usage{chain.Sign}}, lint.Facts{Purposes: []chain.Usage{chain.Encrypt}}
	signer, encrypter := user(keyUsage(signs)), user(serial(2), keyUsage(agrees))
	over := valid(today.AddDate(-2, 0, 0), today.AddDate(-1, 0, 0))
	early := valid(today.AddDate(0, 0, 1), today.AddDate(1, 0, 0))
	upper := user(serial(3), keyUsage(signs), addresses("USER@example.com"))
	elsewhere := user(serial(4), keyUsage(signs), addresses("other@example.com"))
	web := user(serial(5), keyUsage(signs), usages(x509.ExtKeyUsageServerAuth))
	another := user(serial(6), keyUsage(agrees), addresses("other@example.com"))
	none := lint.Facts{}
	const (
		forbidden, bits, noMail = "w_eku_forbidden", "w_key_usage_other_bits", "e_key_usage_no_mail"
		toSign, toEncrypt       = "e_usage_cannot_sign", "e_usage_cannot_encrypt"
		maySign, mayEncrypt     = "w_usage_cannot_sign", "w_usage_cannot_encrypt"
		split                   = "w_usage_split_addresses"
	)
	for i, tt := range []struct {
		rule  string
		given given
		want  lint.Status
	}{
		{forbidden, loneUser(smartCard, from(soon), baseline), zlint.Warn},
		{forbidden, loneUser(smartCard, from(soon.Add(-time.Second)), baseline), zlint.Pass},
		{forbidden, loneUser(smartCard, from(soon), other), zlint.Pass},
		{forbidden, loneUser(usages(x509.ExtKeyUsageEmailProtection, x509.ExtKeyUsageClientAuth), from(soon), baseline), zlint.Pass},
		{forbidden, loneUser(usages(x509.ExtKeyUsageEmailProtection, x509.ExtKeyUsageTimeStamping)), zlint.Warn},
		{forbidden, loneUser(usages()), zlint.NA},

		{noMail, usage(signs), zlint.Pass},
		{noMail, usage(agrees), zlint.Pass},
		{noMail, usage(x509.KeyUsageCRLSign), zlint.Error},
		{noMail, usage(0), zlint.NA},

		{bits, usage(signs | agrees), zlint.Pass},
		{bits, usage(signs | enciphers), zlint.Warn},
		{bits, usage(signs | data), zlint.Warn},
		{bits, usage(signs|enciphers, baseline), zlint.Pass}, // zlint tells
		{bits, usage(signs | agrees | x509.KeyUsageDecipherOnly), zlint.Pass},
		{bits, usage(signs | x509.KeyUsageCertSign), zlint.Warn},
		{bits, ofRSA(signs | enciphers | data), zlint.Pass},
		{bits, ofRSA(signs | agrees), zlint.Warn},
		{bits, ofRSA(signs | x509.KeyUsageCRLSign), zlint.Warn},
		{bits, usage(0), zlint.NA},

		{toSign, several(sign, encrypter), zlint.Error},
		{toSign, several(sign, encrypter, signer), zlint.Pass},
		{toSign, several(sign, encrypter, upper), zlint.Pass},
		{toSign, several(sign, encrypter, elsewhere), zlint.Error},
		{toSign, several(sign, encrypter, web), zlint.Error},
		{toSign, several(sign, encrypter, user(keyUsage(signs), over)), zlint.Error},
		{toSign, several(sign, encrypter, user(keyUsage(signs), early)), zlint.Error},
		{toSign, several(sign, user(keyUsage(signs), over)), zlint.Pass}, // the dates are told of
		{toSign, several(encrypt, encrypter), zlint.Pass},
		{toSign, several(none, encrypter), zlint.NA},
		{toEncrypt, several(encrypt, signer), zlint.Error},
		{toEncrypt, several(encrypt, encrypter, signer), zlint.Pass},
		{toEncrypt, several(sign, signer), zlint.Pass},

		{maySign, several(none, encrypter), zlint.Warn},
		{maySign, several(none, signer), zlint.Pass},
		{maySign, several(sign, encrypter), zlint.NA},
		{maySign, give(loose(issuing())), zlint.NA},
		{mayEncrypt, several(none, signer), zlint.Warn},
		{mayEncrypt, several(none, encrypter), zlint.Pass},
		{mayEncrypt, several(encrypt, signer), zlint.NA},
		{mayEncrypt, give(loose(issuing())), zlint.NA},

		{split, several(none, signer, encrypter), zlint.Pass},
		{split, several(none, signer, another), zlint.Warn},
		{split, several(none, signer, upper), zlint.NA},
		{split, several(none, encrypter, another), zlint.NA},
		{split, several(none, user(), another), zlint.NA},
		{split, several(none, signer, user(serial(7))), zlint.NA},
	} {
		if got := outcome(t, tt.rule, tt.given.files, tt.given.opts); got != tt.want {
			t.Errorf("%d: %s: %s, want %s", i, tt.rule, got, tt.want)
		}
	}
}

// TestSplitPartners holds how many certificates that encrypt are compared: those of the same
// subject or address, up to 16.
func TestSplitPartners(t *testing.T) {
	key := ecKey(elliptic.P256(), 3)
	encrypter := func(n int64, name, address string) *signer {
		return newUser(issuing(), key, serial(n), keyUsage(x509.KeyUsageKeyAgreement), addresses(address, fmt.Sprintf("more%d@example.com", n)),
			func(c *x509.Certificate) { c.Subject.CommonName = name })
	}
	for _, tt := range []struct {
		bySubject, byAddress, others int
		found                        int
		cut                          bool
	}{{1, 0, 5, 1, false}, {0, 1, 5, 1, false}, {16, 0, 0, 16, false}, {17, 0, 0, 16, true}, {0, 16, 0, 16, false}, {0, 17, 0, 16, true}, {8, 8, 9, 16, false}, {16, 1, 0, 16, true}} {
		certs := []*signer{user(keyUsage(x509.KeyUsageDigitalSignature))}
		for i := range tt.bySubject {
			certs = append(certs, encrypter(int64(100+i), "user@example.com", "elsewhere@example.com"))
		}
		for i := range tt.byAddress {
			certs = append(certs, encrypter(int64(200+i), "Another", "user@example.com"))
		}
		for i := range tt.others {
			certs = append(certs, encrypter(int64(300+i), "Another", fmt.Sprintf("%d@example.com", i)))
		}
		rule, _ := lint.FindRule("w_usage_split_addresses")
		r := run(t, pemBundle(certs...), &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}, ZLint: []string{"none"}, Rules: []lint.Rule{rule}})
		cut := slices.ContainsFunc(r.NotChecked, func(n lint.NotChecked) bool { return n.Code == "limit" })
		if len(r.Findings) != tt.found || cut != tt.cut {
			t.Errorf("%+v: %d findings, cut %t", tt, len(r.Findings), cut)
		}
	}
}
