package lint_test

import (
	"encoding/asn1"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
	"github.com/smimechain/smimechain/sst"
	zlint "github.com/zmap/zlint/v3/lint"
)

// TestStoreConditions holds the rules about stores to each of their conditions: sizes to the
// octet.
func TestStoreConditions(t *testing.T) {
	const least = 44 // a header, an end, and what stands before a certificate and a property
	sized := func(n int) given { return give(padded(n - least - len(root().Raw))) }
	signed := p7b(issuing(), root())
	signed[0].Signed = true
	inText := store(issuing(), root())
	inText[0].Armor = pkcs7.Base64
	over := newCA("Over Root", nil, root().key, valid(today.AddDate(-5, 0, 0), today.Add(-time.Second)))
	last := newCA("Last Root", nil, root().key, valid(today.AddDate(-5, 0, 0), today))
	inUse := func(files []*bundle.File, certs ...*signer) given {
		return facts(lint.Facts{SmimeConfig: smimeConfig(certs...)}, files)
	}
	unset := smimeConfig(issuing())
	unset.HasCollection = false
	usage := func(list ...asn1.ObjectIdentifier) given {
		return give(property(sst.PropEnhKeyUsage, oids(list...), root()))
	}
	server := asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 1}
	const tooLarge, large, properties, notStore, drops, ekus = "w_collection_too_large", "n_collection_large", "n_collection_properties", "n_collection_not_sst", "w_collection_drops_certificates", "w_collection_eku_property"
	for i, tt := range []struct {
		rule  string
		given given
		want  lint.Status
	}{
		{tooLarge, sized(70_000), zlint.Pass},
		{tooLarge, sized(70_001), zlint.Warn},
		{large, sized(60_000), zlint.Pass},
		{large, sized(60_001), zlint.Notice},
		{large, sized(70_000), zlint.Notice},
		{large, sized(70_001), zlint.Pass},
		{properties, give(property(sst.PropFriendlyName, []byte{1}, root())), zlint.Notice},
		{properties, give(property(sst.PropKeyProvInfo, []byte{1}, root())), zlint.Pass},
		{notStore, give(p7b(issuing(), root())), zlint.Notice},
		{notStore, give(signed), zlint.Pass},
		{notStore, give(store(issuing(), root())), zlint.Pass},
		{notStore, give(inText), zlint.Notice},
		{ekus, usage(server), zlint.Warn},
		{ekus, usage(server, asn1.ObjectIdentifier(chain.EmailProtection)), zlint.Pass},
		{drops, inUse(store(root()), root(), issuing()), zlint.Warn},
		{drops, inUse(store(root()), root(), over), zlint.Pass},
		{drops, inUse(store(root()), root(), last), zlint.Warn},
		{drops, facts(lint.Facts{SmimeConfig: unset}, store(root())), zlint.NA},
		{drops, with(append(store(root(), issuing()), loose(user())...), lint.Options{Facts: &lint.Facts{SmimeConfig: smimeConfig(issuing(), root())}, Targets: []lint.Target{lint.ExchangeOnline}}), zlint.Pass},
	} {
		if got := outcome(t, tt.rule, tt.given.files, tt.given.opts); got != tt.want {
			t.Errorf("%d: %s: %s, want %s", i, tt.rule, got, tt.want)
		}
	}
}
