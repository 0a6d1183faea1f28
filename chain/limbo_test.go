package chain

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/smimechain/smimechain/testdata/outside"
)

type limboCase struct {
	ID                string
	Features          []string
	ValidationKind    string      `json:"validation_kind"`
	Trusted           []string    `json:"trusted_certs"`
	Untrusted         []string    `json:"untrusted_intermediates"`
	Peer              string      `json:"peer_certificate"`
	Time              *string     `json:"validation_time"`
	KeyUsage          []string    `json:"key_usage"`
	ExtKeyUsage       []string    `json:"extended_key_usage"`
	Expected          string      `json:"expected_result"`
	ExpectedPeer      *limboName  `json:"expected_peer_name"`
	ExpectedPeerNames []limboName `json:"expected_peer_names"`
	MaxDepth          *int        `json:"max_chain_depth"`
	CRLs              []string    `json:"crls"`
}

type limboName struct{ Kind, Value string }

func limboCases(tb testing.TB) []limboCase {
	data, err := os.ReadFile(outside.Corpus(tb, "paths", "limbo.json"))
	if err != nil {
		tb.Fatal(err)
	}
	var file struct {
		Version   int
		TestCases []limboCase
	}
	if err := json.Unmarshal(data, &file); err != nil {
		tb.Fatal(err)
	}
	if file.Version != 1 || len(file.TestCases) != 289 {
		tb.Fatalf("version %d, %d cases", file.Version, len(file.TestCases))
	}
	return file.TestCases
}

func limboParse(tb testing.TB, texts []string) (out []*Certificate) {
	for _, text := range texts {
		block, _ := pem.Decode([]byte(text))
		if block == nil {
			tb.Fatal("no PEM block")
		}
		out = append(out, ParseCertificate(block.Bytes))
	}
	return out
}

// limboRun builds the paths of a case and returns the verdict, with the names
// that the peer is to have compared as the case asks.
func limboRun(tb testing.TB, tc *limboCase) (bool, *Result) {
	leaf := limboParse(tb, []string{tc.Peer})[0]
	at := time.Now()
	if tc.Time != nil {
		var err error
		if at, err = time.Parse(time.RFC3339, *tc.Time); err != nil {
			tb.Fatal(err)
		}
	}
	opts := &Options{CrossCheck: true}
	opts.Purpose = Purpose{EKU: serverAuth, Usage: AnyUsage}
	if tc.ValidationKind == "CLIENT" {
		opts.Purpose.EKU = clientAuth
	}
	if len(tc.ExtKeyUsage) > 0 {
		oid, ok := map[string][]int{
			"serverAuth": serverAuth, "clientAuth": clientAuth, "anyExtendedKeyUsage": AnyEKU,
		}[tc.ExtKeyUsage[0]]
		if !ok {
			tb.Fatalf("%s: unknown usage %s", tc.ID, tc.ExtKeyUsage[0])
		}
		opts.Purpose.EKU = oid
	}
	if tc.MaxDepth != nil {
		opts.Limits.Length = *tc.MaxDepth + 2 // theirs counts intermediates
	}
	if len(tc.CRLs) > 0 {
		var lists [][]byte
		for _, text := range tc.CRLs {
			block, _ := pem.Decode([]byte(text))
			lists = append(lists, block.Bytes)
		}
		opts.Revocation = NewCRLs(lists...)
	}
	mail := tc.ExpectedPeerNames
	if tc.ExpectedPeer != nil {
		mail = append(mail, *tc.ExpectedPeer)
	}
	names := true
	for _, n := range mail {
		switch n.Kind {
		case "RFC822":
			names = names && leaf.hasEmail(n.Value)
		default:
			host := n.Value
			if n.Kind == "IP" {
				host = "[" + host + "]"
			}
			names = names && leaf.cert() != nil && leaf.cert().VerifyHostname(host) == nil
		}
	}
	r, err := NewGraph(limboParse(tb, tc.Untrusted), limboParse(tb, tc.Trusted), Limits{}).Build(context.Background(), leaf, at, opts)
	if err != nil {
		tb.Fatal(err)
	}
	return names && len(r.Accepted) > 0, r
}

func TestLimbo(t *testing.T) {
	right, listed, mail := 0, 0, 0
	differences := map[string]int{}
	used := map[string]bool{}
	for _, tc := range limboCases(t) {
		got, r := limboRun(t, &tc)
		want := tc.Expected == "SUCCESS"
		reason, excepted := limboExceptions[tc.ID]
		if excepted {
			used[tc.ID] = true
		}
		switch {
		case got == want && excepted:
			t.Errorf("%s: right, although listed: %s", tc.ID, reason)
		case got == want:
			right++
			if slices.ContainsFunc(tc.ExpectedPeerNames, func(n limboName) bool { return n.Kind == "RFC822" }) {
				mail++
			}
		case excepted:
			listed++
		default:
			t.Errorf("%s: got %t: %v %v", tc.ID, got, describe(append(r.Accepted, r.Rejected...)), r.DeadEnds)
		}
		if len(tc.CRLs) == 0 && r.Leaf.cert() != nil {
			for _, d := range compareWithOracle(t, tc.ID, r) {
				differences[d]++
			}
		}
	}
	for id := range limboExceptions {
		if !used[id] {
			t.Errorf("%s: listed, and not in the suite", id)
		}
	}
	t.Logf("%d right, %d listed; e-mail %d", right, listed, mail)
	for d, n := range differences {
		t.Logf("%d paths: %s", n, d)
	}
}

const (
	limboConformance = "what the issuer should have done; to the relying party the meaning is clear (lint's business)"
	limboLeaf        = "constraints in a leaf constrain nothing"
	limboPeriod      = "a leading period in a dNSName constraint is read as elsewhere: the names below"
	limboDepth       = "Limits.Length counts every certificate, self-issued ones too"
	limboWeb         = "a rule of the web PKI that is not one of RFC 5280"
)

// limboExceptions are the cases with another outcome here, with the reason.
var limboExceptions = map[string]string{
	"rfc5280::aki::leaf-missing-aki":                            limboConformance,
	"rfc5280::aki::intermediate-missing-aki":                    limboConformance,
	"rfc5280::aki::cross-signed-root-missing-aki":               limboConformance,
	"rfc5280::nc::permitted-dns-match-noncritical":              limboConformance,
	"rfc5280::pc::ica-noncritical-pc":                           limboConformance,
	"rfc5280::san::noncritical-with-empty-subject":              limboConformance,
	"rfc5280::san::underscore-dns":                              limboConformance,
	"rfc5280::serial::too-long":                                 limboConformance,
	"rfc5280::serial::zero":                                     limboConformance,
	"rfc5280::ski::root-missing-ski":                            limboConformance,
	"rfc5280::ski::intermediate-missing-ski":                    limboConformance,
	"rfc5280::root-non-critical-basic-constraints":              limboConformance,
	"rfc5280::leaf-ku-keycertsign":                              limboConformance,
	"crl::crlnumber-missing":                                    limboConformance,
	"crl::crlnumber-critical":                                   limboConformance,
	"rfc5280::nc::not-allowed-in-ee-noncritical":                limboLeaf,
	"rfc5280::nc::not-allowed-in-ee-critical":                   limboLeaf,
	"rfc5280::nc::invalid-dnsname-leading-period":               limboPeriod,
	"pathlen::max-chain-depth-1-self-issued":                    limboDepth,
	"webpki::aki::root-with-aki-missing-keyidentifier":          limboWeb,
	"webpki::aki::root-with-aki-authoritycertissuer":            limboWeb,
	"webpki::aki::root-with-aki-authoritycertserialnumber":      limboWeb,
	"webpki::aki::root-with-aki-all-fields":                     limboWeb,
	"webpki::aki::root-with-aki-ski-mismatch":                   limboWeb,
	"webpki::cn::ipv4-hex-mismatch":                             limboWeb,
	"webpki::cn::ipv4-leading-zeros-mismatch":                   limboWeb,
	"webpki::cn::ipv6-uppercase-mismatch":                       limboWeb,
	"webpki::cn::ipv6-uncompressed-mismatch":                    limboWeb,
	"webpki::cn::ipv6-non-rfc5952-mismatch":                     limboWeb,
	"webpki::cn::punycode-not-in-san":                           limboWeb,
	"webpki::cn::utf8-vs-punycode-mismatch":                     limboWeb,
	"webpki::cn::not-in-san":                                    limboWeb,
	"webpki::cn::case-mismatch":                                 limboWeb,
	"webpki::eku::ee-anyeku":                                    limboWeb,
	"webpki::eku::ee-critical-eku":                              limboWeb,
	"webpki::eku::ee-without-eku":                               limboWeb,
	"webpki::eku::root-has-eku":                                 limboWeb,
	"webpki::san::public-suffix-wildcard-san":                   limboWeb,
	"webpki::san::public-suffix-multi-label-wildcard-san":       limboWeb,
	"webpki::san::public-suffix-private-namespace-wildcard-san": limboWeb,
	"webpki::san::san-critical-with-nonempty-subject":           limboWeb,
	"webpki::forbidden-dsa-leaf":                                limboWeb,
	"webpki::forbidden-weak-rsa-key-in-root":                    limboWeb,
	"webpki::forbidden-weak-rsa-in-leaf":                        limboWeb,
	"webpki::forbidden-rsa-not-divisible-by-8-in-root":          limboWeb,
	"webpki::forbidden-rsa-key-not-divisible-by-8-in-leaf":      limboWeb,
	"webpki::ee-basicconstraints-ca":                            limboWeb,
	"webpki::ca-as-leaf":                                        limboWeb,
}
