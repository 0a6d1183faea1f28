package lint_test

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"crypto/elliptic"
	"crypto/rand"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/lint/report"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/testdata/schemas"
)

// listOf makes the revocation list of a CA, with the certificates that it names.
func listOf(t *testing.T, ca *signer, next time.Time, revoked ...*signer) *bundle.File {
	t.Helper()
	template := &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: next.AddDate(0, -1, 0), NextUpdate: next}
	for _, r := range revoked {
		template.RevokedCertificateEntries = append(template.RevokedCertificateEntries, x509.RevocationListEntry{
			SerialNumber: r.SerialNumber, RevocationTime: next.AddDate(0, -1, 0), ReasonCode: 1,
		})
	}
	der, err := x509.CreateRevocationList(rand.Reader, template, ca.Certificate, ca.key)
	return parse("list.crl", der, err)
}

// versionOne makes a list of version 1 without a signature that verifies.
func versionOne(t *testing.T, ca *signer) *bundle.File {
	t.Helper()
	var list struct {
		TBS struct {
			Algorithm  pkix.AlgorithmIdentifier
			Issuer     asn1.RawValue
			ThisUpdate time.Time `asn1:"utc"`
			NextUpdate time.Time `asn1:"utc"`
		}
		Algorithm pkix.AlgorithmIdentifier
		Signature asn1.BitString
	}
	list.Algorithm = pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}}
	list.TBS.Algorithm, list.TBS.Issuer.FullBytes = list.Algorithm, ca.RawSubject
	list.TBS.ThisUpdate, list.TBS.NextUpdate = today.AddDate(0, -1, 0), today.AddDate(0, 1, 0)
	list.Signature = asn1.BitString{Bytes: make([]byte, 70), BitLength: 560}
	der, err := asn1.Marshal(list)
	return parse("list.crl", der, err)
}

// TestRevocationOfEach holds what is said of the revocation of each certificate: a list
// proves something only for those that it covers, if it verifies and is current.
func TestRevocationOfEach(t *testing.T) {
	soon, past := today.AddDate(0, 1, 0), today.AddDate(0, 0, -1)
	other := newCA("Other Root", nil, ecKey(elliptic.P256(), 150))
	impostor := &signer{issuing().Certificate, ecKey(elliptic.P256(), 151)}
	template := *issuing().Certificate
	template.PublicKey = impostor.key.Public()
	impostor.Certificate = &template
	for _, tt := range []struct {
		name   string
		lists  []*bundle.File
		user   string // status of the user's certificate in the report; empty: nothing was asked
		state  lint.State
		says   string // in the need
		status lint.VerdictStatus
	}{
		{"none", nil, "", lint.Assumed, "none was checked", lint.Works},
		{"of an unrelated CA", []*bundle.File{listOf(t, other, soon)}, "unknown", lint.Assumed, "no revocation list of the issuer", lint.Works},
		{"current", []*bundle.File{listOf(t, issuing(), soon)}, "good", lint.Assumed, `"Example CA": no revocation list of the issuer`, lint.Works},
		{"current, of both CAs", []*bundle.File{listOf(t, issuing(), soon), listOf(t, root(), soon)}, "good", lint.Met, "2 certificates are on no revocation list", lint.Works},
		{"that names it", []*bundle.File{listOf(t, issuing(), soon, user())}, "revoked", lint.Failed, "", lint.Fails},
		{"of a day ago", []*bundle.File{listOf(t, issuing(), past)}, "out_of_date", lint.Assumed, "out of date since", lint.Works},
		{"of a day ago, that names it", []*bundle.File{listOf(t, issuing(), past, user())}, "out_of_date", lint.Open, "a revocation list names it, which proves nothing", lint.Unknown},
		{"signed by another key", []*bundle.File{listOf(t, impostor, soon)}, "not_verified", lint.Assumed, "does not verify", lint.Works},
		{"signed by another key, that names it", []*bundle.File{listOf(t, impostor, soon, user())}, "not_verified", lint.Open, "does not verify", lint.Unknown},
		{"of version 1", []*bundle.File{versionOne(t, issuing())}, "not_usable", lint.Assumed, "of version 1 proves nothing", lint.Works},
	} {
		for i, f := range tt.lists {
			f.Name = string(rune('p'+i)) + ".crl"
		}
		r := run(t, append(pemBundle(user(), issuing(), root()), tt.lists...), &lint.Options{
			Time: today, Targets: []lint.Target{lint.Windows}, Roots: loose(root()), ZLint: []string{"none"},
		})
		need := answerOf(r, lint.Windows, "revocation")
		words := say.Join(append(need.Evidence, need.Decide...)...).String()
		if need.State != tt.state || !strings.Contains(words, tt.says) || r.Verdict(lint.Windows).Status != tt.status {
			t.Errorf("%s: %s, %s %q; want %s, %s %q", tt.name, r.Verdict(lint.Windows).Status, need.State, words, tt.status, tt.state, tt.says)
		}
		said := slices.ContainsFunc(r.NotChecked, func(n lint.NotChecked) bool { return n.Code == "revocation_not_checked" })
		if said && tt.state == lint.Met || !said && tt.lists == nil {
			t.Errorf("%s: said that revocation was not checked: %t", tt.name, said)
		}
		var text, data strings.Builder
		if err := new(report.Options).Text(&text, r); err != nil {
			t.Fatal(err)
		}
		if err := new(report.Options).JSON(&data, r); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text.String(), tt.says) {
			t.Errorf("%s: the text does not say %q", tt.name, tt.says)
		}
		schemas.Report(t, []byte(data.String()))
		out, err := report.Decode([]byte(data.String()))
		if err != nil {
			t.Fatal(err)
		}
		status := ""
		for _, c := range out.Revocation {
			if c.Subject == chain.FromX509(user().Certificate).Subject() {
				status = c.Status
			}
		}
		if status != tt.user {
			t.Errorf("%s: the JSON says %q of the user's certificate, want %q", tt.name, status, tt.user)
		}
	}
}

// TestRevokedBesideDisputed holds that a certificate on a revocation list refutes nothing where
// another way is there that the target may take.
func TestRevokedBesideDisputed(t *testing.T) {
	key, serial := ecKey(elliptic.P256(), 160), int64(160)
	sub := func(changes ...change) *signer {
		serial++
		own := serial
		return newCA("Sub", root(), key, append(changes, func(c *x509.Certificate) { c.SerialNumber = big.NewInt(own) })...)
	}
	revoked, disputed := sub(), sub(usages(x509.ExtKeyUsageAny))
	leaf, list := newUser(revoked, ecKey(elliptic.P256(), 3)), listOf(t, root(), today.AddDate(0, 1, 0), revoked)
	const names = `"Sub" is revoked: keyCompromise, 2026-11-22T00:00:00Z`
	for _, tt := range []struct {
		name string
		subs []*signer
		want string
	}{
		{"alone", []*signer{revoked}, "failed : " + names},
		{"with another way", []*signer{revoked, disputed}, "unknown disputed: " + names + `; whether Apple Mail takes it is not known: "Sub": any_extended_key_usage (RFC 5280, Section 4.2.1.12)`},
	} {
		files := append(pemBundle(append([]*signer{leaf, root()}, tt.subs...)...), list)
		r := run(t, files, &lint.Options{Time: today, Targets: []lint.Target{lint.AppleMail}, Roots: loose(root()), ZLint: []string{"none"}})
		if got := said(answerOf(r, lint.AppleMail, "revocation")); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		for _, v := range r.Subjects {
			if v.Status == lint.Fails && len(v.Because) == 0 {
				t.Errorf("%s: fails because of nothing", tt.name)
			}
		}
	}
}

// TestRevocationOfOthers holds that a certificate answers for its own chain alone.
func TestRevocationOfOthers(t *testing.T) {
	other := user(serial(0x2001), addresses("other@example.com"))
	soon := today.AddDate(0, 1, 0)
	r := run(t, append(pemBundle(user(), other, issuing(), root()), listOf(t, issuing(), soon, other), listOf(t, root(), soon)), &lint.Options{
		Time: today, Targets: []lint.Target{lint.Windows}, Roots: loose(root()), ZLint: []string{"none"},
	})
	for i, want := range []lint.State{lint.Met, lint.Failed} {
		for _, v := range r.Subjects {
			for _, a := range v.Needs {
				if v.Subject.Index == i && a.Need == "revocation" && a.State != want {
					t.Errorf("certificate %d: %s %v, want %s", i, a.State, a.Evidence, want)
				}
			}
		}
	}
	if len(r.Subjects) != 2 {
		t.Errorf("%d subjects", len(r.Subjects))
	}
}

// silent is a checker that knows of no certificate whether it is revoked.
type silent struct{}

func (silent) Revocation(context.Context, []*chain.Certificate, int, time.Time) (chain.RevocationStatus, say.Message) {
	return chain.RevocationUnknown, say.New("no answer")
}

// TestRevocationAsked holds that a checker that does not know leaves the need open for a
// certificate that names a list, and not for one that names none.
func TestRevocationAsked(t *testing.T) {
	lists := []*bundle.File{listOf(t, issuing(), today.AddDate(0, 1, 0)), listOf(t, root(), today.AddDate(0, 1, 0))}
	for _, tt := range []struct {
		name  string
		user  *signer
		lists []*bundle.File
		asked chain.RevocationChecker
		state lint.State
		code  lint.Code
	}{
		{"nobody, a list named", user(), nil, nil, lint.Assumed, ""},
		{"a list named", user(), nil, silent{}, lint.Open, "revocation_unknown"},
		{"no list named", user(noCRL), nil, silent{}, lint.Assumed, ""},
		{"a list named, and given", user(), lists, silent{}, lint.Met, ""},
		{"no list named, one given", user(noCRL), lists, silent{}, lint.Met, ""},
	} {
		r := run(t, append(pemBundle(tt.user, issuing(), root()), tt.lists...), &lint.Options{
			Time: today, Targets: []lint.Target{lint.Windows}, Roots: loose(root()), ZLint: []string{"none"}, Revocation: tt.asked,
		})
		if a := answerOf(r, lint.Windows, "revocation"); a.State != tt.state || a.Code != tt.code {
			t.Errorf("%s: %s %s %v %v, want %s %s", tt.name, a.State, a.Code, a.Evidence, a.Decide, tt.state, tt.code)
		}
	}
}
