package lint

import (
	"crypto/x509"
	"fmt"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
	"github.com/smimechain/smimechain/sst"
)

// Sizes of a store in bytes.
const (
	maxStoreSize   = sst.MaxExchangeSize
	largeStoreSize = 60_000
)

// storeRules are about the store as a file, and what an upload of it does.
func storeRules() []Rule {
	const citeSize = "Observed with Set-SmimeConfig; no public document names a limit"
	return []Rule{
		{
			Name:        "n_collection_not_sst",
			Description: "The collection is not a Serialized Certificate Store, the one form that is documented for Set-SmimeConfig.",
			Citation:    citeSetSmimeConfig,
			Targets:     []Target{ExchangeOnline},
			Remedy:      "Write a store of it before the upload, or export it with Export-Certificate -Type SST.",
			Command:     "smimechain pack -o OUT.sst FILE",
			advise:      advisePack,
			Confidence:  Documented,
			Symptoms:    []say.Text{"Set-SmimeConfig: SMIMECertificateIssuingCA has wrong format."},
			Applies:     isContainer,
			Run:         runNotStore,
		},
		{
			Name:        "w_collection_too_large",
			refutes:     true,
			Description: "The store is larger than 70000 bytes, about forty CA certificates. Set-SmimeConfig was seen to refuse such a store.",
			Citation:    citeSize,
			Targets:     []Target{ExchangeOnline},
			Remedy:      "Keep only the CAs that your people and their correspondents use, and write the store anew, which drops the properties.",
			Command:     "smimechain pack -o OUT.sst FILE",
			advise:      advisePack,
			Confidence:  Observed,
			Symptoms:    []say.Text{"Set-SmimeConfig: the SST exceeds the limit of 70000."},
			Applies:     isStore,
			Run: func(p *Pass) error {
				if n := storeSize(p); n > maxStoreSize {
					p.Report(nil, "has %d bytes, more than the limit of %d", n, maxStoreSize)
				}
				return nil
			},
		},
		{
			Name:        "n_collection_large",
			Description: "The store is larger than 60000 bytes, and so near to the size at which Set-SmimeConfig was seen to refuse a store.",
			Citation:    citeSize,
			Targets:     []Target{ExchangeOnline},
			Remedy:      "Before more certificates are added, drop the CAs that nobody uses.",
			Confidence:  Observed,
			Applies:     isStore,
			Run: func(p *Pass) error {
				if n := storeSize(p); n > largeStoreSize && n <= maxStoreSize {
					p.Report(nil, "has %d bytes, near the limit of %d", n, maxStoreSize)
				}
				return nil
			},
		},
		{
			Name:        "n_collection_properties",
			Description: "Certificates of the store carry properties, such as friendly names. A collection needs none; they take space, tell about the machine that wrote them, and some change what Windows does.",
			Citation:    "wincrypt.h, CERT_FRIENDLY_NAME_PROP_ID and following",
			Targets:     []Target{ExchangeOnline},
			Remedy:      "Write the store anew, without properties.",
			Command:     "smimechain pack -o OUT.sst FILE",
			advise:      advisePack,
			Confidence:  Inferred,
			Applies:     isStore,
			Run:         runProperties,
		},
		{
			Name:        "w_collection_eku_property",
			Description: "A property of the store restricts what a certificate may be used for, and leaves out e-mail. Windows then takes the certificate for no mail, whatever it says itself.",
			Citation:    "wincrypt.h, CERT_ENHKEY_USAGE_PROP_ID",
			Targets:     []Target{ExchangeOnline},
			Remedy:      "Write the store anew, without properties.",
			Command:     "smimechain pack -o OUT.sst FILE",
			advise:      advisePack,
			Confidence:  Inferred,
			Symptoms:    untrusted,
			Applies:     isStore,
			Run:         runUsageProperty,
		},
		{
			Name:        "n_collection_other_elements",
			Description: "The store holds something other than certificates, such as revocation or trust lists. The collection is for certificates of CAs.",
			Citation:    citeCollection,
			Targets:     []Target{ExchangeOnline},
			Remedy:      "Write the store anew, with its certificates alone.",
			Command:     "smimechain pack -o OUT.sst FILE",
			advise:      advisePack,
			Confidence:  Inferred,
			Applies:     isStore,
			Run:         runOtherElements,
		},
		{
			Name:        "w_collection_drops_certificates",
			Description: "The collection lacks certificates of the one in use. An upload replaces the collection as a whole: who depends on what is missing is not trusted from then on.",
			Citation:    "Observed with Set-SmimeConfig and Get-SmimeConfig; no public document says that an upload replaces",
			Targets:     []Target{ExchangeOnline},
			Remedy:      "Put the collection in use and the new one together before the upload.",
			Command:     "smimechain pack -o OUT.sst OLD.sst NEW.sst",
			Confidence:  Observed,
			Symptoms:    []say.Text{"After an upload, signatures that were trusted before are not trusted any more."},
			Applies: func(p *Pass) bool {
				config := p.smimeConfig()
				return !p.Collection.BesideStore && !p.Collection.Files[0].IsArtefact() && config != nil && config.HasCollection
			},
			Run: runDrops,
		},
	}
}

func isStore(p *Pass) bool { return p.Collection.Files[0].Store != nil }

// isContainer reports whether the collection is one file for several
// certificates, as an upload is.
func isContainer(p *Pass) bool { return !p.Collection.Files[0].Loose() }

func runNotStore(p *Pass) error {
	switch f := p.Collection.Files[0]; f.Format {
	case bundle.PEM, bundle.PKCS7, bundle.PFX:
		if f.Signed || f.Format == bundle.PFX && p.Collection.BesideStore {
			return nil // a signature is no collection, nor is an identity beside one
		}
		p.ReportFile(f.Name, "is a file of format %s", f.Format)
	case bundle.SST:
		if f.Armor != pkcs7.Binary {
			p.ReportFile(f.Name, "is a store within text")
		}
	}
	return nil
}

// storeSize returns the bytes that the store takes as a file.
func storeSize(p *Pass) int {
	const header, end, record = 8, 12, 12
	n := header + end
	for _, e := range p.Collection.Files[0].Store.Elements {
		n += record + len(e.Raw)
		for _, property := range e.Properties {
			n += record + len(property.Value)
		}
	}
	return n
}

func runProperties(p *Pass) error {
	counts := map[sst.PropID]int{}
	for _, m := range p.Collection.Members {
		for _, property := range m.File.Certificates[m.Index].Properties {
			if !property.ID.Class().Has(sst.KeyMaterial | sst.KeyReference) { // other rules speak of those
				counts[property.ID]++
			}
		}
	}
	if len(counts) == 0 {
		return nil
	}
	var list []string
	for id := range counts {
		list = append(list, fmt.Sprintf("%s (%d)", id, counts[id]))
	}
	slices.Sort(list)
	p.Report(nil, "certificates carry these properties: %s", listed(list))
	return nil
}

func runUsageProperty(p *Pass) error {
	for _, m := range p.Collection.Members {
		for _, property := range m.File.Certificates[m.Index].Properties {
			if property.ID != sst.PropEnhKeyUsage {
				continue
			}
			usages, err := property.OIDs()
			if err != nil {
				p.Report(m, "property %s cannot be read", property.ID)
			} else if !slices.ContainsFunc(usages, func(u x509.OID) bool { return u.EqualASN1OID(chain.EmailProtection) }) {
				p.Report(m, "property %s allows %s, and e-mail is not among them", property.ID, say.Count(len(usages), "1 usage", "%d usages"))
			}
		}
	}
	return nil
}

func runOtherElements(p *Pass) error {
	counts := map[string]int{}
	for _, e := range p.Collection.Files[0].Store.Elements {
		if e.Kind != sst.Certificate {
			counts[e.Kind.String()]++
		}
	}
	var list []string
	for kind, n := range counts {
		list = append(list, fmt.Sprintf("%s (%d)", kind, n))
	}
	if len(list) > 0 {
		slices.Sort(list)
		p.Report(nil, "the store also holds: %s", strings.Join(list, ", "))
	}
	return nil
}

func runDrops(p *Pass) error {
	kept := map[[32]byte]bool{}
	for _, c := range p.Collection.certificates() {
		kept[c.SHA256()] = true
	}
	for _, c := range p.smimeConfig().Collection {
		if !kept[c.SHA256()] && !p.Time.After(c.NotAfter()) {
			p.Report(nil, "the collection in use holds %s, SHA-256 %X, valid until %s; this one does not",
				quoteName(c.Subject()), c.SHA256(), date(c.NotAfter()))
		}
	}
	return nil
}
