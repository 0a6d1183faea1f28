package lint_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"slices"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
)

// patched is the certificate of s in which octets are replaced by as many others, signed
// again with a key on a NIST curve: what crypto/x509 neither writes nor reads.
func patched(s *signer, from, to string, by *ecdsa.PrivateKey) *signer {
	if bytes.Count(s.RawTBSCertificate, []byte(from)) != 1 || len(from) != len(to) {
		panic("the octets are not there once")
	}
	tbs := bytes.Replace(s.RawTBSCertificate, []byte(from), []byte(to), 1)
	sum := sha256.Sum256(tbs)
	signature, err := ecdsa.SignASN1(rand.Reader, by, sum[:])
	if err != nil {
		panic(err)
	}
	der, err := asn1.Marshal(struct {
		TBS       asn1.RawValue
		Algorithm pkix.AlgorithmIdentifier
		Signature asn1.BitString
	}{asn1.RawValue{FullBytes: tbs}, pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}},
		asn1.BitString{Bytes: signature, BitLength: 8 * len(signature)}})
	if err != nil {
		panic(err)
	}
	c := *s.Certificate
	c.Raw = der
	return &signer{&c, s.key}
}

// forged is the certificate of s with a damaged signature.
func forged(s *signer) *signer {
	c := *s.Certificate
	c.Raw = slices.Clone(s.Raw)
	c.Raw[len(c.Raw)-1] ^= 1
	return &signer{&c, s.key}
}

// criticalUnknown adds an extension that no program knows and that must be understood.
func criticalUnknown(c *x509.Certificate) {
	c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}})
}

// TestNoWorksWithoutPath holds the faults of one kind that an attacker found: a verdict
// out of what nobody complained about. For each there is no path that a verifier takes,
// or none that was seen, so that nothing may be said to work.
func TestNoWorksWithoutPath(t *testing.T) {
	p256 := func(n byte) *ecdsa.PrivateKey { return ecKey(elliptic.P256(), n) }
	online, all := []lint.Target{lint.ExchangeOnline}, []lint.Target{lint.Windows, lint.OutlookIOS, lint.OutlookAndroid, lint.AppleMail}
	bySecond := func(name string) *signer { return newCA(name, root(), p256(60)) }

	// CAs that certify each other and no root.
	bridgeA := newCA("Bridge A", nil, p256(40))
	bridgeB := newCA("Bridge B", bridgeA, p256(41))
	bridgeA = newCA("Bridge A", bridgeB, p256(40))
	inCycle := newUser(bridgeA, p256(3))

	// A certificate renewed with its key, whose new issuer is missing.
	gone := newCA("Gone Root", nil, p256(42))
	renewed := newUser(newCA("New CA", gone, p256(43)), p256(3), serial(0x3000))

	// Certificates that crypto/x509 refuses.
	negative := func(c *signer, by *ecdsa.PrivateKey) *signer {
		return patched(c, "\x02\x02\x20\x00", "\x02\x02\xa0\x00", by)
	}
	negativeCA := func(c *signer, by *ecdsa.PrivateKey) *signer {
		return patched(c, "\x02\x02\x10\x00", "\x02\x02\x90\x00", by)
	}
	umlaut := patched(user(addresses("uuser@example.com")), "uuser@", "\xc3\xbcser@", p256(2))

	// A CA of which another's certificate only says that it issued it.
	claims := newCA("Claimed CA", gone, p256(44))
	impostor := newCA("Claimed CA", root(), p256(45))
	childOfImpostor := newCA("Child CA", impostor, p256(46), func(c *x509.Certificate) { c.AuthorityKeyId = claims.SubjectKeyId })
	danglingBeside := newCA("Beside CA", gone, p256(47))
	oldKey, newKey := newCA("Rekeyed CA", gone, p256(48)), newCA("Rekeyed CA", root(), p256(49))

	// A root that is no CA, or cannot be one.
	noCA := func(c *x509.Certificate) { c.IsCA, c.KeyUsage = false, x509.KeyUsageDigitalSignature }
	noSign := keyUsage(x509.KeyUsageCRLSign)
	badRoot := func(do change) []*signer {
		r := newCA("Bad Root", nil, p256(50))
		bad := newCA("Bad Root", nil, p256(50), do)
		return []*signer{bad, newCA("Under Bad Root", r, p256(51))}
	}
	selfSigned := newUser(nil, p256(52), criticalUnknown)

	u := user()
	ownRoot := mail("user@example.com", mailText, signature([]byte(mailText), u, today, u, issuing(), root()))
	given := func(files ...[]*bundle.File) []*bundle.File { return slices.Concat(files...) }
	type attack struct {
		name    string
		files   []*bundle.File
		opts    lint.Options
		targets []lint.Target
	}
	attacks := []attack{
		{"root loose beside a store without it", given(store(issuing()), loose(user(), issuing(), root())), lint.Options{}, online},
		{"issuing CA and root loose beside an unrelated store", given(store(bySecond("Other CA"), root()), loose(user())), lint.Options{}, online},
		{"root among the files that help", given(store(issuing()), loose(user())), lint.Options{With: loose(issuing(), root())}, online},
		{"mail with its own root beside a store without it", given(store(issuing()), ownRoot), lint.Options{}, online},
		{"mail with its own root alone", ownRoot, lint.Options{}, online},
		{"CAs that certify each other, store", store(bridgeA, bridgeB), lint.Options{}, online},
		{"CAs that certify each other, with a root of others", store(bridgeA, bridgeB, root()), lint.Options{}, online},
		{"under CAs that certify each other", pemBundle(inCycle, bridgeA, bridgeB), lint.Options{}, all},
		{"renewed with the same key", openPFX(plainPFX(keyBag(renewed.key, keyID(1)), certBag(renewed, keyID(1)), certBag(user()), certBag(issuing()), certBag(root())), ""), lint.Options{}, all},
		{"renewed with the same key, PEM", pemBundle(renewed, user(), issuing(), root()), lint.Options{}, all},
		{"PFX without chain, negative serial number", openPFX(plainPFX(keyBag(user().key), certBag(negative(user(), p256(2)))), ""), lint.Options{}, all},
		{"PFX without chain, address beyond ASCII", openPFX(plainPFX(keyBag(user().key), certBag(umlaut)), ""), lint.Options{}, all},
		{"alone, address beyond ASCII", pemBundle(umlaut), lint.Options{}, all},
		{"store, CA with a negative serial number and a false signature", store(negativeCA(issuing(), p256(99)), root()), lint.Options{}, online},
		{"store, CA with a damaged signature", store(forged(issuing()), root()), lint.Options{}, online},
		{"store, root with a damaged signature", store(issuing(), forged(root())), lint.Options{}, online},
		{"store, child that only says who issued it", store(claims, childOfImpostor, impostor, root()), lint.Options{}, online},
		{"store, CA that leads nowhere beside a whole chain", store(danglingBeside, issuing(), root()), lint.Options{}, online},
		{"store, old key of a CA of the same name", store(oldKey, newKey, root()), lint.Options{}, online},
		{"store of a root that is no CA", store(badRoot(noCA)...), lint.Options{}, online},
		{"store of a root that may not sign", store(badRoot(noSign)...), lint.Options{}, online},
		{"store of a root with an unknown critical extension", store(badRoot(criticalUnknown)...), lint.Options{}, online},
		{"store of one root that is no CA", store(badRoot(noCA)[:1]...), lint.Options{}, online},
		{"store of one root that may not sign", store(badRoot(noSign)[:1]...), lint.Options{}, online},
		{"store of one root with an unknown critical extension", store(badRoot(criticalUnknown)[:1]...), lint.Options{}, online},
		{"self-signed with an unknown critical extension", pemBundle(selfSigned), lint.Options{}, all},
	}
	for _, a := range attacks {
		for _, roots := range [][]*bundle.File{nil, loose(root())} {
			if roots != nil && slices.Equal(a.targets, online) {
				continue // another root is rolled out to devices, which changes nothing for a store
			}
			for _, target := range a.targets {
				o := a.opts
				o.Time, o.Targets, o.ZLint, o.Roots = today, []lint.Target{target}, []string{"none"}, roots
				for i, files := range [][]*bundle.File{a.files, reversed(a.files)} {
					r := run(t, files, &o)
					for _, v := range r.Verdicts {
						if v.Status == lint.Works {
							t.Errorf("%s, order %d, roots %d: %s works", a.name, i, len(roots), v.Target)
						}
					}
				}
			}
		}
	}
	// That the cases could work but for the fault.
	for _, files := range [][]*bundle.File{store(issuing(), root()), given(store(issuing(), root()), loose(user()))} {
		if r := run(t, files, &lint.Options{Time: today, Targets: online, ZLint: []string{"none"}}); verdict(r, lint.ExchangeOnline).Status != lint.Works {
			t.Errorf("without a fault: %v", r.Verdicts)
		}
	}
	for name, files := range map[string][]*bundle.File{"PFX": openPFX(des(strong), strong), "PEM": pemBundle(user(), issuing(), root())} {
		r := run(t, files, &lint.Options{Time: today, Targets: []lint.Target{lint.Windows}, ZLint: []string{"none"}, Roots: loose(root())})
		if v := verdict(r, lint.Windows); v.Status != lint.Works {
			t.Errorf("%s without a fault: %s %v", name, v.Status, v.Because)
		}
	}
}

func reversed(files []*bundle.File) []*bundle.File {
	files = slices.Clone(files)
	slices.Reverse(files)
	return files
}

// TestLateList holds that a revocation list of the future proves nothing, and that it is
// said.
func TestLateList(t *testing.T) {
	der, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{
		Number: issuing().SerialNumber, ThisUpdate: today.AddDate(0, 0, 1), NextUpdate: today.AddDate(0, 1, 0),
		RevokedCertificateEntries: []x509.RevocationListEntry{{SerialNumber: user().SerialNumber, RevocationTime: today.Add(-time.Hour), ReasonCode: 2}},
	}, issuing().Certificate, issuing().key)
	r := run(t, append(pemBundle(user(), issuing(), root()), parse("late.crl", der, err)), &lint.Options{
		Time: today, Targets: []lint.Target{lint.Windows}, Roots: loose(root()), ZLint: []string{"none"}})
	if v := r.Verdict(lint.Windows); v.Status == lint.Works {
		t.Errorf("%s although a list names it: %v", v.Status, answerOf(r, lint.Windows, "revocation"))
	}
}
