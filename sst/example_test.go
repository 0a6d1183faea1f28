package sst_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"log"
	"math/big"
	"os"
	"path/filepath"
	"time"

	"github.com/smimechain/smimechain/sst"
	"golang.org/x/exp/mmap"
)

// root returns a CA certificate that is valid until the given year.
func root(name string, year int) *x509.Certificate {
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), big.NewInt(1).FillBytes(make([]byte, 32)))
	if err != nil {
		log.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(nil, tmpl, tmpl, key.Public(), key)
	if err != nil {
		log.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		log.Fatal(err)
	}
	return c
}

// example returns a store that names a private key, and holds an expired
// certificate.
func example() []byte {
	s := sst.New(root("Root A", 2040), root("Root B", 2024))
	name := sst.Property{ID: sst.PropFriendlyName, Value: []byte("O\x00u\x00r\x00s\x00\x00\x00")} // UTF-16
	key := sst.Property{ID: sst.PropKeyProvInfo, Value: make([]byte, 28)}
	s.Elements[0].Properties = []sst.Property{name, key}
	data, err := s.Marshal()
	if err != nil {
		log.Fatal(err)
	}
	return data
}

// Write certificates to a store.
func ExampleNew() {
	store := sst.New(root("Root A", 2040), root("Root B", 2041))
	data, err := store.Marshal()
	if err != nil {
		log.Fatal(err)
	}
	back, err := sst.Parse(data)
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range back.Certificates() {
		fmt.Println(c.Subject)
	}
	// Output:
	// CN=Root A
	// CN=Root B
}

// A store that was damaged on its way says where and, where it can, how.
func ExampleFormatError() {
	data := example()
	_, err := sst.Parse(data[:len(data)-20])
	if e, ok := errors.AsType[*sst.FormatError](err); ok {
		fmt.Println("at", e.Offset, errors.Is(err, sst.ErrTruncated))
	}
	fmt.Println(err)
	// Output:
	// at 409 true
	// sst: offset 0x199: record 32 claims 326 bytes, 318 remain: truncated
}

// List what is in a store.
func ExampleParse() {
	s, err := sst.Parse(example())
	if err != nil {
		log.Fatal(err)
	}
	for i := range s.Elements {
		e := &s.Elements[i]
		if c, err := e.Certificate(); err == nil {
			fmt.Println(e.Kind, c.Subject)
		} else {
			fmt.Println(e.Kind, err) // e.Raw is still there
		}
		for _, p := range e.Properties {
			fmt.Printf("  %v (%v)\n", p.ID, p.ID.Class())
		}
	}
	// Output:
	// certificate CN=Root A
	//   CERT_FRIENDLY_NAME_PROP_ID (none)
	//   CERT_KEY_PROV_INFO_PROP_ID (key reference)
	// certificate CN=Root B
}

// Make the collection that may be published.
func ExampleStore_Clean() {
	s, err := sst.Parse(example())
	if err != nil {
		log.Fatal(err)
	}
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	public, dropped := s.Clean(at, nil)
	for _, d := range dropped {
		if d.Property != 0 {
			fmt.Printf("element %d: without %v\n", d.Index, d.Property)
		} else {
			fmt.Printf("element %d: %v\n", d.Index, d.Reason)
		}
	}
	data, err := public.Marshal()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d certificate, %d bytes\n", len(public.Elements), len(data))
	// Output:
	// element 0: without CERT_FRIENDLY_NAME_PROP_ID
	// element 0: without CERT_KEY_PROV_INFO_PROP_ID
	// element 1: expired
	// 1 certificate, 359 bytes
}

// Go through a large file. An os.File does as well as a mapping, and takes less
// memory.
func ExampleNewReader() {
	dir, err := os.MkdirTemp("", "sst")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "example.sst")
	if err := os.WriteFile(name, example(), 0o600); err != nil {
		log.Fatal(err)
	}
	m, err := mmap.Open(name)
	if err != nil {
		log.Fatal(err)
	}
	defer m.Close()
	r, err := sst.NewReader(m, int64(m.Len()), nil)
	if err != nil {
		log.Fatal(err)
	}
	for e, err := range r.Elements() {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("offset %#x: %v %q\n", e.Offset, e.Kind, e.FriendlyName())
	}
	// Output:
	// offset 0x8: certificate "Ours"
	// offset 0x199: certificate ""
}
