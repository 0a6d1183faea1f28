package lint_test

import (
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/sst"
)

// marked is a store of Windows that holds something against a certificate.
func marked(c *signer, id sst.PropID, value []byte) *bundle.File {
	f := property(id, value, c)[0]
	f.Name = "marks.sst"
	return f
}

// inDisallowed is a registry export in which a certificate lies in the store Disallowed.
func inDisallowed(c *signer) *bundle.File {
	element := binary.LittleEndian.AppendUint32(nil, 32)
	element = binary.LittleEndian.AppendUint32(element, 1)
	element = binary.LittleEndian.AppendUint32(element, uint32(len(c.Raw)))
	var octets []string
	for _, b := range append(element, c.Raw...) {
		octets = append(octets, fmt.Sprintf("%02x", b))
	}
	const key = `HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SystemCertificates\Disallowed\Certificates\A1`
	return parse("marks.reg", []byte("Windows Registry Editor Version 5.00\r\n\r\n["+key+"]\r\n\"Blob\"=hex:"+strings.Join(octets, ",")+"\r\n"), nil)
}

// against are the ways in which something speaks against a CA.
var against = []struct {
	name  string
	ca    []change
	marks func(t *testing.T, ca, issuer *signer) []*bundle.File
	knows func(ca *signer) *catalog.Catalog
	// everyone reports whether it holds for every target: properties of Windows stores do
	// for Windows alone.
	everyone bool
	// listed holds of what a list says: of no root, and only where the list can be verified
	// and the certificate is there.
	listed bool
}{
	{name: "in the store Disallowed", marks: func(_ *testing.T, ca, _ *signer) []*bundle.File { return []*bundle.File{inDisallowed(ca)} }, everyone: true},
	{name: "disabled", marks: func(_ *testing.T, ca, _ *signer) []*bundle.File {
		ticks := binary.LittleEndian.AppendUint64(nil, uint64(today.AddDate(-1, 0, 0).Unix()+11_644_473_600)*1e7)
		return []*bundle.File{marked(ca, sst.PropDisallowedFileTime, ticks)}
	}},
	{name: "disallowed for mail", marks: func(_ *testing.T, ca, _ *signer) []*bundle.File {
		return []*bundle.File{marked(ca, sst.PropDisallowedEnhKeyUsage, oids([]int{1, 3, 6, 1, 5, 5, 7, 3, 4}))}
	}},
	{name: "allowed for servers", marks: func(_ *testing.T, ca, _ *signer) []*bundle.File {
		return []*bundle.File{marked(ca, sst.PropEnhKeyUsage, oids([]int{1, 3, 6, 1, 5, 5, 7, 3, 1}))}
	}},
	{name: "known to be revoked", knows: func(ca *signer) *catalog.Catalog { return revokes(ca, "2026-01-02") }, everyone: true},
	{name: "revoked by a list", marks: func(t *testing.T, ca, issuer *signer) []*bundle.File {
		return []*bundle.File{listOf(t, issuer, today.AddDate(0, 1, 0), ca)}
	}, everyone: true, listed: true},
	{name: "expired", ca: []change{valid(today.AddDate(-5, 0, 0), today.AddDate(0, -1, 0))}, knows: func(ca *signer) *catalog.Catalog {
		return catalogOf(map[string]any{"certificates": []any{entryOf(ca)}})
	}, everyone: true},
}

// TestRemediesTrustNothingBad holds that no finding of a report advises to add or to trust
// a certificate of which the same report knows that it is distrusted, revoked or expired,
// wherever that certificate lies and whatever the chain lacks beside it.
func TestRemediesTrustNothingBad(t *testing.T) {
	cases, spoke := 0, 0
	for _, why := range against {
		for _, badRoot := range []bool{true, false} {
			if badRoot && why.listed {
				continue
			}
			var changes [2][]change
			changes[1] = append(changes[1], email)
			bad := 1
			if badRoot {
				bad = 0
			}
			changes[bad] = append(changes[bad], why.ca...)
			top := newCA("Example Root", nil, ecKey(elliptic.P256(), 1), changes[0]...)
			sub := newCA("Example CA", top, ecKey(elliptic.P256(), 2), changes[1]...)
			leaf := newUser(sub, ecKey(elliptic.P256(), 3))
			ca := []*signer{top, sub}[bad]
			for name, files := range map[string][]*bundle.File{
				"all in one":               pemBundle(leaf, sub, top),
				"loose":                    loose(leaf, sub, top),
				"the bad one alone":        loose(ca),
				"root missing":             loose(leaf, sub),
				"CA missing":               loose(leaf, top),
				"user alone":               loose(leaf),
				"store":                    store(sub, top),
				"store of the CA":          store(sub),
				"store of the root":        store(top),
				"store and user":           append(store(sub, top), loose(leaf)...),
				"root beside the store":    append(store(sub), loose(leaf, top)...),
				"CA beside the store":      append(store(top), loose(leaf, sub)...),
				"files that are not one":   append(pemBundle(leaf, sub), p7b(top)[0]),
				"user, and CA in another":  append(pemBundle(leaf, top), p7b(sub)[0]),
				"CAs beside another store": append(store(newCA("Other", nil, ecKey(elliptic.P256(), 9))), loose(leaf, sub, top)...),
			} {
				if why.listed && (name == "CA missing" || name == "user alone") {
					continue
				}
				opts := &lint.Options{Time: today, ZLint: []string{"none"}}
				if why.marks != nil {
					opts.With = why.marks(t, ca, top)
				}
				if why.knows != nil {
					opts.Catalog = why.knows(ca)
				}
				for _, roots := range [][]*bundle.File{nil, loose(top)} {
					if why.listed && roots == nil && name == "root missing" {
						continue
					}
					opts.Roots = roots
					for _, target := range lint.Targets() {
						if !why.everyone && target != lint.Windows {
							continue
						}
						opts.Targets = []lint.Target{target}
						r, err := lint.Run(t.Context(), files, opts)
						if err != nil {
							continue // the target takes no such file
						}
						cases++
						for _, advice := range advises(r, ca) {
							spoke++
							if spoke < 40 {
								t.Errorf("%s, %s (root %v, rolled out %v), %s: %s", why.name, name, badRoot, roots != nil, target, advice)
							}
						}
					}
				}
			}
		}
	}
	t.Logf("%d reports, %d pieces of bad advice", cases, spoke)
	if cases < 1000 {
		t.Errorf("%d reports", cases)
	}
}

// advises returns where findings of a report, or what it lists as missing, advise to add or
// to trust a certificate. What decides a need asks for facts, and advises nothing.
func advises(r *lint.Report, c *signer) (list []string) {
	sum := sha256.Sum256(c.Raw)
	names := func(s string) bool {
		return strings.Contains(strings.ToLower(s), hex.EncodeToString(sum[:])) || strings.Contains(s, `"`+c.Subject.CommonName+`"`)
	}
	for _, f := range r.Findings {
		remedy := string(f.Remedy)
		asks := false
		for _, word := range []string{"Add the root", "Add the certificate", "Add the cross", "install the root", "roll the root out", "Add a path", "Put every intermediate", "Add the CAs"} {
			asks = asks || strings.Contains(remedy, word)
		}
		if asks && names(f.Message.String()) || strings.Contains(f.Message.String(), "add ") && names(f.Message.String()) {
			list = append(list, fmt.Sprintf("%s: %s / %s", f.Rule, f.Message, remedy))
		}
	}
	for _, m := range r.Missing {
		if m.SHA256 == hex.EncodeToString(sum[:]) {
			list = append(list, fmt.Sprintf("missing: %+v", m))
		}
	}
	return list
}

// TestSelfSignedUser holds that nobody is advised to add the certificate that a user has
// signed for himself as a root, and that one of a CA that has signed mail is seen.
func TestSelfSignedUser(t *testing.T) {
	self := newUser(nil, ecKey(elliptic.P256(), 3))
	r := run(t, append(store(root()), loose(self)...), &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, ZLint: []string{"none"}})
	found := false
	for _, f := range r.Findings {
		if f.Rule == "e_chain_no_anchor" {
			found = true
			if !strings.HasPrefix(string(f.Remedy), "Have a certificate issued by a CA") {
				t.Errorf("%s: %s", f.Message, f.Remedy)
			}
		}
	}
	if !found {
		t.Errorf("%+v", r.Findings)
	}
}

// TestSignedByCA holds that the certificate of a CA that has signed mail is seen.
func TestSignedByCA(t *testing.T) {
	files := append(store(root()), mail("user@example.com", mailText, signature([]byte(mailText), root(), today, root()))...)
	r := run(t, files, &lint.Options{Time: today, Targets: []lint.Target{lint.ExchangeOnline}, ZLint: []string{"none"}})
	found := false
	for _, v := range r.Subjects {
		for _, n := range v.Needs {
			for _, m := range n.Decide {
				found = found || n.Need == "path" && strings.HasPrefix(m.String(), "the certificate is that of a CA")
				if strings.Contains(m.String(), "no certificate can be seen") {
					t.Errorf("%s: %s", n.Need, m)
				}
			}
		}
	}
	if !found {
		t.Errorf("%+v", r.Subjects)
	}
}
