package lint

import (
	"strings"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/internal/artefact"
	"github.com/smimechain/smimechain/internal/msgraph"
	"github.com/smimechain/smimechain/pkcs12"
)

// rollout is what the files of one call say together, as far as rules hold one
// file against another: the settings of the tenant against a certificate, the
// profiles of one platform against those of another. The zero value says nothing.
type rollout struct {
	whereabouts  *whereabouts
	certificates bool                                   // there is one in some file
	config       *SmimeConfig                           // of the first file with settings; nil without one
	record       *artefact.UserPFX                      // the first imported PFX; nil without one
	purposes     []string                               // of the profiles that deliver imported PFX files
	platforms    []string                               // that there are profiles with trusted certificates for, sorted
	trusted      map[string]map[string]bool             // by the digest of a certificate, the platforms with a profile for it
	rootStore    map[string]bool                        // certificates that a profile puts among the roots of Windows, by their octets
	profiles     map[string]*artefact.Graph             // the objects of Microsoft Graph by their ids in lower case
	mailUses     map[string]bool                        // the ids of profiles that a mail profile names, likewise
	identities   map[bundle.Format][]*pkcs12.Inspection // the PFX files inside files of the format
	rolledOut    map[bundle.Format][]*chain.Certificate // what files of a roll-out hold, by their format
	tenants      map[string]*bundle.File                // by the octets of a certificate, the tenant's collection that it lies in
	handed       map[string]bool                        // likewise those of other files that everything is judged together with
	keyBits      int                                    // of the one public key of a connector; 0 without one
}

// newRollout gathers what files say.
func newRollout(files []*bundle.File) *rollout {
	r := &rollout{whereabouts: &whereabouts{files: files}, trusted: map[string]map[string]bool{}, rootStore: map[string]bool{},
		profiles: map[string]*artefact.Graph{}, mailUses: map[string]bool{}, identities: map[bundle.Format][]*pkcs12.Inspection{},
		rolledOut: map[bundle.Format][]*chain.Certificate{}, tenants: map[string]*bundle.File{}, handed: map[string]bool{}}
	keys := 0
	for _, f := range files {
		r.certificates = r.certificates || len(f.Certificates) > 0
		for i := range f.Settings {
			if s := &f.Settings[i]; !s.Mailbox && r.config == nil {
				r.config = configOf(f, s)
			}
		}
		if f.IsArtefact() {
			r.rolledOut[f.Format] = append(r.rolledOut[f.Format], supporting([]*bundle.File{f})...)
		}
		for i := range f.Graph {
			r.addGraph(&f.Graph[i])
			if u := f.Graph[i].UserPFX; u != nil && u.PFX != nil {
				r.identities[f.Format] = append(r.identities[f.Format], u.PFX)
			}
		}
		if f.Profile != nil {
			for i := range f.Profile.Payloads {
				if pfx := f.Profile.Payloads[i].PFX; pfx != nil {
					r.identities[f.Format] = append(r.identities[f.Format], pfx)
				}
			}
		}
		if f.PublicKey != nil {
			r.keyBits = f.PublicKey.Bits
			keys++
		}
	}
	if keys != 1 {
		r.keyBits = 0
	}
	r.platforms = sortCompact(r.platforms)
	return r
}

// addBeside notes the certificates of a file that others are judged together with.
func (r *rollout) addBeside(f *bundle.File) {
	for _, c := range supporting([]*bundle.File{f}) {
		switch {
		case !onlyForExchange(f):
			r.handed[string(c.Raw)] = true
		case r.tenants[string(c.Raw)] == nil:
			r.tenants[string(c.Raw)] = f
		}
	}
}

func (r *rollout) addGraph(g *artefact.Graph) {
	if g.ID != "" {
		r.profiles[strings.ToLower(g.ID)] = g
	}
	if g.Mail != nil {
		for _, to := range []*artefact.Reference{g.Mail.Signing, g.Mail.Encryption} {
			if to != nil && to.ID != "" {
				r.mailUses[strings.ToLower(to.ID)] = true
			}
		}
	}
	kind := graphKind(g)
	switch {
	case g.UserPFX != nil && r.record == nil:
		r.record = g.UserPFX
	case kind == msgraph.Imported && g.IntendedPurpose != "":
		r.purposes = append(r.purposes, g.IntendedPurpose)
	case g.TrustedCertificate != nil && g.Platform() != "":
		r.platforms = append(r.platforms, g.Platform())
		for _, c := range g.TrustedCertificate.Certificates {
			if r.trusted[string(c.Raw)] == nil {
				r.trusted[string(c.Raw)] = map[string]bool{}
			}
			r.trusted[string(c.Raw)][g.Platform()] = true
			if isRootStore(g) {
				r.rootStore[string(c.Raw)] = true
			}
		}
	}
}

// configOf returns the settings of a file as the facts hold them.
func configOf(f *bundle.File, s *artefact.Settings) *SmimeConfig {
	c := &SmimeConfig{HasCollection: s.HasCollection && !s.Unseen, UseSecondaryProxies: true}
	if use, ok := s.Bool("OWAUseSecondaryProxiesWhenFindingCertificates"); ok {
		c.UseSecondaryProxies = use
	}
	c.DisableCRLCheck, _ = s.Bool("OWADisableCRLCheck")
	c.AllowUserChoice, _ = s.Bool("OWAAllowUserChoiceOfSigningCertificate")
	attributes, _ := s.Text("OWASenderCertificateAttributesToDisplay")
	c.ShowsSenderAttributes = attributes != ""
	for _, certificate := range f.Certificates {
		if certificate.Raw != nil {
			c.Collection = append(c.Collection, certificate.Certificate)
		}
	}
	return c
}

// smimeConfig returns the settings of the tenant as far as they are known: from
// the facts, or from a file given with the others. It is nil when they are not.
func (p *Pass) smimeConfig() *SmimeConfig {
	if p.Facts.SmimeConfig != nil {
		return p.Facts.SmimeConfig
	}
	return p.Collection.rollout.config
}
