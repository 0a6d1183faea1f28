package pkcs12

// totalLimit is the property of .NET for all iterations but those of the MAC.
const totalLimit = "Pkcs12LoaderLimits.TotalKdfIterationLimit"

// counts are limits of numbers of bags, with the properties of .NET that change them.
// Limits are inclusive.
type counts struct {
	certificates, keys int
}

// iterations names the property for the iterations of a part, of the MAC where at is nil.
func (*counts) iterations(at BagRef) string {
	if at == nil {
		return "Pkcs12LoaderLimits.MacIterationLimit"
	}
	return "Pkcs12LoaderLimits.IndividualKdfIterationLimit"
}

// counts compares the number of certificates and keys with the limits of the target.
func (j *judge) counts() {
	limits := j.row.limits
	if limits == nil {
		return
	}
	certificates, keys := 0, 0
	for _, b := range j.report.Bags() {
		switch b.Kind {
		case bagCertificate:
			certificates++
		case BagKey, BagShroudedKey:
			keys++
		}
	}
	if certificates > limits.certificates {
		j.add(No, reasonContent, nil, "%s allows %d certificates by default; this file has %d: %s lets it in",
			j.row.name, limits.certificates, certificates, "Pkcs12LoaderLimits.MaxCertificates")
	}
	if keys > limits.keys {
		j.add(No, reasonContent, nil, "%s allows %d private keys by default; this file has %d: %s lets it in",
			j.row.name, limits.keys, keys, "Pkcs12LoaderLimits.MaxKeys")
	}
}

// attributes looks for an attribute that a bag has twice, or that has two values.
func (j *judge) attributes(ref BagRef, b *Bag) {
	seen := make(map[string]bool)
	for _, a := range b.Attributes {
		if seen[a.OID] || len(a.Values) > 1 {
			j.add(No, reasonAttribute, ref, "a bag has an attribute twice, which %s refuses by default: %s lets it in",
				j.row.name, "Pkcs12LoaderLimits.AllowDuplicateAttributes")
			return
		}
		seen[a.OID] = true
	}
}
