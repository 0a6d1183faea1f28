package main

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/examples/smimechain/describe"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// fixedPaths is one report with something of everything. The names in it are
// meant to break out of a terminal, a string of DOT and an entity.
func fixedPaths() *describe.Paths {
	hash := func(s string) string { return strings.Repeat(s, 32) }
	leaf, ca, self, crossA, crossB, old, other := hash("1e"), hash("ca"), hash("5e"), hash("c1"), hash("c2"), hash("0d"), hash("ee")
	const name = `CN=Root \"N, "quoted" & <b>&quot;</b>`
	cert := func(sha256, subject, issuer, spki string) describe.PathCertificate {
		return describe.PathCertificate{SHA256: sha256, Subject: subject, Issuer: issuer, SPKISHA256: hash(spki), Serial: "01",
			NotBefore: "2021-03-22T00:00:00Z", NotAfter: "2036-03-21T23:59:59Z", CA: sha256 != leaf, File: "a.pem"}
	}
	r := &describe.Paths{
		Version: 1, Time: "2026-11-22T00:00:00Z", Leaf: leaf, Usage: "sign", EKU: "emailProtection", Mail: "user@example.com",
		Revocation: describe.RevocationGiven, Truncated: "paths", Signatures: 7,
		Paths: []describe.Path{
			{Accepted: true, Certificates: []string{leaf, ca, self}, NotBefore: "2026-01-01T00:00:00Z", NotAfter: "2027-01-01T00:00:00Z", Problems: []describe.Problem{},
				Programmes: &describe.Programmes{
					Mozilla:   describe.Programme{Trust: "yes", DistrustAfter: "2031-04-15T00:00:00Z"},
					Microsoft: describe.Programme{Trust: "no", Note: "a note"}, Apple: describe.Programme{Trust: "yes", Since: "release 1"},
				}},
			{Accepted: true, Certificates: []string{leaf, ca, crossA, old}, NotBefore: "2026-01-01T00:00:00Z", NotAfter: "2027-01-01T00:00:00Z", Problems: []describe.Problem{}},
			{Certificates: []string{leaf, ca, crossB, old}, NotBefore: "2026-01-01T00:00:00Z", NotAfter: "2025-01-01T00:00:00Z", Problems: []describe.Problem{
				{Index: 2, SHA256: crossB, Code: "expired", Detail: "on 2025-01-01", Clause: "RFC 5280, Section 6.1.3 (a)(2)", Found: chain.Problem{Code: "expired"}},
				{Index: 3, SHA256: old, Code: "revoked", Detail: "a\x1b[31m detail", Found: chain.Problem{Code: "revoked"}},
			}},
		},
		DeadEnds: []describe.DeadEnd{
			{SHA256: ca, Kind: "issuer_missing", Certificates: []string{leaf, ca}, MissingSubject: name + "\n", MissingKeyID: "0123",
				AIA: []string{"http://ca.example.com/\x1b[2J"},
				Known: []describe.KnownCA{
					{Kind: "cross", Subject: name, Issuer: "CN=Old", SHA256: hash("ab"), NotBefore: "2021-03-22T00:00:00Z", NotAfter: "2038-01-18T00:00:00Z", Advice: "recommended", Reason: "old clients", URL: "https://crt.sh/?q=AB"},
					{Kind: "root", Subject: name, Issuer: name, SHA256: hash("ac"), NotBefore: "2021-03-22T00:00:00Z", NotAfter: "2046-01-18T00:00:00Z", Advice: "neutral", URL: "https://crt.sh/?q=AC",
						Programmes: &describe.Programmes{Mozilla: describe.Programme{Trust: "yes"}, Microsoft: describe.Programme{Trust: "unknown"}, Apple: describe.Programme{Trust: "unknown"}}},
				},
				NearMisses: []describe.NearMiss{{SHA256: other, Reason: "same name, other key"}, {SHA256: hash("ff"), Reason: "not a CA", Detail: "version 1"}},
			},
			{SHA256: old, Kind: "not_anchor", MissingSubject: "CN=Old", AIA: []string{}, Known: []describe.KnownCA{}, NearMisses: []describe.NearMiss{}},
			{SHA256: crossB, Kind: "no_anchor", Certificates: []string{leaf, ca, crossB}, MissingSubject: "CN=Old", AIA: []string{}, Known: []describe.KnownCA{}, NearMisses: []describe.NearMiss{}},
		},
		Certificates: []describe.PathCertificate{
			cert(leaf, "CN=user@example.com,O=\u202eevil", "CN=CA", "a1"), cert(ca, "CN=CA", name, "a2"), cert(self, name, name, "a3"),
			cert(crossA, name, "CN=Old", "a3"), cert(crossB, name, "CN=Old", "a3"), cert(old, "CN=Old", "CN=Old", "a4"), cert(other, name, name, "a5"),
		},
		CrossPairs:  [][]string{{self, crossA, crossB}},
		Unused:      []string{other},
		Unreadable:  []describe.Unreadable{{File: "b.sst", Offset: 12, Error: describe.Cause{Err: errors.New("not a certificate\x1b")}}},
		FetchErrors: []describe.Cause{{Err: errors.New("fetch: ca.example.com: status 404")}},
	}
	r.Certificates[2].Anchor, r.Certificates[5].Anchor = true, true
	r.Certificates[3].Fetched, r.Certificates[3].File = true, ""
	r.Certificates[6].Catalog, r.Certificates[6].Error = "name_only", describe.Cause{Err: errors.New("x509: negative serial number")}
	return r
}

func TestPathsGolden(t *testing.T) {
	for _, format := range []string{"text", "json", "dot"} {
		t.Run(format, func(t *testing.T) {
			write, err := pathRenderer(format, screen{})
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if err := write(&got, fixedPaths()); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", "paths."+format)
			if *update {
				if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("got:\n%s\nwant:\n%s", got.Bytes(), want)
			}
			if bytes.ContainsRune(got.Bytes(), 0x1b) {
				t.Error("an escape character reaches the output")
			}
			if format != "json" && bytes.ContainsRune(got.Bytes(), 0x202e) {
				t.Error("a character that turns the text around reaches the output")
			}
			if err := write(fullDisk{}, fixedPaths()); !errors.Is(err, errFull) {
				t.Errorf("a failing writer gives %v", err)
			}
		})
	}
}

func TestTree(t *testing.T) {
	r := &describe.Paths{Leaf: "a", Paths: []describe.Path{
		{Certificates: []string{"a", "b", "c"}},
		{Certificates: []string{"a", "b"}},
		{Certificates: []string{"a", "d", "c"}},
	}, DeadEnds: []describe.DeadEnd{
		{Certificates: []string{"a", "b", "e"}},
		{Certificates: nil},
		{Certificates: []string{"a"}},
	}}
	var b strings.Builder
	var walk func(*branch)
	walk = func(x *branch) {
		b.WriteString(x.sha256)
		for _, i := range x.paths {
			b.WriteString(string(rune('0' + i)))
		}
		for _, i := range x.deadEnds {
			b.WriteString(string(rune('X' + i)))
		}
		for _, c := range x.children {
			b.WriteByte('(')
			walk(c)
			b.WriteByte(')')
		}
	}
	walk(pathTree(r))
	if got, want := b.String(), "aZ(b1(c0)(eX))(d(c2))"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := pathTree(&describe.Paths{Leaf: "a"}); got.sha256 != "a" || len(got.children) != 0 {
		t.Errorf("a lone leaf gives %+v", got)
	}
}

var errFull = errors.New("disk full")

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

var _ io.Writer = fullDisk{}
