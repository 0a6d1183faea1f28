package lint

import (
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/sst"
)

// collectionRules are about what a public collection may hold.
func collectionRules() []Rule {
	return []Rule{
		{
			Name:        "e_collection_private_key",
			Description: "The file holds a private key, in whatever form: PEM, DER, a PFX, a key store, a form of a program of its own, base64 or hexadecimal digits of one of them, or a store property whose value is key material. A collection of public certificates is handed to a service and to colleagues; a key in it is compromised.",
			Citation:    citeCollection + "; wincrypt.h, CERT_ISOLATED_KEY_PROP_ID",
			Remedy:      "Do not upload or send the file. Export the certificates without their keys; if the file has already left your hands, have the certificate revoked and replaced.",
			Confidence:  Inferred,
			Run:         runPrivateKey,
		},
		{
			Name:        "w_collection_private_key_reference",
			Description: "A certificate of the store carries properties that say where its private key is kept. They reveal names of the exporting machine, and programs that read the store believe that a key is present.",
			Citation:    "MS-GPEF, Section 2.2.1.1.1; wincrypt.h, CERT_KEY_PROV_INFO_PROP_ID",
			Targets:     []Target{ExchangeOnline},
			Remedy:      "Export from the Root and CA stores instead of My, or write the store anew, without properties.",
			Command:     "smimechain pack -o OUT.sst FILE",
			advise:      advisePack,
			Confidence:  Inferred,
			Run:         runKeyReference,
		},
		{
			Name:        "e_collection_no_root",
			Need:        needServes,
			Description: "No certificate of the collection is self-signed. Exchange Online anchors chains in the self-signed certificates of the collection and in nothing else, so that without one no signature is trusted.",
			Citation:    citeCollection + "; Microsoft, CERT_CHAIN_ENGINE_CONFIG, hExclusiveRoot",
			Targets:     []Target{ExchangeOnline},
			Remedy:      "Add the root certificate in its self-signed form.",
			Confidence:  Inferred,
			Symptoms:    untrusted,
			Run:         runNoRoot,
		},
		{
			Name:        "w_collection_end_entity",
			Description: "The collection holds the certificate of a user. Exchange Online takes recipients' certificates from the directory, not from the collection; here it only brings forward the day on which an upload fails.",
			Citation:    citeCollection,
			Targets:     []Target{ExchangeOnline},
			Remedy:      "Remove it from the collection; publish users' certificates in the global address list.",
			Confidence:  Documented,
			Run:         runEndEntity,
		},
		{
			Name:        "w_collection_duplicate_certificate",
			Description: "The same certificate is there more than once.",
			Citation:    "RFC 5280, Section 4.1",
			Remedy:      "Keep one copy.",
			Confidence:  Inferred,
			Run:         runDuplicate,
		},
	}
}

func runPrivateKey(p *Pass) error {
	collects := p.Target.row().collects
	for _, f := range p.Collection.Files {
		for _, k := range f.Keys {
			switch {
			case isCarried(f, k) && (!collects || p.Collection.BesideStore && f.Format == bundle.PFX):
				continue // an identity: it is there to carry the key
			case !k.Doubtful:
				p.ReportFile(f.Name, "%s", k)
			case collects:
				p.Undecided(nil, "%s: %s", f.Name, k)
			default:
				p.leaveOut(codeMayHoldKey, say.New("%s", f.Name), "%s", k)
			}
			p.hasKeys = collects
		}
	}
	for _, m := range p.Collection.Members {
		for _, property := range properties(m, sst.KeyMaterial) {
			p.Report(m, "property %s holds key material", property.ID)
		}
	}
	return nil
}

// isCarried reports whether a key lies in a PFX, in a file that is there to carry
// one, or where only a certificate belongs and a rule about such files says so.
func isCarried(f *bundle.File, k bundle.FoundKey) bool {
	instead := func(b *artefact.Binary) bool {
		return b != nil && (b.Fault == artefact.FaultKey || b.Fault == artefact.FaultPFX)
	}
	switch f.Format {
	case bundle.PFX:
		return true
	case bundle.GraphJSON:
		return k.Bag != nil || slices.ContainsFunc(f.Graph, func(g artefact.Graph) bool { return instead(g.TrustedCertificate) })
	case bundle.MobileConfig:
		return k.Bag != nil
	default:
		return false
	}
}

func runKeyReference(p *Pass) error {
	for _, m := range p.Collection.Members {
		for _, property := range properties(m, sst.KeyReference) {
			info, err := property.KeyProvInfo()
			if err != nil {
				p.Report(m, "property %s points at a private key", property.ID)
				continue
			}
			p.Report(m, "property %s points at a private key: container %s, provider %s", property.ID, info.Container, info.Provider)
		}
	}
	return nil
}

// properties returns the store properties of a certificate that are of a class.
func properties(m *Member, class sst.Class) []sst.Property {
	return slices.DeleteFunc(slices.Clone(m.File.Certificates[m.Index].Properties), func(p sst.Property) bool {
		return !p.ID.Class().Has(class)
	})
}

func runNoRoot(p *Pass) error {
	c := p.Collection
	if c.BesideStore || slices.ContainsFunc(p.anchors(), (*chain.Certificate).IsCA) || len(c.certificates()) == 0 {
		return nil
	}
	starts, err := p.starts()
	if err != nil {
		return err
	}
	needed, unfit := p.neededRoots(starts)
	p.reportAdding(nil, say.Join(append([]say.Message{say.New("no self-signed certificate among %d", len(c.Members))}, needed...)...), unfit)
	return nil
}

func runEndEntity(p *Pass) error {
	if p.Collection.BesideStore {
		return nil
	}
	for _, m := range p.Collection.Members {
		if m.readable() && !m.isCA() {
			p.Report(m, "is the certificate of a user, not of a CA")
		}
	}
	return nil
}

func runDuplicate(p *Pass) error {
	if p.Collection.Files[0].IsMessage() {
		return nil // each message has its own
	}
	type copied struct{ sha256, platform string } // a certificate has a profile for each platform
	first := map[copied]*Member{}
	platforms := map[*bundle.File][]string{}
	for _, m := range p.Collection.Members {
		if m.sha256 == "" || m.File.IsDirectory() { // whose two attributes hold it both
			continue
		}
		c := copied{sha256: m.sha256}
		if m.File.Format == bundle.GraphJSON {
			if platforms[m.File] == nil {
				platforms[m.File] = platformsOf(m.File)
			}
			c.platform = platforms[m.File][m.Index]
		}
		if earlier, ok := first[c]; ok {
			p.Report(m, "is the same as certificate %d of %s", earlier.Index, earlier.File.Name)
			continue
		}
		first[c] = m
	}
	return nil
}
