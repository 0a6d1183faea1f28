package lint

import (
	"maps"
	"slices"
	"strings"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
)

// platformRules are about how certificates become profiles, one for each
// certificate and platform.
func platformRules() []Rule {
	return []Rule{
		deployRule(Intune, "e_intune_several_certificates", Documented, citeTrusted,
			"The file holds several certificates. A profile for trusted certificates takes exactly one, and each file that Intune takes for it holds one.",
			"Make one profile for each certificate.", artefactCheck{forTrustedProfiles, runSeveralCertificates}),
		deployRule(Intune, "w_intune_not_der", Documented, citeTrusted,
			"The file is not a certificate in DER, which is what Intune asks for.",
			"Convert it.", artefactCheck{forTrustedProfiles, runNotDER}),
		withFacts(deployRule(Intune, "e_graph_platform_missing", Documented, citeTrusted,
			"A certificate has no profile for a platform in use. Each platform needs profiles of its own.",
			"Make the profiles for every platform.", artefactCheck{hasPlatform, runPlatformMissing}), factPlatforms),
		deployRule(Intune, "w_graph_platforms_differ", Inferred, citeTrusted,
			"A certificate has a profile for one platform and none for another that other profiles are for.",
			"Make the missing profile, or say in the facts which platforms are in use.", artefactCheck{
				applies: func(p *Pass) bool {
					return !p.Facts.has(factPlatforms) && len(p.Collection.rollout.platforms) > 1 && hasPlatform(p)
				},
				run: runPlatformsDiffer,
			}),
	}
}

// forTrustedProfiles reports whether somebody asks about Intune and no other
// target with public certificates of CAs alone: these can go there only as trusted
// certificates. A store does not go there at all, which Run says.
func forTrustedProfiles(p *Pass) bool {
	c := p.Collection
	if !slices.Equal(c.named, []Target{p.Target}) || len(c.Members) == 0 {
		return false
	}
	for _, f := range c.Files {
		if f.IsArtefact() || f.PFX != nil || f.IsMessage() || len(f.Keys) > 0 {
			return false
		}
	}
	return !slices.ContainsFunc(c.Members, func(m *Member) bool { return m.readable() && !m.isCA() })
}

func runSeveralCertificates(p *Pass) error {
	for _, f := range p.Collection.Files {
		if n := len(f.Certificates); n > 1 {
			p.ReportFile(f.Name, "holds %s", say.Count(n, "1 certificate", "%d certificates"))
		}
	}
	return nil
}

func runNotDER(p *Pass) error {
	for _, f := range p.Collection.Files {
		if len(f.Certificates) == 1 && f.Format != bundle.DER {
			p.ReportFile(f.Name, "is a file of format %s", f.Format)
		}
	}
	return nil
}

// hasPlatform reports whether the collection is one of profiles with trusted
// certificates.
func hasPlatform(p *Pass) bool { return len(p.platforms()) > 0 }

// platforms returns the platforms that the profiles of the collection are for.
func (p *Pass) platforms() []string {
	var list []string
	for _, f := range p.filesOf(bundle.GraphJSON) {
		for i := range f.Graph {
			if platform := f.Graph[i].Platform(); platform != "" && !slices.Contains(list, platform) {
				list = append(list, platform)
			}
		}
	}
	return list
}

// withoutProfile calls report for each certificate of the collection and each
// platform that has no profile for it. Where several collections have the
// certificate, that of the first platform speaks.
func (p *Pass) withoutProfile(wanted []string, report func(*Member, string)) {
	own := p.platforms()
	said := map[string]bool{}
	for _, m := range p.Collection.Members {
		if m.Certificate == nil || said[m.sha256] {
			continue
		}
		said[m.sha256] = true
		has := p.Collection.rollout.trusted[string(m.Certificate.Raw)]
		if first := slices.Sorted(maps.Keys(has)); len(first) == 0 || !slices.Contains(own, first[0]) {
			continue
		}
		for _, platform := range wanted {
			if !has[platform] {
				report(m, platformName(platform))
			}
		}
	}
}

func runPlatformMissing(p *Pass) error {
	var wanted []string
	for _, known := range platforms {
		if slices.Contains(p.Facts.Platforms, known.name) {
			wanted = append(wanted, known.odata)
		}
	}
	p.withoutProfile(wanted, func(m *Member, platform string) {
		p.Report(m, "has no profile for the platform %s", platform)
	})
	return nil
}

func runPlatformsDiffer(p *Pass) error {
	p.withoutProfile(p.Collection.rollout.platforms, func(m *Member, platform string) {
		p.Report(m, "has no profile for the platform %s, which other certificates have one for", platform)
	})
	return nil
}

// platformName returns the word for a platform of @odata.type.
func platformName(odata string) string {
	for _, known := range platforms {
		if strings.EqualFold(known.odata, odata) {
			return known.name
		}
	}
	return odata
}
