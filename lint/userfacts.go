package lint

import (
	"cmp"
	"slices"
)

// factsOf returns what is known of the user whose file a collection is.
func (o *Options) factsOf(c *Collection) *Facts {
	return o.FactsOf[c.Files[0].Name].before(o.Facts)
}

// before returns facts of which those of f go before others. Either may be nil; the result
// is not.
func (f *Facts) before(others *Facts) *Facts {
	merged := new(Facts)
	if others != nil {
		*merged = *others
	}
	if f == nil {
		return merged
	}
	merged.PrimarySMTP = cmp.Or(f.PrimarySMTP, merged.PrimarySMTP)
	merged.ProxyAddresses = firstOf(f.ProxyAddresses, merged.ProxyAddresses)
	merged.UPN = cmp.Or(f.UPN, merged.UPN)
	merged.Purposes = firstOf(f.Purposes, merged.Purposes)
	merged.OldestIOS = cmp.Or(f.OldestIOS, merged.OldestIOS)
	merged.SmimeConfig = cmp.Or(f.SmimeConfig, merged.SmimeConfig)
	merged.ConnectorKeyBits = cmp.Or(f.ConnectorKeyBits, merged.ConnectorKeyBits)
	merged.ConnectorProvider = cmp.Or(f.ConnectorProvider, merged.ConnectorProvider)
	merged.ConnectorKeyName = cmp.Or(f.ConnectorKeyName, merged.ConnectorKeyName)
	merged.Platforms = firstOf(f.Platforms, merged.Platforms)
	merged.DirectoryCertificates = cmp.Or(f.DirectoryCertificates, merged.DirectoryCertificates)
	return merged
}

// firstOf returns the first of lists that is not empty.
func firstOf[T any](lists ...[]T) []T {
	if i := slices.IndexFunc(lists, func(l []T) bool { return len(l) > 0 }); i >= 0 {
		return lists[i]
	}
	return nil
}

// userOf names the user whose file it is.
func (o *Options) userOf(name string) string {
	if f := o.FactsOf[name]; f != nil {
		return cmp.Or(f.UPN, f.PrimarySMTP)
	}
	return ""
}
