package lint

import (
	"slices"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// subject is what a verdict is about, with what its needs are answered from.
type subject struct {
	Subject
	member   *Member          // the certificate of a user; nil where there is none
	identity *pkcs12.Identity // of a PFX that was opened; nil otherwise
	start    *start           // the chains of the certificate; nil where none were looked for
	reached  bool             // the target takes one of them

	message   *bundle.MailMessage // of kindMessage; nil where nothing but its certificates is known
	signature *bundle.Signature   // that is judged; nil where there is none
	signerIn  string              // the file that its certificate was found in, where that is not the message's
	encrypted *pkcs7.Encrypted    // that is judged; nil where the signature is

	findings []*Finding  // that concern it
	open     []undecided // that leave something of it open
}

// together reports whether certificates are judged that are handed over together, in whichever
// form: an artefact may hold some.
func (s *subject) together() bool { return s.Kind == kindCollection || s.Kind == kindArtefact }

// subjects returns what the target gives a verdict about, found once.
func (p *Pass) subjects() ([]*subject, error) {
	if p.judged == nil {
		list, err := p.findSubjects()
		if err != nil {
			return nil, err
		}
		p.judged = list
	}
	return p.judged, nil
}

func (p *Pass) findSubjects() ([]*subject, error) {
	c := p.Collection
	first := c.Files[0]
	whole := func(kind SubjectKind) []*subject {
		return []*subject{{Subject: Subject{Kind: kind, File: c.Name, Index: -1}}}
	}
	switch {
	case slices.ContainsFunc(c.Files, (*bundle.File).IsArtefact):
		if p.idle() {
			p.omitted = append(p.omitted, NotChecked{Code: codeNothingToCheck, What: say.New("%s", c.Name), Why: say.New("it brings about nothing of S/MIME that is known here")})
			return nil, nil
		}
		for _, f := range p.signedProfiles() {
			p.omitted = append(p.omitted, NotChecked{Code: codeSignatureUnchecked, What: say.New("%s", f.Name), Why: say.New("whether the certificate that the profile was signed with is valid and trusted is not judged")})
		}
		return whole(kindArtefact), nil
	case first.PFX != nil && p.Target.row().collects && !c.BesideStore:
		return whole(kindCollection), nil // on its way to where no key belongs
	case first.PFX != nil:
		return p.identities()
	case len(first.Messages) > 0 && first.IsMessage():
		return p.ofMessages()
	case first.Signed:
		return p.ofUsers(kindMessage)
	case !p.judgesUsers():
		return whole(kindCollection), nil
	}
	list, err := p.ofUsers(kindCertificate)
	if len(list) == 0 && !c.BesideStore || len(c.Members) == 0 {
		return whole(kindCollection), err
	}
	return list, err
}

// ofUsers returns a subject for each certificate of a user. Those of a message are
// one: whoever signed it sent the others along.
func (p *Pass) ofUsers(kind SubjectKind) ([]*subject, error) {
	var list []*subject
	seen := map[string]bool{}
	for _, m := range p.Collection.Members {
		if m.isCA() || seen[m.sha256] {
			continue
		}
		seen[m.sha256] = m.sha256 != ""
		s, err := p.ofMember(kind, m)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	if kind == kindMessage && len(list) == 0 {
		list = []*subject{{Subject: Subject{Kind: kind, File: p.Collection.Name, Index: -1}}}
	}
	return list, nil
}

// ofMember returns the subject that a certificate is.
func (p *Pass) ofMember(kind SubjectKind, m *Member) (*subject, error) {
	s := &subject{Subject: Subject{Kind: kind, File: m.File.Name, Index: m.Index, Name: m.subject, SHA256: m.sha256}, member: m}
	starts, err := p.starts()
	if err != nil {
		return nil, err
	}
	if p.startOf == nil {
		p.startOf = map[string]*start{}
		for i := range starts {
			if sum := starts[i].member.sha256; sum != "" {
				p.startOf[sum] = &starts[i]
			}
		}
	}
	if s.start = p.startOf[m.sha256]; s.start != nil {
		s.reached = len(p.good(s.start.result)) > 0
	}
	return s, nil
}

// identities returns a subject for each private key of a PFX that is known to have
// a certificate, and one for the file where none has.
func (p *Pass) identities() ([]*subject, error) {
	f := p.Collection.Files[0]
	var list []*subject
	for i := range f.PFX.Identities {
		id := &f.PFX.Identities[i]
		if id.Leaf == nil {
			continue
		}
		at := slices.IndexFunc(f.Certificates, func(c bundle.Certificate) bool { return slices.Equal(c.Bag, id.Leaf) })
		if at < 0 {
			continue
		}
		m := p.Collection.Members[at]
		s, err := p.ofMember(kindIdentity, m)
		if err != nil {
			return nil, err
		}
		s.identity = id
		if !slices.ContainsFunc(list, func(o *subject) bool { return o.SHA256 == s.SHA256 }) {
			list = append(list, s)
		}
	}
	if len(list) == 0 {
		list = []*subject{{Subject: Subject{Kind: kindIdentity, File: f.Name, Index: -1}}}
	}
	return list, nil
}

// owns reports whether a finding is about the subject's own certificate, or about the
// whole.
func (s *subject) owns(f *Finding) bool {
	return f.about == s || s.member == nil || f.Index < 0 || f.SHA256 == s.SHA256
}
