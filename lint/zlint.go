package lint

import (
	"slices"
	"sync"

	"github.com/zmap/zcrypto/x509"
	_ "github.com/zmap/zlint/v3" // registers the lints
	zlint "github.com/zmap/zlint/v3/lint"
	"github.com/zmap/zlint/v3/util"
)

// kind says what a certificate is for, which decides the lints it gets: a
// corporate certificate is not told off by rules for public ones, a mail CA not
// by rules for web servers.
type kind uint8

const (
	kindCA          kind = iota // of a CA
	kindPublicSMIME             // of a user, with a policy of the S/MIME Baseline Requirements
	kindPrivate                 // any other
	kinds
)

func kindOf(c *x509.Certificate) kind {
	switch {
	case c.IsCA || c.SelfSigned:
		return kindCA
	case util.IsSMIMEBRCertificate(c):
		return kindPublicSMIME
	default:
		return kindPrivate
	}
}

// sources are the sources of lints that each kind of certificate gets.
var sources = [kinds]zlint.SourceList{
	kindCA: {zlint.RFC3279, zlint.RFC5280, zlint.RFC5480, zlint.RFC8813},
	kindPublicSMIME: {zlint.RFC3279, zlint.RFC5280, zlint.RFC5480, zlint.RFC5891, zlint.RFC8813,
		zlint.CABFSMIMEBaselineRequirements, zlint.MozillaRootStorePolicy, zlint.EtsiEsi, zlint.Community},
	kindPrivate: {zlint.RFC3279, zlint.RFC5280, zlint.RFC5480, zlint.RFC5891, zlint.RFC8813, zlint.Community},
}

// costly are lints that take nine tenths of the time and are left out.
var costly = []string{
	"e_cert_issued_by_compromised_emudhra_ca",
	"e_ecdsa_small_private_key",
	"e_rsa_fermat_factorization",
}

// zlints returns the lints of zlint for each kind of certificate.
var zlints = sync.OnceValue(func() (selected [kinds][]*zlint.CertificateLint) {
	for _, l := range zlint.GlobalRegistry().CertificateLints().Lints() {
		for k := range selected {
			if slices.Contains(sources[k], l.Source) && !slices.Contains(costly, l.Name) {
				selected[k] = append(selected[k], l)
			}
		}
	}
	return selected
})

// lintCertificates runs zlint's lints on each certificate of a collection, once
// where a certificate is there twice.
func lintCertificates(c *Collection) []Finding {
	var findings []Finding
	done := map[string]bool{}
	configuration := zlint.NewEmptyConfig()
	for _, m := range c.Members {
		if m.Lintable == nil || done[m.sha256] {
			continue
		}
		done[m.sha256] = true
		for _, l := range zlints()[kindOf(m.Lintable)] {
			result := l.Execute(m.Lintable, configuration)
			if result.Status < zlint.Notice {
				continue
			}
			findings = append(findings, Finding{
				Rule:       l.Name,
				Status:     result.Status,
				File:       m.File.Name,
				Index:      m.Index,
				Subject:    m.subject,
				SHA256:     m.sha256,
				Message:    message(l, result),
				Remedy:     remedyZlint,
				Citation:   l.Citation,
				Confidence: Documented,
			})
		}
	}
	return findings
}

// message says what a lint of zlint found. Most say nothing of their own.
func message(l *zlint.CertificateLint, result *zlint.LintResult) Message {
	if result.Details != "" {
		return say("%s: %s", l.Description, result.Details)
	}
	return say("%s", l.Description)
}

// remedyZlint is what an administrator can do about a finding of zlint.
const remedyZlint = "Ask the CA: only it can issue the certificate anew without this fault."
