package lint

import (
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/internal/artefact"
)

const citeMobilePolicy = "Microsoft, Set-MobileDeviceMailboxPolicy"

func exchangeRules() []Rule {
	cite := func(parameter string) string { return "Microsoft, Set-SmimeConfig, parameter " + parameter }
	of := func(mailbox bool, look func(*Pass, *bundle.File, *artefact.Settings)) artefactCheck {
		return eachPart(bundle.ExchangeJSON, func(f *bundle.File) []artefact.Settings { return f.Settings },
			func(s *artefact.Settings) bool { return s.Mailbox == mailbox },
			func(p *Pass, f *bundle.File, s *artefact.Settings, _ int) { look(p, f, s) })
	}
	settings := func(look func(*Pass, *bundle.File, *artefact.Settings)) artefactCheck { return of(false, look) }
	policies := func(look func(*Pass, *bundle.File, *artefact.Settings)) artefactCheck { return of(true, look) }
	return []Rule{
		deployRule(ExchangeOnline, "e_owa_collection_missing", Inferred, cite("SMIMECertificateIssuingCA"),
			"The tenant has no virtual certificate collection, so that Exchange Online trusts no signature.",
			"Upload a collection: a store of the certificates of your CAs, the roots included.", settings(runCollectionMissing)),
		deployRule(ExchangeOnline, "w_owa_expired_certificate", Documented, "Microsoft, Get-SmimeConfig, output SMIMECertificatesExpiryDate and SMIMEExpiredCertificateThumbprint",
			"Exchange Online has found a certificate of its collection expired, or one will have expired by now. The next upload of the same collection fails.",
			"Upload the collection without what has expired.", settings(runExpiredCertificate)),
		deployRule(ExchangeOnline, "e_owa_crl_on_send", Documented, cite("OWACheckCRLOnSend"),
			"Outlook on the web sends nothing signed or encrypted while it cannot fetch the revocation list of each certificate, and a certificate of the collection names none that Exchange Online could reach.",
			"Have the CA publish its revocation list on the internet, or set OWACheckCRLOnSend to $false.", settings(runCRLOnSend)),
		deployRule(ExchangeOnline, "e_owa_crl_unreachable", Documented, cite("OWADisableCRLCheck")+"; Microsoft, S/MIME for Outlook for iOS and Android",
			"Revocation is checked, as it is unless OWADisableCRLCheck says otherwise, and the revocation lists that a certificate of the collection names are reachable only inside the company: by LDAP, as a file, or on an internal host.",
			"Have the CA name an HTTP address on the internet. Until then only Set-SmimeConfig -OWADisableCRLCheck $true helps, for OWA alone.", crlUnreachable()),
		deployRule(ExchangeOnline, "n_owa_crl_timeouts", Documented, cite("OWACRLRetrievalTimeout"),
			"One connection for a revocation list may take longer than all of them together.",
			"Raise OWACRLRetrievalTimeout above OWACRLConnectionTimeout where chains have three lists or more.", settings(runCRLTimeouts)),
		deployRule(ExchangeOnline, "w_owa_signing_sha1", Documented, cite("OWASigningAlgorithms"),
			"Outlook on the web signs with SHA-1, which is its default.",
			"Set-SmimeConfig -OWASigningAlgorithms 800C (SHA-256)", settings(runSigningSHA1)),
		deployRule(ExchangeOnline, "w_owa_encryption_weak", Documented, cite("OWAEncryptionAlgorithms"),
			"The algorithms that Outlook on the web may encrypt with include DES, RC2 or 3DES.",
			"Set-SmimeConfig -OWAEncryptionAlgorithms 6610 (AES-256, the default)", settings(runEncryptionWeak)),
		deployRule(ExchangeOnline, "w_owa_chain_not_in_message", Documented, cite("OWAIncludeCertificateChainWithoutRootCertificate"),
			"Signed messages carry the certificate of the sender only. Recipients who know one form of a cross-signed CA do not find the path by themselves.",
			"Set-SmimeConfig -OWAIncludeCertificateChainWithoutRootCertificate $true", settings(runChainNotInMessage)),
		deployRule(ExchangeOnline, "w_owa_certificate_not_included", Documented, cite("OWASignedEmailCertificateInclusion"),
			"Signed messages do not carry the encryption certificate of the sender, so that recipients cannot answer encrypted.",
			"Set-SmimeConfig -OWASignedEmailCertificateInclusion $true", settings(runCertificateNotIncluded)),
		deployRule(ExchangeOnline, "w_mdm_soft_certificates", Documented, citeMobilePolicy+", parameter AllowSMIMESoftCerts",
			"The policy for mobile devices forbids S/MIME certificates that are kept in software, which an imported PFX is.",
			"Set-MobileDeviceMailboxPolicy -AllowSMIMESoftCerts $true", policies(runSoftCertificates)),
		deployRule(ExchangeOnline, "n_mdm_algorithms", Documented, citeMobilePolicy+", parameters RequireEncryptedSMIMEMessages and RequireSignedSMIMEMessages",
			"The policy for mobile devices requires S/MIME messages, for which it offers old algorithms only.",
			"Leave signing and encryption as not required.", policies(runMobileAlgorithms)),
	}
}

func runCollectionMissing(p *Pass, f *bundle.File, s *artefact.Settings) {
	if !s.HasCollection && !s.Unseen {
		p.ReportFile(f.Name, "SMIMECertificateIssuingCA is empty")
	}
}

func runExpiredCertificate(p *Pass, f *bundle.File, s *artefact.Settings) {
	thumbprint, _ := s.Text("SMIMEExpiredCertificateThumbprint")
	date, known := s.Time("SMIMECertificatesExpiryDate")
	expired := known && date.Before(p.Time.Add(p.Ahead))
	text := "…"
	if known {
		text = date.UTC().Format(time.DateOnly)
	}
	switch thumbprint = strings.TrimSpace(thumbprint); {
	case thumbprint != "":
		p.ReportFile(f.Name, "SMIMEExpiredCertificateThumbprint is %s, SMIMECertificatesExpiryDate is %s", printable(thumbprint), text)
	case expired:
		p.ReportFile(f.Name, "SMIMECertificatesExpiryDate is %s", text)
	}
}

// issued returns the certificates of the collection that have a revocation
// list above them: all but roots.
func issued(p *Pass) []*Member {
	return slices.DeleteFunc(slices.Clone(p.Collection.Members), func(m *Member) bool {
		return m.Certificate == nil || m.Certificate.SelfSigned()
	})
}

func runCRLOnSend(p *Pass, _ *bundle.File, s *artefact.Settings) {
	if on, _ := s.Bool("OWACheckCRLOnSend"); !on {
		return
	}
	for _, m := range issued(p) {
		if !hasPublic(m.Certificate.CRLDistributionPoints()) {
			p.Report(m, "names no revocation list that Exchange Online can reach")
		}
	}
}

// crlUnreachable looks at the collection in use, and at one that is to replace it.
// Certificates of users are left to e_crl_no_public_address.
func crlUnreachable() artefactCheck {
	judged := func(p *Pass) []*Member {
		if files := p.filesOf(bundle.ExchangeJSON); len(files) > 0 {
			for _, f := range files {
				for i := range f.Settings {
					if off, ok := f.Settings[i].Bool("OWADisableCRLCheck"); ok && !off {
						return issued(p)
					}
				}
			}
			return nil
		}
		if config := p.smimeConfig(); p.Collection.Files[0].IsArtefact() || config != nil && config.DisableCRLCheck {
			return nil
		}
		return slices.DeleteFunc(issued(p), func(m *Member) bool {
			return !m.isCA() || len(m.Certificate.CRLDistributionPoints()) == 0
		})
	}
	return artefactCheck{
		applies: func(p *Pass) bool { return len(judged(p)) > 0 },
		run: func(p *Pass) error {
			for _, m := range judged(p) {
				switch points := m.Certificate.CRLDistributionPoints(); {
				case len(points) == 0 || hasPublic(points):
				case hasBlank(points):
					p.Report(m, "the address of its revocation list is malformed: a blank stands before or after it")
				default:
					p.Report(m, "names revocation lists inside the company only")
				}
			}
			return nil
		},
	}
}

func runCRLTimeouts(p *Pass, f *bundle.File, s *artefact.Settings) {
	total, ok := s.Number("OWACRLRetrievalTimeout")
	each, _ := s.Number("OWACRLConnectionTimeout")
	// The defaults are like that; they matter from three lists on.
	if ok && each > total && len(issued(p)) >= 2 {
		p.ReportFile(f.Name, "one connection may take %d ms, all together %d ms", each, total)
	}
}

func runSigningSHA1(p *Pass, f *bundle.File, s *artefact.Settings) {
	list, ok := s.Text("OWASigningAlgorithms")
	if !ok {
		return
	}
	ids := algorithms(list)
	if len(ids) == 0 || slices.ContainsFunc(ids, func(id string) bool { return id == "8003" || id == "8004" }) {
		p.ReportFile(f.Name, "OWASigningAlgorithms is %q, which means SHA-1 or older", printable(list))
	}
}

func runEncryptionWeak(p *Pass, f *bundle.File, s *artefact.Settings) {
	list, _ := s.Text("OWAEncryptionAlgorithms")
	weak := map[string]string{"6601": "DES", "6602": "RC2", "6603": "3DES"}
	for _, id := range algorithms(list) {
		if name := weak[id]; name != "" {
			p.ReportFile(f.Name, "OWAEncryptionAlgorithms includes %s (%s)", id, name)
		}
	}
}

// hasCrossSigned reports whether the collection has a CA in more than one form.
func hasCrossSigned(p *Pass) bool {
	forms := map[node]bool{}
	for _, c := range p.Collection.certificates() {
		if forms[nodeOf(c)] {
			return true
		}
		forms[nodeOf(c)] = true
	}
	return false
}

func runChainNotInMessage(p *Pass, f *bundle.File, s *artefact.Settings) {
	chain, ok := s.Bool("OWAIncludeCertificateChainWithoutRootCertificate")
	all, _ := s.Bool("OWAIncludeCertificateChainAndRootCertificate")
	if ok && !chain && !all && hasCrossSigned(p) {
		p.ReportFile(f.Name, "OWAIncludeCertificateChainWithoutRootCertificate is false, and the collection has a cross-signed CA")
	}
}

func runCertificateNotIncluded(p *Pass, f *bundle.File, s *artefact.Settings) {
	if included, ok := s.Bool("OWASignedEmailCertificateInclusion"); ok && !included {
		p.ReportFile(f.Name, "OWASignedEmailCertificateInclusion is false")
	}
}

func runSoftCertificates(p *Pass, f *bundle.File, s *artefact.Settings) {
	if allowed, ok := s.Bool("AllowSMIMESoftCerts"); ok && !allowed {
		p.ReportFile(f.Name, "AllowSMIMESoftCerts is false in policy %q", printable(s.Name))
	}
}

func runMobileAlgorithms(p *Pass, f *bundle.File, s *artefact.Settings) {
	for _, name := range []string{"RequireEncryptedSMIMEMessages", "RequireSignedSMIMEMessages"} {
		if required, _ := s.Bool(name); required {
			p.ReportFile(f.Name, "%s is true in policy %q", name, printable(s.Name))
		}
	}
}
