package lint

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/chain/catalog"
	"github.com/smimechain/smimechain/lint/say"
)

// Collection is what is judged as one: a container, or the loose certificates
// of one call or folder.
type Collection struct {
	Name    string
	Files   []*bundle.File
	Members []*Member // every certificate, in file order; then those of signers of messages, from other files

	// Support are certificates that help to build paths and are not judged.
	Support []*chain.Certificate

	// BesideStore says that the certificates were given next to a store: they
	// are judged against it, and are no public collection themselves.
	BesideStore bool

	bySum     map[string]*Member // the first of each SHA-256
	starts    map[anchorSet][]start
	graphs    map[anchorSet]*chain.Graph
	reach     map[Target]*reach
	issuing   map[anchorSet]map[*chain.Certificate]*chain.Result // of CAs that are no starts
	missing   map[anchorSet][]missing
	bySubject map[string][]*chain.Certificate // supporting certificates and roots, once they have been asked for
	lookedUp  map[wayOf][]Missing             // what is missing, from the issuer on
	ways      map[wayOf]*way                  // what leads on from where chains stop
	system    map[Target]*systemRoots         // the roots that no file holds
	stores    []*chain.Certificate            // of the stores that the certificates were given next to
	beside    []string                        // the files of these and of Support, sorted
	rollout   *rollout                        // what all files of the call say
	known     map[string][]catalog.Entry      // what the catalogue knows by names, one for all collections of the call
	call      []*bundle.File                  // all files of the call, those of Options.With too
	named     []Target                        // that the user asked for

	signedWith map[*bundle.Signature]*signedWith // the signatures whose certificates are in other files
}

// Member is one certificate of a collection.
type Member struct {
	File  *bundle.File
	Index int // in File, from 0

	// Certificate is that of File, with what it remembers. It is nil when not even
	// its octets could be decoded; Err says why, as it does of one that cannot be
	// read.
	Certificate *chain.Certificate
	Err         error

	sha256  string
	subject string

	answers []answer  // of the rules about single certificates, by ruleSet.place of the rule
	zlint   []Finding // of the lints of zlint

	unlinted say.Message // why these did not run, where they were to
}

// answer is what a rule says about one certificate.
type answer struct {
	status  Status
	message *say.Message
}

// newMember looks at one certificate of a file.
func newMember(f *bundle.File, index int) *Member {
	c := &f.Certificates[index]
	m := &Member{File: f, Index: index, Err: c.Err()}
	if c.Raw != nil {
		m.Certificate, m.sha256 = c.Certificate, hexSum(c.Certificate)
	}
	return m
}

// validity returns the dates of the certificate and whether they could be read.
func (m *Member) validity() (notBefore, notAfter time.Time, ok bool) {
	if m.Certificate == nil {
		return time.Time{}, time.Time{}, false
	}
	notBefore, notAfter = m.Certificate.NotBefore(), m.Certificate.NotAfter()
	return notBefore, notAfter, !notAfter.IsZero()
}

// isCA reports whether the certificate is that of a CA.
func (m *Member) isCA() bool { return m.Certificate != nil && m.Certificate.IsCA() }

// readable reports whether the certificate can be read.
func (m *Member) readable() bool { return m.Certificate != nil && m.Err == nil }

// name names the certificate in words.
func (m *Member) name() say.Message {
	if m.subject == "" {
		return say.New("%s: certificate %d", m.File.Name, m.Index)
	}
	return say.New("%s: certificate %d (%s)", m.File.Name, m.Index, chain.CommonName(m.subject))
}

// describe returns the certificate as reports list it.
func (m *Member) describe() Certificate {
	d := Certificate{Subject: m.subject, SHA256: m.sha256}
	if m.Certificate != nil {
		d.Issuer = m.Certificate.Issuer()
	}
	d.NotBefore, d.NotAfter, _ = m.validity()
	return d
}

// collect sorts files into collections.
func collect(files []*bundle.File, opts *Options) []*Collection {
	with := opts.With
	var collections []*Collection
	loose := map[string]*Collection{}
	var stores []*chain.Certificate
	var storeFiles, withFiles []string
	var beside []*Collection // messages, identities and entries of directories
	supporting := supporting(with)
	all, known := newRollout(files), map[string][]catalog.Entry{}
	call := slices.Concat(files, with)
	for _, f := range files {
		if f.Loose() {
			name, group := f.Folder, f.Folder+"\x00"+f.Group()
			if f.IsArtefact() {
				group += "\x00" // no part of a collection of certificates, whichever its platform
			}
			if opts.FactsOf[f.Name] != nil {
				name, group = f.Name, "\x00\x00"+f.Name
			}
			c := loose[group]
			if c == nil {
				c = &Collection{Name: name, Support: supporting, rollout: all, known: known, call: call}
				loose[group] = c
				collections = append(collections, c)
			}
			c.add(f)
			continue
		}
		c := &Collection{Name: f.Name, Support: supporting, rollout: all, known: known, call: call}
		c.add(f)
		collections = append(collections, c)
		switch {
		case f.IsMessage(), f.Format == bundle.PFX, f.IsDirectory():
			beside = append(beside, c)
		case mayBeInUse(f):
			stores = append(stores, c.certificates()...)
			storeFiles = append(storeFiles, f.Name)
			all.addBeside(f)
		}
	}
	if len(stores) == 0 {
		for _, f := range with {
			if onlyForExchange(f) {
				for i := range f.Certificates {
					if m := newMember(f, i); m.Certificate != nil {
						stores = append(stores, m.Certificate)
					}
				}
				storeFiles = append(storeFiles, f.Name)
			}
		}
	}
	support := slices.Concat(supporting, stores) // one list for all: there may be thousands of messages
	for _, f := range with {
		withFiles = append(withFiles, f.Name)
		all.addBeside(f)
	}
	storeFiles = sortCompact(append(storeFiles, withFiles...))
	withFiles = sortCompact(withFiles)
	for _, c := range loose {
		c.beside = withFiles
		if c.Name == "" {
			c.Name = looseName(c.Files)
		}
		// An artefact is a subject of its own, and no root of the tenant's collection is
		// rolled out with it.
		if len(stores) > 0 && !c.Files[0].IsArtefact() {
			c.BesideStore = true
			c.stores, c.beside = stores, storeFiles
			c.Support = support
		}
	}
	for _, c := range beside {
		// Whoever signs a message, or has a key, hands in no collection: it is judged
		// against the stores given, or those of Options.With.
		c.BesideStore = c.Files[0].IsMessage() || len(stores) > 0
		c.stores, c.beside = stores, storeFiles
		c.Support = support
		if c.Files[0].IsMessage() {
			c.seekSigners()
		}
	}
	return collections
}

// mayBeInUse reports whether a file is a collection that a tenant may have.
func mayBeInUse(f *bundle.File) bool { return !f.IsArtefact() || f.Format == bundle.ExchangeJSON }

// onlyForExchange reports whether a file has the form of a tenant's collection, which no
// other program is handed.
func onlyForExchange(f *bundle.File) bool {
	return f.Format == bundle.SST || f.Format == bundle.ExchangeJSON
}

// looseName names a collection that has no name of its own after its first files.
func looseName(files []*bundle.File) string {
	var names []string
	for _, f := range first(files, maxListed) {
		if len(files) > 1 {
			names = append(names, filepath.Base(f.Name))
		} else {
			names = append(names, f.Name)
		}
	}
	if len(files) > maxListed {
		names = append(names, "…")
	}
	return strings.Join(names, " + ")
}

func (c *Collection) add(f *bundle.File) {
	c.Files = append(c.Files, f)
	for i := range f.Certificates {
		c.addMember(newMember(f, i))
	}
}

func (c *Collection) addMember(m *Member) {
	c.Members = append(c.Members, m)
	if c.bySum == nil {
		c.bySum = map[string]*Member{}
	}
	if c.bySum[m.sha256] == nil {
		c.bySum[m.sha256] = m
	}
}

// certificates returns the certificates of all members that could be decoded.
func (c *Collection) certificates() []*chain.Certificate {
	var certs []*chain.Certificate
	for _, m := range c.Members {
		if m.Certificate != nil {
			certs = append(certs, m.Certificate)
		}
	}
	return certs
}

// memberOf returns the first member that is the certificate c, nil where none is or c is
// nil.
func (c *Collection) memberOf(cert *chain.Certificate) *Member {
	if cert == nil {
		return nil
	}
	return c.bySum[hexSum(cert)]
}

// hasUser reports whether a SHA-256 is that of a certificate of a user.
func (c *Collection) hasUser(sum string) bool {
	m := c.bySum[sum]
	return m != nil && m.Certificate != nil && !m.isCA()
}

// goesTo reports whether the collection is given to the target: named says
// that the user asked for the target, which the collection notes for the rules. To
// a target that takes a public collection goes whatever holds a key: it lies where
// the collection does.
func (c *Collection) goesTo(t Target, named bool) bool {
	if named {
		c.named = append(c.named, t)
	}
	for _, f := range c.Files {
		if t.usual(f) || (named || c.BesideStore && len(t.row().usual) > 0) && t.takes(f.Format) || named && t.row().collects && len(f.Keys) > 0 {
			return true
		}
	}
	return false
}
