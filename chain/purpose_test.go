package chain_test

import (
	"encoding/asn1"
	"fmt"
	"log"
	"testing"

	"github.com/smimechain/smimechain/chain"
)

func TestParsePurpose(t *testing.T) {
	tests := []struct {
		value string
		ca    bool
		usage chain.Usage
		eku   asn1.ObjectIdentifier
		bad   bool
	}{
		{"", false, chain.SignOrEncrypt, nil, false},
		{"", true, chain.Issue, nil, false},
		{"sign-or-encrypt", true, chain.SignOrEncrypt, nil, false},
		{"sign", false, chain.Sign, nil, false},
		{"encrypt", false, chain.Encrypt, nil, false},
		{"issue", false, chain.Issue, nil, false},
		{"any", false, chain.AnyUsage, chain.AnyEKU, false},
		{"any,emailProtection", false, chain.AnyUsage, chain.EmailProtection, false},
		{"serverauth", false, chain.AnyUsage, chain.ServerAuth, false},
		{"serverAuth", true, chain.Issue, chain.ServerAuth, false},
		{"sign,clientAuth", false, chain.Sign, chain.ClientAuth, false},
		{"issue,1.3.6.1.4.1.311.10.3.4", true, chain.Issue, asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 10, 3, 4}, false},
		{"2.5.29.37.0", false, chain.AnyUsage, chain.AnyEKU, false},
		{value: "mail", bad: true},
		{value: "sign,", bad: true},
		{value: ",sign", bad: true},
		{value: "clientAuth,sign", bad: true},
		{value: "sign,encrypt", bad: true},
		{value: "1", bad: true},
		{value: "3.1.2", bad: true},
		{value: "1.40.2", bad: true},
		{value: "1.2.", bad: true},
		{value: "1..2", bad: true},
		{value: "1.-2", bad: true},
		{value: "1.99999999999", bad: true},
	}
	for _, tt := range tests {
		got, err := chain.ParsePurpose(tt.value, tt.ca)
		if (err != nil) != tt.bad {
			t.Errorf("ParsePurpose(%q) gives the error %v", tt.value, err)
		} else if err == nil && (got.Usage != tt.usage || !got.EKU.Equal(tt.eku)) {
			t.Errorf("ParsePurpose(%q, %v) = %v, want %v %v", tt.value, tt.ca, got, tt.usage, tt.eku)
		}
	}
	if got := (chain.Purpose{}).EKUName(); got != "emailProtection" {
		t.Errorf("no EKU is called %s", got)
	}
	if got := (chain.Purpose{EKU: asn1.ObjectIdentifier{1, 2, 3}}).EKUName(); got != "1.2.3" {
		t.Errorf("an unnamed EKU is called %s", got)
	}
}

func ExampleParsePurpose() {
	p, err := chain.ParsePurpose("sign,clientAuth", false)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.Usage, p.EKUName())

	p, err = chain.ParsePurpose("", true) // of a CA
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.Usage, p.EKUName())
	// Output:
	// sign clientAuth
	// issue emailProtection
}
