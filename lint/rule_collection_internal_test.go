package lint

import (
	"crypto/x509"
	"slices"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/pkcs12"
)

// TestIsCarried holds where a key is none of the collection: in a PFX, in a file that is
// there to carry one, and where the rules about such files speak of it.
func TestIsCarried(t *testing.T) {
	inBag, outside := bundle.FoundKey{Bag: pkcs12.BagRef{0, 0}}, bundle.FoundKey{}
	graph := func(b *artefact.Binary) *bundle.File {
		return &bundle.File{Format: bundle.GraphJSON, Graph: []artefact.Graph{{}, {TrustedCertificate: b}}}
	}
	for _, tt := range []struct {
		name              string
		file              *bundle.File
		carried, carryBag bool // without a place in a PFX, and with one
	}{
		{"a PFX", &bundle.File{Format: bundle.PFX}, true, true},
		{"a store", &bundle.File{Format: bundle.SST}, false, false},
		{"PEM", &bundle.File{Format: bundle.PEM}, false, false},
		{"a profile", &bundle.File{Format: bundle.MobileConfig}, false, true},
		{"an object of Graph", graph(nil), false, true},
		{"a root of Graph", graph(&artefact.Binary{}), false, true},
		{"a key for a root of Graph", graph(&artefact.Binary{Fault: artefact.FaultKey}), true, true},
		{"a PFX for a root of Graph", graph(&artefact.Binary{Fault: artefact.FaultPFX}), true, true},
	} {
		if got, bag := isCarried(tt.file, outside), isCarried(tt.file, inBag); got != tt.carried || bag != tt.carryBag {
			t.Errorf("%s: %t, in a bag %t", tt.name, got, bag)
		}
	}
}

// TestKeysInFiles holds what is said of a key, or of what may be one.
func TestKeysInFiles(t *testing.T) {
	type says struct{ finds, undecided, leavesOut, counts bool }
	sure, doubtful := bundle.FoundKey{Kind: "PRIVATE KEY"}, bundle.FoundKey{Kind: "ENCRYPTED PRIVATE KEY", Doubtful: true}
	for _, tt := range []struct {
		name   string
		target Target
		format bundle.Format
		beside bool
		key    bundle.FoundKey
		want   says
	}{
		{"a collection", ExchangeOnline, bundle.PEM, false, sure, says{finds: true, counts: true}},
		{"a collection, in doubt", ExchangeOnline, bundle.PEM, false, doubtful, says{undecided: true, counts: true}},
		{"a PFX for a collection", ExchangeOnline, bundle.PFX, false, sure, says{finds: true, counts: true}},
		{"beside a collection", ExchangeOnline, bundle.PEM, true, sure, says{finds: true, counts: true}},
		{"a PFX beside a collection", ExchangeOnline, bundle.PFX, true, sure, says{}},
		{"a profile with an identity, beside a collection", ExchangeOnline, bundle.MobileConfig, true, bundle.FoundKey{Bag: pkcs12.BagRef{0, 0}}, says{finds: true, counts: true}},
		{"a profile with an identity", Windows, bundle.MobileConfig, false, bundle.FoundKey{Bag: pkcs12.BagRef{0, 0}}, says{}},
		{"a user", Windows, bundle.PEM, false, sure, says{finds: true}},
		{"a user, in doubt", Windows, bundle.PEM, false, doubtful, says{leavesOut: true}},
		{"an identity", Windows, bundle.PFX, false, sure, says{}},
		{"an identity beside a collection", Windows, bundle.PFX, true, sure, says{}},
	} {
		f := &bundle.File{Name: "a", Format: tt.format, Keys: []bundle.FoundKey{tt.key}}
		p := &Pass{Target: tt.target, Collection: &Collection{Files: []*bundle.File{f}, BesideStore: tt.beside}, rule: &Rule{Name: "e_x"}}
		if err := runPrivateKey(p); err != nil {
			t.Fatal(err)
		}
		if got := (says{len(p.findings) == 1, len(p.unknown) == 1, len(p.omitted) == 1, p.hasKeys}); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

// TestCollectionConditions holds what is found of collections that a user, a copy or no
// root is in, and when it is not looked for.
func TestCollectionConditions(t *testing.T) {
	root, inter, user := realCA(t, "root-usertrust-rsa.pem"), realCA(t, "ca-incommon-rsa-secure-email-3.pem"), newCertificate(t)
	self := newCertificateOf(t, new(x509.Certificate))
	undecoded := chain.ParseCertificate(nil)
	file := func(format bundle.Format, certs ...*chain.Certificate) *bundle.File {
		f := &bundle.File{Name: "a", Format: format}
		for _, c := range certs {
			f.Certificates = append(f.Certificates, bundle.Certificate{Certificate: c})
		}
		return f
	}
	objects := func(platforms ...string) *bundle.File {
		f := file(bundle.GraphJSON)
		for _, platform := range platforms {
			f.Certificates = append(f.Certificates, bundle.Certificate{Certificate: root})
			g := artefact.Graph{TrustedCertificate: &artefact.Binary{}}
			g.Type = "#microsoft.graph." + platform + "TrustedRootCertificate"
			g.TrustedCertificate.Certificates = append(g.TrustedCertificate.Certificates, root)
			f.Graph = append(f.Graph, g)
		}
		return f
	}
	signed := file(bundle.PKCS7, user, user)
	signed.Signed = true
	const noRoot, endEntity, duplicate = "e_collection_no_root", "w_collection_end_entity", "w_collection_duplicate_certificate"
	for _, tt := range []struct {
		rule   string
		file   *bundle.File
		beside bool
		want   []int // of which certificates; -1: of the whole
	}{
		{noRoot, file(bundle.SST, inter), false, []int{-1}},
		{noRoot, file(bundle.SST, inter), true, nil},
		{noRoot, file(bundle.SST, inter, root), false, nil},
		{noRoot, file(bundle.SST, self), false, []int{-1}}, // which is no CA
		{noRoot, file(bundle.SST), false, nil},
		{noRoot, file(bundle.SST, undecoded), false, nil},
		{endEntity, file(bundle.SST, root, user, inter, self), false, []int{1, 3}},
		{endEntity, file(bundle.SST, root, user), true, nil},
		{endEntity, file(bundle.SST, undecoded), false, nil},
		{duplicate, file(bundle.SST, root, root, inter, root), false, []int{1, 3}},
		{duplicate, file(bundle.SST, undecoded, undecoded), false, nil},
		{duplicate, file(bundle.LDIF, user, user), false, nil},
		{duplicate, signed, false, nil},
		{duplicate, objects("ios", "ios"), false, []int{1}},
		{duplicate, objects("ios", "macOS", "ios"), false, []int{2}},
	} {
		c := collect([]*bundle.File{tt.file}, new(Options))[0]
		c.BesideStore = tt.beside
		p := &Pass{Context: t.Context(), Target: ExchangeOnline, Time: noon, Collection: c, Catalog: new(Options).catalog(), Facts: new(Facts)}
		rule, _ := FindRule(tt.rule)
		if _, err := p.run(&rule, 0); err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, f := range p.findings {
			got = append(got, f.Index)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s, %s of %d: %v, want %v", tt.rule, tt.file.Format, len(tt.file.Certificates), got, tt.want)
		}
	}
}
