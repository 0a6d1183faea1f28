package lint

import (
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
)

const citeDirectory = "RFC 4523, Section 4: userCertificate; RFC 2798, Section 2.8: userSMIMECertificate"

// directoryRules are about the entries of a directory and cards: what senders take from
// them to encrypt.
func directoryRules() []Rule {
	return []Rule{
		{
			Name:        "e_directory_address",
			Need:        needAddress,
			Description: "A certificate stands in the entry of somebody else: none of its addresses is one of the entry. Who takes it from there encrypts to a key that the recipient may not have, or is told that the certificate does not fit.",
			Citation:    "RFC 8550, Section 3; " + citeDirectory,
			Remedy:      "Replace the certificate of the entry by one for its address, or correct the address.",
			Confidence:  Inferred,
			Symptoms:    noCertificate,
			Applies:     hasEntries,
			Run: func(p *Pass) error {
				return p.eachEntry(func(e *bundle.DirectoryEntry, members []*Member) {
					for _, m := range members {
						own := mailAddresses(m.Certificate)
						if len(e.Addresses) > 0 && len(own) > 0 && !containsAnyFold(e.Addresses, own) {
							p.Report(m, "stands in the entry of %s, and is for %s", listed(distinct(e.Addresses)), listed(distinct(own)))
						}
					}
				})
			},
		},
		{
			Name:        "e_directory_cannot_encrypt",
			Need:        needDecrypts,
			Description: "None of the certificates of an entry may be used to encrypt, which is what others look for in a directory.",
			Citation:    "RFC 8551, Section 2.3; " + citeDirectory,
			Remedy:      "Publish the certificate for encryption; one for signing alone travels with each signed message.",
			Confidence:  Documented,
			Symptoms:    cannotEncrypt,
			Applies:     hasEntries,
			Run: func(p *Pass) error {
				return p.eachEntry(func(e *bundle.DirectoryEntry, members []*Member) {
					if !slices.ContainsFunc(members, func(m *Member) bool { return m.Certificate.Allows(chain.Encrypt) }) {
						p.Report(members[0], "none of %s of the entry %s may be used to encrypt", say.Count(len(members), "1 certificate", "%d certificates"), e.Name)
					}
				})
			},
		},
		{
			Name:        "w_directory_several",
			Need:        needDecrypts,
			Description: "An entry has several certificates that are valid and can encrypt. Which of them a program takes is its choice, and the recipient needs the private keys of all.",
			Citation:    citeDirectory,
			Remedy:      "Leave the newest one in the directory, and the private keys of the old ones on the devices.",
			Confidence:  Inferred,
			Applies:     hasEntries,
			Run: func(p *Pass) error {
				return p.eachEntry(func(e *bundle.DirectoryEntry, members []*Member) {
					able := slices.DeleteFunc(slices.Clone(members), func(m *Member) bool {
						notBefore, notAfter, ok := m.validity()
						return !ok || p.Time.Before(notBefore) || p.Time.After(notAfter) || !m.Certificate.Allows(chain.Encrypt)
					})
					keys := map[string]bool{}
					for _, m := range able {
						keys[string(m.Certificate.RawSubjectPublicKeyInfo())] = true
					}
					if len(keys) > 1 {
						p.Report(able[0], "the entry %s has %s with different keys that are valid and can encrypt", e.Name, say.Count(len(able), "1 certificate", "%d certificates"))
					}
				})
			},
		},
	}
}

func hasEntries(p *Pass) bool {
	return slices.ContainsFunc(p.Collection.Files, func(f *bundle.File) bool { return len(f.Entries) > 0 })
}

// eachEntry calls with each entry that has certificates of users, and with these. One that
// stands in an entry twice, as both attributes hold it, counts once.
func (p *Pass) eachEntry(f func(*bundle.DirectoryEntry, []*Member)) error {
	of := map[*chain.Certificate]*Member{}
	for _, m := range p.users {
		if of[m.Certificate] == nil {
			of[m.Certificate] = m
		}
	}
	for _, file := range p.Collection.Files {
		for i := range file.Entries {
			e, seen := &file.Entries[i], map[string]bool{}
			var members []*Member
			for _, c := range e.Certificates {
				if m := of[c]; m != nil && !seen[m.sha256] {
					seen[m.sha256] = true
					members = append(members, m)
				}
			}
			if len(members) > 0 {
				f(e, members)
			}
			if err := p.Context.Err(); err != nil {
				return err
			}
		}
	}
	return nil
}
