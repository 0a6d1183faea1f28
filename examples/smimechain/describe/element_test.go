package describe_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"encoding/pem"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/examples/smimechain/describe"
	"github.com/smimechain/smimechain/sst"
)

// revocationList makes a list with five entries, and one that does not say when
// the next one comes.
func revocationList(t *testing.T) (der, endless []byte) {
	t.Helper()
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), append(make([]byte, 31), 7))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	issuer := &x509.Certificate{Subject: pkix.Name{CommonName: "Example CA"}, KeyUsage: x509.KeyUsageCRLSign, SubjectKeyId: []byte{1}}
	list := &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: at, NextUpdate: at.AddDate(0, 0, 7)}
	for i := range int64(5) {
		list.RevokedCertificateEntries = append(list.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: big.NewInt(i + 1), RevocationTime: at})
	}
	if der, err = x509.CreateRevocationList(nil, list, issuer, key); err != nil {
		t.Fatal(err)
	}
	next := []byte("\x17\x0d261129000000Z")
	if bytes.Count(der, next) != 1 {
		t.Fatal("the list has no end, or several")
	}
	// The two SEQUENCEs around it have lengths of two octets and of one.
	endless = bytes.Replace(der, next, nil, 1)
	if endless[1] != 0x82 || endless[5] != 0x81 {
		t.Fatalf("% X", endless[:6])
	}
	endless[3] -= byte(len(next))
	endless[6] -= byte(len(next))
	if _, err := x509.ParseRevocationList(endless); err != nil {
		t.Fatal(err)
	}
	return der, endless
}

// TestElements describes what a store holds beside certificates, and every form of
// property in words, but nothing of a key.
func TestElements(t *testing.T) {
	wide := func(s string) []byte {
		var out []byte
		for _, u := range utf16.Encode([]rune(s + "\x00")) {
			out = binary.LittleEndian.AppendUint16(out, u)
		}
		return out
	}
	list, endless := revocationList(t)
	root := read(t, "example/old-root.pem")[0].Certificates[0].Raw
	s := sst.New()
	s.Elements = []sst.Element{
		{Kind: sst.Certificate, Raw: root, Properties: []sst.Property{
			{ID: sst.PropFriendlyName, Value: wide("Root of all")},
			{ID: sst.PropEnhKeyUsage, Value: []byte{0x30, 10, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 4}},
			{ID: sst.PropSHA1Hash, Value: bytes.Repeat([]byte{0xab}, 20)},
			{ID: sst.PropDateStamp, Value: binary.LittleEndian.AppendUint64(nil, 116444736000000000+1_763_769_600*10_000_000)},
			{ID: sst.PropIsolatedKey, Value: []byte("not for anybody")},
		}},
		{Kind: sst.CRL, Raw: list, Properties: []sst.Property{{ID: sst.PropFriendlyName, Value: wide("List")}}},
		{Kind: sst.CRL, Raw: endless},
		{Kind: sst.CRL, Raw: []byte{0x30, 0}},
		{Kind: sst.CTL, Raw: []byte{0x30, 0}},
	}
	data, err := s.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	file, err := bundle.Parse("store.sst", data)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"not for anybody", "6e6f7420666f7220616e79626f6479"} {
		if bytes.Contains(encode(t, describe.NewFile(file)), []byte(secret)) {
			t.Error("the document shows key material")
		}
	}
	e := describe.NewFile(file).Elements
	if len(e) != 5 || e[0].Kind != "certificate" || e[1].Kind != "crl" || e[4].Kind != "ctl" {
		t.Fatalf("%+v", e)
	}
	var values []string
	for _, p := range e[0].Properties {
		values = append(values, p.Value)
	}
	want := []string{"Root of all", "emailProtection", strings.Repeat("ab", 20), "2025-11-22T00:00:00Z", ""}
	if strings.Join(values, "|") != strings.Join(want, "|") {
		t.Errorf("properties %q, want %q", values, want)
	}
	if l := e[1].List; l == nil || l.Issuer != "CN=Example CA" || l.ThisUpdate != "2026-11-22T00:00:00Z" || l.NextUpdate != "2026-11-29T00:00:00Z" || l.Revoked != 5 ||
		e[1].SHA256 != fmt.Sprintf("%x", sha256.Sum256(list)) || len(e[1].Properties) != 1 {
		t.Errorf("the list: %+v", e[1])
	}
	if l := e[2].List; l == nil || l.NextUpdate != "" || l.Revoked != 5 {
		t.Errorf("the list without an end: %+v", e[2])
	}
	if e[3].List != nil || e[3].Error.Err == nil || e[3].SHA256 == "" {
		t.Errorf("the damaged list: %+v", e[3])
	}

	// The same list in PEM, beside what is none of ours.
	blocks := append(pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: list}), "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n"...)
	if file, err = bundle.Parse("list.pem", blocks); err != nil {
		t.Fatal(err)
	}
	if e := describe.NewFile(file).Elements; len(e) != 2 || e[0].List == nil || e[0].List.Revoked != 5 || e[1].Kind != "certificate request" {
		t.Errorf("%+v", e)
	}
}

// TestListOfVersionOne describes a list that crypto/x509 refuses.
func TestListOfVersionOne(t *testing.T) {
	list, _ := revocationList(t)
	version := []byte{2, 1, 1}
	at := bytes.Index(list, version)
	old := slices.Concat(list[:at], list[at+len(version):])
	old[3] -= byte(len(version))
	old[6] -= byte(len(version))
	if _, err := x509.ParseRevocationList(old); err == nil {
		t.Fatal("crypto/x509 reads it: this test shows nothing")
	}
	e := describe.NewElement(&sst.Element{Kind: sst.CRL, Raw: old})
	if e.Error.Err != nil || e.List == nil || e.List.Revoked != 5 || e.List.Issuer != "CN=Example CA" {
		t.Errorf("%+v, %v", e.List, e.Error)
	}
}
