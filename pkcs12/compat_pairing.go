package pkcs12

import (
	"slices"
	"strings"
)

// pairApple judges whether Apple's importer finds the certificate of a key: by
// localKeyID, without one by friendly name, never by public key.
func (j *judge) pairApple(id *Identity) {
	key := j.report.Bag(id.Key)
	if key.Kind == BagKey {
		return // ignored anyway
	}
	var by []BagRef
	switch {
	case len(key.LocalKeyID) > 0:
		by = id.ByLocalKeyID
	case key.FriendlyName != "":
		for _, ref := range id.ByFriendlyName {
			if len(j.report.Bag(ref).LocalKeyID) == 0 {
				by = append(by, ref)
			}
		}
	default:
		j.add(No, reasonPairing, id.Key, "the private key has neither localKeyID nor friendly name, so %s imports no identity, without a message", j.row.name)
		return
	}
	if len(by) == 0 {
		j.add(No, reasonPairing, id.Key, "no certificate has the localKeyID or friendly name of the private key, so %s imports no identity, without a message", j.row.name)
		return
	}
	// Of several under one attribute the last is kept.
	last := by[len(by)-1]
	if len(id.ByPublicKey) > 0 && !slices.ContainsFunc(id.ByPublicKey, func(r BagRef) bool { return slices.Equal(r, last) }) ||
		id.Matches == No {
		j.add(No, reasonPairing, id.Key, "on %s the private key is paired with a certificate for another key", j.row.name)
	}
}

// pairNSS judges whether NSS finds the certificate of a key: the first with its
// localKeyID, and nothing else.
func (j *judge) pairNSS(id *Identity) {
	if len(id.ByLocalKeyID) == 0 {
		j.unpaired(id)
		return
	}
	j.paired(id, id.ByLocalKeyID[0])
}

// pairJava judges whether Java's key store finds the certificate of a key: one with its
// localKeyID and its name, else the last with its localKeyID, else the last with its
// name, whatever the case of its letters. A lone key without localKeyID goes to the
// first certificate of a safe after its own.
func (j *judge) pairJava(id *Identity) {
	key := j.report.Bag(id.Key)
	if key.Kind == BagKey {
		return // ignored anyway
	}
	lone := len(j.report.Identities) == 1
	var by, named BagRef
	for ref, b := range j.report.Bags() {
		if b.Certificate == nil {
			continue
		}
		name := key.FriendlyName != "" && strings.EqualFold(key.FriendlyName, b.FriendlyName)
		linked := string(key.LocalKeyID) == string(b.LocalKeyID)
		if linked && len(key.LocalKeyID) == 0 {
			linked = lone && ref[len(ref)-1] == 0 && slices.Compare(id.Key, ref) < 0
		}
		switch {
		case linked && name:
			j.paired(id, ref)
			return
		case linked:
			by = ref
		case name:
			named = ref
		}
	}
	switch {
	case by != nil:
		j.paired(id, by)
	case named != nil:
		j.paired(id, named)
	default:
		j.unpaired(id)
	}
	for _, other := range j.report.Identities {
		if b := j.report.Bag(other.Key); !slices.Equal(other.Key, id.Key) && b.Kind == BagShroudedKey &&
			key.FriendlyName != "" && strings.EqualFold(b.FriendlyName, key.FriendlyName) {
			j.add(No, reasonCollision, id.Key, "private keys share a friendly name, and %s keeps only the last of them", j.row.name)
		}
	}
}

// pairDotNet judges whether .NET finds the certificate of a key: one with its
// localKeyID, whatever key that is for, else by public key. A key that is left over is
// dropped without a word where another has its certificate. An RSA key is of no use to a
// certificate for RSASSA-PSS.
func (j *judge) pairDotNet(id *Identity) {
	ref := id.Leaf
	switch {
	case len(id.ByLocalKeyID) > 0:
		ref = id.ByLocalKeyID[0]
		j.paired(id, ref)
	case id.Leaf == nil || id.Matches == No: // what a name alone leads to does not count
		if !slices.ContainsFunc(j.report.Identities, func(other Identity) bool {
			return len(other.ByLocalKeyID) > 0 || other.Leaf != nil && other.Matches != No
		}) {
			j.unpaired(id)
		}
		return
	}
	if key, cert := j.report.Bag(id.Key), j.report.Bag(ref); key.Key != nil && key.Key.Algorithm == "RSA" &&
		cert.Certificate.PublicKey().Algorithm == "RSASSA-PSS" {
		j.add(No, reasonKeyType, id.Key, "the certificate is for RSASSA-PSS, and %s finds no key for it in a private key of type RSA", j.row.name)
	}
}

// pairPublicKey judges whether there is a certificate with the public key of a key, for
// those who look at nothing else.
func (j *judge) pairPublicKey(id *Identity) {
	if id.Leaf == nil || id.Matches == No {
		j.unpaired(id)
	}
}

// unpaired notes that no certificate is found for a key.
func (j *judge) unpaired(id *Identity) {
	if j.report.Has(codeNesting) && j.row.deeplyNested == Yes {
		return // it may be among what was not read
	}
	j.add(No, reasonPairing, id.Key, "%s finds no certificate that belongs to the private key, and imports no key without one", j.row.name)
}

// paired notes that a key is given a certificate, if that is of another key.
func (j *judge) paired(id *Identity, ref BagRef) {
	if len(id.ByPublicKey) > 0 && !slices.ContainsFunc(id.ByPublicKey, func(r BagRef) bool { return slices.Equal(r, ref) }) ||
		id.Matches == No {
		j.add(No, reasonPairing, id.Key, "on %s the private key is paired with a certificate for another key", j.row.name)
	}
}

// oidTrustedKeyUsage is the attribute with which Java marks a certificate as trusted.
const oidTrustedKeyUsage = "2.16.840.1.113894.746875.1.1"

// contents judges whether the file holds something that the target imports.
func (j *judge) contents() {
	r := j.report
	certificates, trusted, named := 0, 0, 0
	for _, b := range r.Bags() {
		if b.Certificate == nil {
			continue
		}
		certificates++
		if b.FriendlyName != "" {
			named++
		}
		if slices.ContainsFunc(b.Attributes, func(a Attribute) bool { return a.OID == oidTrustedKeyUsage }) {
			trusted++
		}
	}
	if len(r.Safes) == 0 || r.damaged || r.Missing != 0 || len(r.Identities) > 0 {
		return
	}
	switch {
	case certificates == 0 && !j.report.Has(codeCertificate) && !j.report.Has(codeNesting):
		j.add(No, reasonNoKey, nil, "the file holds neither a private key nor a certificate")
	case j.row.namedOnly && named == 0:
		j.add(No, reasonNoKey, nil, "without a private key %s imports only certificates with a friendly name; this file has none", j.row.name)
	case j.row.trustedOnly && trusted == 0:
		j.add(No, reasonNoKey, nil, "without a private key %s imports only certificates that are marked as trusted; this file has none", j.row.name)
	}
}
