package lint_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/hex"
	"math/big"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint"
)

// answersOf returns what is said of two needs of the only subject: the state, and all that
// was seen and that would decide.
func answersOf(t *testing.T, r *lint.Report) map[string]string {
	t.Helper()
	if len(r.Subjects) != 1 {
		t.Fatalf("%d subjects", len(r.Subjects))
	}
	answers := map[string]string{}
	for _, a := range r.Subjects[0].Needs {
		said := string(a.State)
		if a.Code != "" {
			said += " " + string(a.Code)
		}
		for _, m := range a.Evidence {
			said += "; " + m.String()
		}
		for _, m := range a.Decide {
			said += "; decides: " + m.String()
		}
		answers[string(a.Need)] = said
	}
	return answers
}

// TestServes holds which CAs of a collection lead to an anchor, and under which of them
// signatures are trusted.
func TestServes(t *testing.T) {
	key := func(i byte) *ecdsa.PrivateKey { return ecKey(elliptic.P256(), i) }
	permits := func(c *x509.Certificate) { c.PermittedEmailAddresses = []string{"example.com"} }
	excludes := func(c *x509.Certificate) { c.ExcludedEmailAddresses = []string{"example.net"} }
	old := newCA("Old Root", nil, key(61))
	cross := newCA("Example Root", old, root().key)
	next := issue(root(), key(62), &x509.Certificate{SerialNumber: big.NewInt(2), Subject: root().Subject, NotBefore: root().NotBefore, NotAfter: root().NotAfter, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign})
	within := newCA("Within CA", root(), key(64), email, permits)
	limited := newCA("Limited CA", root(), key(65), email, excludes)
	both := newCA("Both CA", root(), key(66), email, permits, excludes)
	belowWithin := newCA("Below CA", within, key(67), email)
	sameName := newCA("Within CA", root(), key(68), email)
	lost := newCA("Lost CA", old, key(69), email)
	noCA := newCA("Example Root", nil, root().key, func(c *x509.Certificate) { c.IsCA, c.KeyUsage = false, x509.KeyUsageDigitalSignature })
	// odd is a root whose algorithm nobody knows.
	ed := newCA("Odd Root", nil, edKey())
	belowOdd := newCA("Twice CA", ed, key(70), email)
	odd := parsed(bytes.ReplaceAll(ed.Raw, []byte{6, 3, 0x2b, 0x65, 0x70}, []byte{6, 3, 0x2b, 0x65, 0x73}))
	lostToo := newCA("Twice CA", old, key(70), email)
	kind := func(kind string, of *signer) *catalog.Catalog {
		e := entryOf(root())
		sum := chain.FromX509(of.Certificate).SPKISHA256()
		e["kind"], e["spki_sha256"] = kind, hex.EncodeToString(sum[:])
		return catalogOf(map[string]any{"certificates": []any{e}})
	}
	gmail := lint.Options{Targets: []lint.Target{lint.Gmail}, Catalog: knowsAll(nil, root())}
	apple := lint.Options{Targets: []lint.Target{lint.AppleMail}}
	public := load(t, testdata, "sectigo/ca-incommon-rsa-secure-email-3.pem")
	for _, tt := range []struct {
		name         string
		files        []*bundle.File
		opts         lint.Options
		path, serves string
	}{
		{"a root", store(root()), lint.Options{},
			"met; every CA leads to one of: Example Root",
			"unknown issuer_fetched; decides: the issuing CAs under Example Root: without them they have to be fetched"},
		{"a root and a CA", store(root(), issuing()), lint.Options{},
			"met; every CA leads to one of: Example Root",
			"met; signatures under Example CA"},
		{"a CA", store(issuing()), lint.Options{},
			"failed; \"Example CA\" leads to no anchor",
			"failed; nothing in the collection can anchor mail"},
		{"a root as a cross-certificate, which nobody knows", store(cross, old), lint.Options{},
			"met; every CA leads to one of: Old Root",
			"met; signatures under Example Root"},
		{"a root as a cross-certificate, known by its certificate", store(cross, old), lint.Options{Catalog: knowsAll(nil, root())},
			"met; every CA leads to one of: Old Root",
			"unknown issuer_fetched; decides: the issuing CAs under Example Root, Old Root: without them they have to be fetched"},
		{"a cross-certificate and the root", store(cross, old, root()), lint.Options{},
			"met; every CA leads to one of: Example Root, Old Root",
			"unknown issuer_fetched; decides: the issuing CAs under Example Root, Old Root: without them they have to be fetched"},
		{"the root and a cross-certificate", store(root(), cross, old), lint.Options{},
			"met; every CA leads to one of: Example Root, Old Root",
			"unknown issuer_fetched; decides: the issuing CAs under Example Root, Old Root: without them they have to be fetched"},
		{"a root with its next key", store(next, root()), lint.Options{},
			"met; every CA leads to one of: Example Root",
			"unknown issuer_fetched; decides: the issuing CAs under Example Root: without them they have to be fetched"},
		{"addresses that are permitted", store(within, root()), lint.Options{},
			"met; every CA leads to one of: Example Root",
			"met; for the addresses that name constraints allow, under Within CA"},
		{"addresses that are excluded", store(limited, root()), lint.Options{},
			"met; every CA leads to one of: Example Root",
			"unknown name_constraints; decides: name constraints decide under Limited CA which addresses are trusted: the verdict on the certificate of a user, given beside the collection, says it for that user"},
		{"permitted and excluded", store(both, root()), lint.Options{},
			"met; every CA leads to one of: Example Root",
			"met; for the addresses that name constraints allow, under Both CA"},
		{"below one that permits", store(belowWithin, within, root()), lint.Options{},
			"met; every CA leads to one of: Example Root",
			"met; for the addresses that name constraints allow, under Below CA, Within CA"},
		{"two CAs of a name", store(within, sameName, root()), lint.Options{},
			"met; every CA leads to one of: Example Root",
			"met; signatures under Within CA"},
		{"permitted here, excluded there", store(limited, within, root()), lint.Options{},
			"met; every CA leads to one of: Example Root",
			"met; for the addresses that name constraints allow, under Limited CA, Within CA"},
		{"a CA that leads nowhere, beside one that serves", store(lost, issuing(), root()), lint.Options{},
			"unknown other_cas_serve; decides: \"Lost CA\" leads to no anchor; decides: other CAs of the collection serve: a certificate of a user beside it shows whether the one that does not is needed",
			"met; signatures under Example CA"},
		{"a CA that leads nowhere, and a root", store(lost, root()), lint.Options{},
			"failed; \"Lost CA\" leads to no anchor",
			"unknown issuer_fetched; decides: the issuing CAs under Example Root: without them they have to be fetched"},
		{"a root for web servers", store(root()), lint.Options{Catalog: knows(root(), "mozilla_tls", "yes", "mozilla", "no")},
			"failed; every CA leads to one of: Example Root",
			"failed; nothing in the collection can anchor mail"},
		{"a root for web servers and mail", store(root()), lint.Options{Catalog: knows(root(), "mozilla_tls", "yes", "mozilla", "yes")},
			"met; every CA leads to one of: Example Root",
			"unknown issuer_fetched; decides: the issuing CAs under Example Root: without them they have to be fetched"},
		{"a root for neither", store(root()), lint.Options{Catalog: knows(root(), "mozilla", "no")},
			"met; every CA leads to one of: Example Root",
			"unknown issuer_fetched; decides: the issuing CAs under Example Root: without them they have to be fetched"},
		{"a user", store(user()), lint.Options{},
			"unknown unseen; decides: no certificate of a CA can be seen",
			"failed; nothing in the collection can anchor mail"},
		{"known as an intermediate CA", store(cross, old), lint.Options{Catalog: kind("intermediate", root())},
			"met; every CA leads to one of: Old Root",
			"met; signatures under Example Root"},
		{"known by its key", store(cross, old), lint.Options{Catalog: kind("root", root())},
			"met; every CA leads to one of: Old Root",
			"unknown issuer_fetched; decides: the issuing CAs under Example Root, Old Root: without them they have to be fetched"},
		{"another key is known", store(cross, old), lint.Options{Catalog: kind("root", old)},
			"met; every CA leads to one of: Old Root",
			"met; signatures under Example Root"},
		{"its self-signed form is no CA's", store(cross, old, noCA), lint.Options{},
			"met; every CA leads to one of: Old Root",
			"unknown issuer_fetched; decides: the issuing CAs under Example Root, Old Root: without them they have to be fetched"},
		{"a root whose algorithm is not known", store(belowOdd, odd), lint.Options{},
			"unknown signature_unchecked; decides: \"Twice CA\": the issuer of \"Twice CA\" is there, but the signature cannot be checked here: 1.3.101.115; decides: \"Odd Root\": whether Exchange Online takes it is not known: \"Odd Root\": key_algorithm: 1.3.101.115",
			"unknown no_path; decides: no CA of the collection is known to lead to an anchor"},
		{"that, and a root", store(belowOdd, odd, root()), lint.Options{},
			"unknown signature_unchecked; decides: \"Twice CA\": the issuer of \"Twice CA\" is there, but the signature cannot be checked here: 1.3.101.115; decides: \"Odd Root\": whether Exchange Online takes it is not known: \"Odd Root\": key_algorithm: 1.3.101.115",
			"unknown issuer_fetched; decides: the issuing CAs under Example Root: without them they have to be fetched"},
		{"one certificate is open, one leads nowhere", store(belowOdd, lostToo, odd), lint.Options{},
			"unknown signature_unchecked; decides: \"Twice CA\": the issuer of \"Twice CA\" is there, but the signature cannot be checked here: 1.3.101.115; decides: \"Odd Root\": whether Exchange Online takes it is not known: \"Odd Root\": key_algorithm: 1.3.101.115",
			"unknown no_path; decides: no CA of the collection is known to lead to an anchor"},
		{"one leads nowhere, one is open", store(lostToo, belowOdd, odd), lint.Options{},
			"unknown signature_unchecked; decides: \"Twice CA\": the issuer of \"Twice CA\" is there, but the signature cannot be checked here: 1.3.101.115; decides: \"Odd Root\": whether Exchange Online takes it is not known: \"Odd Root\": key_algorithm: 1.3.101.115",
			"unknown no_path; decides: no CA of the collection is known to lead to an anchor"},
		{"that, and a CA that leads nowhere", store(lostToo, belowOdd, odd, lost), lint.Options{},
			"failed; \"Lost CA\" leads to no anchor; \"Twice CA\": the issuer of \"Twice CA\" is there, but the signature cannot be checked here: 1.3.101.115; \"Odd Root\": whether Exchange Online takes it is not known: \"Odd Root\": key_algorithm: 1.3.101.115",
			"unknown no_path; decides: no CA of the collection is known to lead to an anchor"},
		{"a root that Gmail may have", pemBundle(issuing()), gmail,
			"met; every CA leads to one of: Example Root; not in the files, and known by the key that made the signature: Example Root",
			""},
		{"two CAs below it", pemBundle(issuing(), newCA("Example CA 2", root(), key(71), email)), gmail,
			"met; every CA leads to one of: Example Root; not in the files, and known by the key that made the signature: Example Root",
			""},
		{"the root is here", pemBundle(issuing(), root()), gmail,
			"met; every CA leads to one of: Example Root",
			""},
		{"a root that Apple has", public, apple,
			"met; every CA leads to one of: Sectigo Public Email Protection Root R46; not in the files, but in the system, and known by the key that made the signature: Sectigo Public Email Protection Root R46",
			""},
	} {
		opts := tt.opts
		opts.Time, opts.ZLint = today, []string{"none"}
		if opts.Targets == nil {
			opts.Targets = []lint.Target{lint.ExchangeOnline}
		}
		a := answersOf(t, run(t, tt.files, &opts))
		if a["path"] != tt.path || a["serves"] != tt.serves {
			t.Errorf("%s:\npath   %s\nserves %s", tt.name, a["path"], a["serves"])
		}
	}
}

// parsed is a certificate without a key.
func parsed(der []byte) *signer {
	c, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return &signer{Certificate: c}
}
