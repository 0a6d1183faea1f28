package lint

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
)

// TestMember holds what is said of a certificate of a file, of one that cannot be decoded too.
func TestMember(t *testing.T) {
	ca, user, damaged := realCA(t, "ca-incommon-rsa-secure-email-3.pem"), mailCertificate(t, 2), chain.ParseCertificate([]byte{0x30, 0})
	f := &bundle.File{Name: "a.pem", Certificates: []bundle.Certificate{{Certificate: ca}, {Certificate: user}, {Certificate: damaged}, {Certificate: chain.ParseCertificate(nil)}}}
	c := new(Collection)
	c.add(f)
	for i, tt := range []struct {
		decoded, readable, isCA, dated, user bool
	}{{true, true, true, true, false}, {true, true, false, true, true}, {true, false, false, false, true}, {false, false, false, false, false}} {
		m := c.Members[i]
		from, to, dated := m.validity()
		if got := []bool{m.Certificate != nil, m.readable(), m.isCA(), dated, c.hasUser(m.sha256)}; !slices.Equal(got, []bool{tt.decoded, tt.readable, tt.isCA, tt.dated, tt.user}) {
			t.Errorf("%d: decoded, readable, of a CA, dated, of a user %v", i, got)
		}
		d := m.describe()
		if !d.NotBefore.Equal(from) || !d.NotAfter.Equal(to) || d.SHA256 != m.sha256 || (d.Issuer != "") != tt.dated || (m.sha256 != "") != tt.decoded || m.Index != i {
			t.Errorf("%d: %+v", i, d)
		}
		if got := m.name().String(); got != fmt.Sprintf("a.pem: certificate %d", i) {
			t.Errorf("%d without a subject: %s", i, got)
		}
		m.subject = "CN=Example,O=Example Limited"
		if got := m.name().String(); got != fmt.Sprintf("a.pem: certificate %d (Example)", i) {
			t.Errorf("%d: %s", i, got)
		}
	}
	if got := c.certificates(); !slices.Equal(got, []*chain.Certificate{ca, user, damaged}) {
		t.Errorf("%d certificates", len(got))
	}
	c.add(f) // the first of several counts
	if got := c.memberOf(user); got != c.Members[1] {
		t.Errorf("the member of a certificate is %+v", got)
	}
	if c.memberOf(nil) != nil || c.memberOf(mailCertificate(t, 1)) != nil || c.hasUser("") || c.hasUser("elsewhere") {
		t.Error("what is not there is a member")
	}
}

// TestCollect holds which files are judged as one, and with which others.
func TestCollect(t *testing.T) {
	type files = []*bundle.File
	file := func(name string, format bundle.Format, certs ...*chain.Certificate) *bundle.File {
		f := &bundle.File{Name: name, Format: format}
		for _, c := range certs {
			f.Certificates = append(f.Certificates, bundle.Certificate{Certificate: c})
		}
		return f
	}
	in := func(folder string, f *bundle.File) *bundle.File {
		f.Folder = folder
		return f
	}
	message := func(name string) *bundle.File {
		f := file(name, bundle.PKCS7)
		f.Signed = true
		return f
	}
	a, b := mailCertificate(t, 1), mailCertificate(t, 2)
	leaf := func(name string) *bundle.File { return file(name, bundle.DER, a) }
	store := func(name string) *bundle.File { return file(name, bundle.SST, a, chain.ParseCertificate(nil)) }
	root := file("root.cer", bundle.DER, b, chain.ParseCertificate(nil))
	for _, tt := range []struct {
		name        string
		files, with files
		facts       []string // the files of which facts are known
		want        string   // of each collection: its name, its files, whether beside a store, what it is judged with; how many certificates of stores and of others
	}{
		{"one", files{leaf("d/a.cer")}, nil, nil, "d/a.cer [d/a.cer] false [] 0 0"},
		{"two", files{leaf("d/a.cer"), leaf("d/b.cer")}, nil, nil, "a.cer + b.cer [d/a.cer d/b.cer] false [] 0 0"},
		{"two of a folder, and one of another", files{in("d", leaf("d/a.cer")), in("e", leaf("e/a.cer")), in("d", leaf("d/b.cer"))}, nil, nil, "d [d/a.cer d/b.cer] false [] 0 0; e [e/a.cer] false [] 0 0"},
		{"one of whom facts are known", files{leaf("a.cer"), leaf("b.cer")}, nil, []string{"b.cer"}, "a.cer [a.cer] false [] 0 0; b.cer [b.cer] false [] 0 0"},
		{"a store", files{store("s.sst")}, nil, nil, "s.sst [s.sst] false [] 0 0"},
		{"two stores", files{store("s.sst"), store("r.sst")}, nil, nil, "s.sst [s.sst] false [] 0 0; r.sst [r.sst] false [] 0 0"},
		{"beside a store", files{leaf("a.cer"), store("s.sst")}, nil, nil, "a.cer [a.cer] true [s.sst] 1 1; s.sst [s.sst] false [] 0 0"},
		{"beside settings", files{leaf("a.cer"), file("c.json", bundle.ExchangeJSON, a)}, nil, nil, "a.cer [a.cer] true [c.json] 1 1; c.json [c.json] false [] 0 0"},
		{"beside a profile", files{leaf("a.cer"), file("p.mobileconfig", bundle.MobileConfig, a)}, nil, nil, "a.cer [a.cer] false [] 0 0; p.mobileconfig [p.mobileconfig] false [] 0 0"},
		{"a PFX beside a store", files{store("s.sst"), file("id.pfx", bundle.PFX, a)}, nil, nil, "s.sst [s.sst] false [] 0 0; id.pfx [id.pfx] true [s.sst] 1 1"},
		{"a PFX", files{file("id.pfx", bundle.PFX, a)}, nil, nil, "id.pfx [id.pfx] false [] 0 0"},
		{"a directory beside a store", files{file("d.ldif", bundle.LDIF, a), store("s.sst")}, nil, nil, "d.ldif [d.ldif] true [s.sst] 1 1; s.sst [s.sst] false [] 0 0"},
		{"two directories", files{file("d.ldif", bundle.LDIF, a), file("e.vcf", bundle.VCard, a)}, nil, nil, "d.ldif [d.ldif] false [] 0 0; e.vcf [e.vcf] false [] 0 0"},
		{"a message", files{message("m.eml")}, nil, nil, "m.eml [m.eml] true [] 0 0"},
		{"a message beside a store", files{message("m.eml"), store("s.sst")}, nil, nil, "m.eml [m.eml] true [s.sst] 1 1; s.sst [s.sst] false [] 0 0"},
		{"a message beside a PFX", files{message("m.eml"), file("id.pfx", bundle.PFX, a)}, nil, nil, "m.eml [m.eml] true [] 0 0; id.pfx [id.pfx] false [] 0 0"},
		{"with a root", files{leaf("a.cer"), store("s.sst"), message("m.eml")}, files{root}, nil, "a.cer [a.cer] true [root.cer s.sst] 1 2; s.sst [s.sst] false [] 0 1; m.eml [m.eml] true [root.cer s.sst] 1 2"},
		{"with a root alone", files{leaf("a.cer"), message("m.eml")}, files{root}, nil, "a.cer [a.cer] false [root.cer] 0 1; m.eml [m.eml] true [root.cer] 0 1"},
		{"with a store", files{leaf("a.cer")}, files{store("s.sst"), root}, nil, "a.cer [a.cer] true [root.cer s.sst] 1 3"},
		{"with settings", files{leaf("a.cer")}, files{file("c.json", bundle.ExchangeJSON, a)}, nil, "a.cer [a.cer] true [c.json] 1 2"},
		{"beside a store, with another", files{leaf("a.cer"), store("s.sst")}, files{store("r.sst")}, nil, "a.cer [a.cer] true [r.sst s.sst] 1 2; s.sst [s.sst] false [] 0 1"},
	} {
		opts := &Options{With: tt.with, FactsOf: map[string]*Facts{}}
		for _, name := range tt.facts {
			opts.FactsOf[name] = new(Facts)
		}
		var got []string
		for _, c := range collect(tt.files, opts) {
			var names []string
			for _, f := range c.Files {
				names = append(names, f.Name)
			}
			got = append(got, fmt.Sprintf("%s %v %t %v %d %d", c.Name, names, c.BesideStore, c.beside, len(c.stores), len(c.Support)))
			if len(c.call) != len(tt.files)+len(tt.with) || c.rollout == nil || c.known == nil {
				t.Errorf("%s: %s: of %d files of the call", tt.name, c.Name, len(c.call))
			}
		}
		if s := strings.Join(got, "; "); s != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, s, tt.want)
		}
	}
	var many files
	for i := range maxListed {
		many = append(many, leaf(fmt.Sprintf("d/%d.cer", i)))
	}
	if got := looseName(many); strings.Count(got, " + ") != maxListed-1 || strings.Contains(got, "…") {
		t.Errorf("as many as are listed: %s", got)
	}
	if got := looseName(append(many, leaf("d/x.cer"))); strings.Count(got, " + ") != maxListed || !strings.HasSuffix(got, "…") || strings.Contains(got, "x.cer") {
		t.Errorf("one more: %s", got)
	}
}
