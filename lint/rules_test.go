package lint_test

import (
	"bytes"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint"
	"github.com/smimechain/smimechain/sst"
	zlint "github.com/zmap/zlint/v3/lint"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// given is what a rule is run on.
type given struct {
	files []*bundle.File
	opts  *lint.Options
}

func give(files []*bundle.File) given { return given{files: files} }

func with(files []*bundle.File, o lint.Options) given { return given{files, &o} }

// facts gives files and what is known beside them.
func facts(f lint.Facts, files []*bundle.File) given { return with(files, lint.Options{Facts: &f}) }

// mailbox gives files for a target and the address of the mailbox.
func mailbox(t lint.Target, primary string, files []*bundle.File) given {
	return with(files, lint.Options{Targets: []lint.Target{t}, Facts: &lint.Facts{PrimarySMTP: primary}})
}

// property puts a property on the first certificate of a store.
func property(id sst.PropID, value []byte, certs ...*signer) []*bundle.File {
	s := elements(certs)
	s.Elements[0].Properties = []sst.Property{{ID: id, Value: value}}
	return storeOf(s)
}

func oids(list ...asn1.ObjectIdentifier) []byte { return must(asn1.Marshal(list)).FullBytes }

// padded is a store with a property of a size.
func padded(n int) []*bundle.File { return property(sst.PropFriendlyName, make([]byte, n), root()) }

// ruleCase is a rule with what it finds, what passes, and what it does not judge.
type ruleCase struct {
	rule              string
	fails, passes, na func() given
}

// A few collections that come up again.
func users(changes ...change) given    { return give(pemBundle(user(changes...), issuing(), root())) }
func loneUser(changes ...change) given { return give(loose(user(changes...))) }
func casOnly() given                   { return give(store(issuing(), root())) }
func noPFX() given                     { return give(pemBundle(user(), issuing(), root())) }
func pfxOf(data []byte) given          { return give(openPFX(data, "secret")) }
func none() given                      { return give(loose(root())) }

// directory gives an entry with certificates, as a directory exports it.
func directory(mail string, certs ...*signer) given {
	text := "dn: cn=Entry,dc=example,dc=com\nmail: " + mail + "\n"
	for _, c := range certs {
		text += "userCertificate;binary:: " + base64.StdEncoding.EncodeToString(c.Raw) + "\n"
	}
	return give([]*bundle.File{parse("people.ldif", []byte(text), nil)})
}

// gmail gives a user for Gmail.
func gmail(changes ...change) given {
	return with(pemBundle(user(changes...), issuing(), root()), lint.Options{Targets: []lint.Target{lint.Gmail}})
}

func noCRL(c *x509.Certificate) { c.CRLDistributionPoints = nil }

// under gives a user whose root programmes speak of.
func under(at time.Time, target lint.Target, leaf []change, says ...string) given {
	return with(pemBundle(user(leaf...), issuing(), root()), lint.Options{
		Time: at, Targets: []lint.Target{target}, Catalog: knows(root(), says...),
	})
}

// twin is the issuing CA's name and key as another certificate, made by changes.
func twin(parent *signer, changes ...change) *signer {
	return newCA("Example CA", parent, issuing().key, append([]change{email}, changes...)...)
}

// chainOf gives a user below a CA made by changes.
func chainOf(changes ...change) given {
	ca := twin(root(), changes...)
	return give(pemBundle(newUser(ca, ecKey(elliptic.P256(), 3)), ca, root()))
}

func smimeConfig(certs ...*signer) *lint.SmimeConfig {
	c := &lint.SmimeConfig{HasCollection: true, UseSecondaryProxies: true}
	for _, s := range certs {
		c.Collection = append(c.Collection, chain.FromX509(s.Certificate))
	}
	return c
}

func ruleCases(t *testing.T) []ruleCase {
	example := func(names ...string) given {
		return with(load(t, testdata, names...), lint.Options{Catalog: exampleCatalog(t)})
	}
	day := 24 * time.Hour
	year := func(y int) time.Time { return time.Date(y, 6, 1, 0, 0, 0, 0, time.UTC) }
	entrust := once(func() *signer {
		return newCA("Entrust Root", nil, ecKey(elliptic.P256(), 7), func(c *x509.Certificate) { c.Subject.Organization = []string{"Entrust, Inc."} })
	})
	old := once(func() *signer { return newCA("Old Root", nil, ecKey(elliptic.P256(), 8)) })
	cross := once(func() *signer { return newCA("Example Root", old(), root().key) })
	short := func(bits, until int) *signer {
		return newCA("Short", root(), rsaKey(bits), valid(today.AddDate(-1, 0, 0), year(until)))
	}
	signOnly := keyUsage(x509.KeyUsageDigitalSignature)
	encryptOnly := keyUsage(x509.KeyUsageKeyAgreement)
	sign := lint.Facts{Purposes: []chain.Usage{chain.Sign}}
	encrypt := lint.Facts{Purposes: []chain.Usage{chain.Encrypt}}
	beside := func(storeCerts []*signer, loosely ...*signer) []*bundle.File {
		return append(store(storeCerts...), loose(loosely...)...)
	}
	expired := once(func() *signer {
		return newCA("Expired CA", root(), ecKey(elliptic.P256(), 9), email, valid(today.AddDate(-5, 0, 0), today.AddDate(-1, 0, 0)))
	})
	soon := once(func() *signer {
		return newCA("Other CA", root(), ecKey(elliptic.P256(), 9), email, valid(today.AddDate(-5, 0, 0), today.Add(20*day)))
	})
	// lapsed is the issuing CA, whose own certificate has expired.
	lapsed := once(func() *signer { return twin(root(), valid(today.AddDate(-5, 0, 0), today.AddDate(0, 0, -1))) })
	lists := func(addresses ...string) change {
		return func(c *x509.Certificate) { c.CRLDistributionPoints = addresses }
	}
	// rootless is a user below a root that Apple trusts, and that is not here.
	rootless := func(changes ...change) given {
		return with(pemBundle(user(changes...), issuing()), lint.Options{Targets: []lint.Target{lint.AppleMail}, Catalog: knows(root(), "apple", "yes")})
	}
	// ed448 calls the key of a certificate one of Ed448.
	ed448 := func() []byte {
		return bytes.Replace(newUser(issuing(), edKey()).Raw, []byte{0x06, 0x03, 0x2b, 0x65, 0x70}, []byte{0x06, 0x03, 0x2b, 0x65, 0x71}, 1)
	}
	// damaged is a good chain after two blocks that are not even base64.
	damaged := func() given {
		block := "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"
		for _, c := range []*signer{user(), issuing(), root()} {
			block += string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
		}
		return give([]*bundle.File{parse("damaged.pem", []byte("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"+block), nil)})
	}
	unreadable := func() given {
		s := elements([]*signer{root()})
		s.Elements = append(s.Elements, sst.Element{Kind: sst.Certificate, Raw: []byte{0x30, 0}})
		return give(storeOf(s))
	}
	private := func(kind string) given {
		return give([]*bundle.File{parse("key.pem", []byte("-----BEGIN "+kind+"-----\nAAAA\n-----END "+kind+"-----\n"+string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root().Raw}))), nil)})
	}
	return append(messageCases(), []ruleCase{
		// Certificates.
		{"e_certificate_expired", func() given { return give(store(expired(), root())) }, casOnly, nil},
		{"e_certificate_expired", func() given { return pfxOf(encode(gopkcs12.LegacyDES, "secret", user(), lapsed(), root())) },
			func() given { return pfxOf(encode(gopkcs12.LegacyDES, "secret", user(), issuing(), root(), expired())) }, nil},
		{"w_certificate_expires_soon", func() given {
			return users(valid(today.AddDate(-1, 0, 0), today.Add(20*day)))
		}, func() given { return users() }, nil},
		// In a PFX, what no path of the user leads through is the business of another rule.
		{"w_certificate_expires_soon", func() given { return give(pemBundle(user(), issuing(), root(), soon())) },
			func() given { return pfxOf(encode(gopkcs12.LegacyDES, "secret", user(), issuing(), root(), soon())) }, nil},
		{rule: "w_certificate_expires_soon", fails: func() given {
			return pfxOf(encode(gopkcs12.LegacyDES, "secret", user(), issuing(), root(), user(serial(0x2001), valid(today.AddDate(-1, 0, 0), today.Add(20*day)))))
		}},
		{"w_certificate_not_yet_valid", func() given { return users(valid(today.Add(day), today.AddDate(1, 0, 0))) }, func() given { return users() }, nil},
		{"e_certificate_unparseable", unreadable, casOnly, nil},
		{"e_certificate_unparseable", damaged, func() given { return users() }, nil},

		// Collections.
		{"e_collection_private_key", func() given { return private("PRIVATE KEY") }, casOnly, nil},
		{"w_collection_private_key_reference", func() given { return give(property(sst.PropKeyProvInfo, []byte{1}, root())) }, casOnly, nil},
		{"e_collection_no_root", func() given { return give(store(issuing())) }, casOnly, nil},
		{"w_collection_end_entity", func() given { return give(store(user(), issuing(), root())) }, casOnly, nil},
		{rule: "w_collection_duplicate_certificate", passes: func() given { return directory("user@example.com", user(), user()) }},
		{"w_collection_duplicate_certificate", func() given { return give(store(root(), root())) }, damaged, nil},
		{"n_collection_not_sst", func() given { return give(p7b(issuing(), root())) }, casOnly, none},
		{"w_collection_too_large", func() given { return give(padded(71_000)) }, casOnly, none},
		{"n_collection_large", func() given { return give(padded(61_000)) }, casOnly, none},
		{"n_collection_properties", func() given { return give(padded(2)) }, casOnly, none},
		{"w_collection_eku_property", func() given {
			return give(property(sst.PropEnhKeyUsage, oids(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 1}), root()))
		},
			func() given { return give(property(sst.PropEnhKeyUsage, oids(chain.EmailProtection), root())) }, none},
		{"w_collection_eku_property", func() given { return give(property(sst.PropEnhKeyUsage, []byte{0x30, 5}, root())) }, casOnly, none},
		{"n_collection_other_elements", func() given {
			s := elements([]*signer{root()})
			s.Elements = append(s.Elements, sst.Element{Kind: sst.CRL, Raw: []byte{0x30, 0}})
			return give(storeOf(s))
		}, casOnly, none},
		{"w_collection_drops_certificates", func() given { return facts(lint.Facts{SmimeConfig: smimeConfig(old(), root())}, store(root())) },
			func() given { return facts(lint.Facts{SmimeConfig: smimeConfig(root())}, store(root())) }, casOnly},

		// CAs.
		{"e_ca_eku_without_email_protection", func() given { return give(store(twin(root(), usages(x509.ExtKeyUsageServerAuth)))) }, casOnly, none},
		{"e_ca_for_web_servers", func() given { return give(store(newCA("GlobalSign Root R46", nil, ecKey(elliptic.P256(), 5)))) }, casOnly, func() given { return loneUser() }},
		{"e_ca_revoked", func() given {
			return given{files: store(root()), opts: &lint.Options{Catalog: revokes(root(), "2026-01-02")}}
		}, func() given {
			return given{files: store(root()), opts: &lint.Options{Catalog: revokes(root(), "2036-01-02")}}
		}, none},
		{"n_hierarchy_old", func() given {
			return given{files: store(issuing(), root()), opts: &lint.Options{Catalog: replaces(old(), root())}}
		}, func() given {
			return given{files: store(issuing(), root()), opts: &lint.Options{Catalog: replaces(root(), old())}}
		}, func() given {
			return given{files: store(root()), opts: &lint.Options{Catalog: catalogOf(map[string]any{"certificates": []any{}})}}
		}},
		{"n_ca_key_short_soon", func() given {
			return with(store(short(2048, 2028), root()), lint.Options{Catalog: disclosedCA(short(2048, 2028))})
		}, func() given {
			return with(store(short(2048, 2027), root()), lint.Options{Catalog: disclosedCA(short(2048, 2027))})
		}, func() given { return with(store(short(2048, 2028), root()), lint.Options{Catalog: disclosedCA(old())}) }},
		{rule: "n_ca_key_short_soon", passes: func() given {
			return with(store(short(3072, 2028), root()), lint.Options{Catalog: disclosedCA(short(3072, 2028))})
		}},
		{rule: "n_ca_key_short_soon", passes: func() given {
			return with(store(short(2048, 2028), root()), lint.Options{Catalog: knows(short(2048, 2028))}) // a root
		}},
		{"w_ca_key_weak", func() given { return give(loose(newCA("Small", nil, rsaKey(1024)))) }, none, func() given { return loneUser() }},
		{"w_ca_signature_weak", func() given {
			return give(loose(twin(root(), func(c *x509.Certificate) { c.SignatureAlgorithm = x509.ECDSAWithSHA1 })))
		}, func() given { return give(loose(issuing())) }, none},

		// Settings of the tenant, against the certificates of users.
		{"w_owa_signing_certificate_tie", func() given {
			return facts(lint.Facts{SmimeConfig: smimeConfig()}, loose(user(), user(serial(0x2001))))
		}, func() given {
			return facts(lint.Facts{SmimeConfig: smimeConfig()}, loose(user(), user(serial(0x2001), valid(today.AddDate(-1, 0, 0).Add(time.Second), today.AddDate(1, 0, 0)))))
		}, func() given {
			return facts(lint.Facts{SmimeConfig: &lint.SmimeConfig{AllowUserChoice: true}}, loose(user(), user(serial(0x2001))))
		}},
		{"w_owa_other_address", func() given {
			return facts(lint.Facts{PrimarySMTP: "boss@example.com", SmimeConfig: &lint.SmimeConfig{ShowsSenderAttributes: true}}, loose(user()))
		}, func() given {
			return facts(lint.Facts{PrimarySMTP: "boss@example.com", ProxyAddresses: []string{"user@example.com"}, SmimeConfig: &lint.SmimeConfig{AllowUserChoice: true}}, loose(user()))
		}, func() given {
			return facts(lint.Facts{PrimarySMTP: "boss@example.com", SmimeConfig: smimeConfig()}, loose(user()))
		}},
		{"e_directory_certificates_too_many", func() given { return facts(lint.Facts{DirectoryCertificates: 16}, loose(user())) },
			func() given { return facts(lint.Facts{DirectoryCertificates: 15}, loose(user())) }, func() given { return loneUser() }},

		// What goes to Intune.
		{"e_intune_several_certificates", func() given { return intune(pemBundle(issuing(), root())) }, func() given { return intune(loose(issuing(), root())) },
			func() given { return intune(pemBundle(user(), issuing(), root())) }},
		{"w_intune_not_der", func() given { return intune(pemFile(root())) }, func() given { return intune(loose(root())) },
			func() given { return intune(pemFile(user())) }},
		{"e_graph_platform_missing", func() given {
			return facts(lint.Facts{Platforms: []string{"ios", "windows"}}, texts(t, trustedProfile("ios", root())))
		}, func() given {
			return facts(lint.Facts{Platforms: []string{"ios", "windows"}}, texts(t, trustedProfile("ios", root()), trustedProfile("windows81", root())))
		}, func() given { return give(texts(t, trustedProfile("ios", root()))) }},
		{"w_graph_platforms_differ", func() given {
			return give(texts(t, trustedProfile("ios", root()), trustedProfile("windows81", root()), trustedProfile("ios", old())))
		}, func() given {
			return give(texts(t, trustedProfile("ios", root()), trustedProfile("windows81", root())))
		}, func() given { return give(texts(t, trustedProfile("ios", root()), trustedProfile("ios", old()))) }},
		{"e_graph_pfx_key_name", func() given { return facts(lint.Facts{ConnectorKeyName: "Key"}, texts(t, record("Other", "", ""))) },
			func() given {
				return facts(lint.Facts{ConnectorKeyName: "Key", ConnectorProvider: "Provider"}, texts(t, record("Key", "", "")))
			}, func() given { return give(texts(t, record("Key", "", ""))) }},
		{"w_graph_pfx_several_keys", func() given { return give(texts(t, record("Key", "", ""), record("Other", "", ""))) },
			func() given { return give(texts(t, record("Key", "", ""), record("Key", "", ""))) }, none},
		{"e_graph_pfx_no_profile", func() given {
			return give(texts(t, record("Key", "", ""), `{"@odata.type": "#microsoft.graph.iosImportedPFXCertificateProfile", "intendedPurpose": "smimeEncryption"}`))
		}, func() given {
			return give(texts(t, record("Key", "", ""), `{"@odata.type": "#microsoft.graph.iosImportedPFXCertificateProfile", "intendedPurpose": "smimeSigning"}`))
		}, func() given { return give(texts(t, record("Key", "", ""))) }},
		{"w_graph_pfx_user_address", func() given { return give(opened(t, "secret", record("Key", "u123@example.com", pfxText()))) },
			func() given { return give(opened(t, "secret", record("Key", "user@example.com", pfxText()))) }, none},
		{"w_graph_pfx_expires", func() given {
			return give(texts(t, strings.Replace(record("Key", "", ""), "2027", "2026", 1)))
		}, func() given { return give(texts(t, record("Key", "", ""))) }, none},
		{"e_graph_pfx_password_not_ascii", func() given {
			return give(opened(t, "pässword", record("Key", "", base64.StdEncoding.EncodeToString(des("pässword")))))
		},
			func() given {
				return give(opened(t, "secret", record("Key", "", base64.StdEncoding.EncodeToString(des("secret")))))
			}, none},
		{"e_graph_version", func() given {
			return give(texts(t, sent("v1.0", "deviceConfigurations", trustedProfile("ios", root()))))
		},
			func() given {
				return give(texts(t, sent("beta", "deviceConfigurations", trustedProfile("ios", root()))))
			},
			func() given { return give(texts(t, trustedProfile("ios", root()))) }},
		{"e_graph_list", func() given {
			return give(texts(t, sent("beta", "deviceConfigurations", strings.Replace(trustedProfile("windows10X", root()), "{", `{"destinationStore": "computerCertStoreRoot", `, 1))))
		},
			func() given {
				return give(texts(t, sent("beta", "resourceAccessProfiles", strings.Replace(trustedProfile("windows10X", root()), "{", `{"destinationStore": "computerCertStoreRoot", `, 1))))
			},
			func() given { return give(texts(t, trustedProfile("windows10X", root()))) }},
		{"n_graph_number", func() given {
			return give(texts(t, `{"OdataType": "#microsoft.graph.iosImportedPFXCertificateProfile", "IntendedPurpose": 2}`))
		},
			func() given {
				return give(texts(t, `{"OdataType": "#microsoft.graph.windows81TrustedRootCertificate", "DestinationStore": 0}`))
			},
			func() given { return give(texts(t, trustedProfile("ios", root()))) }},
		{"e_graph_mail_enrolled", func() given { return give(texts(t, mailProfile("Encryption", "1"), enrolment("Scep", "1", ""))) },
			func() given { return give(texts(t, mailProfile("Signing", "1"), enrolment("Scep", "1", ""))) }, none},
		{"e_graph_mail_enrolled", func() given {
			return give(texts(t, `{"@odata.type": "#microsoft.graph.iosEasEmailProfileConfiguration", "smimeEncryptionCertificate": {"@odata.type": "#microsoft.graph.iosPkcsCertificateProfile"}}`))
		}, func() given { return give(texts(t, mailProfile("Encryption", "1"))) }, none},
		{"e_graph_mail_purpose", func() given {
			return give(texts(t, mailProfile("Encryption", "A"), importedProfile("a", "smimeSigning")))
		},
			func() given {
				return give(texts(t, mailProfile("Encryption", "A"), importedProfile("a", "smimeEncryption")))
			}, none},
		{"e_graph_mail_purpose", func() given {
			return give(texts(t, mailProfile("Signing", "A"), importedProfile("a", "SmimeEncryption")))
		},
			func() given { return give(texts(t, mailProfile("Signing", "A"), importedProfile("a", "smimeSigning"))) }, none},
		{"e_graph_enrolled_usage", func() given {
			return give(texts(t, enrolment("Scep", "1", `, "keyUsage": "keyEncipherment", `+secureEmail)))
		},
			func() given {
				return give(texts(t, enrolment("Scep", "1", `, "keyUsage": "keyEncipherment,digitalSignature", `+secureEmail)))
			}, none},
		{rule: "e_graph_enrolled_usage", passes: func() given { return give(texts(t, enrolment("Scep", "1", `, "keyUsage": "keyEncipherment"`))) }},
		{"e_graph_enrolled_address", func() given {
			return give(texts(t, mailProfile("Signing", "1"), enrolment("Pkcs", "1", `, "subjectAlternativeNameType": "userPrincipalName"`)))
		},
			func() given {
				return give(texts(t, mailProfile("Signing", "2"), enrolment("Pkcs", "1", `, "subjectAlternativeNameType": "userPrincipalName"`)))
			}, none},
		{rule: "e_graph_enrolled_address", passes: func() given {
			return give(texts(t, enrolment("Scep", "1", `, "subjectAlternativeNameType": "emailAddress", `+secureEmail)))
		}},
		{"e_graph_windows_store", func() given {
			return give(texts(t, strings.Replace(windowsProfile("computerCertStoreIntermediate", root()), "windows81", "windows10X", 1)))
		}, func() given {
			return give(texts(t, strings.Replace(windowsProfile("computerCertStoreRoot", root()), "windows81", "windows10X", 1)))
		}, none},
		{"e_graph_windows_store", func() given { return give(texts(t, windowsProfile("computerCertStoreIntermediate", root()))) },
			func() given {
				return give(texts(t, windowsProfile("computerCertStoreIntermediate", root()), windowsProfile("computerCertStoreRoot", root())))
			}, none},
		{"w_connector_key_form", func() given { return give(texts(t, publicKey("RSA PUBLIC KEY", 2048))) },
			func() given { return give(texts(t, publicKey("PUBLIC KEY", 2048))) }, none},
		{"w_connector_key_small", func() given { return give(texts(t, publicKey("PUBLIC KEY", 1024))) },
			func() given { return give(texts(t, publicKey("PUBLIC KEY", 2048))) }, none},
		{"w_graph_outlook_smime_off", func() given { return give(texts(t, outlookSetting("", "false"))) },
			func() given { return give(texts(t, outlookSetting("", "true"))) }, none},
		{"e_graph_outlook_ldap_host", func() given { return give(texts(t, outlookSetting(".LDAPHostName", "ldap://ldap.example.com"))) },
			func() given { return give(texts(t, outlookSetting(".LDAPHostName", "ldaps://ldap.example.com"))) }, none},

		// Addresses.
		{"e_email_address_missing", func() given { return loneUser(addresses()) }, func() given { return loneUser() }, none},
		{"e_email_address_utf8_only", func() given { return loneUser(utf8Mailbox) }, func() given { return loneUser(utf8Mailbox, subjectEmail("user@example.com")) }, func() given { return loneUser() }},
		{"w_email_address_not_in_san", func() given { return users(subjectEmail("other@example.com")) }, func() given { return users(subjectEmail("User@example.com")) }, func() given { return users() }},
		{"e_email_address_subject_only", func() given {
			return under(today, lint.AppleMail, []change{addresses(), subjectEmail("user@example.com")}, "apple", "yes")
		}, func() given { return under(today, lint.AppleMail, nil, "apple", "yes") }, func() given { return under(today, lint.AppleMail, nil, "apple", "no") }},
		{"e_email_address_subject_only", func() given { return rootless(addresses(), subjectEmail("user@example.com")) },
			func() given { return rootless() }, none},
		{"e_email_address_mismatch", func() given { return mailbox(lint.OutlookIOS, "boss@example.com", loose(user())) },
			func() given { return mailbox(lint.OutlookIOS, "USER@example.com", loose(user())) }, func() given { return loneUser() }},
		{"n_email_address_case", func() given { return mailbox(lint.OutlookIOS, "USER@example.com", loose(user())) },
			func() given { return mailbox(lint.OutlookIOS, "user@example.com", loose(user())) }, none},
		{"w_email_address_not_first", func() given {
			return mailbox(lint.ExchangeOnline, "user@example.com", loose(user(addresses("a@example.com", "user@example.com"))))
		}, func() given {
			return mailbox(lint.ExchangeOnline, "user@example.com", loose(user(addresses("user@example.com", "a@example.com"))))
		}, none},
		{"n_email_upn_differs", func() given { return facts(lint.Facts{UPN: "u123@example.com"}, loose(user())) },
			func() given { return facts(lint.Facts{UPN: "user@example.com"}, loose(user())) }, func() given { return loneUser() }},

		// Usages.
		{"e_eku_without_email_protection", func() given { return users(usages(x509.ExtKeyUsageClientAuth)) }, func() given { return users() }, none},
		{"e_eku_absent_apple", func() given { return under(today, lint.AppleMail, []change{usages()}, "apple", "yes") },
			func() given { return under(today, lint.AppleMail, nil, "apple", "yes") }, func() given { return users(usages()) }},
		{"w_eku_absent", func() given { return users(usages()) }, func() given { return users() }, none},
		{"w_eku_forbidden", func() given { return users(usages(x509.ExtKeyUsageEmailProtection, x509.ExtKeyUsageServerAuth)) }, func() given { return users() }, none},
		{rule: "w_eku_forbidden", passes: func() given { return users(usages(x509.ExtKeyUsageEmailProtection, x509.ExtKeyUsageClientAuth)) }},
		{rule: "w_eku_forbidden", fails: func() given { return users(usages(x509.ExtKeyUsageEmailProtection, x509.ExtKeyUsageCodeSigning)) }},
		{rule: "w_eku_forbidden", fails: func() given { return users(usages(x509.ExtKeyUsageEmailProtection, x509.ExtKeyUsageTimeStamping)) }},
		{rule: "w_eku_forbidden", fails: func() given { return users(usages(x509.ExtKeyUsageEmailProtection, x509.ExtKeyUsageAny)) }},
		{rule: "w_eku_forbidden", passes: func() given { return users(smartCard) }},
		{rule: "w_eku_forbidden", passes: func() given { return users(smartCard, policy(2, 23, 140, 1, 5, 3, 2)) }},
		{rule: "w_eku_forbidden", fails: func() given {
			return users(smartCard, policy(2, 23, 140, 1, 5, 3, 2), valid(time.Date(2027, 7, 1, 0, 0, 0, 0, time.UTC), year(2028)))
		}},
		{rule: "w_eku_forbidden", passes: func() given { return users(smartCard, valid(time.Date(2027, 7, 1, 0, 0, 0, 0, time.UTC), year(2028))) }},
		{"n_eku_forbidden_soon", func() given { return users(smartCard, policy(2, 23, 140, 1, 5, 3, 2)) },
			func() given {
				return users(usages(x509.ExtKeyUsageEmailProtection, x509.ExtKeyUsageClientAuth), policy(2, 23, 140, 1, 5, 3, 2))
			}, func() given { return users(smartCard) }},
		{"w_key_usage_other_bits", func() given { return users(keyUsage(x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign)) }, func() given { return users() }, func() given { return users(keyUsage(0)) }},
		{"e_key_usage_no_mail", func() given { return users(keyUsage(x509.KeyUsageCRLSign)) }, func() given { return users() }, func() given { return users(keyUsage(0)) }},
		{"e_usage_cannot_sign", func() given { return facts(sign, loose(user(encryptOnly))) },
			func() given { return facts(sign, loose(user(encryptOnly), user(signOnly))) }, func() given { return loneUser(encryptOnly) }},
		{"e_usage_cannot_encrypt", func() given { return facts(encrypt, loose(user(signOnly))) },
			func() given { return facts(encrypt, loose(user())) }, none},
		// Another one serves only if it may be used now, and for mail.
		{"e_usage_cannot_encrypt", func() given {
			return facts(encrypt, loose(user(signOnly), user(encryptOnly, valid(today.AddDate(-2, 0, 0), today.AddDate(0, 0, -1)))))
		}, func() given {
			return facts(encrypt, loose(user(signOnly), user(encryptOnly, valid(today.AddDate(-2, 0, 0), today))))
		}, none},
		{"e_usage_cannot_encrypt", func() given {
			return facts(encrypt, loose(user(signOnly), user(encryptOnly, valid(today.AddDate(0, 0, 1), today.AddDate(1, 0, 0)))))
		}, func() given {
			return facts(encrypt, loose(user(signOnly), user(encryptOnly, valid(today, today.AddDate(1, 0, 0)))))
		}, none},
		{"e_usage_cannot_encrypt", func() given {
			return facts(encrypt, loose(user(signOnly), user(encryptOnly, usages(x509.ExtKeyUsageClientAuth))))
		}, func() given { return facts(encrypt, loose(user(signOnly), user(encryptOnly, usages()))) }, none},
		{"w_usage_cannot_sign", func() given { return loneUser(encryptOnly) }, func() given { return loneUser() }, func() given { return facts(sign, loose(user(encryptOnly))) }},
		{"w_usage_cannot_encrypt", func() given { return loneUser(signOnly) }, func() given { return loneUser() }, func() given { return facts(encrypt, loose(user(signOnly))) }},
		{"w_usage_split_addresses", func() given {
			return give(loose(user(signOnly), user(encryptOnly, addresses("user@example.com", "other@example.com"))))
		}, func() given { return give(loose(user(signOnly), user(encryptOnly))) }, func() given { return loneUser() }},
		{rule: "w_usage_split_addresses", na: func() given {
			return give(loose(user(signOnly), user(signOnly, addresses("other@example.com")), user(addresses("third@example.com"))))
		}},
		{rule: "w_usage_split_addresses", na: func() given {
			return give(loose(user(encryptOnly), user(encryptOnly, addresses("other@example.com")), user(addresses("third@example.com"))))
		}},

		// Keys, validity, revocation.
		{"e_key_size", func() given {
			return with(loose(newUser(issuing(), rsaKey(1024))), lint.Options{Targets: []lint.Target{lint.AppleMail}})
		}, func() given { return loneUser() }, none},
		{"e_key_algorithm", func() given {
			return with(loose(newUser(issuing(), edKey())), lint.Options{Targets: []lint.Target{lint.AppleMail}})
		}, func() given { return loneUser() }, none},
		{"e_key_algorithm", func() given {
			return with([]*bundle.File{parse("user.cer", ed448(), nil)}, lint.Options{Targets: []lint.Target{lint.OutlookIOS}})
		}, func() given { return loneUser() }, none},
		{"e_signature_weak", func() given {
			weak := user(func(c *x509.Certificate) { c.SignatureAlgorithm = x509.ECDSAWithSHA1 })
			return with(loose(weak), lint.Options{Targets: []lint.Target{lint.AppleMail}})
		}, func() given { return users() }, none},
		{"e_validity_apple", func() given {
			return under(today, lint.AppleMail, []change{valid(today.AddDate(-1, 0, 0), today.AddDate(3, 0, 0))}, "apple", "yes")
		}, func() given { return under(today, lint.AppleMail, nil, "apple", "yes") }, func() given { return users() }},
		{"w_validity_baseline", func() given {
			return users(policy(2, 23, 140, 1, 5, 1, 3), valid(today.AddDate(-1, 0, 0), today.AddDate(-1, 0, 825)))
		}, func() given {
			return users(policy(2, 23, 140, 1, 5, 1, 3), valid(today.AddDate(-1, 0, 0), today.AddDate(-1, 0, 825).Add(-time.Second)))
		}, func() given { return users() }},
		{"e_gmail_profile", func() given { return gmail(valid(today.AddDate(-1, 0, 0), today.AddDate(2, 0, 0))) }, func() given { return gmail() }, nil},
		{"e_gmail_profile", func() given { return gmail(noCRL) }, nil, nil},
		{"e_gmail_profile", func() given {
			return with(loose(newUser(issuing(), ecKey(elliptic.P521(), 9))), lint.Options{Targets: []lint.Target{lint.Gmail}})
		}, nil, nil},
		{"e_directory_address", func() given { return directory("anna@example.org", user()) },
			func() given { return directory("User@example.com", user()) }, func() given { return loneUser() }},
		{rule: "e_directory_address", passes: func() given { return directory("anna@example.org", user(addresses())) }}, // another rule speaks
		{"e_directory_cannot_encrypt", func() given { return directory("user@example.com", user(signOnly)) },
			func() given { return directory("user@example.com", user(signOnly), user()) }, func() given { return loneUser() }},
		{"w_directory_several", func() given {
			return directory("user@example.com", user(), newUser(issuing(), ecKey(elliptic.P256(), 77)))
		}, func() given {
			return directory("user@example.com", user(), user(), newUser(issuing(), ecKey(elliptic.P256(), 77), valid(year(2020), year(2022))))
		}, func() given { return loneUser() }},
		{"n_validity_gmail", func() given { return users(valid(today.AddDate(-1, 0, 0), today.AddDate(2, 0, 0))) }, func() given { return users() }, none},
		{"n_policy_missing", func() given { return under(today, lint.Windows, nil, "mozilla", "yes") },
			func() given {
				return under(today, lint.Windows, []change{policy(2, 23, 140, 1, 5, 1, 3)}, "mozilla", "yes")
			}, none},
		{"e_crl_no_public_address", func() given {
			return loneUser(func(c *x509.Certificate) {
				c.CRLDistributionPoints = []string{"ldap:///CN=CA", "http://pki.corp/ca.crl"}
			})
		}, func() given { return loneUser() }, none},
		{"e_crl_no_public_address", func() given { return loneUser(lists()) }, func() given { return loneUser(lists("http://203.0.113.1/ca.crl")) }, none},
		{"e_crl_no_public_address", func() given {
			return loneUser(lists("http://10.0.0.1/ca.crl", "http://127.0.0.1/ca.crl", "http://[fe80::1]/ca.crl", "http://[::ffff:10.0.0.1]/ca.crl", "http://255.255.255.255/ca.crl", "http://224.0.0.1/ca.crl"))
		}, func() given { return loneUser(lists("HTTP://[2001:db8::1]:8080/ca.crl")) }, none},
		{"w_aia_no_public_address", func() given {
			return loneUser(func(c *x509.Certificate) { c.IssuingCertificateURL = []string{"http://pki/ca.crt"} })
		}, func() given { return loneUser() }, none},

		// Chains.
		{"e_chain_issuer_missing", func() given { return give(store(issuing(), old())) }, casOnly, nil},
		{"e_chain_cross_certificate_missing", func() given { return example("collections/cross-certificate-missing.sst") }, casOnly, nil},
		{"w_chain_cross_certificate_missing", func() given {
			return example("example/issuing-ca.pem", "example/root-self-signed.pem")
		}, casOnly, nil},
		{"w_chain_issuer_missing", func() given { return give(store(issuing(), root(), cross())) }, func() given { return give(store(issuing(), root(), cross(), old())) }, nil},
		{"w_chain_issuing_ca_missing", func() given { return give(beside([]*signer{root()}, user(), issuing())) },
			func() given { return give(beside([]*signer{issuing(), root()}, user())) }, casOnly},
		{rule: "w_chain_issuing_ca_missing", na: func() given { return give(beside([]*signer{issuing(), root()}, old())) }},
		{"e_chain_path_length", func() given {
			deeper := newCA("Deeper CA", issuing(), ecKey(elliptic.P256(), 6), email)
			return give(pemBundle(newUser(deeper, ecKey(elliptic.P256(), 3)), deeper, issuing(), root()))
		}, func() given { return users() }, nil},
		{"e_chain_name_constraint", func() given {
			return chainOf(func(c *x509.Certificate) { c.PermittedEmailAddresses = []string{"example.org"} })
		}, func() given {
			return chainOf(func(c *x509.Certificate) { c.PermittedEmailAddresses = []string{"example.com"} })
		}, nil},
		{"e_chain_not_ca", func() given {
			return chainOf(func(c *x509.Certificate) { c.IsCA, c.KeyUsage = false, x509.KeyUsageDigitalSignature })
		},
			func() given { return chainOf() }, nil},
		{"e_chain_eku_nesting", func() given { return chainOf(usages(x509.ExtKeyUsageServerAuth)) }, func() given { return chainOf() }, nil},
		{"e_chain_no_valid_path", func() given {
			return chainOf(func(c *x509.Certificate) {
				c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}}}
			})
		}, func() given { return chainOf() }, nil},
		{"e_chain_no_anchor", func() given {
			return with(append(store(issuing()), loose(user(), root())...), lint.Options{Targets: []lint.Target{lint.ExchangeOnline}})
		}, func() given {
			return with(append(store(issuing(), root()), loose(user(), root())...), lint.Options{Targets: []lint.Target{lint.ExchangeOnline}})
		}, nil},
		{"w_chain_ends_before_certificate", func() given { return users(valid(today.AddDate(-1, 0, 0), today.AddDate(20, 0, 0))) }, func() given { return users() }, casOnly},

		// Anchors.
		{"w_anchor_not_in_apple_store", func() given { return under(today, lint.AppleMail, nil, "apple", "no") }, func() given { return under(today, lint.AppleMail, nil, "apple", "yes") }, none},
		{"w_anchor_not_in_microsoft_store", func() given { return under(today, lint.Windows, nil, "microsoft", "no") }, func() given { return under(today, lint.Windows, nil) }, none},
		{"n_anchor_not_in_mozilla_store", func() given { return under(today, lint.Windows, nil, "mozilla", "no") }, func() given { return users() }, none},
		{"w_anchor_distrusted_by_mozilla", func() given { return under(today, lint.Windows, nil, "mozilla", "2025-01-01") }, func() given { return under(today, lint.Windows, nil, "mozilla", "2026-06-01") }, none},
		{"n_anchor_distrusted_soon_by_mozilla", func() given { return under(today, lint.Windows, nil, "mozilla", "2028-01-01") }, func() given { return under(today, lint.Windows, nil, "mozilla", "2031-04-15") }, none},
		{"n_anchor_dedicated_soon", func() given {
			return under(today, lint.Windows, nil, "mozilla", "yes", "mozilla_tls", "yes")
		}, func() given { return under(today, lint.Windows, nil, "mozilla", "yes", "mozilla_tls", "no") }, none},
		{rule: "n_anchor_dedicated_soon", passes: func() given {
			return under(time.Date(2029, 1, 1, 0, 0, 0, 0, time.UTC), lint.Windows, []change{valid(today, year(2030))}, "mozilla", "yes", "mozilla_tls", "yes")
		}},
		{"w_anchor_entrust_apple", func() given { return give(pemBundle(newUser(entrust(), ecKey(elliptic.P256(), 3)), entrust())) }, func() given {
			return with(pemBundle(newUser(entrust(), ecKey(elliptic.P256(), 3), valid(year(2024), year(2026))), entrust()), lint.Options{Time: year(2025)})
		}, none},

		// PFX.
		{"e_pfx_target_cannot_open", func() given {
			return facts(lint.Facts{OldestIOS: lint.IOSVersion{Major: 16}}, openPFX(aes("secret"), "secret"))
		}, func() given { return pfxOf(des("secret")) }, noPFX},
		{"n_pfx_form_unconfirmed", func() given { return pfxOf(append(des("secret"), 0, 0)) }, func() given { return pfxOf(des("secret")) }, noPFX},
		{"e_pfx_text", func() given {
			return give(openPFX([]byte(base64.StdEncoding.EncodeToString(des("secret"))), "secret"))
		}, func() given { return pfxOf(des("secret")) }, noPFX},
		{"w_pfx_old_windows", func() given { return pfxOf(aes("secret")) }, func() given { return pfxOf(des("secret")) }, noPFX},
		{"e_pfx_no_private_key", func() given { return pfxOf(trustStore()) }, func() given { return pfxOf(des("secret")) }, noPFX},
		{"e_pfx_several_identities", func() given {
			return pfxOf(plainPFX(keyBag(user().key), certBag(user()), keyBag(otherKey())))
		}, func() given { return pfxOf(des("secret")) }, noPFX},
		{"e_pfx_key_certificate_mismatch", func() given {
			return pfxOf(plainPFX(keyBag(otherKey(), keyID(1)), certBag(user(), keyID(1))))
		}, func() given { return pfxOf(des("secret")) }, func() given { return pfxOf(trustStore()) }},
		{"e_pfx_password_empty", func() given { return give(openPFX(des(""), "")) }, func() given { return pfxOf(des("secret")) }, noPFX},
		// An empty one that is tried and wrong is not that of the file.
		{rule: "e_pfx_password_empty", passes: func() given { return give(openPFX(des("secret"), "")) }},
		{"w_pfx_password_weak", func() given { return pfxOf(des("secret")) },
			func() given { return give(openPFX(des(strong), strong)) }, func() given { return give(openPFX(des(""), "")) }},
		{"w_pfx_password_not_ascii", func() given { return give(openPFX(des("pässword"), "pässword")) }, func() given { return pfxOf(des("secret")) }, noPFX},
		{"e_pfx_password_beyond_ascii", func() given { return give(openPFX(des("pässword"), "pässword")) }, func() given { return pfxOf(des("secret")) }, noPFX},
		{"e_pfx_password_not_latin1", func() given { return give(openPFX(des("パスワード"), "パスワード")) }, func() given { return give(openPFX(des("pässword"), "pässword")) }, noPFX},
		{"e_pfx_password_too_long", func() given {
			long := strings.Repeat("a", 127)
			return facts(lint.Facts{ConnectorKeyBits: 2048}, openPFX(des(long), long))
		}, func() given {
			long := strings.Repeat("a", 127)
			return facts(lint.Facts{ConnectorKeyBits: 4096}, openPFX(des(long), long))
		}, noPFX},
		{"w_pfx_names_collide", func() given {
			return pfxOf(plainPFX(keyBag(user().key), certBag(issuing(), friendlyName("CA")), certBag(root(), friendlyName("CA"))))
		}, func() given { return pfxOf(des("secret")) }, noPFX},
		{"w_pfx_local_key_id_twice", func() given {
			return pfxOf(plainPFX(keyBag(user().key, keyID(1), keyID(2)), certBag(user(), keyID(1))))
		},
			func() given { return pfxOf(des("secret")) }, noPFX},
		{"w_pfx_rc2", func() given { return pfxOf(encode(gopkcs12.LegacyRC2, "secret", user())) }, func() given { return pfxOf(des("secret")) }, noPFX},
		{"w_pfx_ber", func() given { return pfxOf(indefinite(des("secret"))) }, func() given { return pfxOf(des("secret")) }, noPFX},
		{"n_pfx_iterations", func() given { return pfxOf(encode(gopkcs12.LegacyDES.WithIterations(1), "secret", user())) }, func() given { return pfxOf(des("secret")) }, noPFX},
		{"w_pfx_expired_ca", func() given { return pfxOf(encode(gopkcs12.LegacyDES, "secret", user(), issuing(), root(), expired())) }, func() given { return pfxOf(encode(gopkcs12.LegacyDES, "secret", user(), lapsed(), root())) }, noPFX},
		{"w_pfx_expired_ca", func() given { return pfxOf(encode(gopkcs12.LegacyDES, "secret", user(), issuing(), expired())) }, func() given { return pfxOf(encode(gopkcs12.LegacyDES, "secret", user(), lapsed())) }, noPFX},
		{"n_pfx_extra_certificate", func() given { return pfxOf(encode(gopkcs12.LegacyDES, "secret", user(), issuing(), root(), old())) }, func() given { return pfxOf(des("secret")) }, noPFX},
	}...)
}

// alwaysApplies are rules that every collection is subject to: they are not
// applicable only to targets that they do not speak of, if at all.
func alwaysApplies(r lint.Rule) bool { return r.Applies == nil }

// TestEveryRule holds each rule to a case that breaks it, one that keeps it and
// one that it does not judge, and to the status that its prefix promises.
func TestEveryRule(t *testing.T) {
	type kinds struct{ fails, passes, na bool }
	seen := map[string]kinds{} // of each rule, what its cases are
	for _, c := range ruleCases(t) {
		k := seen[c.rule]
		seen[c.rule] = kinds{k.fails || c.fails != nil, k.passes || c.passes != nil, k.na || c.na != nil}
		t.Run(c.rule, func(t *testing.T) {
			rule, ok := lint.FindRule(c.rule)
			if !ok {
				t.Fatal("no such rule")
			}
			check := func(what string, g func() given, want lint.Status) {
				if g == nil {
					return
				}
				in := g()
				if got := outcome(t, c.rule, in.files, in.opts); got != want {
					t.Errorf("%s: %s, want %s", what, got, want)
				}
			}
			check("the bad case", c.fails, rule.Status())
			if c.fails != nil && rule.Status() == zlint.Error {
				decides(t, rule, c.fails())
			}
			check("the good case", c.passes, zlint.Pass)
			check("the case that is not applicable", c.na, zlint.NA)
		})
	}
	for _, r := range lint.Rules() {
		k := seen[r.Name]
		if k == (kinds{}) && ofArtefact(r.Name) {
			continue
		}
		if !k.fails || !k.passes || !k.na && !alwaysApplies(r) {
			t.Errorf("%s: a case that breaks it: %t, that keeps it: %t, that is not applicable: %t", r.Name, k.fails, k.passes, k.na)
		}
		if !k.na && len(r.Targets) > 0 {
			// Run for a target that the rule does not speak of.
			other := lint.Options{Targets: []lint.Target{lint.Windows}}
			if slices.Contains(r.Targets, lint.Windows) {
				other.Targets = []lint.Target{lint.ExchangeOnline}
			}
			if got := outcome(t, r.Name, pemBundle(issuing(), root()), &other); got != zlint.NA {
				t.Errorf("%s, another target: %s", r.Name, got)
			}
		}
	}
}

// TestRulesOfUsers holds that a rule which judges a certificate of a user, and no
// plain one of a CA, judges that of a CA neither when it has the same fields.
func TestRulesOfUsers(t *testing.T) {
	rules := slices.DeleteFunc(lint.Rules(), func(r lint.Rule) bool {
		return outcome(t, r.Name, loose(issuing()), nil) != zlint.NA
	})
	judged := map[string]bool{}
	for name, c := range map[string]change{
		"an address":           addresses("user@example.com"),
		"an address elsewhere": subjectEmail("user@example.com"),
		"no address":           addresses(),
		"an address in UTF-8":  utf8Mailbox,
		"usages":               usages(x509.ExtKeyUsageEmailProtection, x509.ExtKeyUsageServerAuth),
		"no usages":            usages(),
		"a policy":             policy(2, 23, 140, 1, 5, 1, 3),
		"a long life":          valid(today.AddDate(-4, 0, 0), today.AddDate(4, 0, 0)),
		"an end":               valid(today.AddDate(-4, 0, 0), today.AddDate(0, 0, -1)),
	} {
		ca := newCA("Example CA", root(), ecKey(elliptic.P256(), 2), email, c)
		for _, r := range rules {
			if outcome(t, r.Name, loose(user(c)), nil) == zlint.NA {
				continue
			}
			judged[r.Name] = true
			if got := outcome(t, r.Name, loose(ca), nil); got != zlint.NA {
				t.Errorf("%s, of a CA with %s: %s", r.Name, name, got)
			}
		}
	}
	if len(judged) < 15 {
		t.Errorf("only %d rules are of users", len(judged))
	}
}

// TestArtefactRulesNotApplicable holds that rules about files of a roll-out judge
// no collection without one.
func TestArtefactRulesNotApplicable(t *testing.T) {
	for _, r := range lint.Rules() {
		if !ofArtefact(r.Name) {
			continue
		}
		if r.Applies == nil {
			t.Errorf("%s does not say what it applies to", r.Name)
		}
		opts := &lint.Options{Targets: r.Targets}
		if got := outcome(t, r.Name, pemBundle(user(), issuing(), root()), opts); got != zlint.NA {
			t.Errorf("%s: %s on certificates", r.Name, got)
		}
	}
}

// ofArtefact reports whether a rule speaks of what is made for a roll-out, such
// as a script. Those rules have their cases where such things are made:
// TestMutations of package deploy fails for one that it does not turn red.
func ofArtefact(rule string) bool {
	subject := strings.Split(rule, "_")[1]
	return slices.Contains([]string{"script", "owa", "mdm", "graph", "profile", "connector", "intune"}, subject)
}

func once(f func() *signer) func() *signer {
	var s *signer
	return func() *signer {
		if s == nil {
			s = f()
		}
		return s
	}
}

// decides holds that what an error is found in works for no target that the finding
// speaks of, and that the verdict says so.
func decides(t *testing.T, rule lint.Rule, in given) {
	t.Helper()
	o := optionsFor(rule, in.files, in.opts)
	o.ZLint = []string{"none"}
	r := run(t, in.files, &o)
	found := false
	for _, f := range r.Findings {
		if f.Rule != rule.Name {
			continue
		}
		found = true
		for _, target := range f.Targets {
			if v := r.Verdict(target); v.Status == lint.Works || v.Status == lint.Fails && !slices.Contains(v.Because, rule.Name) {
				t.Errorf("%s %s because of %v", target, v.Status, v.Because)
			}
		}
	}
	if !found {
		t.Error("with the other rules it finds nothing")
	}
}
