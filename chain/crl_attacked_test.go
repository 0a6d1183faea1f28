package chain

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/testdata/outside"
	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// attackedList is a revocation list with what an attacker, or a careless CA, puts into it.
type attackedList struct {
	by         entity
	number     int64
	this, next time.Time // zero: an hour ago, and in an hour
	reason     int       // of the entry
	serial     int64     // of the entry; 0: there is none
	entry      []pkix.Extension
	extensions []pkix.Extension
	broken     bool // its signature
}

func (l attackedList) der(t *testing.T) []byte {
	t.Helper()
	if l.this.IsZero() {
		l.this = testTime.Add(-time.Hour)
	}
	if l.next.IsZero() {
		l.next = testTime.Add(time.Hour)
	}
	if l.by == (entity{}) {
		l.by = entity{"CA", 1}
	}
	template := &x509.RevocationList{Number: big.NewInt(max(l.number, 1)), ThisUpdate: l.this, NextUpdate: l.next, ExtraExtensions: l.extensions}
	if l.serial != 0 {
		template.RevokedCertificateEntries = []x509.RevocationListEntry{{SerialNumber: big.NewInt(l.serial), RevocationTime: l.this, ReasonCode: l.reason, ExtraExtensions: l.entry}}
	}
	parent := &x509.Certificate{Subject: l.by.subject(), SubjectKeyId: testKeyID(l.by.key), KeyUsage: x509.KeyUsageCRLSign}
	der, err := x509.CreateRevocationList(nil, template, parent, testKey(l.by.key))
	if err != nil {
		t.Fatal(err)
	}
	if l.broken {
		der[len(der)-1] ^= 1
	}
	return der
}

// versionOne makes a list of version 1 whose signature is good, as openssl ca does.
func versionOneList(t *testing.T, by entity, serials ...int64) []byte {
	t.Helper()
	sequence := func(b *cryptobyte.Builder, f func(*cryptobyte.Builder)) { b.AddASN1(casn1.SEQUENCE, f) }
	algorithm := func(b *cryptobyte.Builder) {
		sequence(b, func(b *cryptobyte.Builder) { b.AddBytes(octets("06082a8648ce3d040302")) })
	}
	var tbs cryptobyte.Builder
	sequence(&tbs, func(b *cryptobyte.Builder) {
		algorithm(b)
		b.AddBytes(sign(t, by, rootEntity).RawSubject())
		b.AddASN1UTCTime(testTime.Add(-time.Hour))
		b.AddASN1UTCTime(testTime.Add(time.Hour))
		if len(serials) > 0 {
			sequence(b, func(b *cryptobyte.Builder) {
				for _, n := range serials {
					sequence(b, func(b *cryptobyte.Builder) {
						b.AddASN1Int64(n)
						b.AddASN1UTCTime(testTime.Add(-time.Hour))
					})
				}
			})
		}
	})
	body := tbs.BytesOrPanic()
	digest := sha256.Sum256(body)
	signature, err := ecdsa.SignASN1(nil, testKey(by.key), digest[:])
	if err != nil {
		t.Fatal(err)
	}
	var list cryptobyte.Builder
	sequence(&list, func(b *cryptobyte.Builder) {
		b.AddBytes(body)
		algorithm(b)
		b.AddASN1BitString(signature)
	})
	return list.BytesOrPanic()
}

// TestAttackedLists holds what each kind of odd or hostile list proves, and that it is named
// for what it is. Nothing is found not to be revoked by a list that does not cover it.
// OpenSSL judges the same lists; where it differs, the row says why.
func TestAttackedLists(t *testing.T) {
	ca, again, other := entity{"CA", 1}, entity{"CA", 2}, entity{"Other", 5}
	root, issuing := sign(t, rootEntity, rootEntity), sign(t, ca, rootEntity)
	rekeyed := sign(t, again, rootEntity)
	foreign := sign(t, other, rootEntity)
	asUser := sign(t, entity{"Leaf", leafKey}, ca, asLeaf, serial(77))
	ofRoot := revoke(t, rootEntity, testTime.Add(-time.Hour), testTime.Add(time.Hour))
	delta := listExtension(true, "020101", 2, 5, 29, 27)
	// OpenSSL asks for a delta where the complete list says that there is one.
	freshest := listExtension(false, "3009 3007 a005 a003 860161", 2, 5, 29, 46)
	const unknown = "unable to get certificate CRL"
	named := func(issuer entity) []pkix.Extension { // certificateIssuer of an entry
		name := sign(t, issuer, rootEntity).RawSubject()
		return []pkix.Extension{{Id: []int{2, 5, 29, 29}, Critical: true, Value: tlvs(t, name, casn1.Tag(4).ContextSpecific().Constructed(), casn1.SEQUENCE)}}
	}
	elsewhere := sign(t, entity{"Leaf", leafKey}, ca, asLeaf, serial(77), pointTo(t, other))
	type row struct {
		name    string
		leaf    *Certificate // nil: the ordinary one
		lists   []attackedList
		raw     [][]byte
		signers []*Certificate
		want    RevocationStatus
		says    string
		openssl string // part of its answer; empty: it accepts
		differs string // why the two may differ
	}
	past, before := testTime.Add(-2*time.Hour), testTime.Add(-time.Minute)
	for _, test := range []row{
		{name: "none", want: RevocationUnknown, says: "no revocation list of the issuer", openssl: unknown},
		{name: "ordinary", lists: []attackedList{{serial: 78, reason: 1}}, want: RevocationGood},
		{name: "ordinary, that names it", lists: []attackedList{{serial: 77, reason: 1}}, want: Revoked, says: "keyCompromise", openssl: "revoked"},
		{name: "version 1", raw: [][]byte{versionOneList(t, ca, 78)}, want: revocationUnusable, says: "of version 1 proves nothing", differs: "OpenSSL takes such lists, which cannot say what they are about"},
		{name: "version 1, that names it", raw: [][]byte{versionOneList(t, ca, 77)}, want: revocationUnusable, says: "of version 1 proves nothing", openssl: "revoked", differs: "the same; that it is named is told beside"},
		{name: "bad signature", lists: []attackedList{{broken: true}}, want: revocationUnverified, says: "does not verify", openssl: "signature failure"},
		{name: "bad signature, that names it", lists: []attackedList{{broken: true, serial: 77}}, want: revocationUnverified, says: "does not verify", openssl: "signature failure"},
		{name: "past nextUpdate", lists: []attackedList{{this: past, next: before}}, want: RevocationOutOfDate, says: "out of date since", openssl: "CRL has expired"},
		{name: "past nextUpdate, that names it", lists: []attackedList{{this: past, next: before, serial: 77}}, want: RevocationOutOfDate, says: "out of date since", openssl: "CRL has expired"},
		{name: "of later", lists: []attackedList{{this: testTime.Add(time.Minute)}}, want: RevocationOutOfDate, says: "of later", openssl: "not yet valid"},
		{name: "unknown critical extension", lists: []attackedList{{extensions: listExtension(true, "0500", 1, 2, 3)}}, want: revocationUnusable, says: "critical extension 1.2.3", openssl: "critical"},
		{name: "unknown critical extension of an entry", lists: []attackedList{{serial: 78, entry: listExtension(true, "0500", 1, 2, 3)}}, want: revocationUnusable, says: "critical extension 1.2.3 of an entry", openssl: "critical"},
		{name: "unknown extension", lists: []attackedList{{extensions: listExtension(false, "0500", 1, 2, 3)}}, want: RevocationGood},

		{name: "of another issuer", lists: []attackedList{{by: other, serial: 78}}, signers: []*Certificate{foreign}, want: RevocationUnknown, says: `those that are there are of "Other"`, openssl: unknown},
		{name: "of another issuer, with its number", lists: []attackedList{{by: other, serial: 77}}, signers: []*Certificate{foreign}, want: RevocationUnknown, says: `those that are there are of "Other"`, openssl: unknown},
		{name: "indirect, to which no point leads", lists: []attackedList{{by: other, extensions: idp("3003 8401ff")}}, signers: []*Certificate{foreign}, want: RevocationUnknown, says: "no revocation list of the issuer", openssl: "different CRL scope"},
		{name: "indirect, of the issuer, about another's", lists: []attackedList{{serial: 77, extensions: idp("3003 8401ff"), entry: named(other)}}, want: RevocationGood},
		{name: "indirect, of the issuer, about its own", lists: []attackedList{{serial: 77, extensions: idp("3003 8401ff")}}, want: Revoked, openssl: "revoked"},
		{name: "entries of others, that does not say so", lists: []attackedList{{serial: 77, entry: named(other)}}, want: revocationUnusable, says: "does not say so", openssl: "-", differs: "OpenSSL passes such entries over"},
		{name: "indirect, to which a point leads", leaf: elsewhere, lists: []attackedList{{by: other, extensions: idp("3003 8401ff")}}, signers: []*Certificate{foreign}, want: RevocationGood},
		{name: "indirect, to which a point leads, that names it", leaf: elsewhere, lists: []attackedList{{by: other, serial: 77, extensions: idp("3003 8401ff"), entry: named(ca)}}, signers: []*Certificate{foreign}, want: Revoked, openssl: "revoked"},
		{name: "not indirect, to which a point leads", leaf: elsewhere, lists: []attackedList{{by: other}}, signers: []*Certificate{foreign}, want: RevocationUnknown, openssl: unknown},
		{name: "indirect, of another name, with the key of the issuer", leaf: elsewhere, lists: []attackedList{{by: entity{"Other", 1}, extensions: idp("3003 8401ff")}}, want: revocationUnverified, says: "authority of the indirect", openssl: "-", differs: "OpenSSL names the issuer that is missing"},
		{name: "indirect, whose signer is not there", leaf: elsewhere, lists: []attackedList{{by: other, extensions: idp("3003 8401ff")}}, want: revocationUnverified, says: "authority of the indirect", openssl: "-", differs: "OpenSSL names the issuer that is missing"},

		{name: "delta alone", lists: []attackedList{{extensions: delta}}, want: RevocationUnknown, says: "a delta revocation list alone proves nothing", openssl: "-"},
		{name: "delta alone, that names it", lists: []attackedList{{extensions: delta, serial: 77, reason: 1}}, want: Revoked, openssl: "-", differs: "OpenSSL wants the complete list first"},
		{name: "delta that adds", lists: []attackedList{{number: 1, extensions: freshest}, {number: 2, extensions: delta, serial: 77, reason: 1}}, want: Revoked, openssl: "revoked"},
		{name: "delta that adds nothing", lists: []attackedList{{number: 1, extensions: freshest}, {number: 2, extensions: delta}}, want: RevocationGood},
		{name: "delta that adds, before the complete list", lists: []attackedList{{number: 1, this: past, extensions: delta, serial: 77, reason: 6}, {number: 2, extensions: freshest}}, want: RevocationGood},
		{name: "delta that adds, of the moment of the complete list", lists: []attackedList{{number: 1, this: past, extensions: freshest}, {number: 2, this: past, extensions: delta, serial: 77, reason: 6}}, want: Revoked, openssl: "revoked"},
		{name: "delta that takes a hold back", lists: []attackedList{{number: 1, serial: 77, reason: 6, extensions: freshest}, {number: 2, extensions: delta, serial: 77, reason: 8}}, want: RevocationGood},
		{name: "delta that takes a hold of before back", lists: []attackedList{{number: 1, this: past, serial: 77, reason: 6, extensions: freshest}, {number: 2, extensions: delta, serial: 77, reason: 8}}, want: RevocationGood},
		{name: "delta that takes a later hold back", lists: []attackedList{{number: 2, serial: 77, reason: 6, extensions: freshest}, {number: 1, this: past, extensions: delta, serial: 77, reason: 8}}, want: Revoked, says: "certificateHold", openssl: "revoked"},
		{name: "delta that takes a hold back, forged", lists: []attackedList{{number: 1, serial: 77, reason: 6, extensions: freshest}, {number: 2, extensions: delta, serial: 77, reason: 8, broken: true}}, want: Revoked, says: "certificateHold", openssl: "-", differs: "OpenSSL stops at the forged one"},
		{name: "delta that takes a hold back, out of date", lists: []attackedList{{number: 1, this: past.Add(-time.Hour), serial: 77, reason: 6, extensions: freshest}, {number: 2, this: past, next: before, extensions: delta, serial: 77, reason: 8}}, want: Revoked, says: "certificateHold", openssl: "-", differs: "OpenSSL stops at the one that is out of date"},
		{name: "delta that takes more than a hold back", lists: []attackedList{{number: 1, serial: 77, reason: 1, extensions: freshest}, {number: 2, extensions: delta, serial: 77, reason: 8}}, want: Revoked, says: "keyCompromise", openssl: "-", differs: "OpenSSL goes by the delta"},
		{name: "two deltas of one moment, of which one holds", lists: []attackedList{{number: 1, serial: 78, reason: 6, extensions: freshest}, {number: 2, extensions: delta, serial: 77, reason: 8}, {number: 3, extensions: delta, serial: 77, reason: 6}}, want: Revoked, says: "certificateHold", openssl: "-", differs: "OpenSSL takes one of them"},
		{name: "delta of some reasons that takes a hold back", lists: []attackedList{{number: 1, serial: 77, reason: 6, extensions: freshest}, {number: 2, extensions: append(idp("3004 83020560"), delta...), serial: 77, reason: 8}}, want: Revoked, says: "certificateHold", openssl: "-", differs: "OpenSSL passes the delta over"},

		{name: "certificateHold", lists: []attackedList{{serial: 77, reason: 6}}, want: Revoked, says: "certificateHold", openssl: "revoked"},
		{name: "removeFromCRL in a complete list", lists: []attackedList{{serial: 77, reason: 8}}, want: revocationUnusable, says: "removeFromCRL", differs: "OpenSSL takes the entry for none"},
		{name: "a reason that there is not", lists: []attackedList{{serial: 77, reason: 7}}, want: Revoked, says: "reason 7", openssl: "revoked"},

		{name: "users only", lists: []attackedList{{extensions: idp("3003 8101ff")}}, want: RevocationGood},
		{name: "CAs only", lists: []attackedList{{extensions: idp("3003 8201ff")}}, want: RevocationUnknown, says: "no revocation list is about this certificate", openssl: "-"},
		{name: "CAs only, with its number", lists: []attackedList{{extensions: idp("3003 8201ff"), serial: 77}}, want: RevocationUnknown, says: "no revocation list is about this certificate", openssl: "-"},
		{name: "attributes only", lists: []attackedList{{extensions: idp("3003 8501ff")}}, want: RevocationUnknown, says: "no revocation list is about this certificate", openssl: "-"},
		{name: "users only and CAs only", lists: []attackedList{{extensions: idp("3006 8101ff 8201ff")}}, want: RevocationUnknown, openssl: "-"},
		{name: "some reasons", lists: []attackedList{{extensions: idp("3004 83020560")}}, want: RevocationUnknown, says: "do not cover every reason", openssl: "-"},
		{name: "some reasons, that names it", lists: []attackedList{{extensions: idp("3004 83020560"), serial: 77, reason: 1}}, want: Revoked, openssl: "revoked"},
		{name: "some reasons twice", lists: []attackedList{{extensions: idp("3004 83020560")}, {number: 2, extensions: idp("3004 83020560")}}, want: RevocationUnknown, says: "do not cover every reason", openssl: "-"},
		{name: "some reasons and the others", lists: []attackedList{{extensions: idp("3004 83020560")}, {extensions: idp("3005 8303071f80")}}, want: RevocationGood},

		{name: "two of one moment, the first names it", lists: []attackedList{{number: 1, serial: 77, reason: 1}, {number: 2}}, want: Revoked, openssl: "-", differs: "OpenSSL takes one of them"},
		{name: "two of one moment, the second names it", lists: []attackedList{{number: 1}, {number: 2, serial: 77, reason: 1}}, want: Revoked, openssl: "-", differs: "OpenSSL takes one of them"},
		{name: "an older one that names it", lists: []attackedList{{number: 1, this: past, serial: 77, reason: 1}, {number: 2}}, want: RevocationGood},
		{name: "a newer one that names it", lists: []attackedList{{number: 2, serial: 77, reason: 1}, {number: 1, this: past}}, want: Revoked, openssl: "revoked"},
		{name: "a newer one, forged, that does not", lists: []attackedList{{number: 1, this: past, serial: 77, reason: 1}, {number: 2, broken: true}}, want: Revoked, openssl: "-", differs: "OpenSSL stops at the forged one"},
		{name: "a newer one, unusable, that does not", lists: []attackedList{{number: 1, this: past, serial: 77, reason: 1}, {number: 2, extensions: listExtension(true, "0500", 1, 2, 3)}}, want: Revoked, openssl: "-", differs: "OpenSSL may stop at the one that is not understood"},

		{name: "of the CA with another key, which is not there", lists: []attackedList{{by: again}}, want: revocationUnverified, says: "does not verify", openssl: "-"},
		{name: "of the CA with another key, that names it", lists: []attackedList{{by: again, serial: 77, reason: 1}}, want: revocationUnverified, says: "does not verify", openssl: "-"},
		{name: "of the CA with another key", lists: []attackedList{{by: again}}, signers: []*Certificate{rekeyed}, want: RevocationGood},
		{name: "of the CA with another key, that is there and names it", lists: []attackedList{{by: again, serial: 77, reason: 1}}, signers: []*Certificate{rekeyed}, want: Revoked, openssl: "revoked"},
		{name: "of a CA of that name that nobody certified", lists: []attackedList{{by: again}}, signers: []*Certificate{sign(t, again, again)}, want: revocationUnverified, says: "does not verify", openssl: "-"},
	} {
		t.Run(test.name, func(t *testing.T) {
			ders := append([][]byte{ofRoot}, test.raw...)
			for _, l := range test.lists {
				ders = append(ders, l.der(t))
			}
			leaf := test.leaf
			if leaf == nil {
				leaf = asUser
			}
			for _, order := range [][][]byte{ders, reversed(ders)} { // of the lists says nothing
				lists := NewCRLs(order...).WithSigners(test.signers...)
				status, detail := lists.Revocation(t.Context(), []*Certificate{leaf, issuing, root}, 0, testTime)
				if status != test.want || !strings.Contains(detail.String(), test.says) {
					t.Errorf("%s, %q; want %s, %q", status, detail, test.want, test.says)
				}
			}
			program := outside.Program(t, "openssl", "openssl")
			said := opensslOnLists(t, program, leaf, root, append([]*Certificate{issuing}, test.signers...), ders)
			accepts := strings.HasSuffix(said, ": OK")
			switch {
			case test.differs != "":
			case test.openssl == "" && !accepts, test.openssl != "" && accepts, len(test.openssl) > 1 && !strings.Contains(said, test.openssl):
				t.Errorf("OpenSSL: %s; want %q", said, test.openssl)
			case accepts != (test.want == RevocationGood):
				t.Errorf("OpenSSL: %s, but %s", said, test.want)
			}
			if test.want == RevocationGood && strings.Contains(said, "revoked") {
				t.Errorf("OpenSSL: %s, but %s", said, test.want)
			}
		})
	}
}

func reversed(list [][]byte) [][]byte {
	out := make([][]byte, len(list))
	for i, b := range list {
		out[len(list)-1-i] = b
	}
	return out
}

// tlvs puts contents into elements, the innermost first.
func tlvs(t *testing.T, contents []byte, tags ...casn1.Tag) []byte {
	t.Helper()
	for _, tag := range tags {
		var b cryptobyte.Builder
		b.AddASN1(tag, func(b *cryptobyte.Builder) { b.AddBytes(contents) })
		contents = b.BytesOrPanic()
	}
	return contents
}

// opensslOnLists has OpenSSL verify a certificate with lists, as -extended_crl and
// -use_deltas ask for.
func opensslOnLists(t *testing.T, program string, leaf, root *Certificate, between []*Certificate, lists [][]byte) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name, kind string, blocks ...[]byte) string {
		var text bytes.Buffer
		for _, b := range blocks {
			if err := pem.Encode(&text, &pem.Block{Type: kind, Bytes: b}); err != nil {
				t.Fatal(err)
			}
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	var ders [][]byte
	for _, c := range between {
		ders = append(ders, c.Raw)
	}
	out, _ := exec.Command(program, "verify", "-crl_check", "-use_deltas", "-extended_crl", "-attime", fmt.Sprint(testTime.Unix()),
		"-CAfile", write("root", "CERTIFICATE", root.Raw), "-untrusted", write("between", "CERTIFICATE", ders...),
		"-CRLfile", write("lists", "X509 CRL", lists...), write("leaf", "CERTIFICATE", leaf.Raw)).CombinedOutput()
	return strings.TrimSpace(string(out))
}
